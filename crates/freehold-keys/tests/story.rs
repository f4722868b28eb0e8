//! Set-up, unlock and items, as a person meets them.

mod common;

use common::{
    NOW, PASSWORD, Server, TestRng, begin, client, proven, setup_offer, silent, unlock_by_code,
};
use freehold_keys::{KeyError, Unlock};
use freehold_wire::{Exact, ItemId, MAX_COUNTER, MethodKind, Timestamp, UnlockAnswer};

fn item(n: u8) -> ItemId {
    ItemId::from_bytes([n; 16])
}

#[test]
fn a_person_sets_up_keeps_a_secret_and_unlocks_it_elsewhere() {
    let offer = setup_offer();
    let (proven, _) = proven(offer.clone(), 1);
    let attempt = proven.request(&offer, NOW).unwrap();
    let server = Server::accept(&offer, &attempt);
    let account = proven.account(&attempt).unwrap();
    assert_eq!(account.changed_at(), NOW);
    assert_eq!(account.subject(), "ada@example.com");
    let record = account.seal_item(item(1), 1, b"the secret", &mut TestRng::new(2)).unwrap();

    let by_password = MethodKind::Password;
    let unlock =
        Unlock::begin(server.offer(), &client(None), by_password, PASSWORD, &mut silent).unwrap();
    assert!(server.proves(&unlock));
    let elsewhere = unlock.open(&server.answer(by_password)).unwrap();
    assert_eq!(elsewhere.remembered(), account.remembered());
    assert_eq!(&**elsewhere.open_item(item(1), 1, &record).unwrap(), b"the secret");
}

#[test]
fn the_recovery_code_opens_the_same_account() {
    let offer = setup_offer();
    let (server, code) = Server::with_account(&offer, 3);
    let first = unlock_by_code(server.offer(), &code, None).unwrap();
    assert!(server.proves(&first));
    let first = first.open(&server.answer(MethodKind::RecoveryCode)).unwrap();
    let remembered = first.remembered().clone();
    assert_eq!(remembered.profile_floor, None, "the protocol's own floor need not be remembered");
    let again = unlock_by_code(server.offer(), &code, Some(&remembered)).unwrap();
    assert_eq!(again.request().remembered.map(|point| point.seq), Some(1));
    let answer = UnlockAnswer { failed_since: 3, ..server.answer(MethodKind::RecoveryCode) };
    assert_eq!(again.open(&answer).unwrap().failed_since(), 3);
}

#[test]
fn a_wrong_secret_proves_nothing() {
    let (server, _) = Server::with_account(&setup_offer(), 4);
    let wrong = Unlock::begin(
        server.offer(),
        &client(None),
        MethodKind::Password,
        b"wrong horse battery staple",
        &mut silent,
    );
    assert!(!server.proves(&wrong.unwrap()));
    let other_code = freehold_keys::RecoveryCode::from_bytes(&[5; 32]).to_text().to_string();
    let wrong = unlock_by_code(server.offer(), &other_code, None).unwrap();
    assert!(!server.proves(&wrong));
}

#[test]
fn nothing_can_be_sent_before_the_recovery_code_is_proved() {
    let setup = begin(setup_offer(), 5).unwrap();
    let code = setup.recovery_code().to_text().to_string();
    let mut mistyped = code.clone().into_bytes();
    mistyped[20] = if mistyped[20] == b'q' { b'p' } else { b'q' };
    let Err(not_proven) = setup.prove_recovery(&mistyped) else { panic!("mistyped") };
    assert_eq!(not_proven.reason, KeyError::BadCode);
    let other = freehold_keys::RecoveryCode::from_bytes(&[5; 32]).to_words().to_string();
    let Err(not_proven) = not_proven.setup.prove_recovery(other.as_bytes()) else {
        panic!("another's code")
    };
    assert_eq!(not_proven.reason, KeyError::RecoveryNotProven);
    assert!(not_proven.setup.prove_recovery(code.to_uppercase().as_bytes()).is_ok());
}

#[test]
fn a_second_request_takes_a_fresh_challenge_and_nothing_else() {
    let offer = setup_offer();
    let (proven, _) = proven(offer.clone(), 6);
    let fresh = freehold_wire::SetupOffer { challenge: Exact([2; 32]), ..offer.clone() };
    let attempt = proven.request(&fresh, Timestamp::from_millis(5)).unwrap();
    Server::accept(&fresh, &attempt);
    // A clock that no server could believe: what a server must refuse is not sent.
    let beyond = Timestamp::from_millis(MAX_COUNTER + 1);
    assert_eq!(proven.request(&fresh, beyond).unwrap_err(), KeyError::BadMessage);
    let mut changed: [freehold_wire::SetupOffer; 6] = std::array::from_fn(|_| fresh.clone());
    changed[0].organization = freehold_wire::OrganizationId::from_bytes([3; 16]);
    changed[1].user = freehold_wire::UserId::from_bytes([3; 16]);
    changed[2].epoch = 2;
    changed[3].previous_card = Some(Exact([3; 32]));
    changed[4].origins.push("https://other.example".to_owned());
    changed[5].subject = "eve@example.com".to_owned();
    for other in changed {
        let refused = proven.request(&other, NOW).unwrap_err();
        assert_eq!(refused, KeyError::OfferChanged, "{other:?}");
    }
}

#[test]
fn an_item_opens_only_as_what_was_asked_for() {
    let offer = setup_offer();
    let (proven, _) = proven(offer.clone(), 7);
    let attempt = proven.request(&offer, NOW).unwrap();
    let account = proven.account(&attempt).unwrap();
    let mut rng = TestRng::new(8);
    let first = account.seal_item(item(1), 1, b"first", &mut rng).unwrap();
    let second = account.seal_item(item(1), 2, b"second", &mut rng).unwrap();
    let other = account.seal_item(item(2), 1, b"other", &mut rng).unwrap();
    let refused =
        |id, version, record: &_| account.open_item(id, version, record).unwrap_err().code();
    // Honest about what they are, but not what was asked for.
    assert_eq!(refused(item(1), 2, &first), "tampered");
    assert_eq!(refused(item(2), 1, &first), "tampered");
    // Dressed up as what was asked for.
    let old = freehold_wire::ItemRecord { version: 2, ..first.clone() };
    assert_eq!(refused(item(1), 2, &old), "tampered");
    let swapped = freehold_wire::ItemRecord { id: item(1), ..other.clone() };
    assert_eq!(refused(item(1), 1, &swapped), "tampered");
    let mixed = freehold_wire::ItemRecord { content: first.content.clone(), ..second.clone() };
    assert_eq!(refused(item(1), 2, &mixed), "tampered");
    assert_eq!(&**account.open_item(item(1), 2, &second).unwrap(), b"second");
}

#[test]
fn an_item_may_have_one_mebibyte_and_not_a_byte_more() {
    let offer = setup_offer();
    let (proven, _) = proven(offer.clone(), 9);
    let attempt = proven.request(&offer, NOW).unwrap();
    let account = proven.account(&attempt).unwrap();
    let mut rng = TestRng::new(10);
    let full = vec![0; 1 << 20];
    let record = account.seal_item(item(1), 1, &full, &mut rng).unwrap();
    assert_eq!(**account.open_item(item(1), 1, &record).unwrap(), full);
    let more = vec![0; (1 << 20) + 1];
    let refused = account.seal_item(item(1), 1, &more, &mut rng).unwrap_err();
    assert_eq!(refused, KeyError::ItemTooLarge);
    let empty = account.seal_item(item(1), 1, b"", &mut rng).unwrap();
    assert_eq!(&**account.open_item(item(1), 1, &empty).unwrap(), b"");
    assert!(account.seal_item(item(1), 0, b"", &mut rng).is_err(), "versions start at 1");
}
