//! The 2048 English words of BIP-39, and 32 bytes as 24 of them.

use freehold_wire::hash;
use zeroize::{Zeroize as _, Zeroizing};

/// Words of 32 bytes: 256 bits and eight of a checksum, eleven bits a word.
pub(crate) const WORDS_OF_32_BYTES: usize = 24;

const COUNT: usize = 2048;
const LONGEST: usize = 8;

/// Filled up with zeros to one length, so that finding a word takes the same time for each, and the
/// module that browsers load holds no pointers to them.
static LIST: [[u8; LONGEST]; COUNT] = read(include_bytes!("words.txt"));

#[allow(clippy::indexing_slicing, reason = "computed by the compiler, which would say so")]
const fn read(text: &[u8]) -> [[u8; LONGEST]; COUNT] {
    let mut list = [[0; LONGEST]; COUNT];
    let (mut at, mut word, mut letter) = (0, 0, 0);
    while at < text.len() {
        if text[at] == b'\n' {
            word += 1;
            letter = 0;
        } else {
            list[word][letter] = text[at];
            letter += 1;
        }
        at += 1;
    }
    assert!(word == COUNT, "the list has 2048 lines");
    list
}

/// The word with this number, 0 to 2047.
pub(crate) fn word(number: u16) -> &'static str {
    let letters = LIST.get(usize::from(number)).expect("a number below 2048");
    let text = std::str::from_utf8(letters).expect("the list is ASCII");
    text.trim_end_matches('\0')
}

/// The number of a word in small letters.
fn number(word: &str) -> Option<u16> {
    // What the list is filled up with is no letter.
    if word.contains('\0') {
        return None;
    }
    let mut letters = [0; LONGEST];
    letters.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    let mut found = None;
    // Not stopped at the word: how long it takes is nobody's to know.
    for (number, known) in (0..).zip(&LIST) {
        if *known == letters {
            found = Some(number);
        }
    }
    letters.zeroize();
    found
}

/// The words that stand for 32 bytes.
// BIP-39: the checksum is the first byte of SHA-256.
pub(crate) fn of_bytes(bytes: &[u8; 32]) -> [&'static str; WORDS_OF_32_BYTES] {
    let bits = with_checksum(bytes);
    std::array::from_fn(|at| word(eleven_bits(&bits, at)))
}

/// The 32 bytes that 24 words stand for; nothing if a word or the checksum is wrong.
pub(crate) fn to_bytes<'a>(words: impl Iterator<Item = &'a str>) -> Option<Zeroizing<[u8; 32]>> {
    let mut bits = Zeroizing::new([0; 33]);
    let mut count = 0;
    for word in words {
        let number = number(word)?;
        for bit in 0..11 {
            let at = count * 11 + bit;
            let one = u8::from(number >> (10 - bit) & 1 == 1);
            *bits.get_mut(at / 8)? |= one << (7 - at % 8);
        }
        count += 1;
    }
    let bytes = Zeroizing::new(*bits.first_chunk::<32>()?);
    (count == WORDS_OF_32_BYTES && *with_checksum(&bytes) == *bits).then_some(bytes)
}

fn with_checksum(bytes: &[u8; 32]) -> Zeroizing<[u8; 33]> {
    let mut bits = Zeroizing::new([0; 33]);
    let [first @ .., checksum] = &mut *bits;
    first.copy_from_slice(bytes);
    let [byte, ..] = hash(bytes);
    *checksum = byte;
    bits
}

fn eleven_bits(bits: &[u8; 33], word: usize) -> u16 {
    let bit = |at: usize| bits.get(at / 8).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1);
    (0..11).fold(0, |number, at| number << 1 | u16::from(bit(word * 11 + at)))
}

#[cfg(test)]
mod tests {
    use bip39::{Language, Mnemonic};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_list_is_the_one_of_bip_39() {
        let ours: Vec<&str> = (0..2048).map(word).collect();
        assert_eq!(ours, Language::English.word_list());
        for (at, word) in (0..).zip(ours) {
            assert_eq!(number(word), Some(at));
        }
        for none in ["", "abandonment", "zoos", "zoo\0", "\0"] {
            assert_eq!(number(none), None, "{none:?}");
        }
    }

    proptest! {
        #[test]
        fn bytes_become_the_words_of_bip_39_and_come_back(bytes in any::<[u8; 32]>()) {
            let words = of_bytes(&bytes);
            let reference = Mnemonic::from_entropy_in(Language::English, &bytes).unwrap();
            prop_assert_eq!(words.to_vec(), reference.words().collect::<Vec<_>>());
            prop_assert_eq!(to_bytes(words.into_iter()).map(|bytes| *bytes), Some(bytes));
        }

        #[test]
        fn what_bip_39_refuses_is_refused(
            numbers in proptest::collection::vec(0u16..2048, 22..27),
            right in any::<bool>(),
        ) {
            let mut words: Vec<&str> = numbers.into_iter().map(word).collect();
            if right && words.len() == 24 {
                // One of eight last words gives the checksum; otherwise one phrase in 256 would pass.
                let last = (0..2048).map(word).find(|last| {
                    words[23] = last;
                    Mnemonic::parse_in_normalized(Language::English, &words.join(" ")).is_ok()
                });
                prop_assert!(last.is_some());
            }
            let reference = Mnemonic::parse_in_normalized(Language::English, &words.join(" "));
            let expected = reference.ok().filter(|_| words.len() == 24)
                .map(|phrase| phrase.to_entropy_array().0[..32].to_vec());
            let found = to_bytes(words.into_iter()).map(|bytes| bytes.to_vec());
            prop_assert_eq!(found, expected);
        }
    }
}
