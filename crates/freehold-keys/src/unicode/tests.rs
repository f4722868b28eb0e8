use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char as reference;

use super::tables::ENCODED;
use super::{Tables, generate};

fn nfkc(tables: &Tables, text: &str) -> String {
    tables.nfkc(text, usize::MAX).unwrap().iter().collect()
}

#[test]
fn the_tables_are_those_of_unicode_18() {
    assert_eq!(unicode_normalization::UNICODE_VERSION, (18, 0, 0));
    assert_eq!(unicode_properties::UNICODE_VERSION, (18, 0, 0));
    let same = generate::tables() == ENCODED;
    assert!(same, "write them: cargo test -p freehold-keys --lib -- --ignored write_the_tables");
}

#[test]
#[ignore = "writes the tables, for another version of Unicode"]
fn write_the_tables() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/unicode/tables.bin");
    std::fs::write(file, generate::tables()).unwrap();
}

#[test]
fn every_character_is_allowed_or_refused_as_unicode_says() {
    let tables = Tables::read();
    for character in generate::every() {
        let expected = generate::is_allowed(character);
        assert_eq!(tables.is_allowed(character), expected, "{character:?}");
    }
}

#[test]
fn every_character_has_its_class_and_its_normal_form() {
    let tables = Tables::read();
    for character in generate::every() {
        let class = reference::canonical_combining_class(character);
        assert_eq!(tables.class(character), class, "{character:?}");
        let normal = tables.nfkc(character.encode_utf8(&mut [0; 4]), usize::MAX).unwrap();
        assert!(normal.iter().copied().eq([character].into_iter().nfkc()), "{character:?}");
    }
}

#[test]
fn every_two_characters_that_compose_do_and_no_others() {
    let tables = Tables::read();
    let pairs = generate::pairs();
    let mut seconds: Vec<char> = pairs.iter().map(|pair| pair.2).collect();
    seconds.extend(['\u{1160}', '\u{1161}', '\u{1175}', '\u{1176}', '\u{11a7}']);
    seconds.extend(['\u{11a8}', '\u{11c2}', '\u{11c3}', 'a', '\u{344}']);
    seconds.sort_unstable();
    seconds.dedup();
    let mut firsts: Vec<char> = pairs.iter().flat_map(|pair| [pair.0, pair.1]).collect();
    firsts.extend('\u{1100}'..='\u{1113}');
    firsts.extend(['\u{10ff}', '\u{abff}', '\u{ac00}', '\u{ac01}', '\u{ac1c}']);
    firsts.extend(['\u{d788}', '\u{d7a3}', '\u{d7a4}']);
    for &first in &firsts {
        for &second in &seconds {
            let expected = reference::compose(first, second);
            assert_eq!(tables.compose_pair(first, second), expected, "{first:?} {second:?}");
        }
    }
}

#[test]
fn no_character_stands_for_more_than_four() {
    let longest = generate::every().map(|character| generate::canonical(character).len()).max();
    assert_eq!(longest, Some(super::MOST_PARTS));
}

#[test]
fn a_text_that_decomposes_into_too_much_has_no_normal_form() {
    let tables = Tables::read();
    assert!(tables.nfkc("\u{fdfa}", 18).is_some());
    assert!(tables.nfkc("\u{fdfa}", 17).is_none());
    // A syllable is its letters.
    assert!(tables.nfkc("\u{ac01}", 3).is_some());
    assert!(tables.nfkc("\u{ac01}", 2).is_none());
}

#[test]
fn a_mark_is_kept_from_its_letter_by_another_of_its_class_only() {
    let tables = Tables::read();
    // An overline, an acute accent, a dot below: the first two are of one class.
    assert_eq!(nfkc(&tables, "a\u{305}\u{301}"), "a\u{305}\u{301}");
    assert_eq!(nfkc(&tables, "a\u{323}\u{301}"), "\u{1ea1}\u{301}");
    assert_eq!(nfkc(&tables, "a\u{332}\u{301}"), "\u{e1}\u{332}");
}

#[test]
fn a_letter_gives_its_mark_up_for_one_that_comes_first() {
    let tables = Tables::read();
    // \u{e9} is e and an acute accent; a dot below, typed after it, stands before it.
    assert_eq!(nfkc(&tables, "\u{e9}\u{323}"), "\u{1eb9}\u{301}");
    assert_eq!(nfkc(&tables, "\u{1ec7}"), "\u{1ec7}");
    assert_eq!(nfkc(&tables, "\u{ea}\u{323}"), "\u{1ec7}");
}

/// Characters with something to do: pieces of what decomposes, marks, syllables, and any.
fn characters() -> impl Strategy<Value = char> {
    let of = |found: Vec<char>| proptest::sample::select(found);
    let marks = generate::every().filter(|&one| reference::canonical_combining_class(one) != 0);
    let changing = generate::every().filter(|&one| !one.is_ascii() && generate::changes(one));
    let pieces = generate::pairs().into_iter().flat_map(|pair| [pair.0, pair.1, pair.2]);
    prop_oneof![
        of(marks.collect()),
        of(changing.collect()),
        of(pieces.collect()),
        proptest::char::range('\u{1100}', '\u{11ff}'),
        proptest::char::range('\u{ac00}', '\u{d7a3}'),
        any::<char>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_text_has_the_normal_form_of_the_reference(
        text in proptest::collection::vec(characters(), 0..12),
    ) {
        let tables = Tables::read();
        let text: String = text.into_iter().collect();
        let normal = nfkc(&tables, &text);
        prop_assert_eq!(&normal, &text.nfkc().collect::<String>());
        prop_assert_eq!(&nfkc(&tables, &normal), &normal, "a normal form is its own");
        let decomposed: String = text.nfd().collect();
        prop_assert_eq!(&nfkc(&tables, &decomposed), &normal, "whichever way it is spelt");
    }
}
