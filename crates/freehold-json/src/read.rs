//! Reading.

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::JsonError;

/// What no message knows is passed over; nested deeper than this, it is refused.
const MAX_DEPTH: u32 = 64;

/// Reads a message.
///
/// # Errors
/// [`JsonError`].
pub fn read<T: DeserializeOwned>(json: &str) -> Result<T, JsonError> {
    let mut reader = Reader { rest: json };
    let message = T::deserialize(&mut reader)?;
    reader.skip_space();
    if reader.rest.is_empty() { Ok(message) } else { Err(JsonError) }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    #[inline(never)]
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    /// What stands here after white space, without taking it.
    fn peek(&mut self) -> Option<u8> {
        self.skip_space();
        self.rest.as_bytes().first().copied()
    }

    #[inline(never)]
    fn take(&mut self, what: &str) -> Result<(), JsonError> {
        self.skip_space();
        self.rest = self.rest.strip_prefix(what).ok_or(JsonError)?;
        Ok(())
    }

    /// Whether another member follows in what `end` closes. `first`: it may follow without a comma, once.
    #[inline(never)]
    fn next(&mut self, first: &mut bool, end: &str) -> Result<bool, JsonError> {
        let first = std::mem::replace(first, false);
        if self.take(end).is_ok() {
            return Ok(false);
        }
        if !first {
            self.take(",")?;
        }
        Ok(true)
    }

    #[inline(never)]
    fn boolean(&mut self) -> Result<bool, JsonError> {
        if self.take("true").is_ok() {
            return Ok(true);
        }
        self.take("false").map(|()| false)
    }

    /// A whole number, not below zero, without fraction or exponent.
    #[inline(never)]
    fn number(&mut self) -> Result<u64, JsonError> {
        self.skip_space();
        let after = self.rest.trim_start_matches(|character: char| character.is_ascii_digit());
        let digits = self.rest.strip_suffix(after).ok_or(JsonError)?;
        let padded = digits.len() > 1 && digits.starts_with('0');
        if digits.is_empty() || padded || after.starts_with(['.', 'e', 'E']) {
            return Err(JsonError);
        }
        self.rest = after;
        let add = |number: u64, digit| number.checked_mul(10)?.checked_add(u64::from(digit - b'0'));
        digits.bytes().try_fold(0, add).ok_or(JsonError)
    }

    #[inline(never)]
    fn string(&mut self) -> Result<String, JsonError> {
        self.take("\"")?;
        let mut text = String::new();
        loop {
            let mut characters = self.rest.chars();
            let character = characters.next().ok_or(JsonError)?;
            self.rest = characters.as_str();
            match character {
                '"' => return Ok(text),
                '\\' => text.push(self.escape()?),
                '\0'..='\x1f' => return Err(JsonError),
                _ => text.push(character),
            }
        }
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Result<char, JsonError> {
        let mut characters = self.rest.chars();
        let character = characters.next().ok_or(JsonError)?;
        self.rest = characters.as_str();
        Ok(match character {
            '"' | '\\' | '/' => character,
            'b' => '\x08',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let unit = self.unit()?;
                let code = match unit {
                    0xd800..0xdc00 => {
                        self.rest = self.rest.strip_prefix("\\u").ok_or(JsonError)?;
                        let low = self.unit()?.checked_sub(0xdc00).ok_or(JsonError)?;
                        if low >= 0x400 {
                            return Err(JsonError);
                        }
                        0x10000 + ((unit - 0xd800) << 10) + low
                    }
                    _ => unit,
                };
                char::from_u32(code).ok_or(JsonError)?
            }
            _ => return Err(JsonError),
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Result<u32, JsonError> {
        let (digits, rest) = self.rest.split_at_checked(4).ok_or(JsonError)?;
        self.rest = rest;
        let add = |unit, digit: char| Some(unit << 4 | digit.to_digit(16)?);
        digits.chars().try_fold(0, add).ok_or(JsonError)
    }

    /// Passes over any value.
    #[inline(never)]
    fn skip(&mut self, depth: u32) -> Result<(), JsonError> {
        let mut first = true;
        match self.peek().ok_or(JsonError)? {
            b'{' | b'[' if depth == 0 => Err(JsonError),
            b'{' => {
                self.take("{")?;
                while self.next(&mut first, "}")? {
                    self.string()?;
                    self.take(":")?;
                    self.skip(depth - 1)?;
                }
                Ok(())
            }
            b'[' => {
                self.take("[")?;
                while self.next(&mut first, "]")? {
                    self.skip(depth - 1)?;
                }
                Ok(())
            }
            b'"' => self.string().map(|_| ()),
            b't' | b'f' => self.boolean().map(|_| ()),
            b'n' => self.take("null"),
            _ => self.skip_number(),
        }
    }

    /// Passes over a number of any kind.
    fn skip_number(&mut self) -> Result<(), JsonError> {
        let _ = self.take("-");
        if self.rest.strip_prefix('0').map(|rest| self.rest = rest).is_none() {
            self.skip_digits()?;
        }
        if let Some(rest) = self.rest.strip_prefix('.') {
            self.rest = rest;
            self.skip_digits()?;
        }
        if let Some(rest) = self.rest.strip_prefix(['e', 'E']) {
            self.rest = rest.strip_prefix(['+', '-']).unwrap_or(rest);
            self.skip_digits()?;
        }
        Ok(())
    }

    fn skip_digits(&mut self) -> Result<(), JsonError> {
        let after = self.rest.trim_start_matches(|character: char| character.is_ascii_digit());
        if after.len() == self.rest.len() {
            return Err(JsonError);
        }
        self.rest = after;
        Ok(())
    }
}

/// The members of an object, or the elements of an array.
struct Members<'r, 'a> {
    reader: &'r mut Reader<'a>,
    first: bool,
}

impl<'de> MapAccess<'de> for Members<'_, '_> {
    type Error = JsonError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, JsonError> {
        if !self.reader.next(&mut self.first, "}")? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, JsonError> {
        self.reader.take(":")?;
        seed.deserialize(&mut *self.reader)
    }
}

impl<'de> SeqAccess<'de> for Members<'_, '_> {
    type Error = JsonError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, JsonError> {
        if !self.reader.next(&mut self.first, "]")? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

macro_rules! refuse {
    ($($method:ident)+) => {$(
        fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, JsonError> {
            Err(JsonError)
        }
    )+};
}

macro_rules! whole_numbers {
    ($($method:ident)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
            visitor.visit_u64(self.number()?)
        }
    )+};
}

impl<'de> Deserializer<'de> for &mut Reader<'_> {
    type Error = JsonError;

    whole_numbers! { deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        visitor.visit_bool(self.boolean()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        visitor.visit_str(&self.string()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        visitor.visit_string(self.string()?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        if self.take("null").is_ok() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.take("[")?;
        // The visitor of a vector goes on to the end.
        visitor.visit_seq(Members { reader: self, first: true })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        self.take("{")?;
        // The visitor of a struct goes on to the end.
        visitor.visit_map(Members { reader: self, first: true })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.skip(MAX_DEPTH)?;
        visitor.visit_unit()
    }

    refuse! {
        deserialize_any deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_f32 deserialize_f64 deserialize_char deserialize_bytes deserialize_byte_buf
        deserialize_unit deserialize_map
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: V,
    ) -> Result<V::Value, JsonError> {
        Err(JsonError)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, JsonError> {
        Err(JsonError)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        _: V,
    ) -> Result<V::Value, JsonError> {
        Err(JsonError)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, JsonError> {
        Err(JsonError)
    }
}
