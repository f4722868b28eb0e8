//! Sign-ins that have been begun.

use freehold_directory::login::{
    AnsweredLogin, Expected, NewAnswer, NewLogin, PendingLogin, ReturnPath, StoredLogin,
};
use freehold_directory::{ConnectionId, Logins, SecretHash, StoreResult, Timestamp};

use super::SqlStore;
use super::row::{self, Read as _};
use crate::{Row, Value};

const COLUMNS: &str = "connection_id, nonce, pkce_verifier, request_id, wanted, tester";

fn read(row: &Row) -> StoreResult<PendingLogin> {
    let wanted: Option<String> = row.get(4)?;
    Ok(PendingLogin {
        connection: row.parsed(0)?,
        expected: match row.get(3)? {
            Some(request_id) => Expected::Saml { request_id },
            None => Expected::Oidc { nonce: row.text(1)?, pkce_verifier: row.text(2)? },
        },
        wanted: wanted.and_then(|path| ReturnPath::parse(&path).ok()),
        tester: row.parsed_optional(5)?,
    })
}

impl Logins for SqlStore<'_> {
    fn insert_login(&mut self, login: &NewLogin) -> StoreResult<()> {
        let sql = "INSERT INTO pending_logins (state_hash, browser_hash, connection_id, nonce, \
                   pkce_verifier, request_id, wanted, expires_at, tester) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let pending = &login.pending;
        let (nonce, pkce_verifier, request_id) = match &pending.expected {
            Expected::Oidc { nonce, pkce_verifier } => (Some(nonce), Some(pkce_verifier), None),
            Expected::Saml { request_id } => (None, None, Some(request_id)),
        };
        let values = [
            row::hash(&login.state),
            row::hash(&login.browser),
            row::id(pending.connection),
            Value::from(nonce.map(String::as_str)),
            Value::from(pkce_verifier.map(String::as_str)),
            Value::from(request_id.map(String::as_str)),
            Value::from(pending.wanted.as_ref().map(ReturnPath::as_str)),
            row::time(login.expires_at),
            row::optional_id(pending.tester),
        ];
        self.0.execute(sql, &values).map(drop)
    }

    fn take_login(
        &mut self,
        state: &SecretHash,
        browser: &SecretHash,
        now: Timestamp,
    ) -> StoreResult<Option<PendingLogin>> {
        let sql = format!(
            "DELETE FROM pending_logins \
             WHERE state_hash = $1 AND browser_hash = $2 AND expires_at > $3 RETURNING {COLUMNS}"
        );
        let values = [row::hash(state), row::hash(browser), row::time(now)];
        self.0.query_optional(&sql, &values)?.as_ref().map(read).transpose()
    }

    fn login(&mut self, state: &SecretHash) -> StoreResult<Option<StoredLogin>> {
        let sql = format!(
            "SELECT {COLUMNS}, expires_at, \
             CAST(CASE WHEN answer IS NULL THEN 0 ELSE 1 END AS BIGINT) \
             FROM pending_logins WHERE state_hash = $1"
        );
        let found = self.0.query_optional(&sql, &[row::hash(state)])?;
        let stored = |row: &Row| {
            let (expires_at, answered) = (row.time(6)?, row.flag(7)?);
            Ok(StoredLogin { pending: read(row)?, expires_at, answered })
        };
        found.as_ref().map(stored).transpose()
    }

    fn answer_login(&mut self, answer: &NewAnswer<'_>, now: Timestamp) -> StoreResult<bool> {
        let sql = "UPDATE pending_logins SET answer = $2, hand_over_hash = $3, expires_at = $4 \
                   WHERE state_hash = $1 AND request_id IS NOT NULL AND answer IS NULL \
                   AND expires_at > $5";
        let values = [
            row::hash(&answer.state),
            Value::from(answer.response),
            row::hash(&answer.hand_over),
            row::time(answer.expires_at),
            row::time(now),
        ];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn take_answered(
        &mut self,
        hand_over: &SecretHash,
        browser: &SecretHash,
        now: Timestamp,
    ) -> StoreResult<Option<AnsweredLogin>> {
        let sql = format!(
            "DELETE FROM pending_logins WHERE hand_over_hash = $1 AND browser_hash = $2 \
             AND expires_at > $3 RETURNING {COLUMNS}, answer"
        );
        let values = [row::hash(hand_over), row::hash(browser), row::time(now)];
        let taken = self.0.query_optional(&sql, &values)?;
        let answered =
            |row: &Row| Ok(AnsweredLogin { pending: read(row)?, response: row.text(6)? });
        taken.as_ref().map(answered).transpose()
    }

    fn delete_login(&mut self, state: &SecretHash) -> StoreResult<()> {
        let sql = "DELETE FROM pending_logins WHERE state_hash = $1";
        self.0.execute(sql, &[row::hash(state)]).map(drop)
    }

    fn delete_logins_over(&mut self, connection: ConnectionId) -> StoreResult<u64> {
        let sql = "DELETE FROM pending_logins WHERE connection_id = $1";
        self.0.execute(sql, &[row::id(connection)])
    }

    fn insert_replay(
        &mut self,
        connection: ConnectionId,
        id: &str,
        expires_at: Timestamp,
    ) -> StoreResult<bool> {
        let sql = "INSERT INTO replays (connection_id, id, expires_at) VALUES ($1, $2, $3) \
                   ON CONFLICT DO NOTHING";
        let values = [row::id(connection), Value::from(id), row::time(expires_at)];
        Ok(self.0.execute(sql, &values)? == 1)
    }
}
