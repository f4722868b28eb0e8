//! No key of the account is anywhere in the memory of the page's process after lock: not in the
//! ended Workers' memory, not in what the browser copied on the way between them.
//!
//! What a person typed or read is another matter: the browser itself keeps copies of it
//! (docs/THREAT-MODEL.md), so only what nobody typed is searched for.

use std::io::ErrorKind;

use freehold_keys::RecoveryCode;
use freehold_testing::{
    Browser, Outcome,
    pages::{Passphrase, Secret},
};

use crate::{
    memory::keys_of_the_code,
    recover,
    search::Searcher,
    world::{World, user_name},
};

const PASSPHRASE: &str = "seventeen purple lighthouses hum";

#[tokio::test]
async fn after_lock_no_key_is_in_the_memory_of_the_pages_process() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let browser = Browser::start_whole().await;
    world.sign_in(&browser, "alice").await?;
    let ready = browser.set_up(&Passphrase::own(PASSPHRASE)).await?;
    browser.open_vault_after_set_up(PASSPHRASE).await?;
    browser.add_secret(&Secret { name: "Bank", value: "1234", note: "" }).await?;

    let mut needles = recover::from_database(&world, &user_name("alice"), PASSPHRASE);
    needles.retain(|needle| !needle.is_typed());
    needles.extend(keys_of_the_code(&world, &RecoveryCode::parse(ready.code.as_bytes()).unwrap()));
    let searcher = Searcher::new(&needles);

    let in_use = match browser.memory_of_the_pages() {
        Ok(memory) => memory,
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            eprintln!("not searched: the system lets nobody read the browser's memory");
            return browser.close().await;
        }
        Err(error) => panic!("{error}"),
    };
    let found = searcher.find_all(&in_use);
    assert!(found.contains("personal key"), "the search is blind: {found:?}");
    assert_eq!(found.len(), 1, "in use is one key alone: {found:?}");

    browser.lock().await?;
    browser
        .find("a memory without keys", async || {
            let memory = browser.memory_of_the_pages().ok()?;
            searcher.find_all(&memory).is_empty().then_some(())
        })
        .await?;
    browser.close().await
}
