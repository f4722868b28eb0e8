//! Passwords, recovery codes, and the keys that come of them.

use freehold_keys::{Derived, MasterKey, MethodKeys, MethodSecret, Password, RecoveryCode};
use freehold_wire::{
    CONTEXT_BYTES, Context, MethodKind, OrganizationId, PasswordParameters, UserId,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Outcome;
use crate::format::{Hex, Refused, inputs, refusal};

#[derive(Deserialize)]
struct Typed {
    typed: Hex,
}

/// What was typed, to the normalized password.
pub(super) fn password(case: &Value) -> Outcome {
    let case: Typed = inputs(case)?;
    let password = Password::parse(&case.typed.0)?;
    Ok(json!({ "password": hex::encode(password.expose()) }))
}

/// What was typed, to the code in its three forms.
pub(super) fn recovery_code(case: &Value) -> Outcome {
    let case: Typed = inputs(case)?;
    let code = RecoveryCode::parse(&case.typed.0)?;
    Ok(json!({
        "secret": hex::encode(code.secret().expose()),
        "text": *code.to_text(),
        "words": *code.to_words(),
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Derivation {
    organization: OrganizationId,
    user: UserId,
    #[serde(rename = "type")]
    kind: MethodKind,
    parameters: Hex,
    /// Type 1: the normalized password. Type 2: the recovery code's bytes. Type 3: the passkey's
    /// output.
    input: Hex,
    epoch: u64,
    master_key: Hex,
}

/// `type u8 | CTX | s | P` is what one place gives another.
fn passkey_secret(context: Context, case: &Derivation) -> Result<MethodSecret, Refused> {
    let bytes = Derived::passkey(context, &case.parameters.0, &case.input.0)?.to_bytes();
    let secret = bytes.get(1 + CONTEXT_BYTES..).and_then(|rest| rest.first_chunk());
    Ok(MethodSecret::from_bytes(secret.ok_or_else(|| refusal("no secret"))?))
}

/// A method's secret and keys, and the keys under the master key.
pub(super) fn derivation(case: &Value) -> Outcome {
    let case: Derivation = inputs(case)?;
    let context = Context::of_user(case.organization, case.user);
    let secret = match case.kind {
        MethodKind::Password => {
            let parameters = PasswordParameters::parse(&case.parameters.0)
                .map_err(|_| freehold_keys::KeyError::ProfileRefused)?;
            Password::parse(&case.input.0)?.derive_secret(&parameters, context)?
        }
        MethodKind::RecoveryCode => MethodSecret::from_bytes(&case.input.exactly()?),
        MethodKind::Passkey => passkey_secret(context, &case)?,
    };
    let keys = MethodKeys::derive(&secret, context, case.kind, &case.parameters.0);
    if keys.kind() != case.kind {
        return Err(refusal("the keys are another method's"));
    }
    let master = MasterKey::from_bytes(&case.master_key.exactly()?);
    Ok(json!({
        "ctx": hex::encode(context.to_bytes()),
        "secret": hex::encode(secret.expose()),
        "wrappingKey": hex::encode(keys.wrapping_key().expose()),
        "unlockKey": hex::encode(keys.unlock_key().expose()),
        "unlockPublicKey": hex::encode(keys.unlock_key().public_key().as_bytes()),
        "keyringKey": hex::encode(master.derive_keyring_key(context, case.epoch).expose()),
        "personalKey": hex::encode(master.derive_personal_key(context, case.epoch).expose()),
    }))
}
