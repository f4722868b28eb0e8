//! Rules that both protocols share: what may name a person or a tenant, and what may be shown.

use crate::is_guid;

/// OpenID Connect Core §2: `sub` must not exceed 255 characters. SAML Core §8.3.7 allows 256.
const MAX_SUBJECT_CHARS: usize = 255;
/// Longer names are not shown.
const MAX_NAME_CHARS: usize = 255;

/// What is wrong with a text that ought to name a person.
pub(crate) fn subject_problem(subject: &str) -> Option<&'static str> {
    if subject.is_empty() {
        return Some("is empty");
    }
    if subject.chars().count() > MAX_SUBJECT_CHARS {
        return Some("is longer than 255 characters");
    }
    if subject.chars().any(char::is_control) {
        return Some("has control characters");
    }
    if subject.trim() != subject {
        return Some("begins or ends with white space");
    }
    None
}

/// GUIDs are written in either case; any other id is compared exactly.
pub(crate) fn is_same_tenant(configured: &str, found: &str) -> bool {
    if is_guid(configured) { found.eq_ignore_ascii_case(configured) } else { found == configured }
}

/// Names are only shown: one that is unfit for that is left out, and refuses nobody.
pub(crate) fn showable(name: &str) -> Option<String> {
    let fit = !name.trim().is_empty()
        && name.chars().count() <= MAX_NAME_CHARS
        && !name.chars().any(char::is_control);
    fit.then(|| name.to_owned())
}

/// Text that a stranger chose, fit for a log line: printable ASCII, at most 100 characters.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(100).map(|c| if c.is_ascii_graphic() { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stranger_chose_stays_on_one_short_line() {
        assert_eq!(shown("access_denied"), "access_denied");
        assert_eq!(
            shown("a\r\nlevel=ERROR \u{1b}[31m\u{202e}"),
            "a??level=ERROR???[31m?".replace("??[31m", "?[31m")
        );
        assert_eq!(shown(&"x".repeat(10_000)).len(), 100);
    }
}
