//! The line to a PostgreSQL server elsewhere: encrypted to a known peer, or not used at all.
//!
//! The server here speaks only the first words of the protocol, then refuses the password. Its
//! certificate in `tls/` is for `localhost` and signed by the authority beside it, whose key was
//! thrown away.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::Arc,
    thread::{self, JoinHandle},
};

use freehold_store::{Database, DatabaseConfig};
use rustls::{
    ServerConfig, ServerConnection, Stream,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

/// What the server says once it has seen a password in the right place.
const REFUSAL: &str = "the line was encrypted";

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engine/tls").join(name)
}

/// Serves one connection; answers whether anything but the wish for TLS came in the clear.
fn serve_once(offers_tls: bool) -> (u16, JoinHandle<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = thread::spawn(move || {
        let (mut line, _) = listener.accept().unwrap();
        let mut wish = [0; 8];
        line.read_exact(&mut wish).unwrap();
        // SSLRequest, PostgreSQL documentation section 55.7.
        assert_eq!(wish, [0, 0, 0, 8, 4, 210, 22, 47]);
        if offers_tls {
            line.write_all(b"S").unwrap();
            refuse_inside_tls(&mut line);
            return false;
        }
        line.write_all(b"N").unwrap();
        let mut rest = Vec::new();
        line.read_to_end(&mut rest).is_ok_and(|read| read > 0)
    });
    (port, server)
}

fn refuse_inside_tls(line: &mut TcpStream) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let certificate = CertificateDer::from_pem_file(file("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(file("server-key.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let mut session = ServerConnection::new(Arc::new(config)).unwrap();
    let mut inside = Stream::new(&mut session, line);
    let mut start = [0; 256];
    // A client that does not trust the certificate breaks off here.
    let Ok(length) = inside.read(&mut start) else { return };
    assert!(String::from_utf8_lossy(&start[..length]).contains("ada"));
    let fields = format!("SFATAL\0C28P01\0M{REFUSAL}\0\0");
    let mut answer = vec![b'E'];
    answer.extend(u32::try_from(fields.len() + 4).unwrap().to_be_bytes());
    answer.extend(fields.as_bytes());
    inside.write_all(&answer).unwrap();
    inside.flush().unwrap();
}

fn refusal(host: &str, port: u16, parameters: &str) -> String {
    let url = format!("postgres://ada:s3cret@{host}:{port}/f?sslmode=verify-full{parameters}");
    match Database::open(&DatabaseConfig::for_url(&url)) {
        Err(refusal) => refusal.to_string(),
        Ok(_) => panic!("this server opens nothing"),
    }
}

fn known_authority() -> String {
    format!("&sslrootcert={}", file("authority.pem").display())
}

#[test]
fn a_server_with_a_certificate_of_the_named_authority_is_talked_to() {
    let (port, server) = serve_once(true);
    let refusal = refusal("localhost", port, &known_authority());
    assert!(refusal.contains(REFUSAL), "{refusal}");
    server.join().unwrap();
}

#[test]
fn a_certificate_of_an_unknown_authority_is_refused_with_what_to_do() {
    let (port, server) = serve_once(true);
    let refusal = refusal("localhost", port, "");
    assert!(refusal.contains("sslrootcert=FILE"), "{refusal}");
    server.join().unwrap();
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let (port, server) = serve_once(true);
    let refusal = refusal("127.0.0.1", port, &known_authority());
    assert!(refusal.contains("certificate"), "{refusal}");
    server.join().unwrap();
}

#[test]
fn a_server_without_tls_gets_to_hear_nothing() {
    let (port, server) = serve_once(false);
    let refusal = refusal("localhost", port, &known_authority());
    assert!(refusal.contains("TLS"), "{refusal}");
    assert!(!server.join().unwrap(), "something was said in the clear");
}

#[test]
fn a_root_certificate_file_that_is_missing_or_holds_none_is_named() {
    for name in ["missing.pem", "../tls.rs"] {
        let refusal = refusal("localhost", 1, &format!("&sslrootcert={}", file(name).display()));
        assert!(refusal.contains("root certificate file"), "{refusal}");
    }
}
