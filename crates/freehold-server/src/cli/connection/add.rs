//! `freehold connection add-oidc` and `add-saml`.

use std::sync::Arc;

use freehold_directory::{
    ConnectionId, Store,
    authority::Mandate,
    connections::{self, Connection, ConnectionError, Issuer, NewOidc, SubjectClaim},
};

use super::{
    CliError, Context, failed,
    fetch::{self, Source},
    secret,
};
use crate::{
    cli::{
        args::{AddOidc, AddSaml, InOrganization, SubjectClaimArgument},
        find, output,
    },
    identity_providers::{SamlSettings, Shown, new_saml, parse_name},
    system,
};

pub(super) fn oidc(context: &Context, arguments: AddOidc) -> Result<(), CliError> {
    let new = NewOidc {
        name: parse_name(arguments.name.as_deref()).map_err(CliError::failed)?,
        issuer: Issuer::parse(&arguments.issuer).map_err(CliError::failed)?,
        client_id: arguments.client_id,
        client_secret: secret::read(&arguments.client_secret_file)?,
        tenant: arguments.tenant,
        subject_claim: arguments.subject_claim.map(|claim| match claim {
            SubjectClaimArgument::Oid => SubjectClaim::Oid,
            SubjectClaimArgument::Sub => SubjectClaim::Sub,
        }),
        matches_user_name: arguments.matching.match_user_name,
    };
    let (new, now) = (Arc::new(new), context.now());
    let connection = add(context, &arguments.organization, move |store, mandate| {
        connections::add_oidc(store, mandate, &new, now, &mut system::random())
    })?;
    announce(&connection)?;
    output::say(&format!("Redirect URI to register at the provider: {}", context.redirect_uri()));
    output::say(&format!("Back-channel logout URI, if it has one: {}", context.logout_uri()));
    Ok(())
}

pub(super) fn saml(context: &Context, arguments: AddSaml) -> Result<(), CliError> {
    let source = Source::parse(&arguments.metadata);
    let metadata = fetch::metadata(context, &source)?;
    let settings = SamlSettings {
        name: arguments.name,
        metadata_url: source.url(),
        audience: arguments.audience,
        subject_attribute: arguments.subject_attribute,
        tenant: arguments.tenant,
        matches_user_name: arguments.matching.match_user_name,
    };
    let new = new_saml(metadata, settings).map_err(CliError::failed)?;
    let (new, now) = (Arc::new(new), context.now());
    let connection = add(context, &arguments.organization, move |store, mandate| {
        connections::add_saml(store, mandate, &new, now, &mut system::random())
    })?;
    announce(&connection)?;
    output::say("Enter at the identity provider (names as in Microsoft Entra):");
    say_fields(context, &arguments.organization);
    output::say("  Signing option: Sign SAML response and assertion, SHA-256");
    Ok(())
}

/// What the identity provider has to be told, in the words of Entra's portal.
pub(super) fn say_fields(context: &Context, of: &InOrganization) {
    output::say(&format!("  Identifier (Entity ID): {}", context.saml_entity_id()));
    output::say(&format!("  Reply URL (Assertion Consumer Service URL): {}", context.saml_acs()));
    let sign_on = context.sign_on_url(&of.organization);
    output::say(&format!("  Sign on URL: {sign_on}"));
    output::say(&format!("  Relay State: {}", of.organization));
}

fn add(
    context: &Context,
    of: &InOrganization,
    insert: impl Fn(&mut dyn Store, Mandate) -> Result<ConnectionId, ConnectionError> + Send + 'static,
) -> Result<Connection, CliError> {
    let name = of.organization.clone();
    context.database.write_blocking(move |store| {
        let organization = find(store, &name)?;
        let id = insert(store, Mandate::operator(organization.id)).map_err(failed)?;
        connections::get(store, id).map_err(failed)
    })
}

fn announce(connection: &Connection) -> Result<(), CliError> {
    output::line(connection.name.as_str())?;
    let rule = if connection.matches_user_name { ", else once by their userName" } else { "" };
    output::say(&format!(
        "Connection `{}` is there; people are found by {} = externalId{rule}.",
        connection.name,
        Shown::of(connection).subject
    ));
    Ok(())
}
