//! Parts of SAML that this service has no use for, and parts that are missing or come twice.

use super::{Document, List, both, lie, response_signed, unsigned};
use crate::shapes::REQUEST;
use crate::sign::{assertion_in, swap};

pub(super) fn documents() -> Vec<Document> {
    let mut list = List::new("shape");
    statuses(&mut list);
    encrypted(&mut list);
    unwanted(&mut list);
    missing(&mut list);
    repeated(&mut list);
    list.1
}

fn statuses(list: &mut List) {
    let success = "status:Success";
    for status in [
        "status:Responder",
        "status:Requester",
        "status:success",
        "status:Success ",
        "status:AuthnFailed",
    ] {
        list.refused(&format!("{status} with an assertion"), "Status", &lie(success, status));
    }
    let denied = swap(&unsigned(), &assertion_in(&unsigned()), "").replace(
        "status:Success\"/>",
        "status:Responder\"><samlp:StatusCode \
            Value=\"urn:oasis:names:tc:SAML:2.0:status:RequestDenied\"/></samlp:StatusCode>",
    );
    list.refused("a refusal of the provider", "Status", &denied);
    list.refused(
        "no status value",
        "Status",
        &lie(" Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"", ""),
    );
    let outer = "<samlp:StatusCode \
        Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"/><samlp:StatusCode";
    list.refused("two status codes", "Status", &lie("<samlp:StatusCode", outer));
}

fn encrypted(list: &mut List) {
    let hidden = "<EncryptedAssertion \
        xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"><xenc:EncryptedData \
        xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"/></EncryptedAssertion>";
    list.refused(
        "an encrypted assertion alone",
        "Encrypted",
        &response_signed(&swap(&unsigned(), &assertion_in(&unsigned()), hidden)),
    );
    list.gate(
        "an encrypted assertion beside",
        "Encrypted",
        &lie("</samlp:Response>", &format!("{hidden}</samlp:Response>")),
    );
    let name_id = "<EncryptedID><xenc:EncryptedData \
        xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"/></EncryptedID>";
    list.gate(
        "an encrypted NameID beside",
        "Encrypted",
        &lie("</NameID>", &format!("</NameID>{name_id}")),
    );
    list.gate(
        "an encrypted attribute",
        "Encrypted",
        &lie("<AttributeStatement>", "<AttributeStatement><EncryptedAttribute/>"),
    );
}

fn unwanted(list: &mut List) {
    for (name, from, to) in [
        (
            "Extensions",
            "<samlp:Status>",
            "<samlp:Extensions><samlp:x/></samlp:Extensions><samlp:Status>",
        ),
        (
            "StatusDetail",
            "</samlp:Status>",
            "<samlp:StatusDetail></samlp:StatusDetail></samlp:Status>",
        ),
        ("Advice", "<AttributeStatement>", "<Advice></Advice><AttributeStatement>"),
        ("BaseID", "<NameID", "<BaseID NameQualifier=\"x\"></BaseID><NameID"),
        (
            "an authorization decision",
            "<AttributeStatement>",
            "<AuthzDecisionStatement></AuthzDecisionStatement><AttributeStatement>",
        ),
        (
            "a NameID in the confirmation",
            "<SubjectConfirmationData",
            "<NameID>victim</NameID><SubjectConfirmationData",
        ),
        (
            "a NameID in an attribute",
            "<AttributeValue>Mallory",
            "<AttributeValue><NameID>victim</NameID>",
        ),
        ("an element in the NameID", "mallory@", "mallory<Issuer></Issuer>@"),
        ("an element in the audience", "</Audience>", "<Issuer></Issuer></Audience>"),
        (
            "a declaration of the context",
            "<AuthnContext>",
            "<AuthnContext><AuthnContextDecl></AuthnContextDecl>",
        ),
    ] {
        list.gate(name, "Element", &lie(from, to));
    }
    list.refused(
        "a condition of no standard",
        "Element",
        &lie("</Conditions>", "<Condition></Condition></Conditions>"),
    );
    list.gate(
        "an attribute that SAML has not",
        "Attribute",
        &lie("<samlp:Status>", "<samlp:Status Extra=\"x\">"),
    );
    list.gate(
        "an attribute on the subject",
        "Attribute",
        &lie("<Subject>", "<Subject Name=\"victim\">"),
    );
    list.refused(
        "version 1.1 of the response",
        "Attribute",
        &lie("Version=\"2.0\" IssueInstant", "Version=\"1.1\" IssueInstant"),
    );
    list.refused(
        "version 1.1 of the assertion",
        "Attribute",
        &lie("Version=\"2.0\" xmlns", "Version=\"1.1\" xmlns"),
    );
    list.gate(
        "a log line as an ID",
        "Attribute",
        &super::assertion_signed(&unsigned().replace("_response", "_r level=ERROR")),
    );
}

fn missing(list: &mut List) {
    let without = |from: &str, to: &str| {
        let text = unsigned();
        let start = text.find(from).expect("the start");
        let end = start + text[start..].find(to).expect("the end") + to.len();
        both(&format!("{}{}", &text[..start], &text[end..]))
    };
    list.refused("no status", "Missing", &without("<samlp:Status>", "</samlp:Status>"));
    list.refused(
        "no assertion",
        "Missing",
        &response_signed(&swap(&unsigned(), &assertion_in(&unsigned()), "")),
    );
    list.gate(
        "no issuer of the response",
        "Missing",
        &swap(
            &super::assertion_signed(&unsigned()),
            &format!(
                "<Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</Issuer>",
                crate::IDP
            ),
            "",
        ),
    );
    list.refused("no subject", "Missing", &without("<Subject>", "</Subject>"));
    list.refused("no NameID", "Missing", &without("<NameID", "</NameID>"));
    list.refused(
        "no confirmation",
        "Missing",
        &without("<SubjectConfirmation ", "</SubjectConfirmation>"),
    );
    list.refused("no confirmation data", "Missing", &without("<SubjectConfirmationData", "/>"));
    list.refused("no conditions", "Missing", &without("<Conditions", "</Conditions>"));
    list.gate(
        "no statement about the sign-in",
        "Missing",
        &without("<AuthnStatement", "</AuthnStatement>"),
    );
    list.gate(
        "no context of the sign-in",
        "Missing",
        &without("<AuthnContext>", "</AuthnContext>"),
    );
    list.refused(
        "no ID of the response",
        "Attribute",
        &swap(&super::assertion_signed(&unsigned()), "ID=\"_response\" ", ""),
    );
    list.refused(
        "no ID of the assertion",
        "Attribute",
        &swap(&response_signed(&unsigned()), "ID=\"_assertion\" ", ""),
    );
}

fn repeated(list: &mut List) {
    list.refused("two NameIDs", "Element", &lie("<NameID", "<NameID>victim</NameID><NameID"));
    list.refused(
        "two subjects",
        "Element",
        &lie("</Subject>", "</Subject><Subject><NameID>victim</NameID></Subject>"),
    );
    list.refused(
        "two issuers of the assertion",
        "Element",
        &lie("<Subject>", "<Issuer>https://evil.example</Issuer><Subject>"),
    );
    list.gate(
        "two statuses",
        "Element",
        &lie(
            "</samlp:Status>",
            "</samlp:Status><samlp:Status>\
        <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"/>\
        </samlp:Status>",
        ),
    );
    list.refused(
        "two conditions",
        "Element",
        &lie("</Conditions>", "</Conditions><Conditions></Conditions>"),
    );
    let second = format!(
        "<SubjectConfirmation \
            Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><SubjectConfirmationData \
            InResponseTo=\"{REQUEST}\" NotOnOrAfter=\"2027-01-15T09:00:00Z\" \
            Recipient=\"https://evil.example/acs\"></SubjectConfirmationData>\
                </SubjectConfirmation></Subject>"
    );
    list.gate("a second confirmation for somebody else", "Recipient", &lie("</Subject>", &second));
}
