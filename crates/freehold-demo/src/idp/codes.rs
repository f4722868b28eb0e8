//! Authorization codes: used once, within a minute.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::people::Person;

/// RFC 6749 §4.1.2 recommends at most ten minutes; the code goes straight back.
const LIFE_MS: u64 = 60 * 1000;
/// More are not kept: whoever asks for more plays with the demonstration.
const MAX_CODES: usize = 1000;

/// What a code stands for.
pub(super) struct Grant {
    pub(super) person: &'static Person,
    pub(super) nonce: String,
    pub(super) code_challenge: String,
    pub(super) redirect_uri: String,
    pub(super) profile: bool,
}

#[derive(Default)]
pub(super) struct Codes(Mutex<HashMap<String, (u64, Grant)>>);

impl Codes {
    /// Keeps the grant under this code.
    pub(super) fn put(&self, code: String, grant: Grant, now_ms: u64) {
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|_, (made_ms, _)| is_alive(*made_ms, now_ms));
        if codes.len() < MAX_CODES {
            codes.insert(code, (now_ms, grant));
        }
    }

    /// Takes the grant out: whoever comes first, with whatever else, has used the code up.
    pub(super) fn take(&self, code: &str, now_ms: u64) -> Option<Grant> {
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (made_ms, grant) = codes.remove(code)?;
        is_alive(made_ms, now_ms).then_some(grant)
    }
}

fn is_alive(made_ms: u64, now_ms: u64) -> bool {
    now_ms.saturating_sub(made_ms) < LIFE_MS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::PEOPLE;

    fn grant() -> Grant {
        Grant {
            person: &PEOPLE[0],
            nonce: String::new(),
            code_challenge: String::new(),
            redirect_uri: String::new(),
            profile: true,
        }
    }

    #[test]
    fn a_code_works_once() {
        let codes = Codes::default();
        codes.put("a".to_owned(), grant(), 0);
        assert!(codes.take("a", 1).is_some());
        assert!(codes.take("a", 1).is_none());
    }

    #[test]
    fn a_code_works_for_a_minute() {
        let codes = Codes::default();
        codes.put("a".to_owned(), grant(), 1000);
        codes.put("b".to_owned(), grant(), 1000);
        assert!(codes.take("a", 60_999).is_some());
        assert!(codes.take("b", 61_000).is_none());
    }

    #[test]
    fn a_flood_of_codes_is_cut_off_and_passes() {
        let codes = Codes::default();
        for number in 0..2000 {
            codes.put(number.to_string(), grant(), 0);
        }
        assert!(codes.take("1500", 1).is_none());
        codes.put("later".to_owned(), grant(), 60_000);
        assert!(codes.take("later", 60_000).is_some());
    }
}
