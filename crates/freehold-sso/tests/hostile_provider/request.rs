//! What we send: the way to the provider, and the redemption of the code.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use freehold_sso::SubjectClaim;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::provider::{Answer, DISCOVERY, TOKEN};
use crate::world::{CLIENT, CODE, CONNECTION, SECRET, SUBJECT, TENANT, World};

#[tokio::test]
async fn an_honest_sign_in_names_the_person() {
    let mut world = World::start().await;
    let person = world
        .sign_in(|case| {
            case.claims["name"] = "Alice Doe".into();
            case.claims["preferred_username"] = "alice@corp.test".into();
        })
        .await
        .expect("signed in");
    assert_eq!(person.connection(), CONNECTION);
    assert_eq!(person.issuer(), world.provider.base);
    assert_eq!(person.subject(), SUBJECT);
    assert_eq!(person.tenant(), None);
    assert_eq!(person.display(), Some("Alice Doe"));
    assert_eq!(person.upn(), Some("alice@corp.test"));
}

#[tokio::test]
async fn an_entra_token_names_the_person_by_oid_and_tenant() {
    let mut world = World::start().await;
    world.connection.tenant = Some(TENANT.to_owned());
    world.connection.subject_claim = SubjectClaim::Oid;
    let person = world
        .sign_in(|case| {
            // As Entra does: pairwise sub, dates five minutes back, claims that we do not know.
            case.claims["sub"] = "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ".into();
            case.claims["oid"] = SUBJECT.into();
            case.claims["tid"] = TENANT.to_uppercase().into();
            case.claims["iat"] = (crate::world::NOW_S - 300).into();
            case.claims["nbf"] = (crate::world::NOW_S - 300).into();
            case.claims["ver"] = "2.0".into();
            case.claims["xms_edov"] = json!([1, { "a": true }]);
        })
        .await
        .expect("signed in");
    assert_eq!(person.subject(), SUBJECT);
    assert_eq!(person.tenant(), Some(TENANT));
}

#[tokio::test]
async fn the_way_there_carries_state_nonce_and_an_s256_challenge_and_no_secret() {
    let mut world = World::start().await;
    let begun = world.begin().await;
    let sent: HashMap<_, _> = begun.authorization_url.query_pairs().into_owned().collect();
    assert!(begun.authorization_url.as_str().starts_with(&world.provider.base));
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(begun.pkce_verifier.as_bytes()));
    assert_eq!(sent["response_type"], "code");
    assert_eq!(sent["client_id"], CLIENT);
    assert_eq!(sent["state"], begun.state);
    assert_eq!(sent["nonce"], begun.nonce);
    assert_eq!(sent["code_challenge"], challenge);
    assert_eq!(sent["code_challenge_method"], "S256");
    assert_eq!(sent["redirect_uri"], "http://localhost:8080/oidc/callback");
    assert_eq!(sent["scope"], "openid profile");
    for secret in [SECRET, &begun.pkce_verifier] {
        assert!(!begun.authorization_url.as_str().contains(secret));
    }
}

#[tokio::test]
async fn no_two_sign_ins_share_a_value() {
    let mut world = World::start().await;
    let (one, two) = (world.begin().await, world.begin().await);
    let mut values =
        vec![one.state, one.nonce, one.pkce_verifier, two.state, two.nonce, two.pkce_verifier];
    // 256 bits in base64url.
    assert!(values.iter().all(|value| value.len() == 43));
    values.sort_unstable();
    values.dedup();
    assert_eq!(values.len(), 6);
}

#[tokio::test]
async fn the_code_is_redeemed_with_the_verifier_and_our_password() {
    let mut world = World::start().await;
    let mut verifier = String::new();
    world.sign_in(|case| verifier.clone_from(&case.pending.pkce_verifier)).await.expect("in");
    let request = world.provider.seen(TOKEN).pop().expect("a token request");
    let sent: HashMap<_, _> =
        url::form_urlencoded::parse(request.body.as_bytes()).into_owned().collect();
    assert_eq!(sent["grant_type"], "authorization_code");
    assert_eq!(sent["code"], CODE);
    assert_eq!(sent["code_verifier"], verifier);
    assert_eq!(sent["redirect_uri"], "http://localhost:8080/oidc/callback");
    assert!(!sent.contains_key("client_secret"));
    let basic = STANDARD.encode(format!("{CLIENT}:{SECRET}"));
    assert!(request.head.contains(&format!("Basic {basic}")));
}

#[tokio::test]
async fn a_provider_that_takes_the_password_in_the_body_only_gets_it_there() {
    let mut world = World::start().await;
    let mut discovery = world.provider.honest_discovery();
    discovery["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
    world.provider.answer(DISCOVERY, Answer::Json(200, discovery));
    world.sign_in(|_| ()).await.expect("signed in");
    let request = world.provider.seen(TOKEN).pop().expect("a token request");
    assert!(request.body.contains(&format!("client_secret={SECRET}")));
    assert!(!request.head.to_lowercase().contains("authorization:"));
}
