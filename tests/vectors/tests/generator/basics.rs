//! Passwords, recovery codes, derivations, public keys.

use freehold_keys::RecoveryCode;
use freehold_vectors::File;
use freehold_wire::{PasswordParameters, Profile};
use serde_json::{Value, json};

use super::world::{PASSWORD, drawn};
use super::{Cases, with};

pub fn passwords() -> File {
    let mut cases = Cases::new(
        "password",
        "Section 2: what was typed (UTF-8 in hex) to the normalized password.",
    );
    let typed = |bytes: &[u8]| json!({ "typed": hex::encode(bytes) });
    let text = |text: &str| typed(text.as_bytes());
    cases
        .gives("ASCII stays as it is", text(PASSWORD))
        .gives("composed letters", text("Åsa hört auf été"))
        .gives("decomposed letters", text("A\u{30a}sa ho\u{308}rt auf e\u{301}te\u{301}"))
        .gives("Angstrom and Ohm signs", text("\u{212b} and \u{2126} signs"))
        .gives("combining marks in another order", text("a\u{315}\u{300}\u{5ae}b and more"))
        .gives("full width", text("ｆｕｌｌｗｉｄｔｈ１２３"))
        .gives("ligature, long s, superscript", text("ﬁnd the ſun x² ﬀ"))
        .gives(
            "conjoining Hangul",
            text("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af} password"),
        )
        .gives("ideographic space becomes a space", text("pass\u{3000}phrase long"))
        .gives("nothing is trimmed", text("  spaces around  "))
        .gives("case is kept", text("Correct Horse Battery"))
        .gives("emoji with joiners", text("rocket 👩\u{200d}🚀 woman"))
        .gives("right to left with marks", text("סִיסְמָה אֲרֻכָּה"))
        .gives("format characters are kept", text("zero\u{200b}width\u{feff} joined"))
        .gives("12 bytes", text("twelve bytes"))
        .gives("1024 bytes", text(&"a".repeat(1024)))
        .gives("1024 bytes after normalization, 3072 before", text(&"ａ".repeat(1024)))
        .refused("11 bytes", text("eleven byte"), "password-too-short")
        .refused("nothing", text(""), "password-too-short")
        .refused(
            "11 bytes after normalization, 33 before",
            text(&"ａ".repeat(11)),
            "password-too-short",
        )
        .refused("1025 bytes", text(&"a".repeat(1025)), "password-too-long")
        .refused(
            "1056 bytes after normalization, 96 before",
            text(&"\u{fdfa}".repeat(32)),
            "password-too-long",
        );
    scripts(&mut cases);
    for (name, bad) in [
        ("control: null", "\u{0}"),
        ("control: tab", "\t"),
        ("control: line feed", "\n"),
        ("control: delete", "\u{7f}"),
        ("control: next line", "\u{85}"),
        ("private use in the first plane", "\u{e000}"),
        ("private use: the logo that Apple put there", "\u{f8ff}"),
        ("private use in plane 15", "\u{f0000}"),
        ("private use in plane 16", "\u{10fffd}"),
        ("unassigned", "\u{378}"),
        ("noncharacter U+FDD0", "\u{fdd0}"),
        ("noncharacter U+FFFF", "\u{ffff}"),
        ("noncharacter U+1FFFE", "\u{1fffe}"),
        ("unassigned in plane 4", "\u{40000}"),
        ("unassigned beside the tags", "\u{e0080}"),
        ("replacement character", "\u{fffd}"),
    ] {
        cases.refused(name, text(&format!("a long password {bad}")), "password-bad-character");
    }
    cases
        .refused("not UTF-8: stray byte", typed(b"a long password \xff"), "password-bad-character")
        .refused(
            "not UTF-8: overlong",
            typed(b"a long password \xc0\xaf"),
            "password-bad-character",
        )
        .refused(
            "not UTF-8: surrogate",
            typed(b"a long password \xed\xa0\x80"),
            "password-bad-character",
        )
        .refused(
            "not UTF-8: a pair of surrogates",
            typed(b"a long password \xed\xa0\xbd\xed\xb2\xa9"),
            "password-bad-character",
        )
        .refused(
            "not UTF-8: beyond U+10FFFF",
            typed(b"a long password \xf4\x90\x80\x80"),
            "password-bad-character",
        )
        .refused("not UTF-8: cut off", typed(b"a long password \xe2\x82"), "password-bad-character")
        .done()
}

/// Spellings that Unicode has several of, and limits that only show after normalization.
fn scripts(cases: &mut Cases) {
    let text = |text: &str| json!({ "typed": hex::encode(text) });
    cases
        .gives("two marks in the canonical order", text("ro\u{323}\u{302}t password"))
        .gives("two marks in the other order", text("ro\u{302}\u{323}t password"))
        .gives("two marks, composed", text("r\u{1ed9}t password"))
        .gives("long s with two marks", text("\u{1e9b}\u{323} password"))
        .gives("many marks on one letter", text(&format!("a{} password", "\u{301}".repeat(40))))
        .gives("a mark on nothing", text("\u{301} begins a password"))
        .gives("excluded from composition", text("\u{958}\u{fb2c} password"))
        .gives("half width katakana with a voiced mark", text("\u{ff76}\u{ff9e}\u{ff77} password"))
        .gives("Hangul: a syllable and its last consonant", text("\u{d558}\u{11ab} password"))
        .gives("Hangul: compatibility letters", text("\u{314e}\u{314f}\u{3134} password"))
        .gives("Hangul: half width letters", text("\u{ffbe}\u{ffc2}\u{ffa4} password"))
        .gives("Turkish dotted and dotless i stay apart", text("\u{130}\u{131}Ii password"))
        .gives("a capital I with a dot above becomes one letter", text("I\u{307}stanbul password"))
        .gives("a small i with a dot above stays two", text("i\u{307}stanbul password"))
        .gives("sharp s is not two letters", text("Stra\u{df}e stra\u{1e9e}e strasse"))
        .gives("Arabic ligatures and presentation forms", text("\u{fefb}\u{fedf}\u{fe8e} password"))
        .gives("Arabic marks in the other order", text("\u{628}\u{64e}\u{651} password"))
        .gives("Arabic marks in the canonical order", text("\u{628}\u{651}\u{64e} password"))
        .gives(
            "right-to-left marks and isolates are kept",
            text("\u{200f}\u{2067}ab\u{2069} password"),
        )
        .gives(
            "a non-joiner is kept",
            text("\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}"),
        )
        .gives("a soft hyphen is kept", text("pass\u{ad}word and more"))
        .gives(
            "a family of emoji",
            text("\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}"),
        )
        .gives(
            "emoji with a skin tone and a variation selector",
            text("\u{1f44d}\u{1f3fd}\u{2764}\u{fe0f}"),
        )
        .gives(
            "a flag of tags",
            text("\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}"),
        )
        .gives("Roman numeral, circled digit, unit", text("\u{2167}\u{2460}\u{338f} password"))
        .gives("mathematical letters", text("\u{1d429}\u{1d41a}\u{1d42c}\u{1d42c} password"))
        .gives("no-break space becomes a space", text("pass\u{a0}phrase long"))
        .gives("1000 characters", text(&"a".repeat(1000)))
        .gives("512 characters of two bytes", text(&"\u{e9}".repeat(512)))
        .gives("1024 bytes after normalization, 1536 before", text(&"e\u{301}".repeat(512)))
        .refused("513 characters of two bytes", text(&"\u{e9}".repeat(513)), "password-too-long")
        .refused("1000 characters of two bytes", text(&"\u{e9}".repeat(1000)), "password-too-long")
        .refused(
            "1025 bytes after normalization, 410 before",
            text(&"\u{bd}".repeat(205)),
            "password-too-long",
        )
        .refused(
            "8 bytes after normalization, 12 before",
            text(&"A\u{30a}".repeat(4)),
            "password-too-short",
        )
        .refused(
            "11 Kelvin signs: 11 bytes after normalization, 33 before",
            text(&"\u{212a}".repeat(11)),
            "password-too-short",
        );
}

pub fn recovery_codes() -> File {
    let mut cases = Cases::new(
        "recovery-code",
        "Section 5: what was typed (UTF-8 in hex) to the code's bytes and its two texts.",
    );
    let typed = |text: &str| json!({ "typed": hex::encode(text) });
    let code = RecoveryCode::from_bytes(&drawn("a recovery code"));
    let (text, words) = (code.to_text().to_string(), code.to_words().to_string());
    let groups = |separator: &str| {
        let pieces: Vec<_> =
            text.as_bytes().chunks(4).map(|piece| std::str::from_utf8(piece).unwrap()).collect();
        pieces.join(separator)
    };
    cases
        .gives("Bech32m", typed(&text))
        .gives("uppercase", typed(&text.to_uppercase()))
        .gives("mixed case", typed(&format!("{}{}", &text[..9], text[9..].to_uppercase())))
        .gives("groups with hyphens", typed(&groups("-")))
        .gives("groups with spaces and lines", typed(&groups(" \r\n ")))
        .gives("groups with typographic dashes", typed(&groups("\u{2011}")))
        .gives("no-break spaces", typed(&groups("\u{a0}")))
        .gives("words", typed(&words))
        .gives("words in uppercase on lines", typed(&words.to_uppercase().replace(' ', "\n")))
        .gives("words with hyphens", typed(&words.replace(' ', "-")));
    for bytes in [[0; 32], [0xff; 32]] {
        let code = RecoveryCode::from_bytes(&bytes);
        cases.gives(&format!("all bytes {:02x}", bytes[0]), typed(&code.to_text()));
    }
    refused_codes(&mut cases, &text, &words);
    cases.done()
}

fn refused_codes(cases: &mut Cases, text: &str, words: &str) {
    let typed = |text: &str| json!({ "typed": hex::encode(text) });
    let other = |character: char| if character == 'q' { 'p' } else { 'q' };
    let replaced = |position: usize| -> String {
        text.char_indices().map(|(i, c)| if i == position { other(c) } else { c }).collect()
    };
    let mut swapped: Vec<&str> = words.split(' ').collect();
    swapped.swap(0, 1);
    let bech32 =
        |prefix: &str, bytes: &[u8], constant| typed(&checked(prefix, &fives(bytes), constant));
    let bytes = drawn("a recovery code");
    let mut left_over = fives(&bytes);
    *left_over.last_mut().unwrap() |= 1;
    cases
        .refused("one character of the data is wrong", typed(&replaced(20)), "bad-code")
        .refused("one character of the checksum is wrong", typed(&replaced(63)), "bad-code")
        .refused("a character is missing", typed(&text[..63]), "bad-code")
        .refused("a character is added", typed(&format!("{text}q")), "bad-code")
        .refused(
            "a character outside the alphabet",
            typed(&text.replacen(&text[20..21], "b", 1)),
            "bad-code",
        )
        .refused("the old constant of Bech32", bech32("fhrec", &bytes, 1), "bad-code")
        .refused("another prefix", bech32("fhcon", &bytes, BECH32M), "bad-code")
        .refused("31 bytes", bech32("fhrec", &bytes[..31], BECH32M), "bad-code")
        .refused("33 bytes", bech32("fhrec", &[&bytes[..], &[0]].concat(), BECH32M), "bad-code")
        .refused(
            "left-over bits are not zero",
            typed(&checked("fhrec", &left_over, BECH32M)),
            "bad-code",
        )
        .refused("two words in the other order", typed(&swapped.join(" ")), "bad-code")
        .refused(
            "a word that is not in the list",
            typed(&words.replacen(swapped[3], "freehold", 1)),
            "bad-code",
        )
        .refused("23 words", typed(words.rsplit_once(' ').unwrap().0), "bad-code")
        .refused("25 words", typed(&format!("{words} zoo")), "bad-code")
        .refused(
            "12 words with a good checksum",
            typed(&format!("{}about", "abandon ".repeat(11))),
            "bad-code",
        )
        .refused("nothing", typed(""), "bad-code")
        .refused("too much", typed(&format!("{text}{}", " ".repeat(1000))), "bad-code")
        .refused("not UTF-8", json!({ "typed": "ff" }), "bad-code");
}

const BECH32M: u32 = 0x2bc8_30a3;

/// Groups of five bits, the last filled up with zeros.
fn fives(bytes: &[u8]) -> Vec<u8> {
    let bits: Vec<u8> =
        bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    bits.chunks(5)
        .map(|five| (0..5).fold(0, |value, i| value << 1 | five.get(i).copied().unwrap_or(0)))
        .collect()
}

/// Bech32 and Bech32m, written from BIP-173 and BIP-350: the library writes no wrong ones.
fn checked(prefix: &str, data: &[u8], constant: u32) -> String {
    let step = |state: u32, value: u8| {
        let generators = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3_u32];
        let top = state >> 25;
        let next = (state & 0x1ff_ffff) << 5 ^ u32::from(value);
        generators.iter().enumerate().fold(next, |next, (bit, generator)| {
            if top >> bit & 1 == 1 { next ^ generator } else { next }
        })
    };
    let high = prefix.bytes().map(|byte| byte >> 5);
    let low = prefix.bytes().map(|byte| byte & 31);
    let all = high.chain([0]).chain(low).chain(data.iter().copied()).chain([0; 6]);
    let sum = all.fold(1, step) ^ constant;
    let checksum = (0..6).map(|i| u8::try_from(sum >> (5 * (5 - i)) & 31).unwrap());
    let alphabet = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let characters = data.iter().copied().chain(checksum);
    let text: String = characters.map(|five| char::from(alphabet[usize::from(five)])).collect();
    format!("{prefix}1{text}")
}

pub fn derivations() -> File {
    let mut cases = Cases::new(
        "derivation",
        "Sections 3, 4 and 8: from the normalized password, the recovery code's bytes or the \
         passkey's output, and the parameters P to the method's secret and keys; from a master key to the keys under it.",
    );
    let kh = |profile| {
        let salt = drawn("a salt")[..16].try_into().unwrap();
        PasswordParameters { profile, salt }.to_bytes()
    };
    let base = json!({
        "organization": "11111111-1111-1111-1111-111111111111",
        "user": "22222222-2222-2222-2222-222222222222",
        "type": 1,
        "parameters": hex::encode(kh(Profile::Memory64Mib)),
        "input": hex::encode(PASSWORD),
        "epoch": 1,
        "masterKey": hex::encode(drawn("a master key")),
    });
    let set = |key: &str, value: Value| with(&base, |inputs| inputs[key] = value);
    cases
        .gives("password, profile 1", base.clone())
        .gives(
            "password, profile 2",
            set("parameters", json!(hex::encode(kh(Profile::Memory256Mib)))),
        )
        .gives("password, another user", set("user", json!("33333333-3333-3333-3333-333333333333")))
        .gives(
            "password, another organization",
            set("organization", json!("33333333-3333-3333-3333-333333333333")),
        )
        .gives("epoch 2", set("epoch", json!(2)))
        .gives("the highest epoch", set("epoch", json!((1u64 << 53) - 1)))
        .gives(
            "recovery code",
            with(&base, |inputs| {
                inputs["type"] = json!(2);
                inputs["parameters"] = json!("");
                inputs["input"] = json!(hex::encode(drawn("a recovery code")));
            }),
        );
    let good = kh(Profile::Memory64Mib);
    let changed = |position: usize, value: u8| {
        let mut bytes = good;
        bytes[position] = value;
        set("parameters", json!(hex::encode(bytes)))
    };
    cases
        .refused("profile 0", changed(0, 0), "profile-refused")
        .refused("profile 4", changed(0, 4), "profile-refused")
        .refused("profile 2 with the costs of 1", changed(0, 2), "profile-refused")
        .refused("a flag", changed(1, 1), "profile-refused")
        .refused("normalization 0", changed(2, 0), "profile-refused")
        .refused("normalization 2", changed(2, 2), "profile-refused")
        .refused("fewer passes", changed(6, 1), "profile-refused")
        .refused("more passes", changed(6, 4), "profile-refused")
        .refused("less memory", changed(8, 0), "profile-refused")
        .refused("fewer lanes", changed(14, 1), "profile-refused")
        .refused(
            "a byte short",
            set("parameters", json!(hex::encode(&good[..30]))),
            "profile-refused",
        )
        .refused(
            "a byte long",
            set("parameters", json!(hex::encode([&good[..], &[0]].concat()))),
            "profile-refused",
        );
    passkeys(&mut cases, &base);
    cases.done()
}

/// Section 5.1: what a passkey's output and parameters must be.
fn passkeys(cases: &mut Cases, base: &Value) {
    let passkey = |parameters: &[u8], output: &[u8]| {
        with(base, |inputs| {
            inputs["type"] = json!(3);
            inputs["parameters"] = json!(hex::encode(parameters));
            inputs["input"] = json!(hex::encode(output));
        })
    };
    let (good, output) = (super::world::passkey(1), super::world::passkey_output(1));
    let long = |length: usize| [vec![1; 32], vec![2; length]].concat();
    let mut other_salt = good.clone();
    other_salt[0] ^= 1;
    let mut almost_zero = [0; 32];
    almost_zero[31] = 1;
    cases
        .gives("passkey", passkey(&good, &output))
        .gives("passkey, another PRF salt", passkey(&other_salt, &output))
        .gives("passkey, a credential id of 1 byte", passkey(&long(1), &output))
        .gives("passkey, a credential id of 1023 bytes", passkey(&long(1023), &output))
        .gives("passkey, an output of zeros but for the last bit", passkey(&good, &almost_zero))
        .refused("passkey, an output of zeros", passkey(&good, &[0; 32]), "bad-passkey")
        .refused("passkey, no output", passkey(&good, &[]), "bad-passkey")
        .refused("passkey, an output of 31 bytes", passkey(&good, &output[..31]), "bad-passkey")
        .refused(
            "passkey, an output of 33 bytes",
            passkey(&good, &[&output[..], &[1]].concat()),
            "bad-passkey",
        )
        .refused("passkey, no credential id", passkey(&long(0), &output), "bad-passkey")
        .refused(
            "passkey, a credential id of 1024 bytes",
            passkey(&long(1024), &output),
            "bad-passkey",
        )
        .refused("passkey, no parameters", passkey(&[], &output), "bad-passkey");
}

pub fn public_keys() -> File {
    let mut cases = Cases::new("public-key", "Section 9: which public keys may be used.");
    let key = |algorithm: &str, key: &str| json!({ "algorithm": algorithm, "key": key });
    let ff = "ff".repeat(30);
    let zeros = "00".repeat(30);
    cases
        .gives(
            "Ed25519: RFC 8032 test 1",
            key("Ed25519", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
        )
        .refused("Ed25519: not on the curve", key("Ed25519", &format!("02{zeros}00")), "public-key")
        .refused(
            "Ed25519: the neutral point",
            key("Ed25519", &format!("01{zeros}00")),
            "public-key",
        )
        .refused("Ed25519: order 2", key("Ed25519", &format!("ec{ff}7f")), "public-key")
        .refused("Ed25519: order 4", key("Ed25519", &format!("00{zeros}00")), "public-key")
        .refused(
            "Ed25519: order 8",
            key("Ed25519", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
            "public-key",
        )
        .refused(
            "Ed25519: neutral point, sign bit of zero set",
            key("Ed25519", &format!("01{zeros}80")),
            "public-key",
        )
        .refused(
            "Ed25519: neutral point, y = p + 1",
            key("Ed25519", &format!("ee{ff}7f")),
            "public-key",
        )
        .refused(
            "Ed25519: y = p + 3, of full order",
            key("Ed25519", &format!("f0{ff}7f")),
            "public-key",
        )
        .gives(
            "X25519: RFC 7748, Alice",
            key("X25519", "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"),
        )
        .gives("X25519: the base point", key("X25519", &format!("09{zeros}00")))
        .gives("X25519: p - 2, the largest", key("X25519", &format!("eb{ff}7f")))
        .refused("X25519: 0", key("X25519", &format!("00{zeros}00")), "public-key")
        .refused("X25519: 1", key("X25519", &format!("01{zeros}00")), "public-key")
        .refused(
            "X25519: order 8",
            key("X25519", "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
            "public-key",
        )
        .refused(
            "X25519: order 8, the other",
            key("X25519", "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
            "public-key",
        )
        .refused("X25519: p - 1", key("X25519", &format!("ec{ff}7f")), "public-key")
        .refused("X25519: p, another 0", key("X25519", &format!("ed{ff}7f")), "public-key")
        .refused("X25519: p + 1, another 1", key("X25519", &format!("ee{ff}7f")), "public-key")
        .refused(
            "X25519: p + 9, the base point again",
            key("X25519", &format!("f6{ff}7f")),
            "public-key",
        )
        .refused(
            "X25519: the base point, top bit set",
            key("X25519", &format!("09{zeros}80")),
            "public-key",
        )
        .done()
}
