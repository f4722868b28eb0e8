//! Endpoints that redirect, hang, flood or drip.

use freehold_sso::oidc::{Refusal, SsoError};
use serde_json::json;

use crate::provider::{Answer, DISCOVERY, KEYS, Provider, TOKEN};
use crate::world::{NOW_MS, World, public};

fn misbehaviours() -> [(Answer, SsoError); 3] {
    [
        (Answer::Hang, SsoError::Timeout),
        (Answer::Flood, SsoError::TooLarge),
        (Answer::Drip, SsoError::Timeout),
    ]
}

#[tokio::test]
async fn a_token_endpoint_that_hangs_floods_or_drips_is_left() {
    for (answer, expected) in misbehaviours() {
        let mut world = World::start().await;
        let refusal = world.refusal(|case| case.answer = Some(answer)).await;
        assert_eq!(refusal, Refusal::Provider(expected));
    }
}

#[tokio::test]
async fn a_discovery_or_key_endpoint_that_hangs_floods_or_drips_is_left() {
    for path in [DISCOVERY, KEYS] {
        for (answer, expected) in misbehaviours() {
            let mut world = World::start().await;
            world.provider.answer(path, answer);
            assert_eq!(world.begin_at(NOW_MS).await.err(), Some(expected), "{path}");
        }
    }
}

#[tokio::test]
async fn a_token_endpoint_that_redirects_is_not_followed_with_code_and_secret() {
    let elsewhere = Provider::start(json!({ "keys": [public(1)] })).await;
    let mut world = World::start().await;
    let target = format!("{}{TOKEN}", elsewhere.base);
    let refusal = world.refusal(|case| case.answer = Some(Answer::Redirect(target))).await;
    assert_eq!(refusal, Refusal::Provider(SsoError::Redirected));
    assert!(elsewhere.seen(TOKEN).is_empty());
}

#[tokio::test]
async fn a_discovery_document_or_key_set_that_redirects_is_not_followed() {
    for path in [DISCOVERY, KEYS] {
        let elsewhere = Provider::start(json!({ "keys": [public(1)] })).await;
        let mut world = World::start().await;
        world.provider.answer(path, Answer::Redirect(format!("{}{path}", elsewhere.base)));
        assert_eq!(world.begin_at(NOW_MS).await.err(), Some(SsoError::Redirected), "{path}");
        assert!(elsewhere.seen(path).is_empty());
    }
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_said_to_be_unreachable() {
    let mut world = World::start().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    world.connection.issuer =
        freehold_sso::Issuer::parse(&format!("http://{address}")).expect("an issuer");
    assert_eq!(world.begin_at(NOW_MS).await.err(), Some(SsoError::Unreachable));
}
