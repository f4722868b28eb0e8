//! What the browser brings back from the identity provider.

use std::borrow::Cow;

use super::error::Refusal;

/// Longest query of a callback, in bytes. Entra's codes reach 1.5 KiB.
const MAX_QUERY_BYTES: usize = 8 * 1024;

/// The parameters of a callback, each at most once.
pub struct CallbackParams {
    state: String,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

impl CallbackParams {
    /// Reads the query of `GET /oidc/callback`, without the `?`. Unknown parameters are ignored.
    ///
    /// # Errors
    /// [`Refusal::Callback`] when a parameter comes twice, `state` is missing, or it is too long.
    pub fn parse(query: &str) -> Result<Self, Refusal> {
        if query.len() > MAX_QUERY_BYTES {
            return Err(Refusal::Callback("it is too long"));
        }
        let (mut state, mut code, mut iss, mut error) = (None, None, None, None);
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let slot = match name.as_ref() {
                "state" => &mut state,
                "code" => &mut code,
                "iss" => &mut iss,
                "error" => &mut error,
                _ => continue,
            };
            // RFC 6749 §3.1: parameters must not be included more than once.
            if slot.replace(Cow::into_owned(value)).is_some() {
                return Err(Refusal::Callback("a parameter comes twice"));
            }
        }
        let state = state.filter(|state| !state.is_empty()).ok_or(NO_STATE)?;
        Ok(Self { state, code, iss, error })
    }

    /// The `state`, by whose hash the pending row is found.
    #[must_use]
    pub fn state(&self) -> &str {
        &self.state
    }

    pub(super) fn code(&self) -> Option<&str> {
        self.code.as_deref().filter(|code| !code.is_empty())
    }

    pub(super) fn iss(&self) -> Option<&str> {
        self.iss.as_deref()
    }

    pub(super) fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }
}

const NO_STATE: Refusal = Refusal::Callback("it has no state");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callback_is_read_with_its_encodings() {
        let params =
            CallbackParams::parse("code=a%2Fb+c&state=s&session_state=x&iss=https%3A%2F%2Fi")
                .expect("a plain callback");
        assert_eq!(params.state(), "s");
        assert_eq!(params.code(), Some("a/b c"));
        assert_eq!(params.iss(), Some("https://i"));
        assert_eq!(params.error(), None);
    }

    #[test]
    fn a_parameter_that_comes_twice_is_refused() {
        for query in [
            "code=a&code=b&state=s",
            "code=a&state=s&state=s",
            "code=a&state=s&iss=x&iss=x",
            "error=a&error=&state=s",
        ] {
            let refusal = CallbackParams::parse(query).err();
            assert_eq!(refusal, Some(Refusal::Callback("a parameter comes twice")), "{query}");
        }
    }

    #[test]
    fn a_callback_without_state_or_without_end_is_refused() {
        for query in ["", "code=a", "code=a&state="] {
            assert_eq!(CallbackParams::parse(query).err(), Some(NO_STATE), "{query}");
        }
        let long = format!("state=s&code={}", "a".repeat(9000));
        assert_eq!(CallbackParams::parse(&long).err(), Some(Refusal::Callback("it is too long")));
    }
}
