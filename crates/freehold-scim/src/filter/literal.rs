//! Operators and the values they compare with.

use serde_json::Number;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::lexer::Operand;
use crate::schema::{Attribute, Type};

/// The comparison operators of RFC 7644 table 3, without `pr`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Greater than.
    Gt,
    /// Greater than or equal to.
    Ge,
    /// Less than.
    Lt,
    /// Less than or equal to.
    Le,
}

impl Operator {
    const ALL: [(&'static str, Self); 9] = [
        ("eq", Self::Eq),
        ("ne", Self::Ne),
        ("co", Self::Co),
        ("sw", Self::Sw),
        ("ew", Self::Ew),
        ("gt", Self::Gt),
        ("ge", Self::Ge),
        ("lt", Self::Lt),
        ("le", Self::Le),
    ];

    /// Reads an operator in any case.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, it)| *it)
    }

    /// The name in a filter.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, it)| *it == self).map_or("", |(name, _)| name)
    }

    /// `eq` and `ne`, which every type and `null` have.
    pub(super) fn is_equality(self) -> bool {
        matches!(self, Self::Eq | Self::Ne)
    }

    /// `co`, `sw` and `ew`, which only texts have.
    pub(super) fn is_substring(self) -> bool {
        matches!(self, Self::Co | Self::Sw | Self::Ew)
    }
}

/// A value to compare with, of the type of the attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// For strings, references and binaries.
    Text(String),
    /// For booleans.
    Boolean(bool),
    /// For integers and decimals.
    Number(Number),
    /// For dates.
    DateTime(OffsetDateTime),
    /// No value; only with `eq` (the attribute is absent) and `ne` (it is present).
    Null,
}

impl Literal {
    /// Fits an operand to the attribute, or says what was expected.
    ///
    /// Lenient where clients are: an unquoted text (Microsoft's documentation has
    /// `externalId eq jyoung`) and a quoted boolean (`roles[primary eq "True"]`) are understood.
    pub(super) fn fit(operand: Operand, attribute: &Attribute) -> Result<Self, &'static str> {
        if matches!(&operand, Operand::Bare(word) if word == "null") {
            return Ok(Self::Null);
        }
        let text = operand.into_text();
        match attribute.kind {
            Type::String | Type::Reference | Type::Binary => Ok(Self::Text(text)),
            Type::Boolean => boolean(&text).map(Self::Boolean).ok_or("true or false"),
            Type::Integer | Type::Decimal => number(&text).map(Self::Number).ok_or("a number"),
            Type::DateTime => date_time(&text)
                .map(Self::DateTime)
                .ok_or("a date and time such as \"2026-01-31T12:00:00Z\""),
            Type::Complex => Err("one of its sub-attributes"),
        }
    }
}

/// Reads a boolean in any case: Entra sends `"False"`.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// Reads a JSON number.
pub(crate) fn number(text: &str) -> Option<Number> {
    text.parse().ok()
}

/// Reads an xsd:dateTime (RFC 7643 §2.3.5); without an offset it is UTC.
pub(crate) fn date_time(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339)
        .ok()
        .or_else(|| OffsetDateTime::parse(&format!("{text}Z"), &Rfc3339).ok())
}
