//! Logout tokens (OpenID Connect Back-Channel Logout 1.0): one honest, each other one bent.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use freehold_sso::oidc::{LogoutRefusal, LogoutToken};
use freehold_sso::{LoggedOut, SubjectClaim, VerifiedLogout};
use openidconnect::PrivateSigningKey as _;
use openidconnect::core::{CoreHmacKey, CoreJwsSigningAlgorithm};
use p256::ecdsa::{Signature, signature::Signer as _};
use serde_json::{Value, json};

use crate::provider::KEYS;
use crate::signature::curve_key;
use crate::world::{
    CLIENT, CONNECTION, NOW_MS, NOW_S, SECRET, SUBJECT, Sign, TENANT, World, key, public, rs256,
};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

struct Token {
    header: Value,
    claims: Value,
    sign: Sign,
}

impl Token {
    fn honest(world: &World) -> Self {
        Self {
            header: json!({ "alg": "RS256", "kid": "key-0", "typ": "logout+jwt" }),
            claims: json!({
                "iss": world.provider.base, "aud": CLIENT, "iat": NOW_S, "exp": NOW_S + 120,
                "jti": "the-id", "sub": SUBJECT, "sid": "the-session", "events": { EVENT: {} },
            }),
            sign: Box::new(|message| rs256(key(0), message)),
        }
    }

    fn text(&self) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(&self.header), part(&self.claims));
        format!("{message}.{}", URL_SAFE_NO_PAD.encode((self.sign)(message.as_bytes())))
    }

    fn without(&mut self, claim: &str) {
        self.claims.as_object_mut().expect("claims").remove(claim);
    }
}

async fn verify_at(
    world: &World,
    now_ms: u64,
    bend: impl FnOnce(&mut Token),
) -> Result<VerifiedLogout, LogoutRefusal> {
    let mut token = Token::honest(world);
    bend(&mut token);
    let token = LogoutToken::parse(&token.text())?;
    world.providers.verify_logout(&world.connection, &token, now_ms).await
}

async fn verify(
    world: &World,
    bend: impl FnOnce(&mut Token),
) -> Result<VerifiedLogout, LogoutRefusal> {
    verify_at(world, NOW_MS, bend).await
}

async fn refusal(world: &World, bend: impl FnOnce(&mut Token)) -> LogoutRefusal {
    verify(world, bend).await.expect_err("the logout must be refused")
}

#[tokio::test]
async fn an_honest_logout_names_a_session_or_a_person() {
    let mut world = World::start().await;
    let verified = verify(&world, |_| {}).await.expect("verified");
    assert_eq!(verified.connection(), CONNECTION);
    assert_eq!(verified.id(), "the-id");
    assert_eq!(*verified.of(), LoggedOut::Session("the-session".to_owned()));
    assert_eq!(verified.forget_at_ms(), (NOW_S + 120) * 1000);
    let person = verify(&world, |token| token.without("sid")).await.expect("verified");
    assert_eq!(*person.of(), LoggedOut::Person(SUBJECT.to_owned()));
    // `typ` is recommended only, and older providers write the general one.
    for header in [json!({ "alg": "RS256" }), json!({ "alg": "RS256", "typ": "JWT" })] {
        verify(&world, |token| token.header = header).await.expect("verified");
    }
    world.connection.subject_claim = SubjectClaim::Oid;
    let by_object = verify(&world, |token| {
        token.without("sid");
        token.claims["oid"] = "the-object".into();
    });
    let by_object = by_object.await.expect("verified");
    assert_eq!(*by_object.of(), LoggedOut::Person("the-object".to_owned()));
}

#[tokio::test]
async fn an_unsigned_or_symmetric_logout_is_refused() {
    let world = World::start().await;
    for alg in ["none", "None", "HS256", "RS512", ""] {
        let refused = refusal(&world, |token| {
            token.header = json!({ "alg": alg });
            token.sign = Box::new(|_| Vec::new());
        });
        assert_eq!(refused.await, LogoutRefusal::Algorithm, "{alg}");
    }
    for secret in [SECRET.to_owned(), public(0).to_string()] {
        let mac = CoreHmacKey::new(secret.into_bytes());
        let refused = refusal(&world, |token| {
            token.sign = Box::new(move |message| {
                mac.sign(&CoreJwsSigningAlgorithm::HmacSha256, message).expect("a MAC")
            });
        });
        assert_eq!(refused.await, LogoutRefusal::Signature);
    }
    let cut = refusal(&world, |token| token.sign = Box::new(|_| Vec::new()));
    assert_eq!(cut.await, LogoutRefusal::Signature);
}

#[tokio::test]
async fn a_logout_may_be_signed_with_es256_and_with_no_key_for_encryption() {
    let (curve, jwk) = curve_key();
    let mut encrypts = public(0);
    encrypts["use"] = "enc".into();
    let world = World::start_with_keys(json!({ "keys": [encrypts, jwk] })).await;
    let signed = verify(&world, |token| {
        token.header = json!({ "alg": "ES256", "kid": "curve", "typ": "logout+jwt" });
        token.sign = Box::new(move |message| {
            let signature: Signature = curve.sign(message);
            signature.to_bytes().to_vec()
        });
    });
    signed.await.expect("verified");
    let refused = refusal(&world, |_| ());
    assert_eq!(refused.await, LogoutRefusal::UnknownKey);
}

#[tokio::test]
async fn a_logout_signed_by_a_stranger_is_refused() {
    let world = World::start().await;
    let refused = refusal(&world, |token| token.sign = Box::new(|message| rs256(key(1), message)));
    assert_eq!(refused.await, LogoutRefusal::Signature);
    let refused = refusal(&world, |token| {
        token.header["kid"] = "key-1".into();
        token.sign = Box::new(|message| rs256(key(1), message));
    });
    assert_eq!(refused.await, LogoutRefusal::UnknownKey);
    let refused = refusal(&world, |token| {
        token.header["jwk"] = public(1);
        token.sign = Box::new(|message| rs256(key(1), message));
    });
    assert_eq!(refused.await, LogoutRefusal::Signature, "a key in the header is no key");
}

#[tokio::test]
async fn a_logout_of_another_issuer_or_client_is_refused_before_anybody_is_asked() {
    let world = World::start().await;
    let other = refusal(&world, |token| token.claims["iss"] = "https://evil.test".into());
    assert_eq!(other.await, LogoutRefusal::Issuer);
    for audience in [json!("other"), json!([CLIENT, "other"]), json!([]), json!(null), json!(7)] {
        let refused = refusal(&world, |token| token.claims["aud"] = audience.clone());
        assert_eq!(refused.await, LogoutRefusal::Audience, "{audience}");
    }
    assert!(world.provider.seen(KEYS).is_empty());
    verify(&world, |token| token.claims["aud"] = json!([CLIENT])).await.expect("verified");
}

#[tokio::test]
async fn a_token_of_another_kind_is_no_logout() {
    let world = World::start().await;
    let mut kinds = vec![];
    for typ in ["at+jwt", "secevent+jwt", ""] {
        kinds.push(refusal(&world, |token| token.header["typ"] = typ.into()).await);
    }
    kinds.push(refusal(&world, |token| token.header["crit"] = json!(["exp"])).await);
    assert!(kinds.iter().all(|refused| *refused == LogoutRefusal::TokenKind), "{kinds:?}");
    for nonce in [json!("n"), json!(null), json!("")] {
        let refused = refusal(&world, |token| token.claims["nonce"] = nonce);
        assert_eq!(refused.await, LogoutRefusal::Nonce, "as an ID token has");
    }
    for events in [json!({}), json!({ "other": {} }), json!({ EVENT: true }), json!([EVENT])] {
        let refused = refusal(&world, |token| token.claims["events"] = events.clone());
        assert_eq!(refused.await, LogoutRefusal::Event, "{events}");
    }
}

#[tokio::test]
async fn a_logout_is_of_just_now() {
    let world = World::start().await;
    for (iat, exp) in [(NOW_S - 601, NOW_S + 60), (NOW_S + 61, NOW_S + 120)] {
        let refused = refusal(&world, |token| {
            token.claims["iat"] = iat.into();
            token.claims["exp"] = exp.into();
        });
        assert_eq!(refused.await, LogoutRefusal::IssueTime);
    }
    let none = refusal(&world, |token| token.without("iat"));
    assert_eq!(none.await, LogoutRefusal::IssueTime);
    let over = refusal(&world, |token| token.claims["exp"] = NOW_S.into());
    assert_eq!(over.await, LogoutRefusal::Expired);
    let endless = refusal(&world, |token| token.without("exp"));
    assert_eq!(endless.await, LogoutRefusal::Expired);
    // What the caller forgets is refused by its dates.
    let forget_at_ms = verify(&world, |token| token.claims["exp"] = (NOW_S * 2).into())
        .await
        .expect("verified")
        .forget_at_ms();
    let late = verify_at(&world, forget_at_ms, |token| token.claims["exp"] = (NOW_S * 2).into());
    assert_eq!(late.await.expect_err("late"), LogoutRefusal::IssueTime);
}

#[tokio::test]
async fn a_logout_has_an_id_and_names_somebody() {
    let mut world = World::start().await;
    for id in [json!(""), json!(null), json!(7), json!("x".repeat(256)), json!("a\nb")] {
        let refused = refusal(&world, |token| token.claims["jti"] = id.clone());
        assert_eq!(refused.await, LogoutRefusal::Id, "{id}");
    }
    let nobody = refusal(&world, |token| {
        token.without("sid");
        token.without("sub");
    });
    assert_eq!(nobody.await, LogoutRefusal::Nobody);
    let odd = refusal(&world, |token| token.claims["sid"] = json!(7));
    assert_eq!(odd.await, LogoutRefusal::Nobody, "a session that cannot be read is not a person");
    // Where `oid` names people, `sub` names nobody.
    world.connection.subject_claim = SubjectClaim::Oid;
    let refused = refusal(&world, |token| token.without("sid"));
    assert_eq!(refused.await, LogoutRefusal::Nobody);
}

#[tokio::test]
async fn a_logout_of_another_tenant_is_refused() {
    let mut world = World::start().await;
    world.connection.tenant = Some(TENANT.to_owned());
    verify(&world, |_| {}).await.expect("providers leave the tenant out");
    let same = verify(&world, |token| token.claims["tid"] = TENANT.to_uppercase().into());
    same.await.expect("verified");
    for tid in [json!("other"), json!(null)] {
        let refused = refusal(&world, |token| token.claims["tid"] = tid);
        assert_eq!(refused.await, LogoutRefusal::Tenant);
    }
}

#[test]
fn what_is_no_token_is_not_read() {
    // `{"alg":"RS256"}`, and `{}` with spaces after it.
    let padded = |spaces: usize| format!("eyJhbGciOiJSUzI1NiJ9.e30g{}.eA", "ICAg".repeat(spaces));
    assert!(LogoutToken::parse(&padded(4_000)).is_ok());
    let long = padded(4_100);
    for text in ["", "..", "a.b", "e30.e30.", "e30.e30.!", "bm8.e30.eA", &long] {
        let refused = LogoutToken::parse(text).err();
        assert_eq!(refused, Some(LogoutRefusal::Malformed), "{text}");
    }
}
