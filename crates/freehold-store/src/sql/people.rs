//! People as admins look for them. Each way is a walk along one index, from where the page before ended.

use freehold_directory::people::{
    Claim, Found, Listed, Membership, Part, Place, Query, Refusal, Search, Steps, Way, Whom,
    groups::{GroupSearch, ListedGroup, ListedMember},
};
use freehold_directory::roles::Grant;
use freehold_directory::{
    GroupId, OrganizationId, People, Role, ShownState, StoreResult, Timestamp, UserId,
};

use super::SqlStore;
use super::filter::successor;
use super::roles::ROLE;
use super::row::{self, Read as _, corrupt};
use crate::{Row, Value};

/// The columns of [`Listed`], of the user `u` and the connection `c`.
const COLUMNS: &str = "u.id, u.user_name, u.display_name, u.external_id, c.name, u.key_state, \
                       u.key_epoch, u.key_state_since, u.active, u.active_since, u.deleted_at, \
                       u.signed_in_at, u.setup_begun_at, u.refused_at, u.refusal";
/// The first two after [`COLUMNS`].
const ROLE_AT: usize = 15;
const PLACE_AT: usize = 16;

fn read(row: &Row) -> StoreResult<Listed> {
    let refused = match row.time_optional(13)? {
        Some(at) => Some(Refusal { at, code: row.text(14)? }),
        None => None,
    };
    Ok(Listed {
        id: row.parsed(0)?,
        user_name: row.text(1)?,
        display_name: row.get(2)?,
        external_id: row.get(3)?,
        connection: row.get(4)?,
        key_state: row.key_state(5)?,
        active: row.flag(8)?,
        active_since: row.time(9)?,
        deleted_at: row.time_optional(10)?,
        steps: Steps {
            signed_in_at: row.time_optional(11)?,
            setup_begun_at: row.time_optional(12)?,
            refused,
        },
        role: row.role(ROLE_AT)?,
    })
}

fn read_found(row: &Row, way: Way) -> StoreResult<Found> {
    let place = match way {
        Way::Waiting | Way::Suspended | Way::Deleted => Place::Time(row.time(PLACE_AT)?),
        _ => Place::Text(row.text(PLACE_AT)?),
    };
    Ok(Found { listed: read(row)?, place })
}

/// A condition that grows, with its values.
struct Condition {
    sql: String,
    values: Vec<Value>,
}

impl Condition {
    fn new(organization: OrganizationId) -> Self {
        Self { sql: String::new(), values: vec![row::id(organization)] }
    }

    fn bind(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    fn and(&mut self, sql: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
    }

    /// That a column begins with a text: a range of its index.
    fn begins(&mut self, column: &str, text: &str) -> String {
        let from = self.bind(Value::from(text));
        match successor(text) {
            Some(end) => {
                let end = self.bind(Value::from(end));
                format!("{column} >= {from} AND {column} < {end}")
            }
            None => format!("{column} >= {from}"),
        }
    }
}

/// What a way walks along.
struct Walk {
    /// Of the user `u`, and what leads to it.
    tables: &'static str,
    /// What stands first in the index.
    organization: &'static str,
    /// What the way goes by.
    column: &'static str,
    /// The user's id, as the index has it.
    id: &'static str,
}

fn walk(way: Way) -> Walk {
    let users =
        |column| Walk { tables: "users u", organization: "u.organization_id", column, id: "u.id" };
    match way {
        Way::All | Way::UserName => users("u.user_name_key"),
        Way::Waiting => users("u.key_state_since"),
        Way::Suspended => users("u.active_since"),
        Way::Deleted => users("u.deleted_at"),
        Way::DisplayName => users("u.display_name_key"),
        Way::ExternalId | Way::Guid => users("u.external_key"),
        Way::Word => Walk {
            tables: "user_words w JOIN users u ON u.id = w.user_id",
            organization: "w.organization_id",
            column: "w.word_key",
            id: "w.user_id",
        },
        Way::Email => Walk {
            tables: "user_emails e JOIN users u ON u.id = e.user_id",
            organization: "e.organization_id",
            column: "e.value_key",
            id: "e.user_id",
        },
    }
}

fn add_state(condition: &mut Condition, whom: Whom) {
    let (state, active) = match whom {
        Whom::DeletedAfter(at) => {
            let at = condition.bind(row::time(at));
            return condition.and(&format!("u.deleted_at > {at} AND u.purged_at IS NULL"));
        }
        Whom::Everybody => return condition.and("u.deleted_at IS NULL"),
        Whom::In(ShownState::Suspended) => {
            return condition.and("u.deleted_at IS NULL AND u.active = 0");
        }
        Whom::In(ShownState::Ready) => ("READY", 1),
        Whom::In(ShownState::Pending) | Whom::PendingSince(_) => ("PENDING", 1),
    };
    // Not bound: an index of these rows alone is taken for a condition that says the same.
    condition
        .and(&format!("u.key_state = '{state}' AND u.active = {active} AND u.deleted_at IS NULL"));
    if let Whom::PendingSince(at) = whom {
        let at = condition.bind(row::time(at));
        condition.and(&format!("u.key_state_since <= {at}"));
    }
}

/// What a way finds, but for those whom an earlier one does; about later words of names the directory decides.
fn add_search(condition: &mut Condition, way: Way, search: &Search) {
    let folded = search.folded();
    let column = walk(way).column;
    if matches!(way, Way::All | Way::Waiting | Way::Suspended | Way::Deleted) {
        return add_search_of_each(condition, search);
    }
    let found = match way {
        Way::Word => condition.begins(column, &search.word()),
        Way::ExternalId => condition.begins(column, search.typed()),
        Way::Guid => condition.begins(column, &search.typed().to_ascii_lowercase()),
        _ => condition.begins(column, folded),
    };
    condition.and(&found);
    if way == Way::UserName {
        return;
    }
    let by_name = condition.begins("u.user_name_key", folded);
    condition.and(&format!("NOT ({by_name})"));
    if way == Way::DisplayName {
        return;
    }
    let by_shown_name = condition.begins("u.display_name_key", folded);
    condition.and(&format!("(u.display_name_key IS NULL OR NOT ({by_shown_name}))"));
    if way == Way::Word {
        return;
    }
    let by_email = condition.begins("f.value_key", folded);
    let earlier = match way {
        Way::Email => " AND (f.value_key, f.place) < (e.value_key, e.place)",
        _ => "",
    };
    condition.and(&format!(
        "NOT EXISTS (SELECT 1 FROM user_emails f WHERE f.user_id = u.id AND {by_email}{earlier})"
    ));
    if way == Way::Guid {
        let as_typed = condition.begins("u.external_key", search.typed());
        condition.and(&format!("NOT ({as_typed})"));
    }
}

/// What a search finds in any way, where each person is looked at.
fn add_search_of_each(condition: &mut Condition, search: &Search) {
    let (texts, reach) = search.in_names();
    let name = format!("substr(u.display_name_key, 1, {reach})");
    let email = condition.begins("f.value_key", search.folded());
    let mut found = vec![
        condition.begins("u.user_name_key", search.folded()),
        condition.begins("u.display_name_key", search.folded()),
        condition.begins("u.external_key", search.typed()),
        condition.begins("u.external_key", &search.typed().to_ascii_lowercase()),
        format!("EXISTS (SELECT 1 FROM user_emails f WHERE f.user_id = u.id AND {email})"),
    ];
    for text in texts {
        let text = condition.bind(Value::from(text));
        found.push(format!("replace({name}, {text}, '') <> {name}"));
    }
    condition.and(&format!("(({}))", found.join(") OR (")));
}

/// The condition for what a way finds, with its values.
fn select(of: OrganizationId, query: &Query, way: Way) -> Condition {
    let mut condition = Condition::new(of);
    add_state(&mut condition, query.whom);
    if let Some(search) = &query.search {
        add_search(&mut condition, way, search);
    }
    if let Some(connection) = query.connection {
        let connection = condition.bind(row::id(connection));
        condition.and(&format!("u.connection_id = {connection}"));
    }
    condition
}

fn is_downwards(way: Way) -> bool {
    matches!(way, Way::Suspended | Way::Deleted)
}

fn place_value(place: &Place) -> Value {
    match place {
        Place::Text(text) => Value::from(text.as_str()),
        Place::Time(at) => row::time(*at),
    }
}

fn grant_of(role: Role) -> Option<Grant> {
    match role {
        Role::Member => None,
        Role::Admin => Some(Grant::Admin),
        Role::Owner => Some(Grant::Owner),
    }
}

/// The columns of [`ListedGroup`], of the group `g`; `$2` is the highest count.
const GROUP: &str = "SELECT g.id, g.display_name, g.display_name_key, (SELECT count(*) FROM \
                     (SELECT 1 FROM group_members m WHERE m.group_id = g.id LIMIT $2) AS few), \
                     r.mapped_at FROM scim_groups g LEFT JOIN role_groups r ON r.group_id = g.id \
                     WHERE g.organization_id = $1 AND g.deleted_at IS NULL";

fn read_group(row: &Row) -> StoreResult<ListedGroup> {
    Ok(ListedGroup {
        id: row.parsed(0)?,
        name: row.text(1)?,
        key: row.text(2)?,
        members: row.get(3)?,
        mapped_at: row.time_optional(4)?,
    })
}

fn most_members() -> Value {
    row::number(freehold_directory::people::COUNTED + 1)
}

impl People for SqlStore<'_> {
    fn people(&mut self, of: OrganizationId, part: &Part<'_>) -> StoreResult<Vec<Found>> {
        let Part { query, way, after, limit } = *part;
        let mut condition = select(of, query, way);
        let Walk { tables, organization, column, id } = walk(way);
        let (down, sign) = if is_downwards(way) { (" DESC", "<") } else { ("", ">") };
        if let Some((place, last)) = after {
            let place = condition.bind(place_value(place));
            let last = condition.bind(row::id(last));
            condition.and(&format!("({column}, {id}) {sign} ({place}, {last})"));
        }
        let limit = condition.bind(row::number(limit));
        let sql = format!(
            "SELECT {COLUMNS}, {ROLE}, {column} FROM {tables} \
             LEFT JOIN connections c ON c.id = u.connection_id \
             WHERE {organization} = $1{} ORDER BY {column}{down}, {id}{down} LIMIT {limit}",
            condition.sql,
        );
        row::all(self.0.query(&sql, &condition.values)?, |row| read_found(row, way))
    }

    fn count_people(
        &mut self,
        of: OrganizationId,
        query: &Query,
        ways: &[Way],
        limit: u64,
    ) -> StoreResult<u64> {
        let mut found = std::collections::HashSet::new();
        for way in ways {
            let mut condition = select(of, query, *way);
            let Walk { tables, organization, id, .. } = walk(*way);
            let most = condition.bind(row::number(limit));
            let ids = format!(
                "SELECT {id} FROM {tables} WHERE {organization} = $1{} LIMIT {most}",
                condition.sql,
            );
            if ways.len() == 1 {
                let sql = format!("SELECT count(*) FROM ({ids}) AS few");
                return self.0.query_one(&sql, &condition.values)?.get(0);
            }
            for row in self.0.query(&ids, &condition.values)? {
                found.insert(row.text(0)?);
            }
            if found.len() as u64 >= limit {
                return Ok(limit);
            }
        }
        Ok(found.len() as u64)
    }

    fn listed_person(&mut self, of: OrganizationId, id: UserId) -> StoreResult<Option<Listed>> {
        let sql = format!(
            "SELECT {COLUMNS}, {ROLE} FROM users u \
             LEFT JOIN connections c ON c.id = u.connection_id \
             WHERE u.organization_id = $1 AND u.id = $2 AND u.purged_at IS NULL"
        );
        let found = self.0.query_optional(&sql, &[row::id(of), row::id(id)])?;
        found.as_ref().map(read).transpose()
    }

    fn claim_of(&mut self, user: UserId) -> StoreResult<Option<Claim>> {
        let sql = "SELECT c.name, i.linked_at FROM identities i \
                   JOIN connections c ON c.id = i.connection_id \
                   WHERE i.user_id = $1 AND i.ended_at IS NULL";
        let found = self.0.query_optional(sql, &[row::id(user)])?;
        found.map(|row| Ok(Claim { connection: row.text(0)?, at: row.time(1)? })).transpose()
    }

    fn grants_of(&mut self, user: UserId) -> StoreResult<Vec<(Grant, Timestamp)>> {
        let sql = "SELECT role, granted_at FROM role_grants WHERE user_id = $1 ORDER BY role DESC";
        row::all(self.0.query(sql, &[row::id(user)])?, |row| {
            Ok((grant_of(row.role(0)?).ok_or_else(|| corrupt(0))?, row.time(1)?))
        })
    }

    fn memberships_of(&mut self, user: UserId) -> StoreResult<Vec<Membership>> {
        let sql = "SELECT g.id, g.display_name, CAST(CASE WHEN r.group_id IS NULL THEN 0 ELSE 1 END \
                   AS BIGINT) FROM group_members m JOIN scim_groups g ON g.id = m.group_id \
                   LEFT JOIN role_groups r ON r.group_id = g.id \
                   WHERE m.member_id = $1 AND g.deleted_at IS NULL ORDER BY g.display_name_key";
        row::all(self.0.query(sql, &[row::id(user)])?, |row| {
            Ok(Membership { id: row.parsed(0)?, name: row.text(1)?, makes_admins: row.flag(2)? })
        })
    }

    fn note_sign_in(&mut self, user: UserId, at: Timestamp) -> StoreResult<()> {
        let sql = "UPDATE users SET signed_in_at = $2 WHERE id = $1";
        self.0.execute(sql, &[row::id(user), row::time(at)]).map(drop)
    }

    fn note_setup_begun(&mut self, user: UserId, at: Timestamp) -> StoreResult<()> {
        let sql = "UPDATE users SET setup_begun_at = $2 WHERE id = $1 AND key_state = 'PENDING' \
                   AND (setup_begun_at IS NULL OR setup_begun_at < key_state_since)";
        self.0.execute(sql, &[row::id(user), row::time(at)]).map(drop)
    }

    fn note_refused_sign_in(&mut self, user: UserId, at: Timestamp, code: &str) -> StoreResult<()> {
        let sql = "UPDATE users SET refused_at = $2, refusal = $3 WHERE id = $1";
        self.0.execute(sql, &[row::id(user), row::time(at), Value::from(code)]).map(drop)
    }

    fn listed_groups(
        &mut self,
        of: OrganizationId,
        search: Option<&GroupSearch>,
        after: &str,
        limit: u64,
    ) -> StoreResult<Vec<ListedGroup>> {
        let mut values = vec![row::id(of), most_members(), Value::from(after), row::number(limit)];
        let mut condition = "";
        if let Some(search) = search {
            // Groups are few beside people: the index of names is read through.
            condition = " AND replace(g.display_name_key, $5, '') <> g.display_name_key";
            values.push(Value::from(search.folded()));
        }
        let sql = format!(
            "{GROUP} AND g.display_name_key > $3{condition} ORDER BY g.display_name_key LIMIT $4"
        );
        row::all(self.0.query(&sql, &values)?, read_group)
    }

    fn listed_group(
        &mut self,
        of: OrganizationId,
        id: GroupId,
    ) -> StoreResult<Option<ListedGroup>> {
        let values = [row::id(of), most_members(), row::id(id)];
        let found = self.0.query_optional(&format!("{GROUP} AND g.id = $3"), &values)?;
        found.as_ref().map(read_group).transpose()
    }

    fn count_kinds_of_members(&mut self, group: GroupId) -> StoreResult<(u64, u64)> {
        let id = [row::id(group)];
        let people = "SELECT count(*) FROM group_members m JOIN users u ON u.id = m.member_id \
                      WHERE m.group_id = $1 AND u.active = 1 AND u.deleted_at IS NULL";
        let nested = "SELECT count(*) FROM group_members WHERE group_id = $1 AND kind = 'Group'";
        let people = self.0.query_one(people, &id)?.get(0)?;
        Ok((people, self.0.query_one(nested, &id)?.get(0)?))
    }

    fn listed_members(
        &mut self,
        group: GroupId,
        after: &str,
        limit: u64,
    ) -> StoreResult<Vec<ListedMember>> {
        let sql = "SELECT m.member_id, CAST(CASE WHEN m.kind = 'Group' THEN 1 ELSE 0 END AS BIGINT), \
                   coalesce(u.display_name, u.user_name, g.display_name, ''), u.user_name, \
                   coalesce(u.active, 1) FROM group_members m \
                   LEFT JOIN users u ON u.id = m.member_id \
                   LEFT JOIN scim_groups g ON g.id = m.member_id \
                   WHERE m.group_id = $1 AND m.member_id > $2 ORDER BY m.member_id LIMIT $3";
        let values = [row::id(group), Value::from(after), row::number(limit)];
        row::all(self.0.query(sql, &values)?, |row| {
            Ok(ListedMember {
                id: row.text(0)?,
                is_group: row.flag(1)?,
                name: row.text(2)?,
                user_name: row.get(3)?,
                active: row.flag(4)?,
            })
        })
    }
}
