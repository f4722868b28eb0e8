//! Writes a kit to standard output, for the eye: `cargo run -p freehold-kit --example kit > kit.pdf`.

use std::io::Write as _;

use freehold_kit::{Kit, Texts, render};

const SECRET: &[u8] = b"fhrec1qqrsu9guyv4rzwplgex4gkmzd9c8wl593jfe4gdg47mtm3xt6tvs0uztmz\n\
abandon amount liar amount expire adjust cage candy arch gather drum bullet absurd math era live bid \
rhythm alien crouch range attend journey unaware";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let texts = Texts::from_json(TEXTS)?;
    let pdf = render(&Kit::parse(SECRET, &texts, &[])?);
    std::io::stdout().write_all(&pdf)?;
    Ok(())
}

const TEXTS: &str = r#"{
  "lang": "en",
  "title": "Freehold recovery kit",
  "purpose": "If you forget your passphrase, this code opens your keys in its place, so that you can choose a new one. You do not need it day by day: keep it for the day you do.",
  "facts": [
    {"label": "Organization", "value": "Ümläut & Söhne (Ltd)"},
    {"label": "User name", "value": "alice@corp.test"},
    {"label": "Address", "value": "https://freehold.example"},
    {"label": "Made", "value": "Nov 25, 2026, 11:03 PM"}
  ],
  "codeLabel": "Recovery code",
  "codeHint": "Capitals, spaces and hyphens do not matter.",
  "qrHint": "The same code, to scan",
  "wordsLabel": "The same code as 24 words",
  "wordsHint": "Code or words: either one is enough.",
  "parts": [
    {"heading": "Who can help", "text": "You, with this kit. Whoever holds it and signs in as you can get at your keys: show it to nobody. Nobody from support will ever ask for it."},
    {"heading": "Who cannot help", "text": "Your administrator, your identity provider and the people who run the server never saw this code. They cannot look it up or make another."},
    {"heading": "Where to keep it", "text": "Print it and keep it where you keep your passport, or keep the file in your password manager or on a stick in a drawer. Not in e-mail, and not beside your passphrase."},
    {"heading": "If it is lost", "text": "As long as you know your passphrase, nothing is lost. Without passphrase and kit, what is in your vault stays closed for good."}
  ],
  "footer": "Made in your browser. No server has seen this code.",
  "replaced": "A question mark above stands for a character that this page cannot show."
}"#;
