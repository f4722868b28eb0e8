//! What a kit is made of.

use std::fmt;

use serde::Deserialize;

/// Bech32m (BIP-350): "fhrec1" and 58 of its 32 letters.
pub(crate) const CODE_BYTES: usize = 64;
pub(crate) const CODE_PREFIX: &[u8] = b"fhrec1";
/// 256 bits in BIP-39's words.
pub(crate) const WORDS: usize = 24;

const MAX_TEXTS_BYTES: usize = 64 << 10;
const MAX_FACTS: usize = 4;
const MAX_PARTS: usize = 4;
/// Of a picture, in pixels.
const MAX_WIDTH: u16 = 2048;
const MAX_HEIGHT: u16 = 96;

/// A kit: everything checked that [`crate::render`] relies on.
pub struct Kit<'a> {
    pub(crate) code: &'a [u8],
    pub(crate) words: [&'a [u8]; WORDS],
    pub(crate) texts: &'a Texts,
    pub(crate) pictures: Vec<Option<Drawn<'a>>>,
}

/// A picture with its pixels.
pub(crate) struct Drawn<'a> {
    pub(crate) size: Picture,
    pub(crate) coverage: &'a [u8],
}

/// Everything on the page that is not secret.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Texts {
    /// The language, as in RFC 5646.
    pub lang: String,
    /// The heading, with the product's name.
    pub title: String,
    /// What the kit is for.
    pub purpose: String,
    /// Whose it is, from where and when: up to four.
    pub facts: Vec<Fact>,
    /// Above the code.
    pub code_label: String,
    /// Below the code.
    pub code_hint: String,
    /// Below the QR code.
    pub qr_hint: String,
    /// Above the words.
    pub words_label: String,
    /// Beside that.
    pub words_hint: String,
    /// Who can help, who cannot, where to keep it: up to four.
    pub parts: Vec<Part>,
    /// The last line.
    pub footer: String,
    /// Said in its place if a character had to be replaced.
    pub replaced: String,
}

/// One fact about the account.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fact {
    /// Its name.
    pub label: String,
    /// What it is.
    pub value: String,
    /// The value as a picture, for what the fonts cannot show.
    #[serde(default)]
    pub picture: Option<Picture>,
}

/// The size of a picture of one line of text, in pixels. It fills the height of the line.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Picture {
    /// At most 2048.
    pub width: u16,
    /// At most 96.
    pub height: u16,
}

/// A heading and its sentences.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Part {
    /// One line.
    pub heading: String,
    /// A few lines.
    pub text: String,
}

/// Why a kit cannot be made. Only a fault of the program that asks for it leads here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KitError {
    /// The secret is not a code, a line feed and 24 words.
    Secret,
    /// The texts are not the JSON that they should be, or too many.
    Texts,
    /// The pictures do not have the sizes that the texts say.
    Pictures,
}

impl KitError {
    /// It in words.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Secret => "not a recovery code and its words",
            Self::Texts => "not the texts of a kit",
            Self::Pictures => "not the pictures that the texts announce",
        }
    }
}

impl fmt::Display for KitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for KitError {}

impl Texts {
    /// Reads them from JSON.
    ///
    /// # Errors
    /// [`KitError::Texts`].
    pub fn from_json(json: &str) -> Result<Self, KitError> {
        if json.len() > MAX_TEXTS_BYTES {
            return Err(KitError::Texts);
        }
        let texts: Self = freehold_json::read(json).map_err(|_| KitError::Texts)?;
        if texts.facts.len() > MAX_FACTS || texts.parts.len() > MAX_PARTS {
            return Err(KitError::Texts);
        }
        Ok(texts)
    }
}

impl<'a> Kit<'a> {
    /// Puts a kit together. `secret` is the code, a line feed and the 24 words with spaces between
    /// them; `pictures` is one byte a pixel (255 is ink), row after row, fact after fact.
    ///
    /// # Errors
    /// What does not fit.
    pub fn parse(secret: &'a [u8], texts: &'a Texts, pictures: &'a [u8]) -> Result<Self, KitError> {
        let (code, words) = secret.split_at_checked(CODE_BYTES).ok_or(KitError::Secret)?;
        let words = words.strip_prefix(b"\n").ok_or(KitError::Secret)?;
        if !is_code(code) {
            return Err(KitError::Secret);
        }
        Ok(Self {
            code,
            words: parse_words(words).ok_or(KitError::Secret)?,
            texts,
            pictures: parse_pictures(&texts.facts, pictures).ok_or(KitError::Pictures)?,
        })
    }
}

/// Whether it has the form of a code, in lower case; the checksum is not looked at.
pub(crate) fn is_code(bytes: &[u8]) -> bool {
    // BIP-173: no 1, b, i, o.
    let is_letter = |byte: &u8| match byte {
        b'0' | b'2'..=b'9' => true,
        b'b' | b'i' | b'o' => false,
        other => other.is_ascii_lowercase(),
    };
    bytes.len() == CODE_BYTES
        && bytes.strip_prefix(CODE_PREFIX).is_some_and(|data| data.iter().all(is_letter))
}

fn parse_words(bytes: &[u8]) -> Option<[&[u8]; WORDS]> {
    let mut words: [&[u8]; WORDS] = [&[]; WORDS];
    let mut pieces = bytes.split(|byte| *byte == b' ');
    for word in &mut words {
        // BIP-39: words have three to eight letters.
        *word = pieces.next().filter(|piece| {
            (3..=8).contains(&piece.len()) && piece.iter().all(u8::is_ascii_lowercase)
        })?;
    }
    pieces.next().is_none().then_some(words)
}

fn parse_pictures<'a>(facts: &[Fact], mut bytes: &'a [u8]) -> Option<Vec<Option<Drawn<'a>>>> {
    let mut pictures = Vec::with_capacity(facts.len());
    for fact in facts {
        let Some(size) = fact.picture else {
            pictures.push(None);
            continue;
        };
        if !(1..=MAX_WIDTH).contains(&size.width) || !(1..=MAX_HEIGHT).contains(&size.height) {
            return None;
        }
        let length = usize::from(size.width) * usize::from(size.height);
        let (coverage, rest) = bytes.split_at_checked(length)?;
        pictures.push(Some(Drawn { size, coverage }));
        bytes = rest;
    }
    bytes.is_empty().then_some(pictures)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{CODE, WORDS_TEXT, secret, texts};

    fn error(secret: &[u8], pictures: &[u8], size: Option<Picture>) -> Option<KitError> {
        let mut texts = texts();
        texts.facts[0].picture = size;
        Kit::parse(secret, &texts, pictures).err()
    }

    #[test]
    fn only_a_code_and_its_24_words_are_a_secret() {
        assert_eq!(error(&secret(), &[], None), None);
        for wrong in [
            String::new(),
            CODE.to_owned(),
            format!("{CODE}\n"),
            format!("{CODE}\n{WORDS_TEXT} more"),
            format!("{CODE}\n{WORDS_TEXT}\n"),
            format!("{CODE} {WORDS_TEXT}"),
            format!("{}\n{WORDS_TEXT}", CODE.to_uppercase()),
            format!("{CODE}\n{}", WORDS_TEXT.replace("drum", "drum)")),
            format!("{CODE}\n{}", WORDS_TEXT.replace("drum", "drumdrumdrum")),
        ] {
            assert_eq!(error(wrong.as_bytes(), &[], None), Some(KitError::Secret), "{wrong}");
        }
    }

    #[test]
    fn pictures_have_the_size_they_say_and_no_more_than_is_allowed() {
        let size = |width, height| Some(Picture { width, height });
        assert_eq!(error(&secret(), &[0; 6], size(3, 2)), None);
        for (bytes, width, height) in [
            (5, 3, 2),
            (7, 3, 2),
            (0, 0, 2),
            (0, 2, 0),
            (2049, 2049, 1),
            (97, 1, 97),
            (0, u16::MAX, u16::MAX),
        ] {
            let found = error(&secret(), &vec![0; bytes], size(width, height));
            assert_eq!(found, Some(KitError::Pictures), "{width} by {height}");
        }
    }

    #[test]
    fn texts_are_bounded_and_complete() {
        let fact = r#"{"label": "a", "value": "b"}"#;
        let json = |facts: &[&str]| {
            format!(
                r#"{{"lang": "en", "title": "", "purpose": "", "facts": [{}], "codeLabel": "",
                "codeHint": "", "qrHint": "", "wordsLabel": "", "wordsHint": "", "parts": [],
                "footer": "", "replaced": ""}}"#,
                facts.join(",")
            )
        };
        assert!(Texts::from_json(&json(&[fact; 4])).is_ok());
        let large = json(&[&format!(r#"{{"label": "", "value": "{}"}}"#, "x".repeat(70_000))]);
        for wrong in [json(&[fact; 5]), large, "{}".to_owned(), "null".to_owned()] {
            assert_eq!(Texts::from_json(&wrong).err(), Some(KitError::Texts));
        }
    }
}
