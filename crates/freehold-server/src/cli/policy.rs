//! `freehold policy`.

use freehold_directory::policy::{self, Policy};
use serde_json::json;

use super::{
    CliError, Context,
    args::{Format, InOrganization, PolicyCommand, PolicySettings},
    find, output,
};
use crate::system;

pub(super) fn run(context: &Context, command: PolicyCommand) -> Result<(), CliError> {
    match command {
        PolicyCommand::Show { organization, format } => show(context, &organization, &format),
        PolicyCommand::Set { organization, settings } => set(context, &organization, settings),
    }
}

fn show(context: &Context, of: &InOrganization, format: &Format) -> Result<(), CliError> {
    let name = of.organization.clone();
    let policy = context.database.read_blocking(move |store| {
        let organization = find(store, &name)?;
        Ok::<_, CliError>(policy::of(store, organization.id)?)
    })?;
    if format.json {
        return output::json(&json!({
            "profileFloor": policy.profile_floor.number(),
            "passkeyRequired": policy.passkey_required,
            "recoveryCodeRequired": policy.recovery_code_required,
        }));
    }
    lines(&policy)
}

fn lines(policy: &Policy) -> Result<(), CliError> {
    let floor = policy.profile_floor;
    let memory_mib = floor.memory_kib() / 1024;
    output::line(&format!("profile: at least {} ({memory_mib} MiB)", floor.number()))?;
    output::line(&format!("passkey: {}", demanded(policy.passkey_required)))?;
    output::line(&format!("recovery code: {}", demanded(policy.recovery_code_required)))
}

fn demanded(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}

fn set(context: &Context, of: &InOrganization, settings: PolicySettings) -> Result<(), CliError> {
    let (name, now) = (of.organization.clone(), context.now());
    let (policy, changed) = context.database.write_blocking(move |store| {
        let organization = find(store, &name)?;
        let mut policy = policy::of(store, organization.id)?;
        if let Some(number) = settings.profile {
            policy.profile_floor = Policy::floor(number).map_err(CliError::failed)?;
        }
        policy.passkey_required = settings.passkey_required.unwrap_or(policy.passkey_required);
        policy.recovery_code_required =
            settings.recovery_code_required.unwrap_or(policy.recovery_code_required);
        let rng = &mut system::random();
        let changed = policy::set_by_operator(store, organization.id, &policy, now, rng)?;
        Ok::<_, CliError>((policy, changed))
    })?;
    if !changed {
        output::say("It is so already; nothing was changed.");
    }
    lines(&policy)
}
