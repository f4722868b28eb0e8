//! What reverse proxies say of the client: `X-Forwarded-For` and `Forwarded` (RFC 7239).
//!
//! Only addresses are taken from them. Scheme and host, which they may carry too, are configured:
//! `X-Forwarded-Proto`, `X-Forwarded-Host` and `Host` decide nothing here.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName, X_FORWARDED_FOR};

use crate::config::Networks;

/// Addresses from the client's end to ours; `None` for one that is hidden or cannot be read.
type Hops = Vec<Option<IpAddr>>;

/// The client's address: the peer, or what a proxy of ours says of its own peer.
///
/// A proxy that writes one of the headers may pass the other one on as a client wrote it. So both
/// must lead to the same address; else neither counts.
pub(super) fn client(peer: IpAddr, headers: &HeaderMap, proxies: &Networks) -> IpAddr {
    let peer = peer.to_canonical();
    let said = |name, parse: fn(&str) -> Hops| {
        text(headers, name).map(|text| behind_proxies(peer, &parse(&text), proxies))
    };
    match (said(X_FORWARDED_FOR, x_forwarded_for), said(FORWARDED, forwarded)) {
        (Some(one), Some(other)) if one != other => peer,
        (Some(address), _) | (None, Some(address)) => address,
        (None, None) => peer,
    }
}

/// All values of a header as one list (RFC 9110 §5.3).
fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values: Vec<_> =
        headers.get_all(name).map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// Walks from the peer outwards as long as the address is a proxy of ours; what stands further
/// left was written by the client and may be anything.
fn behind_proxies(peer: IpAddr, hops: &[Option<IpAddr>], proxies: &Networks) -> IpAddr {
    let mut address = peer;
    for hop in hops.iter().rev() {
        let Some(next) = hop.filter(|_| proxies.contains(address)) else { break };
        address = next;
    }
    address
}

fn x_forwarded_for(text: &str) -> Hops {
    text.split(',').map(node).collect()
}

/// A malformed header says nothing at all: a client's open quotation mark must not swallow what
/// the proxy wrote behind it.
fn forwarded(text: &str) -> Hops {
    elements(text).unwrap_or_default()
}

/// The `for` of each element (RFC 7239 §4).
fn elements(text: &str) -> Option<Hops> {
    let mut hops = Hops::new();
    let mut hop = None;
    let mut rest = text;
    loop {
        let (name, after) = rest.split_once('=')?;
        let (value, after) = value(after)?;
        let name = token(name.trim())?;
        if name.eq_ignore_ascii_case("for") && hop.replace(node(value)).is_some() {
            return None;
        }
        let after = after.trim_start();
        let Some(separator) = after.chars().next() else {
            hops.push(hop.flatten());
            return Some(hops);
        };
        match separator {
            ';' => {}
            ',' => hops.push(hop.take().flatten()),
            _ => return None,
        }
        rest = after.strip_prefix(separator)?;
    }
}

fn token(text: &str) -> Option<&str> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (!text.is_empty() && text.bytes().all(fits)).then_some(text)
}

/// A value, and what stands behind it. No address needs an escape, so none is understood.
fn value(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        return quoted.split_once('"').filter(|(value, _)| !value.contains('\\'));
    }
    let end = text.find([',', ';', '"', ' ', '\t']).unwrap_or(text.len());
    Some(text.split_at(end))
}

/// An address, perhaps in brackets, perhaps with a port (RFC 7239 §6).
fn node(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().or_else(|_| text.parse().map(|it: SocketAddr| it.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

    use super::client;
    use crate::config::Networks;

    const PROXIES: &str = "10.0.0.0/8, 2001:db8::/32";

    /// Who the client is when the peer sends these headers.
    fn found(peer: &str, headers: &[(&'static str, &str)]) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        let peer: IpAddr = peer.parse().unwrap();
        client(peer, &map, &Networks::parse(PROXIES).unwrap()).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let said = [("x-forwarded-for", "6.6.6.6, 9.9.9.9")];
        assert_eq!(found("1.1.1.1", &said), "1.1.1.1");
        assert_eq!(found("10.1.2.3", &said), "9.9.9.9");
        assert_eq!(found("10.1.2.3", &[]), "10.1.2.3");
        let said = [("forwarded", "for=6.6.6.6, for=9.9.9.9")];
        assert_eq!(found("1.1.1.1", &said), "1.1.1.1");
        assert_eq!(found("10.1.2.3", &said), "9.9.9.9");
    }

    #[test]
    fn of_several_proxies_the_outermost_one_says_who_it_is() {
        let lines = [("x-forwarded-for", "6.6.6.6, 9.9.9.9"), ("x-forwarded-for", "10.0.0.7")];
        assert_eq!(found("10.1.2.3", &lines), "9.9.9.9");
        let said = "for=6.6.6.6, For=9.9.9.9;proto=http;by=10.0.0.7,for=\"[2001:db8::7]:4711\"";
        assert_eq!(found("10.1.2.3", &[("forwarded", said)]), "9.9.9.9");
    }

    #[test]
    fn an_address_is_one_address_however_it_is_written() {
        for text in ["9.9.9.9", " 9.9.9.9:4711 ", "::ffff:9.9.9.9", "[::ffff:9.9.9.9]:4711"] {
            assert_eq!(found("::ffff:10.1.2.3", &[("x-forwarded-for", text)]), "9.9.9.9");
        }
        let brackets = [("forwarded", "for=\"[2a00::1]\"")];
        assert_eq!(found("2001:db8::1", &brackets), "2a00::1");
    }

    #[test]
    fn headers_that_disagree_count_for_nothing() {
        let both =
            |one, other| found("10.1.2.3", &[("x-forwarded-for", one), ("forwarded", other)]);
        assert_eq!(both("9.9.9.9", "for=9.9.9.9"), "9.9.9.9");
        assert_eq!(both("9.9.9.9", "for=6.6.6.6"), "10.1.2.3");
        assert_eq!(both("9.9.9.9", "for=unknown"), "10.1.2.3");
        assert_eq!(both("9.9.9.9", "nonsense"), "10.1.2.3");
    }

    #[test]
    fn what_cannot_be_read_leads_no_further() {
        for text in ["", "x", "9.9.9.9 6.6.6.6", "6.6.6.6, unknown", "9.9.9.9/32"] {
            assert_eq!(found("10.1.2.3", &[("x-forwarded-for", text)]), "10.1.2.3", "{text}");
        }
        for text in [
            "",
            "for",
            "for=",
            "by=9.9.9.9",
            "for=_hidden",
            "for=9.9.9.9;for=6.6.6.6",
            "for=9.9.9.9,",
            "for=9.9.9.9 for=6.6.6.6",
            // A client that tries to quote the proxy's own words away.
            "for=6.6.6.6;by=\", for=9.9.9.9",
            "for=6.6.6.6;by=\", for=9.9.9.9;by=\"_proxy\"",
            "for=6.6.6.6;by=\"\\\", for=9.9.9.9;by=\"_proxy",
        ] {
            assert_eq!(found("10.1.2.3", &[("forwarded", text)]), "10.1.2.3", "{text}");
        }
    }
}
