//! What the client does: set-up, unlock, items.

use freehold_keys::{
    Account, Authority, Client, Derived, KeyError, ProvenSetup, Remembered, Setup, Unlock,
};
use freehold_wire::{
    AtMost, ItemId, ItemRecord, MAX_PARAMETERS_BYTES, MethodKind, Profile, SetupOffer, Timestamp,
    UnlockAnswer, UnlockOffer,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::Outcome;
use crate::format::{Hex, Refused, inputs, refusal};
use crate::script::Script;

/// Where the client runs and what it remembers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientCase {
    origin: String,
    highest_profile: u64,
    remembered: Option<Value>,
}

impl ClientCase {
    pub(super) fn remembered(&self) -> Result<Option<Remembered>, Refused> {
        let read = |value: &Value| Remembered::from_json(&value.to_string());
        Ok(self.remembered.as_ref().map(read).transpose()?)
    }

    pub(super) fn client<'a>(
        &'a self,
        remembered: Option<&'a Remembered>,
    ) -> Result<Client<'a>, Refused> {
        let highest_profile = Profile::from_number(self.highest_profile)
            .ok_or_else(|| refusal("inputs: no such profile"))?;
        Ok(Client { origin: &self.origin, highest_profile, remembered })
    }
}

pub(super) fn message<T: DeserializeOwned>(json: &Value) -> Result<T, KeyError> {
    T::deserialize(json).map_err(|_| KeyError::BadMessage)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SetupCase {
    client: ClientCase,
    offer: Value,
    password: Hex,
    /// In the order of use: salt16, master key, Ed25519 seed, X25519 private key, recovery code,
    /// salts of envelopes 5, 1 and 2.
    random: Hex,
    /// What is typed to prove the recovery code.
    proof: String,
    fresh_offer: Value,
    pub(super) now: Timestamp,
}

impl SetupCase {
    /// Up to the proof that the code was kept.
    pub(super) fn prove(&self) -> Result<ProvenSetup, Refused> {
        let remembered = self.client.remembered()?;
        let client = self.client.client(remembered.as_ref())?;
        let offer: SetupOffer = message(&self.offer)?;
        let mut script = Script::new(self.random.0.clone());
        let setup = Setup::begin(offer, &client, &self.password.0, &mut script, &mut |_, _| {})?;
        used_up(&script)?;
        Ok(setup.prove_recovery(self.proof.as_bytes()).map_err(|not| not.reason)?)
    }

    pub(super) fn fresh_offer(&self) -> Result<SetupOffer, KeyError> {
        message(&self.fresh_offer)
    }
}

/// A case names exactly the randomness that is drawn.
pub(super) fn used_up(script: &Script) -> Result<(), Refused> {
    if script.is_used_up() {
        Ok(())
    } else {
        Err(refusal("another amount of randomness was drawn"))
    }
}

/// A whole set-up, to its request.
pub(super) fn setup(case: &Value) -> Outcome {
    let case: SetupCase = inputs(case)?;
    let proven = case.prove()?;
    let attempt = proven.request(&case.fresh_offer()?, case.now)?;
    let account = proven.account(&attempt)?;
    Ok(json!({ "request": attempt.request(), "remembered": account.remembered() }))
}

#[derive(Deserialize)]
pub(super) struct UnlockCase {
    pub(super) client: ClientCase,
    offer: Value,
    #[serde(rename = "type")]
    kind: MethodKind,
    /// Type 3: which passkey.
    parameters: Option<AtMost<MAX_PARAMETERS_BYTES>>,
    /// What was typed; type 3: what the PRF extension gave, in hex.
    secret: String,
    answer: Value,
}

impl UnlockCase {
    pub(super) fn offer(&self) -> Result<UnlockOffer, KeyError> {
        message(&self.offer)
    }

    pub(super) fn answer(&self) -> Result<UnlockAnswer, KeyError> {
        message(&self.answer)
    }

    /// From the secret to what its keys come of; an offer that must be refused before is refused.
    pub(super) fn derive(&self) -> Result<Derived, Refused> {
        let remembered = self.client.remembered()?;
        let client = self.client.client(remembered.as_ref())?;
        let offer = self.offer()?;
        if self.kind != MethodKind::Passkey {
            let typed = self.secret.as_bytes();
            return Ok(Derived::for_unlock(&offer, &client, self.kind, typed, &mut |_, _| {})?);
        }
        let parameters =
            self.parameters.as_ref().ok_or_else(|| refusal("inputs: which passkey"))?;
        let output = hex::decode(&self.secret).map_err(|_| refusal("inputs: not hex"))?;
        Ok(Derived::for_passkey(&offer, &client, parameters, &output)?)
    }

    pub(super) fn begin(&self, derived: &Derived) -> Result<Unlock, Refused> {
        let remembered = self.client.remembered()?;
        let client = self.client.client(remembered.as_ref())?;
        Ok(Unlock::begin_derived(self.offer()?, &client, derived)?)
    }

    fn open(&self, unlock: Unlock) -> Result<Account, Refused> {
        Ok(unlock.open(&self.answer()?)?)
    }

    pub(super) fn open_to_change(&self) -> Result<Authority, Refused> {
        Ok(self.begin(&self.derive()?)?.open_to_change(self.answer()?)?)
    }
}

/// A whole unlock, to its request and what is remembered afterwards.
pub(super) fn unlock(case: &Value) -> Outcome {
    let case: UnlockCase = inputs(case)?;
    let unlock = case.begin(&case.derive()?)?;
    let request = unlock.request();
    let account = case.open(unlock)?;
    Ok(json!({
        "request": request,
        "remembered": account.remembered(),
        "changedAt": account.changed_at(),
        "failedSince": account.failed_since(),
        "subject": account.subject(),
    }))
}

#[derive(Deserialize)]
struct ItemCase {
    unlock: UnlockCase,
    item: ItemId,
    version: u64,
    /// To seal: item key, salt of envelope 9, salt of envelope 7; the content.
    seal: Option<ItemSealing>,
    /// To open.
    record: Option<Value>,
}

#[derive(Deserialize)]
struct ItemSealing {
    random: Hex,
    content: Hex,
}

/// Sealing and opening a version of an item.
pub(super) fn item(case: &Value) -> Outcome {
    let case: ItemCase = inputs(case)?;
    let account = case.unlock.open(case.unlock.begin(&case.unlock.derive()?)?)?;
    if let Some(ItemSealing { random, content }) = &case.seal {
        let mut script = Script::new(random.0.clone());
        let record = account.seal_item(case.item, case.version, &content.0, &mut script)?;
        used_up(&script)?;
        return Ok(json!({ "record": record }));
    }
    let record = case.record.as_ref().ok_or_else(|| refusal("nothing to seal or open"))?;
    let record: ItemRecord = message(record)?;
    let content = account.open_item(case.item, case.version, &record)?;
    Ok(json!({ "content": hex::encode(&*content) }))
}
