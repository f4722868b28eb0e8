//! Names that are empty, doubled, dressed up or made for a log.

use super::{Document, List, lie};
use crate::shapes::{ATTACKER, OBJECT_ID, VICTIM};

pub(super) fn documents() -> Vec<Document> {
    let mut list = List::new("persons");
    let value = format!("<AttributeValue>{ATTACKER}</AttributeValue>");
    let long = "x".repeat(256);
    for (name, other) in [
        ("an empty subject", ""),
        ("a subject with a space before it", " bbbbbbbb-0000-4000-8000-000000000002"),
        ("a subject with a space behind it", "bbbbbbbb-0000-4000-8000-000000000002 "),
        ("a subject with a wide space behind it", "bbbbbbbb-0000-4000-8000-000000000002\u{3000}"),
        ("a subject of two lines", "bbbbbbbb\nlevel=ERROR"),
        ("a subject with a tab", "bbbbbbbb\t"),
        ("a subject with an escape", "bbbbbbbb\u{85}[31m"),
        ("a subject of 256 characters", long.as_str()),
    ] {
        list.gate(
            name,
            "Subject",
            &lie(&value, &format!("<AttributeValue>{other}</AttributeValue>")),
        );
    }
    let two = format!("{value}<AttributeValue>{VICTIM}</AttributeValue>");
    list.gate("a subject of two values", "Subject", &lie(&value, &two));
    list.gate("a subject of no value", "Subject", &lie(&value, ""));
    list.gate("the same subject twice", "Subject", &lie(&value, &format!("{value}{value}")));
    let attribute = format!("<Attribute Name=\"{OBJECT_ID}\">");
    let doubled =
        format!("{attribute}<AttributeValue>{VICTIM}</AttributeValue></Attribute>{attribute}");
    list.gate("two attributes for the subject", "Subject", &lie(&attribute, &doubled));
    let statement = format!(
        "<AttributeStatement>{attribute}<AttributeValue>{VICTIM}</AttributeValue></Attribute>\
            </AttributeStatement><AttributeStatement>"
    );
    list.gate("two statements with a subject", "Subject", &lie("<AttributeStatement>", &statement));
    for (name, other) in [
        ("other letters", OBJECT_ID.to_uppercase()),
        ("a slash", format!("{OBJECT_ID}/")),
        ("white space", format!(" {OBJECT_ID}")),
        ("a look-alike", OBJECT_ID.replace('o', "\u{43e}")),
    ] {
        let text = lie(&attribute, &format!("<Attribute Name=\"{other}\">"));
        list.gate(&format!("the subject's attribute in {name}"), "Subject", &text);
    }
    list.gate("an attribute without a name", "Subject", &lie(&attribute, "<Attribute>"));
    for (name, other) in [
        ("an empty NameID", ""),
        ("a NameID with white space", " mallory@corp.example"),
        ("a NameID with a zero-width line", "mallory\u{2028}@corp.example\n"),
        ("a NameID of 256 characters", long.as_str()),
    ] {
        let text = lie(">mallory@corp.example</NameID>", &format!(">{other}</NameID>"));
        list.gate(name, "Subject", &text);
    }
    list.1
}
