//! `freehold token`.

use freehold_directory::{
    Timestamp, TokenId,
    authority::Mandate,
    connections,
    tokens::{self, NewToken, Overlap, Token, TokenError, TokenLife},
};
use serde_json::{Value, json};

use super::{
    CliError, Context,
    args::{Format, InOrganization, TokenCommand},
    find, output,
    shown::{self, Life},
};
use crate::system;

pub(super) fn run(context: &Context, command: TokenCommand) -> Result<(), CliError> {
    match command {
        TokenCommand::Create { organization, connection, description, ttl_days } => {
            let life = TokenLife::from_days(ttl_days).map_err(CliError::failed)?;
            create(context, &organization, NewToken { connection, description, life })
        }
        TokenCommand::List { organization, format } => list(context, &organization, &format),
        TokenCommand::Rotate { organization, token, ttl_days, overlap_hours } => {
            let life = TokenLife::from_days(ttl_days).map_err(CliError::failed)?;
            let overlap = Overlap::from_hours(overlap_hours).map_err(CliError::failed)?;
            rotate(context, &organization, &token, (life, overlap))
        }
        TokenCommand::Revoke { organization, token } => revoke(context, &organization, &token),
    }
}

fn create(context: &Context, of: &InOrganization, new: NewToken) -> Result<(), CliError> {
    let name = of.organization.clone();
    let now = context.now();
    let (token, secret) = context.database.write_blocking(move |store| {
        let mandate = Mandate::operator(find(store, &name)?.id);
        tokens::create(store, mandate, &new, now, &mut system::random()).map_err(create_failed)
    })?;
    output::line(secret.reveal())?;
    output::say(&format!(
        "Token {} expires {}. It is shown this once; paste it as the secret token.",
        token.id,
        output::time(token.expires_at)
    ));
    output::say(&format!("SCIM URL for the identity provider: {}", context.scim_url()));
    Ok(())
}

fn create_failed(error: TokenError) -> CliError {
    match error {
        TokenError::ConnectionNeeded(names) => shown::connection_needed(&names),
        TokenError::UnknownConnection => shown::unknown_connection(),
        other => CliError::failed(other),
    }
}

fn list(context: &Context, of: &InOrganization, format: &Format) -> Result<(), CliError> {
    let name = of.organization.clone();
    let now = context.now();
    let (all, connections) = context.database.read_blocking(move |store| {
        let organization = find(store, &name)?;
        let all = tokens::list(store, organization.id)?;
        Ok::<_, CliError>((all, connections::list(store, organization.id)?))
    })?;
    let named = |token: &Token| {
        let connection = connections.iter().find(|known| Some(known.id) == token.connection);
        connection.map(|known| known.name.to_string())
    };
    if format.json {
        return output::json(&all.iter().map(|token| as_json(token, named(token), now)).collect());
    }
    let rows: Vec<_> = all.iter().map(|token| as_row(token, named(token), now)).collect();
    let nothing = "No token yet: freehold token create --help";
    output::table(nothing, &shown::HEADING, &rows)
}

fn life(token: &Token) -> Life {
    Life { expires_at: token.expires_at, revoked_at: token.revoked_at }
}

fn as_json(token: &Token, connection: Option<String>, now: Timestamp) -> Value {
    let last = token.last_use.as_ref();
    json!({
        "id": token.id,
        "description": token.description,
        "connection": connection,
        "state": life(token).state(now),
        "createdAt": output::time(token.created_at),
        "expiresAt": output::time(token.expires_at),
        "daysLeft": life(token).days_left(now),
        "revokedAt": token.revoked_at.map(output::time),
        "lastUsedAt": last.map(|last| output::time(last.at)),
        "lastUsedFrom": last.map(|last| last.address.as_str()),
        "lastUsedBy": last.map(|last| last.client.as_str()),
    })
}

fn as_row(token: &Token, connection: Option<String>, now: Timestamp) -> Vec<String> {
    let mut row = vec![
        token.id.to_string(),
        token.description.clone(),
        connection.unwrap_or_else(|| "-".to_owned()),
    ];
    row.extend(life(token).cells(token.last_use.as_ref(), now));
    row
}

fn parse_id(token: &str) -> Result<TokenId, CliError> {
    token.parse().map_err(|_| {
        // Somebody may have pasted the token itself: it is not repeated.
        CliError::failed("that is not the id of a token; `freehold token list` shows ids")
    })
}

fn unknown(error: TokenError) -> CliError {
    match error {
        TokenError::Unknown => {
            CliError::failed("the organization has no such token; `freehold token list` shows all")
        }
        other => CliError::failed(other),
    }
}

fn rotate(
    context: &Context,
    of: &InOrganization,
    token: &str,
    terms: (TokenLife, Overlap),
) -> Result<(), CliError> {
    let id = parse_id(token)?;
    let name = of.organization.clone();
    let now = context.now();
    let rotated = context.database.write_blocking(move |store| {
        let mandate = Mandate::operator(find(store, &name)?.id);
        tokens::rotate(store, mandate, id, terms, now, &mut system::random()).map_err(unknown)
    })?;
    output::line(rotated.secret.reveal())?;
    output::say(&format!(
        "Token {} expires {}. It is shown this once; paste it as the secret token before {}, when \
         token {id} ends.",
        rotated.token.id,
        output::time(rotated.token.expires_at),
        output::time(rotated.old_expires_at),
    ));
    Ok(())
}

fn revoke(context: &Context, of: &InOrganization, token: &str) -> Result<(), CliError> {
    let id = parse_id(token)?;
    let name = of.organization.clone();
    let now = context.now();
    context.database.write_blocking(move |store| {
        let mandate = Mandate::operator(find(store, &name)?.id);
        tokens::revoke(store, mandate, id, now, &mut system::random()).map_err(unknown)
    })?;
    output::say(&format!("Token {id} is revoked; it is refused from the next request on."));
    Ok(())
}
