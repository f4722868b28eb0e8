//! Many clients at once, over HTTP: nothing is lost, nothing is there twice.

use serde_json::{Value, json};

use crate::support::{Acme, id, in_parallel, new_group, new_user};

#[test]
fn of_sixteen_clients_that_change_one_user_under_its_version_each_change_counts_once() {
    let acme = Acme::new();
    let (path, _) = acme.create("ann");
    let statuses = in_parallel(16, |n| {
        let seen = acme.scim("GET", &path).send().is(200);
        let operations = json!([{ "op": "replace", "path": "title", "value": format!("t{n}") }]);
        let patch = crate::support::patch(&operations);
        let request = acme.scim("PATCH", &path).header("If-Match", seen.header("etag").unwrap());
        request.json(&patch).status
    });
    let changed = statuses.iter().filter(|status| **status == 200).count();
    assert!(changed > 0);
    assert!(statuses.iter().all(|status| [200, 412].contains(status)), "{statuses:?}");
    let last = acme.scim("GET", &path).send().is(200);
    assert_eq!(last.header("etag"), Some(&*format!("W/\"{}\"", 1 + changed)));
}

#[test]
fn of_sixteen_clients_that_change_one_user_without_a_version_all_succeed() {
    let acme = Acme::new();
    let (path, _) = acme.create("ann");
    for reply in in_parallel(16, |n| {
        acme.patch(
            &path,
            &json!([{ "op": "add", "path": "emails", "value": [
            { "value": format!("a{n}@x.test"), "type": format!("t{n}") }] }]),
        )
    }) {
        reply.is(200);
    }
    let user = acme.scim("GET", &path).send().is(200).json();
    assert_eq!(user["emails"].as_array().map(Vec::len), Some(16));
    assert_eq!(user["meta"]["version"], "W/\"17\"");
}

#[test]
fn members_added_and_removed_in_parallel_are_all_added_and_removed() {
    let acme = Acme::new();
    let people: Vec<Value> = (0..24).map(|n| acme.create(&format!("u{n}")).1).collect();
    let ids: Vec<&str> = people.iter().map(id).collect();
    let group = acme.group("Staff", &ids[..12]);
    for reply in in_parallel(24, |n| {
        let operation = if n < 12 {
            json!({ "op": "Remove", "path": "members", "value": [{ "value": ids[n] }] })
        } else {
            json!({ "op": "Add", "path": "members", "value": [{ "value": ids[n] }] })
        };
        acme.patch(&group, &json!([operation]))
    }) {
        reply.is(200);
    }
    assert_eq!(acme.members(&group), ids[12..]);
    let last = acme.scim("GET", &group).send().is(200);
    assert_eq!(last.header("etag"), Some("W/\"25\""));
}

#[test]
fn a_user_deleted_while_groups_are_pushed_is_a_member_of_none() {
    let acme = Acme::new();
    for round in 0..4 {
        let (path, ann) = acme.create(&format!("ann{round}"));
        let groups: Vec<String> =
            (0..4).map(|n| acme.group(&format!("G{round}-{n}"), &[])).collect();
        let statuses = in_parallel(9, |n| match n {
            0 => acme.scim("DELETE", &path).send().status,
            n if n < 5 => {
                let add =
                    json!([{ "op": "add", "path": "members", "value": [{ "value": id(&ann) }] }]);
                acme.patch(&groups[n - 1], &add).status
            }
            n => {
                let body = new_group(&format!("New{round}-{n}"), &[id(&ann)]);
                acme.scim("POST", "/Groups").json(&body).status
            }
        });
        assert_eq!(statuses[0], 204);
        assert!(statuses[1..].iter().all(|status| [200, 201].contains(status)), "{statuses:?}");
    }
    let all = acme.scim("GET", "/Groups?count=200").send().is(200).json();
    assert_eq!(all["totalResults"], 32);
    for group in all["Resources"].as_array().unwrap() {
        assert_eq!(group["members"], Value::Null, "{group}");
    }
}

#[test]
fn of_twenty_groups_of_one_name_one_is_made_and_no_reader_sees_two() {
    let acme = Acme::new();
    let statuses = in_parallel(20, |n| {
        let name = if n % 2 == 0 { "Straße" } else { "STRASSE" };
        acme.scim("POST", "/Groups").json(&new_group(name, &[])).status
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 19);
    assert_eq!(acme.scim("GET", "/Groups").send().is(200).json()["totalResults"], 1);
}

#[test]
fn parallel_deletes_of_one_user_succeed_once() {
    let acme = Acme::new();
    let (path, _) = acme.create("ann");
    let statuses = in_parallel(12, |_| acme.scim("DELETE", &path).send().status);
    assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1);
    assert!(statuses.iter().all(|status| [204, 404].contains(status)), "{statuses:?}");
}

#[test]
fn parallel_deletes_of_many_users_all_succeed_though_the_brake_counts_them() {
    let acme = Acme::new();
    acme.installation.must(&["brake", "confirm", "--organization", "acme"]);
    let paths: Vec<String> = (0..24).map(|n| acme.create(&format!("u{n}")).0).collect();
    for reply in in_parallel(24, |n| acme.scim("DELETE", &paths[n]).send()) {
        reply.is(204);
    }
}

#[test]
fn parallel_creates_all_succeed_once_the_brake_counts_them() {
    let acme = Acme::new();
    acme.installation.must(&["brake", "confirm", "--organization", "acme"]);
    for reply in in_parallel(24, |n| acme.scim("POST", "/Users").json(&new_user(&format!("u{n}"))))
    {
        reply.is(201);
    }
}
