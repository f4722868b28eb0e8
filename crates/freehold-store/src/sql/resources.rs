//! Resources of the operator's own types.

use freehold_directory::resources::Resource;
use freehold_directory::{OrganizationId, ResourceId, Resources, StoreResult};
use freehold_scim::resource::ResourceDocument;

use super::SqlStore;
use super::row::{self, Read as _};
use crate::{Row, Value};

pub(super) const COLUMNS: &str =
    "id, organization_id, document, version, created_at, last_modified_at";

pub(super) fn read(row: &Row) -> StoreResult<Resource> {
    Ok(Resource {
        id: row.parsed(0)?,
        organization: row.parsed(1)?,
        document: row::document(&row.text(2)?, "resource", ResourceDocument::from_stored)?,
        version: row.get(3)?,
        created_at: row.time(4)?,
        last_modified: row.time(5)?,
    })
}

impl Resources for SqlStore<'_> {
    fn insert_resource(&mut self, kind: &str, resource: &Resource) -> StoreResult<()> {
        let values = [
            row::id(resource.id),
            row::id(resource.organization),
            Value::from(kind),
            Value::from(resource.document.external_id()),
            Value::from(resource.document.as_value().to_string()),
            row::number(resource.version),
            row::time(resource.created_at),
            row::time(resource.last_modified),
        ];
        let sql = "INSERT INTO scim_resources (id, organization_id, kind, external_id, document, \
                   version, created_at, last_modified_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        self.0.execute(sql, &values).map(drop)
    }

    fn resource(
        &mut self,
        organization: OrganizationId,
        kind: &str,
        id: ResourceId,
    ) -> StoreResult<Option<Resource>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM scim_resources WHERE organization_id = $1 AND kind = $2 AND id = $3"
        );
        let values = [row::id(organization), Value::from(kind), row::id(id)];
        self.0.query_optional(&sql, &values)?.as_ref().map(read).transpose()
    }

    fn update_resource(&mut self, resource: &Resource, expected: u64) -> StoreResult<bool> {
        let values = [
            row::id(resource.organization),
            row::id(resource.id),
            row::number(expected),
            Value::from(resource.document.external_id()),
            Value::from(resource.document.as_value().to_string()),
            row::number(resource.version),
            row::time(resource.last_modified),
        ];
        let sql = "UPDATE scim_resources SET external_id = $4, document = $5, version = $6, \
                   last_modified_at = $7 WHERE organization_id = $1 AND id = $2 AND version = $3";
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn delete_resource(
        &mut self,
        organization: OrganizationId,
        id: ResourceId,
        expected: u64,
    ) -> StoreResult<bool> {
        let sql =
            "DELETE FROM scim_resources WHERE organization_id = $1 AND id = $2 AND version = $3";
        let values = [row::id(organization), row::id(id), row::number(expected)];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn insert_unique_value(
        &mut self,
        organization: OrganizationId,
        kind: &str,
        id: &str,
        attribute: &str,
        key: &str,
    ) -> StoreResult<bool> {
        let sql = "INSERT INTO scim_resource_keys (resource_id, organization_id, kind, attribute, \
                   value_key) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        let values = [
            Value::from(id),
            row::id(organization),
            Value::from(kind),
            Value::from(attribute),
            Value::from(key),
        ];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn release_unique_values(&mut self, id: &str) -> StoreResult<()> {
        let sql = "DELETE FROM scim_resource_keys WHERE resource_id = $1";
        self.0.execute(sql, &[Value::from(id)]).map(drop)
    }
}
