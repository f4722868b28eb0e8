//! The part of deterministic CBOR that statements use: unsigned integers, byte and text strings,
//! arrays and null, each in its only encoding.
//!
//! Written out here instead of taken from a general library because the reader has to refuse
//! everything else: longer forms of a length, indefinite lengths, tags, maps, other simple values,
//! bytes after the end.
// RFC 8949 §4.2.1: core deterministic encoding requirements.

/// Bytes that are not the deterministic CBOR that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the expected deterministic CBOR")]
pub struct CborError;

const UNSIGNED: u8 = 0;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const NULL: u8 = 0xf6;

/// Writes items one after the other.
#[derive(Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// An empty writer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins an array of `length` items, which follow.
    pub fn array(&mut self, length: usize) -> &mut Self {
        self.head(ARRAY, length as u64)
    }

    /// An unsigned integer.
    pub fn unsigned(&mut self, value: u64) -> &mut Self {
        self.head(UNSIGNED, value)
    }

    /// A byte string.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.head(BYTES, value.len() as u64);
        self.0.extend_from_slice(value);
        self
    }

    /// A text string.
    pub fn text(&mut self, value: &str) -> &mut Self {
        self.head(TEXT, value.len() as u64);
        self.0.extend_from_slice(value.as_bytes());
        self
    }

    /// Null.
    pub fn null(&mut self) -> &mut Self {
        self.0.push(NULL);
        self
    }

    /// Bytes that are already an encoded item.
    pub(crate) fn raw(&mut self, encoded: &[u8]) -> &mut Self {
        self.0.extend_from_slice(encoded);
        self
    }

    /// All that was written.
    #[must_use]
    pub fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }

    fn head(&mut self, major: u8, value: u64) -> &mut Self {
        let initial = major << 5;
        if let Ok(small) = u8::try_from(value) {
            if small < 24 {
                self.0.push(initial | small);
            } else {
                self.0.extend_from_slice(&[initial | 24, small]);
            }
        } else if let Ok(short) = u16::try_from(value) {
            self.0.push(initial | 25);
            self.0.extend_from_slice(&short.to_be_bytes());
        } else if let Ok(word) = u32::try_from(value) {
            self.0.push(initial | 26);
            self.0.extend_from_slice(&word.to_be_bytes());
        } else {
            self.0.push(initial | 27);
            self.0.extend_from_slice(&value.to_be_bytes());
        }
        self
    }
}

/// Reads items one after the other and refuses every encoding but the shortest.
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// A reader of `bytes`.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Begins an array and says how many items follow.
    ///
    /// # Errors
    /// If an array does not stand here.
    pub fn array(&mut self) -> Result<u64, CborError> {
        self.head(ARRAY)
    }

    /// Begins an array of exactly `length` items.
    ///
    /// # Errors
    /// If an array of that length does not stand here.
    pub fn array_of(&mut self, length: u64) -> Result<(), CborError> {
        if self.array()? == length { Ok(()) } else { Err(CborError) }
    }

    /// An unsigned integer.
    ///
    /// # Errors
    /// If one does not stand here.
    pub fn unsigned(&mut self) -> Result<u64, CborError> {
        self.head(UNSIGNED)
    }

    /// A byte string.
    ///
    /// # Errors
    /// If one does not stand here.
    pub fn bytes(&mut self) -> Result<&'a [u8], CborError> {
        let length = self.head(BYTES)?;
        self.take(length)
    }

    /// A byte string of exactly `N` bytes.
    ///
    /// # Errors
    /// If one does not stand here.
    pub fn exactly<const N: usize>(&mut self) -> Result<[u8; N], CborError> {
        self.bytes()?.try_into().map_err(|_| CborError)
    }

    /// A text string.
    ///
    /// # Errors
    /// If one does not stand here, or it is not UTF-8.
    pub fn text(&mut self) -> Result<&'a str, CborError> {
        let length = self.head(TEXT)?;
        std::str::from_utf8(self.take(length)?).map_err(|_| CborError)
    }

    /// Null.
    ///
    /// # Errors
    /// If it does not stand here.
    pub fn null(&mut self) -> Result<(), CborError> {
        if self.take(1)? == [NULL] { Ok(()) } else { Err(CborError) }
    }

    /// The end of the bytes.
    ///
    /// # Errors
    /// If more follow.
    pub fn end(&self) -> Result<(), CborError> {
        if self.0.is_empty() { Ok(()) } else { Err(CborError) }
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], CborError> {
        let length = usize::try_from(length).map_err(|_| CborError)?;
        let (taken, rest) = self.0.split_at_checked(length).ok_or(CborError)?;
        self.0 = rest;
        Ok(taken)
    }

    fn head(&mut self, major: u8) -> Result<u64, CborError> {
        let (&initial, rest) = self.0.split_first().ok_or(CborError)?;
        self.0 = rest;
        if initial >> 5 != major {
            return Err(CborError);
        }
        let (width, smallest) = match initial & 0x1f {
            small @ 0..24 => return Ok(u64::from(small)),
            24 => (1, 24),
            25 => (2, 1 << 8),
            26 => (4, 1 << 16),
            27 => (8, 1 << 32),
            _ => return Err(CborError),
        };
        let value = self.take(width)?.iter().fold(0, |value, &byte| value << 8 | u64::from(byte));
        // A number that a shorter form could hold has two spellings; only the shorter is one.
        if value < smallest { Err(CborError) } else { Ok(value) }
    }
}
