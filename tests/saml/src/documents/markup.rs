//! XML that readers understand differently, or that costs more than it is worth.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Document, Expected, Library, List, assertion_signed, both, lie, unsigned};
use crate::shapes::ASSERTION_ID;
use crate::sign::{Signing, field, swap};
use crate::{ATTACKER, Key, OBJECT_ID, VICTIM};

pub(super) fn documents() -> Vec<Document> {
    let mut list = List::new("markup");
    comments(&mut list);
    declarations(&mut list);
    characters(&mut list);
    namespaces(&mut list);
    costs(&mut list);
    encodings(&mut list);
    list.1
}

/// The provider signs "victim.evil" for a person who registered it; a reader that stops at a
/// comment sees the victim (CVE-2017-11427 and its kin).
fn comments(list: &mut List) {
    let long = format!("{VICTIM}.evil");
    let good = assertion_signed(&unsigned().replace(ATTACKER, &long));
    for (name, inserted, library) in [
        ("a comment", "<!---->", Library::Accepts),
        ("a comment with a text", "<!-- evil -->", Library::Accepts),
        ("a processing instruction", "<?x y?>", Library::Refuses),
        ("an empty CDATA section", "<![CDATA[]]>", Library::Accepts),
    ] {
        let mut refused = |place, text: &str, library| {
            let (name, reason) = (format!("{name} {place}"), Expected::Refused("Markup"));
            list.push(&name, field(text), reason, library);
        };
        let text = swap(&good, &long, &format!("{VICTIM}{inserted}.evil"));
        refused("in the subject", &text, library);
        let text = swap(&good, "mallory@", &format!("mallory{inserted}@"));
        refused("in the NameID", &text, library);
        let text = swap(&good, "<samlp:Status>", &format!("{inserted}<samlp:Status>"));
        refused("between elements", &text, Library::Accepts);
    }
    let cdata = swap(&good, &long, &format!("<![CDATA[{long}]]>"));
    list.gate("a CDATA section as the subject", "Markup", &cdata);
    list.gate("a comment before the response", "Markup", &format!("<!-- -->{}", both(&unsigned())));
    list.gate("a comment behind the response", "Markup", &format!("{}<!-- -->", both(&unsigned())));
}

fn declarations(list: &mut List) {
    let good = both(&unsigned());
    let laughs: String = (1..9)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect();
    for (name, head) in [
        ("a DOCTYPE", "<!DOCTYPE Response>".to_owned()),
        ("an entity", "<!DOCTYPE R [<!ENTITY a \"b\">]>".to_owned()),
        (
            "an external entity",
            "<!DOCTYPE R [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>".to_owned(),
        ),
        (
            "an external entity over HTTP",
            "<!DOCTYPE R [<!ENTITY a SYSTEM \"http://127.0.0.1:9/\">]>".to_owned(),
        ),
        ("an external DTD", "<!DOCTYPE R SYSTEM \"http://127.0.0.1:9/dtd\">".to_owned()),
        (
            "a parameter entity",
            "<!DOCTYPE R [<!ENTITY % a SYSTEM \"http://127.0.0.1:9/\"> %a;]>".to_owned(),
        ),
        ("a default attribute", "<!DOCTYPE R [<!ATTLIST Assertion ID CDATA \"_x\">]>".to_owned()),
        ("a billion laughs", format!("<!DOCTYPE R [<!ENTITY l0 \"lol\">{laughs}]>")),
    ] {
        list.refused(name, "Markup", &format!("{head}{good}"));
    }
    list.refused(
        "a stylesheet",
        "Markup",
        &format!("<?xml-stylesheet href=\"http://127.0.0.1:9/\"?>{good}"),
    );
    list.gate("XML 1.1", "Markup", &format!("<?xml version=\"1.1\"?>{good}"));
    list.gate(
        "a declared encoding that is another",
        "Markup",
        &format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>{good}"),
    );
    list.refused(
        "an entity that is not declared",
        "Malformed",
        &swap(&good, "Mallory", "&victim;"),
    );
}

fn characters(list: &mut List) {
    list.gate(
        "a character reference in the NameID makes a line",
        "Subject",
        &lie(">mallory@", ">mallory&#10;@"),
    );
    list.refused(
        "a character reference to nothing",
        "Malformed",
        &swap(&both(&unsigned()), "Mallory", "&#0;"),
    );
    list.refused(
        "a character that XML has not",
        "Malformed",
        &swap(&both(&unsigned()), "Mallory", "&#xFFFF;"),
    );
    list.refused("a lone <", "Malformed", &swap(&both(&unsigned()), "Mallory", "a < b"));
    list.gate("text between elements", "Text", &lie("<samlp:Status>", "text<samlp:Status>"));
    list.gate("text in the conditions", "Text", &lie("</Conditions>", "text</Conditions>"));
    let carriage =
        lie(&format!("<AttributeValue>{ATTACKER}"), &format!("<AttributeValue>{ATTACKER}&#13;"));
    list.gate("a line end behind the subject", "Subject", &carriage);
    let normalized = lie(">Mallory<", ">Mal\r\nlory<");
    list.gate("a line end that XML turns into another", "Disagreement", &normalized);
}

fn namespaces(list: &mut List) {
    let protocol = "urn:oasis:names:tc:SAML:2.0:protocol";
    list.refused(
        "SAML 1.1",
        "NotResponse",
        &both(&unsigned().replace(protocol, "urn:oasis:names:tc:SAML:1.0:protocol")),
    );
    list.refused(
        "a response of no namespace",
        "NotResponse",
        &swap(&both(&unsigned()), protocol, "urn:x"),
    );
    list.refused(
        "another kind of response",
        "NotResponse",
        &both(&unsigned().replace("samlp:Response", "samlp:ArtifactResponse")),
    );
    list.refused(
        "a request",
        "NotResponse",
        &unsigned().replace("samlp:Response", "samlp:AuthnRequest"),
    );
    let assertion = "Version=\"2.0\" xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"><Issuer>";
    let foreign = "Version=\"2.0\" xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
        xmlns:x=\"urn:x\"><Issuer>";
    list.refused(
        "an element of no standard in the subject",
        "Element",
        &both(&swap(
            &swap(&unsigned(), assertion, foreign),
            "</NameID>",
            "</NameID><x:NameID>victim</x:NameID>",
        )),
    );
    list.refused(
        "a NameID of no standard before the real one",
        "Element",
        &both(&swap(
            &swap(&unsigned(), assertion, foreign),
            "<Subject>",
            "<x:Subject><NameID>victim</NameID></x:Subject><Subject>",
        )),
    );
    let attribute = format!(
        "<x:Attribute \
            Name=\"{OBJECT_ID}\"><x:AttributeValue>{VICTIM}</x:AttributeValue></x:Attribute>"
    );
    list.refused(
        "an attribute of no standard",
        "Element",
        &both(&swap(
            &swap(&unsigned(), assertion, foreign),
            "<AttributeStatement>",
            &format!("<AttributeStatement>{attribute}"),
        )),
    );
    list.refused(
        "an attribute's Name with a prefix",
        "Attribute",
        &both(&swap(
            &swap(&unsigned(), assertion, foreign),
            &format!("<Attribute Name=\"{OBJECT_ID}\""),
            &format!("<Attribute x:Name=\"urn:x\" Name=\"{OBJECT_ID}\""),
        )),
    );
    list.refused(
        "an undeclared prefix",
        "Malformed",
        &swap(&both(&unsigned()), "<Subject>", "<x:Subject>"),
    );
    let schema = "<Subject xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
        xsi:schemaLocation=\"urn:x http://127.0.0.1:9/\">";
    list.gate("a schema that is fetched", "Attribute", &lie("<Subject>", schema));
    list.refused(
        "two attributes of one name",
        "Malformed",
        &swap(
            &both(&unsigned()),
            "Version=\"2.0\" IssueInstant",
            "Version=\"2.0\" Version=\"2.0\" IssueInstant",
        ),
    );
    list.refused("two roots", "Malformed", &both(&unsigned()).repeat(2));
    let text = both(&unsigned());
    list.refused("cut short", "Malformed", &text[..text.len() - 30]);
    list.refused("text behind the response", "Malformed", &format!("{text}text"));
    list.refused("a byte order mark", "Malformed", &format!("\u{feff}{text}"));
}

fn costs(list: &mut List) {
    let text = assertion_signed(&unsigned());
    let into = |content: &str| swap(&text, "<samlp:Status>", &format!("{content}<samlp:Status>"));
    let attributes: String = (0..5000).map(|n| format!(" a{n}=\"\"")).collect();
    list.refused(
        "a tag of 5,000 attributes",
        "Limit",
        &swap(&text, "<samlp:Status>", &format!("<samlp:Status{attributes}>")),
    );
    let namespaces: String = (0..60).map(|n| format!(" xmlns:a{n}=\"b\"")).collect();
    list.gate(
        "a tag of 60 namespaces",
        "Limit",
        &into(&format!("<x:y xmlns:x=\"urn:x\"{namespaces}/>")),
    );
    list.refused(
        "30 namespaces on each level",
        "Limit",
        &into(&format!(
            "{}{}",
            (0..500)
                .map(|n| format!(
                    "<a{}>",
                    (0..30).map(|m| format!(" xmlns:n{n}x{m}=\"b\"")).collect::<String>()
                ))
                .collect::<String>()
                .chars()
                .take(30_000)
                .collect::<String>(),
            ""
        )),
    );
    list.refused("4,000 levels", "Limit", &into(&("<a>".repeat(4000) + &"</a>".repeat(4000))));
    list.gate("17 levels", "Limit", &into(&("<a>".repeat(17) + &"</a>".repeat(17))));
    list.gate("1,200 elements", "Limit", &into(&"<a/>".repeat(1200)));
    list.gate("300 references", "Limit", &lie(">Mallory<", &format!(">{}<", "&amp;".repeat(300))));
    list.gate("10,000 elements", "Limit", &into(&"<a/>".repeat(10_000)));
    list.gate(
        "a tag of 3 KiB",
        "Limit",
        &lie("<samlp:Status>", &format!("<samlp:Status{}>", " ".repeat(3000))),
    );
    list.gate(
        "a megabyte of text",
        "TooLarge",
        &lie(">Mallory<", &format!(">{}<", "x".repeat(1_000_000))),
    );
    list.gate(
        "50 KiB of white space",
        "TooLarge",
        &swap(&text, "<samlp:Status>", &format!("{}<samlp:Status>", " ".repeat(50_000))),
    );
}

fn encodings(list: &mut List) {
    let good = field(&both(&unsigned()));
    let mut raw = |name: &str, reason, field: String| {
        list.push(name, field, Expected::Refused(reason), Library::Refuses);
    };
    raw("nothing", "Malformed", String::new());
    raw("not base64", "Encoding", "<samlp:Response/>".to_owned());
    raw("base64url", "Encoding", good.replace('+', "-").replace('/', "_") + "-_");
    raw("base64 of base64", "Malformed", STANDARD.encode(&good));
    raw("base64 without its end", "Encoding", good[..good.len() - 1].to_owned());
    raw("two of them", "Encoding", format!("{good}={good}"));
    raw(
        "UTF-16",
        "Malformed",
        STANDARD.encode(
            both(&unsigned()).encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
        ),
    );
    raw(
        "bytes that are not UTF-8",
        "Encoding",
        STANDARD.encode([both(&unsigned()).as_bytes(), &[0xff]].concat()),
    );
    raw("HTML", "Malformed", field("<html><body><p>Sign in<br></body></html>"));
    raw(
        "compressed, as for HTTP-Redirect",
        "Encoding",
        STANDARD.encode([0x78, 0x9c, 0xb3, 0x49, 0xb4, 0xd3, 0xb7, 0x03, 0x00, 0xff]),
    );
    let signing = Signing {
        prefix: "ds:",
        key_info: None,
        transforms: crate::sign::transforms("ds:", ""),
        ..Signing::by(Key::Provider)
    };
    let text = signing.sign(&unsigned(), ASSERTION_ID);
    raw(
        "a prefix bound to another namespace",
        "Element",
        field(&swap(
            &text,
            "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"",
            "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig\"",
        )),
    );
}
