//! The issuer of a connection, checked when it is configured.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// Longest issuer accepted, in characters.
const MAX_LENGTH: usize = 512;

/// Where discovery documents are (OpenID Connect Discovery §4); admins paste it with the issuer.
pub(crate) const DISCOVERY_SUFFIX: &str = "/.well-known/openid-configuration";

/// Microsoft's sign-in hosts: worldwide, US government, China.
const MICROSOFT_HOSTS: [&str; 3] =
    ["login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"];

/// An OpenID Connect issuer: an https URL (plain http only for this very machine) without user,
/// query and fragment, which names exactly one tenant. The text is kept as it was written, for
/// issuers are compared character by character (OpenID Connect Core §3.1.3.7, point 2).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Issuer {
    text: String,
    loopback: bool,
}

/// Why a text cannot be the issuer of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssuerError {
    /// It is no URL with a host.
    #[error("the issuer is not an URL such as https://idp.example.com")]
    NotUrl,
    /// It is longer than 512 characters.
    #[error("the issuer is longer than 512 characters")]
    TooLong,
    /// It is not https, and its host is not this machine.
    #[error("the issuer must start with https:// (plain http is for this very machine only)")]
    NotHttps,
    /// It carries a user, a query or a fragment.
    #[error("the issuer must have no user name, no `?` and no `#`")]
    Decorated,
    /// It is the address of the discovery document.
    #[error("give the issuer itself, without /.well-known/openid-configuration")]
    DiscoveryDocument,
    /// It stands for many tenants of Microsoft Entra.
    #[error(
        "this authority stands for every tenant; give your own: \
         https://login.microsoftonline.com/YOUR-TENANT-ID/v2.0"
    )]
    ManyTenants,
}

impl Issuer {
    /// Checks the text.
    ///
    /// # Errors
    /// Says what is wrong with it, in words for an admin.
    pub fn parse(text: &str) -> Result<Self, IssuerError> {
        if text.len() > MAX_LENGTH {
            return Err(IssuerError::TooLong);
        }
        // Url::parse drops tabs and line ends and repairs much else; an issuer is exact.
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(IssuerError::NotUrl);
        }
        let url = Url::parse(text).map_err(|_| IssuerError::NotUrl)?;
        let Some(host) = url.host() else { return Err(IssuerError::NotUrl) };
        let loopback = is_loopback(&host);
        if !(url.scheme() == "https" || url.scheme() == "http" && loopback) {
            return Err(IssuerError::NotHttps);
        }
        if is_decorated(&url) {
            return Err(IssuerError::Decorated);
        }
        if text.trim_end_matches('/').ends_with(DISCOVERY_SUFFIX) {
            return Err(IssuerError::DiscoveryDocument);
        }
        if stands_for_many_tenants(text, &url) {
            return Err(IssuerError::ManyTenants);
        }
        Ok(Self { text: text.to_owned(), loopback })
    }

    /// The issuer as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the issuer runs on this very machine, where plain http is accepted.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Issuer({})", self.text)
    }
}

impl FromStr for Issuer {
    type Err = IssuerError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Whether traffic to this host stays on this machine.
pub(crate) fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        // RFC 6761 §6.3: `localhost` and names below it are this machine.
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

fn is_decorated(url: &Url) -> bool {
    // OpenID Connect Discovery §3: the issuer has no query or fragment component.
    !url.username().is_empty()
        || url.password().is_some()
        || url.query().is_some()
        || url.fragment().is_some()
}

/// Entra's `common`, `organizations` and `consumers` publish the issuer with the literal
/// `{tenantid}`: it equals no token's issuer, and loosening that comparison lets every tenant in.
fn stands_for_many_tenants(text: &str, url: &Url) -> bool {
    let first = url.path_segments().and_then(|mut segments| segments.next()).unwrap_or_default();
    let microsoft = url.host_str().is_some_and(|host| MICROSOFT_HOSTS.contains(&host));
    text.contains('{')
        || microsoft
            && ["", "common", "organizations", "consumers"]
                .iter()
                .any(|shared| first.eq_ignore_ascii_case(shared))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_issuers_are_kept_as_written() {
        for text in [
            "https://idp.example.com",
            "https://idp.example.com/",
            "https://idp.example.com:8443/realms/acme",
            "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0",
            "HTTPS://IDP.example.com",
        ] {
            let issuer = Issuer::parse(text).expect(text);
            assert_eq!(issuer.as_str(), text);
            assert!(!issuer.is_loopback());
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for text in ["http://127.0.0.1:8180", "http://localhost:8102", "http://[::1]:9"] {
            assert!(Issuer::parse(text).expect(text).is_loopback());
        }
        for text in [
            "http://idp.example.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1",
            "ftp://idp.example.com",
        ] {
            assert_eq!(Issuer::parse(text), Err(IssuerError::NotHttps), "{text}");
        }
    }

    #[test]
    fn an_issuer_has_no_user_query_or_fragment() {
        for text in [
            "https://user@idp.example.com",
            "https://:secret@idp.example.com",
            "https://idp.example.com/?tenant=a",
            "https://idp.example.com/#",
        ] {
            assert_eq!(Issuer::parse(text), Err(IssuerError::Decorated), "{text}");
        }
    }

    #[test]
    fn what_the_url_parser_would_repair_is_refused() {
        for text in ["", " https://a.example", "https://a.exam\tple", "https://a.example\n", "x"] {
            assert_eq!(Issuer::parse(text), Err(IssuerError::NotUrl), "{text:?}");
        }
        let long = format!("https://a.example/{}", "x".repeat(600));
        assert_eq!(Issuer::parse(&long), Err(IssuerError::TooLong));
    }

    #[test]
    fn an_authority_for_every_tenant_is_refused() {
        for text in [
            "https://login.microsoftonline.com/common/v2.0",
            "https://login.microsoftonline.com/Organizations/v2.0",
            "https://login.microsoftonline.com/consumers/v2.0",
            "https://login.microsoftonline.com",
            "https://login.microsoftonline.us/common/v2.0",
            "https://login.microsoftonline.com/{tenantid}/v2.0",
        ] {
            assert_eq!(Issuer::parse(text), Err(IssuerError::ManyTenants), "{text}");
        }
    }

    #[test]
    fn the_address_of_the_discovery_document_is_not_the_issuer() {
        let text = "https://idp.example.com/.well-known/openid-configuration";
        assert_eq!(Issuer::parse(text), Err(IssuerError::DiscoveryDocument));
    }
}
