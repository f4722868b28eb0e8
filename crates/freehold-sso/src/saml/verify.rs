//! The way back: an answer is read three times and becomes a proof.

use saml_rs::SsoSession;

use super::certificate::fingerprint;
use super::connection::{Connection, Pending, ServiceProvider};
use super::gate::{self, Response};
use super::metadata::parse_entity_id;
use super::refusal::Refusal;
use super::{library, person, xml};
use crate::VerifiedAssertion;
use crate::naming::{showable, subject_problem};

/// A verified answer.
#[derive(Debug)]
pub struct Answer {
    /// The person.
    pub assertion: VerifiedAssertion,
    /// When the session at the identity provider ends, in milliseconds since 1970. A session here
    /// must not outlast it.
    pub session_ends_at_ms: Option<u64>,
    /// The identity provider's name for its session, as its logs show it; at most 255 characters.
    pub session_index: Option<String>,
    /// What the caller must not have seen before.
    pub replay: ReplayId,
}

/// The ids of an answer. The caller inserts both with the id of the connection and refuses an
/// answer of which either is known; both have at most 255 characters of ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayId {
    /// The id of the response.
    pub response: String,
    /// The id of the assertion.
    pub assertion: String,
    /// From then on the answer is refused by its own dates, and the ids may be forgotten; in
    /// milliseconds since 1970.
    pub forget_at_ms: u64,
}

/// Verifies an answer. `saml_response` is the form field `SAMLResponse` as posted; the pending row
/// must already be taken out of the database, so that no second answer finds it; `now_ms` counts
/// from 1970.
///
/// # Errors
/// The reason, for the admin's log. The person sees one fixed page for all of them.
pub fn verify(
    service: &ServiceProvider,
    connection: &Connection,
    pending: &Pending<'_>,
    saml_response: &str,
    now_ms: u64,
) -> Result<Answer, Refusal> {
    if pending.connection != connection.id {
        return Err(Refusal::OtherConnection);
    }
    let text = xml::decode(saml_response)?;
    let document = xml::parse(&text)?;
    let response = Response::read(&document)?;
    let audience = response.check(service, connection, pending, now_ms)?;
    check_name_id(&response)?;
    let session = library::verify(service, connection, pending, audience, &text, now_ms)?;
    check_agreement(connection, &response, &session)?;
    Ok(Answer {
        assertion: person::verified(connection, &response)?,
        session_ends_at_ms: response.session_ends_at_ms(),
        session_index: response.sessions().find_map(|(index, _)| index).and_then(showable),
        replay: ReplayId {
            response: response.id.to_owned(),
            assertion: response.assertion_id.to_owned(),
            forget_at_ms: response.refused_from_ms(),
        },
    })
}

/// Who says that he sent an answer; nothing about it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The entity id.
    pub entity_id: String,
    /// The fingerprint of the certificate that comes along with a signature.
    pub certificate: Option<String>,
}

/// Who says that he sent an answer. Only to begin a fresh sign-in where one came unasked, as from a
/// tile of the identity provider's portal.
#[must_use]
pub fn peek_sender(saml_response: &str) -> Option<Sender> {
    let text = xml::decode(saml_response).ok()?;
    let document = xml::parse(&text).ok()?;
    let (issuer, certificate) = gate::claimed_sender(&document)?;
    let certificate = certificate.map(|der| fingerprint(&der));
    Some(Sender { entity_id: parse_entity_id(issuer).ok()?, certificate })
}

/// The NameID names somebody even where an attribute names the person.
fn check_name_id(response: &Response<'_>) -> Result<(), Refusal> {
    match subject_problem(response.name_id) {
        Some(problem) => Err(Refusal::Subject { source_name: "NameID".to_owned(), problem }),
        None => Ok(()),
    }
}

/// The gate and the library read with different parsers, and a third one computed the digests.
/// Each thing that is used must be the same to all.
fn check_agreement(
    connection: &Connection,
    response: &Response<'_>,
    session: &SsoSession,
) -> Result<(), Refusal> {
    let same = |equal: bool, name| if equal { Ok(()) } else { Err(Refusal::Disagreement(name)) };
    let name_id = session.name_id();
    let sessions = session.authn_sessions().iter().map(|session| {
        let end = session.not_on_or_after().map(saml_rs::SamlInstant::as_str);
        (session.session_index().map(saml_rs::SessionIndex::as_str), end)
    });
    let audiences = session.audience().iter().map(saml_rs::EntityId::as_str);
    same(session.verified_xml_signatures().len() == response.signatures, "signatures")?;
    same(session.response_id().as_str() == response.id, "ID")?;
    same(session.assertion_id().as_str() == response.assertion_id, "assertion ID")?;
    same(session.issuer().as_str() == response.issuer()?, "issuer")?;
    let request = session.in_response_to().map(saml_rs::MessageId::as_str);
    same(request == response.in_response_to(), "InResponseTo")?;
    same(name_id.value() == response.name_id, "NameID")?;
    let format = session.raw_flow().extract.get_str("nameIDFormat");
    same(format == response.name_id_format, "NameID format")?;
    same(audiences.eq(response.audiences()), "audience")?;
    same(sessions.eq(response.sessions()), "session")?;
    for name in person::used_attributes(connection) {
        let attribute = session.attributes().get(name);
        let values = attribute.map_or(&[][..], saml_rs::Attribute::values);
        let read = values.iter().map(saml_rs::AttributeValue::as_str);
        same(read.eq(response.values(name)), "attributes")?;
    }
    Ok(())
}
