//! Set-up: a PENDING user's browser makes keys and uploads ciphertext and public keys; the account becomes READY once.
//!
//! Three steps, because only SQL belongs into a job: [`offer`] gives a challenge, [`answer`] takes it back,
//! [`SetupTurn::verify`] checks the signatures outside of any transaction, [`complete`] stores by compare-and-set.

use std::time::Duration;

use freehold_wire::{
    ConnectionId, Exact, MethodKind, OrganizationId, Profile, SessionId, SetupExpectation,
    SetupOffer, SetupRefusal, SetupRequest, Timestamp, UserId, VerifiedSetup, subject_of,
    verify_setup,
};
use rand_core::CryptoRng;

use crate::events::{Event, EventKind};
use crate::lifecycle::{KeyState, Pending, Ready};
use crate::policy::{self, BelowPolicy};
use crate::secret::{SecretHash, SessionSecret};
use crate::sessions::{self, NextSession, SessionUser};
use crate::store::Store;
use crate::store_error::StoreError;
use crate::unlock::{Purpose, make_challenge, take_challenge};

/// How long the old session lives after a set-up, so that a lost answer can be asked for again.
const RETRY_LIFE: Duration = Duration::from_secs(120);

/// Why a set-up was not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The account has keys; a rival was first, or this page is old.
    #[error("the account is set up already")]
    AlreadySetUp,
    /// The challenge was used, replaced or is over: fetch a new offer.
    #[error("the challenge is gone")]
    ChallengeGone,
    /// The account was suspended or deleted, or the session ended, meanwhile.
    #[error("the account is not active")]
    Inactive,
    /// The organization demands more of passphrases.
    #[error(transparent)]
    BelowPolicy(#[from] BelowPolicy),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the browser needs for set-up, with a new challenge of five minutes.
///
/// # Errors
/// [`SetupError::AlreadySetUp`].
pub fn offer(
    store: &mut dyn Store,
    session: &SessionUser,
    origins: &[String],
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<SetupOffer, SetupError> {
    let pending = pending_of(session)?;
    let challenge = make_challenge(store, session, Purpose::Setup, now, rng)?;
    store.note_setup_begun(session.user(), now)?;
    Ok(SetupOffer {
        organization: session.organization(),
        user: session.user(),
        epoch: pending.epoch,
        previous_card: previous_card(store, session, pending)?.map(Exact::from),
        origins: origins.to_vec(),
        challenge: Exact::from(challenge),
        subject: subject_of(session.user_name()).to_owned(),
        policy: policy::of(store, session.organization())?.keys(),
    })
}

fn pending_of(session: &SessionUser) -> Result<&Pending, SetupError> {
    match session.key_state() {
        KeyState::Pending(pending) => Ok(pending),
        KeyState::Ready(_) => Err(SetupError::AlreadySetUp),
    }
}

fn previous_card(
    store: &mut dyn Store,
    session: &SessionUser,
    pending: &Pending,
) -> Result<Option<[u8; 32]>, StoreError> {
    match pending.epoch {
        0 | 1 => Ok(None),
        epoch => store.card_hash(session.user(), epoch - 1),
    }
}

/// What to do with an uploaded set-up.
pub enum SetupStep {
    /// Verify it, then [`complete`].
    Verify(Box<SetupTurn>),
    /// It is the very request that completed the set-up: the same answer again.
    Again(SetupDone),
}

/// A completed set-up.
pub struct SetupDone {
    /// The new session's cookie: unlocked, in place of the old one.
    pub session: SessionSecret,
    /// When the new session ends, whatever happens.
    pub expires_at: Timestamp,
}

/// Which request completed a set-up, from which session.
#[derive(Clone, Debug)]
pub struct CompletedSetup {
    /// [`SetupRequest::hash`].
    pub request: [u8; 32],
    /// The session.
    pub session: SecretHash,
}

/// Takes the session's challenge for an uploaded set-up: it is used up, whatever the verdict.
///
/// # Errors
/// [`SetupError::AlreadySetUp`], [`SetupError::ChallengeGone`].
pub fn answer(
    store: &mut dyn Store,
    session: &SessionUser,
    request_hash: &[u8; 32],
    origins: &[String],
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<SetupStep, SetupError> {
    let pending = match session.key_state() {
        KeyState::Ready(ready) => {
            return again(store, session, ready, request_hash, now, rng).map(SetupStep::Again);
        }
        KeyState::Pending(pending) => pending,
    };
    let challenge = take_challenge(store, session, Purpose::Setup, now)?;
    Ok(SetupStep::Verify(Box::new(SetupTurn {
        previous_card: previous_card(store, session, pending)?,
        account: Account::of(session),
        pending: pending.clone(),
        subject: subject_of(session.user_name()).to_owned(),
        floor: policy::of(store, session.organization())?.profile_floor,
        origins: origins.to_vec(),
        challenge: challenge.ok_or(SetupError::ChallengeGone)?,
    })))
}

/// The same bytes from the session that they came from get the same answer, while that session lives.
fn again(
    store: &mut dyn Store,
    session: &SessionUser,
    ready: &Ready,
    request_hash: &[u8; 32],
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<SetupDone, SetupError> {
    let done = store.completed_setup(session.user(), ready.epoch)?;
    let same = done
        .is_some_and(|done| done.request == *request_hash && done.session.matches(session.hash()));
    if !same {
        return Err(SetupError::AlreadySetUp);
    }
    Ok(rotate(store, &Account::of(session), now, rng)?)
}

/// The account and session of a turn.
struct Account {
    organization: OrganizationId,
    user: UserId,
    connection: Option<ConnectionId>,
    session: SecretHash,
    sign_in_ends_at: Timestamp,
}

impl Account {
    fn of(session: &SessionUser) -> Self {
        Self {
            organization: session.organization(),
            user: session.user(),
            connection: session.connection(),
            session: *session.hash(),
            sign_in_ends_at: session.sign_in_ends_at(),
        }
    }
}

/// An uploaded set-up's one chance: everything that it has to be about.
pub struct SetupTurn {
    account: Account,
    pending: Pending,
    previous_card: Option<[u8; 32]>,
    subject: String,
    floor: Profile,
    origins: Vec<String>,
    challenge: [u8; 32],
}

impl SetupTurn {
    /// Checks the request with public keys only. Run it outside of any transaction.
    ///
    /// # Errors
    /// What is wrong with it, for the log.
    pub fn verify(self, request: &SetupRequest) -> Result<ProvenSetup, SetupRefusal> {
        let verified = verify_setup(
            request,
            &SetupExpectation {
                organization: self.account.organization,
                user: self.account.user,
                epoch: self.pending.epoch,
                previous_card: self.previous_card,
                subject: &self.subject,
                origins: &self.origins,
                challenge: self.challenge,
                floor: self.floor,
            },
        )?;
        Ok(ProvenSetup { account: self.account, pending: self.pending, verified })
    }
}

/// Proof that a session uploaded a sound set-up for its own PENDING account.
pub struct ProvenSetup {
    account: Account,
    pending: Pending,
    verified: VerifiedSetup,
}

/// What moves an account from PENDING to READY; made from a [`ProvenSetup`] only.
pub struct NewKeys<'a> {
    account: &'a Account,
    verified: &'a VerifiedSetup,
    ready: Ready,
}

impl Pending {
    /// The one way out of PENDING.
    fn complete(self, proven: &ProvenSetup, now: Timestamp) -> NewKeys<'_> {
        let ready = Ready { epoch: self.epoch, since: now };
        NewKeys { account: &proven.account, verified: &proven.verified, ready }
    }
}

impl NewKeys<'_> {
    /// Whose.
    pub fn user(&self) -> UserId {
        self.account.user
    }

    /// The session that uploaded them.
    pub fn session(&self) -> &SecretHash {
        &self.account.session
    }

    /// What was verified.
    pub fn verified(&self) -> &VerifiedSetup {
        self.verified
    }

    /// The state to come.
    pub fn ready(&self) -> &Ready {
        &self.ready
    }
}

/// Stores a proven set-up: of two rivals one wins. The session is replaced by a new, unlocked one; the old one stays
/// locked and lives two minutes more.
///
/// # Errors
/// [`SetupError::AlreadySetUp`], [`SetupError::Inactive`], [`SetupError::BelowPolicy`].
pub fn complete(
    store: &mut dyn Store,
    proven: &ProvenSetup,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<SetupDone, SetupError> {
    let account = &proven.account;
    if !store.session(&account.session)?.is_some_and(|found| found.is_live(now)) {
        return Err(SetupError::Inactive);
    }
    policy::of(store, account.organization)?.check(proven.verified.methods())?;
    if !store.insert_keys(&proven.pending.clone().complete(proven, now))? {
        return Err(SetupError::AlreadySetUp);
    }
    Event::new(EventKind::UserReady, account.organization)
        .user(account.user)
        .record(store, now, rng)?;
    store.delete_challenges_of(account.user)?;
    store.limit_session(&account.session, now.plus(RETRY_LIFE))?;
    Ok(rotate(store, account, now, rng)?)
}

fn rotate(
    store: &mut dyn Store,
    account: &Account,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<SetupDone, StoreError> {
    let session = SessionSecret::make(rng);
    let next = NextSession {
        hash: session.hash(),
        id: SessionId::make(now, rng),
        created_at: now,
        unlocked_by: MethodKind::Password,
    };
    store.continue_session(&account.session, &next)?;
    let whose = (account.organization, account.user);
    sessions::note_begin(store, whose, account.connection, next.id, now, rng)?;
    Ok(SetupDone { session, expires_at: account.sign_in_ends_at })
}
