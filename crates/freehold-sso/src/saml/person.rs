//! From a verified assertion to a person.

use super::connection::{Connection, SubjectSource};
use super::gate::Response;
use super::refusal::Refusal;
use crate::VerifiedAssertion;
use crate::assertion::Verified;
use crate::naming::{is_same_tenant, showable, shown, subject_problem};

const TENANT: &str = "http://schemas.microsoft.com/identity/claims/tenantid";
const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
const EMAIL_ADDRESS: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
/// Where a name to show is looked for, in this order.
const DISPLAY: [&str; 3] =
    ["http://schemas.microsoft.com/identity/claims/displayname", "displayName", "name"];
/// Where a user principal name is looked for, in this order. Entra's `name` is one.
const UPN: [&str; 2] = [
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
];

/// The attributes that the person is made of.
pub(super) fn used_attributes(connection: &Connection) -> impl Iterator<Item = &str> {
    let subject = match &connection.subject {
        SubjectSource::NameId => None,
        SubjectSource::Attribute(name) => Some(name.as_str()),
    };
    subject.into_iter().chain([TENANT]).chain(DISPLAY).chain(UPN)
}

/// The person whom the response names. It is verified, and all readers agree on it.
pub(super) fn verified(
    connection: &Connection,
    response: &Response<'_>,
) -> Result<VerifiedAssertion, Refusal> {
    check_tenant(connection, response)?;
    Ok(VerifiedAssertion::new(Verified {
        connection: connection.id.clone(),
        issuer: connection.entity_id.clone(),
        tenant: connection.tenant.clone(),
        subject: subject(connection, response)?.to_owned(),
        display: DISPLAY.into_iter().find_map(|name| shown_value(response, name)),
        upn: UPN.into_iter().find_map(|name| shown_value(response, name)).or_else(|| {
            let is_address = response.name_id_format == Some(EMAIL_ADDRESS);
            is_address.then(|| showable(response.name_id)).flatten()
        }),
    }))
}

fn check_tenant(connection: &Connection, response: &Response<'_>) -> Result<(), Refusal> {
    let Some(configured) = &connection.tenant else { return Ok(()) };
    let mut tenants = response.values(TENANT);
    match (tenants.next(), tenants.next()) {
        (Some(tenant), None) if is_same_tenant(configured, tenant) => Ok(()),
        (Some(tenant), None) => Err(Refusal::Tenant(shown(tenant))),
        (Some(_), Some(_)) => Err(Refusal::Tenant("(several)".to_owned())),
        (None, _) => Err(Refusal::Tenant("(no tenantid claim)".to_owned())),
    }
}

fn subject<'a>(connection: &Connection, response: &Response<'a>) -> Result<&'a str, Refusal> {
    let refuse = |problem| {
        let source_name = shown(connection.subject.as_str());
        Refusal::Subject { source_name, problem }
    };
    let subject = match &connection.subject {
        SubjectSource::NameId if response.name_id_format == Some(TRANSIENT) => {
            return Err(refuse("is transient, another one each time; send a persistent one"));
        }
        SubjectSource::NameId => response.name_id,
        SubjectSource::Attribute(name) => {
            let mut values = response.values(name);
            match (values.next(), values.next()) {
                (Some(value), None) => value,
                (Some(_), Some(_)) => return Err(refuse("has more than one value")),
                (None, _) => return Err(refuse("is missing; add it to the claims sent")),
            }
        }
    };
    match subject_problem(subject) {
        Some(problem) => Err(refuse(problem)),
        None => Ok(subject),
    }
}

fn shown_value(response: &Response<'_>, name: &str) -> Option<String> {
    response.values(name).next().and_then(showable)
}
