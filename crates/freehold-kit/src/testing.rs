//! What the tests of this crate share.

use crate::{Fact, Part, Texts};

pub const CODE: &str = "fhrec1qqrsu9guyv4rzwplgex4gkmzd9c8wl593jfe4gdg47mtm3xt6tvs0uztmz";
pub const WORDS_TEXT: &str = "abandon amount liar amount expire adjust cage candy arch gather \
    drum bullet absurd math era live bid rhythm alien crouch range attend journey unaware";

/// What [`crate::Kit::parse`] takes.
pub fn secret() -> Vec<u8> {
    format!("{CODE}\n{WORDS_TEXT}").into_bytes()
}

/// `1. abandon` and so on.
pub fn numbered_words() -> Vec<String> {
    WORDS_TEXT.split(' ').zip(1..).map(|(word, number)| format!("{number}. {word}")).collect()
}

pub fn fact(label: &str, value: &str) -> Fact {
    Fact { label: label.to_owned(), value: value.to_owned(), picture: None }
}

pub fn part(heading: &str, text: &str) -> Part {
    Part { heading: heading.to_owned(), text: text.to_owned() }
}

/// The English texts, by and large.
pub fn texts() -> Texts {
    Texts {
        lang: "en".to_owned(),
        title: "Freehold recovery kit".to_owned(),
        purpose: "If you forget your passphrase, this code opens your keys in its place, so that \
            you can choose a new one. You do not need it day by day."
            .to_owned(),
        facts: vec![
            fact("Organization", "Acme (Ltd)"),
            fact("User name", "alice@corp.test"),
            fact("Address", "https://freehold.example"),
            fact("Made", "Nov 25, 2026, 11:03 PM"),
        ],
        code_label: "Recovery code".to_owned(),
        code_hint: "Capitals, spaces and hyphens do not matter.".to_owned(),
        qr_hint: "The same code, to scan".to_owned(),
        words_label: "The same code as 24 words".to_owned(),
        words_hint: "Code or words: either one is enough.".to_owned(),
        parts: vec![
            part("Who can help", "You, with this kit. Whoever holds it can get at your keys."),
            part("Who cannot help", "Your administrator, your identity provider, the server."),
            part("Where to keep it", "Where you keep your passport."),
        ],
        footer: "Made in your browser. No server has seen this code.".to_owned(),
        replaced: "A question mark above stands for a character this page cannot print.".to_owned(),
    }
}
