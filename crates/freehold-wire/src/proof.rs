//! Proofs that a client holds a method's unlock key, and what they are bound to.

use crate::context::{Context, label, length_prefixed};
use crate::messages::MAX_ORIGIN_BYTES;
use crate::methods::{MAX_PARAMETERS_BYTES, MethodKind};

/// What a proof is for. It is signed, so that none passes for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To store a method.
    Enroll,
    /// To be given a method's envelope.
    Unlock,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Enroll => "enroll",
            Self::Unlock => "unlock",
        }
    }
}

/// Everything that a proof is bound to, except the origin.
#[derive(Clone, Copy, Debug)]
pub struct ProofSubject<'a> {
    /// Whose keys.
    pub context: Context,
    /// Their epoch.
    pub epoch: u64,
    /// Which method.
    pub kind: MethodKind,
    /// The method's `P`.
    pub parameters: &'a [u8],
    /// The server's challenge.
    pub challenge: &'a [u8; 32],
}

impl ProofSubject<'_> {
    /// The signed bytes: `L(purpose) | M`,
    /// `M = CTX | e | type | LP(P) | LP(origin) | challenge`; nothing if parameters or origin are
    /// longer than the protocol's limits.
    #[must_use]
    pub fn message(&self, purpose: Purpose, origin: &str) -> Option<Vec<u8>> {
        if origin.len() > MAX_ORIGIN_BYTES || self.parameters.len() > MAX_PARAMETERS_BYTES {
            return None;
        }
        let mut message = label(purpose.name());
        message.extend_from_slice(&self.context.to_bytes());
        message.extend_from_slice(&self.epoch.to_be_bytes());
        message.push(self.kind.number());
        message.extend_from_slice(&length_prefixed(self.parameters)?);
        message.extend_from_slice(&length_prefixed(origin.as_bytes())?);
        message.extend_from_slice(self.challenge);
        Some(message)
    }

    /// Whether the signature proves the method for one of the origins.
    pub(crate) fn is_proved(
        &self,
        purpose: Purpose,
        origins: &[String],
        key: &crate::SigningPublicKey,
        signature: &[u8; 64],
    ) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        origins.iter().any(|origin| {
            self.message(purpose, origin).is_some_and(|message| key.verify(&message, &signature))
        })
    }
}
