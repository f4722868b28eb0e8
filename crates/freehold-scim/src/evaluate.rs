//! What a filter means: the reference for every other evaluation of it.
//!
//! RFC 7644 §3.4.2.2 leaves some questions open; they are answered here once:
//! - An attribute without a value is null (RFC 7643 §2.5). `ne` holds for it unless compared with
//!   null; every other comparison fails.
//! - An absent `active` is true, for `pr` as well: such a person may sign in.
//! - A comparison of a multi-valued attribute holds if it holds for one of its values.
//! - `x eq null` is `not (x pr)`, `x ne null` is `x pr`.
//! - Case-insensitive texts compare by [`fold`], also in order; case-exact ones by code point.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::rc::Rc;

use serde_json::{Number, Value};

use crate::filter::{Filter, Literal, Operator, date_time};
use crate::fold::fold;
use crate::schema::{Attribute, AttributeRef};

/// Whether a resource meets the filter. The resource is the complete one, as it would be given
/// back without a projection: with `id`, `schemas` and `meta`.
pub fn matches(filter: &Filter, resource: &Value) -> bool {
    Evaluation::default().matches(filter, resource)
}

/// What is remembered while a filter of many terms is held against one resource.
#[derive(Default)]
struct Evaluation {
    /// Folded texts, by where they stand: each is long to fold and short to compare. Filter and
    /// resource are borrowed for as long as this lives, so the same place is the same text.
    folded: RefCell<HashMap<*const str, Rc<str>>>,
}

impl Evaluation {
    fn matches(&self, filter: &Filter, resource: &Value) -> bool {
        match filter {
            Filter::And(all) => all.iter().all(|filter| self.matches(filter, resource)),
            Filter::Or(all) => all.iter().any(|filter| self.matches(filter, resource)),
            Filter::Not(inner) => !self.matches(inner, resource),
            Filter::Present(attribute) => is_present(resource, attribute),
            Filter::Compare { attribute, operator, value } => {
                self.compare(resource, attribute, *operator, value)
            }
            Filter::Values { attribute, filter } => {
                values(resource, attribute).any(|value| self.matches(filter, value))
            }
        }
    }

    fn compare(
        &self,
        resource: &Value,
        attribute: &AttributeRef,
        operator: Operator,
        literal: &Literal,
    ) -> bool {
        if *literal == Literal::Null {
            return is_present(resource, attribute) == (operator == Operator::Ne);
        }
        let leaf = attribute.leaf();
        let mut assigned =
            values(resource, attribute).filter(|value| is_assigned(value)).peekable();
        if assigned.peek().is_none() {
            return match leaf.absent_means {
                Some(default) => self.holds(&Value::Bool(default), leaf, operator, literal),
                None => operator == Operator::Ne,
            };
        }
        assigned.any(|value| self.holds(value, leaf, operator, literal))
    }

    fn holds(
        &self,
        value: &Value,
        leaf: &Attribute,
        operator: Operator,
        literal: &Literal,
    ) -> bool {
        match (value, literal) {
            (Value::String(text), Literal::Text(other)) if leaf.case_exact => {
                texts_hold(text, operator, other)
            }
            (Value::String(text), Literal::Text(other)) => self.folded_hold(text, operator, other),
            (Value::Bool(own), Literal::Boolean(other)) => ordered(own.cmp(other), operator),
            (Value::Number(own), Literal::Number(other)) => {
                number_order(own, other).is_some_and(|order| ordered(order, operator))
            }
            (Value::String(text), Literal::DateTime(other)) => {
                date_time(text).is_some_and(|own| ordered(own.cmp(other), operator))
            }
            // A stored value of another type than its schema is equal to nothing.
            _ => operator == Operator::Ne,
        }
    }

    fn folded_hold(&self, own: &str, operator: Operator, other: &str) -> bool {
        let equality = matches!(operator, Operator::Eq | Operator::Ne);
        if equality && own.is_ascii() && other.is_ascii() {
            return own.eq_ignore_ascii_case(other) == (operator == Operator::Eq);
        }
        texts_hold(&self.fold(own), operator, &self.fold(other))
    }

    fn fold(&self, text: &str) -> Rc<str> {
        let mut folded = self.folded.borrow_mut();
        Rc::clone(folded.entry(std::ptr::from_ref(text)).or_insert_with(|| fold(text).into()))
    }
}

fn is_present(resource: &Value, attribute: &AttributeRef) -> bool {
    attribute.leaf().absent_means.is_some() || values(resource, attribute).any(is_assigned)
}

/// RFC 7643 §2.5: null and the empty list are no value.
fn is_assigned(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(list) => list.iter().any(is_assigned),
        Value::Object(map) => map.values().any(is_assigned),
        _ => true,
    }
}

fn texts_hold(own: &str, operator: Operator, other: &str) -> bool {
    match operator {
        Operator::Co => own.contains(other),
        Operator::Sw => own.starts_with(other),
        Operator::Ew => own.ends_with(other),
        _ => ordered(own.cmp(other), operator),
    }
}

fn ordered(order: Ordering, operator: Operator) -> bool {
    match operator {
        Operator::Eq => order.is_eq(),
        Operator::Ne => order.is_ne(),
        Operator::Gt => order.is_gt(),
        Operator::Ge => order.is_ge(),
        Operator::Lt => order.is_lt(),
        Operator::Le => order.is_le(),
        // Substrings of what is no text; the parser refuses them.
        Operator::Co | Operator::Sw | Operator::Ew => false,
    }
}

/// Whole numbers compare exactly, everything else as double precision.
fn number_order(own: &Number, other: &Number) -> Option<Ordering> {
    match (own.as_i128(), other.as_i128()) {
        (Some(own), Some(other)) => Some(own.cmp(&other)),
        _ => own.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}

/// The values an attribute has, lists flattened.
fn values<'a>(
    resource: &'a Value,
    attribute: &AttributeRef,
) -> Box<dyn Iterator<Item = &'a Value> + 'a> {
    let holder = match attribute.extension() {
        Some(schema) => resource.get(schema.id),
        None => Some(resource),
    };
    let own = flat(holder.and_then(|holder| holder.get(attribute.attribute().name)));
    match attribute.sub() {
        None => Box::new(own),
        Some(sub) => Box::new(own.flat_map(move |value| flat(value.get(sub.name)))),
    }
}

fn flat(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let (one, many) = match value {
        Some(Value::Array(list)) => (None, list.as_slice()),
        other => (other, &[][..]),
    };
    one.into_iter().chain(many)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::parse;
    use crate::schema::{USER, urn};
    use serde_json::json;

    fn anna() -> Value {
        json!({
            "schemas": [urn::USER, urn::ENTERPRISE_USER],
            "id": "Abc", "externalId": "E-1", "userName": "Änne@Example.com",
            "name": {"familyName": "Große"},
            "emails": [
                {"value": "anne@work.example", "type": "work", "primary": true},
                {"value": "anne@home.example", "type": "home"},
            ],
            "addresses": [{"locality": "Köln"}],
            urn::ENTERPRISE_USER: {"department": "R&D", "manager": {"value": "m1"}},
            "meta": {"created": "2026-01-31T12:00:00.500Z"},
        })
    }

    fn holds_for(resource: &Value, text: &str) -> bool {
        let filter = parse(text, &USER).unwrap_or_else(|error| panic!("{text}: {error}"));
        matches(&filter, resource)
    }

    fn all(expected: bool, texts: &[&str]) {
        for text in texts {
            assert_eq!(holds_for(&anna(), text), expected, "{text}");
        }
    }

    #[test]
    fn texts_compare_by_the_case_rule_of_their_attribute() {
        all(
            true,
            &[
                "userName eq \"ÄNNE@EXAMPLE.COM\"",
                "userName eq \"A\u{308}nne@example.com\"",
                "name.familyName eq \"GROSSE\"",
                "userName co \"NNE@\"",
                "userName sw \"ä\"",
                "userName ew \".COM\"",
                "externalId eq \"E-1\"",
                "id eq \"Abc\"",
                "userName gt \"A\"",
                "externalId ge \"E-1\"",
                "externalId le \"E-1\"",
                "externalId lt \"E-2\"",
                "userName ne \"anna\"",
            ],
        );
        all(
            false,
            &[
                "externalId eq \"e-1\"",
                "id eq \"abc\"",
                "userName ne \"änne@example.COM\"",
                "externalId sw \"e\"",
                "externalId gt \"E-1\"",
                "userName eq \"Anne@Example.com\"",
            ],
        );
    }

    #[test]
    fn a_list_meets_a_comparison_if_one_of_its_values_does() {
        all(
            true,
            &[
                "emails.value eq \"ANNE@home.example\"",
                "emails co \"work\"",
                "emails.type ne \"work\"",
                "emails[type eq \"home\" and value co \"home\"]",
                "emails.primary eq true",
                "schemas eq \"urn:ietf:params:scim:schemas:core:2.0:User\"",
                "emails[type eq \"work\"].value eq \"anne@work.example\"",
                "emails[not (primary eq true)]",
                "emails[primary ne true]",
                "emails[primary eq null]",
            ],
        );
        all(
            false,
            &[
                "emails[type eq \"home\" and value co \"work\"]",
                "emails[type eq \"other\"]",
                "emails[type eq \"work\"].value eq \"anne@home.example\"",
                "roles[value ne \"x\"]",
            ],
        );
    }

    #[test]
    fn what_is_absent_is_null() {
        all(
            true,
            &[
                "title eq null",
                "title ne \"x\"",
                "not (title pr)",
                "userName ne null",
                "name pr",
                "emails pr",
                "addresses pr",
                "roles eq null",
                "name ne null",
                "addresses ne null",
                "not (meta eq null)",
                "roles.value ne \"x\"",
            ],
        );
        all(
            false,
            &[
                "title pr",
                "title eq \"x\"",
                "title co \"\"",
                "title lt \"x\"",
                "roles pr",
                "title ne null",
                "name.givenName pr",
                "userName eq null",
                "name eq null",
                "addresses eq null",
                "meta eq null",
                "addresses.country pr",
            ],
        );
        let empty = json!({"title": null, "emails": [], "name": {}});
        for text in ["title pr", "emails pr", "name pr", "emails[value pr]"] {
            assert!(!holds_for(&empty, text), "{text}");
        }
    }

    #[test]
    fn an_absent_active_is_compared_as_true() {
        all(true, &["active eq true", "active ne false", "active pr", "active ne null"]);
        all(false, &["active eq false", "active ne true"]);
        assert!(holds_for(&json!({"active": false}), "active eq \"False\""));
    }

    #[test]
    fn dates_compare_in_time_and_not_as_text() {
        all(
            true,
            &[
                "meta.created eq \"2026-01-31T13:00:00.5+01:00\"",
                "meta.created gt \"2026-01-31T12:00:00Z\"",
                "meta.created ge \"2026-01-31T12:00:00.500Z\"",
                "meta.created lt \"2026-01-31T12:00:01\"",
            ],
        );
        all(
            false,
            &[
                "meta.created lt \"2026-01-31T12:00:00.500Z\"",
                "meta.created ne \"2026-01-31T12:00:00.500Z\"",
            ],
        );
    }

    #[test]
    fn extensions_are_reached_by_urn_and_by_bare_name() {
        let department = format!("{}:department eq \"r&d\"", urn::ENTERPRISE_USER);
        all(true, &[&department, "manager eq \"m1\"", "manager.value eq \"m1\""]);
        all(false, &["manager eq \"M1\"", "manager.displayName pr"]);
    }

    #[test]
    fn logic_is_logic() {
        all(
            true,
            &[
                "title pr or userName pr",
                "title pr and title pr or userName pr",
                "not (title pr and userName pr)",
                "userName pr and (title pr or id pr)",
            ],
        );
        all(false, &["title pr and userName pr", "title pr and (title pr or userName pr)"]);
    }
}
