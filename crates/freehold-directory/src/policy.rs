//! What an organization demands of its people's keys beyond what every build demands.
//!
//! A policy can only raise: below the compiled-in floor there is nothing to say. An owner may take it back down to that
//! floor; the clients of accounts that were made under it keep the floor that their own signed state names.

use freehold_wire::{
    KeyPolicy, MethodKind, OrganizationId, PasswordParameters, Profile, Timestamp, UserId,
    VerifiedMethod,
};
use rand_core::CryptoRng;

use crate::authority::UnlockedOwner;
use crate::events::{Event, EventKind};
use crate::store::Store;
use crate::store_error::StoreError;

/// What an organization demands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Policy {
    /// The lowest profile of a passphrase.
    pub profile_floor: Profile,
    /// Whether everybody has to have a passkey.
    pub passkey_required: bool,
    /// Whether everybody has to have a recovery code.
    pub recovery_code_required: bool,
}

impl Default for Policy {
    /// What every build demands, and nothing more.
    fn default() -> Self {
        Self {
            profile_floor: Profile::FLOOR,
            passkey_required: false,
            recovery_code_required: false,
        }
    }
}

/// A profile that no policy can name.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the lowest profile must be one from 1 to {}", Profile::HIGHEST_IN_BROWSER.number())]
pub struct FloorError;

/// A passphrase whose profile is too low for the organization.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the organization demands a higher profile of passphrases")]
pub struct BelowPolicy;

impl Policy {
    /// The floor of this number: none below the compiled-in one, and none that no browser can do, which would let
    /// nobody in.
    ///
    /// # Errors
    /// [`FloorError`].
    pub fn floor(number: u64) -> Result<Profile, FloorError> {
        let possible = Profile::FLOOR..=Profile::HIGHEST_IN_BROWSER;
        Profile::from_number(number).filter(|profile| possible.contains(profile)).ok_or(FloorError)
    }

    /// Whether the methods of a verified set-up or change are strong enough.
    ///
    /// # Errors
    /// [`BelowPolicy`].
    pub fn check(&self, methods: &[VerifiedMethod]) -> Result<(), BelowPolicy> {
        let mut passphrases = methods.iter().filter(|it| it.kind == MethodKind::Password);
        let strong = passphrases.all(|it| {
            PasswordParameters::parse(&it.parameters)
                .is_ok_and(|parameters| parameters.profile >= self.profile_floor)
        });
        if strong { Ok(()) } else { Err(BelowPolicy) }
    }

    /// What offers say of it.
    pub fn keys(&self) -> KeyPolicy {
        KeyPolicy { profile_floor: self.profile_floor, passkey_required: self.passkey_required }
    }

    fn words(&self) -> String {
        let demanded = |demanded: bool| if demanded { "required" } else { "optional" };
        format!(
            "profile {}, passkey {}, recovery code {}",
            self.profile_floor.number(),
            demanded(self.passkey_required),
            demanded(self.recovery_code_required)
        )
    }
}

/// The policy of an organization.
///
/// # Errors
/// A failing database.
pub fn of(store: &mut dyn Store, organization: OrganizationId) -> Result<Policy, StoreError> {
    Ok(store.policy(organization)?.unwrap_or_default())
}

/// Sets the policy of the owner's organization; answers whether anything changed.
///
/// # Errors
/// A failing database.
pub fn set(
    store: &mut dyn Store,
    owner: UnlockedOwner<'_>,
    policy: &Policy,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<bool, StoreError> {
    put(store, owner.organization(), policy, Some(owner.user()), now, rng)
}

/// Sets the policy as the operator; answers whether anything changed.
///
/// # Errors
/// A failing database.
pub fn set_by_operator(
    store: &mut dyn Store,
    organization: OrganizationId,
    policy: &Policy,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<bool, StoreError> {
    put(store, organization, policy, None, now, rng)
}

fn put(
    store: &mut dyn Store,
    organization: OrganizationId,
    policy: &Policy,
    owner: Option<UserId>,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<bool, StoreError> {
    if of(store, organization)? == *policy {
        return Ok(false);
    }
    store.put_policy(organization, policy, now)?;
    let by = if owner.is_some() { "" } else { " by the operator" };
    let mut event = Event::new(EventKind::PolicyChanged, organization);
    event.user = owner;
    event.detail(format!("{}{by}", policy.words())).record(store, now, rng)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passphrase(profile: Profile) -> VerifiedMethod {
        VerifiedMethod {
            kind: MethodKind::Password,
            parameters: PasswordParameters { profile, salt: [0; 16] }.to_bytes().to_vec(),
            unlock_public_key: [0; 32],
            envelope: Vec::new(),
        }
    }

    #[test]
    fn a_policy_names_no_floor_below_the_compiled_one_nor_above_what_browsers_can_do() {
        assert_eq!(Policy::floor(1), Ok(Profile::Memory64Mib));
        assert_eq!(Policy::floor(2), Ok(Profile::Memory256Mib));
        for number in [0, 3, 4, u64::MAX] {
            assert_eq!(Policy::floor(number), Err(FloorError), "{number}");
        }
    }

    #[test]
    fn a_passphrase_of_the_floor_or_above_passes_and_a_lower_or_unreadable_one_does_not() {
        let policy = Policy { profile_floor: Profile::Memory256Mib, ..Policy::default() };
        assert_eq!(policy.check(&[passphrase(Profile::Memory256Mib)]), Ok(()));
        assert_eq!(policy.check(&[passphrase(Profile::Memory1Gib)]), Ok(()));
        assert_eq!(policy.check(&[passphrase(Profile::Memory64Mib)]), Err(BelowPolicy));
        let unreadable = VerifiedMethod { parameters: vec![2], ..passphrase(Profile::FLOOR) };
        assert_eq!(policy.check(&[unreadable]), Err(BelowPolicy));
    }
}
