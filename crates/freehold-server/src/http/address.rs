//! Whose request it is, as far as the network tells.

use std::net::IpAddr;

use actix_web::{HttpRequest, http::header::USER_AGENT};

use super::forwarded;
use crate::config::Networks;

/// The address of the client: the peer, or what a trusted proxy says of its own peer.
#[must_use]
pub fn client(request: &HttpRequest, proxies: &Networks) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    Some(forwarded::client(peer, request.headers(), proxies))
}

/// What a program says of itself, for the lists of tokens and clients, and for the log.
#[derive(Clone)]
pub(super) struct Client {
    /// Its address.
    pub(super) address: String,
    /// Its name.
    pub(super) agent: String,
}

impl Client {
    /// The client of a request.
    pub(super) fn of(request: &HttpRequest, proxies: &Networks) -> Self {
        let agent = request.headers().get(USER_AGENT);
        Self {
            address: client(request, proxies).map(|it| it.to_string()).unwrap_or_default(),
            agent: agent.and_then(|agent| agent.to_str().ok()).unwrap_or_default().to_owned(),
        }
    }
}
