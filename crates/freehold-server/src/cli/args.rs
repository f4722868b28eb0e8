//! The arguments, with their help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use freehold_directory::audit::Head;

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

#[derive(Subcommand)]
pub(super) enum OrganizationCommand {
    /// Create an organization; SCIM is switched on
    #[command(after_help = "Example:\n  freehold organization create acme --name \"Acme Ltd\"")]
    Create {
        /// Short name for addresses and commands: a-z, 0-9, hyphens
        short_name: String,
        /// Name for people
        #[arg(long)]
        name: String,
    },
    /// List all organizations
    #[command(after_help = "Example:\n  freehold organization list --json")]
    List(Format),
}

#[derive(Subcommand)]
pub(super) enum ScimCommand {
    /// Accept the organization's SCIM tokens; effective at the next request
    #[command(after_help = "Example:\n  freehold scim enable --organization acme")]
    Enable(InOrganization),
    /// Refuse the organization's SCIM tokens; nothing is deleted
    #[command(after_help = "Example:\n  freehold scim disable --organization acme")]
    Disable(InOrganization),
    /// Show whether SCIM is on, and the URL for the identity provider
    #[command(after_help = "Example:\n  freehold scim status --organization acme --json")]
    Status {
        #[command(flatten)]
        organization: InOrganization,
        #[command(flatten)]
        format: Format,
    },
}

#[derive(Subcommand)]
pub(super) enum TokenCommand {
    /// Create a token and print it, and nothing else, on standard output
    #[command(after_help = "The token is shown once; the server keeps only its hash. Several can \
        be valid at once,\nso that one can be replaced without a gap.\n\nExample:\n  \
        freehold token create --organization acme --description entra --ttl-days 90 > token.txt")]
    Create {
        #[command(flatten)]
        organization: InOrganization,
        /// Connection that its users sign in with; needed once there are several
        #[arg(long, value_name = "NAME")]
        connection: Option<String>,
        /// What it is for, to tell tokens apart
        #[arg(long)]
        description: String,
        /// Days until it expires, 1 to 366
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=366))]
        ttl_days: u16,
    },
    /// List tokens: what for, until when, last used; access tokens of clients are not listed
    #[command(after_help = "Example:\n  freehold token list --organization acme --json")]
    List {
        #[command(flatten)]
        organization: InOrganization,
        #[command(flatten)]
        format: Format,
    },
    /// Replace a token: print a new one of the same description and connection; the old one ends after the overlap
    #[command(after_help = "Both are good meanwhile, so that provisioning goes on while the new \
        one is entered at the\nidentity provider.\n\nExample:\n  freehold token rotate \
        --organization acme 01980c7e-9a53-7c5e-8f0b-2f3b6a1d4e55 > token.txt")]
    Rotate {
        #[command(flatten)]
        organization: InOrganization,
        /// Id of the token, as `freehold token list` shows it
        token: String,
        /// Days until the new one expires, 1 to 366
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=366))]
        ttl_days: u16,
        /// Hours for which the old one stays good, 1 to 168
        #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=168))]
        overlap_hours: u16,
    },
    /// Revoke a token; effective at the next request
    #[command(after_help = "Example:\n  freehold token revoke --organization acme \
        01980c7e-9a53-7c5e-8f0b-2f3b6a1d4e55")]
    Revoke {
        #[command(flatten)]
        organization: InOrganization,
        /// Id of the token, as `freehold token list` shows it
        token: String,
    },
}

#[derive(Subcommand)]
pub(super) enum ClientCommand {
    /// Create a client and print its id and secret, and nothing else, on standard output
    #[command(
        after_help = "The secret is shown once; the server keeps only its hash. With id and \
        secret the identity provider\ngets access tokens, each for an hour (OAuth 2.0 client \
        credentials). Several clients can be valid\nat once, so that one can be replaced without a \
        gap.\n\nExample:\n  \
        freehold client create --organization acme --description entra --ttl-days 365 > client.txt"
    )]
    Create {
        #[command(flatten)]
        organization: InOrganization,
        /// Connection that its users sign in with; needed once there are several
        #[arg(long, value_name = "NAME")]
        connection: Option<String>,
        /// What it is for, to tell clients apart
        #[arg(long)]
        description: String,
        /// Days until it expires, 1 to 366
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=366))]
        ttl_days: u16,
    },
    /// List clients: what for, until when, last used
    #[command(after_help = "Example:\n  freehold client list --organization acme --json")]
    List {
        #[command(flatten)]
        organization: InOrganization,
        #[command(flatten)]
        format: Format,
    },
    /// Revoke a client; effective at the next request, for its access tokens too
    #[command(after_help = "Example:\n  freehold client revoke --organization acme \
        fhc_01980c7e9a537c5e8f0b2f3b6a1d4e55")]
    Revoke {
        #[command(flatten)]
        organization: InOrganization,
        /// Id of the client, as `freehold client list` shows it
        client: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum SubjectClaimArgument {
    /// The object id of Microsoft Entra
    Oid,
    /// The subject of OpenID Connect
    Sub,
}

/// The rule that is off unless asked for.
#[derive(Args)]
pub(super) struct Matching {
    /// Let a person whose subject is nobody's externalId take, once, the PENDING user with the same
    /// userName (UPN); for tenants that map mailNickname to externalId
    #[arg(long)]
    pub match_user_name: bool,
}

/// The connection that a command is about.
#[derive(Args, Clone)]
pub(super) struct OneConnection {
    #[command(flatten)]
    pub organization: InOrganization,
    /// Short name of the connection; may be left out while there is one
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

/// What `freehold connection add-oidc` is told.
#[derive(Args)]
pub(super) struct AddOidc {
    #[command(flatten)]
    pub organization: InOrganization,
    /// Short name of the connection; chosen if left out
    #[arg(long)]
    pub name: Option<String>,
    /// Issuer, exactly as the provider's discovery document writes it
    #[arg(long, value_name = "URL")]
    pub issuer: String,
    /// Client id that the provider gave
    #[arg(long, value_name = "ID")]
    pub client_id: String,
    /// File with the client secret; - reads standard input
    #[arg(long, value_name = "FILE")]
    pub client_secret_file: PathBuf,
    /// Tenant that every sign-in must come from; an Entra issuer's own unless set
    #[arg(long)]
    pub tenant: Option<String>,
    /// Claim that equals the users' externalId; oid for Entra, else sub, unless set
    #[arg(long, value_enum)]
    pub subject_claim: Option<SubjectClaimArgument>,
    #[command(flatten)]
    pub matching: Matching,
}

/// What `freehold connection add-saml` is told.
#[derive(Args)]
pub(super) struct AddSaml {
    #[command(flatten)]
    pub organization: InOrganization,
    /// Short name of the connection; chosen if left out
    #[arg(long)]
    pub name: Option<String>,
    /// Metadata of the identity provider: a file, or an https address, which is asked daily
    #[arg(long, value_name = "FILE|URL")]
    pub metadata: String,
    /// Tenant that every sign-in must come from; an Entra entity id's own unless set
    #[arg(long)]
    pub tenant: Option<String>,
    /// One more audience to accept beside our entity id, such as spn:APPLICATION-ID
    #[arg(long)]
    pub audience: Option<String>,
    /// Attribute that equals the users' externalId, or NameID; the object id for Entra, else
    /// NameID, unless set
    #[arg(long, value_name = "NAME")]
    pub subject_attribute: Option<String>,
    #[command(flatten)]
    pub matching: Matching,
}

#[derive(Subcommand)]
pub(super) enum ConnectionCommand {
    /// Add an OpenID Connect provider
    #[command(after_help = "Examples:\n  \
        freehold connection add-oidc --organization acme --issuer https://idp.example \\\n      \
            --client-id freehold --client-secret-file secret.txt\n  \
        freehold connection add-oidc --organization acme --client-id APPLICATION-ID \\\n      \
            --issuer https://login.microsoftonline.com/TENANT-ID/v2.0 \\\n      \
            --client-secret-file secret.txt --subject-claim oid")]
    AddOidc(AddOidc),
    /// Add a SAML 2.0 identity provider
    #[command(
        after_help = "The certificates in the metadata are trusted; those that an address brings \
        later are only proposed.\n\nExamples:\n  \
        freehold connection add-saml --organization acme --metadata idp-metadata.xml\n  \
        freehold connection add-saml --organization acme --metadata \\\n      \
            \"https://login.microsoftonline.com/TENANT-ID/federationmetadata/2007-06/\
            federationmetadata.xml?appid=APPLICATION-ID\""
    )]
    AddSaml(AddSaml),
    /// Show a connection: what to enter at the identity provider, certificates
    #[command(after_help = "Example:\n  freehold connection show --organization acme saml")]
    Show {
        #[command(flatten)]
        connection: OneConnection,
        #[command(flatten)]
        format: Format,
    },
    /// List the certificates of a SAML connection, trust a proposed one, remove one
    #[command(after_help = "Examples:\n  \
        freehold connection certificates --organization acme saml --refresh\n  \
        freehold connection certificates --organization acme saml --trust FINGERPRINT\n  \
        freehold connection certificates --organization acme saml --remove FINGERPRINT")]
    Certificates {
        #[command(flatten)]
        connection: OneConnection,
        /// Fetch the metadata now and propose its new certificates; none is trusted by that
        #[arg(long, group = "change")]
        refresh: bool,
        /// Trust the certificate with this SHA-256 fingerprint from now on
        #[arg(long, group = "change", value_name = "FINGERPRINT")]
        trust: Option<String>,
        /// Remove the certificate with this fingerprint; the last trusted one stays
        #[arg(long, group = "change", value_name = "FINGERPRINT")]
        remove: Option<String>,
        #[command(flatten)]
        format: Format,
    },
    /// Look whether a connection can work, as far as it can be seen from here
    #[command(after_help = "Exit code 1 when something is wrong.\n\nExample:\n  \
        freehold connection test --organization acme saml")]
    Test {
        #[command(flatten)]
        connection: OneConnection,
    },
    /// Remove a connection: its sessions and begun sign-ins end at once
    #[command(after_help = "Accounts, keys and SCIM tokens stay. Whoever has signed in over the \
        connection can sign in over no other one.\nWhile tokens or clients provision for it, it is \
        removed only with --force; they go on working, so that\npeople can still be deactivated.\n\n\
        Example:\n  freehold connection remove --organization acme saml")]
    Remove {
        #[command(flatten)]
        connection: OneConnection,
        /// Remove it although SCIM tokens or clients provision for it
        #[arg(long)]
        force: bool,
    },
    /// List connections
    #[command(after_help = "Example:\n  freehold connection list --organization acme --json")]
    List {
        #[command(flatten)]
        organization: InOrganization,
        #[command(flatten)]
        format: Format,
    },
}

/// A domain of an organization.
#[derive(Args)]
pub(super) struct OfDomain {
    #[command(flatten)]
    pub organization: InOrganization,
    /// The domain, as it stands after the @ of e-mail addresses
    pub domain: String,
}

#[derive(Subcommand)]
pub(super) enum DomainCommand {
    /// Add a domain and print the DNS record to publish, and nothing else, on standard output
    #[command(
        after_help = "Subdomains are domains of their own. The domain chooses where people sign \
        in; who they are\nis what the identity provider says.\n\nExample:\n  \
        freehold domain add --organization acme acme.example"
    )]
    Add {
        #[command(flatten)]
        domain: OfDomain,
        /// Connection that its people sign in with; left out, they choose where there are several
        #[arg(long, value_name = "NAME")]
        connection: Option<String>,
    },
    /// Look the DNS record up; from then on the domain leads to the sign-in
    #[command(after_help = "The server looks again once a day and stops leading people on after \
        seven days without the\nrecord: keep it published.\n\nExample:\n  \
        freehold domain verify --organization acme acme.example")]
    Verify(OfDomain),
    /// List domains: whether verified, and the DNS records
    #[command(after_help = "Example:\n  freehold domain list --organization acme --json")]
    List {
        #[command(flatten)]
        organization: InOrganization,
        #[command(flatten)]
        format: Format,
    },
    /// Remove a domain; effective at the next sign-in
    #[command(after_help = "Example:\n  freehold domain remove --organization acme acme.example")]
    Remove(OfDomain),
}

#[derive(Subcommand)]
pub(super) enum UserCommand {
    /// List users: role, state of their keys, since when
    #[command(after_help = "Examples:\n  freehold user list --organization acme --json\n  \
        freehold user list --organization acme --deleted")]
    List {
        #[command(flatten)]
        organization: InOrganization,
        /// Show deleted users whose keys are kept still, and until when
        #[arg(long)]
        deleted: bool,
        #[command(flatten)]
        format: Format,
    },
    /// Bring a deleted user back, with the same id, keys and secrets
    #[command(
        after_help = "Possible within the retention window (FREEHOLD_RETENTION_DAYS), while nobody \
        else has the\nuserName or externalId. Sessions, roles and groups do not come back. The id is \
        printed on standard\noutput.\n\nExample:\n  freehold user restore --organization acme ann"
    )]
    Restore(Restored),
    /// Decide on requests of people who lost every way into their keys
    #[command(subcommand)]
    Reset(ResetCommand),
}

/// The deleted user that a command is about.
#[derive(Args)]
pub(super) struct Restored {
    #[command(flatten)]
    pub organization: InOrganization,
    /// userName, in any case, or id
    #[arg(value_name = "NAME|ID")]
    pub user: String,
}

#[derive(Subcommand)]
pub(super) enum ResetCommand {
    /// List the requests that wait
    #[command(after_help = "Example:\n  freehold user reset list --organization acme --json")]
    List {
        #[command(flatten)]
        organization: InOrganization,
        #[command(flatten)]
        format: Format,
    },
    /// Put the keys of a user aside, who has asked for it, so that new ones can be made
    #[command(
        after_help = "Make sure by voice that it was the person who asked: whoever signs in as the \
        user makes the new\nkeys. Old secrets are put aside too; new keys do not open them. It is for \
        the last admin or owner\nwith keys; where others could approve it in the pages, \
        --although-others-can is needed.\n\nExample:\n  \
        freehold user reset approve --organization acme --user olga"
    )]
    Approve {
        #[command(flatten)]
        of: OfUser,
        /// Approve it although admins with keys could
        #[arg(long)]
        although_others_can: bool,
    },
    /// Deny the request of a user; nothing changes
    #[command(after_help = "Example:\n  freehold user reset deny --organization acme --user ann")]
    Deny(OfUser),
    /// Bring the keys and secrets back that a reset put aside, as long as no new keys were made
    #[command(after_help = "Example:\n  freehold user reset undo --organization acme --user ann")]
    Undo(OfUser),
}

#[derive(Subcommand)]
pub(super) enum PolicyCommand {
    /// Show what the organization demands
    #[command(after_help = "Example:\n  freehold policy show --organization acme --json")]
    Show {
        #[command(flatten)]
        organization: InOrganization,
        #[command(flatten)]
        format: Format,
    },
    /// Change it; what is not named stays as it is
    #[command(
        after_help = "A policy raises what every build demands, and can be taken back down to that. \
        It counts for keys\nthat are made or changed from now on.\n\nExample:\n  \
        freehold policy set --organization acme --profile 2 --passkey-required true"
    )]
    Set {
        #[command(flatten)]
        organization: InOrganization,
        #[command(flatten)]
        settings: PolicySettings,
    },
}

/// What `freehold policy set` changes.
#[derive(Args)]
#[group(required = true, multiple = true)]
pub(super) struct PolicySettings {
    /// Lowest profile of passphrases: 1 (64 MiB) or 2 (256 MiB)
    #[arg(long, value_name = "NUMBER")]
    pub profile: Option<u64>,
    /// Whether everybody has to have a passkey
    #[arg(long, value_name = "true|false")]
    pub passkey_required: Option<bool>,
    /// Whether everybody has to have a recovery code
    #[arg(long, value_name = "true|false")]
    pub recovery_code_required: Option<bool>,
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

#[derive(Subcommand)]
pub(super) enum AdminCommand {
    /// Make a one-time link and print it, and nothing else, on standard output
    #[command(
        after_help = "The link signs one person in, once, within 15 minutes, and makes the person \
        an owner. It unlocks\nnothing: keys are set up or unlocked with the person's own \
        passphrase. Without --user-name it is\nfor the only owner.\n\nExamples:\n  \
        freehold admin link --organization acme --user-name olga@acme.example\n  \
        freehold admin link --organization acme"
    )]
    Link {
        #[command(flatten)]
        organization: InOrganization,
        /// userName of the person; one who has no account yet gets one
        #[arg(long, value_name = "NAME")]
        user_name: Option<String>,
        /// Make the person an owner beside those that there are
        #[arg(long)]
        owner: bool,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum RoleArgument {
    /// Administers the organization
    Admin,
    /// Administers it, whatever the identity provider says
    Owner,
}

#[derive(Subcommand)]
pub(super) enum RoleCommand {
    /// Give a user a role
    #[command(after_help = "Example:\n  freehold role grant --organization acme --user ann admin")]
    Grant {
        #[command(flatten)]
        of: OfUser,
        /// The role
        role: RoleArgument,
    },
    /// Take a role from a user that was given to the user alone
    #[command(after_help = "Example:\n  freehold role revoke --organization acme --user ann admin")]
    Revoke {
        #[command(flatten)]
        of: OfUser,
        /// The role
        role: RoleArgument,
        /// Leave the organization without an owner
        #[arg(long)]
        last_owner: bool,
    },
    /// Make every direct member of a group an admin, now and later
    #[command(after_help = "Membership counts at every request, so it follows SCIM at once. No \
        group makes owners.\n\nExample:\n  \
        freehold role map --organization acme --group \"Freehold admins\" admin")]
    Map {
        #[command(flatten)]
        group: OfGroup,
        /// The role
        role: RoleArgument,
    },
    /// End that; roles given to users alone stay
    #[command(after_help = "Example:\n  \
        freehold role unmap --organization acme --group \"Freehold admins\"")]
    Unmap(OfGroup),
    /// List who has a role: users and groups
    #[command(after_help = "Example:\n  freehold role list --organization acme --json")]
    List {
        #[command(flatten)]
        organization: InOrganization,
        #[command(flatten)]
        format: Format,
    },
}

/// The group that a command is about.
#[derive(Args)]
pub(super) struct OfGroup {
    #[command(flatten)]
    pub organization: InOrganization,
    /// displayName of the group, in any case
    #[arg(long, value_name = "NAME")]
    pub group: String,
}

#[derive(Subcommand)]
pub(super) enum SessionCommand {
    /// List a user's sessions: since when, from where
    #[command(
        after_help = "Example:\n  freehold session list --organization acme --user ann --json"
    )]
    List {
        #[command(flatten)]
        of: OfUser,
        #[command(flatten)]
        format: Format,
    },
    /// End a user's sessions; effective at the next request
    #[command(after_help = "Examples:\n  \
        freehold session end --organization acme --user ann\n  \
        freehold session end --organization acme --user ann \\\n      \
            --session 01980c7e-9a53-7c5e-8f0b-2f3b6a1d4e55")]
    End {
        #[command(flatten)]
        of: OfUser,
        /// Id of one session, as `freehold session list` shows it; all if left out
        #[arg(long, value_name = "ID")]
        session: Option<String>,
    },
}

#[derive(Args)]
#[command(after_help = "Examples:\n  freehold log --organization acme\n  \
    freehold log --organization acme --refused --follow")]
pub(super) struct LogArguments {
    #[command(flatten)]
    pub organization: InOrganization,
    /// Go on showing what comes, until Ctrl-C
    #[arg(long, short)]
    pub follow: bool,
    /// Show refusals alone
    #[arg(long)]
    pub refused: bool,
    /// How many of the last entries to begin with
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub last: u32,
    /// Print one JSON object a line, with masked bodies
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
pub(super) enum AuditCommand {
    /// Write the events, one JSON object a line: those outside the chain, then the chain in its order
    #[command(
        after_help = "The head of the chain follows on standard error. docs/AUDIT.md says how an export is \
        verified\nwithout Freehold.\n\nExamples:\n  \
        freehold audit export --organization acme --output acme.jsonl\n  \
        freehold audit export --organization acme --after 1200 --output acme-more.jsonl"
    )]
    Export {
        #[command(flatten)]
        organization: InOrganization,
        /// Only events of the chain, after this number
        #[arg(long, value_name = "SEQ")]
        after: Option<u64>,
        /// File to write, which must not exist; standard output if left out
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Verify the chain in the database or in an export; prints its head
    #[command(
        after_help = "Keep the head where whoever writes to the database cannot: it is what shows later that \
        nothing\nup to it was rewritten or cut off.\n\nExamples:\n  \
        freehold audit verify --organization acme >> /mnt/elsewhere/heads\n  \
        freehold audit verify --organization acme --head 1200:9f..\n  \
        freehold audit verify --file acme.jsonl --head 1200:9f.."
    )]
    Verify(AuditVerifyArguments),
}

/// What `freehold audit verify` verifies, and against what.
#[derive(Args)]
pub(super) struct AuditVerifyArguments {
    /// Short name of the organization whose chain in the database is verified
    #[arg(long, value_name = "NAME", required_unless_present = "file", conflicts_with = "file")]
    pub organization: Option<String>,
    /// Export to verify instead; no database is opened
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Head noted earlier, which the chain must have had
    #[arg(long, value_name = "SEQ:HASH")]
    pub head: Option<Head>,
    /// Begin after this head: for an export made with --after
    #[arg(long, value_name = "SEQ:HASH")]
    pub after: Option<Head>,
}

#[derive(Subcommand)]
pub(super) enum BrakeCommand {
    /// Show what is held back, since when, and the limits
    #[command(after_help = "Example:\n  freehold brake status --organization acme --json")]
    Status {
        #[command(flatten)]
        organization: InOrganization,
        #[command(flatten)]
        format: Format,
    },
    /// Let what is held back pass; counting begins anew
    #[command(after_help = "Example:\n  freehold brake release --organization acme")]
    Release(InOrganization),
    /// Confirm that the first provisioning cycle did what was meant; from now on creates are counted
    #[command(after_help = "Example:\n  freehold brake confirm --organization acme")]
    Confirm(InOrganization),
    /// Change the limits: each admits the larger of a number and a percentage of all users and groups
    #[command(after_help = "Example:\n  freehold brake set --organization acme --deletes 100 \
        --deletes-percent 10 --window-minutes 60")]
    Set {
        #[command(flatten)]
        organization: InOrganization,
        #[command(flatten)]
        limits: BrakeLimits,
    },
}

/// What `freehold brake set` changes.
#[derive(Args)]
pub(super) struct BrakeLimits {
    /// Creates in a window
    #[arg(long, value_name = "NUMBER")]
    pub creates: Option<u32>,
    /// The same as a percentage
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub creates_percent: Option<u32>,
    /// DELETEs in a window
    #[arg(long, value_name = "NUMBER")]
    pub deletes: Option<u32>,
    /// The same as a percentage
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub deletes_percent: Option<u32>,
    /// Deactivations in a window before the alarm; they are never held back
    #[arg(long, value_name = "NUMBER")]
    pub deactivations: Option<u32>,
    /// The same as a percentage
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub deactivations_percent: Option<u32>,
    /// How long a window is
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=10_080))]
    pub window_minutes: Option<u32>,
}
