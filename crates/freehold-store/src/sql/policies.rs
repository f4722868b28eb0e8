//! What organizations demand of keys.

use freehold_directory::policy::Policy;
use freehold_directory::{OrganizationId, Policies, StoreResult, Timestamp};
use freehold_wire::Profile;

use super::SqlStore;
use super::row::{self, corrupt};
use crate::{Row, Value};

fn read(row: &Row) -> StoreResult<Policy> {
    Ok(Policy {
        // Not even whoever writes to the database gets below the floor.
        profile_floor: Profile::from_number(row.get(0)?).ok_or_else(|| corrupt(0))?,
        passkey_required: row.flag(1)?,
        recovery_code_required: row.flag(2)?,
    })
}

impl Policies for SqlStore<'_> {
    fn policy(&mut self, organization: OrganizationId) -> StoreResult<Option<Policy>> {
        let sql = "SELECT profile_floor, passkey_required, recovery_code_required FROM policies \
                   WHERE organization_id = $1";
        self.0.query_optional(sql, &[row::id(organization)])?.as_ref().map(read).transpose()
    }

    fn put_policy(
        &mut self,
        organization: OrganizationId,
        policy: &Policy,
        at: Timestamp,
    ) -> StoreResult<()> {
        let sql = "INSERT INTO policies (organization_id, profile_floor, passkey_required, \
                   recovery_code_required, changed_at) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (organization_id) DO UPDATE SET \
                   profile_floor = excluded.profile_floor, \
                   passkey_required = excluded.passkey_required, \
                   recovery_code_required = excluded.recovery_code_required, \
                   changed_at = excluded.changed_at";
        let values = [
            row::id(organization),
            Value::from(i64::from(policy.profile_floor.number())),
            Value::from(policy.passkey_required),
            Value::from(policy.recovery_code_required),
            row::time(at),
        ];
        self.0.execute(sql, &values).map(drop)
    }
}
