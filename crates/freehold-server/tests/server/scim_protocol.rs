//! The protocol itself: RFC 7644 and the HTTP around it.

use serde_json::json;

use crate::support::{Acme, new_user};

#[test]
fn a_created_user_has_an_address_a_version_and_nothing_else_to_learn() {
    let acme = Acme::new();
    let reply = acme.scim("POST", "/Users").json(&new_user("ann")).is(201);
    let user = reply.json();
    assert_eq!(reply.header("content-type"), Some("application/scim+json"));
    let location = user["meta"]["location"].as_str().unwrap();
    assert_eq!(reply.header("location"), Some(location));
    assert!(location.starts_with(&format!("{}/scim/v2/Users/", acme.server.origin())));
    assert_eq!(reply.header("etag"), user["meta"]["version"].as_str());
    let path = location.split("/scim/v2").nth(1).unwrap();
    assert_eq!(acme.scim("GET", path).send().is(200).json(), user);
}

#[test]
fn names_are_unique_whatever_their_case() {
    let acme = Acme::new();
    acme.create("Ann@example.com");
    let mut other = new_user("ANN@example.com");
    other["externalId"] = "other".into();
    acme.scim("POST", "/Users").json(&other).scim_error(409, Some("uniqueness"));
    let mut same = new_user("bob");
    same["externalId"] = new_user("Ann@example.com")["externalId"].clone();
    acme.scim("POST", "/Users").json(&same).scim_error(409, Some("uniqueness"));
}

#[test]
fn versions_guard_writes_and_spare_reads() {
    let acme = Acme::new();
    let (path, user) = acme.create("ann");
    let version = user["meta"]["version"].as_str().unwrap();
    acme.scim("GET", &path).header("If-None-Match", version).send().is(304);
    acme.scim("GET", &path).header("If-None-Match", "W/\"99\"").send().is(200);
    let mut renamed = new_user("anna");
    renamed["externalId"] = user["externalId"].clone();
    let put = || acme.scim("PUT", &path);
    put().header("If-Match", "W/\"99\"").json(&renamed).scim_error(412, None);
    let reply = put().header("If-Match", version).json(&renamed).is(200);
    assert_ne!(reply.header("etag"), Some(version));
    let stale = put().header("If-Match", version).json(&new_user("x"));
    stale.scim_error(412, None);
    acme.scim("DELETE", &path).header("If-Match", version).send().scim_error(412, None);
    acme.scim("DELETE", &path).header("If-None-Match", "*").send().scim_error(412, None);
    let nothing = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "path": "title", "value": "Boss" }],
    });
    let now = reply.header("etag").unwrap();
    acme.scim("PATCH", &path).header("If-None-Match", now).json(&nothing).scim_error(412, None);
    put().header("If-None-Match", now).json(&renamed).scim_error(412, None);
    put().header("If-None-Match", version).json(&renamed).is(200);
    let any = format!("{version}, {}", reply.header("etag").unwrap());
    acme.scim("DELETE", &path).header("If-Match", &any).send().is(204);
}

#[test]
fn a_patch_that_changes_nothing_leaves_version_and_time_alone() {
    let acme = Acme::new();
    let (path, user) = acme.create("ann");
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "path": "userName", "value": "ann" }],
    });
    let patched = acme.scim("PATCH", &path).json(&body).is(200).json();
    assert_eq!(patched["meta"], user["meta"]);
}

#[test]
fn attributes_can_be_chosen_and_left_out() {
    let acme = Acme::new();
    let (path, _) = acme.create("ann");
    let chosen = acme.scim("GET", &format!("{path}?attributes=userName")).send().is(200).json();
    assert!(chosen["userName"] == "ann" && chosen["id"].is_string() && chosen["active"].is_null());
    let without =
        acme.scim("GET", &format!("{path}?excludedAttributes=active,meta")).send().is(200).json();
    assert!(without["active"].is_null() && without["userName"] == "ann");
    let list = acme.scim("GET", "/Users?attributes=id").send().is(200).json();
    assert!(list["Resources"][0]["userName"].is_null());
}

#[test]
fn lists_are_paged_in_a_stable_order() {
    let acme = Acme::new();
    for n in 0..7 {
        acme.create(&format!("user-{n}"));
    }
    let mut seen = Vec::new();
    for start in [1, 4, 7] {
        let page = acme.scim("GET", &format!("/Users?startIndex={start}&count=3"));
        let page = page.send().is(200).json();
        assert_eq!(page["totalResults"], 7);
        for user in page["Resources"].as_array().unwrap() {
            seen.push(user["userName"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(seen, (0..7).map(|n| format!("user-{n}")).collect::<Vec<_>>());
    let counted = acme.scim("GET", "/Users/?count=0").send().is(200).json();
    assert_eq!((&counted["totalResults"], &counted["Resources"]), (&json!(7), &json!([])));
}

/// The ids of a list, page by page: 40 at most, so that a cursor that leads nowhere new ends.
fn walk(acme: &Acme, query: &str) -> Vec<String> {
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    while seen.len() < 40 {
        let page = acme.scim("GET", &format!("{query}&cursor={cursor}")).send().is(200).json();
        let resources = page["Resources"].as_array().unwrap();
        seen.extend(resources.iter().map(|it| it["id"].as_str().unwrap().to_owned()));
        match page["nextCursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    seen
}

#[test]
fn pages_of_an_order_are_the_same_whether_what_decides_it_is_shown_or_not() {
    let acme = Acme::new();
    let people: Vec<_> = ["ann", "bob", "cyd"].map(|name| acme.create(name).1["id"].clone()).into();
    for (name, members) in [("a", vec![2]), ("b", vec![]), ("c", vec![0]), ("d", vec![1, 0])] {
        let members: Vec<_> = members.iter().map(|it| json!({ "value": people[*it] })).collect();
        let group = json!({ "displayName": name, "members": members });
        acme.scim("POST", "/Groups").json(&group).is(201);
    }
    for (path, by, all) in [("/Users", "groups", 3), ("/Groups", "members", 4), ("", "members", 7)]
    {
        for order in ["ascending", "descending"] {
            let query = format!("{path}?sortBy={by}&sortOrder={order}");
            let whole = walk(&acme, &format!("{query}&count=200"));
            assert_eq!(whole.len(), all, "{query}");
            for hidden in ["attributes=id".to_owned(), format!("excludedAttributes={by}")] {
                let pages = walk(&acme, &format!("{query}&count=1&{hidden}"));
                assert_eq!(pages, whole, "{query}&{hidden}");
            }
        }
    }
}

#[test]
fn head_answers_as_get_does_without_the_body() {
    let acme = Acme::new();
    let (path, user) = acme.create("ann");
    for path in [&path, "/Users?count=1", "/ServiceProviderConfig", ""] {
        let get = acme.scim("GET", path).send().is(200);
        let head = acme.scim("HEAD", path).send().is(200);
        assert!(head.body.is_empty(), "{path}");
        for name in ["content-type", "content-length", "etag", "location"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
    }
    let version = user["meta"]["version"].as_str().unwrap();
    acme.scim("HEAD", &path).header("If-None-Match", version).send().is(304);
    assert!(acme.scim("HEAD", "/Users/x").send().is(404).body.is_empty());
    let posted = acme.scim("HEAD", "/Bulk").send().is(405);
    assert_eq!(posted.header("allow"), Some("POST"));
}

#[test]
fn filters_that_no_index_helps_with_still_work() {
    let acme = Acme::new();
    acme.create("ann");
    acme.create("bob");
    for (filter, total) in [
        ("active eq true", 2),
        ("userName sw \"a\"", 1),
        ("not (userName eq \"ann\")", 1),
        ("meta.created gt \"2020-01-01T00:00:00Z\" and userName co \"o\"", 1),
        ("title pr", 0),
    ] {
        let encoded: String = filter.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let list = acme.scim("GET", &format!("/Users?filter={encoded}")).send().is(200).json();
        assert_eq!(list["totalResults"], total, "{filter}");
    }
    for filter in ["shoeSize%20eq%201", "userName%20like%20%22a%22", "userName%20eq", "(((("] {
        let reply = acme.scim("GET", &format!("/Users?filter={filter}")).send();
        reply.scim_error(400, Some("invalidFilter"));
    }
}

#[test]
fn addresses_and_methods_that_are_not_there_are_scim_errors() {
    let acme = Acme::new();
    for path in ["/missing", "/missing/x", "/Users/x/y"] {
        acme.scim("GET", path).send().scim_error(404, None);
    }
    for (method, path) in [
        ("PUT", "/Users"),
        ("DELETE", "/Users"),
        ("POST", "/Schemas"),
        ("POST", "/Users/x"),
        ("PATCH", "/"),
    ] {
        let reply = acme.scim(method, path).send();
        assert!(reply.header("allow").unwrap().contains("GET"));
        reply.scim_error(405, None);
    }
    for path in ["/Bulk", "/.search", "/Users/.search"] {
        let reply = acme.scim("GET", path).send();
        assert_eq!(reply.header("allow"), Some("POST"), "{path}");
        reply.scim_error(405, None);
    }
    acme.scim("GET", "/Me").send().scim_error(501, None);
    for id in ["x", "0190163D-8694-739B-AEA5-966C26F8AD91", "%00", "..%2f..", "1' OR '1'='1"] {
        let path = format!("/Users/{}", id.replace(' ', "%20"));
        acme.scim("GET", &path).send().scim_error(404, None);
    }
}

#[test]
fn both_media_types_are_taken_and_no_other() {
    let acme = Acme::new();
    let post = |kind: &str, name: &str| {
        let request = acme.server.request("POST", "/scim/v2/Users");
        let request = request.header("Authorization", &format!("Bearer {}", acme.token));
        request.header("Content-Type", kind).json(&new_user(name))
    };
    post("application/json", "a").is(201);
    post("application/scim+json; charset=utf-8", "b").is(201);
    post("Application/SCIM+JSON", "c").is(201);
    for kind in ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""] {
        post(kind, "d").scim_error(415, None);
    }
}

#[test]
fn twenty_creates_of_one_name_at_once_make_one_user() {
    let acme = Acme::new();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let create = || acme.scim("POST", "/Users").json(&new_user("ann")).status;
        let threads: Vec<_> = (0..20).map(|_| scope.spawn(create)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 19);
}
