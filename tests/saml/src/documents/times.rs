//! Too old, too new, or no time at all.

use super::{Document, List, both, lie};
use crate::shapes::{NOW_MS, Says, Shape, instant};

const MINUTE_MS: u64 = 60_000;

pub(super) fn documents() -> Vec<Document> {
    let mut list = List::new("times");
    instants(&mut list);
    ends(&mut list);
    forms(&mut list);
    list.1
}

fn text() -> String {
    Says::default().render(Shape::Entra)
}

fn instants(list: &mut List) {
    let now = format!("IssueInstant=\"{}\"", instant(NOW_MS));
    let at = |ms| format!("IssueInstant=\"{}\"", instant(ms));
    let old = NOW_MS - 5 * MINUTE_MS - 1;
    let ahead = NOW_MS + 2 * MINUTE_MS + 1;
    list.gate("a response of five minutes ago", "IssueInstant", &lie(&now, &at(old)));
    list.gate("a response of the future", "IssueInstant", &lie(&now, &at(ahead)));
    list.gate("an old assertion", "IssueInstant", &both(&swap_last(&text(), &now, &at(old))));
    list.gate(
        "an assertion of the future",
        "IssueInstant",
        &both(&swap_last(&text(), &now, &at(ahead))),
    );
    list.accepted("just under five minutes old", &both(&text().replace(&now, &at(old + 1))));
    list.accepted("just under two minutes ahead", &both(&text().replace(&now, &at(ahead - 1))));
    list.refused("no time of the response", "Missing", &lie(&format!(" {now}"), ""));
}

fn ends(list: &mut List) {
    let end = instant(NOW_MS + 60 * MINUTE_MS);
    let at = |ms| format!("NotOnOrAfter=\"{}\"", instant(ms));
    let (confirmation, conditions) =
        (format!("NotOnOrAfter=\"{end}\" Recipient"), format!("NotOnOrAfter=\"{end}\">"));
    let past = NOW_MS - MINUTE_MS;
    list.refused(
        "an expired confirmation",
        "Expired",
        &lie(&confirmation, &format!("{} Recipient", at(past))),
    );
    list.accepted(
        "a confirmation that ends within the skew",
        &lie(&confirmation, &format!("{} Recipient", at(past + 1))),
    );
    list.refused("a confirmation without an end", "Missing", &lie(&confirmation, "Recipient"));
    list.gate(
        "a confirmation with a beginning",
        "Attribute",
        &lie(&confirmation, &format!("NotBefore=\"{end}\" {confirmation}")),
    );
    list.refused("expired conditions", "Expired", &lie(&conditions, &format!("{}>", at(past))));
    let begin = format!("NotBefore=\"{}\"", instant(NOW_MS - 5 * MINUTE_MS));
    let future = format!("NotBefore=\"{}\"", instant(NOW_MS + MINUTE_MS + 1));
    list.refused("conditions of the future", "NotYetValid", &lie(&begin, &future));
    let skew = format!("NotBefore=\"{}\"", instant(NOW_MS + MINUTE_MS));
    list.accepted("conditions that begin within the skew", &lie(&begin, &skew));
    let session = |ms| format!("<AuthnStatement SessionNotOnOrAfter=\"{}\"", instant(ms));
    list.refused("a session that has ended", "Expired", &lie("<AuthnStatement", &session(past)));
    list.accepted(
        "a session that ends later",
        &lie("<AuthnStatement", &session(NOW_MS + MINUTE_MS)),
    );
}

fn forms(list: &mut List) {
    let end = format!("NotOnOrAfter=\"{}\" Recipient", instant(NOW_MS + 60 * MINUTE_MS));
    for form in [
        "",
        "never",
        "2099-01-01",
        "2099-01-01T00:00:00",
        "2099-01-01T00:00:00+00:00",
        "9999999999",
        "2099-13-01T00:00:00Z",
    ] {
        let text = lie(&end, &format!("NotOnOrAfter=\"{form}\" Recipient"));
        match form {
            // The library reads an offset, which SAML Core 1.3.3 forbids.
            "2099-01-01T00:00:00+00:00" => list.gate(&format!("the end {form:?}"), "Time", &text),
            _ => list.refused(&format!("the end {form:?}"), "Time", &text),
        }
    }
    let begin = format!("NotBefore=\"{}\"", instant(NOW_MS - 5 * MINUTE_MS));
    list.refused("the beginning is no time", "Time", &lie(&begin, "NotBefore=\"always\""));
    list.refused(
        "the session's end is no time",
        "Time",
        &lie("<AuthnStatement", "<AuthnStatement SessionNotOnOrAfter=\"never\""),
    );
}

fn swap_last(text: &str, from: &str, to: &str) -> String {
    let at = text.rfind(from).expect("it is there");
    format!("{}{to}{}", &text[..at], &text[at + from.len()..])
}
