//! Whose sign-in an answer of a SAML identity provider is meant for that nobody asked for, as tiles of portals send them.
//!
//! Nothing of the answer is verified: a sign-in begins, as any link to `/login` begins one. Organizations choose what they
//! write into their connections, and certificates are as public as entity ids; so whoever adds the entity id of another one
//! can make people say where they sign in, and nothing worse.

use super::Protocol;
use crate::domains::Realm;
use crate::store::Store;
use crate::store_error::StoreError;
use crate::text::Slug;

/// What an answer that nobody asked for says of itself.
pub struct Unasked<'a> {
    /// The entity id of who sends it.
    pub entity_id: &'a str,
    /// The fingerprint of the certificate that its signature carries.
    pub certificate: Option<&'a str>,
    /// Its `RelayState`, which admins may set at the identity provider.
    pub relay_state: &'a str,
}

/// Whose sign-in it is.
#[derive(Debug, Eq, PartialEq)]
pub enum Whose {
    /// This organization's.
    Of(Realm),
    /// Several organizations sign in there.
    Unclear,
    /// Nobody here signs in there.
    Nobodys,
}

/// Finds whose sign-in an answer is meant for: the organization that its `RelayState` names, else the only one that trusts
/// its certificate, else the only one with its entity id.
///
/// # Errors
/// A failing database.
pub fn whose(store: &mut dyn Store, answer: &Unasked<'_>) -> Result<Whose, StoreError> {
    if let Some(realm) = named(store, answer)? {
        return Ok(Whose::Of(realm));
    }
    if answer.certificate.is_some() {
        let trusting = store.saml_realms(answer.entity_id, answer.certificate)?;
        if !trusting.is_empty() {
            return Ok(one_of(trusting));
        }
    }
    Ok(one_of(store.saml_realms(answer.entity_id, None)?))
}

fn one_of(mut realms: Vec<Realm>) -> Whose {
    match (realms.pop(), realms.is_empty()) {
        (None, _) => Whose::Nobodys,
        (Some(realm), true) => Whose::Of(realm),
        (Some(_), false) => Whose::Unclear,
    }
}

/// The organization of this short name, when it has a connection with the sender.
fn named(store: &mut dyn Store, answer: &Unasked<'_>) -> Result<Option<Realm>, StoreError> {
    let Ok(slug) = Slug::parse(answer.relay_state) else { return Ok(None) };
    let Some(organization) = store.organization_by_slug(&slug)? else { return Ok(None) };
    let mut connections = store.connections(organization.id)?;
    connections.retain(|connection| {
        matches!(connection.protocol, Protocol::Saml(_)) && connection.issuer() == answer.entity_id
    });
    let (first, several) = (connections.pop(), !connections.is_empty());
    Ok(first.map(|only| Realm {
        organization: organization.slug,
        connection: Some(only.name).filter(|_| !several),
    }))
}
