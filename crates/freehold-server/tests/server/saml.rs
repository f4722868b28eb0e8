//! Signing in by SAML 2.0, and what an admin does about it.

use freehold_saml::{Key, Signing};

use crate::support::{
    Installation, new_user,
    saml::{Idp, Post, Published, SamlWorld, add},
};

#[test]
fn a_person_provisioned_by_scim_signs_in_by_saml_and_is_led_to_set_up() {
    let world = SamlWorld::new();
    let id = world.provision("ann");
    let (mut browser, post) = world.answered("ann");
    let finish = browser.post(&post);
    let reply = browser.get(&finish).is(303);
    assert_eq!(reply.header("location"), Some("/setup/"));
    assert_eq!(browser.pre_login, None, "the pre-login cookie is gone");
    let session = browser.get("/api/session").is(200).json();
    assert_eq!(session["userId"], id);
    assert_eq!(session["state"], "PENDING");
    // A second sign-in is the same account, by the link.
    let location = browser.begin("?organization=acme&connection=saml");
    let again = world.idp.sign_in(&world.server, &location, "EXTERNAL-ANN");
    let finish = browser.post(&again);
    assert_eq!(browser.get(&finish).status, 403, "only GUIDs are compared without case");
}

#[test]
fn a_session_ends_when_the_user_is_deactivated() {
    let world = SamlWorld::new();
    let id = world.provision("ann");
    let (mut browser, post) = world.answered("ann");
    let finish = browser.post(&post);
    browser.get(&finish).is(303);
    world.deactivate(&id);
    browser.get("/api/session").problem(401, "signed-out");
}

#[test]
fn our_metadata_names_this_server() {
    let world = SamlWorld::new();
    let reply = world.server.request("GET", "/saml/metadata").send().is(200);
    assert_eq!(reply.header("content-type"), Some("application/samlmetadata+xml"));
    let (text, origin) = (reply.text(), world.server.origin());
    assert!(text.contains(&format!("entityID=\"{origin}/saml/metadata\"")), "{text}");
    assert!(text.contains(&format!("Location=\"{origin}/saml/acs\"")), "{text}");
    world.server.request("POST", "/saml/metadata").send().is(405);
    world.server.request("GET", "/saml/acs").send().is(405);
}

#[test]
fn an_answer_that_comes_unasked_begins_a_fresh_sign_in() {
    let world = SamlWorld::new();
    world.provision("ann");
    let (_, mut post) = world.answered("ann");
    let (says, _) = world.idp.says(&world.server, &world.browser().begin(""), "external-ann");
    let text = says.render(freehold_saml::Shape::Entra);
    let request = format!(" InResponseTo=\"{}\"", says.request);
    post.response = freehold_saml::field(&text.replace(&request, ""));
    for relay_state in ["", "https://evil.example/", "unknown"] {
        post.relay_state = relay_state.to_owned();
        let reply = post.send(&world.server).is(303);
        let location = reply.header("location").unwrap().to_owned();
        assert_eq!(location, "/login?organization=acme&connection=saml");
        assert_eq!(reply.header("set-cookie"), None);
    }
    post.response = freehold_saml::field(&text.replace(&request, "").replace("sts.", "evil."));
    assert_eq!(post.send(&world.server).status, 400);
}

#[test]
fn who_adds_the_entity_id_of_another_organization_disturbs_no_tile_of_its_provider() {
    let world = SamlWorld::new();
    let (says, _) = world.idp.says(&world.server, &world.browser().begin(""), "external-ann");
    let text = says.render(freehold_saml::Shape::Entra);
    let unasked = text.replace(&format!(" InResponseTo=\"{}\"", says.request), "");
    let signed = Signing::by(Key::Provider).sign(&unasked, &says.assertion_id);
    let tile = |relay_state: &str| {
        let (response, relay_state) = (freehold_saml::field(&signed), relay_state.to_owned());
        let reply = Post { response, relay_state }.send(&world.server).is(303);
        reply.header("location").unwrap().to_owned()
    };
    let organization = |name| {
        world.installation.must(&["organization", "create", name, "--name", name]);
    };
    // The stranger's certificate is another one.
    organization("stranger");
    let strange = Idp { keys: vec![Key::Stranger], ..world.idp.clone() };
    add(&world.installation, "stranger", "same", &strange);
    assert_eq!(tile(""), "/login?organization=acme&connection=saml");
    // Who copies the certificate too makes people say where they sign in, where the tile does not say it.
    organization("copyist");
    add(&world.installation, "copyist", "copied", &world.idp);
    assert_eq!(tile(""), "/login");
    assert_eq!(tile("acme"), "/login?organization=acme&connection=saml");
    organization("unconcerned");
    assert_eq!(tile("unconcerned"), "/login");
}

#[test]
fn a_person_is_found_by_user_name_only_where_an_admin_says_so() {
    let installation = Installation::new();
    let token = installation.acme();
    std::fs::write(installation.folder().join("idp.xml"), Idp::entra().metadata()).unwrap();
    let add = |more: &[&str]| {
        let words = ["connection", "add-saml", "--organization", "acme", "--metadata", "idp.xml"];
        installation.must(&[&words, more].concat());
    };
    add(&[]);
    let server = installation.serve();
    let world = SamlWorld { installation, idp: Idp::entra(), token, server };
    let guid = "aaaaaaaa-0000-4000-8000-000000000001";
    let mut user = new_user(&format!("{guid}@corp.example"));
    user["externalId"] = "ann".into();
    world.server.scim(&world.token, "POST", "/Users").json(&user).is(201);
    let sign_in = || {
        let mut browser = world.browser();
        let location = browser.begin("");
        let finish = browser.post(&world.idp.sign_in(&world.server, &location, guid));
        browser.get(&finish).status
    };
    assert_eq!(sign_in(), 403);
    world.installation.must(&["connection", "remove", "--organization", "acme"]);
    let words = ["connection", "add-saml", "--organization", "acme", "--metadata", "idp.xml"];
    world.installation.must(&[&words[..], &["--match-user-name"]].concat());
    assert_eq!(sign_in(), 303);
}

#[test]
fn the_command_line_says_what_to_enter_at_the_identity_provider() {
    let mut installation = Installation::new();
    installation.set("FREEHOLD_PUBLIC_URL", "https://keys.example");
    installation.acme();
    std::fs::write(installation.folder().join("idp.xml"), Idp::entra().metadata()).unwrap();
    let output = installation.run(&[
        "connection",
        "add-saml",
        "--organization",
        "acme",
        "--metadata",
        "idp.xml",
    ]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "saml\n");
    let said = String::from_utf8(output.stderr).unwrap();
    for line in [
        "Identifier (Entity ID): https://keys.example/saml/metadata",
        "Reply URL (Assertion Consumer Service URL): https://keys.example/saml/acs",
        "Sign on URL: https://keys.example/login?organization=acme",
        "Relay State: acme",
        "Sign SAML response and assertion",
        "objectidentifier = externalId",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let list = installation.list(&["connection", "list", "--organization", "acme"]);
    assert_eq!(list[0]["tenant"], freehold_saml::TENANT);
    assert_eq!(list[0]["protocol"], "saml");
    assert_eq!(list[0]["certificates"][0]["trust"], "trusted");
    let shown = installation.must(&["connection", "show", "--organization", "acme"]);
    assert!(shown.contains("issuer: https://sts.windows.net/"), "{shown}");
}

#[test]
fn new_certificates_are_proposed_and_count_when_an_admin_trusts_them() {
    let installation = Installation::new();
    let token = installation.acme();
    let published = Published::start(&Idp::entra());
    installation.must(&[
        "connection",
        "add-saml",
        "--organization",
        "acme",
        "--metadata",
        &published.url,
    ]);
    let test = ["connection", "test", "--organization", "acme"];
    let found = installation.must(&test);
    assert!(found.contains("ok: ") && !found.contains("WRONG"), "{found}");
    let certificates = ["connection", "certificates", "--organization", "acme"];
    let old = installation.list(&certificates)[0]["fingerprint"].as_str().unwrap().to_owned();
    let (code, said) = installation.refused(&[&certificates[..], &["--remove", &old]].concat());
    assert!(code == 1 && said.contains("last certificate"), "{said}");
    // The provider changes its key, with a sign-in pending.
    let next = Idp { keys: vec![Key::Next], ..Idp::entra() };
    let server = installation.serve();
    let world = SamlWorld { installation, idp: next.clone(), token, server };
    world.provision("ann");
    let (_, refused) = world.answered("ann");
    let (mut browser, accepted) = world.answered("ann");
    published.change(&next);
    let output = world.installation.run(&test);
    assert_eq!(output.status.code(), Some(1), "no certificate of the metadata is trusted");
    let list = world.installation.list(&[&certificates[..], &["--refresh"]].concat());
    let trust = |list: &[serde_json::Value]| {
        let proposed = list.iter().find(|one| one["fingerprint"] != old.as_str()).unwrap();
        (proposed["fingerprint"].as_str().unwrap().to_owned(), proposed["trust"].clone())
    };
    let (new, state) = trust(&list);
    assert_eq!(state, "proposed");
    assert_eq!(refused.send(&world.server).status, 403, "proposed is not trusted");
    world.installation.must(&[&certificates[..], &["--trust", &new.to_uppercase()]].concat());
    let finish = browser.post(&accepted);
    world.installation.must(&[&certificates[..], &["--remove", &old]].concat());
    browser.get(&finish).is(303);
    world.installation.must(&test);
}

#[test]
fn a_connection_in_use_is_removed_only_when_forced_and_its_sessions_end() {
    let world = SamlWorld::new();
    let words = ["--organization", "acme", "--description", "entra", "--connection", "saml"];
    let token = world.installation.must(&[&["token", "create"], &words[..]].concat());
    world.server.scim(&token, "POST", "/Users").json(&new_user("ann")).is(201);
    let (mut browser, post) = world.answered("ann");
    let finish = browser.post(&post);
    browser.get(&finish).is(303);
    let (mut begun, pending) = world.answered("ann");
    let under_way = begun.post(&pending);
    let remove = ["connection", "remove", "--organization", "acme", "saml"];
    let (_, said) = world.installation.refused(&remove);
    assert!(said.contains("1 live SCIM tokens") && said.contains("--force"), "{said}");
    browser.get("/api/session").is(200);
    world.installation.must(&[&remove[..], &["--force"]].concat());
    browser.get("/api/session").problem(401, "signed-out");
    assert_eq!(begun.get(&under_way).status, 400);
    // What provisions can still switch people off.
    let users = world.server.scim(&token, "GET", "/Users").send().is(200).json();
    assert_eq!(users["totalResults"], 1);
}
