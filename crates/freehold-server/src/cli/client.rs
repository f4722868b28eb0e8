//! `freehold client`.

use freehold_directory::{
    ClientId, Timestamp,
    authority::Mandate,
    clients::{self, Client, ClientError, NewClient},
    connections,
    tokens::TokenLife,
};
use serde_json::{Value, json};

use super::{
    CliError, Context,
    args::{ClientCommand, Format, InOrganization},
    find, output,
    shown::{self, Life},
};
use crate::system;

pub(super) fn run(context: &Context, command: ClientCommand) -> Result<(), CliError> {
    match command {
        ClientCommand::Create { organization, connection, description, ttl_days } => {
            let life = TokenLife::from_days(ttl_days).map_err(CliError::failed)?;
            create(context, &organization, NewClient { connection, description, life })
        }
        ClientCommand::List { organization, format } => list(context, &organization, &format),
        ClientCommand::Revoke { organization, client } => revoke(context, &organization, &client),
    }
}

fn create(context: &Context, of: &InOrganization, new: NewClient) -> Result<(), CliError> {
    let name = of.organization.clone();
    let now = context.now();
    let (client, secret) = context.database.write_blocking(move |store| {
        let mandate = Mandate::operator(find(store, &name)?.id);
        clients::create(store, mandate, &new, now, &mut system::random()).map_err(create_failed)
    })?;
    output::line(&format!("client_id={}", client.id))?;
    output::line(&format!("client_secret={}", secret.reveal()))?;
    output::say(&format!(
        "The client expires {}. Its secret is shown this once.",
        output::time(client.expires_at)
    ));
    output::say(&format!("Token endpoint for the identity provider: {}", context.token_url()));
    output::say(&format!("SCIM URL for the identity provider: {}", context.scim_url()));
    Ok(())
}

fn create_failed(error: ClientError) -> CliError {
    match error {
        ClientError::ConnectionNeeded(names) => shown::connection_needed(&names),
        ClientError::UnknownConnection => shown::unknown_connection(),
        other => CliError::failed(other),
    }
}

fn list(context: &Context, of: &InOrganization, format: &Format) -> Result<(), CliError> {
    let name = of.organization.clone();
    let now = context.now();
    let (all, connections) = context.database.read_blocking(move |store| {
        let organization = find(store, &name)?;
        let all = clients::list(store, organization.id)?;
        Ok::<_, CliError>((all, connections::list(store, organization.id)?))
    })?;
    let named = |client: &Client| {
        let connection = connections.iter().find(|known| Some(known.id) == client.connection);
        connection.map(|known| known.name.to_string())
    };
    if format.json {
        return output::json(&all.iter().map(|it| as_json(it, named(it), now)).collect());
    }
    let rows: Vec<_> = all.iter().map(|client| as_row(client, named(client), now)).collect();
    output::table("No client yet: freehold client create --help", &shown::HEADING, &rows)
}

fn life(client: &Client) -> Life {
    Life { expires_at: client.expires_at, revoked_at: client.revoked_at }
}

fn as_json(client: &Client, connection: Option<String>, now: Timestamp) -> Value {
    let last = client.last_use.as_ref();
    json!({
        "id": client.id.to_string(),
        "description": client.description,
        "connection": connection,
        "state": life(client).state(now),
        "createdAt": output::time(client.created_at),
        "expiresAt": output::time(client.expires_at),
        "daysLeft": life(client).days_left(now),
        "revokedAt": client.revoked_at.map(output::time),
        "lastUsedAt": last.map(|last| output::time(last.at)),
        "lastUsedFrom": last.map(|last| last.address.as_str()),
        "lastUsedBy": last.map(|last| last.client.as_str()),
    })
}

fn as_row(client: &Client, connection: Option<String>, now: Timestamp) -> Vec<String> {
    let mut row = vec![
        client.id.to_string(),
        client.description.clone(),
        connection.unwrap_or_else(|| "-".to_owned()),
    ];
    row.extend(life(client).cells(client.last_use.as_ref(), now));
    row
}

fn revoke(context: &Context, of: &InOrganization, client: &str) -> Result<(), CliError> {
    let id = ClientId::parse(client).ok_or_else(|| {
        // Somebody may have pasted the secret: it is not repeated.
        CliError::failed("that is not the id of a client; `freehold client list` shows ids")
    })?;
    let name = of.organization.clone();
    let now = context.now();
    context.database.write_blocking(move |store| {
        let mandate = Mandate::operator(find(store, &name)?.id);
        clients::revoke(store, mandate, id, now, &mut system::random()).map_err(|error| match error
        {
            ClientError::Unknown => CliError::failed(
                "the organization has no such client; `freehold client list` shows all",
            ),
            other => CliError::failed(other),
        })
    })?;
    output::say(&format!(
        "Client {id} is revoked; it and its access tokens are refused from the next request on."
    ));
    Ok(())
}
