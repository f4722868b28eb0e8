//! No identity provider at all: the operator prints a link, the first owner enters, sets up, and
//! must unlock when the next link lets her in.

use freehold_testing::{
    Browser, Outcome, Program,
    pages::{Passphrase, Secret, id},
};

use crate::world::ACME;

const OLGA: &str = "olga@corp.test";

/// Opens a link and presses its button.
async fn enter(browser: &Browser, link: &str) -> Outcome {
    // Otherwise a link after a link changes the fragment only, and the old screen passes for new.
    browser.open("about:blank").await?;
    browser.open(link).await?;
    browser.at("enter").await?;
    let address = browser.address().await?;
    assert!(address.ends_with("/enter/"), "the secret is out of the address: {address}");
    // The skip link changes the fragment too.
    browser.script("location.hash = 'main'", Vec::new()).await?;
    browser.click(&id("enter-continue")).await
}

#[tokio::test]
async fn the_first_owner_needs_a_link_and_the_second_link_unlocks_nothing() -> Outcome {
    let program = Program::start();
    program.make_organization(ACME, "Acme Ltd");
    let link = program.link(ACME, OLGA);
    let browser = Browser::start().await;

    // Opening it, as a preview does, uses nothing up.
    browser.open(&link).await?;
    browser.at("enter").await?;
    assert_eq!(program.state_of(ACME, OLGA), None);

    enter(&browser, &link).await?;
    let ready = browser.set_up(&Passphrase::Suggested).await?;
    assert_eq!(program.state_of(ACME, OLGA).as_deref(), Some("READY"));
    assert_eq!(program.users(ACME)[0]["role"], "owner");
    browser.open_vault_after_set_up(&ready.passphrase).await?;
    let secret = Secret { name: "kept", value: "by the first owner", note: "" };
    browser.add_secret(&secret).await?;

    let second = Browser::start().await;
    second.tolerate(&[403]);
    enter(&second, &link).await?;
    second.sees_error("link-refused").await?;
    enter(&second, &program.link(ACME, OLGA)).await?;
    second.at("unlock").await?;
    assert!(!second.has("[data-testid=item]").await);
    second.unlock(&ready.passphrase).await?;
    assert_eq!(second.read_secret("kept").await?, "by the first owner");
    second.close().await?;
    browser.close().await
}
