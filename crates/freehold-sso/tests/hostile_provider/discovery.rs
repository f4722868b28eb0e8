//! What a provider says about itself.

use freehold_sso::Issuer;
use freehold_sso::oidc::SsoError;
use serde_json::{Value, json};

use crate::provider::{Answer, DISCOVERY, KEYS, Provider};
use crate::world::{NOW_MS, World, public};

const HOUR_MS: u64 = 60 * 60 * 1000;

async fn refused(change: impl FnOnce(&mut Value)) -> SsoError {
    let mut world = World::start().await;
    let mut discovery = world.provider.honest_discovery();
    change(&mut discovery);
    world.provider.answer(DISCOVERY, Answer::Json(200, discovery));
    world.begin_at(NOW_MS).await.err().expect("the sign-in must not begin")
}

#[tokio::test]
async fn a_discovery_document_of_another_issuer_is_refused() {
    let error = refused(|document| document["issuer"] = "https://evil.example".into()).await;
    assert!(matches!(error, SsoError::OtherIssuer(_)), "{error}");
    let error = refused(|document| {
        document["issuer"] = format!("{}/", document["issuer"].as_str().expect("text")).into();
    })
    .await;
    assert!(matches!(error, SsoError::OtherIssuer(_)), "{error}");
}

#[tokio::test]
async fn endpoints_that_are_not_safe_are_refused() {
    for (name, shown) in
        [("authorization_endpoint", "authorization endpoint"), ("token_endpoint", "token endpoint")]
    {
        for url in ["http://idp.example.com/x", "javascript:alert(1)", "file:///etc/passwd"] {
            let error = refused(|document| document[name] = url.into()).await;
            assert_eq!(error, SsoError::UnsafeEndpoint(shown), "{name} {url}");
        }
    }
}

#[tokio::test]
async fn keys_are_not_fetched_from_an_address_that_is_not_safe() {
    let error = refused(|document| document["jwks_uri"] = "http://192.0.2.1/keys".into()).await;
    assert_eq!(error, SsoError::UnsafeEndpoint("jwks_uri"));
}

#[tokio::test]
async fn nothing_that_a_refused_document_names_is_asked() {
    let mut world = World::start().await;
    let mut discovery = world.provider.honest_discovery();
    discovery["issuer"] = "https://evil.example".into();
    world.provider.answer(DISCOVERY, Answer::Json(200, discovery));
    world.begin_at(NOW_MS).await.err().expect("refused");
    assert!(world.provider.seen(KEYS).is_empty());
}

#[tokio::test]
async fn a_provider_without_token_endpoint_is_refused() {
    let error = refused(|document| {
        document.as_object_mut().expect("an object").remove("token_endpoint");
    })
    .await;
    assert_eq!(error, SsoError::UnsafeEndpoint("token endpoint"));
}

#[tokio::test]
async fn documents_that_cannot_be_read_are_refused() {
    for (path, answer, expected) in [
        (DISCOVERY, Answer::Json(404, json!({})), SsoError::Status(404)),
        (DISCOVERY, Answer::Json(200, json!([])), SsoError::Malformed("discovery document")),
        (
            DISCOVERY,
            Answer::Body("text/html", "<p>".to_owned()),
            SsoError::Malformed("discovery document"),
        ),
        (KEYS, Answer::Json(500, json!({})), SsoError::Status(500)),
    ] {
        let mut world = World::start().await;
        world.provider.answer(path, answer);
        assert_eq!(world.begin_at(NOW_MS).await.err(), Some(expected));
    }
}

#[tokio::test]
async fn discovery_and_keys_are_asked_for_once_an_hour() {
    let mut world = World::start().await;
    for minute in 0..60 {
        world.begin_at(NOW_MS + minute * 60_000).await.expect("begun");
    }
    assert_eq!(world.provider.seen(DISCOVERY).len(), 1);
    assert_eq!(world.provider.seen(KEYS).len(), 1);
    world.begin_at(NOW_MS + HOUR_MS).await.expect("begun");
    assert_eq!(world.provider.seen(DISCOVERY).len(), 2);
    assert_eq!(world.provider.seen(KEYS).len(), 2);
}

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_keep_old_keys() {
    let mut world = World::start().await;
    world.begin_at(NOW_MS).await.expect("begun");
    world.begin_at(NOW_MS - 9_000).await.expect("a request that was overtaken");
    assert_eq!(world.provider.seen(KEYS).len(), 1);
    for moment in [NOW_MS - HOUR_MS, NOW_MS - HOUR_MS + 1] {
        world.begin_at(moment).await.expect("begun");
        assert_eq!(world.provider.seen(DISCOVERY).len(), 2);
        assert_eq!(world.provider.seen(KEYS).len(), 2);
    }
}

#[tokio::test]
async fn a_connection_learns_nothing_from_another_one() {
    let mut world = World::start().await;
    world.begin_at(NOW_MS).await.expect("begun");
    world.connection.id = "019a0000-0000-7000-8000-00000000000b".to_owned();
    world.begin_at(NOW_MS).await.expect("begun");
    assert_eq!(world.provider.seen(DISCOVERY).len(), 2);
}

#[tokio::test]
async fn a_connection_given_another_issuer_asks_that_one() {
    let mut world = World::start().await;
    world.begin_at(NOW_MS).await.expect("begun");
    let other = Provider::start(json!({ "keys": [public(1)] })).await;
    world.connection.issuer = Issuer::parse(&other.base).expect("an issuer");
    let begun = world.begin_at(NOW_MS).await.expect("begun");
    assert!(begun.authorization_url.as_str().starts_with(&other.base));
}

#[tokio::test]
async fn a_failure_is_remembered_for_five_seconds_and_then_forgotten() {
    let mut world = World::start().await;
    world.provider.answer(DISCOVERY, Answer::Json(503, json!({})));
    for at_ms in [NOW_MS, NOW_MS + 4_999] {
        assert_eq!(world.begin_at(at_ms).await.err(), Some(SsoError::Status(503)));
    }
    assert_eq!(world.provider.seen(DISCOVERY).len(), 1);
    let honest = world.provider.honest_discovery();
    world.provider.answer(DISCOVERY, Answer::Json(200, honest));
    world.begin_at(NOW_MS + 5_000).await.expect("begun");
}

#[tokio::test]
async fn a_crowd_asks_once() {
    let mut world = World::start().await;
    let redirect = crate::world::redirect_uri();
    let providers = &world.providers;
    let connection = &world.connection;
    let (mut one, mut two) = (crate::world::Counter(100), crate::world::Counter(200));
    let (one, two) = tokio::join!(
        providers.begin(connection, &redirect, NOW_MS, &mut one),
        providers.begin(connection, &redirect, NOW_MS, &mut two),
    );
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(world.provider.seen(DISCOVERY).len(), 1);
    world.begin_at(NOW_MS).await.expect("begun");
}
