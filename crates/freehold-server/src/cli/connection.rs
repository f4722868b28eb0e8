//! `freehold connection`.

use std::{io::Read, path::Path, sync::Arc};

use freehold_directory::{
    Slug,
    connections::{
        self, ClientSecret, Connection, ConnectionError, Issuer, NewOidc, Protocol, SubjectClaim,
    },
};
use serde_json::json;

use super::{
    CliError, Context,
    args::{ConnectionCommand, Format, InOrganization, SubjectClaimArgument},
    find, output,
};
use crate::system;

pub(super) fn run(context: &Context, command: ConnectionCommand) -> Result<(), CliError> {
    match command {
        ConnectionCommand::AddOidc {
            organization,
            name,
            issuer,
            client_id,
            client_secret_file,
            tenant,
            subject_claim,
        } => {
            let new = NewOidc {
                name: name.as_deref().map(Slug::parse).transpose().map_err(CliError::failed)?,
                issuer: Issuer::parse(&issuer).map_err(CliError::failed)?,
                client_id,
                client_secret: read_secret(&client_secret_file)?,
                tenant,
                subject_claim: subject_claim.map(|claim| match claim {
                    SubjectClaimArgument::Oid => SubjectClaim::Oid,
                    SubjectClaimArgument::Sub => SubjectClaim::Sub,
                }),
            };
            add_oidc(context, &organization, new)
        }
        ConnectionCommand::List { organization, format } => list(context, &organization, &format),
    }
}

/// The secret comes from a file or standard input, never from an argument that others can see in
/// the list of processes.
fn read_secret(path: &Path) -> Result<ClientSecret, CliError> {
    let text = if path == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    let text = text.map_err(|error| {
        CliError::Failed(format!("cannot read the client secret from {}: {error}", path.display()))
    })?;
    ClientSecret::parse(&text).map_err(CliError::failed)
}

fn add_oidc(context: &Context, of: &InOrganization, new: NewOidc) -> Result<(), CliError> {
    let name = of.organization.clone();
    let now = context.now();
    let new = Arc::new(new);
    let connection = context.database.write_blocking(move |store| {
        let organization = find(store, &name)?;
        let id = connections::add_oidc(store, organization.id, &new, now, &mut system::random())
            .map_err(add_failed)?;
        connections::get(store, id).map_err(CliError::failed)
    })?;
    output::line(connection.name.as_str())?;
    eprintln!(
        "Connection `{}` is there; people are found by {} = externalId.",
        connection.name,
        Shown::of(&connection).subject
    );
    output::say(&format!("Redirect URI to register at the provider: {}", context.redirect_uri()));
    Ok(())
}

fn add_failed(error: ConnectionError) -> CliError {
    match error {
        ConnectionError::NameTaken => CliError::failed(
            "the organization has a connection of this name already; choose another with --name",
        ),
        other => CliError::failed(other),
    }
}

/// What lists show of a connection, whatever its protocol.
struct Shown<'a> {
    protocol: &'static str,
    client_id: Option<&'a str>,
    /// Which claim or attribute identifies a person.
    subject: &'a str,
}

impl<'a> Shown<'a> {
    fn of(connection: &'a Connection) -> Self {
        match &connection.protocol {
            Protocol::Oidc(oidc) => Self {
                protocol: "oidc",
                client_id: Some(&oidc.client_id),
                subject: oidc.subject_claim.as_str(),
            },
            Protocol::Saml(saml) => Self {
                protocol: "saml",
                client_id: None,
                subject: saml.subject_attribute.as_deref().unwrap_or("NameID"),
            },
        }
    }
}

fn list(context: &Context, of: &InOrganization, format: &Format) -> Result<(), CliError> {
    let name = of.organization.clone();
    let all = context.database.read_blocking(move |store| {
        let organization = find(store, &name)?;
        connections::list(store, organization.id).map_err(CliError::from)
    })?;
    if format.json {
        let list = all.iter().map(|connection| {
            let shown = Shown::of(connection);
            json!({
                "id": connection.id,
                "name": connection.name.as_str(),
                "protocol": shown.protocol,
                "issuer": connection.issuer(),
                "clientId": shown.client_id,
                "tenant": connection.tenant,
                "subject": shown.subject,
                "createdAt": output::time(connection.created_at),
            })
        });
        return output::json(&list.collect());
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
