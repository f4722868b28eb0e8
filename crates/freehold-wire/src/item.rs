//! What the server can check of an item: the forms of its two envelopes.

use crate::envelope::{Envelope, EnvelopeType, PREFIX_BYTES, TAG_BYTES};

/// The longest item: 1 MiB.
pub const MAX_ITEM_BYTES: usize = 1 << 20;

/// [`crate::padded_length`] of the longest item and its end mark; a test holds them together.
pub(crate) const MAX_PADDED_BYTES: usize = 1_081_344;

/// The longest envelope of an item.
pub const MAX_CONTENT_BYTES: usize = PREFIX_BYTES + MAX_PADDED_BYTES + TAG_BYTES;

/// Content type of a personal secret.
pub const CONTENT_TYPE_SECRET: u16 = 1;

/// Why an item was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ItemRefusal {
    /// The item key is not in an envelope of type 9.
    #[error("the item key is not an envelope of type 9")]
    ItemKey,
    /// The content is not in an envelope of type 7, or is too long.
    #[error("the content is not an envelope of type 7 with a possible length")]
    Content,
}

/// The two envelopes of an item, with the right forms.
#[derive(Clone, Copy, Debug)]
pub struct ItemEnvelopes<'a> {
    item_key: &'a [u8],
    content: &'a [u8],
}

impl<'a> ItemEnvelopes<'a> {
    /// Checks both forms: types, lengths, the limit.
    ///
    /// # Errors
    /// [`ItemRefusal`].
    pub fn parse(item_key: &'a [u8], content: &'a [u8]) -> Result<Self, ItemRefusal> {
        Envelope::parse(item_key, EnvelopeType::PersonalItemKey)
            .map_err(|_| ItemRefusal::ItemKey)?;
        Envelope::parse(content, EnvelopeType::Item).map_err(|_| ItemRefusal::Content)?;
        Ok(Self { item_key, content })
    }

    /// The envelope of type 9, which holds the item key.
    #[must_use]
    pub const fn item_key(&self) -> &'a [u8] {
        self.item_key
    }

    /// The envelope of type 7, which holds the padded item.
    #[must_use]
    pub const fn content(&self) -> &'a [u8] {
        self.content
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_the_longest_item_padded() {
        assert_eq!(crate::padded_length(MAX_ITEM_BYTES + 1), Some(MAX_PADDED_BYTES));
    }
}
