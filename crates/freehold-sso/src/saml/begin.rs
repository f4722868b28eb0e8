//! The way to the identity provider.

use std::io::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use rand_core::CryptoRng;
use url::Url;

use super::connection::{Connection, ServiceProvider};
use super::instant;
use super::xml::escaped;

/// A begun sign-in: where to send the browser, and what the pending row keeps.
pub struct Begun {
    /// Where to send the browser, by 303.
    pub location: Url,
    /// 160 random bits in hex behind an underscore; [`super::verify`] wants it back.
    pub request_id: String,
    /// 256 random bits, base64url. The answer brings it back in the form field `RelayState`; store
    /// its hash to find the pending row by.
    pub relay_state: String,
}

/// Begins a sign-in at the provider of `connection`; `now_ms` counts from 1970.
///
/// The request asks for nothing: neither NameIDPolicy nor RequestedAuthnContext, which make
/// providers refuse people who signed in without a password.
pub fn begin(
    service: &ServiceProvider,
    connection: &Connection,
    now_ms: u64,
    rng: &mut (impl CryptoRng + ?Sized),
) -> Begun {
    let (mut id, mut relay) = ([0; 20], [0; 32]);
    rng.fill_bytes(&mut id);
    rng.fill_bytes(&mut relay);
    // xs:ID must not start with a digit, and Entra insists on it.
    let request_id = format!("_{}", hex::encode(id));
    let relay_state = URL_SAFE_NO_PAD.encode(relay);
    let request = render_request(service, connection, &request_id, now_ms);
    let mut location = connection.sso_url.clone();
    // SAML Bindings §3.4.4.1; a query that is there stays.
    location
        .query_pairs_mut()
        .append_pair("SAMLRequest", &STANDARD.encode(deflated(&request)))
        .append_pair("RelayState", &relay_state);
    Begun { location, request_id, relay_state }
}

/// SAML Core §3.4.1.
fn render_request(
    service: &ServiceProvider,
    connection: &Connection,
    request_id: &str,
    now_ms: u64,
) -> String {
    format!(
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{request_id}\" Version=\"2.0\" \
         IssueInstant=\"{}\" Destination=\"{}\" AssertionConsumerServiceURL=\"{}\" \
         ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\">\
         <saml:Issuer>{}</saml:Issuer></samlp:AuthnRequest>",
        instant::render(now_ms),
        escaped(connection.sso_url.as_str()),
        escaped(service.acs.as_str()),
        escaped(&service.entity_id),
    )
}

/// RFC 1951, without any header.
fn deflated(text: &str) -> Vec<u8> {
    let deflate = || -> io::Result<Vec<u8>> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes())?;
        encoder.finish()
    };
    deflate().expect("writing to a vector does not fail")
}
