//! What happens is seen, held back where it is too much, and told in a log that cannot be rewritten unseen.

use freehold_testing::{
    Browser, Outcome,
    pages::{Passphrase, id, passkeys::passkey},
    scim::{Person, Scim},
};
use serde_json::{Value, json};

use super::owner_at_console;
use crate::{
    accessibility::is_accessible,
    world::{ACME, World},
};

/// A person whom no identity provider of the stories knows.
fn person(scim: &Scim, name: &str) -> String {
    scim.create(&Person { user_name: name, external_id: name, display_name: name })
}

/// The same name once more, which is refused.
fn refused(scim: &Scim, name: &str) {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name,
        "externalId": "another",
    });
    assert_eq!(scim.send("POST", "/Users", Some(&body)).status, 409);
}

/// A mark in the page that a reload would take away.
async fn mark(browser: &Browser) -> Outcome {
    browser.script("window.marked = true", vec![]).await.map(drop)
}

async fn is_marked(browser: &Browser) -> Outcome {
    assert_eq!(browser.script("return window.marked === true", vec![]).await?, Value::from(true));
    Ok(())
}

#[tokio::test]
async fn a_refused_request_appears_while_the_page_is_open_with_what_to_change() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    browser.go_to("log").await?;
    browser.element(&id("log-empty")).await?;
    browser.element("[data-testid=log-state][data-state=live]").await?;
    mark(&browser).await?;
    let _id = person(&world.scim, "ann");
    browser.element("[data-testid=log-entry][data-outcome=done]").await?;
    refused(&world.scim, "ann");
    let entry = "[data-testid=log-entry][data-outcome=refused]";
    browser.element(entry).await?;
    browser.sees_text(&format!("{entry} {}", id("log-fix")), "userName").await?;
    browser.sees_text(&format!("{entry} {}", id("log-outcome")), "409").await?;
    is_marked(&browser).await?;

    browser.click(&id("log-refused")).await?;
    browser.at("admin-log").await?;
    browser.element("[data-testid=log-refused][aria-current]").await?;
    browser.element(entry).await?;
    assert!(!browser.has("[data-testid=log-entry][data-outcome=done]").await);
    browser.element("[data-testid=log-state][data-state=live]").await?;
    refused(&world.scim, "ann");
    browser.element(&format!("{entry} ~ {entry}")).await?;
    assert!(!browser.has("[data-testid=log-entry][data-outcome=done]").await);

    browser.click(&id("log-live")).await?;
    browser.element("[data-testid=log-state][data-state=paused]").await?;
    refused(&world.scim, "ann");
    browser.click(&id("log-live")).await?;
    browser.element(&format!("{entry} ~ {entry} ~ {entry}")).await?;
    is_marked(&browser).await?;
    browser.close().await
}

#[tokio::test]
async fn what_is_held_back_is_told_on_every_page_and_passes_after_a_release() -> Outcome {
    let world = World::start();
    let people: Vec<String> =
        ["a", "b", "c"].iter().map(|name| person(&world.scim, name)).collect();
    let (browser, _ready) = owner_at_console(&world).await?;
    browser.go_to("brake").await?;
    browser.element(&id("brake-free")).await?;
    browser.click(&id("brake-confirm")).await?;
    browser.click(&id("confirm-confirm")).await?;
    browser
        .find("a confirmed cycle", async || (!browser.has(&id("brake-first")).await).then_some(()))
        .await?;
    browser.click(&id("brake-limits")).await?;
    for kind in ["creates", "deletes"] {
        browser.fill(&id(&format!("limit-{kind}-count")), "1").await?;
        browser.fill(&id(&format!("limit-{kind}-percent")), "0").await?;
    }
    browser.click(&id("limits-confirm")).await?;
    browser.sees_text(&id("limit-deletes"), "1 or 0 %").await?;

    world.scim.delete(&people[0]);
    let again = || world.scim.send("DELETE", &format!("/Users/{}", people[1]), None).status;
    assert_eq!(again(), 429);
    browser.go_to("scim").await?;
    browser.element(&id("brake-notice")).await?;
    browser.click(&id("brake-notice-link")).await?;
    browser.at("admin-brake").await?;
    browser.sees_text(&id("brake-held"), "Deletes, since").await?;
    assert_eq!(again(), 429, "looking at it changes nothing");
    browser.click(&id("brake-release")).await?;
    browser.element(&id("release-dialog")).await?;
    browser.click(&id("release-confirm")).await?;
    browser.element(&id("brake-free")).await?;
    browser
        .find("no notice", async || {
            let hidden = browser.has("[data-testid=brake-notice][hidden]").await;
            hidden.then_some(())
        })
        .await?;
    assert_eq!(again(), 204, "the client's own retry passes");
    let _id = person(&world.scim, "d");
    let body = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "e"});
    assert_eq!(world.scim.send("POST", "/Users", Some(&body)).status, 429);
    browser.go_to("log").await?;
    browser.sees_text(&id("log-detail"), "The brake holds creates back").await?;
    browser.close().await
}

#[tokio::test]
async fn an_altered_event_is_named_and_an_export_verifies_on_the_command_line() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    browser.go_to("audit").await?;
    browser.sees_text(&id("audit"), "\u{2068}olga@corp.test\u{2069} made keys.").await?;
    let head = browser.text(&id("audit-head")).await?;
    browser.click(&id("audit-verify")).await?;
    browser.sees_text(&id("audit-intact"), &head).await?;

    browser.click(&id("audit-export")).await?;
    let file = browser
        .find("the export", async || {
            let path = browser.downloads().join("acme-audit.jsonl");
            let text = std::fs::read_to_string(&path).ok()?;
            text.ends_with("}\n").then_some(path)
        })
        .await?;
    let file = file.display().to_string();
    let verify = ["audit", "verify", "--file", &file, "--head", &head];
    assert_eq!(world.program.freehold(&verify), head);

    let database = rusqlite::Connection::open(world.program.data().join("freehold.db")).unwrap();
    let forged = "UPDATE events SET detail = 'forged' WHERE seq = 3";
    assert_eq!(database.execute(forged, []).unwrap(), 1);
    drop(database);
    browser.click(&id("audit-verify")).await?;
    browser.element("[data-testid=audit-broken][data-seq=\"3\"]").await?;
    browser.sees_text(&id("audit-broken"), "#3").await?;
    browser.close().await
}

#[tokio::test]
async fn a_policy_that_asks_for_a_passkey_leads_to_one_at_the_next_unlock() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let (alice, of_alice) = world.open_vault("alice").await?;
    let secret = freehold_testing::pages::Secret { name: "Bank", value: "1234", note: "" };
    alice.add_secret(&secret).await?;
    alice.lock().await?;
    let (olga, _ready) = owner_at_console(&world).await?;
    olga.go_to("policy").await?;
    olga.click(&id("policy-passkey")).await?;
    olga.click(&id("policy-save")).await?;
    olga.sees_text(&id("policy-changes"), "must add one at the next unlock").await?;
    olga.click(&id("policy-confirm")).await?;
    olga.element("[data-testid=policy-passkey][aria-checked=true]").await?;

    alice.tolerate(&[403]);
    let _key = alice.plug_in(freehold_testing::Ability::Secret).await?;
    alice.try_passphrase(&of_alice.passphrase).await?;
    alice.at("passkey-first").await?;
    alice.begin_passkey(&of_alice.passphrase, "Laptop").await?;
    alice.at("passkey-use").await?;
    alice.click(&id("passkey-use")).await?;
    alice.at("vault").await?;
    assert_eq!(alice.read_secret(secret.name).await?, secret.value);

    // The only one stays.
    alice.open_security().await?;
    alice.click(&id("passkey-remove")).await?;
    alice.confirm(&of_alice.passphrase).await?;
    alice.at("passkey-last").await?;
    alice.click(&id("passkey-remove-back")).await?;
    alice.sees_security().await?;
    alice.element(&passkey("Laptop")).await?;
    alice.close().await?;
    olga.close().await
}

#[tokio::test]
async fn an_admin_sees_the_policy_and_changes_nothing() -> Outcome {
    let world = World::start();
    let _id = world.provision("bob");
    let (browser, _ready) = world.set_up("bob").await?;
    let grant = ["role", "grant", "--organization", ACME, "--user", "bob@corp.test", "admin"];
    let _told = world.program.freehold(&grant);
    browser.open_console(world.program.url(), "policy").await?;
    browser.sees_notice("owners-only").await?;
    assert!(!browser.has(&id("policy-save")).await);
    browser.element("[data-testid=policy-passkey][disabled]").await?;
    browser.close().await
}

#[tokio::test]
async fn no_page_of_what_happens_has_a_violation() -> Outcome {
    let world = World::start();
    let ann = person(&world.scim, "ann");
    refused(&world.scim, "ann");
    let limits =
        ["brake", "set", "--organization", ACME, "--deletes", "0", "--deletes-percent", "0"];
    let _told = world.program.freehold(&limits);
    let alarm = ["--deactivations", "0", "--deactivations-percent", "0"];
    let _told =
        world.program.freehold(&[&["brake", "set", "--organization", ACME][..], &alarm].concat());
    world.scim.deactivate(&ann);
    assert_eq!(world.scim.send("DELETE", &format!("/Users/{ann}"), None).status, 429);
    let browser = Browser::start().await;
    let size = json!({"width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": false});
    browser.session().cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
    browser.open(&world.program.link(ACME, "olga@corp.test")).await?;
    browser.at("enter").await?;
    browser.click(&id("enter-continue")).await?;
    let _ready = browser.set_up(&Passphrase::Suggested).await?;
    browser.open_console(world.program.url(), "log").await?;
    browser.element(&id("log-fix")).await?;
    is_accessible(&browser, "admin-log").await?;
    browser.open_console(world.program.url(), "brake").await?;
    browser.element(&id("brake-alarm")).await?;
    is_accessible(&browser, "admin-brake").await?;
    browser.click(&id("brake-limits")).await?;
    is_accessible(&browser, "admin-brake").await?;
    browser.click(&id("limits-cancel")).await?;
    browser.open_console(world.program.url(), "policy").await?;
    is_accessible(&browser, "admin-policy").await?;
    browser.open_console(world.program.url(), "audit").await?;
    browser.click(&id("audit-verify")).await?;
    browser.element(&id("audit-intact")).await?;
    is_accessible(&browser, "admin-audit").await?;
    browser.close().await
}
