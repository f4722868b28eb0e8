//! The recovery kit must be given back before the account is READY: the code, the words or the
//! file, and nothing that only looks like them.

use std::path::PathBuf;

use freehold_testing::{
    Browser, Outcome,
    pages::{Passphrase, id},
};

use crate::world::World;

/// A person at the kit's screen, with her kit.
async fn at_the_kit(world: &World) -> Outcome<(Browser, String, Vec<String>)> {
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.confirm_who().await?;
    let _passphrase = browser.choose_passphrase(&Passphrase::Suggested).await?;
    let (code, words) = browser.read_kit().await?;
    Ok((browser, code, words))
}

#[tokio::test]
async fn a_mistyped_code_and_the_code_of_another_kit_are_refused_and_the_words_are_taken() -> Outcome
{
    let world = World::start();
    let (browser, code, words) = at_the_kit(&world).await?;
    assert!(code.starts_with("fhrec1") && code.len() == 64, "{code}");
    assert_eq!(words.len(), 24);
    browser.keep_kit().await?;

    let last = if code.ends_with('q') { "p" } else { "q" };
    browser.prove_kit(&format!("{}{last}", &code[..code.len() - 1])).await?;
    browser.sees_error("bad-code").await?;
    // A good code, of nobody: 32 zero bytes as BIP-39 words.
    let nobody = format!("{}art", "abandon ".repeat(23));
    browser.prove_kit(&nobody).await?;
    browser.sees_error("recovery-mismatch").await?;
    assert_eq!(world.state_of("alice"), "PENDING");

    browser.prove_kit(&words.join(" ").to_uppercase()).await?;
    browser.at("setup-done").await?;
    assert_eq!(world.state_of("alice"), "READY");
    browser.close().await
}

#[tokio::test]
async fn the_downloaded_kit_given_back_is_a_proof() -> Outcome {
    let world = World::start();
    let (browser, _code, _words) = at_the_kit(&world).await?;
    browser.click(&id("kit-download")).await?;
    let file = browser.find("the downloaded kit", async || downloaded(&browser)).await?;
    browser.keep_kit().await?;

    let other = world.program.scratch("other.txt");
    std::fs::write(&other, "a shopping list")?;
    let field = browser.element(&id("prove-file")).await?;
    field.send_keys(other.display().to_string()).await?;
    browser.sees_error("no-code-in-file").await?;
    browser.element(&id("prove-file")).await?.send_keys(file.display().to_string()).await?;
    browser.at("setup-done").await?;
    browser.close().await
}

/// The kit, when its download has ended.
fn downloaded(browser: &Browser) -> Option<PathBuf> {
    let files = std::fs::read_dir(browser.downloads()).ok()?;
    let file = files.filter_map(Result::ok).map(|entry| entry.path()).find(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with("freehold-recovery-kit-") && name.ends_with(".txt")
    })?;
    let text = std::fs::read_to_string(&file).ok()?;
    text.contains("fhre").then_some(file)
}

#[tokio::test]
async fn what_the_server_received_can_be_downloaded_and_is_what_was_sent() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let (browser, _ready) = world.set_up("alice").await?;
    browser.click(&id("done-download")).await?;
    let text = browser
        .find("the download", async || {
            let files = std::fs::read_dir(browser.downloads()).ok()?;
            let json = files
                .filter_map(Result::ok)
                .map(|entry| entry.path())
                .find(|path| path.extension().is_some_and(|extension| extension == "json"))?;
            std::fs::read_to_string(json).ok().filter(|text| text.ends_with(['}', '\n']))
        })
        .await?;
    let sent = relay.exchanges().into_iter().find(|exchange| {
        exchange.method == "POST" && exchange.target == "/api/setup" && exchange.status == 201
    });
    let sent: serde_json::Value = serde_json::from_slice(&sent.unwrap().request).unwrap();
    for record in [&sent["card"], &sent["state"], &sent["keyring"]] {
        let record = record.as_str().unwrap();
        assert!(text.contains(record), "{record} is missing in the download");
    }
    browser.close().await
}
