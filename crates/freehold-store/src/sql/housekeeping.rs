//! What a timer deletes.

use freehold_directory::clients::ACCESS_MEMORY;
use freehold_directory::housekeeping::{Collected, RESERVATION_LIFE, RESET_MEMORY};
use freehold_directory::login::TEST_MEMORY;
use freehold_directory::sessions::IDLE_LIFE;
use freehold_directory::{Housekeeping, OrganizationId, StoreResult, Timestamp, UserId};

use super::SqlStore;
use super::row::{self, Read as _};
use super::tables::{OF_EPOCH, OF_USER, RECORDS};
use crate::Value;

impl SqlStore<'_> {
    fn delete_over(&mut self, sql: &str, now: Timestamp, limit: u32) -> StoreResult<u64> {
        self.0.execute(sql, &[row::time(now), Value::from(limit)])
    }

    fn delete_sessions_over(&mut self, now: Timestamp, limit: u32) -> StoreResult<u64> {
        let sql = "SELECT hash FROM sessions WHERE expires_at <= $1 \
                   UNION SELECT hash FROM sessions WHERE last_seen_at <= $2 LIMIT $3";
        let idle = row::time(now.minus(IDLE_LIFE));
        let rows = self.0.query(sql, &[row::time(now), idle, Value::from(limit)])?;
        for row in &rows {
            let hash = [Value::Bytes(row.bytes(0)?)];
            self.0.execute("DELETE FROM challenges WHERE session_hash = $1", &hash)?;
            self.0.execute("DELETE FROM sessions WHERE hash = $1", &hash)?;
        }
        Ok(rows.len() as u64)
    }

    fn delete_reservations_over(&mut self, now: Timestamp, limit: u32) -> StoreResult<u64> {
        let sql = "DELETE FROM items WHERE id IN (SELECT id FROM items WHERE version = 0 \
                   AND updated_at <= $1 LIMIT $2) RETURNING user_id";
        let before = row::time(now.minus(RESERVATION_LIFE));
        let rows = self.0.query(sql, &[before, Value::from(limit)])?;
        for row in &rows {
            self.release(row.parsed(0)?, 1, 0)?;
        }
        Ok(rows.len() as u64)
    }
}

impl Housekeeping for SqlStore<'_> {
    fn delete_expired(&mut self, now: Timestamp, limit: u32) -> StoreResult<Collected> {
        let logins = "DELETE FROM pending_logins WHERE state_hash IN \
                      (SELECT state_hash FROM pending_logins WHERE expires_at <= $1 LIMIT $2)";
        let links = "DELETE FROM admin_links WHERE hash IN \
                     (SELECT hash FROM admin_links WHERE expires_at <= $1 LIMIT $2)";
        let challenges = "DELETE FROM challenges WHERE (session_hash, purpose) IN \
                          (SELECT session_hash, purpose FROM challenges WHERE expires_at <= $1 \
                          LIMIT $2)";
        let access_tokens = "DELETE FROM scim_tokens WHERE id IN (SELECT id FROM scim_tokens \
                             WHERE client_id IS NOT NULL AND expires_at <= $1 LIMIT $2)";
        let trials = "DELETE FROM scim_tokens WHERE id IN (SELECT id FROM scim_tokens \
                      WHERE client_id IS NULL AND description = '' AND expires_at <= $1 LIMIT $2)";
        let replays = "DELETE FROM replays WHERE (connection_id, id) IN \
                       (SELECT connection_id, id FROM replays WHERE expires_at <= $1 LIMIT $2)";
        let resets = "DELETE FROM resets WHERE id IN (SELECT id FROM resets \
                      WHERE state <> 'approved' AND expires_at <= $1 LIMIT $2)";
        let forgotten = now.minus(ACCESS_MEMORY);
        let tested = "UPDATE sign_in_tests SET subject = NULL, tenant = NULL, display = NULL, \
                      upn = NULL, user_id = NULL WHERE subject IS NOT NULL AND tested_at <= $1";
        self.0.execute(tested, &[row::time(now.minus(TEST_MEMORY))])?;
        Ok(Collected {
            challenges: self.delete_over(challenges, now, limit)?,
            logins: self.delete_over(logins, now, limit)?,
            links: self.delete_over(links, now, limit)?,
            sessions: self.delete_sessions_over(now, limit)?,
            reservations: self.delete_reservations_over(now, limit)?,
            log: 0,
            access_tokens: self.delete_over(access_tokens, forgotten, limit)?
                + self.delete_over(trials, forgotten, limit)?,
            replays: self.delete_over(replays, now, limit)?,
            resets: self.delete_over(resets, now.minus(RESET_MEMORY), limit)?,
        })
    }

    fn users_to_purge(
        &mut self,
        before: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<(OrganizationId, UserId)>> {
        let sql = "SELECT organization_id, id FROM users WHERE deleted_at IS NOT NULL \
                   AND purged_at IS NULL AND deleted_at <= $1 ORDER BY deleted_at LIMIT $2";
        let rows = self.0.query(sql, &[row::time(before), Value::from(limit)])?;
        row::all(rows, |row| Ok((row.parsed(0)?, row.parsed(1)?)))
    }

    fn purge_user(&mut self, user: UserId, at: Timestamp) -> StoreResult<()> {
        self.delete_of_user(&[RECORDS, OF_EPOCH, OF_USER], user)?;
        let sql = "UPDATE users SET purged_at = $2, user_name = '', user_name_key = '', \
                   external_id = NULL, external_key = NULL, display_name = NULL, \
                   display_name_key = NULL, document = '{}', refused_at = NULL, refusal = NULL, \
                   signed_in_at = NULL, setup_begun_at = NULL \
                   WHERE id = $1 AND deleted_at IS NOT NULL";
        self.0.execute(sql, &[row::id(user), row::time(at)]).map(drop)
    }
}
