//! What is shown of a token or client, and wanted for a new one: with either, an identity provider provisions people.

use freehold_directory::{
    ConnectionId, Timestamp,
    clients::Client,
    connections::Connection,
    expiry,
    tokens::{LastUse, Token},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether something that ends is accepted; the switch of the organization aside.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = CredentialState)]
pub(super) enum State {
    /// It is.
    Live,
    /// It is, and its end is near.
    Expiring,
    /// Its time is over.
    Expired,
    /// It was revoked.
    Revoked,
}

/// A token or client. Its secret is in no answer but the one that made it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Credential {
    /// Of a client, what the identity provider calls the client id.
    pub(super) id: String,
    description: String,
    /// The name of the connection that the people it creates sign in over.
    connection: Option<String>,
    state: State,
    /// While it is expiring: it ends in so many days or earlier; 30, 14, 7 or 1.
    warn_days: Option<u16>,
    created_at: u64,
    expires_at: u64,
    revoked_at: Option<u64>,
    last_use: Option<Use>,
}

/// When, from where and by what something was last used, exact to the minute.
#[derive(Serialize, ToSchema)]
#[schema(as = LastUse)]
pub(super) struct Use {
    at: u64,
    /// The address that the request came from; may be empty.
    address: String,
    /// What the program calls itself; may be empty.
    client: String,
}

/// What is known of a token or client.
pub(super) struct Known<'a> {
    id: String,
    description: &'a str,
    connection: Option<ConnectionId>,
    created_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    last_use: Option<&'a LastUse>,
}

impl<'a> From<&'a Token> for Known<'a> {
    fn from(token: &'a Token) -> Self {
        Self {
            id: token.id.to_string(),
            description: &token.description,
            connection: token.connection,
            created_at: token.created_at,
            expires_at: token.expires_at,
            revoked_at: token.revoked_at,
            last_use: token.last_use.as_ref(),
        }
    }
}

impl<'a> From<&'a Client> for Known<'a> {
    fn from(client: &'a Client) -> Self {
        Self {
            id: client.id.to_string(),
            description: &client.description,
            connection: client.connection,
            created_at: client.created_at,
            expires_at: client.expires_at,
            revoked_at: client.revoked_at,
            last_use: client.last_use.as_ref(),
        }
    }
}

impl Credential {
    /// As it is at this time.
    pub(super) fn of<'a>(
        known: impl Into<Known<'a>>,
        connections: &[Connection],
        now: Timestamp,
    ) -> Self {
        let known: Known<'a> = known.into();
        let Known { created_at, expires_at, revoked_at, .. } = known;
        let warn_days =
            expiry::reached_threshold(created_at, expires_at, now).filter(|_| revoked_at.is_none());
        let state = match warn_days {
            _ if revoked_at.is_some() => State::Revoked,
            _ if expires_at <= now => State::Expired,
            Some(_) => State::Expiring,
            None => State::Live,
        };
        // A connection that was removed has no name.
        let connection = connections.iter().find(|one| Some(one.id) == known.connection);
        Self {
            id: known.id,
            description: known.description.to_owned(),
            connection: connection.map(|one| one.name.to_string()),
            state,
            warn_days,
            created_at: created_at.as_millis(),
            expires_at: expires_at.as_millis(),
            revoked_at: revoked_at.map(Timestamp::as_millis),
            last_use: known.last_use.map(|last| Use {
                at: last.at.as_millis(),
                address: last.address.clone(),
                client: last.client.clone(),
            }),
        }
    }
}

/// The names to choose from, where a choice has to be made.
pub(super) fn choice(connections: &[Connection]) -> Vec<String> {
    if connections.len() < 2 {
        return Vec::new();
    }
    connections.iter().map(|known| known.name.to_string()).collect()
}

/// A token or client that is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedCredential {
    /// What to call it: 1 to 200 bytes.
    pub(super) description: String,
    /// How long it lives: 1 to 366.
    pub(super) days: u16,
    /// The name of a connection; needed once there are two.
    pub(super) connection: Option<String>,
}
