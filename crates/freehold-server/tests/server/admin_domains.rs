//! An owner proves domains in the console.

use freehold_testing::dns::{Dns, Said};
use serde_json::json;

use crate::support::{Installation, World};

const PATH: &str = "/api/admin/domains";

fn world() -> (World, Dns) {
    let mut installation = Installation::new();
    let dns = Dns::start();
    installation.set("FREEHOLD_DNS_RESOLVER", &dns.address().to_string());
    (World::with(installation), dns)
}

#[test]
fn a_domain_is_added_proven_by_its_record_and_removed() {
    let (world, dns) = world();
    let olga = world.owner();
    assert_eq!(olga.get(PATH).is(200).json(), json!({ "domains": [] }));
    let made = olga.page("POST", PATH).json(&json!({ "name": "ACME.test" })).is(201).json();
    assert_eq!((&made["name"], &made["state"]), (&json!("acme.test"), &json!("unverified")));
    assert_eq!(made["recordName"], "_freehold-challenge.acme.test");
    let verify = || olga.page("POST", &format!("{PATH}/acme.test/verify")).json(&json!({}));
    assert_eq!(verify().problem(409, "record-not-found")["records"], 0);
    dns.publish("_freehold-challenge.acme.test", "another");
    assert_eq!(verify().problem(409, "record-not-found")["records"], 1);
    dns.say("_freehold-challenge.acme.test", Said::Code(2));
    verify().problem(409, "dns-silent");
    dns.publish("_freehold-challenge.acme.test", made["recordValue"].as_str().unwrap());
    assert_eq!(verify().is(200).json()["state"], "verified");
    assert_eq!(olga.get(PATH).is(200).json()["domains"][0]["state"], "verified");
    verify().is(200);
    olga.page("DELETE", &format!("{PATH}/acme.test")).json(&json!({})).is(204);
    olga.page("DELETE", &format!("{PATH}/acme.test")).json(&json!({})).problem(404, "not-found");
    let told = world.installation.must(&["audit", "export", "--organization", "acme"]);
    for kind in ["domain.added", "domain.verified", "domain.removed"] {
        assert!(told.contains(kind), "{told}");
    }
}

#[test]
fn what_is_no_domain_or_another_organizations_is_refused() {
    let (world, dns) = world();
    let olga = world.owner();
    let add = |name: &str| olga.page("POST", PATH).json(&json!({ "name": name }));
    for name in ["", "acme", "127.0.0.1", "ann@acme.test"] {
        add(name).problem(422, "domain-malformed");
    }
    let made = add("acme.test").is(201).json();
    add("acme.test").problem(409, "domain-known");
    let unknown = json!({ "name": "b.test", "connection": "none" });
    olga.page("POST", PATH).json(&unknown).problem(400, "bad-request");
    let named = json!({ "name": "c.test", "connection": "oidc" });
    let named = olga.page("POST", PATH).json(&named).is(201).json();
    assert_eq!(named["connection"], "oidc");

    world.installation.must(&["organization", "create", "other", "--name", "Other"]);
    let printed =
        world.installation.must(&["domain", "add", "--organization", "other", "acme.test"]);
    let theirs = printed.split('"').nth(1).unwrap().to_owned();
    let ours = made["recordValue"].as_str().unwrap().to_owned();
    dns.say("_freehold-challenge.acme.test", Said::Records(vec![vec![theirs], vec![ours]]));
    world.installation.must(&["domain", "verify", "--organization", "other", "acme.test"]);
    let verify = olga.page("POST", &format!("{PATH}/acme.test/verify")).json(&json!({}));
    verify.problem(409, "domain-taken");
    world.installation.must(&["domain", "add", "--organization", "other", "d.test"]);
    for (method, path) in [("POST", "d.test/verify"), ("DELETE", "d.test"), ("DELETE", "no")] {
        olga.page(method, &format!("{PATH}/{path}")).json(&json!({})).problem(404, "not-found");
    }
}

#[test]
fn only_an_unlocked_owner_changes_domains() {
    let (world, _dns) = world();
    let mut olga = world.owner();
    olga.page("POST", PATH).json(&json!({ "name": "acme.test" })).is(201);
    let mut ann = world.signed_in("ann");
    ann.get(PATH).problem(403, "not-allowed");
    let changes = [("POST", ""), ("POST", "/acme.test/verify"), ("DELETE", "/acme.test")];
    for (method, path) in changes {
        let body = json!({ "name": "b.test" });
        ann.page(method, &format!("{PATH}{path}")).json(&body).problem(403, "not-allowed");
    }
    world.installation.must(&["role", "grant", "--organization", "acme", "--user", "ann", "admin"]);
    ann.set_up();
    ann.get(PATH).is(200);
    olga.post("/api/lock", &json!({})).is(204);
    for (method, path) in changes {
        let path = format!("{PATH}{path}");
        let body = json!({ "name": "b.test" });
        ann.page(method, &path).json(&body).problem(403, "not-allowed");
        olga.page(method, &path).json(&body).problem(403, "locked");
    }
}

#[test]
fn an_organization_has_others_asked_so_often_and_no_more() {
    let (world, _dns) = world();
    let olga = world.owner();
    olga.page("POST", PATH).json(&json!({ "name": "acme.test" })).is(201);
    let connections = "/api/admin/connections";
    let known = olga.get(connections).is(200).json();
    let connection = format!("{connections}/{}", known["connections"][0]["id"].as_str().unwrap());
    // Who may not do it uses nothing up.
    let ann = world.signed_in("ann");
    let verify = format!("{PATH}/acme.test/verify");
    for _ in 0..40 {
        ann.page("POST", &verify).json(&json!({})).problem(403, "not-allowed");
    }
    let asked = || {
        let until = (0..100).position(|_| {
            let reply = olga.page("POST", &verify).json(&json!({}));
            let wait: Option<u64> = reply.header("retry-after").map(|wait| wait.parse().unwrap());
            match reply.status {
                429 => assert!((1..=6).contains(&wait.unwrap()), "{wait:?}"),
                _ => drop(reply.problem(409, "record-not-found")),
            }
            wait.is_some()
        });
        until.expect("it must end")
    };
    assert!(asked() >= 30, "enough to try things out");

    let ways = [
        (verify.clone(), json!({})),
        (
            format!("{connections}/oidc"),
            json!({ "issuer": "https://idp.test", "clientId": "a", "clientSecret": "b" }),
        ),
        (format!("{connections}/saml"), json!({ "metadataUrl": "https://idp.test/metadata" })),
        (format!("{connection}/refresh"), json!({})),
        (format!("{connection}/test"), json!({})),
    ];
    for (path, body) in ways {
        asked();
        olga.page("POST", &path).json(&body).problem(429, "asked-too-often");
    }
    // What asks nobody goes on, and so do others.
    let read =
        olga.page("POST", &format!("{connections}/saml")).json(&json!({ "metadata": "<a/>" }));
    read.problem(422, "metadata-not-entity");
    let other = world.owner_of("other");
    other.page("POST", PATH).json(&json!({ "name": "other.test" })).is(201);
    let path = format!("{PATH}/other.test/verify");
    other.page("POST", &path).json(&json!({})).problem(409, "record-not-found");
}
