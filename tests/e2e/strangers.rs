//! Who can sign in at the provider but has no account here, or somebody else's, gets nowhere.

use freehold_testing::{Browser, Outcome, scim::Person};
use serde_json::json;

use crate::world::{ACME, World, user_name};

async fn sees_the_refusal(browser: &Browser) -> Outcome {
    let text = browser.text("main.card").await?;
    assert!(text.contains("You could not be signed in"), "{text}");
    assert!(text.contains("Support id"), "{text}");
    let cookies = browser.session().get_all_cookies().await?;
    assert!(cookies.iter().all(|cookie| cookie.name != "__Host-sid"), "no session was begun");
    Ok(())
}

#[tokio::test]
async fn somebody_who_was_not_provisioned_is_refused_and_no_account_is_made() -> Outcome {
    let world = World::start();
    let _id = world.provision("alice");
    let browser = world.browser_of("mallory").await?;
    browser.tolerate(&[403]);
    sees_the_refusal(&browser).await?;
    assert_eq!(world.program.users(ACME).len(), 1);
    browser.close().await
}

#[tokio::test]
async fn the_same_user_name_or_mail_address_is_not_the_same_person() -> Outcome {
    let world = World::start();
    // The account bears Mallory's user name and mail address, and another person's object id.
    let _id = world.scim.create(&Person {
        user_name: &user_name("mallory"),
        external_id: "99999999-0000-4000-8000-000000000009",
        display_name: "Mallory Example",
    });
    let browser = world.browser_of("mallory").await?;
    browser.tolerate(&[403]);
    sees_the_refusal(&browser).await?;
    assert_eq!(world.state_of("mallory"), "PENDING");
    browser.close().await
}

#[tokio::test]
async fn an_account_once_claimed_stays_with_the_person_who_claimed_it() -> Outcome {
    let world = World::start();
    let account = world.provision("alice");
    let (browser, _ready) = world.set_up("alice").await?;
    browser.close().await?;
    // A mistaken or hostile directory points the account at somebody else.
    world.scim.replace(&account, "externalId", &json!("eeeeeeee-0000-4000-8000-00000000000e"));
    let other = world.browser_of("mallory").await?;
    other.tolerate(&[403]);
    sees_the_refusal(&other).await?;
    other.close().await?;
    let own = world.browser_of("alice").await?;
    own.at("unlock").await?;
    own.close().await
}
