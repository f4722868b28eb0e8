//! Records that were flipped and cut, so that a module that traps is noticed where it runs.

use freehold_keys::Derived;
use freehold_wire::{AtMost, ItemId, ItemRecord, UnlockAnswer};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Outcome;
use super::accounts::{UnlockCase, message};
use crate::format::{Refused, inputs, refusal};

#[derive(Deserialize)]
struct TamperingCase {
    unlock: UnlockCase,
    item: ItemId,
    version: u64,
    record: Value,
    /// Every so many bytes one bit is flipped, and the record is cut there at either side.
    every: usize,
}

/// The records of an account and of an item, by what they are called.
struct Records {
    answer: UnlockAnswer,
    item: ItemRecord,
}

const NAMES: [&str; 6] = ["envelope", "keyring", "card", "state", "itemKey", "content"];

impl Records {
    fn read(&self, name: &str) -> Option<Vec<u8>> {
        Some(match name {
            "envelope" => self.answer.envelope.to_vec(),
            "keyring" => self.answer.keyring.to_vec(),
            "card" => self.answer.card.to_vec(),
            "state" => self.answer.states.last()?.to_vec(),
            "itemKey" => self.item.item_key.to_vec(),
            _ => self.item.content.to_vec(),
        })
    }

    /// The same records with one in another's place.
    fn with(&self, name: &str, bytes: Vec<u8>) -> Option<Self> {
        let (mut answer, mut item) = (self.answer.clone(), self.item.clone());
        match name {
            "envelope" => answer.envelope = AtMost::new(bytes)?,
            "keyring" => answer.keyring = AtMost::new(bytes)?,
            "card" => answer.card = AtMost::new(bytes)?,
            "state" => *answer.states.last_mut()? = AtMost::new(bytes)?,
            "itemKey" => item.item_key = AtMost::new(bytes)?,
            _ => item.content = AtMost::new(bytes)?,
        }
        Some(Self { answer, item })
    }
}

impl TamperingCase {
    fn open(&self, derived: &Derived, records: &Records) -> Result<(), Refused> {
        let account = self.unlock.begin(derived)?.open(&records.answer)?;
        Ok(account.open_item(self.item, self.version, &records.item).map(|_| ())?)
    }
}

/// Changes a sample of all bytes; gives how many changed records were refused, which is all.
pub(super) fn tampering(case: &Value) -> Outcome {
    let case: TamperingCase = inputs(case)?;
    let derived = case.unlock.derive()?;
    let records = Records { answer: case.unlock.answer()?, item: message(&case.record)? };
    case.open(&derived, &records)?;
    let mut refused = 0;
    for name in NAMES {
        let good = records.read(name).ok_or_else(|| refusal("inputs: no state"))?;
        for position in (0..good.len()).step_by(case.every.max(1)) {
            let (head, tail) = good.split_at(position);
            let mut flipped = good.clone();
            flipped.iter_mut().skip(position).take(1).for_each(|byte| *byte ^= 1 << (position % 8));
            let behind = tail.get(1..).unwrap_or_default().to_vec();
            for changed in [flipped, head.to_vec(), behind] {
                let Some(changed) = records.with(name, changed) else { continue };
                let found = case.open(&derived, &changed);
                let is_tampering = found.as_ref().is_err_and(|it| it.error == "tampered");
                if !is_tampering {
                    return Err(refusal(&format!("{name}, byte {position}: {found:?}")));
                }
                refused += 1;
            }
        }
    }
    Ok(json!({ "refused": refused }))
}
