//! SCIM: who may provision, what was asked, what is held back.

use clap::{Args, Subcommand};

use super::{Format, InOrganization};

#[derive(Subcommand)]
pub(in crate::cli) enum ScimCommand {
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
pub(in crate::cli) enum TokenCommand {
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
pub(in crate::cli) enum ClientCommand {
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

#[derive(Args)]
#[command(after_help = "Examples:\n  freehold log --organization acme\n  \
    freehold log --organization acme --refused --follow")]
pub(in crate::cli) struct LogArguments {
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
pub(in crate::cli) enum BrakeCommand {
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
    /// Confirm that the first provisioning cycle did what was meant; from now on creates, and deletes of what is new, are counted
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
pub(in crate::cli) struct BrakeLimits {
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
