//! Who is stuck is found and reminded; sessions, roles, groups, a RESET and a restoration by clicks.

use freehold_testing::{
    Browser, Outcome,
    pages::{Passphrase, id},
};
use rusqlite::Connection;
use serde_json::json;

use super::owner_at_console;
use crate::{
    accessibility::is_accessible,
    world::{World, sign_in, user_name},
};

const DAY_MS: i64 = 86_400_000;

/// Lets a person have been there for so many days.
fn age(world: &World, user: &str, days: i64) {
    let database = Connection::open(world.program.data().join("freehold.db")).unwrap();
    database.busy_timeout(std::time::Duration::from_secs(20)).unwrap();
    let sql = "UPDATE users SET key_state_since = key_state_since - ?2, created_at = created_at - ?2, \
               active_since = active_since - ?2 WHERE id = ?1";
    assert_eq!(database.execute(sql, (user, days * DAY_MS)).unwrap(), 1);
}

/// Waits until the list shows exactly these people.
async fn sees_people(browser: &Browser, wanted: &[&str]) -> Outcome {
    let script = "return [...document.querySelectorAll('[data-testid=user-link]')].map((link) => link.textContent)";
    browser
        .find(&format!("the people {wanted:?}"), async || {
            (browser.script(script, Vec::new()).await.ok()? == json!(wanted)).then_some(())
        })
        .await
}

async fn open_person(browser: &Browser, world: &World, user: &str) -> Outcome {
    browser.open(&format!("{}/admin/#/users/{user}", world.program.url())).await?;
    browser.at("admin-user").await
}

async fn sees_state(browser: &Browser, state: &str) -> Outcome {
    browser.element(&format!("{}[data-state={state}]", id("user-state"))).await.map(drop)
}

/// A group of these users, made by SCIM.
fn make_group(world: &World, name: &str, members: &[&str]) -> String {
    let members: Vec<_> = members.iter().map(|id| json!({ "value": id })).collect();
    let group = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": name, "members": members,
    });
    let answer = world.scim.send("POST", "/Groups", Some(&group));
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn who_is_stuck_is_found_and_the_reminder_leads_to_ready() -> Outcome {
    let world = World::start();
    let (alice, bob) = (world.provision("alice"), world.provision("bob"));
    age(&world, &alice, 10);
    age(&world, &bob, 2);
    let (admin, _ready) = owner_at_console(&world).await?;
    admin.go_to("users").await?;
    sees_people(&admin, &["Alice Example", "Bob Example", "olga@corp.test"]).await?;
    admin.fill(&id("users-search"), "EXAM").await?;
    sees_people(&admin, &["Alice Example", "Bob Example"]).await?;
    let focused = "return document.activeElement.dataset.testid";
    assert_eq!(admin.script(focused, Vec::new()).await?, "users-search");
    admin.click(&id("users-state-PENDING")).await?;
    admin.click(&format!("{} option[value='7']", id("users-stuck"))).await?;
    sees_people(&admin, &["Alice Example"]).await?;
    admin.sees_text(&id("user"), "never signed in").await?;
    admin.click(&id("user-link")).await?;
    admin.at("admin-user").await?;
    admin.element(&format!("{}[data-step=provisioned]", id("user-advice"))).await?;
    let link = admin.text(&id("sign-in-link")).await?;
    assert!(link.ends_with("/login?organization=acme"), "{link}");
    let mail = admin.element(&id("user-mail")).await?.attr("href").await?.unwrap();
    assert!(mail.starts_with("mailto:alice%40corp.test?") && mail.contains("organization%3Dacme"));

    admin.session().back().await?;
    admin.at("admin-users").await?;
    sees_people(&admin, &["Alice Example"]).await?;
    let search = admin.element(&id("users-search")).await?.prop("value").await?;
    assert_eq!(search.as_deref(), Some("EXAM"), "the way back keeps search and filters");
    admin.session().back().await?;
    sees_people(&admin, &["Alice Example", "Bob Example"]).await?;

    let own = Browser::start().await;
    own.open(&link).await?;
    sign_in("alice").through(&own).await?;
    own.at("setup-who").await?;
    open_person(&admin, &world, &alice).await?;
    admin.element(&format!("{}[data-step=signed-in]", id("user-advice"))).await?;
    own.confirm_who().await?;
    admin.session().refresh().await?;
    admin.element(&format!("{}[data-step=setup-begun]", id("user-advice"))).await?;
    // The link may be opened again, and leads there again.
    own.open(&link).await?;
    sign_in("alice").again(&own).await?;
    own.set_up(&Passphrase::Suggested).await?;
    admin.session().refresh().await?;
    sees_state(&admin, "READY").await?;
    assert!(!admin.has(&id("user-pending")).await);
    own.close().await?;
    admin.close().await
}

/// A directory may send any name; where an admin decides, it does not rewrite the sentence that it stands in.
#[tokio::test]
async fn a_name_that_turns_the_direction_of_writing_keeps_to_itself() -> Outcome {
    let world = World::start();
    let alice = world.provision("alice");
    world.scim.replace(&alice, "displayName", &"Ann\u{2069}\u{202e} resu\u{9b}".into());
    let (admin, _ready) = owner_at_console(&world).await?;
    admin.go_to("users").await?;
    let shown = "Ann\u{fffd}\u{fffd} resu\u{fffd}";
    sees_people(&admin, &[shown, "olga@corp.test"]).await?;
    open_person(&admin, &world, &alice).await?;
    admin.click(&id("user-grant")).await?;
    let heading = admin.text("dialog h2").await?;
    assert_eq!(heading, format!("Make \u{2068}{shown}\u{2069} an admin?"));
    admin.close().await
}

#[tokio::test]
async fn a_sign_in_that_was_refused_is_told_at_the_person() -> Outcome {
    let world = World::start();
    let alice = world.provision("alice");
    world.scim.replace(&alice, "externalId", &"alice.mail".into());
    let own = Browser::start().await;
    own.tolerate(&[403]);
    world.sign_in(&own, "alice").await?;
    own.find("the refusal", async || {
        world.program.log().contains("no user has the subject").then_some(())
    })
    .await?;
    let (admin, _ready) = owner_at_console(&world).await?;
    open_person(&admin, &world, &alice).await?;
    admin.element(&format!("{}[data-code=not-object-ids]", id("user-refusal"))).await?;
    admin.sees_text(&id("user-refusal"), "objectId").await?;

    world.scim.replace(&alice, "externalId", &"aaaaaaaa-0000-4000-8000-000000000001".into());
    let again = world.browser_of("alice").await?;
    again.at("setup-who").await?;
    admin.session().refresh().await?;
    admin.element(&format!("{}[data-step=signed-in]", id("user-advice"))).await?;
    assert!(!admin.has(&id("user-refusal")).await, "a refusal before the last sign-in is over");
    again.close().await?;
    own.close().await?;
    admin.close().await
}

#[tokio::test]
async fn sessions_that_an_admin_ends_are_out_at_the_next_request() -> Outcome {
    let world = World::start();
    let alice = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.at("setup-who").await?;
    let (admin, ready) = owner_at_console(&world).await?;
    open_person(&admin, &world, &alice).await?;
    admin.element(&id("user-session")).await?;
    admin.tolerate(&[403]);
    admin.lock_session().await?;
    admin.click(&id("user-session-end")).await?;
    admin.try_passphrase(&ready.passphrase).await?;
    admin.at("admin-user").await?;
    admin.element(&id("user-session-list-empty")).await?;
    browser.tolerate(&[401]);
    let status = "return fetch('/api/session').then((answer) => answer.status)";
    assert_eq!(browser.script(status, Vec::new()).await?, 401);

    browser.open(&format!("{}/login", world.program.url())).await?;
    sign_in("alice").again(&browser).await?;
    browser.at("setup-who").await?;
    admin.session().refresh().await?;
    admin.click(&id("user-sessions-end-all")).await?;
    admin.element(&id("user-session-list-empty")).await?;
    // Nothing is lost: the next step leads through the sign-in and back.
    browser.click(&id("who-continue")).await?;
    browser.at("setup-who").await?;
    assert_eq!(browser.script(status, Vec::new()).await?, 200);
    browser.close().await?;
    admin.close().await
}

#[tokio::test]
async fn a_group_that_is_mapped_by_clicks_makes_its_member_an_admin() -> Outcome {
    let world = World::start();
    let bob = world.provision("bob");
    let _group = make_group(&world, "Freehold admins", &[&bob]);
    let (browser, ready) = world.open_vault("bob").await?;
    assert!(!browser.has(&id("vault-console")).await);
    let (admin, _ready) = owner_at_console(&world).await?;
    admin.go_to("groups").await?;
    admin.fill(&id("groups-search"), "HOLD").await?;
    admin.click(&id("group-link")).await?;
    admin.at("admin-group").await?;
    admin.sees_text(&id("members"), "Bob Example").await?;
    admin.click(&id("group-map")).await?;
    admin.sees_text(&id("map-dialog"), "1").await?;
    admin.click(&id("map-confirm")).await?;
    admin.element(&format!("{}[data-mapped=true]", id("group-mapped"))).await?;

    browser.sign_out().await?;
    browser.open(&format!("{}/login", world.program.url())).await?;
    sign_in("bob").again(&browser).await?;
    browser.unlock(&ready.passphrase).await?;
    browser.click(&id("vault-console")).await?;
    browser.at("admin-start").await?;
    browser.go_to("groups").await?;
    browser.click(&id("group-link")).await?;
    browser.at("admin-group").await?;
    assert!(!browser.has(&id("group-unmap")).await, "an admin decides on no roles");

    open_person(&admin, &world, &bob).await?;
    admin.sees_text(&id("user-role"), "Freehold admins").await?;
    admin.click(&format!("{} a", id("user-role"))).await?;
    admin.click(&id("group-unmap")).await?;
    admin.click(&id("unmap-confirm")).await?;
    admin.element(&format!("{}[data-mapped=false]", id("group-mapped"))).await?;
    browser.tolerate(&[403]);
    browser.session().refresh().await?;
    browser.at("fault").await?;
    browser.close().await?;
    admin.close().await
}

#[tokio::test]
async fn an_owner_gives_and_takes_a_role_and_the_last_owner_stays() -> Outcome {
    let world = World::start();
    let bob = world.provision("bob");
    let (admin, _ready) = owner_at_console(&world).await?;
    open_person(&admin, &world, &bob).await?;
    admin.click(&id("user-grant")).await?;
    admin.sees_notice("not-ready").await?;
    admin.click(&id("grant-confirm")).await?;
    admin.element(&format!("{}[data-role=admin]", id("user-role"))).await?;
    admin.click(&id("user-revoke-admin")).await?;
    admin.click(&id("revoke-confirm")).await?;
    admin.element(&format!("{}[data-role=member]", id("user-role"))).await?;

    admin.go_to("users").await?;
    admin.fill(&id("users-search"), "olga").await?;
    sees_people(&admin, &["olga@corp.test"]).await?;
    admin.click(&id("user-link")).await?;
    admin.at("admin-user").await?;
    admin.tolerate(&[409]);
    admin.click(&id("user-revoke-owner")).await?;
    admin.click(&id("revoke-confirm")).await?;
    admin.sees_error("last-owner").await?;
    admin.click(&id("revoke-cancel")).await?;
    admin.close().await
}

#[tokio::test]
async fn a_reset_is_approved_at_the_person_and_a_deleted_one_is_restored() -> Outcome {
    let world = World::start();
    let alice = world.provision("alice");
    let (browser, _ready) = world.open_vault("alice").await?;
    browser.lock().await?;
    browser.at("unlock").await?;
    browser.click(&format!("{} summary", id("unlock-forgot"))).await?;
    browser.click(&id("unlock-lost")).await?;
    browser.click(&id("lost-ask")).await?;
    let number = browser.text(&id("lost-id")).await?;

    let (admin, _ready) = owner_at_console(&world).await?;
    admin.go_to("users").await?;
    assert!(admin.text(&id("users-resets")).await?.contains(&number), "both see the same number");
    admin.fill(&id("users-search"), &user_name("alice")).await?;
    sees_people(&admin, &["Alice Example"]).await?;
    admin.click(&id("user-link")).await?;
    admin.at("admin-user").await?;
    assert!(admin.text(&id("user-reset")).await?.contains(&number));
    admin.click(&id("reset-approve")).await?;
    admin.click(&id("reset-approve-sure")).await?;
    admin.element(&format!("{}[data-step=reset]", id("user-advice"))).await?;
    assert_eq!(world.state_of("alice"), "PENDING");

    world.scim.delete(&alice);
    admin.go_to("users").await?;
    sees_people(&admin, &["olga@corp.test"]).await?;
    admin.click(&id("users-state-DELETED")).await?;
    sees_people(&admin, &["Alice Example"]).await?;
    admin.click(&id("user-link")).await?;
    admin.click(&id("user-restore")).await?;
    admin.click(&id("restore-confirm")).await?;
    sees_state(&admin, "PENDING").await?;
    assert_eq!(world.state_of("alice"), "PENDING");
    browser.tolerate(&[401]);
    browser.close().await?;
    admin.close().await
}

#[tokio::test]
async fn no_page_of_people_and_groups_has_a_violation() -> Outcome {
    let world = World::start();
    let (alice, bob) = (world.provision("alice"), world.provision("bob"));
    age(&world, &alice, 10);
    let group = make_group(&world, "Freehold admins", &[&alice, &bob]);
    let (browser, _ready) = owner_at_console(&world).await?;
    let size = json!({"width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": false});
    browser.session().cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
    browser.open_console(world.program.url(), "users").await?;
    is_accessible(&browser, "admin-users").await?;
    browser.click(&id("users-state-PENDING")).await?;
    browser.element(&id("users-stuck")).await?;
    is_accessible(&browser, "admin-users").await?;
    browser.open(&format!("{}/admin/#/users/{alice}", world.program.url())).await?;
    is_accessible(&browser, "admin-user").await?;
    browser.click(&id("user-grant")).await?;
    is_accessible(&browser, "admin-user").await?;
    browser.click(&id("grant-cancel")).await?;
    browser.open(&format!("{}/admin/#/groups", world.program.url())).await?;
    is_accessible(&browser, "admin-groups").await?;
    browser.open(&format!("{}/admin/#/groups/{group}", world.program.url())).await?;
    is_accessible(&browser, "admin-group").await?;
    world.scim.delete(&bob);
    browser.open(&format!("{}/admin/#/users/{bob}", world.program.url())).await?;
    is_accessible(&browser, "admin-user").await?;
    browser.close().await
}
