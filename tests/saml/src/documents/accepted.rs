//! What real providers send, and what must keep working.

use super::{Document, Expected, Library, List, assertion_signed, lie, response_signed, unsigned};
use crate::shapes::{ASSERTION_ID, AUDIENCE, NOW_MS, RESPONSE_ID, Says, Shape, instant};
use crate::sign::{Signing, both, field, swap};
use crate::{ATTACKER, ENTITY_ID, Key};

pub(super) fn documents() -> Vec<Document> {
    let mut list = List::new("accepted");
    shapes(&mut list);
    keys(&mut list);
    variations(&mut list);
    list.1
}

fn shapes(list: &mut List) {
    list.accepted("Entra, response and assertion signed", &both(&unsigned()));
    list.accepted("Entra, assertion signed", &assertion_signed(&unsigned()));
    list.accepted("Entra, response signed", &response_signed(&unsigned()));
    for (shape, inclusive, prefixes) in [
        (Shape::SimpleSamlPhp, "", &[][..]),
        (Shape::Samlp, "", &[]),
        (
            Shape::Okta,
            "<ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" \
             PrefixList=\"xs\"></ec:InclusiveNamespaces>",
            &["xs"],
        ),
    ] {
        let signing = Signing::prefixed(Key::Provider, inclusive, prefixes);
        let text = Says::default().render(shape);
        let assertion = signing.sign(&text, ASSERTION_ID);
        list.accepted(&format!("{shape:?}, assertion signed"), &assertion);
        list.accepted(&format!("{shape:?}, response signed"), &signing.sign(&text, RESPONSE_ID));
        list.accepted(&format!("{shape:?}, both signed"), &signing.sign(&assertion, RESPONSE_ID));
    }
}

fn keys(list: &mut List) {
    for sha in [384, 512] {
        let signing = Signing { sha, ..Signing::by(Key::Provider) };
        list.accepted(&format!("RSA with SHA-{sha}"), &signing.sign(&unsigned(), ASSERTION_ID));
    }
    let next = Signing::by(Key::Next).sign(&unsigned(), ASSERTION_ID);
    list.accepted("the second trusted certificate", &next);
    let mixed = Signing::by(Key::Provider).sign(&next, RESPONSE_ID);
    list.accepted("one signature of each trusted certificate", &mixed);
    let bare = Signing { key_info: None, ..Signing::by(Key::Provider) };
    list.accepted("no KeyInfo", &bare.sign(&unsigned(), ASSERTION_ID));
    let (modulus, exponent) = Key::Provider.numbers();
    let keycloak = format!(
        "<KeyName>k1</KeyName><X509Data><X509Certificate>{}</X509Certificate></X509Data><KeyValue>\
         <RSAKeyValue><Modulus>{modulus}</Modulus><Exponent>{exponent}</Exponent></RSAKeyValue>\
         </KeyValue>",
        Key::Provider.certificate_base64()
    );
    let keycloak = Signing { key_info: Some(keycloak), ..Signing::by(Key::Provider) };
    list.accepted("Keycloak's KeyInfo", &keycloak.sign(&unsigned(), ASSERTION_ID));
}

fn variations(list: &mut List) {
    let declared = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", both(&unsigned()));
    list.accepted("an XML declaration and line ends around", &declared);
    let pretty = swap(&assertion_signed(&unsigned()), "<samlp:Status>", "\n  <samlp:Status>\n    ");
    list.accepted("white space between elements", &pretty);
    list.accepted("the extra audience", &lie(ENTITY_ID, AUDIENCE));
    let two = format!("<Audience>https://else.example</Audience><Audience>{ENTITY_ID}</Audience>");
    list.accepted(
        "an audience beside ours",
        &lie(&format!("<Audience>{ENTITY_ID}</Audience>"), &two),
    );
    list.accepted("OneTimeUse", &lie("</Conditions>", "<OneTimeUse></OneTimeUse></Conditions>"));
    list.accepted(
        "a name of many letters",
        &lie(">Mallory<", ">M\u{e4}llory &amp; S\u{f6}hne &#x1F511;<"),
    );
    list.accepted("groups", &lie("<AttributeStatement>", &groups()));
    let adfs = "<Attribute Name=\"a\" a:OriginalIssuer=\"b\" xmlns:a=\"urn:x\"><AttributeValue>\
                c</AttributeValue></Attribute></AttributeStatement>";
    list.accepted("AD FS's original issuer", &lie("</AttributeStatement>", adfs));
    let begin = instant(NOW_MS - 300_000);
    let dates = format!(
        "<Conditions NotBefore=\"{begin}\" NotOnOrAfter=\"{}\">",
        instant(NOW_MS + 3_600_000)
    );
    list.accepted("conditions without dates", &lie(&dates, "<Conditions>"));
    let wrapped: String = field(&both(&unsigned()))
        .as_bytes()
        .chunks(76)
        .map(|line| format!("{}\r\n", std::str::from_utf8(line).expect("ASCII")))
        .collect();
    let person = Expected::Person(ATTACKER.to_owned());
    list.push("base64 in lines of 76", wrapped, person, Library::Accepts);
}

/// As many as Entra sends at most.
fn groups() -> String {
    let values: String =
        (0..150).map(|n| format!("<AttributeValue>{n:08}-0000</AttributeValue>")).collect();
    let name = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";
    format!("<AttributeStatement><Attribute Name=\"{name}\">{values}</Attribute>")
}
