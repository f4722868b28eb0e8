//! Key records, proofs of them, and what they seal.

use freehold_wire::{ItemId, MethodKind, OrganizationId, Timestamp, UserId};

use super::StoreResult;
use crate::change::{CurrentRecords, ProvenChange};
use crate::items::{ItemQuota, ItemRevision, StoredItem};
use crate::renewal::ProvenRenewal;
use crate::resets::{OpenReset, Reset, ResetId, ResetState};
use crate::setup::{CompletedSetup, NewKeys};
use crate::unlock::{Challenge, ChallengeOf, KeyRecords, StoredMethod, Tries};

/// Challenges: one a session and purpose, used once.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Challenges {
    /// Stores a challenge in place of the one before it.
    fn put_challenge(&mut self, of: &ChallengeOf, challenge: &Challenge) -> StoreResult<()>;
    /// Takes a challenge away.
    fn take_challenge(&mut self, of: &ChallengeOf) -> StoreResult<Option<Challenge>>;
    /// Takes all challenges of a user away.
    fn delete_challenges_of(&mut self, user: UserId) -> StoreResult<()>;
}

/// Key records: ciphertext and public keys.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait KeyStore {
    /// Moves the user from PENDING to READY and stores the records, if the user is PENDING in the same epoch, active and
    /// not deleted; `false` otherwise.
    fn insert_keys(&mut self, keys: &NewKeys<'_>) -> StoreResult<bool>;
    /// Which request completed the set-up of an epoch.
    fn completed_setup(&mut self, user: UserId, epoch: u64) -> StoreResult<Option<CompletedSetup>>;
    /// The hash of the card of an epoch, also when the rest of that epoch was put aside and destroyed.
    fn card_hash(&mut self, user: UserId, epoch: u64) -> StoreResult<Option<[u8; 32]>>;
    /// Card and latest account state of an epoch.
    fn current_records(&mut self, user: UserId, epoch: u64) -> StoreResult<Option<CurrentRecords>>;
    /// Stores a change if the state that it follows still is the latest of a READY user in this epoch: the new state and
    /// methods in, what they replace out, its tries forgotten; `false` otherwise.
    fn change_keys(&mut self, change: &ProvenChange, now: Timestamp) -> StoreResult<bool>;
    /// Stores a renewal if the state that it follows still is the latest of a READY user in that epoch and its items are
    /// exactly the user's: the new epoch in, the old one out. After `false` the job must fail, for it may have written.
    fn renew_keys(&mut self, renewal: &ProvenRenewal, now: Timestamp) -> StoreResult<bool>;
    /// What the user calls a passkey; `false` when there is no such passkey in the epoch.
    fn name_passkey(
        &mut self,
        user: UserId,
        epoch: u64,
        parameters: &[u8],
        name: &str,
    ) -> StoreResult<bool>;
    /// The methods of an epoch by kind and parameters, without envelopes.
    fn methods(&mut self, user: UserId, epoch: u64) -> StoreResult<Vec<StoredMethod>>;
    /// The envelope of a method, with keyring, card and the states after the remembered one (else the latest).
    fn key_records(
        &mut self,
        user: UserId,
        epoch: u64,
        method: (MethodKind, &[u8]),
        after_sequence: Option<u64>,
    ) -> StoreResult<Option<KeyRecords>>;
    /// The tries of a method.
    fn tries(&mut self, user: UserId, kind: MethodKind) -> StoreResult<Option<Tries>>;
    /// Stores the tries of a method if their version still is `expected`; `false` otherwise.
    fn put_tries(
        &mut self,
        user: UserId,
        kind: MethodKind,
        tries: &Tries,
        expected: u64,
    ) -> StoreResult<bool>;
    /// The failures since the last success over all methods, set back to none.
    fn take_failures(&mut self, user: UserId) -> StoreResult<u64>;
}

/// Requests for a RESET, and what was put aside by one.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Resets {
    /// Stores a request; `false` when one of the user waits.
    fn insert_reset(&mut self, reset: &Reset) -> StoreResult<bool>;
    /// Marks requests of the user expired whose time is over.
    fn expire_resets_of(&mut self, user: UserId, now: Timestamp) -> StoreResult<()>;
    /// When the user asked after this time, oldest first.
    fn resets_asked_since(&mut self, user: UserId, since: Timestamp)
    -> StoreResult<Vec<Timestamp>>;
    /// A request of the organization.
    fn reset(&mut self, organization: OrganizationId, id: ResetId) -> StoreResult<Option<Reset>>;
    /// The user's last request.
    fn last_reset_of(&mut self, user: UserId) -> StoreResult<Option<Reset>>;
    /// The user's request that waits at this time.
    fn open_reset_of(&mut self, user: UserId, now: Timestamp) -> StoreResult<Option<Reset>>;
    /// The requests of users of the organization, active and not deleted, that wait at this time, oldest first.
    fn open_resets(
        &mut self,
        organization: OrganizationId,
        now: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<OpenReset>>;
    /// Moves a request on, if it still is in this state; `false` otherwise.
    fn settle_reset(
        &mut self,
        id: ResetId,
        from: ResetState,
        to: ResetState,
        at: Timestamp,
    ) -> StoreResult<bool>;
    /// Moves the user from READY in the epoch of the request to PENDING in the next one, if the user is so, active and
    /// not deleted;
    /// `false` otherwise. Items are put aside with the records of their epoch, reserved ones go, and tries begin anew.
    fn put_keys_aside(&mut self, reset: &Reset, at: Timestamp) -> StoreResult<bool>;
    /// The approved request whose epoch is the one before that in which the user is PENDING, if what it put aside is
    /// there.
    fn reset_to_undo(
        &mut self,
        organization: OrganizationId,
        user: UserId,
    ) -> StoreResult<Option<Reset>>;
    /// Undoes [`put_keys_aside`](Resets::put_keys_aside), if the user still is PENDING in the next epoch; `false`
    /// otherwise.
    fn bring_keys_back(&mut self, reset: &Reset, at: Timestamp) -> StoreResult<bool>;
    /// Requests approved before this time whose epochs are there still.
    fn resets_to_destroy(&mut self, before: Timestamp, limit: u32) -> StoreResult<Vec<Reset>>;
    /// Destroys what a request put aside, but for the hash of the card; `false` when that has been done, or was undone.
    fn destroy_keys_aside(&mut self, reset: &Reset, at: Timestamp) -> StoreResult<bool>;
}

/// Vault items: ciphertext.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Items {
    /// Reserves an id; `false` when the user has as many items as the quota allows.
    fn reserve_item(
        &mut self,
        user: UserId,
        item: ItemId,
        quota: ItemQuota,
        at: Timestamp,
    ) -> StoreResult<bool>;
    /// The version and size of a user's item, reserved ones (version 0) too.
    fn item_revision(&mut self, user: UserId, item: ItemId) -> StoreResult<Option<ItemRevision>>;
    /// Changes the user's total size; `false` when it would exceed the quota.
    fn charge_bytes(
        &mut self,
        user: UserId,
        before: u64,
        after: u64,
        quota: ItemQuota,
    ) -> StoreResult<bool>;
    /// Stores an item if its version still is one less; `false` otherwise.
    fn put_item(&mut self, user: UserId, item: &StoredItem) -> StoreResult<bool>;
    /// A user's items, without reserved ones, by id.
    fn items(&mut self, user: UserId) -> StoreResult<Vec<StoredItem>>;
    /// Deletes an item if its version still is `version`; `false` otherwise.
    fn delete_item(&mut self, user: UserId, item: ItemId, version: u64) -> StoreResult<bool>;
}
