//! The members of a group as changes to single rows.

use serde_json::Value;

use super::request::{Operation, Verb};
use crate::error::{Fault, ScimError};
use crate::filter::{Filter, Literal, Operator};
use crate::group::{Member, members_of, not_a_list};
use crate::limits;
use crate::path::Path;
use crate::schema::AttributeRef;

/// One change to the members of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MembershipChange {
    /// These become members; those who are stay.
    Add(Vec<Member>),
    /// The members with these ids go; who is none is passed over.
    Remove(Vec<String>),
    /// The members that meet the filter (over the sub-attributes of `members`) go.
    RemoveMatching(Filter),
    /// All members go.
    RemoveAll,
    /// Exactly these are members afterwards.
    Replace(Vec<Member>),
}

/// Whether an operation is about members.
pub(super) fn concerns(operation: &Operation) -> bool {
    let members = |it: AttributeRef| it.extension().is_none() && it.attribute().name == "members";
    operation.path.attribute().is_some_and(members)
}

/// Refuses a PATCH that looks at all members too often, or at each of them for too long.
pub(super) fn check_filters(operations: &[Operation]) -> Result<(), ScimError> {
    let filters: Vec<Option<&Filter>> = operations.iter().map(looking_at_all).collect();
    let before = std::iter::once(&None).chain(&filters);
    let passes = filters.iter().zip(before).filter(|(it, last)| it.is_some() && last.is_none());
    let terms: usize = filters.iter().flatten().map(|filter| terms(filter)).sum();
    if passes.count() <= limits::MEMBER_PASSES && terms <= limits::FILTER_TERMS {
        return Ok(());
    }
    let detail = "Too many filters over members in one PATCH; name members by their value.";
    Err(ScimError::invalid_syntax(detail))
}

/// The filter of an operation that removes members by more than their ids.
fn looking_at_all(operation: &Operation) -> Option<&Filter> {
    match (&operation.path, operation.verb) {
        (Path::Values { filter, .. }, Verb::Remove) if concerns(operation) => {
            Some(filter).filter(|filter| ids_of(filter).is_none())
        }
        _ => None,
    }
}

fn terms(filter: &Filter) -> usize {
    match filter {
        Filter::And(all) | Filter::Or(all) => all.iter().map(terms).sum(),
        Filter::Not(inner) | Filter::Values { filter: inner, .. } => terms(inner),
        Filter::Present(_) | Filter::Compare { .. } => 1,
    }
}

/// Reads an operation about members.
pub(super) fn read(
    operation: &Operation,
    changes: &mut Vec<MembershipChange>,
) -> Result<(), ScimError> {
    let value = operation.value.clone();
    let change = match (&operation.path, operation.verb) {
        (Path::Attribute(target), _) if target.sub().is_some() => return Err(immutable()),
        (Path::Values { sub: Some(_), .. }, _) => return Err(immutable()),
        (Path::Values { filter, .. }, Verb::Remove) => removal(filter),
        (Path::Values { filter, .. }, Verb::Add) => addition(filter)?,
        (Path::Values { .. }, Verb::Replace) => return Err(immutable()),
        (_, Verb::Add) => MembershipChange::Add(members_of(listed(value)?)?),
        (_, Verb::Replace) => match members_of(listed(value)?)? {
            none if none.is_empty() => MembershipChange::RemoveAll,
            members => MembershipChange::Replace(members),
        },
        (_, Verb::Remove) => match value {
            None | Some(Value::Null) => MembershipChange::RemoveAll,
            // Entra's old shape names the members to remove in `value`; only those go, and
            // an empty list names nobody.
            value => {
                let members = members_of(listed(value)?)?;
                MembershipChange::Remove(members.into_iter().map(|it| it.value).collect())
            }
        },
    };
    changes.push(change);
    Ok(())
}

/// RFC 7643 §8.7.1: the sub-attributes of members are immutable: remove and add instead.
fn immutable() -> ScimError {
    ScimError::mutability("a member cannot be changed, only added or removed.")
        .about("members", Fault::Fixed)
}

fn listed(value: Option<Value>) -> Result<Vec<Value>, ScimError> {
    match value {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(list)) => Ok(list),
        Some(single @ Value::Object(_)) => Ok(vec![single]),
        Some(_) => Err(not_a_list()),
    }
}

/// `members[value eq "1"]` and `members[value eq "1" or value eq "2"]` name rows by id.
fn removal(filter: &Filter) -> MembershipChange {
    match ids_of(filter) {
        Some(ids) => MembershipChange::Remove(ids),
        None => MembershipChange::RemoveMatching(filter.clone()),
    }
}

fn ids_of(filter: &Filter) -> Option<Vec<String>> {
    match filter {
        Filter::Or(all) => {
            let ids: Option<Vec<_>> = all.iter().map(ids_of).collect();
            ids.map(|ids| ids.concat())
        }
        Filter::Compare { attribute, operator: Operator::Eq, value: Literal::Text(id) }
            if attribute.leaf().name == "value" =>
        {
            Some(vec![id.clone()])
        }
        // RFC 7643 §4.2: `$ref` is the URI of the member, which ends in its id.
        Filter::Compare { attribute, operator: Operator::Eq, value: Literal::Text(uri) }
            if attribute.leaf().name == "$ref" =>
        {
            uri.rsplit('/').next().map(|id| vec![id.to_owned()])
        }
        _ => None,
    }
}

/// `add` at `members[value eq "1"]` makes that member.
fn addition(filter: &Filter) -> Result<MembershipChange, ScimError> {
    match ids_of(filter) {
        Some(ids) => {
            let members = ids.into_iter().map(|value| Member { value, kind: None });
            Ok(MembershipChange::Add(members.collect()))
        }
        None => Err(ScimError::no_target("the filter of the path names no member.")),
    }
}
