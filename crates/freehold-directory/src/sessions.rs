//! Sessions: what a sign-in leaves in the browser. Opaque, stored as a hash, ended with the account.

use std::cmp::Reverse;
use std::fmt;
use std::time::Duration;

use freehold_wire::{ConnectionId, MethodKind, OrganizationId, SessionId, Timestamp, UserId};
use rand_core::CryptoRng;

use crate::events::{Event, EventKind};
use crate::lifecycle::KeyState;
use crate::roles::Role;
use crate::secret::{SecretHash, SessionSecret};
use crate::store::Store;
use crate::store_error::StoreError;

/// A session ends so long after the sign-in, whatever happens.
pub const ABSOLUTE_LIFE: Duration = Duration::from_secs(12 * 3600);
/// A session ends when it was not used for so long.
pub const IDLE_LIFE: Duration = Duration::from_secs(30 * 60);
/// Sessions of one person at a time. With one more, the one that was not used for longest ends.
pub const MOST: usize = 50;
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

/// Which sessions over a connection.
#[derive(Clone, Copy, Debug)]
pub enum Over<'a> {
    /// All of them.
    Everybody,
    /// Those of one session at the identity provider.
    IdentitySession(&'a str),
    /// Those of one user.
    User(UserId),
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
    /// Its name in lists.
    pub id: SessionId,
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
    /// The user's role.
    pub role: Role,
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
        is_live(self.expires_at, self.last_seen_at, now)
    }
}

fn is_live(expires_at: Timestamp, last_seen_at: Timestamp, now: Timestamp) -> bool {
    expires_at > now && last_seen_at.plus(IDLE_LIFE) > now
}

/// A session in a list: enough to tell it from others, nothing to use it with.
#[derive(Clone, Debug)]
pub struct SessionOverview {
    /// Its name.
    pub id: SessionId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, exact to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends, whatever happens.
    pub expires_at: Timestamp,
    /// The browser.
    pub device: Device,
    /// The name of the connection the person signed in over; none with a link.
    pub connection: Option<String>,
}

/// Who ended a session before its time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EndedBy {
    /// The person: signed out, or ended it from another one.
    Person,
    /// A new sign-in in the same browser.
    SignIn,
    /// The operator, on the command line.
    Operator,
    /// The identity provider, by SCIM.
    Provisioning,
    /// The approval of a RESET.
    Reset,
    /// This admin, in the console.
    Admin(UserId),
}

impl fmt::Display for EndedBy {
    /// The name in the audit trail.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Person => "the person",
            Self::SignIn => "a new sign-in",
            Self::Operator => "the operator",
            Self::Provisioning => "provisioning",
            Self::Reset => "a reset",
            Self::Admin(user) => return write!(f, "{user}"),
        })
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

    /// Its name in lists.
    pub fn id(&self) -> SessionId {
        self.found.id
    }

    /// The user's role at this moment.
    pub fn role(&self) -> Role {
        self.found.role
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

    /// Proof that the session may see items: password or passkey unlocked it. A recovery code opens the way to a new password
    /// only.
    ///
    /// # Errors
    /// [`Locked`].
    pub fn unlocked(&self) -> Result<Unlocked<'_>, Locked> {
        match (self.unlocked_by(), self.key_state()) {
            (Some(method), KeyState::Ready(_)) if opens_items(method) => {
                Ok(Unlocked { session: self })
            }
            _ => Err(Locked),
        }
    }
}

/// Whether a session that this method unlocked may see items. A recovery code opens the way to a new password only.
pub(crate) fn opens_items(method: MethodKind) -> bool {
    matches!(method, MethodKind::Password | MethodKind::Passkey)
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

impl<'a> Unlocked<'a> {
    /// The user.
    pub fn user(&self) -> UserId {
        self.session.user()
    }

    pub(crate) fn session(&self) -> &'a SessionUser {
        self.session
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

/// Ends the session of a cookie. Ending one that is gone does nothing.
///
/// # Errors
/// A failing database.
pub fn end(
    store: &mut dyn Store,
    secret: &SessionSecret,
    by: EndedBy,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    let hash = secret.hash();
    let found = store.session(&hash)?;
    if !store.delete_session(&hash)? {
        return Ok(());
    }
    match found {
        Some(found) => {
            let whose = (found.organization, found.user);
            note_end(store, whose, found.id.to_string(), by, now, rng)
        }
        None => Ok(()),
    }
}

/// A user of an organization.
pub type Whose = (OrganizationId, UserId);

fn note_end(
    store: &mut dyn Store,
    (organization, user): Whose,
    what: String,
    by: EndedBy,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    Event::new(EventKind::SessionEnded, organization)
        .user(user)
        .detail(format!("{what} by {by}"))
        .record(store, now, rng)
}

/// Ends the session of a user with this name; `false` when the user has none.
///
/// # Errors
/// A failing database.
pub fn end_named(
    store: &mut dyn Store,
    whose: Whose,
    id: SessionId,
    by: EndedBy,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<bool, StoreError> {
    let Some(hash) = store.session_named(whose.1, id)? else { return Ok(false) };
    store.delete_session(&hash)?;
    note_end(store, whose, id.to_string(), by, now, rng)?;
    Ok(true)
}

/// Ends all sessions of the person but this one; answers how many.
///
/// # Errors
/// A failing database.
pub fn end_others(
    store: &mut dyn Store,
    session: &SessionUser,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<u64, StoreError> {
    let whose = (session.organization(), session.user());
    let others = store.sessions_of(session.user())?;
    let mut ended = 0;
    for other in others.iter().filter(|other| other.id != session.id()) {
        ended += u64::from(end_named(store, whose, other.id, EndedBy::Person, now, rng)?);
    }
    Ok(ended)
}

/// Ends all sessions of a user; answers how many.
///
/// # Errors
/// A failing database.
pub fn end_all_of(
    store: &mut dyn Store,
    whose: Whose,
    by: EndedBy,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<u64, StoreError> {
    let ended = store.delete_sessions_of(whose.1)?;
    if ended > 0 {
        note_end(store, whose, format!("all {ended}"), by, now, rng)?;
    }
    Ok(ended)
}

/// The live sessions of a user, last begun first.
///
/// # Errors
/// A failing database.
pub fn list(
    store: &mut dyn Store,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<SessionOverview>, StoreError> {
    let mut all = store.sessions_of(user)?;
    all.retain(|one| is_live(one.expires_at, one.last_seen_at, now));
    Ok(all)
}

/// Begins a session at sign-in.
pub(crate) fn begin(
    store: &mut dyn Store,
    whose: Whose,
    connection: Option<ConnectionId>,
    visit: &Visit,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<SessionSecret, StoreError> {
    let secret = SessionSecret::make(rng);
    let id = SessionId::make(now, rng);
    let latest = now.plus(ABSOLUTE_LIFE);
    store.insert_session(&NewSession {
        hash: secret.hash(),
        id,
        user: whose.1,
        connection,
        identity_session: visit.identity_session.clone(),
        device: visit.device.clone(),
        created_at: now,
        expires_at: visit.ends_at.map_or(latest, |ends_at| ends_at.min(latest)),
    })?;
    note_begin(store, whose, connection, id, now, rng)?;
    end_unused(store, whose, id, now, rng)?;
    Ok(secret)
}

/// Whoever may sign in can do it without end, and each session stands in lists and is ended one by one.
fn end_unused(
    store: &mut dyn Store,
    whose: Whose,
    newest: SessionId,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    let mut others = store.sessions_of(whose.1)?;
    if others.len() <= MOST {
        return Ok(());
    }
    others.retain(|other| other.id != newest);
    others.sort_by_key(|other| Reverse((other.last_seen_at, other.created_at)));
    for other in others.iter().skip(MOST - 1) {
        end_named(store, whose, other.id, EndedBy::SignIn, now, rng)?;
    }
    Ok(())
}

pub(crate) fn note_begin(
    store: &mut dyn Store,
    (organization, user): Whose,
    connection: Option<ConnectionId>,
    id: SessionId,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    let mut event =
        Event::new(EventKind::SessionBegun, organization).user(user).detail(id.to_string());
    event.connection = connection;
    event.record(store, now, rng)
}
