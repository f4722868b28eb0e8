//! `freehold scim`.

use freehold_directory::{authority::Mandate, organizations};
use serde_json::json;

use super::{
    CliError, Context,
    args::{Format, InOrganization, ScimCommand},
    find, output,
};
use crate::system;

pub(super) fn run(context: &Context, command: ScimCommand) -> Result<(), CliError> {
    match command {
        ScimCommand::Enable(of) => switch(context, &of, true),
        ScimCommand::Disable(of) => switch(context, &of, false),
        ScimCommand::Status { organization, format } => status(context, &organization, &format),
    }
}

fn switch(context: &Context, of: &InOrganization, on: bool) -> Result<(), CliError> {
    let name = of.organization.clone();
    let now = context.now();
    let changed = context.database.write_blocking(move |store| {
        let mandate = Mandate::operator(find(store, &name)?.id);
        organizations::set_scim(store, mandate, on, now, &mut system::random())
            .map_err(CliError::failed)
    })?;
    let state = if on { "on" } else { "off" };
    let word = if changed { "now" } else { "already" };
    output::say(&format!("SCIM is {word} {state} for `{}`.", of.organization));
    Ok(())
}

fn status(context: &Context, of: &InOrganization, format: &Format) -> Result<(), CliError> {
    let name = of.organization.clone();
    let organization = context.database.read_blocking(move |store| find(store, &name))?;
    let url = context.scim_url();
    if format.json {
        output::json(&json!({
            "organization": organization.slug.as_str(),
            "enabled": organization.scim_enabled,
            "url": url,
        }))?;
    } else {
        output::line(if organization.scim_enabled { "on" } else { "off" })?;
        output::line(&url)?;
    }
    Ok(())
}
