//! `freehold user reset`.

use freehold_directory::resets::{self, OpenReset, ResetError};
use serde_json::{Value, json};

use super::{
    CliError, Context,
    args::{Format, InOrganization, OfUser, ResetCommand},
    find, find_user, output,
};
use crate::system;

pub(super) fn run(context: &Context, command: ResetCommand) -> Result<(), CliError> {
    match command {
        ResetCommand::List { organization, format } => list(context, &organization, &format),
        ResetCommand::Approve { of, although_others_can } => {
            approve(context, of, although_others_can)
        }
        ResetCommand::Deny(of) => deny(context, of),
        ResetCommand::Undo(of) => undo(context, of),
    }
}

fn list(context: &Context, of: &InOrganization, format: &Format) -> Result<(), CliError> {
    let (name, now) = (of.organization.clone(), context.now());
    let all = context.database.read_blocking(move |store| {
        let organization = find(store, &name)?;
        Ok::<_, CliError>(resets::list_for_operator(store, organization.id, now)?)
    })?;
    if format.json {
        return output::json(&all.iter().map(as_json).collect());
    }
    let rows: Vec<_> = all.iter().map(as_row).collect();
    output::table("Nobody waits for new keys", &["user name", "asked", "until", "id"], &rows)
}

fn as_json(open: &OpenReset) -> Value {
    json!({
        "id": open.reset.id.to_string(),
        "userId": open.reset.user,
        "userName": open.user_name,
        "askedAt": output::time(open.reset.asked_at),
        "expiresAt": output::time(open.reset.expires_at),
    })
}

fn as_row(open: &OpenReset) -> Vec<String> {
    vec![
        open.user_name.clone(),
        output::time(open.reset.asked_at),
        output::time(open.reset.expires_at),
        open.reset.id.to_string(),
    ]
}

fn approve(context: &Context, of: OfUser, although_others_can: bool) -> Result<(), CliError> {
    let now = context.now();
    let approval = context.database.write_blocking(move |store| {
        let organization = find(store, &of.organization.organization)?;
        let user = find_user(store, &organization, &of.user)?;
        let rng = &mut system::random();
        resets::approve_by_operator(store, organization.id, user, although_others_can, now, rng)
            .map_err(refused)
    })?;
    output::say(&format!(
        "Approved: the person makes new keys (epoch {}) at the next visit. The old keys and \
         secrets are put aside; `freehold user reset undo` brings them back until then.",
        approval.epoch
    ));
    Ok(())
}

fn deny(context: &Context, of: OfUser) -> Result<(), CliError> {
    let now = context.now();
    context.database.write_blocking(move |store| {
        let organization = find(store, &of.organization.organization)?;
        let user = find_user(store, &organization, &of.user)?;
        resets::deny_by_operator(store, user, now, &mut system::random()).map_err(refused)
    })?;
    output::say("Denied: everything stays as it is.");
    Ok(())
}

fn undo(context: &Context, of: OfUser) -> Result<(), CliError> {
    let now = context.now();
    let undone = context.database.write_blocking(move |store| {
        let organization = find(store, &of.organization.organization)?;
        let user = find_user(store, &organization, &of.user)?;
        resets::undo(store, organization.id, user, now, &mut system::random()).map_err(refused)
    })?;
    output::say(&format!(
        "Undone: the keys of epoch {} and the secrets are back. The person signs in again and \
         unlocks as before.",
        undone.epoch
    ));
    Ok(())
}

fn refused(error: ResetError) -> CliError {
    match error {
        ResetError::NotFound => CliError::failed(
            "the user has asked for nothing that waits; the person asks after signing in, on \
             the page for unlocking",
        ),
        ResetError::OthersCan(names) => CliError::Failed(format!(
            "an admin with keys is to approve this, after unlocking: {}; if none of them can be \
             reached, say with --although-others-can that you approve it",
            output::shown(&names)
        )),
        ResetError::Settled => CliError::failed(
            "the request does not wait any more: it was decided, the person unlocked, or the \
             account was suspended",
        ),
        ResetError::NothingToUndo => CliError::failed(
            "there is nothing to undo: no reset was approved, new keys were made since, or the \
             old ones are destroyed",
        ),
        other => CliError::failed(other),
    }
}
