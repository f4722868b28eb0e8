//! The body of a request to the token endpoint: `application/x-www-form-urlencoded`, each
//! parameter once.

use super::problem::OauthProblem;

/// Parameters with their values; unknown ones are kept and never asked for (RFC 6749 §3.2).
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Parses a body.
    ///
    /// # Errors
    /// It is not UTF-8, or a parameter comes twice.
    pub(super) fn parse(body: &[u8]) -> Result<Self, OauthProblem> {
        let text = std::str::from_utf8(body)
            .map_err(|_| OauthProblem::invalid_request("The body is not UTF-8."))?;
        let mut parameters: Vec<(String, String)> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
            // RFC 6749 §3.2: parameters MUST NOT be included more than once, ..
            if parameters.iter().any(|(known, _)| *known == name) {
                return Err(OauthProblem::invalid_request("A parameter comes twice."));
            }
            parameters.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(parameters))
    }

    /// The value of a parameter. One without a value counts as left out (RFC 6749 §3.2).
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn a_parameter_comes_once_and_empty_ones_not_at_all() {
        let form = Form::parse(b"grant_type=a+b%2B&client_id=&odd").ok().unwrap();
        assert_eq!(form.get("grant_type"), Some("a b+"));
        assert_eq!((form.get("client_id"), form.get("odd"), form.get("scope")), (None, None, None));
        for body in [&b"a=1&a=1"[..], b"a=&a=1", b"client%5Fid=1&client_id=2", b"\xff=1"] {
            assert!(Form::parse(body).is_err(), "{}", body.escape_ascii());
        }
    }
}
