//! The one door: a verified person becomes a session, whatever the protocol was.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION};
use freehold_directory::{
    ConnectionId, PreLoginSecret, SessionSecret, StoreError, Timestamp,
    lifecycle::KeyState,
    login::{self, AnswerRefusal, ClaimRefusal, OtherSession, PendingLogin},
    sessions::{self, Device, Visit},
};
use freehold_sso::{VerifiedAssertion, oidc, saml};

use super::pages;
use crate::{
    http::{
        App, address::Client, caller::SessionCookie, cookies, problem::log_store_error, session,
    },
    system,
};

/// The longest part of a browser's name that is kept.
const LONGEST_AGENT: usize = 300;

/// Why there is no session.
pub(super) enum NoSession {
    /// No sign-in of this browser fits.
    NotBegun(&'static str),
    /// The OpenID provider's answer did not verify.
    Oidc(oidc::Refusal),
    /// The SAML identity provider's answer did not verify.
    Saml(saml::Refusal),
    /// A verified answer was not taken.
    NotTaken(AnswerRefusal),
    /// The verified person has no account here.
    NoAccount(ClaimRefusal),
    /// The connection went away or is not acceptable any more.
    NoConnection,
    /// It was an admin's test of this connection: the console says how it ended.
    Tested(ConnectionId),
    /// The database failed.
    Store(StoreError),
}

impl NoSession {
    /// What the audit log says of an answer that did not verify.
    fn for_audit(&self) -> Option<String> {
        match self {
            Self::NotBegun(reason) => Some((*reason).to_owned()),
            Self::Oidc(refusal) => Some(refusal.to_string()),
            Self::Saml(refusal) => Some(refusal.to_string()),
            Self::NotTaken(AnswerRefusal::Replayed) => Some(AnswerRefusal::Replayed.to_string()),
            Self::NoConnection => Some("the connection is not acceptable".to_owned()),
            // A claim's refusal is told where it is made, a database that fails takes none, and what
            // is over already was told when it ended.
            Self::NoAccount(_)
            | Self::NotTaken(AnswerRefusal::Over)
            | Self::Store(_)
            | Self::Tested(_) => None,
        }
    }
}

impl From<StoreError> for NoSession {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<oidc::Refusal> for NoSession {
    fn from(refusal: oidc::Refusal) -> Self {
        Self::Oidc(refusal)
    }
}

impl From<saml::Refusal> for NoSession {
    fn from(refusal: saml::Refusal) -> Self {
        Self::Saml(refusal)
    }
}

/// What a protocol has found out.
pub(super) struct Arrival {
    /// The sign-in that was begun, taken out of the database.
    pub(super) login: PendingLogin,
    /// The person.
    pub(super) assertion: VerifiedAssertion,
    /// The identity provider's name for its session.
    pub(super) identity_session: Option<String>,
    /// When the identity provider wants the session to end.
    pub(super) ends_at: Option<Timestamp>,
}

/// A session and where it leads.
struct SignedIn {
    session: SessionSecret,
    location: String,
}

/// The answer to a browser that came back.
pub(super) async fn enter(
    request: &HttpRequest,
    app: &App,
    arrival: Result<Arrival, NoSession>,
) -> HttpResponse {
    let outcome = match arrival {
        Ok(arrival) if arrival.login.tester.is_some() => {
            Err(test(request, app, arrival).await.unwrap_or_else(|reason| reason))
        }
        Ok(arrival) => claim(request, app, arrival).await,
        Err(reason) => Err(reason),
    };
    match outcome {
        Ok(SignedIn { session, location }) => HttpResponse::SeeOther()
            .insert_header((LOCATION, location))
            .append_header(session::cookie_of(&session))
            .append_header(cookies::end(cookies::PRE_LOGIN))
            .finish(),
        Err(reason) => explain(&reason),
    }
}

/// The cookie that says which browser began.
pub(super) fn browser(request: &HttpRequest) -> Result<PreLoginSecret, NoSession> {
    cookies::value(request, cookies::PRE_LOGIN)
        .and_then(PreLoginSecret::parse)
        .ok_or(NoSession::NotBegun("the browser has no pre-login cookie"))
}

/// Records why an answer to a sign-in that was begun here was refused, and ends the sign-in of
/// `state`. Of many over one connection, some are in the program's log alone. Gives what to tell the
/// person, who has the same page if that fails; of a test, the console tells.
pub(super) async fn record(
    app: &App,
    login: PendingLogin,
    reason: NoSession,
    state: Option<String>,
) -> NoSession {
    let Some(told) = reason.for_audit() else { return reason };
    let tested = login.tester.map(|_| login.connection);
    let now = app.now();
    let is_recorded = tested.is_some() || app.recorded_refusals.admits(login.connection, now);
    let recorded = app
        .database
        .write(move |store| {
            if let Some(state) = &state {
                login::give_up(store, state)?;
            }
            if is_recorded {
                login::refused(store, &login, &told, now, &mut system::random())?;
            }
            Ok(())
        })
        .await;
    if let Err(error) = recorded {
        log_store_error(&error);
    }
    match tested {
        Some(connection) => {
            tracing::info!(%connection, "a test of a connection was refused");
            NoSession::Tested(connection)
        }
        None => reason,
    }
}

/// Tells the admin who began a test how it ended; nobody is signed in.
async fn test(request: &HttpRequest, app: &App, arrival: Arrival) -> Result<NoSession, NoSession> {
    let Arrival { login, assertion, .. } = arrival;
    let other = || NoSession::NotBegun("the test was begun in another session");
    let cookie = SessionCookie::of(request).ok_or_else(other)?;
    let (connection, now) = (login.connection, app.now());
    let told = app
        .database
        .write(move |store| {
            let Some(session) = sessions::find(store, &cookie.0, now)? else {
                return Ok(Err(OtherSession));
            };
            login::test(store, &login, &assertion, &session, now, &mut system::random())
        })
        .await?;
    told.map_err(|_| other())?;
    tracing::info!(%connection, "a connection was tested");
    Ok(NoSession::Tested(connection))
}

/// Finds or links the account and begins the session; the browser's session before ends.
async fn claim(request: &HttpRequest, app: &App, arrival: Arrival) -> Result<SignedIn, NoSession> {
    let Arrival { login, assertion, identity_session, ends_at } = arrival;
    let visit = Visit { device: device(request, app), identity_session, ends_at };
    let before = SessionCookie::of(request);
    let now = app.now();
    let wanted = login.wanted.clone();
    let of = Arc::new((login, assertion));
    let claimant = Arc::clone(&of);
    let outcome = app
        .database
        .write(move |store| {
            let rng = &mut system::random();
            let (login, assertion) = &*claimant;
            let before = before.as_ref().map(|cookie| &cookie.0);
            let claimed = login::claim(store, login, assertion, &visit, before, now, rng)?;
            let claimed = match claimed {
                Ok(claimed) => claimed,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let session = sessions::find(store, &claimed.session, now)?;
            Ok::<_, StoreError>(Ok((claimed, session)))
        })
        .await?;
    let (claimed, session) = match outcome {
        Ok(signed_in) => signed_in,
        Err(refusal) => return Err(tell_refusal(app, of, refusal).await),
    };
    tracing::info!(
        user = %claimed.user,
        organization = %claimed.organization,
        first = claimed.first,
        "signed in"
    );
    let pending =
        session.is_some_and(|session| matches!(session.key_state(), KeyState::Pending(_)));
    let location = match wanted {
        _ if pending => "/setup/".to_owned(),
        Some(path) => path.as_str().to_owned(),
        None => "/unlock/".to_owned(),
    };
    Ok(SignedIn { session: claimed.session, location })
}

/// Records that a verified person has no account; of many over one connection, some are in the program's log alone.
async fn tell_refusal(
    app: &App,
    of: Arc<(PendingLogin, VerifiedAssertion)>,
    refusal: ClaimRefusal,
) -> NoSession {
    let now = app.now();
    let is_recorded = app.recorded_refusals.admits(of.0.connection, now);
    let told = refusal.clone();
    let recorded = app.database.write(move |store| {
        let of = (&of.0, &of.1);
        login::claim_refused(store, of, &told, is_recorded, now, &mut system::random())
    });
    if let Err(error) = recorded.await {
        log_store_error(&error);
    }
    NoSession::NoAccount(refusal)
}

/// The browser, as it says of itself, in bounded length.
pub(in crate::http) fn device(request: &HttpRequest, app: &App) -> Device {
    let Client { address, mut agent } = Client::of(request, &app.proxies);
    agent.retain(|letter| !letter.is_control());
    agent.truncate(agent.floor_char_boundary(LONGEST_AGENT));
    Device { address, client: agent }
}

/// The page that people see; the reason stays in the log.
pub(super) fn explain(reason: &NoSession) -> HttpResponse {
    match reason {
        NoSession::NotBegun(reason) => {
            tracing::info!(reason, "sign-in not finished");
            pages::start_again()
        }
        NoSession::Oidc(oidc::Refusal::Callback(reason)) => {
            tracing::info!(reason, "sign-in not finished: the callback is malformed");
            pages::start_again()
        }
        NoSession::Oidc(oidc::Refusal::Provider(error)) => {
            tracing::warn!(%error, "sign-in not finished");
            pages::provider_unavailable(None)
        }
        NoSession::Oidc(refusal) => {
            tracing::warn!(reason = %refusal, "sign-in refused");
            pages::refused()
        }
        NoSession::Saml(refusal) => {
            tracing::warn!(reason = %refusal, "sign-in refused");
            pages::refused()
        }
        NoSession::NotTaken(AnswerRefusal::Over) => {
            tracing::info!(reason = %AnswerRefusal::Over, "sign-in not finished");
            pages::start_again()
        }
        NoSession::NotTaken(refusal) => {
            tracing::warn!(reason = %refusal, "sign-in refused");
            pages::refused()
        }
        NoSession::NoAccount(refusal) => {
            tracing::warn!(reason = %refusal, "sign-in refused");
            pages::refused()
        }
        NoSession::NoConnection => {
            tracing::error!("sign-in not finished: its connection is gone or not acceptable");
            pages::provider_unavailable(None)
        }
        NoSession::Tested(connection) => HttpResponse::SeeOther()
            .insert_header((LOCATION, format!("/admin/#/connections/{connection}")))
            .finish(),
        NoSession::Store(error) => {
            log_store_error(error);
            pages::unavailable()
        }
    }
}
