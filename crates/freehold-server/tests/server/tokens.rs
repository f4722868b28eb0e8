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
    change(installation, "UPDATE scim_tokens SET expires_at = 1");
}

fn change(installation: &Installation, sql: &'static str) {
    let database = Database::open(&DatabaseConfig::for_command_line(&installation.database_url()));
    let database = database.unwrap();
    database
        .write_tx_blocking(move |tx: &mut dyn Tx| -> Result<(), StoreError> {
            tx.execute(sql, &[]).map(drop)
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
    let table = installation.must(&["token", "list", "--organization", "acme"]);
    for shown in ["127.0.0.1", "Entra", listed[0]["lastUsedAt"].as_str().unwrap()] {
        assert!(table.contains(shown), "{table}");
    }
}

#[test]
fn every_refusal_names_the_token_s_id_in_the_log_and_never_the_token() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    let listed = installation.list(&["token", "list", "--organization", "acme"]);
    let id = listed[0]["id"].as_str().unwrap();
    installation.must(&["token", "revoke", "--organization", "acme", id]);
    refused(&server, &token, "revoked token");
    let log = server.log();
    let line = log.lines().find(|line| line.contains("revoked token")).unwrap();
    assert!(line.contains("WARN") && line.contains(id) && line.contains("127.0.0.1"), "{line}");
    assert!(!log.contains(&token[4..]));
}

#[test]
fn two_authorization_headers_are_none() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    let header = format!("Bearer {token}");
    let request = server.request("GET", "/scim/v2/Users").header("Authorization", &header);
    request.header("Authorization", &header).send().scim_error(401, None);
}

/// Whoever kept a token that was revoked can go on asking.
#[test]
fn a_dead_token_in_masses_does_not_fill_the_provisioning_log() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    expire_all(&installation);
    for _ in 0..130 {
        server.scim(&token, "GET", "/Users").send().scim_error(401, None);
    }
    assert_eq!(server.stop(), 0);
    let log = installation.must(&["log", "--organization", "acme", "--json", "--last", "1000"]);
    let rows = log.matches("\"status\":401").count() + log.matches("\"status\": 401").count();
    assert!((100..110).contains(&rows), "{rows}");
}

#[test]
fn a_token_can_be_replaced_without_a_gap() {
    let installation = Installation::new();
    let old = installation.acme();
    let server = installation.serve();
    let new = installation.token("acme");
    for token in [&old, &new, &old] {
        server.scim(token, "GET", "/Users").send().is(200);
    }
}

#[test]
fn the_list_tells_the_days_left_while_a_token_is_valid() {
    let installation = Installation::new();
    installation.acme();
    let listed = || installation.list(&["token", "list", "--organization", "acme"])[0].clone();
    // 90 days, of which a moment has passed.
    assert_eq!(listed()["daysLeft"], 89);
    let table = installation.must(&["token", "list", "--organization", "acme"]);
    assert!(table.contains("DAYS LEFT") && table.contains(" 89 "), "{table}");
    expire_all(&installation);
    assert_eq!((&listed()["state"], &listed()["daysLeft"]), (&"expired".into(), &().into()));
}

#[test]
fn the_log_warns_of_tokens_and_clients_that_end_soon_once() {
    let installation = Installation::new();
    installation.acme();
    installation.must(&["client", "create", "--organization", "acme", "--description", "x"]);
    change(&installation, "UPDATE scim_tokens SET created_at = created_at - 7300000000");
    change(&installation, "UPDATE scim_tokens SET expires_at = expires_at - 7300000000");
    change(&installation, "UPDATE scim_clients SET created_at = created_at - 7300000000");
    change(&installation, "UPDATE scim_clients SET expires_at = expires_at - 7300000000");
    let warnings = |server: &Server| {
        let mut log = server.log();
        // Housekeeping runs once at the start.
        while !log.contains("housekeeping is done") {
            std::thread::sleep(std::time::Duration::from_millis(10));
            log = server.log();
        }
        let warned = |line: &&str| line.contains("WARN") && line.contains("expires soon");
        log.lines().filter(warned).map(str::to_owned).collect::<Vec<_>>()
    };
    let server = installation.serve();
    let warned = warnings(&server);
    assert_eq!(warned.len(), 2, "{warned:?}");
    assert!(warned.iter().all(|line| line.contains("days=7")), "{warned:?}");
    assert_eq!(server.stop(), 0);
    assert!(warnings(&installation.serve()).is_empty(), "it is told once");
}

#[test]
fn the_scheme_may_be_written_in_any_case() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    let request = server.request("GET", "/scim/v2/Users");
    request.header("Authorization", &format!("bearer  {token}")).send().is(200);
}
