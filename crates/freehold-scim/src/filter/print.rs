//! From a [`Filter`] back to text that reads as the same filter.

use std::fmt;

use time::format_description::well_known::Rfc3339;

use super::{Filter, Literal};

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(all) => joined(f, all, " and "),
            Self::Or(all) => joined(f, all, " or "),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Present(attribute) => write!(f, "{attribute} pr"),
            Self::Compare { attribute, operator, value } => {
                write!(f, "{attribute} {} {value}", operator.name())
            }
            Self::Values { attribute, filter } => write!(f, "{attribute}[{filter}]"),
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, all: &[Filter], joiner: &str) -> fmt::Result {
    for (index, filter) in all.iter().enumerate() {
        if index > 0 {
            f.write_str(joiner)?;
        }
        match filter {
            Filter::And(_) | Filter::Or(_) => write!(f, "({filter})")?,
            _ => write!(f, "{filter}")?,
        }
    }
    Ok(())
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&serde_json::to_string(text).map_err(|_| fmt::Error)?),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::DateTime(at) => {
                write!(f, "\"{}\"", at.format(&Rfc3339).map_err(|_| fmt::Error)?)
            }
            Self::Null => f.write_str("null"),
        }
    }
}
