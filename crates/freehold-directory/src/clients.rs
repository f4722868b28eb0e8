//! SCIM clients: the second way to prove which organization is provisioned. An identity provider shows id and secret and
//! gets an access token for an hour (OAuth 2.0 client credentials, RFC 6749 §4.4).
//!
//! An access token is a SCIM token that knows its client: everything about [`crate::tokens`] holds for it, and it dies
//! with its client.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use freehold_wire::ids::{ConnectionId, OrganizationId, TokenId};
use freehold_wire::time::Timestamp;
use rand_core::CryptoRng;

use crate::authority::Mandate;
use crate::connections::{self, ProvisionedError};
use crate::events::{Event, EventKind};
use crate::secret::{ScimClientSecret, SecretHash, TokenSecret};
use crate::store::Store;
use crate::store_error::StoreError;
use crate::text::{self, TextError};
use crate::tokens::{LastUse, NOTE_EVERY, Token, TokenLife, is_due};

/// How long an access token lives, if its client does not end before.
pub const ACCESS_LIFE: Duration = Duration::from_secs(3_600);
/// How many access tokens a client can have: of more, the oldest go.
pub const ACCESS_TOKENS: u32 = 100;
/// How long an access token is remembered after its end, so that the log can say that it has expired.
pub const ACCESS_MEMORY: Duration = Duration::from_secs(86_400);

const PREFIX: &str = "fhc_";

/// A client's id: `fhc_` and a UUIDv7 in 32 hexadecimal digits, so that ids sort by time. No secret.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ClientId(uuid::Uuid);

impl ClientId {
    fn make(now: Timestamp, rng: &mut dyn CryptoRng) -> Self {
        let mut random = [0u8; 10];
        rng.fill_bytes(&mut random);
        Self(uuid::Builder::from_unix_timestamp_millis(now.as_millis(), &random).into_uuid())
    }

    /// Parses the one spelling of an id; `None` when it cannot be one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let id = Self(uuid::Uuid::try_parse(text.strip_prefix(PREFIX)?).ok()?);
        (id.to_string() == text).then_some(id)
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", self.0.simple())
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientId({self})")
    }
}

/// A text is not the id of a client.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not the id of a client")]
pub struct ClientIdError;

impl FromStr for ClientId {
    type Err = ClientIdError;

    fn from_str(text: &str) -> Result<Self, ClientIdError> {
        Self::parse(text).ok_or(ClientIdError)
    }
}

/// A client as an admin sees it; the secret itself is stored nowhere.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its id, which it presents.
    pub id: ClientId,
    /// Whose users it provisions.
    pub organization: OrganizationId,
    /// The connection that the users it creates will sign in over.
    pub connection: Option<ConnectionId>,
    /// What the admin calls it.
    pub description: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused, and its access tokens with it.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The last use of it or of its access tokens, exact to the minute.
    pub last_use: Option<LastUse>,
}

impl Client {
    /// Whether it is accepted at this time, as far as it and not its organization says.
    fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// A client with what deciding about it needs.
#[derive(Clone, Debug)]
pub struct StoredClient {
    /// The client.
    pub client: Client,
    /// The hash of its secret.
    pub hash: SecretHash,
    /// Whether the organization's SCIM is switched on.
    pub scim_enabled: bool,
    /// When a refusal of it was last noted.
    pub refused_at: Option<Timestamp>,
}

/// What a client presents; nothing is proved yet.
pub struct Credentials {
    /// Who it says it is.
    pub id: ClientId,
    /// What is to prove it.
    pub secret: ScimClientSecret,
}

/// Proof that a live client showed its secret.
#[derive(Clone, Debug)]
pub struct LiveClient {
    id: ClientId,
    organization: OrganizationId,
    connection: Option<ConnectionId>,
    expires_at: Timestamp,
}

impl LiveClient {
    /// The client, for the log.
    pub fn id(&self) -> ClientId {
        self.id
    }

    /// Its organization, for the log.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }
}

/// Why a client was refused; for the log only, the client learns no more than that it was.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientRefusal {
    /// No such client was ever made.
    #[error("unknown client")]
    Unknown,
    /// The secret is another one.
    #[error("wrong secret")]
    WrongSecret,
    /// It was revoked.
    #[error("revoked client")]
    Revoked(RefusedClient),
    /// Its time is over.
    #[error("expired client")]
    Expired(RefusedClient),
    /// It is good, but the organization's SCIM is switched off.
    #[error("SCIM is switched off for the organization")]
    ScimOff(RefusedClient),
}

/// The client of a refusal, which had shown its secret.
#[derive(Clone, Debug)]
pub struct RefusedClient {
    organization: OrganizationId,
    client: ClientId,
    refused_at: Option<Timestamp>,
}

impl RefusedClient {
    /// Its organization, for the log.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }
}

impl ClientRefusal {
    /// The client, where it had shown its secret.
    pub fn refused(&self) -> Option<&RefusedClient> {
        match self {
            // Writing these down would take longer for a client that exists, and who asks could tell.
            Self::Unknown | Self::WrongSecret => None,
            Self::Revoked(refused) | Self::Expired(refused) | Self::ScimOff(refused) => {
                Some(refused)
            }
        }
    }

    /// Whether it is time to write the refusal down ([`note_refusal`]): at most once a minute a client.
    pub fn note_due(&self, now: Timestamp) -> bool {
        self.refused().is_some_and(|refused| is_due(refused.refused_at, now))
    }
}

/// Why a command on clients was not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The organization has as many live clients as it may have.
    #[error(
        "the organization has {MOST_LIVE} live clients, and more are not possible; revoke one first"
    )]
    TooMany,
    /// The organization has several connections and the client names none.
    #[error(
        "the organization has several connections; name the one this client provisions for: {0}"
    )]
    ConnectionNeeded(String),
    /// The organization has no such client.
    #[error("the organization has no such client")]
    Unknown,
    /// The organization has no such connection.
    #[error("the organization has no such connection")]
    UnknownConnection,
    /// A text that does not fit.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ProvisionedError> for ClientError {
    fn from(error: ProvisionedError) -> Self {
        match error {
            ProvisionedError::Needed(names) => Self::ConnectionNeeded(names),
            ProvisionedError::Unknown => Self::UnknownConnection,
            ProvisionedError::Store(error) => Self::Store(error),
        }
    }
}

/// What an admin says of a new client.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// The name of the connection; needed once there are two.
    pub connection: Option<String>,
    /// What to call it.
    pub description: String,
    /// How long it lives.
    pub life: TokenLife,
}

/// Most clients of one organization that are accepted at a time.
pub const MOST_LIVE: usize = 100;

/// Makes a client. Its secret exists only in the answer.
///
/// # Errors
/// [`ClientError::TooMany`]; a missing or unknown connection, a description that does not fit.
pub fn create(
    store: &mut dyn Store,
    mandate: Mandate,
    new: &NewClient,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(Client, ScimClientSecret), ClientError> {
    let organization = mandate.organization();
    let live = store.clients(organization)?.iter().filter(|client| client.is_live(now)).count();
    if live >= MOST_LIVE {
        return Err(ClientError::TooMany);
    }
    let secret = ScimClientSecret::make(rng);
    let client = Client {
        id: ClientId::make(now, rng),
        organization,
        connection: connections::provisioned(store, organization, new.connection.as_deref())?,
        description: text::line("the description", &new.description, 200)?,
        created_at: now,
        expires_at: now.plus(new.life.duration()),
        revoked_at: None,
        last_use: None,
    };
    store.insert_client(&client, &secret.hash())?;
    Event::new(EventKind::ClientCreated, organization)
        .client(client.id)
        .by(mandate)
        .record(store, now, rng)?;
    Ok((client, secret))
}

/// An organization's clients, revoked and expired ones too, oldest first.
///
/// # Errors
/// A failing database.
pub fn list(
    store: &mut dyn Store,
    organization: OrganizationId,
) -> Result<Vec<Client>, StoreError> {
    store.clients(organization)
}

/// Revokes a client: it gets no token any more, and the ones it has are refused from the next request on. Revoking again
/// changes nothing.
///
/// # Errors
/// [`ClientError::Unknown`], for another organization's client too.
pub fn revoke(
    store: &mut dyn Store,
    mandate: Mandate,
    client: ClientId,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), ClientError> {
    let organization = mandate.organization();
    let known = store.client(client)?.map(|stored| stored.client);
    let known = known.filter(|known| known.organization == organization);
    let known = known.ok_or(ClientError::Unknown)?;
    if known.revoked_at.is_none() && store.revoke_client(organization, client, now)? {
        Event::new(EventKind::ClientRevoked, organization)
            .client(client)
            .by(mandate)
            .record(store, now, rng)?;
    }
    Ok(())
}

/// Decides about what a client presents.
///
/// # Errors
/// The outer one: a failing database. The inner one: the refusal, for the log.
pub fn authenticate(
    store: &mut dyn Store,
    presented: &Credentials,
    now: Timestamp,
) -> Result<Result<LiveClient, ClientRefusal>, StoreError> {
    Ok(decide(store.client(presented.id)?, &presented.secret.hash(), now))
}

fn decide(
    found: Option<StoredClient>,
    presented: &SecretHash,
    now: Timestamp,
) -> Result<LiveClient, ClientRefusal> {
    // An unknown client costs the comparison too: it is compared with a hash that no secret has.
    let stored = found.as_ref().map_or(SecretHash::from_bytes([0; 32]), |stored| stored.hash);
    let matches = stored.matches(presented);
    let StoredClient { client, scim_enabled, refused_at, .. } =
        found.ok_or(ClientRefusal::Unknown)?;
    if !matches {
        return Err(ClientRefusal::WrongSecret);
    }
    let refused =
        RefusedClient { organization: client.organization, client: client.id, refused_at };
    if client.revoked_at.is_some() {
        return Err(ClientRefusal::Revoked(refused));
    }
    if client.expires_at <= now {
        return Err(ClientRefusal::Expired(refused));
    }
    if !scim_enabled {
        return Err(ClientRefusal::ScimOff(refused));
    }
    Ok(LiveClient {
        id: client.id,
        organization: client.organization,
        connection: client.connection,
        expires_at: client.expires_at,
    })
}

/// Records that a client that showed its secret was refused, at most once a minute a client; call it when
/// [`ClientRefusal::note_due`] says so.
///
/// # Errors
/// A failing database.
pub fn note_refusal(
    store: &mut dyn Store,
    refusal: &ClientRefusal,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    let Some(refused) = refusal.refused() else { return Ok(()) };
    if store.note_client_refusal(refused.client, now, now.minus(NOTE_EVERY))? {
        Event::new(EventKind::ClientRefused, refused.organization)
            .client(refused.client)
            .detail(refusal.to_string())
            .record(store, now, rng)?;
    }
    Ok(())
}

/// An access token, just made.
pub struct Granted {
    /// Its id, for the log.
    pub token: TokenId,
    /// The token itself.
    pub secret: TokenSecret,
    /// How long it lives: an hour, or less when the client ends before.
    pub life: Duration,
}

/// Makes an access token and writes down that the client was used. A client that ended since it was authenticated gains
/// nothing: its tokens are refused.
///
/// # Errors
/// A failing database.
pub fn grant(
    store: &mut dyn Store,
    client: &LiveClient,
    address: &str,
    agent: &str,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Granted, StoreError> {
    let life = ACCESS_LIFE.min(client.expires_at.since(now));
    let secret = TokenSecret::make(rng);
    let token = Token {
        id: TokenId::make(now, rng),
        organization: client.organization,
        connection: client.connection,
        client: Some(client.id),
        description: String::new(),
        created_at: now,
        expires_at: now.plus(life),
        revoked_at: None,
        last_use: None,
    };
    // Before the new one is stored: should the clock have gone back, it would count as the oldest.
    store.delete_oldest_access_tokens(client.id, ACCESS_TOKENS - 1)?;
    store.insert_token(&token, &secret.hash())?;
    store.touch_client(client.id, &LastUse::new(now, address, agent))?;
    Ok(Granted { token: token.id, secret, life })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::Counter;

    const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

    fn stored(secret: &ScimClientSecret) -> StoredClient {
        let client = Client {
            id: ClientId::make(NOW, &mut Counter::new(1)),
            organization: OrganizationId::from_bytes([1; 16]),
            connection: None,
            description: "entra".to_owned(),
            created_at: NOW,
            expires_at: NOW.plus(ACCESS_LIFE),
            revoked_at: None,
            last_use: None,
        };
        StoredClient { client, hash: secret.hash(), scim_enabled: true, refused_at: None }
    }

    #[test]
    fn an_id_has_one_spelling() {
        let id = ClientId::make(NOW, &mut Counter::new(1));
        let text = id.to_string();
        assert_eq!((ClientId::parse(&text), text.len()), (Some(id), 36));
        let hex = text.strip_prefix("fhc_").unwrap();
        let hyphenated = format!("fhc_{}", id.0.hyphenated());
        for other in ["", "fhc_", hex, &text.to_uppercase(), &format!("{text} "), &hyphenated] {
            assert_eq!(ClientId::parse(other), None, "{other}");
        }
    }

    #[test]
    fn who_does_not_know_the_secret_learns_nothing_of_the_client_s_state() {
        let (right, wrong) = (
            ScimClientSecret::make(&mut Counter::new(1)),
            ScimClientSecret::make(&mut Counter::new(9)),
        );
        let mut revoked = stored(&right);
        revoked.client.revoked_at = Some(NOW);
        let mut expired = stored(&right);
        expired.client.expires_at = NOW;
        let mut off = stored(&right);
        off.scim_enabled = false;
        for client in [stored(&right), revoked, expired, off] {
            let refusal = decide(Some(client), &wrong.hash(), NOW).unwrap_err();
            assert!(matches!(refusal, ClientRefusal::WrongSecret), "{refusal}");
            assert!(!refusal.note_due(NOW), "writing it down would take time");
        }
    }

    #[test]
    fn no_secret_opens_a_client_that_does_not_exist() {
        let nothing = SecretHash::from_bytes([0; 32]);
        assert!(matches!(decide(None, &nothing, NOW), Err(ClientRefusal::Unknown)));
    }
}
