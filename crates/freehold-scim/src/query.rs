//! Reading a raw query string as identity providers really write them.

use crate::error::ScimError;

/// Splits a raw query into decoded names and values.
///
/// # Errors
/// `invalidSyntax` if a part is not UTF-8 after decoding or holds NUL.
pub(crate) fn pairs(raw: &str) -> Result<Vec<(String, String)>, ScimError> {
    without_entra_flag(raw)
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}

/// Entra's compatibility flag is part of the tenant URL an administrator types, and lands before
/// or behind the real query: `aadOptscim062020?filter=…`, `…&count=1?aadOptscim062020`.
fn without_entra_flag(raw: &str) -> &str {
    const FLAG: &str = "aadOptscim062020";
    let head = raw.get(..FLAG.len()).filter(|it| it.eq_ignore_ascii_case(FLAG));
    let raw = match (head, raw.get(FLAG.len()..)) {
        (Some(_), Some(rest)) if rest.is_empty() => rest,
        (Some(_), Some(rest)) => rest.strip_prefix(['?', '&', '/']).unwrap_or(raw),
        _ => raw,
    };
    match raw.rsplit_once('?') {
        Some((rest, tail)) if tail.eq_ignore_ascii_case(FLAG) => rest,
        _ => raw,
    }
}

/// Percent-decodes one part. `+` is a space, unless the same part writes its spaces as `%20`:
/// then the client knows RFC 3986 and a `+` is a plus, as in `anna+test@example.com`.
fn decode(part: &str) -> Result<String, ScimError> {
    let plus = if part.contains("%20") { b'+' } else { b' ' };
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        bytes.push(match (first, tail) {
            (b'+', _) => plus,
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    rest = after;
                    high << 4 | low
                }
                _ => b'%',
            },
            (byte, _) => *byte,
        });
    }
    match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(text),
        _ => Err(ScimError::invalid_syntax("The query is not valid UTF-8 text.")),
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter_of(raw: &str) -> String {
        let pairs = pairs(raw).expect("reads");
        pairs.into_iter().find(|(name, _)| name == "filter").map(|it| it.1).unwrap_or_default()
    }

    #[test]
    fn spaces_may_be_plus_or_percent_twenty() {
        let expected = "userName eq \"a b\"";
        assert_eq!(filter_of("filter=userName+eq+%22a+b%22"), expected);
        assert_eq!(filter_of("filter=userName%20eq%20%22a%20b%22&count=1"), expected);
        assert_eq!(filter_of("filter=userName eq \"a b\""), expected);
    }

    #[test]
    fn a_plus_in_an_address_survives_where_spaces_are_percent_encoded() {
        assert_eq!(
            filter_of("filter=userName%20eq%20%22a+b@example.com%22"),
            "userName eq \"a+b@example.com\""
        );
        assert_eq!(
            filter_of("filter=userName+eq+%22a%2Bb@example.com%22"),
            "userName eq \"a+b@example.com\""
        );
    }

    #[test]
    fn separators_and_foreign_letters_survive_when_they_are_encoded() {
        assert_eq!(filter_of("filter=%26%23%3D%C3%A4%22&x"), "&#=ä\"");
        assert_eq!(filter_of("filter=a=b"), "a=b");
        assert_eq!(filter_of("filter=50%"), "50%");
        assert_eq!(filter_of("filter=%zz%4"), "%zz%4");
    }

    #[test]
    fn the_entra_flag_is_taken_off_wherever_it_was_glued() {
        for raw in [
            "aadOptscim062020&filter=x",
            "aadOptscim062020?filter=x",
            "AADOPTSCIM062020?filter=x",
            "filter=x?aadOptscim062020",
            "filter=x&aadOptscim062020",
            "aadOptscim062020=&filter=x",
        ] {
            assert_eq!(filter_of(raw), "x", "{raw}");
        }
        assert_eq!(pairs("aadOptscim062020").expect("reads"), []);
    }

    #[test]
    fn what_is_not_text_is_refused() {
        assert!(pairs("filter=%ff").is_err());
        assert!(pairs("filter=%00").is_err());
    }
}
