//! How tests of connections ended.

use freehold_directory::login::{SignInTest, TestedPerson, Verdict};
use freehold_directory::{ConnectionId, SignInTests, StoreResult};

use super::SqlStore;
use super::row::{self, Read as _, corrupt};
use crate::{Row, Value};

const COLUMNS: &str = "connection_id, session_id, tested_at, verdict, reason, user_id, subject, \
                       tenant, display, upn";

fn read(row: &Row) -> StoreResult<SignInTest> {
    let subject: Option<String> = row.get(6)?;
    let person = match subject {
        Some(subject) => Some(TestedPerson {
            subject,
            tenant: row.get(7)?,
            display: row.get(8)?,
            upn: row.get(9)?,
        }),
        None => None,
    };
    Ok(SignInTest {
        connection: row.parsed(0)?,
        session: row.parsed(1)?,
        at: row.time(2)?,
        verdict: Verdict::from_name(&row.text(3)?).ok_or_else(|| corrupt(3))?,
        reason: row.get(4)?,
        user: row.parsed_optional(5)?,
        person,
    })
}

impl SignInTests for SqlStore<'_> {
    fn put_sign_in_test(&mut self, test: &SignInTest) -> StoreResult<()> {
        let sql = format!(
            "INSERT INTO sign_in_tests ({COLUMNS}) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
             ON CONFLICT (connection_id) DO UPDATE SET session_id = $2, tested_at = $3, \
             verdict = $4, reason = $5, user_id = $6, subject = $7, tenant = $8, display = $9, \
             upn = $10"
        );
        let person = test.person.as_ref();
        let text = |of: fn(&TestedPerson) -> Option<&str>| Value::from(person.and_then(of));
        let values = [
            row::id(test.connection),
            row::id(test.session),
            row::time(test.at),
            Value::from(test.verdict.as_str()),
            Value::from(test.reason.as_deref()),
            row::optional_id(test.user),
            text(|person| Some(&person.subject)),
            text(|person| person.tenant.as_deref()),
            text(|person| person.display.as_deref()),
            text(|person| person.upn.as_deref()),
        ];
        self.0.execute(&sql, &values).map(drop)
    }

    fn sign_in_test(&mut self, connection: ConnectionId) -> StoreResult<Option<SignInTest>> {
        let sql = format!("SELECT {COLUMNS} FROM sign_in_tests WHERE connection_id = $1");
        let found = self.0.query_optional(&sql, &[row::id(connection)])?;
        found.as_ref().map(read).transpose()
    }
}
