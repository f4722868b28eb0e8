//! `/login`: remember the sign-in, go to the identity provider.

use std::borrow::Cow;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::Data,
};
use freehold_directory::{
    StoreError,
    connections::{self, ChoiceError, Connection},
    login::{self, BegunLogin, LOGIN_LIFE, ReturnPath},
    PreLoginSecret,
};
use url::Url;

use super::{for_verifier, pages};
use crate::{
    http::{App, address, cookies, problem::log_store_error},
    system,
};

/// What `/login` was asked for.
#[derive(Default)]
struct Wanted {
    organization: Option<String>,
    connection: Option<String>,
    path: Option<ReturnPath>,
}

impl Wanted {
    /// Reads the query; what is unknown is ignored, a path that leads elsewhere too.
    fn parse(query: &str) -> Self {
        let mut wanted = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let value = Cow::into_owned(value);
            match name.as_ref() {
                "organization" => wanted.organization = Some(value),
                "connection" => wanted.connection = Some(value),
                "return" => wanted.path = ReturnPath::parse(&value).ok(),
                _ => {}
            }
        }
        wanted
    }
}

pub(super) async fn begin(request: HttpRequest, app: Data<App>) -> HttpResponse {
    let address = address::client(&request, &app.proxies);
    if address.is_some_and(|address| !app.sign_ins.admits(address, app.now())) {
        tracing::warn!(?address, "too many sign-ins begun");
        return pages::too_many();
    }
    let Wanted { organization, connection, path } = Wanted::parse(request.query_string());
    let chosen = app
        .database
        .read(move |store| {
            connections::for_login(store, organization.as_deref(), connection.as_deref())
        })
        .await;
    match chosen {
        Ok((_organization, connection)) => go(&request, &app, &connection, path).await,
        Err(ChoiceError::Store(error)) => storage_failed(&error),
        Err(error) => {
            tracing::info!(%error, "sign-in not begun");
            pages::unknown_organization()
        }
    }
}

fn storage_failed(error: &StoreError) -> HttpResponse {
    log_store_error(error);
    pages::unavailable()
}

async fn go(
    request: &HttpRequest,
    app: &App,
    connection: &Connection,
    wanted: Option<ReturnPath>,
) -> HttpResponse {
    let id = connection.id;
    let Some((verifier, redirect_uri)) =
        for_verifier(connection).zip(Url::parse(&app.site.oidc_redirect_uri()).ok())
    else {
        tracing::error!(connection = %id, "the connection's issuer is not acceptable any more");
        return pages::provider_unavailable();
    };
    let now = app.now();
    let begun = app
        .providers
        .begin(&verifier, &redirect_uri, now.as_millis(), &mut system::random())
        .await;
    let begun = match begun {
        Ok(begun) => begun,
        Err(error) => {
            tracing::warn!(connection = %id, %error, "sign-in not begun");
            return pages::provider_unavailable();
        }
    };
    let location = begun.authorization_url.to_string();
    let browser = browser_secret(request);
    let cookie = cookies::make(cookies::PRE_LOGIN, browser.reveal(), LOGIN_LIFE);
    let stored = app
        .database
        .write(move |store| {
            let login = BegunLogin {
                connection: id,
                state: &begun.state,
                browser: &browser,
                nonce: &begun.nonce,
                pkce_verifier: &begun.pkce_verifier,
                wanted: wanted.clone(),
            };
            login::begin(store, &login, now)
        })
        .await;
    match stored {
        Ok(()) => {
            tracing::info!(connection = %id, "sign-in begun");
            HttpResponse::SeeOther().insert_header((LOCATION, location)).insert_header(cookie).finish()
        }
        Err(error) => storage_failed(&error),
    }
}

/// The secret that ties sign-ins to this browser: the one it has, so that a second tab does not
/// end the first one's sign-in, or a new one.
fn browser_secret(request: &HttpRequest) -> PreLoginSecret {
    cookies::value(request, cookies::PRE_LOGIN)
        .and_then(PreLoginSecret::parse)
        .unwrap_or_else(|| PreLoginSecret::make(&mut system::random()))
}
