//! `/login`: remember the sign-in, go to the identity provider.

use std::borrow::Cow;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{HeaderName, LOCATION},
    web::Data,
};
use freehold_directory::{
    PreLoginSecret, SessionId, StoreError,
    connections::{self, ChoiceError, Connection, Protocol},
    login::{self, BegunLogin, Expected, LOGIN_LIFE, ReturnPath},
};

use super::{oidc, pages, realm, saml};
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
            let trip = Trip { connection, wanted: path, tester: None };
            match trip.begin(&request, &app).await {
                Ok(way) => HttpResponse::SeeOther()
                    .insert_header((LOCATION, way.location))
                    .insert_header(way.cookie)
                    .finish(),
                Err(NoWay::Provider) => pages::provider_unavailable(Some(&organization.slug)),
                Err(NoWay::Store(error)) => storage_failed(&error),
            }
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

/// The way to an identity provider: where the browser goes, and what its answer is known by.
pub(super) struct Departure {
    /// Where to send the browser.
    pub(super) location: String,
    /// The `state` parameter or `RelayState`.
    pub(super) state: String,
    /// What the answer must show.
    pub(super) expected: Expected,
}

/// Where the browser goes to sign in, and the cookie by which it is known when it comes back.
pub(in crate::http) struct Way {
    pub(in crate::http) location: String,
    pub(in crate::http) cookie: (HeaderName, String),
}

/// Why there is no way to an identity provider. The reason stands in the log.
pub(in crate::http) enum NoWay {
    /// It cannot be used just now.
    Provider,
    /// The database failed.
    Store(StoreError),
}

/// Begins an admin's test of a connection: a sign-in that signs nobody in.
pub(in crate::http) async fn begin_test(
    request: &HttpRequest,
    app: &App,
    connection: Connection,
    tester: SessionId,
) -> Result<Way, NoWay> {
    Trip { connection, wanted: None, tester: Some(tester) }.begin(request, app).await
}

/// A sign-in that is about to begin.
struct Trip {
    connection: Connection,
    wanted: Option<ReturnPath>,
    tester: Option<SessionId>,
}

impl Trip {
    async fn begin(self, request: &HttpRequest, app: &App) -> Result<Way, NoWay> {
        let id = self.connection.id;
        let departure = self.depart(app).await.map_err(|error| {
            tracing::warn!(connection = %id, error, "sign-in not begun");
            NoWay::Provider
        })?;
        let location = departure.location.clone();
        let browser = browser_secret(request);
        let cookie = cookies::make(cookies::PRE_LOGIN, browser.reveal(), LOGIN_LIFE);
        self.store(app, departure, browser).await.map_err(NoWay::Store)?;
        tracing::info!(connection = %id, "sign-in begun");
        Ok(Way { location, cookie })
    }

    async fn depart(&self, app: &App) -> Result<Departure, String> {
        match &self.connection.protocol {
            Protocol::Oidc(settings) => oidc::depart(app, &self.connection, settings).await,
            Protocol::Saml(settings) => saml::depart(app, &self.connection, settings),
        }
    }

    async fn store(
        self,
        app: &App,
        departure: Departure,
        browser: PreLoginSecret,
    ) -> Result<(), StoreError> {
        let now = app.now();
        app.database
            .write(move |store| {
                let login = BegunLogin {
                    connection: self.connection.id,
                    state: &departure.state,
                    browser: &browser,
                    expected: departure.expected.clone(),
                    wanted: self.wanted.clone(),
                    tester: self.tester,
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
