//! The server saw nothing: every byte that reached it or that it keeps is searched for every secret
//! of an account that was set up and used in a real browser.
//!
//! The secrets that nobody typed are recovered natively from the server's own database and the
//! typed passphrase; the product has no hook for it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this is test code: a surprise ends the test"
)]

mod memory;
#[cfg(target_os = "linux")]
mod process;
mod recover;
mod search;
#[path = "../e2e/world.rs"]
#[allow(dead_code, reason = "the stories use more of it")]
mod world;

use freehold_testing::{
    Outcome,
    pages::{Passphrase, Secret},
    relay::Exchange,
};

use search::{Needle, Searcher};
use world::{World, user_name};

const PASSPHRASE: &str = "Zwölf Boxkämpfer jagen Viktor";
const MISTYPED: &str = "Zwolf Boxkampfer jugen Viktar";
const SECRET: Secret<'_> = Secret {
    name: "Kühlhaus-Alarmtafel",
    value: "xq7!Vorhängeschloß-4411",
    note: "hängt hinter dem Quittenbaum",
};

#[tokio::test]
async fn the_server_sees_no_secret_in_any_spelling() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    let ready = browser.set_up(&Passphrase::own(PASSPHRASE)).await?;
    browser.open_vault_after_set_up(PASSPHRASE).await?;
    browser.add_secret(&SECRET).await?;
    browser.lock().await?;
    browser.tolerate(&[403]);
    assert_eq!(browser.try_wrong_passphrase(MISTYPED).await?, 4);
    browser.unlock(PASSPHRASE).await?;
    assert_eq!(browser.read_secret(SECRET.name).await?, SECRET.value);
    browser.close().await?;

    let mut needles = recover::from_database(&world, &user_name("alice"), PASSPHRASE);
    needles.extend([
        Needle::text("passphrase", PASSPHRASE),
        Needle::text("mistyped passphrase", MISTYPED),
        Needle::text("name of the secret", SECRET.name),
        Needle::text("value of the secret", SECRET.value),
        Needle::text("note of the secret", SECRET.note),
        Needle::text("recovery code", &ready.code),
        Needle::words("recovery words", &ready.words),
    ]);
    let searcher = Searcher::new(&needles);
    searcher.prove_it_finds_what_is_planted(&needles);

    let mut haystacks = vec![
        ("bytes to the server".to_owned(), relay.to_server()),
        ("answers of the API".to_owned(), answers_of_the_api(&relay.exchanges())),
        ("log at trace level".to_owned(), world.program.log().into_bytes()),
    ];
    // The log must be a log: otherwise its silence would prove nothing.
    assert!(world.program.log().contains("TRACE"), "the server was not asked for its trace log");
    haystacks.extend(recover::files_of_the_database(&world));
    for (name, haystack) in &haystacks {
        assert!(!haystack.is_empty(), "{name} is empty");
        assert_eq!(searcher.find(haystack), None, "in {name}");
    }
    Ok(())
}

fn answers_of_the_api(exchanges: &[Exchange]) -> Vec<u8> {
    let answers = exchanges.iter().filter(|exchange| exchange.target.starts_with("/api/"));
    answers.flat_map(|exchange| exchange.answer.iter().copied()).collect()
}
