//! Renewal: a new epoch with new keys, because a secret may be known to others.
//!
//! The same four steps as a change. What is stored is a set-up of the next epoch and every item's key under it, in one
//! transaction; the records of the epoch before are deleted in it.

use freehold_wire::{
    Exact, KeyPolicy, MethodKind, OrganizationId, RenewalExpectation, RenewalRefusal,
    RenewalRequest, SetupExpectation, SetupOffer, State, Timestamp, UserId, VerifiedRenewal, hash,
    subject_of, verify_renewal,
};
use rand_core::CryptoRng;

use crate::change::{ChangeError, CurrentRecords, end_what_was_open, records_of, unlocked_epoch};
use crate::events::{Event, EventKind};
use crate::policy;
use crate::secret::SecretHash;
use crate::sessions::{Locked, SessionUser, opens_items};
use crate::store::Store;
use crate::store_error::StoreError;
use crate::unlock::{Purpose, make_challenge, take_challenge};

/// What the browser needs for a renewal: the offer of a set-up of the next epoch.
///
/// # Errors
/// [`ChangeError::Locked`].
pub fn offer(
    store: &mut dyn Store,
    session: &SessionUser,
    origins: &[String],
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<SetupOffer, ChangeError> {
    let epoch = renewable_epoch(session)?;
    let records = records_of(store, session.user(), epoch)?;
    let challenge = make_challenge(store, session, Purpose::Renewal, now, rng)?;
    Ok(SetupOffer {
        organization: session.organization(),
        user: session.user(),
        epoch: epoch + 1,
        previous_card: Some(Exact(hash(&records.card))),
        origins: origins.to_vec(),
        challenge: Exact::from(challenge),
        subject: subject_of(session.user_name()).to_owned(),
        policy: policy_of(store, session.organization(), &records)?,
    })
}

/// A recovery code is good for new password and code alone: items, which a renewal wraps anew, are not shown to it.
fn renewable_epoch(session: &SessionUser) -> Result<u64, Locked> {
    session.unlocked()?;
    Ok(unlocked_epoch(session)?.0)
}

/// The organization's policy, with a floor that is not below the account's own.
fn policy_of(
    store: &mut dyn Store,
    organization: OrganizationId,
    records: &CurrentRecords,
) -> Result<KeyPolicy, StoreError> {
    let state = State::claimed(&records.state)
        .map_err(|_| StoreError::Corrupt("the account state cannot be read".to_owned()))?;
    let policy = policy::of(store, organization)?.keys();
    Ok(KeyPolicy { profile_floor: policy.profile_floor.max(state.profile_floor), ..policy })
}

/// What to do with an uploaded renewal.
pub enum RenewalStep {
    /// Verify it, then [`complete`].
    Verify(Box<RenewalTurn>),
    /// It is the renewal that was stored: the same answer again.
    Again,
}

/// Takes the session's challenge for an uploaded renewal: it is used up, whatever the verdict.
///
/// # Errors
/// [`ChangeError::Locked`], [`ChangeError::ChallengeGone`].
pub fn answer(
    store: &mut dyn Store,
    session: &SessionUser,
    request: &RenewalRequest,
    origins: &[String],
    now: Timestamp,
) -> Result<RenewalStep, ChangeError> {
    let epoch = renewable_epoch(session)?;
    let done = store.completed_setup(session.user(), epoch)?;
    let is_done = done.is_some_and(|done| {
        done.request == request.setup.hash() && done.session.matches(session.hash())
    });
    if is_done {
        return Ok(RenewalStep::Again);
    }
    let records = records_of(store, session.user(), epoch)?;
    let challenge = take_challenge(store, session, Purpose::Renewal, now)?;
    Ok(RenewalStep::Verify(Box::new(RenewalTurn {
        organization: session.organization(),
        user: session.user(),
        session: *session.hash(),
        epoch,
        subject: subject_of(session.user_name()).to_owned(),
        policy: policy_of(store, session.organization(), &records)?,
        records,
        origins: origins.to_vec(),
        challenge: challenge.ok_or(ChangeError::ChallengeGone)?,
    })))
}

/// An uploaded renewal's one chance: everything that it has to be about.
pub struct RenewalTurn {
    organization: OrganizationId,
    user: UserId,
    session: SecretHash,
    /// The epoch that ends.
    epoch: u64,
    subject: String,
    policy: KeyPolicy,
    records: CurrentRecords,
    origins: Vec<String>,
    challenge: [u8; 32],
}

impl RenewalTurn {
    /// Checks the request with public keys only. Run it outside of any transaction.
    ///
    /// # Errors
    /// What is wrong with it, for the log.
    pub fn verify(self, request: &RenewalRequest) -> Result<ProvenRenewal, RenewalRefusal> {
        let setup = SetupExpectation {
            organization: self.organization,
            user: self.user,
            epoch: self.epoch + 1,
            previous_card: Some(hash(&self.records.card)),
            subject: &self.subject,
            origins: &self.origins,
            challenge: self.challenge,
            floor: self.policy.profile_floor,
        };
        let expected = RenewalExpectation { setup, old_card: &self.records.card };
        let verified = verify_renewal(request, &expected)?;
        Ok(ProvenRenewal {
            organization: self.organization,
            user: self.user,
            session: self.session,
            epoch: self.epoch,
            records: self.records,
            verified,
        })
    }
}

/// Proof that an unlocked session uploaded a sound renewal of its own account.
pub struct ProvenRenewal {
    organization: OrganizationId,
    user: UserId,
    session: SecretHash,
    epoch: u64,
    records: CurrentRecords,
    verified: VerifiedRenewal,
}

impl ProvenRenewal {
    /// Whose.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// The session that uploaded it.
    pub fn session(&self) -> &SecretHash {
        &self.session
    }

    /// The epoch that ends.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The records of the epoch that ends, as they were when this was verified.
    pub fn records(&self) -> &CurrentRecords {
        &self.records
    }

    /// What was verified.
    pub fn verified(&self) -> &VerifiedRenewal {
        &self.verified
    }
}

/// Stores a proven renewal, if the account state before still is the latest and the items are all of the user's at their
/// present versions. Every other session of the user is locked.
///
/// # Errors
/// [`ChangeError::Changed`], [`ChangeError::Inactive`].
pub fn complete(
    store: &mut dyn Store,
    proven: &ProvenRenewal,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), ChangeError> {
    let session = store.session(&proven.session)?.filter(|found| found.is_live(now));
    if !session.is_some_and(|found| found.unlocked_by.is_some_and(opens_items)) {
        return Err(ChangeError::Inactive);
    }
    if !store.renew_keys(proven, now)? {
        return Err(ChangeError::Changed);
    }
    let whose = (proven.organization, proven.user);
    end_what_was_open(store, whose, &proven.session, now, rng)?;
    store.unlock_session(&proven.session, MethodKind::Password)?;
    Event::new(EventKind::KeysRenewed, proven.organization)
        .user(proven.user)
        .detail(format!("epoch {}", proven.epoch + 1))
        .record(store, now, rng)?;
    Ok(())
}
