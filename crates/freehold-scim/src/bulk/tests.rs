use proptest::prelude::*;
use serde_json::{Value, json};

use super::{BulkRequest, Method, Outcome, Plan, Step, Target};
use crate::error::ScimError;
use crate::limits;
use crate::schema::{Catalog, urn};

const BASE: &str = "https://h/scim/v2";

fn request(operations: Value) -> BulkRequest {
    let body = json!({"schemas": [urn::BULK_REQUEST], "Operations": operations});
    read(&body).unwrap_or_else(|error| panic!("{error}"))
}

fn read(body: &Value) -> Result<BulkRequest, ScimError> {
    BulkRequest::parse(body.to_string().as_bytes(), &Catalog::default())
}

/// A server that makes resources with the ids `id-0`, `id-1`, .. after the number of their
/// operation, and refuses what has `refuse` in its data.
fn run(request: BulkRequest) -> (Vec<Step>, Vec<Value>) {
    let mut plan = Plan::new(request, BASE);
    let mut steps = Vec::new();
    while let Some(step) = plan.next_step() {
        let refused = step.data.as_ref().is_some_and(|data| data.to_string().contains("refuse"));
        let id = step.id.clone().unwrap_or_else(|| format!("id-{}", step.index));
        let outcome = match (refused, step.method) {
            (true, _) => Outcome::failed(&ScimError::uniqueness("taken")),
            (_, Method::Post) => Outcome { status: 201, id: Some(id), ..Outcome::default() },
            (_, Method::Delete) => Outcome { status: 204, ..Outcome::default() },
            _ => Outcome { status: 200, version: Some("W/\"2\"".to_owned()), ..Outcome::default() },
        };
        plan.done(step.index, outcome);
        steps.push(step);
    }
    let mut response = plan.into_response();
    assert_eq!(response["schemas"], json!([urn::BULK_RESPONSE]));
    let results = response["Operations"].take();
    (steps, results.as_array().cloned().expect("a list"))
}

fn post(bulk_id: &str, path: &str, data: Value) -> Value {
    json!({"method": "POST", "path": path, "bulkId": bulk_id, "data": data})
}

fn group(bulk_id: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members
        .iter()
        .map(|id| json!({"type": "Group", "value": format!("bulkId:{id}")}))
        .collect();
    post(bulk_id, "/Groups", json!({"displayName": bulk_id, "members": members}))
}

fn summary(steps: &[Step]) -> Vec<(usize, &'static str)> {
    steps.iter().map(|step| (step.index, step.method.name())).collect()
}

fn statuses(results: &[Value]) -> Vec<&str> {
    results.iter().map(|result| result["status"].as_str().expect("a text")).collect()
}

/// RFC 7644 §3.7, the example with four operations.
#[test]
fn the_methods_are_carried_out_in_order_and_answered_with_their_place() {
    let (steps, results) = run(request(json!([
        {"method": "POST", "path": "/Users", "bulkId": "qwerty", "data": {"userName": "Alice"}},
        {"method": "PUT", "path": "/Users/b7c1", "version": "W/\"3\"", "data": {"userName": "Bob"}},
        {"method": "patch", "path": "Users/5d8d/", "data": {"Operations": []}},
        {"method": "DELETE", "path": "/Users/e977", "version": "W/\"0\""},
    ])));
    assert_eq!(summary(&steps), [(0, "POST"), (1, "PUT"), (2, "PATCH"), (3, "DELETE")]);
    assert_eq!(steps[1].id.as_deref(), Some("b7c1"));
    assert_eq!(steps[1].version.as_deref(), Some("W/\"3\""));
    assert_eq!((steps[0].kind.name, steps[3].data.as_ref()), ("User", None));
    assert_eq!(
        results,
        [
            json!({"method": "POST", "bulkId": "qwerty", "status": "201",
                   "location": "https://h/scim/v2/Users/id-0"}),
            json!({"method": "PUT", "status": "200", "version": "W/\"2\"",
                   "location": "https://h/scim/v2/Users/b7c1"}),
            json!({"method": "PATCH", "status": "200", "version": "W/\"2\"",
                   "location": "https://h/scim/v2/Users/5d8d"}),
            json!({"method": "DELETE", "status": "204",
                   "location": "https://h/scim/v2/Users/e977"}),
        ]
    );
}

/// RFC 7644 §3.7.2: a new user becomes a member of a new group.
#[test]
fn a_reference_is_the_id_of_what_was_made() {
    let (steps, results) = run(request(json!([
        post("qwerty", "/Users", json!({"userName": "Alice"})),
        post(
            "ytrewq",
            "/Groups",
            json!({"displayName": "Tour Guides",
            "members": [{"type": "User", "value": "bulkId:qwerty"}]})
        ),
    ])));
    let members = &steps[1].data.as_ref().expect("data")["members"];
    assert_eq!(*members, json!([{"type": "User", "value": "id-0"}]));
    assert_eq!(statuses(&results), ["201", "201"]);
}

#[test]
fn what_is_referred_to_comes_first_along_any_chain() {
    let (steps, results) = run(request(json!([
        group("a", &["b"]),
        group("b", &["c"]),
        group("c", &["d"]),
        group("d", &[]),
        group("e", &["a", "d"])
    ])));
    assert_eq!(steps.iter().map(|step| step.index).collect::<Vec<_>>(), [3, 2, 1, 0, 4]);
    // The answer is in the order of the request.
    let ids: Vec<_> = results.iter().map(|result| result["bulkId"].clone()).collect();
    assert_eq!(ids, ["a", "b", "c", "d", "e"]);
}

/// RFC 7644 §3.7.1.
#[test]
fn groups_in_a_circle_are_all_made_and_closed_by_a_patch() {
    let (steps, results) =
        run(request(json!([group("qwerty", &["ytrewq"]), group("ytrewq", &["qwerty"])])));
    assert_eq!(summary(&steps), [(1, "POST"), (0, "POST"), (1, "PATCH")]);
    assert_eq!(steps[0].data, Some(json!({"displayName": "ytrewq", "members": []})));
    assert_eq!(steps[1].data.as_ref().expect("data")["members"][0]["value"], "id-1");
    assert_eq!((steps[2].id.as_deref(), steps[2].kind.name), (Some("id-1"), "Group"));
    assert_eq!(
        steps[2].data,
        Some(json!({"schemas": [urn::PATCH_OP], "Operations": [
            {"op": "add", "path": "members", "value": [{"type": "Group", "value": "id-0"}]}]}))
    );
    assert_eq!(statuses(&results), ["201", "201"]);
    // The version is that after the PATCH.
    assert_eq!(results[1]["version"], "W/\"2\"");
    assert_eq!(results[1]["location"], "https://h/scim/v2/Groups/id-1");
}

#[test]
fn a_resource_that_refers_to_itself_is_made_and_then_told_of_itself() {
    let manager = json!({"manager": {"value": "bulkId:boss"}, "department": "x"});
    let data = json!({"userName": "boss", urn::ENTERPRISE_USER: manager});
    let (steps, _) = run(request(json!([post("boss", "/Users", data)])));
    assert_eq!(summary(&steps), [(0, "POST"), (0, "PATCH")]);
    let created = &steps[0].data.as_ref().expect("data")[urn::ENTERPRISE_USER];
    assert_eq!(*created, json!({"manager": null, "department": "x"}));
    let operation = &steps[1].data.as_ref().expect("data")["Operations"][0];
    assert_eq!(operation["path"], format!("{}:manager", urn::ENTERPRISE_USER));
    assert_eq!(operation["value"], json!({"value": "id-0"}));
}

#[test]
fn only_the_circle_is_opened_and_not_what_leads_to_it() {
    let (steps, results) = run(request(json!([
        group("before", &["a"]),
        group("a", &["b", "leaf"]),
        group("b", &["a"]),
        post("leaf", "/Users", json!({"userName": "leaf"})),
    ])));
    assert_eq!(summary(&steps), [(2, "POST"), (3, "POST"), (1, "POST"), (2, "PATCH"), (0, "POST")]);
    assert_eq!(steps[4].data.as_ref().expect("data")["members"][0]["value"], "id-1");
    assert_eq!(statuses(&results), ["201"; 4]);
}

#[test]
fn paths_uris_and_filters_refer_as_well() {
    let (steps, results) = run(request(json!([
        {"method": "PUT", "path": "/Users/bulkId:u", "data": {"userName": "Alice B"}},
        {"method": "PATCH", "path": "/Groups/7", "data": {"Operations": [
            {"op": "remove", "path": "members[value eq \"bulkId:u\" or value eq \"bulkId:v\"]"},
            {"op": "add", "path": "members",
             "value": [{"value": "bulkId:v", "$ref": "../Users/bulkId:v"}]}]}},
        {"method": "DELETE", "path": "/Users/bulkId:v"},
        post("u", "/Users", json!({"userName": "Alice", "title": "the bulkId:u of it"})),
        post("v", "/Users", json!({"userName": "Bob"})),
    ])));
    assert_eq!(steps.iter().map(|step| step.index).collect::<Vec<_>>(), [3, 0, 4, 1, 2]);
    assert_eq!(steps[0].data.as_ref().expect("data")["title"], "the bulkId:u of it");
    assert_eq!(steps[1].id.as_deref(), Some("id-3"));
    let operations = &steps[3].data.as_ref().expect("data")["Operations"];
    assert_eq!(operations[0]["path"], "members[value eq \"id-3\" or value eq \"id-4\"]");
    assert_eq!(operations[1]["value"][0], json!({"value": "id-4", "$ref": "../Users/id-4"}));
    assert_eq!(results[0]["location"], "https://h/scim/v2/Users/id-3");
}

/// RFC 7644 §3.7.2: a bulkId stands for the id of a resource, so it means one only where such ids stand.
#[test]
fn a_text_that_looks_like_a_reference_is_a_text() {
    let enterprise = urn::ENTERPRISE_USER;
    let user = json!({
        "userName": "bulkId:u", "displayName": "bulkId:nobody", "externalId": "bulkId:nobody",
        "emails": [{"value": "bulkId:nobody"}], "profileUrl": "https://h/bulkId:nobody",
        "groups": [{"value": "bulkId:nobody"}], "nickName": "x/bulkId:u",
        enterprise: {"department": "bulkId:u", "manager": {"displayName": "bulkId:nobody"}},
    });
    let operations = json!({"schemas": [urn::PATCH_OP], "Operations": [
        {"op": "replace", "path": "displayName", "value": "bulkId:u"},
        {"op": "replace", "path": "emails[value eq \"bulkId:u\"].value", "value": "bulkId:u"},
        {"op": "add", "value": {"title": "bulkId:u", "name.givenName": "bulkId:u"}},
        {"op": "add", "path": enterprise, "value": {"department": "bulkId:nobody"}},
        {"op": "replace", "path": "nothing", "value": "bulkId:u"}]});
    let group = json!({"displayName": "bulkId:u",
                       "members": [{"value": "7", "display": "bulkId:nobody"}]});
    let (steps, results) = run(request(json!([
        post("u", "/Users", user.clone()),
        {"method": "PATCH", "path": "/Users/7", "data": operations.clone()},
        post("g", "/Groups", group.clone()),
    ])));
    assert_eq!(statuses(&results), ["201", "200", "201"]);
    let sent: Vec<&Value> = steps.iter().filter_map(|step| step.data.as_ref()).collect();
    assert_eq!(sent, [&user, &operations, &group]);
}

#[test]
fn references_stand_where_the_schema_has_them() {
    let enterprise = urn::ENTERPRISE_USER;
    let manager = format!("{enterprise}:manager");
    let (steps, _) = run(request(json!([
        post("u", "/Users", json!({"userName": "u"})),
        post("w", "/Users", json!({"userName": "w", enterprise: {"MANAGER": "bulkId:u"}})),
        {"method": "PUT", "path": "/Groups/7", "data": {"members": {"value": "bulkId:u"}}},
        {"method": "PATCH", "path": "/Users/7", "data": {"operations": [
            {"op": "add", "path": manager, "value": [{"Value": "bulkId:u", "$ref": null}]},
            {"op": "add", "path": "manager.value", "value": "bulkId:u"},
            {"op": "add", "Value": {"manager": "bulkId:u", (enterprise): {"manager": "bulkId:u"}}},
            {"op": "add", "path": enterprise, "value": {"manager.value": "bulkId:u"}}]}},
        {"method": "PATCH", "path": "/Groups/7", "data": {"Operations": [
            {"op": "remove", "PATH": "members[not (value eq \"bulkId:u\") and $ref ew \"/bulkId:u\"]"},
            {"op": "add", "value": {"members": [{"value": "bulkId:u"}]}}]}},
    ])));
    let sent = |step: usize| steps[step].data.clone().expect("data");
    assert_eq!(sent(1)[enterprise]["MANAGER"], "id-0");
    assert_eq!(sent(2)["members"]["value"], "id-0");
    let of_user = &sent(3)["operations"];
    assert_eq!(of_user[0]["value"], json!([{"Value": "id-0", "$ref": null}]));
    assert_eq!(of_user[1]["value"], "id-0");
    assert_eq!(of_user[2]["Value"], json!({"manager": "id-0", enterprise: {"manager": "id-0"}}));
    assert_eq!(of_user[3]["value"], json!({"manager.value": "id-0"}));
    let of_group = &sent(4)["Operations"];
    assert_eq!(of_group[0]["PATH"], "members[not (value eq \"id-0\") and $ref ew \"/id-0\"]");
    assert_eq!(of_group[1]["value"]["members"], json!([{"value": "id-0"}]));
}

#[test]
fn a_bulk_id_that_nothing_has_is_a_wrong_value() {
    let (steps, results) = run(request(json!([
        group("g", &["nobody"]),
        {"method": "PUT", "path": "/Users/bulkId:nobody", "data": {}},
        {"method": "PUT", "path": "/Users/7", "bulkId": "seven", "data": {}},
        group("h", &["seven"]),
    ])));
    assert_eq!(summary(&steps), [(2, "PUT")]);
    assert_eq!(statuses(&results), ["400", "400", "200", "400"]);
    assert_eq!(results[0]["response"]["scimType"], "invalidValue");
    assert_eq!(results[0]["response"]["status"], "400");
    assert!(results[0].get("location").is_none());
}

#[test]
fn what_refers_to_a_failed_operation_fails_and_the_rest_is_done() {
    let (steps, results) = run(request(json!([
        post("bad", "/Users", json!({"userName": "refuse"})),
        group("g", &["bad"]),
        group("outer", &["g"]),
        {"method": "PATCH", "path": "/Groups/7", "data": {"Operations": [
            {"op": "add", "path": "members", "value": [{"value": "bulkId:g"}]}]}},
        post("good", "/Users", json!({"userName": "Bob"})),
    ])));
    assert_eq!(summary(&steps), [(0, "POST"), (4, "POST")]);
    assert_eq!(statuses(&results), ["409", "409", "409", "409", "201"]);
    assert_eq!(results[0]["response"]["scimType"], "uniqueness");
    assert!(results[1]["response"]["detail"].as_str().is_some_and(|it| it.contains("refers to")));
    assert_eq!(results[3]["location"], "https://h/scim/v2/Groups/7");
}

#[test]
fn a_circle_that_cannot_be_closed_says_so_and_where_its_part_is() {
    let refusing = post(
        "a",
        "/Groups",
        json!({"displayName": "refuse", "members": [
        {"value": "bulkId:b"}]}),
    );
    let (steps, results) = run(request(json!([refusing, group("b", &["a"]), group("c", &["b"])])));
    assert_eq!(summary(&steps), [(1, "POST"), (0, "POST"), (2, "POST")]);
    assert_eq!(statuses(&results), ["409", "409", "201"]);
    assert_eq!(results[1]["location"], "https://h/scim/v2/Groups/id-1");
    assert!(results[0].get("location").is_none());
}

#[test]
fn fail_on_errors_stops_and_the_answer_has_what_was_processed() {
    let operations = json!([
        post("1", "/Users", json!({"userName": "refuse"})),
        post("2", "/Users", json!({"userName": "x"})),
        group("3", &["1"]),
        post("4", "/Users", json!({"userName": "x"})),
    ]);
    for (limit, expected) in [
        (json!(0), vec!["409"]),
        (json!(1), vec!["409"]),
        (json!(2), vec!["409", "201", "409"]),
        (json!(3), vec!["409", "201", "409", "201"]),
        (json!(null), vec!["409", "201", "409", "201"]),
    ] {
        let body = json!({"schemas": [urn::BULK_REQUEST], "failOnErrors": limit,
                          "Operations": operations});
        let (_, results) = run(read(&body).expect("reads"));
        assert_eq!(statuses(&results), expected, "{limit}");
    }
}

#[test]
fn a_request_that_is_stopped_before_a_circle_is_closed_does_not_hide_it() {
    let body = json!({"schemas": [urn::BULK_REQUEST], "failOnErrors": 1, "Operations": [
        group("a", &["b", "refused"]), group("b", &["a"]),
        post("refused", "/Users", json!({"userName": "refuse"}))]});
    let (steps, results) = run(read(&body).expect("reads"));
    assert_eq!(summary(&steps), [(1, "POST"), (2, "POST")]);
    assert_eq!(statuses(&results), ["409", "409"]);
    assert_eq!(results[0]["bulkId"], "b");
    assert!(
        results[0]["response"]["detail"].as_str().is_some_and(|it| it.contains("failOnErrors"))
    );
}

/// RFC 7644 §3.7.3: `data` of a PATCH is the list of its operations.
#[test]
fn a_patch_may_be_its_operations_alone() {
    let operations = json!([{"op": "remove", "path": "nickName"}]);
    let (steps, _) = run(request(json!([
        {"method": "PATCH", "path": "/Users/1", "data": operations},
        {"method": "PUT", "path": "/Users/1", "data": operations},
    ])));
    assert_eq!(steps[0].data, Some(json!({"Operations": operations})));
    assert_eq!(steps[1].data, Some(operations));
}

#[test]
fn a_fault_in_one_operation_is_that_operations_failure() {
    let (steps, results) = run(request(json!([
        {"method": "GET", "path": "/Users/1"},
        {"path": "/Users/1"},
        {"method": "POST", "path": "/Users", "data": {}},
        {"method": "POST", "path": "/Users/1", "bulkId": "a", "data": {}},
        {"method": "POST", "path": "/Users", "bulkId": "b"},
        {"method": "POST", "path": "/Shoes", "bulkId": "c", "data": {}},
        {"method": "DELETE", "path": "/Users"},
        {"method": "DELETE"},
        {"method": "PATCH", "path": "/Users/1", "data": null},
        {"method": "PUT", "path": "/Groups/7", "data": {"members": [{"value": "bulkId:c"}]}},
        {"method": "DELETE", "path": "/Users/1"},
    ])));
    assert_eq!(summary(&steps), [(10, "DELETE")]);
    assert_eq!(
        statuses(&results),
        ["400", "400", "400", "400", "400", "404", "400", "400", "400", "409", "204"]
    );
    assert_eq!(results[0]["method"], "GET");
}

#[test]
fn a_request_over_a_limit_is_413_and_names_the_limit() {
    let delete = json!({"method": "DELETE", "path": "/Users/1"});
    let of = |count| json!({"Operations": vec![delete.clone(); count]});
    assert_eq!(read(&of(limits::BULK_OPERATIONS)).expect("reads").operations.len(), 1_000);
    let error = read(&of(limits::BULK_OPERATIONS + 1)).expect_err("too many");
    assert_eq!(error.status, 413);
    assert!(error.detail.contains("maxOperations (1000)"), "{error}");
    let error = read(&json!({"Operations": [], "x": "x".repeat(limits::BULK_BYTES)}));
    let error = error.expect_err("too long");
    assert_eq!(error.status, 413);
    assert!(error.detail.contains("maxPayloadSize (1048576)"), "{error}");
}

#[test]
fn what_is_no_bulk_request_is_refused() {
    for body in [
        json!([]),
        json!({"schemas": [urn::BULK_REQUEST]}),
        json!({"schemas": [urn::PATCH_OP], "Operations": []}),
        json!({"Operations": [1]}),
        json!({"Operations": [], "failOnErrors": -1}),
        json!({"Operations": [], "failOnErrors": "1"}),
        json!({"Operations": [post("a", "/Users", json!({})), post("a", "/Users", json!({}))]}),
    ] {
        let error = read(&body).expect_err("refused");
        assert_eq!((error.status, error.scim_type), (400, Some("invalidSyntax")), "{body}");
    }
    assert_eq!(read(&json!({"operations": []})).expect("reads").operations, []);
}

#[test]
fn a_step_without_an_answer_counts_as_failed() {
    let mut plan = Plan::new(request(json!([group("a", &[]), group("b", &[])])), BASE);
    assert_eq!(plan.next_step().map(|step| step.index), Some(0));
    assert_eq!(plan.next_step().map(|step| step.index), Some(1));
    plan.done(7, Outcome::default());
    let response = plan.into_response();
    assert_eq!(response["Operations"][0]["status"], "500");
    assert_eq!(response["Operations"][1]["status"], "500");

    let mut plan = Plan::new(request(json!([group("a", &[])])), BASE);
    assert!(plan.next_step().is_some());
    plan.done(0, Outcome { status: 403, ..Outcome::default() });
    assert_eq!(plan.into_response()["Operations"][0]["response"]["status"], "403");
}

#[test]
fn a_thousand_operations_in_one_circle_and_in_one_chain_are_planned() {
    let name = |index: usize| format!("g{index}");
    for last in ["g0", "g999"] {
        let operations: Vec<Value> = (0..1_000)
            .map(|index| {
                if index == 999 {
                    group("g999", &[last])
                } else {
                    group(&name(index), &[&name(index + 1)])
                }
            })
            .collect();
        let (steps, results) = run(request(json!(operations)));
        assert_eq!((steps.len(), results.len()), (1_001, 1_000));
        assert!(statuses(&results).iter().all(|status| *status == "201"));
    }
}

/// Operations over a few bulkIds that refer to each other in every way.
fn operations() -> impl Strategy<Value = Vec<Value>> {
    let ids = proptest::sample::select(vec!["a", "b", "c", "d", "nobody"]);
    let operation = (0..5_usize, proptest::collection::vec(ids.clone(), 0..4), ids, any::<bool>())
        .prop_map(|(kind, members, target, refuse)| {
            let members: Vec<Value> =
                members.iter().map(|id| json!({"value": format!("bulkId:{id}")})).collect();
            let data = json!({"displayName": if refuse { "refuse" } else { "x" },
                              "members": members});
            match kind {
                0 => json!({"method": "PUT", "path": "/Groups/7", "data": data}),
                1 => json!({"method": "DELETE", "path": format!("/Groups/bulkId:{target}")}),
                _ => json!({"method": "POST", "path": "/Groups", "data": data}),
            }
        });
    proptest::collection::vec(operation, 0..8).prop_map(|mut all| {
        let mut names = ["a", "b", "c", "d"].iter();
        for operation in all.iter_mut().filter(|it| it["method"] == "POST") {
            if let Some(name) = names.next() {
                operation["bulkId"] = json!(name);
            }
        }
        all
    })
}

proptest! {
    #[test]
    fn every_plan_ends_processes_each_operation_once_and_leaves_no_reference(
        operations in operations()
    ) {
        let count = operations.len();
        let (steps, results) = run(request(json!(operations)));
        prop_assert_eq!(results.len(), count);
        for step in &steps {
            let data = step.data.as_ref().map(ToString::to_string).unwrap_or_default();
            prop_assert!(!data.contains("bulkId:"), "{}", data);
        }
        let mut made: Vec<_> =
            steps.iter().filter(|it| it.method == Method::Post).map(|it| it.index).collect();
        made.sort_unstable();
        made.dedup();
        let posts = steps.iter().filter(|it| it.method == Method::Post).count();
        prop_assert_eq!(made.len(), posts);
    }

    #[test]
    fn no_json_panics(body in crate::user::tests::any_json(), path in "\\PC{0,20}") {
        let _ = read(&body);
        let list = json!({"Operations": [
            {"method": "PUT", "path": path, "data": body},
            {"method": "POST", "path": "/Users", "bulkId": path, "data": {"x": body}}]});
        if let Ok(request) = read(&list) {
            let _ = run(request);
        }
    }
}

#[test]
fn a_path_is_read_with_its_type_and_its_target() {
    let targets: Vec<Target> = request(json!([
        {"method": "DELETE", "path": "/Users/7"},
        {"method": "DELETE", "path": "/Groups/bulkId:a"},
        post("a", "/Groups", json!({})),
    ]))
    .operations
    .into_iter()
    .map(|operation| operation.action.expect("reads").target)
    .collect();
    assert_eq!(targets, [Target::Id("7".into()), Target::Made("a".into()), Target::New]);
}
