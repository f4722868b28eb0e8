//! PATCH: RFC 7644 §3.5.2, with every shape Entra and Okta give it.
//!
//! A body becomes a [`PatchRequest`] (paths resolved, operations without a path spread out), and
//! [`apply`], [`apply_to_group`] or [`apply_to_resource`] carries it out on a copy: all of it or nothing.

mod apply;
mod change;
mod members;
mod request;
mod same;
mod selected;
mod values;

pub use apply::{GroupChange, apply, apply_to_group, apply_to_resource};
pub use members::MembershipChange;
pub(crate) use same::same;

pub use request::{Operation, PatchRequest, Verb};

#[cfg(test)]
pub(crate) use change::carry_out;

#[cfg(test)]
mod tests;
