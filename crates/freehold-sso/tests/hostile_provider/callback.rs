//! What the browser brings back, and what of it is refused before the provider hears of it.

use freehold_sso::oidc::{Refusal, StateHash};
use serde_json::json;

use crate::provider::{Answer, DISCOVERY, TOKEN};
use crate::world::World;

#[tokio::test]
async fn a_callback_with_another_state_is_refused_and_its_code_not_sent() {
    let mut world = World::start().await;
    let refusal = world.refusal(|case| case.set_callback("state", Some("guessed"))).await;
    assert_eq!(refusal, Refusal::State);
    assert!(world.provider.seen(TOKEN).is_empty());
}

#[tokio::test]
async fn a_callback_without_state_is_refused() {
    let mut world = World::start().await;
    let refusal = world.refusal(|case| case.set_callback("state", None)).await;
    assert_eq!(refusal, Refusal::Callback("it has no state"));
}

#[tokio::test]
async fn an_answer_to_the_request_of_another_connection_is_refused() {
    let mut world = World::start().await;
    let refusal = world
        .refusal(|case| case.pending.connection = "019a0000-0000-7000-8000-000000000002".into())
        .await;
    assert_eq!(refusal, Refusal::OtherConnection);
    assert!(world.provider.seen(TOKEN).is_empty());
}

#[tokio::test]
async fn a_callback_of_another_issuer_is_refused_and_its_code_not_sent() {
    let mut world = World::start().await;
    let refusal =
        world.refusal(|case| case.set_callback("iss", Some("https://evil.example"))).await;
    assert_eq!(refusal, Refusal::CallbackIssuer("https://evil.example".to_owned()));
    assert!(world.provider.seen(TOKEN).is_empty());
}

#[tokio::test]
async fn an_issuer_that_differs_by_a_slash_is_another_issuer() {
    let mut world = World::start().await;
    let slashed = format!("{}/", world.provider.base);
    let refusal = world.refusal(|case| case.set_callback("iss", Some(&slashed))).await;
    assert_eq!(refusal, Refusal::CallbackIssuer(slashed));
}

#[tokio::test]
async fn a_callback_without_the_announced_issuer_is_refused() {
    let mut world = World::start().await;
    let refusal = world.refusal(|case| case.set_callback("iss", None)).await;
    assert_eq!(refusal, Refusal::CallbackIssuerMissing);
}

#[tokio::test]
async fn a_provider_that_announces_no_issuer_in_callbacks_need_not_send_it() {
    let mut world = World::start().await;
    let mut discovery = world.provider.honest_discovery();
    discovery["authorization_response_iss_parameter_supported"] = json!(false);
    world.provider.answer(DISCOVERY, Answer::Json(200, discovery));
    world.sign_in(|case| case.set_callback("iss", None)).await.expect("signed in");
    // But when it comes, it must be right.
    let refusal = world.refusal(|case| case.set_callback("iss", Some("x"))).await;
    assert_eq!(refusal, Refusal::CallbackIssuer("x".to_owned()));
}

#[tokio::test]
async fn an_error_is_refused_even_when_a_code_comes_with_it() {
    let mut world = World::start().await;
    let refusal = world.refusal(|case| case.set_callback("error", Some("access_denied"))).await;
    assert_eq!(refusal, Refusal::ProviderRefused("access_denied".to_owned()));
    assert!(world.provider.seen(TOKEN).is_empty());
}

#[tokio::test]
async fn even_an_empty_error_is_an_error() {
    let mut world = World::start().await;
    let refusal = world.refusal(|case| case.set_callback("error", Some(""))).await;
    assert_eq!(refusal, Refusal::ProviderRefused(String::new()));
}

#[tokio::test]
async fn a_callback_without_a_code_is_refused() {
    let mut world = World::start().await;
    for code in [None, Some("")] {
        let refusal = world.refusal(|case| case.set_callback("code", code)).await;
        assert_eq!(refusal, Refusal::Callback("it has no code"));
    }
}

#[tokio::test]
async fn a_code_that_was_used_before_is_refused_by_the_provider_and_so_by_us() {
    let mut world = World::start().await;
    let description = "AADSTS54005: OAuth2 Authorization code the-authorization-code was redeemed";
    let answer = json!({ "error": "invalid_grant", "error_description": description });
    let refusal = world.refusal(|case| case.answer = Some(Answer::Json(400, answer))).await;
    assert_eq!(refusal, Refusal::CodeRefused("invalid_grant (AADSTS54005)".to_owned()));
}

#[test]
fn a_state_hash_is_stored_and_compared() {
    let stored = StateHash::of("state");
    assert_eq!(StateHash::from_bytes(*stored.as_bytes()), stored);
    assert_ne!(StateHash::of("state2"), stored);
}
