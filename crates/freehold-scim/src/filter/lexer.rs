//! From filter text to tokens.

use crate::error::ScimError;
use crate::limits;

/// One token. Words are attribute names, operators and unquoted operands alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    Open,
    Close,
    OpenBracket,
    CloseBracket,
    Word(String),
    Quoted(String),
}

/// The right side of a comparison as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Operand {
    Quoted(String),
    Bare(String),
}

impl Operand {
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Quoted(text) | Self::Bare(text) => text,
        }
    }
}

/// Cuts a filter or path into tokens.
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, ScimError> {
    if text.len() > limits::FILTER_BYTES {
        let limit = limits::FILTER_BYTES;
        return Err(ScimError::invalid_filter(format!("The filter is longer than {limit} bytes.")));
    }
    // Unquoted operands as well: a database does not take it.
    if text.contains('\0') {
        return Err(holds_nul());
    }
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '[' => (Token::OpenBracket, 1),
            ']' => (Token::CloseBracket, 1),
            '"' => quoted(rest)?,
            _ => word(rest),
        };
        found.push(token);
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(found)
}

fn word(rest: &str) -> (Token, usize) {
    let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '"');
    let length = rest.find(ends).unwrap_or(rest.len());
    (Token::Word(rest.get(..length).unwrap_or_default().to_owned()), length)
}

/// RFC 7644 §3.4.2.2: a string operand follows the rules of a JSON string.
fn quoted(rest: &str) -> Result<(Token, usize), ScimError> {
    let mut escaped = false;
    let end = rest.char_indices().skip(1).find(|(_, c)| {
        let closes = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    });
    let Some((end, _)) = end else {
        return Err(ScimError::invalid_filter("A quoted text in the filter is not closed."));
    };
    let source = rest.get(..=end).unwrap_or_default();
    let text: String = serde_json::from_str(source).map_err(|_| {
        ScimError::invalid_filter("A quoted text in the filter is not a valid JSON string.")
    })?;
    if text.contains('\0') {
        return Err(holds_nul());
    }
    Ok((Token::Quoted(text), end + 1))
}

fn holds_nul() -> ScimError {
    ScimError::invalid_filter("A text in the filter holds NUL (U+0000).")
}
