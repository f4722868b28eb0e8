//! A directory pushes a person by SCIM and signs her in by OpenID Connect; she sets up, keeps a
//! secret, signs out, signs in, unlocks and reads it; from a second browser too.

use freehold_testing::{
    Browser, Canaille, Client, Outcome, Program, Settings, fresh_postgres,
    pages::{Secret, SignIn},
    story::first_login,
};

use crate::world::{ACME, World, sign_in, user_name};

fn say(step: &str) {
    println!("{step}");
}

#[tokio::test]
async fn a_person_pushed_by_canaille_goes_the_whole_way() -> Outcome {
    let program = Program::start();
    let client = Client::for_tests();
    program.make_organization(ACME, "Acme Ltd");
    let token = program.make_token(ACME);
    let canaille = Canaille::start(&program, &client, &token);
    program.add_oidc(ACME, &canaille.issuer(), &client, "sub");

    canaille.create("carol", "Carol Example");
    assert_eq!(program.state_of(ACME, "carol").as_deref(), Some("PENDING"));
    let carol = SignIn::Canaille { user_name: "carol".to_owned() };
    let browser = Browser::start().await;
    let ready = first_login(&browser, program.url(), &carol, &mut say).await?;
    assert_eq!(program.state_of(ACME, "carol").as_deref(), Some("READY"));

    // From a second browser, which remembers nothing: all that she needs is in her head.
    let second = Browser::start().await;
    carol.at(&second, program.url()).await?;
    second.unlock(&ready.passphrase).await?;
    assert_eq!(second.read_secret("Wi-Fi at home").await?, "correct horse battery staple");
    let new = Secret { name: "From the second browser", value: "s3cond", note: "" };
    second.add_secret(&new).await?;
    second.close().await?;

    browser.lock().await?;
    browser.unlock(&ready.passphrase).await?;
    assert_eq!(browser.read_secret(new.name).await?, new.value);

    // She leaves: the lock in the directory ends her access here at once.
    canaille.lock("carol");
    browser.tolerate(&[401, 403]);
    browser.click("[data-testid=vault-add]").await?;
    browser.fill("[data-testid=edit-name]", "too late").await?;
    browser.click("[data-testid=edit-save]").await?;
    browser.element("[data-testid=error]").await?;
    assert!(!browser.has("[data-testid=item]").await);
    assert_eq!(program.state_of(ACME, "carol").as_deref(), Some("SUSPENDED"));
    browser.close().await
}

#[tokio::test]
async fn the_whole_way_on_postgresql() -> Outcome {
    let world = World::with(Settings::new().database(fresh_postgres()));
    let _id = world.provision("alice");
    let browser = Browser::start().await;
    first_login(&browser, world.program.url(), &sign_in("alice"), &mut say).await?;
    assert_eq!(world.state_of("alice"), "READY");
    browser.close().await
}

#[tokio::test]
async fn a_restart_of_the_server_loses_nothing() -> Outcome {
    let mut world = World::start();
    let _id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.add_secret(&Secret { name: "kept", value: "over the restart", note: "" }).await?;
    // A page asks for this once it has stood for a while, which must not be while nobody answers.
    let later = "return performance.getEntriesByType('resource')\
        .some(({ name }) => name.endsWith('/lib/session-end.js'))";
    browser
        .find("everything that is loaded later", async || {
            (browser.script(later, Vec::new()).await.ok()? == serde_json::json!(true)).then_some(())
        })
        .await?;
    world.program.stop();
    world.program.resume();
    // The session is in the database, and was unlocked: the list comes without signing in again.
    browser.lock().await?;
    browser.unlock(&ready.passphrase).await?;
    assert_eq!(browser.read_secret("kept").await?, "over the restart");
    browser.close().await
}

#[tokio::test]
async fn a_new_user_name_locks_nobody_out() -> Outcome {
    let world = World::start();
    let id = world.provision("alice");
    let (browser, ready) = world.open_vault("alice").await?;
    browser.add_secret(&Secret { name: "kept", value: "as Alice Example", note: "" }).await?;
    browser.sign_out().await?;
    world.scim.replace(&id, "userName", &"alice.married@corp.test".into());
    world.scim.replace(&id, "displayName", &"Alice Married".into());
    assert_eq!(world.program.state_of(ACME, &user_name("alice")), None);
    browser.open(&format!("{}/login", world.program.url())).await?;
    sign_in("alice").again(&browser).await?;
    browser.unlock(&ready.passphrase).await?;
    assert_eq!(browser.read_secret("kept").await?, "as Alice Example");
    browser.close().await
}
