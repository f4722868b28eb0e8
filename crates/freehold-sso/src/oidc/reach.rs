//! Which addresses are asked. An admin in a browser says where an identity provider is, and the server goes there: to
//! public addresses, and to those of a private network that the operator has named. What counts is the address that is
//! connected to, so a name that resolves to another one later leads nowhere else either.

use std::error::Error;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use openidconnect::reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// The addresses that may be asked beside public ones.
#[derive(Clone)]
pub struct Reach(Arc<dyn Fn(IpAddr) -> bool + Send + Sync>);

impl Reach {
    /// Public addresses alone.
    #[must_use]
    pub fn public() -> Self {
        Self::allowing(|_| false)
    }

    /// Public addresses, and those for which this holds.
    pub fn allowing(inside: impl Fn(IpAddr) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(inside))
    }

    /// Whether this address may be asked.
    #[must_use]
    pub fn covers(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || (self.0)(address)
    }

    /// Addresses in URLs are connected to without any look-up; names are looked up by [`Resolve`] below.
    pub(super) fn admits(&self, url: &Url) -> bool {
        match url.host() {
            Some(Host::Ipv4(address)) => self.covers(address.into()),
            Some(Host::Ipv6(address)) => self.covers(address.into()),
            Some(Host::Domain(_)) => true,
            None => false,
        }
    }
}

impl fmt::Debug for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reach(..)")
    }
}

/// A name has no address that may be asked.
#[derive(Debug, thiserror::Error)]
#[error("no address of this name may be asked")]
pub(super) struct OutOfReach;

impl OutOfReach {
    /// Whether this is why a request failed.
    pub(super) fn caused(error: &(dyn Error + 'static)) -> bool {
        let mut cause = Some(error);
        while let Some(error) = cause {
            if error.is::<Self>() {
                return true;
            }
            cause = error.source();
        }
        false
    }
}

impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.clone();
        Box::pin(async move {
            // The port is put in by the caller.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let within: Vec<SocketAddr> =
                found.filter(|address| reach.covers(address.ip())).collect();
            if within.is_empty() {
                return Err(Box::from(OutOfReach));
            }
            Ok::<Addrs, _>(Box::new(within.into_iter()))
        })
    }
}

/// Whether the address is one of the internet's, and nobody's own network (IANA's special-purpose registries).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        [0 | 10 | 127 | 224..=255, ..] => true,
        [100, second, ..] => second & 0xc0 == 64, // RFC 6598: carriers
        [169, 254, ..] | [192, 168, ..] => true,
        [172, second, ..] => second & 0xf0 == 16,
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] => true,
        [198, 51, 100, _] | [203, 0, 113, _] => true,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, high, low] = address.segments();
    match (a, b) {
        // RFC 6052: the network's gateway turns it into this IPv4 address.
        (0x64, 0xff9b) if [c, d, e, f] == [0; 4] => is_public_v4(v4_of(high, low)),
        // RFC 3056: a tunnel to this IPv4 address; RFC 2928: protocols, tunnels among them; documentation.
        (0x2002, _) | (0x2001, 0..=0x1ff) | (0x2001, 0xdb8) | (0x3fff, 0..=0xfff) => false,
        _ => a & 0xe000 == 0x2000,
    }
}

fn v4_of(high: u16, low: u16) -> Ipv4Addr {
    let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
    Ipv4Addr::new(a, b, c, d)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_anybodys_own_network_are_not_public() {
        let reach = Reach::public();
        for public in ["1.1.1.1", "100.128.0.1", "172.32.0.1", "192.0.1.1", "2606:4700::1111"] {
            assert!(reach.covers(public.parse().expect(public)), "{public}");
        }
        for own in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.1.2.3",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.0.8",
            "192.88.99.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2002:a00:1::1",
            "2001::1",
            "2001:db8::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!reach.covers(own.parse().expect(own)), "{own}");
        }
        assert!(reach.covers("64:ff9b::101:101".parse().expect("address")));
    }

    #[test]
    fn what_the_operator_names_may_be_asked_and_its_neighbours_not() {
        let named: IpAddr = "10.1.2.3".parse().expect("address");
        let reach = Reach::allowing(move |address| address == named);
        assert!(reach.covers(named));
        assert!(reach.covers("::ffff:10.1.2.3".parse().expect("address")));
        assert!(!reach.covers("10.1.2.4".parse().expect("address")));
    }

    #[test]
    fn an_address_in_a_url_is_looked_at_however_it_is_written() {
        let reach = Reach::public();
        for url in [
            "https://127.0.0.1/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://[::1]/",
            "https://[::ffff:7f00:1]/",
            "https://169.254.169.254/latest",
        ] {
            assert!(!reach.admits(&Url::parse(url).expect(url)), "{url}");
        }
        assert!(reach.admits(&Url::parse("https://idp.example/").expect("url")));
    }
}
