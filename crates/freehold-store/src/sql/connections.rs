//! Ways to sign in.

use freehold_directory::connections::{ClientSecret, Connection, Issuer};
use freehold_directory::{ConnectionId, Connections, OrganizationId, Slug, StoreResult};

use super::SqlStore;
use super::row::{self, Read as _, corrupt};
use crate::{Row, Value};

const COLUMNS: &str = "id, organization_id, name, issuer, client_id, client_secret, tenant, \
                       subject_claim, created_at";

fn read(row: &Row) -> StoreResult<Connection> {
    Ok(Connection {
        id: row.parsed(0)?,
        organization: row.parsed(1)?,
        name: Slug::parse(&row.text(2)?).or(Err(corrupt(2)))?,
        issuer: Issuer::parse(&row.text(3)?).or(Err(corrupt(3)))?,
        client_id: row.text(4)?,
        client_secret: ClientSecret::parse(&row.text(5)?).or(Err(corrupt(5)))?,
        tenant: row.get(6)?,
        subject_claim: row.parsed(7)?,
        created_at: row.time(8)?,
    })
}

impl Connections for SqlStore<'_> {
    fn insert_connection(&mut self, connection: &Connection) -> StoreResult<bool> {
        let inserted = self.0.execute(
            "INSERT INTO connections (id, organization_id, name, kind, issuer, client_id, \
             client_secret, tenant, subject_claim, created_at) \
             VALUES ($1, $2, $3, 'oidc', $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
            &[
                row::id(connection.id),
                row::id(connection.organization),
                Value::from(connection.name.as_str()),
                Value::from(connection.issuer.as_str()),
                Value::from(connection.client_id.as_str()),
                Value::from(connection.client_secret.reveal()),
                Value::from(connection.tenant.as_deref()),
                Value::from(connection.subject_claim.as_str()),
                row::time(connection.created_at),
            ],
        )?;
        Ok(inserted == 1)
    }

    fn connection(&mut self, id: ConnectionId) -> StoreResult<Option<Connection>> {
        let sql = format!("SELECT {COLUMNS} FROM connections WHERE id = $1");
        self.0.query_optional(&sql, &[row::id(id)])?.as_ref().map(read).transpose()
    }

    fn connections(&mut self, organization: OrganizationId) -> StoreResult<Vec<Connection>> {
        let sql =
            format!("SELECT {COLUMNS} FROM connections WHERE organization_id = $1 ORDER BY name");
        row::all(self.0.query(&sql, &[row::id(organization)])?, read)
    }
}
