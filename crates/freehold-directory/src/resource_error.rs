//! Why SCIM did not get what it asked for: the same reasons for every kind of resource.

use freehold_scim::ScimError;
use freehold_scim::etag::Guard;

use crate::store_error::StoreError;

/// An attribute that must be unique.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Unique {
    /// `userName`, folded, in the organization.
    UserName,
    /// `externalId`, for users of the same connection.
    ExternalId,
    /// `displayName` of a group, folded, in the organization.
    DisplayName,
    /// An attribute that the operator's schema declares unique.
    Declared(String),
}

impl Unique {
    /// The SCIM name of the attribute.
    pub fn as_str(&self) -> &str {
        match self {
            Self::UserName => "userName",
            Self::ExternalId => "externalId",
            Self::DisplayName => "displayName",
            Self::Declared(name) => name,
        }
    }
}

/// Why a command on a resource was not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResourceError {
    /// No such resource; a deleted one and one of another organization look the same.
    #[error("there is no such resource")]
    NotFound,
    /// Another resource has this value (409 uniqueness).
    #[error("another resource has this {}", .0.as_str())]
    Taken(Unique),
    /// The client's version is not the current one (412).
    #[error("the resource has changed since")]
    VersionMismatch,
    /// A value that cannot be stored (400 invalidValue).
    #[error("{attribute} {rule}")]
    Invalid {
        /// The attribute.
        attribute: &'static str,
        /// What is wrong with it.
        rule: &'static str,
    },
    /// The document or the PATCH is wrong.
    #[error(transparent)]
    Scim(#[from] ScimError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Refuses a version that the guard does not allow (RFC 7644 §3.14).
pub(crate) fn check_guard(guard: &Guard, version: u64) -> Result<(), ResourceError> {
    if guard.allows(version) { Ok(()) } else { Err(ResourceError::VersionMismatch) }
}
