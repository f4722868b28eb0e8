//! SCIM tokens, found by their hash.

use freehold_directory::expiry::Threshold;
use freehold_directory::tokens::{ClientLife, LastUse, StoredToken, Token};
use freehold_directory::{OrganizationId, SecretHash, StoreResult, Timestamp, TokenId, Tokens};

use super::SqlStore;
use super::row::{self, Read as _};
use crate::{Row, Value};

const COLUMNS: &str = "t.id, t.organization_id, t.connection_id, t.description, t.created_at, \
                       t.expires_at, t.revoked_at, t.last_used_at, t.last_used_address, \
                       t.last_used_client, t.client_id";

fn read(row: &Row) -> StoreResult<Token> {
    Ok(Token {
        id: row.parsed(0)?,
        organization: row.parsed(1)?,
        connection: row.parsed_optional(2)?,
        client: row.parsed_optional(10)?,
        description: row.text(3)?,
        created_at: row.time(4)?,
        expires_at: row.time(5)?,
        revoked_at: row.time_optional(6)?,
        last_use: row.last_use(7)?,
    })
}

/// What is left of the client's life; a token of its own has none.
fn client_life(row: &Row) -> StoreResult<Option<ClientLife>> {
    let Some(expires_at) = row.time_optional(14)? else { return Ok(None) };
    Ok(Some(ClientLife { expires_at, revoked_at: row.time_optional(15)? }))
}

fn read_stored(row: &Row) -> StoreResult<StoredToken> {
    Ok(StoredToken {
        token: read(row)?,
        hash: row.hash(11)?,
        scim_enabled: row.flag(12)?,
        refused_at: row.time_optional(13)?,
        client: client_life(row)?,
    })
}

impl Tokens for SqlStore<'_> {
    fn insert_token(&mut self, token: &Token, hash: &SecretHash) -> StoreResult<()> {
        let sql = "INSERT INTO scim_tokens (id, organization_id, connection_id, description, \
                   hash, created_at, expires_at, client_id) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = [
            row::id(token.id),
            row::id(token.organization),
            row::optional_id(token.connection),
            Value::from(token.description.as_str()),
            row::hash(hash),
            row::time(token.created_at),
            row::time(token.expires_at),
            row::optional_id(token.client),
        ];
        self.0.execute(sql, &values).map(drop)
    }

    fn token_by_hash(&mut self, hash: &SecretHash) -> StoreResult<Option<StoredToken>> {
        let sql = format!(
            "SELECT {COLUMNS}, t.hash, o.scim_enabled, t.refused_at, c.expires_at, c.revoked_at \
             FROM scim_tokens t JOIN organizations o ON o.id = t.organization_id \
             LEFT JOIN scim_clients c ON c.id = t.client_id WHERE t.hash = $1"
        );
        self.0.recall_optional(&sql, &[row::hash(hash)])?.as_ref().map(read_stored).transpose()
    }

    fn tokens(&mut self, organization: OrganizationId) -> StoreResult<Vec<Token>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM scim_tokens t \
             WHERE t.organization_id = $1 AND t.client_id IS NULL AND t.description <> '' \
             ORDER BY t.id"
        );
        row::all(self.0.query(&sql, &[row::id(organization)])?, read)
    }

    fn token_description(
        &mut self,
        organization: OrganizationId,
        token: TokenId,
    ) -> StoreResult<Option<String>> {
        let sql = "SELECT coalesce(c.description, t.description) FROM scim_tokens t \
                   LEFT JOIN scim_clients c ON c.id = t.client_id \
                   WHERE t.id = $1 AND t.organization_id = $2";
        let found = self.0.query_optional(sql, &[row::id(token), row::id(organization)])?;
        found.map(|row| row.text(0)).transpose()
    }

    fn revoke_token(
        &mut self,
        organization: OrganizationId,
        token: TokenId,
        at: Timestamp,
    ) -> StoreResult<bool> {
        let sql = "UPDATE scim_tokens SET revoked_at = $3 \
                   WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL";
        let values = [row::id(organization), row::id(token), row::time(at)];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn shorten_token(
        &mut self,
        organization: OrganizationId,
        token: TokenId,
        expires_at: Timestamp,
        told_days: Option<u16>,
    ) -> StoreResult<bool> {
        let sql = "UPDATE scim_tokens SET expires_at = $3, warned_days = $4 \
                   WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL \
                   AND expires_at > $3";
        let values = [
            row::id(organization),
            row::id(token),
            row::time(expires_at),
            Value::from(told_days.map(u32::from)),
        ];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn delete_trial_token(&mut self, token: TokenId) -> StoreResult<()> {
        let sql = "DELETE FROM scim_tokens \
                   WHERE id = $1 AND client_id IS NULL AND description = ''";
        self.0.execute(sql, &[row::id(token)]).map(drop)
    }

    fn touch_token(&mut self, token: TokenId, last: &LastUse) -> StoreResult<()> {
        let sql = "UPDATE scim_tokens SET last_used_at = $2, last_used_address = $3, \
                   last_used_client = $4 WHERE id = $1";
        let values = [
            row::id(token),
            row::time(last.at),
            Value::from(last.address.as_str()),
            Value::from(last.client.as_str()),
        ];
        self.0.execute(sql, &values).map(drop)
    }

    fn note_token_refusal(
        &mut self,
        token: TokenId,
        at: Timestamp,
        not_since: Timestamp,
    ) -> StoreResult<bool> {
        let sql = "UPDATE scim_tokens SET refused_at = $2 \
                   WHERE id = $1 AND (refused_at IS NULL OR refused_at <= $3)";
        let values = [row::id(token), row::time(at), row::time(not_since)];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn tokens_to_warn_of(
        &mut self,
        threshold: &Threshold,
        limit: u32,
    ) -> StoreResult<Vec<(OrganizationId, TokenId)>> {
        let sql = "UPDATE scim_tokens SET warned_days = $1 WHERE id IN \
                   (SELECT id FROM scim_tokens WHERE client_id IS NULL AND revoked_at IS NULL \
                   AND expires_at > $2 AND expires_at <= $3 AND expires_at - created_at > $4 \
                   AND (warned_days IS NULL OR warned_days > $1) LIMIT $5) \
                   RETURNING organization_id, id";
        let rows = self.0.query(sql, &row::threshold(threshold, limit))?;
        row::all(rows, |row| Ok((row.parsed(0)?, row.parsed(1)?)))
    }
}
