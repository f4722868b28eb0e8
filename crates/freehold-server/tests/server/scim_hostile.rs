//! What a client of SCIM may send to hurt: endless, deep, forged and foreign. A clear refusal, little memory, and
//! nobody else waits.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use freehold_store::{Database, DatabaseConfig, StoreError, Tx};
use serde_json::{Value, json};

use crate::support::{
    Acme, Installation, Reply, encoded, id, in_parallel, new_group, new_user, patch,
};

const UNKNOWN: &str = "0190163d-8694-739b-aea5-966c26f8ad91";
/// What a server with a handful of users may take at most.
const PEAK_KIB: u64 = 400 * 1024;

#[track_caller]
fn still_well(acme: &Acme) {
    acme.scim("GET", "/Users?count=1").send().is(200);
    let log = acme.server.log();
    assert!(!log.contains("panicked") && !log.contains("refused unexpectedly"), "{log}");
}

/// The head of a request whose body the test writes itself.
fn open(acme: &Acme, method: &str, path: &str, headers: &str) -> TcpStream {
    open_as(acme, &acme.token, method, path, headers)
}

fn open_as(acme: &Acme, token: &str, method: &str, path: &str, headers: &str) -> TcpStream {
    let mut stream = TcpStream::connect(acme.server.address()).unwrap();
    let head = format!(
        "{method} /scim/v2{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/scim+json\r\n{headers}\r\n"
    );
    // At once: the server may refuse the first line and be gone before the next one is written.
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

fn first_line(stream: &mut TcpStream) -> String {
    let mut start = [0; 12];
    stream.read_exact(&mut start).unwrap();
    String::from_utf8(start.to_vec()).unwrap()
}

#[test]
fn a_gigabyte_that_is_announced_is_refused_at_once() {
    let acme = Acme::new();
    for (method, path) in [
        ("POST", "/Users".to_owned()),
        ("POST", "/Groups".to_owned()),
        ("PUT", format!("/Groups/{UNKNOWN}")),
        ("PATCH", format!("/Groups/{UNKNOWN}")),
        ("POST", "/Bulk".to_owned()),
        ("POST", "/.search".to_owned()),
        ("POST", "/Users/.search".to_owned()),
    ] {
        let mut stream = open(&acme, method, &path, "Content-Length: 1073741824\r\n");
        assert_eq!(first_line(&mut stream), "HTTP/1.1 413", "{method} {path}");
    }
    assert!(acme.server.peak_kib() < PEAK_KIB);
    still_well(&acme);
}

#[test]
fn a_gigabyte_that_is_streamed_is_not_kept() {
    let acme = Acme::new();
    let mut stream = open(&acme, "POST", "/Groups", "Transfer-Encoding: chunked\r\n");
    let mut reader = stream.try_clone().unwrap();
    let answer = std::thread::spawn(move || first_line(&mut reader));
    let chunk = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
    let mut sent: u64 = 0;
    while sent < 1 << 30 && stream.write_all(&chunk).is_ok() {
        sent += 0x10000;
    }
    assert_eq!(answer.join().unwrap(), "HTTP/1.1 413");
    assert!(acme.server.peak_kib() < PEAK_KIB, "{}", acme.server.peak_kib());
    still_well(&acme);
}

/// actix would read on to an end that never comes.
#[test]
fn a_body_without_an_end_ends_with_its_refusal() {
    let acme = Acme::new();
    for (path, token, size, status) in [
        ("/Users", &*acme.token, 1 << 20, 413),
        // Nobody has to be let in for that.
        ("/Users", "nobody's", 1 << 10, 401),
        ("/nowhere", &*acme.token, 1 << 10, 404),
    ] {
        let mut stream = open_as(&acme, token, "POST", path, "Transfer-Encoding: chunked\r\n");
        write!(stream, "{size:x}\r\n").unwrap();
        stream.write_all(&vec![b' '; size]).unwrap();
        stream.write_all(b"\r\n").unwrap();
        assert_eq!(first_line(&mut stream), format!("HTTP/1.1 {status}"), "{path}");
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
}

#[test]
fn nesting_without_end_is_refused_everywhere() {
    let acme = Acme::new();
    let (user, _) = acme.create("ann");
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    // `/.search` takes less.
    let less = format!("{}1{}", "[".repeat(30_000), "]".repeat(30_000));
    for (method, path, body) in [
        ("POST", "/Groups", &deep),
        ("PATCH", &*user, &deep),
        ("POST", "/Bulk", &deep),
        ("POST", "/.search", &less),
        ("POST", "/Users/.search", &less),
    ] {
        let reply = acme.scim(method, path).body(body.as_str()).send();
        reply.scim_error(400, Some("invalidSyntax"));
    }
    let filter = encoded(&format!("{}userName pr{}", "(".repeat(1_000), ")".repeat(1_000)));
    let reply = acme.scim("GET", &format!("/Users?filter={filter}")).send();
    reply.scim_error(400, Some("invalidFilter"));
    still_well(&acme);
}

fn search(acme: &Acme, filter: &str) -> Reply {
    let schema = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
    acme.scim("POST", "/Users/.search").json(&json!({ "schemas": [schema], "filter": filter }))
}

#[test]
fn a_filter_of_a_million_terms_is_refused_and_one_at_the_limit_is_answered() {
    let acme = Acme::new();
    acme.create("ann");
    let terms = |count: usize| vec![r#"title eq "b""#; count].join(" or ");
    search(&acme, &terms(1_000_000)).scim_error(413, None);
    search(&acme, &terms(501)).scim_error(400, Some("invalidFilter"));
    assert_eq!(search(&acme, &terms(500)).is(200).json()["totalResults"], 0);
    // Those that the database decides: a union of so many parts.
    let terms = |count: usize| vec![r#"userName eq "ann""#; count].join(" or ");
    assert_eq!(search(&acme, &terms(500)).is(200).json()["totalResults"], 1);
    let nested = (0..30).fold(r#"userName eq "ann""#.to_owned(), |inner, n| {
        format!(r#"(externalId eq "{n}" or not ({inner}))"#)
    });
    let nested = search(&acme, &nested);
    assert!([200, 400].contains(&nested.status), "{}", nested.text());
    still_well(&acme);
}

#[test]
fn characters_that_no_database_holds_find_nothing_or_are_refused() {
    let acme = Acme::new();
    let (user, _) = acme.create("ann");
    for attribute in ["userName", "externalId", "emails.value", "id", "title", "groups.value"] {
        for operator in ["eq", "co", "sw", "ew", "gt", "ne"] {
            for text in [r"a\u0000b", "a\0b", r"\ud800", r"\udc00\ud800", "\u{fffe}", r"\u0000"] {
                let filter = encoded(&format!(r#"{attribute} {operator} "{text}""#));
                let reply = acme.scim("GET", &format!("/Users?filter={filter}")).send();
                assert!([200, 400].contains(&reply.status), "{attribute} {operator} {text:?}");
            }
        }
    }
    let operations = json!([{ "op": "replace", "path": "emails[type eq \"a\\u0000\"].value",
                              "value": "a@x.test" }]);
    assert!([200, 400].contains(&acme.patch(&user, &operations).status));
    for text in [r#""a\u0000b""#, r#""\ud800""#] {
        let body = format!(r#"{{"displayName":{text},"members":[{{"value":{text}}}]}}"#);
        acme.scim("POST", "/Groups").body(body).send().scim_error(400, Some("invalidSyntax"));
    }
    for path in ["/Groups/%00", "/Groups/%ed%a0%80", "/Users/%ff", "/%00/x"] {
        let reply = acme.scim("GET", path).send();
        assert!([400, 404].contains(&reply.status), "{path}: {}", reply.status);
    }
    still_well(&acme);
}

/// RFC 3986 has these percent-encoded. The address cannot be read, so that no request comes about.
#[test]
fn an_address_that_is_none_is_refused_before_anything_is_done() {
    let acme = Acme::new();
    for filter in
        ["userName%20eq%20\"ann\"", "userName eq %22ann%22", "userName%20eq%20%22\u{e4}%22"]
    {
        let mut stream = open(&acme, "GET", &format!("/Users?filter={filter}"), "");
        assert_eq!(first_line(&mut stream), "HTTP/1.1 400", "{filter}");
    }
    still_well(&acme);
}

#[test]
fn clients_that_never_finish_hold_nobody_up() {
    let acme = Acme::new();
    let half_a_head = || {
        let mut stream = TcpStream::connect(acme.server.address()).unwrap();
        stream.write_all(b"GET /scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthor").unwrap();
        stream
    };
    let heads: Vec<_> = (0..150).map(|_| half_a_head()).collect();
    let bodies: Vec<_> = (0..150)
        .map(|_| {
            let mut stream = open(&acme, "POST", "/Users", "Content-Length: 100\r\n");
            stream.write_all(b"{").unwrap();
            stream
        })
        .collect();
    for reply in in_parallel(8, |n| acme.scim("POST", "/Users").json(&new_user(&format!("u{n}")))) {
        reply.is(201);
    }
    still_well(&acme);
    drop((heads, bodies));
    still_well(&acme);
}

#[test]
fn names_that_look_alike_get_one_verdict_on_every_engine() {
    let acme = Acme::new();
    for (one, other, same) in [
        ("ÄNNE", "änne", true),
        ("ÄNNE", "a\u{308}nne", true),
        ("STRASSE", "straße", true),
        ("İ", "i", false),
        ("I\u{307}", "İ", true),
        ("ｂｏｂ", "BOB", true),
        ("ﬁn", "FIN", true),
        ("Σας", "ΣΑΣ", true),
        ("а", "a", false),
        ("a b", "a\u{a0}b", true),
    ] {
        let (path, _) = acme.create(one);
        let group = acme.group(one, &[]);
        let status = if same { 409 } else { 201 };
        let mut again = new_user(other);
        again["externalId"] = "another".into();
        let reply = acme.scim("POST", "/Users").json(&again);
        assert_eq!(reply.status, status, "{one} {other}: {}", reply.text());
        let made = (!same).then(|| format!("/Users/{}", id(&reply.json())));
        let reply = acme.scim("POST", "/Groups").json(&new_group(other, &[]));
        assert_eq!(reply.status, status, "{one} {other}: {}", reply.text());
        let made_group = (!same).then(|| format!("/Groups/{}", id(&reply.json())));
        for (endpoint, attribute) in [("/Users", "userName"), ("/Groups", "displayName")] {
            let filter = encoded(&format!(r#"{attribute} eq "{other}""#));
            let list = acme.scim("GET", &format!("{endpoint}?filter={filter}")).send().is(200);
            assert_eq!(list.json()["totalResults"], 1, "{one} {other}");
        }
        for path in [Some(path), Some(group), made, made_group].into_iter().flatten() {
            acme.scim("DELETE", &path).send().is(204);
        }
    }
}

#[test]
fn pages_beyond_all_numbers_are_empty() {
    let acme = Acme::new();
    acme.create("ann");
    let big = "99999999999999999999";
    for start in ["9223372036854775807", "9223372036854775808", big, "-1", "0"] {
        for count in ["0", "9223372036854775807", big, "-1"] {
            for rest in ["", "&sortBy=displayName", "&sortBy=externalId", "&filter=id%20ne%20null"]
            {
                for path in ["/Users", "/Groups", ""] {
                    let path = format!("{path}?startIndex={start}&count={count}{rest}");
                    let reply = acme.scim("GET", &path).send();
                    // The merged list over all types says how deep it goes.
                    let deep = rest.contains("sortBy") && path.starts_with('?');
                    let fine = reply.status == 200 || (deep && reply.status == 400);
                    assert!(fine, "{path}: {} {}", reply.status, reply.text());
                }
            }
        }
    }
    still_well(&acme);
}

#[test]
fn a_cursor_with_any_byte_changed_is_refused_or_a_place_and_never_an_error() {
    let acme = Acme::new();
    for name in ["ann", "bob", "zoë"] {
        acme.create(name);
        acme.group(name, &[]);
    }
    for query in [
        "/Users?cursor&count=1",
        "/Users?cursor&count=1&sortBy=userName",
        "/Users?cursor&count=1&sortBy=active&sortOrder=descending",
        "/Users?cursor&count=1&sortBy=meta.created",
        "/Users?cursor&count=1&sortBy=title",
        "/Groups?cursor&count=1&sortBy=displayName",
        "?cursor&count=1",
        "?cursor&count=1&sortBy=displayName",
    ] {
        let page = acme.scim("GET", query).send().is(200).json();
        let cursor = page["nextCursor"].as_str().unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap();
        for (place, mask) in (0..bytes.len()).flat_map(|place| [(place, 0x01), (place, 0x80)]) {
            let mut changed = bytes.clone();
            changed[place] ^= mask;
            let changed = URL_SAFE_NO_PAD.encode(&changed);
            let path = query.replace("cursor", &format!("cursor={changed}"));
            let reply = acme.scim("GET", &path).send();
            if reply.status != 200 {
                let error = reply.is(400).json();
                let kind = error["scimType"].as_str().unwrap_or_default();
                assert!(["invalidCursor", "expiredCursor"].contains(&kind), "{path}: {error}");
            }
        }
        for cut in [0, 1, 8, 17, 19] {
            let path =
                query.replace("cursor", &format!("cursor={}", &cursor[..cursor.len() - cut]));
            assert!([200, 400].contains(&acme.scim("GET", &path).send().status), "{path}");
        }
        for wrong in ["%00", "x", "....", "%F0%9F%94%91"] {
            let path = query.replace("cursor", &format!("cursor={wrong}"));
            acme.scim("GET", &path).send().is(400);
        }
    }
    still_well(&acme);
}

#[test]
fn another_organization_s_ids_look_like_unknown_ones_to_every_method() {
    let acme = Acme::new();
    let foreign = acme.stranger();
    let (user, _) = acme.create("ann");
    let group = acme.group("Staff", &[]);
    let rename = patch(&json!([{ "op": "replace", "path": "externalId", "value": "e" }]));
    let bodies = [
        ("GET", None),
        ("DELETE", None),
        ("PATCH", Some(rename)),
        ("PUT", Some(json!({ "userName": "e", "displayName": "e" }))),
    ];
    for path in [&user, &group] {
        let endpoint = path.rsplit_once('/').unwrap().0;
        for (method, body) in &bodies {
            for header in [("X", "x"), ("If-Match", "W/\"1\""), ("If-None-Match", "*")] {
                let answer = |path: &str| {
                    let request =
                        acme.server.scim(&foreign, method, path).header(header.0, header.1);
                    let reply = match body {
                        Some(body) => request.json(body),
                        None => request.send(),
                    };
                    // The order of headers is another in every answer.
                    let mut headers = reply.headers();
                    headers.retain(|(name, _)| name != "x-request-id");
                    headers.sort();
                    (reply.status, headers, reply.text())
                };
                let (theirs, none) = (answer(path), answer(&format!("{endpoint}/{UNKNOWN}")));
                assert_eq!(theirs, none, "{method} {path} {header:?}");
                assert_eq!(theirs.0, 404);
            }
        }
    }
    // Nor do they show in answers that name them.
    let theirs = |path: &str| path.rsplit_once('/').unwrap().1.to_owned();
    for (path, key) in [("/Users", &user), ("/Groups", &group), ("", &user)] {
        let filter = encoded(&format!(r#"id eq "{}""#, theirs(key)));
        let list = acme.server.scim(&foreign, "GET", &format!("{path}?filter={filter}")).send();
        assert_eq!(list.is(200).json()["totalResults"], 0);
    }
    assert_eq!(acme.scim("GET", &user).send().header("etag"), Some("W/\"1\""));
    assert_eq!(acme.scim("GET", &group).send().header("etag"), Some("W/\"1\""));
}

#[test]
fn conditions_that_make_no_sense_hold_for_no_version() {
    let acme = Acme::new();
    let (path, _) = acme.create("ann");
    let rename = patch(&json!([{ "op": "replace", "path": "title", "value": "b" }]));
    let long = vec!["\"x\""; 1_000].join(",");
    for garbage in [
        "",
        "\"",
        "W/",
        "W/\"",
        "x",
        ",,,",
        "W/\"01\"",
        "\"99999999999999999999999\"",
        "ü",
        "-1",
        &long,
    ] {
        let request = acme.scim("PATCH", &path).header("If-Match", garbage);
        request.json(&rename).scim_error(412, None);
        acme.scim("DELETE", &path).header("If-Match", garbage).send().scim_error(412, None);
        acme.scim("GET", &path).header("If-None-Match", garbage).send().is(200);
    }
    acme.scim("PATCH", &path).header("If-Match", "*").json(&rename).is(200);
    acme.scim("GET", &path).header("If-None-Match", "*").send().is(304);
}

#[test]
fn ten_thousand_operations_are_one_change_and_more_are_refused() {
    let acme = Acme::new();
    let (path, ann) = acme.create("ann");
    let group = acme.group("Staff", &[id(&ann)]);
    let remove =
        |n: usize| json!({ "op": "remove", "path": format!(r#"members[value eq "{n}"]"#) });
    let mut operations: Vec<Value> = (0..9_999).map(remove).collect();
    operations.push(json!({ "op": "replace", "path": "displayName", "value": "People" }));
    acme.patch(&group, &operations.clone().into()).is(200);
    assert_eq!(acme.scim("GET", &group).send().header("etag"), Some("W/\"2\""));
    operations.push(remove(10_000));
    let refused = acme.patch(&group, &operations.into());
    assert!([400, 413].contains(&refused.status), "{}", refused.text());
    let change = json!({ "op": "add", "path": "emails", "value": [{ "value": "a@x.test" }] });
    let refused = acme.patch(&path, &vec![&change; 1_001].into_iter().cloned().collect());
    assert!([400, 413].contains(&refused.status), "{}", refused.text());
    assert_eq!(acme.scim("GET", &path).send().header("etag"), Some("W/\"1\""));
    still_well(&acme);
}

/// An id of nobody, by number.
fn nobody(number: usize) -> String {
    format!("0190163d-8694-739b-aea5-{number:012x}")
}

#[test]
fn a_group_of_a_hundred_thousand_members_is_taken_and_a_larger_one_is_refused() {
    let acme = Acme::new();
    let (_, ann) = acme.create("ann");
    let path = acme.group("Staff", &[]);
    let ids: Vec<String> = (1..100_000).map(nobody).collect();
    let mut members: Vec<&str> = ids.iter().map(String::as_str).collect();
    members.push(id(&ann));
    acme.scim("PUT", &path).json(&new_group("Staff", &members)).is(200);
    assert_eq!(acme.members(&path), [id(&ann)]);
    members.push(UNKNOWN);
    let refused = acme.scim("PUT", &path).json(&new_group("Staff", &members));
    let error = refused.scim_error(400, Some("invalidValue"));
    assert!(error["detail"].as_str().unwrap().contains("100000"), "{error}");
    still_well(&acme);
}

#[test]
fn a_page_of_groups_with_too_many_members_says_so() {
    let acme = Acme::new();
    let group = acme.group("Staff", &[]);
    let settings = DatabaseConfig::for_command_line(&acme.installation.database_url());
    let database = Database::open(&settings).unwrap();
    database
        .write_tx_blocking(|tx: &mut dyn Tx| -> Result<(), StoreError> {
            let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100001) \
                       INSERT INTO group_members (group_id, member_id, organization_id, kind, added_at) \
                       SELECT g.id, 'm' || i, g.organization_id, 'User', 0 FROM scim_groups g, n";
            tx.execute(sql, &[]).map(drop)
        })
        .unwrap();
    database.close();
    for path in ["/Groups", &*group, "/Groups?filter=members.display%20eq%20%22x%22", ""] {
        acme.scim("GET", path).send().scim_error(400, Some("tooMany"));
    }
    for path in ["/Groups?excludedAttributes=members", "/Groups?attributes=displayName"] {
        assert_eq!(acme.scim("GET", path).send().is(200).json()["totalResults"], 1);
    }
    let rename = json!([{ "op": "replace", "path": "displayName", "value": "People" }]);
    acme.patch(&group, &rename).is(200);
}

/// The job of a request looks at its token: whatever else is wrong with the request, who has none learns only that.
#[test]
fn a_token_of_nobody_s_gets_one_answer_whatever_it_asks() {
    let acme = Acme::new();
    let (user, _) = acme.create("ann");
    let group = acme.group("Staff", &[]);
    let revoked = acme.installation.token("acme");
    let listed = acme.installation.list(&["token", "list", "--organization", "acme"]);
    let last = listed.iter().map(id).max().unwrap();
    acme.installation.must(&["token", "revoke", "--organization", "acme", last]);
    let unknown = format!("fhs_{}", "a".repeat(43));
    let valid = new_user("eve").to_string();
    let huge = " ".repeat(600 * 1024);
    let bulk = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [{ "method": "DELETE", "path": &user }] })
    .to_string();
    for token in [&unknown, &revoked] {
        for (method, path, body) in [
            ("GET", "/Users", ""),
            ("GET", &*user, ""),
            ("GET", "/Users/nobody", ""),
            ("GET", "/Users?filter=shoeSize%20eq%201", ""),
            ("GET", "/Users?cursor=x", ""),
            ("GET", "/nowhere", ""),
            ("GET", "/Me", ""),
            ("GET", "/Schemas", ""),
            ("GET", "/Schemas?filter=x", ""),
            ("GET", "/ServiceProviderConfig", ""),
            ("GET", "/ResourceTypes/nothing", ""),
            ("GET", "", ""),
            ("POST", "/Users", &*valid),
            ("POST", "/Users", "{"),
            ("POST", "/Users", &*huge),
            ("POST", "/Users/.search", "{}"),
            ("POST", "/.search", "[]"),
            ("POST", "/Bulk", &*bulk),
            ("POST", "/Bulk", "{}"),
            ("POST", "/Schemas", "{}"),
            ("PUT", "/Users", &*valid),
            ("PUT", &*user, &*valid),
            ("PATCH", &*group, "{}"),
            ("DELETE", &*user, ""),
            ("DELETE", &*group, ""),
        ] {
            let request = acme.server.scim(token, method, path).header("If-Match", "W/\"1\"");
            let reply = if body.is_empty() { request.send() } else { request.body(body).send() };
            let challenge = reply.header("www-authenticate").map(str::to_owned);
            assert_eq!(
                challenge.as_deref(),
                Some("Bearer realm=\"scim\", error=\"invalid_token\"")
            );
            assert_eq!(reply.header("allow"), None, "{method} {path}");
            let error = reply.scim_error(401, None);
            let other = acme.server.scim(&unknown, "GET", "/Users").send().json();
            assert_eq!(error, other, "{method} {path}");
        }
    }
    assert_eq!(acme.scim("GET", &user).send().header("etag"), Some("W/\"1\""));
    assert_eq!(acme.scim("GET", "/Users").send().json()["totalResults"], 1);
    still_well(&acme);
}

#[test]
fn a_token_in_the_address_lets_nobody_in_and_is_written_down_nowhere() {
    let acme = Acme::new();
    let query = format!("access_token={0}&token={0}&{0}", acme.token);
    let path = format!("/scim/v2/Users?{query}");
    acme.server.request("GET", &path).send().scim_error(401, None);
    acme.scim("GET", &format!("/Users?{query}")).send().is(200);
    acme.scim("POST", &format!("/Users?{query}")).json(&new_user("ann")).is(201);
    let shown = |acme: &Acme| {
        acme.installation.must(&["log", "--organization", "acme", "--json", "--last", "100"])
    };
    while shown(&acme).lines().count() < 2 {
        std::thread::yield_now();
    }
    let secret = &acme.token[4..];
    assert!(!acme.server.log().contains(secret));
    assert!(!shown(&acme).contains(secret), "{}", shown(&acme));
}

#[test]
fn an_organization_that_asks_too_often_waits_and_others_do_not() {
    let mut installation = Installation::new();
    installation.set("FREEHOLD_SCIM_RATE", "5");
    let acme = Acme::with(installation);
    let other = acme.stranger();
    let replies: Vec<Reply> = in_parallel(8, |_| {
        (0..25).map(|_| acme.scim("GET", "/ServiceProviderConfig").send()).collect::<Vec<_>>()
    })
    .into_iter()
    .flatten()
    .collect();
    let admitted = replies.iter().filter(|reply| reply.status == 200).count();
    assert!((25..200).contains(&admitted), "{admitted}");
    for reply in replies.into_iter().filter(|reply| reply.status != 200) {
        assert_eq!(reply.header("retry-after"), Some("1"));
        reply.scim_error(429, None);
    }
    for _ in 0..10 {
        acme.server.scim(&other, "GET", "/Users").send().is(200);
    }
}

#[test]
fn a_rate_of_zero_is_no_limit() {
    let mut installation = Installation::new();
    installation.set("FREEHOLD_SCIM_RATE", "0");
    let acme = Acme::with(installation);
    for reply in in_parallel(8, |_| {
        (0..40).map(|_| acme.scim("GET", "/ServiceProviderConfig").send()).collect::<Vec<_>>()
    })
    .into_iter()
    .flatten()
    {
        reply.is(200);
    }
}
