//! Several organizations sign in here: a person types her e-mail address and is led to her own
//! organization's provider.

use freehold_testing::{Browser, Outcome, Settings, dns::Dns};

use crate::world::{ACME, World, sign_in};

#[tokio::test]
async fn a_person_types_her_address_and_signs_in_at_her_provider() -> Outcome {
    let dns = Dns::start();
    let resolver = dns.address().to_string();
    let world = World::with(Settings::new().variable("FREEHOLD_DNS_RESOLVER", &resolver));
    world.another_organization();
    let _id = world.provision("alice");
    let domain =
        |verb| world.program.freehold(&["domain", verb, "--organization", ACME, "corp.test"]);
    let record = domain("add");
    let value = record.split('"').nth(1).expect("a record with its value in quotes");
    dns.publish("_freehold-challenge.corp.test", value);
    let _told = domain("verify");

    let browser = Browser::start().await;
    browser.open(&format!("{}/login", world.program.url())).await?;
    browser.at("sign-in").await?;
    browser.fill("#who", "Alice@corp.test").await?;
    // The content security policy judges every hop of a form's way; a complaint fails the story.
    browser.click("button").await?;
    sign_in("alice").through(&browser).await?;
    browser.at("setup-who").await?;
    browser.close().await
}

#[tokio::test]
async fn a_person_chooses_between_the_ways_of_her_organization() -> Outcome {
    let world = World::start();
    world.another_organization();
    world.second_connection();
    let browser = Browser::start().await;
    browser.open(&format!("{}/login", world.program.url())).await?;
    browser.fill("#who", ACME).await?;
    browser.click("button").await?;
    browser.at("sign-in-choice").await?;
    browser.click(".ways a").await?;
    browser.element("input[name=login]").await?;
    browser.close().await
}
