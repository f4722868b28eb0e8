//! Set-up, unlock and items over HTTP: ciphertext leaves the server only against a proof.

use freehold_wire::{ItemId, MethodKind};
use serde_json::{Value, json};

use crate::support::{
    World,
    client::Reply,
    person::{Browser, PASSPHRASE},
};

#[test]
fn a_person_sets_up_stores_a_secret_and_reads_it_in_another_browser() {
    let world = World::new();
    let mut browser = world.signed_in("ann");
    let before = browser.session.clone();
    browser.set_up();
    assert_ne!(browser.session, before, "a new session after set-up");
    let session = browser.get("/api/session").is(200).json();
    assert_eq!((&session["state"], &session["unlocked"]), (&json!("READY"), &json!(true)));

    let mut second = world.browser();
    second.sign_in("ann", "");
    assert_eq!(second.get("/api/session").is(200).json()["unlocked"], false);
    let account = second.open();
    let made = second.post("/api/items", &json!({})).is(201).json();
    let id: ItemId = made["id"].as_str().unwrap().parse().unwrap();
    let mut rng = freehold_server::system::random();
    let record = account.seal_item(id, 1, b"the secret", &mut rng).unwrap();
    let path = format!("/api/items/{id}");
    let put = |record: &Value| second.page("PUT", &format!("{path}?epoch=1")).json(record);
    let sealed = serde_json::to_value(&record).unwrap();
    // Sealed with keys that are not the account's (any more): nobody could open it.
    let old = second.page("PUT", &format!("{path}?epoch=2")).json(&sealed);
    old.problem(409, "keys-replaced");
    second.page("PUT", &path).json(&sealed).problem(400, "bad-request");
    let elsewhere = "/api/items/0190163d-8694-739b-aea5-966c26f8ad91?epoch=1";
    second.page("PUT", elsewhere).json(&sealed).problem(400, "bad-request");
    let also = |name: &str, value: Value| {
        let mut more = sealed.clone();
        more[name] = value;
        more
    };
    let [version, item_key, content] = ["version", "itemKey", "content"].map(|name| &sealed[name]);
    let nameless = json!([id, version, item_key, content]);
    for other in [also("later", json!(true)), also("updatedAt", json!(1)), nameless] {
        put(&other).problem(400, "bad-request");
    }
    put(&serde_json::to_value(&record).unwrap()).is(204);
    put(&serde_json::to_value(&record).unwrap()).problem(409, "stale-version");

    let listed = browser.get("/api/items").is(200).json();
    let stored = serde_json::from_value(listed["items"][0].clone()).unwrap();
    assert_eq!(*account.open_item(id, 1, &stored).unwrap(), b"the secret");
    assert!(listed["items"][0]["updatedAt"].is_number());

    let delete = |version| browser.page("DELETE", &format!("{path}?version={version}")).send();
    delete(7).problem(409, "stale-version");
    delete(1).is(204);
    delete(1).problem(404, "not-found");
    assert_eq!(browser.get("/api/items").is(200).json()["items"], json!([]));
}

#[test]
fn the_same_set_up_again_gets_the_same_answer_and_a_rival_is_told() {
    let world = World::new();
    let mut winner = world.signed_in("ann");
    let mut loser = world.browser();
    loser.sign_in("ann", "");
    let (rival, _) = loser.make_keys();
    let (request, _) = winner.make_keys();
    let old_session = winner.session.clone();
    assert_eq!(winner.post("/api/setup", &request).is(201).json(), json!({ "state": "READY" }));
    winner.session = old_session;
    assert_eq!(winner.post("/api/setup", &request).is(200).json(), json!({ "state": "READY" }));
    loser.post("/api/setup", &rival).problem(409, "already-set-up");
    loser.get("/api/setup").problem(409, "already-set-up");
}

#[test]
fn an_old_challenge_sets_nothing_up() {
    let world = World::new();
    let mut browser = world.signed_in("ann");
    let (request, _) = browser.make_keys();
    browser.get("/api/setup").is(200);
    browser.post("/api/setup", &request).problem(422, "invalid-setup");
    browser.post("/api/setup", &request).problem(409, "challenge-gone");
    assert_eq!(browser.get("/api/session").is(200).json()["state"], "PENDING");
}

#[test]
fn records_that_do_not_verify_are_not_stored() {
    let world = World::new();
    let mut browser = world.signed_in("ann");
    for field in ["card", "state", "keyring"] {
        let (mut request, _) = browser.make_keys();
        let mut text = request[field].as_str().unwrap().to_owned();
        text.replace_range(40..41, if &text[40..41] == "A" { "B" } else { "A" });
        request[field] = text.into();
        browser.post("/api/setup", &request).problem(422, "invalid-setup");
    }
    for body in [json!({}), json!([]), json!({ "card": 7 }), Value::Null] {
        browser.post("/api/setup", &body).problem(422, "invalid-setup");
    }
    assert_eq!(browser.get("/api/session").is(200).json()["state"], "PENDING");
}

#[test]
fn wrong_passphrases_are_counted_and_then_refused() {
    let world = World::new();
    let mut browser = world.signed_in("ann");
    let code = browser.set_up();
    for left in (0..5).rev() {
        let (_, reply) = browser.unlock(MethodKind::Password, b"wrong-horse-battery-staple-1");
        assert_eq!(reply.problem(403, "wrong-secret")["triesLeft"], left);
    }
    let (_, reply) = browser.unlock(MethodKind::Password, PASSPHRASE);
    let after = reply.header("retry-after").unwrap().parse::<u64>().unwrap();
    assert!((1..=900).contains(&after));
    assert_eq!(reply.problem(429, "tries-used-up")["retryAfterSeconds"], after);
    let (_, reply) = browser.unlock(MethodKind::RecoveryCode, code.to_text().as_bytes());
    assert_eq!(reply.is(200).json()["failedSince"], 5, "guessing locks no other way in");
    browser.get("/api/items").problem(403, "locked");
}

#[test]
fn a_challenge_is_good_for_one_answer() {
    let world = World::new();
    let mut browser = world.signed_in("ann");
    browser.set_up();
    let offer = browser.get("/api/unlock").is(200).json();
    let answer = json!({
        "type": 1,
        "parameters": offer["methods"][0]["parameters"],
        "signature": "A".repeat(86),
        "remembered": null,
    });
    browser.post("/api/unlock", &answer).problem(403, "wrong-secret");
    browser.post("/api/unlock", &answer).problem(409, "challenge-gone");
}

#[test]
fn locking_takes_the_items_away() {
    let world = World::new();
    let mut browser = world.signed_in("ann");
    browser.set_up();
    browser.get("/api/items").is(200);
    browser.post("/api/lock", &json!({})).is(204);
    browser.get("/api/items").problem(403, "locked");
    browser.open();
    browser.get("/api/items").is(200);
}

#[test]
fn a_pending_person_has_nothing_to_unlock_and_a_ready_one_nothing_to_set_up() {
    let world = World::new();
    let mut browser = world.signed_in("ann");
    browser.get("/api/unlock").problem(409, "not-pending");
    browser.get("/api/items").problem(403, "locked");
    browser.set_up();
    browser.get("/api/setup").problem(409, "already-set-up");
}

/// Everything that can be asked for with a session, in an order that changes nothing.
const ROUTES: &[(&str, &str)] = &[
    ("GET", "/api/session"),
    ("GET", "/api/setup"),
    ("POST", "/api/setup"),
    ("GET", "/api/unlock"),
    ("POST", "/api/unlock"),
    ("GET", "/api/items"),
    ("POST", "/api/items"),
    ("PUT", "/api/items/{item}?epoch=1"),
    ("DELETE", "/api/items/{item}?version=1"),
    ("GET", "/api/keys"),
    ("GET", "/api/keys/change"),
    ("POST", "/api/keys/change"),
    ("GET", "/api/keys/renewal"),
    ("POST", "/api/keys/renewal"),
    ("PUT", "/api/keys/passkey"),
    ("GET", "/api/reset"),
    ("POST", "/api/reset"),
    ("DELETE", "/api/reset"),
    ("GET", "/api/resets"),
    ("POST", "/api/resets/{item}/approve"),
    ("POST", "/api/resets/{item}/deny"),
    ("GET", "/api/policy"),
    ("PUT", "/api/policy"),
    ("POST", "/api/lock"),
    ("GET", "/login"),
    ("GET", "/oidc/callback"),
    ("GET", "/"),
    ("GET", "/setup/"),
    ("GET", "/unlock/"),
    ("GET", "/vault/"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("POST", "/api/sign-out"),
];

#[test]
fn a_session_without_the_proof_gets_no_envelope_from_any_route() {
    let world = World::new();
    let mut owner = world.signed_in("ann");
    let (request, _) = owner.make_keys();
    owner.post("/api/setup", &request).is(201);
    let account = owner.open();
    let made = owner.post("/api/items", &json!({})).is(201).json();
    let id: ItemId = made["id"].as_str().unwrap().parse().unwrap();
    let mut rng = freehold_server::system::random();
    let record = account.seal_item(id, 1, b"the secret", &mut rng).unwrap();
    let record = serde_json::to_value(record).unwrap();
    owner.page("PUT", &format!("/api/items/{id}?epoch=1")).json(&record).is(204);

    let kept = [&request["keyring"], &request["card"], &request["state"]];
    let envelopes = request["methods"].as_array().unwrap().iter().map(|m| &m["envelope"]);
    let needles: Vec<String> = kept
        .into_iter()
        .chain(envelopes)
        .chain([&record["itemKey"], &record["content"]])
        .map(|value| value.as_str().unwrap().to_owned())
        .collect();
    // The test finds what it looks for where it is allowed to be.
    assert!(owner.get("/api/items").text().contains(&needles[5]));

    let mut thief = world.browser();
    thief.sign_in("ann", "");
    let mut bob = world.signed_in("bob");
    bob.set_up();
    for browser in [&thief, &bob] {
        for (method, path) in ROUTES.iter().filter(|(_, path)| !path.ends_with("sign-out")) {
            let path = path.replace("{item}", &id.to_string());
            let reply = browser.page(method, &path).body(record.to_string()).send();
            let answer = String::from_utf8_lossy(&reply.body).into_owned();
            for needle in &needles {
                assert!(!answer.contains(needle.as_str()), "{method} {path}");
            }
            assert!(!answer.contains("RkhFMQ"), "{method} {path} has an envelope: {answer}");
        }
    }
    assert_eq!(owner.get("/api/items").is(200).json()["items"][0]["content"], record["content"]);
}

#[test]
fn the_list_of_routes_is_complete() {
    let source = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/http")).unwrap();
    for file in source.map(|file| file.unwrap().path()).filter(|path| path.is_file()) {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        if !["items.rs", "policy.rs", "resets.rs", "session.rs", "setup.rs", "unlock.rs"]
            .contains(&name.as_str())
        {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        for route in text.split("web::resource(\"").skip(1) {
            let path =
                format!("/api{}", route.split('"').next().unwrap().replace("{id}", "{item}"));
            assert!(
                ROUTES.iter().any(|(_, known)| known.split('?').next() == Some(path.as_str())),
                "{path} of {name} is not walked"
            );
        }
    }
}

#[test]
fn no_secret_of_keys_reaches_the_log() {
    let world = World::new();
    let mut browser = world.signed_in("ann");
    let code = browser.set_up();
    browser.unlock(MethodKind::Password, b"wrong-horse-battery-staple-1");
    browser.open();
    let log = world.server.log();
    assert!(log.contains("unlocked"));
    let session = browser.session.clone().unwrap();
    for secret in [
        "horse-battery",
        code.to_text().as_str(),
        &session,
        &world.token,
        crate::support::provider::CLIENT_SECRET,
        "access-token-of-the-tests",
        "code-",
    ] {
        assert!(!log.contains(secret), "{secret}");
    }
}

/// Status, headers and body of an answer, without the id that every answer has of its own.
fn told(reply: &Reply) -> (u16, Vec<(String, String)>, Value) {
    let mut body = reply.json();
    let id = body.as_object_mut().unwrap().remove("supportId").unwrap();
    let mut others = reply.headers();
    others.retain(|(name, _)| name != "x-request-id");
    others.sort();
    assert_eq!(id.as_str().unwrap().len(), 10);
    (reply.status, others, body)
}

#[test]
fn a_stranger_a_suspended_and_a_deleted_person_get_the_same_answer_at_unlock() {
    let world = World::new();
    let mut people: Vec<Browser<'_>> = Vec::new();
    for (name, end) in [("ann", "suspend"), ("ben", "delete")] {
        let mut browser = world.signed_in(name);
        browser.set_up();
        browser.get("/api/unlock").is(200);
        let id = browser.get("/api/session").is(200).json()["userId"].as_str().unwrap().to_owned();
        match end {
            "suspend" => world.set_active(&id, false),
            _ => {
                let path = format!("/Users/{id}");
                world.server.scim(&world.token, "DELETE", &path).send().is(204);
            }
        }
        people.push(browser);
    }
    people.push(world.browser());
    let request = json!({
        "type": 1, "parameters": "AAAA", "signature": "A".repeat(86), "remembered": null,
    });
    let offers: Vec<_> = people.iter().map(|browser| told(&browser.get("/api/unlock"))).collect();
    let answers: Vec<_> =
        people.iter_mut().map(|browser| told(&browser.post("/api/unlock", &request))).collect();
    for all in [offers, answers] {
        assert_eq!(all[0].0, 401);
        assert!(all.iter().all(|one| *one == all[0]), "{all:#?}");
    }
}

#[test]
fn whatever_is_wrong_with_a_proof_the_answer_is_the_same() {
    let world = World::new();
    let mut answers = Vec::new();
    for way in ["other passphrase", "no signature", "other parameters"] {
        let name = way.replace(' ', "-");
        let mut browser = world.signed_in(&name);
        browser.set_up();
        let offer = browser.get("/api/unlock").is(200).json();
        let mut request = json!({
            "type": 1,
            "parameters": offer["methods"][0]["parameters"],
            "signature": "A".repeat(86),
            "remembered": null,
        });
        let reply = match way {
            "other passphrase" => {
                browser.unlock(MethodKind::Password, b"wrong-horse-battery-staple-1").1
            }
            "no signature" => browser.post("/api/unlock", &request),
            _ => {
                request["parameters"] = "A".repeat(26).into();
                browser.post("/api/unlock", &request)
            }
        };
        answers.push(told(&reply));
    }
    assert_eq!(answers[0].0, 403);
    assert!(answers.iter().all(|one| *one == answers[0]), "{answers:#?}");
}
