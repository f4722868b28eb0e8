//! Requests to identity providers: bounded in time, size and reach, never redirected.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use openidconnect::reqwest::redirect::Policy;
use openidconnect::reqwest::{Client, Request, Response};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};
use url::Url;

use super::error::SsoError;
use super::provider::Providers;
use super::reach::{OutOfReach, Reach};
use crate::issuer::is_loopback;

/// How much of a provider's slowness and talk is borne.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until the whole answer is here.
    pub total: Duration,
    /// The longest answer, in bytes. Entra's discovery document and keys have 2 and 15 KiB.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            total: Duration::from_secs(10),
            body_bytes: 1024 * 1024,
        }
    }
}

pub(super) struct Http {
    /// By the proxy of the environment, if there is one.
    remote: Client,
    /// A proxy cannot reach the loopback of this machine.
    loopback: Client,
    reach: Reach,
    body_bytes: usize,
}

impl Http {
    pub(super) fn new(limits: Limits, reach: Reach) -> Result<Self, SsoError> {
        let builder = || {
            Client::builder()
                // A redirected token request would hand code and client secret to another host.
                .redirect(Policy::none())
                .dns_resolver(Arc::new(reach.clone()))
                .connect_timeout(limits.connect)
                .timeout(limits.total)
        };
        Ok(Self {
            remote: builder().build().map_err(|_| SsoError::NoClient)?,
            loopback: builder().no_proxy().build().map_err(|_| SsoError::NoClient)?,
            reach,
            body_bytes: limits.body_bytes,
        })
    }

    async fn fetch(&self, request: HttpRequest) -> Result<HttpResponse, SsoError> {
        let request = Request::try_from(request).map_err(|_| SsoError::Malformed("address"))?;
        if !self.reach.admits(request.url()) {
            return Err(SsoError::OutOfReach);
        }
        let client = if targets_loopback(request.url()) { &self.loopback } else { &self.remote };
        let answer = client.execute(request).await.map_err(transport)?;
        if answer.status().is_redirection() {
            return Err(SsoError::Redirected);
        }
        let mut response = http::Response::builder().status(answer.status());
        if let Some(content_type) = answer.headers().get(http::header::CONTENT_TYPE) {
            response = response.header(http::header::CONTENT_TYPE, content_type);
        }
        let body = self.read(answer).await?;
        response.body(body).map_err(|_| SsoError::Malformed("answer"))
    }

    async fn read(&self, mut answer: Response) -> Result<Vec<u8>, SsoError> {
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(transport)? {
            if body.len() + chunk.len() > self.body_bytes {
                return Err(SsoError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

impl Providers {
    /// Fetches a document that a provider publishes, such as SAML metadata: by https, or from this
    /// very machine; within the limits and the reach, and never by a redirect.
    ///
    /// # Errors
    /// It cannot be had, or its address is of another kind.
    pub async fn fetch(&self, url: &Url) -> Result<Vec<u8>, SsoError> {
        let allowed = url.scheme() == "https" || url.scheme() == "http" && targets_loopback(url);
        if !allowed {
            return Err(SsoError::UnsafeAddress);
        }
        let request = http::Request::get(url.as_str())
            .body(Vec::new())
            .map_err(|_| SsoError::UnsafeAddress)?;
        let answer = self.http.fetch(request).await?;
        match answer.status() {
            http::StatusCode::OK => Ok(answer.into_body()),
            status => Err(SsoError::Status(status.as_u16())),
        }
    }
}

fn targets_loopback(url: &Url) -> bool {
    url.host().is_some_and(|host| is_loopback(&host))
}

/// Says what kind of failure it was; reqwest's own text has the address and more in it.
fn transport(error: openidconnect::reqwest::Error) -> SsoError {
    if OutOfReach::caused(&error) {
        SsoError::OutOfReach
    } else if error.is_timeout() {
        SsoError::Timeout
    } else {
        SsoError::Unreachable
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = SsoError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, SsoError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.fetch(request))
    }
}
