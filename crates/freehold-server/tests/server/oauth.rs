//! The token endpoint: a client's secret for an access token, and who gets none.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use freehold_store::{Database, DatabaseConfig, StoreError, Tx};
use serde_json::Value;

use crate::support::{Installation, Reply, Request, Server, new_user, text};

const TOKEN: &str = "/oauth/token";
const GRANT: &str = "grant_type=client_credentials";

/// What an operator hands to an identity provider.
struct Client {
    id: String,
    secret: String,
}

impl Client {
    fn new(installation: &Installation, organization: &str) -> Self {
        let create = ["client", "create", "--organization", organization, "--description", "test"];
        let printed = installation.must(&create);
        let lines: HashMap<&str, &str> =
            printed.lines().map(|line| line.split_once('=').unwrap()).collect();
        Self { id: lines["client_id"].to_owned(), secret: lines["client_secret"].to_owned() }
    }

    fn basic(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:{}", self.id, self.secret)))
    }

    fn body(&self) -> String {
        format!("{GRANT}&client_id={}&client_secret={}", self.id, self.secret)
    }

    /// An access token, as an identity provider gets it.
    fn access(&self, server: &Server) -> String {
        let answer = form(server).header("Authorization", &self.basic()).body(GRANT).send();
        answer.is(200).json()["access_token"].as_str().unwrap().to_owned()
    }
}

struct World {
    installation: Installation,
    server: Server,
    client: Client,
}

impl World {
    fn new() -> Self {
        let installation = Installation::new();
        installation.must(&["organization", "create", "acme", "--name", "Acme Ltd"]);
        let client = Client::new(&installation, "acme");
        Self { server: installation.serve(), client, installation }
    }

    fn form(&self) -> Request {
        form(&self.server)
    }

    /// Changes rows as only time does otherwise.
    fn change(&self, sql: &'static str) {
        let settings = DatabaseConfig::for_command_line(&self.installation.database_url());
        let database = Database::open(&settings).unwrap();
        let run = move |tx: &mut dyn Tx| tx.execute(sql, &[]).map(drop);
        database.write_tx_blocking::<_, _, StoreError>(run).unwrap();
        database.close();
    }

    fn clients(&self) -> Vec<Value> {
        self.installation.list(&["client", "list", "--organization", "acme"])
    }
}

fn form(server: &Server) -> Request {
    server.request("POST", TOKEN).header("Content-Type", "application/x-www-form-urlencoded")
}

/// Asserts a refusal of RFC 6749 §5.2.
#[track_caller]
fn refused(reply: Reply, status: u16, error: &str) -> String {
    let reply = reply.is(status);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let challenge = reply.header("www-authenticate");
    assert_eq!(challenge.is_some_and(|it| it.starts_with("Basic ")), status == 401);
    let body = reply.json();
    assert_eq!(body["error"], error);
    assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
    body["error_description"].as_str().unwrap().to_owned()
}

#[track_caller]
fn scim_refused(server: &Server, token: &str, reason: &str) {
    let reply = server.scim(token, "GET", "/Users").send();
    assert!(reply.header("www-authenticate").unwrap().contains("invalid_token"));
    reply.scim_error(401, None);
    assert!(server.log().contains(reason), "the log says `{reason}`");
}

#[test]
fn a_client_gets_an_access_token_in_both_ways_and_provisions_with_it() {
    let world = World::new();
    let header = world.form().header("Authorization", &world.client.basic());
    for request in [header.body(GRANT), world.form().body(world.client.body())] {
        let reply = request.send().is(200);
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("pragma"), Some("no-cache"));
        let answer = reply.json();
        assert_eq!(
            (&answer["token_type"], &answer["expires_in"]),
            (&"Bearer".into(), &3600.into())
        );
        let token = answer["access_token"].as_str().unwrap();
        assert_eq!(token.len(), 47, "{token}");
        world.server.scim(token, "GET", "/Users").send().is(200);
        let name = format!("user-of-{}", &token[4..8]);
        world.server.scim(token, "POST", "/Users").json(&new_user(&name)).is(201);
    }
    let config = world.client.access(&world.server);
    let config = world.server.scim(&config, "GET", "/ServiceProviderConfig").send().json();
    assert_eq!(config["authenticationSchemes"][1]["type"], "oauth2");
}

#[test]
fn what_libraries_add_to_a_request_does_no_harm() {
    let world = World::new();
    let Client { id, secret } = &world.client;
    let encoded = |text: &str| text.bytes().map(|b| format!("%{b:02x}")).collect::<String>();
    let basic =
        format!("basic {}", STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret))));
    for (authorization, body) in [
        (Some(&*basic), format!("{GRANT}&scope=a+b&client_id={id}")),
        (Some(&*basic), format!("{GRANT}&scope=&resource=x&resource2=x&client_secret=")),
        (None, format!("client_secret={}&client_id={}&{GRANT}", encoded(secret), encoded(id))),
    ] {
        let mut request = world.server.request("POST", TOKEN);
        request = request
            .header("Content-Type", "Application/x-www-form-urlencoded; charset=UTF-8")
            .header("Accept", "application/json");
        if let Some(authorization) = authorization {
            request = request.header("Authorization", authorization);
        }
        let answer = request.body(body.clone()).send().is(200).json();
        // Libraries fail when another scope comes back than they asked for.
        let members = answer.as_object().unwrap();
        assert!(members.len() == 3 && members.contains_key("access_token"), "{body}");
    }
}

#[test]
fn whoever_is_no_client_hears_the_same_and_the_log_says_why() {
    let world = World::new();
    world.installation.must(&["organization", "create", "other", "--name", "Other"]);
    let other = Client::new(&world.installation, "other");
    let Client { id, secret } = &world.client;
    let mut answers = Vec::new();
    for (id, secret, reason) in [
        (id.clone(), other.secret.clone(), "wrong secret"),
        (other.id.clone(), secret.clone(), "wrong secret"),
        (format!("fhc_{}", "0".repeat(32)), secret.clone(), "unknown client"),
        ("entra".to_owned(), secret.clone(), "not the form of an id"),
        (id.to_uppercase(), secret.clone(), "not the form of an id"),
        (id.clone(), format!("{secret}x"), "not the form of a secret"),
        (id.clone(), "hunter2:with:colons".to_owned(), "not the form of a secret"),
        (id.clone(), format!("{secret}%00"), "not the form of a secret"),
    ] {
        let before = world.server.log().matches(reason).count();
        let body = format!("{GRANT}&client_id={id}&client_secret={secret}");
        answers.push(refused(world.form().body(body).send(), 401, "invalid_client"));
        assert!(world.server.log().matches(reason).count() > before, "the log says `{reason}`");
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "they look alike: {answers:?}");
    let log = world.server.log();
    assert!(!log.contains(&secret[4..]) && !log.contains("hunter2"), "no secret is logged");
    assert!(log.contains(id), "the client is named where it is known");
}

#[test]
fn headers_that_are_no_basic_credentials_are_refused() {
    let world = World::new();
    let Client { id, secret } = &world.client;
    let encode = |text: String| format!("Basic {}", STANDARD.encode(text));
    for header in [
        "Basic !!!not-base64!!!".to_owned(),
        "Basic".to_owned(),
        "Basic ".to_owned(),
        format!("Bearer {secret}"),
        format!("Basic {id}:{secret}"),
        encode(format!("{id}{secret}")),
        encode(format!("{id}:{secret}:")),
        encode(format!("{id}:{secret}%")),
        encode(format!("{id}:")),
        encode(format!(":{secret}")),
        encode("a".repeat(5_000)),
    ] {
        let reply = world.form().header("Authorization", &header).body(GRANT).send();
        refused(reply, 401, "invalid_client");
    }
    refused(world.form().body(GRANT).send(), 401, "invalid_client");
    refused(world.form().body(format!("{GRANT}&client_id={id}")).send(), 401, "invalid_client");
    world.client.access(&world.server);
}

#[test]
fn two_ways_to_authenticate_are_one_too_many() {
    let world = World::new();
    let basic = world.client.basic();
    let with = || world.form().header("Authorization", &basic);
    refused(with().body(world.client.body()).send(), 400, "invalid_request");
    let twice = with().header("Authorization", &basic).body(GRANT).send();
    refused(twice, 400, "invalid_request");
    let other = format!("{GRANT}&client_id=fhc_{}", "0".repeat(32));
    refused(with().body(other).send(), 400, "invalid_request");
    let doubled = format!("{}&client_secret=x", world.client.body());
    refused(world.form().body(doubled).send(), 400, "invalid_request");
    refused(with().body(format!("{GRANT}&{GRANT}")).send(), 400, "invalid_request");
}

#[test]
fn a_secret_in_the_address_is_refused_and_not_logged() {
    let world = World::new();
    let path = format!("{TOKEN}?{}", world.client.body());
    let kind = "application/x-www-form-urlencoded";
    for body in ["", GRANT, &world.client.body()] {
        let request = world.server.request("POST", &path).header("Content-Type", kind);
        let words = refused(request.body(body).send(), 400, "invalid_request");
        assert!(words.contains("never in the address"), "{words}");
    }
    assert!(!world.server.log().contains(&world.client.secret[4..]));
}

#[test]
fn only_a_form_that_is_posted_is_read() {
    let world = World::new();
    for method in ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"] {
        let reply = world.server.request(method, TOKEN).send().is(405);
        assert_eq!(reply.header("allow"), Some("POST"), "{method}");
    }
    let query = format!("{TOKEN}?{}", world.client.body());
    refused(world.server.request("GET", &query).send(), 405, "invalid_request");
    let basic = world.client.basic();
    let json = serde_json::json!({ "grant_type": "client_credentials" }).to_string();
    for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x", ""] {
        for body in [&*json, GRANT] {
            let request = world.server.request("POST", TOKEN).header("Content-Type", kind);
            let reply = request.header("Authorization", &basic).body(body).send();
            refused(reply, 400, "invalid_request");
        }
    }
    let packed = world.form().header("Authorization", &basic).header("Content-Encoding", "gzip");
    refused(packed.body(vec![0x1f, 0x8b, 8, 0]).send(), 400, "invalid_request");
    let reply = world.form().header("Authorization", &basic).body(b"a=\xff\xfe".to_vec()).send();
    refused(reply, 400, "invalid_request");
}

#[test]
fn other_grants_are_refused_by_name() {
    let world = World::new();
    let with = || world.form().header("Authorization", &world.client.basic());
    for grant in ["password", "authorization_code", "refresh_token", "CLIENT_CREDENTIALS", "x"] {
        let reply = with().body(format!("grant_type={grant}&username=a&password=b")).send();
        refused(reply, 400, "unsupported_grant_type");
    }
    for body in ["", "grant_type=", "grant=client_credentials", "&&&=&"] {
        refused(with().body(body).send(), 400, "invalid_request");
    }
}

#[test]
fn ten_megabytes_are_refused_before_they_are_read() {
    let world = World::new();
    let huge = format!("{}&scope={}", world.client.body(), "a".repeat(10 * 1024 * 1024));
    refused(world.form().body(huge.clone()).send(), 413, "invalid_request");
    refused(world.form().chunked(huge.as_bytes()).send(), 413, "invalid_request");
    world.client.access(&world.server);
}

#[test]
fn a_revoked_client_and_its_access_tokens_are_refused_at_the_next_request() {
    let world = World::new();
    let (first, second) = (world.client.access(&world.server), world.client.access(&world.server));
    for token in [&first, &second] {
        world.server.scim(token, "GET", "/Users").send().is(200);
    }
    let lasting = world.installation.token("acme");
    let id = &world.client.id;
    world.installation.must(&["client", "revoke", "--organization", "acme", id]);
    scim_refused(&world.server, &first, "access token of a revoked client");
    scim_refused(&world.server, &second, "access token of a revoked client");
    refused(world.form().body(world.client.body()).send(), 401, "invalid_client");
    assert!(world.server.log().contains("revoked client"));
    world.server.scim(&lasting, "GET", "/Users").send().is(200);
    let listed = &world.clients()[0];
    assert_eq!((&listed["state"], &listed["daysLeft"]), (&"revoked".into(), &Value::Null));
}

#[test]
fn an_expired_client_and_its_access_tokens_are_refused() {
    let world = World::new();
    let token = world.client.access(&world.server);
    world.change("UPDATE scim_clients SET expires_at = 1");
    scim_refused(&world.server, &token, "access token of an expired client");
    refused(world.form().body(world.client.body()).send(), 401, "invalid_client");
    assert!(world.server.log().contains("expired client"));
    assert_eq!(world.clients()[0]["state"], "expired");
}

#[test]
fn after_an_hour_an_access_token_is_expired_and_a_new_one_is_to_be_had() {
    let world = World::new();
    let token = world.client.access(&world.server);
    world.change("UPDATE scim_tokens SET expires_at = expires_at - 3590000");
    world.server.scim(&token, "GET", "/Users").send().is(200);
    world.change("UPDATE scim_tokens SET expires_at = expires_at - 10000");
    scim_refused(&world.server, &token, "expired token");
    let next = world.client.access(&world.server);
    world.server.scim(&next, "GET", "/Users").send().is(200);
}

#[test]
fn scim_switched_off_stops_clients_and_access_tokens_and_says_so() {
    let world = World::new();
    let token = world.client.access(&world.server);
    world.installation.must(&["scim", "disable", "--organization", "acme"]);
    world.server.scim(&token, "GET", "/Users").send().scim_error(403, None);
    let words = refused(world.form().body(world.client.body()).send(), 400, "unauthorized_client");
    assert!(words.contains("freehold scim enable"), "{words}");
    // Who does not know the secret is not told.
    let wrong =
        format!("{GRANT}&client_id={}&client_secret=fhs_{}", world.client.id, "a".repeat(43));
    refused(world.form().body(wrong).send(), 401, "invalid_client");
    world.installation.must(&["scim", "enable", "--organization", "acme"]);
    world.server.scim(&token, "GET", "/Users").send().is(200);
}

#[test]
fn an_access_token_reaches_its_own_organization_only() {
    let world = World::new();
    world.installation.must(&["organization", "create", "other", "--name", "Other"]);
    let other = Client::new(&world.installation, "other").access(&world.server);
    let token = world.client.access(&world.server);
    let ann = world.server.scim(&token, "POST", "/Users").json(&new_user("ann")).is(201).json();
    let path = format!("/Users/{}", ann["id"].as_str().unwrap());
    world.server.scim(&other, "GET", &path).send().scim_error(404, None);
    let list = world.server.scim(&other, "GET", "/Users").send().is(200).json();
    assert_eq!(list["totalResults"], 0);
}

#[test]
fn id_secret_and_access_token_are_each_good_for_one_thing() {
    let world = World::new();
    let token = world.client.access(&world.server);
    scim_refused(&world.server, &world.client.secret, "unknown token");
    scim_refused(&world.server, &world.client.id, "not the form of a token");
    let body = format!("{GRANT}&client_id={}&client_secret={token}", world.client.id);
    refused(world.form().body(body).send(), 401, "invalid_client");
    for request in [
        world
            .server
            .request("GET", "/scim/v2/Users")
            .header("Authorization", &world.client.basic()),
        world.server.request("GET", &format!("/scim/v2/Users?access_token={token}")),
    ] {
        request.send().scim_error(401, None);
    }
    assert!(!world.server.log().contains(&token[4..]));
}

#[test]
fn an_address_that_fails_too_often_waits() {
    let world = World::new();
    // More successes than the limit do not count.
    for _ in 0..35 {
        world.client.access(&world.server);
    }
    let wrong = || world.form().body(format!("{GRANT}&client_id=x&client_secret=y")).send();
    let limited = (0..60).map(|_| wrong()).find(|reply| reply.status != 401);
    let reply = limited.expect("an end to it");
    assert!(reply.header("retry-after").is_some());
    refused(reply, 429, "temporarily_unavailable");
    let reply = world.form().body(world.client.body()).send();
    assert!(matches!(reply.status, 429 | 200), "a moment later one try may have come back");
    assert!(world.server.log().contains("too many failures"));
}

#[test]
fn a_hundred_access_tokens_at_once_and_no_more() {
    let world = World::new();
    let first = world.client.access(&world.server);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..25).for_each(|_| drop(world.client.access(&world.server))));
        }
    });
    scim_refused(&world.server, &first, "unknown token");
    let listed = world.installation.list(&["token", "list", "--organization", "acme"]);
    assert!(listed.is_empty(), "access tokens are not listed: {listed:?}");
}

#[test]
fn the_last_use_of_a_client_is_written_down_with_its_origin() {
    let world = World::new();
    assert!(world.clients()[0]["lastUsedAt"].is_null());
    let request = world.form().header("User-Agent", "Entra").body(world.client.body());
    request.send().is(200);
    let client = &world.clients()[0];
    assert!(client["lastUsedAt"].is_string());
    assert_eq!(
        (&client["lastUsedFrom"], &client["lastUsedBy"]),
        (&"127.0.0.1".into(), &"Entra".into())
    );
    let table = world.installation.must(&["client", "list", "--organization", "acme"]);
    assert!(table.contains("127.0.0.1") && table.contains("Entra"), "{table}");
}

#[test]
fn client_create_prints_id_and_secret_and_nothing_else() {
    let installation = Installation::new();
    installation.must(&["organization", "create", "acme", "--name", "Acme Ltd"]);
    let create = ["client", "create", "--organization", "acme", "--description", "entra"];
    let output = installation.run(&[&create[..], &["--ttl-days", "365"]].concat());
    assert!(output.status.success());
    let (printed, words) = (text(&output.stdout), text(&output.stderr));
    let lines: Vec<&str> = printed.lines().collect();
    let [id, secret] = lines[..] else { panic!("two lines: {printed}") };
    assert!(id.starts_with("client_id=fhc_") && secret.starts_with("client_secret=fhs_"));
    assert_eq!((id.len(), secret.len()), (10 + 36, 14 + 47));
    assert!(words.contains("/oauth/token") && words.contains("/scim/v2"), "{words}");
    assert!(!words.contains(&secret[14..]));
    let list = installation.list(&["client", "list", "--organization", "acme"]);
    assert_eq!((&list[0]["state"], &list[0]["daysLeft"]), (&"valid".into(), &364.into()));
    assert_eq!(list[0]["id"], id[10..]);
    let table = installation.must(&["client", "list", "--organization", "acme"]);
    assert!(table.contains("entra") && !table.contains(&secret[14..]));
}

#[test]
fn client_commands_say_what_to_do_when_they_are_refused() {
    let installation = Installation::new();
    installation.acme();
    let revoke = ["client", "revoke", "--organization", "acme"];
    let unknown = format!("fhc_{}", "0".repeat(32));
    for id in ["fhs_secret", &unknown] {
        let (code, error) = installation.refused(&[&revoke[..], &[id]].concat());
        assert!(code == 1 && error.contains("client list"), "{error}");
        assert!(!error.contains("fhs_secret"), "a pasted secret is not repeated");
    }
    let create = ["client", "create", "--organization", "acme", "--description", "x", "--ttl-days"];
    for days in ["0", "367", "-1", "soon"] {
        assert_eq!(installation.refused(&[&create[..], &[days]].concat()).0, 2, "{days}");
    }
    let (_, error) = installation.refused(&["client", "list", "--organization", "nobody"]);
    assert!(error.contains("organization list"), "{error}");
}
