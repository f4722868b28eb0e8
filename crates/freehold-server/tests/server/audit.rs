//! The audit log from the command line: exported, verified, tampered with.

use std::fs;

use freehold_store::{Database, DatabaseConfig, StoreError, Tx};
use serde_json::Value;

use crate::support::{Installation, World, path_text, text};

const EXPORT: [&str; 4] = ["audit", "export", "--organization", "acme"];
const VERIFY: [&str; 4] = ["audit", "verify", "--organization", "acme"];

fn with<'a>(command: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [command, more].concat()
}

/// Writes to the database as somebody who may not.
pub fn change(installation: &Installation, sql: &'static str) {
    let database = Database::open(&DatabaseConfig::for_command_line(&installation.database_url()));
    let database = database.unwrap();
    database
        .write_tx_blocking(move |tx: &mut dyn Tx| -> Result<(), StoreError> {
            tx.execute(sql, &[]).map(drop)
        })
        .unwrap();
    database.close();
}

/// An organization with a chain of five events.
fn installation() -> Installation {
    let installation = Installation::new();
    installation.acme();
    installation.must(&["scim", "disable", "--organization", "acme"]);
    installation.must(&["scim", "enable", "--organization", "acme"]);
    installation.must(&["brake", "confirm", "--organization", "acme"]);
    installation
}

fn export(installation: &Installation) -> Vec<Value> {
    let lines = installation.must(&EXPORT);
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn an_export_holds_every_event_in_order_and_verifies_without_a_database() {
    let installation = installation();
    let output = installation.run(&EXPORT);
    let words = text(&output.stderr);
    let lines = text(&output.stdout);
    let kinds: Vec<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["kind"].as_str().unwrap().into())
        .collect();
    let expected = [
        "organization.created",
        "token.created",
        "scim.disabled",
        "scim.enabled",
        "brake.confirmed",
    ];
    assert_eq!(kinds, expected);
    let head = installation.must(&VERIFY);
    assert!(head.starts_with("5:") && words.contains(&head), "{words}");
    let file = path_text(&installation.folder().join("export.jsonl"));
    installation.must(&with(&EXPORT, &["--output", &file]));
    assert_eq!(fs::read_to_string(&file).unwrap(), lines);
    let (_, again) = installation.refused(&with(&EXPORT, &["--output", &file]));
    assert!(again.contains("cannot make"), "an export is not replaced: {again}");
    let mut elsewhere = Installation::new();
    elsewhere.set("FREEHOLD_DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing");
    assert_eq!(elsewhere.must(&["audit", "verify", "--file", &file, "--head", &head]), head);
}

#[test]
fn a_part_is_exported_and_verified_from_the_head_before_it() {
    let installation = installation();
    let noted = installation.must(&VERIFY);
    installation.must(&["scim", "disable", "--organization", "acme"]);
    let file = path_text(&installation.folder().join("part.jsonl"));
    installation.must(&with(&EXPORT, &["--after", "5", "--output", &file]));
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 1);
    let verify = ["audit", "verify", "--file", &file];
    assert!(installation.must(&with(&verify, &["--after", &noted])).starts_with("6:"));
    assert!(installation.must(&with(&VERIFY, &["--after", &noted])).starts_with("6:"));
    let (code, error) = installation.refused(&verify);
    assert!(code == 1 && error.contains("seq 1 is expected and seq 6 follows"), "{error}");
    let (_, error) = installation.refused(&with(&EXPORT, &["--after", "7"]));
    assert!(error.contains("no event 7"), "{error}");
}

#[test]
fn a_tampered_database_is_told_with_the_event() {
    let installation = installation();
    let noted = installation.must(&VERIFY);
    change(&installation, "UPDATE events SET kind = 'scim.enabled' WHERE seq = 3");
    let (code, error) = installation.refused(&VERIFY);
    assert!(code == 1 && error.contains("seq 3 has another hash"), "{error}");
    change(&installation, "UPDATE events SET kind = 'scim.disabled' WHERE seq = 3");
    installation.must(&VERIFY);
    // The end cut off as by somebody who knows how: only the head noted before tells.
    change(
        &installation,
        "UPDATE audit_heads SET seq = 4, hash = (SELECT hash FROM events WHERE seq = 4)",
    );
    change(&installation, "DELETE FROM events WHERE seq = 5");
    installation.must(&VERIFY);
    let (code, error) = installation.refused(&with(&VERIFY, &["--head", &noted]));
    assert!(code == 1 && error.contains("noted is at seq 5"), "{error}");
}

#[test]
fn a_tampered_export_is_told_with_the_line() {
    let installation = installation();
    let lines = installation.must(&EXPORT);
    let path = installation.folder().join("export.jsonl");
    let file = path_text(&path);
    let verify = ["audit", "verify", "--file", &file];
    for (found, put, fault) in [
        ("scim.disabled", "scim.enabled", "line 3: seq 3 has another hash"),
        ("\"seq\":4", "\"seq\":5", "line 4: seq 4 is expected"),
        ("\"detail\":null", "\"detail\":null,\"note\":1", "line 1: not a line of an export"),
    ] {
        fs::write(&path, lines.replacen(found, put, 1)).unwrap();
        let (code, error) = installation.refused(&verify);
        assert!(code == 1 && error.contains(fault), "{error}");
    }
    fs::write(&path, lines).unwrap();
    installation.must(&verify);
    assert_eq!(installation.refused(&with(&verify, &["--head", "5:xyz"])).0, 2);
    assert_eq!(installation.refused(&with(&verify, &["--organization", "acme"])).0, 2);
    assert_eq!(installation.refused(&["audit", "verify"]).0, 2);
}

/// The callback by which the provider refuses a sign-in that was begun, with this error.
fn refusal(world: &World, begun: &str, error: &str) -> String {
    let begun = url::Url::parse(begun).unwrap();
    let (_, state) = begun.query_pairs().find(|(name, _)| name == "state").unwrap();
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair("error", error)
        .append_pair("state", &state)
        .append_pair("iss", &world.provider.issuer)
        .finish()
}

/// Whoever may begin a sign-in can have it refused again and again, and nothing is ever taken out of the chain.
#[test]
fn refused_answers_in_masses_do_not_fill_the_log() {
    let world = World::new();
    for _ in 0..130 {
        let mut browser = world.browser();
        let callback = refusal(&world, &browser.begin(""), "access_denied");
        browser.come_back(&callback).is(403);
    }
    let events = export(&world.installation);
    let refused = events.iter().filter(|event| event["kind"] == "sign-in.refused").count();
    assert!((100..110).contains(&refused), "{refused}");
    world.installation.must(&VERIFY);
}

/// So can whoever the provider vouches for and who has no account here.
#[test]
fn strangers_in_masses_do_not_fill_the_log() {
    let world = World::new();
    for _ in 0..130 {
        let mut browser = world.browser();
        let location = browser.begin("");
        let callback = world.provider.sign_in(&location, "external-nobody");
        browser.come_back(&callback).is(403);
    }
    let events = export(&world.installation);
    let refused = events.iter().filter(|event| event["kind"] == "user.claim-refused").count();
    assert!((100..110).contains(&refused), "{refused}");
    world.installation.must(&VERIFY);
}

#[test]
fn sign_ins_and_refused_answers_stand_in_the_log_and_made_up_callbacks_do_not() {
    let world = World::new();
    let id = world.provision("ann");
    world.browser().sign_in("ann", "");
    let mut browser = world.browser();
    let callback = refusal(&world, &browser.begin(""), "access_denied\r\n{\"kind\":\"sign-in\"}");
    let page = browser.come_back(&callback).is(403).text();
    assert!(!page.contains("access_denied"), "{page}");
    for _ in 0..3 {
        assert_eq!(browser.come_back(&callback).status, 400);
    }
    let events = export(&world.installation);
    let of = |kind: &str| -> Vec<&Value> {
        events.iter().filter(|event| event["kind"] == kind).collect()
    };
    let outside = of("user.provisioned");
    assert!(outside.len() == 1 && outside[0]["seq"].is_null() && outside[0]["hash"].is_null());
    assert_eq!(events[0]["kind"], "user.provisioned", "what is outside the chain comes first");
    assert_eq!(of("sign-in").len(), 1);
    assert_eq!(of("sign-in")[0]["user"], id);
    let refused = of("sign-in.refused");
    assert_eq!(refused.len(), 1, "a callback that answers no begun sign-in writes nothing");
    let detail = refused[0]["detail"].as_str().unwrap();
    assert!(detail.contains("answered with the error access_denied??"), "{detail}");
    world.installation.must(&VERIFY);
}
