//! Connections: the ways an organization's people sign in.

use std::fmt;

pub use freehold_sso::{Issuer, IssuerError, SubjectClaim, UnknownSubjectClaim};
use freehold_wire::ids::{ConnectionId, OrganizationId};
use freehold_wire::time::Timestamp;
use rand_core::CryptoRng;
use url::Url;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::events::{Event, EventKind};
use crate::organizations::Organization;
use crate::store::Store;
use crate::store_error::StoreError;
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
        text::line("the client secret", text, 1024).map(Self)
    }

    /// The text, for the request to the token endpoint and for the store.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// A configured OpenID provider.
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// Whose people sign in there.
    pub organization: OrganizationId,
    /// Its name on command lines and in addresses, unique in the organization.
    pub name: Slug,
    /// The provider.
    pub issuer: Issuer,
    /// What the provider calls this server.
    pub client_id: String,
    /// What this server shows to the provider.
    pub client_secret: ClientSecret,
    /// The tenant (`tid`) that every assertion must carry.
    pub tenant: Option<String>,
    /// Which claim identifies a person.
    pub subject_claim: SubjectClaim,
    /// When it was configured.
    pub created_at: Timestamp,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("id", &self.id).finish_non_exhaustive()
    }
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
}

/// Why a command on a connection was not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectionError {
    /// The organization has a connection of this name.
    #[error("the organization has a connection of this name already")]
    NameTaken,
    /// The organization has no connection of this name, or none at all.
    #[error("the organization has no such connection")]
    Unknown,
    /// The organization has several and none was named.
    #[error("the organization has several connections; name one of: {0}")]
    Several(String),
    /// The tenant is not the one in the issuer.
    #[error("the tenant differs from the one in the issuer")]
    OtherTenant,
    /// A text that does not fit.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Configures an OpenID provider.
///
/// # Errors
/// A taken name, a tenant that contradicts the issuer, texts that do not fit.
pub fn add_oidc(
    store: &mut dyn Store,
    organization: OrganizationId,
    new: &NewOidc,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<ConnectionId, ConnectionError> {
    let name = match &new.name {
        Some(name) => name.clone(),
        None => free_name(store, organization)?,
    };
    let connection = Connection {
        id: ConnectionId::make(now, rng),
        organization,
        name,
        issuer: new.issuer.clone(),
        client_id: text::line("the client id", &new.client_id, 255)?,
        client_secret: ClientSecret(new.client_secret.0.clone()),
        tenant: tenant_of(new)?,
        subject_claim: new.subject_claim.unwrap_or_else(|| usual_claim(&new.issuer)),
        created_at: now,
    };
    if !store.insert_connection(&connection)? {
        return Err(ConnectionError::NameTaken);
    }
    Event::new(EventKind::ConnectionAdded, organization)
        .connection(connection.id)
        .record(store, now, rng)?;
    Ok(connection.id)
}

fn tenant_of(new: &NewOidc) -> Result<Option<String>, ConnectionError> {
    // An Entra tenant may stand in the issuer as a domain; only an id can be compared with `tid`.
    let own = entra_tenant(&new.issuer).filter(|tenant| crate::identity::is_guid(tenant));
    let given = match &new.tenant {
        Some(tenant) => Some(text::line("the tenant", tenant, 255)?),
        None => None,
    };
    match (own, given) {
        (Some(own), Some(given)) if !own.eq_ignore_ascii_case(&given) => {
            Err(ConnectionError::OtherTenant)
        }
        (own, given) => Ok(given.or(own)),
    }
}

fn usual_claim(issuer: &Issuer) -> SubjectClaim {
    if entra_tenant(issuer).is_some() { SubjectClaim::Oid } else { SubjectClaim::Sub }
}

fn free_name(store: &mut dyn Store, organization: OrganizationId) -> Result<Slug, ConnectionError> {
    let taken = store.connections(organization)?;
    let free = (1..=taken.len() + 1)
        .map(|n| if n == 1 { "oidc".to_owned() } else { format!("oidc-{n}") })
        .find(|name| taken.iter().all(|connection| connection.name.as_str() != name));
    Ok(Slug::parse(free.as_deref().unwrap_or("oidc"))?)
}

/// An organization's connections by name.
///
/// # Errors
/// A failing database.
pub fn list(
    store: &mut dyn Store,
    organization: OrganizationId,
) -> Result<Vec<Connection>, StoreError> {
    store.connections(organization)
}

/// A connection by its id.
///
/// # Errors
/// [`ConnectionError::Unknown`].
pub fn get(store: &mut dyn Store, id: ConnectionId) -> Result<Connection, ConnectionError> {
    store.connection(id)?.ok_or(ConnectionError::Unknown)
}

/// The connection that was named, or the only one.
///
/// # Errors
/// [`ConnectionError::Unknown`]; [`ConnectionError::Several`] when a name is needed.
pub fn choose(
    store: &mut dyn Store,
    organization: OrganizationId,
    name: Option<&str>,
) -> Result<Connection, ConnectionError> {
    let mut all = store.connections(organization)?;
    match name {
        Some(name) => all.retain(|connection| connection.name.as_str() == name),
        None if all.len() > 1 => return Err(ConnectionError::Several(names(&all))),
        None => {}
    }
    all.pop().ok_or(ConnectionError::Unknown)
}

/// Why no connection could be chosen for those who provision.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProvisionedError {
    /// There are several, of these names, and none was named.
    #[error("several connections and none named")]
    Needed(String),
    /// None of this name.
    #[error("no such connection")]
    Unknown,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The connection that the users of a token or client will sign in over.
pub(crate) fn provisioned(
    store: &mut dyn Store,
    organization: OrganizationId,
    name: Option<&str>,
) -> Result<Option<ConnectionId>, ProvisionedError> {
    let all = store.connections(organization)?;
    match name {
        Some(name) => all
            .iter()
            .find(|connection| connection.name.as_str() == name)
            .map(|connection| Some(connection.id))
            .ok_or(ProvisionedError::Unknown),
        None if all.len() > 1 => Err(ProvisionedError::Needed(names(&all))),
        // Not bound to the only one: while it stays the only one, users are claimable by it all the same.
        None => Ok(None),
    }
}

fn names(connections: &[Connection]) -> String {
    connections.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// Why no connection could be chosen for a sign-in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChoiceError {
    /// The address names no organization, and there is not exactly one.
    #[error("no organization named")]
    Unnamed,
    /// There is no organization of this name.
    #[error("no such organization")]
    Organization,
    /// The organization has no such connection, or none at all.
    #[error("no such connection")]
    Connection,
    /// The organization has several, and none was named.
    #[error("several connections and none named")]
    Several {
        /// The organization.
        organization: Slug,
        /// The names of its connections.
        connections: Vec<Slug>,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The connection for a sign-in: names may be left out where there is only one.
///
/// # Errors
/// See [`ChoiceError`].
pub fn for_login(
    store: &mut dyn Store,
    organization: Option<&str>,
    connection: Option<&str>,
) -> Result<(Organization, Connection), ChoiceError> {
    let organization = match organization {
        Some(slug) => {
            let slug = Slug::parse(slug).map_err(|_| ChoiceError::Organization)?;
            store.organization_by_slug(&slug)?.ok_or(ChoiceError::Organization)?
        }
        None => store.only_organization()?.ok_or(ChoiceError::Unnamed)?,
    };
    match choose(store, organization.id, connection) {
        Ok(connection) => Ok((organization, connection)),
        Err(ConnectionError::Store(error)) => Err(error.into()),
        Err(ConnectionError::Several(_)) => Err(ChoiceError::Several {
            connections: store.connections(organization.id)?.into_iter().map(|c| c.name).collect(),
            organization: organization.slug,
        }),
        Err(_) => Err(ChoiceError::Connection),
    }
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
        };
        assert_eq!(tenant_of(&new(None)).unwrap().as_deref(), Some(guid));
        assert!(tenant_of(&new(Some(&guid.to_uppercase()))).is_ok());
        assert!(matches!(tenant_of(&new(Some("other"))), Err(ConnectionError::OtherTenant)));
        assert_eq!(usual_claim(&new(None).issuer), SubjectClaim::Oid);
        assert_eq!(usual_claim(&Issuer::parse("https://a.test").unwrap()), SubjectClaim::Sub);
    }
}
