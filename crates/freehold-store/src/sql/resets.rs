//! Requests for a RESET, and what was put aside by one.

use freehold_directory::resets::{OpenReset, Reset, ResetId, ResetState};
use freehold_directory::{OrganizationId, Resets, StoreResult, Timestamp, UserId};

use super::SqlStore;
use super::row::{self, Read as _, corrupt};
use super::tables::{OF_EPOCH, RECORDS};
use crate::{Row, Value};

const COLUMNS: &str = "r.id, r.organization_id, r.user_id, r.epoch, r.session_id, r.state, \
                       r.asked_at, r.expires_at, r.settled_at, r.destroyed_at";

fn read(row: &Row) -> StoreResult<Reset> {
    Ok(Reset {
        id: row.parsed(0)?,
        organization: row.parsed(1)?,
        user: row.parsed(2)?,
        epoch: row.get(3)?,
        session: row.parsed(4)?,
        state: ResetState::from_name(&row.text(5)?).ok_or_else(|| corrupt(5))?,
        asked_at: row.time(6)?,
        expires_at: row.time(7)?,
        settled_at: row.time_optional(8)?,
        destroyed_at: row.time_optional(9)?,
    })
}

fn read_open(row: &Row) -> StoreResult<OpenReset> {
    Ok(OpenReset { reset: read(row)?, user_name: row.text(10)?, display_name: row.get(11)? })
}

fn name(state: ResetState) -> Value {
    Value::from(state.as_str())
}

/// User and epoch of what a request put aside.
fn aside(reset: &Reset) -> [Value; 2] {
    [row::id(reset.user), row::number(reset.epoch)]
}

impl SqlStore<'_> {
    fn one_reset(&mut self, condition: &str, values: &[Value]) -> StoreResult<Option<Reset>> {
        let sql = format!("SELECT {COLUMNS} FROM resets r WHERE {condition}");
        self.0.query_optional(&sql, values)?.as_ref().map(read).transpose()
    }

    /// The compare-and-set of an approval.
    fn move_to_pending(&mut self, reset: &Reset, at: Timestamp) -> StoreResult<bool> {
        let sql = "UPDATE users SET key_state = 'PENDING', key_epoch = $2 + 1, \
                   key_state_since = $3 WHERE id = $1 AND key_state = 'READY' AND key_epoch = $2 \
                   AND active = 1 AND deleted_at IS NULL";
        let [user, epoch] = aside(reset);
        Ok(self.0.execute(sql, &[user, epoch, row::time(at)])? == 1)
    }

    /// The compare-and-set of an undo.
    fn move_back_to_ready(&mut self, reset: &Reset, at: Timestamp) -> StoreResult<bool> {
        let sql = "UPDATE users SET key_state = 'READY', key_epoch = $2, key_state_since = $3 \
                   WHERE id = $1 AND key_state = 'PENDING' AND key_epoch = $2 + 1 \
                   AND deleted_at IS NULL";
        let [user, epoch] = aside(reset);
        Ok(self.0.execute(sql, &[user, epoch, row::time(at)])? == 1)
    }

    fn put_items_aside(&mut self, reset: &Reset) -> StoreResult<()> {
        let [user, epoch] = aside(reset);
        let sql = "INSERT INTO items_aside (id, user_id, epoch, version, item_key, content, \
                   bytes, updated_at) SELECT id, user_id, CAST($2 AS BIGINT), version, item_key, \
                   content, bytes, updated_at FROM items WHERE user_id = $1 AND version > 0";
        self.0.execute(sql, &[user.clone(), epoch])?;
        self.0.execute("DELETE FROM items WHERE user_id = $1", std::slice::from_ref(&user))?;
        let sql = "UPDATE item_usage SET items = 0, bytes = 0 WHERE user_id = $1";
        self.0.execute(sql, &[user]).map(drop)
    }

    fn bring_items_back(&mut self, reset: &Reset) -> StoreResult<()> {
        let of = aside(reset);
        let sql = "INSERT INTO items (id, user_id, version, item_key, content, bytes, updated_at) \
                   SELECT id, user_id, version, item_key, content, bytes, updated_at \
                   FROM items_aside WHERE user_id = $1 AND epoch = $2";
        self.0.execute(sql, &of)?;
        self.0.execute("DELETE FROM items_aside WHERE user_id = $1 AND epoch = $2", &of)?;
        let sql = "UPDATE item_usage SET items = (SELECT count(*) FROM items WHERE user_id = $1), \
                   bytes = (SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM items \
                   WHERE user_id = $1) WHERE user_id = $1";
        self.0.execute(sql, &[row::id(reset.user)]).map(drop)
    }

    fn begin_tries_anew(&mut self, user: UserId) -> StoreResult<()> {
        let sql = "UPDATE unlock_tries SET short_times = '', long_times = '', since_success = 0, \
                   refused_at = NULL, version = version + 1 WHERE user_id = $1";
        self.0.execute(sql, &[row::id(user)]).map(drop)
    }
}

impl Resets for SqlStore<'_> {
    fn insert_reset(&mut self, reset: &Reset) -> StoreResult<bool> {
        let sql = "INSERT INTO resets (id, organization_id, user_id, epoch, session_id, state, \
                   asked_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
                   ON CONFLICT DO NOTHING";
        let values = [
            row::id(reset.id),
            row::id(reset.organization),
            row::id(reset.user),
            row::number(reset.epoch),
            row::id(reset.session),
            name(reset.state),
            row::time(reset.asked_at),
            row::time(reset.expires_at),
        ];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn expire_resets_of(&mut self, user: UserId, now: Timestamp) -> StoreResult<()> {
        let sql = "UPDATE resets SET state = 'expired', settled_at = expires_at \
                   WHERE user_id = $1 AND state = 'requested' AND expires_at <= $2";
        self.0.execute(sql, &[row::id(user), row::time(now)]).map(drop)
    }

    fn resets_asked_since(
        &mut self,
        user: UserId,
        since: Timestamp,
    ) -> StoreResult<Vec<Timestamp>> {
        let sql = "SELECT asked_at FROM resets WHERE user_id = $1 AND asked_at > $2 \
                   ORDER BY asked_at";
        row::all(self.0.query(sql, &[row::id(user), row::time(since)])?, |row| row.time(0))
    }

    fn reset(&mut self, organization: OrganizationId, id: ResetId) -> StoreResult<Option<Reset>> {
        self.one_reset(
            "r.organization_id = $1 AND r.id = $2",
            &[row::id(organization), row::id(id)],
        )
    }

    fn last_reset_of(&mut self, user: UserId) -> StoreResult<Option<Reset>> {
        self.one_reset("r.user_id = $1 ORDER BY r.id DESC LIMIT 1", &[row::id(user)])
    }

    fn open_reset_of(&mut self, user: UserId, now: Timestamp) -> StoreResult<Option<Reset>> {
        let condition = "r.user_id = $1 AND r.state = 'requested' AND r.expires_at > $2";
        self.one_reset(condition, &[row::id(user), row::time(now)])
    }

    fn open_resets(
        &mut self,
        organization: OrganizationId,
        now: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<OpenReset>> {
        let sql = format!(
            "SELECT {COLUMNS}, u.user_name, u.display_name FROM resets r \
             JOIN users u ON u.id = r.user_id AND u.active = 1 AND u.deleted_at IS NULL \
             WHERE r.organization_id = $1 AND r.state = 'requested' AND r.expires_at > $2 \
             ORDER BY r.id LIMIT $3"
        );
        let values = [row::id(organization), row::time(now), Value::from(limit)];
        row::all(self.0.query(&sql, &values)?, read_open)
    }

    fn settle_reset(
        &mut self,
        id: ResetId,
        from: ResetState,
        to: ResetState,
        at: Timestamp,
    ) -> StoreResult<bool> {
        let sql = "UPDATE resets SET state = $3, settled_at = $4 WHERE id = $1 AND state = $2";
        Ok(self.0.execute(sql, &[row::id(id), name(from), name(to), row::time(at)])? == 1)
    }

    fn put_keys_aside(&mut self, reset: &Reset, at: Timestamp) -> StoreResult<bool> {
        if !self.move_to_pending(reset, at)? {
            return Ok(false);
        }
        self.put_items_aside(reset)?;
        self.begin_tries_anew(reset.user)?;
        Ok(true)
    }

    fn reset_to_undo(
        &mut self,
        organization: OrganizationId,
        user: UserId,
    ) -> StoreResult<Option<Reset>> {
        let condition = "r.organization_id = $1 AND r.user_id = $2 AND r.state = 'approved' \
                         AND r.destroyed_at IS NULL AND EXISTS (SELECT 1 FROM users u \
                         WHERE u.id = r.user_id AND u.key_state = 'PENDING' \
                         AND u.key_epoch = r.epoch + 1 AND u.deleted_at IS NULL)";
        self.one_reset(condition, &[row::id(organization), row::id(user)])
    }

    fn bring_keys_back(&mut self, reset: &Reset, at: Timestamp) -> StoreResult<bool> {
        if !self.move_back_to_ready(reset, at)? {
            return Ok(false);
        }
        self.bring_items_back(reset)?;
        Ok(true)
    }

    fn resets_to_destroy(&mut self, before: Timestamp, limit: u32) -> StoreResult<Vec<Reset>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM resets r WHERE r.state = 'approved' \
             AND r.destroyed_at IS NULL AND r.settled_at <= $1 ORDER BY r.settled_at LIMIT $2"
        );
        row::all(self.0.query(&sql, &[row::time(before), Value::from(limit)])?, read)
    }

    fn destroy_keys_aside(&mut self, reset: &Reset, at: Timestamp) -> StoreResult<bool> {
        let sql = "UPDATE resets SET destroyed_at = $2, card_hash = (SELECT k.card_hash \
                   FROM key_records k WHERE k.user_id = resets.user_id AND k.epoch = resets.epoch) \
                   WHERE id = $1 AND state = 'approved' AND destroyed_at IS NULL";
        if self.0.execute(sql, &[row::id(reset.id), row::time(at)])? == 0 {
            return Ok(false);
        }
        self.delete_of_epoch(&[RECORDS, OF_EPOCH], reset.user, reset.epoch)?;
        Ok(true)
    }
}
