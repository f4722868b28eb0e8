//! People as admins look for them: found by the beginnings of names, words and addresses, page by page, each once.

use std::collections::HashSet;
use std::time::Duration;

use freehold_directory::authority::Mandate;
use freehold_directory::people::groups::GroupSearch;
use freehold_directory::people::{
    self, ListError, Listed, Page, Person, Query, Search, Stuck, Whom,
};
use freehold_directory::{OrganizationId, ShownState, StoreError, UserId, roles};
use freehold_sso_testing::VerifiedAssertion;
use freehold_wire::ConnectionId;
use serde_json::json;

use crate::support::{Acme, Cookie, World, issuer_of, minutes, on_both_engines};

on_both_engines!(
    a_search_finds_beginnings_of_names_words_addresses_and_ids,
    a_search_is_folded_and_wildcards_are_letters,
    who_is_found_in_several_ways_is_listed_once_on_every_size_of_page,
    a_page_goes_on_where_the_one_before_ended_in_every_state,
    a_search_in_a_state_finds_the_same_among_few_and_among_many,
    what_changes_is_found_by_its_new_name_only,
    words_in_the_migration_are_the_words_of_the_directory,
    a_count_ends_early,
    who_waits_longest_is_first_and_days_are_counted,
    a_person_s_steps_are_told_with_their_times,
    set_up_is_noted_once_and_anew_after_a_reset,
    a_refused_sign_in_is_noted_at_whom_it_concerns,
    nobody_of_another_organization_is_found,
    an_admin_ends_sessions_of_the_own_organization_only,
    groups_are_listed_by_name_with_who_becomes_an_admin,
);

const DAY: Duration = Duration::from_secs(86_400);

/// An admin of an organization, as a session that can ask.
fn admin(world: &World, acme: &Acme) -> Cookie {
    let user = world.person(&acme.principal, "zz-admin", "zz-admin");
    let mandate = Mandate::operator(acme.organization);
    world
        .run(move |store, now, rng| roles::grant_admin(store, mandate, user.id, now, rng))
        .unwrap();
    world.sign_in(acme, "zz-admin")
}

fn query(whom: Whom, search: &str) -> Query {
    Query { whom, search: Search::parse(search).unwrap(), connection: None }
}

fn page(
    world: &World,
    cookie: &Cookie,
    query: &Query,
    cursor: Option<&str>,
    limit: u64,
) -> Result<Page, String> {
    let (query, cursor) = (query.clone(), cursor.map(str::to_owned));
    world
        .with_session(cookie, move |store, session, _, _| {
            let admin = session.admin().expect("an admin");
            people::list(store, admin, &query, cursor.as_deref(), limit)
        })
        .map_err(|error: ListError| error.to_string())
}

/// Everybody who is listed, in pages of this size.
fn all(world: &World, cookie: &Cookie, query: &Query, limit: u64) -> Vec<Listed> {
    let mut all = Vec::new();
    let mut cursor = None;
    loop {
        let page = page(world, cookie, query, cursor.as_deref(), limit).unwrap();
        assert!(page.people.len() as u64 <= limit);
        assert!(page.next.is_none() || page.people.len() as u64 == limit);
        all.extend(page.people);
        cursor = page.next;
        if cursor.is_none() {
            return all;
        }
    }
}

fn names(world: &World, cookie: &Cookie, query: &Query, limit: u64) -> Vec<String> {
    all(world, cookie, query, limit).into_iter().map(|one| one.user_name).collect()
}

fn found(world: &World, cookie: &Cookie, text: &str) -> Vec<String> {
    names(world, cookie, &query(Whom::Everybody, text), 100)
}

fn find(world: &World, cookie: &Cookie, id: UserId) -> Option<Person> {
    let found: Result<_, StoreError> = world.with_session(cookie, move |store, session, now, _| {
        people::find(store, session.admin().expect("an admin"), id, now)
    });
    found.unwrap()
}

fn a_search_finds_beginnings_of_names_words_addresses_and_ids(world: &World) {
    let acme = world.acme();
    let cookie = admin(world, &acme);
    world.create(
        &acme.principal,
        json!({ "userName": "u1", "displayName": "Jan van der Berg-Öz", "externalId": "Ext-1",
                "emails": [{ "value": "info@berg.example" }, { "value": "j@other.example" }] }),
    );
    let guid = "AAAAAAAA-0000-4000-8000-00000000000F";
    world.create(&acme.principal, json!({ "userName": "u2", "externalId": guid }));
    for text in ["U1", "jan", "JAN VAN", "van der  b", "berg", "öz", "INFO@", "j@o", "Ext-1", "Ext"]
    {
        assert_eq!(found(world, &cookie, text), ["u1"], "{text}");
    }
    for text in ["1", "an", "er", "example", "ext", "jan berg"] {
        assert!(found(world, &cookie, text).is_empty(), "{text}");
    }
    for text in ["AAAAaaaa-0", &guid.to_lowercase(), guid] {
        assert_eq!(found(world, &cookie, text), ["u2"], "{text}");
    }
    assert_eq!(found(world, &cookie, "u"), ["u1", "u2"]);
}

fn a_search_is_folded_and_wildcards_are_letters(world: &World) {
    let acme = world.acme();
    let cookie = admin(world, &acme);
    for (name, shown) in [
        ("änne", "Straße %"),
        ("a_b", "x 100% sure"),
        ("axb", "x \u{10FFFF}y"),
        ("a%b", "it's"),
        ("Ｂob", "\\back"),
    ] {
        world.create(&acme.principal, json!({ "userName": name, "displayName": shown }));
    }
    assert_eq!(found(world, &cookie, "ÄNNE"), ["änne"]);
    assert_eq!(found(world, &cookie, "A\u{308}n"), ["änne"]);
    assert_eq!(found(world, &cookie, "STRASSE"), ["änne"]);
    assert_eq!(found(world, &cookie, "bob"), ["Ｂob"]);
    assert_eq!(found(world, &cookie, "a_"), ["a_b"]);
    assert_eq!(found(world, &cookie, "a%"), ["a%b"]);
    assert_eq!(found(world, &cookie, "100%"), ["a_b"]);
    assert_eq!(found(world, &cookie, "%"), ["änne"], "a word of its own");
    assert_eq!(found(world, &cookie, "\u{10FFFF}"), ["axb"]);
    assert_eq!(found(world, &cookie, "\\"), ["Ｂob"]);
    for nobody in ["_", "'", "' OR 1=1 --", "\u{FFFD}"] {
        assert!(found(world, &cookie, nobody).is_empty(), "{nobody}");
    }
}

fn who_is_found_in_several_ways_is_listed_once_on_every_size_of_page(world: &World) {
    let acme = world.acme();
    let cookie = admin(world, &acme);
    for n in 0..30 {
        // Each is found in another mixture of ways; some addresses and words twice.
        let has = |bit: u32| n & (1 << bit) != 0;
        let name = |hit: bool, rest: &str| format!("{}{rest}{n:02}", if hit { "k" } else { "x" });
        let word = if has(1) { "Kim K-Ko kim" } else { "Other" };
        let email = name(has(2), "mail@a.example");
        let mut body = json!({
            "userName": name(has(0), "user"),
            "displayName": format!("{} {word}", if has(4) { "Kay" } else { "Zoe" }),
            "emails": [{ "value": email, "type": "work" }, { "value": email, "type": "home" },
                       { "value": name(has(2), "second@a.example") }],
        });
        if has(3) {
            body["externalId"] = json!(format!("k{n}"));
        }
        world.create(&acme.principal, body);
    }
    let wanted = query(Whom::Everybody, "k");
    let expected = names(world, &cookie, &wanted, 100);
    assert_eq!(expected.len(), 29, "all but the one that has no bit");
    assert_eq!(expected.iter().collect::<HashSet<_>>().len(), 29);
    for limit in [1, 2, 3, 7, 28, 29, 30] {
        assert_eq!(names(world, &cookie, &wanted, limit), expected, "{limit}");
    }
    let count = page(world, &cookie, &wanted, None, 5).unwrap().count;
    assert_eq!(count, Some(29));
}

fn a_page_goes_on_where_the_one_before_ended_in_every_state(world: &World) {
    let acme = world.acme();
    let cookie = admin(world, &acme);
    let mut ids = Vec::new();
    for n in 0..9 {
        ids.push(world.person(&acme.principal, &format!("u{n}"), &format!("u{n}")).id);
    }
    // Several at one moment: the id decides.
    for id in &ids[3..6] {
        world.set_active(&acme.principal, *id, false);
    }
    for id in &ids[6..9] {
        world.delete(&acme.principal, *id).unwrap();
    }
    for (whom, expected) in [
        (Whom::In(ShownState::Pending), vec!["zz-admin", "u0", "u1", "u2"]),
        (Whom::In(ShownState::Suspended), vec!["u5", "u4", "u3"]),
        (Whom::DeletedAfter(world.now().minus(DAY)), vec!["u8", "u7", "u6"]),
        (Whom::In(ShownState::Ready), vec![]),
        (Whom::Everybody, vec!["u0", "u1", "u2", "u3", "u4", "u5", "zz-admin"]),
    ] {
        for limit in [1, 2, 3, 100] {
            assert_eq!(names(world, &cookie, &query(whom, ""), limit), expected, "{whom:?}");
        }
        // Few are in each state, so a search goes the state's way and has its order.
        let found: Vec<_> = expected.iter().copied().filter(|name| name.starts_with('u')).collect();
        for limit in [1, 2, 3, 100] {
            assert_eq!(names(world, &cookie, &query(whom, "u"), limit), found, "{whom:?}");
        }
        assert_eq!(
            page(world, &cookie, &query(whom, "u"), None, 1).unwrap().count,
            Some(found.len() as u64)
        );
        let first = page(world, &cookie, &query(whom, ""), None, 1).unwrap();
        assert_eq!(first.count, Some(expected.len() as u64));
        if let Some(next) = first.next {
            let other = query(whom, "u");
            assert!(page(world, &cookie, &other, Some(&next), 1).is_err(), "of another list");
        }
    }
    assert!(page(world, &cookie, &query(Whom::Everybody, ""), Some("AAAA"), 1).is_err());
}

fn a_search_in_a_state_finds_the_same_among_few_and_among_many(world: &World) {
    let acme = world.acme();
    let cookie = admin(world, &acme);
    let long = format!("Z {} Late", "é".repeat(200));
    for (n, (name, email, external)) in [
        ("Ann Ash", "ann@a.example", "X1"),
        ("Zoe (Ash-Elm)", "zoe@ash.example", "abc"),
        ("O'Ash", "o@b.example", "ABC-1"),
        ("Nash", "ash@b.example", "ash"),
        ("Zoe  a%h", "a_h@b.example", "%"),
        (&long, "late@b.example", "late"),
        ("-", "é@b.example", "é"),
    ]
    .into_iter()
    .enumerate()
    {
        let body = json!({ "userName": format!("u{n}"), "displayName": name, "externalId": external,
            "emails": [{ "value": email }, { "value": format!("second{n}@ash") }] });
        world.create(&acme.principal, body);
    }
    let texts = [
        "a",
        "ash",
        "ASH",
        "Ash-",
        "elm",
        "ash-elm)",
        "(",
        "-",
        "%",
        "a%",
        "_",
        "o'",
        "zoe a",
        "ABC",
        "abc",
        "late",
        "é",
        &"é".repeat(64),
        &"é".repeat(70),
        "second",
        "u",
        "u3",
        "nobody",
    ];
    let everybody = |whom| {
        let mut all = Vec::new();
        for text in texts {
            let mut found = names(world, &cookie, &query(whom, text), 3);
            found.sort();
            all.push((text, found));
        }
        all
    };
    let pending = Whom::In(ShownState::Pending);
    let expected = everybody(Whom::Everybody);
    assert!(expected.iter().filter(|(_, found)| !found.is_empty()).count() > 15, "{expected:?}");
    assert_eq!(everybody(pending), expected, "among few");
    let principal = acme.principal.clone();
    world
        .run(move |store, now, rng| {
            for n in 0..=people::COUNTED {
                let document = crate::support::document(json!({ "userName": format!("~{n}") }));
                let kind = &freehold_scim::schema::USER;
                freehold_directory::users::create(store, &principal, kind, &document, now, rng)?;
            }
            Ok::<_, freehold_directory::ResourceError>(())
        })
        .unwrap();
    assert_eq!(everybody(pending), expected, "among many");
    let by_name = ["u0", "u1", "u2", "u3", "u4", "u5", "u6"];
    assert_eq!(names(world, &cookie, &query(pending, "u"), 3), by_name);
    // Nobody is suspended, however many would be found.
    let none = query(Whom::In(ShownState::Suspended), "~");
    assert!(names(world, &cookie, &none, 3).is_empty());
}

fn what_changes_is_found_by_its_new_name_only(world: &World) {
    let acme = world.acme();
    let cookie = admin(world, &acme);
    let body = json!({ "userName": "u", "displayName": "Ann Ash", "emails": [{ "value": "e@x" }] });
    let id = world.create(&acme.principal, body).id;
    let rename = json!([{ "op": "replace", "path": "displayName", "value": "Ann Birch Elm" }]);
    world.patch(&acme.principal, id, rename).unwrap();
    assert!(found(world, &cookie, "ash").is_empty());
    assert_eq!(found(world, &cookie, "elm"), ["u"]);
    assert_eq!(found(world, &cookie, "ann"), ["u"]);
    let unnamed = json!([{ "op": "remove", "path": "displayName" }]);
    world.patch(&acme.principal, id, unnamed).unwrap();
    assert!(found(world, &cookie, "elm").is_empty());
    let named = json!([{ "op": "add", "path": "displayName", "value": "Ann Fir" }]);
    world.patch(&acme.principal, id, named).unwrap();
    world.delete(&acme.principal, id).unwrap();
    assert!(found(world, &cookie, "fir").is_empty() && found(world, &cookie, "e@").is_empty());
    assert_eq!(world.count("SELECT count(*) FROM user_words"), 0, "nothing of a deleted user");
    let mandate = Mandate::operator(acme.organization);
    world
        .run(move |store, now, rng| {
            let kind = &freehold_scim::schema::USER;
            let life = freehold_directory::housekeeping::RETENTION;
            freehold_directory::deleted::restore(store, mandate, kind, "u", life, now, rng)
        })
        .unwrap();
    assert_eq!(found(world, &cookie, "fir"), ["u"]);
}

fn words_in_the_migration_are_the_words_of_the_directory(world: &World) {
    let acme = world.acme();
    let long = format!("a {}", "long ".repeat(60));
    for (n, name) in [
        "Jan van der Berg",
        "o'Neil-Smith, (Dr.) X",
        "  two   spaces ",
        "Ünï çødé 𝔘 x",
        "one",
        "x x x",
        &long,
    ]
    .into_iter()
    .enumerate()
    {
        let user = json!({ "userName": format!("u{n}"), "displayName": name });
        world.create(&acme.principal, user);
    }
    let made =
        "SELECT organization_id, word_key, user_id FROM user_words ORDER BY word_key, user_id";
    let expected = world.rows(made);
    assert!(expected.len() > 10);
    world.force("DELETE FROM user_words", vec![]);
    let step = include_str!("../../migrations/0011_people.sql");
    let (_, insert) = step.split_once("INSERT INTO user_words").unwrap();
    let insert: &'static str = Box::leak(
        format!("INSERT INTO user_words{}", insert.trim_end().trim_end_matches(';'))
            .into_boxed_str(),
    );
    world.force(insert, vec![]);
    assert_eq!(world.rows(made), expected);
}

fn a_count_ends_early(world: &World) {
    let acme = world.acme();
    let cookie = admin(world, &acme);
    let principal = acme.principal.clone();
    world
        .run(move |store, now, rng| {
            for n in 0..1_010 {
                let user = json!({ "userName": format!("user{n:04}"), "displayName": "User" });
                let document = crate::support::document(user);
                let kind = &freehold_scim::schema::USER;
                freehold_directory::users::create(store, &principal, kind, &document, now, rng)?;
            }
            Ok::<_, freehold_directory::ResourceError>(())
        })
        .unwrap();
    for text in ["", "user", "u"] {
        let count = page(world, &cookie, &query(Whom::Everybody, text), None, 1).unwrap().count;
        assert_eq!(count, Some(people::COUNTED + 1), "{text}");
    }
    let count = page(world, &cookie, &query(Whom::Everybody, "user100"), None, 1).unwrap().count;
    assert_eq!(count, Some(10));
}

fn who_waits_longest_is_first_and_days_are_counted(world: &World) {
    let acme = world.acme();
    let cookie = admin(world, &acme);
    world.person(&acme.principal, "old", "old");
    world.pass(DAY * 2);
    world.person(&acme.principal, "new", "new");
    let (done, _) = world.ready(&acme, "done");
    world.set_active(&acme.principal, done.id, false);
    let cookie =
        if world.session(&cookie).is_some() { cookie } else { world.sign_in(&acme, "zz-admin") };
    let since = |age: Duration| Whom::PendingSince(world.now().minus(age));
    let list = |whom| names(world, &cookie, &query(whom, ""), 1);
    assert_eq!(list(since(Duration::ZERO)), ["zz-admin", "old", "new"]);
    assert_eq!(list(since(DAY)), ["zz-admin", "old"]);
    assert!(list(since(DAY * 3)).is_empty());
    assert_eq!(list(Whom::In(ShownState::Suspended)), ["done"]);
    assert_eq!(names(world, &cookie, &query(since(DAY), "ol"), 1), ["old"]);
}

fn step(world: &World, cookie: &Cookie, id: UserId) -> Option<Stuck> {
    find(world, cookie, id).unwrap().listed.stuck_at().map(|(step, _)| step)
}

fn a_person_s_steps_are_told_with_their_times(world: &World) {
    let acme = world.acme();
    let cookie = admin(world, &acme);
    let ann = world.person(&acme.principal, "ann", "ann").id;
    assert_eq!(step(world, &cookie, ann), Some(Stuck::Provisioned));
    assert!(find(world, &cookie, ann).unwrap().claim.is_none());
    world.pass(minutes(1));
    let (signed_in, own) = (world.now(), world.sign_in(&acme, "ann"));
    let person = find(world, &cookie, ann).unwrap();
    assert_eq!(person.listed.stuck_at(), Some((Stuck::SignedIn, signed_in)));
    assert_eq!((person.claim.unwrap().connection, person.sessions), ("idp".to_owned(), 1));
    world.pass(minutes(1));
    let begun = world.now();
    world.setup_offer(&own);
    assert_eq!(
        find(world, &cookie, ann).unwrap().listed.stuck_at(),
        Some((Stuck::SetupBegun, begun))
    );
    world.set_up(&own);
    let person = find(world, &cookie, ann).unwrap();
    assert_eq!(person.listed.stuck_at(), None);
    assert_eq!(person.listed.state(), ShownState::Ready);
    assert_eq!(person.listed.steps.signed_in_at, Some(signed_in));
    world.delete(&acme.principal, ann).unwrap();
    let person = find(world, &cookie, ann).unwrap();
    assert!(person.listed.deleted_at.is_some() && person.claim.is_none());
    assert_eq!(person.user.document.user_name(), "ann");
}

fn set_up_is_noted_once_and_anew_after_a_reset(world: &World) {
    let acme = world.acme();
    let cookie = admin(world, &acme);
    let ann = world.person(&acme.principal, "ann", "ann").id;
    let own = world.sign_in(&acme, "ann");
    let first = world.now();
    let begun = |world: &World| find(world, &cookie, ann).unwrap().listed.steps.setup_begun_at;
    for _ in 0..3 {
        world.setup_offer(&own);
        world.pass(minutes(1));
    }
    assert_eq!(begun(world), Some(first), "the first one counts");
    let keys = world.set_up(&own);
    let reset = "UPDATE users SET key_state = 'PENDING', key_epoch = 2, key_state_since = $1 \
                 WHERE user_name = 'ann'";
    let at = i64::try_from(world.now().as_millis()).unwrap();
    world.force(reset, vec![freehold_store::Value::from(at)]);
    assert_eq!(step(world, &cookie, ann), Some(Stuck::Reset));
    world.pass(minutes(1));
    let again = world.now();
    world.setup_offer(&keys.cookie);
    assert_eq!(begun(world), Some(again));
    assert_eq!(step(world, &cookie, ann), Some(Stuck::SetupBegun));
}

fn refusal(world: &World, cookie: &Cookie, id: UserId) -> Option<String> {
    let person = find(world, cookie, id).unwrap();
    person.listed.steps.refusal().map(|refusal| refusal.code.clone())
}

fn assertion(connection: ConnectionId, name: &str, subject: &str, upn: &str) -> VerifiedAssertion {
    let connection = connection.to_string();
    VerifiedAssertion::for_tests(&connection, &issuer_of(name), None, subject).with_upn(upn)
}

fn a_refused_sign_in_is_noted_at_whom_it_concerns(world: &World) {
    let acme = world.acme();
    let cookie = admin(world, &acme);
    let ann = world.person(&acme.principal, "Ann@x.test", "ann.mail").id;
    let bob = world.person(&acme.principal, "bob@x.test", "bob").id;
    // Found by the name alone: it opens nothing, and tells the admin.
    let guid = "aaaaaaaa-0000-4000-8000-000000000001";
    let claim = |subject: &str, upn: &str| {
        world.pass(minutes(1));
        world.claim(acme.connection, assertion(acme.connection, "idp", subject, upn))
    };
    assert!(claim(guid, "ann@X.test").is_err());
    assert_eq!(refusal(world, &cookie, ann).as_deref(), Some("not-object-ids"));
    assert_eq!(refusal(world, &cookie, bob), None, "nobody else");
    assert!(claim("bob", "ann@x.test").is_ok(), "the subject decides, and the name says nothing");
    assert_eq!(refusal(world, &cookie, ann).as_deref(), Some("not-object-ids"));
    world.set_active(&acme.principal, bob, false);
    assert!(claim("bob", "bob@x.test").is_err());
    assert_eq!(refusal(world, &cookie, bob).as_deref(), Some("inactive"));
    world.set_active(&acme.principal, bob, true);
    assert!(claim("bob", "bob@x.test").is_ok());
    assert_eq!(refusal(world, &cookie, bob), None, "over with the next sign-in");
    assert!(claim("nobody", "nobody@x.test").is_err());
    // An answer of another connection says nothing of people here.
    let other = world.connection(acme.organization, "second");
    let stray = assertion(other, "second", guid, "bob@x.test");
    world.pass(minutes(1));
    assert!(world.claim(acme.connection, stray).is_err());
    assert_eq!(refusal(world, &cookie, bob), None);
}

fn nobody_of_another_organization_is_found(world: &World) {
    let acme = world.acme();
    let cookie = admin(world, &acme);
    let other: OrganizationId = world.organization("other");
    let stranger = world.principal(other, None);
    let body = json!({ "userName": "kim", "displayName": "Kim Kay", "externalId": "kim",
                       "emails": [{ "value": "kim@x" }] });
    let kim = world.create(&stranger, body).id;
    for text in ["kim", "kay", "kim@", ""] {
        let names = found(world, &cookie, text);
        assert!(!names.contains(&"kim".to_owned()), "{text}");
    }
    assert!(find(world, &cookie, kim).is_none());
    world.delete(&stranger, kim).unwrap();
    assert!(find(world, &cookie, kim).is_none());
    let deleted = Whom::DeletedAfter(world.now().minus(DAY));
    assert!(names(world, &cookie, &query(deleted, ""), 10).is_empty());
}

fn an_admin_ends_sessions_of_the_own_organization_only(world: &World) {
    let acme = world.acme();
    let (bob, keys) = world.ready(&acme, "bob");
    let mandate = Mandate::operator(acme.organization);
    world.run(move |store, now, rng| roles::grant_admin(store, mandate, bob.id, now, rng)).unwrap();
    let other = world.organization("other");
    let connection = world.connection(other, "theirs");
    let stranger = world.principal(other, None);
    let kim = world.person(&stranger, "kim", "kim").id;
    let ann = world.person(&acme.principal, "ann", "ann").id;
    let own = world.sign_in(&acme, "ann");
    let theirs = Cookie::of(&world.try_sign_in(connection, "theirs", "kim").ok().unwrap().session);
    let named = |cookie: &Cookie| world.session(cookie).unwrap().id();
    let end = |user: UserId, session| {
        let ended: Result<_, StoreError> =
            world.with_session(&keys.cookie, move |store, asking, now, rng| {
                let admin = asking.unlocked().expect("unlocked").admin().expect("an admin");
                let one = people::end_session(store, admin, user, session, now, rng)?;
                Ok((one, people::end_sessions(store, admin, user, now, rng)?))
            });
        ended.unwrap()
    };
    let (kims, anns) = (named(&theirs), named(&own));
    assert_eq!(end(kim, kims), (false, None));
    assert_eq!(end(ann, kims), (false, Some(1)));
    assert!(world.session(&theirs).is_some(), "whoever's id is given with it");
    assert!(world.session(&own).is_none());
    let again = named(&world.sign_in(&acme, "ann"));
    assert_ne!(again, anns);
    assert_eq!(end(ann, again), (true, Some(0)));
    let listed: Result<_, StoreError> =
        world.with_session(&keys.cookie, move |store, asking, now, _| {
            people::sessions(store, asking.admin().expect("an admin"), kim, now)
        });
    assert!(listed.unwrap().is_none());
}

fn groups_are_listed_by_name_with_who_becomes_an_admin(world: &World) {
    let acme = world.acme();
    let cookie = admin(world, &acme);
    let ann = world.person(&acme.principal, "ann", "ann").id;
    let bob = world.person(&acme.principal, "bob", "bob").id;
    world.set_active(&acme.principal, bob, false);
    let inner = world.group(&acme.principal, "Inner 100%", &[ann.to_string()]).id;
    let members = [ann.to_string(), bob.to_string(), inner.to_string()];
    let outer = world.group(&acme.principal, "ÄUSSERE", &members).id;
    let mandate = Mandate::operator(acme.organization);
    assert!(world.run(move |store, now, rng| roles::map(store, mandate, outer, now, rng)).unwrap());
    let list = |search: &str, after: &str| {
        let (search, after) = (GroupSearch::parse(search).unwrap(), after.to_owned());
        let all: Result<_, StoreError> =
            world.with_session(&cookie, move |store, session, _, _| {
                let admin = session.admin().expect("an admin");
                people::groups::list(store, admin, search.as_ref(), &after, 10)
            });
        all.unwrap()
    };
    let all = list("", "");
    assert_eq!(
        all.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(),
        ["Inner 100%", "ÄUSSERE"]
    );
    assert_eq!((all[0].members, all[0].mapped_at), (1, None));
    assert_eq!((all[1].members, all[1].mapped_at.is_some()), (3, true));
    assert_eq!(list("", &all[0].key).len(), 1);
    for (text, count) in [("SSER", 1), ("äußere", 1), ("100%", 1), ("%", 1), ("_", 0), ("n", 1)] {
        assert_eq!(list(text, "").len(), count, "{text}");
    }
    let found: Result<_, StoreError> = world.with_session(&cookie, move |store, session, _, _| {
        let admin = session.admin().expect("an admin");
        let page = people::groups::find(store, admin, outer)?.expect("a group");
        let first = people::groups::members(store, admin, outer, "", 2)?.expect("a group");
        let rest = people::groups::members(store, admin, outer, &first[1].id, 2)?.expect("a group");
        Ok((page, first.into_iter().chain(rest).collect::<Vec<_>>()))
    });
    let (page, members) = found.unwrap();
    assert_eq!(
        (page.people, page.nested),
        (1, 1),
        "the active person, and a group not reached into"
    );
    assert_eq!(members.len(), 3);
    let shown = |id: String| members.iter().find(|it| it.id == id).unwrap();
    assert!(shown(ann.to_string()).active && !shown(bob.to_string()).active);
    assert!(shown(inner.to_string()).is_group);
    let person = find(world, &cookie, ann).unwrap();
    let groups: Vec<_> =
        person.groups.iter().map(|it| (it.name.as_str(), it.makes_admins)).collect();
    assert_eq!(groups, [("Inner 100%", false), ("ÄUSSERE", true)]);
}
