//! The provisioning log: rows in the transaction of the write, in their order, for as long as they are kept.

use std::time::Duration;

use freehold_directory::provisioning_log::{self, Follower, LogEntry, LogQuery, LoggedEntry};
use freehold_directory::{
    OrganizationId, ResourceError, ScimPrincipal, housekeeping, tokens, users,
};
use freehold_scim::schema::USER;
use serde_json::json;

use crate::support::{LOG_LIFE, World, document, on_both_engines};

on_both_engines!(
    a_row_reads_back_as_it_was_written,
    a_row_with_characters_that_postgresql_does_not_hold_is_kept_without_them,
    a_row_of_a_write_goes_with_its_transaction,
    rows_written_together_keep_their_order,
    refusals_can_be_read_by_themselves,
    reading_goes_on_behind_a_row_and_misses_none,
    pages_go_back_from_the_newest,
    a_follower_gives_each_row_once_also_one_that_becomes_visible_late,
    a_follower_goes_on_after_a_pause_without_a_gap,
    tokens_are_told_by_their_descriptions,
    an_organization_reads_its_own_rows,
    rows_are_kept_for_their_time_and_not_longer,
);

fn entry(principal: &ScimPrincipal, world: &World, target: &str, status: u16) -> LogEntry {
    let refused = status >= 400;
    LogEntry {
        organization: principal.organization(),
        at: world.now(),
        token: Some(principal.token()),
        method: "POST".to_owned(),
        target: target.to_owned(),
        resource: (!refused).then(|| "01890000-0000-7000-8000-000000000000".to_owned()),
        status,
        detail: refused.then(|| "no".to_owned()),
        fix: refused.then(|| "change it".to_owned()),
        duration_ms: 7,
        body: Some(r#"{"userName":"***"}"#.to_owned()),
    }
}

fn record(world: &World, entries: &[LogEntry]) {
    let entries = entries.to_vec();
    world.done(move |store, now, rng| provisioning_log::record(store, entries.clone(), now, rng));
}

fn list(world: &World, of: OrganizationId, query: LogQuery, limit: u32) -> Vec<LoggedEntry> {
    world.done(move |store, _, _| provisioning_log::list(store, of, &query, limit))
}

fn tail(world: &World, of: OrganizationId, refused: bool, limit: u32) -> Vec<LoggedEntry> {
    let query = LogQuery { after: None, refused };
    world.done(move |store, _, _| provisioning_log::tail(store, of, &query, limit))
}

fn targets(entries: &[LoggedEntry]) -> Vec<&str> {
    entries.iter().map(|it| it.entry.target.as_str()).collect()
}

fn a_row_reads_back_as_it_was_written(world: &World) {
    let acme = world.acme();
    let plain = LogEntry {
        token: None,
        resource: None,
        detail: None,
        fix: None,
        body: None,
        ..entry(&acme.principal, world, "/Users?filter=ü", 200)
    };
    let full = entry(&acme.principal, world, "/Users", 409);
    record(world, &[plain.clone(), full.clone()]);
    let found = list(world, acme.organization, LogQuery::default(), 10);
    assert_eq!(found.into_iter().map(|it| it.entry).collect::<Vec<_>>(), [plain, full]);
}

fn a_row_with_characters_that_postgresql_does_not_hold_is_kept_without_them(world: &World) {
    let acme = world.acme();
    let odd = Some("a\0b".to_owned());
    let row = LogEntry {
        method: "GET\0".to_owned(),
        resource: odd.clone(),
        detail: odd.clone(),
        fix: odd.clone(),
        body: odd,
        ..entry(&acme.principal, world, "/\0", 404)
    };
    record(world, &[row, entry(&acme.principal, world, "/beside", 200)]);
    let found = list(world, acme.organization, LogQuery::default(), 10);
    assert_eq!(targets(&found), ["/", "/beside"]);
    let plain = Some("ab".to_owned());
    let LogEntry { method, resource, detail, fix, body, .. } = found[0].entry.clone();
    assert_eq!(
        (method.as_str(), [resource, detail, fix, body]),
        ("GET", [(); 4].map(|()| plain.clone()))
    );
}

fn a_row_of_a_write_goes_with_its_transaction(world: &World) {
    let acme = world.acme();
    let create = |name: &str| {
        let principal = acme.principal.clone();
        let (row, document) =
            (entry(&principal, world, name, 201), document(json!({ "userName": name })));
        world.run(move |store, now, rng| {
            // The row first: it must not stay when the write that it tells of is refused.
            provisioning_log::record(store, [row.clone()], now, rng)?;
            users::create(store, &principal, &USER, &document, now, rng).map(drop)
        })
    };
    create("ann").unwrap();
    assert!(matches!(create("ANN"), Err(ResourceError::Taken(_))));
    let found = list(world, acme.organization, LogQuery::default(), 10);
    assert_eq!(targets(&found), ["ann"]);
}

fn rows_written_together_keep_their_order(world: &World) {
    let acme = world.acme();
    // More than one statement takes, and no multiple of that.
    let names: Vec<String> = (0..333).map(|n| format!("/{n}")).collect();
    let entries: Vec<_> =
        names.iter().map(|name| entry(&acme.principal, world, name, 200)).collect();
    record(world, &entries);
    world.pass(Duration::from_millis(1));
    record(world, &[entry(&acme.principal, world, "/later", 200)]);
    let found = list(world, acme.organization, LogQuery::default(), 1_000);
    let mut expected: Vec<&str> = names.iter().map(String::as_str).collect();
    expected.push("/later");
    assert_eq!(targets(&found), expected);
    assert_eq!(targets(&tail(world, acme.organization, false, 3)), ["/331", "/332", "/later"]);
}

fn refusals_can_be_read_by_themselves(world: &World) {
    let acme = world.acme();
    for (name, status) in [("/a", 200), ("/b", 400), ("/c", 201), ("/d", 429), ("/e", 399)] {
        record(world, &[entry(&acme.principal, world, name, status)]);
        world.pass(Duration::from_millis(1));
    }
    let query = LogQuery { refused: true, after: None };
    assert_eq!(targets(&list(world, acme.organization, query, 10)), ["/b", "/d"]);
    assert_eq!(targets(&tail(world, acme.organization, true, 1)), ["/d"]);
    let found = tail(world, acme.organization, false, 10);
    assert!(found.iter().all(|it| it.entry.is_refusal() == (it.entry.status >= 400)));
}

fn reading_goes_on_behind_a_row_and_misses_none(world: &World) {
    let acme = world.acme();
    let rows: Vec<_> =
        (0..10).map(|n| entry(&acme.principal, world, &format!("/{n}"), 200)).collect();
    record(world, &rows);
    let (mut after, mut read) = (None, Vec::new());
    loop {
        let query = LogQuery { after: after.take(), refused: false };
        let page = list(world, acme.organization, query, 3);
        let Some(last) = page.last() else { break };
        after = Some(last.id.clone());
        read.extend(page);
    }
    assert_eq!(read.len(), 10);
    assert!(read.is_sorted_by(|one, other| one.id < other.id));
    // Everything of this moment is after the id of the moment, and nothing before is.
    let now = world.now();
    let since = |at| {
        let after = Some(provisioning_log::id_before(at));
        list(world, acme.organization, LogQuery { after, refused: false }, 100).len()
    };
    assert_eq!((since(now), since(now.plus(Duration::from_millis(1)))), (10, 0));
}

fn pages_go_back_from_the_newest(world: &World) {
    let acme = world.acme();
    let organization = acme.organization;
    for (name, status) in [("/a", 200), ("/b", 400), ("/c", 200), ("/d", 404), ("/e", 200)] {
        record(world, &[entry(&acme.principal, world, name, status)]);
        world.pass(Duration::from_millis(1));
    }
    let page = |before: Option<&str>, refused: bool| {
        let before = before.map(str::to_owned);
        world.done(move |store, _, _| {
            provisioning_log::page_before(store, organization, before.as_deref(), refused, 2)
        })
    };
    let first = page(None, false);
    assert_eq!(targets(&first), ["/e", "/d"]);
    let second = page(Some(&first[1].id), false);
    assert_eq!(targets(&second), ["/c", "/b"]);
    assert_eq!(targets(&page(Some(&second[1].id), false)), ["/a"]);
    assert_eq!(targets(&page(None, true)), ["/d", "/b"]);
    assert_eq!(targets(&page(Some(&first[1].id), true)), ["/b"]);
}

/// Looks until there is nothing new.
fn look(world: &World, follower: &mut Follower) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        let followed = follower.clone();
        let entries = world.done(move |store, _, _| followed.look(store, 2));
        follower.saw(&entries, world.now());
        if entries.is_empty() {
            return found;
        }
        found.extend(entries.into_iter().map(|it| it.entry.target));
    }
}

fn follow(world: &World, organization: OrganizationId) -> Follower {
    world.done(move |store, now, _| Follower::begin(store, organization, now))
}

fn a_follower_gives_each_row_once_also_one_that_becomes_visible_late(world: &World) {
    let acme = world.acme();
    record(world, &[entry(&acme.principal, world, "/before", 200)]);
    let mut follower = follow(world, acme.organization);
    assert!(look(world, &mut follower).is_empty());
    let names: Vec<String> = (0..5).map(|n| format!("/{n}")).collect();
    let rows: Vec<_> = names.iter().map(|name| entry(&acme.principal, world, name, 200)).collect();
    record(world, &rows);
    assert_eq!(look(world, &mut follower), names);
    assert!(look(world, &mut follower).is_empty());
    // Written at a moment before, and committed after what was given.
    let (earlier, late) = (world.now(), entry(&acme.principal, world, "/late", 200));
    world.pass(Duration::from_secs(2));
    record(world, &[entry(&acme.principal, world, "/next", 200)]);
    assert_eq!(look(world, &mut follower), ["/next"]);
    world.done(move |store, _, rng| provisioning_log::record(store, [late.clone()], earlier, rng));
    assert_eq!(look(world, &mut follower), ["/late"]);
    assert!(look(world, &mut follower).is_empty());
}

fn a_follower_goes_on_after_a_pause_without_a_gap(world: &World) {
    let acme = world.acme();
    let mut follower = follow(world, acme.organization);
    record(world, &[entry(&acme.principal, world, "/meanwhile", 200)]);
    // As when the database could not be reached for longer than rows take to settle.
    world.pass(provisioning_log::SETTLES * 10);
    record(world, &[entry(&acme.principal, world, "/now", 200)]);
    assert_eq!(look(world, &mut follower), ["/meanwhile", "/now"]);
    world.pass(provisioning_log::SETTLES * 10);
    assert!(look(world, &mut follower).is_empty());
    assert!(look(world, &mut follower).is_empty(), "what was forgotten does not come again");
}

fn tokens_are_told_by_their_descriptions(world: &World) {
    let acme = world.acme();
    let other = world.principal(world.organization("other"), None);
    let (own, foreign) = (acme.principal.token(), other.token());
    let organization = acme.organization;
    let told = world.done(move |store, _, _| {
        tokens::descriptions(store, organization, [own, foreign, own].into_iter())
    });
    assert_eq!(told.keys().collect::<Vec<_>>(), [&own]);
    assert!(!told[&own].is_empty());
}

fn an_organization_reads_its_own_rows(world: &World) {
    let acme = world.acme();
    let other = world.organization("other");
    let stranger = world.principal(other, None);
    record(
        world,
        &[entry(&acme.principal, world, "/ours", 200), entry(&stranger, world, "/theirs", 400)],
    );
    assert_eq!(targets(&tail(world, acme.organization, false, 10)), ["/ours"]);
    assert_eq!(targets(&list(world, other, LogQuery::default(), 10)), ["/theirs"]);
    assert!(tail(world, acme.organization, true, 10).is_empty());
}

fn rows_are_kept_for_their_time_and_not_longer(world: &World) {
    let acme = world.acme();
    record(world, &[entry(&acme.principal, world, "/old", 200)]);
    world.pass(Duration::from_secs(60));
    record(world, &[entry(&acme.principal, world, "/new", 200)]);
    let collect = || world.done(|store, now, _| housekeeping::collect(store, LOG_LIFE, now)).log;
    world.pass(LOG_LIFE - Duration::from_millis(60_001));
    assert_eq!(collect(), 0);
    world.pass(Duration::from_millis(1));
    assert_eq!(collect(), 1);
    assert_eq!(targets(&tail(world, acme.organization, false, 10)), ["/new"]);
}
