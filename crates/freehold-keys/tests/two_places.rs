//! Deriving in one place and going on in another gives what doing both in one place gives.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{NOW, PASSWORD, Server, TestRng, client, organization, setup_offer, silent};
use freehold_keys::{Derived, KeyError, Setup, Unlock};
use freehold_wire::{AtMost, Context, MethodKind, UserId};

/// What the other place reads.
fn sent(derived: &Derived, context: Context) -> Derived {
    Derived::from_bytes(&derived.to_bytes(), context).unwrap()
}

#[test]
fn a_person_sets_up_and_unlocks_by_two_places() {
    let offer = setup_offer();
    let context = Context::of_user(offer.organization, offer.user);
    let (client, mut rng) = (client(None), TestRng::new(31));
    let derived = Derived::for_setup(&offer, &client, PASSWORD, &mut rng, &mut silent).unwrap();
    let derived = sent(&derived, context);
    let setup =
        Setup::begin_derived(offer.clone(), &client, &derived, &mut rng, &mut silent).unwrap();
    let code = setup.recovery_code().to_text();
    let proven = setup.prove_recovery(code.as_bytes()).map_err(|not| not.reason).unwrap();
    let server = Server::accept(&offer, &proven.request(&offer, NOW).unwrap());

    let kind = MethodKind::Password;
    let derived =
        Derived::for_unlock(&server.offer(), &client, kind, PASSWORD, &mut silent).unwrap();
    let unlock = Unlock::begin_derived(server.offer(), &client, &sent(&derived, context)).unwrap();
    assert!(server.proves(&unlock));
    assert!(unlock.open(&server.answer(kind)).is_ok());
}

#[test]
fn what_was_derived_for_other_parameters_or_another_user_is_refused() {
    let offer = setup_offer();
    let (server, code) = Server::with_account(&offer, 32);
    let client = client(None);
    let kind = MethodKind::RecoveryCode;
    let by_code =
        Derived::for_unlock(&server.offer(), &client, kind, code.as_bytes(), &mut silent).unwrap();
    assert!(Unlock::begin_derived(server.offer(), &client, &by_code).is_ok());

    let mut another = server.offer();
    another.user = UserId::from_bytes([0x77; 16]);
    assert_eq!(Unlock::begin_derived(another, &client, &by_code).err(), Some(KeyError::BadMessage));
    assert_eq!(
        Setup::begin_derived(offer, &client, &by_code, &mut TestRng::new(33), &mut silent).err(),
        Some(KeyError::BadMessage),
        "a code is not a password"
    );

    let mut rng = TestRng::new(34);
    let context = Context::of_user(organization(), server.offer().user);
    let new =
        Derived::for_change(&server.offer(), &client, PASSWORD, &mut rng, &mut silent).unwrap();
    assert_eq!(
        Unlock::begin_derived(server.offer(), &client, &new).err(),
        Some(KeyError::OfferChanged),
        "the salt is another one"
    );
    let mut salted = server.offer();
    let password = salted.methods.iter_mut().find(|method| method.kind == MethodKind::Password);
    password.unwrap().parameters =
        AtMost::new(new.keys(context).unwrap().parameters().to_vec()).unwrap();
    assert!(Unlock::begin_derived(salted, &client, &new).is_ok());
}
