//! Who may ask, and what is asked back.

use std::collections::HashMap;

use crate::world::{CLIENT, REDIRECT, World, encoded, location, parameter};

/// The error that the client is sent for a bent request.
async fn error_for(name: &str, value: Option<&str>) -> String {
    let world = World::start();
    let mut parameters = world.parameters().await;
    let state = parameters["state"].clone();
    bend(&mut parameters, name, value);
    let answer = world.show(&parameters).await;
    assert_eq!(answer.status(), 303, "{name}={value:?}");
    let back = location(&answer);
    assert!(back.as_str().starts_with(REDIRECT));
    assert_eq!(parameter(&back, "iss"), Some(world.issuer.clone()));
    assert_eq!(parameter(&back, "code"), None);
    if name != "state" {
        assert_eq!(parameter(&back, "state"), Some(state));
    }
    // What the page refuses, its form cannot get either.
    let person = freehold_demo::people::PEOPLE[0].object_id;
    let picked = location(&world.pick(&encoded(&parameters), person).await);
    assert_eq!(parameter(&picked, "code"), None);
    parameter(&back, "error").expect("an error")
}

fn bend(parameters: &mut HashMap<String, String>, name: &str, value: Option<&str>) {
    match value {
        Some(value) => parameters.insert(name.to_owned(), value.to_owned()),
        None => parameters.remove(name),
    };
}

#[actix_web::test]
async fn pkce_with_s256_is_required() {
    assert_eq!(error_for("code_challenge", None).await, "invalid_request");
    assert_eq!(error_for("code_challenge", Some("short")).await, "invalid_request");
    assert_eq!(error_for("code_challenge_method", None).await, "invalid_request");
    assert_eq!(error_for("code_challenge_method", Some("plain")).await, "invalid_request");
}

#[actix_web::test]
async fn state_and_nonce_are_required() {
    assert_eq!(error_for("state", None).await, "invalid_request");
    assert_eq!(error_for("nonce", None).await, "invalid_request");
}

#[actix_web::test]
async fn only_the_code_flow_by_query_with_openid_is_there() {
    assert_eq!(error_for("response_type", Some("token")).await, "unsupported_response_type");
    assert_eq!(error_for("response_mode", Some("fragment")).await, "invalid_request");
    assert_eq!(error_for("scope", Some("profile")).await, "invalid_scope");
}

#[actix_web::test]
async fn a_stranger_or_another_address_is_answered_here_and_sent_nowhere() {
    let world = World::start();
    for (name, value) in [
        ("client_id", "other"),
        ("client_id", ""),
        ("redirect_uri", "http://localhost:8080/oidc/callback/"),
        ("redirect_uri", "http://localhost:8080/oidc/callback?x=1"),
        ("redirect_uri", "http://localhost:8081/oidc/callback"),
        ("redirect_uri", "https://evil.example/"),
        ("redirect_uri", ""),
    ] {
        let mut parameters = world.parameters().await;
        bend(&mut parameters, name, Some(value));
        let person = freehold_demo::people::PEOPLE[0].object_id;
        for answer in
            [world.show(&parameters).await, world.pick(&encoded(&parameters), person).await]
        {
            assert_eq!(answer.status(), 400, "{name}={value}");
            assert!(answer.headers().get("location").is_none());
        }
    }
}

#[actix_web::test]
async fn a_parameter_that_comes_twice_is_refused() {
    let world = World::start();
    let query = encoded(&world.parameters().await);
    let answer = world.get(&format!("/authorize?{query}&client_id={CLIENT}")).await;
    assert_eq!(answer.status(), 400);
}

#[actix_web::test]
async fn a_person_who_goes_back_is_no_sign_in() {
    let world = World::start();
    let query = encoded(&world.parameters().await);
    for nobody in ["", "nobody", "alice@acme.example"] {
        let back = location(&world.pick(&query, nobody).await);
        assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
        assert_eq!(parameter(&back, "code"), None);
    }
}
