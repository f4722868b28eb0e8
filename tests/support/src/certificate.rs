//! Keys and certificates of the identity providers that the tests start.

use std::{path::Path, process::Command};

/// Makes `NAME.pem`, an RSA key, and `NAME.crt`, a certificate of it that it signs itself.
///
/// # Panics
/// When `openssl` is missing; `cargo xtask test` installs it.
pub(crate) fn make(folder: &Path, name: &str) {
    let output = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650"])
        .args(["-subj", &format!("/CN={name}"), "-keyout", &format!("{name}.pem")])
        .args(["-out", &format!("{name}.crt")])
        .current_dir(folder)
        .output()
        .expect("openssl is there: `cargo xtask test` installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
