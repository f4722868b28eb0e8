//! Codes and tokens.

use std::sync::atomic::Ordering;

use freehold_demo::people::{PEOPLE, TENANT};
use freehold_sso::SubjectClaim;
use freehold_sso::oidc::{ClientSecret, Refusal};
use serde_json::Value;

use crate::world::{CLIENT, NOW_MS, REDIRECT, SECRET, World, parameter};

#[actix_web::test]
async fn everybody_signs_in_at_our_relying_party_by_oid_and_tenant() {
    let world = World::start();
    for person in &PEOPLE {
        let begun = world.begin().await;
        let back = world.code_for(&begun, person.object_id).await;
        let assertion = world.finish(&begun, &back).await.expect("signed in");
        assert_eq!(assertion.subject(), person.object_id);
        assert_eq!(assertion.tenant(), Some(TENANT));
        assert_eq!(assertion.display(), Some(person.display_name));
        assert_eq!(assertion.upn(), Some(person.user_name));
    }
}

#[actix_web::test]
async fn the_subject_is_the_clients_own() {
    let mut world = World::start();
    world.connection.subject_claim = SubjectClaim::Sub;
    let begun = world.begin().await;
    let back = world.code_for(&begun, PEOPLE[0].object_id).await;
    let assertion = world.finish(&begun, &back).await.expect("signed in");
    assert_eq!(assertion.subject(), PEOPLE[0].subject_for(CLIENT));
    assert_ne!(assertion.subject(), PEOPLE[0].object_id);
}

#[actix_web::test]
async fn a_code_is_redeemed_once() {
    let world = World::start();
    let begun = world.begin().await;
    let back = world.code_for(&begun, PEOPLE[0].object_id).await;
    world.finish(&begun, &back).await.expect("the first time");
    let refusal = world.finish(&begun, &back).await.expect_err("the second time");
    assert_eq!(refusal, Refusal::CodeRefused("invalid_grant".to_owned()));
}

#[actix_web::test]
async fn a_code_is_good_for_a_minute() {
    let world = World::start();
    let begun = world.begin().await;
    let back = world.code_for(&begun, PEOPLE[0].object_id).await;
    world.clock_ms.store(NOW_MS + 60_000, Ordering::Relaxed);
    let refusal = world.finish(&begun, &back).await.expect_err("too late");
    assert_eq!(refusal, Refusal::CodeRefused("invalid_grant".to_owned()));
}

#[actix_web::test]
async fn a_wrong_client_secret_is_refused() {
    let mut world = World::start();
    let begun = world.begin().await;
    let back = world.code_for(&begun, PEOPLE[0].object_id).await;
    world.connection.client_secret = ClientSecret::new("guessed".to_owned());
    let refusal = world.finish(&begun, &back).await.expect_err("not the client");
    assert_eq!(refusal, Refusal::CodeRefused("invalid_client".to_owned()));
}

/// Asks the token endpoint with one field bent.
async fn redeemed_with(name: &str, value: &str) -> (u16, Value) {
    let world = World::start();
    let begun = world.begin().await;
    let back = world.code_for(&begun, PEOPLE[0].object_id).await;
    let code = parameter(&back, "code").expect("a code");
    let honest = [
        ("grant_type", "authorization_code"),
        ("client_id", CLIENT),
        ("client_secret", SECRET),
        ("redirect_uri", REDIRECT),
        ("code_verifier", begun.pkce_verifier.as_str()),
        ("code", code.as_str()),
    ];
    let bent = honest.map(|(known, honest)| (known, if known == name { value } else { honest }));
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(bent).finish();
    let answer = world.post("/token", body).await;
    let status = answer.status().as_u16();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let text = answer.text().await.expect("a body");
    (status, serde_json::from_str(&text).expect("JSON"))
}

#[actix_web::test]
async fn the_client_may_send_its_secret_in_the_body() {
    let (status, answer) = redeemed_with("", "").await;
    assert_eq!((status, answer["token_type"].as_str()), (200, Some("Bearer")));
}

#[actix_web::test]
async fn a_code_fits_its_verifier_its_redirect_uri_and_its_client_only() {
    for (name, value, error) in [
        ("code_verifier", "x".repeat(43), "invalid_grant"),
        ("code_verifier", String::new(), "invalid_grant"),
        ("redirect_uri", "http://localhost:8081/oidc/callback".to_owned(), "invalid_grant"),
        ("code", "guessed".to_owned(), "invalid_grant"),
        ("client_id", "other".to_owned(), "invalid_client"),
        ("client_secret", String::new(), "invalid_client"),
        ("grant_type", "password".to_owned(), "unsupported_grant_type"),
    ] {
        let (status, answer) = redeemed_with(name, &value).await;
        assert!(matches!(status, 400 | 401), "{name}");
        assert_eq!(answer["error"], error, "{name}");
        assert!(answer.get("id_token").is_none());
    }
}

#[actix_web::test]
async fn without_the_scope_profile_there_is_no_object_id() {
    let world = World::start();
    let begun = world.begin().await;
    let query = begun.authorization_url.query().expect("a query");
    let query = query.replace("openid+profile", "openid");
    let back = crate::world::location(&world.pick(&query, PEOPLE[0].object_id).await);
    let refusal = world.finish(&begun, &back).await.expect_err("no oid");
    assert!(matches!(refusal, Refusal::Subject { claim: "oid", .. }), "{refusal}");
}
