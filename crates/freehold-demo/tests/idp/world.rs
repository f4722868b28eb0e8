//! A running provider, a relying party, and a person who clicks.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use freehold_demo::Surroundings;
use freehold_demo::idp::{Client, Idp, SigningKey};
use freehold_demo::people::TENANT;
use freehold_sso::oidc::{
    Begun, CallbackParams, ClientSecret, Connection, Pending, Providers, Reach, Refusal,
};
use freehold_sso::{Issuer, SubjectClaim, VerifiedAssertion};
use openidconnect::reqwest::{self, Response, redirect::Policy};
use rand_core::UnwrapErr;
use url::Url;

/// 2027-01-15T08:00:00Z.
pub const NOW_MS: u64 = 1_800_000_000_000;
pub const CLIENT: &str = "freehold-demo";
pub const SECRET: &str = "a secret: with + and % and \u{e4}";
pub const REDIRECT: &str = "http://localhost:8080/oidc/callback";

pub struct World {
    pub issuer: String,
    pub clock_ms: Arc<AtomicU64>,
    pub providers: Providers,
    pub connection: Connection,
    pub browser: reqwest::Client,
}

/// One key for all tests: making one takes a while.
fn key() -> Arc<SigningKey> {
    static KEY: OnceLock<Arc<SigningKey>> = OnceLock::new();
    Arc::clone(KEY.get_or_init(|| Arc::new(SigningKey::make("test").expect("a key"))))
}

impl World {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let clock_ms = Arc::new(AtomicU64::new(NOW_MS));
        let clock = Arc::clone(&clock_ms);
        let surroundings = Surroundings::with_clock(move || clock.load(Ordering::Relaxed));
        let client = Client::new(CLIENT, SECRET, REDIRECT).expect("a client");
        let idp = Idp::new(&issuer, TENANT, client, key(), surroundings).expect("a provider");
        actix_web::rt::spawn(idp.serve(listener).expect("a server"));
        let connection = Connection {
            id: "019a0000-0000-7000-8000-000000000001".to_owned(),
            issuer: Issuer::parse(&issuer).expect("an issuer"),
            client_id: CLIENT.to_owned(),
            client_secret: ClientSecret::new(SECRET.to_owned()),
            tenant: Some(TENANT.to_owned()),
            subject_claim: SubjectClaim::Oid,
        };
        let browser = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build();
        Self {
            issuer,
            clock_ms,
            providers: Providers::new(Reach::allowing(|address| address.is_loopback()))
                .expect("a client"),
            connection,
            browser: browser.expect("a client"),
        }
    }

    pub async fn begin(&self) -> Begun {
        #[allow(clippy::disallowed_types, reason = "a test of the whole way")]
        let mut rng = UnwrapErr(getrandom::SysRng);
        let redirect = Url::parse(REDIRECT).expect("a URL");
        self.providers.begin(&self.connection, &redirect, NOW_MS, &mut rng).await.expect("begun")
    }

    /// The honest request's parameters.
    pub async fn parameters(&self) -> HashMap<String, String> {
        self.begin().await.authorization_url.query_pairs().into_owned().collect()
    }

    pub async fn get(&self, path_and_query: &str) -> Response {
        let url = format!("{}{path_and_query}", self.issuer);
        self.browser.get(url).send().await.expect("an answer")
    }

    /// Shows the page for these parameters.
    pub async fn show(&self, parameters: &HashMap<String, String>) -> Response {
        self.get(&format!("/authorize?{}", encoded(parameters))).await
    }

    /// Picks a person.
    pub async fn pick(&self, query: &str, person: &str) -> Response {
        let body = format!("{query}&person={person}");
        self.post("/authorize", body).await
    }

    pub async fn post(&self, path: &str, body: String) -> Response {
        self.browser
            .post(format!("{}{path}", self.issuer))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await
            .expect("an answer")
    }

    /// The whole way of a person, until she is back with a code.
    pub async fn code_for(&self, begun: &Begun, person: &str) -> Url {
        let query = begun.authorization_url.query().expect("a query");
        assert_eq!(self.get(&format!("/authorize?{query}")).await.status(), 200);
        let answer = self.pick(query, person).await;
        assert_eq!(answer.status(), 303);
        location(&answer)
    }

    pub async fn finish(&self, begun: &Begun, back: &Url) -> Result<VerifiedAssertion, Refusal> {
        let pending = Pending {
            connection: self.connection.id.clone(),
            state: begun.state_hash(),
            nonce: begun.nonce.clone(),
            pkce_verifier: begun.pkce_verifier.clone(),
            redirect_uri: REDIRECT.to_owned(),
        };
        let callback = CallbackParams::parse(back.query().expect("a query"))?;
        let now_ms = self.clock_ms.load(Ordering::Relaxed);
        let answer = self.providers.finish(&self.connection, &pending, &callback, now_ms).await?;
        Ok(answer.assertion)
    }
}

pub fn encoded(parameters: &HashMap<String, String>) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

pub fn location(answer: &Response) -> Url {
    let value = answer.headers().get("location").expect("a location").to_str().expect("text");
    Url::parse(value).expect("a URL")
}

pub fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}
