//! The command line: what an operator or a script does, beside a running server or without one.
//!
//! Standard output carries what was asked for and nothing else; words for people go to standard
//! error. Exit codes: 0 done, 1 refused or failed, 2 wrong usage or configuration.

mod admin;
mod args;
mod audit;
mod brake;
mod client;
mod connection;
mod deleted;
mod domain;
mod log;
mod organization;
mod output;
mod policy;
mod reset;
mod role;
mod scim;
mod session;
mod shown;
mod token;
mod user;

use std::process::ExitCode;

use clap::Parser;
use freehold_directory::{
    Clock, Slug, Store, Timestamp, UserId,
    organizations::{self, Organization, OrganizationError},
    users,
};
use freehold_sso::oidc::Reach;
use freehold_store::{Database, DatabaseConfig};

use crate::{
    config::{Config, ConfigError, Environment, Site},
    dns::Dns,
    serve, system, telemetry,
};
use args::{Cli, Command};

/// A command that was not done, said so that the reader knows what to do.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

impl CliError {
    fn failed(text: impl std::fmt::Display) -> Self {
        Self::Failed(text.to_string())
    }

    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Config(_) => ExitCode::from(2),
            Self::Failed(_) => ExitCode::FAILURE,
        }
    }
}

impl From<freehold_directory::StoreError> for CliError {
    fn from(error: freehold_directory::StoreError) -> Self {
        Self::failed(error)
    }
}

/// Parses the arguments of the process and does what they say.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::say(&format!("error: {error}"));
            error.exit_code()
        }
    }
}

fn run(cli: Cli) -> Result<(), CliError> {
    let environment = Environment::of_process();
    let mut config = Config::load(cli.config, &environment)?;
    if !matches!(cli.command, Command::Serve) && !config.log_is_set {
        // Words for people go to standard error here; only warnings may stand between them.
        config.log = "warn".to_owned();
    }
    telemetry::start(&config);
    match cli.command {
        Command::Serve => serve::run(&config),
        Command::Organization(command) => organization::run(&Context::open(&config)?, command),
        Command::Scim(command) => scim::run(&Context::open(&config)?, command),
        Command::Token(command) => token::run(&Context::open(&config)?, command),
        Command::Client(command) => client::run(&Context::open(&config)?, command),
        Command::Connection(command) => connection::run(&Context::open(&config)?, command),
        Command::Domain(command) => domain::run(&Context::open(&config)?, command),
        Command::Log(arguments) => log::run(&Context::open(&config)?, &arguments),
        Command::Audit(command) => audit::run(|| Context::open(&config), command),
        Command::Brake(command) => brake::run(&Context::open(&config)?, command),
        Command::Openapi => output::line(crate::http::openapi::text().trim_end()),
        Command::Manifest => output::line(&format!("{:#}", crate::http::assets::manifest())),
        Command::User(command) => user::run(&Context::open(&config)?, &config, command),
        Command::Policy(command) => policy::run(&Context::open(&config)?, command),
        Command::Admin(command) => admin::run(&Context::open(&config)?, command),
        Command::Role(command) => role::run(&Context::open(&config)?, command),
        Command::Session(command) => session::run(&Context::open(&config)?, command),
    }
}

/// What stands in place of a URL that nobody knows.
const NO_URL: &str = "(set FREEHOLD_PUBLIC_URL to see the URL)";

/// What every command needs: the database, the time, the public URL.
struct Context {
    database: Database,
    site: Result<Site, ConfigError>,
    dns: Dns,
    reach: Reach,
}

impl Context {
    fn open(config: &Config) -> Result<Self, CliError> {
        let settings = DatabaseConfig::for_command_line(config.database_url.expose());
        let database = open_database(config, &settings)?;
        let dns = Dns::new(config.dns_resolver);
        Ok(Self { database, site: config.site(config.listen), dns, reach: config.reach() })
    }

    fn now(&self) -> Timestamp {
        system::SystemClock.now()
    }

    /// The URL to paste into an identity provider, or how to make it known.
    fn scim_url(&self) -> String {
        self.url(Site::scim_url)
    }

    fn token_url(&self) -> String {
        self.url(Site::token_url)
    }

    fn saml_entity_id(&self) -> String {
        self.url(Site::saml_entity_id)
    }

    fn saml_acs(&self) -> String {
        self.url(Site::saml_acs)
    }

    /// Where people of an organization begin to sign in.
    fn sign_on_url(&self, organization: &str) -> String {
        match &self.site {
            Ok(site) => site.url(&format!("/login?organization={organization}")),
            Err(_) => NO_URL.to_owned(),
        }
    }

    fn logout_uri(&self) -> String {
        self.url(Site::oidc_logout_uri)
    }

    fn redirect_uri(&self) -> String {
        self.url(Site::oidc_redirect_uri)
    }

    fn url(&self, of: fn(&Site) -> String) -> String {
        match &self.site {
            Ok(site) => of(site),
            Err(_) => NO_URL.to_owned(),
        }
    }
}

/// Opens the database that the settings name; for SQLite the folder is made first.
pub(crate) fn open_database(
    config: &Config,
    settings: &DatabaseConfig,
) -> Result<Database, CliError> {
    make_data_folder(config)?;
    Database::open(settings)
        .map_err(|error| CliError::Failed(format!("the database cannot be opened: {error}")))
}

fn make_data_folder(config: &Config) -> Result<(), CliError> {
    if !config.database_url.is_in(&config.data) {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        // Only the server's own account reads the database.
        builder.mode(0o700);
    }
    builder.create(&config.data).map_err(|error| {
        CliError::Failed(format!(
            "cannot make the data folder {}: {error}; set FREEHOLD_DATA to a folder that this \
             account may write",
            config.data.display()
        ))
    })
}

/// Finds the organization that a command names.
fn find(store: &mut dyn Store, name: &str) -> Result<Organization, CliError> {
    let slug = Slug::parse(name).map_err(CliError::failed)?;
    organizations::find(store, &slug).map_err(|error| match error {
        OrganizationError::Unknown => CliError::Failed(format!(
            "there is no organization `{name}`; `freehold organization list` shows all"
        )),
        other => CliError::failed(other),
    })
}

/// Finds the user that a command names.
fn find_user(
    store: &mut dyn Store,
    organization: &Organization,
    name: &str,
) -> Result<UserId, CliError> {
    users::find(store, organization.id, name)?.ok_or_else(|| {
        CliError::Failed(format!(
            "the organization has no user `{}`; `freehold user list --organization {}` shows all",
            output::shown(name),
            organization.slug
        ))
    })
}
