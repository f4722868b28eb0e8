//! What can go wrong, in words for the admin's log. No text here carries a code, a token or a
//! secret; what a stranger chose is shown short and printable.

use openidconnect::{ClaimsVerificationError, SignatureVerificationError};

/// The identity provider could not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SsoError {
    /// No HTTP client could be made.
    #[error("no TLS client could be set up on this machine")]
    NoClient,
    /// No connection, or it broke.
    #[error("the identity provider cannot be reached")]
    Unreachable,
    /// It took too long.
    #[error("the identity provider did not answer in time")]
    Timeout,
    /// It sent more than is read.
    #[error("the identity provider's answer is too large")]
    TooLarge,
    /// It sent us elsewhere, which is never followed.
    #[error("the identity provider answered with a redirect, which is not followed")]
    Redirected,
    /// It answered with another status than asked for.
    #[error("the identity provider answered with HTTP status {0}")]
    Status(u16),
    /// A document of it cannot be read.
    #[error("the identity provider's {0} cannot be read")]
    Malformed(&'static str),
    /// The discovery document belongs to another issuer.
    #[error("the discovery document names another issuer ({0}); the configured one must be equal")]
    OtherIssuer(String),
    /// The discovery document lacks an endpoint or names one that cannot be used safely.
    #[error("the discovery document's {0} is missing or is not an https address")]
    UnsafeEndpoint(&'static str),
    /// It is inside somebody's own network, and the operator has not named it.
    #[error(
        "the identity provider's address is not a public one, and the operator allows no other"
    )]
    OutOfReach,
    /// A document is to be fetched from an address that is not safe.
    #[error("the address must be an https URL, or an http URL of this very machine")]
    UnsafeAddress,
}

/// Why a sign-in was refused. The person sees one fixed page; this is for the admin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The callback is not one an identity provider makes.
    #[error("the callback is malformed: {0}")]
    Callback(&'static str),
    /// The callback answers another sign-in.
    #[error("the callback's state is not the one that was sent")]
    State,
    /// The pending sign-in belongs to another connection.
    #[error("the sign-in was begun for another connection")]
    OtherConnection,
    /// RFC 9207: the callback comes from another issuer.
    #[error("the callback's iss ({0}) is not the configured issuer")]
    CallbackIssuer(String),
    /// RFC 9207: the provider promises `iss` in callbacks and this one has none.
    #[error("the callback has no iss although the identity provider announces it")]
    CallbackIssuerMissing,
    /// The provider refused the person or our request.
    #[error("the identity provider answered with the error {0}")]
    ProviderRefused(String),
    /// The provider did not redeem the code.
    #[error("the identity provider did not redeem the code: {0}")]
    CodeRefused(String),
    /// The provider could not be used.
    #[error(transparent)]
    Provider(#[from] SsoError),
    /// The answer of the token endpoint cannot be read.
    #[error("the token answer or its ID token cannot be read")]
    MalformedToken,
    /// The token answer has no ID token.
    #[error("the token answer has no ID token; is the scope openid allowed?")]
    NoIdToken,
    /// The token is unsigned, or signed by another algorithm than RS256 and ES256.
    #[error("the ID token is signed neither with RS256 nor with ES256, the algorithms accepted")]
    Algorithm,
    /// No published key has the token's key id.
    #[error("the ID token names no key that the identity provider publishes")]
    UnknownKey,
    /// The signature is wrong.
    #[error("the ID token's signature is wrong")]
    Signature,
    /// `typ`, `cty` or `crit` say that this is no plain ID token.
    #[error("the ID token's header says that it is another kind of token")]
    TokenKind,
    /// `iss` differs.
    #[error("the ID token is from another issuer")]
    Issuer,
    /// `aud` is not exactly our client.
    #[error("the ID token is not for this client alone")]
    Audience,
    /// `azp` is another client.
    #[error("the ID token was issued to another client (azp)")]
    AuthorizedParty,
    /// `exp` has passed.
    #[error("the ID token has expired; are both clocks right?")]
    Expired,
    /// `nbf` is ahead.
    #[error("the ID token is not valid yet (nbf); are both clocks right?")]
    NotYetValid,
    /// `iat` is too old or ahead.
    #[error("the ID token was not issued just now (iat); are both clocks right?")]
    IssueTime,
    /// `nonce` is missing or another.
    #[error("the ID token's nonce is not the one that was sent")]
    Nonce,
    /// `tid` is missing or another.
    #[error("the ID token is from the tenant {0}, not from the configured one")]
    Tenant(String),
    /// The subject claim is missing or unusable.
    #[error("the ID token's {claim} claim {problem}")]
    Subject {
        /// The claim that names the person.
        claim: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl Refusal {
    /// What a failed verification of openidconnect means here.
    pub(super) fn of_claims(error: &ClaimsVerificationError) -> Self {
        match error {
            ClaimsVerificationError::Expired(_) => Self::Expired,
            ClaimsVerificationError::InvalidAudience(_) => Self::Audience,
            ClaimsVerificationError::InvalidIssuer(_) => Self::Issuer,
            ClaimsVerificationError::InvalidNonce(_) => Self::Nonce,
            ClaimsVerificationError::Unsupported(_) => Self::TokenKind,
            ClaimsVerificationError::SignatureVerification(signature) => {
                Self::of_signature(signature)
            }
            _ => Self::MalformedToken,
        }
    }

    fn of_signature(error: &SignatureVerificationError) -> Self {
        match error {
            SignatureVerificationError::NoSignature
            | SignatureVerificationError::DisallowedAlg(_)
            | SignatureVerificationError::UnsupportedAlg(_) => Self::Algorithm,
            SignatureVerificationError::NoMatchingKey
            | SignatureVerificationError::AmbiguousKeyId(_) => Self::UnknownKey,
            _ => Self::Signature,
        }
    }
}
