//! Exclusive XML canonicalization without comments, as far as these documents need it.

use std::collections::BTreeMap;

use roxmltree::Node;

/// The canonical form of an element, without the child element `without`; `prefixes` is the
/// PrefixList of `InclusiveNamespaces`.
pub(crate) fn canonical(
    node: Node<'_, '_>,
    without: Option<Node<'_, '_>>,
    prefixes: &[&str],
) -> String {
    let mut out = String::new();
    write(node, without, prefixes, &BTreeMap::new(), &mut out);
    out
}

fn write<'a>(
    node: Node<'a, 'a>,
    without: Option<Node<'_, '_>>,
    prefixes: &[&str],
    rendered: &BTreeMap<&'a str, &'a str>,
    out: &mut String,
) {
    if without == Some(node) {
        return;
    }
    if node.is_text() {
        out.push_str(&text(node.text().unwrap_or_default()));
        return;
    }
    let name = qualified_name(node);
    let mut used: Vec<&str> = vec![prefix_of(name)];
    let source = node.document().input_text();
    let attribute_name =
        |attribute: &roxmltree::Attribute<'a, 'a>| &source[attribute.range_qname()];
    used.extend(node.attributes().map(|a| prefix_of(attribute_name(&a))).filter(|p| !p.is_empty()));
    used.extend(prefixes);
    let mut rendered = rendered.clone();
    let mut namespaces = BTreeMap::new();
    for prefix in used.into_iter().filter(|prefix| *prefix != "xml") {
        let uri = node.lookup_namespace_uri((!prefix.is_empty()).then_some(prefix)).unwrap_or("");
        if rendered.get(prefix).copied().unwrap_or("") != uri {
            namespaces.insert(prefix, uri);
        }
    }
    out.push('<');
    out.push_str(name);
    for (prefix, uri) in namespaces {
        let key = if prefix.is_empty() { String::new() } else { format!(":{prefix}") };
        out.push_str(&format!(" xmlns{key}=\"{}\"", quoted(uri)));
        if let Some(known) = node.namespaces().find(|ns| ns.name().unwrap_or("") == prefix) {
            rendered.insert(known.name().unwrap_or(""), known.uri());
        }
    }
    let mut attributes: Vec<_> = node.attributes().collect();
    attributes.sort_by_key(|a| (a.namespace().unwrap_or(""), a.name()));
    for attribute in attributes {
        let value = quoted(attribute.value());
        out.push_str(&format!(" {}=\"{value}\"", attribute_name(&attribute)));
    }
    out.push('>');
    for child in node.children().filter(|child| child.is_element() || child.is_text()) {
        write(child, without, prefixes, &rendered, out);
    }
    out.push_str(&format!("</{name}>"));
}

fn qualified_name<'a>(node: Node<'a, 'a>) -> &'a str {
    let source = &node.document().input_text()[node.range().start + 1..];
    &source[..source.find([' ', '\t', '\n', '\r', '/', '>']).expect("a tag ends")]
}

fn prefix_of(name: &str) -> &str {
    name.split_once(':').map_or("", |(prefix, _)| prefix)
}

fn text(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('\r', "&#xD;")
}

fn quoted(value: &str) -> String {
    let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    value.replace('\t', "&#x9;").replace('\n', "&#xA;").replace('\r', "&#xD;")
}
