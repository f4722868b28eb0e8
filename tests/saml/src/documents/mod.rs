//! Documents that a hostile provider or user posts, and those that must keep working.

mod accepted;
mod addressed;
mod markup;
mod persons;
mod shape;
mod signatures;
mod times;
mod wrapping;

use std::sync::OnceLock;

use crate::shapes::{ASSERTION_ID, RESPONSE_ID, Says, Shape};
use crate::sign::{Signing, both, field, swap};
use crate::{ATTACKER, Key};

/// One document that somebody posts.
pub struct Document {
    /// What it does.
    pub name: String,
    /// The kind of attack.
    pub class: &'static str,
    /// The form field `SAMLResponse`.
    pub field: String,
    /// What must come of it.
    pub expected: Expected,
    /// What the library would do if the gate were not there.
    pub library: Library,
}

/// What must come of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// This person signs in.
    Person(String),
    /// It is refused, for the reason with this name.
    Refused(&'static str),
}

/// What the library does with a document that did not pass the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Library {
    /// It refuses it too.
    Refuses,
    /// It accepts it: only the gate stands before it.
    Accepts,
}

/// Every document. Each has another name.
#[must_use]
pub fn all() -> &'static [Document] {
    static ALL: OnceLock<Vec<Document>> = OnceLock::new();
    ALL.get_or_init(|| make().into_iter().flatten().collect())
}

fn make() -> [Vec<Document>; 8] {
    [
        accepted::documents(),
        wrapping::documents(),
        signatures::documents(),
        markup::documents(),
        shape::documents(),
        addressed::documents(),
        persons::documents(),
        times::documents(),
    ]
}

/// A list under one class.
struct List(&'static str, Vec<Document>);

impl List {
    fn new(class: &'static str) -> Self {
        Self(class, Vec::new())
    }

    fn accepted(&mut self, name: &str, text: &str) {
        self.push(name, field(text), Expected::Person(ATTACKER.to_owned()), Library::Accepts);
    }

    /// Both refuse.
    fn refused(&mut self, name: &str, reason: &'static str, text: &str) {
        self.push(name, field(text), Expected::Refused(reason), Library::Refuses);
    }

    /// Only the gate refuses.
    fn gate(&mut self, name: &str, reason: &'static str, text: &str) {
        self.push(name, field(text), Expected::Refused(reason), Library::Accepts);
    }

    fn push(&mut self, name: &str, field: String, expected: Expected, library: Library) {
        let (name, class) = (name.to_owned(), self.0);
        self.1.push(Document { name, class, field, expected, library });
    }
}

/// The attacker's own response, unsigned, in Entra's style.
fn unsigned() -> String {
    Says::default().render(Shape::Entra)
}

/// The same, with one part replaced, and then signed by the provider as it stands.
fn lie(from: &str, to: &str) -> String {
    both(&swap(&unsigned(), from, to))
}

/// The same, with only the assertion signed.
fn assertion_signed(text: &str) -> String {
    Signing::by(Key::Provider).sign(text, ASSERTION_ID)
}

/// The same, with only the response signed.
fn response_signed(text: &str) -> String {
    Signing::by(Key::Provider).sign(text, RESPONSE_ID)
}
