//! A server in one struct, as honest or dishonest as a test makes it, and a deterministic source of
//! randomness.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::convert::Infallible;

use freehold_keys::{Client, KeyError, ProvenSetup, Remembered, Setup, SetupAttempt, Step, Unlock};
use freehold_wire::{
    AtMost, ChangeExpectation, ChangeOffer, ChangeRefusal, ChangeRequest, Exact, KeyPolicy,
    MethodKind, OfferedMethod, OrganizationId, Profile, SetupExpectation, SetupOffer, Timestamp,
    UnlockAnswer, UnlockExpectation, UnlockOffer, UserId, VerifiedMethod, VerifiedSetup,
    hash_parts, verify_change, verify_setup, verify_unlock,
};
use rand_core::{TryCryptoRng, TryRng};

pub const ORIGIN: &str = "https://freehold.example";
pub const PASSWORD: &[u8] = b"correct horse battery staple";
pub const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// Blocks of SHA-256(seed | counter).
pub struct TestRng {
    seed: u64,
    counter: u64,
}

impl TestRng {
    pub const fn new(seed: u64) -> Self {
        Self { seed, counter: 0 }
    }
}

impl TryRng for TestRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(32) {
            self.counter += 1;
            let block = hash_parts(&[&self.seed.to_be_bytes(), &self.counter.to_be_bytes()]);
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for TestRng {}

pub fn organization() -> OrganizationId {
    OrganizationId::from_bytes([0x11; 16])
}

pub fn user() -> UserId {
    UserId::from_bytes([0x22; 16])
}

pub fn client(remembered: Option<&Remembered>) -> Client<'_> {
    Client { origin: ORIGIN, highest_profile: Profile::HIGHEST_IN_BROWSER, remembered }
}

pub fn setup_offer() -> SetupOffer {
    SetupOffer {
        organization: organization(),
        user: user(),
        epoch: 1,
        previous_card: None,
        origins: vec![ORIGIN.to_owned()],
        challenge: Exact([1; 32]),
        subject: "ada@example.com".to_owned(),
        policy: KeyPolicy::default(),
    }
}

pub fn silent(_: Step, _: f32) {}

pub fn begin(offer: SetupOffer, seed: u64) -> Result<Setup, KeyError> {
    Setup::begin(offer, &client(None), PASSWORD, &mut TestRng::new(seed), &mut silent)
}

pub fn proven(offer: SetupOffer, seed: u64) -> (ProvenSetup, String) {
    let setup = begin(offer, seed).unwrap();
    let code = setup.recovery_code().to_text().to_string();
    let Ok(proven) = setup.prove_recovery(code.as_bytes()) else {
        panic!("the code proves itself")
    };
    (proven, code)
}

/// One stored account.
#[derive(Clone)]
pub struct Server {
    pub organization: OrganizationId,
    pub user: UserId,
    pub epoch: u64,
    pub card: Vec<u8>,
    pub keyring: Vec<u8>,
    pub methods: Vec<VerifiedMethod>,
    pub states: Vec<Vec<u8>>,
    pub policy: KeyPolicy,
    pub origins: Vec<String>,
    pub challenge: [u8; 32],
}

impl Server {
    pub fn accept(offer: &SetupOffer, attempt: &SetupAttempt) -> Self {
        Self::of(offer, &verify_setup(attempt.request(), &expectation(offer)).unwrap())
    }

    pub fn of(offer: &SetupOffer, setup: &VerifiedSetup) -> Self {
        Self {
            organization: offer.organization,
            user: offer.user,
            epoch: offer.epoch,
            card: setup.card().to_vec(),
            keyring: setup.keyring().to_vec(),
            methods: setup.methods().to_vec(),
            states: vec![setup.state().to_vec()],
            policy: offer.policy,
            origins: offer.origins.clone(),
            challenge: [9; 32],
        }
    }

    /// An account that went through set-up, and its recovery code.
    pub fn with_account(offer: &SetupOffer, seed: u64) -> (Self, String) {
        let (proven, code) = proven(offer.clone(), seed);
        let attempt = proven.request(offer, NOW).unwrap();
        (Self::accept(offer, &attempt), code)
    }

    pub fn offer(&self) -> UnlockOffer {
        UnlockOffer {
            organization: self.organization,
            user: self.user,
            epoch: self.epoch,
            origins: self.origins.clone(),
            methods: self
                .methods
                .iter()
                .map(|method| OfferedMethod {
                    kind: method.kind,
                    parameters: AtMost::new(method.parameters.clone()).unwrap(),
                })
                .collect(),
            challenge: Exact(self.challenge),
            policy: self.policy,
        }
    }

    pub fn proves(&self, unlock: &Unlock) -> bool {
        let request = unlock.request();
        let named = |method: &&VerifiedMethod| {
            method.kind == request.kind && method.parameters == *request.parameters
        };
        self.methods.iter().find(named).is_some_and(|method| {
            let expected = UnlockExpectation {
                organization: self.organization,
                user: self.user,
                epoch: self.epoch,
                origins: &self.origins,
                challenge: self.challenge,
                kind: method.kind,
                parameters: &method.parameters,
                unlock_public_key: &method.unlock_public_key,
            };
            verify_unlock(&request, &expected).is_ok()
        })
    }

    pub fn answer(&self, kind: MethodKind) -> UnlockAnswer {
        let method = self.methods.iter().find(|method| method.kind == kind).unwrap();
        self.answer_to(method)
    }

    pub fn answer_to(&self, method: &VerifiedMethod) -> UnlockAnswer {
        UnlockAnswer {
            envelope: AtMost::new(method.envelope.clone()).unwrap(),
            keyring: AtMost::new(self.keyring.clone()).unwrap(),
            card: AtMost::new(self.card.clone()).unwrap(),
            states: vec![AtMost::new(self.states.last().unwrap().clone()).unwrap()],
            failed_since: 0,
        }
    }

    pub fn change_offer(&self) -> ChangeOffer {
        ChangeOffer {
            organization: self.organization,
            user: self.user,
            epoch: self.epoch,
            origins: self.origins.clone(),
            challenge: Exact([7; 32]),
            policy: self.policy,
        }
    }

    /// What a change is checked against.
    pub fn change_expectation(&self, unlocked_by: MethodKind) -> ChangeExpectation<'_> {
        ChangeExpectation {
            organization: self.organization,
            user: self.user,
            epoch: self.epoch,
            card: &self.card,
            state: self.states.last().unwrap(),
            origins: &self.origins,
            challenge: [7; 32],
            floor: self.policy.profile_floor,
            unlocked_by,
        }
    }

    /// Stores a change, as a server that keeps the rules.
    pub fn change(
        &mut self,
        request: &ChangeRequest,
        unlocked_by: MethodKind,
    ) -> Result<(), ChangeRefusal> {
        let verified = verify_change(request, &self.change_expectation(unlocked_by))?;
        let gone = verified.removed();
        self.methods.retain(|m| !gone.contains(&(m.kind, m.parameters.clone())));
        self.methods.extend_from_slice(verified.added());
        self.methods.sort_by(|a, b| (a.kind, &a.parameters).cmp(&(b.kind, &b.parameters)));
        self.states.push(verified.state().to_vec());
        Ok(())
    }
}

pub fn expectation(offer: &SetupOffer) -> SetupExpectation<'_> {
    SetupExpectation {
        organization: offer.organization,
        user: offer.user,
        epoch: offer.epoch,
        previous_card: offer.previous_card.map(|hash| hash.0),
        subject: &offer.subject,
        origins: &offer.origins,
        challenge: offer.challenge.0,
        floor: offer.policy.profile_floor,
    }
}

/// An unlock by recovery code costs no hashing: most tests use it.
pub fn unlock_by_code(
    offer: UnlockOffer,
    code: &str,
    remembered: Option<&Remembered>,
) -> Result<Unlock, KeyError> {
    let kind = MethodKind::RecoveryCode;
    Unlock::begin(offer, &client(remembered), kind, code.as_bytes(), &mut silent)
}
