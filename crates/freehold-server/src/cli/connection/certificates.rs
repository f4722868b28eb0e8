//! `freehold connection certificates`.

use freehold_directory::{
    ConnectionId, Timestamp,
    authority::Mandate,
    connections::{self, Connection, Protocol, StoredCertificate},
};
use freehold_sso::saml::Certificate;
use serde_json::{Value, json};

use super::{CliError, Context, OneConnection, choose, chosen, failed, fetch};
use crate::{
    cli::{args::Format, output},
    identity_providers::{self, plain_fingerprint},
    system,
};

/// What is to be done before the list is shown.
pub(super) enum Change {
    Nothing,
    Refresh,
    Trust(String),
    Remove(String),
}

impl Change {
    pub(super) fn of(refresh: bool, trust: Option<String>, remove: Option<String>) -> Self {
        match (trust, remove) {
            (Some(fingerprint), _) => Self::Trust(plain_fingerprint(&fingerprint)),
            (_, Some(fingerprint)) => Self::Remove(plain_fingerprint(&fingerprint)),
            _ if refresh => Self::Refresh,
            _ => Self::Nothing,
        }
    }
}

pub(super) fn run(
    context: &Context,
    of: &OneConnection,
    change: Change,
    format: &Format,
) -> Result<(), CliError> {
    match change {
        Change::Nothing => {}
        Change::Refresh => refresh(context, of)?,
        Change::Trust(fingerprint) => {
            write(context, of, move |store, (mandate, id), now| {
                let rng = &mut system::random();
                connections::trust_certificate(store, mandate, id, &fingerprint, now, rng)
            })?;
        }
        Change::Remove(fingerprint) => {
            write(context, of, move |store, (mandate, id), now| {
                let rng = &mut system::random();
                connections::remove_certificate(store, mandate, id, &fingerprint, now, rng)
            })?;
        }
    }
    list(&chosen(context, of)?, format)
}

fn write(
    context: &Context,
    of: &OneConnection,
    act: impl Fn(
        &mut dyn freehold_directory::Store,
        (Mandate, ConnectionId),
        Timestamp,
    ) -> Result<(), connections::ConnectionError>
    + Send
    + 'static,
) -> Result<(), CliError> {
    let (of, now) = (of.clone(), context.now());
    context.database.write_blocking(move |store| {
        let connection = choose(store, &of)?;
        let mandate = Mandate::operator(connection.organization);
        act(store, (mandate, connection.id), now).map_err(failed)
    })
}

fn refresh(context: &Context, of: &OneConnection) -> Result<(), CliError> {
    let connection = chosen(context, of)?;
    let certificates = fetch::ask(context, async |providers| {
        let asked = identity_providers::fetch_certificates(providers, &connection).await;
        asked.map_err(|error| CliError::Failed(output::shown(&error.to_string())))
    })?;
    let mandate = Mandate::operator(connection.organization);
    let (id, now) = (connection.id, context.now());
    let proposed = context.database.write_blocking(move |store| {
        let rng = &mut system::random();
        connections::propose(store, Some(mandate), id, &certificates, now, rng).map_err(failed)
    })?;
    output::say(&format!("{} new certificates; none counts before it is trusted.", proposed.len()));
    Ok(())
}

fn list(connection: &Connection, format: &Format) -> Result<(), CliError> {
    let Protocol::Saml(saml) = &connection.protocol else {
        return Err(failed(connections::ConnectionError::NotSaml));
    };
    if format.json {
        return output::json(&as_json(&saml.certificates));
    }
    let rows: Vec<_> = saml.certificates.iter().map(as_row).collect();
    let heading = ["fingerprint (SHA-256)", "trust", "valid from", "valid until", "since"];
    output::table("No certificate.", &heading, &rows)
}

/// Since and until when its issuer calls it valid: shown, not enforced.
pub(super) fn validity(certificate: &StoredCertificate) -> (String, String) {
    let time = |ms: u64| output::time(Timestamp::from_millis(ms));
    match Certificate::from_der(&certificate.der) {
        Ok(parsed) => (time(parsed.not_before_ms()), time(parsed.not_after_ms())),
        Err(_) => ("?".to_owned(), "?".to_owned()),
    }
}

pub(super) fn as_json(certificates: &[StoredCertificate]) -> Value {
    let list = certificates.iter().map(|certificate| {
        let (from, until) = validity(certificate);
        json!({
            "fingerprint": certificate.fingerprint,
            "trust": certificate.trust.as_str(),
            "validFrom": from,
            "validUntil": until,
            "addedAt": output::time(certificate.added_at),
        })
    });
    list.collect()
}

fn as_row(certificate: &StoredCertificate) -> Vec<String> {
    let (from, until) = validity(certificate);
    let trust = certificate.trust.as_str().to_owned();
    vec![certificate.fingerprint.clone(), trust, from, until, output::time(certificate.added_at)]
}
