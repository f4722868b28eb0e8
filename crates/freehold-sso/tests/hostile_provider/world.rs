//! One relying party, one provider, one sign-in; each test bends one thing.

use std::convert::Infallible;
use std::sync::OnceLock;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use freehold_sso::oidc::{
    Begun, CallbackParams, ClientSecret, Connection, Limits, Pending, Providers, Reach, Refusal,
};
use freehold_sso::{Issuer, SubjectClaim, VerifiedAssertion};
use openidconnect::core::{CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use rand_core::{TryCryptoRng, TryRng};
use rsa::pkcs1::{EncodeRsaPrivateKey, LineEnding};
use serde_json::{Value, json};
use url::Url;

use crate::provider::{Answer, Provider, TOKEN};

/// 2027-01-15T08:00:00Z. No test reads the clock.
pub const NOW_S: u64 = 1_800_000_000;
pub const NOW_MS: u64 = NOW_S * 1000;

pub const CLIENT: &str = "freehold";
pub const SECRET: &str = "the-client-secret";
pub const CODE: &str = "the-authorization-code";
pub const SUBJECT: &str = "aaaaaaaa-0000-4000-8000-000000000001";
pub const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
pub const CONNECTION: &str = "019a0000-0000-7000-8000-000000000001";

/// Counts, so that every value is another one.
pub struct Counter(pub u64);

impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.0 += 1;
        Ok(self.0 as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 += 1;
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        for chunk in dst.chunks_mut(8) {
            self.0 += 1;
            chunk.copy_from_slice(&self.0.to_be_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}

/// The key that is too short for RS256.
pub const WEAK: usize = 2;

/// A key made for this test run; 0 is the provider's, 1 a stranger's, [`WEAK`] a short one.
pub fn key(number: usize) -> &'static CoreRsaPrivateSigningKey {
    static KEYS: [OnceLock<CoreRsaPrivateSigningKey>; 3] =
        [OnceLock::new(), OnceLock::new(), OnceLock::new()];
    KEYS[number].get_or_init(|| {
        let bits = if number == WEAK { 1024 } else { 2048 };
        let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, bits).expect("a key");
        let pem = key.to_pkcs1_pem(LineEnding::LF).expect("PEM");
        let kid = JsonWebKeyId::new(format!("key-{number}"));
        CoreRsaPrivateSigningKey::from_pem(&pem, Some(kid)).expect("a signing key")
    })
}

pub fn public(number: usize) -> Value {
    serde_json::to_value(key(number).as_verification_key()).expect("a JWK")
}

/// Signs a message.
pub type Sign = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// What the honest provider does; a test changes one part.
pub struct Case {
    pub header: Value,
    pub claims: Value,
    /// Instead of the claims: any bytes as the payload.
    pub payload: Option<String>,
    pub sign: Sign,
    /// Instead of a token answer with the signed token.
    pub answer: Option<Answer>,
    pub callback: Vec<(&'static str, String)>,
    pub pending: Pending,
    pub finished_at_ms: u64,
}

pub struct World {
    pub provider: Provider,
    pub providers: Providers,
    pub connection: Connection,
    rng: Counter,
}

impl World {
    pub async fn start() -> Self {
        Self::start_with_keys(json!({ "keys": [public(0)] })).await
    }

    pub async fn start_with_keys(keys: Value) -> Self {
        let provider = Provider::start(keys).await;
        let limits = Limits {
            connect: Duration::from_millis(300),
            total: Duration::from_millis(600),
            ..Limits::default()
        };
        let connection = Connection {
            id: CONNECTION.to_owned(),
            issuer: Issuer::parse(&provider.base).expect("an issuer"),
            client_id: CLIENT.to_owned(),
            client_secret: ClientSecret::new(SECRET.to_owned()),
            tenant: None,
            subject_claim: SubjectClaim::Sub,
        };
        let providers = Providers::with_limits(limits, here()).expect("a client");
        Self { provider, providers, connection, rng: Counter(0) }
    }

    pub async fn begin(&mut self) -> Begun {
        self.begin_at(NOW_MS).await.expect("begun")
    }

    pub async fn begin_at(&mut self, now_ms: u64) -> Result<Begun, freehold_sso::oidc::SsoError> {
        let redirect = redirect_uri();
        self.providers.begin(&self.connection, &redirect, now_ms, &mut self.rng).await
    }

    /// A whole sign-in, bent by `bend`.
    pub async fn sign_in(
        &mut self,
        bend: impl FnOnce(&mut Case),
    ) -> Result<VerifiedAssertion, Refusal> {
        self.sign_in_at(NOW_MS, bend).await
    }

    pub async fn sign_in_at(
        &mut self,
        now_ms: u64,
        bend: impl FnOnce(&mut Case),
    ) -> Result<VerifiedAssertion, Refusal> {
        let begun = self.begin_at(now_ms).await?;
        let mut case = self.honest(begun, now_ms);
        bend(&mut case);
        let answer = case.answer.take().unwrap_or_else(|| token_answer(&case.token()));
        self.provider.answer(TOKEN, answer);
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&case.callback)
            .finish();
        let callback = CallbackParams::parse(&query)?;
        let finished_at_ms = case.finished_at_ms;
        let answer =
            self.providers.finish(&self.connection, &case.pending, &callback, finished_at_ms).await;
        answer.map(|answer| answer.assertion)
    }

    /// The refusal of a bent sign-in.
    pub async fn refusal(&mut self, bend: impl FnOnce(&mut Case)) -> Refusal {
        self.sign_in(bend).await.expect_err("the sign-in must be refused")
    }

    fn honest(&self, begun: Begun, now_ms: u64) -> Case {
        let issuer = self.provider.base.clone();
        let now_s = now_ms / 1000;
        Case {
            header: json!({ "alg": "RS256", "kid": "key-0", "typ": "JWT" }),
            claims: json!({
                "iss": issuer, "aud": CLIENT, "sub": SUBJECT, "nonce": begun.nonce,
                "iat": now_s, "nbf": now_s, "exp": now_s + 300,
            }),
            payload: None,
            sign: Box::new(|message| rs256(key(0), message)),
            answer: None,
            callback: vec![
                ("code", CODE.to_owned()),
                ("state", begun.state.clone()),
                ("iss", issuer),
            ],
            pending: Pending {
                connection: CONNECTION.to_owned(),
                state: begun.state_hash(),
                nonce: begun.nonce,
                pkce_verifier: begun.pkce_verifier,
                redirect_uri: redirect_uri().to_string(),
            },
            finished_at_ms: now_ms,
        }
    }
}

impl Case {
    pub fn token(&self) -> String {
        let payload = self.payload.clone().unwrap_or_else(|| self.claims.to_string());
        let message = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(self.header.to_string()),
            URL_SAFE_NO_PAD.encode(payload)
        );
        let signature = URL_SAFE_NO_PAD.encode((self.sign)(message.as_bytes()));
        format!("{message}.{signature}")
    }

    pub fn set_callback(&mut self, name: &'static str, value: Option<&str>) {
        self.callback.retain(|(known, _)| *known != name);
        self.callback.extend(value.map(|value| (name, value.to_owned())));
    }

    pub fn remove_claim(&mut self, name: &str) {
        self.claims.as_object_mut().expect("claims").remove(name);
    }
}

pub fn token_answer(token: &str) -> Answer {
    let answer =
        json!({ "access_token": "the-access-token", "token_type": "Bearer", "id_token": token });
    Answer::Json(200, answer)
}

pub fn rs256(key: &CoreRsaPrivateSigningKey, message: &[u8]) -> Vec<u8> {
    key.sign(&CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, message).expect("a signature")
}

/// The providers of the tests run on this machine.
pub fn here() -> Reach {
    Reach::allowing(|address| address.is_loopback())
}

pub fn redirect_uri() -> Url {
    Url::parse("http://localhost:8080/oidc/callback").expect("a URL")
}

/// The refusal about the subject claim.
pub fn subject_refused(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Subject { problem, .. } => problem,
        other => panic!("refused for another reason: {other}"),
    }
}
