//! The arguments, with their help.

mod organization;
mod people;
mod provisioning;
mod sign_in;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub(super) use organization::{
    AuditCommand, AuditVerifyArguments, OrganizationCommand, PolicyCommand, PolicySettings,
};
pub(super) use people::{
    AdminCommand, OfGroup, ResetCommand, Restored, RoleArgument, RoleCommand, SessionCommand,
    UserCommand,
};
pub(super) use provisioning::{
    BrakeCommand, BrakeLimits, ClientCommand, LogArguments, ScimCommand, TokenCommand,
};
pub(super) use sign_in::{
    AddOidc, AddSaml, ConnectionCommand, DomainCommand, OfDomain, OneConnection,
    SubjectClaimArgument,
};

/// Keys that only their owners can open: the server and its command line.
#[derive(Parser)]
#[command(
    name = "freehold",
    version,
    about = "Freehold: people provisioned by SCIM, signed in by SAML or OpenID Connect, their keys \
             made and kept by themselves",
    after_help = "Examples:\n  \
        freehold organization create acme --name \"Acme Ltd\"\n  \
        freehold connection add-oidc --organization acme --issuer https://idp.example \\\n      \
            --client-id freehold --client-secret-file secret.txt\n  \
        freehold token create --organization acme --description entra > token.txt\n  \
        freehold serve\n\n\
        Exit codes: 0 done, 1 refused or failed, 2 wrong usage or configuration.",
    after_long_help = long_help()
)]
pub(super) struct Cli {
    /// TOML file with settings; FREEHOLD_CONFIG names one too
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

fn long_help() -> String {
    format!(
        "Exit codes: 0 done, 1 refused or failed, 2 wrong usage or configuration.\n\n{}",
        crate::config::settings_help()
    )
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Run the server
    #[command(after_help = long_help(), after_long_help = long_help())]
    Serve,
    /// Create and list organizations
    #[command(subcommand)]
    Organization(OrganizationCommand),
    /// Switch provisioning on or off and show its URL
    #[command(subcommand)]
    Scim(ScimCommand),
    /// Create, list and revoke the tokens that identity providers use for SCIM
    #[command(subcommand)]
    Token(TokenCommand),
    /// Create, list and revoke the clients that identity providers use for SCIM with OAuth 2.0
    #[command(subcommand)]
    Client(ClientCommand),
    /// Configure where people sign in
    #[command(subcommand)]
    Connection(ConnectionCommand),
    /// Lead people to their sign-in by the domain of their e-mail address
    #[command(subcommand)]
    Domain(DomainCommand),
    /// Show users, bring deleted ones back, decide on requests for new keys
    #[command(subcommand)]
    User(UserCommand),
    /// Show and change what an organization demands of its people's keys
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Let an owner in without the identity provider
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Say who administers an organization
    #[command(subcommand)]
    Role(RoleCommand),
    /// Show and end the sessions of a user
    #[command(subcommand)]
    Session(SessionCommand),
    /// Show the provisioning log: what the identity provider asked, and what came of it
    Log(LogArguments),
    /// Export the audit log and verify that nothing in it was changed
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Hold back a sync that goes wrong, and let it pass again
    #[command(subcommand)]
    Brake(BrakeCommand),
    /// Print the SHA-384 of every file of the pages in this program, to publish with a release
    #[command(after_help = "Example:\n  freehold manifest > manifest.json\n  \
        freehold-audit page https://freehold.example manifest.json")]
    Manifest,
    /// Print the JSON interface of the pages as an OpenAPI 3.1 document
    #[command(after_help = "Example:\n  freehold openapi > openapi.json")]
    Openapi,
}

/// The organization that a command is about.
#[derive(Args, Clone)]
pub(super) struct InOrganization {
    /// Short name of the organization
    #[arg(long, value_name = "NAME")]
    pub organization: String,
}

/// How a list is printed.
#[derive(Args)]
pub(super) struct Format {
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

/// The user that a command is about.
#[derive(Args)]
pub(super) struct OfUser {
    #[command(flatten)]
    pub organization: InOrganization,
    /// userName of the user, in any case
    #[arg(long, value_name = "NAME")]
    pub user: String,
}
