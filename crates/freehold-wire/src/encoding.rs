//! Hashes, base64url in JSON with the limit in the type, and the bound on counters.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// Epochs, sequence numbers, versions and times are at most this, so that JSON readers which keep
/// numbers as IEEE 754 doubles read them exactly.
// RFC 8259 §6: integers up to 2^53 - 1 are interoperable.
pub const MAX_COUNTER: u64 = (1 << 53) - 1;

/// SHA-256 of `bytes`.
#[must_use]
pub fn hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 of the parts joined.
#[must_use]
pub fn hash_parts(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// base64url without padding.
// RFC 4648 §5.
#[must_use]
pub fn encode_base64url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
    for group in bytes.chunks(3) {
        let mut three = [0; 3];
        three.iter_mut().zip(group).for_each(|(to, from)| *to = *from);
        let [a, b, c] = three;
        let bits = u32::from_be_bytes([0, a, b, c]);
        let digits = [18, 12, 6, 0].map(|shift| base64url_digit(bits >> shift & 63));
        text.extend(digits.iter().take(group.len() + 1));
    }
    text
}

/// Decodes base64url without padding of at most `limit` bytes. One value has one spelling: bits
/// left over in the last character must be zero.
#[must_use]
pub fn decode_base64url(text: &str, limit: usize) -> Option<Vec<u8>> {
    if text.len() > limit.saturating_add(2) / 3 * 4 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len().div_ceil(4) * 3);
    for group in text.as_bytes().chunks(4) {
        let mut bits = 0;
        for &digit in group {
            bits = bits << 6 | base64url_value(digit)?;
        }
        let [_, three @ ..] = (bits << (6 * (4 - group.len()))).to_be_bytes();
        // A digit alone is no byte.
        let (whole, left_over) = three.split_at_checked(group.len().checked_sub(2)? + 1)?;
        if left_over.iter().any(|&byte| byte != 0) {
            return None;
        }
        bytes.extend_from_slice(whole);
    }
    (bytes.len() <= limit).then_some(bytes)
}

fn base64url_digit(value: u32) -> char {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    digits.get(value as usize).copied().map_or('_', char::from)
}

fn base64url_value(digit: u8) -> Option<u32> {
    let value = match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    };
    Some(value.into())
}

/// Exactly `N` bytes; base64url in JSON.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Exact<const N: usize>(pub [u8; N]);

impl<const N: usize> Exact<N> {
    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> std::fmt::Debug for Exact<N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&encode_base64url(&self.0))
    }
}

impl<const N: usize> From<[u8; N]> for Exact<N> {
    fn from(bytes: [u8; N]) -> Self {
        Self(bytes)
    }
}

impl<const N: usize> Serialize for Exact<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&encode_base64url(&self.0))
    }
}

impl<'de, const N: usize> Deserialize<'de> for Exact<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        decode_base64url(&text, N)
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom(format_args!("not base64url of {N} bytes")))
    }
}

/// At most `MAX` bytes; base64url in JSON.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AtMost<const MAX: usize>(Vec<u8>);

impl<const MAX: usize> AtMost<MAX> {
    /// Takes the bytes if they are few enough.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        (bytes.len() <= MAX).then_some(Self(bytes))
    }

    /// The bytes, given away.
    #[must_use]
    pub fn into_vec(self) -> Vec<u8> {
        self.0
    }
}

impl<const MAX: usize> std::ops::Deref for AtMost<MAX> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl<const MAX: usize> std::fmt::Debug for AtMost<MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl<const MAX: usize> Serialize for AtMost<MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&encode_base64url(&self.0))
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for AtMost<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        decode_base64url(&text, MAX).map(Self).ok_or_else(|| {
            serde::de::Error::custom(format_args!("not base64url of at most {MAX} bytes"))
        })
    }
}

/// Reads an epoch, sequence number or version: 1 to [`MAX_COUNTER`].
pub(crate) fn counter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let value = u64::deserialize(deserializer)?;
    if is_counter(value) {
        Ok(value)
    } else {
        Err(serde::de::Error::custom("not a number from 1 to 2^53 - 1"))
    }
}

/// Whether a number may be an epoch, sequence number or version.
pub(crate) const fn is_counter(value: u64) -> bool {
    value >= 1 && value <= MAX_COUNTER
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn base64url_has_one_spelling_and_a_limit() {
        assert_eq!(decode_base64url("_-8", 2).as_deref(), Some(&[0xff, 0xef][..]));
        assert_eq!(decode_base64url("_-8", 1), None, "too long");
        assert_eq!(decode_base64url("_-8=", 4), None, "padded");
        assert_eq!(decode_base64url("_-9", 4), None, "left-over bits");
        assert_eq!(decode_base64url("/+8", 4), None, "the other alphabet");
        assert_eq!(decode_base64url("_ -8", 4), None, "space");
        assert_eq!(decode_base64url("", 0).as_deref(), Some(&[][..]));
    }

    #[test]
    fn exact_bytes_refuse_one_more_and_one_less() {
        assert!(serde_json::from_str::<Exact<2>>("\"_-8\"").is_ok());
        assert!(serde_json::from_str::<Exact<1>>("\"_-8\"").is_err());
        assert!(serde_json::from_str::<Exact<3>>("\"_-8\"").is_err());
        assert!(serde_json::from_str::<AtMost<2>>("\"_-8\"").is_ok());
        assert!(serde_json::from_str::<AtMost<1>>("\"_-8\"").is_err());
    }
    proptest! {
        #[test]
        fn bytes_are_written_as_rfc_4648_says_and_come_back(bytes in any::<Vec<u8>>()) {
            let text = encode_base64url(&bytes);
            prop_assert_eq!(&text, &URL_SAFE_NO_PAD.encode(&bytes));
            prop_assert_eq!(decode_base64url(&text, bytes.len()), Some(bytes));
        }

        #[test]
        fn what_is_not_base64url_is_refused(text in "[A-Za-z0-9_=+/ é-]{0,9}|[A-Za-z0-9_-]{0,9}") {
            prop_assert_eq!(decode_base64url(&text, 9), URL_SAFE_NO_PAD.decode(&text).ok());
        }
    }
}
