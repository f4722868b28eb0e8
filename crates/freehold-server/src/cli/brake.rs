//! `freehold brake`.

use std::time::Duration;

use freehold_directory::{
    Store, StoreError, Timestamp,
    authority::Mandate,
    brake::{self, Brake, Braked, Limit},
};
use serde_json::json;

use super::{
    CliError, Context,
    args::{BrakeCommand, BrakeLimits, Format, InOrganization},
    find, output,
};
use crate::system;

pub(super) fn run(context: &Context, command: BrakeCommand) -> Result<(), CliError> {
    match command {
        BrakeCommand::Status { organization, format } => status(context, &organization, &format),
        BrakeCommand::Release(of) => {
            change(context, &of, |store, mandate, now| {
                brake::release(store, mandate, now, &mut system::random())
            })?;
            output::say("Released: creates and deletes pass again, counted from now on.");
            Ok(())
        }
        BrakeCommand::Confirm(of) => {
            change(context, &of, |store, mandate, now| {
                brake::confirm(store, mandate, now, &mut system::random())
            })?;
            output::say(
                "Confirmed: creates, and deletes of what is new, are counted from now on too.",
            );
            Ok(())
        }
        BrakeCommand::Set { organization, limits } => {
            let set = change(context, &organization, move |store, mandate, now| {
                let apply = |brake: &mut Brake| apply(&limits, brake);
                brake::configure(store, mandate, apply, now, &mut system::random())
            })?;
            lines(&set)
        }
    }
}

fn change(
    context: &Context,
    of: &InOrganization,
    mut work: impl FnMut(&mut dyn Store, Mandate, Timestamp) -> Result<Brake, StoreError>
    + Send
    + 'static,
) -> Result<Brake, CliError> {
    let (name, now) = (of.organization.clone(), context.now());
    context.database.write_blocking(move |store| {
        let mandate = Mandate::operator(find(store, &name)?.id);
        work(store, mandate, now).map_err(CliError::failed)
    })
}

fn apply(limits: &BrakeLimits, brake: &mut Brake) {
    let set = |limit: &mut Limit, count: Option<u32>, percent: Option<u32>| {
        limit.count = count.map_or(limit.count, u64::from);
        limit.percent = percent.map_or(limit.percent, u64::from);
    };
    set(&mut brake.creates, limits.creates, limits.creates_percent);
    set(&mut brake.deletes, limits.deletes, limits.deletes_percent);
    set(&mut brake.deactivations, limits.deactivations, limits.deactivations_percent);
    if let Some(minutes) = limits.window_minutes {
        brake.window = Duration::from_secs(u64::from(minutes) * 60);
    }
}

fn status(context: &Context, of: &InOrganization, format: &Format) -> Result<(), CliError> {
    let name = of.organization.clone();
    let brake = context.database.read_blocking(move |store| {
        let organization = find(store, &name)?.id;
        brake::status(store, organization).map_err(CliError::failed)
    })?;
    if !format.json {
        return lines(&brake);
    }
    let limit = |limit: Limit| json!({ "count": limit.count, "percent": limit.percent });
    output::json(&json!({
        "creates": limit(brake.creates),
        "deletes": limit(brake.deletes),
        "deactivations": limit(brake.deactivations),
        "windowMinutes": minutes(&brake),
        "confirmedAt": brake.confirmed_at.map(output::time),
        "releasedAt": brake.released_at.map(output::time),
        "createsHeldAt": brake.creates_held_at.map(output::time),
        "deletesHeldAt": brake.deletes_held_at.map(output::time),
        "alarmedAt": brake.alarmed_at.map(output::time),
    }))
}

fn minutes(brake: &Brake) -> u64 {
    brake.window.as_secs() / 60
}

fn lines(brake: &Brake) -> Result<(), CliError> {
    output::line(&counted("creates", brake.creates, brake, brake.held_at(Braked::Creates)))?;
    output::line(&counted("deletes", brake.deletes, brake, brake.held_at(Braked::Deletes)))?;
    output::line(&counted("deactivations", brake.deactivations, brake, None))?;
    if brake.confirmed_at.is_none() {
        output::line(
            "creates, and deletes of what was made within the window, are not counted before \
             `freehold brake confirm`",
        )?;
    }
    if let Some(at) = brake.alarmed_at {
        output::line(&format!("alarm: many deactivations at {}", output::time(at)))?;
    }
    Ok(())
}

fn counted(what: &str, limit: Limit, brake: &Brake, held: Option<Timestamp>) -> String {
    let (Limit { count, percent }, window) = (limit, minutes(brake));
    let held = held.map(|at| format!("; HELD BACK since {}", output::time(at)));
    let held = held.unwrap_or_default();
    format!("{what}: at most {count} or {percent} % in {window} minutes{held}")
}
