//! The authorization endpoint: who are you?

use std::collections::HashMap;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use url::{Url, form_urlencoded};

use super::codes::Grant;
use super::{Idp, pages};
use crate::people::Person;

/// An authorization request that may be answered.
pub(super) struct Request {
    pub(super) state: String,
    nonce: String,
    code_challenge: String,
    redirect_uri: Url,
    profile: bool,
}

/// Why a request is not answered.
enum Refusal {
    /// It may be anybody's: the person is told, and sent nowhere (RFC 6749 §4.1.2.1).
    Here(&'static str),
    /// It is our client's: the client is told.
    Back { error: &'static str, description: &'static str, state: String },
}

/// Parameters of a request, each at most once.
struct Parameters(HashMap<String, String>);

impl Parameters {
    fn parse(encoded: &[u8]) -> Result<Self, Refusal> {
        let mut all = HashMap::new();
        for (name, value) in form_urlencoded::parse(encoded).into_owned() {
            // RFC 6749 §3.1.
            if all.insert(name, value).is_some() {
                return Err(Refusal::Here("A parameter of the request comes twice."));
            }
        }
        Ok(Self(all))
    }

    fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

impl Request {
    fn check(idp: &Idp, parameters: &Parameters) -> Result<Self, Refusal> {
        if parameters.get("client_id") != idp.client.id() {
            return Err(Refusal::Here("The request names a client that is not registered here."));
        }
        // Compared as text: RFC 9700 §2.1 asks for exact string matching.
        if parameters.get("redirect_uri") != idp.client.redirect_uri().as_str() {
            return Err(Refusal::Here(
                "The request names another redirect URI than the one that is registered here.",
            ));
        }
        let state = parameters.get("state").to_owned();
        let back =
            |error, description| Err(Refusal::Back { error, description, state: state.clone() });
        if parameters.get("response_type") != "code" {
            return back("unsupported_response_type", "only the authorization code flow is here");
        }
        if !matches!(parameters.get("response_mode"), "" | "query") {
            return back("invalid_request", "only response_mode=query is here");
        }
        let scopes: Vec<_> = parameters.get("scope").split(' ').collect();
        if !scopes.contains(&"openid") {
            return back("invalid_scope", "the scope openid is missing");
        }
        if state.is_empty() {
            return back("invalid_request", "state is missing");
        }
        let nonce = parameters.get("nonce");
        if nonce.is_empty() {
            return back("invalid_request", "nonce is missing");
        }
        let challenge = parameters.get("code_challenge");
        // RFC 7636 §4.2: the challenge is 43 characters of base64url.
        if parameters.get("code_challenge_method") != "S256" || challenge.len() != 43 {
            return back("invalid_request", "PKCE with S256 is required");
        }
        Ok(Self {
            state: state.clone(),
            nonce: nonce.to_owned(),
            code_challenge: challenge.to_owned(),
            redirect_uri: idp.client.redirect_uri().clone(),
            profile: scopes.contains(&"profile"),
        })
    }
}

/// `GET /authorize`: the page with the people.
pub(super) async fn show(idp: Data<Idp>, http: HttpRequest) -> HttpResponse {
    let query = http.query_string();
    match checked(&idp, query.as_bytes()) {
        Ok(_) => pages::people(&idp.client, query),
        Err(refusal) => refused(&idp, refusal),
    }
}

/// `POST /authorize`: somebody was picked. Nothing is believed because the page said it before.
pub(super) async fn picked(idp: Data<Idp>, body: Bytes) -> HttpResponse {
    let (request, parameters) = match checked(&idp, &body) {
        Ok(checked) => checked,
        Err(refusal) => return refused(&idp, refusal),
    };
    let Some(person) = Person::find(parameters.get("person")) else {
        let description = "the person went back";
        return back(
            &idp,
            &request.state,
            &[("error", "access_denied"), ("error_description", description)],
        );
    };
    let code = idp.surroundings.make_secret();
    let grant = Grant {
        person,
        nonce: request.nonce,
        code_challenge: request.code_challenge,
        redirect_uri: request.redirect_uri.into(),
        profile: request.profile,
    };
    idp.codes.put(code.clone(), grant, idp.surroundings.now_ms());
    back(&idp, &request.state, &[("code", &code)])
}

fn checked(idp: &Idp, encoded: &[u8]) -> Result<(Request, Parameters), Refusal> {
    let parameters = Parameters::parse(encoded)?;
    let request = Request::check(idp, &parameters)?;
    Ok((request, parameters))
}

fn refused(idp: &Idp, refusal: Refusal) -> HttpResponse {
    match refusal {
        Refusal::Here(text) => pages::refused(text),
        Refusal::Back { error, description, state } => {
            back(idp, &state, &[("error", error), ("error_description", description)])
        }
    }
}

/// Sends the browser back to the client, with `iss` (RFC 9207).
fn back(idp: &Idp, state: &str, parameters: &[(&str, &str)]) -> HttpResponse {
    let mut target = idp.client.redirect_uri().clone();
    target.query_pairs_mut().extend_pairs(parameters).append_pair("iss", &idp.issuer);
    if !state.is_empty() {
        target.query_pairs_mut().append_pair("state", state);
    }
    // 303: what was a POST here is a GET there.
    HttpResponse::SeeOther().insert_header((header::LOCATION, target.as_str())).finish()
}
