//! A method that was just made: its keys and the envelope that they seal.

use freehold_wire::{AtMost, Exact, MethodRecord, NewMethod, ProofSubject, Purpose, hash};
use rand_core::CryptoRng;

use crate::method::MethodKeys;
use crate::secret::MasterKey;

pub(crate) struct MadeMethod {
    pub(crate) keys: MethodKeys,
    pub(crate) envelope: Vec<u8>,
}

impl MadeMethod {
    /// Wraps the master key for the method.
    pub(crate) fn make(
        keys: MethodKeys,
        master: &MasterKey,
        epoch: u64,
        rng: &mut dyn CryptoRng,
    ) -> Self {
        Self { envelope: keys.seal(master, epoch, rng), keys }
    }

    /// As the account state lists it.
    pub(crate) fn record(&self) -> MethodRecord {
        MethodRecord {
            kind: self.keys.kind(),
            parameters: self.keys.parameters().to_vec(),
            unlock_public_key: self.keys.unlock_key().public_key(),
            envelope_hash: hash(&self.envelope),
        }
    }

    /// For the server, with the proof; nothing if something is longer than the protocol allows.
    pub(crate) fn message(
        &self,
        epoch: u64,
        challenge: &[u8; 32],
        origin: &str,
    ) -> Option<NewMethod> {
        let subject = ProofSubject {
            context: self.keys.context(),
            epoch,
            kind: self.keys.kind(),
            parameters: self.keys.parameters(),
            challenge,
        };
        let message = subject.message(Purpose::Enroll, origin)?;
        Some(NewMethod {
            kind: self.keys.kind(),
            parameters: AtMost::new(self.keys.parameters().to_vec())?,
            envelope: AtMost::new(self.envelope.clone())?,
            proof: Exact(self.keys.unlock_key().sign(&message)),
        })
    }
}
