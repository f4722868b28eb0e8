//! Which person of an identity provider an account belongs to.

use freehold_directory::login::{ClaimCandidate, NewIdentity, SubjectKey};
use freehold_directory::{Identities, OrganizationId, StoreResult, Timestamp, UserId};

use super::SqlStore;
use super::row::{self, Read as _};
use crate::{Row, Value};

const CANDIDATES: &str = "SELECT u.id, u.connection_id, u.active, \
                          CAST(CASE WHEN u.key_state = 'PENDING' THEN 1 ELSE 0 END AS BIGINT), \
                          CAST(CASE WHEN i.user_id IS NULL THEN 0 ELSE 1 END AS BIGINT), \
                          u.external_id FROM users u \
                          LEFT JOIN identities i ON i.user_id = u.id AND i.ended_at IS NULL \
                          WHERE u.organization_id = $1 AND u.deleted_at IS NULL";

fn read_candidate(row: &Row) -> StoreResult<ClaimCandidate> {
    Ok(ClaimCandidate {
        user: row.parsed(0)?,
        connection: row.parsed_optional(1)?,
        active: row.flag(2)?,
        pending: row.flag(3)?,
        linked: row.flag(4)?,
        external_id: row.get(5)?,
    })
}

impl Identities for SqlStore<'_> {
    fn linked_user(&mut self, person: &SubjectKey) -> StoreResult<Option<UserId>> {
        let found = self.0.query_optional(
            "SELECT user_id FROM identities WHERE connection_id = $1 AND tenant = $2 \
             AND subject = $3 AND ended_at IS NULL",
            &[
                row::id(person.connection),
                Value::from(person.tenant.as_str()),
                Value::from(person.subject.as_str()),
            ],
        )?;
        found.map(|row| row.parsed(0)).transpose()
    }

    fn claim_candidates(
        &mut self,
        organization: OrganizationId,
        external_key: &str,
    ) -> StoreResult<Vec<ClaimCandidate>> {
        // Ordered by an expression, so that the few are found by the key and not by a walk through all ids.
        let sql = format!("{CANDIDATES} AND u.external_key = $2 ORDER BY u.id || '' LIMIT 100");
        let rows = self.0.query(&sql, &[row::id(organization), Value::from(external_key)])?;
        row::all(rows, read_candidate)
    }

    fn claim_candidate_named(
        &mut self,
        organization: OrganizationId,
        user_name_key: &str,
    ) -> StoreResult<Option<ClaimCandidate>> {
        let sql = format!("{CANDIDATES} AND u.user_name_key = $2");
        let values = [row::id(organization), Value::from(user_name_key)];
        self.0.query_optional(&sql, &values)?.as_ref().map(read_candidate).transpose()
    }

    fn some_external_ids(&mut self, organization: OrganizationId) -> StoreResult<Vec<String>> {
        let rows = self.0.query(
            "SELECT external_id FROM users WHERE organization_id = $1 AND deleted_at IS NULL \
             AND external_key IS NOT NULL ORDER BY id LIMIT 20",
            &[row::id(organization)],
        )?;
        row::all(rows, |row| row.text(0))
    }

    fn insert_identity(&mut self, identity: &NewIdentity) -> StoreResult<bool> {
        let inserted = self.0.execute(
            "INSERT INTO identities (connection_id, tenant, subject, user_id, linked_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            &[
                row::id(identity.person.connection),
                Value::from(identity.person.tenant.as_str()),
                Value::from(identity.person.subject.as_str()),
                row::id(identity.user),
                row::time(identity.linked_at),
            ],
        )?;
        Ok(inserted == 1)
    }

    fn end_identity_of(&mut self, user: UserId, at: Timestamp) -> StoreResult<()> {
        let sql = "UPDATE identities SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL";
        self.0.execute(sql, &[row::id(user), row::time(at)]).map(drop)
    }

    fn resume_identity_of(&mut self, user: UserId, ended_at: Timestamp) -> StoreResult<bool> {
        let values = [row::id(user), row::time(ended_at)];
        let resume = "UPDATE identities SET ended_at = NULL WHERE user_id = $1 AND ended_at = $2 \
                      AND NOT EXISTS (SELECT 1 FROM identities o \
                      WHERE o.connection_id = identities.connection_id \
                      AND o.tenant = identities.tenant AND o.subject = identities.subject \
                      AND o.ended_at IS NULL)";
        if self.0.execute(resume, &values)? == 1 {
            return Ok(true);
        }
        let sql = "SELECT 1 FROM identities WHERE user_id = $1 AND ended_at = $2 LIMIT 1";
        Ok(self.0.query_optional(sql, &values)?.is_none())
    }
}
