//! What a provisioning client shows to be let in.

use freehold_wire::{OrganizationId, Timestamp, TokenId};

use super::StoreResult;
use crate::clients::{Client, ClientId, StoredClient};
use crate::expiry::Threshold;
use crate::secret::SecretHash;
use crate::tokens::{LastUse, StoredToken, Token};

/// SCIM tokens.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Tokens {
    /// Stores a new token, an access token of `token.client` too.
    fn insert_token(&mut self, token: &Token, hash: &SecretHash) -> StoreResult<()>;
    /// The token of a hash, whatever its state.
    fn token_by_hash(&mut self, hash: &SecretHash) -> StoreResult<Option<StoredToken>>;
    /// An organization's tokens, oldest first, without the access tokens of its clients and those of trials.
    fn tokens(&mut self, organization: OrganizationId) -> StoreResult<Vec<Token>>;
    /// What a token of the organization is called; an access token, as its client is.
    fn token_description(
        &mut self,
        organization: OrganizationId,
        token: TokenId,
    ) -> StoreResult<Option<String>>;
    /// Revokes a live token of the organization; `false` when there is none.
    fn revoke_token(
        &mut self,
        organization: OrganizationId,
        token: TokenId,
        at: Timestamp,
    ) -> StoreResult<bool>;
    /// Lets a live token of the organization end earlier, its warnings up to so many days being told; `false` when it
    /// ends by then or is revoked.
    fn shorten_token(
        &mut self,
        organization: OrganizationId,
        token: TokenId,
        expires_at: Timestamp,
        told_days: Option<u16>,
    ) -> StoreResult<bool>;
    /// Deletes the token of a trial; no other one.
    fn delete_trial_token(&mut self, token: TokenId) -> StoreResult<()>;
    /// Writes the last use down.
    fn touch_token(&mut self, token: TokenId, last: &LastUse) -> StoreResult<()>;
    /// Notes a refusal; `false` when one was noted after `not_since` already.
    fn note_token_refusal(
        &mut self,
        token: TokenId,
        at: Timestamp,
        not_since: Timestamp,
    ) -> StoreResult<bool>;
    /// Marks live tokens, no access tokens, that the threshold has reached and none nearer to the end, and answers them.
    fn tokens_to_warn_of(
        &mut self,
        threshold: &Threshold,
        limit: u32,
    ) -> StoreResult<Vec<(OrganizationId, TokenId)>>;
}

/// SCIM clients and their access tokens.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Clients {
    /// Stores a new client.
    fn insert_client(&mut self, client: &Client, hash: &SecretHash) -> StoreResult<()>;
    /// A client by its id, whatever its state.
    fn client(&mut self, id: ClientId) -> StoreResult<Option<StoredClient>>;
    /// An organization's clients, oldest first.
    fn clients(&mut self, organization: OrganizationId) -> StoreResult<Vec<Client>>;
    /// Revokes a live client of the organization; `false` when there is none.
    fn revoke_client(
        &mut self,
        organization: OrganizationId,
        client: ClientId,
        at: Timestamp,
    ) -> StoreResult<bool>;
    /// Writes the last use down.
    fn touch_client(&mut self, client: ClientId, last: &LastUse) -> StoreResult<()>;
    /// Notes a refusal; `false` when one was noted after `not_since` already.
    fn note_client_refusal(
        &mut self,
        client: ClientId,
        at: Timestamp,
        not_since: Timestamp,
    ) -> StoreResult<bool>;
    /// Deletes the client's access tokens but for the `keep` newest.
    fn delete_oldest_access_tokens(&mut self, client: ClientId, keep: u32) -> StoreResult<()>;
    /// Marks live clients that the threshold has reached and none nearer to the end, and answers them.
    fn clients_to_warn_of(
        &mut self,
        threshold: &Threshold,
        limit: u32,
    ) -> StoreResult<Vec<(OrganizationId, ClientId)>>;
}
