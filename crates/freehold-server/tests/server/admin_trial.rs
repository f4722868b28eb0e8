//! `/api/admin/scim/test`: the server asks itself over its public URL, through what may stand on the way.

use std::{
    io::Read,
    net::{Ipv4Addr, TcpListener},
    sync::Arc,
    thread,
};

use freehold_testing::{
    Relay, free_port,
    relay::{Exchange, Forged},
};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{PrivateKeyDer, pem::PemObject as _},
};
use serde_json::{Value, json};

use crate::support::{Installation, Provider, Reply, World, identity::Identity, person::Browser};

const TEST: &str = "/api/admin/scim/test";

/// A world whose public URL is this one.
fn world_at(public_url: &str) -> World {
    let mut installation = Installation::new();
    installation.set("FREEHOLD_PUBLIC_URL", public_url);
    let token = installation.acme();
    let provider = Provider::start();
    installation.connect("acme", &provider);
    let server = installation.serve();
    World { installation, provider, token, server }
}

/// A world behind a relay.
fn relayed() -> (World, Relay) {
    let relay = Relay::start();
    let world = world_at(&format!("http://localhost:{}", relay.port()));
    relay.forward_to(world.server.address().parse().unwrap());
    (world, relay)
}

/// An owner whose session is unlocked.
fn owner(world: &World) -> Browser<'_> {
    world.provision("olga");
    let mut olga = world.browser();
    olga.enter(&world.installation.link("olga", &[]));
    olga.set_up();
    olga
}

fn test(browser: &mut Browser<'_>) -> Value {
    browser.post(TEST, &json!({})).is(200).json()
}

/// What the steps found that are neither green nor skipped.
fn failed(report: &Value) -> Vec<(String, String)> {
    let steps = report["steps"].as_array().unwrap();
    let failed = steps.iter().filter(|step| step["outcome"] == "failed");
    failed.map(|step| (text(&step["name"]), text(&step["found"]))).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn outcomes(report: &Value) -> Vec<String> {
    report["steps"].as_array().unwrap().iter().map(|step| text(&step["outcome"])).collect()
}

/// The token that a trial sent through a relay.
fn shown_token(relay: &Relay) -> String {
    let sent = String::from_utf8_lossy(&relay.to_server()).into_owned();
    let (_, rest) = sent.rsplit_once("Bearer ").or_else(|| sent.rsplit_once("bearer ")).unwrap();
    rest.lines().next().unwrap().to_owned()
}

#[test]
fn all_is_green_where_nothing_stands_in_the_way_and_the_token_ends_with_the_test() {
    let (world, relay) = relayed();
    let mut olga = owner(&world);
    let report = test(&mut olga);
    assert_eq!(failed(&report), []);
    assert_eq!(report["green"], true);
    assert_eq!(report["url"], format!("{}/scim/v2", world.server.origin()));
    let steps = report["steps"].as_array().unwrap();
    for client in ["every", "entra", "okta"] {
        let of = steps.iter().filter(|step| step["client"] == client);
        assert!(of.clone().count() >= 2);
        assert!(
            of.clone().all(|step| step["outcome"] == "green" && step["found"] == "as-expected")
        );
    }
    let unseen = json!(["public-dns", "tls-from-outside", "firewall", "provider-settings"]);
    assert_eq!(report["unseen"], unseen);
    let asked = relay.exchanges_with("/scim/v2");
    assert_eq!(asked.len(), steps.len(), "every step goes the public way");
    assert!(asked.iter().any(|it| it.target.contains("userName+eq")), "as Entra writes it");
    assert!(asked.iter().any(|it| it.target.contains("userName%20eq")), "as Okta writes it");
    test(&mut olga);
    let (first, second) = (asked, relay.exchanges_with("/scim/v2").split_off(steps.len()));
    let looked_up = first.iter().zip(&second).filter(|(one, _)| one.target.contains("eq"));
    assert!(looked_up.clone().count() >= 6);
    for (one, other) in looked_up {
        assert_ne!(one.target, other.target, "somebody else who does not exist");
    }
    let token = shown_token(&relay);
    assert!(token.starts_with("fhs_"), "{token}");
    world.server.scim(&token, "GET", "/Users").send().is(401);
    assert!(!report.to_string().contains(&token) && !world.server.log().contains(&token));
    let listed = olga.get("/api/admin/tokens").is(200).json();
    assert_eq!(listed["tokens"].as_array().unwrap().len(), 1, "{listed}");
    let audit = world.installation.must(&["audit", "export", "--organization", "acme"]);
    let line = audit.lines().find(|line| line.contains("scim.tried")).unwrap();
    let olga_id = olga.get("/api/session").is(200).json()["userId"].clone();
    assert_eq!(serde_json::from_str::<Value>(line).unwrap()["user"], olga_id);
    let users = world.installation.list(&["user", "list", "--organization", "acme"]);
    assert_eq!(users.len(), 1, "nobody was made, changed or deleted");
}

/// A change of the answers below `/scim/v2`, as something on the way makes it.
type Meddling = fn(&Exchange) -> Option<Forged>;

fn page(status: u16) -> Forged {
    let html = "<!doctype html><title>Welcome</title>";
    Forged::with_status(status, html).header("Content-Type", "text/html")
}

#[test]
fn what_stands_in_the_way_is_told_apart() {
    let cases: [(&str, &str, Meddling); 12] = [
        ("reach", "redirected", |_| {
            Some(page(302).header("Location", "https://login.example/?next=%2Fscim"))
        }),
        ("reach", "not-scim", |_| Some(page(200))),
        ("reach", "path-rewritten", |_| Some(page(404))),
        ("reach", "other-login", |_| Some(page(401))),
        ("reach", "kept-back", |_| Some(page(403))),
        ("reach", "unavailable", |_| Some(page(502))),
        ("reach", "server-error", |_| Some(page(500))),
        ("reach", "too-long", |_| Some(Forged::body("x".repeat(600 * 1024)))),
        ("token", "body-changed", |it| {
            let text = String::from_utf8_lossy(&it.answer).replace("http://", "https://");
            (it.status == 200).then(|| Forged::body(text))
        }),
        ("token", "not-scim", |it| (it.status == 200).then(|| page(200))),
        ("change", "method-refused", |it| (it.method == "PATCH").then(|| page(405))),
        ("import", "body-changed", |it| {
            it.target
                .contains("count=1")
                .then(|| Forged::body("{}"))
                .filter(|_| !it.target.contains("count=100"))
        }),
    ];
    let (world, relay) = relayed();
    for (step, found, meddling) in cases {
        // Each one is a test of its own, and there are only so many in a minute: another organization each.
        let mut olga = world.owner_of(&format!("{found}-{step}"));
        relay.change_answers(meddling);
        let report = test(&mut olga);
        relay.leave_answers();
        assert_eq!(failed(&report), [(step.to_owned(), found.to_owned())], "{report}");
        assert_eq!(report["green"], false);
        let skipped = outcomes(&report).iter().filter(|outcome| *outcome == "skipped").count();
        let decides = matches!(step, "reach" | "token");
        assert_eq!(skipped > 0, decides, "{report}");
    }
    let mut olga = world.owner_of("detail");
    relay.change_answers(|_| {
        let long = format!("https://login.example/{}", "x".repeat(500));
        Some(page(302).header("Location", &long))
    });
    let report = test(&mut olga);
    let detail = text(&report["steps"][0]["detail"]);
    assert!(detail.starts_with("https://login.example/x") && detail.len() == 120, "{detail}");
}

#[test]
fn a_proxy_that_takes_the_authorization_header_away_is_told() {
    let (world, relay) = relayed();
    let mut olga = owner(&world);
    relay.strip("Authorization");
    let report = test(&mut olga);
    assert_eq!(failed(&report), [("token".to_owned(), "authorization-stripped".to_owned())]);
}

#[test]
fn another_installation_behind_the_same_name_is_told() {
    let (world, relay) = relayed();
    let mut olga = owner(&world);
    let other = world_at(&format!("http://localhost:{}", relay.port()));
    relay.forward_to(other.server.address().parse().unwrap());
    let report = test(&mut olga);
    assert_eq!(failed(&report), [("token".to_owned(), "other-installation".to_owned())]);
}

#[test]
fn scim_switched_off_is_told() {
    let (world, _relay) = relayed();
    let mut olga = owner(&world);
    olga.page("PUT", "/api/admin/scim").json(&json!({ "enabled": false })).is(200);
    assert_eq!(failed(&test(&mut olga)), [("token".to_owned(), "scim-off".to_owned())]);
    olga.page("PUT", "/api/admin/scim").json(&json!({ "enabled": true })).is(200);
    assert_eq!(test(&mut olga)["green"], true);
}

/// What the first step finds at a public URL.
fn reached(public_url: &str) -> String {
    let world = world_at(public_url);
    let report = test(&mut owner(&world));
    let failed = failed(&report);
    let [(step, found)] = failed.as_slice() else { panic!("{report}") };
    assert_eq!(step, "reach");
    found.clone()
}

/// Listens, and does this with every connection.
fn listen(act: impl Fn(std::net::TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || listener.incoming().flatten().for_each(act));
    port
}

#[test]
fn a_way_that_leads_nowhere_is_told() {
    assert_eq!(reached(&format!("http://localhost:{}", free_port())), "connection-refused");
    assert_eq!(reached("https://keys.freehold.invalid"), "name-unresolved");
    let hangs_up = listen(drop);
    assert_eq!(reached(&format!("http://localhost:{hangs_up}")), "connection-broken");
    let silent = listen(std::mem::forget);
    assert_eq!(reached(&format!("http://localhost:{silent}")), "timeout");
}

/// A place where TLS is spoken with this certificate.
fn encrypted(identity: &Identity) -> u16 {
    let key = PrivateKeyDer::from_pem_slice(identity.key_pem.as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![identity.certificate.clone()], key)
        .unwrap();
    let config = Arc::new(config);
    listen(move |stream| {
        let tls = ServerConnection::new(Arc::clone(&config)).unwrap();
        // Whoever does not trust the certificate says so and goes.
        let _ = StreamOwned::new(tls, stream).read(&mut [0; 1]);
    })
}

#[test]
fn what_is_wrong_with_a_certificate_is_told() {
    let at = |port: u16| format!("https://localhost:{port}");
    let untrusted = encrypted(&Identity::make("localhost", 2300));
    assert_eq!(reached(&at(untrusted)), "certificate-untrusted");
    let expired = encrypted(&Identity::make("localhost", 2001));
    assert_eq!(reached(&at(expired)), "certificate-expired");
    let plain = listen(|mut stream| {
        use std::io::Write as _;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        std::mem::forget(stream);
    });
    assert_eq!(reached(&at(plain)), "tls-failed");
}

#[test]
fn only_unlocked_admins_test_and_say_nothing_of_where() {
    let (world, relay) = relayed();
    let mut olga = owner(&world);
    let mut ann = world.signed_in("ann");
    ann.set_up();
    let before = relay.exchanges().len();
    ann.post(TEST, &json!({})).problem(403, "not-allowed");
    world.browser().post(TEST, &json!({})).problem(401, "signed-out");
    olga.post(TEST, &json!({ "url": "https://elsewhere.example" })).problem(400, "bad-request");
    olga.page("GET", TEST).send().problem(405, "bad-request");
    olga.post("/api/lock", &json!({})).is(204);
    olga.post(TEST, &json!({})).problem(403, "locked");
    assert_eq!(relay.exchanges().len(), before, "nobody was asked");
    olga.open();
    assert_eq!(test(&mut olga)["green"], true);
}

#[test]
fn one_test_at_a_time_and_a_few_in_a_minute() {
    let (world, relay) = relayed();
    let mut olga = owner(&world);
    let too_often = |reply: Reply| {
        let wait: u64 = reply.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=20).contains(&wait), "{wait}");
        reply.problem(429, "test-too-often");
    };
    let (begun, has_begun) = std::sync::mpsc::channel();
    let (go_on, may_go_on) = std::sync::mpsc::channel::<()>();
    let may_go_on = std::sync::Mutex::new(may_go_on);
    relay.change_answers(move |_| {
        let _ = begun.send(());
        let _ = may_go_on.lock().unwrap().recv();
        None
    });
    let session = olga.session.clone();
    thread::scope(|scope| {
        let first = scope.spawn(|| test(&mut olga));
        has_begun.recv().unwrap();
        let mut again = world.browser();
        again.session = session;
        too_often(again.post(TEST, &json!({})));
        drop(go_on);
        assert_eq!(first.join().unwrap()["green"], true);
    });
    relay.leave_answers();
    for _ in 1..6 {
        assert_eq!(test(&mut olga)["green"], true);
    }
    too_often(olga.post(TEST, &json!({})));
    let mut other = world.owner_of("other");
    assert_eq!(test(&mut other)["green"], true, "others do not wait");
}
