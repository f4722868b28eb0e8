//! `freehold organization`.

use freehold_directory::{
    Slug,
    organizations::{self, OrganizationError, OrganizationName},
};
use serde_json::json;

use super::{
    CliError, Context,
    args::{Format, OrganizationCommand},
    output,
};
use crate::system;

pub(super) fn run(context: &Context, command: OrganizationCommand) -> Result<(), CliError> {
    match command {
        OrganizationCommand::Create { short_name, name } => create(context, &short_name, &name),
        OrganizationCommand::List(format) => list(context, &format),
    }
}

fn create(context: &Context, short_name: &str, name: &str) -> Result<(), CliError> {
    let slug = Slug::parse(short_name).map_err(CliError::failed)?;
    let name = OrganizationName::parse(name).map_err(CliError::failed)?;
    let now = context.now();
    let made = context.database.write_blocking(move |store| {
        organizations::create(store, slug.clone(), name.clone(), now, &mut system::random())
    });
    let organization = made.map_err(|error| match error {
        OrganizationError::SlugTaken => CliError::Failed(format!(
            "there is an organization `{short_name}` already; choose another short name"
        )),
        other => CliError::failed(other),
    })?;
    output::line(&organization.id.to_string())?;
    output::say(&format!("Organization `{short_name}` is there. Next:"));
    output::say(&format!(
        "  freehold connection add-oidc --organization {short_name} ...  where people sign in"
    ));
    output::say(&format!(
        "  freehold token create --organization {short_name} --description ...  for SCIM"
    ));
    output::say(&format!(
        "  freehold admin link --organization {short_name} --user-name ...  for the first owner"
    ));
    output::say(&format!("SCIM URL for the identity provider: {}", context.scim_url()));
    Ok(())
}

fn list(context: &Context, format: &Format) -> Result<(), CliError> {
    let all = context.database.read_blocking(|store| organizations::list(store))?;
    if format.json {
        let list = all.iter().map(|organization| {
            json!({
                "id": organization.id,
                "shortName": organization.slug.as_str(),
                "name": organization.name.as_str(),
                "scimEnabled": organization.scim_enabled,
                "createdAt": output::time(organization.created_at),
            })
        });
        return output::json(&list.collect());
    }
    let rows: Vec<_> = all
        .iter()
        .map(|organization| {
            vec![
                organization.slug.to_string(),
                organization.name.as_str().to_owned(),
                if organization.scim_enabled { "on" } else { "off" }.to_owned(),
                output::time(organization.created_at),
                organization.id.to_string(),
            ]
        })
        .collect();
    let nothing = "No organization yet: freehold organization create NAME --name \"Full Name\"";
    output::table(nothing, &["short name", "name", "scim", "created", "id"], &rows)
}
