//! The account state: the user's own signed list of his key records.

use crate::cbor::{Reader, Writer};
use crate::cose::{self, Statement, StatementError};
use crate::encoding::{MAX_COUNTER, hash, is_counter};
use crate::envelope::SUITE;
use crate::ids::{OrganizationId, UserId};
use crate::keys::SigningPublicKey;
use crate::methods::{MAX_PARAMETERS_BYTES, MethodKind, MethodRecord, is_method_list};
use crate::profile::Profile;
use crate::time::Timestamp;

/// No state is longer.
pub const MAX_STATE_BYTES: usize = 16 * 1024;

const VERSION: u64 = 1;

/// The fields of an account state. Organization root and trust log are not part of this version:
/// their fields have one value each, and any other is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The user's organization.
    pub organization: OrganizationId,
    /// The user.
    pub user: UserId,
    /// The epoch, from 1.
    pub epoch: u64,
    /// From 1 in each epoch; every change of a key record needs the next.
    pub sequence: u64,
    /// Hash of the state before, zeros at sequence 1.
    pub previous: [u8; 32],
    /// Hash of the card.
    pub card_hash: [u8; 32],
    /// Hash of the keyring envelope.
    pub keyring_hash: [u8; 32],
    /// One password, one recovery code, then the passkeys: see [`is_method_list`].
    pub methods: Vec<MethodRecord>,
    /// The lowest profile that the user's clients take.
    pub profile_floor: Profile,
    /// When the user's client made it.
    pub time: Timestamp,
}

impl State {
    /// The payload that is signed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer
            .array(15)
            .unsigned(VERSION)
            .bytes(self.organization.as_bytes())
            .bytes(self.user.as_bytes())
            .unsigned(self.epoch)
            .unsigned(self.sequence)
            .bytes(&self.previous)
            .bytes(&self.card_hash)
            .bytes(&self.keyring_hash)
            .array(self.methods.len());
        for method in &self.methods {
            writer
                .array(4)
                .unsigned(method.kind.number().into())
                .bytes(&method.parameters)
                .bytes(method.unlock_public_key.as_bytes())
                .bytes(&method.envelope_hash);
        }
        writer
            .unsigned(self.profile_floor.number().into())
            .unsigned(SUITE.into())
            .null() // root
            .unsigned(0) // log sequence
            .null() // log head
            .unsigned(self.time.as_millis())
            .finish()
    }

    /// Reads the payload of a state without verifying its signature: a claim.
    ///
    /// # Errors
    /// [`StatementError`], never `Signature`.
    pub fn claimed(bytes: &[u8]) -> Result<Self, StatementError> {
        if bytes.len() > MAX_STATE_BYTES {
            return Err(StatementError::Frame);
        }
        Self::decode(cose::split(bytes)?.payload)
    }

    fn decode(payload: &[u8]) -> Result<Self, StatementError> {
        let mut reader = Reader::new(payload);
        reader.array_of(15)?;
        if reader.unsigned()? != VERSION {
            return Err(StatementError::Unsupported);
        }
        let organization = OrganizationId::from_bytes(reader.exactly()?);
        let user = UserId::from_bytes(reader.exactly()?);
        let (epoch, sequence) = (reader.unsigned()?, reader.unsigned()?);
        let [previous, card_hash, keyring_hash] =
            [reader.exactly()?, reader.exactly()?, reader.exactly()?];
        let methods = decode_methods(&mut reader)?;
        let profile_floor =
            Profile::from_number(reader.unsigned()?).ok_or(StatementError::Unsupported)?;
        decode_what_has_one_value(&mut reader)?;
        let time = Timestamp::from_millis(reader.unsigned()?);
        reader.end()?;
        let state = Self {
            organization,
            user,
            epoch,
            sequence,
            previous,
            card_hash,
            keyring_hash,
            methods,
            profile_floor,
            time,
        };
        if state.is_plausible() && state.encode() == payload {
            Ok(state)
        } else {
            Err(StatementError::Payload)
        }
    }

    fn is_plausible(&self) -> bool {
        is_counter(self.epoch)
            && is_counter(self.sequence)
            && (self.sequence == 1) == (self.previous == [0; 32])
            && self.time.as_millis() <= MAX_COUNTER
    }

    /// The record of a method.
    #[must_use]
    pub fn method(&self, kind: MethodKind, parameters: &[u8]) -> Option<&MethodRecord> {
        self.methods.iter().find(|method| method.kind == kind && method.parameters == parameters)
    }

    /// Whether every method keeps the floor. Parameters that cannot be read do not.
    #[must_use]
    pub fn keeps_its_floor(&self) -> bool {
        self.profile_floor >= Profile::FLOOR
            && self.methods.iter().all(|method| method.keeps_floor(self.profile_floor).is_ok())
    }
}

fn decode_methods(reader: &mut Reader<'_>) -> Result<Vec<MethodRecord>, StatementError> {
    let count = reader.array()?;
    // Reading ends with the bytes, which are few; how many there may be, the list itself says.
    let methods: Vec<_> = (0..count).map(|_| decode_method(reader)).collect::<Result<_, _>>()?;
    let listed = methods.iter().map(|method| (method.kind, method.parameters.as_slice()));
    if is_method_list(listed) { Ok(methods) } else { Err(StatementError::Payload) }
}

fn decode_method(reader: &mut Reader<'_>) -> Result<MethodRecord, StatementError> {
    reader.array_of(4)?;
    let kind = MethodKind::from_number(reader.unsigned()?).ok_or(StatementError::Payload)?;
    let parameters = reader.bytes()?;
    if parameters.len() > MAX_PARAMETERS_BYTES {
        return Err(StatementError::Payload);
    }
    Ok(MethodRecord {
        kind,
        parameters: parameters.to_vec(),
        unlock_public_key: SigningPublicKey::parse(&reader.exactly()?)
            .map_err(|_| StatementError::PublicKey)?,
        envelope_hash: reader.exactly()?,
    })
}

/// Suite floor, root, log sequence, log head.
fn decode_what_has_one_value(reader: &mut Reader<'_>) -> Result<(), StatementError> {
    (|| {
        let suite = reader.unsigned()?;
        reader.null()?;
        let log_sequence = reader.unsigned()?;
        reader.null()?;
        if suite == u64::from(SUITE) && log_sequence == 0 {
            Ok(())
        } else {
            Err(crate::cbor::CborError)
        }
    })()
    .map_err(|_| StatementError::Unsupported)
}

/// A state whose signature was checked.
#[derive(Clone, Debug)]
pub struct VerifiedState {
    state: State,
    hash: [u8; 32],
}

impl VerifiedState {
    /// Reads a state and verifies it with the key of the user's card.
    ///
    /// # Errors
    /// [`StatementError`].
    pub fn verify(bytes: &[u8], key: &SigningPublicKey) -> Result<Self, StatementError> {
        if bytes.len() > MAX_STATE_BYTES {
            return Err(StatementError::Frame);
        }
        let parts = cose::split(bytes)?;
        let state = State::decode(parts.payload)?;
        parts.verify(Statement::State, key)?;
        Ok(Self { state, hash: hash(bytes) })
    }

    /// What it says.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// Hash of all its bytes.
    #[must_use]
    pub const fn hash(&self) -> &[u8; 32] {
        &self.hash
    }
}
