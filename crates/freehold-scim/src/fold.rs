//! The one notion of "the same, whatever the case" of Freehold.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

/// The comparison key of a case-insensitive text: compatibility normalization and full case
/// folding, so that `ÄNNE`/`änne`, `STRASSE`/`straße` and full-width letters meet.
///
/// RFC 7644 §5 asks for the PRECIS profiles of user names (RFC 8265 §3.3). Names those profiles
/// allow compare here as they do there: width mapping, case mapping, normalization. Names they
/// forbid, such as those with spaces, come from identity providers all the same and are not
/// refused.
///
/// Idempotent. Every `_key` column and every case-insensitive comparison uses it, so that the
/// database and the in-memory evaluator give the same verdict. It may be longer than the text.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Unicode D146, compatibility caseless matching; composed at the end to keep keys short.
    text.chars().nfd().default_case_fold().nfkd().default_case_fold().nfkc().collect()
}

/// Whether two texts have the same [`fold`], without allocating for ASCII.
pub(crate) fn folds_equal(left: &str, right: &str) -> bool {
    if left.is_ascii() && right.is_ascii() {
        return left.eq_ignore_ascii_case(right);
    }
    fold(left) == fold(right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_that_differ_only_in_case_or_width_fold_together() {
        for (left, right) in [
            ("ÄNNE", "änne"),
            ("A\u{308}NNE", "änne"),
            ("STRASSE", "straße"),
            ("Ｂｊｅｎｓｅｎ", "bjensen"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("ﬁsh", "FISH"),
            ("\u{1E9E}", "ss"),
        ] {
            assert_eq!(fold(left), fold(right), "{left} {right}");
            assert!(folds_equal(left, right));
        }
    }

    #[test]
    fn a_dotted_capital_i_is_not_a_plain_i() {
        // Full case folding keeps the dot (U+0307); Turkish tailoring is left out on purpose,
        // because the verdict must not depend on a locale.
        assert_ne!(fold("İ"), fold("i"));
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC*") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
        }
    }
}
