//! The one client that may use the provider.

use sha2::{Digest, Sha256};
use url::Url;

/// A client: who it is, and the one address that people are sent back to.
pub struct Client {
    id: String,
    secret_hash: [u8; 32],
    redirect_uri: Url,
}

/// A client that cannot be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The id is empty.
    #[error("the client id is empty")]
    NoId,
    /// The secret is empty.
    #[error("the client secret is empty")]
    NoSecret,
    /// The redirect URI is no http or https address without fragment.
    #[error("the redirect URI must be an http:// or https:// address without `#`")]
    RedirectUri,
}

impl Client {
    /// Registers a client; of the secret only the hash is kept.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn new(id: &str, secret: &str, redirect_uri: &str) -> Result<Self, ClientError> {
        if id.is_empty() {
            return Err(ClientError::NoId);
        }
        if secret.is_empty() {
            return Err(ClientError::NoSecret);
        }
        let redirect_uri = Url::parse(redirect_uri).map_err(|_| ClientError::RedirectUri)?;
        let web = matches!(redirect_uri.scheme(), "http" | "https") && redirect_uri.has_host();
        if !web || redirect_uri.fragment().is_some() {
            return Err(ClientError::RedirectUri);
        }
        Ok(Self { id: id.to_owned(), secret_hash: hash(secret), redirect_uri })
    }

    /// The client id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where people are sent back to.
    #[must_use]
    pub fn redirect_uri(&self) -> &Url {
        &self.redirect_uri
    }

    /// Scheme, host and port of the client.
    #[must_use]
    pub fn origin(&self) -> String {
        self.redirect_uri.origin().ascii_serialization()
    }

    /// Whether these are its id and secret. Hashes are compared, so time tells nothing.
    pub(super) fn is(&self, id: &str, secret: &str) -> bool {
        id == self.id && hash(secret) == self.secret_hash
    }
}

fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_needs_id_secret_and_a_web_address() {
        assert!(Client::new("a", "s", "http://localhost:8080/oidc/callback").is_ok());
        assert_eq!(Client::new("", "s", "http://a/").err(), Some(ClientError::NoId));
        assert_eq!(Client::new("a", "", "http://a/").err(), Some(ClientError::NoSecret));
        for uri in ["", "/callback", "javascript:alert(1)", "http://a/#x", "urn:a"] {
            assert_eq!(Client::new("a", "s", uri).err(), Some(ClientError::RedirectUri), "{uri}");
        }
    }
}
