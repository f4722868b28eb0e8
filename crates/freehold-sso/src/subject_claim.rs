//! Which claim of an ID token names the person.

use std::fmt;
use std::str::FromStr;

/// The claim that names the person and that SCIM's `externalId` must equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubjectClaim {
    /// `sub`, which every provider sends. Microsoft Entra makes it differ for every application.
    Sub,
    /// `oid`, Microsoft Entra's object id: the same for all applications of a tenant.
    Oid,
}

/// The text names no subject claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the subject claim is either `sub` or `oid`")]
pub struct UnknownSubjectClaim;

impl SubjectClaim {
    /// The name of the claim in the token.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sub => "sub",
            Self::Oid => "oid",
        }
    }
}

impl fmt::Display for SubjectClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SubjectClaim {
    type Err = UnknownSubjectClaim;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "sub" => Ok(Self::Sub),
            "oid" => Ok(Self::Oid),
            _ => Err(UnknownSubjectClaim),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_claim_reads_what_it_writes_and_nothing_else() {
        for claim in [SubjectClaim::Sub, SubjectClaim::Oid] {
            assert_eq!(claim.to_string().parse(), Ok(claim));
        }
        for other in ["", "email", "OID", "upn", " sub"] {
            assert_eq!(other.parse::<SubjectClaim>(), Err(UnknownSubjectClaim));
        }
    }
}
