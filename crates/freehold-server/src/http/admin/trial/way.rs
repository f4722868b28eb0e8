//! The way to the public URL: bounded in time and size, and never led elsewhere.

use std::{
    error::Error,
    io,
    net::{SocketAddr, ToSocketAddrs},
    sync::Arc,
    time::Duration,
};

use freehold_directory::TokenSecret;
use reqwest::{
    Client, Method, Response,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE},
    redirect::Policy,
};
use rustls::CertificateError;

use super::{found::Found, probes::Probe};
use crate::config::Site;

/// Until the connection stands, TLS included.
const CONNECT: Duration = Duration::from_secs(3);
/// Until the whole answer is here.
const ANSWER: Duration = Duration::from_secs(4);
/// The longest answer. `/Schemas` has about 40 KiB; a list here has one user at most.
const LONGEST: usize = 512 * 1024;
/// The longest part of an answer that is shown.
const SHOWN: usize = 120;
/// How the requests call themselves, in the provisioning log too.
const AGENT: &str = "Freehold connection test";

/// An HTTP client for the public URL.
pub(super) struct Way {
    client: Client,
    base: String,
}

/// An answer.
pub(super) struct Heard {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) challenge: String,
    location: String,
    pub(super) body: Vec<u8>,
}

impl Heard {
    /// What to show of it beside the finding.
    pub(super) fn detail(&self, found: Found) -> Option<String> {
        let text = match found {
            Found::AsExpected => return None,
            Found::Redirected => &self.location,
            _ => &self.content_type,
        };
        let plain = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '?' };
        let shown: String = text.chars().take(SHOWN).map(plain).collect();
        Some(shown).filter(|shown| !shown.is_empty())
    }
}

impl Way {
    /// The way to this site; nothing if no client can be made.
    pub(super) fn new(site: &Site) -> Option<Self> {
        let builder = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .user_agent(AGENT)
            .dns_resolver(Arc::new(Names));
        // A proxy of the environment cannot reach the loopback of this machine.
        let builder = if site.is_https() { builder } else { builder.no_proxy() };
        Some(Self { client: builder.build().ok()?, base: site.scim_url() })
    }

    /// Sends one request and hears the answer to its end.
    pub(super) async fn ask(
        &self,
        probe: &Probe,
        target: &str,
        token: &TokenSecret,
        within: Duration,
    ) -> Result<Heard, Found> {
        tokio::time::timeout(within, self.exchange(probe, target, token))
            .await
            .unwrap_or(Err(Found::Timeout))
    }

    async fn exchange(
        &self,
        probe: &Probe,
        target: &str,
        token: &TokenSecret,
    ) -> Result<Heard, Found> {
        let method = Method::from_bytes(probe.method.as_bytes()).map_err(|_| Found::ServerError)?;
        let mut request = self
            .client
            .request(method, format!("{}{target}", self.base))
            .header(ACCEPT, "application/scim+json, application/json");
        if probe.shows_token {
            request = request.header(AUTHORIZATION, format!("Bearer {}", token.reveal()));
        }
        if let Some(body) = probe.body {
            request = request.header(CONTENT_TYPE, "application/scim+json").body(body);
        }
        let answer = request.send().await.map_err(|error| fault(&error))?;
        let header = |name| {
            let value = answer.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        Ok(Heard {
            status: answer.status().as_u16(),
            content_type: header(CONTENT_TYPE),
            challenge: header(WWW_AUTHENTICATE),
            location: header(LOCATION),
            body: read(answer).await?,
        })
    }
}

async fn read(mut answer: Response) -> Result<Vec<u8>, Found> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| fault(&error))? {
        if body.len() + chunk.len() > LONGEST {
            return Err(Found::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Resolves names as the rest of this machine does, and says so when it cannot.
struct Names;

/// A name does not resolve.
#[derive(Debug, thiserror::Error)]
#[error("the name does not resolve")]
struct NoName;

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        Box::pin(async move {
            let look_up = move || (host.as_str(), 0).to_socket_addrs().map(Vec::from_iter);
            let found: Vec<SocketAddr> = tokio::task::spawn_blocking(look_up)
                .await
                .ok()
                .and_then(Result::ok)
                .filter(|found| !found.is_empty())
                .ok_or(NoName)?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// What kind of failure it was.
fn fault(error: &reqwest::Error) -> Found {
    let known = cause(error);
    match known {
        Some(found) => found,
        None if error.is_timeout() => Found::Timeout,
        None if error.is_connect() => Found::Unreachable,
        None => Found::ConnectionBroken,
    }
}

/// The first cause that says what is wrong.
fn cause(error: &(dyn Error + 'static)) -> Option<Found> {
    if error.is::<NoName>() {
        return Some(Found::NameUnresolved);
    }
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(tls(error));
    }
    if let Some(error) = error.downcast_ref::<io::Error>() {
        // What an I/O error was made of is no source of it.
        let inner = error.get_ref().and_then(|inner| cause(inner));
        return inner.or_else(|| network(error.kind()));
    }
    error.source().and_then(cause)
}

fn network(kind: io::ErrorKind) -> Option<Found> {
    Some(match kind {
        io::ErrorKind::ConnectionRefused => Found::ConnectionRefused,
        io::ErrorKind::TimedOut => Found::Timeout,
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => Found::Unreachable,
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => Found::ConnectionBroken,
        _ => return None,
    })
}

fn tls(error: &rustls::Error) -> Found {
    let rustls::Error::InvalidCertificate(error) = error else { return Found::TlsFailed };
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            Found::CertificateExpired
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Found::CertificateNotYetValid
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Found::CertificateOtherName
        }
        _ => Found::CertificateUntrusted,
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use rustls::CertificateError;

    use super::{Found, NoName, cause};

    #[test]
    fn each_fault_of_a_certificate_has_its_own_remedy() {
        let found = |fault| {
            // As it arrives: an I/O error made of an I/O error made of it.
            let error = rustls::Error::InvalidCertificate(fault);
            cause(&io::Error::other(io::Error::other(error)))
        };
        for (fault, wanted) in [
            (CertificateError::NotValidForName, Found::CertificateOtherName),
            (CertificateError::Expired, Found::CertificateExpired),
            (CertificateError::NotValidYet, Found::CertificateNotYetValid),
            (CertificateError::UnknownIssuer, Found::CertificateUntrusted),
            (CertificateError::BadSignature, Found::CertificateUntrusted),
        ] {
            assert_eq!(found(fault), Some(wanted));
        }
    }

    #[test]
    fn a_cause_that_says_nothing_is_none() {
        assert_eq!(cause(&NoName), Some(Found::NameUnresolved));
        assert_eq!(cause(&io::Error::other(NoName)), Some(Found::NameUnresolved));
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(cause(&refused), Some(Found::ConnectionRefused));
        assert_eq!(cause(&io::Error::other("something")), None);
    }
}
