//! The ways to unlock.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::keys::SigningPublicKey;

/// The longest parameters of a method: room for a passkey's salt and credential id.
pub const MAX_PARAMETERS_BYTES: usize = 32 + 1023;

/// A way to unlock; a number in messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MethodKind {
    /// 1: a password.
    Password = 1,
    /// 2: the recovery code.
    RecoveryCode = 2,
}

impl MethodKind {
    /// The kind with this number.
    #[must_use]
    pub const fn from_number(number: u64) -> Option<Self> {
        match number {
            1 => Some(Self::Password),
            2 => Some(Self::RecoveryCode),
            _ => None,
        }
    }

    /// The kind's number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }
}

impl Serialize for MethodKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.number())
    }
}

impl<'de> Deserialize<'de> for MethodKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_number(u64::deserialize(deserializer)?)
            .ok_or_else(|| serde::de::Error::custom("unknown method type"))
    }
}

/// A method as the account state lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodRecord {
    /// Which way.
    pub kind: MethodKind,
    /// `P`: `KH` for a password, empty for the recovery code.
    pub parameters: Vec<u8>,
    /// Verifies proofs of the method's secret.
    pub unlock_public_key: SigningPublicKey,
    /// Hash of the envelope that wraps the master key for this method.
    pub envelope_hash: [u8; 32],
}
