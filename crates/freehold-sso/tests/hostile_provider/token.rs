//! What the token says, after its signature is found good.

use freehold_sso::SubjectClaim;
use freehold_sso::oidc::Refusal;
use serde_json::{Value, json};

use crate::provider::Answer;
use crate::world::{CLIENT, NOW_S, SUBJECT, TENANT, World, subject_refused};

async fn refused_with(name: &str, value: Value) -> Refusal {
    let mut world = World::start().await;
    world.refusal(|case| case.claims[name] = value).await
}

#[tokio::test]
async fn a_token_of_another_issuer_is_refused() {
    let mut world = World::start().await;
    let base = world.provider.base.clone();
    for issuer in ["https://evil.example".to_owned(), format!("{base}/"), base.to_uppercase()] {
        let refusal = world.refusal(|case| case.claims["iss"] = issuer.into()).await;
        assert_eq!(refusal, Refusal::Issuer);
    }
}

#[tokio::test]
async fn a_token_for_another_client_is_refused() {
    for audience in [json!("other"), json!([]), json!(["other"]), json!("FREEHOLD")] {
        assert_eq!(refused_with("aud", audience).await, Refusal::Audience);
    }
}

#[tokio::test]
async fn a_token_for_us_and_somebody_else_is_refused() {
    assert_eq!(refused_with("aud", json!([CLIENT, "other"])).await, Refusal::Audience);
}

#[tokio::test]
async fn a_token_without_audience_is_refused() {
    let mut world = World::start().await;
    assert_eq!(world.refusal(|case| case.remove_claim("aud")).await, Refusal::Audience);
}

#[tokio::test]
async fn a_token_issued_to_another_client_is_refused() {
    assert_eq!(refused_with("azp", json!("other")).await, Refusal::AuthorizedParty);
    let mut world = World::start().await;
    world.sign_in(|case| case.claims["azp"] = CLIENT.into()).await.expect("issued to us");
}

#[tokio::test]
async fn a_token_that_has_expired_is_refused() {
    assert_eq!(refused_with("exp", json!(NOW_S)).await, Refusal::Expired);
    assert_eq!(refused_with("exp", json!(0)).await, Refusal::Expired);
}

#[tokio::test]
async fn a_token_without_expiry_is_refused() {
    let mut world = World::start().await;
    assert_eq!(world.refusal(|case| case.remove_claim("exp")).await, Refusal::MalformedToken);
}

#[tokio::test]
async fn a_token_that_is_not_valid_yet_is_refused() {
    assert_eq!(refused_with("nbf", json!(NOW_S + 61)).await, Refusal::NotYetValid);
    assert_eq!(refused_with("nbf", json!("tomorrow")).await, Refusal::MalformedToken);
    let mut world = World::start().await;
    world.sign_in(|case| case.claims["nbf"] = json!(NOW_S + 60)).await.expect("within the skew");
}

#[tokio::test]
async fn a_token_issued_long_ago_or_in_the_future_is_refused() {
    assert_eq!(refused_with("iat", json!(NOW_S - 601)).await, Refusal::IssueTime);
    assert_eq!(refused_with("iat", json!(NOW_S + 61)).await, Refusal::IssueTime);
    let mut world = World::start().await;
    assert_eq!(world.refusal(|case| case.remove_claim("iat")).await, Refusal::MalformedToken);
}

#[tokio::test]
async fn a_token_of_another_sign_in_is_refused_by_its_nonce() {
    assert_eq!(refused_with("nonce", json!("of-another-sign-in")).await, Refusal::Nonce);
    let mut world = World::start().await;
    assert_eq!(world.refusal(|case| case.remove_claim("nonce")).await, Refusal::Nonce);
}

#[tokio::test]
async fn a_token_of_another_tenant_is_refused() {
    let mut world = World::start().await;
    world.connection.tenant = Some(TENANT.to_owned());
    let other = "00000000-86f1-41af-91ab-2d7cd011db47";
    let refusal = world.refusal(|case| case.claims["tid"] = other.into()).await;
    assert_eq!(refusal, Refusal::Tenant(other.to_owned()));
    for tid in [json!([TENANT]), json!(""), json!(null), json!(format!("{TENANT} "))] {
        let refusal = world.refusal(|case| case.claims["tid"] = tid).await;
        assert!(matches!(refusal, Refusal::Tenant(_)), "{refusal}");
    }
    assert!(matches!(world.refusal(|_| ()).await, Refusal::Tenant(_)), "no tid at all");
}

#[tokio::test]
async fn a_tenant_that_is_no_guid_is_compared_exactly() {
    let mut world = World::start().await;
    world.connection.tenant = Some("acme".to_owned());
    world.sign_in(|case| case.claims["tid"] = "acme".into()).await.expect("the same");
    let refusal = world.refusal(|case| case.claims["tid"] = "Acme".into()).await;
    assert_eq!(refusal, Refusal::Tenant("Acme".to_owned()));
}

#[tokio::test]
async fn a_subject_that_names_nobody_is_refused() {
    let long = "x".repeat(256);
    for (subject, problem) in [
        ("", "is empty"),
        (long.as_str(), "is longer than 255 characters"),
        ("alice\nadmin", "has control characters"),
        ("alice\u{0}", "has control characters"),
        ("alice\u{85}x", "has control characters"),
        (" alice", "begins or ends with white space"),
        ("alice\u{a0}", "begins or ends with white space"),
    ] {
        let refusal = refused_with("sub", subject.into()).await;
        assert_eq!(subject_refused(&refusal), problem, "{subject:?}");
    }
    let mut world = World::start().await;
    world.sign_in(|case| case.claims["sub"] = "x".repeat(255).into()).await.expect("255 fit");
}

#[tokio::test]
async fn an_object_id_must_be_there_and_be_one_text() {
    for (oid, problem) in [
        (json!([SUBJECT]), "is not one text"),
        (json!([SUBJECT, "other"]), "is not one text"),
        (json!(7), "is not one text"),
        (json!(null), "is missing; allow the scope profile, or choose sub"),
        (json!(""), "is empty"),
    ] {
        let mut world = World::start().await;
        world.connection.subject_claim = SubjectClaim::Oid;
        let refusal = world.refusal(|case| case.claims["oid"] = oid.clone()).await;
        assert_eq!(subject_refused(&refusal), problem, "{oid}");
    }
}

#[tokio::test]
async fn a_missing_object_id_is_not_replaced_by_the_subject() {
    let mut world = World::start().await;
    world.connection.subject_claim = SubjectClaim::Oid;
    let refusal = world.refusal(|_| ()).await;
    assert_eq!(refusal.to_string().split(" claim").next(), Some("the ID token's oid"));
}

#[tokio::test]
async fn two_subjects_in_one_token_are_refused() {
    for (claim, name) in [(SubjectClaim::Sub, "sub"), (SubjectClaim::Oid, "oid")] {
        let mut world = World::start().await;
        world.connection.subject_claim = claim;
        let refusal = world
            .refusal(|case| {
                case.claims[name] = "alice".into();
                let claims = case.claims.to_string();
                let open = claims.strip_suffix('}').expect("an object");
                case.payload = Some(format!(r#"{open},"{name}":"victim"}}"#));
            })
            .await;
        assert_eq!(refusal, Refusal::MalformedToken, "{name}");
    }
}

#[tokio::test]
async fn the_email_claim_of_a_victim_changes_nobodys_name() {
    let mut world = World::start().await;
    let person = world
        .sign_in(|case| {
            case.claims["email"] = "victim@corp.test".into();
            case.claims["email_verified"] = true.into();
            case.claims["preferred_username"] = "attacker".into();
        })
        .await
        .expect("signed in as himself");
    assert_eq!(person.subject(), SUBJECT);
    assert!(!format!("{person:?}").contains("victim"));
}

#[tokio::test]
async fn names_that_cannot_be_shown_are_left_out() {
    let mut world = World::start().await;
    let person = world
        .sign_in(|case| {
            case.claims["name"] = "Alice\r\nSet-Cookie: a=b".into();
            case.claims["preferred_username"] = "u".repeat(5000).into();
        })
        .await
        .expect("signed in");
    assert_eq!((person.display(), person.upn()), (None, None));
}

#[tokio::test]
async fn a_token_answer_that_cannot_be_read_is_refused() {
    let token = |id_token: &str| crate::world::token_answer(id_token);
    let answers = [
        Answer::Body("application/json", "{".to_owned()),
        Answer::Body("application/json", String::new()),
        Answer::Body("application/json", "[".repeat(100_000)),
        Answer::Body("text/html", "<p>Sign in again</p>".to_owned()),
        Answer::Json(200, json!({})),
        Answer::Json(500, json!("broken")),
        token(""),
        token("a.b"),
        token("a.b.c"),
        token("e30.e30.e30.e30.e30"),
        token("e30.e30."),
    ];
    for answer in answers {
        let mut world = World::start().await;
        let refusal = world.refusal(|case| case.answer = Some(answer)).await;
        assert_eq!(refusal, Refusal::MalformedToken);
    }
}

#[tokio::test]
async fn a_token_answer_without_id_token_is_refused() {
    let mut world = World::start().await;
    let answer = json!({ "access_token": "a", "token_type": "Bearer" });
    let refusal = world.refusal(|case| case.answer = Some(Answer::Json(200, answer))).await;
    assert_eq!(refusal, Refusal::NoIdToken);
}
