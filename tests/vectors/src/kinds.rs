//! The kinds of case.

mod accounts;
mod changes;
mod codes;
mod envelopes;
mod primitives;
mod servers;
mod statements;
mod tampering;

use serde_json::Value;

use crate::format::{Expected, Refused, refusal};

/// What a case gives.
pub(crate) type Outcome = Result<Value, Refused>;

/// Runs one case.
#[must_use]
pub fn run_case(kind: &str, inputs: &Value) -> Expected {
    let outcome = match kind {
        "password" => codes::password(inputs),
        "recovery-code" => codes::recovery_code(inputs),
        "derivation" => codes::derivation(inputs),
        "public-key" => statements::public_key(inputs),
        "padding" => envelopes::padding(inputs),
        "envelope" => envelopes::envelope(inputs),
        "card" => statements::card(inputs),
        "state" => statements::state(inputs),
        "setup-client" => accounts::setup(inputs),
        "setup-server" => servers::setup(inputs),
        "unlock-server" => servers::unlock(inputs),
        "unlock-client" => accounts::unlock(inputs),
        "item" => accounts::item(inputs),
        "handover" => statements::handover(inputs),
        "change-client" => changes::change(inputs),
        "change-server" => servers::change(inputs),
        "renewal-client" => changes::renewal(inputs),
        "renewal-server" => servers::renewal(inputs),
        "tampering" => tampering::tampering(inputs),
        "primitives" => primitives::primitive(inputs),
        _ => Err(refusal("unknown kind")),
    };
    match outcome {
        Ok(value) => Expected::Result(value),
        Err(refused) => Expected::Refused(refused),
    }
}
