//! Accounts whose every secret is known, and ways to sign what an honest client would not.

use std::collections::BTreeMap;
use std::sync::Mutex;

use freehold_keys::{Client, Derived, Keyring, MasterKey, MethodKeys, RecoveryCode, Setup};
use freehold_vectors::Script;
use freehold_wire::{
    AtMost, Card, ChangeOffer, Context, Exact, KeyPolicy, MethodKind, MethodRecord, NewMethod,
    OfferedMethod, OrganizationId, Profile, SetupOffer, SetupRequest, State, Statement, Timestamp,
    UnlockAnswer, UnlockOffer, UserId, VerifiedCard, VerifiedState, assemble, hash, to_be_signed,
};
use serde_json::{Value, json};

pub const ORIGIN: &str = "https://freehold.example";
pub const PASSWORD: &str = "correct horse battery staple";
pub const NOW: u64 = 1_800_000_000_000;

/// 32 bytes that belong to a name.
pub fn drawn(name: &str) -> [u8; 32] {
    hash(name.as_bytes())
}

/// One account, right after set-up.
pub struct World {
    pub offer: SetupOffer,
    /// What set-up draws, in its order.
    pub random: Vec<u8>,
    pub request: SetupRequest,
    pub master: MasterKey,
    pub keyring: Keyring,
    pub code: RecoveryCode,
}

pub fn offer(user: u8, epoch: u64, previous: Option<[u8; 32]>) -> SetupOffer {
    SetupOffer {
        organization: OrganizationId::from_bytes([0x11; 16]),
        user: UserId::from_bytes([user; 16]),
        epoch,
        previous_card: previous.map(Exact),
        origins: vec![ORIGIN.to_owned()],
        challenge: Exact(drawn("challenge of set-up")),
        subject: "ada@example.com".to_owned(),
        policy: KeyPolicy::default(),
    }
}

/// The request of an honest set-up. Made once for each randomness: every one costs a hash.
fn set_up(offer: &SetupOffer, random: &[u8], code: &[u8; 32]) -> SetupRequest {
    static MADE: Mutex<BTreeMap<Vec<u8>, SetupRequest>> = Mutex::new(BTreeMap::new());
    let make = || {
        let client = Client {
            origin: ORIGIN,
            highest_profile: Profile::HIGHEST_IN_BROWSER,
            remembered: None,
        };
        let (mut script, typed) = (Script::new(random.to_vec()), PASSWORD.as_bytes());
        let setup =
            Setup::begin(offer.clone(), &client, typed, &mut script, &mut |_, _| {}).unwrap();
        let code = RecoveryCode::from_bytes(code);
        let proven = setup.prove_recovery(code.to_text().as_bytes()).ok().unwrap();
        proven.request(offer, Timestamp::from_millis(NOW)).unwrap().request().clone()
    };
    let key = [random, &serde_json::to_vec(offer).unwrap()].concat();
    MADE.lock().unwrap().entry(key).or_insert_with(make).clone()
}

pub fn client_json(remembered: Option<Value>) -> Value {
    json!({ "origin": ORIGIN, "highestProfile": 2, "remembered": remembered })
}

impl World {
    pub fn ada() -> Self {
        Self::make("ada", offer(0x22, 1, None))
    }

    pub fn eve() -> Self {
        Self::make("eve", offer(0x33, 1, None))
    }

    /// Ada's keys after all of the first epoch were given up.
    pub fn ada_again(first: &Self) -> Self {
        Self::make("ada again", offer(0x22, 2, Some(hash(&first.request.card))))
    }

    /// As [`Self::ada_again`], but one key of the keyring is kept: `seed` or `private key`.
    pub fn ada_keeps(first: &Self, kept: &str) -> Self {
        let offer = offer(0x22, 2, Some(hash(&first.request.card)));
        Self::draw(offer, |what| {
            let name = if what == kept { "ada" } else { "ada again" };
            drawn(&format!("{what} of {name}"))
        })
    }

    fn make(name: &str, offer: SetupOffer) -> Self {
        Self::draw(offer, |what| drawn(&format!("{what} of {name}")))
    }

    fn draw(offer: SetupOffer, draw: impl Fn(&str) -> [u8; 32]) -> Self {
        let [master, seed, private, code] =
            ["master key", "seed", "private key", "code"].map(&draw);
        let salts = ["salt 5", "salt 1", "salt 2"].map(&draw);
        let mut random = draw("salt16")[..16].to_vec();
        random.extend([master, seed, private, code].as_flattened());
        random.extend(salts.as_flattened());
        let request = set_up(&offer, &random, &code);
        let code = RecoveryCode::from_bytes(&code);
        let keyring = Keyring::make(&mut Script::new([seed, private].concat()));
        Self { offer, random, request, master: MasterKey::from_bytes(&master), keyring, code }
    }

    pub fn context(&self) -> Context {
        Context::of_user(self.offer.organization, self.offer.user)
    }

    /// The honest state, changed, and signed by the account's own key.
    pub fn state(&self, change: impl FnOnce(&mut State)) -> Vec<u8> {
        self.keyring.sign_state(&self.state_fields(change))
    }

    pub fn state_fields(&self, change: impl FnOnce(&mut State)) -> State {
        let key = self.keyring.signing_public_key();
        let verified = VerifiedState::verify(&self.request.state, &key).unwrap();
        let mut state = verified.state().clone();
        change(&mut state);
        state
    }

    /// The honest card, changed, and signed by the account's own key.
    pub fn card(&self, change: impl FnOnce(&mut Card)) -> Vec<u8> {
        self.keyring.sign_card(&self.card_fields(change))
    }

    pub fn card_fields(&self, change: impl FnOnce(&mut Card)) -> Card {
        let mut card = VerifiedCard::verify(&self.request.card).unwrap().card().clone();
        change(&mut card);
        card
    }

    /// Any payload at all, signed by the account's own key.
    pub fn sign(&self, statement: Statement, payload: &[u8]) -> Vec<u8> {
        let signature = self.keyring.signing_seed().sign(&to_be_signed(statement, payload));
        assemble(payload, &signature)
    }

    /// The keys of the recovery code.
    pub fn code_keys(&self) -> MethodKeys {
        MethodKeys::derive(self.code.secret(), self.context(), MethodKind::RecoveryCode, &[])
    }

    /// The account some time later: so many passkeys were added.
    pub fn with_passkeys(mut self, count: u8) -> Self {
        let first = self.request.state.to_vec();
        let mut methods = self.state_fields(|_| {}).methods;
        for number in 1..=count {
            let keys = self.passkey_keys(number);
            let salt = drawn(&format!("salt of passkey {number}"));
            let envelope =
                keys.seal(&self.master, self.offer.epoch, &mut Script::new(salt.to_vec()));
            methods.push(MethodRecord {
                kind: MethodKind::Passkey,
                parameters: passkey(number),
                unlock_public_key: keys.unlock_key().public_key(),
                envelope_hash: hash(&envelope),
            });
            self.request.methods.push(NewMethod {
                kind: MethodKind::Passkey,
                parameters: AtMost::new(passkey(number)).unwrap(),
                envelope: AtMost::new(envelope).unwrap(),
                // It was good for one challenge, long ago.
                proof: Exact([0; 64]),
            });
        }
        let state = self.state(|state| {
            state.sequence = 2;
            state.previous = hash(&first);
            state.methods = methods;
            state.time = Timestamp::from_millis(NOW + 1);
        });
        self.request.state = AtMost::new(state).unwrap();
        self
    }

    /// The keys of a passkey.
    pub fn passkey_keys(&self, number: u8) -> MethodKeys {
        let output = passkey_output(number);
        let derived = Derived::passkey(self.context(), &passkey(number), &output).unwrap();
        derived.keys(self.context()).unwrap()
    }

    pub fn change_offer(&self) -> ChangeOffer {
        ChangeOffer {
            organization: self.offer.organization,
            user: self.offer.user,
            epoch: self.offer.epoch,
            origins: vec![ORIGIN.to_owned()],
            challenge: Exact(drawn("challenge of change")),
            policy: KeyPolicy::default(),
        }
    }

    pub fn unlock_offer(&self) -> UnlockOffer {
        UnlockOffer {
            organization: self.offer.organization,
            user: self.offer.user,
            epoch: self.offer.epoch,
            origins: vec![ORIGIN.to_owned()],
            methods: self
                .request
                .methods
                .iter()
                .map(|m| OfferedMethod { kind: m.kind, parameters: m.parameters.clone() })
                .collect(),
            challenge: Exact(drawn("challenge of unlock")),
            policy: KeyPolicy::default(),
        }
    }

    pub fn answer(&self, kind: MethodKind) -> UnlockAnswer {
        self.answer_to(self.request.methods.iter().find(|m| m.kind == kind).unwrap())
    }

    pub fn answer_to(&self, method: &NewMethod) -> UnlockAnswer {
        UnlockAnswer {
            envelope: method.envelope.clone(),
            keyring: self.request.keyring.clone(),
            card: self.request.card.clone(),
            states: vec![self.request.state.clone()],
            failed_since: 0,
        }
    }

    /// Inputs of an honest unlock by recovery code, on a device that remembers nothing.
    pub fn unlock_inputs(&self) -> Value {
        json!({
            "client": client_json(None),
            "offer": self.unlock_offer(),
            "type": 2,
            "secret": *self.code.to_text(),
            "answer": self.answer(MethodKind::RecoveryCode),
        })
    }

    /// Inputs of an honest unlock by the passkey of this number.
    pub fn passkey_inputs(&self, number: u8) -> Value {
        json!({
            "client": client_json(None),
            "offer": self.unlock_offer(),
            "type": 3,
            "parameters": b64(&passkey(number)),
            "secret": hex::encode(passkey_output(number)),
            "answer": self.answer_to(&self.request.methods[1 + usize::from(number)]),
        })
    }

    /// What a device remembers that saw this state.
    pub fn remembers(&self, state: &[u8]) -> Value {
        let seq = State::claimed(state).unwrap().sequence;
        json!({
            "organization": self.offer.organization,
            "user": self.offer.user,
            "epoch": self.offer.epoch,
            "seq": seq,
            "stateHash": Exact(hash(state)),
        })
    }
}

/// `P` of a passkey; ascending with its number.
pub fn passkey(number: u8) -> Vec<u8> {
    [vec![number; 32], format!("credential {number}").into_bytes()].concat()
}

/// What the PRF extension gives for it.
pub fn passkey_output(number: u8) -> [u8; 32] {
    drawn(&format!("output of passkey {number}"))
}

/// Bytes as they stand in a message.
pub fn b64(bytes: &[u8]) -> Value {
    json!(AtMost::<{ 1 << 21 }>::new(bytes.to_vec()))
}

/// The bytes with one bit changed.
pub fn flipped(bytes: &[u8], position: usize) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[position] ^= 1;
    changed
}
