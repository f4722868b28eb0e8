//! `freehold log`.

use std::{collections::BTreeSet, time::Duration};

use freehold_directory::{
    OrganizationId, Store, StoreError,
    provisioning_log::{self, LogQuery, LoggedEntry},
};
use serde_json::json;

use super::{CliError, Context, args::LogArguments, find, output};

/// How often `--follow` looks.
const LOOK: Duration = Duration::from_millis(500);
/// Entries read at a time.
const PAGE: u32 = 500;
/// Rows of one moment may become visible after rows of a later one, as many transactions end at once: so far back is
/// looked again, and what was shown is remembered.
const BACK: Duration = Duration::from_secs(5);

pub(super) fn run(context: &Context, arguments: &LogArguments) -> Result<(), CliError> {
    let (name, refused, last) =
        (arguments.organization.organization.clone(), arguments.refused, arguments.last);
    let since = arguments.follow.then(|| provisioning_log::id_before(context.now().minus(BACK)));
    let (organization, entries, seen) = context.database.read_blocking(move |store| {
        let organization = find(store, &name)?.id;
        let query = LogQuery { after: None, refused };
        let entries = provisioning_log::tail(store, organization, &query, last)?;
        let seen = match since.clone() {
            Some(since) => ids_after(store, organization, since)?,
            None => BTreeSet::new(),
        };
        Ok::<_, CliError>((organization, entries, seen))
    })?;
    for entry in &entries {
        show(entry, arguments.json)?;
    }
    if arguments.follow {
        return follow(context, organization, arguments, seen);
    }
    if entries.is_empty() {
        output::say("Nothing yet: the identity provider has asked for nothing.");
    }
    Ok(())
}

/// The ids of all entries after one: what was there when following began, and is not shown as new.
fn ids_after(
    store: &mut dyn Store,
    organization: OrganizationId,
    mut after: String,
) -> Result<BTreeSet<String>, StoreError> {
    let mut ids = BTreeSet::new();
    loop {
        let query = LogQuery { after: Some(after.clone()), refused: false };
        let entries = provisioning_log::list(store, organization, &query, PAGE)?;
        ids.extend(entries.iter().map(|entry| entry.id.clone()));
        match entries.last() {
            Some(last) if entries.len() == PAGE as usize => after = last.id.clone(),
            _ => return Ok(ids),
        }
    }
}

/// Shows what becomes visible, `seen` aside: rows of a moment before following began may be among it.
fn follow(
    context: &Context,
    organization: OrganizationId,
    arguments: &LogArguments,
    mut seen: BTreeSet<String>,
) -> Result<(), CliError> {
    loop {
        std::thread::sleep(LOOK);
        let mut after = provisioning_log::id_before(context.now().minus(BACK));
        seen = seen.split_off(&after);
        loop {
            let query = LogQuery { after: Some(after.clone()), refused: arguments.refused };
            let entries = context.database.read_blocking(move |store| {
                provisioning_log::list(store, organization, &query, PAGE)
            })?;
            for entry in &entries {
                if seen.insert(entry.id.clone()) {
                    show(entry, arguments.json)?;
                }
            }
            match entries.last() {
                Some(last) if entries.len() == PAGE as usize => after = last.id.clone(),
                _ => break,
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
