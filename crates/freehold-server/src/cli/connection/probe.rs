//! `freehold connection test`: what can be seen from here, and what cannot.

use freehold_directory::connections::{Connection, Oidc, Protocol, Saml, Trust};
use freehold_sso::saml::Metadata;

use super::{
    CliError, Context, OneConnection, certificates, chosen,
    fetch::{self, Source},
};
use crate::{cli::output, http::oidc_connection, system};

pub(super) fn run(context: &Context, of: &OneConnection) -> Result<(), CliError> {
    let connection = chosen(context, of)?;
    let wrong = match &connection.protocol {
        Protocol::Oidc(oidc) => discovery(context, &connection, oidc)?,
        Protocol::Saml(saml) => metadata(context, saml)?,
    };
    output::line(
        "not seen from here: whether people are assigned there, which claims are sent, and what the \
         application there is told of this server",
    )?;
    match wrong {
        0 => Ok(()),
        1 => Err(CliError::failed("one thing is wrong")),
        several => Err(CliError::Failed(format!("{several} things are wrong"))),
    }
}

/// Prints a finding; counts it when it is wrong.
fn say(fine: bool, text: &str) -> Result<u32, CliError> {
    let verdict = if fine { "ok" } else { "WRONG" };
    output::line(&format!("{verdict}: {}", output::shown(text)))?;
    Ok(u32::from(!fine))
}

fn discovery(context: &Context, connection: &Connection, settings: &Oidc) -> Result<u32, CliError> {
    let verifier = oidc_connection(connection, settings);
    let redirect_uri = url::Url::parse(&context.redirect_uri());
    let redirect_uri = redirect_uri.map_err(|_| {
        CliError::failed("set FREEHOLD_PUBLIC_URL, so that the redirect URI is known")
    })?;
    let now_ms = context.now().as_millis();
    let begun = fetch::ask(context, async |providers| {
        let rng = &mut system::random();
        Ok(providers.begin(&verifier, &redirect_uri, now_ms, rng).await)
    })?;
    match begun {
        Ok(begun) => {
            let host = begun.authorization_url.host_str().unwrap_or_default().to_owned();
            let issuer = settings.issuer.as_str();
            say(true, &format!("discovery document and keys are there, issuer is {issuer}"))?;
            say(true, &format!("people sign in at {host}"))?;
            output::line(&format!("enter as redirect URI there: {}", context.redirect_uri()))?;
            output::line("not seen from here: whether client id and client secret are right")?;
            Ok(0)
        }
        Err(error) => say(false, &error.to_string()),
    }
}

fn metadata(context: &Context, saml: &Saml) -> Result<u32, CliError> {
    let trusted = saml.certificates.iter().filter(|known| known.trust == Trust::Trusted);
    for certificate in trusted {
        let (from, until) = certificates::validity(certificate);
        let fingerprint = &certificate.fingerprint;
        say(true, &format!("certificate {fingerprint} is trusted, valid {from} to {until}"))?;
    }
    let Some(url) = saml.metadata_url.clone() else {
        output::line("not seen from here: the metadata, which came from a file")?;
        return Ok(0);
    };
    match fetch::metadata(context, &Source::Address(url)) {
        Ok(metadata) => compare(saml, &metadata),
        Err(error) => say(false, &error.to_string()),
    }
}

fn compare(saml: &Saml, metadata: &Metadata) -> Result<u32, CliError> {
    let mut wrong = say(
        metadata.entity_id == saml.entity_id,
        &format!("the metadata are those of {}", metadata.entity_id),
    )?;
    wrong +=
        say(metadata.sso_url == saml.sso_url, &format!("people sign in at {}", metadata.sso_url))?;
    let is_trusted = |fingerprint: &str| {
        let known = saml.certificates.iter().find(|known| known.fingerprint == fingerprint);
        known.is_some_and(|known| known.trust == Trust::Trusted)
    };
    let fingerprints: Vec<String> =
        metadata.certificates.iter().map(freehold_sso::saml::Certificate::fingerprint).collect();
    let some = fingerprints.iter().any(|fingerprint| is_trusted(fingerprint));
    wrong += say(some, "one of the certificates in the metadata is trusted here")?;
    for fingerprint in fingerprints.iter().filter(|fingerprint| !is_trusted(fingerprint)) {
        output::line(&format!(
            "new: certificate {fingerprint} is in the metadata and not trusted"
        ))?;
    }
    Ok(wrong)
}
