//! The objects of the operator's file, with their places for messages.

use serde_json::{Map, Value};

use super::Fault;

/// An object of the file and its place.
pub(super) struct Node<'a> {
    map: &'a Map<String, Value>,
    /// For messages: `schemas[0] (urn:…).attributes[2] (level)`.
    pub(super) at: String,
}

impl<'a> Node<'a> {
    /// An object of the file, or the fault that it is none.
    pub(super) fn of(value: &'a Value, at: String) -> Result<Self, Fault> {
        match value {
            Value::Object(map) => Ok(Self { map, at }),
            _ => Err(format!("{at} is no object; write it as {{ .. }}.")),
        }
    }

    /// A fault of this object.
    pub(super) fn fault(&self, why: &str) -> Fault {
        format!("{} {why}.", self.at)
    }

    /// A misspelled key would be a setting that silently does nothing.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Fault> {
        match self.map.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) => Err(self
                .fault(&format!("has the unknown key \"{key}\"; known are {}", known.join(", ")))),
        }
    }

    /// The objects of a list, each with its place and, where it has one, its name.
    pub(super) fn nodes(&self, key: &str, at: &str, name: &str) -> Result<Vec<Self>, Fault> {
        let list = match self.map.get(key) {
            None => return Ok(Vec::new()),
            Some(Value::Array(list)) => list,
            Some(_) => return Err(self.fault(&format!("must have \"{key}\" as a list [ .. ]"))),
        };
        let node = |(index, value): (usize, &'a Value)| {
            let named = value.get(name).and_then(Value::as_str);
            let named = named.map(|name| format!(" ({name})")).unwrap_or_default();
            Self::of(value, format!("{at}[{index}]{named}"))
        };
        list.iter().enumerate().map(node).collect()
    }

    /// The text under a key, if there is one.
    pub(super) fn text(&self, key: &str) -> Result<Option<&'a str>, Fault> {
        match self.map.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.fault(&format!("must have \"{key}\" as a text"))),
        }
    }

    /// The text under a key, which must be there.
    pub(super) fn required_text(&self, key: &str) -> Result<&'a str, Fault> {
        let text = self.text(key)?.filter(|text| !text.is_empty());
        text.ok_or_else(|| self.fault(&format!("has no \"{key}\"; add it")))
    }

    /// The boolean under a key, if there is one.
    pub(super) fn flag(&self, key: &str) -> Result<Option<bool>, Fault> {
        match self.map.get(key) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(self.fault(&format!("must have \"{key}\" as true or false"))),
        }
    }

    /// One of the words that a type has, if there is one.
    pub(super) fn keyword<T: Copy>(
        &self,
        key: &str,
        all: &[T],
        name: fn(T) -> &'static str,
    ) -> Result<Option<T>, Fault> {
        let Some(word) = self.text(key)? else { return Ok(None) };
        let found = all.iter().copied().find(|it| name(*it) == word);
        found.map(Some).ok_or_else(|| {
            let known: Vec<&str> = all.iter().map(|it| name(*it)).collect();
            self.fault(&format!("has the unknown {key} \"{word}\"; use {}", known.join(", ")))
        })
    }

    /// The list of texts under a key; empty if there is none.
    pub(super) fn texts(&self, key: &str) -> Result<&'static [&'static str], Fault> {
        let list = match self.map.get(key) {
            None => return Ok(&[]),
            Some(Value::Array(list)) => list,
            Some(_) => return Err(self.fault(&format!("must have \"{key}\" as a list of texts"))),
        };
        let texts: Option<Vec<&'static str>> =
            list.iter().map(|value| value.as_str().map(leak)).collect();
        let texts =
            texts.ok_or_else(|| self.fault(&format!("must have \"{key}\" as a list of texts")))?;
        Ok(Box::leak(texts.into_boxed_slice()))
    }
}

/// A text for as long as the program runs; [`crate::schema::Catalog::parse`] says why.
pub(super) fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}
