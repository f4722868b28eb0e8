//! Vault items: ciphertext under the quota of its user.

use freehold_directory::items::{ItemQuota, ItemRevision, StoredItem};
use freehold_directory::{ItemId, Items, StoreResult, Timestamp, UserId};

use super::SqlStore;
use super::row::{self, Read as _};
use crate::{Row, Value};

fn read(row: &Row) -> StoreResult<StoredItem> {
    Ok(StoredItem {
        id: row.parsed(0)?,
        version: row.get(1)?,
        item_key: row.bytes(2)?,
        content: row.bytes(3)?,
        updated_at: row.time(4)?,
    })
}

impl Items for SqlStore<'_> {
    fn reserve_item(
        &mut self,
        user: UserId,
        item: ItemId,
        quota: ItemQuota,
        at: Timestamp,
    ) -> StoreResult<bool> {
        let sql = "UPDATE item_usage SET items = items + 1 WHERE user_id = $1 AND items < $2";
        if self.0.execute(sql, &[row::id(user), row::number(quota.items)])? == 0 {
            return Ok(false);
        }
        let sql = "INSERT INTO items (id, user_id, version, bytes, updated_at) \
                   VALUES ($1, $2, 0, 0, $3)";
        self.0.execute(sql, &[row::id(item), row::id(user), row::time(at)])?;
        Ok(true)
    }

    fn item_revision(&mut self, user: UserId, item: ItemId) -> StoreResult<Option<ItemRevision>> {
        let sql = "SELECT version, bytes FROM items WHERE id = $1 AND user_id = $2";
        let found = self.0.query_optional(sql, &[row::id(item), row::id(user)])?;
        found.map(|row| Ok(ItemRevision { version: row.get(0)?, bytes: row.get(1)? })).transpose()
    }

    fn charge_bytes(
        &mut self,
        user: UserId,
        before: u64,
        after: u64,
        quota: ItemQuota,
    ) -> StoreResult<bool> {
        // What shrinks is always let through.
        let sql = "UPDATE item_usage SET bytes = bytes - $2 + $3 WHERE user_id = $1 \
                   AND (bytes - $2 + $3 <= $4 OR CAST($3 AS BIGINT) <= CAST($2 AS BIGINT))";
        let values =
            [row::id(user), row::number(before), row::number(after), row::number(quota.bytes)];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn put_item(&mut self, user: UserId, item: &StoredItem) -> StoreResult<bool> {
        let sql = "UPDATE items SET version = $3, item_key = $4, content = $5, bytes = $6, \
                   updated_at = $7 WHERE id = $1 AND user_id = $2 AND version = $3 - 1";
        let bytes = item.item_key.len() + item.content.len();
        let values = [
            row::id(item.id),
            row::id(user),
            row::number(item.version),
            Value::from(item.item_key.as_slice()),
            Value::from(item.content.as_slice()),
            row::number(bytes as u64),
            row::time(item.updated_at),
        ];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn items(&mut self, user: UserId) -> StoreResult<Vec<StoredItem>> {
        let sql = "SELECT id, version, item_key, content, updated_at FROM items \
                   WHERE user_id = $1 AND version > 0 ORDER BY id";
        row::all(self.0.query(sql, &[row::id(user)])?, read)
    }

    fn delete_item(&mut self, user: UserId, item: ItemId, version: u64) -> StoreResult<bool> {
        let sql = "DELETE FROM items WHERE id = $1 AND user_id = $2 AND version = $3 \
                   RETURNING bytes";
        let values = [row::id(item), row::id(user), row::number(version)];
        let Some(bytes) = row::first::<i64>(self.0.query_optional(sql, &values)?)? else {
            return Ok(false);
        };
        self.release(user, 1, bytes)?;
        Ok(true)
    }
}

impl SqlStore<'_> {
    /// Gives items and bytes back to the quota.
    pub(super) fn release(&mut self, user: UserId, items: i64, bytes: i64) -> StoreResult<()> {
        let sql = "UPDATE item_usage SET items = items - $2, bytes = bytes - $3 WHERE user_id = $1";
        self.0.execute(sql, &[row::id(user), Value::from(items), Value::from(bytes)]).map(drop)
    }
}
