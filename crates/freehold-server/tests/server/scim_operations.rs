//! What an administrator sees and does beside the running server: the provisioning log and the brake.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use freehold_directory::{Timestamp, provisioning_log};
use freehold_store::{Database, DatabaseConfig, StoreError, Tx, Value};
use serde_json::{Value as Json, json};

use crate::support::{Acme, id, new_group, new_user};

/// A command that goes on printing; it ends with this value.
struct Followed {
    child: Child,
    lines: Receiver<String>,
}

impl Followed {
    fn start(acme: &Acme, arguments: &[&str]) -> Self {
        let mut child =
            acme.installation.command(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    /// The next line with this in it.
    fn wait_for(&self, part: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(30));
            let line = line.unwrap_or_else(|_| panic!("no line with {part}"));
            if line.contains(part) {
                return line;
            }
        }
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The log as it stands once it has so many entries.
fn log(acme: &Acme, more: &[&str], entries: usize) -> Vec<Json> {
    let mut arguments = vec!["log", "--organization", "acme", "--json", "--last", "1000"];
    arguments.extend(more);
    for _ in 0..200 {
        let lines = acme.installation.must(&arguments);
        let found: Vec<Json> =
            lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        // Rows of reads and refusals are written after the answer.
        if found.len() >= entries {
            return found;
        }
        std::thread::yield_now();
    }
    panic!("fewer than {entries} entries")
}

#[test]
fn the_log_shows_a_write_and_a_refusal_as_they_come() {
    let acme = Acme::new();
    acme.create("before");
    let followed = Followed::start(&acme, &["log", "--organization", "acme", "--follow"]);
    assert!(followed.wait_for("POST").contains("201"));
    acme.create("ann");
    let line = followed.wait_for("/Users");
    assert!(line.contains("201") && line.contains("POST") && line.contains(" ms"), "{line}");
    let refused = acme.scim("POST", "/Users").header("User-Agent", "Okta SCIM Client 1.0.0");
    refused.json(&new_user("ANN")).is(409);
    assert!(followed.wait_for("/Users").contains("409"));
    let why = followed.wait_for("why:");
    assert!(why.contains("userName") || why.contains("externalId"), "{why}");
    assert!(followed.wait_for("fix:").contains("To App"));
}

/// A row gets its id before its transaction ends, and the transaction may end after somebody began to follow.
#[test]
fn the_log_shows_what_was_under_way_when_following_began() {
    let acme = Acme::new();
    acme.create("before");
    let followed = Followed::start(&acme, &["log", "--organization", "acme", "--follow"]);
    followed.wait_for("POST");
    let settings = DatabaseConfig::for_command_line(&acme.installation.database_url());
    let database = Database::open(&settings).unwrap();
    database
        .write_tx_blocking(|tx: &mut dyn Tx| -> Result<(), StoreError> {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
            let begun = Timestamp::from_millis(u64::try_from(now.as_millis()).unwrap() - 1_000);
            let id = provisioning_log::id_before(begun);
            let sql = "INSERT INTO provisioning_log (organization_id, id, at, method, target, \
                       status, duration_ms) \
                       SELECT organization_id, $1, at, 'POST', '/late', 201, 0 FROM provisioning_log";
            tx.execute(sql, &[Value::from(id.as_str())]).map(drop)
        })
        .unwrap();
    database.close();
    followed.wait_for("/late");
    acme.create("ann");
    followed.wait_for("/Users");
    assert!(followed.lines.try_iter().all(|line| !line.contains("/late")), "it is shown once");
}

#[test]
fn the_log_can_follow_refusals_alone() {
    let acme = Acme::new();
    let arguments =
        ["log", "--organization", "acme", "--follow", "--refused", "--json", "--last", "0"];
    let followed = Followed::start(&acme, &arguments);
    // Until it follows, nothing tells; so both are sent again and again.
    let mut sent = 0;
    let line = loop {
        acme.create(&format!("u{sent}"));
        acme.scim("GET", &format!("/Users/nobody-{sent}")).send().is(404);
        sent += 1;
        if let Ok(line) = followed.lines.recv_timeout(Duration::from_millis(300)) {
            break line;
        }
        assert!(sent < 100, "nothing comes");
    };
    let entry: Json = serde_json::from_str(&line).unwrap();
    assert_eq!((&entry["status"], &entry["method"]), (&json!(404), &json!("GET")));
    assert!(entry["detail"].is_string());
}

#[test]
fn every_request_has_a_line_with_what_an_admin_needs_and_no_secret() {
    let acme = Acme::new();
    let mut body = new_user("ann");
    body["password"] = "Hunter2-placeholder".into();
    body["name"] = json!({ "familyName": "Personal-name" });
    let ann = acme.scim("POST", "/Users").json(&body).is(201).json();
    let path = format!("/Users/{}", id(&ann));
    acme.scim("GET", "/Users?filter=userName%20eq%20%22ann%22&x=Hunter2-query").send().is(200);
    acme.scim("POST", "/Users").body("{\"password\": \"Hunter2-broken").send().is(400);
    acme.scim("POST", "/Groups")
        .json(&new_group("Staff", &[id(&ann), "0190163d-8694-739b-aea5-966c26f8ad91"]))
        .is(201);
    acme.scim("DELETE", &path).send().is(204);
    let entries = log(&acme, &[], 5);
    let shown = |entry: &Json| (entry["method"].clone(), entry["status"].clone());
    let mut all: Vec<_> = entries.iter().map(shown).collect();
    all.sort_by_key(|(method, status)| (method.to_string(), status.as_u64()));
    let expected = [("DELETE", 204), ("GET", 200), ("POST", 201), ("POST", 201), ("POST", 400)];
    assert_eq!(all, expected.map(|(method, status)| (json!(method), json!(status))));
    let text = json!(entries).to_string();
    assert!(!text.contains("Hunter2") && !text.contains("Personal-name"), "{text}");
    let of = |method: &str, status: u64| {
        let fits = |it: &&Json| it["method"] == method && it["status"] == status;
        entries.iter().find(fits).unwrap().clone()
    };
    let created = of("POST", 201);
    assert_eq!((&created["resource"], &created["body"]["userName"]), (&ann["id"], &json!("ann")));
    assert_eq!(created["body"]["password"], "***");
    assert!(created["token"].is_string() && created["durationMs"].is_u64());
    assert!(created["at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(of("DELETE", 204)["resource"], ann["id"]);
    // A member that was passed over is no refusal, and says what to do.
    let group = entries.iter().find(|it| it["target"] == "/Groups").unwrap();
    assert!(group["detail"].as_str().unwrap().contains("passed over"), "{group}");
    assert!(group["fix"].as_str().unwrap().contains("not provisioned"), "{group}");
    let refused = log(&acme, &["--refused"], 1);
    assert!(refused.iter().all(|entry| entry["status"].as_u64() >= Some(400)), "{refused:?}");
    acme.stranger();
    let other = acme.installation.must(&["log", "--organization", "other"]);
    assert_eq!(other, "", "an organization has its own log");
}

/// Rows are written many at a time: one that the database does not take would take the others with it.
#[test]
fn a_request_that_no_database_holds_has_a_line_and_so_have_those_beside_it() {
    let acme = Acme::new();
    let long = "x".repeat(5_000);
    let long_attribute = format!("/Users?filter={}%20eq%201&startIndex=1", &long[..2_000]);
    let odd = [
        "/Users/%00",
        "/Groups/a%00b",
        "/%00/x",
        "/Users?filter=a%00b%20eq%201",
        "/Users?sortBy=a%00b",
        "/Users?filter=userName%20eq%20%22%00%22",
        "/Users/%1b%5b31m",
        &format!("/Users/{long}"),
        &long_attribute,
    ];
    for path in odd {
        let status = acme.scim("GET", path).send().status;
        assert!([200, 400, 404].contains(&status), "{path}: {status}");
        acme.scim("GET", "/Users/beside").send().is(404);
    }
    let bulk = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [{ "method": "DELETE", "path": format!("/Users/{long}") }] });
    acme.scim("POST", "/Bulk").json(&bulk).is(200);
    let entries = log(&acme, &[], 2 * odd.len() + 2);
    let beside = entries.iter().filter(|entry| entry["target"] == "/Users/beside").count();
    assert_eq!(beside, odd.len());
    for entry in &entries {
        let text = entry.to_string();
        assert!(text.len() < 2_000 && !text.contains("\\u00"), "{text}");
    }
}

#[test]
fn each_operation_of_a_bulk_request_has_a_line() {
    let acme = Acme::new();
    let bulk = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [
            { "method": "POST", "path": "/Users", "bulkId": "a", "data": new_user("ann") },
            { "method": "POST", "path": "/Users", "bulkId": "b", "data": new_user("ANN") },
            { "method": "POST", "path": "/Users", "bulkId": "c", "data": { "userName": 7 } },
        ] });
    acme.scim("POST", "/Bulk").json(&bulk).is(200);
    let entries = log(&acme, &[], 4);
    let has = |method: &str, status: u64| {
        entries.iter().any(|it| it["method"] == method && it["status"] == status)
    };
    assert!(has("BULK POST", 201) && has("BULK POST", 409) && has("POST", 200), "{entries:?}");
    assert!(has("BULK POST", 400), "what is refused unread has one too: {entries:?}");
}

#[test]
fn the_brake_holds_deletes_back_until_it_is_released() {
    let acme = Acme::new();
    let brake = |arguments: &[&str]| {
        let mut all = vec!["brake"];
        all.extend(arguments);
        all.extend(["--organization", "acme"]);
        acme.installation.must(&all)
    };
    brake(&["confirm"]);
    let set = brake(&["set", "--deletes", "2", "--deletes-percent", "0"]);
    assert!(set.contains("deletes: at most 2 or 0 % in 60 minutes"), "{set}");
    let paths: Vec<String> = (0..4).map(|n| acme.create(&format!("u{n}")).0).collect();
    for path in &paths[..2] {
        acme.scim("DELETE", path).send().is(204);
    }
    for _ in 0..3 {
        let held = acme.scim("DELETE", &paths[2]).send();
        assert_eq!(held.header("retry-after"), Some("900"));
        let error = held.scim_error(429, None);
        assert!(error["detail"].as_str().unwrap().contains("freehold brake release"), "{error}");
    }
    acme.scim("GET", &paths[2]).send().is(200);
    // Ending access always passes.
    acme.patch(&paths[2], &json!([{ "op": "replace", "path": "active", "value": false }])).is(200);
    assert!(brake(&["status"]).contains("HELD BACK since"));
    let status: Json = serde_json::from_str(&brake(&["status", "--json"])).unwrap();
    assert_eq!(status["deletes"], json!({ "count": 2, "percent": 0 }));
    assert!(status["deletesHeldAt"].is_string() && status["createsHeldAt"].is_null());
    let refused = log(&acme, &["--refused"], 3);
    assert_eq!(refused[0]["status"], 429);
    brake(&["release"]);
    assert!(!brake(&["status"]).contains("HELD BACK"));
    acme.scim("DELETE", &paths[2]).send().is(204);
}

#[test]
fn creates_are_counted_once_the_first_cycle_is_confirmed() {
    let acme = Acme::new();
    let brake = |arguments: &[&str]| {
        let mut all = vec!["brake"];
        all.extend(arguments);
        all.extend(["--organization", "acme"]);
        acme.installation.must(&all)
    };
    brake(&["set", "--creates", "2", "--creates-percent", "0"]);
    for n in 0..4 {
        acme.create(&format!("u{n}"));
    }
    assert!(brake(&["status"]).contains("freehold brake confirm"));
    brake(&["confirm"]);
    acme.create("one");
    acme.group("Two", &[]);
    let held = acme.scim("POST", "/Users").json(&new_user("three"));
    held.scim_error(429, None);
    acme.scim("POST", "/Groups").json(&new_group("Three", &[])).scim_error(429, None);
    // In a bulk request too.
    let bulk = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [
            { "method": "POST", "path": "/Users", "bulkId": "a", "data": new_user("four") }] });
    let answer = acme.scim("POST", "/Bulk").json(&bulk).is(200).json();
    assert_eq!(answer["Operations"][0]["status"], "429");
    brake(&["release"]);
    acme.create("three");
}
