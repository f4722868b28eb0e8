//! Key records: ciphertext and public statements.

use freehold_directory::change::{CurrentRecords, ProvenChange};
use freehold_directory::renewal::ProvenRenewal;
use freehold_directory::setup::{CompletedSetup, NewKeys};
use freehold_directory::unlock::{KeyRecords, StoredMethod, Tries};
use freehold_directory::{KeyStore, SecretHash, StoreResult, Timestamp, UserId};
use freehold_wire::{MethodKind, RewrappedItem, VerifiedMethod, VerifiedSetup};

use super::SqlStore;
use super::row::{self, Read as _};
use super::tables::RECORDS;
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

    /// The records of one set-up, with the first state and the methods.
    fn insert_epoch(&mut self, place: Place, made: &Made<'_>) -> StoreResult<()> {
        let verified = made.verified;
        let sql = "INSERT INTO key_records (user_id, epoch, card, card_hash, keyring, \
                   request_hash, session_hash, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = [
            row::id(place.user),
            row::number(place.epoch),
            Value::from(verified.card()),
            Value::from(verified.card_hash()),
            Value::from(verified.keyring()),
            Value::from(verified.request_hash()),
            row::hash(made.session),
            row::time(made.at),
        ];
        self.0.execute(sql, &values)?;
        let state = (verified.seq(), verified.state(), verified.state_hash());
        self.insert_state(place, state, made.at)?;
        verified.methods().iter().try_for_each(|method| self.insert_method(place, method, made.at))
    }

    /// One state: its sequence number, its bytes, its hash.
    fn insert_state(
        &mut self,
        place: Place,
        (sequence, state, hash): (u64, &[u8], &[u8; 32]),
        at: Timestamp,
    ) -> StoreResult<()> {
        let sql = "INSERT INTO account_states (user_id, epoch, seq, state, state_hash, \
                   created_at) VALUES ($1, $2, $3, $4, $5, $6)";
        let values = [
            row::id(place.user),
            row::number(place.epoch),
            row::number(sequence),
            Value::from(state),
            Value::from(hash),
            row::time(at),
        ];
        self.0.execute(sql, &values).map(drop)
    }

    /// A method, with no tries used of its type.
    fn insert_method(
        &mut self,
        place: Place,
        method: &VerifiedMethod,
        at: Timestamp,
    ) -> StoreResult<()> {
        let sql = "INSERT INTO key_methods (user_id, epoch, kind, parameters, \
                   unlock_public_key, envelope, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let (user, kind) = (row::id(place.user), kind(method.kind));
        let values = [
            user.clone(),
            row::number(place.epoch),
            kind.clone(),
            Value::from(method.parameters.as_slice()),
            Value::from(method.unlock_public_key),
            Value::from(method.envelope.as_slice()),
            row::time(at),
        ];
        self.0.execute(sql, &values)?;
        let sql = "INSERT INTO unlock_tries (user_id, kind, short_times, long_times, \
                   since_success, version) VALUES ($1, $2, '', '', 0, 0) ON CONFLICT DO NOTHING";
        self.0.execute(sql, &[user, kind]).map(drop)
    }

    /// Tries at a secret that was replaced count for nothing.
    fn forget_tries(&mut self, user: UserId, method: MethodKind) -> StoreResult<()> {
        let sql = "UPDATE unlock_tries SET short_times = '', long_times = '', since_success = 0, \
                   refused_at = NULL, version = version + 1 WHERE user_id = $1 AND kind = $2";
        self.0.execute(sql, &[row::id(user), kind(method)]).map(drop)
    }

    /// Whether the state is the latest of a READY user in this epoch.
    fn is_latest(&mut self, place: Place, hash: &[u8; 32]) -> StoreResult<bool> {
        let sql = "SELECT s.state_hash FROM account_states s JOIN users u ON u.id = s.user_id \
                   WHERE s.user_id = $1 AND s.epoch = $2 AND u.key_state = 'READY' \
                   AND u.key_epoch = $2 ORDER BY s.seq DESC LIMIT 1";
        let found = self.0.query_optional(sql, &[row::id(place.user), row::number(place.epoch)])?;
        Ok(row::first::<[u8; 32]>(found)?.is_some_and(|latest| latest == *hash))
    }

    /// Whether the keys are those of all the user's items, each at its present version; they are
    /// stored as far as they are.
    fn rewrap_items(&mut self, user: UserId, items: &[RewrappedItem]) -> StoreResult<bool> {
        let sql = "SELECT COUNT(*) FROM items WHERE user_id = $1 AND version > 0";
        let count: u64 = self.0.query_one(sql, &[row::id(user)])?.get(0)?;
        if count != items.len() as u64 {
            return Ok(false);
        }
        let sql = "UPDATE items SET item_key = $4 WHERE id = $1 AND user_id = $2 AND version = $3";
        for item in items {
            let key = Value::from(&*item.item_key);
            let values = [row::id(item.id), row::id(user), row::number(item.version), key];
            if self.0.execute(sql, &values)? != 1 {
                return Ok(false);
            }
        }
        Ok(true)
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

/// Whose records, and of which epoch.
#[derive(Clone, Copy)]
struct Place {
    user: UserId,
    epoch: u64,
}

/// A verified set-up, by whom and when it was made.
struct Made<'a> {
    verified: &'a VerifiedSetup,
    session: &'a SecretHash,
    at: Timestamp,
}

fn kind(kind: MethodKind) -> Value {
    Value::Integer(i64::from(kind.number()))
}

impl KeyStore for SqlStore<'_> {
    fn insert_keys(&mut self, keys: &NewKeys<'_>) -> StoreResult<bool> {
        if !self.move_to_ready(keys)? {
            return Ok(false);
        }
        let place = Place { user: keys.user(), epoch: keys.ready().epoch };
        let (verified, session, at) = (keys.verified(), keys.session(), keys.ready().since);
        self.insert_epoch(place, &Made { verified, session, at })?;
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

    fn current_records(&mut self, user: UserId, epoch: u64) -> StoreResult<Option<CurrentRecords>> {
        let sql = "SELECT r.card, s.state FROM key_records r JOIN account_states s \
                   ON s.user_id = r.user_id AND s.epoch = r.epoch \
                   WHERE r.user_id = $1 AND r.epoch = $2 ORDER BY s.seq DESC LIMIT 1";
        let found = self.0.query_optional(sql, &[row::id(user), row::number(epoch)])?;
        found
            .map(|row| Ok(CurrentRecords { card: row.bytes(0)?, state: row.bytes(1)? }))
            .transpose()
    }

    fn change_keys(&mut self, change: &ProvenChange, now: Timestamp) -> StoreResult<bool> {
        let verified = change.verified();
        let place = Place { user: change.user(), epoch: verified.epoch() };
        if !self.is_latest(place, verified.previous())? {
            return Ok(false);
        }
        let state = (verified.seq(), verified.state(), verified.state_hash());
        self.insert_state(place, state, now)?;
        let sql = "DELETE FROM key_methods \
                   WHERE user_id = $1 AND epoch = $2 AND kind = $3 AND parameters = $4";
        for (removed, parameters) in verified.removed() {
            let values = [
                row::id(place.user),
                row::number(place.epoch),
                kind(*removed),
                Value::from(parameters.as_slice()),
            ];
            self.0.execute(sql, &values)?;
        }
        for method in verified.added() {
            self.insert_method(place, method, now)?;
            if method.kind != MethodKind::Passkey {
                self.forget_tries(place.user, method.kind)?;
            }
        }
        Ok(true)
    }

    fn renew_keys(&mut self, renewal: &ProvenRenewal, now: Timestamp) -> StoreResult<bool> {
        let (user, epoch) = (renewal.user(), renewal.epoch());
        let (old, new) = (Place { user, epoch }, Place { user, epoch: epoch + 1 });
        let records = renewal.records();
        if !self.is_latest(old, &freehold_wire::hash(&records.state))? {
            return Ok(false);
        }
        let sql = "UPDATE users SET key_epoch = $3, key_state_since = $4 \
                   WHERE id = $1 AND key_state = 'READY' AND key_epoch = $2";
        let values = [row::id(user), row::number(epoch), row::number(new.epoch), row::time(now)];
        if self.0.execute(sql, &values)? != 1 {
            return Ok(false);
        }
        let verified = renewal.verified();
        if !self.rewrap_items(user, verified.items())? {
            return Ok(false);
        }
        let sql = "INSERT INTO handovers (user_id, epoch, old_card, handover, created_at) \
                   VALUES ($1, $2, $3, $4, $5)";
        let values = [
            row::id(user),
            row::number(new.epoch),
            Value::from(records.card.as_slice()),
            Value::from(verified.handover()),
            row::time(now),
        ];
        self.0.execute(sql, &values)?;
        self.delete_of_epoch(&[RECORDS], old.user, old.epoch)?;
        let made = Made { verified: verified.setup(), session: renewal.session(), at: now };
        self.insert_epoch(new, &made)?;
        let kinds = [MethodKind::Password, MethodKind::RecoveryCode, MethodKind::Passkey];
        kinds.into_iter().try_for_each(|kind| self.forget_tries(user, kind))?;
        Ok(true)
    }

    fn name_passkey(
        &mut self,
        user: UserId,
        epoch: u64,
        parameters: &[u8],
        name: &str,
    ) -> StoreResult<bool> {
        let sql = "UPDATE key_methods SET name = $5 \
                   WHERE user_id = $1 AND epoch = $2 AND kind = $3 AND parameters = $4";
        let values = [
            row::id(user),
            row::number(epoch),
            kind(MethodKind::Passkey),
            Value::from(parameters),
            Value::from(name),
        ];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn methods(&mut self, user: UserId, epoch: u64) -> StoreResult<Vec<StoredMethod>> {
        let sql = "SELECT kind, parameters, unlock_public_key, name, created_at FROM key_methods \
                   WHERE user_id = $1 AND epoch = $2 ORDER BY kind, parameters";
        let rows = self.0.query(sql, &[row::id(user), row::number(epoch)])?;
        row::all(rows, |row| {
            Ok(StoredMethod {
                kind: row.method(0)?,
                parameters: row.bytes(1)?,
                unlock_public_key: row.get(2)?,
                name: row.get(3)?,
                created_at: row.time(4)?,
            })
        })
    }

    fn key_records(
        &mut self,
        user: UserId,
        epoch: u64,
        (method, parameters): (MethodKind, &[u8]),
        after_sequence: Option<u64>,
    ) -> StoreResult<Option<KeyRecords>> {
        let found = self.0.query_optional(
            "SELECT m.envelope, r.keyring, r.card FROM key_records r \
             JOIN key_methods m ON m.user_id = r.user_id AND m.epoch = r.epoch AND m.kind = $3 \
             AND m.parameters = $4 WHERE r.user_id = $1 AND r.epoch = $2",
            &[row::id(user), row::number(epoch), kind(method), Value::from(parameters)],
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
