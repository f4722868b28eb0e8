//! What people are searched by.

use freehold_scim::fold;

use super::{Found, Place, Query, Way};

/// Characters of a search.
const LONGEST: usize = 200;
/// Words begin within so many characters of a name.
const FIRST: usize = 200;
/// Characters of a word and what follows it.
const KEPT: usize = 64;
/// What stands before a word.
const BETWEEN: [char; 9] = [' ', '-', '.', ',', '(', ')', '/', '_', '\''];

/// A text that people are found by: the beginning of `userName`, of `displayName` or a later word of it, of an e-mail
/// address, all in any case; or of `externalId`, as it was typed or in small letters, as GUIDs are kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Search {
    typed: String,
    folded: String,
}

/// A text that nobody can be found by.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SearchError {
    /// It is longer than any name.
    #[error("the search is longer than 200 characters")]
    Long,
    /// It holds U+0000, which no name does.
    #[error("the search holds a character that no name does")]
    Character,
}

impl Search {
    /// Parses what somebody typed; `None` when that is nothing but spaces.
    ///
    /// # Errors
    /// See [`SearchError`].
    pub fn parse(text: &str) -> Result<Option<Self>, SearchError> {
        if text.contains('\0') {
            return Err(SearchError::Character);
        }
        let typed = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if typed.chars().count() > LONGEST {
            return Err(SearchError::Long);
        }
        let folded = fold(&typed);
        Ok((!folded.is_empty()).then_some(Self { typed, folded }))
    }

    /// As it was typed, but for spaces: `externalId` has its case.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// As the keys of names and addresses are.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// As the key of a later word is, which ends early.
    pub fn word(&self) -> String {
        self.folded.chars().take(KEPT).collect()
    }

    /// What stands in a folded name that has a later word with this beginning; and within how many of its characters.
    ///
    /// The same as [`words`] says, for a database that reads the name.
    pub fn in_names(&self) -> (Vec<String>, usize) {
        let word = self.word();
        let reach = FIRST - 1 + word.chars().count();
        let is_word = !word.starts_with(BETWEEN);
        let texts = BETWEEN.into_iter().filter(|_| is_word).map(|before| format!("{before}{word}"));
        (texts.collect(), reach)
    }

    pub(super) fn has_capitals(&self) -> bool {
        self.typed.bytes().any(|byte| byte.is_ascii_uppercase())
    }
}

/// The keys by which the later words of a folded name are found: each with what follows it.
///
/// The migration that made their table says the same in SQL.
pub fn words(folded: &str) -> Vec<String> {
    let letters: Vec<char> = folded.chars().collect();
    let mut all: Vec<String> = letters
        .windows(2)
        .enumerate()
        .take(FIRST - 1)
        .filter(|(_, pair)| matches!(pair, [before, first] if BETWEEN.contains(before) && !BETWEEN.contains(first)))
        .map(|(at, _)| letters.iter().skip(at + 1).take(KEPT).collect())
        .collect();
    all.sort();
    all.dedup();
    all
}

/// Whether no earlier way, and no earlier place of this one, finds the same person. What the database cannot tell
/// cheaply is told here: it concerns the later words of the name.
pub(super) fn is_first(query: &Query, way: Way, found: &Found) -> bool {
    let Some(search) = &query.search else { return true };
    if !matches!(way, Way::Word | Way::Email | Way::ExternalId | Way::Guid) {
        return true;
    }
    let text = search.word();
    let name = fold(found.listed.display_name.as_deref().unwrap_or_default());
    let first = words(&name).into_iter().find(|word| word.starts_with(&text));
    match (way, first) {
        (Way::Word, Some(first)) => found.place == Place::Text(first),
        (_, first) => first.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_folded_and_its_spaces_are_one() {
        let search = Search::parse("  ÄNNE \t Öz ").unwrap().unwrap();
        assert_eq!((search.typed(), search.folded()), ("ÄNNE Öz", "änne öz"));
        assert_eq!(Search::parse(" \n ").unwrap(), None);
        assert_eq!(Search::parse("a\0"), Err(SearchError::Character));
        assert!(Search::parse(&"ä".repeat(200)).is_ok());
        assert_eq!(Search::parse(&"a".repeat(201)), Err(SearchError::Long));
    }

    #[test]
    fn a_name_holds_what_its_later_words_begin_with() {
        let late = format!("{} bob", "x".repeat(197));
        let later = format!("{} bob", "x".repeat(198));
        let long = format!("a {}", "é".repeat(100));
        for name in
            ["bob", "al bob", "a.bob", "a  bob", "al-bo", "abob", "( bob", &late, &later, &long]
        {
            for text in
                ["bob", "b", " bob", "(", ".bob", "x", "él", &"é".repeat(64), &"é".repeat(80)]
            {
                let search = Search::parse(text).unwrap().unwrap();
                let (texts, reach) = search.in_names();
                let within: String = name.chars().take(reach).collect();
                let held = texts.iter().any(|text| within.contains(text.as_str()));
                let found = words(name).iter().any(|word| word.starts_with(&search.word()));
                assert_eq!(held, found, "{text:?} in {name:?}");
            }
        }
    }

    #[test]
    fn every_later_word_is_kept_with_what_follows_it() {
        assert_eq!(words("jan van der berg"), ["berg", "der berg", "van der berg"]);
        assert_eq!(
            words("o'neil-smith, (dr.) x"),
            ["dr.) x", "neil-smith, (dr.) x", "smith, (dr.) x", "x"]
        );
        for none in ["", "a", "alice", " ", "--"] {
            assert!(words(none).is_empty(), "{none:?}");
        }
        let long = format!("a {}", "é".repeat(300));
        assert_eq!(words(&long), ["é".repeat(64)]);
        assert!(words(&"a ".repeat(300)).len() <= 200);
    }
}
