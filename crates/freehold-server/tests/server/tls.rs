//! The server's own TLS: what it shows, what it takes instead, and what it says of a pair that
//! does not fit.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::Arc,
};

use freehold_server::{
    config::{Site, TlsFiles},
    tls::{self, Certificates},
};
use rustls::{
    ServerConnection, SupportedProtocolVersion,
    pki_types::CertificateDer,
    version::{TLS12, TLS13},
};
use tempfile::TempDir;

use crate::support::{
    Installation, Server,
    identity::{Identity, NAME, browser, shake_hands},
    path_text,
};

/// An installation that speaks TLS as [`NAME`].
fn encrypted(identity: &Identity) -> Installation {
    let mut installation = Installation::new();
    let (certificate, key) = identity.write(installation.folder());
    installation.set("FREEHOLD_TLS_CERT", &path_text(&certificate));
    installation.set("FREEHOLD_TLS_KEY", &path_text(&key));
    installation.set("FREEHOLD_PUBLIC_URL", &format!("https://{NAME}"));
    installation
}

#[test]
fn the_pages_come_by_tls_1_3_and_1_2_and_browsers_are_told_to_stay_with_it() {
    let identity = Identity::new();
    let server = encrypted(&identity).serve_new();
    let versions: [&'static SupportedProtocolVersion; 2] = [&TLS13, &TLS12];
    for version in versions {
        let mut stream = shake_hands(server.address(), browser(&[&identity], &[version]));
        assert_eq!(stream.conn.protocol_version(), Some(version.version));
        // HTTP/2 was offered too; what the server does not speak it does not choose.
        assert_eq!(stream.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
        let reply = server.request("GET", "/").send_over(&mut stream).is(303);
        assert_eq!(reply.header("strict-transport-security"), Some("max-age=31536000"));
    }
}

#[test]
fn nobody_is_answered_in_the_clear() {
    let server = encrypted(&Identity::new()).serve_new();
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: freehold.example\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    // What comes back, if anything, is an alert of TLS.
    let _ = stream.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "{}", answer.escape_ascii());
}

#[test]
fn who_connects_and_does_not_shake_hands_is_cut_off() {
    let server = encrypted(&Identity::new()).serve_new();
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(30))).unwrap();
    // The server's own limit is 10 seconds.
    assert_eq!(stream.read(&mut [0; 64]).unwrap(), 0);
}

/// Certificates in a folder, without a server.
struct Folder {
    folder: TempDir,
    certificates: Arc<Certificates>,
}

impl Folder {
    fn with(identity: &Identity) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = identity.write(folder.path());
        let files = TlsFiles { certificate, key };
        let site = Site::parse(&format!("https://{NAME}")).unwrap();
        Self { certificates: Arc::new(Certificates::load(&files, &site).unwrap()), folder }
    }

    /// What a handshake shows that begins now.
    fn shown(&self, trusted: &[&Identity]) -> CertificateDer<'static> {
        let config = tls::server_config(self.certificates.clone()).unwrap();
        let mut server = ServerConnection::new(Arc::new(config)).unwrap();
        let mut browser = browser(trusted, &[&TLS13]);
        while browser.is_handshaking() || server.is_handshaking() {
            let mut line = Vec::new();
            while browser.wants_write() {
                browser.write_tls(&mut line).unwrap();
            }
            let mut sent = line.as_slice();
            while !sent.is_empty() {
                server.read_tls(&mut sent).unwrap();
                server.process_new_packets().unwrap();
            }
            line.clear();
            while server.wants_write() {
                server.write_tls(&mut line).unwrap();
            }
            let mut sent = line.as_slice();
            while !sent.is_empty() {
                browser.read_tls(&mut sent).unwrap();
                browser.process_new_packets().unwrap();
            }
        }
        browser.peer_certificates().unwrap()[0].clone()
    }
}

#[test]
fn the_next_handshake_shows_a_renewed_certificate() {
    let (before, after) = (Identity::new(), Identity::new());
    let folder = Folder::with(&before);
    let both = [&before, &after];
    assert_eq!(folder.shown(&both), before.certificate);
    after.write(folder.folder.path());
    assert_eq!(folder.shown(&both), before.certificate, "files are not read in a handshake");
    assert!(folder.certificates.reload().unwrap());
    assert_eq!(folder.shown(&both), after.certificate);
    assert!(!folder.certificates.reload().unwrap(), "nothing changed since");
}

#[test]
fn a_bad_pair_keeps_the_one_before() {
    let (before, other) = (Identity::new(), Identity::new());
    let folder = Folder::with(&before);
    for (file, content) in bad_files(&before, &other) {
        before.write(folder.folder.path());
        let path = folder.folder.path().join(file);
        match content {
            Some(content) => std::fs::write(&path, content).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        let error = folder.certificates.reload().unwrap_err().to_string();
        assert!(error.contains(&path_text(&path)), "{error}");
        assert_eq!(folder.shown(&[&before]), before.certificate);
    }
}

/// Names and contents of files that do not belong beside their neighbour; `None` for a missing one.
fn bad_files(good: &Identity, other: &Identity) -> Vec<(&'static str, Option<String>)> {
    vec![
        ("fullchain.pem", None),
        ("fullchain.pem", Some(String::new())),
        ("fullchain.pem", Some(good.key_pem.clone())),
        ("fullchain.pem", Some(other.certificate_pem.clone())),
        // The chain before the server's own certificate.
        ("fullchain.pem", Some(format!("{}{}", other.certificate_pem, good.certificate_pem))),
        ("fullchain.pem", Some(good.certificate_pem.replace("MII", "!!!"))),
        ("fullchain.pem", Some(pem("CERTIFICATE", "AAAA"))),
        ("privkey.pem", None),
        ("privkey.pem", Some(String::new())),
        ("privkey.pem", Some(good.certificate_pem.clone())),
        ("privkey.pem", Some(other.key_pem.clone())),
        ("privkey.pem", Some(pem("PRIVATE KEY", "AAAA"))),
        ("privkey.pem", Some(pem("ENCRYPTED PRIVATE KEY", "AAAA"))),
        ("privkey.pem", Some(pem("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\n\nAAAA"))),
    ]
}

fn pem(label: &str, content: &str) -> String {
    format!("-----BEGIN {label}-----\n{content}\n-----END {label}-----\n")
}

#[test]
fn a_server_does_not_start_with_a_bad_pair_and_says_what_to_mend() {
    let (good, other) = (Identity::new(), Identity::new());
    let installation = encrypted(&good);
    for (file, content) in bad_files(&good, &other) {
        good.write(installation.folder());
        let path = installation.folder().join(file);
        match &content {
            Some(content) => std::fs::write(&path, content).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        let (code, error) = installation.refused(&["serve"]);
        assert_eq!(code, 2, "{error}");
        assert!(error.contains(&path_text(&path)) && error.contains("FREEHOLD_TLS_"), "{error}");
        assert!(!error.contains("panicked"), "{error}");
    }
}

#[test]
fn each_mistake_has_its_own_words() {
    let (good, other) = (Identity::new(), Identity::new());
    let installation = encrypted(&good);
    for (file, content, words) in [
        ("fullchain.pem", good.key_pem.clone(), "holds no certificate"),
        ("privkey.pem", good.certificate_pem.clone(), "holds no private key"),
        ("privkey.pem", other.key_pem, "is not the key of the first certificate"),
        ("privkey.pem", pem("ENCRYPTED PRIVATE KEY", "AAAA"), "openssl pkey -in"),
        ("privkey.pem", pem("PRIVATE KEY", "AAAA"), "cannot be used"),
    ] {
        good.write(installation.folder());
        std::fs::write(installation.folder().join(file), content).unwrap();
        let (_, error) = installation.refused(&["serve"]);
        assert!(error.contains(words), "{words}: {error}");
    }
}

#[test]
fn settings_of_tls_that_contradict_each_other_are_refused() {
    let good = Identity::new();
    for (name, value, advice) in [
        ("FREEHOLD_TLS_KEY", None, "set both, or neither"),
        ("FREEHOLD_TLS_CERT", None, "set both, or neither"),
        ("FREEHOLD_PUBLIC_URL", None, "FREEHOLD_PUBLIC_URL to https://"),
        ("FREEHOLD_PUBLIC_URL", Some("http://localhost:8080"), "FREEHOLD_PUBLIC_URL to https://"),
        ("FREEHOLD_TLS_KEY", Some(good.key_pem.as_str()), "path of a PEM file"),
    ] {
        let mut installation = encrypted(&good);
        match value {
            Some(value) => installation.set(name, value),
            None => installation.unset(name),
        }
        let (code, error) = installation.refused(&["serve"]);
        assert_eq!(code, 2, "{error}");
        assert!(error.contains(advice) && !error.contains("BEGIN"), "{error}");
    }
}

/// Asks the server to read its certificate again.
fn hang_up(server: &Server) {
    server.signal("-HUP");
}

#[test]
fn on_sighup_a_running_server_takes_the_new_pair_and_refuses_a_bad_one() {
    let (before, after) = (Identity::new(), Identity::new());
    let installation = encrypted(&before);
    let server = installation.serve();
    let shown = || {
        let stream = shake_hands(server.address(), browser(&[&before, &after], &[&TLS13]));
        stream.conn.peer_certificates().unwrap()[0].clone()
    };
    assert_eq!(shown(), before.certificate);

    std::fs::write(installation.folder().join("privkey.pem"), &after.key_pem).unwrap();
    hang_up(&server);
    server.wait_for_log("the TLS certificate was not replaced");
    assert_eq!(shown(), before.certificate);

    after.write(installation.folder());
    hang_up(&server);
    server.wait_for_log("a new TLS certificate is in use");
    assert_eq!(shown(), after.certificate);

    hang_up(&server);
    server.wait_for_log("the TLS certificate is unchanged");
    assert!(!server.log().contains("PRIVATE KEY"));
}

#[test]
fn a_certificate_that_browsers_will_refuse_is_said_and_used() {
    let expired = encrypted(&Identity::make(NAME, 2001)).serve_new();
    expired.wait_for_log("the TLS certificate has expired");
    let strange = encrypted(&Identity::make("other.example", 2300)).serve_new();
    strange.wait_for_log("not for the host of FREEHOLD_PUBLIC_URL");
    let good = encrypted(&Identity::new()).serve_new();
    hang_up(&good);
    good.wait_for_log("the TLS certificate is unchanged");
    assert!(!good.log().contains("FREEHOLD_PUBLIC_URL") && !good.log().contains("expire"));
}
