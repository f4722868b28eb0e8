//! `freehold log`.

use std::time::Duration;

use freehold_directory::provisioning_log::{self, Follower, LogQuery, LoggedEntry};
use serde_json::json;

use super::{CliError, Context, args::LogArguments, find, output};

/// How often `--follow` looks.
const LOOK: Duration = Duration::from_millis(500);
/// Entries read at a time.
const PAGE: u32 = 500;

pub(super) fn run(context: &Context, arguments: &LogArguments) -> Result<(), CliError> {
    let (name, refused, last) =
        (arguments.organization.organization.clone(), arguments.refused, arguments.last);
    let (follow, now) = (arguments.follow, context.now());
    let (entries, follower) = context.database.read_blocking(move |store| {
        let organization = find(store, &name)?.id;
        let query = LogQuery { after: None, refused };
        let entries = provisioning_log::tail(store, organization, &query, last)?;
        let follower = follow.then(|| Follower::begin(store, organization, now)).transpose()?;
        Ok::<_, CliError>((entries, follower))
    })?;
    for entry in &entries {
        show(entry, arguments.json)?;
    }
    if let Some(follower) = follower {
        return follow_on(context, follower, arguments);
    }
    if entries.is_empty() {
        output::say("Nothing yet: the identity provider has asked for nothing.");
    }
    Ok(())
}

/// Shows what becomes visible.
fn follow_on(
    context: &Context,
    mut follower: Follower,
    arguments: &LogArguments,
) -> Result<(), CliError> {
    loop {
        let (now, followed) = (context.now(), follower.clone());
        let entries = context.database.read_blocking(move |store| followed.look(store, PAGE))?;
        follower.saw(&entries, now);
        if entries.is_empty() {
            std::thread::sleep(LOOK);
        }
        for entry in &entries {
            if entry.entry.is_refusal() || !arguments.refused {
                show(entry, arguments.json)?;
            }
        }
    }
}

fn show(logged: &LoggedEntry, as_json: bool) -> Result<(), CliError> {
    let entry = &logged.entry;
    if as_json {
        let body: Option<serde_json::Value> =
            entry.body.as_deref().and_then(|body| serde_json::from_str(body).ok());
        let value = json!({
            "id": logged.id,
            "at": output::time(entry.at),
            "token": entry.token,
            "method": entry.method,
            "target": entry.target,
            "resource": entry.resource,
            "status": entry.status,
            "detail": entry.detail,
            "fix": entry.fix,
            "durationMs": entry.duration_ms,
            "body": body.or_else(|| entry.body.clone().map(Into::into)),
        });
        return output::line(&value.to_string());
    }
    let (at, target) = (output::time(entry.at), output::shown(&entry.target));
    output::line(&format!(
        "{at}  {}  {:<6} {target}  {} ms",
        entry.status, entry.method, entry.duration_ms
    ))?;
    for (word, text) in [("why", &entry.detail), ("fix", &entry.fix)] {
        if let Some(text) = text {
            output::line(&format!("    {word}: {}", output::shown(text)))?;
        }
    }
    Ok(())
}
