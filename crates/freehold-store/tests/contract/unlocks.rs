//! Unlock: nothing leaves without a proof, and wrong ones are counted before they are looked at.

use std::time::Duration;

use freehold_directory::StoreError;
use freehold_directory::events::EventKind;
use freehold_directory::sessions::{self, EndedBy, IDLE_LIFE};
use freehold_directory::unlock::{self, ProvenUnlock, UnlockError, UnlockTurn, WrongSecret};
use freehold_keys::Unlock;
use freehold_wire::{Exact, MethodKind, UnlockAnswer, UnlockOffer, UnlockRequest};

use crate::support::{
    Acme, Cookie, Keys, PASSWORD, World, client, in_parallel, minutes, on_both_engines, origins,
};

on_both_engines!(
    the_password_unlocks_and_brings_its_records,
    the_recovery_code_unlocks_but_opens_no_items,
    a_pending_user_has_nothing_to_unlock,
    a_wrong_proof_is_charged_and_gets_nothing,
    the_first_answer_uses_the_challenge_up,
    a_challenge_is_over_after_five_minutes,
    a_challenge_of_another_session_is_of_no_use,
    a_challenge_for_set_up_unlocks_nothing,
    of_thirty_wrong_guesses_at_once_five_are_charged,
    guessing_the_password_locks_no_other_way_in,
    success_gives_the_try_back_and_tells_how_many_failed,
    after_a_hundred_failures_only_the_code_helps,
    signing_in_again_gives_no_tries_back,
    a_refusal_by_the_limit_is_recorded_once_a_minute,
    a_user_deactivated_on_the_way_gets_no_records,
    a_session_ended_on_the_way_gets_no_records,
    a_session_that_is_over_on_the_way_gets_no_records,
    without_a_count_of_tries_nothing_is_tried,
    locking_takes_the_unlock_back,
    states_after_the_remembered_one_come_in_order,
);

/// A READY person, signed in anew and locked.
fn locked(world: &World) -> (Acme, Keys, Cookie) {
    let acme = world.acme();
    let (_, keys) = world.ready(&acme, "ann");
    let cookie = world.sign_in(&acme, "ann");
    (acme, keys, cookie)
}

fn offer(world: &World, cookie: &Cookie) -> UnlockOffer {
    world
        .with_session(cookie, |store, session, now, rng| {
            unlock::offer(store, session, &origins(), now, rng)
        })
        .unwrap()
        .unwrap()
}

fn charge(world: &World, cookie: &Cookie, kind: MethodKind) -> Result<UnlockTurn, UnlockError> {
    world
        .with_session(cookie, move |store, session, now, rng| {
            unlock::charge(store, session, (kind, &[]), &origins(), now, rng)
        })
        .unwrap()
}

fn settle(world: &World, proven: ProvenUnlock) -> Result<UnlockAnswer, UnlockError> {
    world.done(move |store, now, rng| unlock::settle(store, &proven, now, rng))
}

/// A request as the recovery code makes it: no password hashing.
fn by_code(world: &World, cookie: &Cookie, keys: &Keys) -> Unlock {
    let kind = MethodKind::RecoveryCode;
    Unlock::begin(offer(world, cookie), &client(), kind, keys.code.as_bytes(), &mut |_, _| {})
        .unwrap()
}

fn by_password(world: &World, cookie: &Cookie) -> Unlock {
    let kind = MethodKind::Password;
    Unlock::begin(offer(world, cookie), &client(), kind, PASSWORD, &mut |_, _| {}).unwrap()
}

/// A request with a signature that is none.
fn wrong(offer: &UnlockOffer, kind: MethodKind) -> UnlockRequest {
    let method = offer.methods.iter().find(|method| method.kind == kind).unwrap();
    UnlockRequest {
        kind,
        parameters: method.parameters.clone(),
        signature: Exact([7; 64]),
        remembered: None,
    }
}

/// A wrong guess, as a whole.
fn guess(world: &World, cookie: &Cookie) -> Result<WrongSecret, UnlockError> {
    let request = wrong(&offer(world, cookie), MethodKind::Password);
    let turn = charge(world, cookie, MethodKind::Password)?;
    Ok(turn.verify(&request).err().expect("the guess is wrong"))
}

fn unlock(world: &World, cookie: &Cookie, unlock: &Unlock) -> Result<UnlockAnswer, UnlockError> {
    let request = unlock.request();
    let turn = charge(world, cookie, request.kind)?;
    settle(world, turn.verify(&request).expect("the proof is right"))
}

fn left(world: &World, cookie: &Cookie) -> u32 {
    guess(world, cookie).unwrap().tries_left
}

fn the_password_unlocks_and_brings_its_records(world: &World) {
    let (_, keys, cookie) = locked(world);
    assert!(world.session(&cookie).unwrap().unlocked().is_err());
    let password = by_password(world, &cookie);
    let answer = unlock(world, &cookie, &password).unwrap();
    assert_eq!(answer.card.to_vec(), keys.attempt.request().card.to_vec());
    assert_eq!((answer.states.len(), answer.failed_since), (1, 0));
    assert!(world.session(&cookie).unwrap().unlocked().is_ok());
    // The browser checks everything: hashes, signatures, the card it made.
    password.open(&answer).expect("the answer is whole");
}

fn the_recovery_code_unlocks_but_opens_no_items(world: &World) {
    let (_, keys, cookie) = locked(world);
    let code = by_code(world, &cookie, &keys);
    let answer = unlock(world, &cookie, &code).unwrap();
    code.open(&answer).expect("the answer is whole");
    let session = world.session(&cookie).unwrap();
    assert_eq!(session.unlocked_by(), Some(MethodKind::RecoveryCode));
    assert!(session.unlocked().is_err());
}

fn a_pending_user_has_nothing_to_unlock(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let cookie = world.sign_in(&acme, "1");
    let offer = world.with_session(&cookie, |store, session, now, rng| {
        unlock::offer(store, session, &origins(), now, rng)
    });
    assert_eq!(offer.unwrap().err(), Some(UnlockError::NotReady));
    assert_eq!(charge(world, &cookie, MethodKind::Password).err(), Some(UnlockError::NotReady));
}

fn a_wrong_proof_is_charged_and_gets_nothing(world: &World) {
    let (_, _, cookie) = locked(world);
    let left: Vec<u32> = (0..5).map(|_| guess(world, &cookie).unwrap().tries_left).collect();
    assert_eq!(left, [4, 3, 2, 1, 0]);
    let refused = UnlockError::TriesUsedUp { retry_after: Some(minutes(15)) };
    assert_eq!(guess(world, &cookie), Err(refused));
    // Even the right password now.
    let password = by_password(world, &cookie);
    assert!(unlock(world, &cookie, &password).is_err());
    assert!(world.session(&cookie).unwrap().unlocked().is_err());
    world.pass(minutes(15));
    let cookie = world.sign_in(&Acme { ..acme_of(world) }, "ann");
    let password = by_password(world, &cookie);
    assert_eq!(unlock(world, &cookie, &password).unwrap().failed_since, 5);
}

fn acme_of(world: &World) -> Acme {
    let row = &world.rows("SELECT organization_id, id FROM connections")[0];
    let organization = row.text(0).unwrap().parse().unwrap();
    let connection = row.text(1).unwrap().parse().unwrap();
    Acme { organization, connection, principal: world.principal(organization, None) }
}

fn the_first_answer_uses_the_challenge_up(world: &World) {
    let (_, keys, cookie) = locked(world);
    let code = by_code(world, &cookie, &keys);
    let request = code.request();
    let turn = charge(world, &cookie, MethodKind::RecoveryCode).unwrap();
    assert!(turn.verify(&wrong(&offer(world, &cookie), MethodKind::RecoveryCode)).is_err());
    // The right answer to the first challenge comes too late.
    let turn = charge(world, &cookie, MethodKind::RecoveryCode).unwrap();
    assert!(turn.verify(&request).is_err());
    let gone = charge(world, &cookie, MethodKind::RecoveryCode);
    assert_eq!(gone.err(), Some(UnlockError::ChallengeGone));
    assert_eq!(world.count("SELECT count(*) FROM challenges"), 0);
}

fn a_challenge_is_over_after_five_minutes(world: &World) {
    let (_, _, cookie) = locked(world);
    offer(world, &cookie);
    world.pass(Duration::from_secs(300));
    let late = charge(world, &cookie, MethodKind::Password);
    assert_eq!(late.err(), Some(UnlockError::ChallengeGone));
    // Nothing was tried, so nothing was charged.
    assert_eq!(left(world, &cookie), 4);
}

fn a_challenge_of_another_session_is_of_no_use(world: &World) {
    let (acme, keys, cookie) = locked(world);
    let other = world.sign_in(&acme, "ann");
    let request = by_code(world, &cookie, &keys).request();
    let none = charge(world, &other, MethodKind::RecoveryCode);
    assert_eq!(none.err(), Some(UnlockError::ChallengeGone));
    offer(world, &other);
    let turn = charge(world, &other, MethodKind::RecoveryCode).unwrap();
    assert!(turn.verify(&request).is_err());
}

fn a_challenge_for_set_up_unlocks_nothing(world: &World) {
    let (_, _, cookie) = locked(world);
    offer(world, &cookie);
    world.force("UPDATE challenges SET purpose = 'setup'", vec![]);
    let none = charge(world, &cookie, MethodKind::Password);
    assert_eq!(none.err(), Some(UnlockError::ChallengeGone));
}

fn of_thirty_wrong_guesses_at_once_five_are_charged(world: &World) {
    let (acme, _, _) = locked(world);
    let cookies: Vec<Cookie> = (0..30).map(|_| world.sign_in(&acme, "ann")).collect();
    let requests: Vec<UnlockRequest> =
        cookies.iter().map(|cookie| wrong(&offer(world, cookie), MethodKind::Password)).collect();
    let results = in_parallel(30, |n| {
        let turn = charge(world, &cookies[n], MethodKind::Password)?;
        Ok::<_, UnlockError>(turn.verify(&requests[n]).err().unwrap().tries_left)
    });
    let mut left: Vec<u32> = results.into_iter().filter_map(Result::ok).collect();
    left.sort_unstable();
    assert_eq!(left, [0, 1, 2, 3, 4]);
    assert_eq!(world.count("SELECT since_success FROM unlock_tries WHERE kind = 1"), 5);
}

fn guessing_the_password_locks_no_other_way_in(world: &World) {
    let (_, keys, cookie) = locked(world);
    for _ in 0..6 {
        let _ = guess(world, &cookie);
    }
    let code = by_code(world, &cookie, &keys);
    assert_eq!(unlock(world, &cookie, &code).unwrap().failed_since, 5);
    // And the code's success opens the password's window no earlier.
    assert!(guess(world, &cookie).is_err());
}

fn success_gives_the_try_back_and_tells_how_many_failed(world: &World) {
    let (_, _, cookie) = locked(world);
    for _ in 0..4 {
        guess(world, &cookie).unwrap();
    }
    let password = by_password(world, &cookie);
    assert_eq!(unlock(world, &cookie, &password).unwrap().failed_since, 4);
    let password = by_password(world, &cookie);
    assert_eq!(unlock(world, &cookie, &password).unwrap().failed_since, 0);
    // All five of the quarter hour are there again; of the day's twenty, four are gone for today.
    assert_eq!(left(world, &cookie), 4);
    let long = world.rows("SELECT long_times FROM unlock_tries WHERE kind = 1")[0].text(0).unwrap();
    assert_eq!(long.split(',').count(), 5);
}

fn after_a_hundred_failures_only_the_code_helps(world: &World) {
    let (_, keys, cookie) = locked(world);
    world.force("UPDATE unlock_tries SET since_success = 99 WHERE kind = 1", vec![]);
    assert_eq!(left(world, &cookie), 0);
    let refused = UnlockError::TriesUsedUp { retry_after: None };
    assert_eq!(guess(world, &cookie), Err(refused));
    let code = by_code(world, &cookie, &keys);
    assert_eq!(unlock(world, &cookie, &code).unwrap().failed_since, 100);
    assert_eq!(left(world, &cookie), 3);
}

fn signing_in_again_gives_no_tries_back(world: &World) {
    let (acme, _, cookie) = locked(world);
    for _ in 0..5 {
        guess(world, &cookie).unwrap();
    }
    let again = world.sign_in(&acme, "ann");
    assert!(guess(world, &again).is_err());
}

fn a_refusal_by_the_limit_is_recorded_once_a_minute(world: &World) {
    let (acme, _, cookie) = locked(world);
    for _ in 0..10 {
        let _ = guess(world, &cookie);
    }
    assert_eq!(world.event_count(acme.organization, EventKind::UnlockRefused), 1);
    world.pass(minutes(1));
    let _ = guess(world, &cookie);
    assert_eq!(world.event_count(acme.organization, EventKind::UnlockRefused), 2);
}

fn a_user_deactivated_on_the_way_gets_no_records(world: &World) {
    let (acme, keys, cookie) = locked(world);
    let user = world.session(&cookie).unwrap().user();
    let request = by_code(world, &cookie, &keys).request();
    let turn = charge(world, &cookie, MethodKind::RecoveryCode).unwrap();
    let proven = turn.verify(&request).unwrap();
    world.set_active(&acme.principal, user, false);
    assert_eq!(settle(world, proven).err(), Some(UnlockError::SignedOut));
}

fn a_session_ended_on_the_way_gets_no_records(world: &World) {
    let (_, keys, cookie) = locked(world);
    let request = by_code(world, &cookie, &keys).request();
    let turn = charge(world, &cookie, MethodKind::RecoveryCode).unwrap();
    let proven = turn.verify(&request).unwrap();
    let secret = cookie.secret();
    world.done(move |store, now, rng| sessions::end(store, &secret, EndedBy::Person, now, rng));
    assert_eq!(settle(world, proven).err(), Some(UnlockError::SignedOut));
}

fn a_session_that_is_over_on_the_way_gets_no_records(world: &World) {
    let (_, keys, cookie) = locked(world);
    let request = by_code(world, &cookie, &keys).request();
    let turn = charge(world, &cookie, MethodKind::RecoveryCode).unwrap();
    let proven = turn.verify(&request).unwrap();
    world.pass(IDLE_LIFE);
    assert_eq!(settle(world, proven).err(), Some(UnlockError::SignedOut));
}

fn without_a_count_of_tries_nothing_is_tried(world: &World) {
    let (_, _, cookie) = locked(world);
    offer(world, &cookie);
    world.force("DELETE FROM unlock_tries", vec![]);
    let charged = world.with_session(&cookie, |store, session, now, rng| {
        unlock::charge(store, session, (MethodKind::Password, &[]), &origins(), now, rng)
    });
    assert!(matches!(charged, Err(StoreError::Corrupt(_))));
}

fn locking_takes_the_unlock_back(world: &World) {
    let (_, keys, _) = locked(world);
    assert!(world.session(&keys.cookie).unwrap().unlocked().is_ok());
    world
        .with_session(&keys.cookie, |store, session, _, _| sessions::lock(store, session))
        .unwrap();
    assert!(world.session(&keys.cookie).unwrap().unlocked().is_err());
}

fn states_after_the_remembered_one_come_in_order(world: &World) {
    let (_, keys, cookie) = locked(world);
    let user = world.session(&cookie).unwrap().user().to_string();
    for seq in 2..=3i64 {
        world.force(
            "INSERT INTO account_states (user_id, epoch, seq, state, state_hash, created_at) \
             VALUES ($1, 1, $2, $3, $3, 0)",
            vec![user.as_str().into(), seq.into(), vec![seq as u8].into()],
        );
    }
    let states = |remembered: Option<(u64, u64)>| {
        let mut request = by_code(world, &cookie, &keys).request();
        request.remembered =
            remembered.map(|(epoch, seq)| freehold_wire::RememberedPoint { epoch, seq });
        let turn = charge(world, &cookie, MethodKind::RecoveryCode).unwrap();
        let answer = settle(world, turn.verify(&request).unwrap()).unwrap();
        answer.states.iter().map(|state| state[state.len() - 1]).collect::<Vec<_>>()
    };
    assert_eq!(states(None), [3]);
    assert_eq!(states(Some((1, 1))), [2, 3]);
    assert_eq!(states(Some((1, 3))), [3]);
    // A number of another epoch says nothing about this one.
    assert_eq!(states(Some((2, 1))), [3]);
}
