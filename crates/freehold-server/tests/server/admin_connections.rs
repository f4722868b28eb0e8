//! An owner connects identity providers in the console.

use freehold_saml::Key;
use serde_json::{Value, json};

use crate::support::{
    Installation, World,
    person::Browser,
    provider::CLIENT_SECRET,
    saml::{Idp, Published},
};

const PATH: &str = "/api/admin/connections";

fn add(browser: &Browser<'_>, kind: &str, body: &Value) -> crate::support::Reply {
    browser.page("POST", &format!("{PATH}/{kind}")).json(body)
}

fn saml() -> Value {
    json!({ "metadata": Idp::entra().metadata(), "name": "corp" })
}

fn oidc(world: &World) -> Value {
    json!({ "issuer": world.provider.issuer, "clientId": "freehold", "clientSecret": CLIENT_SECRET })
}

fn names(browser: &Browser<'_>) -> Vec<String> {
    let listed = browser.get(PATH).is(200).json();
    let all = listed["connections"].as_array().unwrap().clone();
    all.iter().map(|connection| connection["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_owner_adds_a_saml_connection_by_its_metadata() {
    let world = World::new();
    let olga = world.owner();
    let made = add(&olga, "saml", &saml()).is(201).json();
    assert_eq!((&made["name"], &made["protocol"]), (&json!("corp"), &json!("saml")));
    assert_eq!(made["issuer"], Idp::entra().entity_id);
    assert_eq!(made["signOnUrl"], "https://login.example/saml2");
    assert_eq!(made["certificates"][0]["trust"], "trusted");
    assert!(made["certificates"][0]["validUntil"].as_u64().is_some());
    let id = made["id"].as_str().unwrap();
    assert_eq!(olga.get(&format!("{PATH}/{id}")).is(200).json(), made);
    let listed = olga.get(PATH).is(200).json();
    let here = &listed["here"];
    let origin = world.server.origin();
    assert_eq!(here["entityId"], format!("{origin}/saml/metadata"));
    assert_eq!(here["acs"], format!("{origin}/saml/acs"));
    assert_eq!(here["redirectUri"], format!("{origin}/oidc/callback"));
    assert_eq!(here["signInUrl"], format!("{origin}/login?organization=acme"));
    let shown = world.installation.list(&["connection", "list", "--organization", "acme"]);
    assert_eq!(shown.len(), 2, "the command line sees it too");
    let told = world.installation.must(&["audit", "export", "--organization", "acme"]);
    assert!(told.contains("connection.added"), "{told}");
}

#[test]
fn an_owner_adds_an_openid_connection_whose_secret_never_comes_out() {
    let world = World::new();
    let olga = world.owner();
    let asked = world.provider.asked();
    let reply = add(&olga, "oidc", &oidc(&world)).is(201);
    assert!(world.provider.asked() > asked, "the provider was asked before anything was stored");
    let made = reply.json();
    assert_eq!((&made["name"], &made["clientId"]), (&json!("oidc-2"), &json!("freehold")));
    assert_eq!((&made["subject"], &made["issuer"]), (&json!("sub"), &json!(world.provider.issuer)));
    let one = olga.get(&format!("{PATH}/{}", made["id"].as_str().unwrap())).is(200).text();
    for told in [made.to_string(), one, olga.get(PATH).is(200).text(), world.server.log()] {
        assert!(!told.contains(CLIENT_SECRET));
    }
}

#[test]
fn only_an_unlocked_owner_changes_connections_and_a_member_sees_none() {
    let world = World::new();
    let mut olga = world.owner();
    let mut ann = world.signed_in("ann");
    let made = add(&olga, "saml", &saml()).is(201).json();
    let id = made["id"].as_str().unwrap().to_owned();
    let fingerprint = made["certificates"][0]["fingerprint"].as_str().unwrap().to_owned();
    let changes = || {
        [
            ("POST", format!("{PATH}/saml"), saml()),
            ("POST", format!("{PATH}/oidc"), oidc(&world)),
            ("DELETE", format!("{PATH}/{id}"), json!({})),
            ("PUT", format!("{PATH}/{id}/secret"), json!({ "clientSecret": "another" })),
            ("POST", format!("{PATH}/{id}/refresh"), json!({})),
            ("POST", format!("{PATH}/{id}/certificates/{fingerprint}/trust"), json!({})),
            ("DELETE", format!("{PATH}/{id}/certificates/{fingerprint}"), json!({})),
        ]
    };
    for path in [PATH.to_owned(), format!("{PATH}/{id}")] {
        ann.get(&path).problem(403, "not-allowed");
    }
    let asked = world.provider.asked();
    let refused = |browser: &Browser<'_>, code: &str| {
        for (method, path, body) in changes() {
            browser.page(method, &path).json(&body).problem(403, code);
        }
    };
    refused(&ann, "not-allowed");
    world.installation.must(&["role", "grant", "--organization", "acme", "--user", "ann", "admin"]);
    ann.set_up();
    ann.get(PATH).is(200);
    refused(&ann, "not-allowed");
    olga.post("/api/lock", &json!({})).is(204);
    refused(&olga, "locked");
    assert_eq!(world.provider.asked(), asked, "and nobody made the server ask anything");
    assert_eq!(names(&olga), ["corp", "oidc"]);
}

#[test]
fn a_connection_of_another_organization_is_an_unknown_one() {
    let world = World::new();
    let olga = world.owner();
    world.installation.must(&["organization", "create", "other", "--name", "Other"]);
    world.installation.connect("other", &world.provider);
    let other = world.installation.list(&["connection", "list", "--organization", "other"]);
    let foreign = other[0]["id"].as_str().unwrap();
    for id in [foreign, "019a0000-0000-7000-8000-000000000001", "no-id"] {
        olga.get(&format!("{PATH}/{id}")).problem(404, "not-found");
        for (method, path) in [
            ("DELETE", format!("{PATH}/{id}")),
            ("POST", format!("{PATH}/{id}/refresh")),
            ("POST", format!("{PATH}/{id}/test")),
            ("POST", format!("{PATH}/{id}/certificates/00/trust")),
            ("DELETE", format!("{PATH}/{id}/certificates/00")),
        ] {
            olga.page(method, &path).json(&json!({})).problem(404, "not-found");
        }
        olga.get(&format!("{PATH}/{id}/test")).problem(404, "not-found");
        let secret = olga.page("PUT", &format!("{PATH}/{id}/secret"));
        secret.json(&json!({ "clientSecret": "another" })).problem(404, "not-found");
    }
    assert_eq!(
        world.installation.list(&["connection", "list", "--organization", "other"]).len(),
        1
    );
}

#[test]
fn what_cannot_be_a_client_secret_replaces_none() {
    let world = World::new();
    let olga = world.owner();
    world.signed_in("ann");
    let listed = olga.get(PATH).is(200).json();
    let of = |id: &Value| format!("{PATH}/{}/secret", id.as_str().unwrap());
    let path = of(&listed["connections"][0]["id"]);
    let put = |path: &str, body: &Value| olga.page("PUT", path).json(body);
    let too_long = "x".repeat(1025);
    for secret in ["", " \n", "a\u{0}b", "a\nb", &too_long] {
        let told = put(&path, &json!({ "clientSecret": secret })).problem(400, "bad-request");
        let detail = told["detail"].as_str().unwrap();
        assert!(detail.starts_with("The client secret ") && !detail.contains("xx"), "{detail}");
    }
    for body in [json!({}), json!({ "clientSecret": 1 }), json!({ "clientSecret": "a", "b": 1 })] {
        put(&path, &body).problem(400, "bad-request");
    }
    let endless = json!({ "clientSecret": "x".repeat(20_000) });
    assert_eq!(put(&path, &endless).status, 413);
    let saml = add(&olga, "saml", &saml()).is(201).json();
    let told = put(&of(&saml["id"]), &json!({ "clientSecret": "a" })).problem(400, "bad-request");
    assert_eq!(told["detail"], "The connection does not speak OpenID Connect.");
    let command = ["connection", "set-secret", "--organization", "acme", "corp"];
    let file = ["--client-secret-file", "secret"];
    let (code, told) = world.installation.refused(&[&command[..], &file].concat());
    assert!(code == 1 && told.contains("does not speak OpenID Connect"), "{told}");
    world.browser().sign_in("ann", "?organization=acme&connection=oidc");
    let told = world.installation.must(&["audit", "export", "--organization", "acme"]);
    assert!(!told.contains("connection.secret-replaced"), "{told}");
}

#[test]
fn what_cannot_be_a_connection_is_told_by_a_code_and_nothing_is_stored() {
    let world = World::new();
    let olga = world.owner();
    let metadata = Idp::entra().metadata();
    let of = |xml: String| json!({ "metadata": xml });
    let role = "IDPSSODescriptor";
    for (body, code) in [
        (of("PK not xml".to_owned()), "metadata-malformed"),
        (of("<a/>".to_owned()), "metadata-not-entity"),
        (of(metadata.replace(role, "SPSSODescriptor")), "metadata-no-provider"),
        (of(metadata.replace("HTTP-Redirect", "HTTP-POST")), "metadata-no-address-to-sign-in"),
        (of(metadata.replace("X509Certificate", "X509Data")), "metadata-certificate"),
        (of(metadata.replace("entityID=\"", "entityID=\"a b")), "metadata-entity-id"),
        (of(format!("{metadata}{}", " ".repeat(600_000))), "metadata-too-large"),
        (json!({ "metadataUrl": "http://idp.example/metadata" }), "provider-address"),
        (json!({ "metadataUrl": "nothing" }), "provider-address"),
        (json!({ "metadataUrl": format!("{}/none", world.provider.issuer) }), "provider-answer"),
        (json!({ "metadataUrl": "http://127.0.0.1:1/metadata" }), "provider-unreachable"),
    ] {
        let refused = add(&olga, "saml", &body).problem(422, code);
        assert!(refused["detail"].as_str().unwrap().ends_with('.'), "{refused}");
    }
    let with = |name: &str, value: &str| {
        let mut body = oidc(&world);
        body[name] = json!(value);
        body
    };
    let issuer = &world.provider.issuer;
    for (body, code) in [
        (with("issuer", "idp.example"), "issuer-malformed"),
        (
            with("issuer", &format!("{issuer}/.well-known/openid-configuration")),
            "issuer-is-document",
        ),
        (with("issuer", "https://login.microsoftonline.com/common/v2.0"), "issuer-of-all"),
        (with("issuer", &format!("{issuer}/")), "provider-other-issuer"),
        (with("issuer", &format!("{issuer}/other")), "provider-answer"),
        (with("issuer", "http://127.0.0.1:1"), "provider-unreachable"),
    ] {
        add(&olga, "oidc", &body).problem(422, code);
    }
    for (kind, body) in [
        ("saml", json!({})),
        ("saml", json!({ "metadata": metadata, "metadataUrl": "https://idp.example/" })),
        ("saml", json!({ "metadata": metadata, "name": "Two Words" })),
        ("saml", json!({ "metadata": metadata, "subjectAttribute": "two words" })),
        ("saml", json!({ "metadata": metadata, "more": 1 })),
        ("oidc", with("clientSecret", "")),
        ("oidc", with("clientId", "")),
        ("oidc", with("subjectClaim", "email")),
        ("oidc", json!({ "issuer": issuer })),
    ] {
        add(&olga, kind, &body).problem(400, "bad-request");
    }
    assert_eq!(names(&olga), ["oidc"]);
    add(&olga, "saml", &saml()).is(201);
    add(&olga, "saml", &saml()).problem(409, "name-taken");
}

/// An admin in a browser must not reach through the server into its network.
#[test]
fn a_provider_inside_the_servers_network_is_asked_only_where_the_operator_says_so() {
    let mut installation = Installation::new();
    installation.unset("FREEHOLD_IDP_NETWORKS");
    let world = World::with(installation);
    let olga = world.owner();
    let port = world.provider.issuer.rsplit(':').next().unwrap();
    for host in ["127.0.0.1", "localhost", "[::1]", "2130706433"] {
        let issuer = format!("http://{host}:{port}");
        let document = json!({ "metadataUrl": format!("{issuer}/metadata") });
        add(&olga, "saml", &document).problem(422, "provider-not-public");
        let body = json!({ "issuer": issuer, "clientId": "x", "clientSecret": "x" });
        add(&olga, "oidc", &body).problem(422, "provider-not-public");
    }
    for host in ["10.0.0.1", "169.254.169.254", "[fd00::1]", "192.168.1.1"] {
        let document = json!({ "metadataUrl": format!("https://{host}/metadata") });
        add(&olga, "saml", &document).problem(422, "provider-not-public");
    }
    // The operator's own connection is no way around: the server does not go there at a sign-in either.
    world.server.request("GET", "/login").send().is(502);
    assert_eq!(world.provider.asked(), 0, "nothing was sent");
    let add_saml = ["connection", "add-saml", "--organization", "acme", "--metadata"];
    let url = format!("http://127.0.0.1:{port}/metadata");
    let (_, told) = world.installation.refused(&[&add_saml[..], &[&url]].concat());
    assert!(told.contains("not a public one"), "{told}");
}

#[test]
fn a_new_certificate_of_the_metadata_counts_once_an_owner_trusts_it() {
    let world = World::new();
    let olga = world.owner();
    let mut idp = Idp::entra();
    let published = Published::start(&idp);
    let body = json!({ "metadataUrl": published.url, "name": "corp" });
    let made = add(&olga, "saml", &body).is(201).json();
    assert_eq!(made["metadataUrl"], published.url);
    let one = format!("{PATH}/{}", made["id"].as_str().unwrap());
    let old = made["certificates"][0]["fingerprint"].as_str().unwrap().to_owned();
    let post = |path: &str| olga.page("POST", &format!("{one}{path}")).json(&json!({}));
    assert_eq!(post("/refresh").is(200).json()["certificates"].as_array().unwrap().len(), 1);

    idp.keys.push(Key::Stranger);
    published.change(&idp);
    let found = post("/refresh").is(200).json();
    let all = found["certificates"].as_array().unwrap();
    let new = all.iter().find(|known| known["trust"] == "proposed").unwrap();
    let new = new["fingerprint"].as_str().unwrap().to_owned();
    let last = olga.page("DELETE", &format!("{one}/certificates/{old}")).json(&json!({}));
    last.problem(409, "last-certificate");

    let trusted = post(&format!("/certificates/{}/trust", new.to_uppercase())).is(200).json();
    assert!(
        trusted["certificates"].as_array().unwrap().iter().all(|known| known["trust"] == "trusted")
    );
    post("/certificates/00/trust").problem(404, "not-found");
    let left = olga.page("DELETE", &format!("{one}/certificates/{old}")).json(&json!({})).is(200);
    assert_eq!(left.json()["certificates"][0]["fingerprint"], new);
    let told = world.installation.must(&["audit", "export", "--organization", "acme"]);
    assert!(told.contains("certificate.trusted") && told.contains("certificate.removed"), "{told}");

    published.change(&Idp::other());
    post("/refresh").problem(422, "metadata-of-other");
    let of_text = add(&olga, "saml", &json!({ "metadata": idp.metadata() })).is(201).json();
    let path = format!("{PATH}/{}/refresh", of_text["id"].as_str().unwrap());
    olga.page("POST", &path).json(&json!({})).problem(409, "metadata-no-address");
}

#[test]
fn a_connection_that_is_provisioned_for_is_removed_only_on_purpose() {
    let world = World::new();
    let olga = world.owner();
    let ann = world.signed_in("ann");
    let command = ["token", "create", "--organization", "acme", "--description", "x"];
    world.installation.must(&[&command[..], &["--connection", "oidc"]].concat());
    let listed = olga.get(PATH).is(200).json();
    let one = format!("{PATH}/{}", listed["connections"][0]["id"].as_str().unwrap());
    let refused = olga.page("DELETE", &one).json(&json!({})).problem(409, "still-provisioning");
    assert_eq!(refused["provisioners"], 1);
    ann.get("/api/session").is(200);
    let path = format!("{one}?force=true");
    assert_eq!(olga.page("DELETE", &path).json(&json!({})).is(200).json()["sessions"], 1);
    ann.get("/api/session").problem(401, "signed-out");
    assert!(names(&olga).is_empty());
    olga.get(&one).problem(404, "not-found");
}
