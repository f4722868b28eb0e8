//! Answers to somebody else, for somebody else, or from somebody else.

use super::{Document, List, assertion_signed, both, lie, response_signed, unsigned};
use crate::shapes::{ACS, ENTITY_ID, IDP, REQUEST, TENANT};
use crate::sign::swap;

pub(super) fn documents() -> Vec<Document> {
    let mut list = List::new("addressed");
    audiences(&mut list);
    destinations(&mut list);
    requests(&mut list);
    issuers(&mut list);
    tenants(&mut list);
    list.1
}

fn audiences(list: &mut List) {
    let audience = format!("<Audience>{ENTITY_ID}</Audience>");
    for other in [
        "https://else.example",
        "https://freehold.example/saml/metadata/",
        "https://FREEHOLD.example/saml/metadata",
        " https://freehold.example/saml/metadata",
        "",
    ] {
        let text = lie(&audience, &format!("<Audience>{other}</Audience>"));
        list.refused(&format!("the audience {other:?}"), "Audience", &text);
    }
    let restriction = format!("<AudienceRestriction>{audience}</AudienceRestriction>");
    list.refused("no restriction of the audience", "Audience", &lie(&restriction, ""));
    list.refused("no audience in the restriction", "Missing", &lie(&audience, ""));
    let second = "<AudienceRestriction><Audience>https://else.example</Audience>\
        </AudienceRestriction></Conditions>";
    list.refused(
        "two restrictions, one for somebody else",
        "Audience",
        &lie("</Conditions>", second),
    );
    let proxy = format!("<ProxyRestriction>{audience}</ProxyRestriction>");
    list.refused("ours as the audience of proxies only", "Audience", &lie(&restriction, &proxy));
}

fn destinations(list: &mut List) {
    let destination = format!("Destination=\"{ACS}\"");
    let recipient = format!("Recipient=\"{ACS}\"");
    for other in [
        "https://else.example/acs",
        "https://freehold.example/saml/acs/",
        "http://freehold.example/saml/acs",
        "https://freehold.example/saml/acs?x=y",
        "",
    ] {
        list.refused(
            &format!("the destination {other:?}"),
            "Destination",
            &lie(&destination, &format!("Destination=\"{other}\"")),
        );
        list.refused(
            &format!("the recipient {other:?}"),
            "Recipient",
            &lie(&recipient, &format!("Recipient=\"{other}\"")),
        );
    }
    let without = swap(&unsigned(), &format!(" {destination}"), "");
    list.refused("no destination, response signed", "Destination", &response_signed(&without));
    list.gate("no destination, assertion signed", "Destination", &assertion_signed(&without));
    list.refused("no recipient", "Recipient", &lie(&recipient, ""));
    let holder = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key";
    for method in [holder, "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches", ""] {
        list.refused(
            &format!("the confirmation {method:?}"),
            "Confirmation",
            &lie("urn:oasis:names:tc:SAML:2.0:cm:bearer", method),
        );
    }
}

fn requests(list: &mut List) {
    let on_response = format!("InResponseTo=\"{REQUEST}\" xmlns");
    let on_data = format!("InResponseTo=\"{REQUEST}\" NotOnOrAfter");
    let nowhere = both(&unsigned().replace(&format!("InResponseTo=\"{REQUEST}\" "), ""));
    list.refused("unsolicited", "Unsolicited", &nowhere);
    list.refused(
        "answers an empty request",
        "Unsolicited",
        &both(&unsigned().replace(REQUEST, "")),
    );
    list.refused(
        "answers another request",
        "OtherRequest",
        &both(&unsigned().replace(REQUEST, "_other")),
    );
    list.refused(
        "answers the request in other letters",
        "OtherRequest",
        &both(&unsigned().replace(REQUEST, &REQUEST.to_uppercase())),
    );
    list.refused(
        "only the response answers the request",
        "OtherRequest",
        &lie(&on_data, "InResponseTo=\"_other\" NotOnOrAfter"),
    );
    list.refused(
        "only the assertion answers the request",
        "OtherRequest",
        &lie(&on_response, "InResponseTo=\"_other\" xmlns"),
    );
    list.refused("the assertion answers nothing", "OtherRequest", &lie(&on_data, "NotOnOrAfter"));
    list.refused("the response answers nothing", "Unsolicited", &lie(&on_response, "xmlns"));
}

fn issuers(list: &mut List) {
    for (name, other) in [
        ("another issuer", "https://evil.example/"),
        ("the issuer without its slash", IDP.trim_end_matches('/')),
        (
            "the issuer in other letters",
            "https://STS.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/",
        ),
        (
            "a look-alike issuer",
            "https://sts.wind\u{43e}ws.net/72f988bf-86f1-41af-91ab-2d7cd011db47/",
        ),
        (
            "the issuer with white space",
            " https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/",
        ),
        ("no issuer", ""),
    ] {
        list.refused(name, "Issuer", &both(&unsigned().replace(IDP, other)));
    }
    let on_response = format!("assertion\">{IDP}</Issuer>");
    let on_assertion = format!("<Issuer>{IDP}</Issuer>");
    list.gate(
        "another issuer of the response",
        "Issuer",
        &lie(&on_response, "assertion\">https://evil.example/</Issuer>"),
    );
    list.refused(
        "another issuer of the assertion",
        "Issuer",
        &lie(&on_assertion, "<Issuer>https://evil.example/</Issuer>"),
    );
}

fn tenants(list: &mut List) {
    let tenant = format!("<AttributeValue>{TENANT}</AttributeValue>");
    let value = |text: &str| format!("<AttributeValue>{text}</AttributeValue>");
    for other in
        ["00000000-86f1-41af-91ab-2d7cd011db47", "", " 72f988bf-86f1-41af-91ab-2d7cd011db47"]
    {
        list.gate(&format!("the tenant {other:?}"), "Tenant", &lie(&tenant, &value(other)));
    }
    list.gate("two tenants", "Tenant", &lie(&tenant, &format!("{tenant}{}", value("other"))));
    list.gate("no tenant", "Tenant", &lie(&tenant, ""));
    list.gate(
        "the tenant under another name",
        "Tenant",
        &lie("claims/tenantid", "claims/TenantId"),
    );
}
