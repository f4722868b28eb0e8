//! `freehold connection list` and `show`.

use freehold_directory::connections::{self, Connection, Protocol};
use serde_json::{Value, json};

use super::{CliError, Context, OneConnection, add::say_fields, certificates, chosen};
use crate::{
    cli::{
        args::{Format, InOrganization},
        find, output,
    },
    identity_providers::Shown,
};

fn as_json(connection: &Connection) -> Value {
    let shown = Shown::of(connection);
    let saml = shown.saml;
    json!({
        "id": connection.id,
        "name": connection.name.as_str(),
        "protocol": shown.protocol,
        "issuer": connection.issuer(),
        "clientId": shown.client_id,
        "tenant": connection.tenant,
        "subject": shown.subject,
        "matchesUserName": connection.matches_user_name,
        "signOnUrl": saml.map(|saml| saml.sso_url.as_str()),
        "audience": saml.and_then(|saml| saml.audience.as_deref()),
        "metadataUrl": saml.and_then(|saml| saml.metadata_url.as_ref().map(url::Url::as_str)),
        "metadataFetchedAt": saml.and_then(|saml| saml.fetched_at).map(output::time),
        "certificates": saml.map(|saml| certificates::as_json(&saml.certificates)),
        "createdAt": output::time(connection.created_at),
    })
}

pub(super) fn all(context: &Context, of: &InOrganization, format: &Format) -> Result<(), CliError> {
    let name = of.organization.clone();
    let all = context.database.read_blocking(move |store| {
        let organization = find(store, &name)?;
        connections::list(store, organization.id).map_err(CliError::from)
    })?;
    if format.json {
        return output::json(&all.iter().map(as_json).collect());
    }
    let rows: Vec<_> = all
        .iter()
        .map(|connection| {
            let shown = Shown::of(connection);
            vec![
                connection.name.to_string(),
                shown.protocol.to_owned(),
                connection.issuer().to_owned(),
                connection.tenant.clone().unwrap_or_else(|| "-".to_owned()),
                shown.subject.to_owned(),
            ]
        })
        .collect();
    let nothing = "No connection yet: freehold connection add-oidc --help";
    output::table(nothing, &["name", "protocol", "issuer", "tenant", "subject"], &rows)
}

pub(super) fn one(context: &Context, of: &OneConnection, format: &Format) -> Result<(), CliError> {
    let connection = chosen(context, of)?;
    if format.json {
        return output::json(&as_json(&connection));
    }
    let Value::Object(fields) = as_json(&connection) else { return Ok(()) };
    for (name, value) in fields {
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text,
            other => other.to_string(),
        };
        output::line(&format!("{name}: {}", output::shown(&text)))?;
    }
    match connection.protocol {
        Protocol::Saml(_) => say_fields(context, &of.organization),
        Protocol::Oidc(_) => output::say(&format!("  Redirect URI: {}", context.redirect_uri())),
    }
    Ok(())
}
