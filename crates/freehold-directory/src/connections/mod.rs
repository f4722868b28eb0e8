//! Connections: the ways an organization's people sign in.

mod certificates;
mod oidc;
mod removal;
mod saml;
mod unasked;

use std::fmt;

pub use freehold_sso::{Issuer, IssuerError, SubjectClaim, UnknownSubjectClaim};
use freehold_wire::ids::{ConnectionId, OrganizationId};
use freehold_wire::time::Timestamp;
use rand_core::CryptoRng;

pub use self::certificates::{propose, remove_certificate, to_refresh, trust_certificate};
pub use self::oidc::{ClientSecret, NewOidc, Oidc, add_oidc, replace_secret};
pub use self::removal::{Removed, remove};
pub use self::saml::{NewCertificate, NewSaml, Saml, StoredCertificate, Trust, add_saml};
pub use self::unasked::{Unasked, Whose, whose};
use crate::authority::Mandate;
use crate::events::{Event, EventKind};
use crate::organizations::Organization;
use crate::store::Store;
use crate::store_error::StoreError;
use crate::text::{self, Slug, TextError};

/// A configured way to sign in.
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// Whose people sign in there.
    pub organization: OrganizationId,
    /// Its name on command lines and in addresses, unique in the organization.
    pub name: Slug,
    /// How it is spoken to, and with what.
    pub protocol: Protocol,
    /// The tenant that every assertion must carry.
    pub tenant: Option<String>,
    /// Whether a PENDING user may also be found by `userName`, where `externalId` is not an object id.
    pub matches_user_name: bool,
    /// When it was configured.
    pub created_at: Timestamp,
}

/// The protocol of a connection, with its settings.
pub enum Protocol {
    /// OpenID Connect.
    Oidc(Oidc),
    /// SAML 2.0.
    Saml(Saml),
}

impl Connection {
    /// Who vouches: the issuer of an OpenID provider, the entity id of a SAML identity provider.
    pub fn issuer(&self) -> &str {
        match &self.protocol {
            Protocol::Oidc(oidc) => oidc.issuer.as_str(),
            Protocol::Saml(saml) => &saml.entity_id,
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Why a command on a connection was not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectionError {
    /// The organization has a connection of this name.
    #[error("the organization has a connection of this name already")]
    NameTaken,
    /// The organization has as many connections as it may have.
    #[error("the organization has {MOST} connections, and more are not possible; remove one first")]
    TooMany,
    /// The organization has no connection of this name, or none at all.
    #[error("the organization has no such connection")]
    Unknown,
    /// The organization has several and none was named.
    #[error("the organization has several connections; name one of: {0}")]
    Several(String),
    /// The tenant is not the one in the issuer.
    #[error("the tenant differs from the one in the issuer")]
    OtherTenant,
    /// There is no certificate to verify answers with.
    #[error("a SAML connection needs a certificate")]
    NoCertificate,
    /// The connection has no certificates: it speaks OpenID Connect.
    #[error("the connection does not speak SAML")]
    NotSaml,
    /// The connection has no client secret: it speaks SAML.
    #[error("the connection does not speak OpenID Connect")]
    NotOidc,
    /// The connection has no certificate of this fingerprint.
    #[error("the connection has no such certificate")]
    UnknownCertificate,
    /// Without it nobody could sign in.
    #[error("it is the last certificate trusted; trust another one first")]
    LastCertificate,
    /// SCIM tokens and clients still provision for the connection.
    #[error("{0} live SCIM tokens or clients provision people for this connection")]
    Provisioning(u64),
    /// A text that does not fit.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Most connections of one organization: every one costs the others of the server a little, and is read at every sign-in.
pub const MOST: usize = 20;

/// Stores a new connection and tells of it.
fn insert(
    store: &mut dyn Store,
    mandate: Mandate,
    connection: &Connection,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<ConnectionId, ConnectionError> {
    if store.connections(connection.organization)?.len() >= MOST {
        return Err(ConnectionError::TooMany);
    }
    if !store.insert_connection(connection)? {
        return Err(ConnectionError::NameTaken);
    }
    Event::new(EventKind::ConnectionAdded, connection.organization)
        .connection(connection.id)
        .by(mandate)
        .record(store, now, rng)?;
    Ok(connection.id)
}

/// The tenant that an admin names, or the issuer's own; both, when they are the same.
fn tenant_of(own: Option<String>, given: Option<&str>) -> Result<Option<String>, ConnectionError> {
    let given = given.map(|tenant| text::line("the tenant", tenant, 255)).transpose()?;
    match (own, given) {
        (Some(own), Some(given)) if !own.eq_ignore_ascii_case(&given) => {
            Err(ConnectionError::OtherTenant)
        }
        (own, given) => Ok(given.or(own)),
    }
}

/// A name that no connection of the organization has: the protocol's, or with a number.
fn free_name(
    store: &mut dyn Store,
    organization: OrganizationId,
    protocol: &str,
) -> Result<Slug, ConnectionError> {
    let taken = store.connections(organization)?;
    let free = (1..=taken.len() + 1)
        .map(|n| if n == 1 { protocol.to_owned() } else { format!("{protocol}-{n}") })
        .find(|name| taken.iter().all(|connection| connection.name.as_str() != name));
    Ok(Slug::parse(free.as_deref().unwrap_or(protocol))?)
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

/// A connection of this organization by its id; another one's is as unknown as none.
///
/// # Errors
/// [`ConnectionError::Unknown`].
pub fn of(
    store: &mut dyn Store,
    organization: OrganizationId,
    id: ConnectionId,
) -> Result<Connection, ConnectionError> {
    let connection = get(store, id)?;
    if connection.organization == organization {
        Ok(connection)
    } else {
        Err(ConnectionError::Unknown)
    }
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

/// The connections with this OpenID provider as this client of it, at most a few: several organizations may sign in there.
///
/// # Errors
/// A failing database.
pub fn of_client(
    store: &mut dyn Store,
    issuer: &str,
    client: &str,
) -> Result<Vec<Connection>, StoreError> {
    store.oidc_connections(issuer, client)
}
