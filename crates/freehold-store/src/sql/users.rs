//! Accounts. Every text names the organization and leaves tombstones out, so that no command can forget it.

use std::collections::HashSet;

use freehold_directory::deleted::{DeletedUser, Remains};
use freehold_directory::people::words;
use freehold_directory::users::{EmailKey, IndexedKeys, User, UserOverview};
use freehold_directory::{
    ConnectionId, OrganizationId, ShownState, StoreResult, Timestamp, UserId, Users,
};
use freehold_scim::user::UserDocument;

use super::SqlStore;
use super::groups::{groups_of, in_chunks, places};
use super::roles::ROLE;
use super::row::{self, Read as _};
use crate::{Insertion, Question, Row, Value, tx::one_or_none};

pub(super) const COLUMNS: &str = "id, organization_id, connection_id, document, version, created_at, \
                       last_modified_at, active_since, key_state, key_epoch, key_state_since";
static EMAILS: Insertion = Insertion::new(
    "user_emails",
    &["user_id", "place", "organization_id", "value_key", "type_key"],
);
static USERS: Insertion = Insertion::new(
    "users",
    &[
        "organization_id",
        "id",
        "connection_id",
        "user_name",
        "user_name_key",
        "external_id",
        "external_key",
        "display_name",
        "display_name_key",
        "active",
        "active_since",
        "document",
        "version",
        "last_modified_at",
        "created_at",
        "key_state",
        "key_epoch",
        "key_state_since",
    ],
);
static WORDS: Insertion = Insertion::new("user_words", &["organization_id", "word_key", "user_id"]);
const LIVE: &str = "organization_id = $1 AND deleted_at IS NULL";

pub(super) fn read(row: &Row) -> StoreResult<User> {
    Ok(User {
        id: row.parsed(0)?,
        organization: row.parsed(1)?,
        connection: row.parsed_optional(2)?,
        document: row::document(&row.text(3)?, "user", UserDocument::from_stored)?,
        version: row.get(4)?,
        created_at: row.time(5)?,
        last_modified: row.time(6)?,
        active_since: row.time(7)?,
        key_state: row.key_state(8)?,
    })
}

fn read_overview(row: &Row) -> StoreResult<UserOverview> {
    let (active, key_state) = (row.flag(4)?, row.key_state(6)?);
    let state = ShownState::of(&key_state, active);
    let since = if state == ShownState::Suspended { row.time(5)? } else { key_state.since() };
    Ok(UserOverview {
        id: row.parsed(0)?,
        user_name: row.text(1)?,
        external_id: row.get(2)?,
        connection: row.get(3)?,
        state,
        since,
        claimed: row.flag(9)?,
        role: row.role(10)?,
    })
}

/// The columns that follow from the document, in the order of [`SET`].
fn document_values(user: &User, keys: &IndexedKeys) -> Vec<Value> {
    let document = &user.document;
    vec![
        Value::from(document.user_name()),
        Value::from(keys.user_name.as_str()),
        Value::from(keys.external_id.as_deref()),
        Value::from(keys.external_key.as_deref()),
        Value::from(document.display_name()),
        Value::from(keys.display_name.as_deref()),
        Value::from(document.active()),
        row::time(user.active_since),
        Value::from(document.as_text()),
        row::number(user.version),
        row::time(user.last_modified),
    ]
}

/// An assignment of [`document_values`] to `$4` and after.
const SET: &str = "user_name = $4, user_name_key = $5, external_id = $6, external_key = $7, \
                   display_name = $8, display_name_key = $9, active = $10, active_since = $11, \
                   document = $12, version = $13, last_modified_at = $14";

impl SqlStore<'_> {
    /// The rows beside a user that lead to him.
    pub(super) fn insert_ways(&mut self, user: &User, keys: &IndexedKeys) -> StoreResult<()> {
        self.insert_emails(user, &keys.emails)?;
        self.insert_words(user.organization, user.id, keys.display_name.as_deref())
    }

    fn insert_emails(&mut self, user: &User, emails: &[EmailKey]) -> StoreResult<()> {
        for (place, email) in emails.iter().enumerate() {
            let values = vec![
                row::id(user.id),
                row::number(place as u64),
                row::id(user.organization),
                Value::from(email.value.as_str()),
                Value::from(email.kind.as_deref()),
            ];
            self.0.insert_later(&EMAILS, values)?;
        }
        Ok(())
    }

    fn insert_words(
        &mut self,
        organization: OrganizationId,
        user: UserId,
        name: Option<&str>,
    ) -> StoreResult<()> {
        for word in words(name.unwrap_or_default()) {
            let values = vec![row::id(organization), Value::from(word), row::id(user)];
            self.0.insert_later(&WORDS, values)?;
        }
        Ok(())
    }

    fn delete_words(
        &mut self,
        organization: OrganizationId,
        user: UserId,
        name: Option<&str>,
    ) -> StoreResult<()> {
        let mut words: Vec<Value> =
            words(name.unwrap_or_default()).into_iter().map(Value::from).collect();
        let Some(last) = words.last().cloned() else { return Ok(()) };
        // One of few texts, whatever the number of words.
        words.resize(words.len().next_power_of_two(), last);
        let list = places(3, words.len());
        let mut values = vec![row::id(organization), row::id(user)];
        values.extend(words);
        let sql = format!(
            "DELETE FROM user_words WHERE organization_id = $1 AND user_id = $2 \
             AND word_key IN ({list})"
        );
        self.0.execute_later(&sql, &values)
    }

    /// Puts e-mail addresses in the place of others: each in its row, where there are as many.
    fn change_emails(
        &mut self,
        user: &User,
        before: &[EmailKey],
        after: &[EmailKey],
    ) -> StoreResult<()> {
        if before.len() == after.len() && self.update_emails(user.id, after)? {
            return Ok(());
        }
        self.delete_emails(user.id)?;
        self.insert_emails(user, after)
    }

    /// `false` when a row is missing.
    fn update_emails(&mut self, user: UserId, emails: &[EmailKey]) -> StoreResult<bool> {
        let sql = "UPDATE user_emails SET value_key = $3, type_key = $4 \
                   WHERE user_id = $1 AND place = $2";
        for (place, email) in emails.iter().enumerate() {
            let values = [
                row::id(user),
                row::number(place as u64),
                Value::from(email.value.as_str()),
                Value::from(email.kind.as_deref()),
            ];
            if !self.0.execute_hopefully(sql, &values)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn delete_emails(&mut self, user: UserId) -> StoreResult<()> {
        self.0.execute_later("DELETE FROM user_emails WHERE user_id = $1", &[row::id(user)])
    }

    fn holder(&mut self, condition: &str, values: &[Value]) -> StoreResult<Option<UserId>> {
        let sql = format!("SELECT id FROM users WHERE {LIVE} AND {condition}");
        self.0.query_optional(&sql, values)?.map(|row| row.parsed(0)).transpose()
    }
}

impl Users for SqlStore<'_> {
    fn insert_user(&mut self, user: &User, keys: &IndexedKeys) -> StoreResult<bool> {
        let mut values =
            vec![row::id(user.organization), row::id(user.id), row::optional_id(user.connection)];
        values.extend(document_values(user, keys));
        values.extend([
            row::time(user.created_at),
            Value::from(user.key_state.as_str()),
            row::number(user.key_state.epoch()),
            row::time(user.key_state.since()),
        ]);
        let inserted = self.0.insert_hopefully(&USERS, values)?;
        if inserted {
            self.insert_ways(user, keys)?;
        }
        Ok(inserted)
    }

    fn user(&mut self, organization: OrganizationId, id: UserId) -> StoreResult<Option<User>> {
        let sql = format!("SELECT {COLUMNS} FROM users WHERE {LIVE} AND id = $2");
        // Whoever reads a user mostly shows it, with its groups.
        let next = Question { sql: &groups_of(1), values: &[row::id(id)] };
        let rows = self.0.query_foreseeing(&sql, &[row::id(organization), row::id(id)], next)?;
        let found = one_or_none(rows, &sql)?;
        found.as_ref().map(read).transpose()
    }

    fn update_user(
        &mut self,
        user: &User,
        keys: &IndexedKeys,
        before: &IndexedKeys,
        expected: u64,
    ) -> StoreResult<bool> {
        let mut values = vec![row::id(user.organization), row::id(user.id), row::number(expected)];
        values.extend(document_values(user, keys));
        let sql = format!("UPDATE users SET {SET} WHERE {LIVE} AND id = $2 AND version = $3");
        if !self.0.execute_hopefully(&sql, &values)? {
            return Ok(false);
        }
        if before.emails != keys.emails {
            self.change_emails(user, &before.emails, &keys.emails)?;
        }
        if before.display_name != keys.display_name {
            self.delete_words(user.organization, user.id, before.display_name.as_deref())?;
            self.insert_words(user.organization, user.id, keys.display_name.as_deref())?;
        }
        Ok(true)
    }

    fn tombstone_user(
        &mut self,
        organization: OrganizationId,
        id: UserId,
        expected: u64,
        at: Timestamp,
    ) -> StoreResult<bool> {
        let sql = format!(
            "UPDATE users SET deleted_at = $4 WHERE {LIVE} AND id = $2 AND version = $3 \
             RETURNING display_name_key"
        );
        let values = [row::id(organization), row::id(id), row::number(expected), row::time(at)];
        let Some(row) = self.0.query_optional(&sql, &values)? else { return Ok(false) };
        self.delete_emails(id)?;
        self.delete_words(organization, id, row.get::<Option<String>>(0)?.as_deref())?;
        Ok(true)
    }

    fn deleted_among(
        &mut self,
        organization: OrganizationId,
        ids: &[&str],
    ) -> StoreResult<HashSet<String>> {
        let mut deleted = HashSet::new();
        in_chunks(ids, |_, values| {
            let list = places(2, values.len());
            let sql = format!(
                "SELECT id FROM users WHERE organization_id = $1 AND deleted_at IS NOT NULL \
                 AND id IN ({list})"
            );
            let mut bound = vec![row::id(organization)];
            bound.extend(values);
            for row in self.0.query(&sql, &bound)? {
                deleted.insert(row.text(0)?);
            }
            Ok(())
        })?;
        Ok(deleted)
    }

    fn user_name_holder(
        &mut self,
        organization: OrganizationId,
        user_name_key: &str,
    ) -> StoreResult<Option<UserId>> {
        self.holder("user_name_key = $2", &[row::id(organization), Value::from(user_name_key)])
    }

    fn external_id_holder(
        &mut self,
        organization: OrganizationId,
        connection: Option<ConnectionId>,
        external_key: &str,
    ) -> StoreResult<Option<UserId>> {
        let mut values = vec![row::id(organization), Value::from(external_key)];
        match connection {
            Some(connection) => {
                values.push(row::id(connection));
                self.holder("external_key = $2 AND connection_id = $3", &values)
            }
            None => self.holder("external_key = $2 AND connection_id IS NULL", &values),
        }
    }

    fn user_overviews(
        &mut self,
        organization: OrganizationId,
        state: Option<ShownState>,
        after: Option<UserId>,
        limit: u32,
    ) -> StoreResult<Vec<UserOverview>> {
        let condition = match state {
            None => "",
            Some(ShownState::Suspended) => " AND u.active = 0",
            Some(ShownState::Pending) => " AND u.active = 1 AND u.key_state = 'PENDING'",
            Some(ShownState::Ready) => " AND u.active = 1 AND u.key_state = 'READY'",
        };
        let sql = format!(
            "SELECT u.id, u.user_name, u.external_id, c.name, u.active, u.active_since, \
             u.key_state, u.key_epoch, u.key_state_since, \
             CAST(CASE WHEN i.user_id IS NULL THEN 0 ELSE 1 END AS BIGINT), {ROLE} \
             FROM users u LEFT JOIN connections c ON c.id = u.connection_id \
             LEFT JOIN identities i ON i.user_id = u.id AND i.ended_at IS NULL \
             WHERE u.organization_id = $1 AND u.deleted_at IS NULL{condition} AND u.id > $2 \
             ORDER BY u.id LIMIT $3"
        );
        let values = [row::id(organization), after_value(after), Value::from(limit)];
        row::all(self.0.query(&sql, &values)?, read_overview)
    }

    fn deleted_user(
        &mut self,
        organization: OrganizationId,
        id: UserId,
    ) -> StoreResult<Option<Remains>> {
        self.find_deleted(organization, id)
    }

    fn deleted_users(
        &mut self,
        organization: OrganizationId,
        user_name_key: Option<&str>,
        limit: u32,
    ) -> StoreResult<Vec<DeletedUser>> {
        self.list_deleted(organization, user_name_key, limit)
    }

    fn bring_user_back(
        &mut self,
        user: &User,
        keys: &IndexedKeys,
        deleted_at: Timestamp,
    ) -> StoreResult<bool> {
        self.untombstone(user, keys, deleted_at)
    }

    fn hold_active_user(&mut self, id: UserId) -> StoreResult<bool> {
        // Jobs behave as if one ran after another, so what is read here stays until the end of this one.
        let sql = "SELECT 1 FROM users WHERE id = $1 AND active = 1 AND deleted_at IS NULL";
        Ok(self.0.query_optional(sql, &[row::id(id)])?.is_some())
    }
}

/// Every id is greater than the empty text.
fn after_value(after: Option<UserId>) -> Value {
    after.map_or_else(|| Value::from(""), row::id)
}
