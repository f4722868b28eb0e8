//! RESET: asked for by who lost everything, approved by who has keys; put aside before it is destroyed.

use std::time::Duration;

use freehold_directory::authority::{Mandate, NotAllowed};
use freehold_directory::events::EventKind;
use freehold_directory::housekeeping::{self, RETENTION};
use freehold_directory::items::{self, ItemWrite};
use freehold_directory::resets::{
    self, Approval, REQUEST_LIFE, Reset, ResetError, ResetId, ResetState, Undo,
};
use freehold_directory::roles::Grant;
use freehold_directory::sessions::Locked;
use freehold_directory::unlock::{self, ProvenUnlock, UnlockError};
use freehold_directory::users::User;
use freehold_directory::{ItemId, KeyState, StoreError, UserId, roles};
use freehold_keys::Unlock;
use freehold_wire::MethodKind;

use crate::support::{
    Acme, Browser, Cookie, Keys, PASSWORD, World, client, in_parallel, minutes, on_both_engines,
    origins, rng,
};

on_both_engines!(
    an_approved_reset_puts_keys_and_items_aside_and_new_ones_are_made,
    a_cookie_thief_can_ask_and_by_that_nothing_changes,
    only_an_unlocked_admin_of_the_same_organization_approves,
    nobody_approves_his_own_request,
    a_role_by_group_approves_nothing,
    the_request_of_an_owner_takes_an_owner,
    an_unlock_cancels_the_request,
    an_unlock_on_the_way_and_an_approval_do_not_both_happen,
    an_unlock_on_the_way_opens_nothing_once_new_keys_are_made,
    of_two_admins_at_once_one_approves,
    a_suspension_cancels_the_request_for_good,
    a_pending_or_unlocked_person_asks_for_nothing,
    one_request_waits_at_a_time_and_three_a_day_are_taken,
    a_request_expires_after_seven_days,
    a_denied_or_cancelled_request_changes_nothing,
    the_asking_session_alone_outlives_an_approval,
    an_approval_ends_what_waits_in_the_asking_session_and_locks_it,
    old_keys_are_served_to_nobody_and_old_items_count_for_nothing,
    an_undo_brings_keys_and_items_back,
    another_organization_undoes_nothing,
    an_undo_is_refused_once_new_keys_are_made,
    a_set_up_on_the_way_comes_to_nothing_after_an_undo,
    what_was_put_aside_is_destroyed_once_after_the_retention_time,
    the_card_of_a_destroyed_epoch_is_still_named,
    a_second_reset_keeps_each_epoch_apart,
    a_purge_takes_what_was_put_aside_with_it,
    the_operator_approves_where_nobody_else_can,
    who_cannot_approve_is_counted_among_nobody,
    requests_that_came_to_nothing_are_forgotten,
);

/// Ann lost everything and asked in a new session; Bob is an admin with keys.
struct Story {
    acme: Acme,
    ann: User,
    /// What Ann had before.
    keys: Keys,
    /// Ann's session that asked.
    asking: Cookie,
    bob: Keys,
    bob_user: User,
}

fn story(world: &World) -> Story {
    let acme = world.acme();
    let (bob_user, bob) = admin(world, &acme, "bob");
    let (ann, keys) = world.ready(&acme, "ann");
    let asking = world.sign_in(&acme, "ann");
    Story { acme, ann, keys, asking, bob, bob_user }
}

/// A READY person whom the operator made an admin, with an unlocked session.
fn admin(world: &World, acme: &Acme, name: &str) -> (User, Keys) {
    let (user, keys) = world.ready(acme, name);
    let organization = acme.organization;
    world
        .run(move |store, now, rng| {
            roles::grant_admin(store, Mandate::operator(organization), user.id, now, rng)
        })
        .unwrap();
    (world.get(&acme.principal, user.id).unwrap(), keys)
}

fn ask(world: &World, cookie: &Cookie) -> Result<Reset, ResetError> {
    // Requests are told apart by the time they were made, too.
    world.pass(Duration::from_millis(1));
    world.with_session(cookie, resets::ask)
}

/// Why an admin did not do it.
#[derive(Debug)]
enum Refused {
    Locked,
    NotAllowed,
    Reset(ResetError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Reset(error.into())
    }
}

impl From<Locked> for Refused {
    fn from(_: Locked) -> Self {
        Self::Locked
    }
}

impl From<NotAllowed> for Refused {
    fn from(_: NotAllowed) -> Self {
        Self::NotAllowed
    }
}

fn approve(world: &World, cookie: &Cookie, id: ResetId) -> Result<Approval, Refused> {
    world.with_session(cookie, move |store, session, now, rng| {
        let admin = session.unlocked()?.admin()?;
        resets::approve(store, admin, id, now, rng).map_err(Refused::Reset)
    })
}

fn deny(world: &World, cookie: &Cookie, id: ResetId) -> Result<(), Refused> {
    world.with_session(cookie, move |store, session, now, rng| {
        let admin = session.unlocked()?.admin()?;
        resets::deny(store, admin, id, now, rng).map_err(Refused::Reset)
    })
}

fn undo(world: &World, story: &Story) -> Result<Undo, ResetError> {
    let (organization, user) = (story.acme.organization, story.ann.id);
    world.run(move |store, now, rng| resets::undo(store, organization, user, now, rng))
}

fn last(world: &World, story: &Story) -> (ResetState, Reset) {
    let user = story.ann.id;
    let last = world.done(move |store, _, _| resets::last_of(store, user)).expect("a request");
    (last.state_at(world.now()), last)
}

fn key_state(world: &World, story: &Story) -> KeyState {
    world.get(&story.acme.principal, story.ann.id).unwrap().key_state
}

fn is_pending(world: &World, story: &Story, epoch: u64) -> bool {
    matches!(key_state(world, story), KeyState::Pending(it) if it.epoch == epoch)
}

fn is_ready(world: &World, story: &Story, epoch: u64) -> bool {
    matches!(key_state(world, story), KeyState::Ready(it) if it.epoch == epoch)
}

/// An approved reset.
fn approved(world: &World) -> Story {
    let story = story(world);
    let request = ask(world, &story.asking).unwrap();
    approve(world, &story.bob.cookie, request.id).unwrap();
    story
}

/// Checks an unlock up to the job that gives records out.
fn prove(world: &World, cookie: &Cookie, secret: &[u8], kind: MethodKind) -> ProvenUnlock {
    let offer = world
        .with_session(cookie, |store, session, now, rng| {
            unlock::offer(store, session, &origins(), now, rng)
        })
        .unwrap()
        .unwrap();
    let begun = Unlock::begin(offer, &client(), kind, secret, &mut |_, _| {}).unwrap();
    let turn = world
        .with_session(cookie, move |store, session, now, rng| {
            unlock::charge(store, session, (kind, &[]), &origins(), now, rng)
        })
        .unwrap()
        .unwrap();
    turn.verify(&begun.request()).unwrap()
}

fn settle(world: &World, proven: ProvenUnlock) -> Result<(), UnlockError> {
    world.done(move |store, now, rng| unlock::settle(store, &proven, now, rng)).map(drop)
}

fn unlock_with(world: &World, cookie: &Cookie, secret: &[u8]) -> Result<(), UnlockError> {
    settle(world, prove(world, cookie, secret, MethodKind::Password))
}

/// Stores a secret in an unlocked session.
fn keep_secret(world: &World, keys: &Keys, text: &[u8]) -> ItemId {
    world.pass(Duration::from_millis(1));
    let id = world
        .with_session(&keys.cookie, |store, session, now, rng| {
            let admitted = items::admit(store, session).expect("an unlocked session");
            items::reserve(store, &admitted, now, rng)
        })
        .unwrap();
    let record = keys.account.seal_item(id, 1, text, &mut rng()).unwrap();
    world
        .with_session(&keys.cookie, move |store, session, now, _| {
            let write = ItemWrite::parse(record.clone()).unwrap();
            let admitted = items::admit(store, session).expect("an unlocked session");
            items::put(store, &admitted, &write, now)
        })
        .unwrap();
    id
}

fn item_ids(world: &World, cookie: &Cookie) -> Vec<ItemId> {
    let all = world.with_session(cookie, |store, session, _, _| {
        let admitted = items::admit(store, session).expect("an unlocked session");
        items::list(store, &admitted)
    });
    all.unwrap().iter().map(|item: &freehold_wire::ItemRecord| item.id).collect()
}

fn an_approved_reset_puts_keys_and_items_aside_and_new_ones_are_made(world: &World) {
    let story = story(world);
    let old = keep_secret(world, &story.keys, b"the old secret");
    let request = ask(world, &story.asking).unwrap();
    assert!(is_ready(world, &story, 1));
    let approval = approve(world, &story.bob.cookie, request.id).unwrap();
    assert_eq!((approval.user, approval.epoch), (story.ann.id, 2));
    assert!(is_pending(world, &story, 2));
    let offer = world.setup_offer(&story.asking);
    let old_card = freehold_wire::hash(&story.keys.attempt.request().card);
    assert_eq!(offer.epoch, 2);
    assert_eq!(offer.previous_card.map(|hash| hash.0), Some(old_card));
    let new = world.set_up(&story.asking);
    assert!(is_ready(world, &story, 2));
    assert!(item_ids(world, &new.cookie).is_empty(), "nothing of before is mixed in");
    let fresh = keep_secret(world, &new, b"the new secret");
    assert_eq!(item_ids(world, &new.cookie), [fresh]);
    assert_ne!(fresh, old);
    for kind in [EventKind::ResetRequested, EventKind::ResetApproved] {
        assert_eq!(world.event_count(story.acme.organization, kind), 1);
    }
    assert_eq!(last(world, &story).0, ResetState::Approved);
}

fn a_cookie_thief_can_ask_and_by_that_nothing_changes(world: &World) {
    let story = story(world);
    let secret = keep_secret(world, &story.keys, b"kept");
    let request = ask(world, &story.asking).unwrap();
    assert!(matches!(approve(world, &story.asking, request.id), Err(Refused::Locked)));
    assert!(is_ready(world, &story, 1));
    assert_eq!(item_ids(world, &story.keys.cookie), [secret], "her other session goes on");
    assert_eq!(last(world, &story).0, ResetState::Requested);
}

fn only_an_unlocked_admin_of_the_same_organization_approves(world: &World) {
    let story = story(world);
    let request = ask(world, &story.asking).unwrap();
    let locked = world.sign_in(&story.acme, "bob");
    assert!(matches!(approve(world, &locked, request.id), Err(Refused::Locked)));
    let (_, member) = world.ready(&story.acme, "mia");
    assert!(matches!(approve(world, &member.cookie, request.id), Err(Refused::NotAllowed)));
    // A recovery code opens the way to a new password only.
    let code = story.bob.code.as_bytes();
    settle(world, prove(world, &locked, code, MethodKind::RecoveryCode)).unwrap();
    assert!(matches!(approve(world, &locked, request.id), Err(Refused::Locked)));
    let other = other_organization(world);
    let (_, stranger) = admin(world, &other, "eve");
    for act in [
        approve(world, &stranger.cookie, request.id).map(drop),
        deny(world, &stranger.cookie, request.id),
    ] {
        assert!(matches!(act, Err(Refused::Reset(ResetError::NotFound))), "{act:?}");
    }
    let unknown: ResetId = "0190163d-8694-739b-aea5-966c26f8ad91".parse().unwrap();
    let act = approve(world, &story.bob.cookie, unknown);
    assert!(matches!(act, Err(Refused::Reset(ResetError::NotFound))));
    let seen = world.with_session(&stranger.cookie, |store, session, now, _| {
        resets::list(store, session.admin().expect("an admin"), now)
    });
    assert!(seen.unwrap().is_empty());
    assert!(is_ready(world, &story, 1));
    assert_eq!(last(world, &story).0, ResetState::Requested);
}

/// Another organization, whose connection has the name that sign-ins of the tests use.
fn other_organization(world: &World) -> Acme {
    let organization = world.organization("other");
    let connection = world.connection(organization, "idp");
    Acme { organization, connection, principal: world.principal(organization, None) }
}

fn nobody_approves_his_own_request(world: &World) {
    let story = story(world);
    let asking = world.sign_in(&story.acme, "bob");
    // He has another session, unlocked before he asked.
    let request = ask(world, &asking).unwrap();
    let own = approve(world, &story.bob.cookie, request.id);
    assert!(matches!(own, Err(Refused::Reset(ResetError::Own))), "{own:?}");
    let own = deny(world, &story.bob.cookie, request.id);
    assert!(matches!(own, Err(Refused::Reset(ResetError::Own))), "{own:?}");
}

fn a_role_by_group_approves_nothing(world: &World) {
    let story = story(world);
    let (mia, keys) = world.ready(&story.acme, "mia");
    let organization = story.acme.organization;
    world.group(&story.acme.principal, "Admins", &[mia.id.to_string()]);
    world
        .run(move |store, now, rng| {
            let group = roles::group_named(store, organization, "Admins")?;
            roles::map(store, Mandate::operator(organization), group, now, rng)
        })
        .expect("a mapping");
    let request = ask(world, &story.asking).unwrap();
    let by_group = approve(world, &keys.cookie, request.id);
    assert!(matches!(by_group, Err(Refused::Reset(ResetError::NotAppointed))), "{by_group:?}");
    assert!(is_ready(world, &story, 1));
    deny(world, &keys.cookie, request.id).unwrap();
}

/// An admin who also runs the identity provider could sign in as the owner and approve his own request.
fn the_request_of_an_owner_takes_an_owner(world: &World) {
    let story = story(world);
    let organization = story.acme.organization;
    let (olga, _keys) = owner(world, &story.acme, "olga");
    let asking = world.sign_in(&story.acme, "olga");
    let request = ask(world, &asking).unwrap();
    let by_admin = approve(world, &story.bob.cookie, request.id);
    assert!(matches!(by_admin, Err(Refused::Reset(ResetError::OwnersOnly))), "{by_admin:?}");
    let others = || world.done(move |store, _, _| resets::approvers(store, organization, olga));
    assert_eq!(others(), [""; 0]);
    let (_otto, keys) = owner(world, &story.acme, "otto");
    assert_eq!(others(), ["otto"]);
    assert_eq!(approve(world, &keys.cookie, request.id).unwrap().epoch, 2);
}

/// A READY owner with an unlocked session.
fn owner(world: &World, acme: &Acme, name: &str) -> (UserId, Keys) {
    let (user, keys) = world.ready(acme, name);
    let organization = acme.organization;
    world.done(move |store, now, _| store.insert_grant(organization, user.id, Grant::Owner, now));
    (user.id, keys)
}

fn an_unlock_cancels_the_request(world: &World) {
    let story = story(world);
    let request = ask(world, &story.asking).unwrap();
    let elsewhere = world.sign_in(&story.acme, "ann");
    unlock_with(world, &elsewhere, PASSWORD).unwrap();
    assert_eq!(last(world, &story).0, ResetState::Cancelled);
    let late = approve(world, &story.bob.cookie, request.id);
    assert!(matches!(late, Err(Refused::Reset(ResetError::Settled))), "{late:?}");
    assert!(is_ready(world, &story, 1));
    assert_eq!(world.event_count(story.acme.organization, EventKind::ResetCancelled), 1);
}

fn an_unlock_on_the_way_and_an_approval_do_not_both_happen(world: &World) {
    let story = story(world);
    let request = ask(world, &story.asking).unwrap();
    let elsewhere = world.sign_in(&story.acme, "ann");
    // Both were begun while the other had not happened.
    let proven = prove(world, &elsewhere, PASSWORD, MethodKind::Password);
    let proven = std::sync::Mutex::new(Some(proven));
    let done = in_parallel(2, |n| match n {
        0 => settle(world, proven.lock().unwrap().take().unwrap()).is_ok(),
        _ => approve(world, &story.bob.cookie, request.id).is_ok(),
    });
    assert_eq!(done.iter().filter(|done| **done).count(), 1, "{done:?}");
    assert_eq!(is_ready(world, &story, 1), done[0]);
    assert_eq!(is_pending(world, &story, 2), done[1]);
    let unlocked = world.count("SELECT count(*) FROM sessions WHERE unlocked_by IS NOT NULL");
    // Bob's two after set-up, and Ann's where she was first.
    assert_eq!(unlocked, if done[0] { 3 } else { 1 });
}

/// The session that asked outlives the set-up for a moment, and what was put aside is there still.
fn an_unlock_on_the_way_opens_nothing_once_new_keys_are_made(world: &World) {
    let story = story(world);
    let code = story.keys.code.as_bytes();
    let proven = prove(world, &story.asking, code, MethodKind::RecoveryCode);
    let request = ask(world, &story.asking).unwrap();
    approve(world, &story.bob.cookie, request.id).unwrap();
    world.set_up(&story.asking);
    assert!(world.session(&story.asking).is_some());
    assert_eq!(settle(world, proven).err(), Some(UnlockError::SignedOut));
}

fn of_two_admins_at_once_one_approves(world: &World) {
    let story = story(world);
    let (_, carl) = admin(world, &story.acme, "carl");
    let request = ask(world, &story.asking).unwrap();
    let admins = [&story.bob.cookie, &carl.cookie, &story.bob.cookie, &carl.cookie];
    let outcomes = in_parallel(4, |n| approve(world, admins[n], request.id));
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    for lost in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
        assert!(matches!(lost, Refused::Reset(ResetError::Settled)), "{lost:?}");
    }
    assert!(is_pending(world, &story, 2));
    assert_eq!(world.event_count(story.acme.organization, EventKind::ResetApproved), 1);
}

fn a_suspension_cancels_the_request_for_good(world: &World) {
    let story = story(world);
    let request = ask(world, &story.asking).unwrap();
    world.set_active(&story.acme.principal, story.ann.id, false);
    let refused = || approve(world, &story.bob.cookie, request.id);
    assert!(matches!(refused(), Err(Refused::Reset(ResetError::Settled))));
    // The provider takes it back: what was asked for before counts no more.
    world.set_active(&story.acme.principal, story.ann.id, true);
    assert!(matches!(refused(), Err(Refused::Reset(ResetError::Settled))));
    assert_eq!(last(world, &story).0, ResetState::Cancelled);
    let again = world.sign_in(&story.acme, "ann");
    unlock_with(world, &again, PASSWORD).unwrap();
    // And past the directory: an inactive account is put aside by nobody.
    let again = world.sign_in(&story.acme, "ann");
    let request = ask(world, &again).unwrap();
    world.force("UPDATE users SET active = 0 WHERE user_name = 'ann'", vec![]);
    let refused = approve(world, &story.bob.cookie, request.id);
    assert!(matches!(refused, Err(Refused::Reset(ResetError::Settled))));
}

fn a_pending_or_unlocked_person_asks_for_nothing(world: &World) {
    let story = story(world);
    let unlocked = ask(world, &story.keys.cookie);
    assert!(matches!(unlocked, Err(ResetError::Unlocked)));
    world.person(&story.acme.principal, "new", "new");
    let pending = world.sign_in(&story.acme, "new");
    assert!(matches!(ask(world, &pending), Err(ResetError::NotReady)));
    // Who unlocked with the code has a way in.
    let by_code = world.sign_in(&story.acme, "ann");
    let code = story.keys.code.as_bytes();
    settle(world, prove(world, &by_code, code, MethodKind::RecoveryCode)).unwrap();
    assert!(matches!(ask(world, &by_code), Err(ResetError::Unlocked)));
    assert_eq!(world.count("SELECT count(*) FROM resets"), 0);
}

fn one_request_waits_at_a_time_and_three_a_day_are_taken(world: &World) {
    let story = story(world);
    let cancel = || {
        world.with_session(&story.asking, resets::cancel).unwrap();
    };
    ask(world, &story.asking).unwrap();
    assert!(matches!(ask(world, &story.asking), Err(ResetError::Open)));
    for _ in 0..2 {
        cancel();
        ask(world, &story.asking).unwrap();
    }
    cancel();
    let Err(ResetError::TooOften { retry_after }) = ask(world, &story.asking) else {
        panic!("a fourth request in a day");
    };
    assert!(retry_after > minutes(23 * 60) && retry_after <= minutes(24 * 60));
    world.pass(retry_after);
    let later = world.sign_in(&story.acme, "ann");
    ask(world, &later).unwrap();
    assert_eq!(world.count("SELECT count(*) FROM resets WHERE state = 'requested'"), 1);
}

/// How many requests an admin is shown.
fn waiting(world: &World, admin: &Cookie) -> usize {
    let seen = world.with_session(admin, |store, session, now, _| {
        resets::list(store, session.admin().expect("an admin"), now)
    });
    seen.unwrap().len()
}

fn a_request_expires_after_seven_days(world: &World) {
    let story = story(world);
    let request = ask(world, &story.asking).unwrap();
    world.pass(REQUEST_LIFE);
    assert_eq!(last(world, &story).0, ResetState::Expired);
    let ann = world.sign_in(&story.acme, "ann");
    assert!(!world.with_session(&ann, resets::cancel).unwrap(), "it is over already");
    let bob = world.sign_in(&story.acme, "bob");
    assert_eq!(waiting(world, &bob), 0);
    unlock_with(world, &bob, PASSWORD).unwrap();
    let late = approve(world, &bob, request.id);
    assert!(matches!(late, Err(Refused::Reset(ResetError::Settled))), "{late:?}");
    assert!(is_ready(world, &story, 1));
    let again = world.sign_in(&story.acme, "ann");
    ask(world, &again).unwrap();
    assert_eq!(last(world, &story).0, ResetState::Requested);
}

fn a_denied_or_cancelled_request_changes_nothing(world: &World) {
    let story = story(world);
    let request = ask(world, &story.asking).unwrap();
    assert_eq!(waiting(world, &story.bob.cookie), 1);
    deny(world, &story.bob.cookie, request.id).unwrap();
    assert_eq!(last(world, &story).0, ResetState::Denied);
    assert_eq!(waiting(world, &story.bob.cookie), 0);
    let late = approve(world, &story.bob.cookie, request.id);
    assert!(matches!(late, Err(Refused::Reset(ResetError::Settled))));
    let request = ask(world, &story.asking).unwrap();
    assert!(world.with_session(&story.asking, resets::cancel).unwrap());
    assert!(!world.with_session(&story.asking, resets::cancel).unwrap(), "once");
    let late = approve(world, &story.bob.cookie, request.id);
    assert!(matches!(late, Err(Refused::Reset(ResetError::Settled))));
    assert!(is_ready(world, &story, 1));
    unlock_with(world, &story.asking, PASSWORD).unwrap();
    assert_eq!(world.event_count(story.acme.organization, EventKind::ResetDenied), 1);
}

fn the_asking_session_alone_outlives_an_approval(world: &World) {
    let story = story(world);
    let third = world.sign_in(&story.acme, "ann");
    let request = ask(world, &story.asking).unwrap();
    approve(world, &story.bob.cookie, request.id).unwrap();
    assert!(world.session(&story.keys.cookie).is_none(), "the unlocked one is gone");
    assert!(world.session(&third).is_none());
    let asking = world.session(&story.asking).expect("it stays");
    assert!(asking.unlocked_by().is_none());
    assert!(world.session(&story.bob.cookie).is_some());
    world.set_up(&story.asking);
    // The old session was replaced at set-up and is no way in.
    assert!(world.session(&story.asking).unwrap().unlocked().is_err());
}

/// It is locked as long as a request waits; a second lock on the same door.
fn an_approval_ends_what_waits_in_the_asking_session_and_locks_it(world: &World) {
    let story = story(world);
    let request = ask(world, &story.asking).unwrap();
    let offered = world.with_session(&story.asking, |store, session, now, rng| {
        unlock::offer(store, session, &origins(), now, rng)
    });
    assert!(offered.unwrap().is_ok());
    world.force("UPDATE sessions SET unlocked_by = 1", vec![]);
    approve(world, &story.bob.cookie, request.id).unwrap();
    assert_eq!(world.session(&story.asking).unwrap().unlocked_by(), None);
    assert_eq!(world.count("SELECT count(*) FROM challenges"), 0);
}

fn old_keys_are_served_to_nobody_and_old_items_count_for_nothing(world: &World) {
    let story = story(world);
    keep_secret(world, &story.keys, b"the old secret");
    // She used her tries up: that is how one comes to lose everything.
    let tries = "UPDATE unlock_tries SET since_success = 100, version = version + 1";
    let request = ask(world, &story.asking).unwrap();
    world.force(tries, vec![]);
    approve(world, &story.bob.cookie, request.id).unwrap();
    let offer = world.with_session(&story.asking, |store, session, now, rng| {
        unlock::offer(store, session, &origins(), now, rng)
    });
    assert_eq!(offer.unwrap().err(), Some(UnlockError::NotReady));
    assert_eq!(world.count("SELECT count(*) FROM items"), 0);
    assert_eq!(world.count("SELECT count(*) FROM items_aside"), 1);
    let ann = "SELECT i.items + i.bytes FROM item_usage i JOIN users u ON u.id = i.user_id \
               WHERE u.user_name = 'ann'";
    assert_eq!(world.count(ann), 0);
    let new = world.set_up(&story.asking);
    assert!(item_ids(world, &new.cookie).is_empty());
    let again = world.sign_in(&story.acme, "ann");
    unlock_with(world, &again, PASSWORD).unwrap();
    let served = "SELECT count(*) FROM unlock_tries t JOIN users u ON u.id = t.user_id \
                  WHERE u.user_name = 'ann' AND t.since_success > 0";
    assert_eq!(world.count(served), 0, "tries began anew");
}

fn an_undo_brings_keys_and_items_back(world: &World) {
    let story = story(world);
    let kept = keep_secret(world, &story.keys, b"the old secret");
    let usage = "SELECT bytes FROM item_usage WHERE items = 1";
    let bytes = world.count(usage);
    ask(world, &story.asking).unwrap();
    world.with_session(&story.asking, resets::cancel).unwrap();
    let request = ask(world, &story.asking).unwrap();
    approve(world, &story.bob.cookie, request.id).unwrap();
    assert_eq!(undo(world, &story).unwrap().epoch, 1);
    assert!(is_ready(world, &story, 1));
    assert_eq!(last(world, &story).0, ResetState::Undone);
    assert!(world.session(&story.asking).is_none());
    let again = world.sign_in(&story.acme, "ann");
    unlock_with(world, &again, PASSWORD).unwrap();
    assert_eq!(item_ids(world, &again), [kept]);
    assert_eq!(world.count(usage), bytes);
    assert_eq!(world.count("SELECT count(*) FROM items_aside"), 0);
    assert_eq!(world.event_count(story.acme.organization, EventKind::ResetUndone), 1);
    assert!(matches!(undo(world, &story), Err(ResetError::NothingToUndo)), "once");
    // What is back is not destroyed later.
    world.pass(RETENTION * 2);
    assert!(
        world.done(|store, now, rng| resets::destroy_old(store, RETENTION, now, rng)).is_empty()
    );
    assert_eq!(world.count("SELECT count(*) FROM items"), 1);
}

fn another_organization_undoes_nothing(world: &World) {
    let story = approved(world);
    let (other, ann) = (other_organization(world).organization, story.ann.id);
    let undone = world.run(move |store, now, rng| resets::undo(store, other, ann, now, rng));
    assert!(matches!(undone, Err(ResetError::NothingToUndo)));
    assert!(is_pending(world, &story, 2));
}

fn an_undo_is_refused_once_new_keys_are_made(world: &World) {
    let story = approved(world);
    let new = world.set_up(&story.asking);
    assert!(matches!(undo(world, &story), Err(ResetError::NothingToUndo)));
    assert!(is_ready(world, &story, 2));
    assert!(world.session(&new.cookie).is_some());
    // Past the look-up: the account itself is compared too.
    let forced = world.run(|store, now, _| {
        let aside = store.resets_to_destroy(now, 1)?;
        store.bring_keys_back(&aside[0], now)
    });
    assert!(matches!(forced, Ok::<bool, StoreError>(false)));
}

fn a_set_up_on_the_way_comes_to_nothing_after_an_undo(world: &World) {
    let story = approved(world);
    let offer = world.setup_offer(&story.asking);
    let attempt = Browser::make(&offer).attempt(&offer, world.now());
    let hash = attempt.request().hash();
    let step = world.with_session(&story.asking, move |store, session, now, rng| {
        freehold_directory::setup::answer(store, session, &hash, &origins(), now, rng)
    });
    let Ok(freehold_directory::setup::SetupStep::Verify(turn)) = step else {
        panic!("it is to be verified");
    };
    let proven = turn.verify(attempt.request()).unwrap();
    undo(world, &story).unwrap();
    // A second reset, so that the account waits for the very epoch again.
    let again = world.sign_in(&story.acme, "ann");
    let request = ask(world, &again).unwrap();
    approve(world, &story.bob.cookie, request.id).unwrap();
    let late = world
        .run(move |store, now, rng| freehold_directory::setup::complete(store, &proven, now, rng));
    assert!(late.is_err());
    assert!(is_pending(world, &story, 2));
}

fn destroy(world: &World) -> usize {
    world.done(|store, now, rng| resets::destroy_old(store, RETENTION, now, rng)).len()
}

const OF_ANN: &str = "SELECT (SELECT count(*) FROM key_records k JOIN users u ON u.id = k.user_id \
                      WHERE u.user_name = 'ann' AND k.epoch = 1) \
                      + (SELECT count(*) FROM key_methods k JOIN users u ON u.id = k.user_id \
                      WHERE u.user_name = 'ann' AND k.epoch = 1) \
                      + (SELECT count(*) FROM account_states k JOIN users u ON u.id = k.user_id \
                      WHERE u.user_name = 'ann' AND k.epoch = 1) \
                      + (SELECT count(*) FROM items_aside)";

fn what_was_put_aside_is_destroyed_once_after_the_retention_time(world: &World) {
    let story = story(world);
    keep_secret(world, &story.keys, b"the old secret");
    let request = ask(world, &story.asking).unwrap();
    approve(world, &story.bob.cookie, request.id).unwrap();
    let new = world.set_up(&story.asking);
    keep_secret(world, &new, b"the new secret");
    let over = last(world, &story).1.settled_at.expect("a decision").plus(RETENTION);
    world.pass(over.since(world.now()) - Duration::from_millis(1));
    assert_eq!(destroy(world), 0);
    assert_eq!(world.count(OF_ANN), 5, "a record, two methods, a state, an item");
    world.pass(Duration::from_millis(1));
    let rounds = in_parallel(2, |_| destroy(world));
    assert_eq!(rounds.iter().sum::<usize>(), 1);
    assert_eq!(destroy(world), 0);
    assert_eq!(world.count(OF_ANN), 0);
    assert_eq!(world.event_count(story.acme.organization, EventKind::ResetDestroyed), 1);
    // The new ones, and everybody else's, are untouched.
    let again = world.sign_in(&story.acme, "ann");
    unlock_with(world, &again, PASSWORD).unwrap();
    assert_eq!(item_ids(world, &again).len(), 1);
    assert_eq!(world.count("SELECT count(*) FROM key_records"), 2);
    assert!(last(world, &story).1.destroyed_at.is_some());
    assert!(world.get(&story.acme.principal, story.bob_user.id).is_ok());
}

fn the_card_of_a_destroyed_epoch_is_still_named(world: &World) {
    let story = approved(world);
    world.pass(RETENTION);
    assert_eq!(destroy(world), 1);
    assert!(matches!(undo(world, &story), Err(ResetError::NothingToUndo)));
    let again = world.sign_in(&story.acme, "ann");
    let offer = world.setup_offer(&again);
    let old_card = freehold_wire::hash(&story.keys.attempt.request().card);
    assert_eq!(offer.previous_card.map(|hash| hash.0), Some(old_card));
    world.set_up(&again);
    assert!(is_ready(world, &story, 2));
}

fn a_second_reset_keeps_each_epoch_apart(world: &World) {
    let story = approved(world);
    let second = world.set_up(&story.asking);
    let kept = keep_secret(world, &second, b"of the second epoch");
    let asking = world.sign_in(&story.acme, "ann");
    let request = ask(world, &asking).unwrap();
    assert_eq!(request.epoch, 2);
    approve(world, &story.bob.cookie, request.id).unwrap();
    assert!(is_pending(world, &story, 3));
    assert_eq!(undo(world, &story).unwrap().epoch, 2);
    let again = world.sign_in(&story.acme, "ann");
    unlock_with(world, &again, PASSWORD).unwrap();
    assert_eq!(item_ids(world, &again), [kept]);
    assert!(matches!(undo(world, &story), Err(ResetError::NothingToUndo)), "not the first");
}

fn a_purge_takes_what_was_put_aside_with_it(world: &World) {
    let story = story(world);
    keep_secret(world, &story.keys, b"the old secret");
    let request = ask(world, &story.asking).unwrap();
    approve(world, &story.bob.cookie, request.id).unwrap();
    world.delete(&story.acme.principal, story.ann.id).unwrap();
    world.pass(RETENTION);
    let purged = world.done(|store, now, rng| housekeeping::purge(store, RETENTION, now, rng));
    assert_eq!(purged, [story.ann.id]);
    assert_eq!(world.count("SELECT count(*) FROM items_aside"), 0);
    assert_eq!(world.count("SELECT count(*) FROM resets"), 0);
    assert_eq!(world.count("SELECT count(*) FROM key_records"), 1, "Bob's");
    assert_eq!(destroy(world), 0);
}

fn the_operator_approves_where_nobody_else_can(world: &World) {
    let story = story(world);
    ask(world, &story.asking).unwrap();
    let (organization, ann, bob) = (story.acme.organization, story.ann.id, story.bob_user.id);
    let approve = |user, anyway| {
        world.run(move |store, now, rng| {
            resets::approve_by_operator(store, organization, user, anyway, now, rng)
        })
    };
    let refused = approve(ann, false);
    assert!(matches!(&refused, Err(ResetError::OthersCan(names)) if names == "bob"), "{refused:?}");
    assert!(matches!(approve(bob, false), Err(ResetError::NotFound)), "he did not ask");
    let asking = world.sign_in(&story.acme, "bob");
    ask(world, &asking).unwrap();
    assert_eq!(approve(bob, false).unwrap().epoch, 2, "the only one who could");
    // Now nobody with keys is left who could.
    assert_eq!(approve(ann, false).unwrap().epoch, 2);
    assert!(is_pending(world, &story, 2));
}

fn who_cannot_approve_is_counted_among_nobody(world: &World) {
    let story = story(world);
    admin(world, &other_organization(world), "eve");
    let (organization, ann) = (story.acme.organization, story.ann.id);
    let keyless = world.person(&story.acme.principal, "kai", "kai").id;
    world
        .run(move |store, now, rng| {
            roles::grant_admin(store, Mandate::operator(organization), keyless, now, rng)
        })
        .unwrap();
    let approvers = || world.done(move |store, _, _| resets::approvers(store, organization, ann));
    assert_eq!(approvers(), ["bob"]);
    world.set_active(&story.acme.principal, story.bob_user.id, false);
    assert_eq!(approvers(), [""; 0]);
}

fn requests_that_came_to_nothing_are_forgotten(world: &World) {
    let story = story(world);
    ask(world, &story.asking).unwrap();
    world.with_session(&story.asking, resets::cancel).unwrap();
    let request = ask(world, &story.asking).unwrap();
    approve(world, &story.bob.cookie, request.id).unwrap();
    world.pass(REQUEST_LIFE + RETENTION);
    let collect =
        |store: &mut dyn freehold_directory::Store, now, _: &mut dyn rand_core::CryptoRng| {
            housekeeping::collect(store, Duration::from_secs(86_400), now)
        };
    assert_eq!(world.done(collect).resets, 1);
    assert_eq!(last(world, &story).0, ResetState::Approved, "this one did something");
}
