//! SCIM tokens: how an identity provider proves which organization it provisions.

use freehold_wire::ids::{ConnectionId, OrganizationId, TokenId};
use freehold_wire::time::Timestamp;
use rand_core::CryptoRng;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::authority::Mandate;
use crate::clients::ClientId;
use crate::connections::{self, ProvisionedError};
use crate::events::{Event, EventKind};
use crate::secret::{SecretHash, TokenSecret};
use crate::store::Store;
use crate::store_error::StoreError;
use crate::text::{self, TextError};

mod refusal;
mod rotation;
mod trial;

pub use refusal::{RefusedToken, TokenRefusal, note_refusal};
pub use rotation::{Overlap, Rotated, rotate};
pub use trial::{TRIAL_LIFE, begin_trial, end_trial};

/// How seldom the last use (or refusal) of a token or client is written.
pub(crate) const NOTE_EVERY: Duration = Duration::from_secs(60);

/// How long a token or client lives: 1 to 366 days.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TokenLife(u16);

impl TokenLife {
    /// Parses a number of days.
    ///
    /// # Errors
    /// 0 and more than 366.
    pub fn from_days(days: u16) -> Result<Self, TextError> {
        if (1..=366).contains(&days) {
            Ok(Self(days))
        } else {
            Err(TextError::new("the life", "must be 1 to 366 days"))
        }
    }

    pub(crate) fn duration(self) -> Duration {
        Duration::from_secs(u64::from(self.0) * 86_400)
    }
}

/// A token as an admin sees it; the secret itself is stored nowhere.
#[derive(Clone, Debug)]
pub struct Token {
    /// Its id, for revoking and for the log.
    pub id: TokenId,
    /// Whose users it provisions.
    pub organization: OrganizationId,
    /// The connection that the users it creates will sign in over.
    pub connection: Option<ConnectionId>,
    /// The client that it is an access token of.
    pub client: Option<ClientId>,
    /// What the admin calls it.
    pub description: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The last use, exact to the minute.
    pub last_use: Option<LastUse>,
}

impl Token {
    /// Whether it is accepted at this time, as far as it and not its organization or client says.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }

    /// Whether it is there for a trial of the connection.
    fn is_trial(&self) -> bool {
        self.client.is_none() && self.description.is_empty()
    }
}

/// When, from where and by what a token or client was used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LastUse {
    /// When.
    pub at: Timestamp,
    /// The client's address.
    pub address: String,
    /// What the client calls itself.
    pub client: String,
}

impl LastUse {
    /// A use now; what the client says of itself is made fit for a list.
    pub(crate) fn new(at: Timestamp, address: &str, client: &str) -> Self {
        Self { at, address: text::tame(address, 64), client: text::tame(client, 200) }
    }
}

/// A token with what deciding about it needs, found by its hash.
#[derive(Clone, Debug)]
pub struct StoredToken {
    /// The token.
    pub token: Token,
    /// The hash that was stored.
    pub hash: SecretHash,
    /// Whether the organization's SCIM is switched on.
    pub scim_enabled: bool,
    /// When a refusal of it was last noted.
    pub refused_at: Option<Timestamp>,
    /// For an access token: whether and how long its client lives.
    pub client: Option<ClientLife>,
}

/// What an access token needs of its client.
#[derive(Clone, Debug)]
pub struct ClientLife {
    /// When the client was revoked.
    pub revoked_at: Option<Timestamp>,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}

/// Proof that a request carries a live token: whoever has it acts for this organization's identity provider.
#[derive(Clone, Debug)]
pub struct ScimPrincipal {
    organization: OrganizationId,
    token: TokenId,
    client: Option<ClientId>,
    connection: Option<ConnectionId>,
    trial: bool,
    last_used_at: Option<Timestamp>,
}

impl ScimPrincipal {
    /// The organization whose users it may read and write.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The token, for the log.
    pub fn token(&self) -> TokenId {
        self.token
    }

    /// The client whose access token it is, for the log.
    pub fn client(&self) -> Option<ClientId> {
        self.client
    }

    /// The connection that users it creates carry.
    pub fn connection(&self) -> Option<ConnectionId> {
        self.connection
    }

    /// Whether it may only read: it is there to try the connection.
    pub fn is_trial(&self) -> bool {
        self.trial
    }

    /// Whether it is time to write the last use down ([`touch`]): at most once a minute.
    pub fn touch_due(&self, now: Timestamp) -> bool {
        is_due(self.last_used_at, now)
    }
}

pub(crate) fn is_due(last: Option<Timestamp>, now: Timestamp) -> bool {
    last.is_none_or(|last| last.plus(NOTE_EVERY) <= now)
}

/// Why a command on tokens was not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The organization has as many live tokens as it may have.
    #[error(
        "the organization has {MOST_LIVE} live tokens, and more are not possible; revoke one first"
    )]
    TooMany,
    /// The organization has several connections and the token names none.
    #[error(
        "the organization has several connections; name the one this token provisions for: {0}"
    )]
    ConnectionNeeded(String),
    /// The organization has no such token.
    #[error("the organization has no such token")]
    Unknown,
    /// The token was revoked or has expired: there is nothing to go on with.
    #[error("the token is revoked or has expired; create a new one")]
    Over,
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

impl From<ProvisionedError> for TokenError {
    fn from(error: ProvisionedError) -> Self {
        match error {
            ProvisionedError::Needed(names) => Self::ConnectionNeeded(names),
            ProvisionedError::Unknown => Self::UnknownConnection,
            ProvisionedError::Store(error) => Self::Store(error),
        }
    }
}

/// What an admin says of a new token.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// The name of the connection; needed once there are two.
    pub connection: Option<String>,
    /// What to call it.
    pub description: String,
    /// How long it lives.
    pub life: TokenLife,
}

/// Most tokens of one organization that are accepted at a time.
pub const MOST_LIVE: usize = 100;

fn check_room(
    store: &mut dyn Store,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<(), TokenError> {
    let live = store.tokens(organization)?.iter().filter(|token| token.is_live(now)).count();
    if live < MOST_LIVE { Ok(()) } else { Err(TokenError::TooMany) }
}

/// Makes a token. Its secret exists only in the answer.
///
/// # Errors
/// [`TokenError::TooMany`]; a missing or unknown connection, a description that does not fit.
pub fn create(
    store: &mut dyn Store,
    mandate: Mandate,
    new: &NewToken,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(Token, TokenSecret), TokenError> {
    let organization = mandate.organization();
    check_room(store, organization, now)?;
    let secret = TokenSecret::make(rng);
    let token = Token {
        id: TokenId::make(now, rng),
        organization,
        connection: connections::provisioned(store, organization, new.connection.as_deref())?,
        client: None,
        description: text::line("the description", &new.description, 200)?,
        created_at: now,
        expires_at: now.plus(new.life.duration()),
        revoked_at: None,
        last_use: None,
    };
    store.insert_token(&token, &secret.hash())?;
    Event::new(EventKind::TokenCreated, organization)
        .token(token.id)
        .by(mandate)
        .record(store, now, rng)?;
    Ok((token, secret))
}

/// An organization's tokens, revoked and expired ones too, oldest first; access tokens of clients are not among them.
///
/// # Errors
/// A failing database.
pub fn list(store: &mut dyn Store, organization: OrganizationId) -> Result<Vec<Token>, StoreError> {
    store.tokens(organization)
}

/// What these tokens of the organization are called; an access token, as its client is.
///
/// # Errors
/// A failing database.
pub fn descriptions(
    store: &mut dyn Store,
    organization: OrganizationId,
    tokens: impl Iterator<Item = TokenId>,
) -> Result<BTreeMap<TokenId, String>, StoreError> {
    let mut found = BTreeMap::new();
    for token in tokens.collect::<BTreeSet<_>>() {
        if let Some(description) = store.token_description(organization, token)? {
            found.insert(token, description);
        }
    }
    Ok(found)
}

/// Revokes a token: the next request with it is refused. Revoking again changes nothing.
///
/// # Errors
/// [`TokenError::Unknown`], for another organization's token too.
pub fn revoke(
    store: &mut dyn Store,
    mandate: Mandate,
    token: TokenId,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), TokenError> {
    let known = own(store, mandate, token)?;
    if known.revoked_at.is_none() && store.revoke_token(known.organization, token, now)? {
        Event::new(EventKind::TokenRevoked, known.organization)
            .token(token)
            .by(mandate)
            .record(store, now, rng)?;
    }
    Ok(())
}

/// A token of the organization.
fn own(store: &mut dyn Store, mandate: Mandate, token: TokenId) -> Result<Token, TokenError> {
    let known = store.tokens(mandate.organization())?.into_iter().find(|known| known.id == token);
    known.ok_or(TokenError::Unknown)
}

/// Decides about a presented token, of which only the hash is needed. Nothing is cached: a revocation is effective at the next request.
///
/// # Errors
/// The outer one: a failing database. The inner one: the refusal, for the log.
pub fn authenticate(
    store: &mut dyn Store,
    presented: &SecretHash,
    now: Timestamp,
) -> Result<Result<ScimPrincipal, TokenRefusal>, StoreError> {
    let found = store.token_by_hash(presented)?;
    Ok(decide(found.filter(|stored| stored.hash.matches(presented)), now))
}

fn decide(found: Option<StoredToken>, now: Timestamp) -> Result<ScimPrincipal, TokenRefusal> {
    let Some(StoredToken { token, scim_enabled, refused_at, client, .. }) = found else {
        return Err(TokenRefusal::Unknown);
    };
    let refused = RefusedToken { organization: token.organization, token: token.id, refused_at };
    if token.revoked_at.is_some() {
        return Err(TokenRefusal::Revoked(refused));
    }
    if token.expires_at <= now {
        return Err(TokenRefusal::Expired(refused));
    }
    match client {
        Some(client) if client.revoked_at.is_some() => {
            return Err(TokenRefusal::ClientRevoked(refused));
        }
        Some(client) if client.expires_at <= now => {
            return Err(TokenRefusal::ClientExpired(refused));
        }
        _ => {}
    }
    if !scim_enabled {
        return Err(TokenRefusal::ScimOff(refused));
    }
    Ok(ScimPrincipal {
        trial: token.is_trial(),
        organization: token.organization,
        token: token.id,
        client: token.client,
        connection: token.connection,
        last_used_at: token.last_use.map(|last| last.at),
    })
}

/// Writes the last use down, of the token and of its client, at most once a minute; call it when [`ScimPrincipal::touch_due`] says so.
///
/// # Errors
/// A failing database.
pub fn touch(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    address: &str,
    client: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let last = LastUse::new(now, address, client);
    if let Some(client) = principal.client {
        store.touch_client(client, &last)?;
    }
    store.touch_token(principal.token, &last)
}
