//! An admin tries a connection before anybody depends on it. The answer is verified as any other; then it is told, and
//! nothing else: no session begins or ends, nobody is linked.

use std::time::Duration;

use freehold_sso::VerifiedAssertion;
use freehold_wire::{ConnectionId, OrganizationId, SessionId, Timestamp, UserId};
use rand_core::CryptoRng;

use super::{ClaimRefusal, PendingLogin, find_person, proven_by};
use crate::connections::{self, ConnectionError};
use crate::events::{Event, EventKind};
use crate::sessions::SessionUser;
use crate::store::Store;
use crate::store_error::StoreError;

/// How long what the identity provider said of a person is kept.
pub const TEST_MEMORY: Duration = Duration::from_secs(3_600);

/// How a test ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// The person is somebody here already.
    Linked,
    /// The person would become this user at the first sign-in.
    WouldLink,
    /// The answer is good, and nobody was provisioned for the person.
    NoUser,
    /// The answer is good, and the person would be refused.
    NotAdmitted,
    /// The answer did not verify.
    Refused,
}

impl Verdict {
    const ALL: [Self; 5] =
        [Self::Linked, Self::WouldLink, Self::NoUser, Self::NotAdmitted, Self::Refused];

    /// The stable name, as stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Linked => "linked",
            Self::WouldLink => "would-link",
            Self::NoUser => "no-user",
            Self::NotAdmitted => "not-admitted",
            Self::Refused => "refused",
        }
    }

    /// The verdict of a stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.as_str() == name)
    }
}

/// What the identity provider said of a person.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TestedPerson {
    /// What has to equal a user's `externalId`.
    pub subject: String,
    /// The tenant.
    pub tenant: Option<String>,
    /// A name to show.
    pub display: Option<String>,
    /// The user principal name or preferred user name.
    pub upn: Option<String>,
}

/// The last test of a connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignInTest {
    /// The connection.
    pub connection: ConnectionId,
    /// Whose test it was.
    pub session: SessionId,
    /// When.
    pub at: Timestamp,
    /// How it ended.
    pub verdict: Verdict,
    /// Why it ended so, in words for an admin.
    pub reason: Option<String>,
    /// The user that the person is or would be.
    pub user: Option<UserId>,
    /// What the identity provider said, if it is not forgotten.
    pub person: Option<TestedPerson>,
}

/// The test was begun in another session, or the person is no admin any more.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the test was begun in another session")]
pub struct OtherSession;

/// Tells whom a verified person would be. `session` is the browser's: only the admin who began the test ends it.
///
/// # Errors
/// The outer one: a failing database. The inner one: [`OtherSession`].
pub fn test(
    store: &mut dyn Store,
    login: &PendingLogin,
    assertion: &VerifiedAssertion,
    session: &SessionUser,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Result<(), OtherSession>, StoreError> {
    if login.tester != Some(session.id()) || session.admin().is_err() {
        return Ok(Err(OtherSession));
    }
    let Some(connection) = store.connection(login.connection)? else { return Ok(Ok(())) };
    let found = find_person(store, &connection, assertion, proven_by(session))?;
    let (verdict, user, reason) = match found {
        Ok(found) if found.first => (Verdict::WouldLink, Some(found.user), None),
        Ok(found) => (Verdict::Linked, Some(found.user), None),
        Err(ClaimRefusal::NoUser) => (Verdict::NoUser, None, None),
        Err(refusal @ ClaimRefusal::NotObjectIds) => {
            (Verdict::NoUser, None, Some(refusal.to_string()))
        }
        Err(refusal) => (Verdict::NotAdmitted, None, Some(refusal.to_string())),
    };
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let person = TestedPerson {
        subject: assertion.subject().to_owned(),
        tenant: owned(assertion.tenant()),
        display: owned(assertion.display()),
        upn: owned(assertion.upn()),
    };
    let ended = SignInTest {
        connection: connection.id,
        session: session.id(),
        at: now,
        verdict,
        reason,
        user,
        person: Some(person),
    };
    let by = Some(session.user());
    keep(store, &ended, connection.organization, by, rng).map(Ok)
}

/// Records that the answer to a test did not verify.
pub(super) fn refused(
    store: &mut dyn Store,
    (login, tester): (&PendingLogin, SessionId),
    organization: OrganizationId,
    reason: &str,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    let ended = SignInTest {
        connection: login.connection,
        session: tester,
        at: now,
        verdict: Verdict::Refused,
        reason: Some(reason.to_owned()),
        user: None,
        person: None,
    };
    keep(store, &ended, organization, None, rng)
}

fn keep(
    store: &mut dyn Store,
    ended: &SignInTest,
    organization: OrganizationId,
    by: Option<UserId>,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    store.put_sign_in_test(ended)?;
    let detail = ended.reason.as_deref().unwrap_or(ended.verdict.as_str());
    let mut event = Event::new(EventKind::SignInTested, organization)
        .connection(ended.connection)
        .detail(detail);
    event.user = by;
    event.record(store, ended.at, rng)
}

/// The last test of a connection, as one session may see it.
#[derive(Clone, Debug)]
pub struct LastTest {
    /// The test.
    pub test: SignInTest,
    /// The `userName` of its user.
    pub user_name: Option<String>,
}

/// The last test of a connection of this organization, for this session: what was said of a person is only for the one
/// that asked.
///
/// # Errors
/// [`ConnectionError::Unknown`].
pub fn last_test(
    store: &mut dyn Store,
    session: &SessionUser,
    connection: ConnectionId,
    now: Timestamp,
) -> Result<Option<LastTest>, ConnectionError> {
    connections::of(store, session.organization(), connection)?;
    let Some(mut test) = store.sign_in_test(connection)? else { return Ok(None) };
    if test.session != session.id() || test.at.plus(TEST_MEMORY) <= now {
        (test.person, test.user) = (None, None);
    }
    let user = match test.user {
        Some(user) => store.user(session.organization(), user)?,
        None => None,
    };
    let user_name = user.map(|user| user.document.user_name().to_owned());
    Ok(Some(LastTest { test, user_name }))
}
