//! Envelopes and padding.

use freehold_keys::envelope::{self, Binding};
use freehold_wire::{Context, ItemId, MethodKind, OrganizationId, UserId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Outcome;
use crate::format::{Hex, Refused, inputs, refusal};
use crate::script::Script;

/// Bytes, or how many there are of one: long contents are not written out.
#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Written(Hex),
    Repeated { length: usize, fill: u8 },
}

impl Content {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Written(bytes) => bytes.0.clone(),
            Self::Repeated { length, fill } => vec![*fill; *length],
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Padding {
    Pad {
        content: Content,
    },
    Unpad {
        padded: Hex,
        #[serde(default)]
        zeros: usize,
    },
}

/// Content to padded length; padded content to content.
pub(super) fn padding(case: &Value) -> Outcome {
    match inputs(case)? {
        Padding::Pad { content } => {
            let content = content.bytes();
            let mut padded = freehold_keys::pad(&content);
            let length = padded.len();
            freehold_keys::unpad(&mut padded).ok_or_else(|| refusal("padding"))?;
            if padded != content {
                return Err(refusal("the padding does not come off again"));
            }
            Ok(json!({ "paddedLength": length }))
        }
        Padding::Unpad { padded, zeros } => {
            let mut padded = padded.0;
            padded.resize(padded.len() + zeros, 0);
            freehold_keys::unpad(&mut padded).ok_or_else(|| refusal("padding"))?;
            Ok(json!({ "content": hex::encode(padded) }))
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EnvelopeCase {
    key: Hex,
    #[serde(rename = "type")]
    kind: u8,
    organization: OrganizationId,
    user: UserId,
    object: ItemId,
    epoch: u64,
    version: u64,
    extra: Hex,
    /// To seal: the salt and the content.
    seal: Option<Sealing>,
    /// To open.
    envelope: Option<Hex>,
}

#[derive(Deserialize)]
struct Sealing {
    salt: Hex,
    content: Hex,
}

/// Sealing with a given salt, and opening.
pub(super) fn envelope(case: &Value) -> Outcome {
    let case: EnvelopeCase = inputs(case)?;
    let key = case.key.exactly()?;
    let binding = binding(&case)?;
    if let Some(Sealing { salt, content }) = &case.seal {
        let mut script = Script::new(salt.0.clone());
        let sealed = envelope::seal(&key, &binding, &content.0, &mut script);
        if !script.is_used_up() {
            return Err(refusal("another amount of randomness was drawn"));
        }
        return Ok(json!({ "envelope": hex::encode(sealed) }));
    }
    let sealed = case.envelope.as_ref().ok_or_else(|| refusal("nothing to seal or open"))?;
    let opened = envelope::open(&key, &binding, &sealed.0).map_err(|_| refusal("envelope"))?;
    Ok(json!({ "content": hex::encode(&*opened) }))
}

fn binding(case: &EnvelopeCase) -> Result<Binding, Refused> {
    let context = Context::of_user(case.organization, case.user);
    let (object, epoch, version, extra) = (case.object, case.epoch, case.version, &case.extra.0);
    Ok(match case.kind {
        1 => Binding::of_master_key(context, epoch, MethodKind::Password, extra),
        2 => Binding::of_master_key(context, epoch, MethodKind::RecoveryCode, extra),
        3 => Binding::of_master_key(context, epoch, MethodKind::Passkey, extra),
        5 => Binding::of_keyring(context, epoch),
        7 => Binding::of_item(context, object, version, u16::from_be_bytes(case.extra.exactly()?)),
        9 => Binding::of_item_key(context, epoch, object, version),
        _ => return Err(refusal("inputs: no such type")),
    })
}
