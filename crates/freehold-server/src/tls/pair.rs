//! A certificate with its private key, read from two PEM files.

use std::{path::Path, sync::Arc, time::Duration};

use freehold_directory::Timestamp;
use rustls::{
    Error, InconsistentKeys,
    client::verify_server_name,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
    server::ParsedCertificate,
    sign::CertifiedKey,
};
use x509_cert::{Certificate, der::Decode};

use crate::config::{ConfigError, TlsFiles};

/// A certificate whose key is at hand.
pub(super) struct Pair(Arc<CertifiedKey>);

impl Pair {
    /// Reads both files.
    ///
    /// # Errors
    /// A file cannot be read or holds something else; the key is encrypted or another's.
    pub(super) fn read(files: &TlsFiles) -> Result<Self, ConfigError> {
        let chain = read_chain(&files.certificate)?;
        let key = read_key(&files.key)?;
        let (certificate, key_file) = (files.certificate.display(), files.key.display());
        CertifiedKey::from_der(chain, key, &ring::default_provider())
            .map(|pair| Self(Arc::new(pair)))
            .map_err(|error| match error {
                Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => ConfigError(format!(
                    "FREEHOLD_TLS_KEY: {key_file} is not the key of the first certificate in \
                     {certificate}; name the two files that were issued together, the server's own \
                     certificate before its chain"
                )),
                Error::InvalidCertificate(_) => ConfigError(format!(
                    "FREEHOLD_TLS_CERT: the first certificate in {certificate} cannot be read \
                     ({error})"
                )),
                _ => ConfigError(format!(
                    "FREEHOLD_TLS_KEY: the key in {key_file} cannot be used ({error}); use RSA from \
                     2048 bits, or ECDSA P-256 or P-384"
                )),
            })
    }

    /// What is shown in a handshake.
    pub(super) fn shown(&self) -> Arc<CertifiedKey> {
        self.0.clone()
    }

    /// Whether this is the same certificate. Its key fits, so the key is the same.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.0.cert == other.0.cert
    }

    /// When the certificate ends, if it says so in a form that can be read.
    pub(super) fn ends(&self) -> Option<Timestamp> {
        let certificate = Certificate::from_der(self.0.cert.first()?).ok()?;
        let end: Duration = certificate.tbs_certificate.validity.not_after.to_unix_duration();
        Some(Timestamp::default().plus(end))
    }

    /// Whether browsers accept the certificate for this host (RFC 9525).
    pub(super) fn is_for(&self, host: &ServerName<'_>) -> bool {
        let parsed = self.0.cert.first().map(ParsedCertificate::try_from);
        parsed.is_some_and(|parsed| parsed.is_ok_and(|it| verify_server_name(&it, host).is_ok()))
    }
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, ConfigError> {
    let pem = read_file("FREEHOLD_TLS_CERT", path)?;
    let refused =
        |why: String| ConfigError(format!("FREEHOLD_TLS_CERT: {} holds {why}", path.display()));
    let chain = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| refused(format!("PEM that cannot be read ({error})")))?;
    if chain.is_empty() {
        return Err(refused(
            "no certificate; a PEM file has lines -----BEGIN CERTIFICATE-----".to_owned(),
        ));
    }
    Ok(chain)
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>, ConfigError> {
    let pem = read_file("FREEHOLD_TLS_KEY", path)?;
    // RFC 7468 §11, and the older form of OpenSSL.
    if contains(&pem, b"BEGIN ENCRYPTED PRIVATE KEY") || contains(&pem, b"Proc-Type: 4,ENCRYPTED") {
        return Err(ConfigError(format!(
            "FREEHOLD_TLS_KEY: the key in {0} is encrypted; write it without a passphrase, readable \
             for the server's account only: openssl pkey -in {0} -out KEY.pem",
            path.display()
        )));
    }
    PrivateKeyDer::from_pem_slice(&pem).map_err(|error| {
        ConfigError(format!(
            "FREEHOLD_TLS_KEY: {} holds no private key in PEM ({error})",
            path.display()
        ))
    })
}

fn read_file(setting: &str, path: &Path) -> Result<Vec<u8>, ConfigError> {
    std::fs::read(path).map_err(|error| {
        ConfigError(format!("{setting}: cannot read the file {}: {error}", path.display()))
    })
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
