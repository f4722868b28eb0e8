//! The form of the files.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// A file of vectors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct File {
    /// What is run.
    pub kind: String,
    /// What the cases are about.
    pub about: String,
    /// The cases.
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// What goes in.
    pub inputs: Value,
    /// What must come of it.
    #[serde(flatten)]
    pub expected: Expected,
}

/// What must come of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Expected {
    /// These values.
    Result(Value),
    /// A refusal.
    Refused(Refused),
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The error of the protocol; where it names none, of the check.
    pub error: String,
    /// Of "tampered" only: which check failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
}

/// How a file went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The file's kind.
    pub kind: String,
    /// How many cases came out as they must.
    pub passed: usize,
    /// The others.
    pub wrong: Vec<Wrong>,
}

/// A case that came out wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wrong {
    /// The case's name.
    pub name: String,
    /// What had to come of it.
    pub expected: Expected,
    /// What came of it.
    pub found: Expected,
}

impl Report {
    pub(crate) fn unreadable(error: &str) -> Self {
        let refused = |error: &str| Expected::Refused(refusal(error));
        let wrong =
            Wrong { name: "the file".into(), expected: refused("nothing"), found: refused(error) };
        Self { kind: "unreadable".into(), passed: 0, wrong: vec![wrong] }
    }
}

/// A refusal by name.
pub(crate) fn refusal(error: &str) -> Refused {
    Refused { error: error.to_owned(), check: None }
}

impl From<freehold_keys::KeyError> for Refused {
    fn from(error: freehold_keys::KeyError) -> Self {
        let check = match error {
            freehold_keys::KeyError::Tampered(check) => Some(check.name().to_owned()),
            _ => None,
        };
        Self { error: error.code().to_owned(), check }
    }
}

/// Reads a case's inputs. A case whose inputs cannot be read is wrong itself.
pub(crate) fn inputs<T: DeserializeOwned>(value: &Value) -> Result<T, Refused> {
    T::deserialize(value).map_err(|error| refusal(&format!("inputs cannot be read: {error}")))
}

/// Bytes as lowercase hex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hex(pub(crate) Vec<u8>);

impl Hex {
    pub(crate) fn exactly<const N: usize>(&self) -> Result<[u8; N], Refused> {
        self.0.as_slice().try_into().map_err(|_| refusal(&format!("inputs: not {N} bytes")))
    }
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        hex::decode(text).map(Self).map_err(serde::de::Error::custom)
    }
}
