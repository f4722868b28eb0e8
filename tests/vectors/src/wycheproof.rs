//! Project Wycheproof's cases for every primitive that the protocol uses, as files of the kind
//! `primitives`, so that a browser runs them too.
//!
//! What is refused is decided here from a case's flags, and by our code from its bytes: the two
//! must agree.

use serde_json::{Value, json};
use wycheproof::{TestResult, aead, eddsa, hkdf, mac, xdh};

use crate::format::{Case, Expected, File, refusal};

/// A file for each primitive: its name and cases.
///
/// # Panics
/// If the crate's own data cannot be read.
#[must_use]
pub fn files() -> Vec<File> {
    vec![
        x25519(),
        ed25519(),
        aead("XChaCha20-Poly1305", aead::TestName::XChaCha20Poly1305),
        aead("ChaCha20-Poly1305", aead::TestName::ChaCha20Poly1305),
        hkdf(),
        hmac(),
    ]
}

fn file(primitive: &str, cases: Vec<Case>) -> File {
    let about = format!("Project Wycheproof, {primitive}.");
    File { kind: "primitives".to_owned(), about, cases }
}

fn case(name: String, inputs: Value, expected: Expected) -> Case {
    Case { name, inputs, expected }
}

fn refused(error: &str) -> Expected {
    Expected::Refused(refusal(error))
}

/// Each case twice: by the library, which takes what RFC 7748 takes, and by section 9.
fn x25519() -> File {
    use xdh::TestFlag::{LowOrderPublic, NonCanonicalPublic, ZeroSharedSecret};
    let set = xdh::TestSet::load(xdh::TestName::X25519).expect("X25519 is among the data");
    let mut cases = Vec::new();
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        let has = |flag| test.flags.contains(&flag);
        let inputs = |algorithm: &str| {
            json!({
                "algorithm": algorithm,
                "private": hex::encode(&test.private_key),
                "public": hex::encode(&test.public_key),
            })
        };
        let shared = Expected::Result(json!({
            "shared": hex::encode(&test.shared_secret),
            "contributory": !has(ZeroSharedSecret),
        }));
        let low = has(LowOrderPublic) || has(ZeroSharedSecret);
        // Both are "acceptable" there. Points of the twist are safe with X25519 and are taken.
        let ours =
            if low || has(NonCanonicalPublic) { refused("public-key") } else { shared.clone() };
        let name = format!("{} {} {:?}", test.tc_id, test.comment, test.flags);
        cases.push(case(format!("{name}, by the library"), inputs("X25519"), shared));
        cases.push(case(name, inputs("X25519 by section 9"), ours));
    }
    file("X25519", cases)
}

fn ed25519() -> File {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).expect("Ed25519 is among the data");
    let mut cases = Vec::new();
    for group in set.test_groups {
        for test in group.tests {
            let inputs = json!({
                "algorithm": "Ed25519 by section 9",
                "publicKey": hex::encode(&group.key.pk),
                "message": hex::encode(&test.msg),
                "signature": hex::encode(&test.sig),
            });
            // Nothing there is "acceptable".
            let expected = match test.result {
                TestResult::Valid => Expected::Result(json!({ "valid": true })),
                TestResult::Acceptable | TestResult::Invalid => refused("signature"),
            };
            cases.push(case(format!("{} {}", test.tc_id, test.comment), inputs, expected));
        }
    }
    file("Ed25519", cases)
}

fn aead(algorithm: &str, name: aead::TestName) -> File {
    use aead::TestFlag::InvalidNonceSize;
    let set = aead::TestSet::load(name).expect("the cipher is among the data");
    let mut cases = Vec::new();
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        let (content, sealed) = (hex::encode(&test.pt), [&test.ct[..], &test.tag].concat());
        let inputs = |field: &str, value: &str| {
            json!({
                "algorithm": algorithm,
                "key": hex::encode(&test.key),
                "nonce": hex::encode(&test.nonce),
                "associated": hex::encode(&test.aad),
                field: value,
            })
        };
        let name = format!("{} {}", test.tc_id, test.comment);
        let sealed = hex::encode(sealed);
        let opening = inputs("sealed", &sealed);
        if test.result == TestResult::Valid {
            let result = Expected::Result(json!({ "sealed": sealed }));
            cases.push(case(format!("{name}, sealed"), inputs("content", &content), result));
            let result = Expected::Result(json!({ "content": content }));
            cases.push(case(format!("{name}, opened"), opening, result));
        } else {
            let nonce = test.flags.contains(&InvalidNonceSize);
            cases.push(case(name, opening, refused(if nonce { "nonce" } else { "tag" })));
        }
    }
    file(algorithm, cases)
}

fn hkdf() -> File {
    let set = hkdf::TestSet::load(hkdf::TestName::HkdfSha256).expect("HKDF is among the data");
    let tests = set.test_groups.into_iter().flat_map(|group| group.tests);
    let cases = tests.map(|test| {
        let inputs = json!({
            "algorithm": "HKDF-SHA-256",
            "ikm": hex::encode(&test.ikm),
            "salt": hex::encode(&test.salt),
            "info": hex::encode(&test.info),
            "length": test.size,
        });
        let expected = match test.result {
            TestResult::Valid => Expected::Result(json!({ "okm": hex::encode(&test.okm) })),
            TestResult::Acceptable | TestResult::Invalid => refused("length"),
        };
        case(format!("{} {}", test.tc_id, test.comment), inputs, expected)
    });
    file("HKDF-SHA-256", cases.collect())
}

fn hmac() -> File {
    let set = mac::TestSet::load(mac::TestName::HmacSha256).expect("HMAC is among the data");
    let tests = set.test_groups.into_iter().flat_map(|group| group.tests);
    let cases = tests.map(|test| {
        let inputs = json!({
            "algorithm": "HMAC-SHA-256",
            "key": hex::encode(&test.key),
            "message": hex::encode(&test.msg),
            "tag": hex::encode(&test.tag),
        });
        let expected = match test.result {
            TestResult::Valid => Expected::Result(json!({ "valid": true })),
            TestResult::Acceptable | TestResult::Invalid => refused("tag"),
        };
        case(format!("{} {}", test.tc_id, test.comment), inputs, expected)
    });
    file("HMAC-SHA-256", cases.collect())
}
