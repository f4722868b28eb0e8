//! Other spellings: what a file of the corpus says, written as a lenient writer or a liar would. Bytes that are changed
//! one by one seldom come upon them.

use serde_json::Value;

/// Bytes that decide, one after the other; after the last there are zeros, which change nothing.
pub struct Choices<'a>(pub &'a [u8]);

impl Choices<'_> {
    fn next(&mut self) -> u8 {
        self.0.split_off_first().copied().unwrap_or(0)
    }

    /// One of `count` ways; 0, the usual one, most of the time.
    fn way(&mut self, count: u8) -> u8 {
        if self.next() < 245 { 0 } else { self.next() % count }
    }
}

/// JSON; what is none stays as it is.
pub fn json(file: &[u8], choices: &mut Choices<'_>) -> Vec<u8> {
    let Ok(value) = serde_json::from_slice::<Value>(file) else { return file.to_vec() };
    let mut text = String::new();
    spell(&value, choices, &mut text);
    text.into_bytes()
}

fn spell(value: &Value, choices: &mut Choices<'_>, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(&str, &Value)> =
                members.iter().map(|(name, value)| (name.as_str(), value)).collect();
            let at = usize::from(choices.next()) % members.len().max(1);
            match choices.way(7) {
                1 => return list(members.iter().map(|member| member.1), choices, out),
                2 => members.extend(members.get(at).copied()),
                3 if !members.is_empty() => drop(members.remove(at)),
                4 => members.push(("later", &Value::Null)),
                5 => members.reverse(),
                6 => members.retain(|member| !member.1.is_null()),
                _ => {}
            }
            out.push('{');
            for (at, (name, value)) in members.into_iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                spell_text(name, choices, out);
                out.push(':');
                spell(value, choices, out);
            }
            out.push('}');
        }
        Value::Array(items) => match choices.way(4) {
            1 => list([value], choices, out),
            2 => list(items.iter().chain(items.last()), choices, out),
            3 => out.push_str("{}"),
            _ => list(items, choices, out),
        },
        Value::Number(number) => {
            let ways =
                ["#", "#.0", "#e0", "\"#\"", "-#", "0#", "+#", "18446744073709551616", "# ", "[#]"];
            let way = ways[usize::from(choices.way(10))];
            out.push_str(&way.replace('#', &number.to_string()));
        }
        Value::String(text) => spell_text(text, choices, out),
        Value::Null => {
            out.push_str(["null", "{}", "[]", "0", "\"\"", "false"][usize::from(choices.way(6))]);
        }
        Value::Bool(_) => out.push_str(&value.to_string()),
    }
}

fn list<'v>(
    items: impl IntoIterator<Item = &'v Value>,
    choices: &mut Choices<'_>,
    out: &mut String,
) {
    out.push('[');
    for (at, item) in items.into_iter().enumerate() {
        out.push_str(if at == 0 { "" } else { "," });
        spell(item, choices, out);
    }
    out.push(']');
}

fn spell_text(text: &str, choices: &mut Choices<'_>, out: &mut String) {
    let more = ["", "=", " ", "\\u0000", "\\n", "A", "\\ud800", "\u{feff}"];
    let first = text.chars().next();
    out.push('"');
    match (choices.way(12), first) {
        (0, _) | (_, None) => out.push_str(text),
        (way @ 1..=7, _) => {
            [text, more[usize::from(way)]].iter().for_each(|part| out.push_str(part));
        }
        (8, Some(first)) => {
            out.push_str(&text.replacen(first, &format!("\\u{:04x}", u32::from(first)), 1));
        }
        (9, Some(first)) => {
            out.push_str(&text.replacen(first, &first.to_uppercase().to_string(), 1));
        }
        (10, _) => out.push_str(&text.replace('-', "+").replace('_', "/")),
        // The next digit in the place of the last: left-over bits.
        (_, Some(first)) => {
            let last = text.chars().next_back().unwrap_or(first);
            out.push_str(text.strip_suffix(last).unwrap_or(text));
            out.push(
                char::from_u32(u32::from(last) + 1)
                    .filter(char::is_ascii_alphanumeric)
                    .unwrap_or('_'),
            );
        }
    }
    out.push('"');
}

/// The part of CBOR that statements are made of.
enum Item {
    Unsigned(u64),
    Bytes(Vec<u8>),
    Text(Vec<u8>),
    Array(Vec<Item>),
    Other(u8),
}

/// CBOR; what is none of ours stays as it is.
pub fn cbor(file: &[u8], choices: &mut Choices<'_>) -> Vec<u8> {
    let Some((item, [])) = read(file) else { return file.to_vec() };
    let mut bytes = Vec::new();
    write(&item, choices, &mut bytes);
    bytes
}

fn read(bytes: &[u8]) -> Option<(Item, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    if first == 0xf6 || first == 0xa0 {
        return Some((Item::Other(first), rest));
    }
    let width = match first & 0x1f {
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        small => {
            return body(first >> 5, u64::from(small), rest).filter(|_| small < 24);
        }
    };
    let (number, rest) = rest.split_at_checked(width)?;
    body(first >> 5, number.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte)), rest)
}

fn body(major: u8, number: u64, rest: &[u8]) -> Option<(Item, &[u8])> {
    match major {
        0 => Some((Item::Unsigned(number), rest)),
        2 | 3 => {
            let (content, rest) = rest.split_at_checked(usize::try_from(number).ok()?)?;
            let item = if major == 2 { Item::Bytes } else { Item::Text };
            Some((item(content.to_vec()), rest))
        }
        4 => {
            let (mut items, mut rest) = (Vec::new(), rest);
            for _ in 0..number {
                let (item, after) = read(rest)?;
                items.push(item);
                rest = after;
            }
            Some((Item::Array(items), rest))
        }
        _ => None,
    }
}

fn head(major: u8, number: u64, choices: &mut Choices<'_>, out: &mut Vec<u8>) {
    let shortest = match number {
        0..24 => 0,
        24..0x100 => 1,
        0x100..0x1_0000 => 2,
        0x1_0000..0x1_0000_0000 => 3,
        _ => 4,
    };
    let tags: [&[u8]; 3] = [&[], &[0xc2], &[0xd9, 0xd9, 0xf7]];
    out.extend_from_slice(tags[usize::from(choices.way(3))]);
    let major = if choices.way(9) == 0 { major } else { choices.next() & 7 };
    let way = (shortest + choices.way(5)).min(5);
    let bytes = number.to_be_bytes();
    match way {
        0 => out.push(major << 5 | bytes[7]),
        1..=4 => {
            out.push(major << 5 | (23 + way));
            out.extend_from_slice(&bytes[8 - (1 << (way - 1))..]);
        }
        // Reserved forms, and the one of indefinite length.
        _ => out.push(major << 5 | 28 | (choices.next() & 3)),
    }
}

fn write(item: &Item, choices: &mut Choices<'_>, out: &mut Vec<u8>) {
    match item {
        Item::Unsigned(number) => {
            let near = [
                *number,
                number.wrapping_add(1),
                number.wrapping_sub(1),
                1 << 53,
                (1 << 53) - 1,
                u64::MAX,
            ];
            head(0, near[usize::from(choices.way(6))], choices, out);
        }
        Item::Bytes(content) => string(2, content, choices, out),
        Item::Text(content) => string(3, content, choices, out),
        Item::Array(items) => {
            let mut items: Vec<&Item> = items.iter().collect();
            let at = usize::from(choices.next()) % items.len().max(1);
            match choices.way(6) {
                1 if !items.is_empty() => drop(items.remove(at)),
                2 => items.extend(items.get(at).copied()),
                3 if items.len() > 1 => items.swap(at, (at + 1) % 2),
                4 => items.clear(),
                5 if !items.is_empty() => items.insert(at, items[at]),
                _ => {}
            }
            head(4, items.len() as u64, choices, out);
            items.into_iter().for_each(|item| write(item, choices, out));
        }
        Item::Other(byte) => {
            let others = [*byte, 0xf4, 0xf7, 0xf9, 0xfb, 0xff, 0x00, 0x40, 0x80];
            out.push(others[usize::from(choices.way(9))]);
        }
    }
}

fn string(major: u8, content: &[u8], choices: &mut Choices<'_>, out: &mut Vec<u8>) {
    let mut content = content.to_vec();
    match choices.way(6) {
        1 => content.push(0),
        2 => drop(content.pop()),
        3 => content.clear(),
        4 => content.fill(choices.next()),
        5 => content.reverse(),
        _ => {}
    }
    head(major, content.len() as u64, choices, out);
    out.extend_from_slice(&content);
}

/// A text with characters put in that look like nothing, like a separator or like a letter.
pub fn text(file: &[u8], choices: &mut Choices<'_>) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(file) else { return file.to_vec() };
    const STRANGE: [char; 24] = [
        '\0', '\x0b', '\x1c', '\x1f', '\u{85}', '\u{a0}', '\u{ad}', '\u{180e}', '\u{200b}',
        '\u{200d}', '\u{2028}', '\u{202e}', '\u{2060}', '\u{2010}', '\u{2015}', '\u{2212}',
        '\u{3000}', '\u{feff}', '\u{17f}', '\u{212a}', '\u{130}', '\u{ff41}', '1', '_',
    ];
    let mut out = String::new();
    for letter in text.chars() {
        let strange = STRANGE[usize::from(choices.next()) % STRANGE.len()];
        match choices.way(6) {
            1 => out.extend([strange, letter]),
            2 => out.extend([letter, strange]),
            3 => out.push(strange),
            4 => out.extend(letter.to_uppercase()),
            5 => out.extend([letter, letter]),
            _ => out.push(letter),
        }
    }
    out.into_bytes()
}
