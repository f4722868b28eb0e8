//! Vault items: ciphertext that only an unlocked session may read or write, of an account that has what its
//! organization asks for.

use freehold_wire::{AtMost, ItemEnvelopes, ItemId, ItemRecord, ItemRefusal, Timestamp, UserId};
use rand_core::CryptoRng;

use crate::change::unlocked_epoch;
use crate::passkey_rule::{self, PasskeyMissing};
use crate::policy;
use crate::sessions::{Locked, SessionUser, Unlocked};
use crate::store::Store;
use crate::store_error::StoreError;

/// What one user may keep.
#[derive(Clone, Copy, Debug)]
pub struct ItemQuota {
    /// So many items, reserved ones included.
    pub items: u64,
    /// So many bytes of envelopes in all.
    pub bytes: u64,
}

/// The quota: a person's secrets, not a file store. A listing carries all of it in one answer.
pub const QUOTA: ItemQuota = ItemQuota { items: 2_000, bytes: 16 << 20 };

/// A stored item.
#[derive(Clone, Debug)]
pub struct StoredItem {
    /// Its id, made by the server.
    pub id: ItemId,
    /// Counts changes, from 1.
    pub version: u64,
    /// The envelope of the item key.
    pub item_key: Vec<u8>,
    /// The envelope of the content.
    pub content: Vec<u8>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// An item's version and size.
#[derive(Clone, Copy, Debug)]
pub struct ItemRevision {
    /// 0 for a reserved id.
    pub version: u64,
    /// Bytes of both envelopes.
    pub bytes: u64,
}

/// Why a command on items was not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ItemError {
    /// The session is not unlocked.
    #[error(transparent)]
    Locked(#[from] Locked),
    /// The organization asks for a passkey first.
    #[error(transparent)]
    PasskeyMissing(#[from] PasskeyMissing),
    /// The user has no such item; another user's looks the same.
    #[error("there is no such item")]
    NotFound,
    /// The item's version is not the one before.
    #[error("the item has changed since")]
    StaleVersion,
    /// The quota is used up.
    #[error("there is no room for more")]
    Full,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Proof that the session may see items, from [`admit`].
#[derive(Clone, Copy, Debug)]
pub struct Admitted<'a>(Unlocked<'a>);

impl Admitted<'_> {
    /// The user.
    pub fn user(&self) -> UserId {
        self.0.user()
    }
}

/// Lets an unlocked session in whose account has what its organization asks for.
///
/// # Errors
/// [`ItemError::Locked`], [`ItemError::PasskeyMissing`].
pub fn admit<'a>(
    store: &mut dyn Store,
    session: &'a SessionUser,
) -> Result<Admitted<'a>, ItemError> {
    let unlocked = session.unlocked()?;
    let policy = policy::of(store, session.organization())?.keys();
    if policy.passkey_required {
        let (epoch, _) = unlocked_epoch(session)?;
        let methods = store.methods(session.user(), epoch)?;
        passkey_rule::check(&policy, methods.iter().map(|method| method.kind))?;
    }
    Ok(Admitted(unlocked))
}

/// A new version of an item whose envelopes have the right form.
pub struct ItemWrite {
    id: ItemId,
    version: u64,
    item_key: Vec<u8>,
    content: Vec<u8>,
}

impl ItemWrite {
    /// Parses an uploaded record.
    ///
    /// # Errors
    /// Envelopes of another type or impossible length.
    pub fn parse(record: ItemRecord) -> Result<Self, ItemRefusal> {
        ItemEnvelopes::parse(&record.item_key, &record.content)?;
        Ok(Self {
            id: record.id,
            version: record.version,
            item_key: record.item_key.into_vec(),
            content: record.content.into_vec(),
        })
    }

    /// The item.
    pub fn id(&self) -> ItemId {
        self.id
    }

    fn bytes(&self) -> u64 {
        (self.item_key.len() + self.content.len()) as u64
    }
}

/// Reserves an id for a new item: the browser binds it into the ciphertext.
///
/// # Errors
/// [`ItemError::Full`].
pub fn reserve(
    store: &mut dyn Store,
    session: &Admitted<'_>,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<ItemId, ItemError> {
    let item = ItemId::make(now, rng);
    if store.reserve_item(session.user(), item, QUOTA, now)? {
        Ok(item)
    } else {
        Err(ItemError::Full)
    }
}

/// Stores the next version of an item.
///
/// # Errors
/// See [`ItemError`].
pub fn put(
    store: &mut dyn Store,
    session: &Admitted<'_>,
    write: &ItemWrite,
    now: Timestamp,
) -> Result<(), ItemError> {
    let user = session.user();
    let before = store.item_revision(user, write.id)?.ok_or(ItemError::NotFound)?;
    if before.version.checked_add(1) != Some(write.version) {
        return Err(ItemError::StaleVersion);
    }
    if !store.charge_bytes(user, before.bytes, write.bytes(), QUOTA)? {
        return Err(ItemError::Full);
    }
    let item = StoredItem {
        id: write.id,
        version: write.version,
        item_key: write.item_key.clone(),
        content: write.content.clone(),
        updated_at: now,
    };
    if store.put_item(user, &item)? { Ok(()) } else { Err(ItemError::StaleVersion) }
}

/// All items of the session's user.
///
/// # Errors
/// A failing database.
pub fn list(store: &mut dyn Store, session: &Admitted<'_>) -> Result<Vec<ItemRecord>, StoreError> {
    store.items(session.user())?.into_iter().map(render).collect()
}

fn render(item: StoredItem) -> Result<ItemRecord, StoreError> {
    let too_long = || StoreError::Corrupt("an item is too long".to_owned());
    Ok(ItemRecord {
        id: item.id,
        version: item.version,
        item_key: AtMost::new(item.item_key).ok_or_else(too_long)?,
        content: AtMost::new(item.content).ok_or_else(too_long)?,
        updated_at: Some(item.updated_at),
    })
}

/// Deletes an item at this version.
///
/// # Errors
/// See [`ItemError`].
pub fn delete(
    store: &mut dyn Store,
    session: &Admitted<'_>,
    item: ItemId,
    version: u64,
) -> Result<(), ItemError> {
    let user = session.user();
    store.item_revision(user, item)?.ok_or(ItemError::NotFound)?;
    if store.delete_item(user, item, version)? { Ok(()) } else { Err(ItemError::StaleVersion) }
}
