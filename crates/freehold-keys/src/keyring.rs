//! The keyring: the private halves of a user's public keys.

use freehold_wire::{
    AgreementPublicKey, Card, Context, Handover, SigningPublicKey, State, Statement, assemble,
    to_be_signed,
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::envelope::{self, Binding, OpenError};
use crate::secret::{AgreementSecret, KeyringKey, SigningSeed};

/// An Ed25519 seed and an X25519 private key.
pub struct Keyring {
    signing: SigningSeed,
    agreement: AgreementSecret,
}

impl Keyring {
    /// Draws a new keyring.
    #[must_use]
    pub fn make(rng: &mut dyn CryptoRng) -> Self {
        Self { signing: SigningSeed::make(rng), agreement: AgreementSecret::make(rng) }
    }

    /// Verifies this user's statements.
    #[must_use]
    pub fn signing_public_key(&self) -> SigningPublicKey {
        self.signing.public_key()
    }

    /// What others seal to.
    #[must_use]
    pub fn agreement_public_key(&self) -> AgreementPublicKey {
        self.agreement.public_key()
    }

    /// The Ed25519 seed.
    #[must_use]
    pub const fn signing_seed(&self) -> &SigningSeed {
        &self.signing
    }

    /// The X25519 private key.
    #[must_use]
    pub const fn agreement_secret(&self) -> &AgreementSecret {
        &self.agreement
    }

    /// Seals `Ed25519 seed | X25519 private key`.
    #[must_use]
    pub fn seal(
        &self,
        key: &KeyringKey,
        context: Context,
        epoch: u64,
        rng: &mut dyn CryptoRng,
    ) -> Vec<u8> {
        let mut content = Zeroizing::new([0; 64]);
        let (seed, private) = content.split_at_mut(32);
        seed.copy_from_slice(self.signing.expose());
        private.copy_from_slice(self.agreement.expose());
        envelope::seal(key.expose(), &Binding::of_keyring(context, epoch), content.as_slice(), rng)
    }

    /// Opens a keyring envelope.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(
        key: &KeyringKey,
        context: Context,
        epoch: u64,
        bytes: &[u8],
    ) -> Result<Self, OpenError> {
        let opened = envelope::open(key.expose(), &Binding::of_keyring(context, epoch), bytes)?;
        let (seed, private) = opened.split_first_chunk().ok_or(OpenError)?;
        let private = private.try_into().map_err(|_| OpenError)?;
        Ok(Self {
            signing: SigningSeed::from_bytes(seed),
            agreement: AgreementSecret::from_bytes(private),
        })
    }

    /// Signs a card.
    #[must_use]
    pub fn sign_card(&self, card: &Card) -> Vec<u8> {
        self.sign(Statement::Card, &card.encode())
    }

    /// Signs an account state.
    #[must_use]
    pub fn sign_state(&self, state: &State) -> Vec<u8> {
        self.sign(Statement::State, &state.encode())
    }

    /// Signs a handover.
    #[must_use]
    pub fn sign_handover(&self, handover: &Handover) -> Vec<u8> {
        self.sign(Statement::Handover, &handover.encode())
    }

    /// `Sign(name, p)`.
    fn sign(&self, statement: Statement, payload: &[u8]) -> Vec<u8> {
        assemble(payload, &self.signing.sign(&to_be_signed(statement, payload)))
    }
}
