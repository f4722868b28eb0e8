//! Padding and envelopes.

use freehold_vectors::{Expected, File, run_case};
use serde_json::{Value, json};

use super::world::{drawn, flipped};
use super::{Cases, with};

pub fn paddings() -> File {
    let mut cases = Cases::new(
        "padding",
        "Section 7: a content's length to its padded length (it must come off again); padded \
         content to content. `zeros` stands for that many zero bytes at the end.",
    );
    for length in [
        0, 1, 62, 63, 64, 127, 128, 4094, 4095, 4096, 4351, 4352, 8190, 8191, 8192, 8703, 65534,
        65535, 65536, 1_048_575, 1_048_576,
    ] {
        let inputs = json!({ "content": { "length": length, "fill": 0x61 } });
        cases.gives(&format!("{length} bytes"), inputs);
    }
    let inputs = json!({ "content": { "length": 100, "fill": 0 } });
    cases.gives("content of zeros", inputs);
    let inputs = json!({ "content": { "length": 100, "fill": 0x80 } });
    cases.gives("content of end marks", inputs);
    cases.refused(
        "content over 1 MiB",
        json!({ "content": { "length": 1_048_577, "fill": 0x61 } }),
        "padding",
    );
    let unpad = |padded: &str, zeros: usize| json!({ "padded": padded, "zeros": zeros });
    cases
        .gives("unpad: five bytes", unpad("68656c6c6f80", 58))
        .gives("unpad: nothing", unpad("80", 63))
        .gives("unpad: a full block", unpad(&format!("{}80", "61".repeat(63)), 0))
        .refused("unpad: no bytes", unpad("", 0), "padding")
        .refused("unpad: only zeros", unpad("", 64), "padding")
        .refused("unpad: another end mark", unpad("68656c6c6f81", 58), "padding")
        .refused("unpad: no end mark", unpad("68656c6c6f", 59), "padding")
        .refused("unpad: something after the end mark", unpad("68656c6c6f8001", 57), "padding")
        .refused("unpad: a zero short", unpad("68656c6c6f80", 57), "padding")
        .refused("unpad: a zero long", unpad("68656c6c6f80", 59), "padding")
        .refused("unpad: a block long", unpad("68656c6c6f80", 122), "padding")
        .refused(
            "unpad: 4097 bytes in steps of 64",
            unpad(&format!("{}80", "61".repeat(4096)), 63),
            "padding",
        )
        .done()
}

/// The inputs of one envelope of each type.
fn bases() -> Vec<(&'static str, Value, String)> {
    let base = |kind: u8, object: &str, epoch: u64, version: u64, extra: &str| {
        json!({
            "key": hex::encode(drawn(&format!("key of type {kind}"))),
            "type": kind,
            "organization": "11111111-1111-1111-1111-111111111111",
            "user": "22222222-2222-2222-2222-222222222222",
            "object": object,
            "epoch": epoch,
            "version": version,
            "extra": extra,
        })
    };
    let nothing = "00000000-0000-0000-0000-000000000000";
    let item = "44444444-4444-4444-4444-444444444444";
    let kh = format!("010001000000030001000000000004{}", "a1".repeat(16));
    let key = hex::encode(drawn("content"));
    let keyring = format!("{key}{}", hex::encode(drawn("more content")));
    vec![
        ("master key for a password", base(1, nothing, 1, 0, &kh), key.clone()),
        ("master key for a recovery code", base(2, nothing, 1, 0, ""), key.clone()),
        (
            "master key for a passkey",
            base(3, nothing, 1, 0, &hex::encode(super::world::passkey(1))),
            key.clone(),
        ),
        ("keyring", base(5, nothing, 1, 0, ""), keyring),
        ("item key", base(9, item, 3, 7, ""), key),
        ("item", base(7, item, 0, 7, "0001"), hex::encode("{\"name\":\"bank\"}")),
    ]
}

pub fn envelopes() -> File {
    let mut cases = Cases::new(
        "envelope",
        "Section 6: sealing with a given salt; opening. `object` is written as a UUID.",
    );
    for (name, base, content) in bases() {
        let salt = hex::encode(drawn(&format!("salt of {name}")));
        let seal =
            with(&base, |inputs| inputs["seal"] = json!({ "salt": salt, "content": content }));
        let Expected::Result(sealed) = run_case("envelope", &seal) else { panic!("{name}") };
        let sealed = hex::decode(sealed["envelope"].as_str().unwrap()).unwrap();
        let opening =
            |bytes: &[u8]| with(&base, |inputs| inputs["envelope"] = json!(hex::encode(bytes)));
        cases
            .gives(&format!("{name}: seal"), seal)
            .gives(&format!("{name}: open"), opening(&sealed));
        for (field, position) in [
            ("magic", 0),
            ("suite", 4),
            ("type", 5),
            ("flags", 7),
            ("key id", 8),
            ("salt", 24),
            ("commitment", 56),
            ("length", 91),
            ("ciphertext", 92),
            ("tag", sealed.len() - 1),
        ] {
            let inputs = opening(&flipped(&sealed, position));
            cases.refused(&format!("{name}: {field} changed"), inputs, "envelope");
        }
        let short = opening(&sealed[..sealed.len() - 1]);
        cases.refused(&format!("{name}: a byte short"), short, "envelope");
        let long = opening(&[&sealed[..], &[0]].concat());
        cases.refused(&format!("{name}: a byte long"), long, "envelope");
        asked_differently(&mut cases, name, &opening(&sealed));
    }
    cases.done()
}

/// The envelope is whole, but the reader asks for something else.
fn asked_differently(cases: &mut Cases, name: &str, opening: &Value) {
    let kind = opening["type"].as_u64().unwrap();
    let other_id = json!("55555555-5555-5555-5555-555555555555");
    let mut asks = vec![
        ("key", json!(hex::encode(drawn("another key")))),
        ("organization", other_id.clone()),
        ("user", other_id.clone()),
    ];
    if kind != 7 {
        asks.push(("epoch", json!(2)));
    }
    if matches!(kind, 7 | 9) {
        asks.push(("object", other_id));
        asks.push(("version", json!(8)));
    }
    match kind {
        1 => asks
            .push(("extra", json!(format!("010001000000030001000000000004{}", "a2".repeat(16))))),
        2 => asks.push(("extra", json!("00"))),
        3 => asks.push(("extra", json!(hex::encode(super::world::passkey(2))))),
        7 => asks.push(("extra", json!("0002"))),
        _ => {}
    }
    for (field, value) in asks {
        let inputs = with(opening, |inputs| inputs[field] = value);
        cases.refused(&format!("{name}: asked for another {field}"), inputs, "envelope");
    }
    // Types 1, 2, 3 and 9 hold the same kind of content: only what is asked for tells them apart.
    let other_type = match kind {
        1 => 2,
        2 => 1,
        9 => 2,
        _ => 9,
    };
    let inputs = with(opening, |inputs| inputs["type"] = json!(other_type));
    cases.refused(&format!("{name}: asked for another type"), inputs, "envelope");
}
