//! Endpoints that redirect, hang, flood or drip.

use freehold_sso::Issuer;
use freehold_sso::oidc::{Providers, Reach, Refusal, SsoError};
use serde_json::json;

use crate::provider::{Answer, DISCOVERY, KEYS, Provider, TOKEN};
use crate::world::{Counter, NOW_MS, World, here, public, redirect_uri};

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

/// Each would wait for those before, and then for an answer of its own that does not come either.
#[tokio::test]
async fn who_waits_while_a_provider_hangs_waits_for_one_answer_and_no_more() {
    let world = World::start().await;
    world.provider.answer(DISCOVERY, Answer::Hang);
    let begin = async |later_ms| {
        let (redirect, rng) = (redirect_uri(), &mut Counter(0));
        world.providers.begin(&world.connection, &redirect, NOW_MS + later_ms, rng).await.err()
    };
    let (first, second, third) = tokio::join!(begin(0), begin(6_000), begin(9_000));
    assert_eq!([first, second, third], [const { Some(SsoError::Timeout) }; 3]);
    assert_eq!(world.provider.seen(DISCOVERY).len(), 1);
    assert_eq!(begin(12_000).await, Some(SsoError::Timeout));
    assert_eq!(world.provider.seen(DISCOVERY).len(), 2, "who comes after it asks again");
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
    world.connection.issuer = Issuer::parse(&format!("http://{address}")).expect("an issuer");
    assert_eq!(world.begin_at(NOW_MS).await.err(), Some(SsoError::Unreachable));
}

/// The address of this machine, by number and by name: what counts is where the connection would go.
#[tokio::test]
async fn a_provider_inside_a_private_network_is_not_asked_unless_the_operator_says_so() {
    let provider = Provider::start(json!({ "keys": [public(1)] })).await;
    provider.answer(DISCOVERY, Answer::Json(200, provider.honest_discovery()));
    let by_name = provider.base.replace("127.0.0.1", "localhost");
    let outside = Providers::new(Reach::public()).expect("a client");
    for base in [&provider.base, &by_name] {
        let issuer = Issuer::parse(base).expect("an issuer");
        assert_eq!(outside.discover(&issuer).await, Err(SsoError::OutOfReach), "{base}");
        let document = format!("{base}{DISCOVERY}").parse().expect("an address");
        assert_eq!(outside.fetch(&document).await, Err(SsoError::OutOfReach), "{base}");
    }
    assert!(provider.seen(DISCOVERY).is_empty(), "nothing was sent");
    let inside = Providers::new(here()).expect("a client");
    let issuer = Issuer::parse(&provider.base).expect("an issuer");
    assert_eq!(inside.discover(&issuer).await, Ok("127.0.0.1".to_owned()));
}
