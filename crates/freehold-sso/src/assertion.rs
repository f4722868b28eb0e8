//! The proof that an identity provider vouched for one person.

use std::fmt;

/// One person, as vouched for by the identity provider of one connection, just now.
///
/// It exists only after a completed verification, is consumed by use and cannot be cloned.
pub struct VerifiedAssertion {
    connection: String,
    issuer: String,
    tenant: Option<String>,
    subject: String,
    display: Option<String>,
    upn: Option<String>,
}

/// What a verification found, before it becomes a proof.
#[cfg(any(feature = "oidc", feature = "saml", feature = "testing"))]
pub(crate) struct Verified {
    pub(crate) connection: String,
    pub(crate) issuer: String,
    pub(crate) tenant: Option<String>,
    pub(crate) subject: String,
    pub(crate) display: Option<String>,
    pub(crate) upn: Option<String>,
}

impl VerifiedAssertion {
    #[cfg(any(feature = "oidc", feature = "saml", feature = "testing"))]
    pub(crate) fn new(verified: Verified) -> Self {
        let Verified { connection, issuer, tenant, subject, display, upn } = verified;
        Self { connection, issuer, tenant, subject, display, upn }
    }

    /// An assertion that nobody verified, for the tests of other crates.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn for_tests(connection: &str, issuer: &str, tenant: Option<&str>, subject: &str) -> Self {
        Self::new(Verified {
            connection: connection.to_owned(),
            issuer: issuer.to_owned(),
            tenant: tenant.map(str::to_owned),
            subject: subject.to_owned(),
            display: None,
            upn: None,
        })
    }

    /// The same with a user principal name, for the tests of other crates.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn with_upn(mut self, upn: &str) -> Self {
        self.upn = Some(upn.to_owned());
        self
    }

    /// The connection that the sign-in was begun for, as UUID text.
    #[must_use]
    pub fn connection(&self) -> &str {
        &self.connection
    }

    /// The issuer of that connection, as configured.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The tenant of that connection, as configured; the answer carried the same one.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }

    /// The identity provider's stable name for the person: 1 to 255 characters, no control
    /// characters, no white space at the ends.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// A name to show. Chosen by the identity provider or the person; never a key.
    #[must_use]
    pub fn display(&self) -> Option<&str> {
        self.display.as_deref()
    }

    /// The user principal name or preferred user name. It changes hands; never a key.
    #[must_use]
    pub fn upn(&self) -> Option<&str> {
        self.upn.as_deref()
    }
}

/// Ids only: names do not belong in logs.
impl fmt::Debug for VerifiedAssertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedAssertion")
            .field("connection", &self.connection)
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}
