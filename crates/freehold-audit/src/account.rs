//! An account's records, as one file; and everything about them that public keys can prove.

use freehold_wire::{
    AtMost, Envelope, EnvelopeType, Handover, ItemEnvelopes, ItemId, MAX_CARD_BYTES,
    MAX_CONTENT_BYTES, MAX_HANDOVER_BYTES, MAX_PARAMETERS_BYTES, MAX_STATE_BYTES, MethodKind,
    OrganizationId, SigningPublicKey, State, UserId, VerifiedCard, VerifiedState, hash,
};
use serde::{Deserialize, Serialize};

/// Room for every envelope of a key.
const MAX_KEY_ENVELOPE_BYTES: usize = 256;

/// The format's name.
pub const FORMAT: &str = "freehold-account-1";

/// Everything that a server stores of an account's keys. It holds no secret; binary is base64url.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountRecords {
    /// [`FORMAT`].
    pub format: String,
    /// The user's organization.
    pub organization: OrganizationId,
    /// The user.
    pub user: UserId,
    /// The epoch of the keys.
    pub epoch: u64,
    /// The card.
    pub card: AtMost<MAX_CARD_BYTES>,
    /// The envelope of type 5.
    pub keyring: AtMost<MAX_KEY_ENVELOPE_BYTES>,
    /// The methods, by type and `P`.
    pub methods: Vec<MethodRecords>,
    /// Every account state of the epoch, in order.
    pub states: Vec<AtMost<MAX_STATE_BYTES>>,
    /// How the epoch began, if by a renewal.
    pub handover: Option<HandoverRecord>,
    /// The items.
    pub items: Vec<ItemRecords>,
}

/// One method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MethodRecords {
    /// Which way to unlock.
    #[serde(rename = "type")]
    pub kind: MethodKind,
    /// `P`.
    pub parameters: AtMost<MAX_PARAMETERS_BYTES>,
    /// Verifies proofs of its secret.
    pub unlock_public_key: AtMost<32>,
    /// The master key, wrapped.
    pub envelope: AtMost<MAX_KEY_ENVELOPE_BYTES>,
}

/// The old key's word for the card, and the old card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HandoverRecord {
    /// The card of the epoch before.
    pub old_card: AtMost<MAX_CARD_BYTES>,
    /// The statement.
    pub handover: AtMost<MAX_HANDOVER_BYTES>,
}

/// One item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ItemRecords {
    /// The item.
    pub id: ItemId,
    /// Its version.
    pub version: u64,
    /// The envelope of type 9.
    pub item_key: AtMost<MAX_KEY_ENVELOPE_BYTES>,
    /// The envelope of type 7.
    pub content: AtMost<MAX_CONTENT_BYTES>,
}

/// What was checked, and the first thing that is wrong.
#[derive(Debug, Default)]
pub struct Report {
    /// One sentence for each thing that holds.
    pub holds: Vec<String>,
    /// What does not, if anything.
    pub fails: Option<String>,
}

impl AccountRecords {
    /// Checks everything that needs no secret. What comes after a failure is not looked at.
    #[must_use]
    pub fn verify(&self) -> Report {
        let mut report = Report::default();
        if let Err(failure) = self.check(&mut report.holds) {
            report.fails = Some(failure);
        }
        report
    }

    fn check(&self, holds: &mut Vec<String>) -> Result<(), String> {
        if self.format != FORMAT {
            return Err(format!("the format is not {FORMAT}"));
        }
        let card = self.check_card(holds)?;
        let latest = self.check_states(&card, holds)?;
        self.check_listed(&latest, holds)?;
        self.check_handover(&card, holds)?;
        self.check_items(holds)
    }

    fn check_card(&self, holds: &mut Vec<String>) -> Result<VerifiedCard, String> {
        let card =
            VerifiedCard::verify(&self.card).map_err(|error| format!("the card: {error}"))?;
        let place = (card.card().organization, card.card().user, card.card().epoch);
        if place != (self.organization, self.user, self.epoch) {
            return Err("the card is of another organization, user or epoch".to_owned());
        }
        holds.push("the card is signed by the key on it, for this user and epoch".to_owned());
        Ok(card)
    }

    /// Every state, from the first of the epoch, signed and linked to the one before.
    fn check_states(&self, card: &VerifiedCard, holds: &mut Vec<String>) -> Result<State, String> {
        let key = &card.card().signing_key;
        let mut before = [0; 32];
        let mut latest = None;
        for (bytes, number) in self.states.iter().zip(1_u64..) {
            let state = VerifiedState::verify(bytes, key)
                .map_err(|error| format!("account state {number}: {error}"))?;
            let found = state.state();
            let place = (found.organization, found.user, found.epoch, found.sequence);
            if place != (self.organization, self.user, self.epoch, number) {
                return Err(format!("account state {number} is of another account or place"));
            }
            if found.previous != before {
                return Err(format!("account state {number} does not follow the one before"));
            }
            before = *state.hash();
            latest = Some(found.clone());
        }
        let latest = latest.ok_or("there is no account state")?;
        let count = self.states.len();
        holds.push(format!("{count} account states, each signed by that key and linked"));
        if &latest.card_hash != card.hash() {
            return Err("the latest state lists another card".to_owned());
        }
        Ok(latest)
    }

    /// Keyring and methods are those of the latest state, and have the forms of envelopes.
    fn check_listed(&self, latest: &State, holds: &mut Vec<String>) -> Result<(), String> {
        Envelope::parse(&self.keyring, EnvelopeType::Keyring)
            .map_err(|_| "the keyring is not an envelope of type 5")?;
        if latest.keyring_hash != hash(&self.keyring) {
            return Err("the latest state lists another keyring".to_owned());
        }
        if latest.methods.len() != self.methods.len() {
            return Err("the latest state lists other methods than are stored".to_owned());
        }
        for (listed, stored) in latest.methods.iter().zip(&self.methods) {
            let name = format!("method type {}", stored.kind.number());
            let same = (listed.kind, listed.parameters.as_slice())
                == (stored.kind, &*stored.parameters)
                && *listed.unlock_public_key.as_bytes() == *stored.unlock_public_key;
            if !same {
                return Err(format!("{name}: the latest state lists another"));
            }
            Envelope::parse(&stored.envelope, EnvelopeType::of_master_key(stored.kind))
                .map_err(|_| format!("{name}: not an envelope of its type"))?;
            if listed.envelope_hash != hash(&stored.envelope) {
                return Err(format!("{name}: the latest state lists another envelope"));
            }
        }
        if !latest.keeps_its_floor() {
            return Err("a method is below the floor that the latest state sets".to_owned());
        }
        let count = self.methods.len();
        holds.push(format!("keyring and {count} methods are exactly what the latest state lists"));
        Ok(())
    }

    fn check_handover(&self, card: &VerifiedCard, holds: &mut Vec<String>) -> Result<(), String> {
        let Some(record) = &self.handover else { return Ok(()) };
        let old = VerifiedCard::verify(&record.old_card)
            .map_err(|error| format!("the old card: {error}"))?;
        let key: &SigningPublicKey = &old.card().signing_key;
        let handover = Handover::verify(&record.handover, key)
            .map_err(|error| format!("the handover: {error}"))?;
        let right = Handover {
            organization: self.organization,
            user: self.user,
            old_card: *old.hash(),
            new_card: *card.hash(),
        };
        if handover != right || card.card().previous != *old.hash() {
            return Err("the handover is about other cards".to_owned());
        }
        holds.push("the key of the epoch before signed that this card follows its own".to_owned());
        Ok(())
    }

    fn check_items(&self, holds: &mut Vec<String>) -> Result<(), String> {
        for item in &self.items {
            ItemEnvelopes::parse(&item.item_key, &item.content)
                .map_err(|error| format!("item {}: {error}", item.id))?;
        }
        let count = self.items.len();
        holds.push(format!("{count} items are envelopes of types 9 and 7, padded"));
        Ok(())
    }
}
