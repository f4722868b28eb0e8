//! One-time links.

use freehold_directory::links::{AdminLink, Admitted, PersonName};
use freehold_directory::{AdminLinks, SecretHash, StoreResult, Timestamp, UserId};

use super::SqlStore;
use super::row::{self, Read as _, corrupt};
use crate::{Row, Value};

fn read(row: &Row) -> StoreResult<AdminLink> {
    let admitted = match row.parsed_optional(1)? {
        Some(user) => Admitted::User(user),
        None => Admitted::New(PersonName::parse(&row.text(2)?).or(Err(corrupt(2)))?),
    };
    Ok(AdminLink {
        organization: row.parsed(0)?,
        admitted,
        further_owner: row.flag(3)?,
        expires_at: row.time(4)?,
    })
}

impl AdminLinks for SqlStore<'_> {
    fn insert_admin_link(&mut self, hash: &SecretHash, link: &AdminLink) -> StoreResult<()> {
        let sql = "INSERT INTO admin_links (hash, organization_id, user_id, user_name, \
                   user_name_key, further_owner, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let (user, name) = match &link.admitted {
            Admitted::User(user) => (Some(*user), None),
            Admitted::New(name) => (None, Some(name)),
        };
        let values = [
            row::hash(hash),
            row::id(link.organization),
            row::optional_id(user),
            Value::from(name.map(PersonName::as_str)),
            Value::from(name.map(PersonName::key).as_deref()),
            Value::from(link.further_owner),
            row::time(link.expires_at),
        ];
        self.0.execute(sql, &values).map(drop)
    }

    fn take_admin_link(
        &mut self,
        hash: &SecretHash,
        now: Timestamp,
    ) -> StoreResult<Option<AdminLink>> {
        let taken = self.0.query_optional(
            "DELETE FROM admin_links WHERE hash = $1 AND expires_at > $2 \
             RETURNING organization_id, user_id, user_name, further_owner, expires_at",
            &[row::hash(hash), row::time(now)],
        )?;
        taken.as_ref().map(read).transpose()
    }

    fn delete_admin_links_of(&mut self, user: UserId) -> StoreResult<()> {
        let user = [row::id(user)];
        self.0.execute("DELETE FROM admin_links WHERE user_id = $1", &user)?;
        let sql = "DELETE FROM admin_links WHERE (organization_id, user_name_key) IN \
                   (SELECT organization_id, user_name_key FROM users WHERE id = $1)";
        self.0.execute(sql, &user).map(drop)
    }
}
