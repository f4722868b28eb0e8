//! Signing in by SAML: at SimpleSAMLphp, on the directory that also provisions, and at a second signer.

use std::sync::Arc;

use freehold_testing::{
    Browser, Canaille, Client, Outcome, Program, Relay, Samlp, Settings, Signed, SimpleSaml,
    pages::SignIn,
    scim::{Person, Scim},
    simplesaml::TENANT,
    story::first_login,
};
use serde_json::json;

use crate::world::ACME;

const OBJECT_ID: &str = "http://schemas.microsoft.com/identity/claims/objectidentifier";

/// A server, a directory that provisions into it, and SAML on the same people.
struct Corporation {
    program: Program,
    canaille: Arc<Canaille>,
    saml: SimpleSaml,
}

impl Corporation {
    fn start(settings: Settings, signed: Signed) -> Self {
        let program = settings.start();
        program.make_organization(ACME, "Acme Ltd");
        let token = program.make_token(ACME);
        let canaille = Canaille::start(&program, &Client::for_tests(), &token);
        let saml = SimpleSaml::start(&program, &canaille, signed);
        let words = ["--subject-attribute", OBJECT_ID, "--tenant", TENANT];
        program.add_saml(ACME, "corp", &saml.metadata_url(), &words);
        Self { program, canaille: Arc::new(canaille), saml }
    }

    fn hire(&self, user_name: &str, full_name: &str) -> SignIn {
        self.canaille.create(user_name, full_name);
        assert_eq!(self.program.state_of(ACME, user_name).as_deref(), Some("PENDING"));
        SignIn::SimpleSaml { user_name: user_name.to_owned() }
    }
}

async fn has_no_session(browser: &Browser) -> Outcome {
    let cookies = browser.session().get_all_cookies().await?;
    assert!(cookies.iter().all(|cookie| cookie.name != "__Host-sid"), "no session was begun");
    Ok(())
}

async fn sees(browser: &Browser, title: &str) -> Outcome {
    browser
        .find(&format!("the page \"{title}\""), async || {
            browser.text("main.card").await.ok()?.contains(title).then_some(())
        })
        .await
}

#[tokio::test]
async fn a_person_signs_in_by_saml_and_goes_the_whole_way() -> Outcome {
    let corporation = Corporation::start(Settings::new(), Signed::Both);
    let carol = corporation.hire("carol", "Carol Example");
    let browser = Browser::start().await;
    first_login(&browser, corporation.program.url(), &carol, &mut |step| println!("{step}"))
        .await?;
    assert_eq!(corporation.program.state_of(ACME, "carol").as_deref(), Some("READY"));
    browser.close().await?;

    // Locked in the directory: suspended here, and refused at the identity provider.
    corporation.canaille.lock("carol");
    assert_eq!(corporation.program.state_of(ACME, "carol").as_deref(), Some("SUSPENDED"));
    let browser = Browser::start().await;
    carol.at(&browser, corporation.program.url()).await?;
    browser.element("input[name=password]").await?;
    assert!(!browser.address().await?.starts_with(corporation.program.url()));
    browser.close().await
}

#[tokio::test]
async fn a_signature_of_the_response_or_of_the_assertion_is_enough() -> Outcome {
    for signed in [Signed::Response, Signed::Assertion] {
        let corporation = Corporation::start(Settings::new(), signed);
        let carol = corporation.hire("carol", "Carol Example");
        let browser = Browser::start().await;
        carol.at(&browser, corporation.program.url()).await?;
        browser.at("setup-who").await?;
        browser.close().await?;
    }
    Ok(())
}

/// The answer was good when it was posted; between that and the browser's next request the account is frozen.
#[tokio::test]
async fn deactivated_between_the_answer_and_the_session_there_is_none() -> Outcome {
    let relay = Relay::start();
    let corporation = Corporation::start(Settings::new().behind(relay.port()), Signed::Both);
    relay.forward_to(corporation.program.address());
    let carol = corporation.hire("carol", "Carol Example");
    let canaille = Arc::clone(&corporation.canaille);
    relay.change_answers(move |exchange| {
        if exchange.target == "/saml/acs" {
            assert_eq!(exchange.status, 303, "the answer itself is good");
            canaille.lock("carol");
        }
        None
    });
    let browser = Browser::start().await;
    browser.tolerate(&[403]);
    carol.at(&browser, corporation.program.url()).await?;
    sees(&browser, "You could not be signed in").await?;
    has_no_session(&browser).await?;
    assert_eq!(corporation.program.state_of(ACME, "carol").as_deref(), Some("SUSPENDED"));
    browser.close().await
}

#[tokio::test]
async fn a_new_certificate_counts_once_an_admin_trusts_it() -> Outcome {
    let corporation = Corporation::start(Settings::new(), Signed::Both);
    let carol = corporation.hire("carol", "Carol Example");
    let browser = Browser::start().await;
    browser.tolerate(&[403]);
    // The key changes while she types her password.
    browser.open(&format!("{}/login", corporation.program.url())).await?;
    browser.element("input[name=username]").await?;
    corporation.saml.roll_over();
    carol.through(&browser).await?;
    sees(&browser, "You could not be signed in").await?;
    has_no_session(&browser).await?;

    let certificates = ["connection", "certificates", "--organization", ACME, "--json"];
    let list = |words: &[&str]| -> Vec<serde_json::Value> {
        let text = corporation.program.freehold(&[&certificates[..], words].concat());
        serde_json::from_str(&text).expect("a list")
    };
    assert_eq!(list(&[]).len(), 1);
    let proposed = list(&["--refresh"]);
    let new = proposed.iter().find(|it| it["trust"] == "proposed").expect("a proposed one");
    let fingerprint = new["fingerprint"].as_str().expect("a text");
    let _told = list(&["--trust", fingerprint]);
    browser.open(&format!("{}/login", corporation.program.url())).await?;
    carol.again(&browser).await?;
    browser.at("setup-who").await?;
    browser.close().await
}

/// A second signer, and the tile of a portal: what nobody asked for is never accepted, it begins a sign-in.
#[tokio::test]
async fn a_tile_of_the_portal_leads_through_a_sign_in_of_our_own() -> Outcome {
    let program = Program::start();
    program.make_organization(ACME, "Acme Ltd");
    let id = "aaaaaaaa-0000-4000-8000-000000000001";
    let people = json!({"alice": {OBJECT_ID: id}});
    let samlp = Samlp::start(&program, "https://idp.test/samlp", &people);
    program.add_saml(ACME, "second", &samlp.metadata_url(), &["--subject-attribute", OBJECT_ID]);
    let _id = Scim::of(&program, ACME).create(&Person {
        user_name: "alice@corp.test",
        external_id: id,
        display_name: "Alice Example",
    });
    let browser = Browser::start().await;
    browser.open(&samlp.tile_url("alice")).await?;
    let alice = SignIn::Samlp { login: "alice".to_owned() };
    alice.through(&browser).await?;
    browser.at("setup-who").await?;
    browser.close().await
}
