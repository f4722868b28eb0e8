//! TLS of the listener, for a server without a proxy: a certificate and its key from two PEM files,
//! read again when they change.

mod pair;
mod watch;

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use freehold_directory::Timestamp;
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::ServerName,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use self::pair::Pair;
pub use self::watch::Watch;
use crate::config::{ConfigError, Site, TlsFiles};

/// The certificate in use, and where the next one will stand.
pub struct Certificates {
    files: TlsFiles,
    host: String,
    current: RwLock<Pair>,
}

impl Certificates {
    /// Reads the certificate and its key.
    ///
    /// # Errors
    /// A file is missing or holds something else, the key is encrypted or another certificate's.
    pub fn load(files: &TlsFiles, site: &Site) -> Result<Self, ConfigError> {
        let current = RwLock::new(Pair::read(files)?);
        Ok(Self { files: files.clone(), host: site.host(), current })
    }

    /// Reads both files again; says whether another certificate is in use now. Handshakes that
    /// begin from here on show it.
    ///
    /// # Errors
    /// As [`load`](Self::load); the certificate before stays in use.
    pub fn reload(&self) -> Result<bool, ConfigError> {
        let next = Pair::read(&self.files)?;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let changed = !next.is_same(&current);
        *current = next;
        Ok(changed)
    }

    /// When the certificate in use ends, if that can be read from it.
    #[must_use]
    pub fn ends(&self) -> Option<Timestamp> {
        self.read(Pair::ends)
    }

    /// Whether browsers will accept the certificate for the public URL.
    #[must_use]
    pub fn is_for_the_site(&self) -> bool {
        ServerName::try_from(self.host.as_str())
            .is_ok_and(|host| self.read(|pair| pair.is_for(&host)))
    }

    fn read<T>(&self, look: impl FnOnce(&Pair) -> T) -> T {
        look(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificates").field("files", &self.files).finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.read(Pair::shown))
    }
}

/// TLS 1.2 and 1.3 with the certificate that is in use when a handshake begins.
///
/// # Errors
/// The cryptography that is linked has no such version, which is a mistake of the build.
pub fn server_config(certificates: Arc<Certificates>) -> Result<ServerConfig, ConfigError> {
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map(|builder| builder.with_no_client_auth().with_cert_resolver(certificates))
        .map_err(|error| ConfigError(format!("TLS cannot be set up: {error}")))
}
