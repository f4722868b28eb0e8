//! The example in a real Chromium: keys are made, a note is kept, the page is left, and only the passphrase brings it back.
#![allow(clippy::unwrap_used, reason = "all of this is test code: a surprise ends the test")]

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use freehold_testing::{Browser, Outcome, free_port};
use serde_json::json;

const PASSPHRASE: &str = "lamps over seven quiet rivers";
const NOTE: &str = "The key is under the third pot.";

/// The running example.
struct Example {
    child: Child,
    url: String,
}

impl Example {
    fn start() -> Self {
        let port = free_port();
        let mut child = Command::new(env!("CARGO_BIN_EXE_embed-example"))
            .arg(port.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
        let url = said.trim().strip_prefix("Open ").unwrap().to_owned();
        Self { child, url }
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn sign_in(browser: &Browser, example: &Example) -> Outcome {
    browser.open(&example.url).await?;
    browser.fill("#name", "Ada").await?;
    browser.click("#sign-in button").await
}

async fn unlock(browser: &Browser, passphrase: &str) -> Outcome {
    browser.fill("#passphrase", passphrase).await?;
    browser.click("#unlock button").await
}

async fn sees(browser: &Browser, script: &str, wanted: &str) -> Outcome {
    browser
        .find(&format!("{wanted:?}"), async || {
            (browser.script(script, Vec::new()).await.ok()? == json!(wanted)).then_some(())
        })
        .await
}

#[tokio::test]
async fn a_note_is_read_by_whoever_has_the_passphrase() -> Outcome {
    let example = Example::start();
    let browser = Browser::start().await;
    sign_in(&browser, &example).await?;
    browser.fill("#new-passphrase", PASSPHRASE).await?;
    browser.click("#set-up button").await?;
    browser.element("#typed-code").await?;
    let code = browser.text("#code").await?;
    browser.fill("#typed-code", &code).await?;
    browser.click("#prove button").await?;
    browser.fill("#text", NOTE).await?;
    browser.click("#note button").await?;
    sees(&browser, "return document.getElementById('saved').textContent", "Saved, version 1.")
        .await?;

    // The server has the note as ciphertext.
    let stored = "return fetch('/note').then((answer) => answer.text())";
    let stored = browser.script(stored, Vec::new()).await?;
    assert!(stored.as_str().unwrap().contains("\"itemKey\":\""));
    assert!(!stored.as_str().unwrap().contains("third pot"));

    // Signed in is not unlocked.
    sign_in(&browser, &example).await?;
    browser.element("#passphrase").await?;
    browser.tolerate(&[403, 409]);
    let locked = "return fetch('/note').then((answer) => answer.status)";
    assert_eq!(browser.script(locked, Vec::new()).await?, json!(403));

    unlock(&browser, "lamps over seven quiet oceans").await?;
    let problem = "return document.getElementById('problem').textContent";
    sees(&browser, problem, "wrong; 9 tries are left").await?;
    unlock(&browser, PASSPHRASE).await?;
    browser.element("#note button").await?;
    sees(&browser, "return document.getElementById('text').value", NOTE).await?;
    browser.close().await
}
