//! Somebody who trusts no line of ours: an account that a browser set up opens in the independent
//! checker, from the database and the secret alone.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use freehold_testing::{Outcome, checkout, pages::Secret, target_folder};

use crate::world::{World, user_name};

/// Runs the checker with a secret that is typed.
fn check(world: &World, words: &[&str], typed: &str) -> Output {
    let mut checker = Command::new(target_folder().join("venv/bin/python"))
        .current_dir(checkout().join("tests/interop"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["-m", "checker", "--show", "--user", &user_name("alice"), "--database"])
        .arg(world.program.data().join("freehold.db"))
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the environment of the checker: cargo xtask test makes it");
    checker.stdin.take().unwrap().write_all(format!("{typed}\n").as_bytes()).unwrap();
    checker.wait_with_output().unwrap()
}

#[tokio::test]
async fn an_account_that_a_browser_set_up_opens_in_the_independent_checker() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.add_secret(&Secret { name: "bank", value: "a value of hers", note: "" }).await?;
    browser.close().await?;

    for (words, typed) in [(&[][..], &ready.passphrase), (&["--recovery-code"], &ready.code)] {
        let output = check(&world, words, typed);
        let (out, err) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{err}");
        assert!(out.contains("1 secrets open") && out.contains("a value of hers"), "{out}");
    }
    let refused = check(&world, &[], "seventeen purple lighthouses hum");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("refused: wrong-secret"));
    Ok(())
}
