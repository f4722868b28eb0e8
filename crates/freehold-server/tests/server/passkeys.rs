//! Passkeys over HTTP: added by a change that only a proved secret signs, named, used, taken away.

use freehold_keys::{Authority, Change, Derived, Renewal, Setup, Unlock};
use freehold_wire::{
    ChangeOffer, Context, MethodKind, SetupOffer, UnlockAnswer, UnlockOffer, encode_base64url,
};
use serde_json::{Value, json};

use crate::support::{
    Reply, World,
    person::{Browser, PASSPHRASE},
};

/// A passkey as its authenticator would give it.
#[derive(Clone, Copy)]
struct Passkey(u8);

impl Passkey {
    fn parameters(self) -> Vec<u8> {
        [[self.0; 32].as_slice(), b"credential"].concat()
    }

    fn text(self) -> String {
        encode_base64url(&self.parameters())
    }

    fn output(self) -> [u8; 32] {
        [self.0 ^ 0xff; 32]
    }
}

/// Proves the passphrase, to change something.
fn authority(browser: &mut Browser<'_>) -> Authority {
    let (unlock, reply) = browser.unlock(MethodKind::Password, PASSPHRASE);
    let answer: UnlockAnswer = serde_json::from_value(reply.is(200).json()).unwrap();
    unlock.open_to_change(answer).unwrap()
}

/// The request of a change that `make` makes.
fn change(browser: &mut Browser<'_>, make: impl FnOnce(&mut Change, Context)) -> Value {
    let mut change = Change::of(authority(browser));
    let offer = browser.get("/api/keys/change").is(200).json();
    let offer: ChangeOffer = serde_json::from_value(offer).unwrap();
    make(&mut change, Context::of_user(offer.organization, offer.user));
    let now = freehold_directory::Clock::now(&freehold_server::system::SystemClock);
    serde_json::to_value(change.request(&offer, now).unwrap().request()).unwrap()
}

fn added(browser: &mut Browser<'_>, passkeys: &[Passkey]) -> Value {
    change(browser, |change, context| {
        for passkey in passkeys {
            let derived =
                Derived::passkey(context, &passkey.parameters(), &passkey.output()).unwrap();
            change.add_passkey(&derived, &mut freehold_server::system::random()).unwrap();
        }
    })
}

fn add(browser: &mut Browser<'_>, passkeys: &[Passkey]) {
    let request = added(browser, passkeys);
    browser.post("/api/keys/change", &request).is(204);
}

/// Answers the session's offer with this passkey, as a page does.
fn unlock(browser: &mut Browser<'_>, passkey: Passkey) -> (Unlock, Reply) {
    let offer = browser.get("/api/unlock").is(200).json();
    let offer: UnlockOffer = serde_json::from_value(offer).unwrap();
    let client = browser.client();
    let derived =
        Derived::for_passkey(&offer, &client, &passkey.parameters(), &passkey.output()).unwrap();
    let unlock = Unlock::begin_derived(offer, &client, &derived).unwrap();
    let request = serde_json::to_value(unlock.request()).unwrap();
    let reply = browser.post("/api/unlock", &request);
    (unlock, reply)
}

/// Answers the session's offer with these parameters and a signature of nobody's.
fn guess(browser: &mut Browser<'_>, parameters: &str) -> Reply {
    browser.get("/api/unlock").is(200);
    let signature = "A".repeat(86);
    let request =
        json!({ "type": 3, "parameters": parameters, "signature": signature, "remembered": null });
    browser.post("/api/unlock", &request)
}

/// The passkeys that are listed, as parameters and name.
fn listed(browser: &Browser<'_>) -> Vec<(Value, Value)> {
    let methods = browser.get("/api/keys").is(200).json()["methods"].clone();
    let methods = methods.as_array().unwrap().iter().filter(|method| method["type"] == 3);
    methods.map(|method| (method["parameters"].clone(), method["name"].clone())).collect()
}

#[test]
fn a_passkey_is_added_named_and_opens_the_account_in_another_session() {
    let world = World::new();
    let mut browser = world.signed_in("ann");
    browser.set_up();
    let mut other = world.browser();
    other.sign_in("ann", "");
    other.open();
    let request = added(&mut browser, &[Passkey(1)]);
    browser.post("/api/keys/change", &request).is(204);
    browser.post("/api/keys/change", &request).is(204);
    other.get("/api/items").problem(403, "locked");
    assert_eq!(listed(&browser), [(json!(Passkey(1).text()), Value::Null)]);
    let named = json!({ "parameters": Passkey(1).text(), "name": "  Laptop " });
    browser.page("PUT", "/api/keys/passkey").json(&named).is(204);
    assert_eq!(listed(&browser), [(json!(Passkey(1).text()), json!("Laptop"))]);

    let (begun, reply) = unlock(&mut other, Passkey(1));
    let answer: UnlockAnswer = serde_json::from_value(reply.is(200).json()).unwrap();
    begun.open(&answer).unwrap();
    other.get("/api/items").is(200);
}

/// Every state that a person signs is kept for as long as the keys are.
#[test]
fn who_changes_keys_without_end_waits() {
    let world = World::new();
    let mut browser = world.signed_in("ann");
    browser.set_up();
    let mut changed = 0;
    let refused = loop {
        let request = change(&mut browser, |change, context| {
            let passkey = Passkey(changed as u8);
            if changed > 0 {
                change.remove_passkey(&Passkey(changed as u8 - 1).parameters()).unwrap();
            }
            let derived =
                Derived::passkey(context, &passkey.parameters(), &passkey.output()).unwrap();
            change.add_passkey(&derived, &mut freehold_server::system::random()).unwrap();
        });
        let reply = browser.post("/api/keys/change", &request);
        if reply.status != 204 {
            break reply;
        }
        changed += 1;
        assert!(changed < 40, "without end");
    };
    refused.problem(429, "changed-too-often");
    assert_eq!(changed, 30);
    assert_eq!(listed(&browser).len(), 1);
    let request = renewal(&mut browser);
    browser.post("/api/keys/renewal", &request).problem(429, "changed-too-often");
}

/// What the page sends to renew the keys of an account without items.
fn renewal(browser: &mut Browser<'_>) -> Value {
    let authority = authority(browser);
    let offer: SetupOffer =
        serde_json::from_value(browser.get("/api/keys/renewal").is(200).json()).unwrap();
    let random = &mut freehold_server::system::random();
    let client = browser.client();
    let setup = Setup::begin(offer.clone(), &client, PASSPHRASE, random, &mut |_, _| {}).unwrap();
    let code = setup.recovery_code().to_text();
    let proven = setup.prove_recovery(code.as_bytes()).ok().unwrap();
    let now = freehold_directory::Clock::now(&freehold_server::system::SystemClock);
    let renewal = Renewal::of(authority, proven).ok().unwrap();
    let attempt = renewal.request(&offer, &[], now, random).unwrap();
    serde_json::to_value(attempt.request()).unwrap()
}

#[test]
fn a_passkey_name_has_limits_and_needs_an_unlocked_session() {
    let world = World::new();
    let mut browser = world.signed_in("ann");
    browser.set_up();
    add(&mut browser, &[Passkey(1)]);
    let put = |parameters: &str, name: &str| {
        let body = json!({ "parameters": parameters, "name": name });
        browser.page("PUT", "/api/keys/passkey").json(&body)
    };
    let passkey = Passkey(1).text();
    for name in ["", "   ", &"x".repeat(65)] {
        put(&passkey, name).problem(400, "bad-request");
    }
    for name in ["a\u{0}b", "two\nlines", "Laptop\u{202e}", "\u{200b}", "Lap\u{ad}top"] {
        put(&passkey, name).problem(422, "text-unseen");
    }
    put("not base64url!", "Laptop").problem(400, "bad-request");
    put(&Passkey(2).text(), "Laptop").problem(404, "not-found");
    assert_eq!(listed(&browser)[0].1, Value::Null);
    put(&passkey, "گوشی من\u{200c}ها").is(204);
    put(&passkey, &"\u{e4}".repeat(64)).is(204);
    assert_eq!(listed(&browser)[0].1, "\u{e4}".repeat(64));

    let mut locked = world.browser();
    locked.sign_in("ann", "");
    let body = json!({ "parameters": passkey, "name": "Mine" });
    locked.page("PUT", "/api/keys/passkey").json(&body).problem(403, "locked");
    locked.get("/api/keys").problem(403, "locked");
    locked.get("/api/keys/change").problem(403, "locked");
}

#[test]
fn a_passkey_of_somebody_else_is_neither_named_nor_used() {
    let world = World::new();
    let mut ann = world.signed_in("ann");
    ann.set_up();
    add(&mut ann, &[Passkey(1)]);
    let mut bob = world.signed_in("bob");
    bob.set_up();
    add(&mut bob, &[Passkey(2)]);
    let body = json!({ "parameters": Passkey(1).text(), "name": "Mine" });
    bob.page("PUT", "/api/keys/passkey").json(&body).problem(404, "not-found");
    guess(&mut bob, &Passkey(1).text()).problem(403, "wrong-secret");
    assert_eq!(listed(&ann), [(json!(Passkey(1).text()), Value::Null)]);
}

#[test]
fn unknown_parameters_cost_a_try_and_sixty_an_hour_lock_no_other_way_in() {
    let world = World::new();
    let mut browser = world.signed_in("ann");
    browser.set_up();
    add(&mut browser, &[Passkey(1)]);
    for left in (0..60).rev() {
        let parameters = if left % 2 == 0 { Passkey(9).text() } else { Passkey(1).text() };
        let reply = guess(&mut browser, &parameters).problem(403, "wrong-secret");
        assert_eq!(reply["triesLeft"], left);
    }
    let (_, reply) = unlock(&mut browser, Passkey(1));
    let wait = reply.header("retry-after").unwrap().parse::<u64>().unwrap();
    assert!((1..=3600).contains(&wait), "{wait}");
    reply.problem(429, "tries-used-up");
    let (_, reply) = browser.unlock(MethodKind::Password, PASSPHRASE);
    assert_eq!(reply.is(200).json()["failedSince"], 60);
}

#[test]
fn guessing_passphrases_does_not_hold_a_passkey_back() {
    let world = World::new();
    let mut browser = world.signed_in("ann");
    browser.set_up();
    add(&mut browser, &[Passkey(1)]);
    for _ in 0..5 {
        let (_, reply) = browser.unlock(MethodKind::Password, b"wrong-horse-battery-staple-1");
        reply.problem(403, "wrong-secret");
    }
    let (_, reply) = browser.unlock(MethodKind::Password, PASSPHRASE);
    reply.problem(429, "tries-used-up");
    let (_, reply) = unlock(&mut browser, Passkey(1));
    assert_eq!(reply.is(200).json()["failedSince"], 5);
}

#[test]
fn a_removed_passkey_opens_nothing_and_the_others_do() {
    let world = World::new();
    let mut browser = world.signed_in("ann");
    browser.set_up();
    add(&mut browser, &[Passkey(1), Passkey(2)]);
    // Signed by the right key, for an offer that still named it.
    let offer = browser.get("/api/unlock").is(200).json();
    let mut offer: UnlockOffer = serde_json::from_value(offer).unwrap();
    let request = change(&mut browser, |change, _| {
        change.remove_passkey(&Passkey(1).parameters()).unwrap();
    });
    browser.post("/api/keys/change", &request).is(204);
    assert_eq!(listed(&browser), [(json!(Passkey(2).text()), Value::Null)]);
    let fresh = browser.get("/api/unlock").is(200).json();
    let fresh: UnlockOffer = serde_json::from_value(fresh).unwrap();
    offer.challenge = fresh.challenge;
    let client = browser.client();
    let (parameters, output) = (Passkey(1).parameters(), Passkey(1).output());
    let derived = Derived::for_passkey(&offer, &client, &parameters, &output).unwrap();
    let begun = Unlock::begin_derived(offer, &client, &derived).unwrap();
    let request = serde_json::to_value(begun.request()).unwrap();
    browser.post("/api/unlock", &request).problem(403, "wrong-secret");
    let (_, reply) = unlock(&mut browser, Passkey(2));
    reply.is(200);
}
