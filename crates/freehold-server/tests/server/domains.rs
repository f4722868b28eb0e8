//! Domains: proven by a DNS record, and where an e-mail address leads.

use std::collections::BTreeSet;

use freehold_testing::dns::{Dns, Said};
use serde_json::json;

use crate::support::{Installation, Provider, Reply, Server, World, encoded};

const RECORD: &str = "_freehold-challenge.acme.test";

/// A DNS server that this installation asks.
fn dns_of(installation: &mut Installation) -> Dns {
    let dns = Dns::start();
    installation.set("FREEHOLD_DNS_RESOLVER", &dns.address().to_string());
    dns
}

fn domain<'a>(verb: &'a str, organization: &'a str, domain: &'a str) -> [&'a str; 5] {
    ["domain", verb, "--organization", organization, domain]
}

/// Adds a domain; gives the value of its record.
fn add(installation: &Installation, organization: &str, name: &str) -> String {
    let printed = installation.must(&domain("add", organization, name));
    let value = printed.strip_prefix(&format!("_freehold-challenge.{name}. TXT \""));
    value.and_then(|rest| rest.strip_suffix('"')).unwrap().to_owned()
}

/// Adds, publishes and verifies a domain.
fn verified(installation: &Installation, dns: &Dns, organization: &str, name: &str) {
    let value = add(installation, organization, name);
    dns.publish(&format!("_freehold-challenge.{name}"), &value);
    installation.must(&domain("verify", organization, name));
}

fn another_organization(installation: &Installation) {
    installation.must(&["organization", "create", "other", "--name", "Other"]);
}

/// Types something into the form.
fn typed(server: &Server, who: &str) -> Reply {
    let form = format!("who={}&return=%2Fvault%2F", encoded(who));
    let request = server.request("POST", "/login");
    request.header("Content-Type", "application/x-www-form-urlencoded").body(form).send()
}

/// Where the page goes on to by itself.
fn goes_on(reply: Reply) -> String {
    let page = reply.is(200).text();
    let refresh = page.split("http-equiv=\"refresh\" content=\"0;url=").nth(1).unwrap();
    let target = refresh.split('"').next().unwrap();
    assert!(page.contains(&format!("href=\"{target}\"")), "there is a link too");
    target.replace("&amp;", "&")
}

#[test]
fn a_domain_is_verified_by_its_record_and_nothing_else() {
    let mut installation = Installation::new();
    installation.acme();
    let dns = dns_of(&mut installation);
    let value = add(&installation, "acme", "acme.test");
    assert!(value.starts_with("freehold-domain-verification="));
    let verify = domain("verify", "acme", "acme.test");
    let refusal = |said: Said| {
        dns.say(RECORD, said);
        installation.refused(&verify).1
    };
    assert!(installation.refused(&verify).1.contains("no TXT record is there"));
    assert!(refusal(Said::Records(Vec::new())).contains("no TXT record is there"));
    let other = vec![value.replace('=', "=0")];
    assert!(refusal(Said::Records(vec![other.clone()])).contains("with another value"));
    assert!(refusal(Said::Code(2)).contains("DNS does not say"), "SERVFAIL");
    assert!(refusal(Said::Code(5)).contains("DNS does not say"), "REFUSED");
    dns.publish("acme.test", &value);
    assert!(refusal(Said::Code(3)).contains("no TXT record is there"), "at another name");
    let listed = &installation.list(&["domain", "list", "--organization", "acme"])[0];
    assert_eq!(listed["verified"], false);
    // RFC 1035 §3.3.14: one record may be several strings.
    let (first, second) = value.split_at(17);
    let ours = vec![first.to_owned(), second.to_owned()];
    dns.say(RECORD, Said::Records(vec![other, ours]));
    installation.must(&verify);
    let listed = &installation.list(&["domain", "list", "--organization", "acme"])[0];
    assert_eq!((&listed["verified"], &listed["recordName"]), (&json!(true), &json!(RECORD)));
    assert_eq!(listed["recordValue"], value.as_str());
}

#[test]
fn answers_longer_than_a_packet_are_read() {
    let mut installation = Installation::new();
    installation.acme();
    let dns = dns_of(&mut installation);
    let value = add(&installation, "acme", "acme.test");
    let mut records: Vec<_> = (0..40).map(|n| vec![format!("{n}{}", "x".repeat(200)); 4]).collect();
    records.push(vec![value]);
    dns.say(RECORD, Said::Records(records));
    installation.must(&domain("verify", "acme", "acme.test"));
}

#[test]
fn a_silent_dns_server_verifies_nothing_and_holds_nobody_up() {
    let mut installation = Installation::new();
    installation.acme();
    let dns = dns_of(&mut installation);
    add(&installation, "acme", "acme.test");
    dns.say(RECORD, Said::Silence);
    let (code, said) = installation.refused(&domain("verify", "acme", "acme.test"));
    assert_eq!(code, 1);
    assert!(said.contains("DNS does not say"), "{said}");
}

#[test]
fn a_domain_belongs_to_the_first_organization_that_proves_it() {
    let mut installation = Installation::new();
    installation.acme();
    another_organization(&installation);
    let dns = dns_of(&mut installation);
    verified(&installation, &dns, "acme", "acme.test");
    let value = add(&installation, "other", "acme.test");
    dns.publish(RECORD, &value);
    let (_, said) = installation.refused(&domain("verify", "other", "acme.test"));
    assert!(said.contains("another organization has verified this domain"), "{said}");
    installation.must(&domain("remove", "acme", "acme.test"));
    installation.must(&domain("verify", "other", "acme.test"));
}

#[test]
fn what_is_no_domain_is_refused_with_its_reason() {
    let installation = Installation::new();
    installation.acme();
    for (name, reason) in [
        ("acme", "has no dot"),
        ("192.0.2.1", "is an IP address"),
        ("ann@acme.test", "is not a domain name"),
    ] {
        let (_, said) = installation.refused(&domain("add", "acme", name));
        assert!(said.contains(reason), "{said}");
    }
    let (_, said) = installation.refused(&domain("remove", "acme", "acme.test"));
    assert!(said.contains("no such domain"), "{said}");
}

#[test]
fn an_address_of_a_verified_domain_leads_to_the_organization_and_on() {
    let mut world = World::new();
    another_organization(&world.installation);
    let dns = dns_of(&mut world.installation);
    let form = world.server.request("GET", "/login?return=/vault/%3Fa=%22%3Cb").send().is(200);
    let form = form.text();
    assert!(form.contains("action=\"/login\"") && form.contains("method=\"post\""), "{form}");
    assert!(form.contains("value=\"/vault/?a=&quot;&lt;b\""), "{form}");
    let value = add(&world.installation, "acme", "acme.test");
    typed(&world.server, "ann@acme.test").is(404);
    dns.publish(RECORD, &value);
    world.installation.must(&domain("verify", "acme", "acme.test"));
    for who in ["ann@acme.test", " ANN@Acme.Test ", "acme", "acme.test"] {
        let reply = typed(&world.server, who);
        assert_eq!(reply.header("set-cookie"), None, "nothing has begun yet");
        let target = goes_on(reply);
        assert_eq!(target, "/login?organization=acme&return=%2Fvault%2F");
        let begun = world.server.request("GET", &target).send().is(303);
        assert!(begun.header("location").unwrap().starts_with(&world.provider.issuer));
    }
    world.installation.must(&domain("remove", "acme", "acme.test"));
    typed(&world.server, "ann@acme.test").is(404);
    assert!(!world.server.log().contains("ann@"), "what was typed is in no log");
}

#[test]
fn what_leads_nowhere_gets_one_and_the_same_page() {
    let world = World::new();
    another_organization(&world.installation);
    add(&world.installation, "acme", "unverified.test");
    let same = |reply: Reply| {
        let reply = reply.is(404);
        let id = reply.header("x-request-id").unwrap().to_owned();
        let page = reply.text().replace(&id, "ID");
        let headers = reply.headers().into_iter().filter(|(name, _)| name != "x-request-id");
        (page, headers.collect::<BTreeSet<_>>())
    };
    let nobody = same(typed(&world.server, "ann@nobody.test"));
    assert!(!nobody.0.contains("nobody"), "it is not repeated");
    let long = format!("{}@x.test", "a".repeat(1_000));
    // `other` is there, and nobody can sign in to it yet.
    for who in ["ann@unverified.test", "other", "nobody", "", "@", "a@b", "<script>", &long] {
        assert_eq!(same(typed(&world.server, who)), nobody, "{who:?}");
    }
    let post = || world.server.request("POST", "/login");
    let kind = "application/x-www-form-urlencoded";
    for reply in [
        post().header("Content-Type", kind).body("x".repeat(100_000)).send(),
        post().header("Content-Type", kind).body(b"who=%FF%00&\xff").send(),
        post().header("Content-Type", "application/json").body("{\"who\":\"acme\"}").send(),
    ] {
        reply.is(404);
    }
}

#[test]
fn an_organization_with_several_connections_lets_people_choose() {
    let mut world = World::new();
    let second = Provider::start();
    world.installation.connect("acme", &second);
    let dns = dns_of(&mut world.installation);
    let page = world.server.request("GET", "/login?return=/vault/").send().is(200).text();
    for name in ["oidc", "oidc-2"] {
        let target =
            format!("/login?organization=acme&amp;connection={name}&amp;return=%2Fvault%2F");
        assert!(
            page.contains(&format!("<a class=\"button\" href=\"{target}\">{name}</a>")),
            "{page}"
        );
    }
    let begun = world.server.request("GET", "/login?organization=acme&connection=oidc-2").send();
    assert!(begun.is(303).header("location").unwrap().starts_with(&second.issuer));
    let named = ["domain", "add", "--organization", "acme", "acme.test", "--connection"];
    let (_, said) = world.installation.refused(&[&named[..], &["nothing"]].concat());
    assert!(said.contains("no connection of this name"), "{said}");
    let printed = world.installation.must(&[&named[..], &["oidc-2"]].concat());
    dns.publish(RECORD, printed.split('"').nth(1).unwrap());
    world.installation.must(&domain("verify", "acme", "acme.test"));
    assert_eq!(
        goes_on(typed(&world.server, "ann@acme.test")),
        "/login?organization=acme&connection=oidc-2&return=%2Fvault%2F"
    );
}

#[test]
fn an_address_of_another_organizations_domain_opens_nothing_there() {
    let mut world = World::new();
    let theirs = Provider::start();
    another_organization(&world.installation);
    world.installation.connect("other", &theirs);
    let token = world.installation.token("other");
    let dns = dns_of(&mut world.installation);
    verified(&world.installation, &dns, "other", "other.test");
    let person = |external_id: &str| {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "victim@other.test",
            "externalId": external_id,
            "active": true,
            "emails": [{ "value": "victim@other.test", "primary": true }],
        })
    };
    let create = |token: &str, external_id: &str| {
        let user = world.server.scim(token, "POST", "/Users").json(&person(external_id)).is(201);
        user.json()["id"].as_str().unwrap().to_owned()
    };
    let victim = create(&token, "external-victim");
    // Acme's provider vouches for the address, the user name and even the subject.
    let claims = json!({
        "email": "victim@other.test",
        "email_verified": true,
        "preferred_username": "victim@other.test",
    });
    let mut browser = world.browser();
    let url = browser.begin("?organization=acme");
    let callback = world.provider.sign_in_with(&url, "external-victim", &claims);
    assert_eq!(browser.come_back(&callback).status, 403);
    assert_eq!(browser.session, None);
    // With an account at acme of the same names she is in there, and nowhere else.
    let own = create(&world.token, "external-victim");
    let url = browser.begin("?organization=acme");
    browser.come_back(&world.provider.sign_in_with(&url, "external-victim", &claims)).is(303);
    let session = browser.get("/api/session").is(200).json();
    assert_eq!(
        (session["userId"].as_str(), session["organization"]["slug"].as_str()),
        (Some(own.as_str()), Some("acme"))
    );
    assert_ne!(own, victim);
    // Typing the address leads to the other organization's provider, which knows nobody of acme's.
    let target = goes_on(typed(&world.server, "victim@other.test"));
    let url = browser.begin(target.strip_prefix("/login").unwrap());
    assert!(url.starts_with(&theirs.issuer));
    assert_eq!(browser.come_back(&theirs.sign_in_with(&url, "external-eve", &claims)).status, 403);
}

#[test]
fn one_address_cannot_try_names_without_end() {
    let world = World::new();
    let statuses: Vec<u16> =
        (0..400).map(|_| typed(&world.server, "ann@nobody.test").status).collect();
    assert!(statuses.iter().take(200).all(|status| *status == 404));
    assert!(statuses.contains(&429));
}
