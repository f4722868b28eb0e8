//! Makes the files: cases are written down here once, their results computed and looked at by the
//! review of each change.

mod accounts;
mod basics;
mod changes;
mod envelopes;
mod servers;
mod statements;
mod world;

use freehold_vectors::{Case, Expected, File, Refused, run_case};
use serde_json::Value;

/// Every file: its name and content.
pub fn files() -> Vec<(&'static str, String)> {
    let files = [
        ("v1/password.json", basics::passwords()),
        ("v1/recovery-code.json", basics::recovery_codes()),
        ("v1/derivation.json", basics::derivations()),
        ("v1/public-key.json", basics::public_keys()),
        ("v1/padding.json", envelopes::paddings()),
        ("v1/envelope.json", envelopes::envelopes()),
        ("v1/card.json", statements::cards()),
        ("v1/state.json", statements::states()),
        ("v1/setup-client.json", accounts::setups()),
        ("v1/setup-server.json", servers::setups()),
        ("v1/unlock-server.json", servers::unlocks()),
        ("v1/unlock-client.json", accounts::unlocks()),
        ("v1/item.json", accounts::items()),
        ("v1/change-client.json", changes::change_clients()),
        ("v1/change-server.json", changes::change_servers()),
        ("v1/handover.json", statements::handovers()),
        ("v1/renewal-client.json", changes::renewal_clients()),
        ("v1/renewal-server.json", changes::renewal_servers()),
        ("v1/tampering.json", changes::tampering()),
    ];
    files
        .into_iter()
        .map(|(name, file)| (name, serde_json::to_string_pretty(&file).unwrap() + "\n"))
        .collect()
}

/// Cases of one kind, as they are collected.
pub struct Cases {
    file: File,
    /// Cases that did not come out as they were meant to.
    wrong: Vec<String>,
}

impl Cases {
    pub fn new(kind: &str, about: &str) -> Self {
        let file = File { kind: kind.to_owned(), about: about.to_owned(), cases: Vec::new() };
        Self { file, wrong: Vec::new() }
    }

    /// A case that gives a result.
    pub fn gives(&mut self, name: &str, inputs: Value) -> &mut Self {
        let expected = run_case(&self.file.kind, &inputs);
        if !matches!(expected, Expected::Result(_)) {
            self.wrong.push(format!("{name}: {expected:?}"));
        }
        self.add(name, inputs, expected)
    }

    /// A case that is refused with an error.
    pub fn refused(&mut self, name: &str, inputs: Value, error: &str) -> &mut Self {
        self.refused_as(name, inputs, Refused { error: error.to_owned(), check: None })
    }

    /// A case that one check of the client finds to be tampered with.
    pub fn tampered(&mut self, name: &str, inputs: Value, check: &str) -> &mut Self {
        let refused = Refused { error: "tampered".to_owned(), check: Some(check.to_owned()) };
        self.refused_as(name, inputs, refused)
    }

    pub fn done(&mut self) -> File {
        assert!(self.wrong.is_empty(), "{}: {:#?}", self.file.kind, self.wrong);
        self.file.clone()
    }

    fn refused_as(&mut self, name: &str, inputs: Value, refused: Refused) -> &mut Self {
        let expected = Expected::Refused(refused);
        let found = run_case(&self.file.kind, &inputs);
        if found != expected {
            self.wrong.push(format!("{name}: meant {expected:?}, found {found:?}"));
        }
        self.add(name, inputs, expected)
    }

    fn add(&mut self, name: &str, inputs: Value, expected: Expected) -> &mut Self {
        assert!(self.file.cases.iter().all(|case| case.name != name), "{name} is there twice");
        self.file.cases.push(Case { name: name.to_owned(), inputs, expected });
        self
    }
}

/// A copy of a value with one thing changed.
pub fn with(value: &Value, change: impl FnOnce(&mut Value)) -> Value {
    let mut changed = value.clone();
    change(&mut changed);
    changed
}
