//! Where people sign in.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{Format, InOrganization};

#[derive(Subcommand)]
pub(in crate::cli) enum ConnectionCommand {
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
    /// Replace the client secret of an OpenID Connect connection
    #[command(
        after_help = "The provider is shown the new one from the next sign-in on. Nobody is \
        signed out.\nMake the second secret at the provider before the first one ends, and delete \
        the first one there\nonce people sign in with the second.\n\nExample:\n  \
        freehold connection set-secret --organization acme oidc --client-secret-file secret.txt"
    )]
    SetSecret {
        #[command(flatten)]
        connection: OneConnection,
        /// File with the new client secret; - reads standard input
        #[arg(long, value_name = "FILE")]
        client_secret_file: PathBuf,
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

/// The connection that a command is about.
#[derive(Args, Clone)]
pub(in crate::cli) struct OneConnection {
    #[command(flatten)]
    pub organization: InOrganization,
    /// Short name of the connection; may be left out while there is one
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

/// What `freehold connection add-oidc` is told.
#[derive(Args)]
pub(in crate::cli) struct AddOidc {
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

#[derive(Clone, Copy, ValueEnum)]
pub(in crate::cli) enum SubjectClaimArgument {
    /// The object id of Microsoft Entra
    Oid,
    /// The subject of OpenID Connect
    Sub,
}

/// What `freehold connection add-saml` is told.
#[derive(Args)]
pub(in crate::cli) struct AddSaml {
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

/// The rule that is off unless asked for.
#[derive(Args)]
pub(in crate::cli) struct Matching {
    /// Let a person whose subject is nobody's externalId take, once, the PENDING user with the same
    /// userName (UPN); for tenants that map mailNickname to externalId
    #[arg(long)]
    pub match_user_name: bool,
}

#[derive(Subcommand)]
pub(in crate::cli) enum DomainCommand {
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

/// A domain of an organization.
#[derive(Args)]
pub(in crate::cli) struct OfDomain {
    #[command(flatten)]
    pub organization: InOrganization,
    /// The domain, as it stands after the @ of e-mail addresses
    pub domain: String,
}
