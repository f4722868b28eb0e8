//! Sign-ins that have been begun.

use freehold_directory::login::{NewLogin, PendingLogin, ReturnPath};
use freehold_directory::{Logins, SecretHash, StoreResult, Timestamp};

use super::SqlStore;
use super::row::{self, Read as _, corrupt};
use crate::{Row, Value};

fn read(row: &Row) -> StoreResult<PendingLogin> {
    let wanted: Option<String> = row.get(3)?;
    Ok(PendingLogin {
        connection: row.parsed(0)?,
        nonce: row.text(1)?,
        pkce_verifier: row.text(2)?,
        wanted: wanted.map(|path| ReturnPath::parse(&path)).transpose().or(Err(corrupt(3)))?,
    })
}

impl Logins for SqlStore<'_> {
    fn insert_login(&mut self, login: &NewLogin) -> StoreResult<()> {
        let sql = "INSERT INTO pending_logins (state_hash, browser_hash, connection_id, nonce, \
                   pkce_verifier, wanted, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let pending = &login.pending;
        let values = [
            row::hash(&login.state),
            row::hash(&login.browser),
            row::id(pending.connection),
            Value::from(pending.nonce.as_str()),
            Value::from(pending.pkce_verifier.as_str()),
            Value::from(pending.wanted.as_ref().map(ReturnPath::as_str)),
            row::time(login.expires_at),
        ];
        self.0.execute(sql, &values).map(drop)
    }

    fn take_login(
        &mut self,
        state: &SecretHash,
        browser: &SecretHash,
        now: Timestamp,
    ) -> StoreResult<Option<PendingLogin>> {
        let taken = self.0.query_optional(
            "DELETE FROM pending_logins \
             WHERE state_hash = $1 AND browser_hash = $2 AND expires_at > $3 \
             RETURNING connection_id, nonce, pkce_verifier, wanted",
            &[row::hash(state), row::hash(browser), row::time(now)],
        )?;
        taken.as_ref().map(read).transpose()
    }
}
