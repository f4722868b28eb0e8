//! Filters: RFC 7644 §3.4.2.2, resolved against a schema while they are read.
//!
//! A [`Filter`] names only attributes that exist and compares them only with values of their
//! type; [`crate::evaluate`] says what it means, the store says it in SQL.

mod lexer;
mod literal;
mod parser;
mod print;

pub(crate) use lexer::{Token, tokens};
pub use literal::{Literal, Operator};
pub(crate) use literal::{boolean, date_time, number};
pub(crate) use parser::{Parser, has_values, no_values, short, shown};
pub use parser::{parse, parse_among};

use crate::schema::AttributeRef;

/// A filter as a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// All of them hold; two at least.
    And(Vec<Filter>),
    /// One of them holds; two at least.
    Or(Vec<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
    /// The attribute has a value (`pr`).
    Present(AttributeRef),
    /// The attribute, or one of its values, compares so with the literal.
    Compare {
        /// What is compared. A complex attribute without a sub-attribute stands for its `value`
        /// and is resolved to it, so the leaf is never complex.
        attribute: AttributeRef,
        /// How.
        operator: Operator,
        /// With what: already of the attribute's type.
        value: Literal,
    },
    /// One value of a multi-valued attribute meets the inner filter, whose attributes are the
    /// sub-attributes of that value: `emails[type eq "work"]`.
    ///
    /// `emails[type eq "work"].value eq "x"` is read as `emails[type eq "work" and value eq "x"]`.
    Values {
        /// The multi-valued attribute.
        attribute: AttributeRef,
        /// What one of its values must meet.
        filter: Box<Filter>,
    },
}

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
