//! A person with a browser: signs in, makes keys, unlocks.

use freehold_keys::{Account, Client, RecoveryCode, Setup, Unlock};
use freehold_wire::{MethodKind, Profile, SetupOffer, UnlockAnswer, UnlockOffer};
use serde_json::{Value, json};

use super::{Installation, Provider, Reply, Request, Server, new_user};

/// The passphrase that everybody here chooses.
pub const PASSPHRASE: &[u8] = b"correct-horse-battery-staple-9";

/// An organization with a provider, a token and a server.
pub struct World {
    pub installation: Installation,
    pub provider: Provider,
    pub token: String,
    pub server: Server,
}

impl World {
    pub fn new() -> Self {
        Self::with(Installation::new())
    }

    /// The same with settings of one's own.
    pub fn with(installation: Installation) -> Self {
        let token = installation.acme();
        let provider = Provider::start();
        installation.connect("acme", &provider);
        let server = installation.serve();
        Self { installation, provider, token, server }
    }

    /// Creates a person by SCIM; the external id is `external-NAME`.
    pub fn provision(&self, name: &str) -> String {
        let user = self.server.scim(&self.token, "POST", "/Users").json(&new_user(name)).is(201);
        user.json()["id"].as_str().unwrap().to_owned()
    }

    /// Switches a person on or off by SCIM.
    pub fn set_active(&self, id: &str, active: bool) {
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "Replace", "path": "active", "value": active }],
        });
        self.server.scim(&self.token, "PATCH", &format!("/Users/{id}")).json(&body).is(200);
    }

    /// A browser that nobody signed in with.
    pub fn browser(&self) -> Browser<'_> {
        Browser { world: self, session: None, pre_login: None }
    }

    /// The owner olga, who came in by a link, has keys and is unlocked.
    pub fn owner(&self) -> Browser<'_> {
        let mut browser = self.browser();
        browser.enter(&self.installation.link("olga", &[]));
        browser.set_up();
        browser
    }

    /// The same, of an organization that is made for it.
    pub fn owner_of(&self, slug: &str) -> Browser<'_> {
        self.installation.must(&["organization", "create", slug, "--name", "Other"]);
        let link = ["admin", "link", "--organization", slug, "--user-name", "olga"];
        let printed = self.installation.must(&link);
        let mut browser = self.browser();
        browser.enter(printed.split_once("/enter/#").unwrap().1);
        browser.set_up();
        browser
    }

    /// Somebody who was provisioned and is signed in.
    pub fn signed_in(&self, name: &str) -> Browser<'_> {
        self.provision(name);
        let mut browser = self.browser();
        browser.sign_in(name, "");
        browser
    }
}

/// One browser with its cookies.
pub struct Browser<'a> {
    world: &'a World,
    pub session: Option<String>,
    pub pre_login: Option<String>,
}

impl Browser<'_> {
    /// Begins to sign in; gives the provider's address.
    pub fn begin(&mut self, query: &str) -> String {
        let reply = self.with_cookies(self.world.server.request("GET", &format!("/login{query}")));
        let reply = reply.send().is(303);
        self.keep(&reply);
        reply.header("location").unwrap().to_owned()
    }

    /// Comes back from the provider.
    pub fn come_back(&mut self, callback: &str) -> Reply {
        let path = format!("/oidc/callback?{callback}");
        let reply = self.with_cookies(self.world.server.request("GET", &path)).send();
        self.keep(&reply);
        reply
    }

    /// Signs in as the person with the external id `external-NAME`; gives where it leads.
    pub fn sign_in(&mut self, name: &str, query: &str) -> String {
        let url = self.begin(query);
        let callback = self.world.provider.sign_in(&url, &format!("external-{name}"));
        let reply = self.come_back(&callback).is(303);
        reply.header("location").unwrap().to_owned()
    }

    /// Uses a one-time link; gives where it leads.
    pub fn enter(&mut self, secret: &str) -> String {
        let reply = self.post("/api/enter", &json!({ "secret": secret })).is(200).json();
        reply["next"].as_str().unwrap().to_owned()
    }

    fn with_cookies(&self, request: Request) -> Request {
        let known = [("__Host-sid", &self.session), ("__Host-pre", &self.pre_login)];
        let pairs: Vec<String> = known
            .iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?)))
            .collect();
        if pairs.is_empty() { request } else { request.header("Cookie", &pairs.join("; ")) }
    }

    fn keep(&mut self, reply: &Reply) {
        for (name, slot) in [("__Host-sid", &mut self.session), ("__Host-pre", &mut self.pre_login)]
        {
            if let Some(value) = reply.cookie(name) {
                *slot = Some(value).filter(|value| !value.is_empty());
            }
        }
    }

    /// A request of a page in this browser.
    pub fn page(&self, method: &str, path: &str) -> Request {
        self.with_cookies(self.world.server.page(method, path))
    }

    pub fn get(&self, path: &str) -> Reply {
        self.page("GET", path).send()
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Reply {
        let reply = self.page("POST", path).json(body);
        self.keep(&reply);
        reply
    }

    /// What this browser is, for the keys.
    pub fn client(&self) -> Client<'_> {
        Client {
            origin: self.world.server.origin(),
            highest_profile: Profile::Memory64Mib,
            remembered: None,
        }
    }

    /// Makes keys as the page does; gives what it would send, and the recovery code.
    pub fn make_keys(&self) -> (Value, RecoveryCode) {
        let offer: SetupOffer =
            serde_json::from_value(self.get("/api/setup").is(200).json()).unwrap();
        let setup = Setup::begin(
            offer.clone(),
            &self.client(),
            PASSPHRASE,
            &mut freehold_server::system::random(),
            &mut |_, _| {},
        )
        .unwrap();
        let code = RecoveryCode::parse(setup.recovery_code().to_text().as_bytes()).unwrap();
        let typed = setup.recovery_code().to_text();
        let proven = setup.prove_recovery(typed.as_bytes()).ok().unwrap();
        let now = freehold_directory::Clock::now(&freehold_server::system::SystemClock);
        let attempt = proven.request(&offer, now).unwrap();
        (serde_json::to_value(attempt.request()).unwrap(), code)
    }

    /// Sets up completely; the session is unlocked afterwards.
    pub fn set_up(&mut self) -> RecoveryCode {
        let (request, code) = self.make_keys();
        self.post("/api/setup", &request).is(201);
        code
    }

    /// Asks for an offer and answers it with a secret.
    pub fn unlock(&mut self, kind: MethodKind, secret: &[u8]) -> (Unlock, Reply) {
        let offer = self.get("/api/unlock").is(200).json();
        let offer: UnlockOffer = serde_json::from_value(offer).unwrap();
        let unlock = Unlock::begin(offer, &self.client(), kind, secret, &mut |_, _| {}).unwrap();
        let request = serde_json::to_value(unlock.request()).unwrap();
        let reply = self.post("/api/unlock", &request);
        (unlock, reply)
    }

    /// Unlocks with the passphrase.
    pub fn open(&mut self) -> Account {
        let (unlock, reply) = self.unlock(MethodKind::Password, PASSPHRASE);
        let answer: UnlockAnswer = serde_json::from_value(reply.is(200).json()).unwrap();
        unlock.open(&answer).unwrap()
    }
}
