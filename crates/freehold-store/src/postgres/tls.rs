//! TLS to PostgreSQL: always with a verified certificate.

use std::{path::Path, sync::Arc, time::Duration};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::OpenError;

/// How long a line may be silent before the operating system asks whether the peer lives.
pub(super) const SILENCE: Duration = Duration::from_secs(15);

/// A connector that trusts the authorities in a PEM file, or the public web authorities.
pub(super) fn connector(root_certificate: Option<&Path>) -> Result<MakeRustlsConnect, OpenError> {
    let roots = match root_certificate {
        // libpq's word for "the authorities everybody trusts".
        Some(path) if path != Path::new("system") => authorities_in(path)?,
        _ => RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() },
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| OpenError::Address(format!("TLS cannot be set up: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn authorities_in(path: &Path) -> Result<RootCertStore, OpenError> {
    let refuse = |reason: String| {
        OpenError::Address(format!("the root certificate file {}: {reason}", path.display()))
    };
    let mut roots = RootCertStore::empty();
    for certificate in
        CertificateDer::pem_file_iter(path).map_err(|error| refuse(error.to_string()))?
    {
        let certificate = certificate.map_err(|error| refuse(error.to_string()))?;
        roots.add(certificate).map_err(|error| refuse(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(refuse("it holds no certificate in PEM form".to_owned()));
    }
    Ok(roots)
}
