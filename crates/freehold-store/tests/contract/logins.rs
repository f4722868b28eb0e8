//! Begun logins: bound to a browser, taken once, over after ten minutes.

use std::time::Duration;

use freehold_directory::PreLoginSecret;
use freehold_directory::login::{self, BegunLogin, Expected, PendingLogin, ReturnPath};

use crate::support::{World, in_parallel, on_both_engines, rng};

on_both_engines!(
    a_begun_login_comes_back_as_it_was_begun,
    a_begun_login_is_taken_once,
    another_browser_takes_nothing,
    a_begun_login_is_over_after_ten_minutes,
    the_database_holds_neither_state_nor_cookie,
);

fn expected() -> Expected {
    Expected::Oidc { nonce: "the nonce".to_owned(), pkce_verifier: "the verifier".to_owned() }
}

/// A login begun with this state; answers the browser's cookie.
fn begin(world: &World, state: &'static str) -> String {
    let acme = world.acme();
    let browser = PreLoginSecret::make(&mut rng());
    let cookie = browser.reveal().to_owned();
    world.done(move |store, now, _| {
        let begun = BegunLogin {
            connection: acme.connection,
            state,
            browser: &browser,
            expected: expected(),
            wanted: Some(ReturnPath::parse("/vault/?item=1").expect("a path")),
            tester: None,
        };
        login::begin(store, &begun, now)
    });
    cookie
}

fn take(world: &World, state: &'static str, cookie: &str) -> Option<PendingLogin> {
    let browser = PreLoginSecret::parse(cookie).unwrap();
    world.done(move |store, now, _| login::take_pending(store, state, &browser, now))
}

fn a_begun_login_comes_back_as_it_was_begun(world: &World) {
    let cookie = begin(world, "state");
    let pending = take(world, "state", &cookie).unwrap();
    assert!(pending.expected == expected());
    assert_eq!(pending.wanted.as_ref().map(ReturnPath::as_str), Some("/vault/?item=1"));
}

fn a_begun_login_is_taken_once(world: &World) {
    let cookie = begin(world, "state");
    let taken = in_parallel(8, |_| take(world, "state", &cookie).is_some());
    assert_eq!(taken.into_iter().filter(|taken| *taken).count(), 1);
    assert!(take(world, "state", &cookie).is_none());
}

fn another_browser_takes_nothing(world: &World) {
    let cookie = begin(world, "state");
    let other = PreLoginSecret::make(&mut rng());
    assert!(take(world, "state", other.reveal()).is_none());
    assert!(take(world, "other state", &cookie).is_none());
    // And it has not spoiled the login of the browser that began it.
    assert!(take(world, "state", &cookie).is_some());
}

fn a_begun_login_is_over_after_ten_minutes(world: &World) {
    let cookie = begin(world, "state");
    world.pass(login::LOGIN_LIFE);
    assert!(take(world, "state", &cookie).is_none());
    assert_eq!(login::LOGIN_LIFE, Duration::from_secs(600));
}

fn the_database_holds_neither_state_nor_cookie(world: &World) {
    let cookie = begin(world, "state");
    let row = &world.rows("SELECT state_hash, browser_hash FROM pending_logins")[0];
    assert_eq!(row.bytes(0).unwrap(), freehold_wire::hash(b"state"));
    assert_eq!(row.bytes(1).unwrap(), freehold_wire::hash(cookie.as_bytes()));
}
