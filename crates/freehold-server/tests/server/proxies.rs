//! Behind a reverse proxy: its word on the client's address counts if it is named, its word on
//! scheme and host never.

use serde_json::json;

use crate::support::{Acme, Installation, Reply, Request, World, new_user};

/// What a client may send, and a careless proxy pass on.
const LIES: &[(&str, &str)] = &[
    ("X-Forwarded-Host", "evil.example"),
    ("X-Forwarded-Proto", "https"),
    ("X-Forwarded-Port", "666"),
    ("X-Forwarded-Prefix", "/evil"),
    ("X-Forwarded-Server", "evil.example"),
    ("X-Original-URL", "/evil"),
    ("X-Rewrite-URL", "/evil"),
    ("X-HTTP-Method-Override", "DELETE"),
    ("Forwarded", "for=9.9.9.9;host=evil.example;proto=https"),
];

fn lying(request: Request) -> Request {
    let request = request.host("evil.example");
    LIES.iter().fold(request, |request, (name, value)| request.header(name, value))
}

#[track_caller]
fn assert_honest(reply: &Reply) {
    let head = format!("{:?}", reply.headers());
    assert!(!head.contains("evil") && !reply.text().contains("evil"), "{reply:?}");
    assert_eq!(reply.header("strict-transport-security"), None, "the public URL is http");
}

#[test]
fn host_and_forwarded_headers_change_no_address_that_the_server_writes() {
    let mut world = World::new();
    world.installation.set("FREEHOLD_TRUSTED_PROXIES", "127.0.0.0/8");
    world.server = world.installation.serve();
    let (server, token) = (&world.server, &world.token);
    let own = server.origin();

    let begun = lying(server.request("GET", "/login")).send().is(303);
    assert_honest(&begun);
    let location = url::Url::parse(begun.header("location").unwrap()).unwrap();
    let back = location.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1;
    assert_eq!(back, format!("{own}/oidc/callback"));
    let cookie = begun.header("set-cookie").unwrap();
    assert!(cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax"), "{cookie}");

    let user = lying(server.scim(token, "POST", "/Users")).json(&new_user("ann")).is(201);
    assert_honest(&user);
    let location = user.header("location").unwrap();
    assert!(location.starts_with(&format!("{own}/scim/v2/Users/")), "{location}");
    assert_eq!(user.json()["meta"]["location"], location);

    for path in ["/Users", "/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/missing"] {
        assert_honest(&lying(server.scim(token, "GET", path)).send());
    }
    for path in ["/", "/setup", "/setup/", "/vault", "/missing", "/oidc/callback", "/readyz"] {
        assert_honest(&lying(server.request("GET", path)).send());
    }
    assert_honest(&lying(server.request("POST", "/oauth/token")).send());
    assert_honest(&lying(server.page("POST", "/api/sign-out")).json(&json!({})).is(204));
}

#[test]
fn the_origin_of_a_request_is_held_against_the_public_url_and_not_against_its_host() {
    let server = Installation::new().serve_new();
    let request =
        |origin: &str| lying(server.request("GET", "/api/session")).header("Origin", origin);
    request("http://evil.example").send().problem(403, "cross-site");
    request("https://evil.example").send().problem(403, "cross-site");
    request(server.origin()).send().problem(401, "signed-out");
}

/// From where the only token was used last, as the list says it, after a request with this header.
fn seen_from(proxies: Option<&str>, headers: &[(&str, &str)]) -> String {
    let mut installation = Installation::new();
    if let Some(proxies) = proxies {
        installation.set("FREEHOLD_TRUSTED_PROXIES", proxies);
    }
    let acme = Acme::with(installation);
    let request = headers
        .iter()
        .fold(acme.scim("GET", "/Users"), |request, (name, value)| request.header(name, value));
    request.send().is(200);
    let listed = acme.installation.list(&["token", "list", "--organization", "acme"]);
    listed[0]["lastUsedFrom"].as_str().unwrap().to_owned()
}

#[test]
fn only_a_named_proxy_says_whose_request_it_is() {
    let forged = [("X-Forwarded-For", "6.6.6.6, 9.9.9.9")];
    assert_eq!(seen_from(None, &forged), "127.0.0.1");
    assert_eq!(seen_from(Some("10.0.0.0/8, ::1"), &forged), "127.0.0.1");
    assert_eq!(seen_from(Some("10.0.0.0/8, 127.0.0.0/8"), &forged), "9.9.9.9");
    let forwarded = [("Forwarded", "for=6.6.6.6, for=9.9.9.9")];
    assert_eq!(seen_from(None, &forwarded), "127.0.0.1");
    assert_eq!(seen_from(Some("127.0.0.1"), &forwarded), "9.9.9.9");
    let both = [("X-Forwarded-For", "9.9.9.9"), ("Forwarded", "for=6.6.6.6")];
    assert_eq!(seen_from(Some("127.0.0.1"), &both), "127.0.0.1");
}

#[test]
fn a_new_forwarded_address_is_no_new_allowance() {
    let server = Installation::new().serve_new();
    let refused = (0..400).any(|n| {
        let request = server.request("GET", "/login?organization=nobody");
        request.header("X-Forwarded-For", &format!("192.0.2.{}", n % 250)).send().status == 429
    });
    assert!(refused);
}

#[test]
fn an_open_port_without_https_needs_a_named_proxy() {
    let mut installation = Installation::new();
    installation.set("FREEHOLD_PUBLIC_URL", "https://freehold.example");
    installation.set("FREEHOLD_LISTEN", "0.0.0.0:0");
    let (code, error) = installation.refused(&["serve"]);
    assert_eq!(code, 2);
    for advice in ["127.0.0.1", "FREEHOLD_TRUSTED_PROXIES", "FREEHOLD_TLS_CERT"] {
        assert!(error.contains(advice), "{error}");
    }
    installation.set("FREEHOLD_TRUSTED_PROXIES", "10.0.0.0/8");
    installation.serve();
    installation.set("FREEHOLD_LISTEN", "127.0.0.1:0");
    installation.unset("FREEHOLD_TRUSTED_PROXIES");
    let server = installation.serve();
    assert!(server.log().contains("FREEHOLD_TRUSTED_PROXIES does not name the proxy"));
}
