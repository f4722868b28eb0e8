//! One server, several organizations: what belongs to one does not exist for another, by any way
//! that SCIM has to name it.

use freehold_testing::{http::Answer, scim::Scim};
use serde_json::{Value, json};

use crate::service::{Database, Service};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const BULK: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/// Two organizations, and what the first one has.
struct Two {
    _service: Service,
    owner: Scim,
    stranger: Scim,
    user: String,
    group: String,
}

fn id_of(answer: &Answer, status: u16) -> String {
    assert_eq!(answer.status, status, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

impl Two {
    fn new(database: Database) -> Self {
        let service = Service::start(database);
        let client = |name| Scim::with_token(&service.program, service.organization(name).token);
        let (owner, stranger) = (client("owner"), client("stranger"));
        let user = json!({ "schemas": [USER], "userName": "ann", "externalId": "e-1" });
        let user = id_of(&owner.send("POST", "/Users", Some(&user)), 201);
        let members = json!([{ "value": user }]);
        let group = json!({ "schemas": [GROUP], "displayName": "Team", "members": members });
        let group = id_of(&owner.send("POST", "/Groups", Some(&group)), 201);
        Self { owner, stranger, user, group, _service: service }
    }

    /// What the owner sees of both, in one text.
    fn owned(&self) -> String {
        let user = self.owner.send("GET", &format!("/Users/{}", self.user), None);
        let group = self.owner.send("GET", &format!("/Groups/{}", self.group), None);
        assert_eq!((user.status, group.status), (200, 200));
        format!("{}\n{}", user.text(), group.text())
    }

    fn members_at_stranger(&self, group: &str) -> Value {
        self.stranger.send("GET", &format!("/Groups/{group}"), None).json()["members"].clone()
    }
}

fn everything_is_not_found(database: Database) {
    let two = Two::new(database);
    let before = two.owned();
    let patch = json!({ "schemas": [PATCH], "Operations": [
        { "op": "replace", "path": "externalId", "value": "stolen" }] });
    let user = json!({ "schemas": [USER], "userName": "stolen" });
    let group = json!({ "schemas": [GROUP], "displayName": "stolen", "members": [] });
    for (path, body) in
        [(format!("/Users/{}", two.user), &user), (format!("/Groups/{}", two.group), &group)]
    {
        for (method, body) in
            [("GET", None), ("PUT", Some(body)), ("PATCH", Some(&patch)), ("DELETE", None)]
        {
            let answer = two.stranger.send(method, &path, body);
            assert_eq!(answer.status, 404, "{method} {path}: {}", answer.text());
        }
        let bulk =
            json!({ "schemas": [BULK], "Operations": [{ "method": "DELETE", "path": path }] });
        let answer = two.stranger.send("POST", "/Bulk", Some(&bulk)).json();
        assert_eq!(answer["Operations"][0]["status"], "404", "{answer:#}");
    }
    for path in ["/Users", "/Groups"] {
        let list = two.stranger.send("GET", path, None).json();
        assert_eq!(list["totalResults"], 0, "{list:#}");
    }
    assert_eq!(two.owned(), before);
}

fn nobody_joins_a_group_of_another_organization(database: Database) {
    let two = Two::new(database);
    let before = two.owned();
    let members = json!([{ "value": two.user }, { "value": two.group, "type": "Group" }]);
    let group = json!({ "schemas": [GROUP], "displayName": "Team", "members": members });
    let own = id_of(&two.stranger.send("POST", "/Groups", Some(&group)), 201);
    assert_eq!(two.members_at_stranger(&own), Value::Null);
    let patch = json!({ "schemas": [PATCH], "Operations": [
        { "op": "add", "path": "members", "value": members }] });
    let answer = two.stranger.send("PATCH", &format!("/Groups/{own}"), Some(&patch));
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(two.members_at_stranger(&own), Value::Null);
    assert_eq!(two.owned(), before);
}

#[test]
fn another_organization_s_resources_are_not_found_by_any_way_on_sqlite() {
    everything_is_not_found(Database::Sqlite);
}

#[test]
fn another_organization_s_resources_are_not_found_by_any_way_on_postgresql() {
    everything_is_not_found(Database::Postgresql);
}

#[test]
fn nobody_joins_a_group_of_another_organization_on_sqlite() {
    nobody_joins_a_group_of_another_organization(Database::Sqlite);
}

#[test]
fn nobody_joins_a_group_of_another_organization_on_postgresql() {
    nobody_joins_a_group_of_another_organization(Database::Postgresql);
}
