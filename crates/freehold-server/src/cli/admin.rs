//! `freehold admin`.

use freehold_directory::links::{self, LinkError, MadeLink};

use super::{
    CliError, Context,
    args::{AdminCommand, InOrganization},
    find, output,
};
use crate::{config::Site, system};

pub(super) fn run(context: &Context, command: AdminCommand) -> Result<(), CliError> {
    match command {
        AdminCommand::Link { organization, user_name, owner } => {
            link(context, &organization, user_name, owner)
        }
    }
}

fn link(
    context: &Context,
    of: &InOrganization,
    user_name: Option<String>,
    further_owner: bool,
) -> Result<(), CliError> {
    // A link without its server is of no use: nothing is made then.
    let address = match &context.site {
        Ok(site) => Site::enter_url(site),
        Err(error) => return Err(CliError::failed(error)),
    };
    let name = of.organization.clone();
    let now = context.now();
    let link = context.database.write_blocking(move |store| {
        let organization = find(store, &name)?;
        let (user_name, rng) = (user_name.as_deref(), &mut system::random());
        links::create(store, organization.id, user_name, further_owner, now, rng).map_err(refused)
    })?;
    output::line(&format!("{address}#{}", link.secret.reveal()))?;
    explain(&link);
    Ok(())
}

fn explain(link: &MadeLink) {
    let name = output::shown(&link.user_name);
    if link.new_account {
        output::say(&format!("There is no user `{name}` yet: using the link makes the account."));
    }
    let comes = if link.makes_owner { "who becomes an owner" } else { "an owner" };
    output::say(&format!(
        "The link signs in `{name}`, {comes}, once, until {}. Whoever opens it is taken for that \
         person: hand it over on a safe way.",
        output::time(link.expires_at)
    ));
}

fn refused(error: LinkError) -> CliError {
    match error {
        LinkError::NobodyNamed => CliError::failed(
            "the organization has no active owner; say with --user-name who shall be the first",
        ),
        LinkError::SeveralOwners(names) => CliError::Failed(format!(
            "the organization has several owners; say with --user-name which one: {}",
            output::shown(&names)
        )),
        LinkError::Inactive => CliError::failed(
            "the user is not active: the identity provider, or a request to SCIM, switches a user \
             on again",
        ),
        LinkError::OwnerThere(names) => CliError::Failed(format!(
            "the organization has an owner already: {}; leave --user-name out to let that one in, \
             or say with --owner that there shall be a further one",
            output::shown(&names)
        )),
        other => CliError::failed(other),
    }
}
