//! Why a connection was not made or changed, with a code for each reason, so that the pages can say it in every language.

use freehold_directory::connections::{self, ConnectionError};
use freehold_sso::{IssuerError, oidc::SsoError, saml::MetadataError};

use super::super::super::{caller::Failure, problem::Problem};
use crate::identity_providers::{MetadataFailure, SettingError};

/// A sentence out of a reason that is written without capital and period.
pub(super) fn sentence(reason: &impl ToString) -> String {
    let reason = reason.to_string();
    let mut letters = reason.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

impl From<ConnectionError> for Failure {
    fn from(error: ConnectionError) -> Self {
        let detail = sentence(&error);
        match error {
            ConnectionError::Store(error) => return error.into(),
            ConnectionError::NameTaken => Problem::conflict("name-taken", detail),
            ConnectionError::TooMany => Problem::too_many(connections::MOST),
            ConnectionError::LastCertificate => Problem::conflict("last-certificate", detail),
            ConnectionError::Provisioning(number) => {
                Problem::conflict("still-provisioning", detail).counting("provisioners", number)
            }
            ConnectionError::OtherTenant
            | ConnectionError::NoCertificate
            | ConnectionError::NotSaml
            | ConnectionError::NotOidc
            | ConnectionError::Text(_) => Problem::bad_request(detail),
            _ => Problem::not_found(),
        }
        .into()
    }
}

impl From<SettingError> for Problem {
    fn from(error: SettingError) -> Self {
        Self::bad_request(sentence(&error))
    }
}

impl From<IssuerError> for Problem {
    fn from(error: IssuerError) -> Self {
        let code = match error {
            IssuerError::DiscoveryDocument => "issuer-is-document",
            IssuerError::ManyTenants => "issuer-of-all",
            _ => "issuer-malformed",
        };
        Self::unusable(code, sentence(&error))
    }
}

impl From<MetadataFailure> for Problem {
    fn from(failure: MetadataFailure) -> Self {
        match failure {
            MetadataFailure::Fetch(error) => error.into(),
            MetadataFailure::Unusable(error) => error.into(),
            MetadataFailure::OtherProvider(_) => {
                Self::unusable("metadata-of-other", "The metadata name another entity id.")
            }
            MetadataFailure::NoAddress => Self::conflict("metadata-no-address", sentence(&failure)),
            MetadataFailure::NotSaml => Self::bad_request(sentence(&failure)),
        }
    }
}

impl From<MetadataError> for Problem {
    fn from(error: MetadataError) -> Self {
        let code = match error {
            MetadataError::TooLarge => "metadata-too-large",
            MetadataError::Malformed => "metadata-malformed",
            MetadataError::NotEntity => "metadata-not-entity",
            MetadataError::EntityId => "metadata-entity-id",
            MetadataError::NoSignInAddress | MetadataError::UnsafeAddress => {
                "metadata-no-address-to-sign-in"
            }
            MetadataError::NoCertificate | MetadataError::Certificate(_) => "metadata-certificate",
            _ => "metadata-no-provider",
        };
        Self::unusable(code, sentence(&error))
    }
}

impl From<SsoError> for Problem {
    fn from(error: SsoError) -> Self {
        tracing::info!(%error, "an identity provider cannot be used");
        let code = match error {
            SsoError::NoClient => return Self::internal(),
            SsoError::Unreachable | SsoError::Timeout => "provider-unreachable",
            SsoError::OutOfReach => "provider-not-public",
            SsoError::UnsafeAddress => "provider-address",
            SsoError::OtherIssuer(_) => "provider-other-issuer",
            SsoError::UnsafeEndpoint(_) => "provider-endpoint",
            _ => "provider-answer",
        };
        Self::unusable(code, sentence(&error))
    }
}
