//! What the demonstration does when the server does not do its part.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use freehold_demo::run::{Options, run};

/// A program that answers the command line as Freehold does, and serves as `serve` says.
fn program(folder: &Path, serve: &str) -> PathBuf {
    let path = folder.join("freehold");
    let text = format!(
        "#!/bin/sh\ncase $1 in\n  organization|connection) echo '[]' ;;\n  token) echo fhs_x ;;\n  \
         serve) {serve} ;;\nesac\n"
    );
    fs::write(&path, text).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
    path
}

fn options(freehold: PathBuf, data: &Path) -> Options {
    let any = "127.0.0.1:0".parse().ok();
    Options { freehold, data: data.to_owned(), listen: any, idp_listen: any, once: false }
}

#[actix_web::test]
async fn a_server_that_does_not_start_is_told_with_its_own_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = program(folder.path(), "echo 'the database is locked' >&2; exit 1");
    let options = options(program, &folder.path().join("data"));
    let error = run(options).await.expect_err("it ended").to_string();
    assert!(error.contains("has ended by itself"), "{error}");
    assert!(error.contains("the database is locked"), "{error}");
}

#[actix_web::test]
async fn a_program_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = options(folder.path().join("nothing"), &folder.path().join("data"));
    let error = run(options).await.expect_err("nothing there").to_string();
    assert!(error.contains("nothing did not start"), "{error}");
}

#[actix_web::test]
async fn a_failing_command_is_told_with_its_own_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("freehold");
    fs::write(&path, "#!/bin/sh\necho 'unknown setting' >&2\nexit 2\n").expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
    let error = run(options(path, &folder.path().join("data"))).await.expect_err("failed");
    assert!(error.to_string().contains("unknown setting"), "{error}");
}
