//! schemathesis reads the description of the JSON interface and asks whatever it can think of: no answer is
//! an error of the server's own, and none is another than described.

use std::process::Command;

use freehold_server::http::{cookies, openapi};
use freehold_testing::target_folder;

use crate::support::World;

/// What would end the session that it asks with.
const ENDS_THE_SESSION: [&str; 2] = ["/api/sign-out", "/api/lock"];

const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance";

fn finds_nothing(world: &World, session: Option<&str>) {
    let program = target_folder().join("venv/bin/schemathesis");
    assert!(program.is_file(), "missing: `cargo xtask test --only contract` installs it");
    let origin = world.server.origin();
    let mut command = Command::new(program);
    command.args(["run", &format!("{origin}/api/openapi.json")]);
    command.args(["--checks", CHECKS, "--phases", "examples,coverage,fuzzing"]);
    command.args(["--max-examples", "12", "--seed", "1", "--no-shrink"]);
    command.args(["--generation-database", "none", "--suppress-health-check", "all"]);
    command.args(["--warnings", "off", "--header", &format!("Origin: {origin}")]);
    if let Some(session) = session {
        command.args(["--header", &format!("Cookie: {}={session}", cookies::SESSION)]);
        for path in ENDS_THE_SESSION {
            command.args(["--exclude-path", path]);
        }
    }
    // What it remembers from run to run it writes where it runs.
    let folder = tempfile::tempdir().unwrap();
    command.current_dir(&folder);
    command.env("NO_COLOR", "1").env("PYTHONDONTWRITEBYTECODE", "1");
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}\n{}", String::from_utf8_lossy(&output.stderr));
    // It would also end well after asking nothing.
    let left_out = if session.is_some() { ENDS_THE_SESSION.len() } else { 0 };
    let operations = openapi::text().matches("\"operationId\"").count() - left_out;
    assert!(told.contains(&format!("Tested: {operations}")), "{told}");
}

#[test]
fn schemathesis_finds_no_error_and_no_drift_as_an_owner() {
    let world = World::new();
    let mut olga = world.browser();
    olga.enter(&world.installation.link("olga", &[]));
    olga.set_up();
    finds_nothing(&world, olga.session.as_deref());
    olga.get("/api/admin/scim").is(200);
}

#[test]
fn schemathesis_finds_no_error_and_no_drift_as_nobody() {
    finds_nothing(&World::new(), None);
}
