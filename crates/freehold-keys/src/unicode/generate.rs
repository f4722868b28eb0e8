//! Writes the tables, from the crates that have all of Unicode.

use unicode_normalization::char as reference;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

/// Whether `unicode-properties` says that a character may stand in a password.
pub(super) fn is_allowed(character: char) -> bool {
    let category = character.general_category();
    character != char::REPLACEMENT_CHARACTER
        && !matches!(
            category,
            GeneralCategory::Unassigned | GeneralCategory::PrivateUse | GeneralCategory::Control
        )
}

/// A character of which `unicode-normalization` says that it composes, and what from.
pub(super) fn pairs() -> Vec<(char, char, char)> {
    every().filter_map(|whole| composed_from(whole).map(|(a, b)| (whole, a, b))).collect()
}

/// Every character there is.
pub(super) fn every() -> impl Iterator<Item = char> {
    '\0'..=char::MAX
}

/// All of the canonical decomposition.
pub(super) fn canonical(character: char) -> Vec<char> {
    let mut parts = Vec::new();
    reference::decompose_canonical(character, |part| parts.push(part));
    parts
}

/// Whether NFKC changes a character.
pub(super) fn changes(character: char) -> bool {
    compatible(character) != [character]
}

fn compatible(character: char) -> Vec<char> {
    let mut parts = Vec::new();
    reference::decompose_compatible(character, |part| parts.push(part));
    parts
}

/// The tables as `tables.rs` reads them.
pub(super) fn tables() -> Vec<u8> {
    let mut writer = Writer(Vec::new());
    let changes = every().scan(false, |before, character| {
        let change = is_allowed(character) != *before;
        *before ^= change;
        Some(change.then_some(u32::from(character)))
    });
    writer.ascending(changes.flatten().collect());
    write_classes(&mut writer);
    let (pairs, sequences) = (pairs(), sequences());
    writer.ascending(pairs.iter().map(|pair| pair.0.into()).collect());
    writer.near(pairs.iter().map(|pair| pair.1));
    for pair in pairs {
        writer.number(pair.2.into());
    }
    writer.ascending(sequences.iter().map(|sequence| sequence.0.into()).collect());
    for (_, parts) in &sequences {
        writer.0.push(parts.len().try_into().unwrap());
    }
    writer.near(sequences.iter().flat_map(|sequence| sequence.1.iter().copied()));
    writer.0
}

fn write_classes(writer: &mut Writer) {
    let mut runs: Vec<(u32, u32, u8)> = Vec::new();
    for character in every() {
        let class = reference::canonical_combining_class(character);
        let code = u32::from(character);
        match runs.last_mut() {
            Some(last) if last.1 == code && last.2 == class => last.1 += 1,
            _ if class != 0 => runs.push((code, code + 1, class)),
            _ => {}
        }
    }
    writer.ascending(runs.iter().flat_map(|run| [run.0, run.1]).collect());
    writer.0.extend(runs.iter().map(|run| run.2));
}

/// What decomposes and does not compose again, with all of the compatibility decomposition.
fn sequences() -> Vec<(char, Vec<char>)> {
    let sequence = |character| {
        let parts = compatible(character);
        let hangul = ('\u{ac00}'..='\u{d7a3}').contains(&character);
        let left_out = parts == [character] || hangul || composed_from(character).is_some();
        (!left_out).then_some((character, parts))
    };
    every().filter_map(sequence).collect()
}

fn composed_from(whole: char) -> Option<(char, char)> {
    if ('\u{ac00}'..='\u{d7a3}').contains(&whole) {
        return None;
    }
    let parts = canonical(whole);
    let (&second, before) = parts.split_last()?;
    let first = before.iter().copied().reduce(|a, b| reference::compose(a, b).unwrap_or('\0'))?;
    (reference::compose(first, second) == Some(whole)).then_some((first, second))
}

struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.0.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.0.push(number.to_le_bytes()[0]);
    }

    fn ascending(&mut self, numbers: Vec<u32>) {
        self.number(numbers.len().try_into().unwrap());
        let mut last = 0;
        for number in numbers {
            self.number(number - last);
            last = number;
        }
    }

    fn near(&mut self, characters: impl Iterator<Item = char>) {
        let mut last = 0;
        for character in characters {
            let character = i64::from(u32::from(character));
            let difference: i64 = character - last - 1;
            let folded = if difference < 0 { -2 * difference - 1 } else { 2 * difference };
            self.number(folded.try_into().unwrap());
            last = character;
        }
    }
}
