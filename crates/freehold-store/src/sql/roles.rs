//! Roles: what was granted, and the groups whose members are admins.

use freehold_directory::roles::{Grant, Holder, RoleHolder};
use freehold_directory::{GroupId, OrganizationId, Role, Roles, StoreResult, Timestamp, UserId};

use super::SqlStore;
use super::row::{self, Read as _};
use crate::{Row, Value};

/// The name of the highest role of the user `u`.
pub(super) const ROLE: &str = "CASE WHEN EXISTS (SELECT 1 FROM role_grants r \
     WHERE r.user_id = u.id AND r.role = 'owner') THEN 'owner' \
     WHEN EXISTS (SELECT 1 FROM role_grants r WHERE r.user_id = u.id AND r.role = 'admin') \
     OR EXISTS (SELECT 1 FROM group_members m JOIN role_groups g ON g.group_id = m.group_id \
     WHERE m.member_id = u.id) THEN 'admin' ELSE 'member' END";

fn name(grant: Grant) -> Value {
    Value::from(grant.role().as_str())
}

fn read_user(row: &Row) -> StoreResult<RoleHolder> {
    let holder = Holder::User(row.parsed(2)?);
    Ok(RoleHolder { role: row.role(0)?, name: row.text(1)?, holder })
}

fn read_group(row: &Row) -> StoreResult<RoleHolder> {
    let holder = Holder::Group(row.parsed(1)?);
    Ok(RoleHolder { role: Role::Admin, name: row.text(0)?, holder })
}

impl Roles for SqlStore<'_> {
    fn role_of(&mut self, user: UserId) -> StoreResult<Role> {
        let sql = format!("SELECT {ROLE} FROM users u WHERE u.id = $1");
        let found = self.0.query_optional(&sql, &[row::id(user)])?;
        found.map_or(Ok(Role::Member), |row| row.role(0))
    }

    fn granted_role(&mut self, user: UserId) -> StoreResult<Role> {
        let sql = "SELECT role FROM role_grants WHERE user_id = $1";
        let granted = row::all(self.0.query(sql, &[row::id(user)])?, |row| row.role(0))?;
        Ok(granted.into_iter().max().unwrap_or(Role::Member))
    }

    fn appointed_with_keys(
        &mut self,
        organization: OrganizationId,
        least: Grant,
    ) -> StoreResult<Vec<(UserId, String)>> {
        let sql = "SELECT DISTINCT u.id, u.user_name, u.user_name_key FROM role_grants r \
                   JOIN users u ON u.id = r.user_id WHERE r.organization_id = $1 \
                   AND (r.role = $2 OR $2 = 'admin') AND u.active = 1 \
                   AND u.deleted_at IS NULL AND u.key_state = 'READY' \
                   ORDER BY u.user_name_key";
        let values = [row::id(organization), name(least)];
        let rows = self.0.query(sql, &values)?;
        row::all(rows, |row| Ok((row.parsed(0)?, row.text(1)?)))
    }

    fn insert_grant(
        &mut self,
        organization: OrganizationId,
        user: UserId,
        grant: Grant,
        at: Timestamp,
    ) -> StoreResult<bool> {
        let sql = "INSERT INTO role_grants (user_id, role, organization_id, granted_at) \
                   VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        let values = [row::id(user), name(grant), row::id(organization), row::time(at)];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn delete_grant(&mut self, user: UserId, grant: Grant) -> StoreResult<bool> {
        let sql = "DELETE FROM role_grants WHERE user_id = $1 AND role = $2";
        Ok(self.0.execute(sql, &[row::id(user), name(grant)])? == 1)
    }

    fn delete_grants_of(&mut self, user: UserId) -> StoreResult<()> {
        self.0.execute("DELETE FROM role_grants WHERE user_id = $1", &[row::id(user)]).map(drop)
    }

    fn active_owners(
        &mut self,
        organization: OrganizationId,
    ) -> StoreResult<Vec<(UserId, String)>> {
        let sql = "SELECT u.id, u.user_name FROM role_grants r JOIN users u ON u.id = r.user_id \
                   WHERE r.organization_id = $1 AND r.role = 'owner' \
                   AND u.active = 1 AND u.deleted_at IS NULL ORDER BY u.user_name_key";
        let rows = self.0.query(sql, &[row::id(organization)])?;
        row::all(rows, |row| Ok((row.parsed(0)?, row.text(1)?)))
    }

    fn map_group(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        at: Timestamp,
    ) -> StoreResult<bool> {
        let sql = "INSERT INTO role_groups (group_id, organization_id, mapped_at) \
                   VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        let values = [row::id(group), row::id(organization), row::time(at)];
        Ok(self.0.execute(sql, &values)? == 1)
    }

    fn is_mapped(&mut self, group: GroupId) -> StoreResult<bool> {
        let sql = "SELECT 1 FROM role_groups WHERE group_id = $1";
        Ok(self.0.query_optional(sql, &[row::id(group)])?.is_some())
    }

    fn unmap_group(&mut self, group: GroupId) -> StoreResult<bool> {
        let sql = "DELETE FROM role_groups WHERE group_id = $1";
        Ok(self.0.execute(sql, &[row::id(group)])? == 1)
    }

    fn role_holders(&mut self, organization: OrganizationId) -> StoreResult<Vec<RoleHolder>> {
        let organization = [row::id(organization)];
        let users = "SELECT r.role, u.user_name, u.id FROM role_grants r \
                     JOIN users u ON u.id = r.user_id \
                     WHERE r.organization_id = $1 ORDER BY r.role DESC, u.user_name_key";
        let groups = "SELECT g.display_name, g.id FROM role_groups r \
                      JOIN scim_groups g ON g.id = r.group_id \
                      WHERE r.organization_id = $1 ORDER BY g.display_name_key";
        let mut all = row::all(self.0.query(users, &organization)?, read_user)?;
        all.extend(row::all(self.0.query(groups, &organization)?, read_group)?);
        Ok(all)
    }
}
