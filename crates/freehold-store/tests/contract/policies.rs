//! What an organization demands of keys: more than the build does, never less.

use freehold_directory::StoreError;
use freehold_directory::authority::{Mandate, NotAllowed};
use freehold_directory::events::EventKind;
use freehold_directory::policy::{self, Policy};
use freehold_directory::roles;
use freehold_directory::sessions::{self, Locked};
use freehold_directory::setup::{self, SetupError, SetupStep};
use freehold_wire::Profile;

use crate::links::ready_owner;
use crate::support::{Acme, Browser, Cookie, World, on_both_engines, origins};

on_both_engines!(
    without_a_policy_the_compiled_floor_counts,
    an_owner_in_an_unlocked_session_sets_the_policy_of_his_organization,
    a_set_up_below_the_floor_is_refused_and_stores_nothing,
    a_relaxed_policy_lets_it_pass_again,
    a_floor_below_the_compiled_one_is_not_read,
);

fn high() -> Policy {
    Policy { profile_floor: Profile::Memory256Mib, passkey_required: true, ..Policy::default() }
}

fn of(world: &World, acme: &Acme) -> Policy {
    let organization = acme.organization;
    world.done(move |store, _, _| policy::of(store, organization))
}

fn operator_sets(world: &World, acme: &Acme, policy: Policy) -> bool {
    let organization = acme.organization;
    world.done(move |store, now, rng| {
        policy::set_by_operator(store, organization, &policy, now, rng)
    })
}

#[derive(Debug, Eq, PartialEq)]
enum Refused {
    Locked,
    NotAllowed,
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        panic!("{error}")
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

fn set(world: &World, cookie: &Cookie, policy: Policy) -> Result<bool, Refused> {
    world.with_session(cookie, move |store, session, now, rng| {
        let owner = session.unlocked()?.owner()?;
        Ok(policy::set(store, owner, &policy, now, rng)?)
    })
}

fn without_a_policy_the_compiled_floor_counts(world: &World) {
    let acme = world.acme();
    assert_eq!(of(world, &acme), Policy::default());
    assert_eq!(Policy::default().profile_floor, Profile::FLOOR);
    assert!(!operator_sets(world, &acme, Policy::default()), "that changes nothing");
    assert_eq!(world.event_count(acme.organization, EventKind::PolicyChanged), 0);
}

fn an_owner_in_an_unlocked_session_sets_the_policy_of_his_organization(world: &World) {
    let acme = world.acme();
    let (_, keys) = ready_owner(world, &acme, "olga");
    let (admin, of_admin) = world.ready(&acme, "ann");
    let organization = acme.organization;
    world
        .run(move |store, now, rng| {
            roles::grant_admin(store, Mandate::operator(organization), admin.id, now, rng)
        })
        .unwrap();
    assert_eq!(set(world, &of_admin.cookie, high()), Err(Refused::NotAllowed));
    assert_eq!(set(world, &keys.cookie, high()), Ok(true));
    assert_eq!(set(world, &keys.cookie, high()), Ok(false));
    assert_eq!(of(world, &acme), high());
    assert_eq!(world.event_count(acme.organization, EventKind::PolicyChanged), 1);
    world
        .with_session(&keys.cookie, |store, session, _, _| sessions::lock(store, session))
        .unwrap();
    assert_eq!(set(world, &keys.cookie, Policy::default()), Err(Refused::Locked));
    assert_eq!(of(world, &acme), high());
    let other = world.organization("other");
    assert_eq!(world.done(move |store, _, _| policy::of(store, other)), Policy::default());
}

fn a_set_up_below_the_floor_is_refused_and_stores_nothing(world: &World) {
    let acme = world.acme();
    world.person(&acme.principal, "ann", "1");
    let cookie = world.sign_in(&acme, "1");
    let offer = world.setup_offer(&cookie);
    // Raised while the browser was at it.
    operator_sets(world, &acme, high());
    let attempt = Browser::make(&offer).attempt(&offer, world.now());
    let refused = world.upload(&cookie, &attempt).err().unwrap();
    assert!(refused.contains("too low a floor"), "{refused}");

    // Raised between the check of the signatures and the storing.
    operator_sets(world, &acme, Policy::default());
    let offer = world.setup_offer(&cookie);
    let attempt = Browser::make(&offer).attempt(&offer, world.now());
    let hash = attempt.request().hash();
    let step = world.with_session(&cookie, move |store, session, now, rng| {
        setup::answer(store, session, &hash, &origins(), now, rng)
    });
    let Ok(SetupStep::Verify(turn)) = step else { panic!("it is new") };
    let proven = turn.verify(attempt.request()).ok().unwrap();
    operator_sets(world, &acme, high());
    let stored = world.run(move |store, now, rng| setup::complete(store, &proven, now, rng));
    assert!(matches!(stored, Err(SetupError::BelowPolicy(_))));
    assert_eq!(world.count("SELECT count(*) FROM key_records"), 0);
    assert_eq!(world.event_count(acme.organization, EventKind::UserReady), 0);
}

fn a_relaxed_policy_lets_it_pass_again(world: &World) {
    let acme = world.acme();
    operator_sets(world, &acme, high());
    operator_sets(world, &acme, Policy::default());
    assert_eq!(of(world, &acme), Policy::default());
    world.ready(&acme, "ann");
    assert_eq!(world.event_count(acme.organization, EventKind::PolicyChanged), 2);
}

fn a_floor_below_the_compiled_one_is_not_read(world: &World) {
    let acme = world.acme();
    operator_sets(world, &acme, high());
    world.force("UPDATE policies SET profile_floor = 0", vec![]);
    let organization = acme.organization;
    let read = world.run(move |store, _, _| policy::of(store, organization));
    assert!(matches!(read, Err(StoreError::Corrupt(_))), "{read:?}");
}
