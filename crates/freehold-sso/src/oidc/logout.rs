//! Logout that the provider tells us without the browser (OpenID Connect Back-Channel Logout 1.0).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::JsonWebKey as _;
use openidconnect::core::{CoreJsonWebKey, CoreJsonWebKeyUse, CoreJwsSigningAlgorithm};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::claims::{MAX_AGE_S, SKEW_S};
use super::connection::Connection;
use super::error::SsoError;
use super::provider::{Provider, Providers};
use crate::naming::{is_same_tenant, showable, subject_problem};
use crate::{LoggedOut, SubjectClaim, VerifiedLogout};

/// Longest token read.
const MAX_TOKEN_BYTES: usize = 16 * 1024;
/// §2.4: what says that a token is a logout token.
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Why a logout token was refused; for the admin's log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LogoutRefusal {
    /// It is no token, or its claims are of other types.
    #[error("the logout token cannot be read")]
    Malformed,
    /// Its header says that it is another kind of token.
    #[error("the header says that this is another kind of token")]
    TokenKind,
    /// It is unsigned, or signed by another algorithm than RS256 and ES256.
    #[error(
        "the logout token is signed neither with RS256 nor with ES256, the algorithms accepted"
    )]
    Algorithm,
    /// No published key has its key id.
    #[error("the logout token names no key that the identity provider publishes")]
    UnknownKey,
    /// The signature is wrong.
    #[error("the logout token's signature is wrong")]
    Signature,
    /// The provider's keys cannot be had.
    #[error(transparent)]
    Provider(#[from] SsoError),
    /// `iss` differs.
    #[error("the logout token is from another issuer")]
    Issuer,
    /// `aud` is not exactly our client.
    #[error("the logout token is not for this client alone")]
    Audience,
    /// `tid` differs.
    #[error("the logout token is from another tenant")]
    Tenant,
    /// `iat` is missing, too old or ahead.
    #[error("the logout token was not issued just now (iat); are both clocks right?")]
    IssueTime,
    /// `exp` is missing or has passed.
    #[error("the logout token has expired or has no end (exp); are both clocks right?")]
    Expired,
    /// `events` does not say logout.
    #[error("the logout token tells of no logout (events)")]
    Event,
    /// It has a nonce, as an ID token has.
    #[error("the logout token has a nonce, which belongs to ID tokens")]
    Nonce,
    /// `jti` is missing or unusable.
    #[error("the logout token has no usable id (jti)")]
    Id,
    /// Neither a session nor a person is named.
    #[error("the logout token names neither a session (sid) nor the person of a connection")]
    Nobody,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
}

/// A logout token as posted. Nothing about it is verified.
pub struct LogoutToken {
    header: Header,
    claims: Map<String, Value>,
    signed: String,
    signature: Vec<u8>,
}

impl LogoutToken {
    /// Reads the form field `logout_token`.
    ///
    /// # Errors
    /// [`LogoutRefusal::Malformed`].
    pub fn parse(text: &str) -> Result<Self, LogoutRefusal> {
        if text.len() > MAX_TOKEN_BYTES {
            return Err(LogoutRefusal::Malformed);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(LogoutRefusal::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(LogoutRefusal::Malformed)?;
        Ok(Self {
            header: from_json(&decode(header)?)?,
            claims: from_json(&decode(claims)?)?,
            signed: signed.to_owned(),
            signature: decode(signature)?,
        })
    }

    /// The issuer that it claims, to find the connections whose keys may verify it.
    #[must_use]
    pub fn claimed_issuer(&self) -> Option<&str> {
        self.text("iss")
    }

    /// Whether it claims to be for this client, and for no other.
    #[must_use]
    pub fn is_for(&self, client_id: &str) -> bool {
        self.claimed_audience() == Some(client_id)
    }

    /// For which client alone it says it is, to find the connection; nothing is proved by it.
    #[must_use]
    pub fn claimed_audience(&self) -> Option<&str> {
        match self.claims.get("aud")? {
            Value::String(audience) => Some(audience),
            Value::Array(audiences) => match audiences.as_slice() {
                [Value::String(audience)] => Some(audience),
                _ => None,
            },
            _ => None,
        }
    }

    fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim).and_then(Value::as_str)
    }

    /// Seconds since 1970; providers may write fractions.
    fn seconds(&self, claim: &str) -> Option<i64> {
        let number = self.claims.get(claim)?;
        #[expect(clippy::cast_possible_truncation, reason = "a float is cut to the range")]
        number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds as i64))
    }
}

fn decode(part: &str) -> Result<Vec<u8>, LogoutRefusal> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| LogoutRefusal::Malformed)
}

fn from_json<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, LogoutRefusal> {
    serde_json::from_slice(bytes).map_err(|_| LogoutRefusal::Malformed)
}

impl Providers {
    /// Verifies a logout token with the keys of this connection's provider; `now_ms` counts from
    /// 1970.
    ///
    /// # Errors
    /// The reason, for the admin's log.
    pub async fn verify_logout(
        &self,
        connection: &Connection,
        token: &LogoutToken,
        now_ms: u64,
    ) -> Result<VerifiedLogout, LogoutRefusal> {
        // Cheap ones first: nobody is asked for keys because of a token that is not for us.
        check_header(&token.header)?;
        check_addressee(connection, token)?;
        let provider = self.provider(connection, now_ms).await?;
        match check_signature(&provider, token) {
            Err(LogoutRefusal::UnknownKey) => {
                // The provider may have changed its keys since we asked.
                let refetched = self.refetched(connection, now_ms).await?;
                let provider = refetched.ok_or(LogoutRefusal::UnknownKey)?;
                check_signature(&provider, token)?;
            }
            other => other?,
        }
        verified(connection, token, now_ms)
    }
}

fn check_header(header: &Header) -> Result<(), LogoutRefusal> {
    algorithm(header)?;
    // §2.4 recommends `logout+jwt` and lets it be left out.
    let typ = header.typ.as_deref().map(str::to_ascii_lowercase);
    let kind = typ.as_deref().map(|typ| typ.trim_start_matches("application/"));
    match kind {
        _ if header.crit.is_some() => Err(LogoutRefusal::TokenKind),
        None | Some("jwt" | "logout+jwt") => Ok(()),
        Some(_) => Err(LogoutRefusal::TokenKind),
    }
}

/// The same two as of ID tokens.
fn algorithm(header: &Header) -> Result<CoreJwsSigningAlgorithm, LogoutRefusal> {
    match header.alg.as_str() {
        "RS256" => Ok(CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256),
        "ES256" => Ok(CoreJwsSigningAlgorithm::EcdsaP256Sha256),
        _ => Err(LogoutRefusal::Algorithm),
    }
}

fn check_addressee(connection: &Connection, token: &LogoutToken) -> Result<(), LogoutRefusal> {
    if token.claimed_issuer() != Some(connection.issuer.as_str()) {
        return Err(LogoutRefusal::Issuer);
    }
    if !token.is_for(&connection.client_id) {
        return Err(LogoutRefusal::Audience);
    }
    match (connection.tenant.as_deref(), token.claims.get("tid")) {
        (Some(configured), Some(tid)) => match tid.as_str() {
            Some(tid) if is_same_tenant(configured, tid) => Ok(()),
            _ => Err(LogoutRefusal::Tenant),
        },
        _ => Ok(()),
    }
}

fn check_signature(provider: &Provider, token: &LogoutToken) -> Result<(), LogoutRefusal> {
    let key = key_of(provider, token).ok_or(LogoutRefusal::UnknownKey)?;
    let algorithm = algorithm(&token.header)?;
    key.verify_signature(&algorithm, token.signed.as_bytes(), &token.signature)
        .map_err(|_| LogoutRefusal::Signature)
}

/// The key for signatures that the token names; without a name, the only one there is.
fn key_of<'p>(provider: &'p Provider, token: &LogoutToken) -> Option<&'p CoreJsonWebKey> {
    let signs = |key: &&CoreJsonWebKey| {
        key.key_use().is_none_or(|of| matches!(of, CoreJsonWebKeyUse::Signature))
    };
    let keys = provider.keys.keys().iter().filter(signs);
    let mut fitting = keys.filter(|key| match &token.header.kid {
        Some(kid) => key.key_id().is_some_and(|id| id.as_str() == kid),
        None => true,
    });
    match (fitting.next(), fitting.next()) {
        (Some(key), None) => Some(key),
        _ => None,
    }
}

/// §2.6. Signature, issuer and audience are verified.
fn verified(
    connection: &Connection,
    token: &LogoutToken,
    now_ms: u64,
) -> Result<VerifiedLogout, LogoutRefusal> {
    let forget_at_ms = check_times(token, now_ms)?;
    let events = token.claims.get("events").and_then(Value::as_object);
    if !events.is_some_and(|events| events.get(LOGOUT).is_some_and(Value::is_object)) {
        return Err(LogoutRefusal::Event);
    }
    // An ID token of an earlier sign-in must not become a logout.
    if token.claims.contains_key("nonce") {
        return Err(LogoutRefusal::Nonce);
    }
    let id = token.text("jti").and_then(showable).ok_or(LogoutRefusal::Id)?;
    let of = logged_out(connection, token).ok_or(LogoutRefusal::Nobody)?;
    Ok(VerifiedLogout::new(connection.id.clone(), of, id, forget_at_ms))
}

/// When the token is refused by its dates, in milliseconds since 1970.
fn check_times(token: &LogoutToken, now_ms: u64) -> Result<u64, LogoutRefusal> {
    let now_s = i64::try_from(now_ms / 1000).map_err(|_| LogoutRefusal::IssueTime)?;
    let issued_s = token
        .seconds("iat")
        .filter(|issued_s| (now_s - MAX_AGE_S..=now_s + SKEW_S).contains(issued_s))
        .ok_or(LogoutRefusal::IssueTime)?;
    let expires_s = token
        .seconds("exp")
        .filter(|expires_s| *expires_s > now_s)
        .ok_or(LogoutRefusal::Expired)?;
    let refused_from_s = expires_s.min(issued_s + MAX_AGE_S + 1);
    Ok(u64::try_from(refused_from_s).unwrap_or(0).saturating_mul(1000))
}

/// A session, which is the narrower one, or a person.
fn logged_out(connection: &Connection, token: &LogoutToken) -> Option<LoggedOut> {
    if token.claims.contains_key("sid") {
        return token.text("sid").and_then(showable).map(LoggedOut::Session);
    }
    let claim = match connection.subject_claim {
        SubjectClaim::Sub => "sub",
        SubjectClaim::Oid => "oid",
    };
    let subject = token.text(claim).filter(|subject| subject_problem(subject).is_none());
    subject.map(|subject| LoggedOut::Person(subject.to_owned()))
}
