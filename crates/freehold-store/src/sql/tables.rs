//! Which tables hold keys and contents of a person. Whatever destroys some goes by these lists; a test of the schema finds
//! a table that names a person and stands in none.

use freehold_directory::{StoreResult, UserId};

use super::{SqlStore, row};

/// What opens an account in an epoch: replaced when all keys are renewed.
pub const RECORDS: &[&str] = &["key_records", "key_methods", "account_states"];
/// What else belongs to an epoch: destroyed with the records that a reset put aside.
pub const OF_EPOCH: &[&str] = &["handovers", "items_aside"];
/// What else is of a person and of every epoch: destroyed with the keys of a deleted user.
pub const OF_USER: &[&str] =
    &["unlock_tries", "items", "item_usage", "resets", "identities", "sign_in_tests"];

impl SqlStore<'_> {
    /// Deletes from tables what they have of a person in an epoch.
    pub(super) fn delete_of_epoch(
        &mut self,
        tables: &[&[&str]],
        user: UserId,
        epoch: u64,
    ) -> StoreResult<()> {
        let of = [row::id(user), row::number(epoch)];
        tables.concat().into_iter().try_for_each(|table| {
            let sql = format!("DELETE FROM {table} WHERE user_id = $1 AND epoch = $2");
            self.0.execute(&sql, &of).map(drop)
        })
    }

    /// Deletes from tables whatever they have of a person.
    pub(super) fn delete_of_user(&mut self, tables: &[&[&str]], user: UserId) -> StoreResult<()> {
        tables.concat().into_iter().try_for_each(|table| {
            let sql = format!("DELETE FROM {table} WHERE user_id = $1");
            self.0.execute(&sql, &[row::id(user)]).map(drop)
        })
    }
}
