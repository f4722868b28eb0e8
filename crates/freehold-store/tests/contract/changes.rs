//! Changes of key records: stored whole or not at all, by whoever was first, for a session that proved a secret.

use freehold_directory::change::{self, ChangeError, ChangeStep, ProvenChange};
use freehold_directory::events::EventKind;
use freehold_directory::items::{self, ItemWrite};
use freehold_directory::policy::{self, Policy};
use freehold_directory::renewal::{self, ProvenRenewal, RenewalStep};
use freehold_directory::resets::{self, ResetState};
use freehold_directory::sessions::{self, IDLE_LIFE};
use freehold_directory::unlock::{self, ProvenUnlock, UnlockError};
use freehold_directory::{ItemId, KeyState, StoreError};
use freehold_keys::{
    Authority, Change, ChangeAttempt, Client, Derived, Renewal, RenewalAttempt, Setup, Unlock,
};
use freehold_wire::{
    ChangeOffer, ChangeRefusal, Context, ItemRecord, MethodKind, Profile, RewrappedItem,
    SetupOffer, UnlockAnswer, UnlockOffer,
};

use crate::support::{
    Acme, Cookie, Keys, PASSWORD, World, client, in_parallel, on_both_engines, origins, rng,
};

on_both_engines!(
    a_change_is_stored_whole_and_locks_the_other_sessions,
    of_two_rivals_one_changes_the_keys,
    the_same_change_gets_the_same_answer,
    a_locked_session_is_offered_no_change,
    a_recovery_code_is_spent_with_the_change_that_it_forces,
    a_new_password_forgets_the_tries_at_the_old_one,
    a_user_deactivated_on_the_way_changes_nothing,
    a_session_that_is_locked_or_over_on_the_way_changes_nothing,
    a_change_below_the_floor_of_the_organization_does_not_verify,
    a_change_ends_what_waits_in_other_sessions,
    a_change_cancels_the_request_for_new_keys,
    an_unlock_by_a_password_that_is_replaced_on_the_way_begins_anew,
    a_passkey_is_named_and_unlocks,
    a_name_is_given_to_one_s_own_passkey_alone,
    where_a_passkey_is_asked_for_items_wait_for_one_and_the_last_one_stays,
    a_renewal_moves_every_item_into_the_new_epoch,
    a_renewal_that_misses_an_item_changes_nothing,
    a_renewal_takes_one_s_own_items_at_their_versions_alone,
    the_same_renewal_gets_the_same_answer,
    of_another_renewal_or_session_it_is_not_the_answer_again,
    a_renewal_has_the_floor_of_the_organization_and_not_below_the_account_s_own,
    a_session_that_the_recovery_code_unlocked_is_offered_no_renewal,
    a_session_that_is_locked_or_over_on_the_way_renews_nothing,
);

/// A READY person in the session of the set-up.
fn ann(world: &World) -> (Acme, Keys) {
    let acme = world.acme();
    let (_, keys) = world.ready(&acme, "ann");
    (acme, keys)
}

fn unlock_offer(world: &World, cookie: &Cookie) -> UnlockOffer {
    world
        .with_session(cookie, |store, session, now, rng| {
            unlock::offer(store, session, &origins(), now, rng)
        })
        .unwrap()
        .unwrap()
}

fn send(world: &World, cookie: &Cookie, unlock: &Unlock) -> Result<UnlockAnswer, UnlockError> {
    let proven = prove(world, cookie, unlock)?;
    world.done(move |store, now, rng| unlock::settle(store, &proven, now, rng))
}

fn prove(world: &World, cookie: &Cookie, unlock: &Unlock) -> Result<ProvenUnlock, UnlockError> {
    let request = unlock.request();
    let (kind, parameters) = (request.kind, request.parameters.clone());
    let turn = world
        .with_session(cookie, move |store, session, now, rng| {
            unlock::charge(store, session, (kind, &parameters), &origins(), now, rng)
        })
        .unwrap()?;
    Ok(turn.verify(&request).expect("a right proof"))
}

/// Unlocks the session by password, to change something.
fn by_password(world: &World, cookie: &Cookie) -> Authority {
    let offer = unlock_offer(world, cookie);
    let kind = MethodKind::Password;
    let unlock = Unlock::begin(offer, &client(), kind, PASSWORD, &mut |_, _| {}).unwrap();
    let answer = send(world, cookie, &unlock).unwrap();
    unlock.open_to_change(answer).unwrap()
}

fn by_code(world: &World, cookie: &Cookie, code: &str) -> Authority {
    let offer = unlock_offer(world, cookie);
    let kind = MethodKind::RecoveryCode;
    let unlock = Unlock::begin(offer, &client(), kind, code.as_bytes(), &mut |_, _| {}).unwrap();
    let answer = send(world, cookie, &unlock).unwrap();
    unlock.open_to_change(answer).unwrap()
}

fn change_offer(world: &World, cookie: &Cookie) -> Result<ChangeOffer, ChangeError> {
    world.with_session(cookie, |store, session, now, rng| {
        change::offer(store, session, &origins(), now, rng)
    })
}

fn upload(world: &World, cookie: &Cookie, attempt: &ChangeAttempt) -> Result<(), ChangeError> {
    match step(world, cookie, attempt)? {
        ChangeStep::Again => Ok(()),
        ChangeStep::Verify(turn) => {
            store(world, turn.verify(attempt.request()).expect("a sound change"))
        }
    }
}

fn step(
    world: &World,
    cookie: &Cookie,
    attempt: &ChangeAttempt,
) -> Result<ChangeStep, ChangeError> {
    let request = attempt.request().clone();
    world.with_session(cookie, move |store, session, now, _| {
        change::answer(store, session, &request, &origins(), now)
    })
}

fn store(world: &World, proven: ProvenChange) -> Result<(), ChangeError> {
    world.run(move |store, now, rng| change::complete(store, &proven, now, rng))
}

fn context(offer: &ChangeOffer) -> Context {
    Context::of_user(offer.organization, offer.user)
}

fn parameters(salt: u8) -> Vec<u8> {
    [[salt; 32].as_slice(), b"credential"].concat()
}

/// A change that adds a passkey, for the session's own offer.
fn with_passkey(world: &World, cookie: &Cookie, authority: Authority, salt: u8) -> ChangeAttempt {
    let offer = change_offer(world, cookie).unwrap();
    let passkey = Derived::passkey(context(&offer), &parameters(salt), &[salt; 32]).unwrap();
    let mut change = Change::of(authority);
    change.add_passkey(&passkey, &mut rng()).unwrap();
    change.request(&offer, world.now()).unwrap()
}

fn a_change_is_stored_whole_and_locks_the_other_sessions(world: &World) {
    let (acme, keys) = ann(world);
    let other = world.sign_in(&acme, "ann");
    by_password(world, &other);
    assert!(world.session(&other).unwrap().unlocked().is_ok());
    let attempt = with_passkey(world, &keys.cookie, by_password(world, &keys.cookie), 1);
    upload(world, &keys.cookie, &attempt).unwrap();
    assert!(world.session(&keys.cookie).unwrap().unlocked().is_ok());
    assert!(world.session(&other).unwrap().unlocked().is_err());
    assert_eq!(world.count("SELECT COUNT(*) FROM key_methods"), 3);
    assert_eq!(world.count("SELECT COUNT(*) FROM account_states WHERE seq = 2"), 1);
    assert_eq!(world.event_count(acme.organization, EventKind::KeysChanged), 1);
    // What this browser saw leads to the new state.
    let answer = by_code(world, &other, &keys.code);
    assert_eq!(answer.account().remembered().seq, 2);
}

fn of_two_rivals_one_changes_the_keys(world: &World) {
    let (acme, keys) = ann(world);
    let cookies = [keys.cookie.clone(), world.sign_in(&acme, "ann")];
    let attempts: Vec<ChangeAttempt> = (1..)
        .zip(&cookies)
        .map(|(salt, cookie)| with_passkey(world, cookie, by_password(world, cookie), salt))
        .collect();
    let proven: Vec<_> = cookies
        .iter()
        .zip(&attempts)
        .map(|(cookie, attempt)| match step(world, cookie, attempt).unwrap() {
            ChangeStep::Verify(turn) => {
                std::sync::Mutex::new(Some(turn.verify(attempt.request()).unwrap()))
            }
            ChangeStep::Again => panic!("it is new"),
        })
        .collect();
    let outcomes = in_parallel(2, |n| store(world, proven[n].lock().unwrap().take().unwrap()));
    let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(won, 1, "{outcomes:?}");
    // The other session was locked by the first.
    let lost = outcomes.into_iter().find_map(Result::err).unwrap();
    assert!(matches!(lost, ChangeError::Changed | ChangeError::Inactive), "{lost:?}");
    assert_eq!(world.count("SELECT COUNT(*) FROM key_methods"), 3);
    assert_eq!(world.count("SELECT COUNT(*) FROM account_states"), 2);
}

fn the_same_change_gets_the_same_answer(world: &World) {
    let (acme, keys) = ann(world);
    let attempt = with_passkey(world, &keys.cookie, by_password(world, &keys.cookie), 1);
    upload(world, &keys.cookie, &attempt).unwrap();
    assert!(matches!(step(world, &keys.cookie, &attempt), Ok(ChangeStep::Again)));
    assert_eq!(world.event_count(acme.organization, EventKind::KeysChanged), 1);
    // With something else the challenge is gone.
    let other = with_passkey(world, &keys.cookie, by_password(world, &keys.cookie), 2);
    upload(world, &keys.cookie, &other).unwrap();
    let late = step(world, &keys.cookie, &attempt);
    assert!(matches!(late, Err(ChangeError::ChallengeGone)));
}

fn a_locked_session_is_offered_no_change(world: &World) {
    let (acme, keys) = ann(world);
    let attempt = with_passkey(world, &keys.cookie, by_password(world, &keys.cookie), 1);
    let cookie = world.sign_in(&acme, "ann");
    assert!(matches!(change_offer(world, &cookie), Err(ChangeError::Locked(_))));
    assert!(matches!(step(world, &cookie, &attempt), Err(ChangeError::Locked(_))));
    assert!(matches!(renewal_offer(world, &cookie), Err(ChangeError::Locked(_))));
}

fn a_recovery_code_is_spent_with_the_change_that_it_forces(world: &World) {
    let (acme, keys) = ann(world);
    let cookie = world.sign_in(&acme, "ann");
    let authority = by_code(world, &cookie, &keys.code);
    assert!(world.session(&cookie).unwrap().unlocked().is_err(), "no items yet");
    let offer = unlock_offer(world, &cookie);
    let new = b"a wholly different passphrase";
    let derived = Derived::for_change(&offer, &client(), new, &mut rng(), &mut |_, _| {}).unwrap();
    let mut change = Change::of(authority);
    change.set_password(&derived, &mut rng()).unwrap();
    change.make_code(&mut rng());
    let code = change.recovery_code().unwrap().to_text().to_string();
    change.prove_recovery(code.as_bytes()).unwrap();
    let attempt = change.request(&change_offer(world, &cookie).unwrap(), world.now()).unwrap();
    upload(world, &cookie, &attempt).unwrap();
    assert!(world.session(&cookie).unwrap().unlocked().is_ok());

    let next = world.sign_in(&acme, "ann");
    by_code(world, &next, &code);
    let kind = MethodKind::RecoveryCode;
    let offer = unlock_offer(world, &next);
    let old = Unlock::begin(offer, &client(), kind, keys.code.as_bytes(), &mut |_, _| {}).unwrap();
    let turn = world
        .with_session(&next, move |store, session, now, rng| {
            unlock::charge(store, session, (kind, &[]), &origins(), now, rng)
        })
        .unwrap()
        .unwrap();
    assert!(turn.verify(&old.request()).is_err());
    assert_eq!(world.count("SELECT COUNT(*) FROM key_methods"), 2);
}

fn a_new_password_forgets_the_tries_at_the_old_one(world: &World) {
    let (_, keys) = ann(world);
    let authority = by_password(world, &keys.cookie);
    world.force("UPDATE unlock_tries SET since_success = 100 WHERE kind = 1", vec![]);
    let offer = unlock_offer(world, &keys.cookie);
    let new = b"a wholly different passphrase";
    let derived = Derived::for_change(&offer, &client(), new, &mut rng(), &mut |_, _| {}).unwrap();
    let mut change = Change::of(authority);
    change.set_password(&derived, &mut rng()).unwrap();
    let offer = change_offer(world, &keys.cookie).unwrap();
    upload(world, &keys.cookie, &change.request(&offer, world.now()).unwrap()).unwrap();
    let left = world.count("SELECT since_success FROM unlock_tries WHERE kind = 1");
    assert_eq!(left, 0);
}

fn a_user_deactivated_on_the_way_changes_nothing(world: &World) {
    let (acme, keys) = ann(world);
    let user = world.session(&keys.cookie).unwrap().user();
    let attempt = with_passkey(world, &keys.cookie, by_password(world, &keys.cookie), 1);
    let ChangeStep::Verify(turn) = step(world, &keys.cookie, &attempt).unwrap() else {
        panic!("it is new")
    };
    let proven = turn.verify(attempt.request()).unwrap();
    world.set_active(&acme.principal, user, false);
    assert!(matches!(store(world, proven), Err(ChangeError::Inactive)));
    assert_eq!(world.count("SELECT COUNT(*) FROM key_methods"), 2);
}

/// A change that verified, on its way to the job that stores it.
fn proven(world: &World, keys: &Keys, salt: u8) -> ProvenChange {
    let attempt = with_passkey(world, &keys.cookie, by_password(world, &keys.cookie), salt);
    let ChangeStep::Verify(turn) = step(world, &keys.cookie, &attempt).unwrap() else {
        panic!("it is new")
    };
    turn.verify(attempt.request()).unwrap()
}

fn lock(world: &World, cookie: &Cookie) {
    world
        .with_session(cookie, |store, session, _, _| sessions::lock(store, session))
        .expect("the database works");
}

fn a_session_that_is_locked_or_over_on_the_way_changes_nothing(world: &World) {
    let (_, keys) = ann(world);
    let locked = proven(world, &keys, 1);
    lock(world, &keys.cookie);
    assert!(matches!(store(world, locked), Err(ChangeError::Inactive)));
    let over = proven(world, &keys, 2);
    world.pass(IDLE_LIFE);
    assert!(matches!(store(world, over), Err(ChangeError::Inactive)));
    assert_eq!(world.count("SELECT COUNT(*) FROM key_methods"), 2);
}

fn a_change_below_the_floor_of_the_organization_does_not_verify(world: &World) {
    let (acme, keys) = ann(world);
    let attempt = new_password(world, &keys.cookie, b"a wholly different passphrase");
    let organization = acme.organization;
    world.done(move |store, now, rng| {
        let policy = Policy { profile_floor: Profile::Memory256Mib, ..Policy::default() };
        policy::set_by_operator(store, organization, &policy, now, rng)
    });
    let ChangeStep::Verify(turn) = step(world, &keys.cookie, &attempt).unwrap() else {
        panic!("it is new")
    };
    assert_eq!(turn.verify(attempt.request()).err(), Some(ChangeRefusal::Floor));
}

fn a_change_ends_what_waits_in_other_sessions(world: &World) {
    let (acme, keys) = ann(world);
    let other = world.sign_in(&acme, "ann");
    let attempt = with_passkey(world, &keys.cookie, by_password(world, &keys.cookie), 1);
    unlock_offer(world, &other);
    upload(world, &keys.cookie, &attempt).unwrap();
    assert_eq!(world.count("SELECT COUNT(*) FROM challenges"), 0);
}

/// Asked for where somebody else sits, after she unlocked: whoever changes keys has lost nothing.
fn a_change_cancels_the_request_for_new_keys(world: &World) {
    let (acme, keys) = ann(world);
    let user = world.session(&keys.cookie).unwrap().user();
    let attempt = with_passkey(world, &keys.cookie, by_password(world, &keys.cookie), 1);
    world.with_session(&world.sign_in(&acme, "ann"), resets::ask).unwrap();
    upload(world, &keys.cookie, &attempt).unwrap();
    let last = world.done(move |store, _, _| resets::last_of(store, user)).unwrap();
    assert_eq!(last.state, ResetState::Cancelled);
}

/// It is no damage of the database, which was what the operator read, and nothing that was proved before counts.
fn an_unlock_by_a_password_that_is_replaced_on_the_way_begins_anew(world: &World) {
    let (acme, keys) = ann(world);
    let other = world.sign_in(&acme, "ann");
    let offer = unlock_offer(world, &other);
    let old =
        Unlock::begin(offer, &client(), MethodKind::Password, PASSWORD, &mut |_, _| {}).unwrap();
    let proven = prove(world, &other, &old).unwrap();
    let attempt = new_password(world, &keys.cookie, b"a wholly different passphrase");
    upload(world, &keys.cookie, &attempt).unwrap();
    let settled = world.done(move |store, now, rng| unlock::settle(store, &proven, now, rng));
    assert_eq!(settled.err(), Some(UnlockError::ChallengeGone));
    assert!(world.session(&other).unwrap().unlocked().is_err());
}

fn a_passkey_is_named_and_unlocks(world: &World) {
    let (acme, keys) = ann(world);
    let attempt = with_passkey(world, &keys.cookie, by_password(world, &keys.cookie), 1);
    upload(world, &keys.cookie, &attempt).unwrap();
    let name = |salt: u8| {
        let named: Result<bool, ChangeError> =
            world.with_session(&keys.cookie, move |store, session, _, _| {
                let name = unlock::PasskeyName::parse("Ann's phone").unwrap();
                unlock::name_passkey(store, session, &parameters(salt), &name)
            });
        named.unwrap()
    };
    assert!(name(1));
    assert!(!name(2), "there is no such passkey");
    let listed: Result<_, ChangeError> =
        world.with_session(&keys.cookie, |store, session, _, _| unlock::methods(store, session));
    let names: Vec<_> = listed.unwrap().into_iter().map(|method| method.name).collect();
    assert_eq!(names, [None, None, Some("Ann's phone".to_owned())]);

    let cookie = world.sign_in(&acme, "ann");
    let offer = unlock_offer(world, &cookie);
    let derived = Derived::for_passkey(&offer, &client(), &parameters(1), &[1; 32]).unwrap();
    let unlock = Unlock::begin_derived(offer, &client(), &derived).unwrap();
    let answer = send(world, &cookie, &unlock).unwrap();
    assert!(unlock.open(&answer).is_ok());
    assert!(world.session(&cookie).unwrap().unlocked().is_ok());
}

fn a_name_is_given_to_one_s_own_passkey_alone(world: &World) {
    let (acme, ann) = ann(world);
    let (_, bob) = world.ready(&acme, "bob");
    let attempt = with_passkey(world, &bob.cookie, by_password(world, &bob.cookie), 1);
    upload(world, &bob.cookie, &attempt).unwrap();
    let password = unlock_offer(world, &ann.cookie).methods[0].clone();
    assert_eq!(password.kind, MethodKind::Password);
    for parameters in [parameters(1), password.parameters.to_vec()] {
        let named: Result<bool, ChangeError> =
            world.with_session(&ann.cookie, move |store, session, _, _| {
                let name = unlock::PasskeyName::parse("mine").unwrap();
                unlock::name_passkey(store, session, &parameters, &name)
            });
        assert!(!named.unwrap());
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM key_methods WHERE name IS NOT NULL"), 0);
}

fn new_password(world: &World, cookie: &Cookie, password: &'static [u8]) -> ChangeAttempt {
    let authority = by_password(world, cookie);
    let offer = unlock_offer(world, cookie);
    let derived =
        Derived::for_change(&offer, &client(), password, &mut rng(), &mut |_, _| {}).unwrap();
    let mut change = Change::of(authority);
    change.set_password(&derived, &mut rng()).unwrap();
    change.request(&change_offer(world, cookie).unwrap(), world.now()).unwrap()
}

/// A change that takes the passkey with this salt away.
fn without_passkey(world: &World, cookie: &Cookie, salt: u8) -> ChangeAttempt {
    let mut change = Change::of(by_password(world, cookie));
    change.remove_passkey(&parameters(salt)).unwrap();
    change.request(&change_offer(world, cookie).unwrap(), world.now()).unwrap()
}

fn where_a_passkey_is_asked_for_items_wait_for_one_and_the_last_one_stays(world: &World) {
    let (acme, keys) = ann(world);
    let cookie = &keys.cookie;
    let admitted = || {
        let admitted: Result<(), items::ItemError> = world
            .with_session(cookie, |store, session, _, _| items::admit(store, session).map(drop));
        admitted
    };
    let ask = |passkey_required| {
        let policy = Policy { passkey_required, ..Policy::default() };
        let organization = acme.organization;
        world.done(move |store, now, rng| {
            policy::set_by_operator(store, organization, &policy, now, rng)
        });
    };
    assert!(admitted().is_ok());
    ask(true);
    assert!(matches!(admitted(), Err(items::ItemError::PasskeyMissing(_))));
    // The same password again: it changes nothing of what is missing, and is no way around it.
    upload(world, cookie, &new_password(world, cookie, PASSWORD)).unwrap();
    assert!(matches!(admitted(), Err(items::ItemError::PasskeyMissing(_))));

    upload(world, cookie, &with_passkey(world, cookie, by_password(world, cookie), 1)).unwrap();
    assert!(admitted().is_ok());
    let refused = upload(world, cookie, &without_passkey(world, cookie, 1));
    assert!(matches!(refused, Err(ChangeError::PasskeyMissing(_))), "{refused:?}");
    assert_eq!(world.count("SELECT COUNT(*) FROM key_methods WHERE kind = 3"), 1);
    upload(world, cookie, &new_password(world, cookie, PASSWORD)).unwrap();

    upload(world, cookie, &with_passkey(world, cookie, by_password(world, cookie), 2)).unwrap();
    upload(world, cookie, &without_passkey(world, cookie, 1)).unwrap();
    assert!(admitted().is_ok(), "one is left");
    ask(false);
    upload(world, cookie, &without_passkey(world, cookie, 2)).unwrap();
    assert!(admitted().is_ok(), "nothing is asked for");
}

fn put_item(world: &World, keys: &Keys, content: &'static [u8]) -> ItemId {
    let item: Result<ItemId, items::ItemError> =
        world.with_session(&keys.cookie, |store, session, now, rng| {
            let admitted = items::admit(store, session)?;
            items::reserve(store, &admitted, now, rng)
        });
    let item = item.unwrap();
    let record = keys.account.seal_item(item, 1, content, &mut rng()).unwrap();
    let write = ItemWrite::parse(record).unwrap();
    let stored: Result<(), items::ItemError> =
        world.with_session(&keys.cookie, move |store, session, now, _| {
            let admitted = items::admit(store, session)?;
            items::put(store, &admitted, &write, now)
        });
    stored.unwrap();
    item
}

fn all_items(world: &World, cookie: &Cookie) -> Vec<ItemRecord> {
    let all: Result<_, StoreError> = world.with_session(cookie, |store, session, _, _| {
        let admitted = items::admit(store, session).expect("an unlocked session");
        items::list(store, &admitted)
    });
    all.unwrap()
}

fn renewal_offer(world: &World, cookie: &Cookie) -> Result<SetupOffer, ChangeError> {
    world.with_session(cookie, |store, session, now, rng| {
        renewal::offer(store, session, &origins(), now, rng)
    })
}

/// A renewal of the session's account, for these items.
fn renew(world: &World, cookie: &Cookie, items: &[ItemRecord]) -> (Renewal, RenewalAttempt) {
    let authority = by_password(world, cookie);
    let offer = renewal_offer(world, cookie).unwrap();
    let new = b"a wholly different passphrase";
    let setup = Setup::begin(offer.clone(), &client(), new, &mut rng(), &mut |_, _| {}).unwrap();
    let code = setup.recovery_code().to_text();
    let proven = setup.prove_recovery(code.as_bytes()).ok().unwrap();
    let renewal = Renewal::of(authority, proven).ok().unwrap();
    let attempt = renewal.request(&offer, items, world.now(), &mut rng()).unwrap();
    (renewal, attempt)
}

fn renewal_step(
    world: &World,
    cookie: &Cookie,
    attempt: &RenewalAttempt,
) -> Result<RenewalStep, ChangeError> {
    let request = attempt.request().clone();
    world.with_session(cookie, move |store, session, now, _| {
        renewal::answer(store, session, &request, &origins(), now)
    })
}

fn upload_renewal(
    world: &World,
    cookie: &Cookie,
    attempt: &RenewalAttempt,
) -> Result<(), ChangeError> {
    let RenewalStep::Verify(turn) = renewal_step(world, cookie, attempt)? else {
        panic!("it is new")
    };
    let proven: ProvenRenewal = turn.verify(attempt.request()).expect("a sound renewal");
    world.run(move |store, now, rng| renewal::complete(store, &proven, now, rng))
}

fn a_renewal_moves_every_item_into_the_new_epoch(world: &World) {
    let (acme, keys) = ann(world);
    let other = world.sign_in(&acme, "ann");
    by_password(world, &other);
    let item = put_item(world, &keys, b"the secret");
    put_item(world, &keys, b"another");
    let items = all_items(world, &keys.cookie);
    let (renewal, attempt) = renew(world, &keys.cookie, &items);
    upload_renewal(world, &keys.cookie, &attempt).unwrap();

    let session = world.session(&keys.cookie).unwrap();
    assert!(matches!(session.key_state(), KeyState::Ready(ready) if ready.epoch == 2));
    assert!(session.unlocked().is_ok());
    assert!(world.session(&other).unwrap().unlocked().is_err());
    let account = renewal.account(&attempt).unwrap();
    let moved = all_items(world, &keys.cookie);
    let found = moved.iter().find(|record| record.id == item).unwrap();
    assert_eq!(&*account.open_item(item, 1, found).unwrap(), b"the secret");
    for table in ["key_records", "key_methods", "account_states"] {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE epoch = 1");
        assert_eq!(world.count(sql.leak()), 0, "{table}");
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM handovers WHERE epoch = 2"), 1);
    assert_eq!(world.event_count(acme.organization, EventKind::KeysRenewed), 1);
}

fn a_renewal_that_misses_an_item_changes_nothing(world: &World) {
    let (_, keys) = ann(world);
    put_item(world, &keys, b"the secret");
    let items = all_items(world, &keys.cookie);
    let (_, attempt) = renew(world, &keys.cookie, &items);
    // Another window stores one more before the renewal arrives.
    let late = put_item(world, &keys, b"written meanwhile");
    let refused = upload_renewal(world, &keys.cookie, &attempt);
    assert!(matches!(refused, Err(ChangeError::Changed)));
    let session = world.session(&keys.cookie).unwrap();
    assert!(matches!(session.key_state(), KeyState::Ready(ready) if ready.epoch == 1));
    let kept = all_items(world, &keys.cookie);
    assert_eq!(kept.len(), 2);
    for record in &kept {
        assert!(keys.account.open_item(record.id, 1, record).is_ok());
    }
    assert!(kept.iter().any(|record| record.id == late));
    assert_eq!(world.count("SELECT COUNT(*) FROM key_records WHERE epoch = 2"), 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM handovers"), 0);
}

fn a_renewal_takes_one_s_own_items_at_their_versions_alone(world: &World) {
    let (acme, ann) = ann(world);
    put_item(world, &ann, b"the secret");
    let (_, bob) = world.ready(&acme, "bob");
    let foreign = put_item(world, &bob, b"another's");
    let untouched = all_items(world, &bob.cookie);
    let renew_with = |alter: &dyn Fn(&mut RewrappedItem)| {
        let (_, attempt) = renew(world, &ann.cookie, &all_items(world, &ann.cookie));
        let mut request = attempt.request().clone();
        alter(&mut request.items[0]);
        let RenewalStep::Verify(turn) = renewal_step(world, &ann.cookie, &attempt).unwrap() else {
            panic!("it is new")
        };
        let proven = turn.verify(&request).expect("sound but for the items");
        world.run(move |store, now, rng| renewal::complete(store, &proven, now, rng))
    };
    let refused = renew_with(&|item| item.id = foreign);
    assert!(matches!(refused, Err(ChangeError::Changed)));
    let refused = renew_with(&|item| item.version += 1);
    assert!(matches!(refused, Err(ChangeError::Changed)));
    assert_eq!(all_items(world, &bob.cookie), untouched);
    assert!(renew_with(&|_| ()).is_ok());
}

fn the_same_renewal_gets_the_same_answer(world: &World) {
    let (_, keys) = ann(world);
    let (_, attempt) = renew(world, &keys.cookie, &[]);
    upload_renewal(world, &keys.cookie, &attempt).unwrap();
    assert!(matches!(renewal_step(world, &keys.cookie, &attempt), Ok(RenewalStep::Again)));
    assert_eq!(world.count("SELECT COUNT(*) FROM key_records"), 1);
}

/// A renewal wraps the items anew, which are not shown to a recovery code.
fn a_session_that_the_recovery_code_unlocked_is_offered_no_renewal(world: &World) {
    let (acme, keys) = ann(world);
    let (_, attempt) = renew(world, &keys.cookie, &[]);
    let cookie = world.sign_in(&acme, "ann");
    by_code(world, &cookie, &keys.code);
    assert!(matches!(renewal_offer(world, &cookie), Err(ChangeError::Locked(_))));
    assert!(matches!(renewal_step(world, &cookie, &attempt), Err(ChangeError::Locked(_))));
}

fn a_session_that_is_locked_or_over_on_the_way_renews_nothing(world: &World) {
    let (_, keys) = ann(world);
    let proven = || {
        let (_, attempt) = renew(world, &keys.cookie, &[]);
        let RenewalStep::Verify(turn) = renewal_step(world, &keys.cookie, &attempt).unwrap() else {
            panic!("it is new")
        };
        turn.verify(attempt.request()).expect("a sound renewal")
    };
    let complete = |proven: ProvenRenewal| {
        world.run(move |store, now, rng| renewal::complete(store, &proven, now, rng))
    };
    let locked = proven();
    lock(world, &keys.cookie);
    assert!(matches!(complete(locked), Err(ChangeError::Inactive)));
    let by_less = proven();
    by_code(world, &keys.cookie, &keys.code);
    assert!(matches!(complete(by_less), Err(ChangeError::Inactive)));
    let over = proven();
    world.pass(IDLE_LIFE);
    assert!(matches!(complete(over), Err(ChangeError::Inactive)));
    assert_eq!(world.count("SELECT COUNT(*) FROM key_records WHERE epoch = 1"), 1);
}

fn of_another_renewal_or_session_it_is_not_the_answer_again(world: &World) {
    let (_, keys) = ann(world);
    let (_, attempt) = renew(world, &keys.cookie, &[]);
    upload_renewal(world, &keys.cookie, &attempt).unwrap();
    for sql in [
        "UPDATE key_records SET request_hash = $1",
        "UPDATE key_records SET session_hash = $1, request_hash = $2",
    ] {
        let asked = attempt.request().setup.hash();
        let values = [vec![0u8; 32].into(), asked.into()];
        world.force(sql, values[..1 + usize::from(sql.contains("$2"))].to_vec());
        let late = renewal_step(world, &keys.cookie, &attempt);
        assert!(matches!(late, Err(ChangeError::ChallengeGone)), "{sql}");
    }
}

/// A set-up in a browser that can do what the organization demands; gives the new session.
fn set_up_at_the_floor(world: &World, cookie: &Cookie) -> Cookie {
    let offer = world.setup_offer(cookie);
    let able = Client { highest_profile: Profile::HIGHEST_IN_BROWSER, ..client() };
    let setup = Setup::begin(offer.clone(), &able, PASSWORD, &mut rng(), &mut |_, _| {}).unwrap();
    let code = setup.recovery_code().to_text();
    let proven = setup.prove_recovery(code.as_bytes()).ok().unwrap();
    let attempt = proven.request(&offer, world.now()).unwrap();
    Cookie::of(&world.upload(cookie, &attempt).unwrap().session)
}

fn a_renewal_has_the_floor_of_the_organization_and_not_below_the_account_s_own(world: &World) {
    let acme = world.acme();
    let organization = acme.organization;
    let demand = |profile_floor| {
        let policy = Policy { profile_floor, ..Policy::default() };
        world.done(move |store, now, rng| {
            policy::set_by_operator(store, organization, &policy, now, rng)
        });
    };
    let floor = |cookie| renewal_offer(world, cookie).unwrap().policy.profile_floor;
    let (_, low) = world.ready(&acme, "ann");
    demand(Profile::Memory256Mib);
    assert_eq!(floor(&low.cookie), Profile::Memory256Mib);
    world.person(&acme.principal, "bob", "bob");
    let high = set_up_at_the_floor(world, &world.sign_in(&acme, "bob"));
    demand(Profile::FLOOR);
    assert_eq!(floor(&low.cookie), Profile::FLOOR);
    assert_eq!(floor(&high), Profile::Memory256Mib);
}
