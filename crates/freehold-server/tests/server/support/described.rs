//! Whatever the tests ask of `/api`, the answer must be one that the OpenAPI document describes.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use freehold_server::http::openapi;
use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::client::Reply;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut document: Value = serde_json::from_str(openapi::text()).unwrap();
    let mut parts = Vec::new();
    parts_of(&document, &mut parts);
    for (name, schema) in document["components"]["schemas"].as_object_mut().unwrap() {
        if !parts.contains(&format!("#/components/schemas/{name}")) {
            close(schema);
        }
    }
    document
});

/// What is a part of another object: such a one goes on.
fn parts_of(value: &Value, found: &mut Vec<String>) {
    let all = value["allOf"].as_array().into_iter().flatten();
    found.extend(all.filter_map(|part| part["$ref"].as_str()).map(str::to_owned));
    match value {
        Value::Object(object) => object.values().for_each(|inner| parts_of(inner, found)),
        Value::Array(array) => array.iter().for_each(|inner| parts_of(inner, found)),
        _ => {}
    }
}

/// In an answer, a field that nobody described is a fault too.
fn close(schema: &mut Value) {
    if let Some(object) = schema.as_object_mut().filter(|object| object.contains_key("properties"))
    {
        object.insert("additionalProperties".to_owned(), json!(false));
    }
}

/// Checks an answer; `asked` is the first line of the request.
#[track_caller]
pub fn check(asked: &str, reply: &Reply) {
    let mut words = asked.split(' ');
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return };
    let path = target.split('?').next().unwrap_or(target);
    let Some(operation) = operation(method, path) else {
        assert!(
            !path.starts_with("/api/") || matches!(reply.status, 403..=405),
            "{method} {path} is answered and not described"
        );
        return;
    };
    let responses = operation["responses"].as_object().unwrap();
    let Some(response) = response(responses, reply.status) else {
        assert!(reply.status >= 500, "{method} {path}: {} is not described", reply.status);
        return;
    };
    let Some(schema) = schema(response) else {
        assert!(reply.body.is_empty(), "{method} {path}: {} has a body", reply.status);
        return;
    };
    if !reply.header("content-type").is_some_and(|kind| kind.ends_with("json")) {
        return; // lines, or a stream of events
    }
    let body = reply.json();
    let faults: Vec<String> =
        validator(schema).iter_errors(&body).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{method} {path}: {} answered {body}: {faults:?}", reply.status);
}

fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let (_, item) = paths
        .iter()
        .filter(|(template, _)| fits(template, path))
        .min_by_key(|(template, _)| template.matches('{').count())?;
    item.get(method.to_ascii_lowercase())
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template.iter().zip(&path).all(|(wanted, is)| wanted.starts_with('{') || wanted == is)
}

fn response(responses: &Map<String, Value>, status: u16) -> Option<&Value> {
    let exact = responses.get(&status.to_string());
    let found = exact.or_else(|| responses.get(&format!("{}XX", status / 100)))?;
    match found["$ref"].as_str() {
        Some(name) => DOCUMENT.pointer(name.trim_start_matches('#')),
        None => Some(found),
    }
}

/// Of the one type that a response has; event streams are not JSON.
fn schema(response: &Value) -> Option<&Value> {
    let (_, content) = response["content"].as_object()?.iter().next()?;
    content.get("schema")
}

/// One for each schema, made when it is first needed.
fn validator(schema: &Value) -> Arc<Validator> {
    static KNOWN: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let make = || {
        let mut root = schema.clone();
        root["components"] = DOCUMENT["components"].clone();
        Arc::new(jsonschema::draft202012::new(&root).unwrap())
    };
    KNOWN.lock().unwrap().entry(schema.to_string()).or_insert_with(make).clone()
}

/// The document that is checked in is the one that is served.
#[test]
fn the_document_that_is_checked_in_is_the_one_that_is_served() {
    let checked_in = include_str!("../../../../../docs/openapi.json");
    assert!(
        checked_in == openapi::text(),
        "write it anew: cargo run -- openapi > docs/openapi.json"
    );
}
