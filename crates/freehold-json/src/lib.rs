//! JSON for the browser modules: it reads and writes what their messages are made of and no more. They are loaded by everybody
//! before he can sign in, and `serde_json` weighs as much as half of what they do.
//!
//! Objects with known names, arrays, strings, whole numbers, `true`, `false` and `null`. Errors say nothing: a client is told the
//! same whatever is wrong with a message.
// RFC 8259.

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::read;
pub use write::write;

/// Not the JSON of this message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the JSON of this message")]
pub struct JsonError;

impl serde::de::Error for JsonError {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

impl serde::ser::Error for JsonError {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}
