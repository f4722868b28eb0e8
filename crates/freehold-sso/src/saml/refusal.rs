//! Why an answer was refused, in words for the admin's log. What a stranger chose is shown short
//! and printable.

/// Why a sign-in was refused. The person sees one fixed page; this is for the admin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// It is longer than anything an identity provider sends.
    #[error("the response is longer than 48 KiB; does it carry all groups of the person?")]
    TooLarge,
    /// It is not base64 of UTF-8.
    #[error("the response is not base64 of a UTF-8 text")]
    Encoding,
    /// It uses a part of XML that SAML has no need of.
    #[error("the response holds {0}, which is never accepted")]
    Markup(&'static str),
    /// It exceeds a limit that keeps reading it cheap.
    #[error("the response has {0}")]
    Limit(&'static str),
    /// It is not well-formed XML, or uses an undeclared prefix or entity.
    #[error("the response is not well-formed XML")]
    Malformed,
    /// It is something else than a SAML 2.0 response.
    #[error("this is not a SAML 2.0 response but {0}")]
    NotResponse(String),
    /// The identity provider did not sign the person in.
    #[error("the identity provider answered with the status {0}")]
    Status(String),
    /// It is encrypted.
    #[error(
        "the response is encrypted: switch off token encryption for this application; \
         it travels over TLS"
    )]
    Encrypted,
    /// An element stands where SAML or this service wants none.
    #[error("the response has an element {0} where it does not belong")]
    Element(String),
    /// An element is missing.
    #[error("the response lacks {0}")]
    Missing(&'static str),
    /// An attribute stands where none is expected, or is missing or empty.
    #[error("the response has an attribute {0} that is unexpected, missing or malformed")]
    Attribute(String),
    /// There is text between elements.
    #[error("the response has text in {0}, which holds elements only")]
    Text(&'static str),
    /// Two elements have one id.
    #[error("the response uses one ID twice")]
    DuplicateId,
    /// Neither response nor assertion is signed.
    #[error("neither the response nor the assertion is signed: switch signing on")]
    Unsigned,
    /// A signature uses an algorithm that is not accepted.
    #[error(
        "a signature uses {0}; only RSA with SHA-256, SHA-384 or SHA-512 and exclusive \
         canonicalization are accepted"
    )]
    Algorithm(String),
    /// A signature signs something else than the element it stands in.
    #[error("a signature refers to {0} instead of the element it stands in")]
    Reference(String),
    /// The signature names a certificate that is not trusted here.
    #[error(
        "signed by a certificate that is not trusted here (SHA-256 fingerprint {0}); \
         if the identity provider has a new certificate, add it to the connection"
    )]
    UntrustedCertificate(String),
    /// A signature was made by none of the trusted keys, or not over this content.
    #[error(
        "a signature does not verify with any trusted certificate: the response was changed, or \
         signed with another key"
    )]
    Signature,
    /// The connection has no certificate.
    #[error("the connection trusts no certificate yet")]
    NoCertificate,
    /// The pending sign-in belongs to another connection.
    #[error("the sign-in was begun for another connection")]
    OtherConnection,
    /// Response or assertion comes from another issuer.
    #[error("the response is from the issuer {0}, not from the configured one")]
    Issuer(String),
    /// The response was meant for another address.
    #[error("the response is for the address {found}, expected {expected}")]
    Destination {
        /// What the response says.
        found: String,
        /// Our assertion consumer service.
        expected: String,
    },
    /// The assertion may be presented at another address.
    #[error("the assertion is for the recipient {found}, expected {expected}")]
    Recipient {
        /// What the assertion says.
        found: String,
        /// Our assertion consumer service.
        expected: String,
    },
    /// The assertion is meant for somebody else.
    #[error("the audience is {found}, expected {expected}: check the identifier (entity ID) there")]
    Audience {
        /// The first audience that the assertion names.
        found: String,
        /// Our entity id.
        expected: String,
    },
    /// The answer was not asked for.
    #[error("the response answers no request; sign-ins begin here, not at the identity provider")]
    Unsolicited,
    /// The answer was given to another request.
    #[error("the response answers another request")]
    OtherRequest,
    /// The subject is confirmed in another way than by presenting the assertion.
    #[error("the assertion is confirmed by {0}, not as a bearer")]
    Confirmation(String),
    /// A point in time is not one.
    #[error("{0} is not a time in UTC")]
    Time(&'static str),
    /// Response or assertion was not issued just now.
    #[error("{0} was not issued just now; are both clocks right?")]
    IssueInstant(&'static str),
    /// A validity has ended.
    #[error("{0} has passed; are both clocks right?")]
    Expired(&'static str),
    /// The validity has not begun.
    #[error("the assertion is not valid yet; are both clocks right?")]
    NotYetValid,
    /// The tenant is missing or another.
    #[error("the assertion is from the tenant {0}, not from the configured one")]
    Tenant(String),
    /// What names the person is missing or unusable.
    #[error("the assertion's {source_name} {problem}")]
    Subject {
        /// What names the person in this connection.
        source_name: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The readers understood the document differently.
    #[error("two readers understand the response's {0} differently")]
    Disagreement(&'static str),
    /// The library found something that the gate did not.
    #[error("the response was refused: {0}")]
    Library(String),
}
