//! What the product keeps of a person: ciphertext and public keys, and the checks before any of it changes.

use std::time::Duration;

use freehold_wire::{
    Exact, ItemId, ItemRecord, KeyPolicy, NewMethod, OfferedMethod, OrganizationId, Profile,
    SetupExpectation, SetupOffer, SetupRequest, Timestamp, UnlockAnswer, UnlockExpectation,
    UnlockOffer, UnlockRequest, UserId, VerifiedMethod, VerifiedSetup, verify_setup, verify_unlock,
};
use rand_core::CryptoRng;
use serde::Serialize;

/// How long a challenge can be answered.
const CHALLENGE_LIFE: Duration = Duration::from_secs(300);
/// So many wrong passphrases, and none is looked at any more. A real product gives tries back as time passes.
const TRIES: u32 = 10;
/// The epoch of a person's first keys.
const FIRST: u64 = 1;

/// One person.
pub struct Account {
    organization: OrganizationId,
    user: UserId,
    name: String,
    challenge: Option<([u8; 32], Timestamp)>,
    tries: u32,
    keys: Option<Keys>,
    note: ItemId,
    record: Option<ItemRecord>,
}

/// A set-up as it was sent, with the proof that it was checked.
struct Keys {
    sent: SetupRequest,
    verified: VerifiedSetup,
}

impl Keys {
    fn methods(&self) -> impl Iterator<Item = (&NewMethod, &VerifiedMethod)> {
        self.sent.methods.iter().zip(self.verified.methods())
    }
}

/// What a browser needs next.
#[derive(Serialize)]
#[serde(tag = "state", content = "offer", rename_all = "UPPERCASE")]
pub enum Offer {
    /// To make keys.
    Pending(SetupOffer),
    /// To open them.
    Ready(UnlockOffer),
}

/// The note as it is stored.
#[derive(Serialize)]
pub struct Note {
    id: ItemId,
    record: Option<ItemRecord>,
}

/// Why a request changes nothing.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Used, replaced or too old.
    #[error("the challenge is gone; ask for a new offer")]
    Challenge,
    /// There are keys already.
    #[error("the account has keys")]
    HasKeys,
    /// There are none yet.
    #[error("the account has no keys")]
    NoKeys,
    /// Forms, hashes, signatures or floors are not as they must be.
    #[error("the set-up does not verify")]
    Setup,
    /// The passphrase was wrong.
    #[error("wrong; {0} tries are left")]
    Secret(u32),
    /// Too often.
    #[error("no tries are left")]
    Tries,
    /// Another version is stored.
    #[error("another version is stored")]
    Version,
}

impl Account {
    /// A person without keys.
    pub fn new(
        organization: OrganizationId,
        name: &str,
        now: Timestamp,
        rng: &mut impl CryptoRng,
    ) -> Self {
        Self {
            organization,
            user: UserId::make(now, rng),
            name: name.to_owned(),
            challenge: None,
            tries: TRIES,
            keys: None,
            note: ItemId::make(now, rng),
            record: None,
        }
    }

    /// What the browser needs next, with a new challenge in place of the last one.
    pub fn offer(&mut self, origin: &str, now: Timestamp, rng: &mut impl CryptoRng) -> Offer {
        let mut challenge = [0; 32];
        rng.fill_bytes(&mut challenge);
        self.challenge = Some((challenge, now.plus(CHALLENGE_LIFE)));
        let origins = vec![origin.to_owned()];
        match &self.keys {
            None => Offer::Pending(SetupOffer {
                organization: self.organization,
                user: self.user,
                epoch: FIRST,
                previous_card: None,
                origins,
                challenge: Exact(challenge),
                subject: self.name.clone(),
                policy: KeyPolicy::default(),
            }),
            Some(keys) => Offer::Ready(UnlockOffer {
                organization: self.organization,
                user: self.user,
                epoch: FIRST,
                origins,
                methods: keys.methods().map(|(sent, _)| offered(sent)).collect(),
                challenge: Exact(challenge),
                policy: KeyPolicy::default(),
            }),
        }
    }

    /// A challenge is for one answer, whatever comes of it.
    fn take_challenge(&mut self, now: Timestamp) -> Result<[u8; 32], Refusal> {
        let taken = self.challenge.take().filter(|(_, ends_at)| *ends_at > now);
        taken.map(|(challenge, _)| challenge).ok_or(Refusal::Challenge)
    }

    /// Takes a person's first keys. The same request again, after a lost answer, is no other set-up.
    pub fn set_up(
        &mut self,
        request: SetupRequest,
        origin: &str,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if let Some(keys) = &self.keys {
            return if keys.sent == request { Ok(()) } else { Err(Refusal::HasKeys) };
        }
        let challenge = self.take_challenge(now)?;
        let expected = SetupExpectation {
            organization: self.organization,
            user: self.user,
            epoch: FIRST,
            previous_card: None,
            subject: &self.name,
            origins: &[origin.to_owned()],
            challenge,
            floor: Profile::FLOOR,
        };
        let verified = verify_setup(&request, &expected).map_err(|_| Refusal::Setup)?;
        self.keys = Some(Keys { sent: request, verified });
        Ok(())
    }

    /// Gives out what the passphrase opens, to whoever proves that he has it. A try is paid for before anything is checked.
    pub fn unlock(
        &mut self,
        request: &UnlockRequest,
        origin: &str,
        now: Timestamp,
    ) -> Result<UnlockAnswer, Refusal> {
        let challenge = self.take_challenge(now)?;
        let keys = self.keys.as_ref().ok_or(Refusal::NoKeys)?;
        self.tries = self.tries.checked_sub(1).ok_or(Refusal::Tries)?;
        let wrong = Refusal::Secret(self.tries);
        let asked =
            |sent: &NewMethod| (sent.kind, &sent.parameters) == (request.kind, &request.parameters);
        let Some((sent, method)) = keys.methods().find(|(sent, _)| asked(sent)) else {
            return Err(wrong);
        };
        let expected = UnlockExpectation {
            organization: self.organization,
            user: self.user,
            epoch: FIRST,
            origins: &[origin.to_owned()],
            challenge,
            kind: method.kind,
            parameters: &method.parameters,
            unlock_public_key: &method.unlock_public_key,
        };
        if verify_unlock(request, &expected).is_err() {
            return Err(wrong);
        }
        let answer = UnlockAnswer {
            envelope: sent.envelope.clone(),
            keyring: keys.sent.keyring.clone(),
            card: keys.sent.card.clone(),
            states: vec![keys.sent.state.clone()],
            failed_since: u64::from(TRIES - 1 - self.tries),
        };
        self.tries = TRIES;
        Ok(answer)
    }

    /// The note, as ciphertext.
    pub fn note(&self) -> Note {
        Note { id: self.note, record: self.record.clone() }
    }

    /// Stores the next version of the note.
    pub fn write(&mut self, record: ItemRecord) -> Result<(), Refusal> {
        let stored = self.record.as_ref().map_or(0, |record| record.version);
        if record.id != self.note || record.version != stored + 1 {
            return Err(Refusal::Version);
        }
        self.record = Some(record);
        Ok(())
    }
}

fn offered(method: &NewMethod) -> OfferedMethod {
    OfferedMethod { kind: method.kind, parameters: method.parameters.clone() }
}
