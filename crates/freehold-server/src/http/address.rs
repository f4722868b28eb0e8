//! Whose request it is, as far as the network tells, and how often that address may ask.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};

use actix_web::{HttpRequest, http::header::USER_AGENT};
use freehold_directory::Timestamp;

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

/// A bucket for each address: `burst` requests at once, then `per_second`.
pub struct Throttle {
    burst: f64,
    per_second: f64,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

struct Bucket {
    left: f64,
    at: Timestamp,
}

/// Addresses to remember before full buckets are forgotten.
const REMEMBERED: usize = 50_000;

impl Throttle {
    /// A throttle with full buckets.
    #[must_use]
    pub fn new(burst: u32, per_second: f64) -> Self {
        Self { burst: f64::from(burst), per_second, buckets: Mutex::default() }
    }

    /// Takes one request from the address's bucket; false when it is empty.
    pub fn admits(&self, address: IpAddr, now: Timestamp) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= REMEMBERED {
            buckets.retain(|_, bucket| self.refilled(bucket, now) < self.burst);
        }
        if buckets.len() >= REMEMBERED {
            // Far more addresses at once than people: the throttle would only cost memory.
            return false;
        }
        let bucket =
            buckets.entry(network(address)).or_insert(Bucket { left: self.burst, at: now });
        bucket.left = self.refilled(bucket, now);
        bucket.at = now;
        if bucket.left < 1.0 {
            return false;
        }
        bucket.left -= 1.0;
        true
    }

    /// Puts a request back: it was one that does not count.
    pub fn give_back(&self, address: IpAddr) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(&network(address)) {
            bucket.left = (bucket.left + 1.0).min(self.burst);
        }
    }

    fn refilled(&self, bucket: &Bucket, now: Timestamp) -> f64 {
        let seconds = now.since(bucket.at).as_secs_f64();
        (bucket.left + seconds * self.per_second).min(self.burst)
    }
}

/// One customer of IPv6 has a whole /64.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use std::{net::IpAddr, time::Duration};

    use freehold_directory::Timestamp;

    use super::Throttle;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_that_asks_too_often_waits_and_others_do_not() {
        let throttle = Throttle::new(2, 1.0);
        let start = Timestamp::from_millis(1_000_000);
        let one = ip("192.0.2.1");
        assert!(throttle.admits(one, start) && throttle.admits(one, start));
        assert!(!throttle.admits(one, start));
        assert!(throttle.admits(ip("192.0.2.2"), start));
        assert!(throttle.admits(one, start.plus(Duration::from_secs(1))));
        assert!(!throttle.admits(one, start.plus(Duration::from_secs(1))));
    }

    #[test]
    fn what_is_given_back_can_be_taken_again_and_no_more() {
        let throttle = Throttle::new(1, 0.0);
        let (now, one) = (Timestamp::from_millis(0), ip("192.0.2.1"));
        for _ in 0..3 {
            assert!(throttle.admits(one, now));
            throttle.give_back(one);
            throttle.give_back(one);
        }
        assert!(throttle.admits(one, now) && !throttle.admits(one, now));
    }

    #[test]
    fn a_network_of_ipv6_is_one_customer() {
        let throttle = Throttle::new(1, 1.0);
        let now = Timestamp::from_millis(0);
        assert!(throttle.admits(ip("2001:db8::1"), now));
        assert!(!throttle.admits(ip("2001:db8::2"), now));
        assert!(throttle.admits(ip("2001:db8:0:1::1"), now));
    }
}
