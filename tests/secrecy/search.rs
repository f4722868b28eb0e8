//! Finds secrets in bytes: as they are, in UTF-16, in hex, in base64 and base64url, whole or by any
//! eight bytes (for text, eight characters) of them.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use base64::{Engine, prelude::BASE64_STANDARD, prelude::BASE64_URL_SAFE};

/// So many bytes of a secret in a row are found.
const WINDOW: usize = 8;

/// A secret to look for.
pub struct Needle {
    name: String,
    /// Whether a person typed or read it, so that it passed through the page.
    typed: bool,
    /// Its bytes, and for text its UTF-16 forms.
    spellings: Vec<Vec<u8>>,
    /// Parts of the spellings that are looked for.
    windows: BTreeSet<Vec<u8>>,
}

impl Needle {
    /// A key.
    pub fn key(name: impl Into<String>, bytes: &[u8]) -> Self {
        let windows = bytes.windows(WINDOW).map(<[u8]>::to_vec).collect();
        Self { name: name.into(), typed: false, spellings: vec![bytes.to_vec()], windows }
    }

    /// A document: only what is not in an empty one of its kind tells anything.
    pub fn document(name: &str, bytes: &[u8], empty: &[u8]) -> Self {
        let mut needle = Self { typed: true, ..Self::key(name, bytes) };
        for window in empty.windows(WINDOW) {
            needle.windows.remove(window);
        }
        needle
    }

    /// Whether a person typed or read it.
    pub fn is_typed(&self) -> bool {
        self.typed
    }

    /// Something a person typed or read.
    pub fn text(name: &str, text: &str) -> Self {
        let characters: Vec<char> = text.chars().collect();
        let parts = characters.windows(WINDOW).map(|part| part.iter().collect::<String>());
        let windows = parts.flat_map(|part| spell(&part)).collect();
        Self { name: name.to_owned(), typed: true, spellings: spell(text), windows }
    }

    /// Words of a list that everybody knows, and of everyday English: two of them in a row stand in
    /// many texts, three tell something.
    pub fn words(name: &str, words: &[String]) -> Self {
        let parts = words.windows(3).map(|part| part.join(" "));
        let windows = parts.flat_map(|part| spell(&part)).collect();
        Self { name: name.to_owned(), typed: true, spellings: spell(&words.join(" ")), windows }
    }
}

/// UTF-8, UTF-16 little and big endian.
fn spell(text: &str) -> Vec<Vec<u8>> {
    vec![
        text.as_bytes().to_vec(),
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ]
}

/// How bytes may stand in a text.
fn encodings(bytes: &[u8]) -> Vec<Vec<u8>> {
    let lower: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut all = vec![bytes.to_vec(), lower.to_uppercase().into_bytes(), lower.into_bytes()];
    for shift in 0..3 {
        all.push(base64_inside(bytes, shift, &BASE64_STANDARD));
        all.push(base64_inside(bytes, shift, &BASE64_URL_SAFE));
    }
    all
}

/// The characters that depend on these bytes alone when `shift` bytes precede them in a group.
fn base64_inside(bytes: &[u8], shift: usize, engine: &impl Engine) -> Vec<u8> {
    let mut shifted = vec![0; shift];
    shifted.extend_from_slice(bytes);
    let text = engine.encode(&shifted).into_bytes();
    let first = (shift * 8).div_ceil(6);
    let end = shifted.len() * 8 / 6;
    text[first..end].to_vec()
}

/// Looks for all needles at once.
pub struct Searcher {
    names: Vec<String>,
    patterns: AhoCorasick,
}

impl Searcher {
    pub fn new(needles: &[Needle]) -> Self {
        let mut names = Vec::new();
        let mut patterns = Vec::new();
        for needle in needles {
            assert!(!needle.windows.is_empty(), "{} is too short to look for", needle.name);
            for pattern in needle.windows.iter().flat_map(|window| encodings(window)) {
                names.push(needle.name.clone());
                patterns.push(pattern);
            }
        }
        Self { names, patterns: AhoCorasick::new(patterns).unwrap() }
    }

    /// The name of a secret of which at least eight bytes are there.
    pub fn find(&self, haystack: &[u8]) -> Option<&str> {
        let found = self.patterns.find(haystack)?;
        Some(&self.names[found.pattern().as_usize()])
    }

    /// The names of all secrets of which at least eight bytes are there.
    pub fn find_all(&self, haystack: &[u8]) -> BTreeSet<&str> {
        let found = self.patterns.find_overlapping_iter(haystack);
        found.map(|found| self.names[found.pattern().as_usize()].as_str()).collect()
    }

    /// Each secret, in each encoding and at each alignment, is found where it was put.
    pub fn prove_it_finds_what_is_planted(&self, needles: &[Needle]) {
        let straw = vec![b'.'; 1000];
        assert_eq!(self.find(&straw), None);
        for needle in needles {
            for spelling in &needle.spellings {
                for planted in encodings(spelling) {
                    let mut haystack = straw.clone();
                    haystack.splice(500..500, planted);
                    assert!(self.find(&haystack).is_some(), "{} planted", needle.name);
                }
            }
        }
    }
}
