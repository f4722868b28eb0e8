//! Sign-ins that have been begun.

use freehold_directory::login::{Expected, NewLogin, PendingLogin, ReturnPath};
use freehold_directory::{Logins, SecretHash, StoreResult, Timestamp};

use super::SqlStore;
use super::row::{self, Read as _, corrupt};
use crate::{Row, Value};

fn read(row: &Row) -> StoreResult<PendingLogin> {
    let wanted: Option<String> = row.get(4)?;
    Ok(PendingLogin {
        connection: row.parsed(0)?,
        expected: match row.get(3)? {
            Some(request_id) => Expected::Saml { request_id },
            None => Expected::Oidc { nonce: row.text(1)?, pkce_verifier: row.text(2)? },
        },
        wanted: wanted.map(|path| ReturnPath::parse(&path)).transpose().or(Err(corrupt(4)))?,
    })
}

impl Logins for SqlStore<'_> {
    fn insert_login(&mut self, login: &NewLogin) -> StoreResult<()> {
        let sql = "INSERT INTO pending_logins (state_hash, browser_hash, connection_id, nonce, \
                   pkce_verifier, request_id, wanted, expires_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
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
             RETURNING connection_id, nonce, pkce_verifier, request_id, wanted",
            &[row::hash(state), row::hash(browser), row::time(now)],
        )?;
        taken.as_ref().map(read).transpose()
    }
}
