//! Groups and their members. As with users, every text names the organization and leaves tombstones out.

use std::collections::HashSet;

use freehold_directory::groups::{Added, Group, GroupKeys};
use freehold_directory::{GroupId, Groups, OrganizationId, StoreResult, Timestamp, UserId};
use freehold_scim::group::{GroupDocument, Member};
use freehold_scim::render::{RenderedMember, UserGroup};

use super::SqlStore;
use super::row::{self, Read as _};
use crate::{Row, Value};

pub(super) const COLUMNS: &str =
    "id, organization_id, document, version, created_at, last_modified_at";

const LIVE: &str = "organization_id = $1 AND deleted_at IS NULL";

/// Ids in one statement: few texts to prepare, few round trips to PostgreSQL.
const CHUNK: usize = 100;

pub(super) fn read(row: &Row) -> StoreResult<Group> {
    Ok(Group {
        id: row.parsed(0)?,
        organization: row.parsed(1)?,
        document: row::document(&row.text(2)?, "group", GroupDocument::from_stored)?,
        version: row.get(3)?,
        created_at: row.time(4)?,
        last_modified: row.time(5)?,
    })
}

/// The columns that follow from the document, from `$3` on.
fn document_values(group: &Group, keys: &GroupKeys) -> [Value; 6] {
    [
        Value::from(group.document.display_name()),
        Value::from(keys.display_name.as_str()),
        Value::from(keys.external_id.as_deref()),
        Value::from(group.document.as_value().to_string()),
        row::number(group.version),
        row::time(group.last_modified),
    ]
}

/// `$first, $first+1, ..`: placeholders for a chunk of ids.
pub(super) fn places(first: usize, count: usize) -> String {
    let all: Vec<String> = (first..first + count).map(|place| format!("${place}")).collect();
    all.join(", ")
}

/// Calls `work` with chunks of exactly one or [`CHUNK`] ids, the last id repeated to fill one, so that there are two
/// statements and not a hundred.
pub(super) fn in_chunks(
    ids: &[&str],
    mut work: impl FnMut(&[&str], Vec<Value>) -> StoreResult<()>,
) -> StoreResult<()> {
    for chunk in ids.chunks(CHUNK) {
        let mut values: Vec<Value> = chunk.iter().map(|id| Value::from(*id)).collect();
        if let Some(last) = values.last().cloned()
            && values.len() > 1
        {
            values.resize(CHUNK, last);
        }
        work(chunk, values)?;
    }
    Ok(())
}

/// The question for the groups of so many users.
pub(super) fn groups_of(users: usize) -> String {
    let list = places(1, users);
    format!(
        "SELECT m.member_id, g.id, g.display_name FROM group_members m \
         JOIN scim_groups g ON g.id = m.group_id WHERE m.member_id IN ({list}) \
         ORDER BY m.member_id, g.id"
    )
}

impl SqlStore<'_> {
    /// Which of the ids stand in a table of the organization.
    fn known_in(
        &mut self,
        table: &str,
        organization: OrganizationId,
        ids: &[&str],
    ) -> StoreResult<HashSet<String>> {
        let mut known = HashSet::new();
        in_chunks(ids, |_, values| {
            let list = places(2, values.len());
            let sql = format!("SELECT id FROM {table} WHERE {LIVE} AND id IN ({list})");
            let mut bound = vec![row::id(organization)];
            bound.extend(values);
            for row in self.0.query(&sql, &bound)? {
                known.insert(row.text(0)?);
            }
            Ok(())
        })?;
        Ok(known)
    }

    /// Makes those of the ids members that are users of the organization, and are none yet.
    fn insert_users(&mut self, group: &Group, ids: &[&str], at: Timestamp) -> StoreResult<u64> {
        let mut added = 0;
        in_chunks(ids, |_, values| {
            let list = places(4, values.len());
            let sql = format!(
                "INSERT INTO group_members (group_id, member_id, organization_id, kind, added_at) \
                 SELECT $2, id, organization_id, 'User', CAST($3 AS BIGINT) FROM users \
                 WHERE {LIVE} AND id IN ({list}) ON CONFLICT DO NOTHING"
            );
            let mut bound = vec![row::id(group.organization), row::id(group.id), row::time(at)];
            bound.extend(values);
            added += self.0.execute(&sql, &bound)?;
            Ok(())
        })?;
        Ok(added)
    }

    fn insert_groups(&mut self, group: &Group, ids: &[&str], at: Timestamp) -> StoreResult<u64> {
        let mut added = 0;
        for chunk in ids.chunks(CHUNK) {
            let mut values = vec![row::id(group.id), row::id(group.organization), row::time(at)];
            values.extend(chunk.iter().map(|id| Value::from(*id)));
            let rows: Vec<String> = (4..4 + chunk.len())
                .map(|place| format!("($1, ${place}, $2, 'Group', $3)"))
                .collect();
            let sql = format!(
                "INSERT INTO group_members (group_id, member_id, organization_id, kind, added_at) \
                 VALUES {} ON CONFLICT DO NOTHING",
                rows.join(", ")
            );
            added += self.0.execute(&sql, &values)?;
        }
        Ok(added)
    }
}

impl Groups for SqlStore<'_> {
    fn insert_group(&mut self, group: &Group, keys: &GroupKeys) -> StoreResult<bool> {
        let mut values = vec![row::id(group.organization), row::id(group.id)];
        values.extend(document_values(group, keys));
        values.push(row::time(group.created_at));
        let inserted = self.0.execute(
            "INSERT INTO scim_groups (organization_id, id, display_name, display_name_key, \
             external_id, document, version, last_modified_at, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
            &values,
        )?;
        Ok(inserted == 1)
    }

    fn group(&mut self, organization: OrganizationId, id: GroupId) -> StoreResult<Option<Group>> {
        let sql = format!("SELECT {COLUMNS} FROM scim_groups WHERE {LIVE} AND id = $2");
        let found = self.0.query_optional(&sql, &[row::id(organization), row::id(id)])?;
        found.as_ref().map(read).transpose()
    }

    fn update_group(
        &mut self,
        group: &Group,
        keys: &GroupKeys,
        expected: u64,
    ) -> StoreResult<bool> {
        let mut values = vec![row::id(group.organization), row::id(group.id)];
        values.extend(document_values(group, keys));
        values.push(row::number(expected));
        let sql = format!(
            "UPDATE scim_groups SET display_name = $3, display_name_key = $4, external_id = $5, \
             document = $6, version = $7, last_modified_at = $8 \
             WHERE {LIVE} AND id = $2 AND version = $9"
        );
        self.0.execute_hopefully(&sql, &values)
    }

    fn tombstone_group(
        &mut self,
        organization: OrganizationId,
        id: GroupId,
        expected: u64,
        at: Timestamp,
    ) -> StoreResult<bool> {
        let sql = format!(
            "UPDATE scim_groups SET deleted_at = $4 WHERE {LIVE} AND id = $2 AND version = $3"
        );
        let values = [row::id(organization), row::id(id), row::number(expected), row::time(at)];
        Ok(self.0.execute(&sql, &values)? == 1)
    }

    fn group_name_holder(
        &mut self,
        organization: OrganizationId,
        display_name_key: &str,
    ) -> StoreResult<Option<GroupId>> {
        let sql = format!("SELECT id FROM scim_groups WHERE {LIVE} AND display_name_key = $2");
        let values = [row::id(organization), Value::from(display_name_key)];
        self.0.query_optional(&sql, &values)?.map(|row| row.parsed(0)).transpose()
    }

    fn add_members(
        &mut self,
        group: &Group,
        members: &[Member],
        at: Timestamp,
    ) -> StoreResult<Added> {
        let asked: Vec<&str> = members.iter().map(|member| member.value.as_str()).collect();
        let first = self.insert_users(group, &asked, at)?;
        if first == asked.len() as u64 {
            return Ok(Added { added: first, unknown: Vec::new() });
        }
        // Some are members already, or groups, or nobody.
        let own = group.id.to_string();
        let users = self.known_in("users", group.organization, &asked)?;
        let rest: Vec<&str> = asked.into_iter().filter(|id| !users.contains(*id)).collect();
        let groups = self.known_in("scim_groups", group.organization, &rest)?;
        let (groups, unknown): (Vec<&str>, Vec<&str>) =
            rest.into_iter().partition(|id| groups.contains(*id) && *id != own);
        let added = first + self.insert_groups(group, &groups, at)?;
        Ok(Added { added, unknown: unknown.into_iter().map(str::to_owned).collect() })
    }

    fn remove_members(&mut self, group: GroupId, ids: &[String]) -> StoreResult<u64> {
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut removed = 0;
        in_chunks(&ids, |_, values| {
            let list = places(2, values.len());
            let sql =
                format!("DELETE FROM group_members WHERE group_id = $1 AND member_id IN ({list})");
            let mut bound = vec![row::id(group)];
            bound.extend(values);
            removed += self.0.execute(&sql, &bound)?;
            Ok(())
        })?;
        Ok(removed)
    }

    fn remove_all_members(&mut self, group: GroupId) -> StoreResult<u64> {
        self.0.execute("DELETE FROM group_members WHERE group_id = $1", &[row::id(group)])
    }

    fn members(&mut self, group: GroupId) -> StoreResult<Vec<RenderedMember>> {
        let sql = "SELECT m.member_id, m.kind, coalesce(u.display_name, u.user_name, g.display_name) \
                   FROM group_members m LEFT JOIN users u ON u.id = m.member_id \
                   LEFT JOIN scim_groups g ON g.id = m.member_id \
                   WHERE m.group_id = $1 ORDER BY m.member_id";
        row::all(self.0.query(sql, &[row::id(group)])?, |row| {
            Ok(RenderedMember { value: row.text(0)?, kind: row.get(1)?, display: row.get(2)? })
        })
    }

    fn count_members(&mut self, group: GroupId) -> StoreResult<u64> {
        let sql = "SELECT count(*) FROM group_members WHERE group_id = $1";
        self.0.query_one(sql, &[row::id(group)])?.get(0)
    }

    fn groups_of(&mut self, users: &[UserId]) -> StoreResult<Vec<(UserId, UserGroup)>> {
        let ids: Vec<String> = users.iter().map(UserId::to_string).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut all = Vec::new();
        in_chunks(&ids, |_, values| {
            let rows = self.0.query_foreseen(&groups_of(values.len()), &values)?;
            all.extend(row::all(rows, |row| {
                let membership = UserGroup { id: row.text(1)?, display: row.text(2)? };
                Ok((row.parsed(0)?, membership))
            })?);
            Ok(())
        })?;
        Ok(all)
    }

    fn leave_groups(
        &mut self,
        organization: OrganizationId,
        member: &str,
        at: Timestamp,
    ) -> StoreResult<()> {
        let sql = "DELETE FROM group_members WHERE member_id = $1 RETURNING group_id";
        for left in self.0.query(sql, &[Value::from(member)])? {
            let sql = format!(
                "UPDATE scim_groups SET version = version + 1, last_modified_at = \
                 CASE WHEN last_modified_at > $3 THEN last_modified_at ELSE $3 END \
                 WHERE {LIVE} AND id = $2"
            );
            self.0.execute(
                &sql,
                &[row::id(organization), Value::from(left.text(0)?), row::time(at)],
            )?;
        }
        Ok(())
    }
}
