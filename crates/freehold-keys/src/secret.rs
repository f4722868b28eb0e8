//! Secret bytes. Each kind is a type of its own, so that none can be used in another's place;
//! none can be copied, printed, compared or serialized; all are wiped when dropped.

use freehold_wire::Context;

use crate::kdf;

macro_rules! secrets {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        // Boxed: moving the value moves a pointer and leaves no copy behind on the stack.
        pub struct $name(Box<zeroize::Zeroizing<[u8; 32]>>);

        impl $name {
            /// Draws a new secret.
            #[must_use]
            pub fn make(rng: &mut dyn rand_core::CryptoRng) -> Self {
                Self::filled(|bytes| rng.fill_bytes(bytes))
            }

            /// The secret with these bytes.
            #[must_use]
            pub fn from_bytes(bytes: &[u8; 32]) -> Self {
                Self::filled(|own| own.copy_from_slice(bytes))
            }

            /// The secret whose bytes `fill` writes, in their final place.
            pub(crate) fn filled(fill: impl FnOnce(&mut [u8; 32])) -> Self {
                let mut bytes = Box::new(zeroize::Zeroizing::new([0; 32]));
                fill(&mut bytes);
                Self(bytes)
            }

            /// The bytes themselves, to compute with.
            #[must_use]
            pub fn expose(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl zeroize::ZeroizeOnDrop for $name {}
    )+};
}
pub(crate) use secrets;

secrets! {
    /// The one key of a user and epoch; every other key is derived from it or sealed under one
    /// that is.
    MasterKey;
    /// Seals the keyring.
    KeyringKey;
    /// Seals the user's item keys.
    PersonalKey;
    /// Seals one version of one item.
    ItemKey;
    /// The seed of an Ed25519 key.
    SigningSeed;
    /// An X25519 private key.
    AgreementSecret;
}

impl MasterKey {
    /// `Expand(master key, L("keyring") | CTX | e, 32)`.
    #[must_use]
    pub fn derive_keyring_key(&self, context: Context, epoch: u64) -> KeyringKey {
        KeyringKey::filled(|out| self.derive("keyring", context, epoch, out))
    }

    /// `Expand(master key, L("personal") | CTX | e, 32)`.
    #[must_use]
    pub fn derive_personal_key(&self, context: Context, epoch: u64) -> PersonalKey {
        PersonalKey::filled(|out| self.derive("personal", context, epoch, out))
    }

    fn derive(&self, name: &str, context: Context, epoch: u64, out: &mut [u8; 32]) {
        kdf::expand(self.expose(), name, &[&context.to_bytes(), &epoch.to_be_bytes()], out);
    }
}

impl SigningSeed {
    /// The public half.
    #[must_use]
    pub fn public_key(&self) -> freehold_wire::SigningPublicKey {
        let key = ed25519_dalek::SigningKey::from_bytes(self.expose());
        freehold_wire::SigningPublicKey::parse(key.verifying_key().as_bytes()).expect(
            "the public half of a seed is canonical and of full order: the scalar is clamped",
        )
    }

    /// Signs a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        use ed25519_dalek::Signer as _;
        ed25519_dalek::SigningKey::from_bytes(self.expose()).sign(message).to_bytes()
    }
}

impl AgreementSecret {
    /// The public half's bytes.
    #[must_use]
    pub fn public_key(&self) -> freehold_wire::AgreementPublicKey {
        let secret = x25519_dalek::StaticSecret::from(*self.expose());
        freehold_wire::AgreementPublicKey::parse(x25519_dalek::PublicKey::from(&secret).as_bytes())
            .expect("the public half of a clamped scalar is canonical and of full order")
    }
}

#[cfg(test)]
mod tests {
    use static_assertions::{assert_impl_all, assert_not_impl_any};

    use super::*;
    use crate::{
        Account, Derived, Keyring, MethodKeys, MethodSecret, Password, RecoveryCode, Setup, Unlock,
    };

    macro_rules! stays_secret {
        ($($name:ty),+) => {$(
            assert_not_impl_any!($name: Clone, Copy, std::fmt::Debug, std::fmt::Display,
                serde::Serialize, PartialEq, Default, AsRef<[u8]>);
        )+};
    }

    stays_secret!(MasterKey, KeyringKey, PersonalKey, ItemKey, SigningSeed, AgreementSecret);
    stays_secret!(Keyring, MethodKeys, MethodSecret, Derived, Password, RecoveryCode);
    stays_secret!(Account, Setup, crate::ProvenSetup, Unlock);
    assert_impl_all!(MasterKey: zeroize::ZeroizeOnDrop);

    #[test]
    fn keyring_and_personal_key_differ_by_user_and_epoch() {
        let master = MasterKey::from_bytes(&[7; 32]);
        let id = |n| freehold_wire::UserId::from_bytes([n; 16]);
        let organization = freehold_wire::OrganizationId::from_bytes([1; 16]);
        let mut seen = std::collections::BTreeSet::new();
        for user in [id(2), id(3)] {
            for epoch in [1, 2] {
                let context = Context::of_user(organization, user);
                assert!(seen.insert(*master.derive_keyring_key(context, epoch).expose()));
                assert!(seen.insert(*master.derive_personal_key(context, epoch).expose()));
            }
        }
    }
}
