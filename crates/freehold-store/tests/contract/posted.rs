//! Answers that are posted across sites: taken once, handed over once, to the browser that began.

use std::time::Duration;

use freehold_directory::login::{
    self, Answer, AnswerRefusal, BegunLogin, Expected, HAND_OVER_LIFE, Posted,
};
use freehold_directory::{HandOver, PreLoginSecret, SecretHash, housekeeping};

use crate::support::{LOG_LIFE, World, in_parallel, minutes, on_both_engines, rng};

on_both_engines!(
    an_answer_is_handed_over_to_the_browser_that_began,
    looking_at_a_login_changes_nothing,
    of_many_answers_at_once_one_is_taken,
    an_id_that_is_known_ends_the_login,
    the_same_id_of_another_connection_is_another_one,
    a_hand_over_is_taken_once,
    a_hand_over_lives_a_minute,
    another_browser_takes_no_answer,
    a_login_that_is_over_takes_no_answer,
    a_login_of_openid_connect_takes_no_answer,
    a_login_that_was_given_up_is_unknown,
    ids_are_forgotten_when_the_answers_own_dates_refuse_it,
    the_database_does_not_hold_the_hand_over,
);

struct Begun {
    browser: String,
    hand_over: String,
}

fn saml() -> Expected {
    Expected::Saml { request_id: "_request".to_owned() }
}

fn begin(world: &World, state: &'static str, expected: Expected) -> Begun {
    let acme = world.acme();
    let browser = PreLoginSecret::make(&mut rng());
    let cookie = browser.reveal().to_owned();
    world.done(move |store, now, _| {
        let begun = BegunLogin {
            connection: acme.connection,
            state,
            browser: &browser,
            expected: expected.clone(),
            wanted: None,
            tester: None,
        };
        login::begin(store, &begun, now)
    });
    Begun { browser: cookie, hand_over: HandOver::make(&mut rng()).reveal().to_owned() }
}

fn answer(
    world: &World,
    state: &'static str,
    begun: &Begun,
    ids: &[&str],
) -> Result<(), AnswerRefusal> {
    let hand_over = HandOver::parse(&begun.hand_over).unwrap();
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    let forget_at = world.now().plus(minutes(5));
    world.done(move |store, now, _| {
        let login = store.login(&SecretHash::of(state))?;
        let connection = login.map(|login| login.pending.connection);
        let answer = Answer {
            state,
            connection: connection.expect("a login of this state"),
            response: "the response",
            hand_over: &hand_over,
            ids: &ids,
            forget_at,
        };
        login::answer(store, &answer, now)
    })
}

fn take(world: &World, hand_over: &str, browser: &str) -> Option<String> {
    let hand_over = HandOver::parse(hand_over).unwrap();
    let browser = PreLoginSecret::parse(browser).unwrap();
    let taken =
        world.done(move |store, now, _| login::take_answered(store, &hand_over, &browser, now));
    let taken = taken?;
    assert!(taken.pending.expected == saml());
    Some(taken.response)
}

fn posted(world: &World, state: &'static str) -> Posted {
    world.done(move |store, now, _| login::pending_of(store, state, now))
}

fn an_answer_is_handed_over_to_the_browser_that_began(world: &World) {
    let begun = begin(world, "state", saml());
    answer(world, "state", &begun, &["_r", "_a"]).unwrap();
    let response = take(world, &begun.hand_over, &begun.browser);
    assert_eq!(response.as_deref(), Some("the response"));
    assert_eq!(world.count("SELECT count(*) FROM pending_logins"), 0);
}

fn looking_at_a_login_changes_nothing(world: &World) {
    let begun = begin(world, "state", saml());
    for _ in 0..2 {
        let Posted::Waiting(pending) = posted(world, "state") else { panic!("it waits") };
        assert!(pending.expected == saml());
    }
    assert!(matches!(posted(world, "other"), Posted::Unknown));
    answer(world, "state", &begun, &[]).unwrap();
    assert!(matches!(posted(world, "state"), Posted::Over));
}

fn of_many_answers_at_once_one_is_taken(world: &World) {
    let begun = begin(world, "state", saml());
    let answers = in_parallel(8, |n| {
        let other = Begun {
            browser: String::new(),
            hand_over: HandOver::make(&mut rng()).reveal().to_owned(),
        };
        let id = ["_0", "_1", "_2", "_3", "_4", "_5", "_6", "_7"][n];
        answer(world, "state", if n == 0 { &begun } else { &other }, &[id])
    });
    assert_eq!(answers.iter().filter(|taken| taken.is_ok()).count(), 1);
    assert!(answers.iter().all(|taken| matches!(taken, Ok(()) | Err(AnswerRefusal::Over))));
    assert_eq!(world.count("SELECT count(*) FROM replays"), 1);
}

fn an_id_that_is_known_ends_the_login(world: &World) {
    let acme = world.acme();
    world.done(move |store, now, _| {
        store.insert_replay(acme.connection, "_a", now.plus(minutes(5)))?;
        let browser = PreLoginSecret::make(&mut rng());
        let (connection, expected) = (acme.connection, saml());
        let begun = BegunLogin {
            connection,
            state: "state",
            browser: &browser,
            expected,
            wanted: None,
            tester: None,
        };
        login::begin(store, &begun, now)
    });
    let begun =
        Begun { browser: String::new(), hand_over: HandOver::make(&mut rng()).reveal().to_owned() };
    let refused = answer(world, "state", &begun, &["_r", "_a"]);
    assert_eq!(refused, Err(AnswerRefusal::Replayed));
    assert!(matches!(posted(world, "state"), Posted::Unknown));
}

fn the_same_id_of_another_connection_is_another_one(world: &World) {
    let organization = world.organization("acme");
    let (one, two) = (world.connection(organization, "one"), world.connection(organization, "two"));
    let insert =
        |connection| world.done(move |store, now, _| store.insert_replay(connection, "_a", now));
    assert!(insert(one) && insert(two));
    assert!(!insert(one));
}

fn a_hand_over_is_taken_once(world: &World) {
    let begun = begin(world, "state", saml());
    answer(world, "state", &begun, &[]).unwrap();
    world.pass(HAND_OVER_LIFE - Duration::from_millis(1));
    let taken = in_parallel(8, |_| take(world, &begun.hand_over, &begun.browser).is_some());
    assert_eq!(taken.into_iter().filter(|taken| *taken).count(), 1);
}

fn a_hand_over_lives_a_minute(world: &World) {
    let begun = begin(world, "state", saml());
    answer(world, "state", &begun, &[]).unwrap();
    world.pass(HAND_OVER_LIFE);
    assert_eq!(take(world, &begun.hand_over, &begun.browser), None);
    assert_eq!(HAND_OVER_LIFE, Duration::from_secs(60));
}

fn another_browser_takes_no_answer(world: &World) {
    let begun = begin(world, "state", saml());
    answer(world, "state", &begun, &[]).unwrap();
    let other = PreLoginSecret::make(&mut rng());
    assert_eq!(take(world, &begun.hand_over, other.reveal()), None);
    let guessed = HandOver::make(&mut rng());
    assert_eq!(take(world, guessed.reveal(), &begun.browser), None);
    assert!(take(world, &begun.hand_over, &begun.browser).is_some());
}

fn a_login_that_is_over_takes_no_answer(world: &World) {
    let begun = begin(world, "state", saml());
    world.pass(login::LOGIN_LIFE);
    assert!(matches!(posted(world, "state"), Posted::Over));
    assert_eq!(answer(world, "state", &begun, &["_a"]), Err(AnswerRefusal::Over));
    assert_eq!(world.count("SELECT count(*) FROM replays"), 0);
}

fn a_login_of_openid_connect_takes_no_answer(world: &World) {
    let expected = Expected::Oidc { nonce: "n".to_owned(), pkce_verifier: "v".to_owned() };
    let begun = begin(world, "state", expected);
    assert_eq!(answer(world, "state", &begun, &["_a"]), Err(AnswerRefusal::Over));
}

fn a_login_that_was_given_up_is_unknown(world: &World) {
    begin(world, "state", saml());
    world.done(|store, _, _| login::give_up(store, "state"));
    assert!(matches!(posted(world, "state"), Posted::Unknown));
}

fn ids_are_forgotten_when_the_answers_own_dates_refuse_it(world: &World) {
    let begun = begin(world, "state", saml());
    answer(world, "state", &begun, &["_r", "_a"]).unwrap();
    let collect = || world.done(|store, now, _| housekeeping::collect(store, LOG_LIFE, now));
    world.pass(minutes(4));
    assert_eq!(collect().replays, 0);
    world.pass(minutes(1));
    assert_eq!(collect().replays, 2);
    assert_eq!(world.count("SELECT count(*) FROM replays"), 0);
}

fn the_database_does_not_hold_the_hand_over(world: &World) {
    let begun = begin(world, "state", saml());
    answer(world, "state", &begun, &[]).unwrap();
    let row = &world.rows("SELECT hand_over_hash FROM pending_logins")[0];
    assert_eq!(row.bytes(0).unwrap(), freehold_wire::hash(begun.hand_over.as_bytes()));
}
