//! People: their accounts, roles and sessions.

use clap::{Args, Subcommand, ValueEnum};

use super::{Format, InOrganization, OfUser};

#[derive(Subcommand)]
pub(in crate::cli) enum UserCommand {
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
pub(in crate::cli) struct Restored {
    #[command(flatten)]
    pub organization: InOrganization,
    /// userName, in any case, or id
    #[arg(value_name = "NAME|ID")]
    pub user: String,
}

#[derive(Subcommand)]
pub(in crate::cli) enum ResetCommand {
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
pub(in crate::cli) enum AdminCommand {
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

#[derive(Subcommand)]
pub(in crate::cli) enum RoleCommand {
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

#[derive(Clone, Copy, ValueEnum)]
pub(in crate::cli) enum RoleArgument {
    /// Administers the organization
    Admin,
    /// Administers it, whatever the identity provider says
    Owner,
}

/// The group that a command is about.
#[derive(Args)]
pub(in crate::cli) struct OfGroup {
    #[command(flatten)]
    pub organization: InOrganization,
    /// displayName of the group, in any case
    #[arg(long, value_name = "NAME")]
    pub group: String,
}

#[derive(Subcommand)]
pub(in crate::cli) enum SessionCommand {
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
