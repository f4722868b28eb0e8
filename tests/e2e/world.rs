//! Where most stories begin: a server with one organization, a provider, and its people.

use freehold_testing::{
    Browser, Client, Outcome, Panva, Program, Relay, Settings,
    pages::{Passphrase, Ready, SignIn},
    scim::{Person, Scim},
};
use serde_json::{Value, json};

/// The organization of the stories.
pub const ACME: &str = "acme";

/// The tenant that the provider's tokens name.
const TENANT: &str = "0a1b2c3d-0000-4000-8000-00000000acme";

/// Login, object id and name of everybody the provider knows.
const PEOPLE: [(&str, &str, &str); 3] = [
    ("alice", "aaaaaaaa-0000-4000-8000-000000000001", "Alice Example"),
    ("bob", "bbbbbbbb-0000-4000-8000-000000000002", "Bob Example"),
    ("mallory", "eeeeeeee-0000-4000-8000-00000000000e", "Mallory Example"),
];

/// A server, its provider, and the provisioning client of its organization.
pub struct World {
    pub program: Program,
    pub scim: Scim,
    pub panva: Panva,
}

impl World {
    /// SQLite, and browsers talk to the server directly.
    pub fn start() -> Self {
        Self::with(Settings::new())
    }

    /// Browsers talk to the server through a relay.
    pub fn with_relay() -> (Self, Relay) {
        let relay = Relay::start();
        let world = Self::with(Settings::new().behind(relay.port()));
        relay.forward_to(world.program.address());
        (world, relay)
    }

    pub fn with(settings: Settings) -> Self {
        let program = settings.start();
        let client = client();
        let people: serde_json::Map<_, _> = PEOPLE
            .iter()
            .map(|(login, oid, name)| ((*login).to_owned(), claims(login, oid, name)))
            .collect();
        let panva = Panva::start(&client, &program.redirect_uri(), &people.into());
        program.make_organization(ACME, "Acme Ltd");
        program.add_oidc(ACME, panva.issuer(), &client, "oid");
        let scim = Scim::of(&program, ACME);
        Self { program, scim, panva }
    }

    /// Makes a second organization, so that a sign-in begins with the question whose people come.
    pub fn another_organization(&self) {
        self.program.make_organization("other", "Other Ltd");
    }

    /// Adds the same provider once more.
    pub fn second_connection(&self) {
        self.program.add_oidc(ACME, self.panva.issuer(), &client(), "oid");
    }

    /// Creates a person's account by SCIM, and gives its id.
    pub fn provision(&self, login: &str) -> String {
        self.provision_as(login, &user_name(login))
    }

    /// The same, with another `userName` than usual.
    pub fn provision_as(&self, login: &str, user_name: &str) -> String {
        let (_, external_id, display_name) =
            PEOPLE.iter().find(|(known, _, _)| *known == login).expect("one of PEOPLE");
        self.scim.create(&Person { user_name, external_id, display_name })
    }

    /// Signs a person in, in this browser.
    pub async fn sign_in(&self, browser: &Browser, login: &str) -> Outcome {
        sign_in(login).at(browser, self.program.url()).await
    }

    /// A fresh browser, with a person signed in.
    pub async fn browser_of(&self, login: &str) -> Outcome<Browser> {
        let browser = Browser::start().await;
        self.sign_in(&browser, login).await?;
        Ok(browser)
    }

    /// A fresh browser in which a provisioned person has signed in and set up.
    pub async fn set_up(&self, login: &str) -> Outcome<(Browser, Ready)> {
        let browser = self.browser_of(login).await?;
        let ready = browser.set_up(&Passphrase::Suggested).await?;
        Ok((browser, ready))
    }

    /// The same, with the vault open.
    pub async fn open_vault(&self, login: &str) -> Outcome<(Browser, Ready)> {
        let browser = Browser::start().await;
        let ready = self.open_vault_in(&browser, login).await?;
        Ok((browser, ready))
    }

    /// The same, in this browser.
    pub async fn open_vault_in(&self, browser: &Browser, login: &str) -> Outcome<Ready> {
        self.sign_in(browser, login).await?;
        let ready = browser.set_up(&Passphrase::Suggested).await?;
        browser.open_vault_after_set_up(&ready.passphrase).await?;
        Ok(ready)
    }

    /// The state of a person's keys.
    pub fn state_of(&self, login: &str) -> String {
        self.program.state_of(ACME, &user_name(login)).expect("provisioned")
    }
}

/// What the provider says of a person.
fn claims(login: &str, oid: &str, name: &str) -> Value {
    json!({"oid": oid, "tid": TENANT, "name": name, "preferred_username": user_name(login)})
}

/// What the provider calls the server.
fn client() -> Client {
    Client { tenant: Some(TENANT.to_owned()), ..Client::for_tests() }
}

/// A person's way through the provider's pages.
pub fn sign_in(login: &str) -> SignIn {
    SignIn::Panva { login: login.to_owned() }
}

/// A person's `userName`.
pub fn user_name(login: &str) -> String {
    format!("{login}@corp.test")
}
