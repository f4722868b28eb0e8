//! Documents of identity providers: from a file, or bounded and without redirects from an address.

use std::path::PathBuf;

use freehold_sso::{
    oidc::Providers,
    saml::{self, Metadata},
};
use url::Url;

use super::{CliError, Context};
use crate::identity_providers;

/// Where metadata comes from.
pub(super) enum Source {
    File(PathBuf),
    Address(Url),
}

impl Source {
    /// An address if it reads like one, else a file.
    pub(super) fn parse(text: &str) -> Self {
        match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "https" | "http") => Self::Address(url),
            _ => Self::File(text.into()),
        }
    }

    /// The address, to ask it again later.
    pub(super) fn url(self) -> Option<Url> {
        match self {
            Self::Address(url) => Some(url),
            Self::File(_) => None,
        }
    }
}

/// Reads the metadata of a SAML identity provider.
pub(super) fn metadata(context: &Context, source: &Source) -> Result<Metadata, CliError> {
    match source {
        Source::Address(url) => ask(context, async |providers| {
            identity_providers::fetch(providers, url).await.map_err(CliError::failed)
        }),
        Source::File(path) => {
            let xml = std::fs::read(path).map_err(|error| {
                CliError::Failed(format!("cannot read the metadata {}: {error}", path.display()))
            })?;
            saml::read_metadata(&xml).map_err(CliError::failed)
        }
    }
}

/// Asks an identity provider something, and waits.
pub(super) fn ask<T>(
    context: &Context,
    question: impl AsyncFnOnce(&Providers) -> Result<T, CliError>,
) -> Result<T, CliError> {
    // As far as the server would go: whom it cannot reach, nobody could sign in with.
    let providers = Providers::new(context.reach.clone()).map_err(CliError::failed)?;
    actix_web::rt::System::new().block_on(question(&providers))
}
