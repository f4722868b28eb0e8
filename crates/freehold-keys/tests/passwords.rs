//! Passwords of any script: what is one password however it is spelled, and what is refused.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use freehold_keys::{KeyError, MAX_PASSWORD_BYTES, MIN_PASSWORD_BYTES, Password};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

fn parsed(typed: &str) -> Result<String, KeyError> {
    Password::parse(typed.as_bytes())
        .map(|password| String::from_utf8(password.expose().to_vec()).unwrap())
}

/// With enough around it that its length is no matter.
fn within(text: &str) -> Result<String, KeyError> {
    parsed(&format!("a long password {text}"))
        .map(|password| password.strip_prefix("a long password ").unwrap().to_owned())
}

#[test]
fn spellings_of_one_text_are_one_password() {
    for (what, spellings, normalized) in [
        (
            "two marks in either order",
            &["o\u{323}\u{302}", "o\u{302}\u{323}", "\u{1ed9}"][..],
            "\u{1ed9}",
        ),
        ("Hangul", &["\u{1112}\u{1161}\u{11ab}", "\u{d558}\u{11ab}", "\u{d55c}"], "\u{d55c}"),
        // Compatibility letters do not become the last consonant of a syllable.
        ("Hangul letters", &["\u{314e}\u{314f}", "\u{ffbe}\u{ffc2}"], "\u{d558}"),
        ("full width", &["\u{ff21}\u{ff42}\u{ff13}", "Ab3"], "Ab3"),
        ("half width", &["\u{ff76}\u{ff9e}", "\u{30ab}\u{3099}", "\u{30ac}"], "\u{30ac}"),
        ("ligatures", &["\u{fb03}", "ffi"], "ffi"),
        ("Arabic forms", &["\u{fefb}", "\u{fedf}\u{fe8e}", "\u{644}\u{627}"], "\u{644}\u{627}"),
        (
            "Arabic marks",
            &["\u{628}\u{64e}\u{651}", "\u{628}\u{651}\u{64e}"],
            "\u{628}\u{64e}\u{651}",
        ),
        ("a dot above a capital I", &["I\u{307}", "\u{130}"], "\u{130}"),
        ("spaces", &["\u{a0}", "\u{3000}", "\u{2003}", " "], " "),
        ("signs that are letters", &["\u{212b}", "A\u{30a}", "\u{c5}"], "\u{c5}"),
        ("mathematical letters", &["\u{1d429}", "\u{24df}", "p"], "p"),
    ] {
        for spelling in spellings {
            assert_eq!(within(spelling).as_deref(), Ok(normalized), "{what}: {spelling:?}");
        }
    }
}

#[test]
fn what_only_looks_alike_stays_apart() {
    for (one, other) in [
        ("\u{131}", "i"),
        ("\u{130}", "I"),
        ("i\u{307}", "i"),
        ("\u{df}", "ss"),
        ("\u{430}", "a"),
        ("a", "A"),
        ("\u{2019}", "'"),
        ("\u{1f469}\u{200d}\u{1f680}", "\u{1f469}\u{1f680}"),
        ("\u{2764}\u{fe0f}", "\u{2764}"),
        ("\u{1f44d}\u{1f3fd}", "\u{1f44d}"),
        ("\u{5d0}\u{200f}", "\u{5d0}"),
        ("a\u{200b}b", "ab"),
        ("pass\u{ad}word", "password"),
        (" a", "a"),
        ("a ", "a"),
        ("a  b", "a b"),
    ] {
        assert_ne!(within(one).unwrap(), within(other).unwrap(), "{one:?} {other:?}");
    }
}

#[test]
fn lengths_are_counted_after_normalization() {
    // Repeated text, how often it fits at most, and how often it must stand there.
    for (text, fewest, most) in [
        ("a", 12, 1024),
        ("\u{e9}", 6, 512),
        ("e\u{301}", 6, 512),
        ("\u{ff41}", 12, 1024),
        ("\u{212a}", 12, 1024),
        // On the way, these are of 3 and 4 characters in 2 and 3 bytes.
        ("\u{1d5}", 6, 512),
        ("\u{1f82}", 4, 341),
        ("\u{d55c}", 4, 341),
        ("\u{1112}\u{1161}\u{11ab}", 4, 341),
        ("\u{1f469}", 3, 256),
        ("\u{bd}", 3, 204),
        ("\u{fdfa}", 1, 31),
    ] {
        let refused = |times: usize| parsed(&text.repeat(times)).err();
        assert_eq!(refused(fewest), None, "{text:?}");
        assert_eq!(refused(fewest - 1), Some(KeyError::PasswordTooShort), "{text:?}");
        assert_eq!(refused(most), None, "{text:?}");
        assert_eq!(refused(most + 1), Some(KeyError::PasswordTooLong), "{text:?}");
    }
    assert!(parsed(&"x".repeat(1000)).is_ok(), "1000 characters");
}

#[test]
fn control_private_and_noncharacters_are_refused() {
    let controls = ('\0'..='\u{1f}').chain('\u{7f}'..='\u{9f}');
    // A part of them: the tables' own tests look at every character.
    let private = ('\u{e000}'..='\u{f8ff}')
        .step_by(61)
        .chain(('\u{f0000}'..='\u{ffffd}').step_by(997))
        .chain(('\u{100000}'..='\u{10fffd}').step_by(997))
        .chain(['\u{f8ff}', '\u{ffffd}', '\u{10fffd}']);
    let last_two = (0..=16u32).flat_map(|plane| [plane << 16 | 0xfffe, plane << 16 | 0xffff]);
    let nowhere = last_two.filter_map(char::from_u32).chain('\u{fdd0}'..='\u{fdef}');
    // Planes 4 to 13 hold nothing.
    let unassigned = (4..14u32).filter_map(|plane| char::from_u32(plane << 16 | 0x1234));
    let mut refused = 0;
    for bad in controls.chain(private).chain(nowhere).chain(unassigned).chain(['\u{fffd}']) {
        let code = u32::from(bad);
        assert_eq!(within(&bad.to_string()), Err(KeyError::PasswordBadCharacter), "U+{code:04X}");
        refused += 1;
    }
    assert_eq!(refused, 65 + 105 + 2 * 66 + 3 + 34 + 32 + 10 + 1);
    // Refused wherever it stands, and before any other reason.
    for typed in ["\u{fffd}", "\t twelve bytes", "twelve\tbytes and more"] {
        assert_eq!(parsed(typed), Err(KeyError::PasswordBadCharacter), "{typed:?}");
    }
    let long = format!("{}\n", "a".repeat(2000));
    assert_eq!(parsed(&long), Err(KeyError::PasswordBadCharacter));
}

#[test]
fn half_a_character_of_javascript_is_refused_in_every_spelling() {
    // A browser's TextEncoder writes U+FFFD for a lone surrogate; other encoders write it as it is.
    let encoded = String::from_utf16_lossy(&[0x61, 0xd83d, 0x62]);
    assert_eq!(within(&encoded), Err(KeyError::PasswordBadCharacter));
    for bytes in [&b"a long password \xed\xa0\xbd"[..], b"a long password \xed\xa0\xbd\xed\xb1\xa9"]
    {
        assert_eq!(Password::parse(bytes).err(), Some(KeyError::PasswordBadCharacter));
    }
    let whole = String::from_utf16(&[0xd83d, 0xdc69]).unwrap();
    assert_eq!(within(&whole).as_deref(), Ok("\u{1f469}"));
}

proptest! {
    #[test]
    fn every_normal_form_of_a_text_is_the_same_password(text in "\\PC{4,40}") {
        let once = parsed(&text);
        for spelling in [
            text.nfc().collect::<String>(),
            text.nfd().collect(),
            text.nfkc().collect(),
            text.nfkd().collect(),
        ] {
            prop_assert_eq!(&parsed(&spelling), &once, "{:?}", spelling);
        }
    }

    #[test]
    fn what_is_taken_is_normal_and_of_a_good_length(text in "[\\PCa-z\u{300}-\u{315}\u{1100}-\u{11ff}]{4,400}") {
        if let Ok(password) = parsed(&text) {
            prop_assert!((MIN_PASSWORD_BYTES..=MAX_PASSWORD_BYTES).contains(&password.len()));
            prop_assert_eq!(password.nfkc().collect::<String>(), password);
        }
    }

    #[test]
    fn one_bad_character_anywhere_is_enough(
        text in "[a-z \u{e9}\u{d55c}]{12,80}", at: proptest::sample::Index,
        bad in proptest::sample::select(vec!['\u{0}', '\u{9}', '\u{7f}', '\u{9f}', '\u{e000}', '\u{378}', '\u{fffd}', '\u{10ffff}']),
    ) {
        let mut characters: Vec<char> = text.chars().collect();
        characters.insert(at.index(characters.len() + 1), bad);
        let typed: String = characters.into_iter().collect();
        prop_assert_eq!(parsed(&typed), Err(KeyError::PasswordBadCharacter));
    }
}
