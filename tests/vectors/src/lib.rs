//! Runs the test vectors of the key protocol: natively in a test, and in a browser as a module of
//! its own that is never shipped.
//!
//! A file holds cases of one kind. A case has inputs and either the result that they must give or
//! the name of the one check that must refuse them. See `README.md` beside the files.

mod format;
mod kinds;
mod script;
#[cfg(not(target_arch = "wasm32"))]
pub mod wycheproof;

pub use format::{Case, Expected, File, Refused, Report, Wrong};
pub use kinds::run_case;
pub use script::Script;
use wasm_bindgen::prelude::wasm_bindgen;

/// Published vectors of the primitives, from their standards.
pub const PRIMITIVES: &str = "primitives.json";

/// The files of version 1 of the protocol, in the order in which they are best read.
pub const FILES: [&str; 19] = [
    "v1/password.json",
    "v1/recovery-code.json",
    "v1/derivation.json",
    "v1/public-key.json",
    "v1/padding.json",
    "v1/envelope.json",
    "v1/card.json",
    "v1/state.json",
    "v1/setup-client.json",
    "v1/setup-server.json",
    "v1/unlock-server.json",
    "v1/unlock-client.json",
    "v1/item.json",
    "v1/change-client.json",
    "v1/change-server.json",
    "v1/handover.json",
    "v1/renewal-client.json",
    "v1/renewal-server.json",
    "v1/tampering.json",
];

/// Runs every case of a file.
#[must_use]
pub fn run_file(json: &str) -> Report {
    let file: File = match serde_json::from_str(json) {
        Ok(file) => file,
        Err(error) => return Report::unreadable(&error.to_string()),
    };
    let mut report = Report { kind: file.kind.clone(), passed: 0, wrong: Vec::new() };
    for case in file.cases {
        let found = run_case(&file.kind, &case.inputs);
        if found == case.expected {
            report.passed += 1;
        } else {
            report.wrong.push(Wrong { name: case.name, expected: case.expected, found });
        }
    }
    report
}

/// [`run_file`] for JavaScript: the JSON of a file to the JSON of a [`Report`].
#[must_use]
#[wasm_bindgen]
pub fn run(json: &str) -> String {
    serde_json::to_string(&run_file(json)).unwrap_or_default()
}
