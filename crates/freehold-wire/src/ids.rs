//! Identifiers: 16 bytes made by the server, immutable, never reused, shown as a UUID.

use rand_core::CryptoRng;

use crate::time::Timestamp;

/// An identifier's text is not the one spelling: 36 characters, lowercase, hyphenated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct IdError;

macro_rules! identifiers {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Makes a new identifier: UUID version 7, ordered by the time it was made.
            // RFC 9562 §5.7.
            #[must_use]
            pub fn make(now: Timestamp, rng: &mut (impl CryptoRng + ?Sized)) -> Self {
                Self(make_version_7(now, rng))
            }

            /// The identifier with these bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The identifier's bytes, as they stand in the key protocol.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                hyphenated(self.0).fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_one_spelling(text).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(hyphenated(self.0).encode_lower(&mut uuid::Uuid::encode_buffer()))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

identifiers! {
    /// An organization: one customer, one tenant.
    OrganizationId;
    /// A user; the same value is the SCIM `id`.
    UserId;
    /// A group; the same value is the SCIM `id`.
    GroupId;
    /// A SCIM resource of a type that the operator declared; the same value is the SCIM `id`.
    ResourceId;
    /// A secret that a user keeps.
    ItemId;
    /// A connection to an identity provider.
    ConnectionId;
    /// A SCIM bearer token (its name, not its secret).
    TokenId;
    /// A session of a signed-in person (its name, not its secret).
    SessionId;
}

fn hyphenated(bytes: [u8; 16]) -> uuid::fmt::Hyphenated {
    uuid::Uuid::from_bytes(bytes).hyphenated()
}

fn make_version_7(now: Timestamp, rng: &mut (impl CryptoRng + ?Sized)) -> [u8; 16] {
    let mut random = [0u8; 10];
    rng.fill_bytes(&mut random);
    uuid::Builder::from_unix_timestamp_millis(now.as_millis(), &random).into_uuid().into_bytes()
}

fn parse_one_spelling(text: &str) -> Result<[u8; 16], IdError> {
    let id = uuid::Uuid::try_parse(text).map_err(|_| IdError)?;
    // One object has one name: uppercase, braces, "urn:uuid:" and the form without hyphens are refused.
    if id.hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer()) != text {
        return Err(IdError);
    }
    Ok(id.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_has_one_spelling() {
        let text = "0190163d-8694-739b-aea5-966c26f8ad91";
        let id: UserId = text.parse().unwrap();
        assert_eq!(id.to_string(), text);
        for other in [
            text.to_uppercase(),
            text.replace('-', ""),
            format!("{{{text}}}"),
            format!("urn:uuid:{text}"),
            format!(" {text}"),
            String::new(),
        ] {
            assert_eq!(other.parse::<UserId>(), Err(IdError), "{other}");
        }
    }
}
