//! Key records: ciphertext and public statements.

use freehold_directory::setup::{CompletedSetup, NewKeys};
use freehold_directory::unlock::{KeyRecords, StoredMethod, Tries};
use freehold_directory::{KeyStore, StoreResult, UserId};
use freehold_wire::{MethodKind, VerifiedMethod};

use super::SqlStore;
use super::row::{self, Read as _};
use crate::Value;

impl SqlStore<'_> {
    /// The compare-and-set of set-up: of two rivals one touches the row.
    fn move_to_ready(&mut self, keys: &NewKeys<'_>) -> StoreResult<bool> {
        let ready = keys.ready();
        let sql = "UPDATE users SET key_state = 'READY', key_state_since = $3 \
                   WHERE id = $1 AND key_state = 'PENDING' AND key_epoch = $2 AND active = 1 \
                   AND deleted_at IS NULL";
        let values = [row::id(keys.user()), row::number(ready.epoch), row::time(ready.since)];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn insert_records(&mut self, keys: &NewKeys<'_>) -> StoreResult<()> {
        let verified = keys.verified();
        let sql = "INSERT INTO key_records (user_id, epoch, card, card_hash, keyring, \
                   request_hash, session_hash, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = [
            row::id(keys.user()),
            row::number(keys.ready().epoch),
            Value::from(verified.card()),
            Value::from(verified.card_hash()),
            Value::from(verified.keyring()),
            Value::from(verified.request_hash()),
            row::hash(keys.session()),
            row::time(keys.ready().since),
        ];
        self.0.execute(sql, &values).map(drop)
    }

    fn insert_state(&mut self, keys: &NewKeys<'_>) -> StoreResult<()> {
        let verified = keys.verified();
        let sql = "INSERT INTO account_states (user_id, epoch, seq, state, state_hash, \
                   created_at) VALUES ($1, $2, $3, $4, $5, $6)";
        let values = [
            row::id(keys.user()),
            row::number(keys.ready().epoch),
            row::number(verified.seq()),
            Value::from(verified.state()),
            Value::from(verified.state_hash()),
            row::time(keys.ready().since),
        ];
        self.0.execute(sql, &values).map(drop)
    }

    fn insert_method(&mut self, keys: &NewKeys<'_>, method: &VerifiedMethod) -> StoreResult<()> {
        let sql = "INSERT INTO key_methods (user_id, epoch, kind, parameters, \
                   unlock_public_key, envelope) VALUES ($1, $2, $3, $4, $5, $6)";
        let (user, kind) = (row::id(keys.user()), kind(method.kind));
        let values = [
            user.clone(),
            row::number(keys.ready().epoch),
            kind.clone(),
            Value::from(method.parameters.as_slice()),
            Value::from(method.unlock_public_key),
            Value::from(method.envelope.as_slice()),
        ];
        self.0.execute(sql, &values)?;
        let sql = "INSERT INTO unlock_tries (user_id, kind, short_times, long_times, \
                   since_success, version) VALUES ($1, $2, '', '', 0, 0) ON CONFLICT DO NOTHING";
        self.0.execute(sql, &[user, kind]).map(drop)
    }

    fn states(
        &mut self,
        user: UserId,
        epoch: u64,
        after: Option<u64>,
    ) -> StoreResult<Vec<Vec<u8>>> {
        if let Some(after) = after {
            let sql = "SELECT state FROM account_states \
                       WHERE user_id = $1 AND epoch = $2 AND seq > $3 ORDER BY seq";
            let values = [row::id(user), row::number(epoch), row::number(after)];
            let newer = row::all(self.0.query(sql, &values)?, |row| row.bytes(0))?;
            if !newer.is_empty() {
                return Ok(newer);
            }
        }
        let sql = "SELECT state FROM account_states WHERE user_id = $1 AND epoch = $2 \
                   ORDER BY seq DESC LIMIT 1";
        let latest = self.0.query(sql, &[row::id(user), row::number(epoch)])?;
        row::all(latest, |row| row.bytes(0))
    }
}

fn kind(kind: MethodKind) -> Value {
    Value::Integer(i64::from(kind.number()))
}

impl KeyStore for SqlStore<'_> {
    fn insert_keys(&mut self, keys: &NewKeys<'_>) -> StoreResult<bool> {
        if !self.move_to_ready(keys)? {
            return Ok(false);
        }
        self.insert_records(keys)?;
        self.insert_state(keys)?;
        for method in keys.verified().methods() {
            self.insert_method(keys, method)?;
        }
        let sql = "INSERT INTO item_usage (user_id, items, bytes) VALUES ($1, 0, 0) \
                   ON CONFLICT DO NOTHING";
        self.0.execute(sql, &[row::id(keys.user())])?;
        Ok(true)
    }

    fn completed_setup(&mut self, user: UserId, epoch: u64) -> StoreResult<Option<CompletedSetup>> {
        let sql = "SELECT request_hash, session_hash FROM key_records \
                   WHERE user_id = $1 AND epoch = $2";
        let found = self.0.query_optional(sql, &[row::id(user), row::number(epoch)])?;
        let read =
            |row: crate::Row| Ok(CompletedSetup { request: row.get(0)?, session: row.hash(1)? });
        found.map(read).transpose()
    }

    fn card_hash(&mut self, user: UserId, epoch: u64) -> StoreResult<Option<[u8; 32]>> {
        let sql = "SELECT card_hash FROM key_records WHERE user_id = $1 AND epoch = $2 \
                   UNION ALL SELECT card_hash FROM resets WHERE user_id = $1 AND epoch = $2 \
                   AND card_hash IS NOT NULL";
        row::first(self.0.query_optional(sql, &[row::id(user), row::number(epoch)])?)
    }

    fn methods(&mut self, user: UserId, epoch: u64) -> StoreResult<Vec<StoredMethod>> {
        let sql = "SELECT kind, parameters, unlock_public_key FROM key_methods \
                   WHERE user_id = $1 AND epoch = $2 ORDER BY kind";
        let rows = self.0.query(sql, &[row::id(user), row::number(epoch)])?;
        row::all(rows, |row| {
            Ok(StoredMethod {
                kind: row.method(0)?,
                parameters: row.bytes(1)?,
                unlock_public_key: row.get(2)?,
            })
        })
    }

    fn key_records(
        &mut self,
        user: UserId,
        epoch: u64,
        method: MethodKind,
        after_sequence: Option<u64>,
    ) -> StoreResult<Option<KeyRecords>> {
        let found = self.0.query_optional(
            "SELECT m.envelope, r.keyring, r.card FROM key_records r \
             JOIN key_methods m ON m.user_id = r.user_id AND m.epoch = r.epoch AND m.kind = $3 \
             WHERE r.user_id = $1 AND r.epoch = $2",
            &[row::id(user), row::number(epoch), kind(method)],
        )?;
        let Some(found) = found else { return Ok(None) };
        Ok(Some(KeyRecords {
            envelope: found.bytes(0)?,
            keyring: found.bytes(1)?,
            card: found.bytes(2)?,
            states: self.states(user, epoch, after_sequence)?,
        }))
    }

    fn tries(&mut self, user: UserId, method: MethodKind) -> StoreResult<Option<Tries>> {
        self.read_tries(user, kind(method))
    }

    fn put_tries(
        &mut self,
        user: UserId,
        method: MethodKind,
        tries: &Tries,
        expected: u64,
    ) -> StoreResult<bool> {
        self.write_tries(user, kind(method), tries, expected)
    }

    fn take_failures(&mut self, user: UserId) -> StoreResult<u64> {
        let user = [row::id(user)];
        let sql = "SELECT CAST(COALESCE(SUM(since_success), 0) AS BIGINT) FROM unlock_tries \
                   WHERE user_id = $1";
        let failures = self.0.query_one(sql, &user)?.get(0)?;
        let sql = "UPDATE unlock_tries SET since_success = 0, version = version + 1 \
                   WHERE user_id = $1 AND since_success > 0";
        self.0.execute(sql, &user)?;
        Ok(failures)
    }
}
