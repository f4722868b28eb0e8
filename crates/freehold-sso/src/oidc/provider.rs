//! Discovery documents and keys of identity providers, kept for an hour.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
    CoreJsonWebKey, CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{
    AdditionalProviderMetadata, AsyncHttpClient as _, DiscoveryError, IssuerUrl, JsonWebKeySet,
    ProviderMetadata, TokenUrl, http,
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::connection::Connection;
use super::error::SsoError;
use super::http::{Http, Limits};
use super::reach::Reach;
use crate::Issuer;
use crate::issuer::{DISCOVERY_SUFFIX, is_loopback};
use crate::naming::shown;

/// How long discovery document and keys are used.
const KEPT_MS: u64 = 60 * 60 * 1000;
/// How often an unknown key id may make us ask for the keys again: a stranger can invent key ids.
const REFETCH_MS: u64 = 60 * 1000;
/// By how much a request may be older than what another one has fetched meanwhile.
const OVERTAKEN_MS: u64 = 10 * 1000;
/// How long a failure is remembered, so that a dead provider does not make a queue.
const FAILURE_KEPT_MS: u64 = 5 * 1000;

/// RFC 9207 §3.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Rfc9207 {
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Rfc9207 {}

pub(super) type Metadata = ProviderMetadata<
    Rfc9207,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What is known of one provider; the endpoints are checked.
pub(super) struct Provider {
    pub(super) issuer: IssuerUrl,
    pub(super) metadata: Metadata,
    pub(super) token_endpoint: TokenUrl,
    pub(super) keys: CoreJsonWebKeySet,
}

#[derive(Default)]
struct Slot {
    known: Option<(u64, Arc<Provider>)>,
    refetched_at_ms: Option<u64>,
    failed: Option<(u64, SsoError)>,
}

/// A slot in which one asks and others wait.
#[derive(Default)]
struct Place {
    slot: tokio::sync::Mutex<Slot>,
    /// How often asking has failed. Where it changed while somebody waited, that failure is his answer too: if each asked
    /// anew, a provider that hangs would make everybody wait longer than the one before.
    failures: AtomicU64,
    /// When somebody last wanted it.
    used_at_ms: AtomicU64,
}

/// A connection that was given another issuer is another provider.
type Key = (String, Issuer);

/// The identity providers in use, by connection: nothing learned for one serves another.
pub struct Providers {
    pub(super) http: Http,
    places: Mutex<HashMap<Key, Arc<Place>>>,
}

impl Providers {
    /// With the usual limits: 3 s to connect, 10 s in all, 1 MiB.
    ///
    /// # Errors
    /// [`SsoError::NoClient`] when no TLS client can be made.
    pub fn new(reach: Reach) -> Result<Self, SsoError> {
        Self::with_limits(Limits::default(), reach)
    }

    /// With limits of your own.
    ///
    /// # Errors
    /// [`SsoError::NoClient`] when no TLS client can be made.
    pub fn with_limits(limits: Limits, reach: Reach) -> Result<Self, SsoError> {
        Ok(Self { http: Http::new(limits, reach)?, places: Mutex::default() })
    }

    /// Asks a provider who it is, before a connection is made of it: the discovery document and the keys. Gives the host
    /// at which people sign in.
    ///
    /// # Errors
    /// It cannot be used just now, or says things about itself that are not safe.
    pub async fn discover(&self, issuer: &Issuer) -> Result<String, SsoError> {
        let provider = discover(issuer, &self.http).await?;
        let endpoint = provider.metadata.authorization_endpoint().url();
        Ok(endpoint.host_str().unwrap_or_default().to_owned())
    }

    /// The provider of this connection, asked at most once an hour.
    pub(super) async fn provider(
        &self,
        connection: &Connection,
        now_ms: u64,
    ) -> Result<Arc<Provider>, SsoError> {
        let place = self.place(connection, now_ms);
        let failures = place.failures.load(Ordering::Relaxed);
        // Held while asking, so that a crowd asks once.
        let mut slot = place.slot.lock().await;
        if let Some((at_ms, provider)) = &slot.known
            && is_within(*at_ms, KEPT_MS, now_ms)
        {
            return Ok(Arc::clone(provider));
        }
        let waited = place.failures.load(Ordering::Relaxed) != failures;
        if let Some((at_ms, error)) = &slot.failed
            && (waited || is_within(*at_ms, FAILURE_KEPT_MS, now_ms))
        {
            return Err(error.clone());
        }
        match discover(&connection.issuer, &self.http).await {
            Ok(provider) => {
                let provider = Arc::new(provider);
                *slot = Slot { known: Some((now_ms, Arc::clone(&provider))), ..Slot::default() };
                Ok(provider)
            }
            Err(error) => {
                slot.failed = Some((now_ms, error.clone()));
                place.failures.fetch_add(1, Ordering::Relaxed);
                Err(error)
            }
        }
    }

    /// The provider with its keys asked for again; `None` when that was done within the minute.
    pub(super) async fn refetched(
        &self,
        connection: &Connection,
        now_ms: u64,
    ) -> Result<Option<Arc<Provider>>, SsoError> {
        let place = self.place(connection, now_ms);
        let mut slot = place.slot.lock().await;
        if slot.refetched_at_ms.is_some_and(|at_ms| is_within(at_ms, REFETCH_MS, now_ms)) {
            return Ok(None);
        }
        let Some((at_ms, old)) = &slot.known else { return Ok(None) };
        let (at_ms, old) = (*at_ms, Arc::clone(old));
        slot.refetched_at_ms = Some(now_ms);
        let keys = fetch_keys(&old.metadata, &self.http).await?;
        let provider = Arc::new(Provider {
            issuer: old.issuer.clone(),
            metadata: old.metadata.clone(),
            token_endpoint: old.token_endpoint.clone(),
            keys,
        });
        slot.known = Some((at_ms, Arc::clone(&provider)));
        Ok(Some(provider))
    }

    /// Forgets what was learned for a connection that is removed: documents are large, and connections come and go.
    pub fn forget(&self, connection: &str) {
        self.places().retain(|(id, _), _| id != connection);
    }

    fn places(&self) -> MutexGuard<'_, HashMap<Key, Arc<Place>>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn place(&self, connection: &Connection, now_ms: u64) -> Arc<Place> {
        let mut places = self.places();
        let key = (connection.id.clone(), connection.issuer.clone());
        // An edited connection leaves no place of its old issuer behind, and one that nobody uses none at all.
        places.retain(|known, place| match known.0 == key.0 {
            true => known.1 == key.1,
            false => is_within(place.used_at_ms.load(Ordering::Relaxed), KEPT_MS, now_ms),
        });
        let place = places.entry(key).or_default();
        place.used_at_ms.store(now_ms, Ordering::Relaxed);
        Arc::clone(place)
    }
}

/// Whether something of `at_ms` still counts. A moment before it is one of a clock that was set back, which says nothing of
/// how old it is; but for a little, because requests overtake each other.
fn is_within(at_ms: u64, span_ms: u64, now_ms: u64) -> bool {
    now_ms.saturating_sub(at_ms) < span_ms && at_ms.saturating_sub(now_ms) < OVERTAKEN_MS
}

/// The discovery document is checked before anything it names is asked.
async fn discover(issuer: &Issuer, http: &Http) -> Result<Provider, SsoError> {
    let metadata = fetch_metadata(issuer, http).await?;
    // OpenID Connect Discovery §4.3: exactly the issuer that was asked.
    if metadata.issuer().as_str() != issuer.as_str() {
        return Err(SsoError::OtherIssuer(shown(metadata.issuer().as_str())));
    }
    check_endpoint(issuer, metadata.authorization_endpoint().url(), "authorization endpoint")?;
    check_endpoint(issuer, metadata.jwks_uri().url(), "jwks_uri")?;
    let token_endpoint =
        metadata.token_endpoint().ok_or(SsoError::UnsafeEndpoint("token endpoint"))?.clone();
    check_endpoint(issuer, token_endpoint.url(), "token endpoint")?;
    let keys = fetch_keys(&metadata, http).await?;
    Ok(Provider { issuer: metadata.issuer().clone(), metadata, token_endpoint, keys })
}

async fn fetch_metadata(issuer: &Issuer, http: &Http) -> Result<Metadata, SsoError> {
    // OpenID Connect Discovery §4.1: a terminating slash is removed first.
    let url = format!("{}{DISCOVERY_SUFFIX}", issuer.as_str().trim_end_matches('/'));
    let request = http::Request::get(url)
        .header(http::header::ACCEPT, "application/json")
        .body(Vec::new())
        .map_err(|_| SsoError::Malformed("issuer address"))?;
    let answer = http.call(request).await?;
    if answer.status() != http::StatusCode::OK {
        return Err(SsoError::Status(answer.status().as_u16()));
    }
    serde_json::from_slice(answer.body()).map_err(|_| SsoError::Malformed("discovery document"))
}

async fn fetch_keys(metadata: &Metadata, http: &Http) -> Result<CoreJsonWebKeySet, SsoError> {
    let fetched: CoreJsonWebKeySet = JsonWebKeySet::fetch_async(metadata.jwks_uri(), http)
        .await
        .map_err(|error| match error {
            DiscoveryError::Request(error) => error,
            DiscoveryError::Response(status, ..) if !status.is_success() => {
                SsoError::Status(status.as_u16())
            }
            _ => SsoError::Malformed("key set"),
        })?;
    Ok(JsonWebKeySet::new(fetched.keys().iter().filter(|key| is_strong(key)).cloned().collect()))
}

/// A key for one of the accepted algorithms. RFC 7518 §3.3: RS256 needs 2048 bits or more, shorter keys can be
/// factored; §3.4: ES256 has the curve P-256.
fn is_strong(key: &CoreJsonWebKey) -> bool {
    // openidconnect shows a key's numbers as JSON only.
    let Ok(jwk) = serde_json::to_value(key) else { return false };
    let text = |name: &str| jwk.get(name).and_then(serde_json::Value::as_str);
    match text("kty") {
        Some("RSA") => text("n")
            .and_then(|modulus| URL_SAFE_NO_PAD.decode(modulus).ok())
            .is_some_and(|bytes| bytes.iter().skip_while(|byte| **byte == 0).count() >= 256),
        Some("EC") => text("crv") == Some("P-256"),
        _ => false,
    }
}

/// https, or plain http on this machine for a provider of this machine.
fn check_endpoint(issuer: &Issuer, url: &Url, name: &'static str) -> Result<(), SsoError> {
    let on_loopback = url.host().is_some_and(|host| is_loopback(&host));
    let safe = match url.scheme() {
        // A provider elsewhere must not make us talk to services of this machine.
        "https" => issuer.is_loopback() || !on_loopback,
        "http" => issuer.is_loopback() && on_loopback,
        _ => false,
    };
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if safe && plain { Ok(()) } else { Err(SsoError::UnsafeEndpoint(name)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SubjectClaim;
    use crate::oidc::ClientSecret;

    fn connection(id: &str) -> Connection {
        Connection {
            id: id.to_owned(),
            issuer: Issuer::parse("https://idp.example.com").expect("issuer"),
            client_id: "freehold".to_owned(),
            client_secret: ClientSecret::new("secret".to_owned()),
            tenant: None,
            subject_claim: SubjectClaim::Sub,
        }
    }

    #[test]
    fn what_was_learned_for_a_connection_goes_with_it_or_when_nobody_uses_it() {
        let providers = Providers::new(Reach::public()).expect("a client");
        let known = || {
            let mut ids: Vec<String> =
                providers.places().keys().map(|(id, _)| id.clone()).collect();
            ids.sort();
            ids.concat()
        };
        for id in ["a", "b", "c"] {
            providers.place(&connection(id), KEPT_MS);
        }
        providers.forget("b");
        assert_eq!(known(), "ac");
        providers.place(&connection("c"), 2 * KEPT_MS - 1);
        assert_eq!(known(), "ac");
        providers.place(&connection("d"), 2 * KEPT_MS);
        assert_eq!(known(), "cd");
    }

    #[test]
    fn endpoints_are_https_or_stay_on_the_machine_of_the_issuer() {
        let remote = Issuer::parse("https://idp.example.com").expect("issuer");
        let local = Issuer::parse("http://127.0.0.1:8180").expect("issuer");
        let check = |issuer: &Issuer, url: &str| {
            check_endpoint(issuer, &Url::parse(url).expect(url), "token endpoint").is_ok()
        };
        assert!(check(&remote, "https://oauth2.example.net/token"));
        assert!(check(&local, "http://127.0.0.1:8180/token"));
        for url in [
            "http://idp.example.com/token",
            "http://127.0.0.1/token",
            "https://127.0.0.1/token",
            "https://localhost/token",
            "https://user@idp.example.com/token",
            "https://idp.example.com/token#fragment",
            "javascript:alert(1)",
            "file:///etc/passwd",
        ] {
            assert!(!check(&remote, url), "{url}");
        }
        for url in ["http://idp.example.com/token", "http://10.0.0.1/token", "data:,x"] {
            assert!(!check(&local, url), "{url}");
        }
    }
}
