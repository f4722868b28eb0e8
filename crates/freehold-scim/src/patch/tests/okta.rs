use serde_json::json;

use super::{leaves_anna_alone, patched};

#[test]
fn a_catalog_app_deactivates_without_a_path() {
    let changed = patched(json!([{"op": "replace", "value": {"active": false}}]));
    assert_eq!(changed["active"], false);
    leaves_anna_alone(json!([{"op": "replace", "value": {"active": true}}]));
}

#[test]
fn a_password_is_accepted_and_dropped() {
    leaves_anna_alone(json!([{"op": "replace", "value": {"password": "t1meMa$heen"}}]));
    leaves_anna_alone(json!([{"op": "replace", "path": "password", "value": "t1meMa$heen"}]));
}

#[test]
fn what_is_echoed_without_a_path_is_ignored() {
    let changed = patched(json!([{"op": "replace", "value": {
        "id": "7", "schemas": [], "meta": {"version": "x"}, "groups": [{"value": "g"}],
        "shoeSize": 43, "title": "Lead"}}]));
    assert_eq!(changed["title"], "Lead");
    assert!(changed.get("id").is_none() && changed.get("groups").is_none());
    for schemas in [json!(["urn:x"]), json!("urn:x"), json!(7)] {
        leaves_anna_alone(json!([{"op": "add", "path": "schemas", "value": schemas}]));
    }
}
