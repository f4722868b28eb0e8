//! The command line, for people and for scripts.

use std::{io::Write, process::Stdio};

use crate::support::{Installation, Provider, new_user, text};

#[test]
fn every_command_explains_itself_with_an_example() {
    let installation = Installation::new();
    let commands: &[&[&str]] = &[
        &[],
        &["organization", "create"],
        &["organization", "list"],
        &["scim", "enable"],
        &["scim", "disable"],
        &["scim", "status"],
        &["token", "create"],
        &["token", "list"],
        &["token", "revoke"],
        &["client", "create"],
        &["client", "list"],
        &["client", "revoke"],
        &["connection", "add-oidc"],
        &["connection", "add-saml"],
        &["connection", "certificates"],
        &["connection", "list"],
        &["domain", "add"],
        &["domain", "verify"],
        &["domain", "list"],
        &["domain", "remove"],
        &["connection", "remove"],
        &["connection", "set-secret"],
        &["connection", "show"],
        &["connection", "test"],
        &["user", "list"],
        &["admin", "link"],
        &["role", "grant"],
        &["role", "revoke"],
        &["role", "map"],
        &["role", "unmap"],
        &["role", "list"],
        &["session", "list"],
        &["session", "end"],
        &["log"],
        &["audit", "export"],
        &["audit", "verify"],
        &["brake", "status"],
        &["brake", "confirm"],
        &["brake", "release"],
        &["brake", "set"],
    ];
    for command in commands {
        let arguments: Vec<&str> = command.iter().copied().chain(["-h"]).collect();
        let help = installation.must(&arguments);
        assert!(help.contains("Example"), "{command:?}: {help}");
    }
    for group in [
        "serve",
        "organization",
        "scim",
        "token",
        "client",
        "connection",
        "domain",
        "user",
        "admin",
        "role",
        "session",
        "log",
        "audit",
        "brake",
    ] {
        installation.must(&[group, "--help"]);
    }
    assert!(installation.must(&["serve", "--help"]).contains("FREEHOLD_DATABASE_URL"));
}

#[test]
fn token_create_prints_the_token_and_nothing_else() {
    let installation = Installation::new();
    installation.must(&["organization", "create", "acme", "--name", "Acme Ltd"]);
    let output = installation.run(&[
        "token",
        "create",
        "--organization",
        "acme",
        "--description",
        "entra",
        "--ttl-days",
        "30",
    ]);
    assert!(output.status.success());
    let token = text(&output.stdout);
    assert_eq!(token.len(), 48, "one line: the token");
    assert!(token.starts_with("fhs_") && token.ends_with('\n'));
    let words = text(&output.stderr);
    assert!(words.contains("/scim/v2") && words.contains("expires"), "{words}");
    assert!(!words.contains(token.trim()));
}

#[test]
fn tokens_are_listed_without_their_secret() {
    let installation = Installation::new();
    let token = installation.acme();
    let listed = installation.must(&["token", "list", "--organization", "acme"]);
    assert!(!listed.contains(&token) && listed.contains("valid") && listed.contains("test"));
    let list = installation.list(&["token", "list", "--organization", "acme"]);
    assert_eq!(list.len(), 1);
    assert_eq!(list[0]["description"], "test");
    assert_eq!(list[0]["state"], "valid");
    assert!(list[0]["lastUsedAt"].is_null());
    assert!(!list[0].to_string().contains(&token));
}

#[test]
fn ttl_is_bounded() {
    let installation = Installation::new();
    installation.acme();
    let create = ["token", "create", "--organization", "acme", "--description", "x", "--ttl-days"];
    for days in ["0", "367", "-1", "soon"] {
        let arguments: Vec<&str> = create.iter().copied().chain([days]).collect();
        assert_eq!(installation.refused(&arguments).0, 2, "{days}");
    }
}

#[test]
fn commands_say_what_to_do_when_they_are_refused() {
    let installation = Installation::new();
    installation.acme();
    for (arguments, advice) in [
        (&["organization", "create", "acme", "--name", "Again"][..], "already"),
        (&["organization", "create", "Acme Ltd", "--name", "x"], "a-z"),
        (&["scim", "status", "--organization", "nobody"], "organization list"),
        (&["token", "list", "--organization", "nobody"], "organization list"),
        (&["user", "list", "--organization", "nobody"], "organization list"),
        (&["token", "revoke", "--organization", "acme", "fhs_secret"], "token list"),
        (
            &["token", "revoke", "--organization", "acme", "0190163d-8694-739b-aea5-966c26f8ad91"],
            "token list",
        ),
    ] {
        let (code, error) = installation.refused(arguments);
        assert_eq!(code, 1, "{arguments:?}");
        let last = error.lines().last().unwrap();
        assert!(last.starts_with("error: ") && last.contains(advice), "{arguments:?}: {error}");
        assert!(!error.contains("fhs_secret"), "a pasted token is not repeated");
    }
    assert_eq!(installation.refused(&["organisation", "list"]).0, 2);
}

#[test]
fn a_connection_takes_its_secret_from_a_file_or_standard_input() {
    let installation = Installation::new();
    installation.must(&["organization", "create", "acme", "--name", "Acme Ltd"]);
    let file = installation.folder().join("secret");
    std::fs::write(&file, "client-secret-of-test\n").unwrap();
    let add = |name: &str, secret: &str| {
        let mut command = installation.command(&[
            "connection",
            "add-oidc",
            "--organization",
            "acme",
            "--name",
            name,
            "--issuer",
            "https://idp.example",
            "--client-id",
            "freehold",
            "--client-secret-file",
            secret,
        ]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(b"another-secret\n").unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert_eq!(text(&output.stdout).trim(), name);
        assert!(text(&output.stderr).contains("/oidc/callback"));
    };
    add("one", "secret");
    add("two", "-");
    let list = installation.list(&["connection", "list", "--organization", "acme"]);
    assert_eq!(list.len(), 2);
    assert_eq!(list[0]["issuer"], "https://idp.example");
    assert_eq!(list[0]["protocol"], "oidc");
    assert_eq!(list[0]["subject"], "sub");
    let shown = installation.must(&["connection", "list", "--organization", "acme"]);
    assert!(!shown.contains("secret") && !list[0].to_string().contains("secret"));
}

#[test]
fn a_client_secret_is_replaced_from_a_file_or_standard_input() {
    let installation = Installation::new();
    installation.acme();
    installation.connect("acme", &Provider::start());
    let set = |file: &str| {
        let command = ["connection", "set-secret", "--organization", "acme", "oidc"];
        let mut command =
            installation.command(&[&command[..], &["--client-secret-file", file]].concat());
        let streams = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = streams.spawn().unwrap();
        child.stdin.take().unwrap().write_all(b"another-one\n").unwrap();
        child.wait_with_output().unwrap()
    };
    for file in ["secret", "-"] {
        let output = set(file);
        let told = text(&output.stderr);
        assert!(output.status.success() && told.contains("`oidc` is replaced"), "{told}");
        assert!(output.stdout.is_empty() && !told.contains("another-one"));
    }
    std::fs::write(installation.folder().join("empty"), "\n").unwrap();
    for (file, advice) in
        [("missing", "cannot read the client secret"), ("empty", "the client secret is empty")]
    {
        let output = set(file);
        let told = text(&output.stderr);
        assert!(output.status.code() == Some(1) && told.contains(advice), "{told}");
    }
    let told = installation.must(&["audit", "export", "--organization", "acme"]);
    assert_eq!(told.matches("connection.secret-replaced").count(), 2, "{told}");
    let command = ["connection", "set-secret", "--organization", "acme", "other"];
    let (code, _) =
        installation.refused(&[&command[..], &["--client-secret-file", "secret"]].concat());
    assert_eq!(code, 1);
}

#[test]
fn a_connection_without_its_secret_or_with_a_shared_issuer_is_refused() {
    let installation = Installation::new();
    installation.must(&["organization", "create", "acme", "--name", "Acme Ltd"]);
    let file = installation.folder().join("secret");
    std::fs::write(&file, "client-secret").unwrap();
    for (issuer, secret, advice) in [
        ("https://idp.example", "missing", "cannot read the client secret"),
        ("http://idp.example", "secret", "https"),
        ("https://login.microsoftonline.com/common/v2.0", "secret", "tenant"),
        ("idp", "secret", "URL"),
    ] {
        let (code, error) = installation.refused(&[
            "connection",
            "add-oidc",
            "--organization",
            "acme",
            "--issuer",
            issuer,
            "--client-id",
            "x",
            "--client-secret-file",
            secret,
        ]);
        assert!(code == 1 && error.contains(advice), "{issuer}: {error}");
    }
}

#[test]
fn a_token_names_its_connection_once_there_are_two() {
    let installation = Installation::new();
    installation.must(&["organization", "create", "acme", "--name", "Acme Ltd"]);
    std::fs::write(installation.folder().join("secret"), "s").unwrap();
    for name in ["one", "two"] {
        installation.must(&[
            "connection",
            "add-oidc",
            "--organization",
            "acme",
            "--name",
            name,
            "--issuer",
            "https://idp.example",
            "--client-id",
            "x",
            "--client-secret-file",
            "secret",
        ]);
    }
    let create = ["token", "create", "--organization", "acme", "--description", "x"];
    let (_, error) = installation.refused(&create);
    assert!(error.contains("--connection") && error.contains("one") && error.contains("two"));
    let named: Vec<&str> = create.iter().copied().chain(["--connection", "two"]).collect();
    installation.must(&named);
    let list = installation.list(&["token", "list", "--organization", "acme"]);
    assert_eq!(list[0]["connection"], "two");
}

#[test]
fn users_are_listed_with_their_state_beside_a_running_server() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    server.scim(&token, "POST", "/Users").json(&new_user("ann")).is(201);
    let bob = server.scim(&token, "POST", "/Users").json(&new_user("bob")).is(201).json();
    let off = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "active", "value": false}],
    });
    let path = format!("/Users/{}", bob["id"].as_str().unwrap());
    server.scim(&token, "PATCH", &path).json(&off).is(200);
    let list = installation.list(&["user", "list", "--organization", "acme"]);
    let state =
        |name: &str| list.iter().find(|user| user["userName"] == name).unwrap()["state"].clone();
    assert_eq!((state("ann"), state("bob")), ("PENDING".into(), "SUSPENDED".into()));
    assert!(list[0]["since"].as_str().unwrap().ends_with('Z'));
    let table = installation.must(&["user", "list", "--organization", "acme"]);
    assert!(table.contains("ann") && table.contains("PENDING"), "{table}");
}

#[test]
fn scim_status_prints_the_url_for_the_identity_provider() {
    let mut installation = Installation::new();
    installation.set("FREEHOLD_PUBLIC_URL", "https://freehold.example");
    installation.acme();
    let status = || installation.must(&["scim", "status", "--organization", "acme"]);
    assert_eq!(status(), "on\nhttps://freehold.example/scim/v2");
    installation.must(&["scim", "disable", "--organization", "acme"]);
    assert!(status().starts_with("off\n"));
    installation.must(&["scim", "disable", "--organization", "acme"]);
    installation.must(&["scim", "enable", "--organization", "acme"]);
    assert!(status().starts_with("on\n"));
}

#[test]
fn a_connection_is_tested_as_far_as_it_can_be_seen() {
    let installation = Installation::new();
    installation.acme();
    let mut provider = Provider::start();
    installation.connect("acme", &provider);
    let test = ["connection", "test", "--organization", "acme"];
    let found = text(&installation.run(&test).stdout);
    assert!(found.contains("ok: discovery document and keys are there"), "{found}");
    assert!(found.contains("not seen from here"), "{found}");
    provider.issuer = "http://127.0.0.1:1".to_owned();
    installation.connect("acme", &provider);
    let output = installation.run(&[&test[..], &["oidc-2"]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("WRONG: the identity provider cannot be reached"));
}
