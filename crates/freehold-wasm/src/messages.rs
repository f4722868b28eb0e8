//! JSON, and what every call is told of the place that it runs in.

use freehold_keys::{Client, Remembered};
use freehold_wire::{Context, Profile};
use serde::{Serialize, de::DeserializeOwned};

use crate::error::Thrown;

/// Where the client runs and what it remembers.
pub(crate) struct Place<'a> {
    origin: &'a str,
    remembered: Option<Remembered>,
}

impl<'a> Place<'a> {
    /// Reads what was remembered.
    pub(crate) fn parse(origin: &'a str, remembered: Option<&str>) -> Result<Self, Thrown> {
        let remembered = remembered.map(Remembered::from_json).transpose()?;
        Ok(Self { origin, remembered })
    }

    /// The client of this place.
    pub(crate) const fn client(&self) -> Client<'_> {
        Client {
            origin: self.origin,
            highest_profile: Profile::HIGHEST_IN_BROWSER,
            remembered: self.remembered.as_ref(),
        }
    }
}

/// What the other Worker derived, for this user.
pub(crate) fn parse_derived(
    bytes: &[u8],
    context: Context,
) -> Result<freehold_keys::Derived, Thrown> {
    Ok(freehold_keys::Derived::from_bytes(bytes, context)?)
}

pub(crate) fn parse_json<T: DeserializeOwned>(json: &str) -> Result<T, Thrown> {
    Ok(freehold_json::read(json)?)
}

pub(crate) fn to_json<T: Serialize>(message: &T) -> Result<String, Thrown> {
    Ok(freehold_json::write(message)?)
}
