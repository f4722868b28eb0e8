//! What the server links, and what it therefore cannot do.

use std::process::Command;

#[test]
fn the_server_links_no_code_that_opens_envelopes() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "-p", "freehold-server"])
        .args(["--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    let names: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains(&"freehold-wire"), "the list is read: {names:?}");
    for secret in ["freehold-keys", "argon2", "chacha20poly1305", "hpke", "bip39", "freehold-demo"]
    {
        assert!(!names.contains(&secret), "the server links {secret}");
    }
}
