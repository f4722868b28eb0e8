//! From a method's secret to its two keys.

use freehold_wire::{Context, MethodKind};
use zeroize::Zeroizing;

use crate::envelope::{self, Binding, OpenError};
use crate::kdf;
use crate::secret::{MasterKey, SigningSeed, secrets};

secrets! {
    /// What a method starts from: Argon2id's output, the recovery code's bytes, a passkey's output.
    MethodSecret;
    /// Wraps the master key for one method.
    WrappingKey;
}

/// The keys of one method of one user: one wraps the master key, one proves the secret.
pub struct MethodKeys {
    kind: MethodKind,
    context: Context,
    parameters: Vec<u8>,
    wrapping: WrappingKey,
    unlock: SigningSeed,
}

impl MethodKeys {
    /// `PRK = Extract(0^32, s)`; wrapping key and unlock key are
    /// `Expand(PRK, L("wrap") | CTX | type | P, 32)` and the same with `L("unlock-key")`.
    #[must_use]
    pub fn derive(
        secret: &MethodSecret,
        context: Context,
        kind: MethodKind,
        parameters: &[u8],
    ) -> Self {
        let prk: Zeroizing<[u8; 32]> = kdf::extract(&[0; 32], secret.expose());
        let info: [&[u8]; 3] = [&context.to_bytes(), &[kind.number()], parameters];
        Self {
            kind,
            context,
            parameters: parameters.to_vec(),
            wrapping: WrappingKey::filled(|out| kdf::expand(&prk, "wrap", &info, out)),
            unlock: SigningSeed::filled(|out| kdf::expand(&prk, "unlock-key", &info, out)),
        }
    }

    /// Whose.
    #[must_use]
    pub const fn context(&self) -> Context {
        self.context
    }

    /// Which method.
    #[must_use]
    pub const fn kind(&self) -> MethodKind {
        self.kind
    }

    /// The method's `P`.
    #[must_use]
    pub fn parameters(&self) -> &[u8] {
        &self.parameters
    }

    /// The key that proves the method's secret.
    #[must_use]
    pub const fn unlock_key(&self) -> &SigningSeed {
        &self.unlock
    }

    /// The key that wraps the master key.
    #[must_use]
    pub const fn wrapping_key(&self) -> &WrappingKey {
        &self.wrapping
    }

    /// Seals the master key for this method.
    #[must_use]
    pub fn seal(
        &self,
        master: &MasterKey,
        epoch: u64,
        rng: &mut dyn rand_core::CryptoRng,
    ) -> Vec<u8> {
        envelope::seal(self.wrapping.expose(), &self.binding(epoch), master.expose(), rng)
    }

    /// Opens the envelope of this method.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(&self, bytes: &[u8], epoch: u64) -> Result<MasterKey, OpenError> {
        let opened = envelope::open(self.wrapping.expose(), &self.binding(epoch), bytes)?;
        let master = opened.as_slice().try_into().map_err(|_| OpenError)?;
        Ok(MasterKey::from_bytes(master))
    }

    fn binding(&self, epoch: u64) -> Binding {
        Binding::of_master_key(self.context, epoch, self.kind, &self.parameters)
    }
}
