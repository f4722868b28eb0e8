//! What stays in memory: the linear memory of both Workers at every answer they give, and the heap
//! of the page after lock, searched for every secret of the account by any eight bytes.
//!
//! The product has no hook for it: the relay puts a few lines before the Workers' scripts that
//! send their memory to the test.

use std::collections::BTreeSet;

use freehold_keys::RecoveryCode;
use freehold_testing::{
    Browser, Outcome, Relay,
    pages::{Passphrase, Secret, id, vault::item},
    relay::{Exchange, Forged},
};

use crate::{
    recover,
    search::{Needle, Searcher},
    world::{World, user_name},
};

const PASSPHRASE: &str = "Zwölf Boxkämpfer jagen Viktor";
const SECRET: Secret<'_> = Secret {
    name: "Kühlhaus-Alarmtafel",
    value: "xq7!Vorhängeschloß-4411",
    note: "hängt hinter dem Quittenbaum",
};

const SPY: &str = include_str!("spy.js");

/// The time that a page gives an idle Worker to wipe itself; sending memory takes longer.
const FAREWELL: (&str, &str) = ("FAREWELL_MS = 200", "FAREWELL_MS = 60_000");

const PASSPHRASE_FORMS: [&str; 2] = ["passphrase", "normalized passphrase"];
const NOTHING: &[&str] = &[];

/// What a Worker's memory may hold when it answers a call, and what it must hold for the search to
/// be believed.
struct Rule {
    at: &'static str,
    may: &'static [&'static str],
    must: &'static [&'static str],
}

const RULES: &[Rule] = &[
    Rule { at: "derive/load", may: NOTHING, must: NOTHING },
    Rule { at: "derive/warmUp", may: NOTHING, must: NOTHING },
    Rule { at: "derive/suggest", may: NOTHING, must: NOTHING },
    Rule { at: "derive/checkPassword", may: NOTHING, must: NOTHING },
    // The passphrase is in use.
    Rule { at: "derive/progress-derive", may: &PASSPHRASE_FORMS, must: &PASSPHRASE_FORMS },
    Rule { at: "derive/progress-check", may: &ALL_OF_DERIVED, must: &["output of Argon2id"] },
    Rule { at: "derive/deriveForSetup", may: NOTHING, must: NOTHING },
    Rule { at: "derive/deriveForUnlock", may: NOTHING, must: NOTHING },
    Rule { at: "keys/load", may: NOTHING, must: NOTHING },
    Rule { at: "keys/setupBegin", may: &OF_SETUP, must: &OF_SETUP },
    Rule { at: "keys/prove", may: &OF_PROVEN, must: &OF_PROVEN },
    Rule { at: "keys/setupRequest", may: &OF_PROVEN, must: &OF_PROVEN },
    Rule { at: "keys/setupRemembered", may: &["personal key"], must: &["personal key"] },
    Rule { at: "keys/unlockBegin", may: &OF_METHOD, must: &OF_METHOD },
    Rule { at: "keys/unlockOpen", may: &["personal key"], must: &["personal key"] },
    Rule { at: "keys/list", may: &["personal key"], must: &["personal key"] },
    Rule { at: "keys/open", may: &["personal key"], must: &["personal key"] },
    Rule { at: "keys/seal", may: &["personal key"], must: &["personal key"] },
    Rule { at: "keys/forget", may: NOTHING, must: NOTHING },
];

const ALL_OF_DERIVED: [&str; 3] = ["passphrase", "normalized passphrase", "output of Argon2id"];
const OF_METHOD: [&str; 2] = ["unlock key", "wrapping key"];
const OF_PROVEN: [&str; 6] = [
    "private agreement key",
    "private signing key",
    "unlock key",
    "unlock key of the code",
    "wrapping key",
    "wrapping key of the code",
];
const OF_SETUP: [&str; 7] = [
    "private agreement key",
    "private signing key",
    "recovery code's bytes",
    "unlock key",
    "unlock key of the code",
    "wrapping key",
    "wrapping key of the code",
];

/// Puts the spy before the Workers' scripts.
fn spy(relay: &Relay) {
    relay.swallow("/spied/");
    relay.change_answers(|exchange| {
        if exchange.status != 200 {
            return None; // the browser has the script already, spy and all
        }
        let script = String::from_utf8_lossy(&exchange.answer);
        let worker = match exchange.target.as_str() {
            "/lib/worker/derive.js" => "derive",
            "/lib/worker/keys.js" => "keys",
            "/lib/worker-client.js" => {
                assert!(script.contains(FAREWELL.0), "the farewell has another name now");
                return Some(Forged::body(script.replace(FAREWELL.0, FAREWELL.1)));
            }
            _ => return None,
        };
        Some(Forged::body(SPY.replace("WORKER", worker) + script.as_ref()))
    });
}

/// Waits until the Worker with the keys has said farewell so many times.
async fn farewells(browser: &Browser, relay: &Relay, count: usize) -> Outcome {
    browser
        .find("the farewell of a Worker", async || {
            (relay.exchanges_with("/spied/keys/forget").len() == count).then_some(())
        })
        .await
}

/// The pages of memory that were ever written to.
fn used(memory: &[u8]) -> Vec<u8> {
    memory
        .chunks(4096)
        .filter(|page| **page != [0; 4096][..page.len()])
        .flatten()
        .copied()
        .collect()
}

/// The recovery code's bytes and the two keys that follow from them.
pub fn keys_of_the_code(world: &World, code: &RecoveryCode) -> Vec<Needle> {
    let keys = recover::keys_of_code(world, &user_name("alice"), code);
    vec![
        Needle::key("recovery code's bytes", code.secret().expose()),
        Needle::key("wrapping key of the code", keys.wrapping_key().expose()),
        Needle::key("unlock key of the code", keys.unlock_key().expose()),
    ]
}

#[tokio::test]
async fn memory_holds_only_what_is_in_use_and_nothing_after_lock() -> Outcome {
    let (world, relay) = World::with_relay();
    spy(&relay);
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    let ready = browser.set_up(&Passphrase::own(PASSPHRASE)).await?;
    farewells(&browser, &relay, 1).await?;
    browser.click(&id("done-open-vault")).await?;
    use_the_vault(&browser).await?;
    let heap_in_use = browser.strings_of_the_heap().await?;
    browser.press(&id("vault-lock")).await?;
    browser.at("unlock").await?;
    farewells(&browser, &relay, 2).await?;
    let heap_after_lock = browser.strings_of_the_heap().await?;
    browser.close().await?;

    let mut needles = recover::from_database(&world, &user_name("alice"), PASSPHRASE);
    let code = RecoveryCode::parse(ready.code.as_bytes()).unwrap();
    needles.extend(keys_of_the_code(&world, &code));
    needles.extend([
        Needle::text("passphrase", PASSPHRASE),
        Needle::text("name of the secret", SECRET.name),
        Needle::text("value of the secret", SECRET.value),
        Needle::text("note of the secret", SECRET.note),
        Needle::text("recovery code", &ready.code),
        Needle::words("recovery words", &ready.words),
    ]);
    let searcher = Searcher::new(&needles);
    searcher.prove_it_finds_what_is_planted(&needles);

    let mut faults = faults(&searcher, &relay.exchanges_with("/spied/"));
    let shown = searcher.find_all(&heap_in_use);
    assert!(shown.contains("name of the secret"), "the search of the heap is blind: {shown:?}");
    let left = searcher.find_all(&heap_after_lock);
    if !left.is_empty() {
        faults.push(format!("in the page's heap after lock: {left:?}"));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

#[tokio::test]
async fn a_change_ends_with_the_personal_key_alone_whether_it_is_made_or_not() -> Outcome {
    let (world, relay) = World::with_relay();
    spy(&relay);
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.set_up(&Passphrase::own(PASSPHRASE)).await?;
    browser.open_vault_after_set_up(PASSPHRASE).await?;
    browser.add_secret(&SECRET).await?;
    browser.open_security().await?;
    browser.click(&id("change-code")).await?;
    browser.confirm(PASSPHRASE).await?;
    browser.at("setup-kit").await?;
    browser.click(&id("kit-start-over")).await?;
    browser.sees_security().await?;
    browser.click(&id("change-code")).await?;
    browser.confirm(PASSPHRASE).await?;
    let code = browser.keep_new_kit().await?;
    browser.finish_change().await?;
    browser.close().await?;

    let mut needles = recover::from_database(&world, &user_name("alice"), PASSPHRASE);
    let code = RecoveryCode::parse(code.as_bytes()).unwrap();
    needles.extend(keys_of_the_code(&world, &code));
    let searcher = Searcher::new(&needles);
    let held_at = |call: &str| {
        let sent = relay.exchanges_with(&format!("/spied/keys/{call}"));
        sent.iter().map(|exchange| searcher.find_all(&used(&exchange.request))).collect::<Vec<_>>()
    };
    let [first, second] = held_at("changeOpen").try_into().expect("two changes were begun");
    assert!(first.contains("private signing key") && second.contains("private signing key"));
    assert!(held_at("changeRequest")[0].contains("unlock key of the code"));
    for end in ["changeCancel", "changeDone"] {
        assert_eq!(held_at(end), [set(&["personal key"])], "{end}");
    }
    Ok(())
}

/// Unlocks, keeps a secret, and looks at it.
async fn use_the_vault(browser: &Browser) -> Outcome {
    browser.at("unlock").await?;
    browser.type_into(&id("unlock-passphrase"), PASSPHRASE).await?;
    browser.press(&id("unlock-submit")).await?;
    browser.at("vault").await?;
    browser.press(&id("vault-add")).await?;
    browser.at("vault-edit").await?;
    browser.type_into(&id("edit-name"), SECRET.name).await?;
    browser.type_into(&id("edit-value"), SECRET.value).await?;
    browser.type_into(&id("edit-note"), SECRET.note).await?;
    browser.press(&id("edit-save")).await?;
    browser.at("vault").await?;
    browser.press(&format!("{} {}", item(SECRET.name), id("item-reveal"))).await?;
    let shown = "const shown = document.querySelector('[data-testid=item-value]');\
        return shown !== null && shown.textContent === arguments[0]";
    browser
        .find("the secret's value", async || {
            let shown = browser.script(shown, vec![SECRET.value.into()]).await.ok()?;
            (shown == true).then_some(())
        })
        .await
}

/// Every memory that was sent, measured against its rule.
fn faults(searcher: &Searcher, sent: &[Exchange]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for exchange in sent {
        let at = exchange.target.trim_start_matches("/spied/");
        // Progress within the Worker of the keys comes from the middle of a call.
        if at.starts_with("keys/progress") {
            continue;
        }
        let rule = RULES.iter().find(|rule| rule.at == at);
        let rule = rule.unwrap_or_else(|| panic!("no rule for {at}"));
        seen.insert(rule.at);
        let found = searcher.find_all(&used(&exchange.request));
        let (may, must) = (set(rule.may), set(rule.must));
        if !found.is_subset(&may) || !must.is_subset(&found) {
            let size = exchange.request.len();
            faults.push(format!("{at} ({size} bytes): found {found:?}, may be {may:?}"));
        }
    }
    let unseen: Vec<_> =
        RULES.iter().filter(|rule| !seen.contains(rule.at)).map(|r| r.at).collect();
    if !unseen.is_empty() {
        faults.push(format!("never seen: {unseen:?}"));
    }
    faults
}

fn set(names: &[&'static str]) -> BTreeSet<&'static str> {
    names.iter().copied().collect()
}
