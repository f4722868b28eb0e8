//! The pages speak the language of the browser, until somebody chooses another one. Choosing loses nothing that was typed.

use std::{fs, path::PathBuf};

use freehold_testing::{
    Browser, Outcome,
    pages::{Passphrase, id},
};
use serde_json::json;

use crate::world::World;

/// Language and direction of the page.
async fn language(browser: &Browser) -> Outcome<String> {
    let script = "const { lang, dir } = document.documentElement; return `${lang} ${dir}`";
    Ok(browser.script(script, vec![]).await?.as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn the_pages_speak_the_language_of_the_browser_or_the_one_that_was_chosen() -> Outcome {
    let world = World::start();
    let page = |path: &str| format!("{}{path}", world.program.url());
    let browser = Browser::start_with(&["--accept-lang=ja,fr-CA,fr,en"]).await;
    browser.tolerate(&[400]);
    let ours = page("/oidc/callback?state=x&code=y");
    browser.open(&page("/signed-out/")).await?;
    browser.sees_text("h1", "Vous êtes déconnecté").await?;
    assert_eq!(language(&browser).await?, "fr ltr");
    browser.open(&ours).await?;
    assert_eq!(language(&browser).await?, "fr ltr", "a page of the server");

    browser.open(&page("/signed-out/")).await?;
    browser.click(&id("language-ar")).await?;
    browser.sees_text("h1", "سجّلت الخروج").await?;
    assert_eq!(language(&browser).await?, "ar rtl");
    browser.open(&ours).await?;
    assert_eq!(language(&browser).await?, "ar rtl", "a page of the server");
    browser.open(&page("/signed-out/")).await?;
    assert_eq!(language(&browser).await?, "ar rtl", "the choice stays");
    let loaded = "return performance.getEntriesByType('resource').map(({ name }) => name)\
        .filter((name) => /strings.[a-z]{2}.js$/.test(name)).length";
    assert_eq!(browser.script(loaded, vec![]).await?, json!(1), "one language is loaded");
    browser.close().await
}

#[tokio::test]
async fn choosing_a_language_asks_before_anything_typed_is_lost() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.click(&id("vault-add")).await?;
    browser.at("vault-edit").await?;
    browser.fill(&id("edit-name"), "half a na").await?;
    browser.click(&id("language-de")).await?;
    browser.element(&id("language-dialog")).await?;
    browser.click(&id("language-keep")).await?;
    let typed = browser.element(&id("edit-name")).await?.prop("value").await?;
    assert_eq!(typed.as_deref(), Some("half a na"));
    assert_eq!(language(&browser).await?, "en ltr");
    browser.click(&id("language-de")).await?;
    browser.click(&id("language-change")).await?;
    browser.sees_text("h1", "Öffnen Sie Ihren Tresor").await?;
    // Nothing is typed here: no question.
    browser.click(&id("language-en")).await?;
    browser.sees_text("h1", "Unlock your vault").await?;
    browser.unlock(&ready.passphrase).await?;
    browser.close().await
}

/// The kit, when its download has ended.
fn downloaded(browser: &Browser, name: &str) -> Option<PathBuf> {
    let files = fs::read_dir(browser.downloads()).ok()?;
    let file = files.filter_map(Result::ok).map(|entry| entry.path()).find(|path| {
        path.file_name().is_some_and(|file| file.to_string_lossy().starts_with(name))
    })?;
    let pdf = fs::read(&file).ok()?;
    (pdf.starts_with(b"%PDF-") && pdf.ends_with(b"%%EOF")).then_some(file)
}

/// Whether the kit in this language says all of this, in the encoding of its fonts, and nothing was replaced in it.
async fn kit_says(world: &World, who: &str, language: &str, name: &str, says: &[&[u8]]) -> Outcome {
    let _id = world.provision(who);
    let browser = Browser::start().await;
    browser.speaks(language).await?;
    world.sign_in(&browser, who).await?;
    browser.confirm_who().await?;
    let _passphrase = browser.choose_passphrase(&Passphrase::Suggested).await?;
    let (code, _words) = browser.read_kit().await?;
    assert_eq!(browser.has(&id("kit-language")).await, language == "ar", "{language}");
    browser.click(&id("kit-download")).await?;
    let file = browser.find("the downloaded kit", async || downloaded(&browser, name)).await?;
    let pdf = fs::read(&file)?;
    let holds = |what: &[u8]| pdf.windows(what.len()).any(|window| window == what);
    for text in says {
        // What is not ASCII is written in hexadecimal digits.
        let digits: String = text.iter().map(|byte| format!("{byte:02X}")).collect();
        assert!(holds(text) || holds(digits.as_bytes()), "{language}: {}", text.escape_ascii());
    }
    assert_eq!(freehold_kit::find(&pdf).unwrap().as_slice(), code.as_bytes());
    browser.close().await
}

#[tokio::test]
async fn the_kit_is_printed_in_the_language_of_the_pages_where_its_fonts_have_the_letters()
-> Outcome {
    let world = World::start();
    let german: &[&[u8]] = &[b"Gro\xdfschreibung", b"Schl\xfcssel"];
    kit_says(&world, "alice", "de", "freehold-wiederherstellung-acme-alice", german).await?;
    let arabic: &[&[u8]] = &[b"Who can help", b"Recovery code"];
    kit_says(&world, "bob", "ar", "freehold-recovery-kit-acme-bob", arabic).await?;
    let french: &[&[u8]] = &[b"Kit de r\xe9cup\xe9ration", b"d\x92identit\xe9"];
    kit_says(&world, "mallory", "fr", "freehold-kit-de-recuperation-acme-mallory", french).await
}
