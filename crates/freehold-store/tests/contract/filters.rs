//! Lists: the database and the reference evaluator give one verdict, and indexes are used.

use freehold_directory::listing::{self, ListPage, ListRequest, Shelf, Slice, Start, Stored, With};
use freehold_directory::users;
use freehold_directory::{ScimPrincipal, Store, StoreError, Timestamp};
use freehold_scim::evaluate;
use freehold_scim::filter::{self, Filter};
use freehold_scim::list::{Page, Sort};
use freehold_scim::schema::USER;
use freehold_scim::sort::sort_key;
use freehold_store::sql::SqlStore;
use freehold_store::{Row, Tx, Value};
use serde_json::json;

use crate::support::{BASE, TestRng, World, on_both_engines, rng};
use rand_core::Rng as _;

on_both_engines!(
    the_database_and_the_evaluator_agree_on_chosen_filters,
    the_database_and_the_evaluator_agree_on_random_filters,
    pages_are_stable_and_counted,
    pages_of_evaluated_filters_are_stable_and_counted,
    who_shares_an_external_id_is_listed_in_the_order_of_ids,
    nobody_of_another_organization_and_nobody_deleted_is_listed,
    look_ups_go_through_an_index,
    a_filter_that_is_evaluated_looks_at_the_clock_for_each_resource,
    the_database_and_the_evaluator_agree_on_the_order,
    pages_by_cursor_hold_everybody_once_in_every_order,
);

/// What the indexes decide.
const INDEXED: &[&str] = &[
    r#"userName eq "ann""#,
    r#"USERNAME Eq "ANN""#,
    r#"userName eq "ÄNNE""#,
    r#"userName eq "nobody""#,
    r#"userName ne "ann""#,
    r#"userName gt "b" and userName le "z""#,
    r#"userName pr"#,
    r#"not (userName eq "ann")"#,
    r#"externalId eq "Ext-1""#,
    r#"externalId eq "ext-1""#,
    r#"externalId eq "AAAAAAAA-0000-4000-8000-000000000001""#,
    r#"externalId eq "aaaaaaaa-0000-4000-8000-000000000001""#,
    r#"externalId ne "Ext-1""#,
    r#"externalId pr"#,
    r#"not (externalId pr)"#,
    r#"externalId eq null"#,
    r#"externalId ne null"#,
    r#"displayName eq "STRASSE""#,
    r#"displayName ne "strasse""#,
    r#"displayName lt "n""#,
    r#"not (displayName gt "a")"#,
    r#"displayName pr"#,
    r#"active eq true"#,
    r#"active eq "False""#,
    r#"active ne true"#,
    r#"active pr"#,
    r#"emails.value eq "ANN@x.test""#,
    r#"emails eq "ann@x.test""#,
    r#"emails[value eq "ann@x.test"]"#,
    r#"emails[type eq "work" and value eq "ann@x.test"]"#,
    r#"emails[type eq "Work"].value eq "second@x.test""#,
    r#"emails.value pr"#,
    r#"not (emails.value eq "ann@x.test")"#,
    r#"meta.created gt "2026-11-18T11:06:40.003Z""#,
    r#"meta.created ge "2026-11-18T11:06:40.003Z""#,
    r#"meta.created lt "2026-11-18T11:06:40.0030001Z""#,
    r#"meta.created eq "2026-11-18T11:06:40.003Z""#,
    r#"meta.created ne "2026-11-18T11:06:40.0030001Z""#,
    r#"meta.created ge "2026-11-18T11:06:40.0029999Z""#,
    r#"meta.created lt "1960-01-01T00:00:00Z""#,
    r#"meta.lastModified le "2026-11-18T12:06:40.004+01:00""#,
    r#"userName co "n""#,
    r#"userName sw "A""#,
    r#"userName ew "e""#,
    r#"emails[type eq "work" and value co "ann"]"#,
    r#"emails.value co "SECOND""#,
    r#"displayName ew "SSE""#,
    r#"displayName co """#,
    r#"displayName ew """#,
    r#"displayName sw "%_""#,
    r#"externalId sw "Ext""#,
    r#"emails.value sw "SECOND""#,
    r#"emails[type eq "home"].value ew ".test""#,
    r#"not (externalId co "xt")"#,
    r#"groups.value eq "nothing""#,
    r#"groups pr"#,
    r#"userName eq "ann" or userName eq "bob" or externalId eq "Ext-1""#,
    r#"(userName eq "ann" or displayName eq "strasse") and active eq true"#,
    r#"not (userName eq "ann" and active eq true)"#,
];

/// What only documents decide; some of it is narrowed first.
const EVALUATED: &[&str] = &[
    r#"name.familyName eq "öz""#,
    r#"name.familyName pr"#,
    r#"not (name.familyName pr)"#,
    r#"title eq "Boss" and active eq true"#,
    r#"title eq "Boss" or userName eq "ann""#,
    r#"not (title eq "boss" and userName eq "ann")"#,
    r#"emails pr"#,
    r#"emails.type eq "work""#,
    r#"emails[type eq "work"]"#,
    r#"emails[value eq "ann@x.test" and primary eq true]"#,
    r#"emails[value eq "ann@x.test" and not (type eq "home")]"#,
    r#"emails[value eq "ann@x.test" or type eq "home"]"#,
    r#"emails.value ne "ann@x.test""#,
    r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "r&d""#,
    r#"meta.resourceType eq "User""#,
    r#"meta.location ew "Users""#,
    r#"schemas eq "urn:ietf:params:scim:schemas:core:2.0:User""#,
];

fn parse(text: &str) -> Filter {
    filter::parse(text, &USER).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// People of every shape that the filters are about.
fn populate(world: &World, principal: &ScimPrincipal) {
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    for body in [
        json!({ "userName": "ann", "externalId": "Ext-1", "displayName": "Ann", "title": "boss",
                "active": true, "emails": [{ "value": "ann@x.test", "type": "work" },
                { "value": "second@x.test", "type": "home" }] }),
        json!({ "userName": "Änne", "externalId": "ext-1", "name": { "familyName": "Öz" },
                "emails": [{ "value": "ann@x.test", "type": "home", "primary": true },
                { "value": "second@x.test", "type": "work" }] }),
        json!({ "userName": "Bob", "displayName": "Straße", "active": false, "title": "Boss",
                "externalId": "AAAAAAAA-0000-4000-8000-000000000001" }),
        json!({ "userName": "carl", "displayName": "STRASSE", "emails": [{ "value": "ANN@X.TEST" }],
                enterprise: { "department": "R&D" } }),
        json!({ "userName": "Zoë", "active": false, "emails": [{ "type": "work", "display": "z" }] }),
        json!({ "userName": "\u{1F511}", "displayName": "%_\\'\"" }),
    ] {
        world.create(principal, body);
    }
}

fn list(
    world: &World,
    principal: &ScimPrincipal,
    filter: Option<&Filter>,
    start_index: u64,
    count: u64,
) -> ListPage {
    list_page(world, principal, (filter, None), Page::Index { start_index }, count)
}

fn list_page(
    world: &World,
    principal: &ScimPrincipal,
    (filter, sort): (Option<&Filter>, Option<Sort>),
    page: Page,
    count: u64,
) -> ListPage {
    let (principal, filter) = (principal.clone(), filter.cloned());
    let listed = world.run(move |store, now, _| {
        let (kind, filter, with) = (&USER, filter.as_ref(), With::default());
        let base_url = BASE;
        let page = &page;
        let request = ListRequest { kind, filter, sort, page, count, with, base_url };
        listing::list(store, &principal, &request, now)
    });
    listed.expect("a page")
}

fn names(page: &ListPage) -> Vec<String> {
    let user = |stored: &Stored| match stored {
        Stored::User(user) => user.document.user_name().to_owned(),
        other => panic!("{other:?} is no user"),
    };
    page.resources.iter().map(|shown| user(&shown.stored)).collect()
}

/// What the reference says, in the order of creation.
fn expected(world: &World, principal: &ScimPrincipal, filter: &Filter) -> Vec<String> {
    let mut all = list(world, principal, None, 1, 10_000);
    all.resources.retain(|shown| evaluate::matches(filter, &shown.render(&USER, BASE)));
    names(&all)
}

fn decides(world: &World, filter: &Filter) -> bool {
    let filter = filter.clone();
    world.done(move |store, _, _| Ok(store.decides(Shelf::Users, &filter)))
}

fn the_database_and_the_evaluator_agree_on_chosen_filters(world: &World) {
    let acme = world.acme();
    populate(world, &acme.principal);
    for (texts, indexed) in [(INDEXED, true), (EVALUATED, false)] {
        for text in texts {
            let filter = parse(text);
            let page = list(world, &acme.principal, Some(&filter), 1, 100);
            assert_eq!(names(&page), expected(world, &acme.principal, &filter), "{text}");
            assert_eq!(page.total, page.resources.len() as u64, "{text}");
            assert_eq!(decides(world, &filter), indexed, "{text}");
        }
    }
}

/// A filter built of all that the grammar has, at random.
fn random_filter(rng: &mut TestRng, depth: u32) -> String {
    let pick =
        |rng: &mut TestRng, from: &[&str]| from[rng.next_u32() as usize % from.len()].to_owned();
    if depth > 0 && rng.next_u32().is_multiple_of(2) {
        let (left, right) = (random_filter(rng, depth - 1), random_filter(rng, depth - 1));
        return match rng.next_u32() % 3 {
            0 => format!("({left} and {right})"),
            1 => format!("({left} or {right})"),
            _ => format!("not ({left})"),
        };
    }
    if rng.next_u32().is_multiple_of(3) {
        return pick(rng, INDEXED);
    }
    if rng.next_u32().is_multiple_of(3) {
        return pick(rng, EVALUATED);
    }
    let texts = ["userName", "displayName", "externalId", "emails.value", "name.familyName", "id"];
    let operators = ["eq", "ne", "gt", "ge", "lt", "le", "co", "sw", "ew"];
    let words = ["ann", "ANN", "b", "öz", "%", "_", "ext-1", "Ext-1", "zoë", "ann@x.test", "0"];
    format!("{} {} \"{}\"", pick(rng, &texts), pick(rng, &operators), pick(rng, &words))
}

fn the_database_and_the_evaluator_agree_on_random_filters(world: &World) {
    let acme = world.acme();
    populate(world, &acme.principal);
    let mut rng = rng();
    for _ in 0..300 {
        let text = random_filter(&mut rng, 3);
        let filter = parse(&text);
        let page = list(world, &acme.principal, Some(&filter), 1, 100);
        assert_eq!(names(&page), expected(world, &acme.principal, &filter), "{text}");
    }
}

fn crowd(world: &World, principal: &ScimPrincipal, count: usize) {
    let principal = principal.clone();
    world.done(move |store, now, rng| {
        for n in 0..count {
            let body = json!({ "userName": format!("user{n:04}"), "title": format!("t{}", n % 2) });
            let document = crate::support::document(body);
            users::create(store, &principal, &USER, &document, now.plus(ms(n)), rng)
                .map_err(as_store)?;
        }
        Ok(())
    });
}

fn ms(n: usize) -> std::time::Duration {
    std::time::Duration::from_millis(n as u64)
}

fn as_store(error: freehold_directory::ResourceError) -> StoreError {
    StoreError::Other(error.to_string())
}

fn check_pages(world: &World, principal: &ScimPrincipal, filter: Option<&Filter>, total: u64) {
    let all = names(&list(world, principal, filter, 1, 10_000));
    assert_eq!(all.len() as u64, total);
    assert!(all.is_sorted());
    let mut paged = Vec::new();
    let mut start = 1;
    loop {
        let page = list(world, principal, filter, start, 97);
        assert_eq!(page.total, total);
        if page.resources.is_empty() {
            break;
        }
        start += page.resources.len() as u64;
        paged.extend(names(&page));
    }
    assert_eq!(paged, all);
    // RFC 7644 §3.4.2.4: less than 1 is read as 1; a count of 0 asks for the total only.
    assert_eq!(names(&list(world, principal, filter, 0, 1)), all[..1]);
    let none = list(world, principal, filter, 1, 0);
    assert_eq!((none.total, none.resources.len()), (total, 0));
}

fn pages_are_stable_and_counted(world: &World) {
    let acme = world.acme();
    crowd(world, &acme.principal, 250);
    check_pages(world, &acme.principal, None, 250);
    check_pages(world, &acme.principal, Some(&parse(r#"userName lt "user0100""#)), 100);
}

fn pages_of_evaluated_filters_are_stable_and_counted(world: &World) {
    let acme = world.acme();
    // More than two pages of a scan, and exactly two in the narrowed one.
    crowd(world, &acme.principal, 450);
    check_pages(world, &acme.principal, Some(&parse(r#"title eq "t1""#)), 225);
    let narrowed = parse(r#"userName lt "user0400" and title eq "T0""#);
    check_pages(world, &acme.principal, Some(&narrowed), 200);
}

/// The index has them in the order of their connections.
fn who_shares_an_external_id_is_listed_in_the_order_of_ids(world: &World) {
    let acme = world.acme();
    let connections: Vec<String> = (0..6).map(|number| format!("idp-{number}")).collect();
    for connection in &connections {
        world.connection(acme.organization, connection);
    }
    for (number, connection) in connections.iter().rev().enumerate() {
        let principal = world.principal(acme.organization, Some(connection));
        world.person(&principal, &format!("user{number}"), "shared");
    }
    let filter = parse(r#"externalId eq "shared""#);
    let everybody = ["user0", "user1", "user2", "user3", "user4", "user5"];
    for (start, count, expected) in
        [(1, 100, &everybody[..]), (1, 2, &everybody[..2]), (3, 2, &everybody[2..4])]
    {
        let page = list(world, &acme.principal, Some(&filter), start, count);
        assert_eq!(names(&page), expected);
        assert_eq!(page.total, 6);
    }
}

fn nobody_of_another_organization_and_nobody_deleted_is_listed(world: &World) {
    let acme = world.acme();
    let other = world.organization("other");
    let other = world.principal(other, None);
    populate(world, &other);
    populate(world, &acme.principal);
    let gone = world.create(
        &acme.principal,
        json!({ "userName": "gone", "title": "boss",
        "emails": [{ "value": "gone@x.test", "type": "work" }] }),
    );
    world.delete(&acme.principal, gone.id).unwrap();
    for text in INDEXED.iter().chain(EVALUATED) {
        let filter = parse(text);
        for shown in list(world, &acme.principal, Some(&filter), 1, 100).resources {
            let Stored::User(user) = shown.stored else { panic!("{text}: no user") };
            assert_eq!(user.organization, acme.organization, "{text}");
            assert_ne!(user.id, gone.id, "{text}");
        }
    }
    assert_eq!(list(world, &acme.principal, None, 1, 100).total, 6);
    let gone = parse(r#"emails.value eq "gone@x.test""#);
    assert_eq!(list(world, &acme.principal, Some(&gone), 1, 100).total, 0);
}

/// Passes statements on and writes them down.
struct Recorder<'a> {
    tx: &'a mut dyn Tx,
    statements: Vec<(String, Vec<Value>)>,
    /// How often it was asked whether there is time left.
    looked_at_the_clock: u64,
}

impl<'a> Recorder<'a> {
    fn of(tx: &'a mut dyn Tx) -> Self {
        Self { tx, statements: Vec::new(), looked_at_the_clock: 0 }
    }
}

impl Tx for Recorder<'_> {
    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        self.tx.execute(sql, values)
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.statements.push((sql.to_owned(), values.to_vec()));
        self.tx.query(sql, values)
    }

    fn on_time(&mut self) -> Result<(), StoreError> {
        self.looked_at_the_clock += 1;
        self.tx.on_time()
    }
}

/// A filter of many terms over long texts takes its time between two statements.
fn a_filter_that_is_evaluated_looks_at_the_clock_for_each_resource(world: &World) {
    let acme = world.acme();
    crowd(world, &acme.principal, 30);
    let principal = acme.principal.clone();
    let looked: Result<u64, StoreError> = world.database.read_tx_blocking(move |tx| {
        let mut recorder = Recorder::of(tx);
        let (filter, page) = (parse(r#"title co "t""#), Page::Index { start_index: 1 });
        let request = ListRequest {
            kind: &USER,
            filter: Some(&filter),
            sort: None,
            page: &page,
            count: 1,
            with: With::default(),
            base_url: BASE,
        };
        let now = Timestamp::from_millis(0);
        let listed = listing::list(&mut SqlStore(&mut recorder), &principal, &request, now);
        assert_eq!(listed.expect("a list").total, 30);
        Ok(recorder.looked_at_the_clock)
    });
    assert!(looked.unwrap() >= 30);
}

/// How SQLite finds the rows of a look-up.
fn plan(world: &World, principal: &ScimPrincipal, text: &str) -> String {
    let (organization, filter) = (principal.organization(), parse(text));
    let plan: Result<String, StoreError> = world.database.read_tx_blocking(move |tx| {
        let mut recorder = Recorder::of(tx);
        let store: &mut dyn Store = &mut SqlStore(&mut recorder);
        let (shelf, filter) = (Shelf::Users, Some(&filter));
        let slice = Slice { shelf, filter, sort: None, start: Start::Offset(0), limit: 10 };
        store.slice(organization, &slice)?;
        let (sql, values) = recorder.statements.remove(0);
        let rows = recorder.tx.query(&format!("EXPLAIN QUERY PLAN {sql}"), &values)?;
        let steps: Result<Vec<String>, _> = rows.iter().map(|row| row.text(3)).collect();
        Ok(steps?.join("; "))
    });
    plan.unwrap()
}

fn look_ups_go_through_an_index(world: &World) {
    if !world.is_sqlite() {
        // PostgreSQL plans by statistics, which a database of a moment does not have.
        return;
    }
    let acme = world.acme();
    for (text, index) in [
        (r#"userName eq "ann""#, "users_user_name (organization_id=? AND user_name_key=?)"),
        (r#"externalId eq "x""#, "users_external_id (organization_id=? AND external_key=?)"),
        (
            r#"displayName eq "ann""#,
            "users_by_display_name (organization_id=? AND display_name_key=?)",
        ),
        (
            r#"emails.value eq "a@x.test""#,
            "user_emails_by_value (organization_id=? AND value_key=?)",
        ),
        (r#"emails[type eq "work"].value eq "a@x.test""#, "user_emails_by_value"),
        (r#"active eq false"#, "users_by_active (organization_id=? AND active=?)"),
        (r#"id eq "x""#, "id=?"),
        (
            r#"userName eq "ann" or externalId eq "x""#,
            "users_user_name (organization_id=? AND user_name_key=?)",
        ),
        (
            r#"externalId eq "x" or userName eq "ann""#,
            "users_external_id (organization_id=? AND external_key=?)",
        ),
    ] {
        let plan = plan(world, &acme.principal, text);
        assert!(plan.contains(index), "{text}: {plan}");
        assert!(!plan.contains("SCAN users"), "{text}: {plan}");
    }
}

#[test]
fn a_filter_of_random_shape_parses() {
    let mut rng = rng();
    for _ in 0..1_000 {
        parse(&random_filter(&mut rng, 3));
    }
}

/// Every order that a column has, and some that only documents have.
const ORDERS: &[&str] = &[
    "userName",
    "displayName",
    "externalId",
    "id",
    "active",
    "meta.created",
    "name.familyName",
    "emails.value",
    "title",
];

fn sort(name: &str, descending: bool) -> Sort {
    Sort { by: USER.resolve(name).unwrap(), descending }
}

fn the_database_and_the_evaluator_agree_on_the_order(world: &World) {
    let acme = world.acme();
    populate(world, &acme.principal);
    for (name, descending) in ORDERS.iter().flat_map(|name| [(name, false), (name, true)]) {
        let by = sort(name, descending);
        let page = Page::Index { start_index: 1 };
        let sorted = list_page(world, &acme.principal, (None, Some(by)), page, 100);
        let mut expected = list(world, &acme.principal, None, 1, 100).resources;
        expected
            .sort_by_cached_key(|it| (sort_key(&it.render(&USER, BASE), by.by), it.stored.id()));
        if descending {
            expected.reverse();
        }
        let expected = ListPage { resources: expected, ..sorted.clone() };
        assert_eq!(names(&sorted), names(&expected), "{name} {descending}");
        assert_eq!(sorted.total, 6);
    }
}

fn pages_by_cursor_hold_everybody_once_in_every_order(world: &World) {
    let acme = world.acme();
    populate(world, &acme.principal);
    let filter = parse(r#"userName pr and not (name.familyName eq "nobody")"#);
    let orders = ORDERS.iter().flat_map(|name| [Some(sort(name, false)), Some(sort(name, true))]);
    for by in orders.chain([None]) {
        for filter in [None, Some(&filter)] {
            let whole = list_page(world, &acme.principal, (filter, by), Page::Cursor(None), 100);
            assert!(whole.next.is_none());
            let (mut paged, mut cursor) = (Vec::new(), None);
            loop {
                let page = Page::Cursor(cursor.take());
                let page = list_page(world, &acme.principal, (filter, by), page, 2);
                assert_eq!(page.total, 6);
                paged.extend(names(&page));
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(paged, names(&whole), "{by:?}");
            assert_eq!(paged.len(), 6);
        }
    }
}
