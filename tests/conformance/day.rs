//! A day of an organization, played by a client library that is not ours (day.py).

use crate::{
    python,
    service::{Database, Service},
};

fn a_day(database: Database) {
    let service = Service::start(database);
    let organization = service.organization("day");
    let mut command = python::program("python");
    command.arg(freehold_testing::checkout().join("tests/conformance/day.py"));
    command.arg(service.scim_url()).env("SCIM_TOKEN", &organization.token);
    let output = python::run(command);
    let told = python::told(&output);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("18:00: the day is over"), "{told}");
}

#[test]
fn a_day_of_an_organization_goes_well_on_sqlite() {
    a_day(Database::Sqlite);
}

#[test]
fn a_day_of_an_organization_goes_well_on_postgresql() {
    a_day(Database::Postgresql);
}
