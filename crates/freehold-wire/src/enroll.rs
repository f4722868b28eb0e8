//! What the server checks of one new method, at set-up and at every change.

use crate::context::Context;
use crate::encoding::hash;
use crate::envelope::{Envelope, EnvelopeType};
use crate::messages::NewMethod;
use crate::methods::{MethodKind, MethodRecord, MethodRefusal};
use crate::profile::Profile;
use crate::proof::{ProofSubject, Purpose};

/// What new methods are checked against.
pub(crate) struct Enrollment<'a> {
    pub(crate) context: Context,
    pub(crate) epoch: u64,
    pub(crate) origins: &'a [String],
    pub(crate) challenge: &'a [u8; 32],
    /// The floor that the account state sets.
    pub(crate) floor: Profile,
}

/// One method that passed every check.
#[derive(Clone, Debug)]
pub struct VerifiedMethod {
    /// Which way to unlock.
    pub kind: MethodKind,
    /// `P`.
    pub parameters: Vec<u8>,
    /// Verifies proofs of the method's secret.
    pub unlock_public_key: [u8; 32],
    /// The master key, wrapped.
    pub envelope: Vec<u8>,
}

impl Enrollment<'_> {
    /// Checks what was sent for a method against what the account state lists.
    pub(crate) fn verify(
        &self,
        sent: &NewMethod,
        listed: &MethodRecord,
    ) -> Result<VerifiedMethod, MethodRefusal> {
        let kind = listed.kind;
        if sent.kind != kind || *sent.parameters != *listed.parameters {
            return Err(MethodRefusal::Listed);
        }
        listed.keeps_floor(self.floor)?;
        Envelope::parse(&sent.envelope, EnvelopeType::of_master_key(kind))
            .map_err(|_| MethodRefusal::Envelope(kind))?;
        if hash(&sent.envelope) != listed.envelope_hash {
            return Err(MethodRefusal::EnvelopeHash(kind));
        }
        let subject = ProofSubject {
            context: self.context,
            epoch: self.epoch,
            kind,
            parameters: &sent.parameters,
            challenge: self.challenge,
        };
        let key = &listed.unlock_public_key;
        if !subject.is_proved(Purpose::Enroll, self.origins, key, &sent.proof.0) {
            return Err(MethodRefusal::Proof(kind));
        }
        Ok(VerifiedMethod {
            kind,
            parameters: sent.parameters.to_vec(),
            unlock_public_key: *key.as_bytes(),
            envelope: sent.envelope.to_vec(),
        })
    }
}
