//! Sessions and their challenges.

use freehold_directory::sessions::{
    Device, FoundSession, NewSession, NextSession, Over, SessionOverview,
};
use freehold_directory::unlock::{Challenge, ChallengeOf};
use freehold_directory::{
    Challenges, ConnectionId, SecretHash, SessionId, Sessions, StoreResult, Timestamp, UserId,
};
use freehold_wire::MethodKind;

use super::SqlStore;
use super::roles::ROLE;
use super::row::{self, Read as _};
use crate::{Row, Value};

fn method(kind: MethodKind) -> Value {
    Value::from(i64::from(kind.number()))
}

fn read(row: &Row) -> StoreResult<FoundSession> {
    let unlocked = row.get::<Option<u64>>(6)?.is_some();
    Ok(FoundSession {
        hash: row.hash(0)?,
        user: row.parsed(1)?,
        connection: row.parsed_optional(2)?,
        last_seen_at: row.time(3)?,
        expires_at: row.time(4)?,
        sign_in_ends_at: row.time(5)?,
        unlocked_by: if unlocked { Some(row.method(6)?) } else { None },
        user_name: row.text(7)?,
        external_id: row.get(8)?,
        display_name: row.get(9)?,
        key_state: row.key_state(10)?,
        organization: row.parsed(13)?,
        organization_slug: row.text(14)?,
        organization_name: row.text(15)?,
        id: row.parsed(16)?,
        role: row.role(17)?,
    })
}

fn read_overview(row: &Row) -> StoreResult<SessionOverview> {
    Ok(SessionOverview {
        id: row.parsed(0)?,
        created_at: row.time(1)?,
        last_seen_at: row.time(2)?,
        expires_at: row.time(3)?,
        device: Device { address: row.text(4)?, client: row.text(5)? },
        connection: row.get(6)?,
    })
}

impl Sessions for SqlStore<'_> {
    fn insert_session(&mut self, session: &NewSession) -> StoreResult<()> {
        let sql = "INSERT INTO sessions (hash, id, user_id, connection_id, identity_session, address, \
                   client, created_at, last_seen_at, expires_at, sign_in_ends_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $9)";
        let values = [
            row::hash(&session.hash),
            row::id(session.id),
            row::id(session.user),
            row::optional_id(session.connection),
            Value::from(session.identity_session.as_deref()),
            Value::from(session.device.address.as_str()),
            Value::from(session.device.client.as_str()),
            row::time(session.created_at),
            row::time(session.expires_at),
        ];
        self.0.execute(sql, &values).map(drop)
    }

    fn continue_session(&mut self, before: &SecretHash, next: &NextSession) -> StoreResult<()> {
        let sql = "INSERT INTO sessions (hash, id, user_id, connection_id, identity_session, address, \
                   client, created_at, last_seen_at, expires_at, sign_in_ends_at, unlocked_by) \
                   SELECT $2, $3, user_id, connection_id, identity_session, address, client, $4, $4, \
                   sign_in_ends_at, sign_in_ends_at, $5 FROM sessions WHERE hash = $1";
        let values = [
            row::hash(before),
            row::hash(&next.hash),
            row::id(next.id),
            row::time(next.created_at),
            method(next.unlocked_by),
        ];
        self.0.execute(sql, &values).map(drop)
    }

    fn session(&mut self, hash: &SecretHash) -> StoreResult<Option<FoundSession>> {
        let sql = format!(
            "SELECT s.hash, s.user_id, s.connection_id, s.last_seen_at, s.expires_at, \
             s.sign_in_ends_at, s.unlocked_by, u.user_name, u.external_id, u.display_name, \
             u.key_state, u.key_epoch, u.key_state_since, o.id, o.slug, o.name, \
             s.id, {ROLE} FROM sessions s \
             JOIN users u ON u.id = s.user_id AND u.active = 1 AND u.deleted_at IS NULL \
             JOIN organizations o ON o.id = u.organization_id \
             WHERE s.hash = $1"
        );
        let found = self.0.query_optional(&sql, &[row::hash(hash)])?;
        found.as_ref().map(read).transpose()
    }

    fn touch_session(&mut self, hash: &SecretHash, at: Timestamp) -> StoreResult<()> {
        let sql = "UPDATE sessions SET last_seen_at = $2 WHERE hash = $1 AND last_seen_at < $2";
        self.0.execute(sql, &[row::hash(hash), row::time(at)]).map(drop)
    }

    fn unlock_session(&mut self, hash: &SecretHash, kind: MethodKind) -> StoreResult<bool> {
        let sql = "UPDATE sessions SET unlocked_by = $2 WHERE hash = $1";
        Ok(self.0.execute(sql, &[row::hash(hash), method(kind)])? == 1)
    }

    fn lock_session(&mut self, hash: &SecretHash) -> StoreResult<()> {
        let sql = "UPDATE sessions SET unlocked_by = NULL WHERE hash = $1";
        self.0.execute(sql, &[row::hash(hash)]).map(drop)
    }

    fn lock_other_sessions(&mut self, user: UserId, but: &SecretHash) -> StoreResult<()> {
        let sql = "UPDATE sessions SET unlocked_by = NULL WHERE user_id = $1 AND hash <> $2";
        self.0.execute(sql, &[row::id(user), row::hash(but)]).map(drop)
    }

    fn limit_session(&mut self, hash: &SecretHash, expires_at: Timestamp) -> StoreResult<()> {
        let sql = "UPDATE sessions SET expires_at = $2 WHERE hash = $1 AND expires_at > $2";
        self.0.execute(sql, &[row::hash(hash), row::time(expires_at)]).map(drop)
    }

    fn delete_session(&mut self, hash: &SecretHash) -> StoreResult<bool> {
        let hash = [row::hash(hash)];
        self.0.execute("DELETE FROM challenges WHERE session_hash = $1", &hash)?;
        Ok(self.0.execute("DELETE FROM sessions WHERE hash = $1", &hash)? == 1)
    }

    fn delete_sessions_of(&mut self, user: UserId) -> StoreResult<u64> {
        self.delete_challenges_of(user)?;
        self.0.execute("DELETE FROM sessions WHERE user_id = $1", &[row::id(user)])
    }

    fn delete_sessions_over(
        &mut self,
        connection: ConnectionId,
        over: Over<'_>,
    ) -> StoreResult<u64> {
        let (of, value) = match over {
            Over::Everybody => ("", None),
            Over::IdentitySession(session) => {
                (" AND identity_session = $2", Some(Value::from(session)))
            }
            Over::User(user) => (" AND user_id = $2", Some(row::id(user))),
        };
        let values: Vec<Value> = std::iter::once(row::id(connection)).chain(value).collect();
        let sessions = format!("sessions WHERE connection_id = $1{of}");
        let challenges =
            format!("DELETE FROM challenges WHERE session_hash IN (SELECT hash FROM {sessions})");
        self.0.execute(&challenges, &values)?;
        self.0.execute(&format!("DELETE FROM {sessions}"), &values)
    }

    fn sessions_of(&mut self, user: UserId) -> StoreResult<Vec<SessionOverview>> {
        let sql = "SELECT s.id, s.created_at, s.last_seen_at, s.expires_at, s.address, s.client, \
                   c.name FROM sessions s LEFT JOIN connections c ON c.id = s.connection_id \
                   WHERE s.user_id = $1 ORDER BY s.id DESC";
        row::all(self.0.query(sql, &[row::id(user)])?, read_overview)
    }

    fn session_named(&mut self, user: UserId, id: SessionId) -> StoreResult<Option<SecretHash>> {
        let sql = "SELECT hash FROM sessions WHERE user_id = $1 AND id = $2";
        let found = self.0.query_optional(sql, &[row::id(user), row::id(id)])?;
        found.map(|row| row.hash(0)).transpose()
    }
}

impl Challenges for SqlStore<'_> {
    fn put_challenge(&mut self, of: &ChallengeOf, challenge: &Challenge) -> StoreResult<()> {
        let sql = "INSERT INTO challenges (session_hash, purpose, user_id, challenge, expires_at) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT (session_hash, purpose) \
                   DO UPDATE SET challenge = excluded.challenge, expires_at = excluded.expires_at";
        let values = [
            row::hash(&of.session),
            Value::from(of.purpose.as_str()),
            row::id(of.user),
            Value::from(challenge.bytes),
            row::time(challenge.expires_at),
        ];
        self.0.execute(sql, &values).map(drop)
    }

    fn take_challenge(&mut self, of: &ChallengeOf) -> StoreResult<Option<Challenge>> {
        let taken = self.0.query_optional(
            "DELETE FROM challenges WHERE session_hash = $1 AND purpose = $2 AND user_id = $3 \
             RETURNING challenge, expires_at",
            &[row::hash(&of.session), Value::from(of.purpose.as_str()), row::id(of.user)],
        )?;
        let read = |row: Row| Ok(Challenge { bytes: row.get(0)?, expires_at: row.time(1)? });
        taken.map(read).transpose()
    }

    fn delete_challenges_of(&mut self, user: UserId) -> StoreResult<()> {
        self.0.execute("DELETE FROM challenges WHERE user_id = $1", &[row::id(user)]).map(drop)
    }
}
