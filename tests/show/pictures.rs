//! Every screen, in light and dark, in a narrow window and from right to left.

use std::path::{Path, PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use freehold_testing::{
    Browser, Outcome,
    pages::{Passphrase, Secret, id},
    scim::Person,
};
use serde_json::json;

use crate::world::{ACME, World};

/// A way to look at a screen.
struct Look {
    name: &'static str,
    scheme: &'static str,
    width: u32,
    height: u32,
}

const LOOKS: [Look; 3] = [
    Look { name: "light", scheme: "light", width: 1280, height: 800 },
    Look { name: "dark", scheme: "dark", width: 1280, height: 800 },
    Look { name: "narrow", scheme: "light", width: 320, height: 800 },
];

/// From right to left, in the usual window.
const ARABIC: [Look; 1] = [Look { name: "arabic", scheme: "light", width: 1280, height: 800 }];

const PEOPLE: [(&str, &str); 9] = [
    ("adele.vance", "Adele Vance"),
    ("bernd.schaefer", "Bernd Schäfer"),
    ("chiara.conti", "Chiara Conti"),
    ("daichi.maruyama", "Daichi Maruyama"),
    ("eszter.kovacs", "Eszter Kovács"),
    ("farid.haddad", "Farid Haddad"),
    ("grace.okafor", "Grace Okafor"),
    ("henrik.dahl", "Henrik Dahl"),
    ("ines.moreau", "Inès Moreau"),
];

struct Album<'a> {
    browser: &'a Browser,
    folder: PathBuf,
    looks: &'static [Look],
}

impl Album<'_> {
    /// One picture a look, of the whole page. The window is the first look's again afterwards.
    async fn take(&self, screen: &str, name: &str) -> Outcome {
        self.browser.at(screen).await?;
        for look in self.looks.iter().rev() {
            self.put_on(look).await?;
            let asked = json!({ "format": "png", "captureBeyondViewport": true });
            let answer =
                self.browser.session().cdp().send_raw("Page.captureScreenshot", asked).await?;
            let picture = STANDARD.decode(answer["data"].as_str().unwrap()).unwrap();
            std::fs::write(self.folder.join(format!("{name}-{}.png", look.name)), picture)?;
        }
        println!("{name}");
        Ok(())
    }

    async fn put_on(&self, look: &Look) -> Outcome {
        let cdp = self.browser.session().cdp();
        let size = json!({
            "width": look.width, "height": look.height, "deviceScaleFactor": 1, "mobile": false,
        });
        cdp.send_raw("Emulation.setDeviceMetricsOverride", size).await?;
        cdp.send_raw("Emulation.setScrollbarsHidden", json!({ "hidden": true })).await?;
        let media = json!({"features": [
            {"name": "prefers-color-scheme", "value": look.scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]});
        cdp.send_raw("Emulation.setEmulatedMedia", media).await?;
        Ok(())
    }
}

pub async fn take(folder: &Path) -> Outcome {
    std::fs::create_dir_all(folder)?;
    walk(folder, "en", &LOOKS).await?;
    walk(folder, "ar", &ARABIC).await
}

async fn walk(folder: &Path, language: &str, looks: &'static [Look]) -> Outcome {
    let world = World::start();
    let _alice = world.provision("alice");
    let people = populate(&world);
    let browser = Browser::start_whole().await;
    browser.speaks(language).await?;
    let album = Album { browser: &browser, folder: folder.to_owned(), looks };
    album.put_on(&looks[0]).await?;
    employee(&world, &album).await?;
    browser.close().await?;

    let browser = Browser::start_whole().await;
    browser.speaks(language).await?;
    let album = Album { browser: &browser, folder: folder.to_owned(), looks };
    album.put_on(&looks[0]).await?;
    admin(&world, &album, &people[0]).await?;
    browser.close().await
}

/// People, groups, and requests of an identity provider that went well and not so well; gives the ids of the people.
fn populate(world: &World) -> Vec<String> {
    let ids: Vec<String> = PEOPLE
        .iter()
        .map(|(login, name)| {
            let user_name = format!("{login}@acme.example");
            world.scim.create(&Person {
                user_name: &user_name,
                external_id: &format!("{login}-0000"),
                display_name: name,
            })
        })
        .collect();
    let group = |name: &str, members: &[String]| {
        let members: Vec<_> = members.iter().map(|id| json!({ "value": id })).collect();
        let body = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "displayName": name, "members": members,
        });
        world.scim.send("POST", "/Groups", Some(&body));
    };
    group("Engineering", &ids[..5]);
    group("Finance", &ids[5..8]);
    let without_name = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "displayName": "No name",
    });
    world.scim.send("POST", "/Users", Some(&without_name));
    world.scim.send("GET", "/Users?filter=userName eq \"nobody@acme.example\"", None);
    let off = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "Replace", "path": "active", "value": "False" }],
    });
    world.scim.send("PATCH", &format!("/Users/{}", ids[8]), Some(&off));
    ids
}

async fn employee(world: &World, album: &Album<'_>) -> Outcome {
    let browser = album.browser;
    world.sign_in(browser, "alice").await?;
    album.take("setup-who", "setup-1-who").await?;
    browser.confirm_who().await?;
    album.take("setup-passphrase", "setup-2-passphrase").await?;
    let passphrase = browser.choose_passphrase(&Passphrase::Suggested).await?;
    let (code, _words) = browser.read_kit().await?;
    album.take("setup-kit", "setup-3-kit").await?;
    browser.keep_kit().await?;
    album.take("setup-prove", "setup-4-prove").await?;
    browser.prove_kit(&code).await?;
    album.take("setup-done", "setup-5-done").await?;
    browser.click(&id("done-open-vault")).await?;
    album.take("unlock", "unlock").await?;
    browser.unlock(&passphrase).await?;
    album.take("vault", "vault-empty").await?;
    for (name, value) in [
        ("Wi-Fi at home", "correct horse battery staple"),
        ("Door of the archive", "4711-0815"),
        ("Backup of the laptop", "a long phrase that nobody guesses"),
    ] {
        browser.add_secret(&Secret { name, value, note: "" }).await?;
    }
    album.take("vault", "vault").await?;
    browser.open_security().await?;
    browser.element(&id("change-leaked")).await?;
    album.take("security", "security").await?;
    browser.leave_security().await?;
    browser.sign_out().await?;
    album.take("signed-out", "signed-out").await
}

async fn admin(world: &World, album: &Album<'_>, person: &str) -> Outcome {
    let browser = album.browser;
    browser.open(&world.program.link(ACME, "olga@acme.example")).await?;
    album.take("enter", "enter").await?;
    browser.click(&id("enter-continue")).await?;
    browser.set_up(&Passphrase::Suggested).await?;
    let url = world.program.url();
    for place in [
        "start",
        "scim",
        "connections",
        "domains",
        "users",
        "groups",
        "log",
        "brake",
        "policy",
        "audit",
    ] {
        browser.open_console(url, place).await?;
        album.take(&format!("admin-{place}"), &format!("console-{place}")).await?;
    }
    browser.open(&format!("{url}/admin/#/users/{person}")).await?;
    album.take("admin-user", "console-user").await
}
