//! In which order a bulk request is carried out, and what becomes of it.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use super::references::{self, Withheld};
use super::request::{Action, BulkOperation, BulkRequest, Method, Target};
use crate::error::ScimError;
use crate::filter::short;
use crate::schema::{ResourceType, urn};

/// What to do next. Every reference in it is resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The operation, counted from 0; for [`Plan::done`]. A PATCH that closes a circle has the
    /// number of the POST it belongs to.
    pub index: usize,
    /// The method.
    pub method: Method,
    /// The type of the resource.
    pub kind: &'static ResourceType,
    /// The id of the resource; `None` for a POST.
    pub id: Option<String>,
    /// The version it must have, as in `If-Match`.
    pub version: Option<String>,
    /// The body; `None` for a DELETE.
    pub data: Option<Value>,
}

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// The HTTP status code.
    pub status: u16,
    /// The id of the resource, if there is one.
    pub id: Option<String>,
    /// Its URI; where it is left out, it follows from type and id.
    pub location: Option<String>,
    /// Its entity tag.
    pub version: Option<String>,
    /// The body of the answer: required for an error (RFC 7644 §3.7.3), optional otherwise.
    pub response: Option<Value>,
}

impl Outcome {
    /// The outcome of a step that failed.
    pub fn failed(error: &ScimError) -> Self {
        Self { status: error.status, response: Some(error.to_json()), ..Self::default() }
    }

    fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// A bulk request while it is carried out, one step at a time.
#[derive(Debug)]
pub struct Plan {
    base_url: String,
    errors_left: Option<u64>,
    entries: Vec<Entry>,
}

/// A bulkId that is referred to, and the operation that makes it.
type Need = (String, Option<usize>);

#[derive(Debug)]
struct Entry {
    operation: BulkOperation,
    /// What it refers to; `None` for a bulkId that no operation makes.
    needs: Vec<Need>,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Not begun.
    Waiting,
    /// Its step is out; these values are withheld from it.
    Running(Option<Withheld>),
    /// Made, without these values.
    Incomplete(Outcome, Withheld),
    /// Made, and the step that adds what was withheld is out.
    Completing(Outcome),
    Done(Outcome),
}

impl Plan {
    /// A plan for a request; `base_url` as in [`crate::render::render_user`].
    pub fn new(request: BulkRequest, base_url: &str) -> Self {
        let makers = makers(&request.operations);
        let entry = |operation| Entry::new(operation, &makers);
        Self {
            base_url: base_url.to_owned(),
            errors_left: request.fail_on_errors.map(|errors| errors.max(1)),
            entries: request.operations.into_iter().map(entry).collect(),
        }
    }

    /// The next step, `None` when everything is done or `failOnErrors` is reached. Each step must
    /// be answered by [`Self::done`] before the next one.
    pub fn next_step(&mut self) -> Option<Step> {
        self.fail_what_was_not_answered();
        loop {
            if self.errors_left == Some(0) {
                return None;
            }
            if let Some(index) = self.completable() {
                if let Some(step) = self.complete(index) {
                    return Some(step);
                }
                continue;
            }
            let first =
                self.entries.iter().position(|entry| matches!(entry.state, State::Waiting))?;
            let index = self.first_to_do(first);
            match self.begin(index) {
                Ok(step) => return Some(step),
                Err(error) => self.settle(index, Outcome::failed(&error)),
            }
        }
    }

    /// Takes the outcome of the step with this index.
    pub fn done(&mut self, index: usize, outcome: Outcome) {
        let Some(entry) = self.entries.get_mut(index) else { return };
        match std::mem::replace(&mut entry.state, State::Waiting) {
            State::Running(Some(withheld)) if outcome.is_success() => {
                entry.state = State::Incomplete(outcome, withheld);
            }
            // What failed has made nothing, whatever the outcome says.
            State::Running(_) if !outcome.is_success() => {
                self.settle(index, Outcome { id: None, ..outcome });
            }
            State::Running(_) => self.settle(index, outcome),
            State::Completing(made) if outcome.is_success() => {
                let version = outcome.version.or(made.version);
                self.settle(index, Outcome { version, response: None, ..made });
            }
            State::Completing(made) => self.settle(index, incomplete(outcome, made)),
            other => entry.state = other,
        }
    }

    /// The BulkResponse: what was processed, in the order of the request (RFC 7644 §3.7).
    pub fn into_response(mut self) -> Value {
        self.fail_what_was_not_answered();
        for index in 0..self.entries.len() {
            self.give_up_completing(index, "the request was stopped by failOnErrors");
        }
        let base_url = self.base_url;
        let processed = self.entries.into_iter().filter_map(|entry| entry.into_result(&base_url));
        json!({
            "schemas": [urn::BULK_RESPONSE],
            "Operations": processed.collect::<Vec<_>>(),
        })
    }

    /// From the first operation that waits, down to one that has all it needs, or needs only what
    /// itself waits for it: a circle, which is opened there.
    fn first_to_do(&self, first: usize) -> usize {
        let mut on_path = vec![false; self.entries.len()];
        let mut index = first;
        loop {
            if let Some(seen) = on_path.get_mut(index) {
                *seen = true;
            }
            let waits_for = |on: &usize| on_path.get(*on) == Some(&false);
            match self.waiting_makers(index).find(waits_for) {
                Some(deeper) => index = deeper,
                None => return index,
            }
        }
    }

    /// The operations that this one needs and that are not begun.
    fn waiting_makers(&self, index: usize) -> impl Iterator<Item = usize> {
        let needs = self.entries.get(index).map(|entry| &entry.needs);
        let makers = needs.into_iter().flatten().filter_map(|(_, maker)| *maker);
        makers.filter(|maker| self.is_waiting(*maker))
    }

    fn is_waiting(&self, index: usize) -> bool {
        self.entries.get(index).is_some_and(|entry| matches!(entry.state, State::Waiting))
    }

    /// The step of an operation, or why there is none.
    fn begin(&mut self, index: usize) -> Result<Step, ScimError> {
        let entry = self.entries.get(index).ok_or_else(ScimError::not_found)?;
        let Action { method, kind, target, version, mut data } = entry.operation.action.clone()?;
        let (circle, needs): (Vec<&Need>, Vec<&Need>) =
            entry.needs.iter().partition(|(_, maker)| maker.is_some_and(|it| self.is_waiting(it)));
        let ids = self.ids(needs)?;
        let circle: BTreeSet<String> = circle.into_iter().map(|(id, _)| id.clone()).collect();
        let withheld = match data.as_mut() {
            Some(data) if !circle.is_empty() => Withheld::take(data, kind, &circle),
            _ => None,
        };
        resolve(data.as_mut(), kind, method, &ids);
        let id = match target {
            Target::New => None,
            Target::Id(id) => Some(id),
            Target::Made(bulk_id) => Some(ids.get(&bulk_id).cloned().ok_or_else(unmade)?),
        };
        if let Some(entry) = self.entries.get_mut(index) {
            entry.state = State::Running(withheld);
            if let (Ok(action), Some(id)) = (&mut entry.operation.action, &id) {
                action.target = Target::Id(id.clone());
            }
        }
        Ok(Step { index, method, kind, id, version, data })
    }

    /// The ids of the resources that these operations made.
    ///
    /// RFC 7644 §3.7.1 has 409 for references that cannot be resolved after an attempt. A bulkId
    /// that no operation has is a wrong value: 400 (§3.12, table 9).
    fn ids<'a>(
        &self,
        needs: impl IntoIterator<Item = &'a Need>,
    ) -> Result<HashMap<String, String>, ScimError> {
        let id_of = |(bulk_id, maker): &Need| {
            let maker = maker.and_then(|maker| self.entries.get(maker));
            let maker = maker.ok_or_else(|| {
                let bulk_id = short(bulk_id);
                ScimError::invalid_value(format!(
                    "No POST of the request has the bulkId {bulk_id}."
                ))
            })?;
            let id = maker.made_id().ok_or_else(unmade)?;
            Ok((bulk_id.clone(), id.to_owned()))
        };
        needs.into_iter().map(id_of).collect()
    }

    /// An operation that can be completed: all that was withheld from it is decided.
    fn completable(&self) -> Option<usize> {
        self.entries.iter().position(|entry| match &entry.state {
            State::Incomplete(_, withheld) => {
                let mut makers = entry.withheld_needs(withheld).filter_map(|(_, maker)| *maker);
                !makers.any(|maker| self.is_waiting(maker))
            }
            _ => false,
        })
    }

    /// The PATCH that adds what was withheld; none if that was not made.
    fn complete(&mut self, index: usize) -> Option<Step> {
        let entry = self.entries.get(index)?;
        let State::Incomplete(outcome, withheld) = &entry.state else { return None };
        let (Ok(action), Some(id)) = (&entry.operation.action, outcome.id.clone()) else {
            self.give_up_completing(index, "it has no id");
            return None;
        };
        let Ok(ids) = self.ids(entry.withheld_needs(withheld)) else {
            self.give_up_completing(index, "one of them could not be created");
            return None;
        };
        let (kind, outcome, mut data) =
            (action.kind, outcome.clone(), withheld.clone().into_patch());
        resolve(Some(&mut data), kind, Method::Patch, &ids);
        self.entries.get_mut(index)?.state = State::Completing(outcome);
        Some(Step {
            index,
            method: Method::Patch,
            kind,
            id: Some(id),
            version: None,
            data: Some(data),
        })
    }

    fn give_up_completing(&mut self, index: usize, why: &str) {
        let Some(entry) = self.entries.get_mut(index) else { return };
        let State::Incomplete(made, _) = &entry.state else { return };
        let error = ScimError::new(
            409,
            None,
            format!("Created without the values that refer to other operations: {why}."),
        );
        let outcome = incomplete(Outcome::failed(&error), made.clone());
        self.settle(index, outcome);
    }

    /// Ends an operation.
    fn settle(&mut self, index: usize, outcome: Outcome) {
        if !outcome.is_success() {
            self.errors_left = self.errors_left.map(|errors| errors.saturating_sub(1));
        }
        if let Some(entry) = self.entries.get_mut(index) {
            entry.state = State::Done(outcome);
        }
    }

    fn fail_what_was_not_answered(&mut self) {
        let error = ScimError::new(500, None, "The outcome of the operation is not known.");
        for index in 0..self.entries.len() {
            let running =
                |entry: &Entry| matches!(entry.state, State::Running(_) | State::Completing(_));
            if self.entries.get(index).is_some_and(running) {
                self.done(index, Outcome::failed(&error));
            }
        }
    }
}

/// The operations that make something, by bulkId. What cannot be read makes nothing, but what
/// refers to it must fail by it.
fn makers(operations: &[BulkOperation]) -> HashMap<String, usize> {
    let makes = |operation: &BulkOperation| {
        operation.action.as_ref().map_or(true, |action| action.method == Method::Post)
    };
    let all = operations.iter().enumerate().filter(|(_, operation)| makes(operation));
    all.filter_map(|(index, operation)| Some((operation.bulk_id.clone()?, index))).collect()
}

/// RFC 7644 §3.7.1: what cannot be resolved is a conflict.
fn unmade() -> ScimError {
    ScimError::new(409, None, "An operation that this one refers to has created nothing.")
}

/// The failure of a resource that was made and could not be completed: it keeps its place.
fn incomplete(failure: Outcome, made: Outcome) -> Outcome {
    Outcome { id: made.id, location: made.location, version: made.version, ..failure }
}

fn resolve(
    data: Option<&mut Value>,
    kind: &'static ResourceType,
    method: Method,
    ids: &HashMap<String, String>,
) {
    if let Some(data) = data {
        references::replace(data, kind, method, &mut |bulk_id| ids.get(bulk_id).cloned());
    }
}

impl Entry {
    fn new(operation: BulkOperation, makers: &HashMap<String, usize>) -> Self {
        let action = operation.action.as_ref().ok();
        let of = |it: &Action| Some(references::of(it.data.as_ref()?, it.kind, it.method));
        let mut needs = action.and_then(of).unwrap_or_default();
        if let Some(Target::Made(bulk_id)) = action.map(|it| &it.target) {
            needs.insert(bulk_id.clone());
        }
        let made = |bulk_id: String| (makers.get(&bulk_id).copied(), bulk_id);
        let needs = needs.into_iter().map(made).map(|(maker, bulk_id)| (bulk_id, maker)).collect();
        Self { operation, needs, state: State::Waiting }
    }

    /// What was withheld from it needs.
    fn withheld_needs<'a>(&'a self, withheld: &'a Withheld) -> impl Iterator<Item = &'a Need> {
        self.needs.iter().filter(|(bulk_id, _)| withheld.references.contains(bulk_id))
    }

    /// The id of what the operation made, although it may not be complete.
    fn made_id(&self) -> Option<&str> {
        match &self.state {
            State::Incomplete(outcome, _) | State::Completing(outcome) => outcome.id.as_deref(),
            State::Done(outcome) => outcome.id.as_deref(),
            State::Waiting | State::Running(_) => None,
        }
    }

    /// The result in the answer; `None` if the operation was not processed.
    fn into_result(self, base_url: &str) -> Option<Value> {
        let location = self.location(base_url);
        let State::Done(outcome) = self.state else { return None };
        let mut result = Map::new();
        let mut set = |name: &str, value: Option<Value>| {
            value.map(|value| result.insert(name.to_owned(), value));
        };
        set("method", Some(self.operation.method.to_ascii_uppercase().into()));
        set("bulkId", self.operation.bulk_id.map(Value::from));
        set("version", outcome.version.map(Value::from));
        set("location", location.map(Value::from));
        set("status", Some(outcome.status.to_string().into()));
        // RFC 7644 §3.7.3: an error has its body in `response`.
        let error = || ScimError::new(outcome.status, None, "The operation failed.").to_json();
        let is_success = (200..300).contains(&outcome.status);
        set("response", outcome.response.or_else(|| (!is_success).then(error)));
        Some(Value::Object(result))
    }

    /// RFC 7644 §3.7: every result has a location, save that of a failed POST.
    fn location(&self, base_url: &str) -> Option<String> {
        let State::Done(outcome) = &self.state else { return None };
        let action = self.operation.action.as_ref().ok()?;
        let known = match &action.target {
            Target::Id(id) => Some(id),
            _ => outcome.id.as_ref(),
        };
        let from_id = || Some(crate::render::location(action.kind, known?, base_url));
        outcome.location.clone().or_else(from_id)
    }
}
