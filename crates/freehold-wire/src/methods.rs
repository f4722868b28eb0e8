//! The ways to unlock.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::keys::SigningPublicKey;
use crate::profile::{ParametersRefusal, PasswordParameters, Profile};

/// The longest parameters of a method: a passkey's salt and credential id.
pub const MAX_PARAMETERS_BYTES: usize = 32 + MAX_CREDENTIAL_ID_BYTES;
/// The longest credential id.
// WebAuthn Level 3 §4: at most 1023 bytes.
pub const MAX_CREDENTIAL_ID_BYTES: usize = 1023;
/// An account has at most so many passkeys.
pub const MAX_PASSKEYS: usize = 8;

/// A way to unlock; a number in messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MethodKind {
    /// 1: a password.
    Password = 1,
    /// 2: the recovery code.
    RecoveryCode = 2,
    /// 3: a passkey with the PRF extension.
    Passkey = 3,
}

impl MethodKind {
    /// The kind with this number.
    #[must_use]
    pub const fn from_number(number: u64) -> Option<Self> {
        match number {
            1 => Some(Self::Password),
            2 => Some(Self::RecoveryCode),
            3 => Some(Self::Passkey),
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

/// A passkey's `P`: `PRF salt 32 | credential id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasskeyParameters<'a> {
    /// `prf.eval.first`: random for each passkey.
    pub prf_salt: &'a [u8; 32],
    /// Which passkey the browser is to ask for: 1 to 1023 bytes.
    pub credential_id: &'a [u8],
}

impl<'a> PasskeyParameters<'a> {
    /// Reads `P`; nothing if its length is impossible.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (prf_salt, credential_id) = bytes.split_first_chunk()?;
        let plausible = (1..=MAX_CREDENTIAL_ID_BYTES).contains(&credential_id.len());
        plausible.then_some(Self { prf_salt, credential_id })
    }
}

/// Whether these can be the methods of one account, as `(type, P)`: one password, one recovery
/// code, then at most eight passkeys, ascending by `P` and so none twice.
#[must_use]
pub fn is_method_list<'a>(methods: impl IntoIterator<Item = (MethodKind, &'a [u8])>) -> bool {
    let mut methods = methods.into_iter();
    let mut takes = |kind| methods.next().is_some_and(|(found, _)| found == kind);
    if !takes(MethodKind::Password) || !takes(MethodKind::RecoveryCode) {
        return false;
    }
    let (mut count, mut before): (usize, &[u8]) = (0, &[]);
    methods.all(|(kind, parameters)| {
        let follows = kind == MethodKind::Passkey && parameters > before && count < MAX_PASSKEYS;
        (count, before) = (count + 1, parameters);
        follows
    })
}

/// A method as the account state lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodRecord {
    /// Which way.
    pub kind: MethodKind,
    /// `P`: `KH` for a password, empty for the recovery code, [`PasskeyParameters`] for a passkey.
    pub parameters: Vec<u8>,
    /// Verifies proofs of the method's secret.
    pub unlock_public_key: SigningPublicKey,
    /// Hash of the envelope that wraps the master key for this method.
    pub envelope_hash: [u8; 32],
}

/// Why a method's record was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MethodRefusal {
    /// The methods that were sent are not those that the state lists.
    #[error("the methods are not those of the account state")]
    Listed,
    /// The password's parameters are malformed or unknown, or the code or passkey has impossible
    /// ones.
    #[error("parameters: {0}")]
    Parameters(ParametersRefusal),
    /// The password's profile is below the floor.
    #[error("the password's profile is below the floor")]
    BelowFloor,
    /// A wrapped master key is not an envelope of its type.
    #[error("method {0:?}: not an envelope of its type")]
    Envelope(MethodKind),
    /// The state lists another envelope for a method.
    #[error("method {0:?}: the account state lists another envelope")]
    EnvelopeHash(MethodKind),
    /// A method's proof is wrong.
    #[error("method {0:?}: the proof does not verify")]
    Proof(MethodKind),
}

impl MethodRefusal {
    /// The refusal's stable name, for logs and test vectors.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Listed => "methods",
            Self::Parameters(_) => "parameters",
            Self::BelowFloor => "below-floor",
            Self::Envelope(_) => "envelope",
            Self::EnvelopeHash(_) => "envelope-hash",
            Self::Proof(_) => "proof",
        }
    }
}

impl MethodRecord {
    /// Whether the parameters can be read and, for a password, keep the floor.
    ///
    /// # Errors
    /// [`MethodRefusal::Parameters`], [`MethodRefusal::BelowFloor`].
    pub fn keeps_floor(&self, floor: Profile) -> Result<(), MethodRefusal> {
        let length = MethodRefusal::Parameters(ParametersRefusal::Length);
        match self.kind {
            MethodKind::Password => {
                let parameters = PasswordParameters::parse(&self.parameters)
                    .map_err(MethodRefusal::Parameters)?;
                if parameters.profile < floor.max(Profile::FLOOR) {
                    return Err(MethodRefusal::BelowFloor);
                }
                Ok(())
            }
            MethodKind::RecoveryCode if self.parameters.is_empty() => Ok(()),
            MethodKind::RecoveryCode => Err(length),
            MethodKind::Passkey => {
                PasskeyParameters::parse(&self.parameters).map(|_| ()).ok_or(length)
            }
        }
    }
}
