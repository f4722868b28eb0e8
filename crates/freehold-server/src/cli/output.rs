//! Standard output carries what was asked for: a table for people, JSON for programs. Words for
//! people go to standard error.

use std::io::Write;

use freehold_directory::{Timestamp, is_unseen};
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::CliError;

/// A time as RFC 3339, to the second.
pub(super) fn time(at: Timestamp) -> String {
    i64::try_from(at.as_millis() / 1000)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_else(|| "?".to_owned())
}

/// Prints a text of one line or more on standard output. What would move the cursor of a terminal or turn the direction of
/// what follows is not printed: names come from identity providers.
///
/// # Errors
/// Standard output is closed or full: then a script must not believe that it has the line.
pub(super) fn line(text: &str) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", lines_shown(text))
        .and_then(|()| out.flush())
        .map_err(|error| CliError::Failed(format!("cannot write to standard output: {error}")))
}

/// Says something to people, on standard error.
pub(super) fn say(text: &str) {
    // Nobody listens: no reason to fail.
    let _ignored = writeln!(std::io::stderr(), "{}", lines_shown(text));
}

/// Prints JSON, one value, indented; what would not be seen is written by its number.
///
/// # Errors
/// As [`line`].
pub(super) fn json(value: &Value) -> Result<(), CliError> {
    line(&escaped(&format!("{value:#}")))
}

/// RFC 8259 §7: characters that may stand in strings alone, written by their numbers.
fn escaped(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character == '\n' || !is_unseen(character) {
            escaped.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            escaped.push_str(&format!("\\u{unit:04x}"));
        }
    }
    escaped
}

/// Prints a table with a heading, columns as wide as needed; says so when there is nothing.
///
/// # Errors
/// As [`line`].
pub(super) fn table(nothing: &str, heading: &[&str], rows: &[Vec<String>]) -> Result<(), CliError> {
    if rows.is_empty() {
        say(nothing);
        return Ok(());
    }
    let heading: Vec<String> = heading.iter().map(|name| name.to_uppercase()).collect();
    let widths: Vec<usize> = (0..heading.len())
        .map(|column| {
            let cells = std::iter::once(&heading).chain(rows).filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    for row in std::iter::once(&heading).chain(rows) {
        let cells =
            row.iter().zip(&widths).map(|(cell, &width)| format!("{:<width$}", shown(cell)));
        line(cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

/// A name on one line, with a mark for each character that is there and not seen.
pub(super) fn shown(cell: &str) -> String {
    cell.chars().map(|c| if is_unseen(c) { '?' } else { c }).collect()
}

fn lines_shown(text: &str) -> String {
    text.split('\n').map(shown).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use freehold_directory::{Timestamp, is_unseen};
    use serde_json::{Value, json};

    use super::{escaped, lines_shown, shown, time};

    #[test]
    fn times_are_shown_in_universal_time() {
        assert_eq!(time(Timestamp::from_millis(1_764_000_000_123)), "2025-11-24T16:00:00Z");
        assert_eq!(time(Timestamp::from_millis(u64::MAX)), "?");
    }

    #[test]
    fn names_do_not_move_the_cursor() {
        assert_eq!(shown("a\u{1b}[2Jb\n"), "a?[2Jb?");
        assert_eq!(lines_shown("one\n\u{9b}2J\u{202e}two"), "one\n?2J?two");
    }

    #[test]
    fn json_keeps_what_is_not_seen_without_letting_it_through() {
        let value = json!({ "name": "a\u{9b}2J\u{202e}b\u{7f}\u{1b}\u{e0041}", "of": ["ä"] });
        let printed = escaped(&format!("{value:#}"));
        assert!(printed.chars().all(|c| c == '\n' || !is_unseen(c)), "{printed}");
        assert!(printed.contains("a\\u009b2J\\u202eb\\u007f\\u001b\\udb40\\udc41"), "{printed}");
        assert_eq!(serde_json::from_str::<Value>(&printed).unwrap(), value);
    }
}
