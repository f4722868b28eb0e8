//! Bulk requests: RFC 7644 §3.7.
//!
//! A body becomes a [`BulkRequest`], and a [`Plan`] says what to do next until everything is done:
//!
//! ```text
//! while let Some(step) = plan.next_step() { let outcome = execute(step); plan.done(index, outcome) }
//! plan.into_response()
//! ```
//!
//! The plan keeps the order of the request, save that what an operation refers to by `bulkId:` comes
//! before it. Where operations refer to each other in a circle, one of them is created without the
//! values that refer, and gets them by a PATCH when the others exist.

mod plan;
mod references;
mod request;

pub use plan::{Outcome, Plan, Step};
pub use request::{Action, BulkOperation, BulkRequest, Method, Target};

#[cfg(test)]
mod tests;
