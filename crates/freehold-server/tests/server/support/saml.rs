//! SAML identity providers that vouch for whomever a test names, and browsers that go there.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::read::DeflateDecoder;
use freehold_directory::Clock as _;
use freehold_saml::{IDP, Key, Says, Shape, Signing, field};
use freehold_server::system::SystemClock;
use serde_json::json;

use super::{Installation, Reply, Request, Server, encoded, new_user};

/// A SAML identity provider.
#[derive(Clone)]
pub struct Idp {
    pub entity_id: String,
    pub keys: Vec<Key>,
}

impl Idp {
    /// One that looks like Entra.
    pub fn entra() -> Self {
        Self { entity_id: IDP.to_owned(), keys: vec![Key::Provider] }
    }

    /// Another one, with a key of its own.
    pub fn other() -> Self {
        Self { entity_id: "https://other.example/saml".to_owned(), keys: vec![Key::Stranger] }
    }

    pub fn metadata(&self) -> String {
        let keys = self.keys.iter().map(|key| {
            format!(
                "<KeyDescriptor use=\"signing\"><KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\">\
                 <X509Data><X509Certificate>{}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>",
                key.certificate_base64()
            )
        });
        format!(
            "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{}\">\
             <IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}\
             <SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
             Location=\"https://login.example/saml2\"/></IDPSSODescriptor></EntityDescriptor>",
            self.entity_id,
            keys.collect::<String>()
        )
    }

    /// What this provider says when `subject` signs in at `location`.
    pub fn says(&self, server: &Server, location: &str, subject: &str) -> (Says, String) {
        let url = url::Url::parse(location).unwrap();
        let of = |wanted: &str| {
            url.query_pairs().find(|(name, _)| name == wanted).unwrap().1.into_owned()
        };
        let request = request_id(&of("SAMLRequest"));
        let says = Says {
            issuer: self.entity_id.clone(),
            acs: format!("{}/saml/acs", server.origin()),
            audience: format!("{}/saml/metadata", server.origin()),
            response_id: format!("_response{request}"),
            assertion_id: format!("_assertion{request}"),
            request,
            subject: subject.to_owned(),
            name_id: format!("{subject}@corp.example"),
            now_ms: SystemClock.now().as_millis(),
        };
        (says, of("RelayState"))
    }

    /// The form that it lets the browser post.
    pub fn sign_in(&self, server: &Server, location: &str, subject: &str) -> Post {
        let (says, relay_state) = self.says(server, location, subject);
        Post { response: signed(&says, self.keys[0]), relay_state }
    }
}

/// The form field of a response in which response and assertion are signed.
pub fn signed(says: &Says, key: Key) -> String {
    let signing = Signing::by(key);
    let text = signing.sign(&says.render(Shape::Entra), &says.assertion_id);
    field(&signing.sign(&text, &says.response_id))
}

fn request_id(sent: &str) -> String {
    let mut text = String::new();
    let deflated = STANDARD.decode(sent).unwrap();
    DeflateDecoder::new(&deflated[..]).read_to_string(&mut text).unwrap();
    let (_, rest) = text.split_once(" ID=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// What the identity provider's page posts.
#[derive(Clone)]
pub struct Post {
    pub response: String,
    pub relay_state: String,
}

impl Post {
    /// Posts it across sites: without any cookie.
    pub fn send(&self, server: &Server) -> Reply {
        let body = format!(
            "SAMLResponse={}&RelayState={}",
            encoded(&self.response),
            encoded(&self.relay_state)
        );
        server
            .request("POST", "/saml/acs")
            .header("Origin", "https://login.example")
            .header("Sec-Fetch-Site", "cross-site")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
    }
}

/// An organization whose people sign in at [`Idp::entra`].
pub struct SamlWorld {
    pub installation: Installation,
    pub idp: Idp,
    pub token: String,
    pub server: Server,
}

impl SamlWorld {
    pub fn new() -> Self {
        Self::with(Idp::entra())
    }

    pub fn with(idp: Idp) -> Self {
        let installation = Installation::new();
        let token = installation.acme();
        add(&installation, "acme", "saml", &idp);
        let server = installation.serve();
        Self { installation, idp, token, server }
    }

    /// Creates a person by SCIM; the external id is `external-NAME`.
    pub fn provision(&self, name: &str) -> String {
        let user = self.server.scim(&self.token, "POST", "/Users").json(&new_user(name)).is(201);
        user.json()["id"].as_str().unwrap().to_owned()
    }

    pub fn deactivate(&self, id: &str) {
        let body = super::patch(&json!([{ "op": "replace", "path": "active", "value": false }]));
        self.server.scim(&self.token, "PATCH", &format!("/Users/{id}")).json(&body).is(200);
    }

    pub fn browser(&self) -> SamlBrowser<'_> {
        SamlBrowser { server: &self.server, pre_login: None, session: None }
    }

    /// A browser that began, and what the provider lets it post for `external-NAME`.
    pub fn answered(&self, name: &str) -> (SamlBrowser<'_>, Post) {
        let mut browser = self.browser();
        let location = browser.begin("");
        let post = self.idp.sign_in(&self.server, &location, &format!("external-{name}"));
        (browser, post)
    }
}

/// Adds a provider by its metadata in a file.
pub fn add(installation: &Installation, organization: &str, name: &str, idp: &Idp) {
    let file = format!("{name}.xml");
    std::fs::write(installation.folder().join(&file), idp.metadata()).unwrap();
    installation.must(&[
        "connection",
        "add-saml",
        "--organization",
        organization,
        "--name",
        name,
        "--metadata",
        &file,
        "--subject-attribute",
        freehold_saml::OBJECT_ID,
    ]);
}

/// One browser with its cookies.
pub struct SamlBrowser<'a> {
    server: &'a Server,
    pub pre_login: Option<String>,
    pub session: Option<String>,
}

impl SamlBrowser<'_> {
    /// Begins to sign in; gives the provider's address.
    pub fn begin(&mut self, query: &str) -> String {
        let reply = self.get(&format!("/login{query}")).is(303);
        reply.header("location").unwrap().to_owned()
    }

    /// Posts an answer that is taken; gives where the browser is sent.
    pub fn post(&self, post: &Post) -> String {
        let reply = post.send(self.server).is(303);
        assert_eq!(reply.header("set-cookie"), None, "the post leaves no cookie");
        let location = reply.header("location").unwrap().to_owned();
        assert!(location.starts_with("/saml/finish?h="), "{location}");
        location
    }

    /// A navigation of this browser.
    pub fn get(&mut self, path: &str) -> Reply {
        let known = [("__Host-sid", &self.session), ("__Host-pre", &self.pre_login)];
        let pairs: Vec<String> = known
            .iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?)))
            .collect();
        let request: Request = self.server.request("GET", path);
        let request =
            if pairs.is_empty() { request } else { request.header("Cookie", &pairs.join("; ")) };
        let reply = request.header("Sec-Fetch-Site", "same-origin").send();
        for (name, slot) in [("__Host-sid", &mut self.session), ("__Host-pre", &mut self.pre_login)]
        {
            if let Some(value) = reply.cookie(name) {
                *slot = Some(value).filter(|value| !value.is_empty());
            }
        }
        reply
    }
}

/// Metadata at an address, which may change.
pub struct Published {
    pub url: String,
    metadata: Arc<Mutex<String>>,
}

impl Published {
    pub fn start(idp: &Idp) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/metadata", listener.local_addr().unwrap());
        let metadata = Arc::new(Mutex::new(idp.metadata()));
        let served = Arc::clone(&metadata);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.read(&mut [0; 4096]);
                let body = served.lock().unwrap().clone();
                let length = body.len();
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
                );
            }
        });
        Self { url, metadata }
    }

    pub fn change(&self, idp: &Idp) {
        *self.metadata.lock().unwrap() = idp.metadata();
    }
}
