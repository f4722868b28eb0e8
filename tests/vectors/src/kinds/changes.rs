//! What the client does to change keys that it has: change, renewal.

use freehold_keys::{Authority, Change, Derived, Renewal};
use freehold_wire::{AtMost, ChangeOffer, Context, ItemRecord, MAX_PARAMETERS_BYTES, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Outcome;
use super::accounts::{SetupCase, UnlockCase, message, used_up};
use crate::format::{Hex, Refused, inputs};
use crate::script::Script;

#[derive(Deserialize)]
struct ChangeCase {
    /// With the secret that was asked for just now.
    unlock: UnlockCase,
    /// A new password, as typed.
    password: Option<Hex>,
    /// A new recovery code.
    code: Option<NewCode>,
    /// New passkeys.
    #[serde(default)]
    added: Vec<NewPasskey>,
    /// Passkeys to take away.
    #[serde(default)]
    removed: Vec<AtMost<MAX_PARAMETERS_BYTES>>,
    /// In the order of use: for a password salt16 and the salt of its envelope; for a code the code
    /// and the salt of its envelope; for each passkey the salt of its envelope.
    random: Hex,
    offer: Value,
    now: Timestamp,
}

#[derive(Deserialize)]
struct NewCode {
    /// What is typed to prove it, if anything.
    proof: Option<String>,
}

#[derive(Deserialize)]
struct NewPasskey {
    parameters: AtMost<MAX_PARAMETERS_BYTES>,
    /// What the PRF extension gave.
    output: Hex,
}

impl ChangeCase {
    fn begin(&self, authority: Authority) -> Result<Change, Refused> {
        let state = authority.state();
        let context = Context::of_user(state.organization, state.user);
        let mut change = Change::of(authority);
        let mut script = Script::new(self.random.0.clone());
        if let Some(password) = &self.password {
            let remembered = self.unlock.client.remembered()?;
            let client = self.unlock.client.client(remembered.as_ref())?;
            let offer = self.unlock.offer()?;
            let new =
                Derived::for_change(&offer, &client, &password.0, &mut script, &mut |_, _| {})?;
            change.set_password(&new, &mut script)?;
        }
        if let Some(code) = &self.code {
            change.make_code(&mut script);
            code.proof.as_ref().map_or(Ok(()), |typed| change.prove_recovery(typed.as_bytes()))?;
        }
        for passkey in &self.added {
            let new = Derived::passkey(context, &passkey.parameters, &passkey.output.0)?;
            change.add_passkey(&new, &mut script)?;
        }
        for parameters in &self.removed {
            change.remove_passkey(parameters)?;
        }
        used_up(&script)?;
        Ok(change)
    }
}

/// A whole change, to its request and what is remembered afterwards.
pub(super) fn change(case: &Value) -> Outcome {
    let case: ChangeCase = inputs(case)?;
    let change = case.begin(case.unlock.open_to_change()?)?;
    let offer: ChangeOffer = message(&case.offer)?;
    let attempt = change.request(&offer, case.now)?;
    let account = change.account(&attempt)?;
    Ok(json!({ "request": attempt.request(), "remembered": account.remembered() }))
}

#[derive(Deserialize)]
struct RenewalCase {
    /// The account as it is.
    unlock: UnlockCase,
    /// The set-up of its next epoch.
    setup: SetupCase,
    items: Vec<Value>,
    /// For each item the salt of envelope 9.
    random: Hex,
}

/// A whole renewal, to its request and what is remembered afterwards.
pub(super) fn renewal(case: &Value) -> Outcome {
    let case: RenewalCase = inputs(case)?;
    let authority = case.unlock.open_to_change()?;
    let renewal = Renewal::of(authority, case.setup.prove()?)?;
    let items: Vec<ItemRecord> = case.items.iter().map(message).collect::<Result<_, _>>()?;
    let mut script = Script::new(case.random.0.clone());
    let attempt =
        renewal.request(&case.setup.fresh_offer()?, &items, case.setup.now, &mut script)?;
    used_up(&script)?;
    let account = renewal.account(&attempt)?;
    Ok(json!({ "request": attempt.request(), "remembered": account.remembered() }))
}
