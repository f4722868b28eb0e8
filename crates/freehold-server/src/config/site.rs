//! The site as browsers see it: one origin.

use std::net::{IpAddr, SocketAddr};

use url::{Host, Url};

use super::ConfigError;

/// The public origin of this server: scheme, host and port, nothing else.
///
/// The origin goes into what browsers sign (`key-protocol`, M), so there is exactly one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    origin: String,
    https: bool,
}

impl Site {
    /// Parses `https://host[:port]`, or `http://` for a host that is this machine.
    ///
    /// # Errors
    /// A text that says what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text)
            .map_err(|_| format!("`{text}` is not a URL; example: https://freehold.example"))?;
        let bare = matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !bare {
            return Err(format!(
                "`{text}` has more than scheme, host and port; leave the rest out"
            ));
        }
        let https = match url.scheme() {
            "https" => true,
            // Secure cookies and WebCrypto need https; browsers make an exception for this machine.
            "http" if url.host().is_some_and(|host| is_loopback(&host)) => false,
            "http" => {
                return Err(format!(
                    "`{text}` uses http, which is allowed for localhost only; use https, by \
                     FREEHOLD_TLS_CERT or a reverse proxy"
                ));
            }
            _ => return Err(format!("`{text}` is neither https:// nor http://")),
        };
        Ok(Self { origin: url.origin().ascii_serialization(), https })
    }

    /// The site of a server that nobody named: `http://localhost:PORT`, on this machine only.
    ///
    /// # Errors
    /// The server listens where others can reach it.
    pub fn derived(bound: SocketAddr) -> Result<Self, ConfigError> {
        if !bound.ip().is_loopback() {
            return Err(ConfigError(format!(
                "FREEHOLD_LISTEN is {bound}, which others can reach, but FREEHOLD_PUBLIC_URL is not \
                 set; set it to the https URL that browsers use"
            )));
        }
        Ok(Self { origin: format!("http://localhost:{}", bound.port()), https: false })
    }

    /// Scheme, host and port as a browser writes them in `Origin`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The host alone, an IPv6 address without its brackets.
    #[must_use]
    pub fn host(&self) -> String {
        let url = Url::parse(&self.origin).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        host.trim_matches(['[', ']']).to_owned()
    }

    /// Whether browsers reach the site by https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// The URL of a path of this site; `path` starts with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// The base URL that identity providers are given for SCIM.
    #[must_use]
    pub fn scim_url(&self) -> String {
        self.url("/scim/v2")
    }

    /// Where a one-time link leads. Its secret follows as the fragment, which browsers keep to themselves: it comes into no
    /// log and no `Referer`.
    #[must_use]
    pub fn enter_url(&self) -> String {
        self.url("/enter/")
    }

    /// Where SCIM clients get their access tokens.
    #[must_use]
    pub fn token_url(&self) -> String {
        self.url("/oauth/token")
    }

    /// Where identity providers send people back to.
    #[must_use]
    pub fn oidc_redirect_uri(&self) -> String {
        self.url("/oidc/callback")
    }

    /// What SAML identity providers call this server, and where its metadata is.
    #[must_use]
    pub fn saml_entity_id(&self) -> String {
        self.url("/saml/metadata")
    }

    /// Where SAML identity providers post their answers.
    #[must_use]
    pub fn saml_acs(&self) -> String {
        self.url("/saml/acs")
    }

    /// Where OpenID providers post logout tokens.
    #[must_use]
    pub fn oidc_logout_uri(&self) -> String {
        self.url("/oidc/back-channel-logout")
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => IpAddr::V4(*address).is_loopback(),
        Host::Ipv6(address) => IpAddr::V6(*address).is_loopback(),
    }
}
