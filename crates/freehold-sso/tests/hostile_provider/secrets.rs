//! No text that can reach a log carries a code, a token or a secret.

use freehold_sso::VerifiedAssertion;
use freehold_sso::oidc::{Begun, CallbackParams, ClientSecret, Pending};
use serde_json::json;
use static_assertions::assert_not_impl_any;

use crate::provider::Answer;
use crate::world::{CODE, SECRET, World};

assert_not_impl_any!(ClientSecret: Clone, std::fmt::Debug, std::fmt::Display, PartialEq, serde::Serialize);
assert_not_impl_any!(Begun: Clone, std::fmt::Debug, std::fmt::Display, serde::Serialize);
assert_not_impl_any!(Pending: Clone, std::fmt::Debug, std::fmt::Display, serde::Serialize);
assert_not_impl_any!(CallbackParams: Clone, std::fmt::Debug, std::fmt::Display, serde::Serialize);
// A proof is used once.
assert_not_impl_any!(VerifiedAssertion: Clone, PartialEq, serde::Serialize);

#[tokio::test]
async fn a_refusal_repeats_nothing_that_is_secret() {
    let leaks = json!({
        "error": "invalid_client",
        "error_description": format!("code {CODE} secret {SECRET} token the-access-token"),
    });
    let answers = [
        Answer::Json(400, leaks.clone()),
        Answer::Json(200, leaks),
        Answer::Json(200, json!({ "access_token": "the-access-token", "id_token": SECRET })),
        Answer::Body("application/json", format!("{{\"{CODE}\": the-access-token")),
        Answer::Body("text/plain", format!("{CODE} {SECRET} the-access-token")),
        Answer::Json(503, json!({ "said": format!("{CODE} {SECRET} the-access-token") })),
    ];
    for answer in answers {
        let mut world = World::start().await;
        let refusal = world.refusal(|case| case.answer = Some(answer)).await;
        for text in [refusal.to_string(), format!("{refusal:?}")] {
            for secret in [CODE, SECRET, "the-access-token"] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }
}

#[tokio::test]
async fn what_a_stranger_writes_into_a_callback_stays_on_one_line() {
    let mut world = World::start().await;
    let injected = "x\nERROR root signed in\u{1b}[2J";
    for name in ["error", "iss"] {
        let refusal = world.refusal(|case| case.set_callback(name, Some(injected))).await;
        let text = refusal.to_string();
        assert!(text.chars().all(|c| !c.is_control()), "{text:?}");
        assert!(!text.contains("ERROR root"), "{text:?}");
    }
}
