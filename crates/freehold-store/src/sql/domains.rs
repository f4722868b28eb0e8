//! Domains that lead to a sign-in.

use freehold_directory::domains::{
    Challenge, Domain, DomainName, DomainState, ProvenDomain, Realm,
};
use freehold_directory::{Domains, OrganizationId, Slug, StoreResult, Timestamp};

use super::SqlStore;
use super::row::{self, Read as _, corrupt};
use crate::{Row, Value};

const COLUMNS: &str = "organization_id, name, connection_id, challenge, created_at, verified_at, \
                       failing_since";

fn read(row: &Row) -> StoreResult<Domain> {
    Ok(Domain {
        organization: row.parsed(0)?,
        name: DomainName::parse(&row.text(1)?).or(Err(corrupt(1)))?,
        connection: row.parsed_optional(2)?,
        challenge: Challenge::from_text(row.text(3)?),
        created_at: row.time(4)?,
        state: match row.time_optional(5)? {
            None => DomainState::Unverified,
            Some(since) => DomainState::Verified { since, failing_since: row.time_optional(6)? },
        },
    })
}

fn slug(row: &Row, index: usize) -> StoreResult<Slug> {
    Slug::parse(&row.text(index)?).or(Err(corrupt(index)))
}

fn name(name: &DomainName) -> Value {
    Value::from(name.as_str())
}

/// The organization `o` has a connection.
const CAN_SIGN_IN: &str = "EXISTS (SELECT 1 FROM connections e \
     WHERE e.organization_id = o.id AND e.removed_at IS NULL)";

impl Domains for SqlStore<'_> {
    fn insert_domain(&mut self, domain: &Domain) -> StoreResult<bool> {
        let sql = "INSERT INTO domains (organization_id, name, connection_id, challenge, \
                   created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        let values = [
            row::id(domain.organization),
            name(&domain.name),
            row::optional_id(domain.connection),
            Value::from(domain.challenge.as_str()),
            row::time(domain.created_at),
        ];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn domain(
        &mut self,
        organization: OrganizationId,
        domain: &DomainName,
    ) -> StoreResult<Option<Domain>> {
        let sql = format!("SELECT {COLUMNS} FROM domains WHERE organization_id = $1 AND name = $2");
        let found = self.0.query_optional(&sql, &[row::id(organization), name(domain)])?;
        found.as_ref().map(read).transpose()
    }

    fn domains(&mut self, organization: OrganizationId) -> StoreResult<Vec<Domain>> {
        let sql = format!("SELECT {COLUMNS} FROM domains WHERE organization_id = $1 ORDER BY name");
        row::all(self.0.query(&sql, &[row::id(organization)])?, read)
    }

    fn delete_domain(
        &mut self,
        organization: OrganizationId,
        domain: &DomainName,
    ) -> StoreResult<bool> {
        let sql = "DELETE FROM domains WHERE organization_id = $1 AND name = $2";
        Ok(self.0.execute(sql, &[row::id(organization), name(domain)])? == 1)
    }

    fn domain_holder(&mut self, domain: &DomainName) -> StoreResult<Option<OrganizationId>> {
        let sql = "SELECT organization_id FROM domains WHERE name = $1 AND verified_at IS NOT NULL";
        let found = self.0.query_optional(sql, &[name(domain)])?;
        found.map(|row| row.parsed(0)).transpose()
    }

    fn confirm_domain(
        &mut self,
        proven: &ProvenDomain,
        at: Timestamp,
        next: Timestamp,
    ) -> StoreResult<bool> {
        let sql = "UPDATE domains SET verified_at = COALESCE(verified_at, $4), check_at = $5, \
                   failing_since = NULL \
                   WHERE organization_id = $1 AND name = $2 AND challenge = $3";
        let values = [
            row::id(proven.organization()),
            name(proven.name()),
            Value::from(proven.challenge().as_str()),
            row::time(at),
            row::time(next),
        ];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn take_due_domains(
        &mut self,
        now: Timestamp,
        next: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<Domain>> {
        let sql = format!(
            "UPDATE domains SET check_at = $2 WHERE (organization_id, name) IN \
             (SELECT organization_id, name FROM domains WHERE verified_at IS NOT NULL \
             AND check_at <= $1 ORDER BY check_at LIMIT $3) RETURNING {COLUMNS}"
        );
        let values = [row::time(now), row::time(next), Value::from(limit)];
        row::all(self.0.query(&sql, &values)?, read)
    }

    fn mark_domain_failing(&mut self, domain: &Domain, at: Timestamp) -> StoreResult<bool> {
        let sql = "UPDATE domains SET failing_since = $4 WHERE organization_id = $1 AND name = $2 \
                   AND challenge = $3 AND verified_at IS NOT NULL AND failing_since IS NULL";
        let [organization, name, challenge] = same(domain);
        Ok(self.0.execute(sql, &[organization, name, challenge, row::time(at)])? == 1)
    }

    fn mark_domain_unverified(&mut self, domain: &Domain) -> StoreResult<bool> {
        let sql = "UPDATE domains SET verified_at = NULL, check_at = NULL, failing_since = NULL \
                   WHERE organization_id = $1 AND name = $2 AND challenge = $3 \
                   AND verified_at IS NOT NULL AND failing_since IS NOT NULL";
        Ok(self.0.execute(sql, &same(domain))? == 1)
    }

    fn realm_of_domain(&mut self, domain: &DomainName) -> StoreResult<Option<Realm>> {
        let sql = format!(
            "SELECT o.slug, c.name FROM domains d \
             JOIN organizations o ON o.id = d.organization_id \
             LEFT JOIN connections c ON c.id = d.connection_id AND c.removed_at IS NULL \
             WHERE d.name = $1 AND d.verified_at IS NOT NULL AND {CAN_SIGN_IN}"
        );
        let found = self.0.query_optional(&sql, &[name(domain)])?;
        found
            .map(|row| Ok(Realm { organization: slug(&row, 0)?, connection: named(&row)? }))
            .transpose()
    }

    fn realm_of_organization(&mut self, organization: &Slug) -> StoreResult<Option<Realm>> {
        let sql = format!("SELECT o.slug FROM organizations o WHERE o.slug = $1 AND {CAN_SIGN_IN}");
        let found = self.0.query_optional(&sql, &[Value::from(organization.as_str())])?;
        found.map(|row| Ok(Realm { organization: slug(&row, 0)?, connection: None })).transpose()
    }
}

fn named(row: &Row) -> StoreResult<Option<Slug>> {
    let name: Option<String> = row.get(1)?;
    name.map(|name| Slug::parse(&name).or(Err(corrupt(1)))).transpose()
}

/// What must not have changed since a domain was read.
fn same(domain: &Domain) -> [Value; 3] {
    [row::id(domain.organization), name(&domain.name), Value::from(domain.challenge.as_str())]
}
