//! `/oidc/callback`: verify the answer, find the account, begin a session.

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION, web::Data};
use freehold_directory::{
    PreLoginSecret, SessionSecret, StoreError,
    connections::{self, ConnectionError},
    lifecycle::KeyState,
    login::{self, ClaimRefusal, Expected, PendingLogin},
    sessions::{self, Device, Visit},
};
use freehold_sso::{
    VerifiedAssertion,
    oidc::{CallbackParams, Pending, Refusal, StateHash},
};

use super::{for_verifier, pages};
use crate::{
    http::{
        App, address::Client, caller::SessionCookie, cookies, problem::log_store_error, session,
    },
    system,
};

/// The longest part of a browser's name that is kept.
const LONGEST_AGENT: usize = 300;

/// Why there is no session.
enum NoSession {
    /// No sign-in of this browser fits.
    NotBegun(&'static str),
    /// The identity provider's answer did not verify.
    Refused(Refusal),
    /// The verified person has no account here.
    NoAccount(ClaimRefusal),
    /// The connection went away or is not acceptable any more.
    NoConnection,
    /// The database failed.
    Store(StoreError),
}

impl NoSession {
    /// What the audit log says of an answer that did not verify.
    fn for_audit(&self) -> Option<String> {
        match self {
            Self::NotBegun(reason) => Some((*reason).to_owned()),
            Self::Refused(refusal) => Some(refusal.to_string()),
            Self::NoConnection => Some("the connection is not acceptable".to_owned()),
            // The claim has recorded its refusal itself, and a database that fails takes none.
            Self::NoAccount(_) | Self::Store(_) => None,
        }
    }
}

impl From<StoreError> for NoSession {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refusal> for NoSession {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A session and where it leads.
struct SignedIn {
    session: SessionSecret,
    location: String,
}

pub(super) async fn finish(request: HttpRequest, app: Data<App>) -> HttpResponse {
    match sign_in(&request, &app).await {
        Ok(SignedIn { session, location }) => HttpResponse::SeeOther()
            .insert_header((LOCATION, location))
            .append_header(session::cookie_of(&session))
            .append_header(cookies::end(cookies::PRE_LOGIN))
            .finish(),
        Err(reason) => explain(&reason),
    }
}

async fn sign_in(request: &HttpRequest, app: &App) -> Result<SignedIn, NoSession> {
    let callback = CallbackParams::parse(request.query_string())?;
    let browser = cookies::value(request, cookies::PRE_LOGIN)
        .and_then(PreLoginSecret::parse)
        .ok_or(NoSession::NotBegun("the browser has no pre-login cookie"))?;
    let login = take(app, callback.state(), browser).await?;
    let assertion = match verify(app, &login, &callback).await {
        Ok(assertion) => assertion,
        Err(reason) => {
            record(app, login, &reason).await;
            return Err(reason);
        }
    };
    let visit = Visit { device: device(request, app), ..Visit::default() };
    claim(app, login, assertion, visit, SessionCookie::of(request)).await
}

/// Takes the begun sign-in out of the database: no second callback finds it.
async fn take(app: &App, state: &str, browser: PreLoginSecret) -> Result<PendingLogin, NoSession> {
    let (state, now) = (state.to_owned(), app.now());
    app.database
        .write(move |store| login::take_pending(store, &state, &browser, now))
        .await?
        .ok_or(NoSession::NotBegun("no sign-in of this browser has this state, or it is over"))
}

async fn verify(
    app: &App,
    login: &PendingLogin,
    callback: &CallbackParams,
) -> Result<VerifiedAssertion, NoSession> {
    let id = login.connection;
    let connection = app
        .database
        .read(move |store| match connections::get(store, id) {
            Ok(connection) => Ok(Some(connection)),
            Err(ConnectionError::Store(error)) => Err(error),
            Err(_unknown) => Ok(None),
        })
        .await?;
    let connection = connection.as_ref().and_then(for_verifier).ok_or(NoSession::NoConnection)?;
    let Expected::Oidc { nonce, pkce_verifier } = &login.expected else {
        return Err(NoSession::NotBegun("the sign-in was begun for another protocol"));
    };
    let pending = Pending {
        connection: id.to_string(),
        state: StateHash::of(callback.state()),
        nonce: nonce.clone(),
        pkce_verifier: pkce_verifier.clone(),
        redirect_uri: app.site.oidc_redirect_uri(),
    };
    Ok(app.providers.finish(&connection, &pending, callback, app.now().as_millis()).await?)
}

/// Records why a sign-in that was begun here was not verified. The person has the same page if that fails.
async fn record(app: &App, login: PendingLogin, reason: &NoSession) {
    let Some(reason) = reason.for_audit() else { return };
    let now = app.now();
    let recorded = app
        .database
        .write(move |store| login::refused(store, &login, &reason, now, &mut system::random()))
        .await;
    if let Err(error) = recorded {
        log_store_error(&error);
    }
}

/// Finds or links the account and begins the session; the browser's session before ends.
async fn claim(
    app: &App,
    login: PendingLogin,
    assertion: VerifiedAssertion,
    visit: Visit,
    before: Option<SessionCookie>,
) -> Result<SignedIn, NoSession> {
    let now = app.now();
    let wanted = login.wanted.clone();
    let outcome = app
        .database
        .write(move |store| {
            let rng = &mut system::random();
            let before = before.as_ref().map(|cookie| &cookie.0);
            let claimed = login::claim(store, &login, &assertion, &visit, before, now, rng)?;
            let claimed = match claimed {
                Ok(claimed) => claimed,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let session = sessions::find(store, &claimed.session, now)?;
            Ok::<_, StoreError>(Ok((claimed, session)))
        })
        .await?;
    let (claimed, session) = outcome.map_err(NoSession::NoAccount)?;
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

/// The browser, as it says of itself, in bounded length.
pub(in crate::http) fn device(request: &HttpRequest, app: &App) -> Device {
    let Client { address, mut agent } = Client::of(request, &app.proxies);
    agent.retain(|letter| !letter.is_control());
    agent.truncate(agent.floor_char_boundary(LONGEST_AGENT));
    Device { address, client: agent }
}

fn explain(reason: &NoSession) -> HttpResponse {
    match reason {
        NoSession::NotBegun(reason) => {
            tracing::info!(reason, "sign-in not finished");
            pages::start_again()
        }
        NoSession::Refused(Refusal::Callback(reason)) => {
            tracing::info!(reason, "sign-in not finished: the callback is malformed");
            pages::start_again()
        }
        NoSession::Refused(Refusal::Provider(error)) => {
            tracing::warn!(%error, "sign-in not finished");
            pages::provider_unavailable(None)
        }
        NoSession::Refused(refusal) => {
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
        NoSession::Store(error) => {
            log_store_error(error);
            pages::unavailable()
        }
    }
}
