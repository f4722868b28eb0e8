//! Lists of groups and of the operator's own types: the database and the reference evaluator give one verdict here too.

use freehold_directory::listing::{self, ListPage, ListRequest, Members, Shelf, With};
use freehold_directory::{ResourceError, ScimPrincipal};
use freehold_scim::cursor::Cursor;
use freehold_scim::evaluate;
use freehold_scim::filter::{self, Filter};
use freehold_scim::limits;
use freehold_scim::list::{Page, Sort};
use freehold_scim::schema::{GROUP, ResourceType, USER};
use freehold_scim::sort::{SortKey, sort_key};
use freehold_store::Value;
use rand_core::Rng as _;
use serde_json::{Value as Json, json};

use crate::resources::{WARRANTY, a_device, device};
use crate::support::{BASE, TestRng, World, on_both_engines, rng};

on_both_engines!(
    the_database_and_the_evaluator_agree_on_groups,
    the_database_and_the_evaluator_agree_on_own_types,
    the_database_and_the_evaluator_agree_on_random_filters_of_groups,
    every_order_of_groups_and_own_types_is_that_of_the_evaluator,
    pages_by_cursor_hold_every_group_and_own_resource_once,
    a_cursor_with_any_key_at_all_has_a_place_in_the_order,
    a_list_with_too_many_members_is_refused_and_not_without_them,
    types_are_apart_and_so_are_organizations,
);

const WITH_ALL: With = With { groups: true, members: Members::All };

/// Filters of groups; `{0}` and so on stand for the ids of members.
const GROUP_FILTERS: &[(&str, bool)] = &[
    (r#"displayName eq "STAFF""#, true),
    (r#"displayName sw "s" and displayName ne "staff""#, true),
    (r#"displayName pr"#, true),
    (r#"externalId eq "Ext-1""#, true),
    (r#"externalId eq "ext-1""#, true),
    (r#"externalId ne "Ext-1""#, true),
    (r#"not (externalId pr)"#, true),
    (r#"id eq "nobody""#, true),
    (r#"members.value eq "{0}""#, true),
    (r#"members eq "{0}""#, true),
    (r#"members[value eq "{0}"]"#, true),
    (r#"members.value eq "{0}" and displayName eq "staff""#, true),
    (r#"not (members.value eq "{0}")"#, true),
    (r#"members.value eq "{0}" or members.value eq "{1}""#, true),
    (r#"members[value eq "{0}" or value eq "{1}"]"#, false),
    (
        r#"(members.value eq "{0}" or (displayName eq "staff" or not (externalId pr))) and (members pr or displayName co "ü")"#,
        true,
    ),
    (r#"members.value eq "{2}""#, true),
    (r#"members.value sw "0""#, true),
    (r#"members.value ne "{0}""#, false),
    (r#"members pr"#, true),
    (r#"not (members pr)"#, true),
    (r#"members.value eq null"#, true),
    (r#"members[type eq "Group"]"#, false),
    (r#"members[value eq "{0}" and type eq "Group"]"#, false),
    (r#"members.type eq "user""#, false),
    (r#"members.display eq "ANN""#, false),
    (r#"members.display eq "ann" or displayName eq "empty""#, false),
    (r#"meta.created gt "2026-11-18T11:06:40.006Z""#, true),
    (r#"meta.resourceType eq "Group""#, false),
];

const DEVICE_FILTERS: &[(&str, bool)] = &[
    (r#"serialNumber eq "s-1""#, false),
    (r#"serialNumber eq "S-1" or externalId eq "X""#, false),
    (r#"externalId eq "x""#, true),
    (r#"externalId eq "X" or id eq "nothing" or externalId eq null"#, true),
    (r#"externalId pr and displayName pr"#, false),
    (r#"owner.value eq "u1""#, false),
    (r#"owner eq "u1""#, false),
    (r#"not (owner pr)"#, false),
    (
        r#"urn:example:params:scim:schemas:extension:warranty:2.0:Device:until gt "2030-06-01T00:00:00Z""#,
        false,
    ),
    (
        r#"urn:example:params:scim:schemas:extension:warranty:2.0:Device:until eq "2031-01-01T01:00:00+01:00""#,
        false,
    ),
    (r#"until lt "2030-06-01T00:00:00Z" and externalId eq "x""#, false),
    (r#"meta.lastModified ge "2026-11-18T11:06:40.002Z""#, true),
    (r#"not (externalId eq "x" or externalId eq "X")"#, true),
];

/// Groups of every shape; the ids of those who are members.
fn populate_groups(world: &World, principal: &ScimPrincipal) -> Vec<String> {
    let ann = world.create(principal, json!({ "userName": "ann" })).id.to_string();
    let bob =
        world.create(principal, json!({ "userName": "b", "displayName": "Bob" })).id.to_string();
    let inner = world.group(principal, "Inner ü", std::slice::from_ref(&ann)).id.to_string();
    let ids = vec![ann, bob, inner];
    for (body, members) in [
        (json!({ "displayName": "Staff", "externalId": "Ext-1" }), &ids[..1]),
        (json!({ "displayName": "STRASSE", "externalId": "ext-1" }), &ids[..2]),
        (json!({ "displayName": "Empty" }), &[]),
        (json!({ "displayName": "Outer", "externalId": "x" }), &ids[1..]),
        (json!({ "displayName": "\u{1F511} % _" }), &[]),
    ] {
        let mut body = body;
        body["members"] = members.iter().map(|id| json!({ "value": id })).collect();
        world.try_create_group(principal, body).expect("a group");
    }
    ids
}

fn populate_devices(world: &World, principal: &ScimPrincipal) {
    for (serial, rest) in [
        ("S-1", json!({ "externalId": "x", "owner": { "value": "u1" } })),
        ("s-2", json!({ "externalId": "X", "displayName": "Änne" })),
        ("S-3", json!({ WARRANTY: { "until": "2031-01-01T00:00:00Z" }, "displayName": "b" })),
        ("\u{1F511}", json!({ "displayName": "A", "externalId": "x", "note": "n" })),
    ] {
        let mut body = a_device(serial);
        let rest = rest.as_object().expect("an object").clone();
        body.as_object_mut().expect("an object").extend(rest);
        world.device(principal, body);
    }
}

fn try_list(
    world: &World,
    principal: &ScimPrincipal,
    kind: &'static ResourceType,
    (filter, sort): (Option<&Filter>, Option<Sort>),
    (page, count): (Page, u64),
    with: With,
) -> Result<ListPage, ResourceError> {
    let (principal, filter) = (principal.clone(), filter.cloned());
    world.run(move |store, now, _| {
        let (filter, page, base_url) = (filter.as_ref(), &page, BASE);
        let request = ListRequest { kind, filter, sort, page, count, with, base_url };
        listing::list(store, &principal, &request, now)
    })
}

/// A page from the beginning, as the client sees it.
fn rendered(
    world: &World,
    principal: &ScimPrincipal,
    kind: &'static ResourceType,
    filter: Option<&Filter>,
    sort: Option<Sort>,
) -> Vec<Json> {
    let page = (Page::Index { start_index: 1 }, 200);
    let page = try_list(world, principal, kind, (filter, sort), page, WITH_ALL).expect("a page");
    assert_eq!(page.total, page.resources.len() as u64);
    page.resources.iter().map(|shown| shown.render(kind, BASE)).collect()
}

fn check_filter(
    world: &World,
    principal: &ScimPrincipal,
    kind: &'static ResourceType,
    text: &str,
) -> Filter {
    let filter = filter::parse(text, kind).unwrap_or_else(|error| panic!("{text}: {error}"));
    let mut expected = rendered(world, principal, kind, None, None);
    expected.retain(|resource| evaluate::matches(&filter, resource));
    assert_eq!(rendered(world, principal, kind, Some(&filter), None), expected, "{text}");
    filter
}

fn decides(world: &World, kind: &'static ResourceType, filter: Filter) -> bool {
    world.done(move |store, _, _| Ok(store.decides(Shelf::of(kind), &filter)))
}

fn with_ids(text: &str, ids: &[String]) -> String {
    ids.iter()
        .enumerate()
        .fold(text.to_owned(), |text, (place, id)| text.replace(&format!("{{{place}}}"), id))
}

fn the_database_and_the_evaluator_agree_on_groups(world: &World) {
    let acme = world.acme();
    let ids = populate_groups(world, &acme.principal);
    for (text, indexed) in GROUP_FILTERS {
        let filter = check_filter(world, &acme.principal, &GROUP, &with_ids(text, &ids));
        assert_eq!(decides(world, &GROUP, filter), *indexed, "{text}");
    }
    // Ids are compared as they are.
    let upper = format!(r#"members.value eq "{}""#, ids[0].to_uppercase());
    check_filter(world, &acme.principal, &GROUP, &upper);
    // From the side of the user.
    let group = rendered(world, &acme.principal, &GROUP, None, None)[0]["id"].clone();
    for text in [
        format!("groups.value eq {group}"),
        format!("groups.value eq {}", group.to_string().to_uppercase()),
        "groups pr".to_owned(),
        r#"groups.display eq "STAFF""#.to_owned(),
        r#"not (groups[display sw "s"])"#.to_owned(),
        r#"groups.type eq "direct" and userName eq "ann""#.to_owned(),
    ] {
        check_filter(world, &acme.principal, &USER, &text);
    }
}

fn the_database_and_the_evaluator_agree_on_own_types(world: &World) {
    let acme = world.acme();
    populate_devices(world, &acme.principal);
    for (text, indexed) in DEVICE_FILTERS {
        let filter = check_filter(world, &acme.principal, device(), text);
        assert_eq!(decides(world, device(), filter), *indexed, "{text}");
    }
}

fn random_filter(rng: &mut TestRng, from: &[String], depth: u32) -> String {
    if depth == 0 || rng.next_u32().is_multiple_of(3) {
        return from[rng.next_u32() as usize % from.len()].clone();
    }
    let (left, right) = (random_filter(rng, from, depth - 1), random_filter(rng, from, depth - 1));
    match rng.next_u32() % 3 {
        0 => format!("({left} and {right})"),
        1 => format!("({left} or {right})"),
        _ => format!("not ({left})"),
    }
}

fn the_database_and_the_evaluator_agree_on_random_filters_of_groups(world: &World) {
    let acme = world.acme();
    let ids = populate_groups(world, &acme.principal);
    let from: Vec<String> = GROUP_FILTERS.iter().map(|(text, _)| with_ids(text, &ids)).collect();
    let mut rng = rng();
    for _ in 0..120 {
        check_filter(world, &acme.principal, &GROUP, &random_filter(&mut rng, &from, 3));
    }
}

/// The orders of a type: those of a column first.
fn orders(kind: &'static ResourceType) -> Vec<Sort> {
    let names: &[&str] = if kind.name == "Group" {
        &["displayName", "externalId", "id", "meta.created", "meta.lastModified", "members.value"]
    } else {
        &["externalId", "id", "meta.created", "serialNumber", "displayName", "owner.value", "until"]
    };
    let by = |name: &&str| kind.resolve(name).unwrap_or_else(|| panic!("{name}"));
    let both = |name| [false, true].map(|descending| Sort { by: by(name), descending });
    names.iter().flat_map(both).collect()
}

fn every_order_of_groups_and_own_types_is_that_of_the_evaluator(world: &World) {
    let acme = world.acme();
    populate_groups(world, &acme.principal);
    populate_devices(world, &acme.principal);
    for kind in [&GROUP, device()] {
        for sort in orders(kind) {
            let mut expected = rendered(world, &acme.principal, kind, None, None);
            expected.sort_by_key(|it| (sort_key(it, sort.by), it["id"].to_string()));
            if sort.descending {
                expected.reverse();
            }
            assert_eq!(
                rendered(world, &acme.principal, kind, None, Some(sort)),
                expected,
                "{} {}",
                sort.by,
                sort.descending
            );
        }
    }
}

fn pages_by_cursor_hold_every_group_and_own_resource_once(world: &World) {
    let acme = world.acme();
    populate_groups(world, &acme.principal);
    populate_devices(world, &acme.principal);
    for kind in [&GROUP, device()] {
        let evaluated = filter::parse(r#"meta.resourceType pr"#, kind).unwrap();
        for sort in orders(kind).into_iter().map(Some).chain([None]) {
            for filter in [None, Some(&evaluated)] {
                let whole = rendered(world, &acme.principal, kind, filter, sort);
                let (mut paged, mut cursor) = (Vec::new(), None);
                loop {
                    let page = (Page::Cursor(cursor.take()), 2);
                    let asked = (filter, sort);
                    let page = try_list(world, &acme.principal, kind, asked, page, WITH_ALL);
                    let page = page.expect("a page");
                    paged.extend(page.resources.iter().map(|shown| shown.render(kind, BASE)));
                    cursor = page.next;
                    if cursor.is_none() {
                        break;
                    }
                }
                assert_eq!(paged, whole, "{} {sort:?}", kind.name);
            }
        }
    }
}

/// A cursor is not signed: a key that somebody made up is no error of the database.
fn a_cursor_with_any_key_at_all_has_a_place_in_the_order(world: &World) {
    let acme = world.acme();
    populate_groups(world, &acme.principal);
    world.create(&acme.principal, json!({ "userName": "zoe", "active": false }));
    let keys = [
        None,
        Some(SortKey::Absent),
        Some(SortKey::Boolean(false)),
        Some(SortKey::Number(0.5)),
        Some(SortKey::Time(i128::MAX)),
        Some(SortKey::Time(i128::MIN)),
        Some(SortKey::Text("c".to_owned())),
    ];
    for (kind, names) in [
        (&GROUP, &["displayName", "externalId", "id", "meta.created", "members.value"][..]),
        (&USER, &["userName", "displayName", "active", "meta.lastModified", "title"]),
    ] {
        for (name, key, descending) in names.iter().flat_map(|name| {
            keys.iter().flat_map(move |key| [(name, key, false), (name, key, true)])
        }) {
            let by = kind.resolve(name).unwrap();
            let sort = Some(Sort { by, descending });
            let (place, made_at) =
                (key.clone().unwrap_or(SortKey::Absent), world.now().as_millis());
            let mut expected = rendered(world, &acme.principal, kind, None, sort);
            expected.retain(|it| {
                let (own, id) = (sort_key(it, by), it["id"].as_str().unwrap_or_default());
                let order = (&own, id).cmp(&(&place, "5"));
                if descending { order.is_lt() } else { order.is_gt() }
            });
            let cursor = Cursor { made_at, key: key.clone(), id: "5".to_owned() };
            let page = (Page::Cursor(Some(cursor)), 200);
            let page = try_list(world, &acme.principal, kind, (None, sort), page, WITH_ALL);
            let page = page.unwrap_or_else(|error| panic!("{name} {key:?}: {error}"));
            let found: Vec<Json> = page.resources.iter().map(|it| it.render(kind, BASE)).collect();
            assert_eq!(found, expected, "{name} {key:?} {descending}");
        }
    }
}

fn a_list_with_too_many_members_is_refused_and_not_without_them(world: &World) {
    let acme = world.acme();
    let group = world.group(&acme.principal, "Staff", &[]);
    let over = i64::try_from(limits::MEMBERS).unwrap() + 1;
    world.force(
        "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $3) \
         INSERT INTO group_members (group_id, member_id, organization_id, kind, added_at) \
         SELECT $1, 'm' || i, $2, 'User', 0 FROM n",
        vec![
            Value::from(group.id.to_string()),
            Value::from(acme.organization.to_string()),
            Value::Integer(over),
        ],
    );
    let page = || (Page::Index { start_index: 1 }, 10);
    let listed = try_list(world, &acme.principal, &GROUP, (None, None), page(), WITH_ALL);
    match listed {
        Err(ResourceError::Scim(error)) => assert_eq!(error.scim_type, Some("tooMany")),
        other => panic!("{:?}", other.map(|page| page.total)),
    }
    let bare = try_list(world, &acme.principal, &GROUP, (None, None), page(), With::default());
    assert_eq!(bare.unwrap().total, 1);
    world.force("DELETE FROM group_members WHERE member_id = 'm1'", Vec::new());
    let whole = try_list(world, &acme.principal, &GROUP, (None, None), page(), WITH_ALL).unwrap();
    assert_eq!(whole.resources[0].members.as_ref().map(Vec::len), Some(limits::MEMBERS));
}

fn types_are_apart_and_so_are_organizations(world: &World) {
    let acme = world.acme();
    let other = world.organization("other");
    let other = world.principal(other, None);
    let ids = populate_groups(world, &other);
    populate_devices(world, &other);
    let all =
        |kind, filter: Option<&Filter>| rendered(world, &acme.principal, kind, filter, None).len();
    for (text, _) in GROUP_FILTERS {
        let filter = filter::parse(&with_ids(text, &ids), &GROUP).unwrap();
        assert_eq!(all(&GROUP, Some(&filter)), 0, "{text}");
    }
    for (text, _) in DEVICE_FILTERS {
        assert_eq!(all(device(), Some(&filter::parse(text, device()).unwrap())), 0, "{text}");
    }
    assert_eq!([all(&USER, None), all(&GROUP, None), all(device(), None)], [0, 0, 0]);
    world.group(&acme.principal, "One", &[]);
    world.device(&acme.principal, a_device("1"));
    assert_eq!([all(&USER, None), all(&GROUP, None), all(device(), None)], [0, 1, 1]);
}
