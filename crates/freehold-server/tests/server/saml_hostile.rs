//! What hostile pages, browsers and identity providers try with SAML answers.

use freehold_saml::Key;

use crate::support::{
    in_parallel,
    saml::{Idp, Post, SamlWorld, add, signed},
};

#[test]
fn another_browser_does_not_get_in_with_the_hand_over() {
    let world = SamlWorld::new();
    world.provision("ann");
    let (mut ann, post) = world.answered("ann");
    let finish = ann.post(&post);
    let mut other = world.browser();
    assert_eq!(other.get(&finish).status, 400, "without a cookie");
    other.begin("");
    assert_eq!(other.get(&finish).status, 400, "with a cookie of its own");
    assert_eq!(other.session, None);
    ann.get(&finish).is(303);
}

#[test]
fn a_hand_over_works_once() {
    let world = SamlWorld::new();
    world.provision("ann");
    let (mut browser, post) = world.answered("ann");
    let finish = browser.post(&post);
    let pre_login = browser.pre_login.clone();
    browser.get(&finish).is(303);
    let mut again = world.browser();
    again.pre_login = pre_login;
    assert_eq!(again.get(&finish).status, 400);
    assert_eq!(again.session, None);
    for nonsense in ["", "?h=", "?h=short", "?x=1"] {
        assert_eq!(again.get(&format!("/saml/finish{nonsense}")).status, 400, "{nonsense}");
    }
}

#[test]
fn of_one_answer_posted_many_times_at_once_one_is_taken() {
    let world = SamlWorld::new();
    world.provision("ann");
    let (mut browser, post) = world.answered("ann");
    let replies = in_parallel(6, |_| post.send(&world.server));
    let taken: Vec<_> = replies.iter().filter(|reply| reply.status == 303).collect();
    assert_eq!(taken.len(), 1);
    assert!(replies.iter().all(|reply| matches!(reply.status, 303 | 400)));
    let finish = taken[0].header("location").unwrap().to_owned();
    browser.get(&finish).is(303);
    assert_eq!(post.send(&world.server).status, 400, "afterwards too");
}

#[test]
fn the_ids_of_an_answer_are_taken_once_whatever_the_request() {
    let world = SamlWorld::new();
    world.provision("ann");
    let (mut browser, first) = world.answered("ann");
    let location = browser.begin("");
    let (mut says, relay_state) = world.idp.says(&world.server, &location, "external-ann");
    browser.post(&first);
    // A provider that uses an id twice is one that somebody replays.
    let (before, _) = world.idp.says(&world.server, &world.browser().begin(""), "external-ann");
    says.response_id = before.response_id.clone();
    let used = Post { response: signed(&says, Key::Provider), relay_state: relay_state.clone() };
    browser.post(&used);
    let location = browser.begin("");
    let (mut third, relay_state) = world.idp.says(&world.server, &location, "external-ann");
    third.assertion_id = says.assertion_id.clone();
    let replay = Post { response: signed(&third, Key::Provider), relay_state };
    assert_eq!(replay.send(&world.server).status, 403);
    assert_eq!(replay.send(&world.server).status, 400, "and the sign-in is over");
}

#[test]
fn the_answer_of_one_connection_is_none_to_the_request_of_another() {
    let world = SamlWorld::new();
    add(&world.installation, "acme", "other", &Idp::other());
    world.provision("ann");
    let mut browser = world.browser();
    let location = browser.begin("?connection=other");
    let of_first = world.idp.sign_in(&world.server, &location, "external-ann");
    assert_eq!(of_first.send(&world.server).status, 403);
    let late = Idp::other().sign_in(&world.server, &location, "external-ann");
    assert_eq!(late.send(&world.server).status, 400, "a refused answer ends the sign-in");
}

#[test]
fn an_answer_signed_by_somebody_else_is_refused_without_a_reason_outside() {
    let world = SamlWorld::new();
    world.provision("ann");
    let (_, post) = world.answered("ann");
    let mut browser = world.browser();
    let location = browser.begin("");
    let (says, relay_state) = world.idp.says(&world.server, &location, "external-ann");
    let forged = Post { response: signed(&says, Key::Stranger), relay_state };
    let reply = forged.send(&world.server).is(403);
    let page = reply.text();
    assert!(!page.contains("certificate") && !page.contains("sign-in.refused"), "{page}");
    let id = reply.header("x-request-id").unwrap();
    let log = world.server.log();
    let line = log.lines().find(|line| line.contains(id) && line.contains("refused")).unwrap();
    assert!(line.contains("certificate"), "{line}");
    assert!(!log.contains(&post.response[..80]), "answers are not logged");
}

#[test]
fn who_is_switched_off_between_the_answer_and_its_outcome_stays_out() {
    let world = SamlWorld::new();
    let id = world.provision("ann");
    let (mut browser, post) = world.answered("ann");
    let finish = browser.post(&post);
    world.deactivate(&id);
    assert_eq!(browser.get(&finish).status, 403);
    assert_eq!(browser.session, None);
}

#[test]
fn a_certificate_removed_between_the_answer_and_its_outcome_counts_no_more() {
    let world = SamlWorld::with(Idp { keys: vec![Key::Provider, Key::Next], ..Idp::entra() });
    world.provision("ann");
    let (mut browser, post) = world.answered("ann");
    let (_, pending) = world.answered("ann");
    let finish = browser.post(&post);
    let certificates = ["connection", "certificates", "--organization", "acme"];
    let fingerprint = world.installation.list(&certificates).into_iter().find_map(|one| {
        let fingerprint = one["fingerprint"].as_str()?.to_owned();
        let provider = freehold_wire::hash(&Key::Provider.certificate());
        let digits: String = provider.iter().map(|byte| format!("{byte:02x}")).collect();
        (fingerprint == digits).then_some(fingerprint)
    });
    let remove = ["--remove", fingerprint.as_deref().unwrap()];
    world.installation.must(&[&certificates[..], &remove].concat());
    assert_eq!(browser.get(&finish).status, 403);
    assert_eq!(browser.session, None);
    assert_eq!(pending.send(&world.server).status, 403, "a pending sign-in is no way around it");
}

#[test]
fn the_relay_state_leads_nowhere() {
    let world = SamlWorld::new();
    world.provision("ann");
    let (_, mut post) = world.answered("ann");
    for relay_state in ["https://evil.example/", "//evil.example", "/vault/", ""] {
        post.relay_state = relay_state.to_owned();
        let reply = post.send(&world.server).is(400);
        assert_eq!(reply.header("location"), None, "{relay_state}");
        assert!(!reply.text().contains("evil"));
    }
}

#[test]
fn a_post_is_a_short_form_with_one_answer() {
    let world = SamlWorld::new();
    let post = |kind: &str, body: Vec<u8>| {
        let request = world.server.request("POST", "/saml/acs").header("Content-Type", kind);
        request.body(body).send()
    };
    let form = "application/x-www-form-urlencoded";
    for body in ["", "RelayState=x", "SAMLResponse=%FF", "SAMLResponse=a&SAMLResponse=a"] {
        post(form, body.into()).is(400);
    }
    post("application/json", b"{}".to_vec()).is(400);
    let long = [b"SAMLResponse=".to_vec(), vec![b'a'; 301 * 1024]].concat();
    post(form, long).is(400);
}

#[test]
fn one_address_cannot_post_answers_without_end() {
    let world = SamlWorld::new();
    let post = Post { response: "nonsense".to_owned(), relay_state: String::new() };
    let statuses: Vec<u16> = (0..400).map(|_| post.send(&world.server).status).collect();
    assert!(statuses.iter().take(200).all(|status| *status == 400));
    assert!(statuses.contains(&429));
}
