//! Padding of items: their length is seen only in steps.

use freehold_wire::{MAX_ITEM_BYTES, TAG_BYTES, padded_length};
use zeroize::Zeroize as _;

const END: u8 = 0x80;

/// `content | 0x80`, then zeros up to [`padded_length`]. Has room for a tag behind it.
#[must_use]
pub fn pad(content: &[u8]) -> Vec<u8> {
    let length = padded_length(content.len() + 1).expect("content fits in memory with its padding");
    let mut padded = Vec::with_capacity(length + TAG_BYTES);
    padded.extend_from_slice(content);
    padded.push(END);
    padded.resize(length, 0);
    padded
}

/// Takes the padding off, in place; nothing if it is not the one that [`pad`] writes, or the item
/// is longer than an item may be.
#[must_use]
pub fn unpad(padded: &mut Vec<u8>) -> Option<()> {
    let end = padded.iter().rposition(|&byte| byte != 0)?;
    let right = padded.get(end) == Some(&END)
        && end <= MAX_ITEM_BYTES
        && padded_length(end + 1) == Some(padded.len());
    if !right {
        return None;
    }
    padded.get_mut(end..)?.zeroize();
    padded.truncate(end);
    Some(())
}
