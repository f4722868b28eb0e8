//! OpenID Connect.

use freehold_sso::{Issuer, SubjectClaim};
use freehold_wire::ids::ConnectionId;
use freehold_wire::time::Timestamp;
use rand_core::CryptoRng;
use url::Url;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{Connection, ConnectionError, Protocol, free_name};
use crate::authority::Mandate;
use crate::events::{Event, EventKind};
use crate::store::Store;
use crate::text::{self, Slug, TextError};

/// Hosts of Microsoft Entra's clouds.
const ENTRA_HOSTS: [&str; 4] = [
    "login.microsoftonline.com",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
    "sts.windows.net",
];

/// The tenant that the path of an Entra issuer names, as an id or as a domain.
fn entra_tenant(issuer: &Issuer) -> Option<String> {
    let url = Url::parse(issuer.as_str()).ok()?;
    ENTRA_HOSTS
        .contains(&url.host_str()?)
        .then(|| url.path_segments()?.next().map(str::to_owned))?
}

/// The secret that the server shows to the token endpoint.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct ClientSecret(String);

impl ClientSecret {
    /// Parses a secret: 1 to 1024 bytes, no control characters; a line end after it is dropped.
    ///
    /// # Errors
    /// An empty or longer text, or one with control characters.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        text::plain_line("the client secret", text, 1024).map(Self)
    }

    /// The text, for the request to the token endpoint and for the store.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// How an OpenID provider is spoken to.
pub struct Oidc {
    /// The provider.
    pub issuer: Issuer,
    /// What the provider calls this server.
    pub client_id: String,
    /// What this server shows to the provider.
    pub client_secret: ClientSecret,
    /// Which claim identifies a person.
    pub subject_claim: SubjectClaim,
}

/// What an admin says of a new OpenID provider.
pub struct NewOidc {
    /// A name; left out, `oidc`, `oidc-2` and so on.
    pub name: Option<Slug>,
    /// The provider.
    pub issuer: Issuer,
    /// The client id it gave.
    pub client_id: String,
    /// The client secret it gave.
    pub client_secret: ClientSecret,
    /// The tenant; left out, an Entra issuer's own.
    pub tenant: Option<String>,
    /// The claim; left out, `oid` for an Entra issuer and `sub` for others.
    pub subject_claim: Option<SubjectClaim>,
    /// Whether a PENDING user may also be found by `userName`.
    pub matches_user_name: bool,
}

/// Configures an OpenID provider.
///
/// # Errors
/// A taken name, as many connections as there may be, a tenant that contradicts the issuer, texts that do not fit.
pub fn add_oidc(
    store: &mut dyn Store,
    mandate: Mandate,
    new: &NewOidc,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<ConnectionId, ConnectionError> {
    let organization = mandate.organization();
    let name = match &new.name {
        Some(name) => name.clone(),
        None => free_name(store, organization, "oidc")?,
    };
    let connection = Connection {
        id: ConnectionId::make(now, rng),
        organization,
        name,
        protocol: Protocol::Oidc(Oidc {
            issuer: new.issuer.clone(),
            client_id: text::line("the client id", &new.client_id, 255)?,
            client_secret: ClientSecret(new.client_secret.0.clone()),
            subject_claim: new.subject_claim.unwrap_or_else(|| usual_claim(&new.issuer)),
        }),
        tenant: tenant_of(new)?,
        matches_user_name: new.matches_user_name,
        created_at: now,
    };
    super::insert(store, mandate, &connection, now, rng)
}

/// Gives an OpenID connection another client secret, from the next answer of the provider on. Sessions, links and begun
/// sign-ins stay.
///
/// # Errors
/// [`ConnectionError::NotOidc`]; [`ConnectionError::Unknown`], also when it was removed meanwhile.
pub fn replace_secret(
    store: &mut dyn Store,
    mandate: Mandate,
    id: ConnectionId,
    secret: &ClientSecret,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), ConnectionError> {
    let connection = super::of(store, mandate.organization(), id)?;
    if matches!(connection.protocol, Protocol::Saml(_)) {
        return Err(ConnectionError::NotOidc);
    }
    if !store.replace_client_secret(connection.organization, connection.id, secret)? {
        return Err(ConnectionError::Unknown);
    }
    Event::new(EventKind::ConnectionSecretReplaced, connection.organization)
        .connection(connection.id)
        .by(mandate)
        .record(store, now, rng)?;
    Ok(())
}

fn tenant_of(new: &NewOidc) -> Result<Option<String>, ConnectionError> {
    // An Entra tenant may stand in the issuer as a domain; only an id can be compared with `tid`.
    let own = entra_tenant(&new.issuer).filter(|tenant| crate::identity::is_guid(tenant));
    super::tenant_of(own, new.tenant.as_deref())
}

fn usual_claim(issuer: &Issuer) -> SubjectClaim {
    if entra_tenant(issuer).is_some() { SubjectClaim::Oid } else { SubjectClaim::Sub }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entra_issuer_brings_its_tenant_and_oid() {
        let guid = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
        let new = |tenant: Option<&str>| NewOidc {
            name: None,
            issuer: Issuer::parse(&format!("https://login.microsoftonline.com/{guid}/v2.0"))
                .unwrap(),
            client_id: "app".into(),
            client_secret: ClientSecret::parse("secret").unwrap(),
            tenant: tenant.map(str::to_owned),
            subject_claim: None,
            matches_user_name: false,
        };
        assert_eq!(tenant_of(&new(None)).unwrap().as_deref(), Some(guid));
        assert!(tenant_of(&new(Some(&guid.to_uppercase()))).is_ok());
        assert!(matches!(tenant_of(&new(Some("other"))), Err(ConnectionError::OtherTenant)));
        assert_eq!(usual_claim(&new(None).issuer), SubjectClaim::Oid);
        assert_eq!(usual_claim(&Issuer::parse("https://a.test").unwrap()), SubjectClaim::Sub);
    }
}
