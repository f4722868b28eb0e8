//! OpenID Connect: the way there, and `/oidc/callback`.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use freehold_directory::{
    PreLoginSecret,
    connections::{Connection, Oidc, Protocol},
    login::{self, Expected, PendingLogin},
};
use freehold_sso::oidc::{self, Answer, CallbackParams, Pending, StateHash};
use url::Url;

use super::{
    begin::Departure,
    connection_of,
    door::{self, Arrival, NoSession},
};
use crate::{http::App, system};

/// A connection in the form that the verifier takes.
#[must_use]
pub fn for_verifier(connection: &Connection, settings: &Oidc) -> oidc::Connection {
    oidc::Connection {
        id: connection.id.to_string(),
        issuer: settings.issuer.clone(),
        client_id: settings.client_id.clone(),
        client_secret: oidc::ClientSecret::new(settings.client_secret.reveal().to_owned()),
        tenant: connection.tenant.clone(),
        subject_claim: settings.subject_claim,
    }
}

/// Draws state, nonce and verifier, and puts the provider's address together.
pub(super) async fn depart(
    app: &App,
    connection: &Connection,
    settings: &Oidc,
) -> Result<Departure, String> {
    let redirect_uri =
        Url::parse(&app.site.oidc_redirect_uri()).map_err(|error| error.to_string())?;
    let connection = for_verifier(connection, settings);
    let begun = app
        .providers
        .begin(&connection, &redirect_uri, app.now().as_millis(), &mut system::random())
        .await
        .map_err(|error| error.to_string())?;
    Ok(Departure {
        location: begun.authorization_url.to_string(),
        state: begun.state,
        expected: Expected::Oidc { nonce: begun.nonce, pkce_verifier: begun.pkce_verifier },
    })
}

pub(super) async fn callback(request: HttpRequest, app: Data<App>) -> HttpResponse {
    let arrival = arrive(&request, &app).await;
    door::enter(&request, &app, arrival).await
}

async fn arrive(request: &HttpRequest, app: &App) -> Result<Arrival, NoSession> {
    let callback = CallbackParams::parse(request.query_string())?;
    let browser = door::browser(request)?;
    let login = take(app, callback.state(), browser).await?;
    let Answer { assertion, session } = match verify(app, &login, &callback).await {
        Ok(answer) => answer,
        Err(reason) => return Err(door::record(app, login, reason, None).await),
    };
    Ok(Arrival { login, assertion, identity_session: session, ends_at: None })
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
) -> Result<Answer, NoSession> {
    let connection = connection_of(app, login.connection).await?.ok_or(NoSession::NoConnection)?;
    let (Protocol::Oidc(settings), Expected::Oidc { nonce, pkce_verifier }) =
        (&connection.protocol, &login.expected)
    else {
        return Err(NoSession::NotBegun("the sign-in was begun for another protocol"));
    };
    let pending = Pending {
        connection: connection.id.to_string(),
        state: StateHash::of(callback.state()),
        nonce: nonce.clone(),
        pkce_verifier: pkce_verifier.clone(),
        redirect_uri: app.site.oidc_redirect_uri(),
    };
    let verifier = for_verifier(&connection, settings);
    let now_ms = app.now().as_millis();
    Ok(app.providers.finish(&verifier, &pending, callback, now_ms).await?)
}
