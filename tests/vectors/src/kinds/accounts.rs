//! What the client does: set-up, unlock, items.

use freehold_keys::{Account, Client, KeyError, Remembered, Setup, Unlock};
use freehold_wire::{
    ItemId, ItemRecord, MethodKind, Profile, SetupOffer, Timestamp, UnlockAnswer, UnlockOffer,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::Outcome;
use crate::format::{Hex, Refused, inputs, refusal};
use crate::script::Script;

/// Where the client runs and what it remembers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientCase {
    origin: String,
    highest_profile: u64,
    remembered: Option<Value>,
}

impl ClientCase {
    fn remembered(&self) -> Result<Option<Remembered>, Refused> {
        let read = |value: &Value| Remembered::from_json(&value.to_string());
        Ok(self.remembered.as_ref().map(read).transpose()?)
    }

    fn client<'a>(&'a self, remembered: Option<&'a Remembered>) -> Result<Client<'a>, Refused> {
        let highest_profile = Profile::from_number(self.highest_profile)
            .ok_or_else(|| refusal("inputs: no such profile"))?;
        Ok(Client { origin: &self.origin, highest_profile, remembered })
    }
}

fn message<T: DeserializeOwned>(json: &Value) -> Result<T, KeyError> {
    T::deserialize(json).map_err(|_| KeyError::BadMessage)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SetupCase {
    client: ClientCase,
    offer: Value,
    password: Hex,
    /// In the order of use: salt16, master key, Ed25519 seed, X25519 private key, recovery code,
    /// salts of envelopes 5, 1 and 2.
    random: Hex,
    /// What is typed to prove the recovery code.
    proof: String,
    fresh_offer: Value,
    now: Timestamp,
}

/// A whole set-up, to its request.
pub(super) fn setup(case: &Value) -> Outcome {
    let case: SetupCase = inputs(case)?;
    let remembered = case.client.remembered()?;
    let client = case.client.client(remembered.as_ref())?;
    let offer: SetupOffer = message(&case.offer)?;
    let mut script = Script::new(case.random.0.clone());
    let setup = Setup::begin(offer, &client, &case.password.0, &mut script, &mut |_, _| {})?;
    if !script.is_used_up() {
        return Err(refusal("another amount of randomness was drawn"));
    }
    let proven = setup.prove_recovery(case.proof.as_bytes()).map_err(|not| not.reason)?;
    let fresh: SetupOffer = message(&case.fresh_offer)?;
    let attempt = proven.request(&fresh, case.now)?;
    let account = proven.account(&attempt)?;
    Ok(json!({ "request": attempt.request(), "remembered": account.remembered() }))
}

#[derive(Deserialize)]
struct UnlockCase {
    client: ClientCase,
    offer: Value,
    #[serde(rename = "type")]
    kind: MethodKind,
    /// What was typed.
    secret: String,
    answer: Value,
}

impl UnlockCase {
    fn begin(&self) -> Result<Unlock, Refused> {
        let remembered = self.client.remembered()?;
        let client = self.client.client(remembered.as_ref())?;
        let offer: UnlockOffer = message(&self.offer)?;
        Ok(Unlock::begin(offer, &client, self.kind, self.secret.as_bytes(), &mut |_, _| {})?)
    }

    fn open(&self, unlock: Unlock) -> Result<Account, Refused> {
        let answer: UnlockAnswer = message(&self.answer)?;
        Ok(unlock.open(&answer)?)
    }
}

/// A whole unlock, to its request and what is remembered afterwards.
pub(super) fn unlock(case: &Value) -> Outcome {
    let case: UnlockCase = inputs(case)?;
    let unlock = case.begin()?;
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
    let account = case.unlock.open(case.unlock.begin()?)?;
    if let Some(ItemSealing { random, content }) = &case.seal {
        let mut script = Script::new(random.0.clone());
        let record = account.seal_item(case.item, case.version, &content.0, &mut script)?;
        if !script.is_used_up() {
            return Err(refusal("another amount of randomness was drawn"));
        }
        return Ok(json!({ "record": record }));
    }
    let record = case.record.as_ref().ok_or_else(|| refusal("nothing to seal or open"))?;
    let record: ItemRecord = message(record)?;
    let content = account.open_item(case.item, case.version, &record)?;
    Ok(json!({ "content": hex::encode(&*content) }))
}
