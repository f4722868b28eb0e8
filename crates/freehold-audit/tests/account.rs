//! The records of an honest account hold; every change of them is noticed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::convert::Infallible;

use freehold_audit::account::{AccountRecords, FORMAT, ItemRecords, MethodRecords};
use freehold_keys::{Account, Change, Client, Derived, ProvenSetup, Setup, SetupAttempt, Unlock};
use freehold_wire::{
    AtMost, ChangeOffer, ChangeRequest, Context, Exact, ItemId, KeyPolicy, MethodKind,
    OfferedMethod, OrganizationId, Profile, SetupOffer, Timestamp, UnlockAnswer, UnlockOffer,
    UserId, encode_base64url,
};
use rand_core::{TryCryptoRng, TryRng};

const ORIGIN: &str = "https://freehold.example";
const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// Counts: every draw is another.
struct Counter(u64);

impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.0 += 1;
        Ok(self.0 as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 += 1;
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(8) {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            chunk.copy_from_slice(&self.0.to_be_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}

fn organization() -> OrganizationId {
    OrganizationId::from_bytes([1; 16])
}

fn user() -> UserId {
    UserId::from_bytes([2; 16])
}

fn client() -> Client<'static> {
    Client { origin: ORIGIN, highest_profile: Profile::HIGHEST_IN_BROWSER, remembered: None }
}

fn set_up() -> (ProvenSetup, SetupAttempt, String) {
    let offer = SetupOffer {
        organization: organization(),
        user: user(),
        epoch: 1,
        previous_card: None,
        origins: vec![ORIGIN.to_owned()],
        challenge: Exact([3; 32]),
        subject: "ada@example.com".to_owned(),
        policy: KeyPolicy::default(),
    };
    let password = b"correct horse battery staple";
    let setup =
        Setup::begin(offer.clone(), &client(), password, &mut Counter(7), &mut |_, _| {}).unwrap();
    let code = setup.recovery_code().to_text().to_string();
    let proven = setup.prove_recovery(code.as_bytes()).ok().unwrap();
    let attempt = proven.request(&offer, NOW).unwrap();
    (proven, attempt, code)
}

/// What a server stores of a set-up, and then of a passkey.
fn account() -> AccountRecords {
    let (proven, attempt, code) = set_up();
    let request = attempt.request();
    let state = freehold_wire::State::claimed(&request.state).unwrap();
    let methods = request.methods.iter().zip(&state.methods).map(|(sent, listed)| MethodRecords {
        kind: sent.kind,
        parameters: sent.parameters.clone(),
        unlock_public_key: AtMost::new(listed.unlock_public_key.as_bytes().to_vec()).unwrap(),
        envelope: AtMost::new(sent.envelope.to_vec()).unwrap(),
    });
    let item = ItemId::from_bytes([4; 16]);
    let opened: Account = proven.account(&attempt).unwrap();
    let sealed = opened.seal_item(item, 1, b"a secret", &mut Counter(9)).unwrap();
    let mut records = AccountRecords {
        format: FORMAT.to_owned(),
        organization: organization(),
        user: user(),
        epoch: 1,
        card: request.card.clone(),
        keyring: AtMost::new(request.keyring.to_vec()).unwrap(),
        methods: methods.collect(),
        states: vec![request.state.clone()],
        handover: None,
        items: vec![ItemRecords {
            id: item,
            version: 1,
            item_key: AtMost::new(sealed.item_key.to_vec()).unwrap(),
            content: sealed.content.clone(),
        }],
    };
    add_passkey(&mut records, &code);
    records
}

fn add_passkey(records: &mut AccountRecords, code: &str) {
    let (request, parameters) = passkey_change(records, code);
    let state = freehold_wire::State::claimed(&request.state).unwrap();
    let [.., new] = request.methods.as_slice() else { panic!("a passkey") };
    let listed = state.method(MethodKind::Passkey, &parameters).unwrap();
    // Stored as a recovery would: password and code replaced as well.
    records.methods = request
        .methods
        .iter()
        .map(|sent| MethodRecords {
            kind: sent.kind,
            parameters: sent.parameters.clone(),
            unlock_public_key: AtMost::new(
                state
                    .method(sent.kind, &sent.parameters)
                    .unwrap()
                    .unlock_public_key
                    .as_bytes()
                    .to_vec(),
            )
            .unwrap(),
            envelope: AtMost::new(sent.envelope.to_vec()).unwrap(),
        })
        .collect();
    assert_eq!(new.kind, MethodKind::Passkey);
    assert_eq!(listed.kind, MethodKind::Passkey);
    records.states.push(request.state);
}

fn passkey_change(records: &AccountRecords, code: &str) -> (ChangeRequest, Vec<u8>) {
    let offer = UnlockOffer {
        organization: organization(),
        user: user(),
        epoch: 1,
        origins: vec![ORIGIN.to_owned()],
        methods: records
            .methods
            .iter()
            .map(|m| OfferedMethod { kind: m.kind, parameters: m.parameters.clone() })
            .collect(),
        challenge: Exact([5; 32]),
        policy: KeyPolicy::default(),
    };
    let kind = MethodKind::RecoveryCode;
    let unlock =
        Unlock::begin(offer.clone(), &client(), kind, code.as_bytes(), &mut |_, _| {}).unwrap();
    let by_code = records.methods.iter().find(|method| method.kind == kind).unwrap();
    let authority = unlock
        .open_to_change(UnlockAnswer {
            envelope: AtMost::new(by_code.envelope.to_vec()).unwrap(),
            keyring: AtMost::new(records.keyring.to_vec()).unwrap(),
            card: records.card.clone(),
            states: records.states.clone(),
            failed_since: 0,
        })
        .unwrap();
    let parameters = [[6; 32].as_slice(), b"credential"].concat();
    let context = Context::of_user(organization(), user());
    let passkey = Derived::passkey(context, &parameters, &[8; 32]).unwrap();
    let new = b"a wholly different passphrase";
    let password =
        Derived::for_change(&offer, &client(), new, &mut Counter(11), &mut |_, _| {}).unwrap();
    let mut change = Change::of(authority);
    change.set_password(&password, &mut Counter(12)).unwrap();
    change.make_code(&mut Counter(13));
    let new_code = change.recovery_code().unwrap().to_text().to_string();
    change.prove_recovery(new_code.as_bytes()).unwrap();
    change.add_passkey(&passkey, &mut Counter(14)).unwrap();
    let offer = ChangeOffer {
        organization: organization(),
        user: user(),
        epoch: 1,
        origins: vec![ORIGIN.to_owned()],
        challenge: Exact([9; 32]),
        policy: KeyPolicy::default(),
    };
    (change.request(&offer, NOW).unwrap().request().clone(), parameters)
}

#[test]
fn an_honest_account_holds_and_every_flipped_bit_is_noticed() {
    let records = account();
    let report = records.verify();
    assert_eq!(report.fails, None);
    assert_eq!(report.holds.len(), 4, "{:?}", report.holds);
    let written = serde_json::to_string(&records).unwrap();
    let read: AccountRecords = serde_json::from_str(&written).unwrap();
    assert_eq!(read, records);

    let flipped = |bytes: &[u8], at: usize| {
        let mut changed = bytes.to_vec();
        changed[at / 8] ^= 1 << (at % 8);
        changed
    };
    // A bit in every byte of card, keyring, states and method envelopes.
    let broken = |records: AccountRecords| assert!(records.verify().fails.is_some());
    for at in (0..records.card.len() * 8).step_by(7) {
        broken(AccountRecords {
            card: AtMost::new(flipped(&records.card, at)).unwrap(),
            ..records.clone()
        });
    }
    for at in (0..records.keyring.len() * 8).step_by(7) {
        broken(AccountRecords {
            keyring: AtMost::new(flipped(&records.keyring, at)).unwrap(),
            ..records.clone()
        });
    }
    for number in 0..records.states.len() {
        for at in (0..records.states[number].len() * 8).step_by(7) {
            let mut changed = records.clone();
            changed.states[number] = AtMost::new(flipped(&records.states[number], at)).unwrap();
            broken(changed);
        }
    }
    for number in 0..records.methods.len() {
        for at in (0..records.methods[number].envelope.len() * 8).step_by(7) {
            let mut changed = records.clone();
            let envelope = flipped(&records.methods[number].envelope, at);
            changed.methods[number].envelope = AtMost::new(envelope).unwrap();
            broken(changed);
        }
    }
}

#[test]
fn records_that_are_missing_or_in_another_place_are_noticed() {
    let good = account();
    let fails = |alter: &dyn Fn(&mut AccountRecords)| {
        let mut records = good.clone();
        alter(&mut records);
        records.verify().fails.expect("it is noticed")
    };
    assert!(fails(&|r| drop(r.states.pop())).contains("lists other"));
    assert!(fails(&|r| drop(r.states.remove(0))).contains("another account or place"));
    assert!(fails(&|r| r.states.swap(0, 1)).contains("another account or place"));
    assert!(fails(&|r| drop(r.methods.pop())).contains("other methods"));
    assert!(fails(&|r| r.methods.swap(0, 1)).contains("lists another"));
    assert!(fails(&|r| r.epoch = 2).contains("the card"));
    assert!(fails(&|r| r.user = UserId::from_bytes([9; 16])).contains("the card"));
    assert!(fails(&|r| r.states.clear()).contains("no account state"));
    assert!(fails(&|r| r.items[0].content = AtMost::new(vec![0; 200]).unwrap()).contains("item"));
    assert!(fails(&|r| r.format.push('x')).contains("format"));
    let other = encode_base64url(&[0; 32]);
    assert!(
        fails(&|r| {
            r.methods[2].unlock_public_key =
                AtMost::new(freehold_wire::decode_base64url(&other, 32).unwrap()).unwrap();
        })
        .contains("method type 3")
    );
}
