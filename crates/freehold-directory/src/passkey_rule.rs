//! The rule that everybody has a passkey, in organizations that ask for it.
//!
//! Without one a session sees no items, and the last one cannot be taken away. Everything else stays open: who has none
//! must be able to unlock, and to add one.

use freehold_wire::{KeyPolicy, MethodKind};

/// The organization asks for a passkey, and the account has none.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the organization asks for a passkey, and the account has none")]
pub struct PasskeyMissing;

/// Whether an account with these methods has what the policy asks for.
pub(crate) fn check(
    policy: &KeyPolicy,
    mut methods: impl Iterator<Item = MethodKind>,
) -> Result<(), PasskeyMissing> {
    if !policy.passkey_required || methods.any(|kind| kind == MethodKind::Passkey) {
        return Ok(());
    }
    Err(PasskeyMissing)
}

/// Whether a change leaves what the policy asks for. What was missing before may stay so: a new password is no reason to
/// be locked out of the way to a passkey.
pub(crate) fn check_change(
    policy: &KeyPolicy,
    before: impl Iterator<Item = MethodKind>,
    removed: impl Iterator<Item = MethodKind>,
    added: impl Iterator<Item = MethodKind>,
) -> Result<(), PasskeyMissing> {
    let before = passkeys(before);
    let after = (before + passkeys(added)).saturating_sub(passkeys(removed));
    if policy.passkey_required && before > 0 && after == 0 { Err(PasskeyMissing) } else { Ok(()) }
}

fn passkeys(methods: impl Iterator<Item = MethodKind>) -> usize {
    methods.filter(|kind| *kind == MethodKind::Passkey).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: MethodKind = MethodKind::Password;
    const PASSKEY: MethodKind = MethodKind::Passkey;
    const ASKED: KeyPolicy =
        KeyPolicy { profile_floor: freehold_wire::Profile::FLOOR, passkey_required: true };

    fn changed(
        policy: &KeyPolicy,
        before: &[MethodKind],
        removed: &[MethodKind],
        added: &[MethodKind],
    ) -> Result<(), PasskeyMissing> {
        let [before, removed, added] = [before, removed, added].map(|kinds| kinds.iter().copied());
        check_change(policy, before, removed, added)
    }

    #[test]
    fn an_account_without_a_passkey_is_held_only_where_one_is_asked_for() {
        let two = [PASSWORD, MethodKind::RecoveryCode];
        assert_eq!(check(&ASKED, two.into_iter()), Err(PasskeyMissing));
        assert_eq!(check(&ASKED, [PASSWORD, PASSKEY].into_iter()), Ok(()));
        assert_eq!(check(&KeyPolicy::default(), two.into_iter()), Ok(()));
    }

    #[test]
    fn the_last_passkey_stays_where_one_is_asked_for() {
        assert_eq!(changed(&ASKED, &[PASSWORD, PASSKEY], &[PASSKEY], &[]), Err(PasskeyMissing));
        assert_eq!(changed(&ASKED, &[PASSKEY, PASSKEY], &[PASSKEY; 2], &[]), Err(PasskeyMissing));
        assert_eq!(changed(&ASKED, &[PASSKEY, PASSKEY], &[PASSKEY], &[]), Ok(()));
        assert_eq!(changed(&ASKED, &[PASSKEY], &[PASSKEY], &[PASSKEY]), Ok(()), "replaced");
        assert_eq!(changed(&KeyPolicy::default(), &[PASSKEY], &[PASSKEY], &[]), Ok(()));
    }

    #[test]
    fn a_password_is_changed_before_there_is_a_passkey() {
        assert_eq!(changed(&ASKED, &[PASSWORD], &[PASSWORD], &[PASSWORD]), Ok(()));
    }
}
