//! The handover: the old signing key's word that a new card follows the old one.
//!
//! Whoever stole the old key could have signed it too. It tells others which card the new one
//! claims to follow; it makes nobody trust the new one.

use crate::cbor::{Reader, Writer};
use crate::cose::{self, Statement, StatementError};
use crate::ids::{OrganizationId, UserId};
use crate::keys::SigningPublicKey;

/// No handover is longer.
pub const MAX_HANDOVER_BYTES: usize = 256;

const VERSION: u64 = 1;

/// The fields of a handover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// The user's organization.
    pub organization: OrganizationId,
    /// The user.
    pub user: UserId,
    /// Hash of the card whose key signs.
    pub old_card: [u8; 32],
    /// Hash of the card that takes its place.
    pub new_card: [u8; 32],
}

impl Handover {
    /// The payload that is signed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Writer::new()
            .array(5)
            .unsigned(VERSION)
            .bytes(self.organization.as_bytes())
            .bytes(self.user.as_bytes())
            .bytes(&self.old_card)
            .bytes(&self.new_card)
            .finish()
    }

    fn decode(payload: &[u8]) -> Result<Self, StatementError> {
        let mut reader = Reader::new(payload);
        reader.array_of(5)?;
        if reader.unsigned()? != VERSION {
            return Err(StatementError::Unsupported);
        }
        let handover = Self {
            organization: OrganizationId::from_bytes(reader.exactly()?),
            user: UserId::from_bytes(reader.exactly()?),
            old_card: reader.exactly()?,
            new_card: reader.exactly()?,
        };
        reader.end()?;
        if handover.encode() == payload { Ok(handover) } else { Err(StatementError::Payload) }
    }

    /// Reads a handover and verifies it with the old card's key.
    ///
    /// # Errors
    /// [`StatementError`].
    pub fn verify(bytes: &[u8], old_key: &SigningPublicKey) -> Result<Self, StatementError> {
        if bytes.len() > MAX_HANDOVER_BYTES {
            return Err(StatementError::Frame);
        }
        let parts = cose::split(bytes)?;
        let handover = Self::decode(parts.payload)?;
        parts.verify(Statement::Handover, old_key)?;
        Ok(handover)
    }
}
