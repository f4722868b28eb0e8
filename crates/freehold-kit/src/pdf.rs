//! PDF, as much of it as one page needs: objects written once and in their order, and numbers that
//! are never floating-point ones. What the operators of a page are, its author knows.
// References are to ISO 32000-1.

use std::ops::{Add, AddAssign, Div, Mul, Sub, SubAssign};

use zeroize::Zeroizing;

/// Thousandths of a unit, which is a point unless the page was scaled: `Milli(13_500)` are 13.5
/// points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Milli(pub i32);

impl Milli {
    pub const ZERO: Self = Self(0);

    pub const fn whole(number: i32) -> Self {
        Self(number * 1000)
    }

    /// What this becomes when `other` becomes `whole`, in proportion.
    pub fn in_proportion(self, other: u16, whole: u16) -> Self {
        let product = self.0 * i32::from(whole);
        Self(product.checked_div(other.into()).unwrap_or_default())
    }
}

impl Add for Milli {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Milli {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Milli {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl SubAssign for Milli {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Mul<i32> for Milli {
    type Output = Self;
    fn mul(self, times: i32) -> Self {
        Self(self.0 * times)
    }
}

impl Div<i32> for Milli {
    type Output = Self;
    fn div(self, parts: i32) -> Self {
        Self(self.0 / parts)
    }
}

/// What is written of a PDF, in memory that is wiped. It does not grow while there is room.
pub struct Writer(Zeroizing<Vec<u8>>);

impl Writer {
    /// Room for so many bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Zeroizing::new(Vec::with_capacity(capacity)))
    }

    pub fn finish(self) -> Zeroizing<Vec<u8>> {
        self.0
    }

    #[inline(never)]
    fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// PDF as it stands.
    pub fn raw(&mut self, pdf: &str) {
        self.bytes(pdf.as_bytes());
    }

    /// Operands and their operator.
    // §7.8.2.
    #[inline(never)]
    pub fn operator(&mut self, operands: &[Milli], name: &str) {
        for operand in operands {
            self.number(*operand);
            self.raw(" ");
        }
        self.raw(name);
        self.raw("\n");
    }

    /// A number, of which a fraction is written as far as it goes.
    // §7.3.3.
    pub fn number(&mut self, number: Milli) {
        if number < Milli::ZERO {
            self.raw("-");
        }
        let thousandths = number.0.unsigned_abs() as usize;
        self.integer(thousandths / 1000);
        let mut fraction = thousandths % 1000;
        if fraction > 0 {
            self.raw(".");
        }
        while fraction > 0 {
            self.integer(fraction / 100);
            fraction = fraction % 100 * 10;
        }
    }

    /// An integer.
    pub fn integer(&mut self, number: usize) {
        if number > 9 {
            self.integer(number / 10);
        }
        self.digit(number % 10);
    }

    /// A digit of a decimal or hexadecimal number.
    #[inline(never)]
    fn digit(&mut self, digit: usize) {
        self.0.extend(b"0123456789ABCDEF".get(digit));
    }

    /// A string. Its parentheses are escaped; one with other bytes than printable ASCII is written
    /// as a hexadecimal one.
    // §7.3.4.
    #[inline(never)]
    pub fn string(&mut self, bytes: &[u8]) {
        if !bytes.iter().all(is_printable) {
            self.raw("<");
            bytes.iter().for_each(|byte| self.hexadecimal(*byte));
            self.raw(">");
            return;
        }
        self.raw("(");
        for byte in bytes {
            if matches!(byte, b'(' | b')' | b'\\') {
                self.raw("\\");
            }
            self.bytes(&[*byte]);
        }
        self.raw(")");
    }

    /// A text string: as it is where `PDFDocEncoding` is ASCII, in UTF-16BE otherwise.
    // §7.9.2.2, annex D.3.
    #[inline(never)]
    pub fn text(&mut self, text: &str) {
        if text.as_bytes().iter().all(is_printable) {
            self.string(text.as_bytes());
            return;
        }
        self.raw("<FEFF");
        for byte in text.encode_utf16().flat_map(u16::to_be_bytes) {
            self.hexadecimal(byte);
        }
        self.raw(">");
    }

    fn hexadecimal(&mut self, byte: u8) {
        self.digit(usize::from(byte >> 4));
        self.digit(usize::from(byte & 15));
    }
}

fn is_printable(byte: &u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// A file: objects that have the numbers 1, 2, 3 in the order in which they are written.
pub struct File {
    writer: Writer,
    /// Where each object begins.
    offsets: Vec<usize>,
}

impl File {
    /// Room for so many bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        let mut writer = Writer::with_capacity(capacity);
        // §7.5.2: by the second line a program knows that this is not a text.
        writer.bytes(b"%PDF-1.7\n%\x80\x80\x80\x80\n");
        Self { writer, offsets: Vec::new() }
    }

    /// The next object.
    // §7.3.10.
    pub fn object(&mut self, write: impl FnOnce(&mut Writer)) {
        self.offsets.push(self.writer.0.len());
        self.writer.integer(self.offsets.len());
        self.writer.raw(" 0 obj\n");
        write(&mut self.writer);
        self.writer.raw("\nendobj\n");
    }

    /// The next object, a stream; `entries` of its dictionary stand beside its length.
    // §7.3.8.
    pub fn stream(&mut self, content: &[u8], entries: impl FnOnce(&mut Writer)) {
        self.object(|writer| {
            writer.raw("<</Length ");
            writer.integer(content.len());
            entries(writer);
            writer.raw(">>\nstream\n");
            writer.bytes(content);
            writer.raw("\nendstream");
        });
    }

    /// The end: where the objects are, and which of them a reader begins with.
    // §7.5.4, §7.5.5.
    pub fn finish(self, trailer: &str) -> Zeroizing<Vec<u8>> {
        let Self { mut writer, offsets } = self;
        let start = writer.0.len();
        let size = offsets.len() + 1;
        writer.raw("xref\n0 ");
        writer.integer(size);
        writer.raw("\n0000000000 65535 f\r\n");
        for offset in offsets {
            let mut unit = 1_000_000_000;
            while unit > 0 {
                writer.digit(offset / unit % 10);
                unit /= 10;
            }
            writer.raw(" 00000 n\r\n");
        }
        writer.raw("trailer\n<</Size ");
        writer.integer(size);
        writer.raw(trailer);
        writer.raw(">>\nstartxref\n");
        writer.integer(start);
        writer.raw("\n%%EOF");
        writer.finish()
    }
}

#[cfg(test)]
mod tests {
    use lopdf::content::Content;
    use lopdf::{Document, Object};

    use super::*;

    fn written(write: impl FnOnce(&mut Writer)) -> String {
        let mut writer = Writer::with_capacity(0);
        write(&mut writer);
        String::from_utf8(writer.finish().to_vec()).unwrap()
    }

    #[test]
    fn numbers_have_as_many_decimals_as_they_need() {
        for (number, text) in [
            (0, "0"),
            (1, "0.001"),
            (50, "0.05"),
            (750, "0.75"),
            (-800, "-0.8"),
            (13_500, "13.5"),
            (17_160, "17.16"),
            (842_000, "842"),
            (-1_000, "-1"),
            (i32::MAX, "2147483.647"),
            (i32::MIN, "-2147483.648"),
        ] {
            assert_eq!(written(|writer| writer.number(Milli(number))), text);
        }
    }

    #[test]
    fn what_keeps_its_proportion_grows_with_it() {
        assert_eq!(Milli(13_500).in_proportion(48, 200), Milli(56_250));
        assert_eq!(Milli(375_000).in_proportion(2048, 96), Milli(17_578));
        assert_eq!(Milli(1).in_proportion(0, 7), Milli::ZERO);
    }

    #[test]
    fn a_text_is_ascii_as_it_is_and_utf_16_otherwise() {
        assert_eq!(written(|writer| writer.text("de-DE (x)")), r"(de-DE \(x\))");
        assert_eq!(written(|writer| writer.text("é字👧")), "<FEFF00E95B57D83DDC67>");
        assert_eq!(written(|writer| writer.text("a\nb")), "<FEFF0061000A0062>");
        assert_eq!(written(|writer| writer.text("")), "()");
    }

    proptest::proptest! {
        #[test]
        fn another_program_reads_the_bytes_that_a_string_was_made_of(bytes: Vec<u8>, text: String) {
            for bytes in [bytes.as_slice(), text.as_bytes()] {
                let content = written(|writer| {
                    writer.string(bytes);
                    writer.operator(&[], "Tj");
                });
                let operations = Content::decode_strict(content.as_bytes()).unwrap().operations;
                proptest::prop_assert_eq!(operations.len(), 1);
                proptest::prop_assert_eq!(operations[0].operands[0].as_str().unwrap(), bytes);
            }
        }

        #[test]
        fn another_program_reads_the_number_that_was_written(number: i32) {
            let content = written(|writer| writer.operator(&[Milli(number)], "w"));
            let operations = Content::decode_strict(content.as_bytes()).unwrap().operations;
            let read = f64::from(operations[0].operands[0].as_float().unwrap());
            let meant = f64::from(number) / 1000.0;
            proptest::prop_assert!((read - meant).abs() <= meant.abs() * 1e-6, "{}", content);
        }
    }

    #[test]
    fn every_object_stands_where_the_table_says() {
        let mut file = File::with_capacity(0);
        file.object(|writer| writer.raw("<</Type/Catalog/Pages 2 0 R>>"));
        file.object(|writer| writer.raw("<</Type/Pages/Kids[]/Count 0>>"));
        file.stream(b"endstream\nxref\n", |entries| entries.raw("/Own true"));
        let pdf = file.finish("/Root 1 0 R").to_vec();
        let end = String::from_utf8_lossy(&pdf[pdf.len() - 40..]).into_owned();
        let start: usize = end.lines().rev().nth(1).unwrap().parse().unwrap();
        let table = std::str::from_utf8(&pdf[start..]).unwrap();
        assert!(table.starts_with("xref\n0 4\n0000000000 65535 f\r\n"), "{table}");
        for (line, number) in table.lines().skip(3).take(3).zip(1..) {
            // §7.5.4: exactly twenty bytes an entry.
            assert!(line.len() == 18 && line.ends_with(" 00000 n"), "{line:?}");
            let offset: usize = line[..10].parse().unwrap();
            assert!(pdf[offset..].starts_with(format!("{number} 0 obj\n").as_bytes()), "{line}");
        }
        let document = Document::load_mem(&pdf).unwrap();
        let stream = document.get_object((3, 0)).unwrap().as_stream().unwrap();
        assert_eq!(stream.content, b"endstream\nxref\n");
        assert_eq!(stream.dict.get(b"Own").unwrap(), &Object::Boolean(true));
    }
}
