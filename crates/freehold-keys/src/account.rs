//! An unlocked account.

use freehold_wire::{
    AtMost, CONTENT_TYPE_SECRET, Context, ItemEnvelopes, ItemId, ItemRecord, MAX_COUNTER,
    MAX_ITEM_BYTES, RewrappedItem, Timestamp, VerifiedState,
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::envelope::{self, Binding};
use crate::error::{KeyError, Tampering};
use crate::remembered::Remembered;
use crate::secret::{ItemKey, PersonalKey};
use crate::verify::Opened;

/// An unlocked account. It keeps the personal key only: master key and keyring are wiped as soon
/// as everything is checked. Dropping it locks.
pub struct Account {
    context: Context,
    epoch: u64,
    personal_key: PersonalKey,
    remembered: Remembered,
    changed_at: Timestamp,
    failed_since: u64,
    subject: String,
}

impl Account {
    pub(crate) fn new(opened: &Opened, failed_since: u64) -> Self {
        let state = opened.state.state();
        let context = Context::of_user(state.organization, state.user);
        Self {
            context,
            epoch: state.epoch,
            personal_key: opened.master.derive_personal_key(context, state.epoch),
            remembered: opened.remembered(),
            changed_at: state.time,
            failed_since,
            subject: opened.card.card().subject.clone(),
        }
    }

    /// The account after a change of its key records: the same keys, another state.
    pub(crate) fn after(opened: &Opened, state: &VerifiedState) -> Self {
        let account = Self::new(opened, 0);
        let remembered = Opened::remembered_of(state);
        Self { remembered, changed_at: state.state().time, ..account }
    }

    /// To keep until the next unlock.
    #[must_use]
    pub const fn remembered(&self) -> &Remembered {
        &self.remembered
    }

    /// When the key records last changed, by the clock of the client that changed them.
    #[must_use]
    pub const fn changed_at(&self) -> Timestamp {
        self.changed_at
    }

    /// How many tries failed since the last success, as the server counts.
    #[must_use]
    pub const fn failed_since(&self) -> u64 {
        self.failed_since
    }

    /// The userName that the card shows.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Seals one version of an item with a key of its own.
    ///
    /// # Errors
    /// [`KeyError::ItemTooLarge`]; [`KeyError::BadMessage`] for version 0.
    pub fn seal_item(
        &self,
        item: ItemId,
        version: u64,
        content: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<ItemRecord, KeyError> {
        check_version(version)?;
        if content.len() > MAX_ITEM_BYTES {
            return Err(KeyError::ItemTooLarge);
        }
        let key = ItemKey::make(rng);
        let wrapped = envelope::seal(
            self.personal_key.expose(),
            &self.key_binding(item, version),
            key.expose(),
            rng,
        );
        let sealed = envelope::seal(key.expose(), &self.item_binding(item, version), content, rng);
        Ok(ItemRecord {
            id: item,
            version,
            item_key: AtMost::new(wrapped).expect("an envelope of a key has its length"),
            content: AtMost::new(sealed).expect("the item is within its limit"),
            updated_at: None,
        })
    }

    /// Opens the version of an item that was asked for, not what the record says of itself.
    ///
    /// # Errors
    /// [`KeyError::Tampered`].
    pub fn open_item(
        &self,
        item: ItemId,
        version: u64,
        record: &ItemRecord,
    ) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        check_version(version)?;
        if (record.id, record.version) != (item, version) {
            return Err(Tampering::Item.into());
        }
        let envelopes =
            ItemEnvelopes::parse(&record.item_key, &record.content).map_err(|_| Tampering::Item)?;
        let key = self.open_item_key(item, version, envelopes.item_key())?;
        let content =
            envelope::open(key.expose(), &self.item_binding(item, version), envelopes.content());
        content.map_err(|_| Tampering::Item.into())
    }

    /// Wraps an item's key, which this account's personal key opens, under that of `next`: the
    /// item stays as it is.
    ///
    /// # Errors
    /// [`KeyError::Tampered`] if the key does not open.
    pub(crate) fn rewrap_item(
        &self,
        record: &ItemRecord,
        next: &Self,
        rng: &mut dyn CryptoRng,
    ) -> Result<RewrappedItem, KeyError> {
        let (id, version) = (record.id, record.version);
        check_version(version)?;
        let key = self.open_item_key(id, version, &record.item_key)?;
        let binding = next.key_binding(id, version);
        let wrapped = envelope::seal(next.personal_key.expose(), &binding, key.expose(), rng);
        let item_key = AtMost::new(wrapped).expect("an envelope of a key has its length");
        Ok(RewrappedItem { id, version, item_key })
    }

    fn open_item_key(
        &self,
        item: ItemId,
        version: u64,
        sealed: &[u8],
    ) -> Result<ItemKey, KeyError> {
        let binding = self.key_binding(item, version);
        let key = envelope::open(self.personal_key.expose(), &binding, sealed)
            .map_err(|_| Tampering::Item)?;
        Ok(ItemKey::from_bytes(key.as_slice().try_into().map_err(|_| Tampering::Item)?))
    }

    const fn key_binding(&self, item: ItemId, version: u64) -> Binding {
        Binding::of_item_key(self.context, self.epoch, item, version)
    }

    fn item_binding(&self, item: ItemId, version: u64) -> Binding {
        Binding::of_item(self.context, item, version, CONTENT_TYPE_SECRET)
    }
}

const fn check_version(version: u64) -> Result<(), KeyError> {
    if version >= 1 && version <= MAX_COUNTER { Ok(()) } else { Err(KeyError::BadMessage) }
}
