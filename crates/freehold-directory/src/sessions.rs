//! Sessions: what a sign-in leaves in the browser. Opaque, stored as a hash, ended with the account.

use std::time::Duration;

use freehold_wire::{ConnectionId, MethodKind, OrganizationId, SessionId, Timestamp, UserId};
use rand_core::CryptoRng;

use crate::lifecycle::KeyState;
use crate::secret::{SecretHash, SessionSecret};
use crate::store::Store;
use crate::store_error::StoreError;

/// A session ends so long after the sign-in, whatever happens.
pub const ABSOLUTE_LIFE: Duration = Duration::from_secs(12 * 3600);
/// A session ends when it was not used for so long.
pub const IDLE_LIFE: Duration = Duration::from_secs(30 * 60);
/// How seldom the last use of a session is written.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

/// What a browser says of itself, for the list of one's sessions. Nothing is decided by it.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// Its network address.
    pub address: String,
    /// Its name (`User-Agent`).
    pub client: String,
}

/// How somebody came in.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// The browser.
    pub device: Device,
    /// What the identity provider calls its own session (`sid`, `SessionIndex`).
    pub identity_session: Option<String>,
    /// When the identity provider wants the session to end, at the latest.
    pub ends_at: Option<Timestamp>,
}

/// A session to store.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// SHA-256 of the cookie.
    pub hash: SecretHash,
    /// Its name in lists.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// Over which connection the person signed in; none with a link.
    pub connection: Option<ConnectionId>,
    /// What the identity provider calls its own session.
    pub identity_session: Option<String>,
    /// The browser.
    pub device: Device,
    /// When.
    pub created_at: Timestamp,
    /// When it ends, whatever happens.
    pub expires_at: Timestamp,
}

/// A session in place of another one, of the same sign-in.
#[derive(Clone, Debug)]
pub struct NextSession {
    /// SHA-256 of the cookie.
    pub hash: SecretHash,
    /// Its name in lists.
    pub id: SessionId,
    /// When.
    pub created_at: Timestamp,
    /// The method that unlocked it.
    pub unlocked_by: MethodKind,
}

/// A stored session, with what is known of its user without reading the document.
#[derive(Clone, Debug)]
pub struct FoundSession {
    /// SHA-256 of the cookie.
    pub hash: SecretHash,
    /// Whose.
    pub user: UserId,
    /// Over which connection the person signed in; none with a link.
    pub connection: Option<ConnectionId>,
    /// When it was last used, exact to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends, whatever happens.
    pub expires_at: Timestamp,
    /// When the sign-in that it goes back to ends; a session made in its place ends then.
    pub sign_in_ends_at: Timestamp,
    /// The method that unlocked it.
    pub unlocked_by: Option<MethodKind>,
    /// The user's `userName`.
    pub user_name: String,
    /// The user's `externalId`.
    pub external_id: Option<String>,
    /// The user's `displayName`.
    pub display_name: Option<String>,
    /// How far the user's keys are.
    pub key_state: KeyState,
    /// The organization.
    pub organization: OrganizationId,
    /// Its slug.
    pub organization_slug: String,
    /// Its name.
    pub organization_name: String,
}

impl FoundSession {
    /// Whether neither its absolute nor its idle end has come.
    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at > now && self.last_seen_at.plus(IDLE_LIFE) > now
    }
}

/// Proof that a request comes from a signed-in person whose account is active: found in the transaction at hand.
#[derive(Clone, Debug)]
pub struct SessionUser {
    found: FoundSession,
}

impl SessionUser {
    /// The user.
    pub fn user(&self) -> UserId {
        self.found.user
    }

    /// The organization.
    pub fn organization(&self) -> OrganizationId {
        self.found.organization
    }

    /// The organization's slug and name.
    pub fn organization_names(&self) -> (&str, &str) {
        (&self.found.organization_slug, &self.found.organization_name)
    }

    /// The connection the person signed in over; none with a link.
    pub fn connection(&self) -> Option<ConnectionId> {
        self.found.connection
    }

    /// The user's `userName`.
    pub fn user_name(&self) -> &str {
        &self.found.user_name
    }

    /// The user's `externalId`.
    pub fn external_id(&self) -> Option<&str> {
        self.found.external_id.as_deref()
    }

    /// The user's `displayName`.
    pub fn display_name(&self) -> Option<&str> {
        self.found.display_name.as_deref()
    }

    /// How far the user's keys are.
    pub fn key_state(&self) -> &KeyState {
        &self.found.key_state
    }

    /// The method that unlocked the session, if any did.
    pub fn unlocked_by(&self) -> Option<MethodKind> {
        self.found.unlocked_by
    }

    /// When the session ends, whatever happens.
    pub fn expires_at(&self) -> Timestamp {
        self.found.expires_at
    }

    pub(crate) fn sign_in_ends_at(&self) -> Timestamp {
        self.found.sign_in_ends_at
    }

    pub(crate) fn hash(&self) -> &SecretHash {
        &self.found.hash
    }

    /// Whether it is time to write the last use down ([`touch`]): at most once a minute.
    pub fn touch_due(&self, now: Timestamp) -> bool {
        self.found.last_seen_at.plus(TOUCH_EVERY) <= now
    }

    /// Proof that the session may see items: the password unlocked it. A recovery code opens the way to a new password
    /// only.
    ///
    /// # Errors
    /// [`Locked`].
    pub fn unlocked(&self) -> Result<Unlocked<'_>, Locked> {
        match (self.unlocked_by(), self.key_state()) {
            (Some(MethodKind::Password), KeyState::Ready(_)) => Ok(Unlocked { session: self }),
            _ => Err(Locked),
        }
    }
}

/// The session is not unlocked by a method that gives access to items.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the session is locked")]
pub struct Locked;

/// Proof of [`SessionUser::unlocked`].
#[derive(Clone, Copy, Debug)]
pub struct Unlocked<'a> {
    session: &'a SessionUser,
}

impl Unlocked<'_> {
    /// The user.
    pub fn user(&self) -> UserId {
        self.session.user()
    }
}

/// Finds the live session of a cookie. Call it in the job that acts on it: a session found earlier may have ended.
///
/// # Errors
/// A failing database.
pub fn find(
    store: &mut dyn Store,
    secret: &SessionSecret,
    now: Timestamp,
) -> Result<Option<SessionUser>, StoreError> {
    let hash = secret.hash();
    let found =
        store.session(&hash)?.filter(|found| found.hash.matches(&hash) && found.is_live(now));
    Ok(found.map(|found| SessionUser { found }))
}

/// Writes the last use down; call it when [`SessionUser::touch_due`] says so.
///
/// # Errors
/// A failing database.
pub fn touch(
    store: &mut dyn Store,
    session: &SessionUser,
    now: Timestamp,
) -> Result<(), StoreError> {
    store.touch_session(session.hash(), now)
}

/// Locks a session: unlocking has to prove the secret again.
///
/// # Errors
/// A failing database.
pub fn lock(store: &mut dyn Store, session: &SessionUser) -> Result<(), StoreError> {
    store.lock_session(session.hash())
}

/// Ends a session. Ending one that is gone does nothing.
///
/// # Errors
/// A failing database.
pub fn end(store: &mut dyn Store, secret: &SessionSecret) -> Result<(), StoreError> {
    store.delete_session(&secret.hash()).map(drop)
}

/// Ends all sessions of a user; answers how many.
///
/// # Errors
/// A failing database.
pub fn end_all_of(store: &mut dyn Store, user: UserId) -> Result<u64, StoreError> {
    store.delete_sessions_of(user)
}

/// Begins a session at sign-in.
pub(crate) fn begin(
    store: &mut dyn Store,
    user: UserId,
    connection: Option<ConnectionId>,
    visit: &Visit,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<SessionSecret, StoreError> {
    let secret = SessionSecret::make(rng);
    let latest = now.plus(ABSOLUTE_LIFE);
    store.insert_session(&NewSession {
        hash: secret.hash(),
        id: SessionId::make(now, rng),
        user,
        connection,
        identity_session: visit.identity_session.clone(),
        device: visit.device.clone(),
        created_at: now,
        expires_at: visit.ends_at.map_or(latest, |ends_at| ends_at.min(latest)),
    })?;
    Ok(secret)
}
