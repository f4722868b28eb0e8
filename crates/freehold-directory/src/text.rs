//! Short texts that people type, parsed once.

use std::fmt;

/// Why a text was refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{what} {rule}")]
pub struct TextError {
    what: &'static str,
    rule: &'static str,
}

/// What a text breaks that holds what [`is_unseen`].
const UNSEEN: &str = "holds a character that cannot be seen";

impl TextError {
    pub(crate) fn new(what: &'static str, rule: &'static str) -> Self {
        Self { what, rule }
    }

    /// Whether the text holds what [`is_unseen`].
    #[must_use]
    pub fn is_of_unseen(&self) -> bool {
        self.rule == UNSEEN
    }
}

/// Whether a character is there and not seen: control characters, those that turn the direction of the text around them, and
/// those without width. With them a name can look like another one, or rewrite the sentence that it stands in.
#[must_use]
pub fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// Whether a text holds what [`is_unseen`], but for joiners inside: Persian and emoji are written with them. Behind
/// a letter of ASCII they would make two names that look alike.
fn holds_unseen(text: &str) -> bool {
    let mut before = None;
    for character in text.chars() {
        let joins = matches!(character, '\u{200c}' | '\u{200d}')
            && before.is_some_and(|it: char| !it.is_ascii() && !is_unseen(it));
        if is_unseen(character) && !joins {
            return true;
        }
        before = Some(character);
    }
    before.is_some_and(is_unseen)
}

/// One line that people see: as [`plain_line`], and without what [`is_unseen`].
pub(crate) fn line(what: &'static str, text: &str, longest: usize) -> Result<String, TextError> {
    if holds_unseen(text.trim()) {
        return Err(TextError::new(what, UNSEEN));
    }
    plain_line(what, text, longest)
}

/// One line: trimmed, not empty, no control characters, at most `longest` bytes.
pub(crate) fn plain_line(
    what: &'static str,
    text: &str,
    longest: usize,
) -> Result<String, TextError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextError::new(what, "is empty"));
    }
    if text.len() > longest {
        return Err(TextError::new(what, "is too long"));
    }
    if text.chars().any(char::is_control) {
        return Err(TextError::new(what, "holds a control character"));
    }
    Ok(text.to_owned())
}

/// What a client says of itself, made fit for a list: control characters gone, cut to `longest` characters.
pub(crate) fn tame(text: &str, longest: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(longest).collect()
}

/// A name that stands in addresses and on command lines: small letters, digits and hyphens, 1 to 63, as in a host name.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Slug(String);

impl Slug {
    /// Parses a slug.
    ///
    /// # Errors
    /// Anything but `a-z`, `0-9` and inner hyphens, and more than 63 characters.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let what = "the short name";
        if text.is_empty() || text.len() > 63 {
            return Err(TextError::new(what, "must have 1 to 63 characters"));
        }
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if !text.bytes().all(fits) {
            return Err(TextError::new(what, "may hold only a-z, 0-9 and hyphens"));
        }
        if text.starts_with('-') || text.ends_with('-') {
            return Err(TextError::new(what, "must not begin or end with a hyphen"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_a_host_name_label() {
        for good in ["a", "acme", "acme-2", "0x"] {
            assert_eq!(Slug::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "-a", "a-", "Acme", "a b", "ä", "a/b", "a.b", &"a".repeat(64)] {
            assert!(Slug::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_line_is_trimmed_and_holds_nothing_unseen() {
        assert_eq!(line("the name", "  Acme Ltd ", 200).unwrap(), "Acme Ltd");
        assert!(line("the name", " ", 200).is_err());
        for unseen in [
            "a\nb",
            "a\u{9b}b",
            "Acme\u{202e}",
            "Ac\u{200b}me",
            "\u{2067}Acme",
            "Acme\u{feff}",
            "Ac\u{200d}me",
            "می\u{200c}",
            "می\u{200c}\u{200c}خواهم",
            "\u{200d}می",
        ] {
            assert!(line("the name", unseen, 200).unwrap_err().is_of_unseen(), "{unseen:?}");
        }
        assert_eq!(plain_line("the name", "Acme\u{200f}", 200).unwrap(), "Acme\u{200f}");
        assert!(plain_line("the name", "a\nb", 200).is_err());
        for seen in
            ["Åsa & Söhne", "شركة المثال", "株式会社", "Acme 🚀", "می\u{200c}خواهم", "👩\u{200d}💻"]
        {
            assert_eq!(line("the name", seen, 200).unwrap(), seen);
        }
        assert!(line("the name", "abc", 2).is_err());
        assert_eq!(tame("Azure\u{1b}[31m AD", 8), "Azure[31");
    }
}
