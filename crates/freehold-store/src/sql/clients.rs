//! SCIM clients and their access tokens.

use freehold_directory::clients::{Client, StoredClient};
use freehold_directory::expiry::Threshold;
use freehold_directory::tokens::LastUse;
use freehold_directory::{ClientId, Clients, OrganizationId, SecretHash, StoreResult, Timestamp};

use super::SqlStore;
use super::row::{self, Read as _};
use crate::{Row, Value};

const COLUMNS: &str = "c.id, c.organization_id, c.connection_id, c.description, c.created_at, \
                       c.expires_at, c.revoked_at, c.last_used_at, c.last_used_address, \
                       c.last_used_client";

fn read(row: &Row) -> StoreResult<Client> {
    Ok(Client {
        id: row.parsed(0)?,
        organization: row.parsed(1)?,
        connection: row.parsed_optional(2)?,
        description: row.text(3)?,
        created_at: row.time(4)?,
        expires_at: row.time(5)?,
        revoked_at: row.time_optional(6)?,
        last_use: row.last_use(7)?,
    })
}

fn read_stored(row: &Row) -> StoreResult<StoredClient> {
    Ok(StoredClient {
        client: read(row)?,
        hash: row.hash(10)?,
        scim_enabled: row.flag(11)?,
        refused_at: row.time_optional(12)?,
    })
}

impl Clients for SqlStore<'_> {
    fn insert_client(&mut self, client: &Client, hash: &SecretHash) -> StoreResult<()> {
        let sql = "INSERT INTO scim_clients (id, organization_id, connection_id, description, \
                   hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values = [
            row::id(client.id),
            row::id(client.organization),
            row::optional_id(client.connection),
            Value::from(client.description.as_str()),
            row::hash(hash),
            row::time(client.created_at),
            row::time(client.expires_at),
        ];
        self.0.execute(sql, &values).map(drop)
    }

    fn client(&mut self, id: ClientId) -> StoreResult<Option<StoredClient>> {
        let sql = format!(
            "SELECT {COLUMNS}, c.hash, o.scim_enabled, c.refused_at FROM scim_clients c \
             JOIN organizations o ON o.id = c.organization_id WHERE c.id = $1"
        );
        self.0.query_optional(&sql, &[row::id(id)])?.as_ref().map(read_stored).transpose()
    }

    fn clients(&mut self, organization: OrganizationId) -> StoreResult<Vec<Client>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM scim_clients c WHERE c.organization_id = $1 ORDER BY c.id"
        );
        row::all(self.0.query(&sql, &[row::id(organization)])?, read)
    }

    fn revoke_client(
        &mut self,
        organization: OrganizationId,
        client: ClientId,
        at: Timestamp,
    ) -> StoreResult<bool> {
        let sql = "UPDATE scim_clients SET revoked_at = $3 \
                   WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL";
        let values = [row::id(organization), row::id(client), row::time(at)];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn touch_client(&mut self, client: ClientId, last: &LastUse) -> StoreResult<()> {
        let sql = "UPDATE scim_clients SET last_used_at = $2, last_used_address = $3, \
                   last_used_client = $4 WHERE id = $1";
        let values = [
            row::id(client),
            row::time(last.at),
            Value::from(last.address.as_str()),
            Value::from(last.client.as_str()),
        ];
        self.0.execute(sql, &values).map(drop)
    }

    fn note_client_refusal(
        &mut self,
        client: ClientId,
        at: Timestamp,
        not_since: Timestamp,
    ) -> StoreResult<bool> {
        let sql = "UPDATE scim_clients SET refused_at = $2 \
                   WHERE id = $1 AND (refused_at IS NULL OR refused_at <= $3)";
        let values = [row::id(client), row::time(at), row::time(not_since)];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn delete_oldest_access_tokens(&mut self, client: ClientId, keep: u32) -> StoreResult<()> {
        let sql = "DELETE FROM scim_tokens WHERE client_id = $1 AND id NOT IN \
                   (SELECT id FROM scim_tokens WHERE client_id = $1 ORDER BY id DESC LIMIT $2)";
        self.0.execute(sql, &[row::id(client), Value::from(keep)]).map(drop)
    }

    fn clients_to_warn_of(
        &mut self,
        threshold: &Threshold,
        limit: u32,
    ) -> StoreResult<Vec<(OrganizationId, ClientId)>> {
        let sql = "UPDATE scim_clients SET warned_days = $1 WHERE id IN \
                   (SELECT id FROM scim_clients WHERE revoked_at IS NULL \
                   AND expires_at > $2 AND expires_at <= $3 AND expires_at - created_at > $4 \
                   AND (warned_days IS NULL OR warned_days > $1) LIMIT $5) \
                   RETURNING organization_id, id";
        let rows = self.0.query(sql, &row::threshold(threshold, limit))?;
        row::all(rows, |row| Ok((row.parsed(0)?, row.parsed(1)?)))
    }
}
