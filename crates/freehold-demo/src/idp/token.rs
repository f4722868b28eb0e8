//! The token endpoint: a code for an ID token.

use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openidconnect::core::{
    CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
};
use openidconnect::{
    AdditionalClaims, Audience, EndUserFamilyName, EndUserGivenName, EndUserName, EndUserUsername,
    IdToken, IdTokenClaims, IssuerUrl, Nonce, StandardClaims, SubjectIdentifier,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use super::Idp;
use super::codes::Grant;

/// How long an ID token is good. It is looked at once, at once.
const ID_TOKEN_LIFE: Duration = Duration::from_secs(5 * 60);

/// Entra's own claims.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct EntraClaims {
    tid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    oid: Option<String>,
    nbf: u64,
    ver: String,
}

impl AdditionalClaims for EntraClaims {}

type DemoIdToken = IdToken<
    EntraClaims,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

/// `POST /token`.
pub(super) async fn redeem(idp: Data<Idp>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let form: HashMap<_, _> = form_urlencoded::parse(&body).into_owned().collect();
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    let (id, secret) = basic(&request)
        .unwrap_or_else(|| (field("client_id").to_owned(), field("client_secret").to_owned()));
    if !idp.client.is(&id, &secret) {
        return HttpResponse::Unauthorized()
            .insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"demonstration\""))
            .json(json!({ "error": "invalid_client" }));
    }
    if field("grant_type") != "authorization_code" {
        return refused("unsupported_grant_type");
    }
    let now_ms = idp.surroundings.now_ms();
    let grant = idp.codes.take(field("code"), now_ms);
    let Some(grant) = grant.filter(|grant| fits(grant, &field)) else {
        return refused("invalid_grant");
    };
    match id_token(&idp, &grant, now_ms) {
        Some(token) => HttpResponse::Ok().json(json!({
            // Good for nothing here; RFC 6749 §5.1 wants one.
            "access_token": idp.surroundings.make_secret(),
            "token_type": "Bearer",
            "expires_in": ID_TOKEN_LIFE.as_secs(),
            "id_token": token,
        })),
        None => HttpResponse::InternalServerError().json(json!({ "error": "server_error" })),
    }
}

/// Same redirect URI as before (RFC 6749 §4.1.3), and the verifier of the challenge (RFC 7636 §4.6).
fn fits<'f>(grant: &Grant, field: &impl Fn(&str) -> &'f str) -> bool {
    let verifier = field("code_verifier");
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    field("redirect_uri") == grant.redirect_uri
        && (43..=128).contains(&verifier.len())
        && challenge == grant.code_challenge
}

/// RFC 6749 §2.3.1: id and secret are form-encoded before they go into Basic.
fn basic(request: &HttpRequest) -> Option<(String, String)> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((form_decoded(id), form_decoded(secret)))
}

fn form_decoded(text: &str) -> String {
    // With "=" before it the parser takes the text as a value.
    form_urlencoded::parse(format!("={text}").as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

fn refused(error: &str) -> HttpResponse {
    HttpResponse::BadRequest().json(json!({ "error": error }))
}

fn id_token(idp: &Idp, grant: &Grant, now_ms: u64) -> Option<String> {
    let issued: SystemTime = UNIX_EPOCH.checked_add(Duration::from_millis(now_ms))?;
    let expires = issued.checked_add(ID_TOKEN_LIFE)?;
    let person = grant.person;
    let subject = SubjectIdentifier::new(person.subject_for(idp.client.id()));
    let mut standard = StandardClaims::new(subject);
    if grant.profile {
        standard = standard
            .set_name(Some(EndUserName::new(person.display_name.to_owned()).into()))
            .set_given_name(Some(EndUserGivenName::new(person.given_name.to_owned()).into()))
            .set_family_name(Some(EndUserFamilyName::new(person.family_name.to_owned()).into()))
            .set_preferred_username(Some(EndUserUsername::new(person.user_name.to_owned())));
    }
    let entra = EntraClaims {
        tid: idp.tenant.clone(),
        // Entra gives the object id for the scope profile only.
        oid: grant.profile.then(|| person.object_id.to_owned()),
        nbf: now_ms / 1000,
        ver: "2.0".to_owned(),
    };
    let claims = IdTokenClaims::new(
        IssuerUrl::new(idp.issuer.clone()).ok()?,
        vec![Audience::new(idp.client.id().to_owned())],
        expires.into(),
        issued.into(),
        standard,
        entra,
    )
    .set_nonce(Some(Nonce::new(grant.nonce.clone())));
    let algorithm = CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256;
    let token = DemoIdToken::new(claims, idp.key.private(), algorithm, None, None).ok()?;
    Some(token.to_string())
}
