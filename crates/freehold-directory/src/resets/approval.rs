//! Who decides on a RESET, and what an approval does.
//!
//! `docs/decisions/0019-who-approves-a-reset.md` says why a role by group is not enough.

use freehold_wire::{OrganizationId, Timestamp, UserId};
use rand_core::CryptoRng;

use super::{Reset, ResetError, ResetId, ResetState, note};
use crate::authority::UnlockedAdmin;
use crate::events::EventKind;
use crate::roles::{Grant, Role};
use crate::sessions::{self, EndedBy};
use crate::store::Store;
use crate::store_error::StoreError;

/// Who decided.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum By {
    /// An admin or owner.
    Admin(UserId),
    /// The operator, on the command line.
    Operator,
}

impl By {
    fn words(self) -> String {
        match self {
            Self::Admin(user) => format!("by {user}"),
            Self::Operator => "by the operator".to_owned(),
        }
    }
}

/// What an approval did.
#[derive(Clone, Debug)]
pub struct Approval {
    /// Whose keys were put aside.
    pub user: UserId,
    /// The epoch that the person makes keys for now.
    pub epoch: u64,
}

/// Approves a request of the admin's organization: the keys are put aside, the account is PENDING in the next epoch.
///
/// # Errors
/// [`ResetError::NotFound`], [`ResetError::Own`], [`ResetError::NotAppointed`], [`ResetError::OwnersOnly`],
/// [`ResetError::Settled`].
pub fn approve(
    store: &mut dyn Store,
    admin: UnlockedAdmin<'_>,
    id: ResetId,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Approval, ResetError> {
    let reset = decidable(store, admin, id)?;
    let granted = store.granted_role(admin.user())?;
    if granted < Role::Admin {
        return Err(ResetError::NotAppointed);
    }
    if granted < needed_for(store, reset.user)?.role() {
        return Err(ResetError::OwnersOnly);
    }
    put_aside(store, &reset, By::Admin(admin.user()), now, rng)
}

/// Denies a request of the admin's organization: everything stays as it is.
///
/// # Errors
/// [`ResetError::NotFound`], [`ResetError::Own`], [`ResetError::Settled`].
pub fn deny(
    store: &mut dyn Store,
    admin: UnlockedAdmin<'_>,
    id: ResetId,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), ResetError> {
    let reset = decidable(store, admin, id)?;
    settle_denied(store, &reset, By::Admin(admin.user()), now, rng)
}

fn decidable(
    store: &mut dyn Store,
    admin: UnlockedAdmin<'_>,
    id: ResetId,
) -> Result<Reset, ResetError> {
    let reset = store.reset(admin.organization(), id)?.ok_or(ResetError::NotFound)?;
    if reset.user == admin.user() { Err(ResetError::Own) } else { Ok(reset) }
}

/// Whose approval it takes. Whoever signs in as the person makes the new keys and then has the person's role: an admin must
/// not come to an owner's by that.
fn needed_for(store: &mut dyn Store, user: UserId) -> Result<Grant, StoreError> {
    Ok(if store.granted_role(user)? < Role::Owner { Grant::Admin } else { Grant::Owner })
}

/// Who beside this person can approve: appointed by the operator, active, with keys of their own; by `userName`.
///
/// # Errors
/// A failing database.
pub fn approvers(
    store: &mut dyn Store,
    organization: OrganizationId,
    beside: UserId,
) -> Result<Vec<String>, StoreError> {
    let least = needed_for(store, beside)?;
    let all = store.appointed_with_keys(organization, least)?;
    Ok(all.into_iter().filter(|(user, _)| *user != beside).map(|(_, name)| name).collect())
}

/// Approves the request of a person that nobody else can approve. With `although_others_can`, one that others could
/// approve too.
///
/// # Errors
/// [`ResetError::NotFound`] when no request waits, [`ResetError::OthersCan`], [`ResetError::Settled`].
pub fn approve_by_operator(
    store: &mut dyn Store,
    organization: OrganizationId,
    user: UserId,
    although_others_can: bool,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Approval, ResetError> {
    let reset = store.open_reset_of(user, now)?.ok_or(ResetError::NotFound)?;
    let others = approvers(store, organization, user)?;
    if !others.is_empty() && !although_others_can {
        return Err(ResetError::OthersCan(others.join(", ")));
    }
    put_aside(store, &reset, By::Operator, now, rng)
}

/// Denies the request of a person as the operator.
///
/// # Errors
/// [`ResetError::NotFound`] when no request waits, [`ResetError::Settled`].
pub fn deny_by_operator(
    store: &mut dyn Store,
    user: UserId,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), ResetError> {
    let reset = store.open_reset_of(user, now)?.ok_or(ResetError::NotFound)?;
    settle_denied(store, &reset, By::Operator, now, rng)
}

fn settle_denied(
    store: &mut dyn Store,
    reset: &Reset,
    by: By,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), ResetError> {
    settle(store, reset, ResetState::Denied, now)?;
    Ok(note(store, EventKind::ResetDenied, reset, &by.words(), now, rng)?)
}

/// Of two who decide at once one does; an unlock decides too.
fn settle(
    store: &mut dyn Store,
    reset: &Reset,
    state: ResetState,
    now: Timestamp,
) -> Result<(), ResetError> {
    let waits = reset.state_at(now) == ResetState::Requested;
    if waits && store.settle_reset(reset.id, ResetState::Requested, state, now)? {
        Ok(())
    } else {
        Err(ResetError::Settled)
    }
}

/// The compare-and-set of an approval: the request waits, and the account is active and READY in the very epoch that it
/// names.
fn put_aside(
    store: &mut dyn Store,
    reset: &Reset,
    by: By,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Approval, ResetError> {
    settle(store, reset, ResetState::Approved, now)?;
    if !store.put_keys_aside(reset, now)? {
        return Err(ResetError::Settled);
    }
    end_other_sessions(store, reset, now, rng)?;
    store.delete_challenges_of(reset.user)?;
    note(store, EventKind::ResetApproved, reset, &by.words(), now, rng)?;
    Ok(Approval { user: reset.user, epoch: reset.epoch + 1 })
}

/// The session that asked stays, locked, to make the new keys in.
fn end_other_sessions(
    store: &mut dyn Store,
    reset: &Reset,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    for session in store.sessions_of(reset.user)? {
        if session.id != reset.session {
            sessions::end_named(store, reset.whose(), session.id, EndedBy::Reset, now, rng)?;
        }
    }
    match store.session_named(reset.user, reset.session)? {
        Some(asking) => store.lock_session(&asking),
        None => Ok(()),
    }
}

/// What an undo did.
#[derive(Clone, Debug)]
pub struct Undo {
    /// The epoch whose keys are back.
    pub epoch: u64,
}

/// Brings the keys and items back that the last RESET put aside, as long as nobody has made new ones. All sessions of
/// the person end: what was begun for the next epoch comes to nothing.
///
/// # Errors
/// [`ResetError::NothingToUndo`].
pub fn undo(
    store: &mut dyn Store,
    organization: OrganizationId,
    user: UserId,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Undo, ResetError> {
    let restorable = store.reset_to_undo(organization, user)?.ok_or(ResetError::NothingToUndo)?;
    let settled =
        store.settle_reset(restorable.id, ResetState::Approved, ResetState::Undone, now)?;
    if !settled || !store.bring_keys_back(&restorable, now)? {
        return Err(ResetError::NothingToUndo);
    }
    sessions::end_all_of(store, restorable.whose(), EndedBy::Operator, now, rng)?;
    note(store, EventKind::ResetUndone, &restorable, "by the operator", now, rng)?;
    Ok(Undo { epoch: restorable.epoch })
}
