//! The JSON API answers only what the server's own pages ask.

use crate::support::Installation;

const ROUTES: &[(&str, &str)] = &[
    ("GET", "/api/session"),
    ("POST", "/api/sign-out"),
    ("GET", "/api/setup"),
    ("POST", "/api/setup"),
    ("POST", "/api/enter"),
    ("GET", "/api/sessions"),
    ("POST", "/api/sessions/end-others"),
    ("GET", "/api/unlock"),
    ("POST", "/api/unlock"),
    ("POST", "/api/lock"),
    ("GET", "/api/reset"),
    ("POST", "/api/reset"),
    ("DELETE", "/api/reset"),
    ("GET", "/api/resets"),
    ("POST", "/api/resets/0190163d-8694-739b-aea5-966c26f8ad91/approve"),
    ("POST", "/api/resets/0190163d-8694-739b-aea5-966c26f8ad91/deny"),
    ("GET", "/api/policy"),
    ("PUT", "/api/policy"),
    ("GET", "/api/items"),
    ("POST", "/api/items"),
    ("PUT", "/api/items/0190163d-8694-739b-aea5-966c26f8ad91"),
    ("DELETE", "/api/items/0190163d-8694-739b-aea5-966c26f8ad91?version=1"),
    ("GET", "/api/admin/log"),
    ("GET", "/api/admin/log/events"),
    ("GET", "/api/admin/brake"),
    ("PUT", "/api/admin/brake"),
    ("GET", "/api/admin/brake/held"),
    ("POST", "/api/admin/brake/release"),
    ("POST", "/api/admin/brake/confirm"),
    ("GET", "/api/admin/audit"),
    ("POST", "/api/admin/audit/verify"),
    ("GET", "/api/admin/audit/export"),
];

/// Routes that ask for no session.
const OPEN: [&str; 2] = ["/api/sign-out", "/api/enter"];

#[test]
fn what_another_site_causes_is_refused_on_every_route() {
    let server = Installation::new().serve_new();
    for (method, path) in ROUTES {
        let request = || server.request(method, path).header("Content-Type", "application/json");
        request().send().problem(403, "cross-site");
        for site in ["cross-site", "same-site", "none"] {
            request().header("Sec-Fetch-Site", site).send().problem(403, "cross-site");
        }
        let foreign = request().header("Sec-Fetch-Site", "same-origin");
        foreign.header("Origin", "https://evil.example").send().problem(403, "cross-site");
        request().header("Origin", "null").send().problem(403, "cross-site");
        let twin = request().header("Origin", &format!("{}.evil.example", server.origin()));
        twin.send().problem(403, "cross-site");
    }
}

#[test]
fn our_pages_are_answered_by_either_sign() {
    let server = Installation::new().serve_new();
    let origin = server.origin().to_owned();
    let request = || server.request("GET", "/api/session");
    request().header("Sec-Fetch-Site", "same-origin").send().problem(401, "signed-out");
    request().header("Origin", &origin).send().problem(401, "signed-out");
    let both = request().header("Origin", &origin).header("Sec-Fetch-Site", "none");
    both.send().problem(401, "signed-out");
}

#[test]
fn writes_that_a_form_could_send_are_refused() {
    let server = Installation::new().serve_new();
    for (method, path) in ROUTES.iter().filter(|(method, _)| *method != "GET") {
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
            let request = server.request(method, path).header("Sec-Fetch-Site", "same-origin");
            let reply = request.header("Content-Type", kind).body("{}").send();
            reply.problem(415, "unsupported-media-type");
        }
    }
}

#[test]
fn nothing_is_there_without_a_session() {
    let server = Installation::new().serve_new();
    for (method, path) in ROUTES.iter().filter(|(_, path)| !OPEN.contains(path)) {
        let forged = "a".repeat(43);
        let request = server.page(method, path).cookie("__Host-sid", &forged);
        let reply = request.body("{}").send();
        // A body that cannot be read may be refused first; neither tells anything.
        assert!(matches!(reply.status, 400 | 401 | 422), "{method} {path}: {}", reply.status);
        server.page(method, path).body("{}").send().problem(401, "signed-out");
    }
    server.page("POST", "/api/sign-out").send().is(204);
}

#[test]
fn unknown_addresses_and_methods_of_the_api_are_problems_too() {
    let server = Installation::new().serve_new();
    server.page("GET", "/api/missing").send().problem(404, "not-found");
    server.page("PUT", "/api/session").send().problem(405, "bad-request");
}
