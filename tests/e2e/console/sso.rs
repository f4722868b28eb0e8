//! From an empty organization to people who sign in, by clicks: first steps, connections, certificates, domains.

use std::sync::Arc;

use freehold_testing::{
    Browser, Canaille, Client, Outcome, Panva, Program, Samlp, Settings, Signed, SimpleSaml,
    dns::Dns,
    http::Request,
    pages::{Passphrase, Ready, SignIn, id},
    scim::{Person, Scim},
    simplesaml,
};
use serde_json::{Value, json};

use super::scim::make_token;
use crate::{accessibility::is_accessible, world::ACME};

const OBJECT_ID: &str = "http://schemas.microsoft.com/identity/claims/objectidentifier";
const TENANT: &str = "0a1b2c3d-0000-4000-8000-00000000acme";
const ALICE: &str = "aaaaaaaa-0000-4000-8000-000000000001";

/// A server with an organization that has nothing but a short name.
fn empty(settings: Settings) -> Program {
    let program = settings.start();
    program.make_organization(ACME, ACME);
    program
}

/// The first owner comes by the one-time link, makes keys and goes on to the console.
async fn first_owner(program: &Program) -> Outcome<(Browser, Ready)> {
    let browser = Browser::start().await;
    browser.open(&program.link(ACME, "olga@corp.test")).await?;
    browser.at("enter").await?;
    browser.click(&id("enter-continue")).await?;
    let ready = browser.set_up(&Passphrase::Suggested).await?;
    browser.click(&id("done-organize")).await?;
    browser.at("admin-start").await?;
    Ok((browser, ready))
}

/// Which of the first steps are done.
async fn done(browser: &Browser) -> Outcome<Vec<String>> {
    browser.element(&id("first-steps")).await?;
    let script = "return [...document.querySelectorAll('[data-testid=first-steps] > [data-done=true]')]\
        .map((step) => step.dataset.testid.slice(5))";
    let names = browser.script(script, Vec::new()).await?;
    let texts = names.as_array().expect("a list").iter();
    Ok(texts.map(|name| name.as_str().expect("a text").to_owned()).collect())
}

/// The list once more, from the server.
async fn done_after_reload(browser: &Browser) -> Outcome<Vec<String>> {
    browser.script("location.reload()", Vec::new()).await?;
    browser.at("admin-start").await?;
    done(browser).await
}

async fn opens(browser: &Browser, css: &str, screen: &str) -> Outcome {
    browser.click(css).await?;
    browser.at(screen).await
}

/// Tests the connection that is shown, as this person.
async fn test_as(browser: &Browser, person: &SignIn) -> Outcome<String> {
    browser.click(&id("connection-test")).await?;
    browser.element("input[name=login]").await?;
    person.through(browser).await?;
    browser.at("admin-connection").await?;
    let outcome = browser.element(&id("test-outcome")).await?;
    Ok(outcome.attr("data-verdict").await?.unwrap_or_default())
}

fn alice_is(program: &Program) -> Option<String> {
    program.state_of(ACME, "alice@corp.test")
}

fn provision_alice(scim: &Scim) {
    let _id = scim.create(&Person {
        user_name: "alice@corp.test",
        external_id: ALICE,
        display_name: "Alice Example",
    });
}

/// The whole way by clicks alone.
#[tokio::test]
async fn an_owner_goes_from_the_one_time_link_to_the_first_person_ready() -> Outcome {
    let program = empty(Settings::new());
    let client = Client { tenant: Some(TENANT.to_owned()), ..Client::for_tests() };
    let people = json!({"alice": {"oid": ALICE, "tid": TENANT, "name": "Alice Example"}});
    let panva = Panva::start(&client, &program.redirect_uri(), &people);
    let (browser, _ready) = first_owner(&program).await?;
    assert_eq!(done(&browser).await?, Vec::<String>::new());

    browser.click(&id("step-organization-go")).await?;
    browser.fill(&id("organization-name"), "Acme Ltd").await?;
    browser.click(&id("rename-confirm")).await?;
    browser.sees_text("main", "Acme Ltd").await?;
    assert_eq!(done_after_reload(&browser).await?, ["organization"]);

    opens(&browser, &id("step-connection-go"), "admin-connections").await?;
    opens(&browser, &id("add-oidc"), "admin-add-oidc").await?;
    assert_eq!(browser.text(&id("here-redirect")).await?, program.redirect_uri());
    browser.fill(&id("issuer"), &format!("{}/", panva.issuer())).await?;
    browser.fill(&id("client-id"), &client.id).await?;
    browser.fill(&id("client-secret"), &client.secret).await?;
    browser.click("[data-testid=further] summary").await?;
    browser.fill(&id("subject-claim"), "oid").await?;
    browser.fill(&id("tenant"), TENANT).await?;
    browser.tolerate(&[422]);
    browser.click(&id("connection-add")).await?;
    browser.sees_error("provider-other-issuer").await?;
    browser.fill(&id("issuer"), panva.issuer()).await?;
    opens(&browser, &id("connection-add"), "admin-connection").await?;

    let alice = SignIn::Panva { login: "alice".to_owned() };
    assert_eq!(test_as(&browser, &alice).await?, "no-user");
    assert_eq!(browser.text(&id("test-subject")).await?, ALICE);
    browser.go_to("start").await?;
    assert_eq!(done_after_reload(&browser).await?, ["organization", "connection", "signIn"]);

    opens(&browser, &id("step-token-go"), "admin-scim").await?;
    let scim = Scim::with_token(&program, make_token(&browser, "entra").await?);
    browser.click(&id("secret-done")).await?;
    browser.click(&id("scim-test")).await?;
    browser.sees_text(&id("trial-verdict"), "Everything is green").await?;
    browser.go_to("start").await?;
    let token = ["organization", "connection", "signIn", "token"];
    assert_eq!(done_after_reload(&browser).await?, token, "a test is no request of the provider");
    provision_alice(&scim);
    assert_eq!(alice_is(&program).as_deref(), Some("PENDING"));
    let pending = [&token[..], &["scimRequest", "person"]].concat();
    assert_eq!(done_after_reload(&browser).await?, pending);

    let hers = Browser::start().await;
    alice.at(&hers, program.url()).await?;
    let _ready = hers.set_up(&Passphrase::Suggested).await?;
    assert!(!hers.has(&id("done-organize")).await, "no console for a member");
    hers.close().await?;
    assert_eq!(alice_is(&program).as_deref(), Some("READY"));
    assert_eq!(done_after_reload(&browser).await?, [&pending[..], &["ready"]].concat());
    browser.close().await
}

#[tokio::test]
async fn an_owner_replaces_a_client_secret_that_has_ended_by_click() -> Outcome {
    let program = empty(Settings::new());
    let client = Client::for_tests();
    let panva = Panva::start(&client, &program.redirect_uri(), &json!({"alice": {}}));
    let ended = Client { secret: "the-one-before".to_owned(), ..Client::for_tests() };
    program.add_oidc(ACME, panva.issuer(), &ended, "sub");
    let (browser, _ready) = first_owner(&program).await?;
    browser.go_to("connections").await?;
    opens(&browser, "[data-testid=connection-oidc-open]", "admin-connection").await?;
    let alice = SignIn::Panva { login: "alice".to_owned() };
    assert_eq!(test_as(&browser, &alice).await?, "refused");

    browser.click(&id("client-secret-replace")).await?;
    is_accessible(&browser, "admin-connection").await?;
    browser.click(&id("client-secret-confirm")).await?;
    browser.sees_text(&id("field-fault"), "Fill in this field").await?;
    browser.fill(&id("client-secret"), &client.secret).await?;
    browser.click(&id("client-secret-confirm")).await?;
    browser.sees_text("body", "The client secret is replaced").await?;
    assert!(!browser.has(&id("client-secret-dialog")).await);
    // The provider knows her by now, and asks nothing.
    browser.click(&id("connection-test")).await?;
    browser.element("[data-testid=test-outcome][data-verdict=no-user]").await?;

    let of = ["--organization", ACME, "--user", "olga@corp.test"];
    for words in [&["role", "grant", "admin"][..], &["role", "revoke", "owner", "--last-owner"]] {
        let _told = program.freehold(&[words, &of].concat());
    }
    browser.script("location.reload()", Vec::new()).await?;
    browser.element(&id("connection-settings")).await?;
    browser
        .find("no button for an admin", async || {
            let asked = browser.has(&id("connection-settings")).await;
            (asked && !browser.has(&id("client-secret-replace")).await).then_some(())
        })
        .await?;
    browser.close().await
}

#[tokio::test]
async fn an_owner_adds_saml_by_pasted_metadata_and_by_a_file_and_people_sign_in() -> Outcome {
    let program = empty(Settings::new());
    let people = json!({"alice": {OBJECT_ID: ALICE}});
    let samlp = Samlp::start(&program, "https://idp.test/samlp", &people);
    let metadata = fetched(&samlp.metadata_url());
    let (browser, _ready) = first_owner(&program).await?;
    browser.tolerate(&[422]);
    browser.go_to("connections").await?;
    opens(&browser, &id("add-saml"), "admin-add-saml").await?;
    for (wrong, code) in
        [("-----BEGIN CERTIFICATE-----", "metadata-malformed"), ("<html/>", "metadata-not-entity")]
    {
        browser.fill(&id("metadata-text"), wrong).await?;
        browser.click(&id("connection-add")).await?;
        browser.sees_error(code).await?;
    }
    browser.fill(&id("metadata-text"), &metadata).await?;
    browser.click("[data-testid=further] summary").await?;
    browser.fill(&id("subject-attribute"), OBJECT_ID).await?;
    browser.fill(&id("connection-name"), "pasted").await?;
    opens(&browser, &id("connection-add"), "admin-connection").await?;
    let alice = SignIn::Samlp { login: "alice".to_owned() };
    assert_eq!(test_as(&browser, &alice).await?, "no-user");
    opens(&browser, &id("connection-remove"), "admin-connection").await?;
    opens(&browser, &id("connection-remove-confirm"), "admin-connections").await?;

    let file = program.scratch("idp-metadata.xml");
    std::fs::write(&file, &metadata)?;
    opens(&browser, &id("add-saml"), "admin-add-saml").await?;
    let chooser = browser.element(&id("metadata-file")).await?;
    chooser.send_keys(file.display().to_string()).await?;
    browser.sees_text(&id("metadata-file-name"), "idp-metadata.xml").await?;
    browser.click("[data-testid=further] summary").await?;
    browser.fill(&id("subject-attribute"), OBJECT_ID).await?;
    opens(&browser, &id("connection-add"), "admin-connection").await?;
    provision_alice(&Scim::of(&program, ACME));
    assert_eq!(test_as(&browser, &alice).await?, "would-link");
    assert_eq!(browser.text(&id("test-user")).await?, "alice@corp.test");
    assert_eq!(alice_is(&program).as_deref(), Some("PENDING"), "the test linked nobody");
    browser.close().await?;

    let hers = Browser::start().await;
    alice.at(&hers, program.url()).await?;
    let _ready = hers.set_up(&Passphrase::Suggested).await?;
    assert_eq!(alice_is(&program).as_deref(), Some("READY"));
    hers.close().await
}

fn fetched(url: &str) -> String {
    let (address, path) = url.trim_start_matches("http://").split_once('/').expect("a path");
    let address = address.parse().expect("an address of this machine");
    let answer = Request::new("GET", &format!("/{path}")).send(address).expect("it answers");
    String::from_utf8(answer.body).expect("it is text")
}

#[tokio::test]
async fn a_new_certificate_counts_once_an_owner_trusts_it_by_click() -> Outcome {
    let program = empty(Settings::new());
    let token = program.make_token(ACME);
    let canaille = Arc::new(Canaille::start(&program, &Client::for_tests(), &token));
    let saml = SimpleSaml::start(&program, &canaille, Signed::Both);
    canaille.create("carol", "Carol Example");
    let carol = SignIn::SimpleSaml { user_name: "carol".to_owned() };
    let (browser, _ready) = first_owner(&program).await?;
    browser.go_to("connections").await?;
    opens(&browser, &id("add-saml"), "admin-add-saml").await?;
    browser.fill(&id("metadata-url"), &saml.metadata_url()).await?;
    browser.click("[data-testid=further] summary").await?;
    browser.fill(&id("subject-attribute"), OBJECT_ID).await?;
    browser.fill(&id("tenant"), simplesaml::TENANT).await?;
    opens(&browser, &id("connection-add"), "admin-connection").await?;
    saml.roll_over();

    browser.click(&id("connection-test")).await?;
    browser.element("input[name=username]").await?;
    carol.through(&browser).await?;
    browser.at("admin-connection").await?;
    browser.element("[data-testid=test-outcome][data-verdict=refused]").await?;

    browser.click(&id("certificates-refresh")).await?;
    browser.sees_notice("certificate-proposed").await?;
    browser.click(&id("certificate-trust")).await?;
    browser.click(&id("trust-confirm")).await?;
    browser
        .find("no proposed certificate any more", async || {
            let proposed = browser.has("[data-code=certificate-proposed]").await;
            (!proposed && browser.has(&id("certificates")).await).then_some(())
        })
        .await?;
    browser.close().await?;

    let hers = Browser::start().await;
    carol.at(&hers, program.url()).await?;
    hers.at("setup-who").await?;
    hers.close().await
}

#[tokio::test]
async fn an_owner_proves_a_domain_by_its_record() -> Outcome {
    let dns = Dns::start();
    let program =
        empty(Settings::new().variable("FREEHOLD_DNS_RESOLVER", &dns.address().to_string()));
    let (browser, _ready) = first_owner(&program).await?;
    browser.tolerate(&[409, 422]);
    opens(&browser, &id("step-domain-go"), "admin-domains").await?;
    browser.click(&id("domain-add")).await?;
    browser.fill(&id("domain-name"), "ann@acme.test").await?;
    browser.click(&id("domain-add-confirm")).await?;
    browser.sees_error("domain-malformed").await?;
    browser.fill(&id("domain-name"), "acme.test").await?;
    browser.click(&id("domain-add-confirm")).await?;
    let name = browser.text(&id("domain-acme.test-record-name")).await?;
    let value = browser.text(&id("domain-acme.test-record-value")).await?;
    browser.click(&id("domain-acme.test-verify")).await?;
    browser.sees_error("record-not-found").await?;
    dns.publish(&name, &value);
    browser.click(&id("domain-acme.test-verify")).await?;
    browser.sees_text(&id("domain-acme.test-state"), "Proven").await?;
    browser.go_to("start").await?;
    assert_eq!(done(&browser).await?, ["domain"]);
    browser.go_to("domains").await?;
    browser.click(&id("domain-acme.test-remove")).await?;
    browser.click(&id("domain-remove-confirm")).await?;
    browser.element(&id("domains-empty")).await?;
    browser.close().await
}

#[tokio::test]
async fn no_page_of_sign_in_has_a_violation_at_320_pixels() -> Outcome {
    let program = empty(Settings::new());
    let people: Value = json!({"alice": {OBJECT_ID: ALICE}});
    let samlp = Samlp::start(&program, "https://idp.test/samlp", &people);
    let (browser, _ready) = first_owner(&program).await?;
    let size = json!({"width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": false});
    browser.session().cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
    is_accessible(&browser, "admin-start").await?;
    browser.click(&id("step-organization-go")).await?;
    browser.element(&id("organization-name")).await?;
    is_accessible(&browser, "admin-start").await?;
    browser.click(&id("rename-cancel")).await?;
    opens(&browser, &id("step-connection-go"), "admin-connections").await?;
    is_accessible(&browser, "admin-connections").await?;
    browser.click(&id("add-oidc")).await?;
    is_accessible(&browser, "admin-add-oidc").await?;
    browser.click(&id("back")).await?;
    opens(&browser, &id("add-saml"), "admin-add-saml").await?;
    browser.click("[data-testid=further] summary").await?;
    is_accessible(&browser, "admin-add-saml").await?;
    browser.fill(&id("metadata-url"), &samlp.metadata_url()).await?;
    browser.fill(&id("subject-attribute"), OBJECT_ID).await?;
    opens(&browser, &id("connection-add"), "admin-connection").await?;
    let alice = SignIn::Samlp { login: "alice".to_owned() };
    test_as(&browser, &alice).await?;
    is_accessible(&browser, "admin-connection").await?;
    browser.open_console(program.url(), "domains").await?;
    browser.click(&id("domain-add")).await?;
    browser.fill(&id("domain-name"), "acme.test").await?;
    is_accessible(&browser, "admin-domains").await?;
    browser.click(&id("domain-add-confirm")).await?;
    browser.element(&id("domain-acme.test-record-name")).await?;
    is_accessible(&browser, "admin-domains").await?;
    browser.close().await
}
