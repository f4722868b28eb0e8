//! Certificates made for a test, and a browser that trusts them.

use std::{
    net::TcpStream,
    path::{Path, PathBuf},
    sync::Arc,
};

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
    crypto::ring, pki_types::CertificateDer,
};

/// The name in the certificates.
pub const NAME: &str = "freehold.example";

/// A self-signed certificate and its key.
pub struct Identity {
    pub certificate: CertificateDer<'static>,
    pub certificate_pem: String,
    pub key_pem: String,
}

impl Identity {
    /// One that browsers would take for [`NAME`].
    pub fn new() -> Self {
        Self::make(NAME, 2300)
    }

    /// One for a name, until the end of a year.
    pub fn make(name: &str, year: i32) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_after = date_time_ymd(year, 12, 31);
        let certificate = params.self_signed(&key).unwrap();
        Self {
            certificate_pem: certificate.pem(),
            key_pem: key.serialize_pem(),
            certificate: certificate.der().clone(),
        }
    }

    /// Writes both files, as a renewal does.
    pub fn write(&self, folder: &Path) -> (PathBuf, PathBuf) {
        let (certificate, key) = (folder.join("fullchain.pem"), folder.join("privkey.pem"));
        std::fs::write(&certificate, &self.certificate_pem).unwrap();
        std::fs::write(&key, &self.key_pem).unwrap();
        (certificate, key)
    }
}

/// A browser for [`NAME`] that trusts these certificates and offers HTTP/2 as well.
pub fn browser(
    trusted: &[&Identity],
    versions: &[&'static SupportedProtocolVersion],
) -> ClientConnection {
    let mut roots = RootCertStore::empty();
    for identity in trusted {
        roots.add(identity.certificate.clone()).unwrap();
    }
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    ClientConnection::new(Arc::new(config), NAME.try_into().unwrap()).unwrap()
}

/// Connects and shakes hands.
pub fn shake_hands(
    address: &str,
    mut browser: ClientConnection,
) -> StreamOwned<ClientConnection, TcpStream> {
    let mut stream = TcpStream::connect(address).unwrap();
    while browser.is_handshaking() {
        browser.complete_io(&mut stream).unwrap();
    }
    StreamOwned::new(browser, stream)
}
