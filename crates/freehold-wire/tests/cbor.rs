//! Deterministic CBOR at the borders of its forms.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use freehold_wire::{CborError, CborReader, CborWriter};

fn bytes(hexadecimal: &str) -> Vec<u8> {
    hex::decode(hexadecimal).unwrap()
}

#[test]
fn numbers_are_those_of_the_rfc() {
    // RFC 8949, appendix A, and both sides of every border.
    for (number, encoded) in [
        (0, "00"),
        (1, "01"),
        (10, "0a"),
        (23, "17"),
        (24, "1818"),
        (25, "1819"),
        (100, "1864"),
        (255, "18ff"),
        (256, "190100"),
        (1000, "1903e8"),
        (65_535, "19ffff"),
        (65_536, "1a00010000"),
        (1_000_000, "1a000f4240"),
        (0x1234_5678, "1a12345678"),
        (0xffff_ffff, "1affffffff"),
        (0x1_0000_0000, "1b0000000100000000"),
        (1_000_000_000_000, "1b000000e8d4a51000"),
        (u64::MAX, "1bffffffffffffffff"),
    ] {
        assert_eq!(hex::encode(CborWriter::new().unsigned(number).finish()), encoded);
        let encoded = bytes(encoded);
        let mut reader = CborReader::new(&encoded);
        assert_eq!(reader.unsigned(), Ok(number));
        assert_eq!(reader.end(), Ok(()));
    }
}

#[test]
fn a_number_that_a_shorter_form_holds_is_refused_in_a_longer_one() {
    for longer in [
        "1800",
        "1817",
        "190000",
        "190017",
        "1900ff",
        "1a00000000",
        "1a0000ffff",
        "1b0000000000000000",
        "1b00000000ffffffff",
    ] {
        assert_eq!(CborReader::new(&bytes(longer)).unsigned(), Err(CborError), "{longer}");
    }
}

#[test]
fn lengths_have_one_form_too() {
    for length in [0, 1, 23, 24, 255, 256, 65_535, 65_536] {
        let content = vec![b'a'; length];
        let text = String::from_utf8(content.clone()).unwrap();
        let written = CborWriter::new().bytes(&content).text(&text).array(length).null().finish();
        let mut reader = CborReader::new(&written);
        assert_eq!(reader.bytes(), Ok(&content[..]));
        assert_eq!(reader.text(), Ok(text.as_str()));
        assert_eq!(reader.array(), Ok(length as u64));
        assert_eq!(reader.end(), Err(CborError), "null follows");
        assert_eq!(reader.null(), Ok(()));
        assert_eq!(reader.end(), Ok(()));
    }
    for longer in ["580141", "590001ff", "5a0000000100", "7801 61", "9801 00", "98 17"] {
        let longer = bytes(&longer.replace(' ', ""));
        assert!(CborReader::new(&longer).bytes().is_err(), "{longer:02x?}");
        assert!(CborReader::new(&longer).text().is_err(), "{longer:02x?}");
        assert!(CborReader::new(&longer).array().is_err(), "{longer:02x?}");
    }
}

#[test]
fn one_type_is_not_taken_for_another() {
    // -1, bytes, text, array, map, tag, false, null, undefined, a float, a break.
    for other in ["20", "40", "60", "80", "a0", "c0", "f4", "f6", "f7", "f93c00", "ff"] {
        let other = bytes(other);
        assert!(CborReader::new(&other).unsigned().is_err(), "{other:02x?}");
        assert_eq!(CborReader::new(&other).bytes().is_ok(), other == [0x40]);
        assert_eq!(CborReader::new(&other).text().is_ok(), other == [0x60]);
        assert_eq!(CborReader::new(&other).array().is_ok(), other == [0x80]);
        assert_eq!(CborReader::new(&other).null().is_ok(), other == [0xf6]);
    }
    for indefinite in ["1f", "5f40ff", "7f60ff", "9fff"] {
        let indefinite = bytes(indefinite);
        assert!(CborReader::new(&indefinite).unsigned().is_err());
        assert!(CborReader::new(&indefinite).bytes().is_err());
        assert!(CborReader::new(&indefinite).text().is_err());
        assert!(CborReader::new(&indefinite).array().is_err());
    }
}

#[test]
fn what_is_cut_off_is_refused() {
    for whole in ["18ff", "19ffff", "1affffffff", "1bffffffffffffffff", "43616263", "63616263"] {
        let whole = bytes(whole);
        for end in 0..whole.len() {
            let cut = &whole[..end];
            assert!(CborReader::new(cut).unsigned().is_err(), "{cut:02x?}");
            assert!(CborReader::new(cut).bytes().is_err(), "{cut:02x?}");
            assert!(CborReader::new(cut).text().is_err(), "{cut:02x?}");
        }
    }
    // A length beyond all memory is not reserved.
    assert!(CborReader::new(&bytes("5bffffffffffffffff00")).bytes().is_err());
    assert!(CborReader::new(&[]).null().is_err());
    assert_eq!(CborReader::new(&[]).end(), Ok(()));
}

#[test]
fn arrays_and_byte_strings_have_the_length_that_was_asked_for() {
    let array = CborWriter::new().array(4).finish();
    assert_eq!(CborReader::new(&array).array_of(4), Ok(()));
    assert_eq!(CborReader::new(&array).array_of(5), Err(CborError));
    let string = CborWriter::new().bytes(&[7; 32]).finish();
    assert_eq!(CborReader::new(&string).exactly::<32>(), Ok([7; 32]));
    assert_eq!(CborReader::new(&string).exactly::<31>(), Err(CborError));
    assert!(CborReader::new(&bytes("62c328")).text().is_err(), "not UTF-8");
}
