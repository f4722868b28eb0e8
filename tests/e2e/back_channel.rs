//! Signing out at the provider ends the session here, behind the browser's back.

use freehold_testing::{Browser, Outcome};

use crate::world::World;

async fn is_signed_in(browser: &Browser) -> Outcome<bool> {
    let script = "const done = arguments[0]; \
        fetch('/api/session').then(answer => done(answer.ok), () => done(null))";
    let answer = browser.session().execute_async(script, Vec::new()).await?;
    Ok(answer.json().as_bool().expect("the server answers"))
}

#[tokio::test]
async fn who_signs_out_at_the_provider_is_signed_out_here() -> Outcome {
    let world = World::start();
    let (_alice, _bob) = (world.provision("alice"), world.provision("bob"));
    let alice = world.browser_of("alice").await?;
    alice.at("setup-who").await?;
    let bob = world.browser_of("bob").await?;
    bob.at("setup-who").await?;
    assert!(is_signed_in(&alice).await?);

    alice.open(&world.panva.sign_out_url()).await?;
    alice.click("button[value=yes]").await?;
    // Shown once the provider has told its clients.
    alice
        .find("the provider's farewell", async || {
            alice.address().await.ok()?.contains("/session/end/success").then_some(())
        })
        .await?;

    alice.tolerate(&[401]);
    alice.open(&format!("{}/signed-out/", world.program.url())).await?;
    assert!(!is_signed_in(&alice).await?, "the provider has ended her session");
    assert!(is_signed_in(&bob).await?, "and nobody else's");
    bob.close().await?;
    alice.close().await
}
