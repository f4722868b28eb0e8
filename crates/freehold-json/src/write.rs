//! Writing.

use serde::ser::{Impossible, Serialize, SerializeSeq, SerializeStruct, Serializer};

use super::JsonError;

/// Writes a message.
///
/// # Errors
/// [`JsonError`] for what no message is made of.
pub fn write<T: Serialize>(message: &T) -> Result<String, JsonError> {
    let mut writer = Writer { text: String::new() };
    message.serialize(&mut writer)?;
    Ok(writer.text)
}

struct Writer {
    text: String,
}

impl Writer {
    #[inline(never)]
    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    #[inline(never)]
    fn string(&mut self, text: &str) {
        self.put("\"");
        for character in text.chars() {
            match character {
                '"' => self.put("\\\""),
                '\\' => self.put("\\\\"),
                '\x08' => self.put("\\b"),
                '\x0c' => self.put("\\f"),
                '\n' => self.put("\\n"),
                '\r' => self.put("\\r"),
                '\t' => self.put("\\t"),
                '\0'..='\x1f' => {
                    self.put("\\u00");
                    self.text.push(if character < '\x10' { '0' } else { '1' });
                    let low = char::from_digit(u32::from(character) & 15, 16);
                    self.text.push(low.expect("below 16"));
                }
                _ => self.text.push(character),
            }
        }
        self.put("\"");
    }

    #[inline(never)]
    fn number(&mut self, number: u64) {
        let mut digits = [0; 20];
        let mut rest = number;
        let mut length = 0;
        for digit in digits.iter_mut().rev() {
            *digit = rest % 10;
            rest /= 10;
            length += 1;
            if rest == 0 {
                break;
            }
        }
        let written = digits.iter().rev().take(length).rev();
        self.text.extend(written.filter_map(|&digit| char::from_digit(digit.try_into().ok()?, 10)));
    }
}

/// The members of an object, or the elements of an array.
struct Members<'w> {
    writer: &'w mut Writer,
    /// What stands before the next one.
    before: &'static str,
    end: &'static str,
}

impl<'w> Members<'w> {
    fn new(writer: &'w mut Writer, before: &'static str, end: &'static str) -> Self {
        Self { writer, before, end }
    }

    #[inline(never)]
    fn begin(&mut self) {
        self.writer.put(self.before);
        self.before = ",";
    }

    #[inline(never)]
    fn finish(self) -> Result<(), JsonError> {
        // Nothing was written: the bracket is still to come.
        if self.before != "," {
            self.writer.put(self.before);
        }
        self.writer.put(self.end);
        Ok(())
    }
}

impl SerializeSeq for Members<'_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        self.begin();
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), JsonError> {
        self.finish()
    }
}

impl SerializeStruct for Members<'_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        self.begin();
        self.writer.string(key);
        self.writer.put(":");
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), JsonError> {
        self.finish()
    }
}

macro_rules! refuse {
    ($($method:ident $kind:ty,)+) => {$(
        fn $method(self, _: $kind) -> Result<(), JsonError> {
            Err(JsonError)
        }
    )+};
}

macro_rules! whole_numbers {
    ($($method:ident $kind:ty,)+) => {$(
        fn $method(self, number: $kind) -> Result<(), JsonError> {
            self.number(number.into());
            Ok(())
        }
    )+};
}

impl<'w> Serializer for &'w mut Writer {
    type Ok = ();
    type Error = JsonError;
    type SerializeSeq = Members<'w>;
    type SerializeStruct = Members<'w>;
    type SerializeTuple = Impossible<(), JsonError>;
    type SerializeTupleStruct = Impossible<(), JsonError>;
    type SerializeTupleVariant = Impossible<(), JsonError>;
    type SerializeMap = Impossible<(), JsonError>;
    type SerializeStructVariant = Impossible<(), JsonError>;

    whole_numbers! { serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64, }

    fn serialize_bool(self, value: bool) -> Result<(), JsonError> {
        self.put(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Result<(), JsonError> {
        self.string(text);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), JsonError> {
        self.put("null");
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), JsonError> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Members<'w>, JsonError> {
        Ok(Members::new(self, "[", "]"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members<'w>, JsonError> {
        Ok(Members::new(self, "{", "}"))
    }

    refuse! {
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64,
        serialize_f32 f32, serialize_f64 f64, serialize_char char, serialize_bytes &[u8],
        serialize_unit_struct &'static str,
    }

    fn serialize_unit(self) -> Result<(), JsonError> {
        Err(JsonError)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
    ) -> Result<(), JsonError> {
        Err(JsonError)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), JsonError> {
        Err(JsonError)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, JsonError> {
        Err(JsonError)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, JsonError> {
        Err(JsonError)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, JsonError> {
        Err(JsonError)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, JsonError> {
        Err(JsonError)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, JsonError> {
        Err(JsonError)
    }
}
