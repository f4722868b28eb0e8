//! `freehold user`.

use freehold_directory::users::{self, UserOverview};
use serde_json::{Value, json};

use super::{
    CliError, Context,
    args::{Format, InOrganization, UserCommand},
    deleted, find, output, reset,
};
use crate::config::Config;

/// Users read at a time.
const PAGE: u32 = 500;

pub(super) fn run(
    context: &Context,
    config: &Config,
    command: UserCommand,
) -> Result<(), CliError> {
    match command {
        UserCommand::List { organization, deleted: true, format } => {
            deleted::list(context, &organization, &format, config.retention)
        }
        UserCommand::List { organization, deleted: false, format } => {
            list(context, &organization, &format)
        }
        UserCommand::Restore(of) => {
            deleted::restore(context, of, config.scim_catalog()?.user, config.retention)
        }
        UserCommand::Reset(command) => reset::run(context, command),
    }
}

fn list(context: &Context, of: &InOrganization, format: &Format) -> Result<(), CliError> {
    let name = of.organization.clone();
    let all = context.database.read_blocking(move |store| {
        let organization = find(store, &name)?;
        let mut all: Vec<UserOverview> = Vec::new();
        loop {
            let after = all.last().map(|user| user.id);
            let page = users::by_state(store, organization.id, None, after, PAGE)?;
            let last = page.len() < PAGE as usize;
            all.extend(page);
            if last {
                return Ok::<_, CliError>(all);
            }
        }
    })?;
    if format.json {
        return output::json(&all.iter().map(as_json).collect());
    }
    let rows: Vec<_> = all.iter().map(as_row).collect();
    let nothing = "No user yet: the identity provider creates them by SCIM";
    output::table(nothing, &["user name", "role", "state", "since", "external id", "id"], &rows)
}

fn as_json(user: &UserOverview) -> Value {
    json!({
        "id": user.id,
        "userName": user.user_name,
        "externalId": user.external_id,
        "connection": user.connection,
        "role": user.role.as_str(),
        "state": user.state.as_str(),
        "since": output::time(user.since),
        "claimed": user.claimed,
    })
}

fn as_row(user: &UserOverview) -> Vec<String> {
    vec![
        user.user_name.clone(),
        user.role.as_str().to_owned(),
        user.state.to_string(),
        output::time(user.since),
        user.external_id.clone().unwrap_or_else(|| "-".to_owned()),
        user.id.to_string(),
    ]
}
