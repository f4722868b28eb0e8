//! The first reader: from the posted form field to a small, plain XML document.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, ParsingOptions};

use super::refusal::Refusal;

/// Longest response, decoded. Entra's have about 10 KiB, with 150 groups about 20. The library reads it many times over,
/// whoever posted it: what is longer would cost more than 10 ms.
const MAX_BYTES: usize = 48 * 1024;
/// Longest tag: a parser's time for one may grow with the square of its length.
const MAX_TAG_BYTES: usize = 2 * 1024;
/// Most attributes and namespaces of one tag.
const MAX_TAG_ATTRIBUTES: usize = 40;
/// SAML needs 8 for the deepest element of a signature.
const MAX_DEPTH: usize = 16;
/// Most elements and texts: 150 groups are 300.
const MAX_NODES: u32 = 800;
/// Most references (`&amp;`): each is a text of its own to some reader.
const MAX_REFERENCES: usize = 200;

const CUT_SHORT: Refusal = Refusal::Malformed;

/// The XML text of the form field `SAMLResponse` (SAML Bindings §3.5.4), bounded.
pub(super) fn decode(saml_response: &str) -> Result<String, Refusal> {
    // A third more for base64, and some for line ends: OpenSAML wraps its lines.
    if saml_response.len() > MAX_BYTES + MAX_BYTES / 2 {
        return Err(Refusal::TooLarge);
    }
    let unwrapped: String = saml_response.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    let bytes = STANDARD.decode(unwrapped).map_err(|_| Refusal::Encoding)?;
    if bytes.len() > MAX_BYTES {
        return Err(Refusal::TooLarge);
    }
    let text = String::from_utf8(bytes).map_err(|_| Refusal::Encoding)?;
    scan(&text)?;
    Ok(text)
}

/// Parses a text that [`decode`] let pass.
pub(super) fn parse(text: &str) -> Result<Document<'_>, Refusal> {
    let options =
        ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, entity_resolver: None };
    Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => Refusal::Limit("too many elements"),
        _ => Refusal::Malformed,
    })
}

/// Text as XML content or as the value of an attribute in double quotes.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Refuses by its bytes what no parser shall see: every kind of markup but elements, and tags and
/// nesting that cost more than they are worth.
fn scan(text: &str) -> Result<(), Refusal> {
    // XML 1.0 §2.2; and a NUL tells UTF-16 that is read as UTF-8.
    let control = |byte: u8| byte < b' ' && !b"\t\r\n".contains(&byte);
    if !text.starts_with('<') || text.bytes().any(control) {
        return Err(Refusal::Malformed);
    }
    if text.bytes().filter(|byte| *byte == b'&').count() > MAX_REFERENCES {
        return Err(Refusal::Limit("too many references"));
    }
    let mut rest = after_declaration(text)?;
    let mut depth = 0_usize;
    while let Some((_, from_tag)) = rest.split_once('<') {
        let tag = tag_of(from_tag)?;
        rest = from_tag.get(tag.len() + 1..).ok_or(CUT_SHORT)?;
        match (tag.starts_with('/'), tag.ends_with('/')) {
            (true, _) => depth = depth.checked_sub(1).ok_or(CUT_SHORT)?,
            (false, true) => {}
            (false, false) => depth += 1,
        }
        if depth > MAX_DEPTH {
            return Err(Refusal::Limit("elements nested deeper than SAML has"));
        }
    }
    if depth == 0 { Ok(()) } else { Err(CUT_SHORT) }
}

/// The tag between `<` and `>`, where a `>` in quotes ends nothing.
fn tag_of(from_tag: &str) -> Result<&str, Refusal> {
    match from_tag.as_bytes().first() {
        Some(b'!') => return Err(Refusal::Markup("a DOCTYPE, a comment or a CDATA section")),
        Some(b'?') => return Err(Refusal::Markup("a processing instruction")),
        _ => {}
    }
    let (mut quote, mut attributes) = (None, 0);
    for (at, byte) in from_tag.bytes().enumerate().take(MAX_TAG_BYTES) {
        match (quote, byte) {
            (None, b'>') => return from_tag.get(..at).ok_or(CUT_SHORT),
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'=') => attributes += 1,
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        if attributes > MAX_TAG_ATTRIBUTES {
            return Err(Refusal::Limit("an element with too many attributes"));
        }
    }
    if from_tag.len() < MAX_TAG_BYTES {
        Err(CUT_SHORT)
    } else {
        Err(Refusal::Limit("a tag of 2 KiB"))
    }
}

/// What follows the XML declaration, which may only say what is so anyway.
fn after_declaration(text: &str) -> Result<&str, Refusal> {
    let Some(from_declaration) = text.strip_prefix("<?xml ") else { return Ok(text) };
    let (declaration, rest) = from_declaration.split_once("?>").ok_or(CUT_SHORT)?;
    for part in declaration.split_ascii_whitespace() {
        let part = part.to_ascii_lowercase().replace('\'', "\"");
        let known =
            ["version=\"1.0\"", "encoding=\"utf-8\"", "standalone=\"yes\"", "standalone=\"no\""];
        if !known.contains(&part.as_str()) {
            return Err(Refusal::Markup("an XML declaration of another version or encoding"));
        }
    }
    Ok(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Option<Refusal> {
        decode(&STANDARD.encode(text)).and_then(|text| parse(&text).map(|_| ())).err()
    }

    #[test]
    fn plain_elements_pass() {
        for text in [
            "<a/>",
            "<a></a>",
            "<a>\n  <b c=\"d\" e='f>g'/>\n</a>\n",
            "<?xml version=\"1.0\"?><a/>",
            "<?xml version='1.0' encoding='utf-8' standalone='no'?>\n<a/>",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a>&lt;&#xe4;</a>",
        ] {
            assert_eq!(refused(text), None, "{text}");
        }
        let wrapped = STANDARD.encode("<a>long enough</a>");
        let (head, tail) = wrapped.split_at(8);
        assert!(decode(&format!("{head}\r\n{tail}\n")).is_ok(), "wrapped lines are unwrapped");
    }

    #[test]
    fn markup_that_saml_does_not_need_is_refused_before_any_parser_sees_it() {
        for text in [
            "<!DOCTYPE a><a/>",
            "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
            "<a><!-- b --></a>",
            "<a><![CDATA[b]]></a>",
            "<a><?b c?></a>",
            "<?b c?><a/>",
            "<?xml version=\"1.1\"?><a/>",
            "<?xml version=\"1.0\" encoding=\"UTF-7\"?><a/>",
            "<?xml version=\"1.0\"?><?xml version=\"1.0\"?><a/>",
        ] {
            assert!(matches!(refused(text), Some(Refusal::Markup(_))), "{text}");
        }
    }

    #[test]
    fn what_is_not_xml_is_refused() {
        for text in [
            "",
            " ",
            "a",
            " <a/>",
            "\u{feff}<a/>",
            "<",
            "<a",
            "<a>",
            "<a/><b/>",
            "<a/>b",
            "</a>",
            "<a b=\"></a>",
            "<a></b>",
            "<a>&b;</a>",
            "<a b='' b=''/>",
            "<b:a/>",
            "<a>&#0;</a>",
        ] {
            assert_eq!(refused(text), Some(Refusal::Malformed), "{text}");
        }
    }

    #[test]
    fn what_costs_too_much_is_refused() {
        let attributes: String = (0..41).map(|n| format!(" a{n}=\"\"")).collect();
        let deep = "<a>".repeat(17) + &"</a>".repeat(17);
        let many = format!("<a>{}</a>", "<b/>".repeat(1000));
        for text in [
            format!("<a{attributes}/>"),
            format!("<a b=\"{}\"/>", "c".repeat(2048)),
            format!("<a{}/>", " ".repeat(2048)),
            deep,
            many,
        ] {
            assert!(matches!(refused(&text), Some(Refusal::Limit(_))));
        }
        let long = format!("<a>{}</a>", "b".repeat(MAX_BYTES));
        assert_eq!(refused(&long), Some(Refusal::TooLarge));
        assert_eq!(decode(&"A".repeat(1 << 20)).err(), Some(Refusal::TooLarge));
    }

    #[test]
    fn what_is_not_base64_of_utf_8_is_refused() {
        for text in ["PGEvPg", "PGEvPg=", "PGEv Pg==", "PGEvPg==PGEvPg==", "-_-_", "/////w=="] {
            assert_eq!(decode(text).err(), Some(Refusal::Encoding), "{text}");
        }
    }
}
