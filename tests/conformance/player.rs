//! Plays a story: sends each request, compares, and tells in words what was not as expected.

use std::{collections::BTreeMap, fmt::Write};

use freehold_testing::http::{Answer, Request};
use serde_json::Value;

use crate::{
    manners,
    matching::{Difference, differences},
    service::{Organization, Service},
    story::{Sent, Step, Story},
};

/// Plays it to its end or to the first step that goes wrong: later ones build on it.
///
/// # Errors
/// What was sent, what was expected and what came.
pub fn play(story: &Story, service: &Service, organization: &Organization) -> Result<(), String> {
    let mut known = BTreeMap::from([("base".to_owned(), service.scim_url())]);
    for (index, step) in story.steps.iter().enumerate() {
        for n in 1..=step.repeat {
            known.insert("n".to_owned(), n.to_string());
            play_step(step, service, organization, &mut known).map_err(|problem| {
                format!(
                    "{}, step {} of {}\n    {}\n    {}\n{problem}",
                    story.name,
                    index + 1,
                    story.steps.len(),
                    story.story,
                    step.why
                )
            })?;
        }
    }
    Ok(())
}

type Known = BTreeMap<String, String>;

fn play_step(
    step: &Step,
    service: &Service,
    organization: &Organization,
    known: &mut Known,
) -> Result<(), String> {
    let (request, told) = request_of(&step.request, organization, known);
    let answer = request
        .send(service.program.address())
        .map_err(|error| format!("{told}\n    no answer: {error}"))?;
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let mut wrong = compare(step, &answer, body.as_ref(), known);
    wrong.extend(manners::faults(&answer, body.as_ref()));
    if wrong.is_empty() {
        wrong.extend(capture(step, body.as_ref(), known));
    }
    if wrong.is_empty() { Ok(()) } else { Err(report(&told, &wrong, &answer, body.as_ref())) }
}

/// The request, and the same in words.
fn request_of(sent: &Sent, organization: &Organization, known: &Known) -> (Request, String) {
    let path = filled(&sent.path, known);
    let mut told = format!("    {} {path}", sent.method);
    let mut request = Request::new(&sent.method, &format!("/scim/v2{path}"));
    let body = match (&sent.body, &sent.text) {
        (Some(body), _) => Some(fill(body, known).to_string()),
        (None, text) => text.as_ref().map(|text| filled(text, known)),
    };
    let mut headers = BTreeMap::from([
        ("authorization".to_owned(), Some(format!("Bearer {}", organization.token))),
        ("accept".to_owned(), Some("application/scim+json".to_owned())),
    ]);
    if body.is_some() {
        let kind = "application/scim+json".to_owned();
        headers.insert("content-type".to_owned(), Some(kind));
    }
    for (name, value) in &sent.headers {
        let value = value.as_ref().map(|value| filled(value, known));
        let _ = write!(told, "\n    {name}: {}", value.as_deref().unwrap_or("(none)"));
        headers.insert(name.to_ascii_lowercase(), value);
    }
    for (name, value) in &headers {
        if let Some(value) = value.as_ref().filter(|_| name != "content-type" || body.is_none()) {
            request = request.header(name, value);
        }
    }
    if let Some(body) = body {
        let _ = write!(told, "\n    {body}");
        let kind = headers.remove("content-type").flatten().unwrap_or_default();
        request = request.body(&kind, body);
    }
    (request, told)
}

fn compare(step: &Step, answer: &Answer, body: Option<&Value>, known: &Known) -> Vec<Difference> {
    let mut wrong = Vec::new();
    if answer.status != step.expect.status {
        wrong.push(format!(
            "status\n      expected {}\n      got      {}",
            step.expect.status, answer.status
        ));
    }
    for (name, expected) in &step.expect.headers {
        let got = answer.header(&name.to_ascii_lowercase()).map(Value::from);
        let found = differences(&fill(expected, known), got.as_ref());
        wrong.extend(found.into_iter().map(|it| it.replacen("the body", name, 1)));
    }
    if let Some(expected) = &step.expect.body {
        let text = Value::from(answer.text());
        let got = body.or((!answer.body.is_empty()).then_some(&text));
        wrong.extend(differences(&fill(expected, known), got));
    }
    wrong
}

/// Keeps parts of the answer for later steps; gives what is not there.
fn capture(step: &Step, body: Option<&Value>, known: &mut Known) -> Vec<Difference> {
    let mut missing = Vec::new();
    for (name, pointer) in &step.capture {
        match body.and_then(|body| body.pointer(pointer)) {
            Some(Value::String(text)) => drop(known.insert(name.clone(), text.clone())),
            Some(Value::Number(number)) => drop(known.insert(name.clone(), number.to_string())),
            _ => missing.push(format!("nothing to capture as {name} at {pointer}")),
        }
    }
    missing
}

/// The value with every `${name}` in its texts and keys replaced.
fn fill(value: &Value, known: &Known) -> Value {
    match value {
        Value::String(text) => Value::String(filled(text, known)),
        Value::Array(list) => list.iter().map(|it| fill(it, known)).collect(),
        Value::Object(map) => Value::Object(
            map.iter().map(|(key, it)| (filled(key, known), fill(it, known))).collect(),
        ),
        other => other.clone(),
    }
}

fn filled(text: &str, known: &Known) -> String {
    known
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("${{{name}}}"), value))
}

fn report(told: &str, wrong: &[Difference], answer: &Answer, body: Option<&Value>) -> String {
    let pretty = body.and_then(|body| serde_json::to_string_pretty(body).ok());
    let shown = pretty.unwrap_or_else(|| answer.text());
    let shown: Vec<&str> = shown.lines().take(60).collect();
    format!(
        "  sent\n{told}\n  not as expected\n    {}\n  the answer: {}\n    {}",
        wrong.join("\n    "),
        answer.status,
        shown.join("\n    ")
    )
}
