//! Tenants.

use freehold_directory::first_steps::Found;
use freehold_directory::organizations::{Organization, OrganizationName};
use freehold_directory::{OrganizationId, Organizations, Slug, StoreResult, Timestamp};

use super::SqlStore;
use super::row::{self, Read as _, corrupt};
use crate::{Row, Value};

const COLUMNS: &str = "id, slug, name, scim_enabled, created_at";

fn read(row: &Row) -> StoreResult<Organization> {
    Ok(Organization {
        id: row.parsed(0)?,
        slug: Slug::parse(&row.text(1)?).or(Err(corrupt(1)))?,
        name: OrganizationName::from_stored(&row.text(2)?).or(Err(corrupt(2)))?,
        scim_enabled: row.flag(3)?,
        created_at: row.time(4)?,
    })
}

/// One row of flags; `u` is a user who is no owner.
fn first_steps() -> String {
    let flag = |rows: &str| format!("CAST(CASE WHEN EXISTS ({rows}) THEN 1 ELSE 0 END AS BIGINT)");
    let live = "organization_id = $1 AND revoked_at IS NULL AND expires_at > $2";
    let person = "SELECT 1 FROM users u WHERE u.organization_id = $1 AND u.deleted_at IS NULL \
                  AND NOT EXISTS (SELECT 1 FROM role_grants r WHERE r.user_id = u.id \
                  AND r.role = 'owner')";
    let columns = [
        flag(&format!(
            "SELECT 1 FROM scim_tokens WHERE {live} AND client_id IS NULL \
             UNION ALL SELECT 1 FROM scim_clients WHERE {live}"
        )),
        flag(
            "SELECT 1 FROM scim_tokens WHERE organization_id = $1 AND last_used_at IS NOT NULL \
             UNION ALL SELECT 1 FROM scim_clients \
             WHERE organization_id = $1 AND last_used_at IS NOT NULL",
        ),
        flag("SELECT 1 FROM connections WHERE organization_id = $1 AND removed_at IS NULL"),
        flag(
            "SELECT 1 FROM connections c WHERE c.organization_id = $1 AND c.removed_at IS NULL \
             AND (EXISTS (SELECT 1 FROM sign_in_tests t WHERE t.connection_id = c.id \
             AND t.verdict <> 'refused') OR EXISTS (SELECT 1 FROM identities i \
             WHERE i.connection_id = c.id AND i.ended_at IS NULL))",
        ),
        flag(person),
        flag(&format!("{person} AND u.active = 1 AND u.key_state = 'READY'")),
        flag("SELECT 1 FROM domains WHERE organization_id = $1 AND verified_at IS NOT NULL"),
    ];
    format!(
        "SELECT {}, (SELECT count(*) FROM role_grants r JOIN users u ON u.id = r.user_id \
         WHERE r.organization_id = $1 AND r.role = 'owner' AND u.active = 1 \
         AND u.deleted_at IS NULL)",
        columns.join(", ")
    )
}

impl Organizations for SqlStore<'_> {
    fn insert_organization(&mut self, organization: &Organization) -> StoreResult<bool> {
        let inserted = self.0.execute(
            "INSERT INTO organizations (id, slug, name, scim_enabled, created_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            &[
                row::id(organization.id),
                Value::from(organization.slug.as_str()),
                Value::from(organization.name.as_str()),
                Value::from(organization.scim_enabled),
                row::time(organization.created_at),
            ],
        )?;
        Ok(inserted == 1)
    }

    fn organization(&mut self, id: OrganizationId) -> StoreResult<Option<Organization>> {
        let sql = format!("SELECT {COLUMNS} FROM organizations WHERE id = $1");
        let found = self.0.query_optional(&sql, &[row::id(id)])?;
        found.as_ref().map(read).transpose()
    }

    fn organization_by_slug(&mut self, slug: &Slug) -> StoreResult<Option<Organization>> {
        let sql = format!("SELECT {COLUMNS} FROM organizations WHERE slug = $1");
        let found = self.0.query_optional(&sql, &[Value::from(slug.as_str())])?;
        found.as_ref().map(read).transpose()
    }

    fn only_organization(&mut self) -> StoreResult<Option<Organization>> {
        let sql = format!("SELECT {COLUMNS} FROM organizations LIMIT 2");
        match self.0.query(&sql, &[])?.as_slice() {
            [one] => read(one).map(Some),
            _ => Ok(None),
        }
    }

    fn organizations(&mut self) -> StoreResult<Vec<Organization>> {
        let sql = format!("SELECT {COLUMNS} FROM organizations ORDER BY slug");
        row::all(self.0.query(&sql, &[])?, read)
    }

    fn rename_organization(
        &mut self,
        id: OrganizationId,
        name: &OrganizationName,
    ) -> StoreResult<()> {
        let sql = "UPDATE organizations SET name = $2 WHERE id = $1";
        self.0.execute(sql, &[row::id(id), Value::from(name.as_str())]).map(drop)
    }

    fn first_steps(&mut self, id: OrganizationId, now: Timestamp) -> StoreResult<Found> {
        let found = self.0.query_optional(&first_steps(), &[row::id(id), row::time(now)])?;
        let Some(row) = found else { return Ok(Found::default()) };
        Ok(Found {
            provisioner: row.flag(0)?,
            scim_request: row.flag(1)?,
            connection: row.flag(2)?,
            sign_in: row.flag(3)?,
            person: row.flag(4)?,
            ready: row.flag(5)?,
            domain: row.flag(6)?,
            owners: row.get(7)?,
        })
    }

    fn set_scim(&mut self, id: OrganizationId, enabled: bool) -> StoreResult<()> {
        let sql = "UPDATE organizations SET scim_enabled = $2 WHERE id = $1";
        self.0.execute(sql, &[row::id(id), Value::from(enabled)]).map(drop)
    }
}
