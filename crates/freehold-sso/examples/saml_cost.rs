//! What the answers cost that somebody may post: the dearest ones of the hostile set, and some that
//! are made to be dear, with the milliseconds that each took.
//!
//! `cargo run --release -p freehold-sso --features saml --example saml_cost`

#![allow(clippy::disallowed_methods, reason = "a stopwatch")]

use std::time::Instant;

use freehold_saml::documents::all;
use freehold_saml::{
    ACS, AUDIENCE, CONNECTION, ENTITY_ID, IDP, Key, NOW_MS, REQUEST, SSO, Says, Shape, Signing,
    TENANT, both, field, swap,
};
use freehold_sso::saml::{
    Certificate, Connection, Pending, ServiceProvider, SubjectSource, verify,
};
use url::Url;

fn main() {
    let service =
        ServiceProvider { entity_id: ENTITY_ID.to_owned(), acs: Url::parse(ACS).expect("a URL") };
    let trusted = |key: Key| Certificate::from_der(&key.certificate()).expect("RSA");
    let connection = Connection {
        id: CONNECTION.to_owned(),
        entity_id: IDP.to_owned(),
        sso_url: Url::parse(SSO).expect("a URL"),
        certificates: vec![trusted(Key::Provider), trusted(Key::Next)],
        audience: Some(AUDIENCE.to_owned()),
        tenant: Some(TENANT.to_owned()),
        subject: SubjectSource::entra_object_id(),
    };
    let before = peak_megabytes();
    let hostile = all().iter().map(|document| (document.name.clone(), document.field.clone()));
    let mut costs: Vec<(u128, String, &str)> = hostile
        .chain(dear())
        .map(|(name, field)| {
            let pending = Pending { connection: CONNECTION, request_id: REQUEST };
            let times = (0..5).map(|_| {
                let start = Instant::now();
                let accepted = verify(&service, &connection, &pending, &field, NOW_MS).is_ok();
                (start.elapsed().as_micros(), accepted)
            });
            let (least, accepted) = times.min().expect("five times");
            (least, name, if accepted { "accepted" } else { "refused" })
        })
        .collect();
    costs.sort();
    println!("{:7.2} MB  more memory than at the start, at most", peak_megabytes() - before);
    for (microseconds, name, end) in costs.iter().rev().take(12) {
        println!("{:7.2} ms  {end}  {name}", *microseconds as f64 / 1000.0);
    }
}

/// The most memory that this process has used so far (proc_pid_status(5)).
fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kilobytes.unwrap_or(f64::NAN) / 1000.0
}

/// Of the accepted shape, as large as it may be.
fn dear() -> Vec<(String, String)> {
    let entra = Says::default().render(Shape::Entra);
    let with = |attributes: String| {
        swap(&entra, "<AttributeStatement>", &format!("<AttributeStatement>{attributes}"))
    };
    let attribute = |value: &str| {
        format!("<Attribute Name=\"a\"><AttributeValue>{value}</AttributeValue></Attribute>")
    };
    let many = with(attribute("b").repeat(230));
    let values = "<AttributeValue></AttributeValue>".repeat(450);
    let wide = with(format!("<Attribute Name=\"a\">{values}</Attribute>"));
    let long = with(attribute(&"x".repeat(40_000)));
    let entities = with(attribute(&"&amp;".repeat(180)));
    let tags = (0..40).map(|n| format!(" xmlns:n{n}=\"urn:{n}\"")).collect::<String>();
    let namespaces = with(attribute("b").replace("Name=", &format!("{tags} Name=")).repeat(28));
    let unsigned = Signing { key_info: None, ..Signing::by(Key::Stranger) };
    [
        ("many", many),
        ("wide", wide),
        ("long", long),
        ("entities", entities),
        ("namespaces", namespaces),
    ]
    .into_iter()
    .flat_map(|(name, text)| {
        let bad = unsigned.sign(&text, "_assertion");
        [
            (format!("{name}, {} bytes, both signed", text.len()), field(&both(&text))),
            (format!("{name}, {} bytes, a stranger's", text.len()), field(&bad)),
        ]
    })
    .collect()
}
