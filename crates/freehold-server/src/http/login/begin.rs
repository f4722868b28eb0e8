//! `/login`: remember the sign-in, go to the identity provider.

use std::borrow::Cow;

use actix_web::{HttpRequest, HttpResponse, http::header::LOCATION, web::Data};
use freehold_directory::{
    PreLoginSecret, Slug, StoreError,
    connections::{self, ChoiceError, Connection},
    login::{self, BegunLogin, Expected, LOGIN_LIFE, ReturnPath},
};
use freehold_sso::oidc::Begun;
use url::Url;

use super::{for_verifier, pages, realm};
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
    if !admitted(&request, &app) {
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
        Ok((organization, connection)) => {
            let trip = Trip { organization: organization.slug, connection, wanted: path };
            trip.begin(&request, &app).await
        }
        Err(ChoiceError::Unnamed) => realm::ask(path.as_ref()),
        Err(ChoiceError::Several { organization, connections }) => {
            realm::choose(&organization, &connections, path.as_ref())
        }
        Err(ChoiceError::Store(error)) => storage_failed(&error),
        Err(error) => {
            tracing::info!(%error, "sign-in not begun");
            realm::unknown(path.as_ref())
        }
    }
}

/// Whether the client may go on; it has begun one more sign-in.
pub(super) fn admitted(request: &HttpRequest, app: &App) -> bool {
    let address = address::client(request, &app.proxies);
    let admitted = address.is_none_or(|address| app.sign_ins.admits(address, app.now()));
    if !admitted {
        tracing::warn!(?address, "too many sign-ins begun");
    }
    admitted
}

pub(super) fn storage_failed(error: &StoreError) -> HttpResponse {
    log_store_error(error);
    pages::unavailable()
}

/// A sign-in that is about to begin.
struct Trip {
    organization: Slug,
    connection: Connection,
    wanted: Option<ReturnPath>,
}

impl Trip {
    async fn begin(self, request: &HttpRequest, app: &App) -> HttpResponse {
        let id = self.connection.id;
        let begun = match self.ask_provider(app).await {
            Ok(begun) => begun,
            Err(error) => {
                tracing::warn!(connection = %id, error, "sign-in not begun");
                return pages::provider_unavailable(Some(&self.organization));
            }
        };
        let location = begun.authorization_url.to_string();
        let browser = browser_secret(request);
        let cookie = cookies::make(cookies::PRE_LOGIN, browser.reveal(), LOGIN_LIFE);
        match self.store(app, begun, browser).await {
            Ok(()) => {
                tracing::info!(connection = %id, "sign-in begun");
                HttpResponse::SeeOther()
                    .insert_header((LOCATION, location))
                    .insert_header(cookie)
                    .finish()
            }
            Err(error) => storage_failed(&error),
        }
    }

    /// Draws state, nonce and verifier, and puts the provider's address together.
    async fn ask_provider(&self, app: &App) -> Result<Begun, String> {
        let connection = for_verifier(&self.connection)
            .ok_or_else(|| "the connection's issuer is not acceptable any more".to_owned())?;
        let redirect_uri =
            Url::parse(&app.site.oidc_redirect_uri()).map_err(|error| error.to_string())?;
        let now_ms = app.now().as_millis();
        app.providers
            .begin(&connection, &redirect_uri, now_ms, &mut system::random())
            .await
            .map_err(|error| error.to_string())
    }

    async fn store(
        self,
        app: &App,
        begun: Begun,
        browser: PreLoginSecret,
    ) -> Result<(), StoreError> {
        let now = app.now();
        app.database
            .write(move |store| {
                let login = BegunLogin {
                    connection: self.connection.id,
                    state: &begun.state,
                    browser: &browser,
                    expected: Expected::Oidc {
                        nonce: begun.nonce.clone(),
                        pkce_verifier: begun.pkce_verifier.clone(),
                    },
                    wanted: self.wanted.clone(),
                };
                login::begin(store, &login, now)
            })
            .await
    }
}

/// The secret that ties sign-ins to this browser: the one it has, so that a second tab does not
/// end the first one's sign-in, or a new one.
fn browser_secret(request: &HttpRequest) -> PreLoginSecret {
    cookies::value(request, cookies::PRE_LOGIN)
        .and_then(PreLoginSecret::parse)
        .unwrap_or_else(|| PreLoginSecret::make(&mut system::random()))
}
