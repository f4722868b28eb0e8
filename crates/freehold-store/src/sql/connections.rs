//! Ways to sign in. Removed ones are found by none of these.

use freehold_directory::connections::{
    ClientSecret, Connection, Issuer, Oidc, Protocol, Saml, StoredCertificate, Trust,
};
use freehold_directory::domains::Realm;
use freehold_directory::{
    ConnectionId, Connections, OrganizationId, Slug, StoreError, StoreResult, Timestamp,
};
use url::Url;

use super::SqlStore;
use super::row::{self, Read as _, corrupt};
use crate::{Row, Value};

const SELECT: &str = "SELECT c.id, c.organization_id, c.name, c.kind, c.issuer, c.tenant, \
                      c.matches_user_name, c.created_at, o.client_id, o.client_secret, \
                      o.subject_claim, s.sso_url, s.audience, s.subject_attribute, s.metadata_url, \
                      s.fetched_at FROM connections c \
                      LEFT JOIN oidc_connections o ON o.connection_id = c.id \
                      LEFT JOIN saml_connections s ON s.connection_id = c.id";

fn url(text: &str, index: usize) -> StoreResult<Url> {
    Url::parse(text).or(Err(corrupt(index)))
}

fn read_oidc(row: &Row) -> StoreResult<Oidc> {
    Ok(Oidc {
        issuer: Issuer::parse(&row.text(4)?).or(Err(corrupt(4)))?,
        client_id: row.text(8)?,
        client_secret: ClientSecret::parse(&row.text(9)?).or(Err(corrupt(9)))?,
        subject_claim: row.parsed(10)?,
    })
}

fn read_saml(row: &Row) -> StoreResult<Saml> {
    let metadata_url: Option<String> = row.get(14)?;
    Ok(Saml {
        entity_id: row.text(4)?,
        sso_url: url(&row.text(11)?, 11)?,
        audience: row.get(12)?,
        subject_attribute: row.get(13)?,
        metadata_url: metadata_url.map(|text| url(&text, 14)).transpose()?,
        fetched_at: row.time_optional(15)?,
        certificates: Vec::new(),
    })
}

fn read_certificate(row: &Row) -> StoreResult<StoredCertificate> {
    Ok(StoredCertificate {
        fingerprint: row.text(0)?,
        der: row.bytes(1)?.clone(),
        trust: Trust::from_name(&row.text(2)?).ok_or_else(|| corrupt(2))?,
        added_at: row.time(3)?,
    })
}

impl SqlStore<'_> {
    fn read_connection(&mut self, row: &Row) -> StoreResult<Connection> {
        let id = row.parsed(0)?;
        Ok(Connection {
            id,
            organization: row.parsed(1)?,
            name: Slug::parse(&row.text(2)?).or(Err(corrupt(2)))?,
            protocol: match row.text(3)?.as_str() {
                "oidc" => Protocol::Oidc(read_oidc(row)?),
                "saml" => {
                    let certificates = self.certificates(id)?;
                    Protocol::Saml(Saml { certificates, ..read_saml(row)? })
                }
                _ => return Err(corrupt(3)),
            },
            tenant: row.get(5)?,
            matches_user_name: row.flag(6)?,
            created_at: row.time(7)?,
        })
    }

    fn certificates(&mut self, id: ConnectionId) -> StoreResult<Vec<StoredCertificate>> {
        let sql = "SELECT fingerprint, der, trust, added_at FROM saml_certificates \
                   WHERE connection_id = $1 ORDER BY fingerprint";
        row::all(self.0.query(sql, &[row::id(id)])?, read_certificate)
    }

    fn insert_oidc(&mut self, id: ConnectionId, oidc: &Oidc) -> StoreResult<()> {
        let sql = "INSERT INTO oidc_connections (connection_id, client_id, client_secret, subject_claim) \
                   VALUES ($1, $2, $3, $4)";
        let values = [
            row::id(id),
            Value::from(oidc.client_id.as_str()),
            Value::from(oidc.client_secret.reveal()),
            Value::from(oidc.subject_claim.as_str()),
        ];
        self.0.execute(sql, &values).map(drop)
    }

    fn read_connections(&mut self, rows: &[Row]) -> StoreResult<Vec<Connection>> {
        rows.iter().map(|row| self.read_connection(row)).collect()
    }

    fn insert_saml(&mut self, id: ConnectionId, saml: &Saml) -> StoreResult<()> {
        let sql = "INSERT INTO saml_connections (connection_id, sso_url, audience, subject_attribute, \
                   metadata_url, fetched_at) VALUES ($1, $2, $3, $4, $5, $6)";
        let values = [
            row::id(id),
            Value::from(saml.sso_url.as_str()),
            Value::from(saml.audience.as_deref()),
            Value::from(saml.subject_attribute.as_deref()),
            Value::from(saml.metadata_url.as_ref().map(Url::as_str)),
            saml.fetched_at.map_or(Value::Null, row::time),
        ];
        self.0.execute(sql, &values)?;
        saml.certificates
            .iter()
            .try_for_each(|certificate| self.insert_certificate(id, certificate).map(drop))
    }

    fn insert_protocol(&mut self, connection: &Connection) -> Result<(), StoreError> {
        match &connection.protocol {
            Protocol::Oidc(oidc) => self.insert_oidc(connection.id, oidc),
            Protocol::Saml(saml) => self.insert_saml(connection.id, saml),
        }
    }
}

impl Connections for SqlStore<'_> {
    fn insert_connection(&mut self, connection: &Connection) -> StoreResult<bool> {
        let kind = match &connection.protocol {
            Protocol::Oidc(_) => "oidc",
            Protocol::Saml(_) => "saml",
        };
        let inserted = self.0.execute(
            "INSERT INTO connections (id, organization_id, name, kind, issuer, tenant, \
             matches_user_name, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT DO NOTHING",
            &[
                row::id(connection.id),
                row::id(connection.organization),
                Value::from(connection.name.as_str()),
                Value::from(kind),
                Value::from(connection.issuer()),
                Value::from(connection.tenant.as_deref()),
                Value::from(connection.matches_user_name),
                row::time(connection.created_at),
            ],
        )?;
        if inserted == 1 {
            self.insert_protocol(connection)?;
        }
        Ok(inserted == 1)
    }

    fn connection(&mut self, id: ConnectionId) -> StoreResult<Option<Connection>> {
        let sql = format!("{SELECT} WHERE c.id = $1 AND c.removed_at IS NULL");
        let found = self.0.query_optional(&sql, &[row::id(id)])?;
        found.map(|row| self.read_connection(&row)).transpose()
    }

    fn connections(&mut self, organization: OrganizationId) -> StoreResult<Vec<Connection>> {
        let sql = format!(
            "{SELECT} WHERE c.organization_id = $1 AND c.removed_at IS NULL ORDER BY c.name"
        );
        let rows = self.0.query(&sql, &[row::id(organization)])?;
        self.read_connections(&rows)
    }

    fn saml_realms(
        &mut self,
        entity_id: &str,
        certificate: Option<&str>,
    ) -> StoreResult<Vec<Realm>> {
        let trusting = "AND EXISTS (SELECT 1 FROM saml_certificates s WHERE s.connection_id = c.id \
                        AND s.fingerprint = $2 AND s.trust = 'trusted')";
        let sql = format!(
            "SELECT o.slug, min(c.name), count(*) FROM connections c \
             JOIN organizations o ON o.id = c.organization_id \
             WHERE c.issuer = $1 AND c.kind = 'saml' AND c.removed_at IS NULL {} \
             GROUP BY o.slug LIMIT 2",
            if certificate.is_some() { trusting } else { "" },
        );
        let values: Vec<Value> =
            [Some(entity_id), certificate].into_iter().flatten().map(Value::from).collect();
        let slug = |row: &Row, index| Slug::parse(&row.text(index)?).or(Err(corrupt(index)));
        row::all(self.0.query(&sql, &values)?, |row| {
            let alone = row.get::<i64>(2)? == 1;
            let connection = slug(row, 1)?;
            Ok(Realm {
                organization: slug(row, 0)?,
                connection: Some(connection).filter(|_| alone),
            })
        })
    }

    fn oidc_connections(&mut self, issuer: &str, client: &str) -> StoreResult<Vec<Connection>> {
        let sql = format!(
            "{SELECT} WHERE c.issuer = $1 AND c.kind = 'oidc' AND c.removed_at IS NULL \
             AND o.client_id = $2 ORDER BY c.id LIMIT 20"
        );
        let rows = self.0.query(&sql, &[Value::from(issuer), Value::from(client)])?;
        self.read_connections(&rows)
    }

    fn replace_client_secret(
        &mut self,
        organization: OrganizationId,
        id: ConnectionId,
        secret: &ClientSecret,
    ) -> StoreResult<bool> {
        let sql = "UPDATE oidc_connections SET client_secret = $3 WHERE connection_id = $1 \
                   AND EXISTS (SELECT 1 FROM connections c WHERE c.id = $1 \
                   AND c.organization_id = $2 AND c.removed_at IS NULL)";
        let values = [row::id(id), row::id(organization), Value::from(secret.reveal())];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn tombstone_connection(&mut self, id: ConnectionId, at: Timestamp) -> StoreResult<bool> {
        let sql = "UPDATE connections SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL";
        Ok(self.0.execute(sql, &[row::id(id), row::time(at)])? == 1)
    }

    fn count_provisioners(&mut self, id: ConnectionId, now: Timestamp) -> StoreResult<u64> {
        let counted = self.0.query_optional(
            "SELECT (SELECT count(*) FROM scim_tokens WHERE connection_id = $1 \
             AND client_id IS NULL AND revoked_at IS NULL AND expires_at > $2) \
             + (SELECT count(*) FROM scim_clients WHERE connection_id = $1 \
             AND revoked_at IS NULL AND expires_at > $2)",
            &[row::id(id), row::time(now)],
        )?;
        Ok(row::first(counted)?.unwrap_or(0))
    }

    fn insert_certificate(
        &mut self,
        id: ConnectionId,
        certificate: &StoredCertificate,
    ) -> StoreResult<bool> {
        let sql = "INSERT INTO saml_certificates (connection_id, fingerprint, der, trust, added_at) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        let values = [
            row::id(id),
            Value::from(certificate.fingerprint.as_str()),
            Value::Bytes(certificate.der.clone()),
            Value::from(certificate.trust.as_str()),
            row::time(certificate.added_at),
        ];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn trust_certificate(&mut self, id: ConnectionId, fingerprint: &str) -> StoreResult<()> {
        let sql = "UPDATE saml_certificates SET trust = $3 \
                   WHERE connection_id = $1 AND fingerprint = $2";
        let trusted = Value::from(Trust::Trusted.as_str());
        self.0.execute(sql, &[row::id(id), Value::from(fingerprint), trusted]).map(drop)
    }

    fn delete_certificate(&mut self, id: ConnectionId, fingerprint: &str) -> StoreResult<()> {
        let sql = "DELETE FROM saml_certificates WHERE connection_id = $1 AND fingerprint = $2";
        self.0.execute(sql, &[row::id(id), Value::from(fingerprint)]).map(drop)
    }

    fn note_fetch(&mut self, id: ConnectionId, at: Timestamp) -> StoreResult<()> {
        let sql = "UPDATE saml_connections SET fetched_at = $2 WHERE connection_id = $1";
        self.0.execute(sql, &[row::id(id), row::time(at)]).map(drop)
    }

    fn connections_fetched_before(
        &mut self,
        before: Timestamp,
        each: u32,
        limit: u32,
    ) -> StoreResult<Vec<Connection>> {
        let sql = format!(
            "{SELECT} WHERE c.id IN (SELECT id FROM (SELECT c.id, s.fetched_at, row_number() OVER \
             (PARTITION BY c.organization_id ORDER BY s.fetched_at, c.id) AS place \
             FROM connections c JOIN saml_connections s ON s.connection_id = c.id \
             WHERE s.metadata_url IS NOT NULL AND s.fetched_at <= $1 AND c.removed_at IS NULL) due \
             WHERE place <= $2 ORDER BY fetched_at LIMIT $3) ORDER BY s.fetched_at"
        );
        let values = [row::time(before), Value::from(each), Value::from(limit)];
        let rows = self.0.query(&sql, &values)?;
        self.read_connections(&rows)
    }
}
