//! What a page of the console does when answers are late or lost, somebody else changed something, or names are made to harm.

use freehold_testing::{Browser, Outcome, pages::id, scim::Person};
use serde_json::{Value, json};

use super::{owner_at_console, scim::make_token};
use crate::world::World;

/// The key, as WebDriver calls it.
const ESCAPE: &str = "\u{e00c}";

/// From now on, what the page asks of this path waits for [`let_go`].
async fn hold(browser: &Browser, path: &str) -> Outcome {
    let script = "const [path] = arguments; const asks = window.fetch; \
                  window.held = []; window.answered = 0; \
                  const gate = new Promise((open) => { window.letGo = open; }); \
                  window.fetch = async (...asked) => { \
                    if (!String(asked[0]).startsWith(path)) return asks(...asked); \
                    window.held.push(asked[1]?.method); await gate; \
                    const answer = await asks(...asked); const { status, headers } = answer; \
                    const text = status === 204 ? null : await answer.text(); \
                    setTimeout(() => { window.answered += 1; }, 100); \
                    return new Response(text, { status, headers }); };";
    browser.script(script, vec![json!(path)]).await.map(drop)
}

/// How many requests wait.
async fn held(browser: &Browser) -> Outcome<usize> {
    let all = browser.script("return window.held", Vec::new()).await?;
    Ok(all.as_array().map_or(0, Vec::len))
}

/// Waits until something is held.
async fn is_held(browser: &Browser) -> Outcome {
    browser
        .find("a request that waits", async || (held(browser).await.ok()? > 0).then_some(()))
        .await
}

/// Lets all that was held go on, and waits until the page has dealt with the answers.
async fn let_go(browser: &Browser) -> Outcome {
    browser.script("window.letGo()", Vec::new()).await?;
    let all = "return window.answered > 0 && window.answered === window.held.length";
    browser
        .find("all answers", async || {
            (browser.script(all, Vec::new()).await.ok()? == json!(true)).then_some(())
        })
        .await
}

/// Goes to a page as the back button does, whatever stands above this one.
async fn go_by_address(browser: &Browser, place: &str) -> Outcome {
    browser.script("location.hash = `#/${arguments[0]}`", vec![json!(place)]).await?;
    browser.at(&format!("admin-{place}")).await
}

/// What the page's own session asks, as another tab does.
async fn ask(browser: &Browser, method: &str, path: &str, body: &Value) -> Outcome<Value> {
    let script = "const [method, path, body, done] = arguments; \
                  fetch(path, { method, ...(body ? { body: JSON.stringify(body), \
                  headers: { 'content-type': 'application/json' } } : {}) }) \
                  .then((answer) => answer.json()).then(done, (error) => done(String(error)))";
    let values = vec![json!(method), json!(path), body.clone()];
    Ok(browser.session().execute_async(script, values).await?.convert()?)
}

#[tokio::test]
async fn a_page_whose_answer_comes_late_covers_no_other() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    hold(&browser, "/api/admin/users").await?;
    browser.click(&id("nav-users")).await?;
    browser.at("admin-loading").await?;
    browser.go_to("policy").await?;
    let_go(&browser).await?;
    browser.at("admin-policy").await?;

    browser.go_to("brake").await?;
    hold(&browser, "/api/admin/brake/confirm").await?;
    browser.click(&id("brake-confirm")).await?;
    browser.click(&id("confirm-confirm")).await?;
    is_held(&browser).await?;
    go_by_address(&browser, "policy").await?;
    let_go(&browser).await?;
    browser.at("admin-policy").await?;
    browser.close().await
}

#[tokio::test]
async fn a_token_that_was_made_is_shown_though_the_page_was_left() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    hold(&browser, "/api/admin/tokens").await?;
    browser.click(&id("token-create")).await?;
    browser.fill(&id("token-new-description"), "entra").await?;
    browser.click(&id("token-new-confirm")).await?;
    is_held(&browser).await?;
    go_by_address(&browser, "policy").await?;
    let_go(&browser).await?;
    assert!(browser.text(&id("secret-token")).await?.starts_with("fhs_"));
    browser.close().await
}

#[tokio::test]
async fn an_address_that_means_nothing_is_told_as_such() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    browser.tolerate(&[404]);
    browser.script("location.hash = '#/users/%E0%A4'", Vec::new()).await?;
    browser.at("admin-fault").await?;
    browser.sees_error("not-found").await?;
    let long = format!("location.hash = '#/users?search={}'", "a".repeat(300));
    browser.script(&long, Vec::new()).await?;
    browser.at("admin-users").await?;
    browser.close().await
}

#[tokio::test]
async fn escape_takes_no_secret_away_however_often_it_is_pressed() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    let token = make_token(&browser, "entra").await?;
    for _ in 0..3 {
        browser.session().action_chain().send_keys(ESCAPE).perform().await?;
    }
    assert_eq!(browser.text(&id("secret-token")).await?, token);
    let focused = "return document.activeElement.dataset.testid";
    assert_eq!(browser.script(focused, Vec::new()).await?, "secret-done");
    browser.click(&id("secret-done")).await?;
    browser.sees_text(&id("tokens"), "entra").await?;
    browser.close().await
}

#[tokio::test]
async fn what_another_owner_changed_meanwhile_stays() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    browser.go_to("policy").await?;
    let theirs = json!({"profileFloor": 1, "passkeyRequired": false, "recoveryCodeRequired": true});
    assert_eq!(ask(&browser, "PUT", "/api/policy", &theirs).await?, theirs);
    browser.click(&id("floor-2")).await?;
    browser.click(&id("policy-save")).await?;
    browser.click(&id("policy-confirm")).await?;
    browser.element("[data-testid=policy-recovery][aria-checked=true]").await?;
    let both = json!({"profileFloor": 2, "passkeyRequired": false, "recoveryCodeRequired": true});
    assert_eq!(ask(&browser, "GET", "/api/policy", &Value::Null).await?, both);

    browser.go_to("brake").await?;
    let limit = |count: u64| json!({"count": count, "percent": 20});
    let theirs = json!({"creates": limit(7), "deletes": limit(8), "deactivations": limit(9), "windowSeconds": 600});
    let _brake = ask(&browser, "PUT", "/api/admin/brake", &theirs).await?;
    browser.click(&id("brake-limits")).await?;
    browser.fill(&id("limit-creates-count"), "11").await?;
    browser.click(&id("limits-confirm")).await?;
    browser.sees_text(&id("limit-creates"), "11 or 20 %").await?;
    browser.sees_text(&id("limit-deletes"), "8 or 20 %").await?;
    browser.close().await
}

#[tokio::test]
async fn a_person_whom_somebody_else_restored_meanwhile_is_shown_as_there() -> Outcome {
    let world = World::start();
    let user = world.provision("alice");
    world.scim.delete(&user);
    let (browser, _ready) = owner_at_console(&world).await?;
    browser.open(&format!("{}/admin/#/users/{user}", world.program.url())).await?;
    browser.click(&id("user-restore")).await?;
    let script = "const [user, done] = arguments; \
                  fetch(`/api/admin/users/${user}/restore`, { method: 'POST', body: '{}', \
                  headers: { 'content-type': 'application/json' } }).then(({ status }) => done(status))";
    let values = vec![json!(user)];
    let status: u16 = browser.session().execute_async(script, values).await?.convert()?;
    assert_eq!(status, 204);
    browser.tolerate(&[404]);
    browser.click(&id("restore-confirm")).await?;
    browser.element("[data-testid=user-state][data-state=PENDING]").await?;
    browser.at("admin-user").await?;
    browser.close().await
}

#[tokio::test]
async fn a_switch_pressed_twice_while_it_is_under_way_is_turned_once() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    hold(&browser, "/api/admin/scim").await?;
    browser.click(&id("scim-toggle")).await?;
    browser.click(&id("scim-toggle")).await?;
    is_held(&browser).await?;
    assert_eq!(held(&browser).await?, 1);
    let_go(&browser).await?;
    browser.sees_text(&id("scim-state"), "SCIM is off").await?;
    browser.element("[data-testid=scim-toggle][aria-checked=false]").await?;
    assert_eq!(world.scim.send("GET", "/Users", None).status, 403);
    browser.close().await
}

#[tokio::test]
async fn sessions_that_cannot_be_told_are_no_sessions_that_are_not_there() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    let lost = "const asks = window.fetch; window.fetch = (...asked) => \
                String(asked[0]).endsWith('/sessions') ? Promise.reject(new TypeError()) : asks(...asked); \
                window.mend = () => { window.fetch = asks; };";
    browser.script(lost, Vec::new()).await?;
    browser.go_to("users").await?;
    browser.click(&id("user-link")).await?;
    browser.at("admin-user").await?;
    browser.sees_error("network-unreachable").await?;
    browser.script("window.mend()", Vec::new()).await?;
    browser.click(&id("error-retry")).await?;
    browser.element(&id("user-session")).await?;
    browser.close().await
}

#[tokio::test]
async fn a_page_that_cannot_be_loaded_is_told_as_a_network_that_is_away_and_comes_with_it()
-> Outcome {
    let (world, relay) = World::with_relay();
    let (browser, _ready) = owner_at_console(&world).await?;
    browser.tolerate_lost_answers();
    relay.cut();
    browser.click(&id("nav-groups")).await?;
    browser.sees_error("network-unreachable").await?;
    browser.click(&id("error-retry")).await?;
    browser.sees_error("network-unreachable").await?;
    relay.mend();
    browser.click(&id("error-retry")).await?;
    browser.at("admin-groups").await?;
    browser.close().await
}

/// Whether nothing stands beyond the edges of the window.
async fn fits(browser: &Browser) -> Outcome {
    let wide = "return [document.documentElement.scrollWidth, innerWidth]";
    let found = browser.script(wide, Vec::new()).await?;
    assert!(found[0].as_u64() <= found[1].as_u64(), "{found} {}", browser.address().await?);
    Ok(())
}

#[tokio::test]
async fn names_without_a_place_to_break_stay_in_the_window_and_unseen_ones_have_a_link() -> Outcome
{
    let world = World::start();
    let long = "W".repeat(200);
    let user_name = format!("{}@corp.test", "w".repeat(180));
    let new = |user_name: &str, display_name: &str| {
        world.scim.create(&Person { user_name, external_id: user_name, display_name })
    };
    let user = new(&user_name, &long);
    let unseen = new("unseen@corp.test", "\u{200b}\u{3164}");
    let group = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": long, "members": [{"value": user}, {"value": unseen}],
    });
    let made = world.scim.send("POST", "/Groups", Some(&group));
    let group = made.json()["id"].as_str().unwrap_or_default().to_owned();
    let (browser, _ready) = owner_at_console(&world).await?;
    for width in [1280, 320] {
        let size = json!({"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false});
        browser.session().cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
        for (place, screen) in [
            ("users".to_owned(), "admin-users"),
            (format!("users/{user}"), "admin-user"),
            ("groups".to_owned(), "admin-groups"),
            (format!("groups/{group}"), "admin-group"),
        ] {
            browser.open(&format!("{}/admin/#/{place}", world.program.url())).await?;
            browser.at(screen).await?;
            fits(&browser).await?;
        }
    }
    let size = json!({"width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": false});
    browser.session().cdp().send_raw("Emulation.setDeviceMetricsOverride", size).await?;
    browser.open_console(world.program.url(), "scim").await?;
    let _token = make_token(&browser, &long).await?;
    browser.click(&id("secret-done")).await?;
    browser.sees_text(&id("tokens"), &long).await?;
    let lines = "const text = document.createRange(); \
                 text.selectNodeContents(document.querySelector('[data-testid=token-rotate] span')); \
                 return text.getClientRects().length";
    assert_eq!(browser.script(lines, Vec::new()).await?, 1, "a button is one line");
    browser.open(&format!("{}/admin/#/users?search=unseen", world.program.url())).await?;
    browser.sees_text(&id("user-link"), "unseen@corp.test").await?;
    browser.click(&id("user-link")).await?;
    browser.at("admin-user").await?;
    browser.close().await
}

#[tokio::test]
async fn who_becomes_an_admin_is_told_by_the_name_that_nobody_else_has() -> Outcome {
    let world = World::start();
    let user = world.scim.create(&Person {
        user_name: "mallory@corp.test",
        external_id: "mallory",
        display_name: "Alice Example",
    });
    let (browser, _ready) = owner_at_console(&world).await?;
    browser.open(&format!("{}/admin/#/users/{user}", world.program.url())).await?;
    browser.click(&id("user-grant")).await?;
    browser.sees_text(&id("grant-dialog"), "mallory@corp.test").await?;
    browser.close().await
}

#[tokio::test]
async fn a_request_that_turns_directions_is_shown_as_it_was_asked() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    let turned = "/Users?filter=userName%20eq%20%22%E2%80%AEx%22%20and%20and";
    assert_eq!(world.scim.send("GET", turned, None).status, 400);
    browser.go_to("log").await?;
    browser.element("[data-testid=log-entry]").await?;
    let shown = browser.text("[data-testid=log-entry] .asked").await?;
    assert!(shown.contains("\u{fffd}x") && !shown.contains('\u{202e}'), "{shown}");
    let body = json!({"schemas": ["\u{202e}urn"], "userName": "x"});
    assert_eq!(world.scim.send("POST", "/Users", Some(&body)).status, 400);
    let body = "[data-testid=log-entry] .body pre";
    browser.element("[data-testid=log-entry] .body").await?;
    let text = "return document.querySelector(arguments[0]).textContent";
    let shown = browser.script(text, vec![json!(body)]).await?;
    assert!(shown.as_str().is_some_and(|text| text.contains("\n    \"\u{fffd}urn\"")), "{shown}");
    browser.close().await
}

#[tokio::test]
async fn requests_that_make_room_for_new_ones_are_had_again_by_a_button() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    browser.go_to("log").await?;
    browser.element("[data-testid=log-state][data-state=live]").await?;
    assert_eq!(
        world.scim.send("GET", "/Users?filter=userName%20eq%20%22first%22", None).status,
        200
    );
    browser.sees_text("[data-testid=log-entry]", "first").await?;
    assert!(!browser.has(&format!("{}:not([hidden])", id("log-more"))).await);
    for _ in 0..310 {
        assert_eq!(world.scim.send("GET", "/ServiceProviderConfig", None).status, 200);
    }
    browser.click(&id("log-more")).await?;
    browser.sees_text("[data-testid=log-entry]:last-child", "first").await?;
    browser.close().await
}

#[tokio::test]
async fn numbers_and_dates_are_written_as_the_browser_has_them() -> Outcome {
    let world = World::start();
    let _answer = world.scim.send("GET", "/Users?count=1", None);
    let (browser, _ready) = owner_at_console(&world).await?;
    let british = "Object.defineProperty(navigator, 'languages', { get: () => ['en-GB'] })";
    let cdp = browser.session().cdp();
    let source = json!({"source": british});
    cdp.send_raw("Page.addScriptToEvaluateOnNewDocument", source).await?;
    browser.session().refresh().await?;
    browser.at("admin-scim").await?;
    browser.go_to("log").await?;
    let moment = "const at = document.querySelector('[data-testid=log-entry] time'); \
                  return at.textContent === new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeStyle: 'medium' }) \
                  .format(new Date(at.dateTime))";
    browser.element("[data-testid=log-entry]").await?;
    assert_eq!(browser.script(moment, Vec::new()).await?, json!(true));
    browser.close().await
}

#[tokio::test]
async fn days_are_counted_as_arabic_counts_them() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    browser.speaks("ar").await?;
    browser.session().refresh().await?;
    browser.open_console(world.program.url(), "users").await?;
    browser.click(&id("users-state-PENDING")).await?;
    let texts = "return [...document.querySelectorAll('[data-testid=users-stuck] option')].map((one) => one.textContent)";
    let all = browser.script(texts, Vec::new()).await?;
    let wanted = ["أكثر من 3 أيام", "أكثر من 7 أيام", "أكثر من 14 يومًا", "أكثر من 30 يومًا"];
    assert_eq!(all.as_array().map(|all| &all[1..]), Some(&wanted.map(Value::from)[..]));
    browser.close().await
}

#[tokio::test]
async fn the_focus_stays_where_a_token_was_revoked_or_rotated() -> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    let focused = "return document.activeElement === \
                   document.querySelector('[data-testid=tokens-panel] h2')";
    let is_focused = async || {
        browser
            .find("the focus at the heading of the tokens", async || {
                (browser.script(focused, Vec::new()).await.ok()? == json!(true)).then_some(())
            })
            .await
    };
    browser.click(&id("token-rotate")).await?;
    browser.click(&id("token-rotate-confirm")).await?;
    browser.click(&id("secret-done")).await?;
    browser.element(&id("token-advice")).await?;
    is_focused().await?;
    browser.click(&id("token-revoke")).await?;
    browser.click(&id("token-revoke-confirm")).await?;
    browser.element(&id("tokens-over")).await?;
    is_focused().await?;
    browser.close().await
}

#[tokio::test]
async fn what_is_missing_or_too_much_in_a_form_is_said_at_once_in_the_language_of_the_page()
-> Outcome {
    let world = World::start();
    let (browser, _ready) = owner_at_console(&world).await?;
    browser.speaks("de").await?;
    browser.session().refresh().await?;
    browser.at("admin-scim").await?;
    browser.click(&id("token-create")).await?;
    browser.fill(&id("token-new-description"), &"é".repeat(150)).await?;
    browser.click(&id("token-new-confirm")).await?;
    browser.sees_text(&id("field-fault"), "200 Bytes").await?;
    browser.click(&id("token-new-cancel")).await?;

    browser.open_console(world.program.url(), "connections").await?;
    browser.click(&id("add-oidc")).await?;
    browser.at("admin-add-oidc").await?;
    hold(&browser, "/api/admin/").await?;
    for field in ["issuer", "client-id", "client-secret"] {
        browser.click(&id("connection-add")).await?;
        browser.sees_text(&id("field-fault"), "Füllen Sie dieses Feld aus").await?;
        let focused = "return document.activeElement.id";
        assert_eq!(browser.script(focused, Vec::new()).await?, field);
        let text = if field == "issuer" { world.panva.issuer() } else { "x" };
        browser.fill(&id(field), text).await?;
    }
    assert_eq!(held(&browser).await?, 0, "nothing was asked");
    browser.script("window.letGo()", Vec::new()).await?;
    browser.click("[data-testid=further] summary").await?;
    browser.fill(&id("subject-claim"), "email").await?;
    browser.tolerate(&[400]);
    browser.click(&id("connection-add")).await?;
    browser.sees_error("bad-request").await?;
    browser.sees_text("[data-testid=error-next][lang=en][dir=ltr]", "sub").await?;

    browser.click(&id("back")).await?;
    browser.at("admin-connections").await?;
    browser.click(&id("add-saml")).await?;
    browser.at("admin-add-saml").await?;
    hold(&browser, "/api/admin/").await?;
    browser.click(&id("connection-add")).await?;
    browser.sees_text(&id("field-fault"), "Geben Sie die Metadaten an").await?;
    let large = world.program.scratch("federation.xml");
    std::fs::write(&large, "<".repeat(10 << 20))?;
    let file = browser.element(&id("metadata-file")).await?;
    file.send_keys(large.display().to_string()).await?;
    browser.sees_error("metadata-too-large").await?;
    let text = "return document.getElementById('metadata-text').value.length";
    assert_eq!(browser.script(text, Vec::new()).await?, 0);
    std::fs::write(&large, "<a/>")?;
    file.send_keys(large.display().to_string()).await?;
    browser.sees_text(&id("metadata-file-name"), "federation.xml").await?;
    browser.fill(&id("metadata-url"), "https://idp.example.com/").await?;
    browser.click(&id("connection-add")).await?;
    browser.sees_text(&id("field-fault"), "nicht beides").await?;
    assert_eq!(held(&browser).await?, 0, "nothing was asked");

    browser.script("window.letGo()", Vec::new()).await?;
    browser.go_to("audit").await?;
    browser.click(".page-audit summary").await?;
    browser.fill(&id("audit-noted"), "12:abc").await?;
    browser.click(&id("audit-verify")).await?;
    browser.sees_text(&id("field-fault"), "64 Buchstaben und Ziffern").await?;
    browser.close().await
}
