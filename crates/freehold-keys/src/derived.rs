//! A derivation on its own: computed where the password is, used where the keys are.
//!
//! [`Setup::begin`](crate::Setup::begin) and [`Unlock::begin`](crate::Unlock::begin) derive and go
//! on in one place. Two places, such as two Workers, share the work by a [`Derived`]: the first
//! never holds a key of the account, the second never a password.

use freehold_wire::{
    CONTEXT_BYTES, Context, KeyPolicy, MethodKind, OfferedMethod, PasskeyParameters,
    PasswordParameters, Profile, SetupOffer, UnlockOffer,
};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::code::RecoveryCode;
use crate::error::KeyError;
use crate::method::{MethodKeys, MethodSecret};
use crate::password::Password;
use crate::progress::{Progress, Step};
use crate::terms::{Client, context_of};

const SECRET_BYTES: usize = 32;

/// A method's secret, and what it was derived for.
pub struct Derived {
    kind: MethodKind,
    context: Context,
    parameters: Vec<u8>,
    secret: MethodSecret,
}

impl Derived {
    /// From a new password, for a set-up: checks the offer, draws a salt, then hashes.
    ///
    /// # Errors
    /// Everything that this client refuses before hashing, the rules for passwords,
    /// [`KeyError::OutOfMemory`].
    pub fn for_setup(
        offer: &SetupOffer,
        client: &Client<'_>,
        password: &[u8],
        rng: &mut dyn CryptoRng,
        progress: Progress<'_>,
    ) -> Result<Self, KeyError> {
        client.check_setup(offer)?;
        let context = context_of(offer.organization, offer.user);
        let profile = profile_for(&offer.policy);
        Self::new_password(context, client, profile, password, rng, progress)
    }

    /// From a new password of an account that has keys, for a change: a salt is drawn.
    ///
    /// # Errors
    /// The rules for passwords, [`KeyError::ProfileRefused`] for a policy that this client cannot
    /// fulfill, [`KeyError::OutOfMemory`].
    pub fn for_change(
        offer: &UnlockOffer,
        client: &Client<'_>,
        password: &[u8],
        rng: &mut dyn CryptoRng,
        progress: Progress<'_>,
    ) -> Result<Self, KeyError> {
        client.check_unlock(offer)?;
        let context = context_of(offer.organization, offer.user);
        let profile = profile_for(&offer.policy).max(client.floor_of(offer.epoch));
        Self::new_password(context, client, profile, password, rng, progress)
    }

    fn new_password(
        context: Context,
        client: &Client<'_>,
        profile: Profile,
        password: &[u8],
        rng: &mut dyn CryptoRng,
        progress: Progress<'_>,
    ) -> Result<Self, KeyError> {
        let password = Password::parse(password)?;
        let mut salt = [0; 16];
        rng.fill_bytes(&mut salt);
        let parameters = PasswordParameters { profile, salt }.to_bytes();
        Self::hash(&password, context, client, &parameters, progress)
    }

    /// From what a passkey's PRF extension gave for a passkey that the offer names.
    ///
    /// # Errors
    /// Everything that this client refuses of the offer; [`KeyError::BadPasskey`].
    pub fn for_passkey(
        offer: &UnlockOffer,
        client: &Client<'_>,
        parameters: &[u8],
        output: &[u8],
    ) -> Result<Self, KeyError> {
        client.check_unlock(offer)?;
        let known = |method: &&OfferedMethod| {
            method.kind == MethodKind::Passkey && *method.parameters == *parameters
        };
        offer.methods.iter().find(known).ok_or(KeyError::BadMessage)?;
        Self::passkey(context_of(offer.organization, offer.user), parameters, output)
    }

    /// From what the PRF extension of a passkey gave.
    ///
    /// # Errors
    /// [`KeyError::BadPasskey`] for parameters that cannot be a passkey's, or an output that is not
    /// 32 bytes or nothing but zeros.
    // WebAuthn Level 3 §10.1.4: results are 32 bytes. An authenticator that answers with less, or
    // with zeros, gives no secret.
    pub fn passkey(context: Context, parameters: &[u8], output: &[u8]) -> Result<Self, KeyError> {
        PasskeyParameters::parse(parameters).ok_or(KeyError::BadPasskey)?;
        let output: &[u8; 32] = output.try_into().map_err(|_| KeyError::BadPasskey)?;
        if bool::from(output.ct_eq(&[0; 32])) {
            return Err(KeyError::BadPasskey);
        }
        let secret = MethodSecret::from_bytes(output);
        Ok(Self { kind: MethodKind::Passkey, context, parameters: parameters.to_vec(), secret })
    }

    /// From what was typed for a method that the offer names: checks the offer, then hashes.
    ///
    /// # Errors
    /// Everything that this client refuses before hashing, the rules for passwords and codes,
    /// [`KeyError::OutOfMemory`].
    pub fn for_unlock(
        offer: &UnlockOffer,
        client: &Client<'_>,
        kind: MethodKind,
        typed: &[u8],
        progress: Progress<'_>,
    ) -> Result<Self, KeyError> {
        client.check_unlock(offer)?;
        let context = context_of(offer.organization, offer.user);
        let method = offer.methods.iter().find(|method| method.kind == kind);
        let parameters = &method.ok_or(KeyError::BadMessage)?.parameters;
        match kind {
            MethodKind::Password => {
                let password = Password::parse(typed)?;
                Self::hash(&password, context, client, parameters, progress)
            }
            MethodKind::RecoveryCode => {
                let code = RecoveryCode::parse(typed)?;
                let secret = MethodSecret::from_bytes(code.secret().expose());
                Ok(Self { kind, context, parameters: parameters.to_vec(), secret })
            }
            // Of several passkeys the type alone names none.
            MethodKind::Passkey => Err(KeyError::BadMessage),
        }
    }

    fn hash(
        password: &Password,
        context: Context,
        client: &Client<'_>,
        parameters: &[u8],
        progress: Progress<'_>,
    ) -> Result<Self, KeyError> {
        let costs = client.password_parameters(parameters)?;
        progress(Step::Derive, 0.0);
        let secret = password.derive_secret(&costs, context)?;
        let parameters = parameters.to_vec();
        Ok(Self { kind: MethodKind::Password, context, parameters, secret })
    }

    /// Which method.
    #[must_use]
    pub const fn kind(&self) -> MethodKind {
        self.kind
    }

    /// The method's keys, if the secret was derived for this user.
    ///
    /// # Errors
    /// [`KeyError::BadMessage`].
    pub fn keys(&self, context: Context) -> Result<MethodKeys, KeyError> {
        if self.context != context {
            return Err(KeyError::BadMessage);
        }
        Ok(MethodKeys::derive(&self.secret, context, self.kind, &self.parameters))
    }

    /// For the other place: `type | CTX | secret | P`. Secret, and wiped when dropped.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let length = 1 + CONTEXT_BYTES + SECRET_BYTES + self.parameters.len();
        let mut bytes = Zeroizing::new(Vec::with_capacity(length));
        bytes.push(self.kind.number());
        bytes.extend_from_slice(&self.context.to_bytes());
        bytes.extend_from_slice(self.secret.expose());
        bytes.extend_from_slice(&self.parameters);
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote, for this user.
    ///
    /// # Errors
    /// [`KeyError::BadMessage`].
    pub fn from_bytes(bytes: &[u8], context: Context) -> Result<Self, KeyError> {
        let bad = KeyError::BadMessage;
        let (&kind, rest) = bytes.split_first().ok_or(bad)?;
        let kind = MethodKind::from_number(kind.into()).ok_or(bad)?;
        let (place, rest) = rest.split_first_chunk::<CONTEXT_BYTES>().ok_or(bad)?;
        let (secret, parameters) = rest.split_first_chunk::<SECRET_BYTES>().ok_or(bad)?;
        if *place != context.to_bytes() {
            return Err(bad);
        }
        let (secret, parameters) = (MethodSecret::from_bytes(secret), parameters.to_vec());
        Ok(Self { kind, context, parameters, secret })
    }
}

/// The profile of new passwords: the default, or a higher one that the organization asks for.
fn profile_for(policy: &KeyPolicy) -> Profile {
    Profile::DEFAULT.max(policy.profile_floor)
}

#[cfg(test)]
mod tests {
    use freehold_wire::{OrganizationId, UserId};

    use super::*;

    fn context(user: u8) -> Context {
        let organization = OrganizationId::from_bytes([1; 16]);
        Context::of_user(organization, UserId::from_bytes([user; 16]))
    }

    fn derived() -> Derived {
        Derived {
            kind: MethodKind::Password,
            context: context(2),
            parameters: vec![7; 31],
            secret: MethodSecret::from_bytes(&[9; 32]),
        }
    }

    #[test]
    fn what_one_place_writes_the_other_reads() {
        let written = derived().to_bytes();
        assert_eq!(written.capacity(), written.len(), "a vector that grows leaves copies behind");
        let read = Derived::from_bytes(&written, context(2)).unwrap();
        assert_eq!(read.kind(), MethodKind::Password);
        assert_eq!(read.parameters, derived().parameters);
        assert_eq!(read.secret.expose(), derived().secret.expose());
    }

    #[test]
    fn a_secret_of_another_user_is_refused() {
        assert_eq!(
            Derived::from_bytes(&derived().to_bytes(), context(3)).err(),
            Some(KeyError::BadMessage)
        );
        assert_eq!(derived().keys(context(3)).err(), Some(KeyError::BadMessage));
        assert!(derived().keys(context(2)).is_ok());
    }

    #[test]
    fn bytes_that_end_too_early_are_refused() {
        let bytes = derived().to_bytes();
        for length in 0..1 + CONTEXT_BYTES + SECRET_BYTES {
            assert!(Derived::from_bytes(&bytes[..length], context(2)).is_err(), "{length}");
        }
    }
}
