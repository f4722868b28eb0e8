//! Responses as real products write them.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// 2027-01-15T08:00:00Z. No test reads the clock.
pub const NOW_MS: u64 = 1_800_000_000_000;
/// Our entity id.
pub const ENTITY_ID: &str = "https://freehold.example/saml/metadata";
/// Our assertion consumer service.
pub const ACS: &str = "https://freehold.example/saml/acs";
/// The audience that the connection allows beside our entity id.
pub const AUDIENCE: &str = "spn:6f1f3bd8-0000-4000-8000-000000000001";
/// The identity provider's entity id.
pub const IDP: &str = "https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/";
/// Where its sign-ins begin.
pub const SSO: &str = "https://login.example/saml2";
/// The tenant.
pub const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
/// The connection.
pub const CONNECTION: &str = "019a0000-0000-7000-8000-000000000001";
/// The request that is pending.
pub const REQUEST: &str = "_0123456789abcdef0123456789abcdef01234567";
/// Who signs in, by an account of his own.
pub const ATTACKER: &str = "aaaaaaaa-0000-4000-8000-000000000001";
/// Whom he would like to be.
pub const VICTIM: &str = "bbbbbbbb-0000-4000-8000-000000000002";
/// The attribute that names the person.
pub const OBJECT_ID: &str = "http://schemas.microsoft.com/identity/claims/objectidentifier";

pub(crate) const RESPONSE_ID: &str = "_response";
pub(crate) const ASSERTION_ID: &str = "_assertion";

/// Whose style a response has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Default namespaces, attributes first, milliseconds, no NameFormat.
    Entra,
    /// Prefixes declared once at the top, and schema types on the values.
    SimpleSamlPhp,
    /// As npm `samlp` (Auth0): prefixes declared where used, statement about the sign-in last.
    Samlp,
    /// Issuer with a format, and a prefix that only a list of prefixes makes part of what is signed.
    Okta,
}

/// What a response says; a test changes a part.
#[derive(Clone, Debug)]
pub struct Says {
    /// The entity id of the provider.
    pub issuer: String,
    /// The address it is for.
    pub acs: String,
    /// The entity id it is for.
    pub audience: String,
    /// The request it answers.
    pub request: String,
    /// The person, as object id.
    pub subject: String,
    /// The person, as NameID.
    pub name_id: String,
    /// The id of the response.
    pub response_id: String,
    /// The id of the assertion.
    pub assertion_id: String,
    /// The time it is issued at.
    pub now_ms: u64,
}

impl Default for Says {
    fn default() -> Self {
        Self {
            issuer: IDP.to_owned(),
            acs: ACS.to_owned(),
            audience: ENTITY_ID.to_owned(),
            request: REQUEST.to_owned(),
            subject: ATTACKER.to_owned(),
            name_id: "mallory@corp.example".to_owned(),
            response_id: RESPONSE_ID.to_owned(),
            assertion_id: ASSERTION_ID.to_owned(),
            now_ms: NOW_MS,
        }
    }
}

impl Says {
    /// The unsigned text in a product's style.
    #[must_use]
    pub fn render(&self, shape: Shape) -> String {
        match shape {
            Shape::Entra => self.entra(),
            Shape::SimpleSamlPhp => self.prefixed(
                " xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
                 xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
                "",
                " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                 xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"",
                " xsi:type=\"xs:string\"",
                "",
            ),
            Shape::Samlp => self.prefixed(
                " xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"",
                " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
                " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
                " xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" \
                 xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"xs:anyType\"",
                "",
            ),
            Shape::Okta => self.prefixed(
                " xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
                 xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"",
                " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
                " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
                " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"xs:string\"",
                " Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:entity\"",
            ),
        }
    }

    fn entra(&self) -> String {
        let (issued, end) = (instant(self.now_ms), instant(self.now_ms + 3_600_000));
        let begin = instant(self.now_ms - 300_000);
        let Self { issuer, acs, audience, request, subject, name_id, .. } = self;
        let Self { response_id, assertion_id, .. } = self;
        format!(
            "<samlp:Response ID=\"{response_id}\" Version=\"2.0\" IssueInstant=\"{issued}\" \
             Destination=\"{acs}\" InResponseTo=\"{request}\" \
             xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
             <Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{issuer}</Issuer>\
             <samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>\
             </samlp:Status>\
             <Assertion ID=\"{assertion_id}\" IssueInstant=\"{issued}\" Version=\"2.0\" \
             xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"><Issuer>{issuer}</Issuer>\
             <Subject><NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">\
             {name_id}</NameID>\
             <SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
             <SubjectConfirmationData InResponseTo=\"{request}\" NotOnOrAfter=\"{end}\" \
             Recipient=\"{acs}\"/></SubjectConfirmation></Subject>\
             <Conditions NotBefore=\"{begin}\" NotOnOrAfter=\"{end}\">\
             <AudienceRestriction><Audience>{audience}</Audience></AudienceRestriction></Conditions>\
             <AttributeStatement>\
             <Attribute Name=\"http://schemas.microsoft.com/identity/claims/tenantid\">\
             <AttributeValue>{TENANT}</AttributeValue></Attribute>\
             <Attribute Name=\"{OBJECT_ID}\"><AttributeValue>{subject}</AttributeValue></Attribute>\
             <Attribute Name=\"http://schemas.microsoft.com/identity/claims/displayname\">\
             <AttributeValue>Mallory</AttributeValue></Attribute>\
             <Attribute Name=\"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name\">\
             <AttributeValue>{name_id}</AttributeValue></Attribute></AttributeStatement>\
             <AuthnStatement AuthnInstant=\"{issued}\" SessionIndex=\"{assertion_id}\">\
             <AuthnContext><AuthnContextClassRef>\
             urn:oasis:names:tc:SAML:2.0:ac:classes:Password\
             </AuthnContextClassRef></AuthnContext></AuthnStatement></Assertion></samlp:Response>"
        )
    }

    fn prefixed(
        &self,
        on_response: &str,
        on_issuer: &str,
        on_assertion: &str,
        on_value: &str,
        on_both_issuers: &str,
    ) -> String {
        let seconds = self.now_ms / 1000 * 1000;
        let plain = |ms: u64| instant(ms).replace(".000Z", "Z");
        let (issued, end) = (plain(seconds), plain(seconds + 300_000));
        let (begin, session_end) = (plain(seconds - 30_000), plain(seconds + 28_800_000));
        let Self { issuer, acs, audience, request, subject, name_id, .. } = self;
        let Self { response_id, assertion_id, .. } = self;
        let attribute = |name: &str, value: &str| {
            format!(
                "<saml:Attribute Name=\"{name}\" \
                 NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\">\
                 <saml:AttributeValue{on_value}>{value}</saml:AttributeValue></saml:Attribute>"
            )
        };
        let tenant = "http://schemas.microsoft.com/identity/claims/tenantid";
        let attributes = attribute(tenant, TENANT) + &attribute(OBJECT_ID, subject);
        format!(
            "<samlp:Response{on_response} ID=\"{response_id}\" Version=\"2.0\" \
             IssueInstant=\"{issued}\" Destination=\"{acs}\" InResponseTo=\"{request}\">\
             <saml:Issuer{on_issuer}{on_both_issuers}>{issuer}</saml:Issuer><samlp:Status>\
             <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>\
             </samlp:Status>\
             <saml:Assertion{on_assertion} ID=\"{assertion_id}\" Version=\"2.0\" \
             IssueInstant=\"{issued}\"><saml:Issuer{on_both_issuers}>{issuer}</saml:Issuer>\
             <saml:Subject><saml:NameID SPNameQualifier=\"{audience}\" \
             Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">{name_id}</saml:NameID>\
             <saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
             <saml:SubjectConfirmationData NotOnOrAfter=\"{end}\" Recipient=\"{acs}\" \
             InResponseTo=\"{request}\"/></saml:SubjectConfirmation></saml:Subject>\
             <saml:Conditions NotBefore=\"{begin}\" NotOnOrAfter=\"{end}\">\
             <saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience>\
             </saml:AudienceRestriction></saml:Conditions>\
             <saml:AuthnStatement AuthnInstant=\"{issued}\" \
             SessionNotOnOrAfter=\"{session_end}\" SessionIndex=\"_session\"><saml:AuthnContext>\
             <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password\
             </saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>\
             <saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>\
             </samlp:Response>"
        )
    }
}

/// With milliseconds, as Entra writes it.
pub(crate) fn instant(ms: u64) -> String {
    let nanoseconds = i128::from(ms) * 1_000_000;
    let instant = OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).expect("a date");
    let text = instant.replace_nanosecond(0).expect("a date").format(&Rfc3339).expect("a text");
    text.replace('Z', &format!(".{:03}Z", ms % 1000))
}
