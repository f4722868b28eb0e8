//! How strong a password is, estimated without any network.
//!
//! Not part of the key protocol and holding none of its code: it is large, loaded only while a
//! password is chosen, and ended with its Worker. The estimator copies the password while it works
//! and cannot wipe those copies; ending the Worker frees its memory. Its lists of passwords, words and
//! names come with the package `zxcvbn` (MIT; docs/WORD-LISTS.md).

use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;
use zxcvbn::feedback::{Feedback, Warning};

/// An estimate.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// 0 (guessed at once) to 4 (strong).
    pub score: u8,
    /// Decimal logarithm of the guesses needed.
    pub guesses_log10: f64,
    /// It is one from the list of common passwords, or little else: in another case, with digits
    /// for letters, backwards, with something appended.
    pub common: bool,
    /// What is weak about it, in English.
    pub warning: Option<String>,
    /// The stable name of the warning.
    pub warning_code: Option<String>,
    /// What would help, in English.
    pub suggestions: Vec<String>,
    /// The stable names of the suggestions.
    pub suggestion_codes: Vec<String>,
}

/// Estimates a password as the key protocol normalizes it. The person's own names and addresses in
/// `user_inputs` count as easy to guess.
#[must_use]
pub fn estimate_password(password: &str, user_inputs: &[&str]) -> Estimate {
    let normalized: Zeroizing<String> = Zeroizing::new(password.nfkc().collect());
    let entropy = zxcvbn::zxcvbn(&normalized, user_inputs);
    let feedback = entropy.feedback();
    let warning = feedback.and_then(Feedback::warning);
    let suggestions = feedback.map_or(&[][..], |feedback| feedback.suggestions());
    Estimate {
        score: entropy.score().into(),
        // The logarithm for an empty password is minus infinity, which JSON cannot say.
        guesses_log10: entropy.guesses_log10().max(0.0),
        common: warning.is_some_and(is_common),
        warning: warning.map(|warning| warning.to_string()),
        warning_code: warning.map(|warning| format!("{warning:?}")),
        suggestions: suggestions.iter().map(ToString::to_string).collect(),
        suggestion_codes: suggestions.iter().map(|advice| format!("{advice:?}")).collect(),
    }
}

fn is_common(warning: Warning) -> bool {
    matches!(
        warning,
        Warning::ThisIsATop10Password
            | Warning::ThisIsATop100Password
            | Warning::ThisIsACommonPassword
            | Warning::ThisIsSimilarToACommonlyUsedPassword
    )
}

/// [`estimate_password`] for JavaScript: bytes of UTF-8, a JSON array of strings; an [`Estimate`]
/// as JSON.
///
/// # Errors
/// If the bytes are not UTF-8 or the JSON is not an array of strings.
#[wasm_bindgen]
pub fn estimate(password: Vec<u8>, user_inputs: &str) -> Result<String, JsError> {
    let password = Zeroizing::new(password);
    let password = std::str::from_utf8(&password)?;
    let inputs: Vec<String> = serde_json::from_str(user_inputs)?;
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    Ok(serde_json::to_string(&estimate_password(password, &inputs))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_common_password_is_named_as_such() {
        for common in ["password123", "PassWord123", "ｐassword123"] {
            let estimate = estimate_password(common, &[]);
            assert!(estimate.common && estimate.score < 2, "{common}: {estimate:?}");
            assert!(estimate.warning.is_some() && !estimate.suggestions.is_empty());
        }
    }

    #[test]
    fn a_made_passphrase_is_strong() {
        let estimate = estimate_password("ladder-orbit-velvet-mango-sunset-fabric-ghost", &[]);
        assert!(estimate.score == 4 && !estimate.common, "{estimate:?}");
    }

    #[test]
    fn what_everybody_knows_of_a_person_is_weak() {
        let unknown = estimate_password("ada.lovelace.acme", &[]);
        let known = estimate_password("ada.lovelace.acme", &["ada.lovelace.acme"]);
        assert!(known.guesses_log10 < unknown.guesses_log10);
        assert!(known.score < 2, "{known:?}");
    }

    #[test]
    fn an_empty_password_has_an_estimate_that_json_can_hold() {
        let json = serde_json::to_string(&estimate_password("", &[])).unwrap();
        assert!(json.contains("\"guessesLog10\":0.0"), "{json}");
    }
}
