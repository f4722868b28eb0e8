//! What every derivation and ciphertext is bound to.

use crate::ids::{OrganizationId, UserId};

/// The length of [`Context::to_bytes`].
pub const CONTEXT_BYTES: usize = 36;

/// Whose keys: one user of one organization. Nothing in it can be changed by SCIM, so renaming a
/// person locks nobody out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    organization: OrganizationId,
    user: UserId,
}

impl Context {
    /// The context of a user's own keys.
    #[must_use]
    pub const fn of_user(organization: OrganizationId, user: UserId) -> Self {
        Self { organization, user }
    }

    /// `"FH" 0x01 | kind | org | user`, kind 1.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; CONTEXT_BYTES] {
        let mut bytes = [0u8; CONTEXT_BYTES];
        let (head, rest) = bytes.split_at_mut(4);
        let (organization, user) = rest.split_at_mut(16);
        head.copy_from_slice(b"FH\x01\x01");
        organization.copy_from_slice(self.organization.as_bytes());
        user.copy_from_slice(self.user.as_bytes());
        bytes
    }

    /// The organization.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The user.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.user
    }
}

/// `L(name)`: `"freehold/v1/" name 0x00`. The zero byte makes the set of labels prefix-free.
#[must_use]
pub fn label(name: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(13 + name.len());
    bytes.extend_from_slice(b"freehold/v1/");
    bytes.extend_from_slice(name.as_bytes());
    bytes.push(0);
    bytes
}

/// `LP(x)`: the length of `x` as u16, then `x`; nothing if `x` is longer than 65535 bytes.
#[must_use]
pub fn length_prefixed(bytes: &[u8]) -> Option<Vec<u8>> {
    let length = u16::try_from(bytes.len()).ok()?;
    let mut out = Vec::with_capacity(2 + bytes.len());
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
    Some(out)
}
