//! Starting and stopping: what goes wrong is said so that the operator can mend it.

use std::{
    io::Read,
    net::{TcpListener, TcpStream},
};

use crate::support::{Installation, text};

#[test]
fn a_database_that_others_may_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let installation = Installation::new();
    let Some(file) = installation.database_url().strip_prefix("sqlite://").map(str::to_owned)
    else {
        return;
    };
    let told = "may read the database; chmod 600";
    let words =
        |installation: &Installation| text(&installation.run(&["organization", "list"]).stderr);
    assert!(!words(&installation).contains(told), "made for its owner alone");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let words = words(&installation);
    assert!(words.contains(told) && words.contains(&file), "{words}");
}

/// Starts a server that must refuse to start.
fn refusal(installation: &Installation) -> (i32, String) {
    installation.refused(&["serve"])
}

#[test]
fn a_taken_port_is_named_with_the_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut installation = Installation::new();
    installation.set("FREEHOLD_LISTEN", &address);
    let (code, error) = refusal(&installation);
    assert_eq!(code, 1);
    assert!(error.contains(&format!("{address} is in use")), "{error}");
    assert!(error.contains("FREEHOLD_LISTEN"), "{error}");
}

#[test]
fn wrong_settings_are_exit_code_two_and_name_what_to_mend() {
    for (name, value, advice) in [
        ("FREEHOLD_PUBLIC_ULR", "https://a.example", "did you mean FREEHOLD_PUBLIC_URL?"),
        ("FREEHOLD_PUBLIC_URL", "http://a.example", "https"),
        ("FREEHOLD_LISTEN", "0.0.0.0:0", "FREEHOLD_PUBLIC_URL"),
        ("FREEHOLD_LISTEN", "here", "127.0.0.1:8080"),
        ("FREEHOLD_CONFIG", "/nowhere.toml", "/nowhere.toml"),
        ("FREEHOLD_DATABASE_URL", "mysql://root:hunter2@db/x", "postgres://"),
    ] {
        let mut installation = Installation::new();
        installation.set(name, value);
        let (code, error) = refusal(&installation);
        assert_eq!(code, 2, "{name}={value}: {error}");
        assert!(error.contains(advice), "{error}");
        assert!(!error.contains("hunter2") && !error.contains("panicked"), "{error}");
    }
}

#[test]
fn the_configuration_file_of_the_command_line_is_read() {
    let installation = Installation::new();
    let path = installation.folder().join("freehold.toml");
    std::fs::write(&path, "databse_url = \"sqlite://x\"\n").unwrap();
    let (code, error) = installation.refused(&["--config", "freehold.toml", "serve"]);
    assert_eq!(code, 2);
    assert!(error.contains("databse_url") && error.contains("mean database_url?"), "{error}");
}

#[test]
fn a_database_that_cannot_be_used_is_named() {
    let mut installation = Installation::new();
    let file = installation.folder().join("not-a-database.db");
    std::fs::write(&file, "x".repeat(8192)).unwrap();
    for url in [
        format!("sqlite://{}", file.display()),
        format!("sqlite://{}", installation.folder().display()),
        "postgres://freehold:hunter2@127.0.0.1:1/freehold".to_owned(),
    ] {
        installation.set("FREEHOLD_DATABASE_URL", &url);
        let (code, error) = refusal(&installation);
        assert_eq!(code, 1, "{error}");
        assert!(error.contains("the database cannot be opened"), "{error}");
        assert!(!error.contains("hunter2") && !error.contains("panicked"), "{error}");
    }
}

#[test]
fn a_server_ends_by_itself_when_told_to() {
    let installation = Installation::new();
    installation.acme();
    let server = installation.serve();
    server.request("GET", "/readyz").send().is(200);
    assert_eq!(server.stop(), 0);
    installation.list(&["organization", "list"]);
}

#[test]
fn health_says_ok_and_readiness_asks_the_database() {
    let server = Installation::new().serve_new();
    assert_eq!(server.request("GET", "/healthz").send().is(200).text(), "ok\n");
    assert_eq!(server.request("GET", "/readyz").send().is(200).json()["database"], "ready");
}

#[test]
fn a_client_that_sends_nothing_is_cut_off() {
    let server = Installation::new().serve_new();
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(30))).unwrap();
    let mut answer = Vec::new();
    // The server's own limit is 10 seconds; what it says before it hangs up does not matter.
    stream.read_to_end(&mut answer).unwrap();
    assert!(answer.is_empty() || text(&answer).starts_with("HTTP/1.1 408"));
}

#[test]
fn data_is_for_the_server_s_account_only() {
    use std::os::unix::fs::PermissionsExt;
    let installation = Installation::new();
    installation.acme();
    let data = installation.folder().join("data");
    if data.exists() {
        assert_eq!(std::fs::metadata(data).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
