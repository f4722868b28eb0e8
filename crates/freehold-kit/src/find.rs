//! A code, or 24 numbered words, found in what somebody gives back: the PDF of this crate, a text
//! file, the text that a PDF reader copies.

use std::borrow::Cow;

use zeroize::{Zeroize as _, Zeroizing};

use crate::kit::{CODE_BYTES, WORDS, is_code};

/// More is not looked at: a kit is far smaller.
pub const MAX_GIVEN_BYTES: usize = 4 << 20;

/// The last code in lower case, without what separated its letters; else the 24 words with spaces
/// between them, of each number the last. Whether it is right is not judged here. The last, because
/// in a kit the names of the account, which others choose, stand above code and words.
#[must_use]
pub fn find(given: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if given.len() > MAX_GIVEN_BYTES {
        return None;
    }
    let mut text =
        if given.starts_with(b"%PDF-") { Cow::Owned(strings(given)) } else { Cow::Borrowed(given) };
    let found = find_code(&text).or_else(|| find_words(&text));
    if let Cow::Owned(text) = &mut text {
        text.zeroize();
    }
    found
}

/// The literal strings of a PDF, a line each. Enough for the PDF of this crate, whose page is not
/// compressed; not a reader of PDF.
// ISO 32000-1 §7.3.4.2.
fn strings(pdf: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(pdf.len());
    let mut depth = 0_usize;
    let mut bytes = pdf.iter();
    while let Some(&byte) = bytes.next() {
        match (depth, byte) {
            (0, b'(') => depth = 1,
            (0, _) => {}
            (_, b'\\') => text.extend(bytes.next()),
            (1, b')') => {
                text.push(b'\n');
                depth = 0;
            }
            (_, byte) => {
                depth = match byte {
                    b'(' => depth + 1,
                    b')' => depth - 1,
                    _ => depth,
                };
                text.push(byte);
            }
        }
    }
    text
}

fn find_code(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    // Beyond ASCII there are only other hyphens and spaces, which separate as the usual ones do.
    let is_kept = |byte: &u8| byte.is_ascii_graphic() && *byte != b'-';
    let mut compact = Zeroizing::new(Vec::with_capacity(text.len()));
    compact.extend(text.iter().filter(|byte| is_kept(byte)).map(u8::to_ascii_lowercase));
    let code = compact.windows(CODE_BYTES).rfind(|window| is_code(window))?;
    Some(Zeroizing::new(code.to_vec()))
}

/// `1. word` to `24. word`, in whatever order: a reader may copy a table by rows or by columns.
fn find_words(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut words: [Option<&[u8]>; WORDS] = [None; WORDS];
    let mut rest = text;
    let mut before = b' ';
    while let Some((&byte, after)) = rest.split_first() {
        if !before.is_ascii_alphanumeric()
            && let Some((number, word)) = numbered(rest)
            && let Some(slot) = number.checked_sub(1).and_then(|index| words.get_mut(index))
        {
            *slot = Some(word);
        }
        before = byte;
        rest = after;
    }
    let mut found = Zeroizing::new(Vec::with_capacity(WORDS * 9));
    for word in words {
        if !found.is_empty() {
            found.push(b' ');
        }
        found.extend(word?.iter().map(u8::to_ascii_lowercase));
    }
    Some(found)
}

/// A number, a full stop and a word, at the beginning of the text.
fn numbered(text: &[u8]) -> Option<(usize, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = text.split_at_checked(digits).filter(|_| (1..=2).contains(&digits))?;
    let number = number.iter().fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0'));
    let rest = rest.strip_prefix(b".")?.trim_ascii_start();
    let letters = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let word = rest.get(..letters).filter(|word| (3..=8).contains(&word.len()))?;
    Some((number, word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{CODE, WORDS_TEXT, numbered_words};

    fn found(text: &str) -> Option<String> {
        find(text.as_bytes()).map(|found| String::from_utf8(found.to_vec()).unwrap())
    }

    #[test]
    fn a_code_is_found_however_it_was_copied() {
        let groups: Vec<&str> = (0..16).map(|at| &CODE[at * 4..at * 4 + 4]).collect();
        for text in [
            CODE.to_owned(),
            CODE.to_uppercase(),
            format!("My kit\r\n\r\n  {}  \r\nend", groups.join(" ")),
            format!("Recovery code{}\nthen more", groups.join("-")),
            groups.chunks(4).map(|line| line.join("\u{a0}")).collect::<Vec<_>>().join("\n"),
            groups.join("\u{2011}"),
        ] {
            assert_eq!(found(&text).as_deref(), Some(CODE), "{text}");
        }
    }

    #[test]
    fn a_mistyped_code_and_another_text_hold_none() {
        for text in [
            "",
            "a shopping list",
            "fhrec1",
            &CODE[..63],
            &CODE.replace("fhrec1", "fhrek1"),
            &format!("{}b", &CODE[..63]),
            &format!("{}1", &CODE[..63]),
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn words_are_put_in_their_order_by_their_numbers() {
        let words = numbered_words();
        assert_eq!(found(&words.join("\n")).as_deref(), Some(WORDS_TEXT));
        // Six rows of four columns, read by rows.
        let rows: Vec<String> = (0..6)
            .map(|row| (0..4).map(|column| words[column * 6 + row].clone()).collect())
            .map(|cells: Vec<String>| cells.join("  "))
            .collect();
        assert_eq!(found(&rows.join("\n").to_uppercase()).as_deref(), Some(WORDS_TEXT));
    }

    #[test]
    fn a_number_in_a_name_above_the_words_is_none_of_theirs() {
        let words = numbered_words().join("\n");
        let text = format!("Acme, 1. Division, 24. Unit\nada@example.com\n{words}");
        assert_eq!(found(&text).as_deref(), Some(WORDS_TEXT));
    }

    #[test]
    fn words_without_one_of_them_or_without_numbers_are_not_found() {
        assert_eq!(found(&numbered_words()[..23].join(" ")), None);
        assert_eq!(found(WORDS_TEXT), None);
    }

    #[test]
    fn what_is_too_large_is_not_read() {
        let mut large = vec![b' '; MAX_GIVEN_BYTES + 1 - CODE_BYTES];
        large.extend_from_slice(CODE.as_bytes());
        assert!(find(&large).is_none());
        assert!(find(&large[1..]).is_some());
    }

    #[test]
    fn parentheses_of_a_pdf_nest_and_are_escaped() {
        let pdf = br"%PDF-1.7 (one (two) \(three\\) <28> (four";
        assert_eq!(strings(pdf), b"one (two) (three\\\nfour");
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_given_there_is_an_answer(bytes: Vec<u8>, is_pdf: bool) {
            let prefix: &[u8] = if is_pdf { b"%PDF-" } else { b"" };
            let found = find(&[prefix, bytes.as_slice()].concat());
            proptest::prop_assert!(found.is_none());
        }
    }
}
