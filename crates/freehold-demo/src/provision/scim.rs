//! A small SCIM client that says what it does, one line a request, and never its token.

use std::time::Duration;

use openidconnect::reqwest::{self, Method, Response};
use serde_json::Value;
use url::Url;

/// How long an answer may take; Okta waits a minute.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest answer that is read.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// A bearer token. It is sent and nothing else.
pub struct Token(String);

impl Token {
    /// Takes the text without white space at its ends.
    ///
    /// # Errors
    /// It is empty, or holds what cannot stand in a header.
    pub fn parse(text: &str) -> Result<Self, ProvisionError> {
        let text = text.trim();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ProvisionError::Token);
        }
        Ok(Self(text.to_owned()))
    }
}

/// The cycle could not be finished.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProvisionError {
    /// The token is no token.
    #[error("the token is empty or holds characters that no token has")]
    Token,
    /// The base URL cannot be used.
    #[error(
        "the SCIM URL must be an http:// or https:// address such as http://localhost:8080/scim/v2"
    )]
    Url,
    /// No connection, no answer, or a broken one.
    #[error("the server at {0} does not answer; is it running?")]
    Unreachable(String),
    /// 401 or 403.
    #[error("the server refused the token: it may be expired, revoked or of another server")]
    Unauthorized,
    /// Any other refusal.
    #[error("{what}: the server answered {status}: {detail}")]
    Refused {
        /// What was asked.
        what: String,
        /// The HTTP status.
        status: u16,
        /// The `detail` of the SCIM error.
        detail: String,
    },
    /// Not SCIM.
    #[error("this is no SCIM server: {0}")]
    NotScim(&'static str),
}

pub(super) struct Client<'s> {
    http: reqwest::Client,
    base: String,
    host: String,
    token: &'s Token,
    say: &'s mut dyn FnMut(&str),
}

impl<'s> Client<'s> {
    pub(super) fn new(
        base: &Url,
        token: &'s Token,
        say: &'s mut dyn FnMut(&str),
    ) -> Result<Self, ProvisionError> {
        if !matches!(base.scheme(), "http" | "https") || base.query().is_some() {
            return Err(ProvisionError::Url);
        }
        let mut builder = reqwest::Client::builder()
            // The token is for this server only.
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE);
        if base.scheme() == "http" {
            // This machine, which no proxy reaches.
            builder = builder.no_proxy();
        }
        Ok(Self {
            http: builder.build().map_err(|_| ProvisionError::Url)?,
            base: base.as_str().trim_end_matches('/').to_owned(),
            host: base.origin().ascii_serialization(),
            token,
            say,
        })
    }

    /// Sends one request and says it; `what` tells in words what it is for.
    pub(super) async fn send(
        &mut self,
        method: &'static str,
        path: &str,
        filter: Option<&str>,
        body: Option<&Value>,
        what: &str,
    ) -> Result<Value, ProvisionError> {
        let shown = match filter {
            Some(filter) => format!("{path}?filter={filter}"),
            None => path.to_owned(),
        };
        let answer = self.exchange(method, path, filter, body).await?;
        let status = answer.status().as_u16();
        let text = self.read(answer).await?;
        let value: Value = serde_json::from_slice(&text).unwrap_or_default();
        let outcome = outcome(status, &value);
        (self.say)(&format!("{method:<5} {shown}  {status} ({what}: {outcome})"));
        match status {
            200 | 201 => Ok(value),
            401 | 403 => Err(ProvisionError::Unauthorized),
            300..=399 => Err(ProvisionError::NotScim("it answers with a redirect")),
            _ => Err(ProvisionError::Refused {
                what: what.to_owned(),
                status,
                detail: detail(&value),
            }),
        }
    }

    async fn exchange(
        &self,
        method: &'static str,
        path: &str,
        filter: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Response, ProvisionError> {
        let mut url =
            Url::parse(&format!("{}/{path}", self.base)).map_err(|_| ProvisionError::Url)?;
        if let Some(filter) = filter {
            url.query_pairs_mut().append_pair("filter", filter);
        }
        let method = Method::from_bytes(method.as_bytes()).map_err(|_| ProvisionError::Url)?;
        let mut request = self
            .http
            .request(method, url)
            .bearer_auth(&self.token.0)
            .header("Accept", "application/scim+json");
        if let Some(body) = body {
            request = request
                .header("Content-Type", "application/scim+json; charset=utf-8")
                .body(body.to_string());
        }
        request.send().await.map_err(|_| self.unreachable())
    }

    async fn read(&self, mut answer: Response) -> Result<Vec<u8>, ProvisionError> {
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|_| self.unreachable())? {
            if body.len() + chunk.len() > MAX_ANSWER_BYTES {
                return Err(ProvisionError::NotScim("its answer has no end"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn unreachable(&self) -> ProvisionError {
        ProvisionError::Unreachable(self.host.clone())
    }
}

/// What an answer means, in a word or two.
fn outcome(status: u16, value: &Value) -> String {
    match (status, value.get("totalResults").and_then(Value::as_u64)) {
        (200, Some(0)) => "nobody".to_owned(),
        (200, Some(count)) => format!("{count} found"),
        (200 | 201, None) => "done".to_owned(),
        (401 | 403, _) => "token refused".to_owned(),
        _ => detail(value),
    }
}

/// The server's own words, on one line.
fn detail(value: &Value) -> String {
    let detail = value.get("detail").and_then(Value::as_str).unwrap_or("no reason given");
    detail.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}
