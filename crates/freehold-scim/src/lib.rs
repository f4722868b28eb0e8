//! SCIM 2.0 as pure code: documents in, documents out. No storage, no HTTP types, no clock.
//!
//! | step of a request | module |
//! | --- | --- |
//! | read the body | [`json`], then [`user`], [`group`] or [`resource`] (documents), [`patch`] or [`bulk`] |
//! | read the query | [`list`] or [`root`], [`filter`], [`cursor`], [`projection`], [`etag`] |
//! | decide | [`evaluate`] (the meaning of a filter), [`sort`], [`patch`] (the meaning of a change), [`fold`](fold()) |
//! | answer | [`render`], [`list::list_response`] or [`list::cursor_response`], [`error`], [`discovery`] |
//! | tell the admin | [`mask`] (a body for the log), [`advice`] (what to change where) |
//!
//! Everything is driven by [`schema`]: the attributes of RFC 7643 with their characteristics as
//! static data. An operator's own extension is one more schema in a [`schema::ResourceType`], and
//! the types of a server stand in a [`schema::Catalog`], which reads the operator's file.
//!
//! Authorities: RFC 7643 (schema), RFC 7644 (protocol), RFC 9865 (cursors). Where Microsoft Entra
//! or Okta send something else, the comment beside the code says what and why it is accepted.

pub mod advice;
pub mod bulk;
pub mod cursor;
pub mod discovery;
pub mod error;
pub mod etag;
pub mod evaluate;
pub mod filter;
mod fold;
pub mod group;
mod immutable;
pub mod json;
pub mod limits;
pub mod list;
pub mod mask;
mod normalize;
mod parameters;
pub mod patch;
pub mod path;
pub mod projection;
mod query;
pub mod render;
pub mod resource;
pub mod root;
pub mod schema;
pub mod sort;
pub mod unique;
pub mod user;

#[cfg(test)]
mod custom_extension_tests;

pub use error::{Fault, ScimError};
pub use fold::fold;
