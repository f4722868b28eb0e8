//! The compiled-in costs of password hashing.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A cost profile of Argon2id. Profiles are numbers in the protocol, never parameters that a
/// server could choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// 1: three passes over 64 MiB, four lanes: the default and the floor.
    // RFC 9106 §4, second recommended option.
    Memory64Mib = 1,
    /// 2: three passes over 256 MiB, four lanes.
    Memory256Mib = 2,
    /// 3: four passes over 1 GiB, four lanes; native clients only.
    Memory1Gib = 3,
}

impl Profile {
    /// The lowest profile that any side takes.
    pub const FLOOR: Self = Self::Memory64Mib;
    /// The profile of new passwords.
    pub const DEFAULT: Self = Self::Memory64Mib;
    /// The highest profile that a browser can be asked for.
    pub const HIGHEST_IN_BROWSER: Self = Self::Memory256Mib;
    /// The highest profile there is.
    pub const HIGHEST: Self = Self::Memory1Gib;

    /// The profile with this number.
    #[must_use]
    pub const fn from_number(number: u64) -> Option<Self> {
        match number {
            1 => Some(Self::Memory64Mib),
            2 => Some(Self::Memory256Mib),
            3 => Some(Self::Memory1Gib),
            _ => None,
        }
    }

    /// The profile's number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Argon2's t: passes over the memory.
    #[must_use]
    pub const fn passes(self) -> u32 {
        match self {
            Self::Memory64Mib | Self::Memory256Mib => 3,
            Self::Memory1Gib => 4,
        }
    }

    /// Argon2's m, in KiB.
    #[must_use]
    pub const fn memory_kib(self) -> u32 {
        match self {
            Self::Memory64Mib => 64 * 1024,
            Self::Memory256Mib => 256 * 1024,
            Self::Memory1Gib => 1024 * 1024,
        }
    }

    /// Argon2's p.
    #[must_use]
    pub const fn lanes(self) -> u32 {
        4
    }
}

impl Serialize for Profile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.number())
    }
}

impl<'de> Deserialize<'de> for Profile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_number(u64::deserialize(deserializer)?)
            .ok_or_else(|| serde::de::Error::custom("unknown profile"))
    }
}

/// Why a password method's parameters were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParametersRefusal {
    /// Not 31 bytes.
    #[error("the password parameters do not have their length")]
    Length,
    /// A profile that does not exist, or costs that are not the profile's.
    #[error("the password parameters name an unknown profile")]
    UnknownProfile,
    /// A flag or a normalization that does not exist.
    #[error("the password parameters use something this version lacks")]
    Unsupported,
}

/// `KH`: how one password was hashed. Served before anything is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordParameters {
    /// The cost.
    pub profile: Profile,
    /// Random at every wrap.
    pub salt: [u8; 16],
}

impl PasswordParameters {
    /// The length of `KH`.
    pub const BYTES: usize = 31;

    /// Reads `KH` and refuses every number that is not exactly a compiled-in profile's.
    ///
    /// # Errors
    /// [`ParametersRefusal`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ParametersRefusal> {
        let bytes: &[u8; Self::BYTES] = bytes.try_into().map_err(|_| ParametersRefusal::Length)?;
        let (head, salt) = bytes.split_at(Self::BYTES - 16);
        let number = head.first().copied().map_or(0, u64::from);
        let profile = Profile::from_number(number).ok_or(ParametersRefusal::UnknownProfile)?;
        let expected = Self::head(profile);
        if head.get(1..3) != expected.get(1..3) {
            return Err(ParametersRefusal::Unsupported);
        }
        if head != expected {
            return Err(ParametersRefusal::UnknownProfile);
        }
        let salt = salt.try_into().map_err(|_| ParametersRefusal::Length)?;
        Ok(Self { profile, salt })
    }

    /// `profile u8 | flags u8 0 | norm u8 1 | t u32 | m KiB u32 | p u32 | salt16`.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let (head, salt) = bytes.split_at_mut(Self::BYTES - 16);
        head.copy_from_slice(&Self::head(self.profile));
        salt.copy_from_slice(&self.salt);
        bytes
    }

    fn head(profile: Profile) -> [u8; 15] {
        let [t, m, p] =
            [profile.passes(), profile.memory_kib(), profile.lanes()].map(u32::to_be_bytes);
        let mut head = [0; 15];
        let (first, numbers) = head.split_at_mut(3);
        first.copy_from_slice(&[profile.number(), 0, 1]);
        numbers.copy_from_slice([t, m, p].as_flattened());
        head
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_costs_are_those_of_the_protocol() {
        let costs = |number| {
            Profile::from_number(number).map(|profile| {
                assert_eq!(u64::from(profile.number()), number);
                (profile.passes(), profile.memory_kib(), profile.lanes())
            })
        };
        assert_eq!(costs(1), Some((3, 65_536, 4)));
        assert_eq!(costs(2), Some((3, 262_144, 4)));
        assert_eq!(costs(3), Some((4, 1_048_576, 4)));
        assert_eq!([0, 4, 255, 257].map(costs), [None; 4]);
    }

    #[test]
    fn only_a_profiles_own_numbers_are_read() {
        for profile in [Profile::Memory64Mib, Profile::Memory256Mib, Profile::Memory1Gib] {
            let parameters = PasswordParameters { profile, salt: [7; 16] };
            let good = parameters.to_bytes();
            assert_eq!(PasswordParameters::parse(&good), Ok(parameters));
            for position in 0..15 {
                for bit in 0..8 {
                    let mut changed = good;
                    changed[position] ^= 1 << bit;
                    assert!(PasswordParameters::parse(&changed).is_err(), "{position} {bit}");
                }
            }
            assert!(PasswordParameters::parse(&good[..30]).is_err());
            assert!(PasswordParameters::parse(&[&good[..], &[0]].concat()).is_err());
        }
    }
}
