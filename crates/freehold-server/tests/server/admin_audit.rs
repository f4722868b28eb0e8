//! The audit log in the console: read, verified, exported.

use std::fs;

use freehold_directory::events::EventKind;
use serde_json::{Value, json};

use crate::{
    audit::change,
    support::{World, path_text, person::Browser},
};

const AUDIT: &str = "/api/admin/audit";
const VERIFY: &str = "/api/admin/audit/verify";
const EXPORT: &str = "/api/admin/audit/export";

fn verify(browser: &mut Browser<'_>, body: Value) -> Value {
    browser.post(VERIFY, &body).is(200).json()
}

#[test]
fn only_admins_read_it_and_in_pages() {
    let world = World::new();
    let olga = world.owner();
    let mut ann = world.signed_in("ann");
    ann.get(AUDIT).problem(403, "not-allowed");
    ann.get(EXPORT).problem(403, "not-allowed");
    ann.post(VERIFY, &json!({})).problem(403, "not-allowed");
    let all = olga.get(&format!("{AUDIT}?limit=200")).is(200).json();
    let events = all["events"].as_array().unwrap();
    let ids: Vec<&str> = events.iter().map(|event| event["id"].as_str().unwrap()).collect();
    assert!(ids.len() > 5 && ids.is_sorted_by(|one, other| one > other), "{ids:?}");
    let mut read = Vec::new();
    let mut query = format!("{AUDIT}?limit=3");
    loop {
        let page = olga.get(&query).is(200).json();
        read.extend(page["events"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        query = format!("{AUDIT}?limit=3&cursor={next}");
    }
    assert_eq!(&read, events);
    for wrong in ["?limit=0", "?cursor=1", "?x=1"] {
        olga.get(&format!("{AUDIT}{wrong}")).problem(400, "bad-request");
    }
}

#[test]
fn an_event_tells_the_names_of_whom_it_concerns() {
    let world = World::new();
    let olga = world.owner();
    world.signed_in("ann");
    let events = olga.get(AUDIT).is(200).json()["events"].clone();
    let of = |kind: &str| {
        events.as_array().unwrap().iter().find(|event| event["kind"] == kind).unwrap().clone()
    };
    assert_eq!(of("sign-in")["userName"], "ann");
    assert_eq!(of("token.created")["credential"], "test");
    assert!(of("connection.added")["connectionName"].is_string());
    assert!(of("user.provisioned")["seq"].is_null(), "it stands outside the chain");
    assert!(of("sign-in")["seq"].is_number());
}

#[test]
fn an_untouched_chain_verifies_in_parts_too_and_meets_the_head_that_was_kept() {
    let world = World::new();
    let mut olga = world.owner();
    let head = olga.get(AUDIT).is(200).json()["head"].clone();
    let whole = verify(&mut olga, json!({}));
    assert_eq!((&whole["verified"], &whole["complete"]), (&json!(true), &json!(true)));
    assert_eq!(whole["head"], head);
    world.installation.must(&["scim", "disable", "--organization", "acme"]);
    let rest = verify(&mut olga, json!({ "after": head }));
    assert_eq!((&rest["verified"], &rest["events"]), (&json!(true), &json!(1)));
    let met = verify(&mut olga, json!({ "noted": head }));
    assert_eq!(met["verified"], true);
    for wrong in [json!({ "after": "x" }), json!({ "noted": "1:x" }), json!({ "x": 1 })] {
        olga.post(VERIFY, &wrong).problem(400, "bad-request");
    }
}

#[test]
fn a_fault_is_told_with_its_place() {
    let world = World::new();
    let mut olga = world.owner();
    let kept = olga.get(AUDIT).is(200).json()["head"].clone();
    change(&world.installation, "UPDATE events SET detail = 'forged' WHERE seq = 3");
    let found = verify(&mut olga, json!({}));
    assert_eq!((&found["verified"], &found["events"]), (&json!(false), &json!(2)));
    assert_eq!((&found["fault"]["code"], &found["fault"]["seq"]), (&json!("hash"), &json!(3)));
    assert!(found["fault"]["text"].as_str().unwrap().contains("seq 3 has another hash"));
    let forged = verify(&mut olga, json!({ "after": format!("3:{}", "0".repeat(64)) }));
    assert_eq!(forged["verified"], false, "{forged}");
    change(&world.installation, "DELETE FROM events WHERE seq = 1");
    assert_eq!(verify(&mut olga, json!({}))["fault"]["code"], "gap");
    change(&world.installation, "DELETE FROM events WHERE seq IS NOT NULL");
    change(&world.installation, "DELETE FROM audit_heads");
    assert_eq!(verify(&mut olga, json!({}))["verified"], true, "all gone: nothing in it tells");
    assert_eq!(verify(&mut olga, json!({ "noted": kept }))["fault"]["code"], "missing");
}

#[test]
fn an_export_is_that_of_the_command_line_which_verifies_it() {
    let world = World::new();
    let mut olga = world.owner();
    for n in 0..600 {
        let verb = if n % 2 == 0 { "disable" } else { "enable" };
        let enabled = json!({ "enabled": verb == "enable" });
        olga.page("PUT", "/api/admin/scim").json(&enabled).is(200);
    }
    let reply = olga.get(EXPORT).is(200);
    assert_eq!(reply.header("content-type"), Some("application/jsonl"));
    let disposition = reply.header("content-disposition").unwrap();
    assert_eq!(disposition, "attachment; filename=\"acme-audit.jsonl\"");
    let command = world.installation.must(&["audit", "export", "--organization", "acme"]);
    assert_eq!(reply.text().trim_end(), command);
    assert!(command.lines().count() > 600, "more than one batch");
    let file = path_text(&world.installation.folder().join("export.jsonl"));
    fs::write(&file, reply.body).unwrap();
    let head = verify(&mut olga, json!({}))["head"].as_str().unwrap().to_owned();
    let verified = ["audit", "verify", "--file", &file, "--head", &head];
    assert_eq!(world.installation.must(&verified), head);
}

#[test]
fn every_kind_of_event_has_a_sentence_in_every_language() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/admin/strings/events");
    let mut languages = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        languages += 1;
        for kind in EventKind::ALL {
            let name = format!("\n  '{}': '", kind.as_str());
            assert!(
                text.contains(&name),
                "{} has no sentence in {}",
                kind.as_str(),
                path.display()
            );
        }
        assert_eq!(text.matches("\n  '").count(), EventKind::ALL.len(), "{}", path.display());
    }
    assert_eq!(languages, 4);
}
