//! SAML 2.0: the way there, `/saml/acs` and `/saml/finish`; `/saml/metadata`.
//!
//! The identity provider's page posts its answer across sites, so no cookie of ours comes along.
//! `/saml/acs` verifies and keeps the answer; `/saml/finish`, to which it sends the browser, is
//! our own page again: only the browser that began gets in, and the answer is verified once more.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{self, Data},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use freehold_directory::{
    ConnectionId, HandOver, StoreError, Timestamp,
    connections::{self, Connection, Protocol, Saml, Trust, Unasked, Whose},
    domains::Realm,
    login::{self, Answer, AnswerRefusal, Expected, PendingLogin, Posted},
};
use freehold_sso::saml::{self, Certificate, Pending, ReplayId, ServiceProvider, SubjectSource};
use url::Url;

use super::{
    begin::Departure,
    connection_of,
    door::{self, Arrival, NoSession},
    pages,
};
use crate::{
    http::{App, address, body, page, problem::log_store_error},
    system,
};

/// The longest form read: the verifier takes 48 KiB of XML, which is a third longer in base64
/// and longer still in a form.
const FORM_LIMIT: usize = 160 * 1024;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/saml/metadata")
                .route(web::get().to(metadata))
                .default_service(web::to(|| async { page::method_not_allowed() })),
        )
        .service(
            web::resource("/saml/acs")
                .route(web::post().to(take_answer))
                .default_service(web::to(|| async { page::method_not_allowed() })),
        )
        .service(
            web::resource("/saml/finish")
                .route(web::get().to(finish))
                .default_service(web::to(|| async { page::method_not_allowed() })),
        );
}

fn service_provider(app: &App) -> Result<ServiceProvider, url::ParseError> {
    let acs = Url::parse(&app.site.saml_acs())?;
    Ok(ServiceProvider { entity_id: app.site.saml_entity_id(), acs })
}

/// A connection in the form that the verifier takes: with trusted certificates alone.
fn for_verifier(connection: &Connection, settings: &Saml) -> saml::Connection {
    let trusted = settings.certificates.iter().filter(|known| known.trust == Trust::Trusted);
    saml::Connection {
        id: connection.id.to_string(),
        entity_id: settings.entity_id.clone(),
        sso_url: settings.sso_url.clone(),
        certificates: trusted.filter_map(|known| Certificate::from_der(&known.der).ok()).collect(),
        audience: settings.audience.clone(),
        tenant: connection.tenant.clone(),
        subject: settings
            .subject_attribute
            .clone()
            .map_or(SubjectSource::NameId, SubjectSource::Attribute),
    }
}

/// Draws the request's id and the relay state, and puts the provider's address together.
pub(super) fn depart(
    app: &App,
    connection: &Connection,
    settings: &Saml,
) -> Result<Departure, String> {
    let service = service_provider(app).map_err(|error| error.to_string())?;
    let connection = for_verifier(connection, settings);
    let now_ms = app.now().as_millis();
    let begun = saml::begin(&service, &connection, now_ms, &mut system::random());
    Ok(Departure {
        location: begun.location.into(),
        state: begun.relay_state,
        expected: Expected::Saml { request_id: begun.request_id },
    })
}

async fn metadata(app: Data<App>) -> HttpResponse {
    match service_provider(&app) {
        Ok(service) => HttpResponse::Ok()
            .content_type("application/samlmetadata+xml")
            .body(saml::render_metadata(&service)),
        Err(_) => pages::unavailable(),
    }
}

/// What the identity provider's page posts.
#[derive(Default)]
struct Form {
    response: String,
    relay_state: String,
}

impl Form {
    /// SAML Bindings §3.5.4. Each parameter once; others are ignored.
    fn parse(body: &[u8]) -> Result<Self, &'static str> {
        let (mut response, mut relay_state) = (None, None);
        for (name, value) in url::form_urlencoded::parse(body) {
            let slot = match name.as_ref() {
                "SAMLResponse" => &mut response,
                "RelayState" => &mut relay_state,
                _ => continue,
            };
            if slot.replace(value.into_owned()).is_some() {
                return Err("a parameter comes twice");
            }
        }
        let response = response.ok_or("it has no SAMLResponse")?;
        Ok(Self { response, relay_state: relay_state.unwrap_or_default() })
    }
}

/// `/saml/acs`: no cookie comes along and none is set; a verified answer waits for its browser.
async fn take_answer(request: HttpRequest, payload: web::Payload, app: Data<App>) -> HttpResponse {
    let address = address::client(&request, &app.proxies);
    if address.is_some_and(|address| !app.answers.admits(address, app.now())) {
        tracing::warn!(?address, "too many answers posted");
        return pages::too_many();
    }
    let form = match read_form(&request, payload).await {
        Ok(form) => form,
        Err(reason) => return door::explain(&NoSession::NotBegun(reason)),
    };
    let (state, now) = (form.relay_state.clone(), app.now());
    let posted = app.database.read(move |store| login::pending_of(store, &state, now)).await;
    let outcome = match posted {
        Ok(Posted::Waiting(pending)) => keep(&app, form, pending).await,
        Ok(Posted::Over) => Err(NoSession::NotTaken(AnswerRefusal::Over)),
        Ok(Posted::Unknown) => return unsolicited(&app, form).await,
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(hand_over) => to(&format!("/saml/finish?h={}", hand_over.reveal())),
        Err(reason) => door::explain(&reason),
    }
}

async fn read_form(request: &HttpRequest, payload: web::Payload) -> Result<Form, &'static str> {
    if !body::is_of_type(request, &["application/x-www-form-urlencoded"]) {
        return Err("the answer is no form");
    }
    let body = body::read(request, &mut payload.into_inner(), FORM_LIMIT)
        .await
        .map_err(|_| "the answer is too long or ended early")?;
    Form::parse(&body)
}

fn to(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, location)).finish()
}

/// Verifies an answer and keeps it for its browser. One that does not verify ends the sign-in: a
/// second try at the same request is no mistake of a provider.
async fn keep(app: &App, form: Form, pending: PendingLogin) -> Result<HandOver, NoSession> {
    let outcome = match verify(app, &pending, &form.response).await {
        Ok(answer) => store(app, pending.connection, &form, answer.replay).await,
        Err(reason) => Err(reason),
    };
    match outcome {
        Ok(hand_over) => Ok(hand_over),
        Err(reason) => Err(door::record(app, pending, reason, Some(form.relay_state)).await),
    }
}

async fn verify(
    app: &App,
    pending: &PendingLogin,
    response: &str,
) -> Result<saml::Answer, NoSession> {
    let connection =
        connection_of(app, pending.connection).await?.ok_or(NoSession::NoConnection)?;
    let (Protocol::Saml(settings), Expected::Saml { request_id }) =
        (&connection.protocol, &pending.expected)
    else {
        return Err(NoSession::NotBegun("the sign-in was begun for another protocol"));
    };
    let service = service_provider(app).map_err(|_| NoSession::NoConnection)?;
    let connection = for_verifier(&connection, settings);
    let (request_id, response) = (request_id.clone(), response.to_owned());
    let now_ms = app.now().as_millis();
    // Milliseconds of a processor: other requests of this thread do not wait for them.
    let verified = web::block(move || {
        let pending = Pending { connection: &connection.id, request_id: &request_id };
        saml::verify(&service, &connection, &pending, &response, now_ms)
    });
    Ok(verified.await.map_err(|_| NoSession::NoConnection)??)
}

async fn store(
    app: &App,
    connection: ConnectionId,
    form: &Form,
    replay: ReplayId,
) -> Result<HandOver, NoSession> {
    let now = app.now();
    let (state, response) = (form.relay_state.clone(), form.response.clone());
    let outcome = app
        .database
        .write(move |store| {
            let hand_over = HandOver::make(&mut system::random());
            let answer = Answer {
                state: &state,
                connection,
                response: &response,
                hand_over: &hand_over,
                ids: &[replay.response.clone(), replay.assertion.clone()],
                forget_at: Timestamp::from_millis(replay.forget_at_ms),
            };
            Ok::<_, StoreError>(login::answer(store, &answer, now)?.map(|()| hand_over))
        })
        .await?;
    outcome.map_err(NoSession::NotTaken)
}

/// Nobody here asked for this answer. A tile of the identity provider's portal sends such ones:
/// then the person wants to sign in, so a fresh sign-in begins, and nothing of the answer counts.
/// Where it is not clear whose sign-in that is, the person says it. One that answers some request is
/// not of that kind, and would only come again.
async fn unsolicited(app: &App, form: Form) -> HttpResponse {
    let sender = match saml::peek_sender(&form.response) {
        Some(sender) if !answers_a_request(&form.response) => sender,
        _ => return door::explain(&NoSession::NotBegun("the answer is to no sign-in begun here")),
    };
    let found = app.database.read(move |store| {
        let answer = Unasked {
            entity_id: &sender.entity_id,
            certificate: sender.certificate.as_deref(),
            relay_state: &form.relay_state,
        };
        connections::whose(store, &answer)
    });
    match found.await {
        Ok(Whose::Of(Realm { organization, connection })) => {
            tracing::info!(%organization, "an answer came unasked; a fresh sign-in begins");
            let named = connection.map(|name| format!("&connection={name}")).unwrap_or_default();
            to(&format!("/login?organization={organization}{named}"))
        }
        Ok(Whose::Unclear) => {
            tracing::info!("an answer came unasked; the person is asked where to sign in");
            to("/login")
        }
        Ok(Whose::Nobodys) => {
            door::explain(&NoSession::NotBegun("an answer came unasked, from nobody known"))
        }
        Err(error) => {
            log_store_error(&error);
            pages::unavailable()
        }
    }
}

/// Whether `InResponseTo` stands anywhere in it.
fn answers_a_request(response: &str) -> bool {
    let name = b"InResponseTo";
    STANDARD.decode(response).is_ok_and(|xml| xml.windows(name.len()).any(|part| part == name))
}

async fn finish(request: HttpRequest, app: Data<App>) -> HttpResponse {
    let arrival = arrive(&request, &app).await;
    door::enter(&request, &app, arrival).await
}

async fn arrive(request: &HttpRequest, app: &App) -> Result<Arrival, NoSession> {
    let browser = door::browser(request)?;
    let hand_over = url::form_urlencoded::parse(request.query_string().as_bytes())
        .find_map(|(name, value)| (name == "h").then(|| HandOver::parse(&value))?)
        .ok_or(NoSession::NotBegun("the address has no hand-over"))?;
    let now = app.now();
    let answered = app
        .database
        .write(move |store| login::take_answered(store, &hand_over, &browser, now))
        .await?
        .ok_or(NoSession::NotBegun(
            "no answer to this browser has this hand-over, or it is over",
        ))?;
    let login = answered.pending;
    match verify(app, &login, &answered.response).await {
        Ok(answer) => Ok(Arrival {
            login,
            assertion: answer.assertion,
            identity_session: answer.session_index,
            ends_at: answer.session_ends_at_ms.map(Timestamp::from_millis),
        }),
        Err(reason) => Err(door::record(app, login, reason, None).await),
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, answers_a_request};

    #[test]
    fn a_form_has_one_response() {
        let form = Form::parse(b"SAMLResponse=a%2Bb&RelayState=r&other=1").ok().unwrap();
        assert_eq!((form.response.as_str(), form.relay_state.as_str()), ("a+b", "r"));
        assert_eq!(Form::parse(b"SAMLResponse=a").ok().unwrap().relay_state, "");
        for bad in [
            "",
            "RelayState=r",
            "SAMLResponse=a&SAMLResponse=a",
            "SAMLResponse=a&RelayState=&RelayState=",
        ] {
            assert!(Form::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_answers_a_request_says_so() {
        assert!(answers_a_request("PHIgSW5SZXNwb25zZVRvPSJfMSIvPg=="));
        assert!(!answers_a_request("PHIgSUQ9Il8xIi8+"));
        assert!(!answers_a_request("no base64"));
    }
}
