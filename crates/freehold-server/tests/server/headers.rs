//! Every answer carries the security headers, refusals included.

use crate::support::{Installation, Reply};

const CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; \
     worker-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types freehold-worker";

#[track_caller]
fn assert_secured(reply: &Reply) {
    for (name, value) in [
        ("content-security-policy", CSP),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(reply.header(name), Some(value), "{name} of {reply:?}");
    }
    assert!(reply.header("permissions-policy").unwrap().contains("camera=()"));
    assert_eq!(reply.header("x-request-id").map(str::len), Some(10));
    assert_eq!(reply.header("access-control-allow-origin"), None);
    assert_eq!(reply.header("server"), None);
}

#[test]
fn every_route_and_every_refusal_carries_them() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/setup"),
        ("GET", "/setup/"),
        ("GET", "/lib/h.js"),
        ("GET", "/wasm/missing.wasm"),
        ("GET", "/missing"),
        ("POST", "/setup/"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/login"),
        ("GET", "/login?organization=nobody"),
        ("GET", "/oidc/callback"),
        ("GET", "/oidc/callback?state=x&code=y"),
        ("GET", "/api/session"),
        ("GET", "/api/missing"),
        ("POST", "/api/setup"),
        ("GET", "/scim/v2/Users"),
        ("GET", "/scim/v2/missing"),
    ] {
        let reply = server.request(method, path).send();
        assert_secured(&reply);
        // A file is asked about each time; anything else is not kept at all.
        let kept = if reply.header("etag").is_some() { "no-cache" } else { "no-store" };
        assert_eq!(reply.header("cache-control"), Some(kept), "{path}");
        assert_eq!(reply.header("strict-transport-security"), None, "{path}");
    }
    for (method, path) in
        [("GET", "/api/session"), ("GET", "/api/missing"), ("PUT", "/api/session")]
    {
        assert_secured(&server.page(method, path).send());
    }
    for (method, path) in
        [("GET", "/Users"), ("GET", "/Schemas"), ("PATCH", "/Users"), ("GET", "/missing")]
    {
        assert_secured(&server.scim(&token, method, path).send());
    }
}

#[test]
fn browsers_are_told_to_stay_with_https_where_the_site_has_it() {
    let mut installation = Installation::new();
    installation.set("FREEHOLD_PUBLIC_URL", "https://freehold.example");
    let server = installation.serve();
    for path in ["/", "/missing", "/api/session", "/scim/v2/Users"] {
        let reply = server.request("GET", path).send();
        assert_eq!(reply.header("strict-transport-security"), Some("max-age=31536000"), "{path}");
    }
}

#[test]
fn signing_out_drops_the_browser_s_copies_and_leaves_what_guards_against_older_accounts() {
    let server = Installation::new().serve_new();
    let reply = server.page("POST", "/api/sign-out").json(&serde_json::json!({})).is(204);
    // Neither "storage" nor "cookies": `http/session.rs` says why.
    assert_eq!(reply.header("clear-site-data"), Some("\"cache\""));
    assert_eq!(reply.cookie("__Host-sid").as_deref(), Some(""));
    assert_eq!(server.page("GET", "/api/session").send().header("clear-site-data"), None);
}

#[test]
fn support_ids_differ_and_lead_to_the_log() {
    let server = Installation::new().serve_new();
    let problem = server.page("GET", "/api/session").send().problem(401, "signed-out");
    let other = server.page("GET", "/api/session").send().problem(401, "signed-out");
    assert_ne!(problem["supportId"], other["supportId"]);
    let id = problem["supportId"].as_str().unwrap();
    assert!(server.log().lines().any(|line| line.contains(id) && line.contains("/api/session")));
}
