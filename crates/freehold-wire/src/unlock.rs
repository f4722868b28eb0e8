//! What the server checks of an unlock, with the method's public key only.

use crate::context::Context;
use crate::ids::{OrganizationId, UserId};
use crate::keys::SigningPublicKey;
use crate::messages::{RememberedPoint, UnlockRequest};
use crate::methods::MethodKind;
use crate::proof::{ProofSubject, Purpose};

/// What the server itself knows of the unlock it offered.
#[derive(Clone, Debug)]
pub struct UnlockExpectation<'a> {
    /// The organization of the session's user.
    pub organization: OrganizationId,
    /// The session's user.
    pub user: UserId,
    /// The epoch of the user's keys.
    pub epoch: u64,
    /// The server's origins.
    pub origins: &'a [String],
    /// The challenge that was offered.
    pub challenge: [u8; 32],
    /// The stored method of the type that the request names.
    pub kind: MethodKind,
    /// The stored method's `P`.
    pub parameters: &'a [u8],
    /// The stored method's unlock public key.
    pub unlock_public_key: &'a [u8; 32],
}

/// Why an unlock was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnlockRefusal {
    /// The request is for another method, or for parameters that are not the method's (any more).
    #[error("the request is not for the stored method")]
    Method,
    /// The stored key cannot be used: the record is damaged.
    #[error("the stored unlock key is invalid")]
    StoredKey,
    /// The proof is wrong: a wrong secret, or a proof for another challenge, account or origin.
    #[error("the proof does not verify")]
    Proof,
}

impl UnlockRefusal {
    /// The refusal's stable name, for logs and test vectors.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::StoredKey => "stored-key",
            Self::Proof => "proof",
        }
    }
}

/// A right proof. The only way to it is [`verify_unlock`].
#[derive(Clone, Copy, Debug)]
pub struct VerifiedUnlock {
    kind: MethodKind,
    remembered: Option<RememberedPoint>,
}

impl VerifiedUnlock {
    /// The method that was proved.
    #[must_use]
    pub const fn kind(&self) -> MethodKind {
        self.kind
    }

    /// The state that the client saw last.
    #[must_use]
    pub const fn remembered(&self) -> Option<RememberedPoint> {
        self.remembered
    }
}

/// Checks a proof of a method's secret.
///
/// # Errors
/// [`UnlockRefusal`].
pub fn verify_unlock(
    request: &UnlockRequest,
    expected: &UnlockExpectation<'_>,
) -> Result<VerifiedUnlock, UnlockRefusal> {
    if request.kind != expected.kind || *request.parameters != *expected.parameters {
        return Err(UnlockRefusal::Method);
    }
    let key = SigningPublicKey::parse(expected.unlock_public_key)
        .map_err(|_| UnlockRefusal::StoredKey)?;
    let subject = ProofSubject {
        context: Context::of_user(expected.organization, expected.user),
        epoch: expected.epoch,
        kind: expected.kind,
        parameters: expected.parameters,
        challenge: &expected.challenge,
    };
    if subject.is_proved(Purpose::Unlock, expected.origins, &key, &request.signature.0) {
        Ok(VerifiedUnlock { kind: request.kind, remembered: request.remembered })
    } else {
        Err(UnlockRefusal::Proof)
    }
}
