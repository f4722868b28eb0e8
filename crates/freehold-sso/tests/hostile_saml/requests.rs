//! What is sent to the identity provider.

use std::convert::Infallible;
use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use freehold_saml::{ACS, ENTITY_ID, NOW_MS, SSO};
use freehold_sso::saml::{Begun, begin, parse_sso_url};
use rand_core::{TryCryptoRng, TryRng};

use crate::world::World;

/// Gives other bytes each time.
struct Counter(u8);

impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.0 += 1;
        Ok(self.0.into())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 += 1;
        Ok(self.0.into())
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        self.0 += 1;
        dst.fill(self.0);
        Ok(())
    }
}

impl TryCryptoRng for Counter {}

fn begun(world: &World) -> Begun {
    begin(&world.service, &world.connection, NOW_MS, &mut Counter(0x0f))
}

fn request(begun: &Begun) -> String {
    let (_, value) = begun.location.query_pairs().find(|(name, _)| name == "SAMLRequest").unwrap();
    let mut text = String::new();
    let deflated = STANDARD.decode(value.as_bytes()).unwrap();
    DeflateDecoder::new(&deflated[..]).read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_request_says_who_asks_and_asks_for_nothing_else() {
    let begun = begun(&World::new());
    let text = request(&begun);
    let document = roxmltree::Document::parse(&text).unwrap();
    let root = document.root_element();
    let attributes: Vec<_> = root.attributes().map(|a| (a.name(), a.value())).collect();
    assert_eq!(
        attributes,
        [
            ("ID", begun.request_id.as_str()),
            ("Version", "2.0"),
            ("IssueInstant", "2027-01-15T08:00:00Z"),
            ("Destination", SSO),
            ("AssertionConsumerServiceURL", ACS),
            ("ProtocolBinding", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"),
        ]
    );
    let children: Vec<_> =
        root.children().map(|node| (node.tag_name().name(), node.text())).collect();
    assert_eq!(children, [("Issuer", Some(ENTITY_ID))]);
}

#[test]
fn ids_are_random_and_fit_where_they_go() {
    let begun = begun(&World::new());
    assert_eq!(begun.request_id, format!("_{}", "10".repeat(20)));
    assert_eq!(begun.relay_state.len(), 43);
    assert!(begun.relay_state.len() <= 80, "SAML Bindings 3.4.3");
    let relay = begun.location.query_pairs().find(|(name, _)| name == "RelayState").unwrap().1;
    assert_eq!(relay, begun.relay_state);
}

#[test]
fn a_query_of_the_providers_address_stays() {
    let mut world = World::new();
    world.connection.sso_url = parse_sso_url("https://idp.example/sso?idpid=a&b=%22").unwrap();
    let begun = begun(&world);
    assert!(
        begun.location.as_str().starts_with("https://idp.example/sso?idpid=a&b=%22&SAMLRequest=")
    );
    assert!(request(&begun).contains("Destination=\"https://idp.example/sso?idpid=a&amp;b=%22\""));
}
