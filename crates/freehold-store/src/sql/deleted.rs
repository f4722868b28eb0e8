//! Accounts that were deleted, until they are purged.

use freehold_directory::deleted::{DeletedUser, Remains};
use freehold_directory::users::{IndexedKeys, User};
use freehold_directory::{OrganizationId, StoreResult, Timestamp, UserId};

use super::SqlStore;
use super::row::{self, Read as _};
use super::users::{COLUMNS, read};
use crate::{Row, Value};

const KEPT: &str = "organization_id = $1 AND deleted_at IS NOT NULL AND purged_at IS NULL";

fn read_deleted(row: &Row) -> StoreResult<DeletedUser> {
    Ok(DeletedUser { user: read(row)?, deleted_at: row.time(11)? })
}

impl SqlStore<'_> {
    pub(super) fn find_deleted(
        &mut self,
        organization: OrganizationId,
        id: UserId,
    ) -> StoreResult<Option<Remains>> {
        let values = [row::id(organization), row::id(id)];
        let sql = format!("SELECT {COLUMNS}, deleted_at FROM users WHERE {KEPT} AND id = $2");
        if let Some(row) = self.0.query_optional(&sql, &values)? {
            return Ok(Some(Remains::Kept(Box::new(read_deleted(&row)?))));
        }
        let sql = "SELECT 1 FROM users WHERE organization_id = $1 AND id = $2 \
                   AND purged_at IS NOT NULL";
        Ok(self.0.query_optional(sql, &values)?.map(|_| Remains::Id))
    }

    pub(super) fn list_deleted(
        &mut self,
        organization: OrganizationId,
        user_name_key: Option<&str>,
        limit: u32,
    ) -> StoreResult<Vec<DeletedUser>> {
        let mut values = vec![row::id(organization), Value::from(limit)];
        let mut condition = "";
        if let Some(key) = user_name_key {
            condition = " AND user_name_key = $3";
            values.push(Value::from(key));
        }
        let sql = format!(
            "SELECT {COLUMNS}, deleted_at FROM users WHERE {KEPT}{condition} \
             ORDER BY deleted_at DESC, id LIMIT $2"
        );
        row::all(self.0.query(&sql, &values)?, read_deleted)
    }

    pub(super) fn untombstone(
        &mut self,
        user: &User,
        keys: &IndexedKeys,
        deleted_at: Timestamp,
    ) -> StoreResult<bool> {
        let sql = format!(
            "UPDATE users SET deleted_at = NULL, version = $4, last_modified_at = $5 \
             WHERE {KEPT} AND id = $2 AND deleted_at = $3"
        );
        let values = [
            row::id(user.organization),
            row::id(user.id),
            row::time(deleted_at),
            row::number(user.version),
            row::time(user.last_modified),
        ];
        let done = self.0.execute(&sql, &values)? == 1;
        if done {
            self.insert_ways(user, keys)?;
        }
        Ok(done)
    }
}
