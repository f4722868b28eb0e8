//! Tenants.

use freehold_directory::organizations::{Organization, OrganizationName};
use freehold_directory::{OrganizationId, Organizations, Slug, StoreResult};

use super::SqlStore;
use super::row::{self, Read as _, corrupt};
use crate::{Row, Value};

const COLUMNS: &str = "id, slug, name, scim_enabled, created_at";

fn read(row: &Row) -> StoreResult<Organization> {
    Ok(Organization {
        id: row.parsed(0)?,
        slug: Slug::parse(&row.text(1)?).or(Err(corrupt(1)))?,
        name: OrganizationName::parse(&row.text(2)?).or(Err(corrupt(2)))?,
        scim_enabled: row.flag(3)?,
        created_at: row.time(4)?,
    })
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

    fn set_scim(&mut self, id: OrganizationId, enabled: bool) -> StoreResult<()> {
        let sql = "UPDATE organizations SET scim_enabled = $2 WHERE id = $1";
        self.0.execute(sql, &[row::id(id), Value::from(enabled)]).map(drop)
    }
}
