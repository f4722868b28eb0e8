//! Signing in: a begun login waits for its browser to come back; a verified person claims the account provisioned for it.
//!
//! The claim decides who makes the master key of a PENDING account, so a wrong match would be for ever. Nothing here
//! looks at e-mail addresses, and no account is made on the way.

mod posted;
mod refused;
mod tested;
mod user_name;

use std::time::Duration;

use freehold_sso::VerifiedAssertion;
use freehold_wire::{ConnectionId, OrganizationId, SessionId, Timestamp, UserId};
use rand_core::CryptoRng;
use zeroize::Zeroize;

use crate::connections::Connection;
use crate::events::{Event, EventKind};
use crate::identity::{comparable, is_guid};
use crate::roles::Role;
use crate::secret::{PreLoginSecret, SecretHash, SessionSecret};
use crate::sessions::{self, EndedBy, SessionUser, Visit};
use crate::store::Store;
use crate::store_error::StoreError;
use crate::text::TextError;

pub use posted::{
    Answer, AnswerRefusal, AnsweredLogin, HAND_OVER_LIFE, NewAnswer, Posted, StoredLogin, answer,
    give_up, pending_of, take_answered,
};
pub use tested::{
    LastTest, OtherSession, SignInTest, TEST_MEMORY, TestedPerson, Verdict, last_test, test,
};

/// How long a begun login waits.
pub const LOGIN_LIFE: Duration = Duration::from_secs(600);

/// The pages that somebody may want. `/login` is none: it leads to the identity provider of an organization that the link chose.
const PAGES: [&str; 6] = ["/", "/admin/", "/security/", "/setup/", "/unlock/", "/vault/"];

/// A path of this server to go to after signing in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReturnPath(String);

impl ReturnPath {
    /// Parses a path: a page, perhaps with a query and a fragment.
    ///
    /// # Errors
    /// Whatever leads elsewhere, or could be read so by a browser; more than 512 bytes.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let page = text.split(['?', '#']).next().unwrap_or_default();
        let local = PAGES.contains(&page)
            && text.len() <= 512
            // Browsers read `\` as `/` and drop tabs and line ends.
            && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        if local {
            Ok(Self(text.to_owned()))
        } else {
            Err(TextError::new("the path to return to", "must be one of the pages"))
        }
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A begun login as the caller made it.
pub struct BegunLogin<'a> {
    /// The connection it goes to.
    pub connection: ConnectionId,
    /// The `state` parameter or `RelayState`.
    pub state: &'a str,
    /// The pre-login cookie of this browser.
    pub browser: &'a PreLoginSecret,
    /// What the answer must show.
    pub expected: Expected,
    /// Where to go afterwards.
    pub wanted: Option<ReturnPath>,
    /// The session of the admin whose test it is ([`test`]); none of a real sign-in.
    pub tester: Option<SessionId>,
}

/// A begun login to store.
pub struct NewLogin {
    /// SHA-256 of the `state` parameter or `RelayState`.
    pub state: SecretHash,
    /// SHA-256 of the pre-login cookie.
    pub browser: SecretHash,
    /// When it is over.
    pub expires_at: Timestamp,
    /// The rest.
    pub pending: PendingLogin,
}

/// A begun login, taken by the browser that came back. It can be taken once.
pub struct PendingLogin {
    /// The connection it went to: the answer must be this one's.
    pub connection: ConnectionId,
    /// What the answer must show.
    pub expected: Expected,
    /// Where to go afterwards.
    pub wanted: Option<ReturnPath>,
    /// The session of the admin whose test it is: nobody is signed in by it.
    pub tester: Option<SessionId>,
}

/// What ties an answer to the login that was begun.
#[derive(Clone, Eq, PartialEq)]
pub enum Expected {
    /// OpenID Connect.
    Oidc {
        /// The `nonce` that the ID token must carry.
        nonce: String,
        /// The PKCE verifier for the token endpoint.
        pkce_verifier: String,
    },
    /// SAML 2.0.
    Saml {
        /// The id of the AuthnRequest that the response must answer.
        request_id: String,
    },
}

impl Drop for Expected {
    fn drop(&mut self) {
        if let Self::Oidc { pkce_verifier, .. } = self {
            pkce_verifier.zeroize();
        }
    }
}

/// Stores a begun login.
///
/// # Errors
/// A failing database.
pub fn begin(
    store: &mut dyn Store,
    begun: &BegunLogin<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    store.insert_login(&NewLogin {
        state: SecretHash::of(begun.state),
        browser: begun.browser.hash(),
        expires_at: now.plus(LOGIN_LIFE),
        pending: PendingLogin {
            connection: begun.connection,
            expected: begun.expected.clone(),
            wanted: begun.wanted.clone(),
            tester: begun.tester,
        },
    })
}

/// Takes the begun login of a callback; `None` when there is none, it is over, was taken before or begun by another
/// browser.
///
/// # Errors
/// A failing database.
pub fn take_pending(
    store: &mut dyn Store,
    state: &str,
    browser: &PreLoginSecret,
    now: Timestamp,
) -> Result<Option<PendingLogin>, StoreError> {
    store.take_login(&SecretHash::of(state), &browser.hash(), now)
}

/// A person of an identity provider, in comparable form.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SubjectKey {
    /// The connection.
    pub connection: ConnectionId,
    /// The tenant; empty where the connection has none.
    pub tenant: String,
    /// The subject; GUIDs in small letters.
    pub subject: String,
}

/// A link to store.
#[derive(Clone, Debug)]
pub struct NewIdentity {
    /// The person.
    pub person: SubjectKey,
    /// The account.
    pub user: UserId,
    /// When.
    pub linked_at: Timestamp,
}

/// A live user with the `externalId` of the person who signs in.
#[derive(Clone, Debug)]
pub struct ClaimCandidate {
    /// The user.
    pub user: UserId,
    /// The connection it carries.
    pub connection: Option<ConnectionId>,
    /// Whether it is active.
    pub active: bool,
    /// Whether it is PENDING.
    pub pending: bool,
    /// Whether it belongs to a person already.
    pub linked: bool,
    /// Its `externalId`.
    pub external_id: Option<String>,
}

/// A sign-in that succeeded.
pub struct Claimed {
    /// The account.
    pub user: UserId,
    /// Its organization.
    pub organization: OrganizationId,
    /// The new session's cookie.
    pub session: SessionSecret,
    /// Whether the account was claimed just now.
    pub first: bool,
}

/// Why a verified person got no session: for the admin's log. The person sees a fixed text.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimRefusal {
    /// The answer belongs to another connection than the login that was begun.
    #[error("the answer is of another connection than the sign-in that was begun")]
    OtherConnection,
    /// The connection does not exist.
    #[error("the connection does not exist any more")]
    UnknownConnection,
    /// The assertion's issuer or tenant is not the connection's.
    #[error("the issuer or tenant of the answer is not the connection's")]
    OtherTenant,
    /// No user has the person's subject as `externalId`.
    #[error(
        "no user has the subject of this person as externalId; assign the person in the provisioning application"
    )]
    NoUser,
    /// As before, and the users' `externalId`s look like another attribute.
    #[error(
        "no user has the subject of this person as externalId, and externalIds are not object ids: \
         map externalId to objectId in the attribute mapping of the provisioning application"
    )]
    NotObjectIds,
    /// The user with this person's `userName` has an object id as `externalId`, and it is not the person's.
    #[error("the user with this userName has the object id of another person as externalId")]
    HasObjectId,
    /// Users with this `externalId` sign in over another connection.
    #[error("the user was provisioned for another connection of the organization")]
    ForOtherConnection,
    /// The user carries no connection and the organization has several.
    #[error(
        "the user was provisioned by a token without a connection and the organization has several: \
         provision with a token made with --connection"
    )]
    ConnectionUnclear,
    /// More than one user fits.
    #[error("more than one user has the subject of this person as externalId")]
    Ambiguous,
    /// The user is not active.
    #[error("the user is not active")]
    Inactive,
    /// The user belongs to another person already.
    #[error("the user belongs to another person of the identity provider already")]
    AlreadyLinked,
    /// The user is an owner without a link: what SCIM writes into `externalId` hands no owner over.
    #[error(
        "the user is an owner whom no person of the identity provider belongs to yet: sign in from the browser \
         in which a one-time link let the owner in and the vault is unlocked"
    )]
    UnlinkedOwner,
    /// The login is an admin's test.
    #[error("the sign-in was begun as a test")]
    Test,
    /// The user has keys but no link: never adopted by a sign-in.
    #[error("the user is not PENDING")]
    NotPending,
}

impl ClaimRefusal {
    /// The stable name, as noted at whom it concerns.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherConnection => "another-answer",
            Self::UnknownConnection => "unknown-connection",
            Self::OtherTenant => "other-tenant",
            Self::NoUser => "no-user",
            Self::NotObjectIds => "not-object-ids",
            Self::HasObjectId => "has-object-id",
            Self::ForOtherConnection => "other-connection",
            Self::ConnectionUnclear => "connection-unclear",
            Self::Ambiguous => "ambiguous",
            Self::Inactive => "inactive",
            Self::AlreadyLinked => "already-linked",
            Self::UnlinkedOwner => "unlinked-owner",
            Self::Test => "test",
            Self::NotPending => "not-pending",
        }
    }
}

/// Signs a verified person in: the linked account, or the one PENDING account provisioned for the person, which is
/// linked in the same transaction. `login` is the begun login that this answer came back for. `before` is the browser's
/// session: it ends. An unlocked one that began by a link lets its own READY user be linked, whom [`crate::links`]
/// admitted before the identity provider knew of the person.
///
/// # Errors
/// The outer one: a failing database. The inner one: the refusal, of which the caller tells by [`claim_refused`].
pub fn claim(
    store: &mut dyn Store,
    login: &PendingLogin,
    assertion: &VerifiedAssertion,
    visit: &Visit,
    before: Option<&SessionSecret>,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Result<Claimed, ClaimRefusal>, StoreError> {
    if login.tester.is_some() {
        return Ok(Err(ClaimRefusal::Test));
    }
    let Some(connection) = store.connection(login.connection)? else {
        return Ok(Err(ClaimRefusal::UnknownConnection));
    };
    let proven = user_of_link(store, before, now)?;
    let (user, first) = match match_person(store, &connection, assertion, proven, now)? {
        Ok(matched) => matched,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let organization = connection.organization;
    if first {
        Event::new(EventKind::UserClaimed, organization)
            .user(user)
            .connection(connection.id)
            .record(store, now, rng)?;
    }
    Event::new(EventKind::SignedIn, organization)
        .user(user)
        .connection(connection.id)
        .record(store, now, rng)?;
    store.note_sign_in(user, now)?;
    if let Some(before) = before {
        sessions::end(store, before, EndedBy::SignIn, now, rng)?;
    }
    let whose = (organization, user);
    let session = sessions::begin(store, whose, Some(connection.id), visit, now, rng)?;
    Ok(Ok(Claimed { user, organization, session, first }))
}

/// Tells of a [`claim`] that was refused: at whom it concerns, and in the audit log if it `is_recorded` there, for who
/// provokes refusals in masses must not fill it.
///
/// # Errors
/// A failing database.
pub fn claim_refused(
    store: &mut dyn Store,
    (login, assertion): (&PendingLogin, &VerifiedAssertion),
    refusal: &ClaimRefusal,
    is_recorded: bool,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    // Without its connection it is not known whose log it belongs to, and a test is told to its admin.
    let Some(connection) = store.connection(login.connection)? else { return Ok(()) };
    if login.tester.is_some() {
        return Ok(());
    }
    if is_recorded {
        Event::new(EventKind::ClaimRefused, connection.organization)
            .connection(connection.id)
            .detail(refusal.to_string())
            .record(store, now, rng)?;
    }
    refused::note(store, &connection, assertion, refusal, now)
}

/// The user of a session that began by a link and was unlocked: who made this account's keys sits at this browser.
fn user_of_link(
    store: &mut dyn Store,
    session: Option<&SessionSecret>,
    now: Timestamp,
) -> Result<Option<UserId>, StoreError> {
    let Some(secret) = session else { return Ok(None) };
    Ok(sessions::find(store, secret, now)?.as_ref().and_then(proven_by))
}

fn proven_by(session: &SessionUser) -> Option<UserId> {
    let by_link = session.connection().is_none();
    (by_link && session.unlocked().is_ok()).then(|| session.user())
}

/// Records that the answer to a begun login did not verify. It asks for the begun login, which only the browser that
/// began it can take and only once: callbacks that somebody makes up write nothing.
///
/// # Errors
/// A failing database.
pub fn refused(
    store: &mut dyn Store,
    login: &PendingLogin,
    reason: &str,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    // Without its connection it is not known whose log it belongs to.
    let Some(connection) = store.connection(login.connection)? else { return Ok(()) };
    if let Some(tester) = login.tester {
        let organization = connection.organization;
        return tested::refused(store, (login, tester), organization, reason, now, rng);
    }
    Event::new(EventKind::SignInRefused, connection.organization)
        .connection(connection.id)
        .detail(reason)
        .record(store, now, rng)
}

fn connection_of(assertion: &VerifiedAssertion) -> Option<ConnectionId> {
    assertion.connection().parse().ok()
}

/// The account of a person, and whether it was linked just now.
fn match_person(
    store: &mut dyn Store,
    connection: &Connection,
    assertion: &VerifiedAssertion,
    proven: Option<UserId>,
    now: Timestamp,
) -> Result<Result<(UserId, bool), ClaimRefusal>, StoreError> {
    let FoundPerson { person, user, first } =
        match find_person(store, connection, assertion, proven)? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
    if first && !store.insert_identity(&NewIdentity { person, user, linked_at: now })? {
        return Ok(Err(ClaimRefusal::AlreadyLinked));
    }
    Ok(Ok((user, first)))
}

/// The account that a person has or would get.
struct FoundPerson {
    person: SubjectKey,
    user: UserId,
    /// Whether the person is yet to be linked.
    first: bool,
}

/// Changes nothing; the account stays as it is until the end of the transaction.
fn find_person(
    store: &mut dyn Store,
    connection: &Connection,
    assertion: &VerifiedAssertion,
    proven: Option<UserId>,
) -> Result<Result<FoundPerson, ClaimRefusal>, StoreError> {
    // The answer of connection A must never finish a sign-in begun for B.
    if connection_of(assertion) != Some(connection.id) {
        return Ok(Err(ClaimRefusal::OtherConnection));
    }
    if !is_from(connection, assertion) {
        return Ok(Err(ClaimRefusal::OtherTenant));
    }
    let person = SubjectKey {
        connection: connection.id,
        tenant: comparable(assertion.tenant().unwrap_or_default()),
        subject: comparable(assertion.subject()),
    };
    let (user, first) = match store.linked_user(&person)? {
        // A link decides alone: externalId may have changed since, and moves nothing.
        Some(user) => (user, false),
        None => match unlinked_user(store, connection, assertion, proven)? {
            Ok(user) => (user, true),
            Err(refusal) => return Ok(Err(refusal)),
        },
    };
    if !store.hold_active_user(user)? {
        return Ok(Err(ClaimRefusal::Inactive));
    }
    Ok(Ok(FoundPerson { person, user, first }))
}

fn is_from(connection: &Connection, assertion: &VerifiedAssertion) -> bool {
    let tenant = connection.tenant.as_deref().is_none_or(|wanted| {
        assertion.tenant().is_some_and(|tenant| comparable(tenant) == comparable(wanted))
    });
    tenant && assertion.issuer() == connection.issuer()
}

fn unlinked_user(
    store: &mut dyn Store,
    connection: &Connection,
    assertion: &VerifiedAssertion,
    proven: Option<UserId>,
) -> Result<Result<UserId, ClaimRefusal>, StoreError> {
    let subject = comparable(assertion.subject());
    let candidates = store.claim_candidates(connection.organization, &subject)?;
    let only_connection = store.connections(connection.organization)?.len() == 1;
    let chosen = if candidates.is_empty() {
        match user_name::candidate(store, connection, assertion.upn())? {
            Some(candidate) if candidate.external_id.as_deref().is_some_and(is_guid) => {
                return Ok(Err(ClaimRefusal::HasObjectId));
            }
            Some(candidate) => choose(&[candidate], connection.id, only_connection, proven),
            None => return why_nobody(store, connection, &subject).map(Err),
        }
    } else {
        choose(&candidates, connection.id, only_connection, proven)
    };
    match chosen {
        Ok(user) if proven != Some(user) && store.role_of(user)? == Role::Owner => {
            Ok(Err(ClaimRefusal::UnlinkedOwner))
        }
        chosen => Ok(chosen),
    }
}

/// A person with a GUID among users without: then another attribute is mapped to `externalId`.
fn why_nobody(
    store: &mut dyn Store,
    connection: &Connection,
    subject: &str,
) -> Result<ClaimRefusal, StoreError> {
    if is_guid(subject) {
        let some = store.some_external_ids(connection.organization)?;
        if !some.is_empty() && !some.iter().any(|external_id| is_guid(external_id)) {
            return Ok(ClaimRefusal::NotObjectIds);
        }
    }
    Ok(ClaimRefusal::NoUser)
}

/// Exactly one user of this connection: one that carries it, or carries none while it is the only one.
fn choose(
    candidates: &[ClaimCandidate],
    connection: ConnectionId,
    only_connection: bool,
    proven: Option<UserId>,
) -> Result<UserId, ClaimRefusal> {
    let fits = |candidate: &&ClaimCandidate| match candidate.connection {
        Some(carried) => carried == connection,
        None => only_connection,
    };
    let mut fitting = candidates.iter().filter(fits);
    let Some(candidate) = fitting.next() else {
        let unclear = candidates.iter().any(|candidate| candidate.connection.is_none());
        return Err(if unclear {
            ClaimRefusal::ConnectionUnclear
        } else {
            ClaimRefusal::ForOtherConnection
        });
    };
    match candidate {
        _ if fitting.next().is_some() => Err(ClaimRefusal::Ambiguous),
        candidate if candidate.linked => Err(ClaimRefusal::AlreadyLinked),
        candidate if !candidate.active => Err(ClaimRefusal::Inactive),
        candidate if !candidate.pending && proven != Some(candidate.user) => {
            Err(ClaimRefusal::NotPending)
        }
        candidate => Ok(candidate.user),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_path_leads_nowhere_else() {
        for good in ["/", "/vault/", "/vault/?item=1#x", "/admin/#/users", "/security/"] {
            assert_eq!(ReturnPath::parse(good).unwrap().as_str(), good);
        }
        let long = format!("/{}", "a".repeat(512));
        for bad in [
            "",
            "vault",
            "//evil.test",
            "/\\evil.test",
            "/\t/evil.test",
            "https://evil.test",
            "/ä",
            "/login?organization=evil",
            "/%6cogin?organization=evil",
            "/vault/../login?organization=evil",
            "/vault/%2e%2e/login",
            "/saml/finish?h=x",
            "/api/admin/audit/export",
            &long,
        ] {
            assert!(ReturnPath::parse(bad).is_err(), "{bad:?}");
        }
    }
}
