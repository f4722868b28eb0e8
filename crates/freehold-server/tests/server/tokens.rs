//! SCIM tokens: who is let in, and that the log says why somebody is not.

use freehold_store::{Database, DatabaseConfig, StoreError, Tx};

use crate::support::{Installation, Server, new_user};

#[track_caller]
fn refused(server: &Server, token: &str, reason: &str) {
    let reply = server.scim(token, "GET", "/Users").send();
    assert!(reply.header("www-authenticate").unwrap().contains("invalid_token"));
    reply.scim_error(401, None);
    assert!(server.log().contains(reason), "the log says `{reason}`");
}

/// Makes all tokens expire, as only the passing of days does otherwise.
fn expire_all(installation: &Installation) {
    let database = Database::open(&DatabaseConfig::for_command_line(&installation.database_url()));
    let database = database.unwrap();
    database
        .write_tx_blocking(|tx: &mut dyn Tx| -> Result<(), StoreError> {
            tx.execute("UPDATE scim_tokens SET expires_at = 1", &[]).map(drop)
        })
        .unwrap();
    database.close();
}

#[test]
fn a_request_without_a_token_learns_that_it_needs_one() {
    let server = Installation::new().serve_new();
    for path in ["/Users", "/Users/x", "/Schemas", "/ServiceProviderConfig", "/missing"] {
        let reply = server.request("GET", &format!("/scim/v2{path}")).send();
        assert_eq!(reply.header("www-authenticate"), Some("Bearer realm=\"scim\""), "{path}");
        reply.scim_error(401, None);
    }
    for header in ["Basic YTpi", "Bearer", "Bearer ", "fhs_x"] {
        let request = server.request("GET", "/scim/v2/Users").header("Authorization", header);
        request.send().scim_error(401, None);
    }
}

#[test]
fn unknown_tokens_are_refused_whatever_their_form() {
    let server = Installation::new().serve_new();
    refused(&server, &format!("fhs_{}", "a".repeat(43)), "unknown token");
    for token in ["x", "eyJhbGciOiJSUzI1NiJ9.e30.x", &"a".repeat(5000)] {
        refused(&server, token, "not the form of a token");
    }
}

#[test]
fn a_token_revoked_beside_the_running_server_is_refused_at_the_next_request() {
    let installation = Installation::new();
    let token = installation.acme();
    let other = installation.token("acme");
    let server = installation.serve();
    server.scim(&token, "GET", "/Users").send().is(200);
    let listed = installation.list(&["token", "list", "--organization", "acme"]);
    let id = listed[0]["id"].as_str().unwrap();
    installation.must(&["token", "revoke", "--organization", "acme", id]);
    refused(&server, &token, "revoked token");
    server.scim(&other, "GET", "/Users").send().is(200);
    let listed = installation.list(&["token", "list", "--organization", "acme"]);
    assert_eq!((&listed[0]["state"], &listed[1]["state"]), (&"revoked".into(), &"valid".into()));
}

#[test]
fn an_expired_token_is_refused_and_the_log_says_so() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    server.scim(&token, "GET", "/Users").send().is(200);
    expire_all(&installation);
    refused(&server, &token, "expired token");
}

#[test]
fn scim_switched_off_is_said_plainly_and_effective_at_the_next_request() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    server.scim(&token, "GET", "/Users").send().is(200);
    installation.must(&["scim", "disable", "--organization", "acme"]);
    let error = server.scim(&token, "GET", "/Users").send().scim_error(403, None);
    assert!(error["detail"].as_str().unwrap().contains("freehold scim enable"), "{error}");
    installation.must(&["scim", "enable", "--organization", "acme"]);
    server.scim(&token, "GET", "/Users").send().is(200);
}

#[test]
fn another_organization_s_users_do_not_exist() {
    let installation = Installation::new();
    let token = installation.acme();
    installation.must(&["organization", "create", "other", "--name", "Other"]);
    let foreign = installation.token("other");
    let server = installation.serve();
    let ann = server.scim(&token, "POST", "/Users").json(&new_user("ann")).is(201).json();
    let path = format!("/Users/{}", ann["id"].as_str().unwrap());
    let unknown = "/Users/0190163d-8694-739b-aea5-966c26f8ad91";
    for (method, body) in [("GET", ""), ("DELETE", ""), ("PUT", &*new_user("eve").to_string())] {
        let answer = |token: &str, path: &str| {
            server.scim(token, method, path).body(body).send().scim_error(404, None)
        };
        assert_eq!(answer(&foreign, &path), answer(&foreign, unknown), "they look alike");
    }
    let list = server.scim(&foreign, "GET", "/Users").send().is(200).json();
    assert_eq!(list["totalResults"], 0);
    server.scim(&foreign, "POST", "/Users").json(&new_user("ann")).is(201);
    server.scim(&token, "GET", &path).send().is(200);
}

#[test]
fn the_last_use_is_written_down_with_its_origin() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    for _ in 0..5 {
        let request = server.scim(&token, "GET", "/Users").header("User-Agent", "Entra");
        request.send().is(200);
    }
    let listed = installation.list(&["token", "list", "--organization", "acme"]);
    assert!(listed[0]["lastUsedAt"].is_string());
    assert_eq!(listed[0]["lastUsedFrom"], "127.0.0.1");
    assert_eq!(listed[0]["lastUsedBy"], "Entra");
}

#[test]
fn the_scheme_may_be_written_in_any_case() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    let request = server.request("GET", "/scim/v2/Users");
    request.header("Authorization", &format!("bearer  {token}")).send().is(200);
}
