//! What must not hurt: malformed, oversized and strange requests. A clear refusal, never a panic,
//! nothing lost.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use crate::support::{Installation, Server, new_user};

#[track_caller]
fn still_well(server: &Server) {
    server.request("GET", "/readyz").send().is(200);
    let log = server.log();
    assert!(!log.contains("panicked"), "{log}");
}

#[test]
fn bodies_that_are_no_json_are_refused_with_a_reason() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let bodies: &[&[u8]] = &[
        b"",
        b"{",
        b"null",
        b"[]",
        b"\"text\"",
        b"{\"userName\":\"a\xff\xfe\"}",
        b"\xff\xfe{\x00}\x00",
        b"{\"userName\":\"a\\u0000b\"}",
        b"{\"userName\":\"a\",\"userName\":\"b\"}",
        b"{\"userName\":\"\\ud800\"}",
        b"{} {}",
        deep.as_bytes(),
    ];
    for body in bodies {
        for (method, path) in [
            ("POST", "/Users"),
            ("PUT", "/Users/0190163d-8694-739b-aea5-966c26f8ad91"),
            ("PATCH", "/Users/0190163d-8694-739b-aea5-966c26f8ad91"),
        ] {
            let reply = server.scim(&token, method, path).body(*body).send();
            let shown = body.escape_ascii().to_string();
            assert_eq!(reply.status, 400, "{method} {}", &shown[..shown.len().min(80)]);
            reply.scim_error(400, Some("invalidSyntax"));
        }
    }
    still_well(&server);
}

#[test]
fn long_bodies_are_refused_before_they_are_read() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    let huge = vec![b' '; 3 * 1024 * 1024];
    server.scim(&token, "POST", "/Users").body(huge.clone()).send().scim_error(413, None);
    server.scim(&token, "POST", "/Users").chunked(&huge).send().scim_error(413, None);
    let forged = "a".repeat(43);
    let page = |path| server.page("POST", path).cookie("__Host-sid", &forged);
    page("/api/setup").body(vec![b' '; 64 * 1024]).send().problem(413, "too-large");
    page("/api/unlock").chunked(&vec![b' '; 64 * 1024]).send().problem(413, "too-large");
    let item = "/api/items/0190163d-8694-739b-aea5-966c26f8ad91";
    let put = server.page("PUT", item).cookie("__Host-sid", &forged);
    put.body(huge).send().problem(413, "too-large");
    still_well(&server);
}

#[test]
fn a_body_of_unbelievable_length_is_refused_at_its_announcement() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    let mut stream = TcpStream::connect(server.address()).unwrap();
    write!(
        stream,
        "POST /scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n"
    )
    .unwrap();
    let mut start = [0; 12];
    stream.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 413");
}

/// A made-up token or cookie has the right form too, and a megabyte of everybody who has one fills the memory.
#[test]
fn of_whom_nobody_knows_no_long_body_is_read() {
    let server = Installation::new().serve_new();
    let forged = "a".repeat(43);
    let cookie = format!(
        "Cookie: __Host-sid={forged}\r\nOrigin: {}\r\nContent-Type: application/json\r\n",
        server.origin()
    );
    let token = format!("Authorization: Bearer fhs_{forged}\r\nContent-Type: application/json\r\n");
    let item = "PUT /api/items/0190163d-8694-739b-aea5-966c26f8ad91?epoch=1";
    for (line, headers) in [
        (item, &cookie),
        ("POST /api/keys/renewal", &cookie),
        ("POST /api/admin/connections/saml", &cookie),
        ("POST /scim/v2/Bulk", &token),
        ("POST /scim/v2/Users", &token),
    ] {
        for length in ["Content-Length: 1000000\r\n", "Transfer-Encoding: chunked\r\n"] {
            let mut stream = TcpStream::connect(server.address()).unwrap();
            stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
            let head = format!("{line} HTTP/1.1\r\nHost: x\r\n{headers}{length}\r\n");
            stream.write_all(head.as_bytes()).unwrap();
            let mut start = [0; 12];
            stream.read_exact(&mut start).unwrap_or_else(|_| panic!("{line} waits for {length}"));
            assert_eq!(&start, b"HTTP/1.1 401", "{line}");
        }
    }
    still_well(&server);
}

#[test]
fn compressed_bodies_are_not_unpacked() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    let request = server.scim(&token, "POST", "/Users").header("Content-Encoding", "gzip");
    request.body(vec![0x1f, 0x8b, 8, 0]).send().scim_error(415, None);
}

#[test]
fn values_that_fit_no_attribute_are_refused_with_its_name() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    let create = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut user = new_user("ann");
        change(&mut user);
        server.scim(&token, "POST", "/Users").json(&user)
    };
    create(&|user| user["userName"] = 7.into()).scim_error(400, Some("invalidValue"));
    create(&|user| user["userName"] = "".into()).scim_error(400, Some("invalidValue"));
    create(&|user| user["active"] = "maybe".into()).scim_error(400, Some("invalidValue"));
    create(&|user| user["emails"] = "a@example.com".into());
    let long = create(&|user| user["userName"] = "x".repeat(100_000).into());
    let error = long.scim_error(400, Some("invalidValue"));
    assert!(error.to_string().len() < 1000, "what was sent is not repeated");
    still_well(&server);
}

#[test]
fn odd_texts_are_kept_as_they_are() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    for name in
        ["Ünïcödé", "日本語", "🦀 crab", "a\u{202e}b", "'; DROP TABLE users; --", "%s%n", "\\"]
    {
        let user = server.scim(&token, "POST", "/Users").json(&new_user(name)).is(201).json();
        assert_eq!(user["userName"], name);
    }
    still_well(&server);
}

#[test]
fn requests_that_are_no_http_do_no_harm() {
    let server = Installation::new().serve_new();
    let requests: &[&[u8]] = &[
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /api/setup HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /api/setup HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\r\n\r\n\r\n",
        b"\x00\x00\x00",
    ];
    for request in requests {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.write_all(request).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(
            answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"),
            "{}",
            answer.escape_ascii()
        );
    }
    let mut long = b"GET /?".to_vec();
    long.extend(std::iter::repeat_n(b'a', 300_000));
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let _ = stream.write_all(&long);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    still_well(&server);
}

#[test]
fn odd_cookies_are_no_session() {
    let server = Installation::new().serve_new();
    for cookie in [
        "__Host-sid=",
        "__Host-sid=\"",
        "__Host-sid=\u{e4}",
        "=; ;;__Host-sid=x",
        &format!("__Host-sid={0}; __Host-sid={0}", "a".repeat(43)),
        &format!("__Host-sid={}", "a".repeat(60_000)),
    ] {
        let request = server.page("GET", "/api/session").header("Cookie", cookie);
        request.send().problem(401, "signed-out");
    }
    still_well(&server);
}

#[test]
fn nothing_of_a_request_s_address_or_secrets_reaches_the_log() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    server.request("GET", "/oidc/callback?code=secret-code-1&state=secret-state-2").send();
    server.request("GET", "/login?return=/secret-path-3").send();
    server.request("GET", "/secret-path-4%0d%0alevel=ERROR").send();
    server.scim(&token, "GET", "/Users?filter=userName%20eq%20%22secret-name-5%22").send().is(200);
    server.scim(&token, "POST", "/Users").json(&new_user("secret-name-6")).is(201);
    server.scim("fhs_secret-token-7", "GET", "/Users").send();
    let page = server.page("POST", "/api/unlock").cookie("__Host-sid", &"secret8".repeat(6));
    page.body("{\"secret\":\"secret-body-9\"}").send();
    let log = server.log();
    assert!(log.contains("/oidc/callback"), "the log is read while it is written");
    assert!(!log.contains("secret-"), "{log}");
    assert!(!log.contains("secret8") && !log.contains(&token));
}
