//! A demonstration OpenID provider: pick a person, no password.
//!
//! It is honest in its protocol (authorization code, PKCE S256 required, state and nonce required,
//! codes used once and within a minute, RFC 9207 `iss`, exact redirect URI) and speaks as Entra
//! does (`oid`, `tid`, pairwise `sub`). It authenticates nobody: every page says so.

mod authorize;
mod client;
mod codes;
mod keys;
mod pages;
mod token;

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::{Server, Service as _};
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse, HttpServer};
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::url::ParseError;
use openidconnect::{
    AdditionalProviderMetadata, AuthUrl, IssuerUrl, JsonWebKeySetUrl, ProviderMetadata,
    ResponseTypes, Scope, TokenUrl,
};
use serde::{Deserialize, Serialize};

pub use client::{Client, ClientError};
pub use keys::{KeyError, SigningKey};

use crate::Surroundings;
use codes::Codes;

/// Longest form or query that is read, in bytes.
const MAX_FORM_BYTES: usize = 16 * 1024;

/// The provider: its one client, its key, the codes that are out.
pub struct Idp {
    issuer: String,
    tenant: String,
    client: Client,
    key: Arc<SigningKey>,
    codes: Codes,
    surroundings: Surroundings,
    discovery: String,
}

impl Idp {
    /// A provider that answers under `issuer`, without a slash at the end.
    ///
    /// # Errors
    /// The issuer is no URL.
    pub fn new(
        issuer: &str,
        tenant: &str,
        client: Client,
        key: Arc<SigningKey>,
        surroundings: Surroundings,
    ) -> Result<Self, ParseError> {
        let metadata = metadata(issuer)?;
        Ok(Self {
            issuer: issuer.to_owned(),
            tenant: tenant.to_owned(),
            client,
            key,
            codes: Codes::default(),
            surroundings,
            // Only texts and lists of texts: there is nothing in it that JSON cannot hold.
            discovery: serde_json::to_string(&metadata).unwrap_or_default(),
        })
    }

    /// The issuer, exactly as tokens carry it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Serves on this listener until the returned server is stopped.
    ///
    /// # Errors
    /// The listener cannot be used.
    pub fn serve(self, listener: TcpListener) -> std::io::Result<Server> {
        let policy = pages::policy(&self.client);
        let idp = Data::from(Arc::new(self));
        let server = HttpServer::new(move || {
            let policy = policy.clone();
            App::new()
                .app_data(Data::clone(&idp))
                .app_data(web::PayloadConfig::new(MAX_FORM_BYTES))
                .wrap_fn(move |request, service| {
                    let answered = service.call(request);
                    let policy = policy.clone();
                    async move {
                        let mut response = answered.await?;
                        let headers = response.headers_mut();
                        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
                        headers.insert(header::REFERRER_POLICY, NO_REFERRER);
                        headers.insert(header::X_CONTENT_TYPE_OPTIONS, NO_SNIFF);
                        headers.insert(header::CACHE_CONTROL, NO_STORE);
                        Ok(response)
                    }
                })
                .route("/", web::get().to(pages::welcome))
                .route("/style.css", web::get().to(pages::style))
                .route("/icon.svg", web::get().to(pages::icon))
                .route("/.well-known/openid-configuration", web::get().to(discovery))
                .route("/keys", web::get().to(keys))
                .route("/authorize", web::get().to(authorize::show))
                .route("/authorize", web::post().to(authorize::picked))
                .route("/token", web::post().to(token::redeem))
                .default_service(web::to(pages::not_found))
        });
        // One person at a time clicks through a demonstration.
        Ok(server.workers(1).disable_signals().shutdown_timeout(2).listen(listener)?.run())
    }
}

const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");
const NO_SNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// What openidconnect's metadata lacks: RFC 9207 §3, RFC 8414 §2.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct More {
    authorization_response_iss_parameter_supported: bool,
    code_challenge_methods_supported: Vec<String>,
}

impl AdditionalProviderMetadata for More {}

type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

fn metadata(issuer: &str) -> Result<Metadata, ParseError> {
    let more = More {
        authorization_response_iss_parameter_supported: true,
        code_challenge_methods_supported: vec!["S256".to_owned()],
    };
    let claims = ["sub", "oid", "tid", "name", "given_name", "family_name", "preferred_username"];
    let metadata = Metadata::new(
        IssuerUrl::new(issuer.to_owned())?,
        AuthUrl::new(format!("{issuer}/authorize"))?,
        JsonWebKeySetUrl::new(format!("{issuer}/keys"))?,
        vec![ResponseTypes::new(vec![CoreResponseType::Code])],
        vec![CoreSubjectIdentifierType::Pairwise],
        vec![CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256],
        more,
    )
    .set_token_endpoint(Some(TokenUrl::new(format!("{issuer}/token"))?))
    .set_response_modes_supported(Some(vec![CoreResponseMode::Query]))
    .set_grant_types_supported(Some(vec![CoreGrantType::AuthorizationCode]))
    .set_scopes_supported(Some(["openid", "profile"].map(|s| Scope::new(s.to_owned())).into()))
    .set_claims_supported(Some(claims.map(|c| CoreClaimName::new(c.to_owned())).into()))
    .set_token_endpoint_auth_methods_supported(Some(vec![
        CoreClientAuthMethod::ClientSecretBasic,
        CoreClientAuthMethod::ClientSecretPost,
    ]));
    Ok(metadata)
}

async fn discovery(idp: Data<Idp>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(idp.discovery.clone())
}

async fn keys(idp: Data<Idp>) -> HttpResponse {
    HttpResponse::Ok().json(idp.key.public())
}
