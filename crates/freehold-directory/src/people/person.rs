//! One person, with everything that tells why the account is as it is.

use freehold_wire::{GroupId, Timestamp, UserId};

use super::Listed;
use crate::authority::Admin;
use crate::deleted::Remains;
use crate::lifecycle::{KeyState, ShownState};
use crate::resets::Reset;
use crate::roles::Grant;
use crate::sessions;
use crate::store::Store;
use crate::store_error::StoreError;
use crate::users::User;

/// A sign-in of this person that was refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// When.
    pub at: Timestamp,
    /// Why: [`crate::login::ClaimRefusal::code`].
    pub code: String,
}

/// What the person has done so far.
#[derive(Clone, Debug, Default)]
pub struct Steps {
    /// The last sign-in.
    pub signed_in_at: Option<Timestamp>,
    /// When the set-up of the current keys was begun: the browser fetched what it needs for it.
    pub setup_begun_at: Option<Timestamp>,
    /// The last sign-in that was refused.
    pub refused: Option<Refusal>,
}

impl Steps {
    /// The last refusal, unless the person has signed in since.
    pub fn refusal(&self) -> Option<&Refusal> {
        let since = |refused: &&Refusal| self.signed_in_at.is_none_or(|at| at < refused.at);
        self.refused.as_ref().filter(since)
    }
}

/// Where a PENDING person stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stuck {
    /// Provisioned; has never signed in.
    Provisioned,
    /// The keys were reset; has not signed in since.
    Reset,
    /// Signed in; has not begun to set up.
    SignedIn,
    /// Began to set up, and did not finish.
    SetupBegun,
}

impl Stuck {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Provisioned => "provisioned",
            Self::Reset => "reset",
            Self::SignedIn => "signed-in",
            Self::SetupBegun => "setup-begun",
        }
    }
}

/// Where a person in this state stands, and since when; `None` when the keys are made.
pub fn stuck_at(state: &KeyState, steps: &Steps) -> Option<(Stuck, Timestamp)> {
    let KeyState::Pending(pending) = state else { return None };
    let since = |at: &Timestamp| *at >= pending.since;
    if let Some(at) = steps.setup_begun_at.filter(since) {
        return Some((Stuck::SetupBegun, at));
    }
    if let Some(at) = steps.signed_in_at.filter(since) {
        return Some((Stuck::SignedIn, at));
    }
    let first = pending.epoch <= 1;
    Some((if first { Stuck::Provisioned } else { Stuck::Reset }, pending.since))
}

impl Listed {
    /// The state that an admin sees; of a deleted user the one before.
    pub fn state(&self) -> ShownState {
        ShownState::of(&self.key_state, self.active)
    }

    /// Since when it is in this state.
    pub fn since(&self) -> Timestamp {
        if self.active { self.key_state.since() } else { self.active_since }
    }

    /// Where the person stands, of a PENDING one.
    pub fn stuck_at(&self) -> Option<(Stuck, Timestamp)> {
        stuck_at(&self.key_state, &self.steps).filter(|_| self.active)
    }
}

/// To which person of an identity provider an account belongs.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The name of the connection.
    pub connection: String,
    /// Since when.
    pub at: Timestamp,
}

/// A group that somebody is a direct member of.
#[derive(Clone, Debug)]
pub struct Membership {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Whether it makes its members admins.
    pub makes_admins: bool,
}

/// One person.
#[derive(Clone, Debug)]
pub struct Person {
    /// As in a list.
    pub listed: Listed,
    /// The account, with the document; of a deleted one as it was.
    pub user: User,
    /// To whom it belongs, once somebody has signed in to it.
    pub claim: Option<Claim>,
    /// The roles that were given to this person.
    pub grants: Vec<(Grant, Timestamp)>,
    /// The groups.
    pub groups: Vec<Membership>,
    /// How many browsers are signed in.
    pub sessions: u64,
    /// The request for new keys that waits.
    pub reset: Option<Reset>,
}

/// Somebody of the admin's organization, deleted ones too as long as their records are kept.
///
/// # Errors
/// A failing database.
pub fn find(
    store: &mut dyn Store,
    admin: Admin<'_>,
    id: UserId,
    now: Timestamp,
) -> Result<Option<Person>, StoreError> {
    let organization = admin.organization();
    let Some(listed) = store.listed_person(organization, id)? else { return Ok(None) };
    let user = match store.user(organization, id)? {
        Some(user) => user,
        None => match store.deleted_user(organization, id)? {
            Some(Remains::Kept(deleted)) => deleted.user,
            _ => return Ok(None),
        },
    };
    let waits = listed.deleted_at.is_none() && listed.active;
    Ok(Some(Person {
        listed,
        user,
        claim: store.claim_of(id)?,
        grants: store.grants_of(id)?,
        groups: store.memberships_of(id)?,
        sessions: sessions::list(store, id, now)?.len() as u64,
        reset: if waits { store.open_reset_of(id, now)? } else { None },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::Pending;

    fn at(millis: u64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn what_was_done_before_a_reset_is_no_step_towards_the_next_keys() {
        let pending = |epoch| KeyState::Pending(Pending { epoch, since: at(100) });
        let steps = |signed_in: u64, begun: u64| Steps {
            signed_in_at: Some(signed_in).filter(|at| *at > 0).map(at),
            setup_begun_at: Some(begun).filter(|at| *at > 0).map(at),
            refused: None,
        };
        for (epoch, steps, expected) in [
            (1, steps(0, 0), (Stuck::Provisioned, at(100))),
            (1, steps(200, 0), (Stuck::SignedIn, at(200))),
            (1, steps(300, 200), (Stuck::SetupBegun, at(200))),
            (2, steps(99, 50), (Stuck::Reset, at(100))),
            (2, steps(200, 50), (Stuck::SignedIn, at(200))),
            (2, steps(50, 100), (Stuck::SetupBegun, at(100))),
        ] {
            assert_eq!(stuck_at(&pending(epoch), &steps), Some(expected));
        }
    }

    #[test]
    fn a_refusal_before_the_last_sign_in_is_over() {
        let refused = Some(Refusal { at: at(5), code: "inactive".to_owned() });
        for (signed_in_at, shown) in [(None, true), (Some(at(4)), true), (Some(at(5)), false)] {
            let steps = Steps { signed_in_at, refused: refused.clone(), ..Steps::default() };
            assert_eq!(steps.refusal().is_some(), shown, "{signed_in_at:?}");
        }
    }
}
