//! Signed statements: untagged COSE_Sign1 with Ed25519 and one fixed protected header.

use ed25519_dalek::Signature;

use crate::cbor::{Reader, Writer};
use crate::context::label;
use crate::keys::SigningPublicKey;

/// The protected header `{1: -19}`: alg Ed25519.
// RFC 9052 §3.1; RFC 9864 §2.2 registers -19 as the fully specified Ed25519.
const PROTECTED: [u8; 3] = [0xa1, 0x01, 0x32];

/// `84 | 43 A1 01 32 | A0`: array of four, protected header, empty unprotected header.
const PREFIX: [u8; 6] = [0x84, 0x43, 0xa1, 0x01, 0x32, 0xa0];

/// The kinds of statement; the name is signed with the statement, so none passes for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statement {
    /// A user's public keys.
    Card,
    /// The list of a user's key records.
    State,
    /// The old key's word for the new one.
    Handover,
}

impl Statement {
    /// The name that is signed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::State => "state",
            Self::Handover => "handover",
        }
    }
}

/// Why a statement was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// Not an untagged COSE_Sign1 with exactly the protocol's header.
    #[error("the statement is not a COSE_Sign1 of this protocol")]
    Frame,
    /// The payload is not deterministic CBOR with this statement's fields.
    #[error("the statement's payload is not deterministic CBOR of its fields")]
    Payload,
    /// A public key in the payload is invalid.
    #[error("the statement holds an invalid public key")]
    PublicKey,
    /// The payload uses what this version of the protocol lacks.
    #[error("the statement uses something this version lacks")]
    Unsupported,
    /// The signature does not verify.
    #[error("the statement's signature does not verify")]
    Signature,
}

impl StatementError {
    /// The error's stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Frame => "frame",
            Self::Payload => "payload",
            Self::PublicKey => "public-key",
            Self::Unsupported => "unsupported",
            Self::Signature => "signature",
        }
    }

    /// The error's stable name where the statement is one of several, and an account state.
    pub(crate) const fn code_of_state(self) -> &'static str {
        match self {
            Self::Frame => "state-frame",
            Self::Payload => "state-payload",
            Self::PublicKey => "state-public-key",
            Self::Unsupported => "state-unsupported",
            Self::Signature => "state-signature",
        }
    }
}

impl From<crate::cbor::CborError> for StatementError {
    fn from(_: crate::cbor::CborError) -> Self {
        Self::Payload
    }
}

/// The bytes that a statement's signature covers.
// RFC 9052 §4.4: Sig_structure with context "Signature1"; the label is the external data.
#[must_use]
pub fn to_be_signed(statement: Statement, payload: &[u8]) -> Vec<u8> {
    Writer::new()
        .array(4)
        .text("Signature1")
        .bytes(&PROTECTED)
        .bytes(&label(statement.name()))
        .bytes(payload)
        .finish()
}

/// The statement made of a payload and its signature.
#[must_use]
pub fn assemble(payload: &[u8], signature: &[u8; 64]) -> Vec<u8> {
    Writer::new().raw(&PREFIX).bytes(payload).bytes(signature).finish()
}

/// A statement taken apart, not yet verified.
pub(crate) struct Parts<'a> {
    pub(crate) payload: &'a [u8],
    signature: [u8; 64],
}

/// Takes a statement apart.
///
/// # Errors
/// [`StatementError::Frame`].
pub(crate) fn split(bytes: &[u8]) -> Result<Parts<'_>, StatementError> {
    let rest = bytes.strip_prefix(&PREFIX).ok_or(StatementError::Frame)?;
    let mut reader = Reader::new(rest);
    let parts = (|| {
        let payload = reader.bytes()?;
        let signature = reader.exactly()?;
        reader.end()?;
        Ok(Parts { payload, signature })
    })();
    parts.map_err(|_: crate::cbor::CborError| StatementError::Frame)
}

impl Parts<'_> {
    /// Checks the signature.
    ///
    /// # Errors
    /// [`StatementError::Signature`].
    pub(crate) fn verify(
        &self,
        statement: Statement,
        key: &SigningPublicKey,
    ) -> Result<(), StatementError> {
        let message = to_be_signed(statement, self.payload);
        if key.verify(&message, &Signature::from_bytes(&self.signature)) {
            Ok(())
        } else {
            Err(StatementError::Signature)
        }
    }
}
