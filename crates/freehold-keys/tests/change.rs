//! Keys that last: another password, another recovery code, passkeys, a new epoch.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use common::{
    NOW, PASSWORD, Server, TestRng, client, expectation, organization, setup_offer, silent,
    unlock_by_code, user,
};
use freehold_keys::{
    Account, Authority, Change, Derived, KeyError, Remembered, Renewal, Setup, Tampering, Unlock,
};
use freehold_wire::{
    AtMost, ChangeOffer, ChangeRefusal, ChangeRequest, Context, Exact, ItemId, KeyPolicy,
    MAX_COUNTER, MethodKind, MethodRefusal, Profile, RenewalExpectation, RenewalRefusal,
    SetupOffer, State, Timestamp, hash, verify_change, verify_renewal,
};

const NEW_PASSWORD: &[u8] = b"a wholly different passphrase";
const LATER: Timestamp = Timestamp::from_millis(NOW.as_millis() + 60_000);

fn context() -> Context {
    Context::of_user(organization(), user())
}

fn by_code(server: &Server, code: &str) -> Authority {
    let unlock = unlock_by_code(server.offer(), code, None).unwrap();
    assert!(server.proves(&unlock));
    unlock.open_to_change(server.answer(MethodKind::RecoveryCode)).unwrap()
}

fn by_password(server: &Server, password: &[u8]) -> Authority {
    let kind = MethodKind::Password;
    let unlock = Unlock::begin(server.offer(), &client(None), kind, password, &mut silent).unwrap();
    assert!(server.proves(&unlock));
    unlock.open_to_change(server.answer(kind)).unwrap()
}

fn opens_with(server: &Server, password: &[u8]) -> bool {
    let kind = MethodKind::Password;
    let unlock = Unlock::begin(server.offer(), &client(None), kind, password, &mut silent).unwrap();
    server.proves(&unlock) && unlock.open(&server.answer(kind)).is_ok()
}

fn passkey(salt: u8, output: u8) -> Derived {
    Derived::passkey(context(), &parameters(salt), &[output; 32]).unwrap()
}

fn parameters(salt: u8) -> Vec<u8> {
    [vec![salt; 32], b"credential".to_vec()].concat()
}

fn new_password(server: &Server, password: &[u8], seed: u64) -> Derived {
    let mut rng = TestRng::new(seed);
    Derived::for_change(&server.offer(), &client(None), password, &mut rng, &mut silent).unwrap()
}

/// An account with one item, and the item's record.
fn account_with_item(seed: u64) -> (Server, String, freehold_wire::ItemRecord) {
    let (server, code) = Server::with_account(&setup_offer(), seed);
    let account = by_code(&server, &code).account();
    let item = account.seal_item(item(), 1, b"the secret", &mut TestRng::new(seed + 1)).unwrap();
    (server, code, item)
}

fn item() -> ItemId {
    ItemId::from_bytes([0x33; 16])
}

fn reads(account: &Account, record: &freehold_wire::ItemRecord) -> bool {
    account.open_item(record.id, record.version, record).is_ok_and(|text| **text == *b"the secret")
}

#[test]
fn a_new_password_opens_the_same_account_and_the_old_one_nothing() {
    let (mut server, code, record) = account_with_item(100);
    let mut change = Change::of(by_password(&server, PASSWORD));
    let old_envelope = server.methods[0].envelope.clone();
    change.set_password(&new_password(&server, NEW_PASSWORD, 1), &mut TestRng::new(2)).unwrap();
    let attempt = change.request(&server.change_offer(), LATER).unwrap();
    server.change(attempt.request(), MethodKind::Password).unwrap();

    assert!(!opens_with(&server, PASSWORD));
    assert!(opens_with(&server, NEW_PASSWORD));
    assert_ne!(server.methods[0].envelope, old_envelope);
    let account = by_code(&server, &code).account();
    let changed = change.account(&attempt).unwrap();
    assert_eq!(account.remembered(), changed.remembered());
    assert_eq!((account.changed_at(), changed.changed_at()), (LATER, LATER));
    assert_eq!(account.remembered().seq, 2);
    assert!(reads(&account, &record));
}

#[test]
fn a_client_that_saw_the_change_refuses_the_account_from_before() {
    let (before, code, _) = account_with_item(110);
    let mut server = before.clone();
    let mut change = Change::of(by_password(&server, PASSWORD));
    change.make_code(&mut TestRng::new(3));
    let new_code = change.recovery_code().unwrap().to_text().to_string();
    change.prove_recovery(new_code.as_bytes()).unwrap();
    let attempt = change.request(&server.change_offer(), LATER).unwrap();
    server.change(attempt.request(), MethodKind::Password).unwrap();
    let seen = change.account(&attempt).unwrap().remembered().clone();
    // The old code still opens the old records; a client that saw the newer ones takes neither.
    let old = unlock_by_code(before.offer(), &code, Some(&seen)).unwrap();
    assert!(before.proves(&old));
    let refused = old.open(&before.answer(MethodKind::RecoveryCode)).err();
    assert_eq!(refused, Some(KeyError::Tampered(Tampering::StateOlder)));
    // And one that saw the older ones is led to the newer.
    let first = by_code(&before, &code).account().remembered().clone();
    let unlock = unlock_by_code(server.offer(), &new_code, Some(&first)).unwrap();
    assert!(unlock.open(&server.answer(MethodKind::RecoveryCode)).is_ok());
}

#[test]
fn a_recovery_code_is_good_for_new_password_and_new_code_together_only() {
    let (mut server, code, record) = account_with_item(120);
    let mut change = Change::of(by_code(&server, &code));
    assert_eq!(
        change.request(&server.change_offer(), LATER).err(),
        Some(KeyError::RecoveryNotProven)
    );
    change.set_password(&new_password(&server, NEW_PASSWORD, 4), &mut TestRng::new(5)).unwrap();
    assert_eq!(
        change.request(&server.change_offer(), LATER).err(),
        Some(KeyError::RecoveryNotProven)
    );
    change.make_code(&mut TestRng::new(6));
    assert_eq!(
        change.request(&server.change_offer(), LATER).err(),
        Some(KeyError::RecoveryNotProven)
    );
    assert_eq!(change.prove_recovery(code.as_bytes()), Err(KeyError::RecoveryNotProven));
    assert_eq!(change.prove_recovery(b"fhrec1qqqq"), Err(KeyError::BadCode));
    let new_code = change.recovery_code().unwrap().to_words().to_string();
    change.prove_recovery(new_code.as_bytes()).unwrap();
    let attempt = change.request(&server.change_offer(), LATER).unwrap();
    server.change(attempt.request(), MethodKind::RecoveryCode).unwrap();

    assert!(!server.proves(&unlock_by_code(server.offer(), &code, None).unwrap()), "spent");
    assert!(opens_with(&server, NEW_PASSWORD));
    assert!(reads(&by_code(&server, &new_code).account(), &record));
}

#[test]
fn a_server_takes_half_a_recovery_from_nobody() {
    let (mut server, _, _) = account_with_item(130);
    let mut change = Change::of(by_password(&server, PASSWORD));
    change.set_password(&new_password(&server, NEW_PASSWORD, 7), &mut TestRng::new(8)).unwrap();
    let attempt = change.request(&server.change_offer(), LATER).unwrap();
    let refused = server.change(attempt.request(), MethodKind::RecoveryCode);
    assert_eq!(refused, Err(ChangeRefusal::RecoveryIncomplete));
    assert!(opens_with(&server, PASSWORD));
}

#[test]
fn passkeys_open_the_account_come_and_go() {
    let (mut server, code, record) = account_with_item(140);
    for (salt, seed) in [(2, 10), (1, 11)] {
        let mut change = Change::of(by_password(&server, PASSWORD));
        change.add_passkey(&passkey(salt, salt), &mut TestRng::new(seed)).unwrap();
        let attempt = change.request(&server.change_offer(), LATER).unwrap();
        server.change(attempt.request(), MethodKind::Password).unwrap();
    }
    let salts: Vec<_> = server.methods.iter().skip(2).map(|m| m.parameters[0]).collect();
    assert_eq!(salts, [1, 2], "in the order of their parameters, not of their making");

    let derived =
        Derived::for_passkey(&server.offer(), &client(None), &parameters(2), &[2; 32]).unwrap();
    let unlock = Unlock::begin_derived(server.offer(), &client(None), &derived).unwrap();
    assert!(server.proves(&unlock));
    let authority = unlock.open_to_change(server.answer_to(&server.methods[3])).unwrap();
    assert!(reads(&authority.account(), &record));
    let wrong =
        Derived::for_passkey(&server.offer(), &client(None), &parameters(1), &[2; 32]).unwrap();
    assert!(!server.proves(&Unlock::begin_derived(server.offer(), &client(None), &wrong).unwrap()));

    let unknown =
        Derived::for_passkey(&server.offer(), &client(None), &parameters(9), &[2; 32]).err();
    assert_eq!(unknown, Some(KeyError::BadMessage), "not offered");

    let mut change = Change::of(authority);
    assert_eq!(change.remove_passkey(&parameters(9)), Err(KeyError::BadMessage));
    change.remove_passkey(&parameters(1)).unwrap();
    let attempt = change.request(&server.change_offer(), LATER).unwrap();
    server.change(attempt.request(), MethodKind::Passkey).unwrap();
    assert_eq!(server.methods.len(), 3);
    assert!(reads(&by_code(&server, &code).account(), &record));
}

#[test]
fn a_passkey_without_a_secret_is_refused() {
    let refused =
        |parameters: &[u8], output: &[u8]| Derived::passkey(context(), parameters, output).err();
    assert_eq!(refused(&parameters(1), &[0; 32]), Some(KeyError::BadPasskey));
    for length in [0, 1, 16, 31, 33, 64] {
        assert_eq!(refused(&parameters(1), &vec![7; length]), Some(KeyError::BadPasskey));
    }
    assert_eq!(refused(&[1; 32], &[7; 32]), Some(KeyError::BadPasskey), "no credential id");
    assert_eq!(refused(&[1; 32 + 1024], &[7; 32]), Some(KeyError::BadPasskey));
    assert_eq!(refused(&[1; 32 + 1023], &[7; 32]), None);
}

#[test]
fn an_account_has_eight_passkeys_and_none_twice() {
    let (server, _, _) = account_with_item(150);
    let mut change = Change::of(by_password(&server, PASSWORD));
    let mut rng = TestRng::new(12);
    for salt in 1..=8 {
        change.add_passkey(&passkey(salt, salt), &mut rng).unwrap();
        assert_eq!(change.add_passkey(&passkey(salt, 99), &mut rng), Err(KeyError::BadMessage));
    }
    assert_eq!(change.add_passkey(&passkey(9, 9), &mut rng), Err(KeyError::BadMessage));
    let attempt = change.request(&server.change_offer(), LATER).unwrap();
    assert_eq!(attempt.request().methods.len(), 8);
}

#[test]
fn a_change_is_for_the_account_that_was_opened() {
    let (server, _, _) = account_with_item(160);
    let mut change = Change::of(by_password(&server, PASSWORD));
    change.add_passkey(&passkey(1, 1), &mut TestRng::new(13)).unwrap();
    let good = server.change_offer();
    let mut others: [ChangeOffer; 3] = std::array::from_fn(|_| good.clone());
    others[0].organization = freehold_wire::OrganizationId::from_bytes([3; 16]);
    others[1].user = freehold_wire::UserId::from_bytes([3; 16]);
    others[2].epoch = 2;
    for offer in others {
        assert_eq!(change.request(&offer, NOW).err(), Some(KeyError::OfferChanged), "{offer:?}");
    }
    let elsewhere =
        ChangeOffer { origins: vec!["https://evil.example".to_owned()], ..good.clone() };
    assert_eq!(change.request(&elsewhere, NOW).err(), Some(KeyError::WrongOrigin));
    let foreign = Context::of_user(organization(), freehold_wire::UserId::from_bytes([4; 16]));
    let foreign = Derived::passkey(foreign, &parameters(2), &[2; 32]).unwrap();
    let refused = change.add_passkey(&foreign, &mut TestRng::new(14));
    assert_eq!(refused, Err(KeyError::BadMessage));
    assert_eq!(
        change.set_password(&passkey(3, 3), &mut TestRng::new(15)),
        Err(KeyError::BadMessage)
    );
    assert!(change.request(&good, NOW).is_ok());
}

#[test]
fn a_change_in_a_later_epoch_is_stored_in_that_epoch() {
    let offer = SetupOffer { epoch: 2, previous_card: Some(Exact([1; 32])), ..setup_offer() };
    let (server, code) = Server::with_account(&offer, 175);
    let mut change = Change::of(by_code(&server, &code));
    change.set_password(&new_password(&server, NEW_PASSWORD, 26), &mut TestRng::new(27)).unwrap();
    change.make_code(&mut TestRng::new(28));
    let new_code = change.recovery_code().unwrap().to_text().to_string();
    change.prove_recovery(new_code.as_bytes()).unwrap();
    let offer = server.change_offer();
    let attempt = change.request(&offer, LATER).unwrap();
    let expected = server.change_expectation(MethodKind::RecoveryCode);
    assert_eq!(verify_change(attempt.request(), &expected).unwrap().epoch(), 2);
    assert_eq!(change.account(&attempt).unwrap().remembered().epoch, 2);
}

#[test]
fn nothing_is_no_change() {
    let (server, _, _) = account_with_item(170);
    let change = Change::of(by_password(&server, PASSWORD));
    assert_eq!(change.request(&server.change_offer(), LATER).err(), Some(KeyError::BadMessage));
}

/// What a server must refuse although the user's key signed it: a thief of an unlocked client may
/// have had the key for a moment.
#[test]
fn a_signed_state_that_breaks_a_rule_is_refused() {
    let (server, _, _) = account_with_item(180);
    let mut change = Change::of(by_password(&server, PASSWORD));
    change.add_passkey(&passkey(1, 1), &mut TestRng::new(16)).unwrap();
    let attempt = change.request(&server.change_offer(), LATER).unwrap();
    let keyring = keyring_of(&server);
    let good = State::claimed(&attempt.request().state).unwrap();
    let refused = |alter: &dyn Fn(&mut State), methods: Option<usize>| {
        let mut state = good.clone();
        alter(&mut state);
        let request = ChangeRequest {
            state: AtMost::new(keyring.sign_state(&state)).unwrap(),
            methods: attempt.request().methods[..methods.unwrap_or(1)].to_vec(),
        };
        server.clone().change(&request, MethodKind::Password).unwrap_err()
    };
    let hash3 = [3; 32];
    let seq = |n| move |state: &mut State| state.sequence = n;
    assert_eq!(refused(&seq(3), None), ChangeRefusal::StateNotNext);
    assert_eq!(refused(&|s| s.previous = hash3, None), ChangeRefusal::StateNotNext);
    assert_eq!(refused(&|s| s.card_hash = hash3, None), ChangeRefusal::CardHash);
    assert_eq!(refused(&|s| s.keyring_hash = hash3, None), ChangeRefusal::KeyringHash);
    assert_eq!(refused(&|s| s.epoch = 2, None), ChangeRefusal::StateElsewhere);
    let listed = ChangeRefusal::Method(MethodRefusal::Listed);
    assert_eq!(refused(&|_| (), Some(0)), listed, "a method without its record");
    assert_eq!(refused(&|s| drop(s.methods.pop()), None), listed, "a record without its method");
    let floor = |s: &mut State| s.profile_floor = Profile::Memory256Mib;
    assert_eq!(refused(&floor, None), ChangeRefusal::Method(MethodRefusal::BelowFloor));
    // The same parameters with another envelope; an unlock key that another method has.
    assert_eq!(refused(&|s| s.methods[0].envelope_hash = hash3, None), listed);
    let copied = |s: &mut State| s.methods[2].unlock_public_key = s.methods[1].unlock_public_key;
    assert_eq!(refused(&copied, None), listed);
    let envelope = ChangeRefusal::Method(MethodRefusal::EnvelopeHash(MethodKind::Passkey));
    assert_eq!(refused(&|s| s.methods[2].envelope_hash = hash3, None), envelope);
    assert!(server.clone().change(attempt.request(), MethodKind::Password).is_ok());
    let mut forged = attempt.request().clone();
    let eve = freehold_keys::Keyring::make(&mut TestRng::new(17));
    forged.state = AtMost::new(eve.sign_state(&good)).unwrap();
    let signature = ChangeRefusal::State(freehold_wire::StatementError::Signature);
    assert_eq!(server.clone().change(&forged, MethodKind::Password), Err(signature));
    let mut other_challenge = attempt.request().clone();
    other_challenge.methods[0].proof = Exact([1; 64]);
    let proof = ChangeRefusal::Method(MethodRefusal::Proof(MethodKind::Passkey));
    assert_eq!(server.clone().change(&other_challenge, MethodKind::Password), Err(proof));
}

#[test]
fn states_are_counted_as_far_as_doubles_go() {
    let (mut server, _) = Server::with_account(&setup_offer(), 185);
    let keyring = keyring_of(&server);
    let first = State::claimed(&server.states[0]).unwrap();
    let mut next_after = |sequence| {
        let state = State { sequence, previous: [1; 32], ..first.clone() };
        server.states = vec![keyring.sign_state(&state)];
        let mut change = Change::of(by_password(&server, PASSWORD));
        change.add_passkey(&passkey(1, 1), &mut TestRng::new(29)).unwrap();
        let attempt = change.request(&server.change_offer(), LATER)?;
        Ok(State::claimed(&attempt.request().state).unwrap().sequence)
    };
    assert_eq!(next_after(MAX_COUNTER - 1), Ok(MAX_COUNTER));
    assert_eq!(next_after(MAX_COUNTER), Err(KeyError::BadMessage));
}

fn keyring_of(server: &Server) -> freehold_keys::Keyring {
    let parameters =
        freehold_wire::PasswordParameters::parse(&server.methods[0].parameters).unwrap();
    let password = freehold_keys::Password::parse(PASSWORD).unwrap();
    let secret = password.derive_secret(&parameters, context()).unwrap();
    let keys = freehold_keys::MethodKeys::derive(
        &secret,
        context(),
        MethodKind::Password,
        &server.methods[0].parameters,
    );
    let master = keys.open(&server.methods[0].envelope, server.epoch).unwrap();
    let key = master.derive_keyring_key(context(), server.epoch);
    freehold_keys::Keyring::open(&key, context(), server.epoch, &server.keyring).unwrap()
}

#[test]
fn a_higher_floor_is_reached_with_the_next_password_and_never_lowered() {
    let (mut server, _, _) = account_with_item(190);
    server.policy = KeyPolicy { profile_floor: Profile::Memory256Mib, passkey_required: false };
    // A passkey can be added before: there is no password to hash anew.
    let mut change = Change::of(by_password(&server, PASSWORD));
    change.add_passkey(&passkey(1, 1), &mut TestRng::new(18)).unwrap();
    let attempt = change.request(&server.change_offer(), LATER).unwrap();
    server.change(attempt.request(), MethodKind::Password).unwrap();

    let mut change = Change::of(by_password(&server, PASSWORD));
    change.set_password(&new_password(&server, PASSWORD, 19), &mut TestRng::new(20)).unwrap();
    let attempt = change.request(&server.change_offer(), LATER).unwrap();
    server.change(attempt.request(), MethodKind::Password).unwrap();
    assert_eq!(server.methods[0].parameters[0], 2);
    let seen = change.account(&attempt).unwrap().remembered().clone();
    assert_eq!(seen.profile_floor, Some(Profile::Memory256Mib));

    // The organization relaxes: the account's own floor stays.
    server.policy = KeyPolicy::default();
    let mut change = Change::of(by_password(&server, PASSWORD));
    let seen: Option<&Remembered> = Some(&seen);
    let kept = Derived::for_change(
        &server.offer(),
        &client(seen),
        PASSWORD,
        &mut TestRng::new(22),
        &mut silent,
    )
    .unwrap();
    change.set_password(&kept, &mut TestRng::new(23)).unwrap();
    assert!(change.request(&server.change_offer(), LATER).is_ok());
    let lowered = new_password(&server, PASSWORD, 24);
    change.set_password(&lowered, &mut TestRng::new(25)).unwrap();
    assert_eq!(change.request(&server.change_offer(), LATER).err(), Some(KeyError::BadMessage));
}

fn renewal_offer(server: &Server) -> SetupOffer {
    SetupOffer {
        epoch: server.epoch + 1,
        previous_card: Some(Exact(hash(&server.card))),
        challenge: Exact([8; 32]),
        ..setup_offer()
    }
}

fn renewed(authority: Authority, offer: &SetupOffer, seed: u64) -> (Renewal, String) {
    let setup = Setup::begin(
        offer.clone(),
        &client(None),
        NEW_PASSWORD,
        &mut TestRng::new(seed),
        &mut silent,
    )
    .unwrap();
    let code = setup.recovery_code().to_text().to_string();
    let Ok(proven) = setup.prove_recovery(code.as_bytes()) else {
        panic!("the code proves itself")
    };
    (Renewal::of(authority, proven).map_err(KeyError::code).unwrap(), code)
}

#[test]
fn a_renewal_makes_everything_new_and_loses_no_item() {
    let (server, old_code, record) = account_with_item(200);
    let offer = renewal_offer(&server);
    let (renewal, code) = renewed(by_password(&server, PASSWORD), &offer, 30);
    let items = std::slice::from_ref(&record);
    let attempt = renewal.request(&offer, items, LATER, &mut TestRng::new(31)).unwrap();
    let expected = RenewalExpectation { setup: expectation(&offer), old_card: &server.card };
    let verified = verify_renewal(attempt.request(), &expected).unwrap();
    let renewed = Server::of(&offer, verified.setup());

    let account = by_code(&renewed, &code).account();
    assert_eq!(account.remembered(), renewal.account(&attempt).unwrap().remembered());
    let rewrapped = &verified.items()[0];
    let moved =
        freehold_wire::ItemRecord { item_key: rewrapped.item_key.clone(), ..record.clone() };
    assert!(reads(&account, &moved));
    assert!(!reads(&account, &record), "the old wrap does not open under the new key");
    assert!(!reads(&by_code(&server, &old_code).account(), &moved));
    assert!(!renewed.proves(&unlock_by_code(renewed.offer(), &old_code, None).unwrap()));
    assert!(!opens_with(&renewed, PASSWORD));
    for method in &renewed.methods {
        let old =
            |m: &freehold_wire::VerifiedMethod| m.unlock_public_key == method.unlock_public_key;
        assert!(!server.methods.iter().any(old));
    }
}

#[test]
fn a_renewal_is_of_the_next_epoch_of_the_same_account() {
    let (server, code, record) = account_with_item(210);
    let good = renewal_offer(&server);
    let mut others: [SetupOffer; 3] = std::array::from_fn(|_| good.clone());
    others[0].epoch = 3;
    others[1].previous_card = Some(Exact([1; 32]));
    others[2].user = freehold_wire::UserId::from_bytes([3; 16]);
    for (seed, offer) in (40..).zip(others) {
        let setup = common::begin(offer, seed).unwrap();
        let proof = setup.recovery_code().to_text().to_string();
        let Ok(proven) = setup.prove_recovery(proof.as_bytes()) else { panic!("proves") };
        let refused = Renewal::of(by_code(&server, &code), proven).err();
        assert_eq!(refused, Some(KeyError::OfferChanged));
    }
    // An item that would not survive stops it.
    let (renewal, _) = renewed(by_code(&server, &code), &good, 44);
    let mut broken = record.clone();
    let mut bytes = broken.item_key.to_vec();
    bytes[100] ^= 1;
    broken.item_key = AtMost::new(bytes).unwrap();
    let items = [record.clone(), broken];
    let refused = renewal.request(&good, &items, LATER, &mut TestRng::new(45)).err();
    assert_eq!(refused, Some(KeyError::Tampered(Tampering::Item)));
    // Nor does it send what a server must refuse.
    let items = [record.clone(), record];
    let refused = renewal.request(&good, &items, LATER, &mut TestRng::new(46)).err();
    assert_eq!(refused, Some(KeyError::BadMessage));
}

#[test]
fn a_renewal_does_not_lower_the_floor() {
    let policy = KeyPolicy { profile_floor: Profile::Memory256Mib, passkey_required: false };
    let (server, code) = Server::with_account(&SetupOffer { policy, ..setup_offer() }, 215);
    // The organization relaxed, or the server says so.
    let offer = renewal_offer(&server);
    let (renewal, _) = renewed(by_code(&server, &code), &offer, 47);
    let refused = renewal.request(&offer, &[], LATER, &mut TestRng::new(48)).err();
    assert_eq!(refused, Some(KeyError::BadMessage));
}

#[test]
fn a_renewal_that_the_old_key_did_not_sign_is_refused() {
    let (server, code, record) = account_with_item(220);
    let offer = renewal_offer(&server);
    let (renewal, _) = renewed(by_code(&server, &code), &offer, 50);
    let items = std::slice::from_ref(&record);
    let attempt = renewal.request(&offer, items, LATER, &mut TestRng::new(51)).unwrap();
    let expected = RenewalExpectation { setup: expectation(&offer), old_card: &server.card };
    let refused = |alter: &dyn Fn(&mut freehold_wire::RenewalRequest)| {
        let mut request = attempt.request().clone();
        alter(&mut request);
        verify_renewal(&request, &expected).unwrap_err()
    };
    let eve = freehold_keys::Keyring::make(&mut TestRng::new(52));
    let words = |old, new| freehold_wire::Handover {
        organization: organization(),
        user: user(),
        old_card: old,
        new_card: new,
    };
    let (old, new) = (hash(&server.card), hash(&attempt.request().setup.card));
    let by_eve = AtMost::new(eve.sign_handover(&words(old, new))).unwrap();
    let signature = freehold_wire::StatementError::Signature;
    assert_eq!(refused(&|r| r.handover = by_eve.clone()), RenewalRefusal::Handover(signature));
    let keyring = keyring_of(&server);
    let other = AtMost::new(keyring.sign_handover(&words(old, [3; 32]))).unwrap();
    assert_eq!(refused(&|r| r.handover = other.clone()), RenewalRefusal::HandoverElsewhere);
    assert_eq!(refused(&|r| r.items.push(r.items[0].clone())), RenewalRefusal::Items);
    let content = AtMost::new(server.methods[0].envelope.clone()).unwrap();
    assert_eq!(refused(&|r| r.items[0].item_key = content.clone()), RenewalRefusal::Items);
    assert!(verify_renewal(attempt.request(), &expected).is_ok());
}
