//! Set-up: PENDING becomes READY once, by what was verified, for the session that it was offered to.

use std::time::Duration;

use freehold_directory::events::EventKind;
use freehold_directory::sessions::IDLE_LIFE;
use freehold_directory::setup::{self, ProvenSetup, SetupError, SetupStep};
use freehold_directory::{KeyState, ShownState};
use freehold_keys::SetupAttempt;
use freehold_wire::MethodKind;
use serde_json::json;

use crate::support::{Acme, Browser, Cookie, World, in_parallel, on_both_engines, origins};

on_both_engines!(
    a_pending_user_becomes_ready_and_the_session_is_replaced,
    of_two_browsers_one_becomes_ready_and_one_key_record_exists,
    the_same_bytes_get_the_same_answer_for_two_minutes,
    the_same_bytes_from_another_session_get_none,
    a_wrong_answer_uses_the_challenge_up,
    a_challenge_is_over_after_five_minutes,
    a_new_challenge_replaces_the_one_before,
    a_challenge_of_another_session_is_of_no_use,
    a_session_that_is_over_on_the_way_sets_nothing_up,
    a_set_up_ends_what_waits_in_other_sessions,
    a_user_deactivated_on_the_way_does_not_become_ready,
    a_user_renamed_on_the_way_has_to_see_the_new_name,
    another_epoch_is_no_longer_the_one_that_was_offered,
    a_ready_user_gets_no_offer,
    what_is_stored_is_what_was_verified,
);

fn ann(world: &World) -> (Acme, Cookie) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let cookie = world.sign_in(&acme, "1");
    (acme, cookie)
}

fn a_pending_user_becomes_ready_and_the_session_is_replaced(world: &World) {
    let (acme, old) = ann(world);
    let before = world.session(&old).unwrap();
    let keys = world.set_up(&old);
    let new = world.session(&keys.cookie).unwrap();
    assert_ne!(keys.cookie.text(), old.text());
    assert!(matches!(new.key_state(), KeyState::Ready(ready) if ready.epoch == 1));
    assert_eq!(new.unlocked_by(), Some(MethodKind::Password));
    assert!(new.unlocked().is_ok());
    // A set-up makes no sign-in longer.
    assert_eq!(new.expires_at(), before.expires_at());
    assert!(world.session(&old).unwrap().unlocked().is_err());
    assert_eq!(world.event_count(acme.organization, EventKind::UserReady), 1);
    let user = world.get(&acme.principal, new.user()).unwrap();
    assert_eq!(user.shown_state(), ShownState::Ready);
    // SCIM saw no change of its resource.
    assert_eq!(user.version, 1);
    world.pass(Duration::from_secs(120));
    assert!(world.session(&old).is_none());
    assert!(world.session(&keys.cookie).is_some());
}

/// The first job of an upload, and the verification after it.
fn prove(world: &World, cookie: &Cookie, attempt: &SetupAttempt) -> ProvenSetup {
    let hash = attempt.request().hash();
    let step = world.with_session(cookie, move |store, session, now, rng| {
        setup::answer(store, session, &hash, &origins(), now, rng)
    });
    match step {
        Ok(SetupStep::Verify(turn)) => {
            turn.verify(attempt.request()).unwrap_or_else(|e| panic!("{e}"))
        }
        Ok(SetupStep::Again(_)) => panic!("nothing is completed yet"),
        Err(error) => panic!("{error}"),
    }
}

fn of_two_browsers_one_becomes_ready_and_one_key_record_exists(world: &World) {
    let (acme, first) = ann(world);
    let second = world.sign_in(&acme, "1");
    let proven: Vec<ProvenSetup> = [&first, &second]
        .map(|cookie| {
            let offer = world.setup_offer(cookie);
            let attempt = Browser::make(&offer).attempt(&offer, world.now());
            prove(world, cookie, &attempt)
        })
        .into();
    // Both were verified while the user was PENDING.
    let proven: Vec<_> =
        proven.into_iter().map(|proven| std::sync::Mutex::new(Some(proven))).collect();
    let results = in_parallel(2, |n| {
        let proven = proven[n].lock().unwrap().take().unwrap();
        world.run(move |store, now, rng| setup::complete(store, &proven, now, rng)).map(drop)
    });
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    let lost = results.into_iter().find_map(Result::err).unwrap();
    assert!(matches!(lost, SetupError::AlreadySetUp));
    assert_eq!(world.count("SELECT count(*) FROM key_records"), 1);
    assert_eq!(world.count("SELECT count(*) FROM key_methods"), 2);
    assert_eq!(world.event_count(acme.organization, EventKind::UserReady), 1);
}

fn the_same_bytes_get_the_same_answer_for_two_minutes(world: &World) {
    let (acme, cookie) = ann(world);
    let ends = world.session(&cookie).unwrap().expires_at();
    let keys = world.set_up(&cookie);
    world.pass(Duration::from_secs(119));
    let again = world.upload(&cookie, &keys.attempt).unwrap();
    assert_eq!(again.expires_at, ends);
    let again = world.session(&Cookie::of(&again.session)).unwrap();
    assert!(again.unlocked().is_ok());
    assert_eq!(again.expires_at(), ends);
    assert_eq!(world.count("SELECT count(*) FROM key_records"), 1);
    assert_eq!(world.event_count(acme.organization, EventKind::UserReady), 1);
    world.pass(Duration::from_secs(1));
    assert!(world.session(&cookie).is_none());
}

fn the_same_bytes_from_another_session_get_none(world: &World) {
    let (acme, cookie) = ann(world);
    let keys = world.set_up(&cookie);
    let other = world.sign_in(&acme, "1");
    let refused = world.upload(&other, &keys.attempt);
    assert_eq!(refused.err().as_deref(), Some("the account is set up already"));
    assert!(world.session(&other).unwrap().unlocked().is_err());
    // And other bytes from the first one neither.
    world.force("UPDATE key_records SET request_hash = $1", vec![vec![0u8; 32].into()]);
    assert!(world.upload(&cookie, &keys.attempt).is_err());
}

fn a_wrong_answer_uses_the_challenge_up(world: &World) {
    let (_, cookie) = ann(world);
    let offer = world.setup_offer(&cookie);
    let browser = Browser::make(&offer);
    let good = browser.attempt(&offer, world.now());
    let stale = browser.attempt(&world.setup_offer(&cookie), world.now());
    let current = world.setup_offer(&cookie);
    let refused = world.upload(&cookie, &stale).err().unwrap();
    assert!(refused.contains("proof does not verify"), "{refused}");
    let refused = world.upload(&cookie, &browser.attempt(&current, world.now()));
    assert_eq!(refused.err().as_deref(), Some("the challenge is gone"));
    assert!(world.upload(&cookie, &good).is_err());
    let fresh = world.setup_offer(&cookie);
    assert!(world.upload(&cookie, &browser.attempt(&fresh, world.now())).is_ok());
}

fn a_challenge_is_over_after_five_minutes(world: &World) {
    let (_, cookie) = ann(world);
    let offer = world.setup_offer(&cookie);
    let browser = Browser::make(&offer);
    world.pass(Duration::from_secs(300));
    let late = world.upload(&cookie, &browser.attempt(&offer, world.now()));
    assert_eq!(late.err().as_deref(), Some("the challenge is gone"));
}

fn a_new_challenge_replaces_the_one_before(world: &World) {
    let (_, cookie) = ann(world);
    let first = world.setup_offer(&cookie);
    let second = world.setup_offer(&cookie);
    assert_ne!(first.challenge, second.challenge);
    assert_eq!(world.count("SELECT count(*) FROM challenges"), 1);
    let attempt = Browser::make(&first).attempt(&first, world.now());
    assert!(world.upload(&cookie, &attempt).is_err());
}

fn a_challenge_of_another_session_is_of_no_use(world: &World) {
    let (acme, first) = ann(world);
    let second = world.sign_in(&acme, "1");
    let offer = world.setup_offer(&first);
    let attempt = Browser::make(&offer).attempt(&offer, world.now());
    let refused = world.upload(&second, &attempt);
    assert_eq!(refused.err().as_deref(), Some("the challenge is gone"));
    assert!(world.upload(&first, &attempt).is_ok());
}

fn a_session_that_is_over_on_the_way_sets_nothing_up(world: &World) {
    let (_, cookie) = ann(world);
    let offer = world.setup_offer(&cookie);
    let proven = prove(world, &cookie, &Browser::make(&offer).attempt(&offer, world.now()));
    world.pass(IDLE_LIFE);
    let late = world.run(move |store, now, rng| setup::complete(store, &proven, now, rng));
    assert!(matches!(late, Err(SetupError::Inactive)));
    assert_eq!(world.count("SELECT count(*) FROM key_records"), 0);
}

fn a_set_up_ends_what_waits_in_other_sessions(world: &World) {
    let (acme, cookie) = ann(world);
    world.setup_offer(&world.sign_in(&acme, "1"));
    world.set_up(&cookie);
    assert_eq!(world.count("SELECT count(*) FROM challenges"), 0);
}

fn a_user_deactivated_on_the_way_does_not_become_ready(world: &World) {
    let (acme, cookie) = ann(world);
    let user = world.session(&cookie).unwrap().user();
    let offer = world.setup_offer(&cookie);
    let proven = prove(world, &cookie, &Browser::make(&offer).attempt(&offer, world.now()));
    world.set_active(&acme.principal, user, false);
    // Back again, but the session that proved it is gone for good.
    world.set_active(&acme.principal, user, true);
    let late = world.run(move |store, now, rng| setup::complete(store, &proven, now, rng));
    assert!(matches!(late, Err(SetupError::Inactive)));
    assert_eq!(world.count("SELECT count(*) FROM key_records"), 0);
    assert_eq!(world.get(&acme.principal, user).unwrap().shown_state(), ShownState::Pending);
}

fn a_user_renamed_on_the_way_has_to_see_the_new_name(world: &World) {
    let (acme, cookie) = ann(world);
    let user = world.session(&cookie).unwrap().user();
    let offer = world.setup_offer(&cookie);
    let attempt = Browser::make(&offer).attempt(&offer, world.now());
    let rename = json!([{ "op": "replace", "path": "userName", "value": "mallory" }]);
    world.patch(&acme.principal, user, rename).unwrap();
    let refused = world.upload(&cookie, &attempt).err().unwrap();
    assert!(refused.contains("subject"), "{refused}");
}

fn another_epoch_is_no_longer_the_one_that_was_offered(world: &World) {
    let (_, cookie) = ann(world);
    let offer = world.setup_offer(&cookie);
    let proven = prove(world, &cookie, &Browser::make(&offer).attempt(&offer, world.now()));
    world.force("UPDATE users SET key_epoch = 2", vec![]);
    let late = world.run(move |store, now, rng| setup::complete(store, &proven, now, rng));
    assert!(matches!(late, Err(SetupError::AlreadySetUp)));
    assert_eq!(world.count("SELECT count(*) FROM key_records"), 0);
}

fn a_ready_user_gets_no_offer(world: &World) {
    let (_, cookie) = ann(world);
    let keys = world.set_up(&cookie);
    let offer = world.with_session(&keys.cookie, |store, session, now, rng| {
        setup::offer(store, session, &origins(), now, rng)
    });
    assert!(matches!(offer, Err(SetupError::AlreadySetUp)));
}

fn what_is_stored_is_what_was_verified(world: &World) {
    let (_, cookie) = ann(world);
    let keys = world.set_up(&cookie);
    let request = keys.attempt.request();
    let record = &world.rows("SELECT card, keyring, card_hash, request_hash FROM key_records")[0];
    assert_eq!(record.bytes(0).unwrap(), request.card.to_vec());
    assert_eq!(record.bytes(1).unwrap(), request.keyring.to_vec());
    assert_eq!(record.bytes(2).unwrap(), freehold_wire::hash(&request.card));
    assert_eq!(record.bytes(3).unwrap(), request.hash());
    let state = &world.rows("SELECT state, seq FROM account_states")[0];
    assert_eq!((state.bytes(0).unwrap(), state.integer(1).unwrap()), (request.state.to_vec(), 1));
    let methods = world.rows("SELECT kind, parameters, envelope FROM key_methods ORDER BY kind");
    for (row, sent) in methods.iter().zip(&request.methods) {
        assert_eq!(row.integer(0).unwrap(), i64::from(sent.kind.number()));
        assert_eq!(row.bytes(1).unwrap(), sent.parameters.to_vec());
        assert_eq!(row.bytes(2).unwrap(), sent.envelope.to_vec());
    }
    assert_eq!(methods.len(), 2);
}
