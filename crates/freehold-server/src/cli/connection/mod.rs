//! `freehold connection`.

mod add;
mod certificates;
mod fetch;
mod list;
mod probe;
mod secret;

use freehold_directory::{
    Store,
    authority::Mandate,
    connections::{self, Connection, ConnectionError},
};

use super::{
    CliError, Context,
    args::{ConnectionCommand, OneConnection},
    find, output, shown,
};
use crate::system;

pub(super) fn run(context: &Context, command: ConnectionCommand) -> Result<(), CliError> {
    match command {
        ConnectionCommand::AddOidc(arguments) => add::oidc(context, arguments),
        ConnectionCommand::AddSaml(arguments) => add::saml(context, arguments),
        ConnectionCommand::List { organization, format } => {
            list::all(context, &organization, &format)
        }
        ConnectionCommand::Show { connection, format } => list::one(context, &connection, &format),
        ConnectionCommand::Certificates { connection, refresh, trust, remove, format } => {
            let change = certificates::Change::of(refresh, trust, remove);
            certificates::run(context, &connection, change, &format)
        }
        ConnectionCommand::SetSecret { connection, client_secret_file } => {
            secret::set(context, &connection, &client_secret_file)
        }
        ConnectionCommand::Test { connection } => probe::run(context, &connection),
        ConnectionCommand::Remove { connection, force } => remove(context, &connection, force),
    }
}

/// The connection that a command names, or the only one.
fn choose(store: &mut dyn Store, of: &OneConnection) -> Result<Connection, CliError> {
    let organization = find(store, &of.organization.organization)?;
    connections::choose(store, organization.id, of.name.as_deref()).map_err(failed)
}

fn chosen(context: &Context, of: &OneConnection) -> Result<Connection, CliError> {
    let of = of.clone();
    context.database.read_blocking(move |store| choose(store, &of))
}

fn failed(error: ConnectionError) -> CliError {
    match error {
        ConnectionError::NameTaken => CliError::failed(
            "the organization has a connection of this name already; choose another with --name",
        ),
        ConnectionError::Unknown => shown::unknown_connection(),
        ConnectionError::Provisioning(number) => CliError::Failed(format!(
            "{number} live SCIM tokens or clients provision people for this connection; revoke \
             them first, or remove it with --force: they go on working, so that people can still \
             be deactivated, but nobody whom they provision can sign in"
        )),
        other => CliError::failed(other),
    }
}

fn remove(context: &Context, of: &OneConnection, force: bool) -> Result<(), CliError> {
    let (of, now) = (of.clone(), context.now());
    let removed = context.database.write_blocking(move |store| {
        let connection = choose(store, &of)?;
        let mandate = Mandate::operator(connection.organization);
        let rng = &mut system::random();
        connections::remove(store, mandate, connection.id, force, now, rng).map_err(failed)
    })?;
    output::say(&format!(
        "The connection is removed; {} sessions and {} begun sign-ins ended.",
        removed.sessions, removed.logins
    ));
    Ok(())
}
