//! The recovery kit is made without a network, and must be given back before the account is READY: the
//! code, the words or the file, and nothing that only looks like them.

use std::path::{Path, PathBuf};

use freehold_keys::{Client, Unlock};
use freehold_testing::{
    Browser, Outcome, Relay,
    pages::{Passphrase, Secret, id},
    relay::Forged,
};
use freehold_wire::{MethodKind, Profile};

use crate::world::World;

/// A person at the kit's screen, with her kit.
async fn at_the_kit(world: &World) -> Outcome<(Browser, String, Vec<String>)> {
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.confirm_who().await?;
    let _passphrase = browser.choose_passphrase(&Passphrase::Suggested).await?;
    let (code, words) = browser.read_kit().await?;
    Ok((browser, code, words))
}

#[tokio::test]
async fn a_mistyped_code_and_the_code_of_another_kit_are_refused_and_the_words_are_taken() -> Outcome
{
    let world = World::start();
    let (browser, code, words) = at_the_kit(&world).await?;
    assert!(code.starts_with("fhrec1") && code.len() == 64, "{code}");
    assert_eq!(words.len(), 24);
    browser.keep_kit().await?;

    let last = if code.ends_with('q') { "p" } else { "q" };
    browser.prove_kit(&format!("{}{last}", &code[..code.len() - 1])).await?;
    browser.sees_error("bad-code").await?;
    // A good code, of nobody: 32 zero bytes as BIP-39 words.
    let nobody = format!("{}art", "abandon ".repeat(23));
    browser.prove_kit(&nobody).await?;
    browser.sees_error("recovery-mismatch").await?;
    assert_eq!(world.state_of("alice"), "PENDING");

    browser.prove_kit(&words.join(" ").to_uppercase()).await?;
    browser.at("setup-done").await?;
    assert_eq!(world.state_of("alice"), "READY");
    browser.close().await
}

#[tokio::test]
async fn without_a_network_the_kit_is_made_and_proved_and_its_code_opens_the_account() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let browser = world.browser_of("alice").await?;
    browser.confirm_who().await?;
    let _passphrase = browser.choose_passphrase(&Passphrase::Suggested).await?;
    let (code, _words) = browser.read_kit().await?;
    relay.cut();
    browser.tolerate_lost_answers();

    browser.click(&id("kit-download")).await?;
    let file = browser.find("the downloaded kit", async || downloaded(&browser)).await?;
    let on_paper = freehold_kit::find(&std::fs::read(&file)?).expect("a code in the file");
    assert_eq!(on_paper.as_slice(), code.as_bytes());
    browser.keep_kit().await?;
    give_back(&browser, &file).await?;
    // Proved; what fails is only the way to the server.
    browser.at("setup-saving").await?;
    browser.sees_error("network-unreachable").await?;
    assert_eq!(world.state_of("alice"), "PENDING");

    relay.mend();
    browser.click(&id("error-retry")).await?;
    browser.at("setup-done").await?;
    assert_eq!(world.state_of("alice"), "READY");
    unlock_by_code(&browser, world.program.url(), &on_paper).await?;
    browser.close().await
}

/// Unlocks by the recovery code as another client would, through the browser's session.
async fn unlock_by_code(browser: &Browser, origin: &str, code: &[u8]) -> Outcome {
    let ask = "return fetch('/api/unlock').then((answer) => answer.text())";
    let offer = browser.script(ask, Vec::new()).await?;
    let offer = serde_json::from_str(offer.as_str().unwrap()).unwrap();
    let client = Client { origin, highest_profile: Profile::HIGHEST_IN_BROWSER, remembered: None };
    let kind = MethodKind::RecoveryCode;
    let unlock = Unlock::begin(offer, &client, kind, code, &mut |_, _| {}).unwrap();
    let send = "return fetch('/api/unlock', { method: 'POST', body: arguments[0],\
        headers: { 'content-type': 'application/json' } }).then((answer) => answer.text())";
    let request = serde_json::to_string(&unlock.request()).unwrap();
    let answer = browser.script(send, vec![request.into()]).await?;
    let answer = serde_json::from_str(answer.as_str().unwrap()).unwrap();
    assert!(unlock.open(&answer).is_ok(), "the code on the paper opens the account");
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_not_the_kit_says_so() -> Outcome {
    let world = World::start();
    let (browser, code, _words) = at_the_kit(&world).await?;
    browser.keep_kit().await?;
    let file = |name: &str, content: &[u8]| {
        let path = world.program.scratch(name);
        std::fs::write(&path, content).map(|()| path)
    };
    let large = vec![b' '; freehold_kit::MAX_GIVEN_BYTES + 1];
    let stranger = format!("fhrec1{}", "q".repeat(58));
    for (path, error) in [
        // No two alike in a row: an error that is left over must not pass for the next.
        (file("list.txt", b"a shopping list")?, "no-code-in-file"),
        (file("large.pdf", &large)?, "file-too-large"),
        (file("photo.pdf", b"%PDF-1.7 \x89 (a holiday) (unfinished")?, "no-code-in-file"),
        (file("mistyped.txt", stranger.as_bytes())?, "bad-code"),
        (file("empty.pdf", b"")?, "no-code-in-file"),
    ] {
        give_back(&browser, &path).await?;
        browser.sees_error(error).await?;
        assert_eq!(world.state_of("alice"), "PENDING");
    }
    // A text that somebody kept in his own way is a kit too.
    let groups: Vec<&str> =
        code.as_bytes().chunks(4).map(|four| std::str::from_utf8(four).unwrap()).collect();
    let note = format!("Freehold\r\n\r\ncode: {}\r\n", groups.join(" "));
    give_back(&browser, &file("note.txt", note.as_bytes())?).await?;
    browser.at("setup-done").await?;
    browser.close().await
}

#[tokio::test]
async fn the_text_that_a_reader_copies_from_the_kit_is_a_proof() -> Outcome {
    let world = World::start();
    let (browser, code, words) = at_the_kit(&world).await?;
    browser.keep_kit().await?;
    // As the page has it: four lines of four groups, and six rows of four words.
    let mistyped = code.replace("fhrec1", "fhrec2");
    let lines: Vec<String> =
        (0..4).map(|line| mistyped[line * 16..line * 16 + 16].to_owned()).collect();
    browser.prove_kit(&lines.join(" ")).await?;
    browser.sees_error("bad-code").await?;
    let rows = (0..6).map(|row| {
        let cells = (0..4).map(|column| column * 6 + row);
        cells.map(|at| format!("{}. {}", at + 1, words[at])).collect::<Vec<_>>().join("   ")
    });
    browser.prove_kit(&rows.collect::<Vec<_>>().join(" ")).await?;
    browser.at("setup-done").await?;
    browser.close().await
}

/// Chooses a file on the screen where the kit is given back.
async fn give_back(browser: &Browser, file: &Path) -> Outcome {
    browser.at("setup-prove").await?;
    let field = browser.element(&id("prove-file")).await?;
    Ok(field.send_keys(file.display().to_string()).await?)
}

#[tokio::test]
async fn a_name_that_the_fonts_of_the_kit_lack_is_drawn_and_the_code_is_found_all_the_same()
-> Outcome {
    let world = World::start();
    let _id = world.provision_as("alice", "alice-\u{141}\u{416}-\u{682a}@corp.test");
    let browser = world.browser_of("alice").await?;
    browser.confirm_who().await?;
    let _passphrase = browser.choose_passphrase(&Passphrase::Suggested).await?;
    let (code, _words) = browser.read_kit().await?;
    browser.click(&id("kit-download")).await?;
    let file = browser.find("the downloaded kit", async || downloaded(&browser)).await?;
    let pdf = std::fs::read(&file)?;
    let pixels = picture(&pdf);
    let ink = pixels.iter().map(|pixel| usize::from(*pixel)).sum::<usize>() * 100 / 255;
    let percent = ink / pixels.len();
    assert!((3..50).contains(&percent), "{percent} % of the line is ink");
    assert_eq!(freehold_kit::find(&pdf).unwrap().as_slice(), code.as_bytes());
    browser.keep_kit().await?;
    give_back(&browser, &file).await?;
    browser.at("setup-done").await?;
    browser.close().await
}

#[tokio::test]
async fn a_browser_that_hides_what_it_drew_gets_a_kit_that_says_what_it_lacks() -> Outcome {
    let (world, relay) = World::with_relay();
    // What protection against fingerprinting does: pixels are noise.
    const NOISE: &str = "OffscreenCanvasRenderingContext2D.prototype.getImageData = (x, y, w, h) => \
        ({ data: new Uint8Array(4 * w * h).map(() => 256 * Math.random()) });\n";
    relay.change_answers(|exchange| {
        (exchange.target == "/lib/worker/kit.js")
            .then(|| Forged::body([NOISE.as_bytes(), &exchange.answer].concat()))
    });
    let _id = world.provision_as("alice", "alice-\u{141}@corp.test");
    let browser = world.browser_of("alice").await?;
    browser.confirm_who().await?;
    let _passphrase = browser.choose_passphrase(&Passphrase::Suggested).await?;
    let (code, _words) = browser.read_kit().await?;
    browser.click(&id("kit-download")).await?;
    let file = browser.find("the downloaded kit", async || downloaded(&browser)).await?;
    let pdf = std::fs::read(&file)?;
    let holds = |what: &str| pdf.windows(what.len()).any(|window| window == what.as_bytes());
    assert!(!holds("/Subtype/Image"), "noise was printed");
    assert!(holds("(alice-?@corp.test)") && holds("A question mark above may stand for"));
    assert_eq!(freehold_kit::find(&pdf).unwrap().as_slice(), code.as_bytes());
    browser.close().await
}

/// The pixels of the only picture of a kit.
fn picture(pdf: &[u8]) -> &[u8] {
    let find = |from: usize, what: &[u8]| {
        let at = pdf[from..].windows(what.len()).position(|window| window == what);
        from + at.unwrap_or_else(|| panic!("no {}", String::from_utf8_lossy(what)))
    };
    let image = find(0, b"/Subtype/Image");
    let start = find(image, b"stream\n") + b"stream\n".len();
    &pdf[start..find(start, b"\nendstream")]
}

/// The kit, when its download has ended.
fn downloaded(browser: &Browser) -> Option<PathBuf> {
    let files = std::fs::read_dir(browser.downloads()).ok()?;
    let file = files.filter_map(Result::ok).map(|entry| entry.path()).find(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with("freehold-recovery-kit-acme-alice") && name.ends_with(".pdf")
    })?;
    let pdf = std::fs::read(&file).ok()?;
    (pdf.starts_with(b"%PDF-") && pdf.ends_with(b"%%EOF")).then_some(file)
}

/// The records that were downloaded.
async fn records(browser: &Browser) -> Outcome<String> {
    browser
        .find("the download", async || {
            let files = std::fs::read_dir(browser.downloads()).ok()?;
            let json = files
                .filter_map(Result::ok)
                .map(|entry| entry.path())
                .find(|path| path.extension().is_some_and(|extension| extension == "json"))?;
            std::fs::read_to_string(json).ok().filter(|text| text.ends_with(['}', '\n']))
        })
        .await
}

/// The first message of this kind that the server took.
fn sent(relay: &Relay, method: &str, prefix: &str) -> serde_json::Value {
    let taken = relay.exchanges_with(prefix);
    let sent = taken
        .iter()
        .find(|exchange| exchange.method == method && (200..300).contains(&exchange.status));
    serde_json::from_slice(&sent.unwrap().request).unwrap()
}

#[tokio::test]
async fn what_the_server_received_can_be_downloaded_and_is_what_was_sent() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let (browser, _ready) = world.set_up("alice").await?;
    browser.click(&id("done-download")).await?;
    let text = records(&browser).await?;
    let sent = sent(&relay, "POST", "/api/setup");
    for record in [&sent["card"], &sent["state"], &sent["keyring"]] {
        let record = record.as_str().unwrap();
        assert!(text.contains(record), "{record} is missing in the download");
    }
    browser.close().await
}

#[tokio::test]
async fn what_the_server_has_is_shown_later_too_and_is_what_was_sent() -> Outcome {
    let (world, relay) = World::with_relay();
    let _id = world.provision("alice");
    let (browser, _ready) = world.open_vault("alice").await?;
    browser.add_secret(&Secret { name: "Mail", value: "s3cret", note: "" }).await?;
    browser.open_security().await?;
    browser.click(&id("security-received")).await?;
    browser.at("security-received").await?;
    browser.element(&id("done-record-items")).await?;
    browser.click(&id("received-download")).await?;
    let text = records(&browser).await?;
    let set_up = sent(&relay, "POST", "/api/setup");
    let password = &set_up["methods"][0];
    let item = sent(&relay, "PUT", "/api/items/");
    for record in [
        &set_up["card"],
        &set_up["state"],
        &set_up["keyring"],
        &password["parameters"],
        &password["envelope"],
        &item["content"],
    ] {
        let record = record.as_str().unwrap();
        assert!(text.contains(record), "{record} is missing in the download");
    }
    browser.click(&id("received-back")).await?;
    browser.sees_security().await?;
    browser.close().await
}
