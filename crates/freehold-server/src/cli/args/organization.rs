//! What an organization is and demands, and its records.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use freehold_directory::audit::Head;

use super::{Format, InOrganization};

#[derive(Subcommand)]
pub(in crate::cli) enum OrganizationCommand {
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
pub(in crate::cli) enum PolicyCommand {
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
pub(in crate::cli) struct PolicySettings {
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

#[derive(Subcommand)]
pub(in crate::cli) enum AuditCommand {
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
pub(in crate::cli) struct AuditVerifyArguments {
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
