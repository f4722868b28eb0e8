//! Signature wrapping: a signed assertion of the attacker is kept somewhere, and an unsigned one
//! that names the victim is put where a reader might look. XSW1 to XSW8 are those of Somorovsky et
//! al., "On Breaking SAML: Be Whoever You Want to Be" (USENIX Security 2012).

use super::{Document, List, assertion_signed, both, response_signed, unsigned};
use crate::shapes::{ASSERTION_ID, RESPONSE_ID};
use crate::sign::{assertion_in, element, signature_in, swap};
use crate::{ATTACKER, VICTIM};

pub(super) fn documents() -> Vec<Document> {
    let mut list = List::new("signature wrapping");
    responses(&mut list);
    assertions(&mut list);
    places(&mut list);
    duplicates(&mut list);
    moved(&mut list);
    list.1
}

/// The victim's assertion, with another ID, unsigned.
fn evil() -> String {
    assertion_in(&unsigned()).replace(ATTACKER, VICTIM).replace(ASSERTION_ID, "_evil")
}

/// The attacker's, signed.
fn signed() -> String {
    assertion_in(&assertion_signed(&unsigned()))
}

/// The response around other content in the place of its assertion.
fn around(content: &str) -> String {
    swap(&unsigned(), &assertion_in(&unsigned()), content)
}

fn object(content: &str) -> String {
    format!("<Object xmlns=\"http://www.w3.org/2000/09/xmldsig#\">{content}</Object></Signature>")
}

fn responses(list: &mut List) {
    let good = response_signed(&unsigned());
    let signature = signature_in(&good, RESPONSE_ID);
    let evil = unsigned().replace(ATTACKER, VICTIM).replace(RESPONSE_ID, "_evil_response");
    let original = unsigned();
    let nested = swap(&signature, "</Signature>", &object(&original));
    list.refused(
        "XSW1: the signed response in an Object",
        "Element",
        &swap(&evil, "<samlp:Status>", &format!("{nested}<samlp:Status>")),
    );
    let beside = format!("{original}{signature}<samlp:Status>");
    list.refused(
        "XSW2: the signed response before its signature",
        "Element",
        &swap(&evil, "<samlp:Status>", &beside),
    );
    let inside = swap(&evil, "</samlp:Response>", &format!("{good}</samlp:Response>"));
    list.refused("the signed response at the end of another", "Element", &inside);
    let renamed = swap(&evil, "<samlp:Status>", &format!("{signature}<samlp:Status>"));
    list.refused("the signature of the response in another", "Reference", &renamed);
    let same = swap(&good, ATTACKER, VICTIM);
    list.refused("the signed response with another person", "Signature", &same);
}

fn assertions(list: &mut List) {
    let (signed, evil) = (signed(), evil());
    let plain = assertion_in(&unsigned());
    let signature = signature_in(&assertion_signed(&unsigned()), ASSERTION_ID);
    let into = |text: &str, content: &str| swap(text, "<Subject>", &format!("{content}<Subject>"));
    list.refused(
        "XSW3: the victim's before the signed one",
        "Element",
        &around(&format!("{evil}{signed}")),
    );
    list.refused(
        "the victim's behind the signed one",
        "Element",
        &around(&format!("{signed}{evil}")),
    );
    let child = swap(&evil, "</Assertion>", &format!("{signed}</Assertion>"));
    list.refused("XSW4: the signed one in the victim's", "Element", &around(&child));
    let copied = into(&evil, &signature);
    list.refused(
        "XSW5: the signature in the victim's, the original behind",
        "Element",
        &around(&format!("{copied}{plain}")),
    );
    list.refused("the signature in the victim's alone", "Reference", &around(&copied));
    let holds = swap(&signature, "</Signature>", &format!("{plain}</Signature>"));
    list.refused("XSW6: the original in the signature", "Element", &around(&into(&evil, &holds)));
    let same_id = evil.replace("_evil", ASSERTION_ID);
    let extensions = format!("<samlp:Extensions>{same_id}</samlp:Extensions>{signed}");
    list.refused("XSW7: the victim's in Extensions", "Element", &around(&extensions));
    let in_object = swap(&signature, "</Signature>", &object(&plain));
    list.refused(
        "XSW8: the original in an Object of the signature",
        "Element",
        &around(&into(&evil, &in_object)),
    );
    let in_both = both(&unsigned());
    let response_signature = signature_in(&in_both, RESPONSE_ID);
    let dressed =
        swap(&around(&evil), "<samlp:Status>", &format!("{response_signature}<samlp:Status>"));
    list.refused("the response's signature kept, the assertion replaced", "Signature", &dressed);
}

/// The signed one hidden in every place that SAML would allow something in.
fn places(list: &mut List) {
    let (signed, evil) = (signed(), evil());
    let evil = &evil;
    for (name, from, to) in [
        (
            "StatusDetail",
            "</samlp:Status>",
            format!("<samlp:StatusDetail>{signed}</samlp:StatusDetail></samlp:Status>"),
        ),
        (
            "StatusMessage",
            "</samlp:Status>",
            format!("<samlp:StatusMessage>{signed}</samlp:StatusMessage></samlp:Status>"),
        ),
        (
            "StatusCode",
            "status:Success\"/>",
            format!("status:Success\">{signed}</samlp:StatusCode>"),
        ),
        ("the response's Issuer", "</Issuer>", format!("{signed}</Issuer>")),
    ] {
        let text = swap(&around(evil), from, &to);
        list.refused(&format!("the signed one in {name}"), "Element", &text);
    }
    for (name, from, to) in [
        ("NameID", "</NameID>", format!("{signed}</NameID>")),
        (
            "SubjectConfirmation",
            "</SubjectConfirmation>",
            format!("{signed}</SubjectConfirmation>"),
        ),
        (
            "SubjectConfirmationData",
            "\"/></SubjectConfirmation>",
            format!("\">{signed}</SubjectConfirmationData></SubjectConfirmation>"),
        ),
        ("Conditions", "</Conditions>", format!("{signed}</Conditions>")),
        ("Audience", "</Audience>", format!("{signed}</Audience>")),
        ("Advice", "</Conditions>", format!("</Conditions><Advice>{signed}</Advice>")),
        (
            "AuthnContextDecl",
            "<AuthnContext>",
            format!("<AuthnContext><AuthnContextDecl>{signed}</AuthnContextDecl>"),
        ),
        ("AttributeStatement", "<AttributeStatement>", format!("<AttributeStatement>{signed}")),
        ("AttributeValue", "<AttributeValue>", format!("<AttributeValue>{signed}")),
    ] {
        let text = around(&swap(evil, from, &to));
        list.refused(&format!("the signed one in {name}"), "Element", &text);
    }
    let foreign = format!("<x:Wrapper xmlns:x=\"urn:x\">{signed}</x:Wrapper>{evil}");
    list.refused("the signed one in an element of no standard", "Element", &around(&foreign));
    let reversed = format!("<x:Wrapper xmlns:x=\"urn:x\">{evil}</x:Wrapper>{signed}");
    list.gate("the victim's in an element of no standard", "Element", &around(&reversed));
    let own = format!(
        "<x:Assertion xmlns:x=\"urn:x\" ID=\"_x\">{}</x:Assertion>{signed}",
        element(&around(evil), "_evil")
    );
    list.refused("an element called Assertion of no standard", "Element", &around(&own));
}

fn duplicates(list: &mut List) {
    let (signed, evil) = (signed(), evil().replace("_evil", ASSERTION_ID));
    list.refused(
        "two assertions of one ID, the signed one first",
        "Element",
        &around(&format!("{signed}{evil}")),
    );
    list.refused(
        "two assertions of one ID, the signed one last",
        "Element",
        &around(&format!("{evil}{signed}")),
    );
    let same = unsigned().replace(ASSERTION_ID, RESPONSE_ID);
    list.refused(
        "response and assertion of one ID, response signed",
        "DuplicateId",
        &response_signed(&same),
    );
    let text = swap(&assertion_signed(&unsigned()), ATTACKER, VICTIM);
    for name in ["Id", "id", "xml:id", "AssertionID"] {
        let attribute = format!("<samlp:Status {name}=\"{ASSERTION_ID}\">");
        let renamed = swap(&text, "<samlp:Status>", &attribute);
        list.refused(&format!("another element with the ID as {name}"), "Attribute", &renamed);
        let harmless = format!("<samlp:Status {name}=\"_other\">");
        let signed = swap(&assertion_signed(&unsigned()), "<samlp:Status>", &harmless);
        list.gate(&format!("an id written {name}"), "Attribute", &signed);
    }
}

fn moved(list: &mut List) {
    let good = assertion_signed(&unsigned());
    let signature = signature_in(&good, ASSERTION_ID);
    let without = swap(&good, &signature, "");
    let place = |from: &str, to: &str| swap(&without, from, &to.replace("SIGNATURE", &signature));
    list.gate(
        "the assertion's signature on the response",
        "Reference",
        &place("<samlp:Status>", "SIGNATURE<samlp:Status>"),
    );
    list.gate(
        "the signature last in the assertion",
        "Element",
        &place("</Assertion>", "SIGNATURE</Assertion>"),
    );
    list.gate(
        "the signature last in the response",
        "Element",
        &place("</samlp:Response>", "SIGNATURE</samlp:Response>"),
    );
    list.refused("the signature in the subject", "Element", &place("<NameID", "SIGNATURE<NameID"));
    list.gate(
        "the signature before the issuer",
        "Missing",
        &place("<Issuer>https", "SIGNATURE<Issuer>https"),
    );
    list.refused(
        "the signature twice",
        "Element",
        &place("<Subject>", "SIGNATURESIGNATURE<Subject>"),
    );
    list.gate(
        "the signature in a signature",
        "Element",
        &swap(&good, "<KeyInfo>", &format!("<KeyInfo>{signature}")),
    );
}
