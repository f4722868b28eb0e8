//! Unlock: a signed challenge proves the password or recovery code; only then envelopes leave the server.
//!
//! [`offer`] gives a challenge, [`charge`] takes it back and counts a try *before* anything is checked,
//! [`UnlockTurn::verify`] checks outside of any transaction, [`settle`] gives the try back and the envelopes out.

use std::time::Duration;

use freehold_wire::{
    AtMost, Exact, MethodKind, OfferedMethod, OrganizationId, Timestamp, UnlockAnswer,
    UnlockExpectation, UnlockOffer, UnlockRequest, UserId, VerifiedUnlock, verify_unlock,
};
use rand_core::CryptoRng;

use crate::change::{ChangeError, unlocked_epoch};
use crate::events::{Event, EventKind};
use crate::lifecycle::{KeyState, Ready};
use crate::policy;
use crate::resets::{self, CancelledBy};
use crate::secret::SecretHash;
use crate::sessions::SessionUser;
use crate::store::Store;
use crate::store_error::StoreError;
use crate::text::{self, TextError};
pub use crate::tries::Tries;

/// How long a challenge lives.
pub const CHALLENGE_LIFE: Duration = Duration::from_secs(300);

/// What a challenge is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// To set up.
    Setup,
    /// To unlock.
    Unlock,
    /// To change key records.
    Change,
    /// To renew them.
    Renewal,
}

impl Purpose {
    /// The stable name, as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Unlock => "unlock",
            Self::Change => "change",
            Self::Renewal => "renewal",
        }
    }
}

/// Which challenge: one a session and purpose.
#[derive(Clone, Copy, Debug)]
pub struct ChallengeOf {
    /// The session.
    pub session: SecretHash,
    /// The session's user.
    pub user: UserId,
    /// What it is for.
    pub purpose: Purpose,
}

/// 32 random bytes to sign.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// The bytes.
    pub bytes: [u8; 32],
    /// When it is over.
    pub expires_at: Timestamp,
}

/// Makes the session's challenge in place of the one before.
pub(crate) fn make_challenge(
    store: &mut dyn Store,
    session: &SessionUser,
    purpose: Purpose,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<[u8; 32], StoreError> {
    let mut bytes = [0u8; 32];
    rng.fill_bytes(&mut bytes);
    let challenge = Challenge { bytes, expires_at: now.plus(CHALLENGE_LIFE) };
    store.put_challenge(&challenge_of(session, purpose), &challenge)?;
    Ok(bytes)
}

/// Takes the session's challenge away: whatever comes of it, it is used up.
pub(crate) fn take_challenge(
    store: &mut dyn Store,
    session: &SessionUser,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<[u8; 32]>, StoreError> {
    let taken = store.take_challenge(&challenge_of(session, purpose))?;
    Ok(taken.filter(|challenge| challenge.expires_at > now).map(|challenge| challenge.bytes))
}

fn challenge_of(session: &SessionUser, purpose: Purpose) -> ChallengeOf {
    ChallengeOf { session: *session.hash(), user: session.user(), purpose }
}

/// A way to unlock, as the server checks it.
#[derive(Clone, Debug)]
pub struct StoredMethod {
    /// Which way.
    pub kind: MethodKind,
    /// Its parameters.
    pub parameters: Vec<u8>,
    /// Verifies signatures of its secret.
    pub unlock_public_key: [u8; 32],
    /// What the person calls it; of a passkey.
    pub name: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
}

/// What a successful unlock is given.
#[derive(Clone, Debug)]
pub struct KeyRecords {
    /// The master key under the method's wrapping key.
    pub envelope: Vec<u8>,
    /// The keyring under the master key.
    pub keyring: Vec<u8>,
    /// The card.
    pub card: Vec<u8>,
    /// The states after the remembered one in order, or the latest.
    pub states: Vec<Vec<u8>>,
}

/// Why an unlock was not done.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum UnlockError {
    /// There are no keys yet.
    #[error("the account is not set up")]
    NotReady,
    /// The challenge was used, replaced or is over: fetch a new offer.
    #[error("the challenge is gone")]
    ChallengeGone,
    /// Too many tries failed.
    #[error("too many tries have failed")]
    TriesUsedUp {
        /// After how long there is another; never by waiting, where it is `None`: another method must be used.
        retry_after: Option<Duration>,
    },
    /// The session ended, the account was suspended, or its keys were replaced meanwhile.
    #[error("the session has ended")]
    SignedOut,
}

fn ready_of(session: &SessionUser) -> Option<&Ready> {
    match session.key_state() {
        KeyState::Ready(ready) => Some(ready),
        KeyState::Pending(_) => None,
    }
}

/// What the browser needs to unlock, with a new challenge of five minutes.
///
/// # Errors
/// The outer one: a failing database. The inner one: [`UnlockError::NotReady`].
pub fn offer(
    store: &mut dyn Store,
    session: &SessionUser,
    origins: &[String],
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Result<UnlockOffer, UnlockError>, StoreError> {
    let Some(ready) = ready_of(session) else { return Ok(Err(UnlockError::NotReady)) };
    let methods = store.methods(session.user(), ready.epoch)?;
    let methods = methods.into_iter().map(|method| {
        Ok(OfferedMethod { kind: method.kind, parameters: bounded(method.parameters)? })
    });
    Ok(Ok(UnlockOffer {
        organization: session.organization(),
        user: session.user(),
        epoch: ready.epoch,
        origins: origins.to_vec(),
        methods: methods.collect::<Result<_, StoreError>>()?,
        challenge: Exact::from(make_challenge(store, session, Purpose::Unlock, now, rng)?),
        policy: policy::of(store, session.organization())?.keys(),
    }))
}

/// What is stored was within its limits when it came in.
fn bounded<const MAX: usize>(bytes: Vec<u8>) -> Result<AtMost<MAX>, StoreError> {
    AtMost::new(bytes).ok_or_else(|| StoreError::Corrupt("a key record is too long".to_owned()))
}

/// One try, paid for.
pub struct UnlockTurn {
    session: SecretHash,
    organization: OrganizationId,
    user: UserId,
    epoch: u64,
    origins: Vec<String>,
    challenge: [u8; 32],
    method: StoredMethod,
    charged_at: Timestamp,
    tries_left: u32,
}

/// Takes the session's challenge and charges one try of the method with this type and `P`. The challenge is used up, even when no try is left.
///
/// # Errors
/// The outer one: a failing database. The inner one: the refusal; [`UnlockError::TriesUsedUp`] is recorded.
pub fn charge(
    store: &mut dyn Store,
    session: &SessionUser,
    asked: (MethodKind, &[u8]),
    origins: &[String],
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Result<UnlockTurn, UnlockError>, StoreError> {
    let Some(ready) = ready_of(session) else { return Ok(Err(UnlockError::NotReady)) };
    let Some(challenge) = take_challenge(store, session, Purpose::Unlock, now)? else {
        return Ok(Err(UnlockError::ChallengeGone));
    };
    let (kind, parameters) = asked;
    let of_kind: Vec<StoredMethod> = store
        .methods(session.user(), ready.epoch)?
        .into_iter()
        .filter(|method| method.kind == kind)
        .collect();
    // With parameters that no method has, the first of the type is tried, and the proof is wrong: a try like any other.
    let named = of_kind.iter().position(|method| method.parameters == parameters);
    let Some(method) = of_kind.into_iter().nth(named.unwrap_or(0)) else {
        return Ok(Err(UnlockError::NotReady));
    };
    let (charged_at, tries_left) = match pay(store, session, kind, now, rng)? {
        Ok(paid) => paid,
        Err(refusal) => return Ok(Err(refusal)),
    };
    Ok(Ok(UnlockTurn {
        session: *session.hash(),
        organization: session.organization(),
        user: session.user(),
        epoch: ready.epoch,
        origins: origins.to_vec(),
        challenge,
        method,
        charged_at,
        tries_left,
    }))
}

/// When the try was charged, and how many are left after it.
type Paid = (Timestamp, u32);

fn pay(
    store: &mut dyn Store,
    session: &SessionUser,
    kind: MethodKind,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Result<Paid, UnlockError>, StoreError> {
    let user = session.user();
    let mut tries = tries_of(store, user, kind)?;
    let version = tries.version;
    match tries.charge(kind, now) {
        Ok(tries_left) => {
            save(store, user, kind, &tries, version)?;
            Ok(Ok((now, tries_left)))
        }
        Err(retry_after) => {
            if tries.note_refusal(now) {
                save(store, user, kind, &tries, version)?;
                Event::new(EventKind::UnlockRefused, session.organization())
                    .user(user)
                    .detail(format!("method {}", kind.number()))
                    .record(store, now, rng)?;
            }
            Ok(Err(UnlockError::TriesUsedUp { retry_after }))
        }
    }
}

/// The row is made at set-up: without it nothing may be tried, rather than everything.
fn tries_of(store: &mut dyn Store, user: UserId, kind: MethodKind) -> Result<Tries, StoreError> {
    store
        .tries(user, kind)?
        .ok_or_else(|| StoreError::Corrupt("the count of tries is missing".to_owned()))
}

/// Jobs behave as if one ran after another, so a lost race here means that this is not so: better no answer.
fn save(
    store: &mut dyn Store,
    user: UserId,
    kind: MethodKind,
    tries: &Tries,
    expected: u64,
) -> Result<(), StoreError> {
    if store.put_tries(user, kind, tries, expected)? { Ok(()) } else { Err(StoreError::Busy) }
}

/// The secret was wrong; the try stays charged.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the secret is wrong")]
pub struct WrongSecret {
    /// How many tries are left for now.
    pub tries_left: u32,
}

impl UnlockTurn {
    /// Checks the request with the method's public key. Run it outside of any transaction.
    ///
    /// # Errors
    /// [`WrongSecret`], also for a request about other parameters: the two look alike.
    pub fn verify(self, request: &UnlockRequest) -> Result<ProvenUnlock, WrongSecret> {
        let expected = UnlockExpectation {
            organization: self.organization,
            user: self.user,
            epoch: self.epoch,
            origins: &self.origins,
            challenge: self.challenge,
            kind: self.method.kind,
            parameters: &self.method.parameters,
            unlock_public_key: &self.method.unlock_public_key,
        };
        match verify_unlock(request, &expected) {
            Ok(verified) => Ok(ProvenUnlock { turn: self, verified }),
            Err(_) => Err(WrongSecret { tries_left: self.tries_left }),
        }
    }
}

/// Proof that a session proved a secret of its own account.
pub struct ProvenUnlock {
    turn: UnlockTurn,
    verified: VerifiedUnlock,
}

/// Unlocks the session of a proven unlock: gives the try back and the method's envelope, keyring, card and states out.
/// Who unlocks has lost nothing, so that a RESET that was asked for is cancelled.
///
/// # Errors
/// The outer one: a failing database. The inner one: [`UnlockError::SignedOut`]; [`UnlockError::ChallengeGone`] when the
/// method was replaced or taken away on the way, as a change ends what is open.
pub fn settle(
    store: &mut dyn Store,
    proven: &ProvenUnlock,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Result<UnlockAnswer, UnlockError>, StoreError> {
    let ProvenUnlock { turn, verified } = proven;
    let kind = verified.kind();
    if !is_still_ready(store, turn, now)? {
        return Ok(Err(UnlockError::SignedOut));
    }
    if !is_still_offered(store, turn)? {
        return Ok(Err(UnlockError::ChallengeGone));
    }
    if !store.unlock_session(&turn.session, kind)? {
        return Ok(Err(UnlockError::SignedOut));
    }
    let whose = (turn.organization, turn.user);
    resets::cancel_of(store, whose, CancelledBy::Unlock, now, rng)?;
    let mut tries = tries_of(store, turn.user, kind)?;
    let version = tries.version;
    tries.give_back(turn.charged_at);
    save(store, turn.user, kind, &tries, version)?;
    let failed_since = store.take_failures(turn.user)?;
    let remembered =
        verified.remembered().filter(|point| point.epoch == turn.epoch).map(|point| point.seq);
    let records = store
        .key_records(turn.user, turn.epoch, (kind, &turn.method.parameters), remembered)?
        .ok_or_else(|| StoreError::Corrupt("the key records are missing".to_owned()))?;
    Ok(Ok(render(records, failed_since)?))
}

/// The session lives, and its user is active and has the keys that the try was about.
fn is_still_ready(
    store: &mut dyn Store,
    turn: &UnlockTurn,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(store.session(&turn.session)?.is_some_and(|found| {
        found.is_live(now)
            && matches!(found.key_state, KeyState::Ready(ref ready) if ready.epoch == turn.epoch)
    }))
}

/// The account still has the method that was proved.
fn is_still_offered(store: &mut dyn Store, turn: &UnlockTurn) -> Result<bool, StoreError> {
    let (kind, parameters) = (turn.method.kind, &turn.method.parameters);
    let methods = store.methods(turn.user, turn.epoch)?;
    Ok(methods.iter().any(|method| method.kind == kind && method.parameters == *parameters))
}

fn render(records: KeyRecords, failed_since: u64) -> Result<UnlockAnswer, StoreError> {
    Ok(UnlockAnswer {
        envelope: bounded(records.envelope)?,
        keyring: bounded(records.keyring)?,
        card: bounded(records.card)?,
        states: records.states.into_iter().map(bounded).collect::<Result<_, _>>()?,
        failed_since,
    })
}

/// The account's methods, for a session that proved one of them.
///
/// # Errors
/// [`ChangeError::Locked`].
pub fn methods(
    store: &mut dyn Store,
    session: &SessionUser,
) -> Result<Vec<StoredMethod>, ChangeError> {
    let (epoch, _) = unlocked_epoch(session)?;
    Ok(store.methods(session.user(), epoch)?)
}

/// What a person calls a passkey: 1 to 64 characters on one line.
#[derive(Clone, Debug)]
pub struct PasskeyName(String);

impl PasskeyName {
    const WHAT: &'static str = "the passkey's name";
    const MOST: usize = 64;

    /// Parses a name.
    ///
    /// # Errors
    /// None or too many characters, or one that cannot be seen.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let name = text::line(Self::WHAT, text, Self::MOST * char::MAX.len_utf8())?;
        if name.chars().count() > Self::MOST {
            return Err(TextError::new(Self::WHAT, "is too long"));
        }
        Ok(Self(name))
    }
}

/// Names a passkey of the account; `false` when there is none with these parameters.
///
/// # Errors
/// [`ChangeError::Locked`].
pub fn name_passkey(
    store: &mut dyn Store,
    session: &SessionUser,
    parameters: &[u8],
    name: &PasskeyName,
) -> Result<bool, ChangeError> {
    let (epoch, _) = unlocked_epoch(session)?;
    Ok(store.name_passkey(session.user(), epoch, parameters, &name.0)?)
}
