//! Why a story did not go on.

use std::fmt;

use thirtyfour::error::WebDriverError;

/// What was expected and what was there instead, in words.
///
/// `Debug` prints the words too, because that is what a test that returns an error shows.
pub struct Failure(String);

/// What a step of a story gives.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// A failure with its words.
    #[must_use]
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

impl From<WebDriverError> for Failure {
    fn from(error: WebDriverError) -> Self {
        Self(format!("the browser: {error}"))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}
