//! The certificates of a SAML identity provider: what the metadata brings is proposed, what counts an admin decides.

use freehold_wire::ids::ConnectionId;
use freehold_wire::time::Timestamp;
use rand_core::CryptoRng;

use super::{Connection, ConnectionError, NewCertificate, Protocol, Saml, Trust, get, of};
use crate::authority::Mandate;
use crate::events::{Event, EventKind};
use crate::store::Store;
use crate::store_error::StoreError;

/// Most certificates of one connection: metadata that grows without end fills no table.
const MOST: usize = 16;

fn saml_of(connection: &Connection) -> Result<&Saml, ConnectionError> {
    match &connection.protocol {
        Protocol::Saml(saml) => Ok(saml),
        Protocol::Oidc(_) => Err(ConnectionError::NotSaml),
    }
}

fn trust_of(saml: &Saml, fingerprint: &str) -> Option<Trust> {
    let known = saml.certificates.iter().find(|known| known.fingerprint == fingerprint);
    known.map(|known| known.trust)
}

fn record(
    store: &mut dyn Store,
    kind: EventKind,
    (connection, by): (&Connection, Option<Mandate>),
    fingerprint: &str,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    let event =
        Event::new(kind, connection.organization).connection(connection.id).detail(fingerprint);
    match by {
        Some(mandate) => event.by(mandate).record(store, now, rng),
        None => event.record(store, now, rng),
    }
}

/// Proposes the certificates of freshly fetched metadata; those known already stay as they are, and none is trusted.
/// Answers the fingerprints of the new ones. `by` is who asked; nobody, where the server looks by itself.
///
/// # Errors
/// [`ConnectionError::Unknown`], [`ConnectionError::NotSaml`].
pub fn propose(
    store: &mut dyn Store,
    by: Option<Mandate>,
    id: ConnectionId,
    certificates: &[NewCertificate],
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<String>, ConnectionError> {
    let connection = match by {
        Some(mandate) => of(store, mandate.organization(), id)?,
        None => get(store, id)?,
    };
    let room = MOST.saturating_sub(saml_of(&connection)?.certificates.len());
    let mut proposed = Vec::new();
    for certificate in certificates {
        if proposed.len() < room
            && store.insert_certificate(id, &certificate.stored(Trust::Proposed, now))?
        {
            let fingerprint = &certificate.fingerprint;
            record(
                store,
                EventKind::CertificateProposed,
                (&connection, by),
                fingerprint,
                now,
                rng,
            )?;
            proposed.push(fingerprint.clone());
        }
    }
    store.note_fetch(id, now)?;
    Ok(proposed)
}

/// Trusts a proposed certificate from now on; one that is trusted stays so.
///
/// # Errors
/// [`ConnectionError::Unknown`], [`ConnectionError::UnknownCertificate`], [`ConnectionError::NotSaml`].
pub fn trust_certificate(
    store: &mut dyn Store,
    mandate: Mandate,
    id: ConnectionId,
    fingerprint: &str,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), ConnectionError> {
    let connection = of(store, mandate.organization(), id)?;
    match trust_of(saml_of(&connection)?, fingerprint) {
        None => Err(ConnectionError::UnknownCertificate),
        Some(Trust::Trusted) => Ok(()),
        Some(Trust::Proposed) => {
            store.trust_certificate(connection.id, fingerprint)?;
            Ok(record(
                store,
                EventKind::CertificateTrusted,
                (&connection, Some(mandate)),
                fingerprint,
                now,
                rng,
            )?)
        }
    }
}

/// Removes a certificate, trusted or proposed. Metadata that still has it proposes it again.
///
/// # Errors
/// [`ConnectionError::LastCertificate`], [`ConnectionError::Unknown`], [`ConnectionError::UnknownCertificate`],
/// [`ConnectionError::NotSaml`].
pub fn remove_certificate(
    store: &mut dyn Store,
    mandate: Mandate,
    id: ConnectionId,
    fingerprint: &str,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), ConnectionError> {
    let connection = of(store, mandate.organization(), id)?;
    let saml = saml_of(&connection)?;
    let trust = trust_of(saml, fingerprint).ok_or(ConnectionError::UnknownCertificate)?;
    let trusted = saml.certificates.iter().filter(|known| known.trust == Trust::Trusted).count();
    if trust == Trust::Trusted && trusted <= 1 {
        return Err(ConnectionError::LastCertificate);
    }
    store.delete_certificate(connection.id, fingerprint)?;
    Ok(record(
        store,
        EventKind::CertificateRemoved,
        (&connection, Some(mandate)),
        fingerprint,
        now,
        rng,
    )?)
}

/// Connections whose metadata has an address and was not fetched since `before`, those waiting longest first: at most
/// `each` of one organization and `limit` of all. They count as asked from now on, so that one that fails does not keep the others waiting.
///
/// # Errors
/// A failing database.
pub fn to_refresh(
    store: &mut dyn Store,
    before: Timestamp,
    (each, limit): (u32, u32),
    now: Timestamp,
) -> Result<Vec<Connection>, StoreError> {
    let due = store.connections_fetched_before(before, each, limit)?;
    due.iter().try_for_each(|connection| store.note_fetch(connection.id, now))?;
    Ok(due)
}
