//! `freehold connection set-secret`, and how client secrets are read.

use std::{io::Read, path::Path};

use freehold_directory::{
    authority::Mandate,
    connections::{self, ClientSecret},
};

use super::{CliError, Context, OneConnection, choose, failed};
use crate::{cli::output, system};

/// The secret comes from a file or standard input, never from an argument that others can see in
/// the list of processes.
pub(super) fn read(path: &Path) -> Result<ClientSecret, CliError> {
    let text = if path == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    let text = text.map_err(|error| {
        CliError::Failed(format!("cannot read the client secret from {}: {error}", path.display()))
    })?;
    ClientSecret::parse(&text).map_err(CliError::failed)
}

pub(super) fn set(context: &Context, of: &OneConnection, path: &Path) -> Result<(), CliError> {
    let (of, secret, now) = (of.clone(), read(path)?, context.now());
    let name = context.database.write_blocking(move |store| {
        let connection = choose(store, &of)?;
        let mandate = Mandate::operator(connection.organization);
        let rng = &mut system::random();
        connections::replace_secret(store, mandate, connection.id, &secret, now, rng)
            .map_err(failed)?;
        Ok::<_, CliError>(connection.name)
    })?;
    output::say(&format!(
        "The client secret of `{name}` is replaced; it is shown to the provider from the next \
         sign-in on. Nobody is signed out."
    ));
    Ok(())
}
