//! Who signed, and with what.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use freehold_sso::oidc::Refusal;
use openidconnect::PrivateSigningKey;
use openidconnect::core::{CoreHmacKey, CoreJwsSigningAlgorithm};
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use serde_json::{Value, json};

use crate::provider::{Answer, KEYS};
use crate::world::{Case, NOW_MS, SECRET, WEAK, World, key, public, rs256};

fn hs256(case: &mut Case, secret: Vec<u8>) {
    let key = CoreHmacKey::new(secret);
    case.header = json!({ "alg": "HS256" });
    case.sign = Box::new(move |message| {
        key.sign(&CoreJwsSigningAlgorithm::HmacSha256, message).expect("a MAC")
    });
}

#[tokio::test]
async fn an_unsigned_token_is_refused() {
    let mut world = World::start().await;
    for alg in ["none", "None", "NONE", "nOnE"] {
        let refusal = world
            .refusal(|case| {
                case.header = json!({ "alg": alg });
                case.sign = Box::new(|_| Vec::new());
            })
            .await;
        // Other spellings are not even an algorithm.
        let expected = if alg == "none" { Refusal::Algorithm } else { Refusal::MalformedToken };
        assert_eq!(refusal, expected, "{alg}");
    }
}

#[tokio::test]
async fn a_token_whose_signature_was_cut_off_is_refused() {
    let mut world = World::start().await;
    let refusal = world.refusal(|case| case.sign = Box::new(|_| Vec::new())).await;
    assert_eq!(refusal, Refusal::Signature);
}

#[tokio::test]
async fn a_token_signed_with_our_own_client_secret_is_refused() {
    let mut world = World::start().await;
    let refusal = world.refusal(|case| hs256(case, SECRET.into())).await;
    assert_eq!(refusal, Refusal::Algorithm);
}

#[tokio::test]
async fn a_token_whose_mac_key_is_the_public_key_is_refused() {
    let mut world = World::start().await;
    let modulus = public(0)["n"].as_str().expect("n").to_owned();
    for secret in [modulus, public(0).to_string()] {
        let refusal = world.refusal(|case| hs256(case, secret.into_bytes())).await;
        assert_eq!(refusal, Refusal::Algorithm);
    }
}

#[tokio::test]
async fn a_symmetric_key_among_the_published_ones_verifies_nothing() {
    let secret = json!({ "kty": "oct", "kid": "key-0", "k": "c2VjcmV0" });
    let mut world = World::start_with_keys(json!({ "keys": [secret] })).await;
    let refusal = world.refusal(|case| hs256(case, b"secret".to_vec())).await;
    assert_eq!(refusal, Refusal::Algorithm);
}

/// The provider's key on P-256, as it publishes it.
pub fn curve_key() -> (SigningKey, Value) {
    let key = SigningKey::from_slice(&[7; 32]).expect("a key");
    let point = key.verifying_key().to_sec1_point(false);
    let number =
        |bytes: Option<&p256::FieldBytes>| URL_SAFE_NO_PAD.encode(bytes.expect("on the curve"));
    let jwk = json!({
        "kty": "EC", "crv": "P-256", "kid": "curve", "use": "sig", "x": number(point.x()), "y": number(point.y()),
    });
    (key, jwk)
}

fn es256(case: &mut Case, sign: impl Fn(&[u8]) -> Vec<u8> + 'static) {
    case.header = json!({ "alg": "ES256", "kid": "curve" });
    case.sign = Box::new(sign);
}

#[tokio::test]
async fn a_token_signed_with_es256_is_accepted_and_one_by_no_key_at_all_is_not() {
    let (own, jwk) = curve_key();
    let mut world = World::start_with_keys(json!({ "keys": [public(0), jwk] })).await;
    let sign = move |message: &[u8]| -> Vec<u8> {
        let signature: Signature = own.sign(message);
        signature.to_bytes().to_vec()
    };
    world.sign_in(|case| es256(case, sign)).await.expect("signed by the provider");
    // A signature of zeros is good for every message where nobody checks that r and s are not zero.
    for signature in [vec![0; 64], vec![0xff; 64], vec![0; 63], Vec::new()] {
        let refusal = world.refusal(|case| es256(case, move |_| signature.clone())).await;
        assert_eq!(refusal, Refusal::Signature);
    }
    let stranger = SigningKey::from_slice(&[8; 32]).expect("a key");
    let sign = move |message: &[u8]| -> Vec<u8> {
        let signature: Signature = stranger.sign(message);
        signature.to_bytes().to_vec()
    };
    assert_eq!(world.refusal(|case| es256(case, sign)).await, Refusal::Signature);
}

#[tokio::test]
async fn a_key_of_one_kind_verifies_no_signature_of_the_other() {
    let (_, mut jwk) = curve_key();
    let mut world = World::start_with_keys(json!({ "keys": [public(0), jwk.clone()] })).await;
    let crossed =
        world.refusal(|case| case.header = json!({ "alg": "ES256", "kid": "key-0" })).await;
    assert_eq!(crossed, Refusal::UnknownKey);
    let crossed =
        world.refusal(|case| case.header = json!({ "alg": "RS256", "kid": "curve" })).await;
    assert_eq!(crossed, Refusal::UnknownKey);
    // A point that is not on the curve.
    jwk["y"] = jwk["x"].clone();
    let mut world = World::start_with_keys(json!({ "keys": [public(0), jwk] })).await;
    world.refusal(|case| es256(case, |_| vec![1; 64])).await;
    world.sign_in(|_| ()).await.expect("the good key beside it");
}

#[tokio::test]
async fn only_rs256_is_accepted_though_the_key_could_do_more() {
    let mut world = World::start().await;
    for (name, algorithm) in [
        ("RS384", CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384),
        ("RS512", CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512),
        ("PS256", CoreJwsSigningAlgorithm::RsaSsaPssSha256),
    ] {
        let refusal = world
            .refusal(|case| {
                case.header["alg"] = name.into();
                case.sign =
                    Box::new(move |message| key(0).sign(&algorithm, message).expect("signature"));
            })
            .await;
        assert_eq!(refusal, Refusal::Algorithm, "{name}");
    }
}

#[tokio::test]
async fn a_token_signed_by_another_key_under_the_right_name_is_refused() {
    let mut world = World::start().await;
    let refusal =
        world.refusal(|case| case.sign = Box::new(|message| rs256(key(1), message))).await;
    assert_eq!(refusal, Refusal::Signature);
}

#[tokio::test]
async fn a_key_that_the_token_brings_along_is_not_used() {
    let mut world = World::start().await;
    let elsewhere = format!("{}/other-keys", world.provider.base);
    world.provider.answer("/other-keys", Answer::Json(200, json!({ "keys": [public(1)] })));
    let mut embedded = public(1);
    embedded["kid"] = "key-0".into();
    let headers: [(&str, Value); 4] = [
        ("jwk", embedded),
        ("jku", elsewhere.clone().into()),
        ("x5u", elsewhere.into()),
        ("x5c", json!(["MIIC"])),
    ];
    for (name, value) in headers {
        let refusal = world
            .refusal(|case| {
                case.header[name] = value.clone();
                case.sign = Box::new(|message| rs256(key(1), message));
            })
            .await;
        assert_eq!(refusal, Refusal::Signature, "{name}");
    }
    assert!(world.provider.seen("/other-keys").is_empty());
}

#[tokio::test]
async fn a_key_id_that_names_a_path_or_a_query_names_no_key() {
    let mut world = World::start().await;
    for kid in ["../../../dev/null", "key-0' OR '1'='1", "", "KEY-0", "key-0\u{0}"] {
        let refusal = world.refusal(|case| case.header["kid"] = kid.into()).await;
        assert_eq!(refusal, Refusal::UnknownKey, "{kid:?}");
    }
}

#[tokio::test]
async fn a_changed_claim_breaks_the_signature() {
    let mut world = World::start().await;
    let refusal = world
        .refusal(|case| {
            let honest = case.token();
            let signature = honest.rsplit('.').next().expect("a signature").to_owned();
            case.claims["sub"] = "the-victim".into();
            let forged = case.token();
            let message = forged.rsplit_once('.').expect("a signature").0;
            case.answer = Some(crate::world::token_answer(&format!("{message}.{signature}")));
        })
        .await;
    assert_eq!(refusal, Refusal::Signature);
}

#[tokio::test]
async fn a_key_for_encryption_verifies_no_signature() {
    let mut world = World::start().await;
    let mut key = public(0);
    key["use"] = "enc".into();
    world.provider.answer(KEYS, Answer::Json(200, json!({ "keys": [key] })));
    assert_eq!(world.refusal(|_| ()).await, Refusal::UnknownKey);
}

#[tokio::test]
async fn a_key_short_enough_to_be_factored_verifies_nothing() {
    let mut world = World::start_with_keys(json!({ "keys": [public(0), public(WEAK)] })).await;
    let refusal = world
        .refusal(|case| {
            case.header["kid"] = "key-2".into();
            case.sign = Box::new(|message| rs256(key(WEAK), message));
        })
        .await;
    assert_eq!(refusal, Refusal::UnknownKey);
    world.sign_in(|_| ()).await.expect("the longer key beside it");
}

#[tokio::test]
async fn a_token_without_key_id_is_verified_when_there_is_one_key_and_refused_among_several() {
    let mut world = World::start().await;
    let nameless = |case: &mut Case| case.header = json!({ "alg": "RS256" });
    world.sign_in(nameless).await.expect("one key");
    let mut world = World::start_with_keys(json!({ "keys": [public(0), public(1)] })).await;
    assert_eq!(world.refusal(nameless).await, Refusal::UnknownKey);
}

#[tokio::test]
async fn a_token_with_critical_extensions_or_of_another_kind_is_refused() {
    let mut world = World::start().await;
    let headers = [
        ("crit", json!(["b64"])),
        ("cty", json!("JWT")),
        ("typ", json!("at+jwt")),
        ("typ", json!("logout+jwt")),
        ("typ", json!("secevent+jwt")),
    ];
    for (name, value) in headers {
        let refusal = world.refusal(|case| case.header[name] = value.clone()).await;
        assert_eq!(refusal, Refusal::TokenKind, "{name} {value}");
    }
}

#[tokio::test]
async fn a_changed_key_is_fetched_when_a_token_names_it() {
    let mut world = World::start().await;
    world.sign_in(|_| ()).await.expect("the old key");
    world.provider.answer(KEYS, Answer::Json(200, json!({ "keys": [public(1)] })));
    let rotated = |case: &mut Case| {
        case.header["kid"] = "key-1".into();
        case.sign = Box::new(|message| rs256(key(1), message));
    };
    world.sign_in(rotated).await.expect("the new key, a sign-in begun before or after");
    assert_eq!(world.provider.seen(KEYS).len(), 2);
}

#[tokio::test]
async fn invented_key_ids_make_us_ask_once_a_minute_and_no_more() {
    let mut world = World::start().await;
    let invented = |case: &mut Case| case.header["kid"] = "invented".into();
    for second in 0..59 {
        let refusal = world.sign_in_at(NOW_MS + second * 1000, invented).await;
        assert_eq!(refusal.expect_err("unknown"), Refusal::UnknownKey);
    }
    assert_eq!(world.provider.seen(KEYS).len(), 2, "discovery and one more");
    world.sign_in_at(NOW_MS + 61_000, invented).await.expect_err("unknown");
    assert_eq!(world.provider.seen(KEYS).len(), 3);
}
