//! Tokens for provisioning, made, rotated and revoked by clicks; the connection tried from the page.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
};

use freehold_testing::{Browser, Outcome, Program, http::Request, pages::id, scim::Scim};
use serde_json::json;

use super::owner_at_console;
use crate::{accessibility::is_accessible, world::World};

const LOOK_UP: &str = "/Users?filter=userName%20eq%20%22nobody%22";

/// The status of what an identity provider asks with this token.
fn status_of(program: &Program, token: &str) -> u16 {
    Scim::with_token(program, token).send("GET", LOOK_UP, None).status
}

/// Makes a token by clicks and gives what the dialog shows; the dialog stays.
pub(super) async fn make_token(browser: &Browser, description: &str) -> Outcome<String> {
    browser.click(&id("token-create")).await?;
    browser.fill(&id("token-new-description"), description).await?;
    browser.click(&id("token-new-confirm")).await?;
    browser.text(&id("secret-token")).await
}

/// What the button beside a text puts on the clipboard.
async fn copied(browser: &Browser, testid: &str) -> Outcome<String> {
    browser
        .session()
        .cdp()
        .send_raw(
            "Browser.grantPermissions",
            json!({"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}),
        )
        .await?;
    browser.click(&id(&format!("{testid}-copy"))).await?;
    browser.sees_text(&id(&format!("{testid}-copy")), "Copied").await?;
    let read = "const done = arguments[arguments.length - 1]; \
                navigator.clipboard.readText().then(done, (error) => done(String(error)))";
    Ok(browser.session().execute_async(read, Vec::new()).await?.convert()?)
}

/// The row of the list that a token has.
fn row(token: &str) -> String {
    format!("{} {}", id("tokens"), id(token))
}

#[tokio::test]
async fn a_token_is_made_by_clicks_works_as_copied_and_is_shown_once() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    let shown = make_token(&browser, "entra").await?;
    let token = copied(&browser, "secret-token").await?;
    assert_eq!(token, shown);
    assert_eq!(copied(&browser, "secret-url").await?, format!("{}/scim/v2", world.program.url()));
    assert_eq!(status_of(&world.program, &token), 200);
    browser.click(&id("secret-done")).await?;
    browser.sees_text(&id("tokens"), "entra").await?;
    let nowhere = "return !document.documentElement.outerHTML.includes(arguments[0]) \
                   && !location.href.includes(arguments[0]) \
                   && ![localStorage, sessionStorage].some((held) => \
                   JSON.stringify({...held}).includes(arguments[0]))";
    for _ in ["after the dialog", "after a reload"] {
        assert_eq!(browser.script(nowhere, vec![json!(token)]).await?, json!(true));
        browser.session().refresh().await?;
        browser.at("admin-scim").await?;
    }
    browser.sees_text(&id("tokens"), "tests").await?;
    let count = "return document.querySelectorAll(`[data-testid=tokens] tbody tr`).length";
    assert_eq!(browser.script(count, Vec::new()).await?, json!(2), "a reload makes no token");
    assert!(!world.program.log().contains(&token));
    browser.close().await
}

#[tokio::test]
async fn a_locked_session_asks_for_the_passphrase_and_goes_on_in_the_dialog() -> Outcome {
    let world = World::start();
    let (browser, ready) = owner_at_console(&world).await?;
    browser.tolerate(&[403]);
    browser.lock_session().await?;
    browser.click(&id("token-create")).await?;
    browser.fill(&id("token-new-description"), "entra").await?;
    browser.click(&id("token-new-confirm")).await?;
    browser.try_passphrase(&ready.passphrase).await?;
    let token = browser.text(&id("secret-token")).await?;
    assert_eq!(status_of(&world.program, &token), 200);
    browser.click(&id("secret-done")).await?;
    browser.sees_text(&id("tokens"), "entra").await?;
    browser.close().await
}

#[tokio::test]
async fn what_is_shown_once_is_gone_in_the_moment_the_page_is_left() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    let shown = make_token(&browser, "entra").await?;
    // Both in one turn, before anything is drawn: a page in the background is not.
    let leave = "const holds = () => document.documentElement.outerHTML.includes(arguments[0]); \
                 const before = holds(); \
                 dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })); \
                 return [before, holds()]";
    assert_eq!(browser.script(leave, vec![json!(shown)]).await?, json!([true, false]));
    browser.sees_text(&id("tokens"), "entra").await?;
    browser.close().await
}

/// A client that never stops asking, as a sync under way does.
struct Sync {
    token: Arc<Mutex<String>>,
    stop: Arc<AtomicBool>,
    asked: Arc<AtomicU32>,
    thread: thread::JoinHandle<Vec<u16>>,
}

impl Sync {
    fn start(program: &Program, token: String) -> Self {
        let token = Arc::new(Mutex::new(token));
        let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
        let address = program.address();
        let thread = thread::spawn({
            let (token, stop, asked) = (token.clone(), stop.clone(), asked.clone());
            move || {
                let mut failed = Vec::new();
                while !stop.load(Ordering::SeqCst) {
                    let now = token.lock().expect("nobody panics with it").clone();
                    let status = Scim::at(address, now).send("GET", LOOK_UP, None).status;
                    failed.extend(Some(status).filter(|status| *status != 200));
                    asked.fetch_add(1, Ordering::SeqCst);
                }
                failed
            }
        });
        Self { token, stop, asked, thread }
    }

    /// Waits until it has asked some more times.
    async fn goes_on(&self, browser: &Browser) -> Outcome {
        let wanted = self.asked.load(Ordering::SeqCst) + 5;
        browser
            .find("a sync that goes on", async || {
                Some(()).filter(|()| self.asked.load(Ordering::SeqCst) >= wanted)
            })
            .await
    }

    /// Ends it; gives every status that was not a success.
    fn end(self) -> Vec<u16> {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.join().expect("it only asks")
    }
}

#[tokio::test]
async fn a_rotation_by_clicks_fails_no_request_of_a_sync_under_way() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    let old = make_token(&browser, "entra").await?;
    browser.click(&id("secret-done")).await?;
    browser.sees_text(&id("tokens"), "entra").await?;
    let sync = Sync::start(&world.program, old.clone());
    sync.goes_on(&browser).await?;
    browser.click(&row("token-rotate")).await?;
    browser.click(&id("token-rotate-confirm")).await?;
    let new = browser.text(&id("secret-token")).await?;
    browser.click(&id("secret-done")).await?;
    browser.sees_text(&id("token-advice"), "waits to be used").await?;
    sync.goes_on(&browser).await?;
    // What an admin does at the identity provider.
    new.clone_into(&mut sync.token.lock().expect("nobody panics with it"));
    sync.goes_on(&browser).await?;
    browser.session().refresh().await?;
    browser.sees_text(&id("token-advice"), "can be revoked").await?;
    let older = format!("tr:has({}) {}", id("token-advice"), id("token-revoke"));
    browser.click(&older).await?;
    browser.click(&id("token-revoke-confirm")).await?;
    browser.element(&id("tokens-over")).await?;
    sync.goes_on(&browser).await?;
    assert_eq!(sync.end(), [0; 0], "no request failed");
    assert_eq!((status_of(&world.program, &old), status_of(&world.program, &new)), (401, 200));
    browser.close().await
}

#[tokio::test]
async fn test_connection_is_green_by_clicks_and_says_where_to_switch_scim_on() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    browser.click(&id("scim-test")).await?;
    browser.sees_text(&id("trial-verdict"), "Everything is green").await?;
    let count = "return [document.querySelectorAll('[data-testid=trial-step]').length, \
                 document.querySelectorAll('[data-testid=trial-step].green').length]";
    let counted = browser.script(count, Vec::new()).await?;
    assert!(counted[0] == counted[1] && counted[0].as_u64() > Some(8), "{counted}");
    browser.click(&id("scim-toggle")).await?;
    browser.sees_text(&id("scim-state"), "SCIM is off").await?;
    browser.click(&id("scim-test")).await?;
    browser.sees_text(&id("trial-verdict"), "needs mending").await?;
    browser.sees_text(&id("trial-remedy"), "Switch on “Take SCIM requests”").await?;
    browser.click(&id("trial-to-switch")).await?;
    let focused = "return document.activeElement.dataset.testid";
    assert_eq!(browser.script(focused, Vec::new()).await?, json!("scim-toggle"));
    browser.click(&id("scim-toggle")).await?;
    browser.sees_text(&id("scim-state"), "SCIM is on").await?;
    browser.click(&id("scim-test")).await?;
    browser.sees_text(&id("trial-verdict"), "Everything is green").await?;
    browser.close().await
}

#[tokio::test]
async fn a_client_is_made_by_clicks_gets_an_access_token_and_is_revoked() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    browser.click(&id("tab-clients")).await?;
    browser.click(&id("client-create")).await?;
    browser.fill(&id("client-new-description"), "entra").await?;
    browser.click(&id("client-new-confirm")).await?;
    let client = browser.text(&id("secret-client-id")).await?;
    let secret = browser.text(&id("secret-client")).await?;
    let endpoint = browser.text(&id("secret-token-url")).await?;
    assert_eq!(endpoint, format!("{}/oauth/token", world.program.url()));
    let access = || {
        let form =
            format!("grant_type=client_credentials&client_id={client}&client_secret={secret}");
        Request::new("POST", "/oauth/token")
            .body("application/x-www-form-urlencoded", form)
            .send(world.program.address())
    };
    let token = access()?.json()["access_token"].as_str().unwrap_or_default().to_owned();
    assert_eq!(status_of(&world.program, &token), 200);
    browser.click(&id("secret-done")).await?;
    browser.sees_text(&id("clients"), &client).await?;
    browser.click(&id("client-revoke")).await?;
    browser.click(&id("client-revoke-confirm")).await?;
    browser.element(&id("clients-empty")).await?;
    assert_eq!((access()?.status, status_of(&world.program, &token)), (401, 401));
    browser.close().await
}

#[tokio::test]
async fn what_is_checked_off_stays_checked_after_a_reload() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    browser.click(&id("tab-mapping")).await?;
    browser.sees_text(&id("mapping-progress"), "0 of 21 done").await?;
    browser.click(&id("tick-entra-external-id")).await?;
    browser.click(&id("tick-entra-application")).await?;
    browser.sees_text(&id("mapping-progress"), "2 of 21 done").await?;
    browser.click(&id("mapping-okta")).await?;
    browser.sees_text(&id("mapping-progress"), "0 of 15 done").await?;
    browser.session().refresh().await?;
    browser.at("admin-scim").await?;
    browser.sees_text(&id("mapping-progress"), "0 of 15 done").await?;
    browser.click(&id("mapping-entra")).await?;
    browser.sees_text(&id("mapping-progress"), "2 of 21 done").await?;
    browser.element(&format!("{}:checked", id("tick-entra-external-id"))).await?;
    browser.close().await
}

#[tokio::test]
async fn no_panel_of_provisioning_has_a_violation() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    let size = json!({"width": 320, "height": 800, "deviceScaleFactor": 1, "mobile": false});
    browser.session().cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
    browser.click(&id("token-create")).await?;
    browser.click(&id("token-new-confirm")).await?;
    browser.element(&id("field-fault")).await?;
    is_accessible(&browser, "admin-scim").await?;
    browser.fill(&id("token-new-description"), "entra").await?;
    browser.click(&id("token-new-confirm")).await?;
    browser.element(&id("secret-token")).await?;
    is_accessible(&browser, "admin-scim").await?;
    browser.click(&id("secret-done")).await?;
    browser.sees_text(&id("tokens"), "entra").await?;
    is_accessible(&browser, "admin-scim").await?;
    browser.click(&row("token-rotate")).await?;
    browser.element(&id("token-rotate-hours")).await?;
    is_accessible(&browser, "admin-scim").await?;
    browser.click(&id("token-rotate-confirm")).await?;
    browser.click(&id("secret-done")).await?;
    browser.element(&id("token-advice")).await?;
    browser.click(&row("token-revoke")).await?;
    browser.element(&id("token-revoke-confirm")).await?;
    is_accessible(&browser, "admin-scim").await?;
    browser.click(&id("token-revoke-confirm")).await?;
    browser.element(&id("token-warning")).await?;
    browser.click(&id("scim-test")).await?;
    browser.element(&id("trial-verdict")).await?;
    is_accessible(&browser, "admin-scim").await?;
    browser.click(&id("scim-toggle")).await?;
    browser.click(&id("scim-test")).await?;
    browser.element(&id("trial-remedy")).await?;
    is_accessible(&browser, "admin-scim").await?;
    for (tab, shown) in [("tab-mapping", "mapping-progress"), ("tab-clients", "token-url")] {
        browser.click(&id(tab)).await?;
        browser.element(&id(shown)).await?;
        is_accessible(&browser, "admin-scim").await?;
    }
    browser.click(&id("client-create")).await?;
    browser.fill(&id("client-new-description"), "entra").await?;
    browser.click(&id("client-new-confirm")).await?;
    browser.element(&id("secret-client")).await?;
    is_accessible(&browser, "admin-scim").await?;
    browser.close().await
}
