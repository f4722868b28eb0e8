//! `POST /api/admin/connections/saml` and `/oidc`.
//!
//! The server goes where the request says, so it asks who sends it first: an unlocked owner; and it goes no farther than
//! [`freehold_sso::oidc::Reach`], and not too often.

use std::fmt;

use actix_web::{HttpResponse, web};
use freehold_directory::{
    ConnectionId, OrganizationId, Store, TextError,
    authority::Mandate,
    connections::{self, ClientSecret, ConnectionError, Issuer, NewOidc, SubjectClaim},
};
use freehold_sso::saml;
use serde::{
    Deserialize, Deserializer,
    de::{self, Visitor},
};
use url::Url;
use utoipa::ToSchema;

use super::{
    super::super::{
        App,
        body::{self, JsonBytes},
        caller::{SessionCookie, unlocked_owner},
        openapi::Refusal,
        problem::Problem,
    },
    shown::ConnectionShown,
};
use crate::{
    identity_providers::{self, SamlSettings, new_saml, parse_name},
    system,
};

/// Metadata of at most 512 KiB, as a text in JSON.
const SAML_LIMIT: usize = 1024 * 1024;
/// Some short texts.
pub(super) const OIDC_LIMIT: usize = 16 * 1024;

/// A SAML identity provider: its metadata, or the address at which it publishes them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct NewSamlConnection {
    /// The metadata (XML).
    metadata: Option<String>,
    /// Their address, which is asked daily from then on.
    metadata_url: Option<String>,
    /// Left out, one is chosen.
    name: Option<String>,
    /// One more audience to accept beside our entity id, such as `spn:APPLICATION-ID`.
    audience: Option<String>,
    /// The attribute that equals users' externalId, or `NameID`; left out, the object id for Entra, else `NameID`.
    subject_attribute: Option<String>,
    /// The tenant that every sign-in must come from; left out, an Entra entity id's own.
    tenant: Option<String>,
    /// Whether a person whose subject is nobody's externalId may take, once, the PENDING user with the same userName.
    #[serde(default)]
    match_user_name: bool,
}

/// An OpenID provider.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct NewOidcConnection {
    /// Exactly as the provider's discovery document writes it.
    issuer: String,
    client_id: String,
    /// Never shown again.
    #[schema(value_type = String, write_only)]
    client_secret: SecretText,
    /// Left out, one is chosen.
    name: Option<String>,
    /// The tenant that every sign-in must come from; left out, an Entra issuer's own.
    tenant: Option<String>,
    /// `oid` or `sub`: what equals users' externalId; left out, `oid` for Entra, else `sub`.
    subject_claim: Option<String>,
    /// As for SAML.
    #[serde(default)]
    match_user_name: bool,
}

/// A client secret out of a request: of its own type from the first moment.
pub(super) struct SecretText(pub(super) Result<ClientSecret, TextError>);

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(SecretVisitor)
    }
}

struct SecretVisitor;

impl Visitor<'_> for SecretVisitor {
    type Value = SecretText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<SecretText, E> {
        Ok(SecretText(ClientSecret::parse(text)))
    }
}

/// Connects a SAML identity provider, whose certificates are trusted from now on. For an unlocked owner.
#[utoipa::path(
    post, path = "/api/admin/connections/saml", tag = "sign-in", request_body = NewSamlConnection,
    responses((status = 201, body = ConnectionShown), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn saml(
    app: web::Data<App>,
    asker: SessionCookie,
    cookie: SessionCookie,
    body: JsonBytes<SAML_LIMIT>,
) -> Result<HttpResponse, Problem> {
    let given: NewSamlConnection = body::parse(&body.0)?;
    let organization = by_owner(&app, asker).await?;
    let (metadata, metadata_url) = match (given.metadata, given.metadata_url) {
        (Some(xml), None) => (saml::read_metadata(xml.as_bytes())?, None),
        (None, Some(address)) => {
            let url = Url::parse(&address)
                .map_err(|_| Problem::unusable("provider-address", "This is not an address."))?;
            app.go_out(organization)?;
            (identity_providers::fetch(&app.providers, &url).await?, Some(url))
        }
        _ => return Err(Problem::bad_request("Send the metadata or their address, one of both.")),
    };
    let settings = SamlSettings {
        name: given.name,
        metadata_url,
        audience: given.audience,
        subject_attribute: given.subject_attribute,
        tenant: given.tenant,
        matches_user_name: given.match_user_name,
    };
    let (new, now) = (new_saml(metadata, settings)?, app.now());
    add(&app, cookie, move |store, mandate| {
        connections::add_saml(store, mandate, &new, now, &mut system::random())
    })
    .await
}

/// Connects an OpenID provider, once its discovery document and keys were read. For an unlocked owner.
#[utoipa::path(
    post, path = "/api/admin/connections/oidc", tag = "sign-in", request_body = NewOidcConnection,
    responses((status = 201, body = ConnectionShown), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn oidc(
    app: web::Data<App>,
    asker: SessionCookie,
    cookie: SessionCookie,
    body: JsonBytes<OIDC_LIMIT>,
) -> Result<HttpResponse, Problem> {
    let given: NewOidcConnection = body::parse(&body.0)?;
    let organization = by_owner(&app, asker).await?;
    let new = parse_oidc(given)?;
    app.go_out(organization)?;
    app.providers.discover(&new.issuer).await?;
    let now = app.now();
    add(&app, cookie, move |store, mandate| {
        connections::add_oidc(store, mandate, &new, now, &mut system::random())
    })
    .await
}

fn parse_oidc(given: NewOidcConnection) -> Result<NewOidc, Problem> {
    let refused = |error: &dyn fmt::Display| Problem::bad_request(format!("{error}."));
    Ok(NewOidc {
        name: parse_name(given.name.as_deref()).map_err(|error| refused(&error))?,
        issuer: Issuer::parse(&given.issuer)?,
        client_id: given.client_id,
        client_secret: given.client_secret.0.map_err(|error| refused(&error))?,
        tenant: given.tenant,
        subject_claim: given
            .subject_claim
            .map(|claim| claim.parse::<SubjectClaim>())
            .transpose()
            .map_err(|error| refused(&error))?,
        matches_user_name: given.match_user_name,
    })
}

/// Refuses all but an unlocked owner, before the server goes anywhere; the transaction that stores asks again.
async fn by_owner(app: &App, asker: SessionCookie) -> Result<OrganizationId, Problem> {
    app.read_as(asker, |_, session| Ok(unlocked_owner(session)?.organization())).await
}

async fn add(
    app: &App,
    cookie: SessionCookie,
    insert: impl Fn(&mut dyn Store, Mandate) -> Result<ConnectionId, ConnectionError> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let shown = app
        .write_as(cookie, move |store, session| {
            let mandate = unlocked_owner(session)?.mandate();
            let id = insert(store, mandate)?;
            let connection = connections::of(store, mandate.organization(), id)?;
            tracing::info!(connection = %id, "a connection was added");
            Ok(ConnectionShown::of(&connection))
        })
        .await?;
    Ok(HttpResponse::Created().json(shown))
}
