//! The public suites of others: they know nothing of this server.

use serde_json::Value;

use crate::{
    python,
    service::{Database, Service},
};

/// scim2-tester round-trips every attribute that /Schemas names, by every way to change it.
fn scim2_tester(database: Database) {
    let service = Service::start(database);
    let organization = service.organization("scim2-tester");
    let mut command = python::program("scim2");
    command.args(["--url", &service.scim_url(), "test"]);
    command.env("SCIM_CLI_HEADERS", format!("Authorization: Bearer {}", organization.token));
    let output = python::run(command);
    let told = python::told(&output);
    assert!(output.status.success(), "{told}");
    // It would also end well after looking at nothing.
    for resource in ["created User", "created Group"] {
        assert!(told.contains(resource), "it never {resource}:\n{told}");
    }
}

/// scim-sanity walks through the life of users and groups, lists and errors.
fn scim_sanity(database: Database) {
    let service = Service::start(database);
    let organization = service.organization("scim-sanity");
    let mut command = python::program("scim-sanity");
    command.args(["probe", &service.scim_url(), "--token", &organization.token]);
    command.args(["--i-accept-side-effects", "--json-output"]);
    let output = python::run(command);
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", python::told(&output)));
    assert_eq!(report["summary"]["failed"], 0, "{report:#}");
    assert_eq!(report["summary"]["errors"].as_u64().unwrap_or(0), 0, "{report:#}");
    assert!(output.status.success(), "{report:#}");
    // Agents are a draft that the server does not advertise; nothing else is left out.
    for result in report["results"].as_array().unwrap() {
        let name = result["name"].as_str().unwrap();
        assert!(result["status"] == "pass" || name.starts_with("Agent"), "{result:#}");
    }
}

#[test]
fn scim2_tester_finds_nothing_on_sqlite() {
    scim2_tester(Database::Sqlite);
}

#[test]
fn scim2_tester_finds_nothing_on_postgresql() {
    scim2_tester(Database::Postgresql);
}

#[test]
fn scim_sanity_finds_nothing_on_sqlite() {
    scim_sanity(Database::Sqlite);
}

#[test]
fn scim_sanity_finds_nothing_on_postgresql() {
    scim_sanity(Database::Postgresql);
}
