//! Change of key records: other ways to unlock the same keys.
//!
//! As at set-up: [`offer`] gives a challenge, [`answer`] takes it back, [`ChangeTurn::verify`] checks signatures outside
//! of any transaction, [`complete`] stores by compare-and-set on the account state before. A session cookie alone
//! changes nothing: the new state is signed by the user's key, which only a proved secret opens.

use freehold_wire::{
    ChangeExpectation, ChangeOffer, ChangeRefusal, ChangeRequest, Exact, MethodKind,
    OrganizationId, Timestamp, UserId, VerifiedChange, verify_change,
};
use rand_core::CryptoRng;

use crate::events::{Event, EventKind};
use crate::lifecycle::KeyState;
use crate::passkey_rule::{self, PasskeyMissing};
use crate::policy;
use crate::resets::{self, CancelledBy};
use crate::secret::SecretHash;
use crate::sessions::{Locked, SessionUser};
use crate::store::Store;
use crate::store_error::StoreError;
use crate::unlock::{Purpose, make_challenge, take_challenge};

/// Why a change was not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// The session is not unlocked.
    #[error(transparent)]
    Locked(#[from] Locked),
    /// The challenge was used, replaced or is over: fetch a new offer.
    #[error("the challenge is gone")]
    ChallengeGone,
    /// The key records changed meanwhile, by a rival or in another place: unlock again.
    #[error("the key records have changed")]
    Changed,
    /// It would take the last passkey away, and the organization asks for one.
    #[error(transparent)]
    PasskeyMissing(#[from] PasskeyMissing),
    /// The account was suspended or deleted, or the session ended, meanwhile.
    #[error("the account is not active")]
    Inactive,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The records that a change starts from.
#[derive(Clone, Debug)]
pub struct CurrentRecords {
    /// The card.
    pub card: Vec<u8>,
    /// The latest account state.
    pub state: Vec<u8>,
}

/// A session that proved a secret, with the epoch and method.
pub(crate) fn unlocked_epoch(session: &SessionUser) -> Result<(u64, MethodKind), Locked> {
    match (session.key_state(), session.unlocked_by()) {
        (KeyState::Ready(ready), Some(method)) => Ok((ready.epoch, method)),
        _ => Err(Locked),
    }
}

/// The card and latest state of a READY user's epoch.
pub(crate) fn records_of(
    store: &mut dyn Store,
    user: UserId,
    epoch: u64,
) -> Result<CurrentRecords, StoreError> {
    store
        .current_records(user, epoch)?
        .ok_or_else(|| StoreError::Corrupt("the key records are missing".to_owned()))
}

/// What follows from other key records, once they are stored: nothing that began with the old ones goes on.
pub(crate) fn end_what_was_open(
    store: &mut dyn Store,
    (organization, user): (OrganizationId, UserId),
    session: &SecretHash,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    store.lock_other_sessions(user, session)?;
    store.delete_challenges_of(user)?;
    // Whoever changes keys has lost nothing.
    resets::cancel_of(store, (organization, user), CancelledBy::Unlock, now, rng)?;
    Ok(())
}

/// What the browser needs for a change, with a new challenge of five minutes.
///
/// # Errors
/// [`ChangeError::Locked`].
pub fn offer(
    store: &mut dyn Store,
    session: &SessionUser,
    origins: &[String],
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<ChangeOffer, ChangeError> {
    let (epoch, _) = unlocked_epoch(session)?;
    Ok(ChangeOffer {
        organization: session.organization(),
        user: session.user(),
        epoch,
        origins: origins.to_vec(),
        challenge: Exact::from(make_challenge(store, session, Purpose::Change, now, rng)?),
        policy: policy::of(store, session.organization())?.keys(),
    })
}

/// What to do with an uploaded change.
pub enum ChangeStep {
    /// Verify it, then [`complete`].
    Verify(Box<ChangeTurn>),
    /// It is the change that was stored last: the same answer again.
    Again,
}

/// Takes the session's challenge for an uploaded change: it is used up, whatever the verdict.
///
/// # Errors
/// [`ChangeError::Locked`], [`ChangeError::ChallengeGone`].
pub fn answer(
    store: &mut dyn Store,
    session: &SessionUser,
    request: &ChangeRequest,
    origins: &[String],
    now: Timestamp,
) -> Result<ChangeStep, ChangeError> {
    let (epoch, unlocked_by) = unlocked_epoch(session)?;
    let records = records_of(store, session.user(), epoch)?;
    if *records.state == *request.state {
        return Ok(ChangeStep::Again);
    }
    let challenge = take_challenge(store, session, Purpose::Change, now)?;
    Ok(ChangeStep::Verify(Box::new(ChangeTurn {
        organization: session.organization(),
        user: session.user(),
        session: *session.hash(),
        epoch,
        unlocked_by,
        records,
        floor: policy::of(store, session.organization())?.profile_floor,
        origins: origins.to_vec(),
        challenge: challenge.ok_or(ChangeError::ChallengeGone)?,
    })))
}

/// An uploaded change's one chance: everything that it has to be about.
pub struct ChangeTurn {
    organization: OrganizationId,
    user: UserId,
    session: SecretHash,
    epoch: u64,
    unlocked_by: MethodKind,
    records: CurrentRecords,
    floor: freehold_wire::Profile,
    origins: Vec<String>,
    challenge: [u8; 32],
}

impl ChangeTurn {
    /// Checks the request with public keys only. Run it outside of any transaction.
    ///
    /// # Errors
    /// What is wrong with it, for the log.
    pub fn verify(self, request: &ChangeRequest) -> Result<ProvenChange, ChangeRefusal> {
        let verified = verify_change(
            request,
            &ChangeExpectation {
                organization: self.organization,
                user: self.user,
                epoch: self.epoch,
                card: &self.records.card,
                state: &self.records.state,
                origins: &self.origins,
                challenge: self.challenge,
                floor: self.floor,
                unlocked_by: self.unlocked_by,
            },
        )?;
        Ok(ProvenChange {
            organization: self.organization,
            user: self.user,
            session: self.session,
            unlocked_by: self.unlocked_by,
            verified,
        })
    }
}

/// Proof that an unlocked session uploaded a sound change of its own account.
pub struct ProvenChange {
    organization: OrganizationId,
    user: UserId,
    session: SecretHash,
    unlocked_by: MethodKind,
    verified: VerifiedChange,
}

impl ProvenChange {
    /// Whose.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// What was verified.
    pub fn verified(&self) -> &VerifiedChange {
        &self.verified
    }

    /// What happened, for the audit trail.
    fn detail(&self) -> String {
        let numbers = |kinds: &mut dyn Iterator<Item = MethodKind>| -> String {
            kinds.map(|kind| format!(" {}", kind.number())).collect()
        };
        let added = numbers(&mut self.verified.added().iter().map(|method| method.kind));
        let removed = numbers(&mut self.verified.removed().iter().map(|(kind, _)| *kind));
        format!("new methods:{added}; removed methods:{removed}")
    }
}

/// Stores a proven change, if the state before still is the latest: of two rivals one wins. Envelopes and unlock keys of
/// what was replaced are deleted, the user's other sessions are locked.
///
/// # Errors
/// [`ChangeError::Changed`], [`ChangeError::Inactive`], [`ChangeError::PasskeyMissing`].
pub fn complete(
    store: &mut dyn Store,
    proven: &ProvenChange,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), ChangeError> {
    let session = store.session(&proven.session)?.filter(|found| found.is_live(now));
    if session.is_none_or(|found| found.unlocked_by != Some(proven.unlocked_by)) {
        return Err(ChangeError::Inactive);
    }
    check_passkeys(store, proven)?;
    if !store.change_keys(proven, now)? {
        return Err(ChangeError::Changed);
    }
    let whose = (proven.organization, proven.user);
    end_what_was_open(store, whose, &proven.session, now, rng)?;
    if proven.unlocked_by == MethodKind::RecoveryCode {
        // The new password was chosen in this very session.
        store.unlock_session(&proven.session, MethodKind::Password)?;
    }
    Event::new(EventKind::KeysChanged, proven.organization)
        .user(proven.user)
        .detail(proven.detail())
        .record(store, now, rng)?;
    Ok(())
}

fn check_passkeys(store: &mut dyn Store, proven: &ProvenChange) -> Result<(), ChangeError> {
    let verified = &proven.verified;
    let policy = policy::of(store, proven.organization)?.keys();
    let before = store.methods(proven.user, verified.epoch())?;
    passkey_rule::check_change(
        &policy,
        before.iter().map(|method| method.kind),
        verified.removed().iter().map(|(kind, _)| *kind),
        verified.added().iter().map(|method| method.kind),
    )?;
    Ok(())
}
