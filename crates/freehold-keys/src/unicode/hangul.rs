//! Hangul syllables: composed and decomposed by arithmetic, not by tables.
// The Unicode Standard §3.12.

const SYLLABLES: u32 = 0xac00;
const LEADING: u32 = 0x1100;
const VOWELS: u32 = 0x1161;
/// One before the first: a syllable without a trailing consonant has number 0.
const TRAILING: u32 = 0x11a7;

const LEADING_COUNT: u32 = 19;
const VOWEL_COUNT: u32 = 21;
const TRAILING_COUNT: u32 = 28;
const SYLLABLE_COUNT: u32 = LEADING_COUNT * VOWEL_COUNT * TRAILING_COUNT;

/// The leading consonant, the vowel and, if there is one, the trailing consonant.
pub(super) fn decompose(character: char) -> Option<(char, char, Option<char>)> {
    let number = offset(character, SYLLABLES, SYLLABLE_COUNT)?;
    let trailing = number % TRAILING_COUNT;
    let vowel = number / TRAILING_COUNT % VOWEL_COUNT;
    let leading = number / TRAILING_COUNT / VOWEL_COUNT;
    let trailing = if trailing == 0 { None } else { char::from_u32(TRAILING + trailing) };
    Some((char::from_u32(LEADING + leading)?, char::from_u32(VOWELS + vowel)?, trailing))
}

/// The syllable of a leading consonant and a vowel, or of a syllable and a trailing consonant.
pub(super) fn compose(first: char, second: char) -> Option<char> {
    if let Some(leading) = offset(first, LEADING, LEADING_COUNT) {
        let vowel = offset(second, VOWELS, VOWEL_COUNT)?;
        return char::from_u32(SYLLABLES + (leading * VOWEL_COUNT + vowel) * TRAILING_COUNT);
    }
    let syllable = offset(first, SYLLABLES, SYLLABLE_COUNT)?;
    let trailing = offset(second, TRAILING, TRAILING_COUNT)?;
    // Once only, and number 0 is no character of its own.
    if syllable % TRAILING_COUNT != 0 || trailing == 0 {
        return None;
    }
    char::from_u32(SYLLABLES + syllable + trailing)
}

fn offset(character: char, first: u32, count: u32) -> Option<u32> {
    u32::from(character).checked_sub(first).filter(|&offset| offset < count)
}
