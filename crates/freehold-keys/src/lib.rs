#![doc = include_str!("../PROTOCOL.md")]

mod account;
mod argon;
mod code;
pub mod envelope;
mod error;
mod kdf;
mod keyring;
mod method;
mod padding;
mod passphrase;
mod password;
mod progress;
mod remembered;
mod secret;
mod setup;
mod terms;
mod unlock;
mod verify;
mod words;

pub use account::Account;
pub use argon::warm_up;
pub use code::RecoveryCode;
pub use error::{KeyError, Tampering};
pub use keyring::Keyring;
pub use method::{MethodKeys, MethodSecret, WrappingKey};
pub use padding::{pad, unpad};
pub use passphrase::{PASSPHRASE_WORDS, make_passphrase};
pub use password::{MAX_PASSWORD_BYTES, MIN_PASSWORD_BYTES, Password};
pub use progress::{Progress, Step};
pub use remembered::Remembered;
pub use secret::{AgreementSecret, ItemKey, KeyringKey, MasterKey, PersonalKey, SigningSeed};
pub use setup::{NotProven, ProvenSetup, Setup, SetupAttempt};
pub use terms::Client;
pub use unlock::Unlock;
