//! `freehold session`.

use freehold_directory::{
    SessionId,
    sessions::{self, EndedBy, SessionOverview},
};
use serde_json::{Value, json};

use super::{
    CliError, Context,
    args::{Format, OfUser, SessionCommand},
    find, find_user, output,
};
use crate::system;

pub(super) fn run(context: &Context, command: SessionCommand) -> Result<(), CliError> {
    match command {
        SessionCommand::List { of, format } => list(context, of, &format),
        SessionCommand::End { of, session: Some(session) } => end(context, of, &session),
        SessionCommand::End { of, session: None } => end_all(context, of),
    }
}

fn list(context: &Context, of: OfUser, format: &Format) -> Result<(), CliError> {
    let now = context.now();
    let all = context.database.read_blocking(move |store| {
        let organization = find(store, &of.organization.organization)?;
        let user = find_user(store, &organization, &of.user)?;
        Ok::<_, CliError>(sessions::list(store, user, now)?)
    })?;
    if format.json {
        return output::json(&all.iter().map(as_json).collect());
    }
    let rows: Vec<_> = all.iter().map(as_row).collect();
    let heading = ["id", "began", "last used", "ends", "over", "from", "by"];
    output::table("The user is not signed in", &heading, &rows)
}

fn as_json(session: &SessionOverview) -> Value {
    json!({
        "id": session.id,
        "createdAt": output::time(session.created_at),
        "lastSeenAt": output::time(session.last_seen_at),
        "expiresAt": output::time(session.expires_at),
        "connection": session.connection,
        "address": session.device.address,
        "client": session.device.client,
    })
}

fn as_row(session: &SessionOverview) -> Vec<String> {
    vec![
        session.id.to_string(),
        output::time(session.created_at),
        output::time(session.last_seen_at),
        output::time(session.expires_at),
        session.connection.clone().unwrap_or_else(|| "a link".to_owned()),
        session.device.address.clone(),
        session.device.client.clone(),
    ]
}

fn end(context: &Context, of: OfUser, session: &str) -> Result<(), CliError> {
    let unknown =
        || CliError::failed("the user has no such session; `freehold session list` shows all");
    let id: SessionId = session.parse().map_err(|_| unknown())?;
    let now = context.now();
    let ended = context.database.write_blocking(move |store| {
        let organization = find(store, &of.organization.organization)?;
        let whose = (organization.id, find_user(store, &organization, &of.user)?);
        let rng = &mut system::random();
        Ok::<_, CliError>(sessions::end_named(store, whose, id, EndedBy::Operator, now, rng)?)
    })?;
    if !ended {
        return Err(unknown());
    }
    output::say(&format!("Session {id} has ended."));
    Ok(())
}

fn end_all(context: &Context, of: OfUser) -> Result<(), CliError> {
    let now = context.now();
    let ended = context.database.write_blocking(move |store| {
        let organization = find(store, &of.organization.organization)?;
        let whose = (organization.id, find_user(store, &organization, &of.user)?);
        let rng = &mut system::random();
        Ok::<_, CliError>(sessions::end_all_of(store, whose, EndedBy::Operator, now, rng)?)
    })?;
    output::say(&format!("Sessions ended: {ended}. The user may sign in again."));
    Ok(())
}
