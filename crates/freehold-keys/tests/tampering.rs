//! A server that changes, cuts, swaps or replays what it keeps. Whatever it does to a record, the
//! client refuses it with one and the same error, and shows nothing.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use common::{NOW, PASSWORD, Server, TestRng, client, setup_offer, silent};
use freehold_keys::{
    Account, Authority, Change, Derived, KeyError, Keyring, Remembered, Tampering, Unlock,
};
use freehold_wire::{
    AtMost, Context, Exact, ItemId, ItemRecord, MethodKind, OrganizationId, Profile, SetupOffer,
    State, UnlockAnswer, UserId, VerifiedMethod, hash,
};

const NEW_PASSWORD: &[u8] = b"a wholly different passphrase";
const OUTPUT: [u8; 32] = [5; 32];

fn parameters(number: u8) -> Vec<u8> {
    [vec![number; 32], b"credential".to_vec()].concat()
}

/// What a person brings to an account.
struct Secrets {
    password: Derived,
    code: Derived,
    passkey: Derived,
}

impl Secrets {
    fn of(&self, kind: MethodKind) -> &Derived {
        match kind {
            MethodKind::Password => &self.password,
            MethodKind::RecoveryCode => &self.code,
            MethodKind::Passkey => &self.passkey,
        }
    }
}

fn typed(server: &Server, kind: MethodKind, secret: &[u8]) -> Derived {
    Derived::for_unlock(&server.offer(), &client(None), kind, secret, &mut silent).unwrap()
}

fn touched(server: &Server, number: u8) -> Derived {
    Derived::for_passkey(&server.offer(), &client(None), &parameters(number), &OUTPUT).unwrap()
}

fn authority(server: &Server, derived: &Derived) -> Authority {
    let unlock = Unlock::begin_derived(server.offer(), &client(None), derived).unwrap();
    let request = unlock.request();
    let used = |method: &&VerifiedMethod| {
        method.kind == request.kind && method.parameters == *request.parameters
    };
    let method = server.methods.iter().find(used).unwrap();
    unlock.open_to_change(server.answer_to(method)).unwrap()
}

/// Stores a change that adds a passkey.
fn with_passkey(server: &mut Server, authority: Authority, number: u8) {
    let context = Context::of_user(server.organization, server.user);
    let new = Derived::passkey(context, &parameters(number), &OUTPUT).unwrap();
    let used = authority.used();
    let mut change = Change::of(authority);
    change.add_passkey(&new, &mut TestRng::new(number.into())).unwrap();
    let attempt = change.request(&server.change_offer(), NOW).unwrap();
    server.change(attempt.request(), used).unwrap();
}

/// An account with a passkey, and all that opens it.
fn account(offer: &SetupOffer, seed: u64) -> (Server, Secrets) {
    let (mut server, code) = Server::with_account(offer, seed);
    let password = typed(&server, MethodKind::Password, PASSWORD);
    let opened = authority(&server, &password);
    with_passkey(&mut server, opened, 1);
    let code = typed(&server, MethodKind::RecoveryCode, code.as_bytes());
    let passkey = touched(&server, 1);
    (server, Secrets { password, code, passkey })
}

fn open(
    server: &Server,
    derived: &Derived,
    answer: &UnlockAnswer,
    remembered: Option<&Remembered>,
) -> Result<Account, KeyError> {
    Unlock::begin_derived(server.offer(), &client(remembered), derived)?.open(answer)
}

fn is_tampering<T>(found: Result<T, KeyError>) -> bool {
    found.err().is_some_and(|error| error.code() == "tampered")
}

/// A part of a server's answer, to be taken and replaced.
type Part = (&'static str, fn(&UnlockAnswer) -> Vec<u8>, fn(&mut UnlockAnswer, Vec<u8>) -> bool);

/// Puts bytes into a field; false if it cannot even hold so many.
fn put<const N: usize>(field: &mut AtMost<N>, bytes: Vec<u8>) -> bool {
    AtMost::new(bytes).map(|bytes| *field = bytes).is_some()
}

const PARTS: [Part; 4] = [
    (
        "envelope",
        |answer| answer.envelope.to_vec(),
        |answer, bytes| put(&mut answer.envelope, bytes),
    ),
    ("keyring", |answer| answer.keyring.to_vec(), |answer, bytes| put(&mut answer.keyring, bytes)),
    ("card", |answer| answer.card.to_vec(), |answer, bytes| put(&mut answer.card, bytes)),
    (
        "state",
        |answer| answer.states[0].to_vec(),
        |answer, bytes| put(&mut answer.states[0], bytes),
    ),
];

/// Every copy with one bit flipped, and every copy cut at its end or beginning.
fn damaged(good: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let flipped = (0..good.len() * 8).map(|bit| {
        let mut bytes = good.to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        bytes
    });
    let cut = (0..good.len()).flat_map(|at| [good[..at].to_vec(), good[at + 1..].to_vec()]);
    flipped.chain(cut).chain([[good, &[0]].concat()])
}

#[test]
fn every_bit_and_every_cut_of_every_record_is_tampering() {
    let (server, secrets) = account(&setup_offer(), 300);
    let mut tried = 0;
    for method in &server.methods {
        let derived = secrets.of(method.kind);
        let answer = server.answer_to(method);
        assert!(open(&server, derived, &answer, None).is_ok(), "{:?}", method.kind);
        // Keyring, card and state are the same whichever method is used.
        let parts = if method.kind == MethodKind::RecoveryCode { &PARTS[..] } else { &PARTS[..1] };
        for (name, take, replace) in parts {
            for bytes in damaged(&take(&answer)) {
                let mut changed = answer.clone();
                if replace(&mut changed, bytes) {
                    let found = open(&server, derived, &changed, None);
                    assert!(is_tampering(found), "{name} of {:?}, try {tried}", method.kind);
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 10_000, "{tried}");
}

fn item(number: u8) -> ItemId {
    ItemId::from_bytes([number; 16])
}

fn records(account: &Account) -> [ItemRecord; 3] {
    [(4, 1), (4, 2), (5, 1)].map(|(number, version)| {
        let mut rng = TestRng::new(u64::from(number) * 10 + version);
        account.seal_item(item(number), version, b"a secret", &mut rng).unwrap()
    })
}

#[test]
fn every_bit_and_every_cut_of_an_item_is_tampering() {
    let (server, secrets) = account(&setup_offer(), 310);
    let answer = server.answer(MethodKind::RecoveryCode);
    let account = open(&server, &secrets.code, &answer, None).unwrap();
    let [record, ..] = records(&account);
    let refused = |record: &ItemRecord| is_tampering(account.open_item(item(4), 1, record));
    assert!(account.open_item(item(4), 1, &record).is_ok());
    for bytes in damaged(&record.item_key) {
        if let Some(item_key) = AtMost::new(bytes) {
            assert!(refused(&ItemRecord { item_key, ..record.clone() }));
        }
    }
    for bytes in damaged(&record.content) {
        let content = AtMost::new(bytes).unwrap();
        assert!(refused(&ItemRecord { content, ..record.clone() }));
    }
}

#[test]
fn an_item_is_not_made_of_parts_of_others() {
    let (server, secrets) = account(&setup_offer(), 320);
    let answer = server.answer(MethodKind::RecoveryCode);
    let account = open(&server, &secrets.code, &answer, None).unwrap();
    let records = records(&account);
    for asked in &records {
        for key in &records {
            for content in &records {
                // Said to be what was asked for, whatever it is made of.
                let record = ItemRecord {
                    item_key: key.item_key.clone(),
                    content: content.content.clone(),
                    ..asked.clone()
                };
                let found = account.open_item(asked.id, asked.version, &record);
                let mixed = key != asked || content != asked;
                assert_eq!(is_tampering(found), mixed, "{:?} {}", asked.id, asked.version);
            }
        }
    }
}

/// Accounts with the very same master key, keyring and recovery code, which differ in whose they are
/// or of which epoch.
#[test]
fn records_of_others_open_nothing() {
    let other_user = SetupOffer { user: UserId::from_bytes([0x33; 16]), ..setup_offer() };
    let other_organization =
        SetupOffer { organization: OrganizationId::from_bytes([0x44; 16]), ..setup_offer() };
    let other_epoch = SetupOffer { epoch: 2, previous_card: Some(Exact([1; 32])), ..setup_offer() };
    let offers = [setup_offer(), other_user, other_organization, other_epoch];
    let accounts = offers.each_ref().map(|offer| Server::with_account(offer, 330));
    let kind = MethodKind::RecoveryCode;
    for (place, (server, code)) in accounts.iter().enumerate() {
        let derived = typed(server, kind, code.as_bytes());
        assert!(open(server, &derived, &server.answer(kind), None).is_ok());
        for (elsewhere, (other, other_code)) in accounts.iter().enumerate() {
            assert_eq!(code, other_code, "the same secrets");
            if place == elsewhere {
                continue;
            }
            let theirs = other.answer(kind);
            assert!(is_tampering(open(server, &derived, &theirs, None)), "{place} {elsewhere}");
            for (name, take, replace) in PARTS {
                let mut answer = server.answer(kind);
                assert!(replace(&mut answer, take(&theirs)));
                let found = open(server, &derived, &answer, None);
                assert!(is_tampering(found), "{name} of {elsewhere} at {place}");
            }
        }
    }
}

#[test]
fn an_envelope_of_one_kind_is_none_of_another() {
    let (server, secrets) = account(&setup_offer(), 340);
    let account = open(&server, &secrets.code, &server.answer(MethodKind::RecoveryCode), None);
    let [record, ..] = records(&account.unwrap());
    let mut envelopes: Vec<Vec<u8>> = server.methods.iter().map(|m| m.envelope.clone()).collect();
    envelopes.push(record.item_key.to_vec());
    for (place, method) in server.methods.iter().enumerate() {
        for (elsewhere, envelope) in envelopes.iter().enumerate() {
            let mut answer = server.answer_to(method);
            assert!(put(&mut answer.envelope, envelope.clone()));
            let found = open(&server, secrets.of(method.kind), &answer, None);
            assert_eq!(is_tampering(found), place != elsewhere, "{place} {elsewhere}");
        }
    }
}

/// The account's keyring, as its recovery code opens it.
fn keyring(server: &Server, secrets: &Secrets) -> Keyring {
    let context = Context::of_user(server.organization, server.user);
    let keys = secrets.code.keys(context).unwrap();
    let by_code = server.answer(MethodKind::RecoveryCode).envelope;
    let key = keys.open(&by_code, server.epoch).unwrap().derive_keyring_key(context, server.epoch);
    Keyring::open(&key, context, server.epoch, &server.keyring).unwrap()
}

/// Nothing but one thing in the state is wrong, and the user's own key signed it.
#[test]
fn a_state_that_is_of_elsewhere_or_lists_something_else_is_tampering() {
    let (server, secrets) = account(&setup_offer(), 385);
    let keyring = keyring(&server, &secrets);
    let good = State::claimed(server.states.last().unwrap()).unwrap();
    let found = |alter: &dyn Fn(&mut State)| {
        let mut state = good.clone();
        alter(&mut state);
        let states = vec![AtMost::new(keyring.sign_state(&state)).unwrap()];
        let answer = UnlockAnswer { states, ..server.answer(MethodKind::RecoveryCode) };
        open(&server, &secrets.code, &answer, None).err()
    };
    let tampered = |check| Some(KeyError::Tampered(check));
    assert_eq!(found(&|_| ()), None);
    let elsewhere = OrganizationId::from_bytes([9; 16]);
    assert_eq!(found(&|state| state.organization = elsewhere), tampered(Tampering::State));
    let other = UserId::from_bytes([9; 16]);
    assert_eq!(found(&|state| state.user = other), tampered(Tampering::State));
    assert_eq!(found(&|state| state.epoch = 2), tampered(Tampering::State));
    assert_eq!(found(&|state| state.card_hash = [9; 32]), tampered(Tampering::CardHash));
    assert_eq!(found(&|state| state.keyring_hash = [9; 32]), tampered(Tampering::KeyringHash));
    assert_eq!(found(&|state| drop(state.methods.pop())), tampered(Tampering::Methods));
    let key = good.methods[0].unlock_public_key;
    let copied = |state: &mut State| state.methods[1].unlock_public_key = key;
    assert_eq!(found(&copied), tampered(Tampering::Methods));
    let envelope = |state: &mut State| state.methods[1].envelope_hash = [9; 32];
    assert_eq!(found(&envelope), tampered(Tampering::EnvelopeHash));
    let floor = |state: &mut State| state.profile_floor = Profile::Memory256Mib;
    assert_eq!(found(&floor), tampered(Tampering::Floor));
}

/// The user's own key signed it, for another device perhaps: it does not follow what this one saw.
#[test]
fn a_state_beside_the_chain_is_tampering() {
    let (server, secrets) = account(&setup_offer(), 395);
    let keyring = keyring(&server, &secrets);
    let answer = server.answer(MethodKind::RecoveryCode);
    let known = open(&server, &secrets.code, &answer, None).unwrap().remembered().clone();
    let good = State::claimed(server.states.last().unwrap()).unwrap();
    let found = |sequence, previous| {
        let state = State { sequence, previous, ..good.clone() };
        let states = vec![AtMost::new(keyring.sign_state(&state)).unwrap()];
        let answer = UnlockAnswer { states, ..answer.clone() };
        open(&server, &secrets.code, &answer, Some(&known)).err()
    };
    let (seen, beside) = (known.state_hash.0, Some(KeyError::Tampered(Tampering::StateChain)));
    assert_eq!(found(3, seen), None);
    assert_eq!(found(3, [9; 32]), beside, "a fork after what was seen");
    assert_eq!(found(4, seen), beside, "a number left out, though the hashes fit");
    assert_eq!(found(2, [9; 32]), beside, "another in the place of what was seen");
}

/// States 1 to 4 of an account: a passkey more in each.
fn history(seed: u64) -> (Server, Derived, Vec<Remembered>) {
    let (mut server, secrets) = account(&setup_offer(), seed);
    let second = open(&server, &secrets.passkey, &server.answer(MethodKind::Passkey), None);
    let mut seen = vec![second.unwrap().remembered().clone()];
    for number in [2, 3] {
        let opened = authority(&server, &touched(&server, 1));
        with_passkey(&mut server, opened, number);
        let derived = touched(&server, 1);
        let account = open(&server, &derived, &server.answer(MethodKind::Passkey), None);
        seen.push(account.unwrap().remembered().clone());
    }
    let derived = touched(&server, 1);
    (server, derived, seen)
}

#[test]
fn states_that_are_left_out_reordered_or_of_another_time_are_tampering() {
    let (server, derived, seen) = history(350);
    let bytes = |seq: usize| AtMost::new(server.states[seq - 1].clone()).unwrap();
    let answer = |seqs: &[usize]| UnlockAnswer {
        states: seqs.iter().map(|seq| bytes(*seq)).collect(),
        ..server.answer(MethodKind::Passkey)
    };
    // This device saw the second of four states.
    let known = seen.first().unwrap();
    let found = |seqs: &[usize]| open(&server, &derived, &answer(seqs), Some(known)).err();
    assert_eq!(found(&[3, 4]), None);
    for (seqs, check) in [
        (&[4][..], Tampering::StateChain),
        (&[2, 4], Tampering::StateChain),
        (&[2, 3, 4], Tampering::StateChain),
        (&[4, 3], Tampering::StateChain),
        (&[3, 3, 4], Tampering::StateChain),
        (&[1, 2, 3, 4], Tampering::StateChain),
        (&[1], Tampering::StateOlder),
        (&[3, 1], Tampering::StateOlder),
        // In order, but the latest is held back: it lists fewer methods than are offered.
        (&[3], Tampering::Methods),
        (&[], Tampering::State),
    ] {
        assert_eq!(found(seqs), Some(KeyError::Tampered(check)), "{seqs:?}");
    }
    // One that saw the third cannot be led back to the second.
    let led_back = open(&server, &derived, &answer(&[2]), seen.get(1)).err();
    assert_eq!(led_back, Some(KeyError::Tampered(Tampering::StateOlder)));
}

#[test]
fn states_and_card_of_another_epoch_are_tampering() {
    let (server, secrets) = account(&setup_offer(), 360);
    let next =
        SetupOffer { epoch: 2, previous_card: Some(Exact(hash(&server.card))), ..setup_offer() };
    let (renewed, code) = Server::with_account(&next, 361);
    let derived = typed(&renewed, MethodKind::RecoveryCode, code.as_bytes());
    let old = server.answer(MethodKind::RecoveryCode);
    for (name, take, replace) in PARTS {
        let mut answer = renewed.answer(MethodKind::RecoveryCode);
        assert!(replace(&mut answer, take(&old)));
        assert!(is_tampering(open(&renewed, &derived, &answer, None)), "{name} of the old epoch");
    }
    // All of the old epoch, said to be the new one: the old code opens nothing.
    let mut liar = server.clone();
    liar.epoch = 2;
    assert!(is_tampering(open(&liar, &secrets.code, &old, None)));
    let known = open(&server, &secrets.code, &old, None).unwrap().remembered().clone();
    let ahead = Remembered { epoch: 2, ..known };
    assert_eq!(
        open(&server, &secrets.code, &old, Some(&ahead)).err(),
        Some(KeyError::EpochBelow),
        "a device that saw the new epoch refuses the old one before anything is hashed"
    );
}

#[test]
fn an_old_salt_or_envelope_of_a_changed_password_is_tampering() {
    let (mut server, secrets) = account(&setup_offer(), 370);
    let before = server.clone();
    let mut change = Change::of(authority(&server, &secrets.passkey));
    let new = Derived::for_change(
        &server.offer(),
        &client(None),
        NEW_PASSWORD,
        &mut TestRng::new(371),
        &mut silent,
    )
    .unwrap();
    change.set_password(&new, &mut TestRng::new(372)).unwrap();
    let attempt = change.request(&server.change_offer(), NOW).unwrap();
    server.change(attempt.request(), MethodKind::Passkey).unwrap();
    let seen = change.account(&attempt).unwrap().remembered().clone();

    let kind = MethodKind::Password;
    let (old, now) = (before.answer(kind), server.answer(kind));
    assert!(open(&server, &new, &now, Some(&seen)).is_ok());
    // The envelope of before for the new password.
    let envelope = UnlockAnswer { envelope: old.envelope.clone(), ..now.clone() };
    let found = open(&server, &new, &envelope, None).err();
    assert_eq!(found, Some(KeyError::Tampered(Tampering::Envelope)));
    // The old salt is offered, and the old password typed: the new state lists another.
    let found = open(&before, &secrets.password, &envelope, None).err();
    assert_eq!(found, Some(KeyError::Tampered(Tampering::Methods)));
    // Everything of before: a device that saw the change refuses it.
    let found = open(&before, &secrets.password, &old, Some(&seen)).err();
    assert_eq!(found, Some(KeyError::Tampered(Tampering::StateOlder)));
    // A device that saw nothing cannot know; docs/THREAT-MODEL.md says so.
    assert!(open(&before, &secrets.password, &old, None).is_ok());
}

#[test]
fn salts_are_never_used_twice() {
    let (mut server, secrets) = account(&setup_offer(), 380);
    let mut salts = vec![server.methods[0].parameters.clone()];
    for seed in [381, 382] {
        let mut change = Change::of(authority(&server, &secrets.passkey));
        let new = Derived::for_change(
            &server.offer(),
            &client(None),
            PASSWORD,
            &mut TestRng::new(seed),
            &mut silent,
        )
        .unwrap();
        change.set_password(&new, &mut TestRng::new(seed + 100)).unwrap();
        let attempt = change.request(&server.change_offer(), NOW).unwrap();
        server.change(attempt.request(), MethodKind::Passkey).unwrap();
        assert!(!salts.contains(&server.methods[0].parameters), "the same password, a new salt");
        salts.push(server.methods[0].parameters.clone());
    }
    // A client that would use the old salt again is refused, by itself and by every honest server.
    let mut change = Change::of(authority(&server, &secrets.passkey));
    let same = typed(&server, MethodKind::Password, PASSWORD);
    change.set_password(&same, &mut TestRng::new(383)).unwrap();
    assert_eq!(change.request(&server.change_offer(), NOW).err(), Some(KeyError::BadMessage));
}

#[test]
fn the_error_says_which_check_failed_and_people_are_told_one_code() {
    let error = KeyError::Tampered(Tampering::CardHash);
    assert_eq!(error.to_string(), "the key records are damaged or were tampered with (card-hash)");
    assert_eq!(error.code(), "tampered");
}
