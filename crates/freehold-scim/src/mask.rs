//! A request body as the provisioning log may keep it: its shape, and of its values only those an
//! admin needs to see what the identity provider did. Passwords and what is personal never appear.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::filter::{Operator, Token, tokens};
use crate::json;

/// Stands for a body that cannot be read; nothing of it is quoted.
pub const UNREADABLE: &str = "(not readable as JSON)";
/// The longest text [`body`] gives, in bytes.
pub const LIMIT_BYTES: usize = 4 * 1024;

/// Ends a text that would be longer.
const CUT: &str = " (cut off)";
/// Stands for a text.
const TEXT: &str = "\"***\"";
/// Stands for a number, which may be a telephone number.
const NUMBER: &str = "\"(number)\"";
/// The longest value that is shown, in characters.
const SHOWN_CHARS: usize = 200;

/// Attributes whose values are shown wherever they stand.
const SHOWN: &[&str] = &[
    "schemas",
    "op",
    "path",
    "method",
    "bulkId",
    "failOnErrors",
    "userName",
    "externalId",
    "displayName",
    "active",
    "type",
    "primary",
];

/// Attributes whose values are ids.
const IDS: &[&str] = &["members", "manager"];

/// The body as JSON with all keys, and `"***"` for every value that is not shown. At most
/// [`LIMIT_BYTES`] long.
pub fn body(bytes: &[u8]) -> String {
    json::parse(bytes).map_or_else(|_| UNREADABLE.to_owned(), |value| parsed(&value))
}

/// [`body`] for one that was read already.
pub fn parsed(body: &Value) -> String {
    let mut output = Output::default();
    output.value(body, Context::default());
    output.into_text()
}

/// A filter with `***` for every operand that is not shown: of `userName eq "anna"` the name is, of
/// `emails.value eq "anna@example.com"` the address is not.
pub fn filter(text: &str) -> String {
    tokens(text).map_or_else(|_| "***".to_owned(), tokens_without_values)
}

/// What is known of a value from the keys above it.
#[derive(Debug, Clone, Copy, Default)]
struct Context {
    /// The value itself is shown, if it is no object.
    shown: bool,
    /// It is a member or a manager: `value` in it is an id.
    id: bool,
    /// Nothing below is shown.
    secret: bool,
}

impl Context {
    /// The context of what stands under a name: a key, or the path of an operation.
    fn under(self, name: &str) -> Self {
        let name = Name::of(name);
        let id = name.is(IDS) && name.sub.is_none_or(is_value);
        let shown = match name.sub {
            None => name.is(SHOWN) || id || (self.id && is_value(name.head)),
            Some(sub) => id || ["type", "primary"].iter().any(|it| sub.eq_ignore_ascii_case(it)),
        };
        Self { shown, id, secret: self.secret || name.is_secret() }
    }
}

fn is_value(name: &str) -> bool {
    name.eq_ignore_ascii_case("value")
}

/// The parts of a name or path that decide.
struct Name<'a> {
    whole: &'a str,
    head: &'a str,
    sub: Option<&'a str>,
}

impl<'a> Name<'a> {
    /// `urn:…:User:emails[type eq "work"].value` is `emails` with `value`.
    fn of(whole: &'a str) -> Self {
        if !whole.bytes().any(|byte| b"[]:.".contains(&byte)) {
            return Self { whole, head: whole, sub: None };
        }
        let (before, sub) = match (whole.find('['), whole.rfind(']')) {
            (Some(open), Some(close)) => {
                let after = whole.get(close + 1..).unwrap_or_default();
                (whole.get(..open).unwrap_or_default(), after.strip_prefix('.'))
            }
            _ => (whole, None),
        };
        let local = before.rsplit_once(':').map_or(before, |(_, local)| local);
        match local.split_once('.') {
            Some((head, dotted)) => Self { whole, head, sub: sub.or(Some(dotted)) },
            None => Self { whole, head: local, sub },
        }
    }

    fn is(&self, names: &[&str]) -> bool {
        names.iter().any(|name| name.eq_ignore_ascii_case(self.head))
    }

    fn is_secret(&self) -> bool {
        let whole = self.whole.as_bytes();
        whole.iter().enumerate().any(|(place, first)| {
            let word = match first.to_ascii_lowercase() {
                b'p' => "password",
                b's' => "secret",
                b't' => "token",
                b'c' => "credential",
                _ => return false,
            };
            let here = whole.get(place..place + word.len());
            here.is_some_and(|here| here.eq_ignore_ascii_case(word.as_bytes()))
        })
    }
}

/// The text so far.
#[derive(Debug, Default)]
struct Output {
    text: String,
    full: bool,
}

impl Output {
    fn push(&mut self, text: &str) {
        if self.full {
            return;
        }
        let room = (LIMIT_BYTES - CUT.len()).saturating_sub(self.text.len());
        let fits = text.len() <= room;
        let part =
            if fits { text } else { text.get(..text.floor_char_boundary(room)).unwrap_or("") };
        self.text.push_str(part);
        self.full |= !fits;
    }

    fn into_text(mut self) -> String {
        if self.full {
            self.text.push_str(CUT);
        }
        self.text
    }

    fn value(&mut self, value: &Value, context: Context) {
        let shown = context.shown && !context.secret;
        match value {
            _ if self.full => {}
            Value::Null => self.push("null"),
            Value::Bool(value) => self.push(if *value { "true" } else { "false" }),
            Value::Number(number) if shown => self.push(&number.to_string()),
            Value::Number(_) => self.push(NUMBER),
            Value::String(text) if shown => self.quoted(text),
            Value::String(_) => self.push(TEXT),
            Value::Array(list) => self.list(list, context),
            Value::Object(map) => self.object(map, context),
        }
    }

    fn list(&mut self, list: &[Value], context: Context) {
        self.push("[");
        for (index, value) in list.iter().enumerate() {
            if self.full {
                return;
            }
            self.separator(index);
            self.value(value, context);
        }
        self.push("]");
    }

    fn object(&mut self, map: &Map<String, Value>, context: Context) {
        let path = path_of_operation(map);
        self.push("{");
        for (index, (key, value)) in map.iter().enumerate() {
            if self.full {
                return;
            }
            self.separator(index);
            self.quoted(&path_without_values(key));
            self.push(":");
            match (path, value) {
                (Some(path), value) if is_value(key) => self.value(value, context.under(path)),
                (_, Value::String(path)) if key.eq_ignore_ascii_case("path") && !context.secret => {
                    self.quoted(&path_without_values(path));
                }
                _ => self.value(value, context.under(key)),
            }
        }
        self.push("}");
    }

    fn separator(&mut self, index: usize) {
        if index > 0 {
            self.push(",");
        }
    }

    fn quoted(&mut self, text: &str) {
        let end = text.char_indices().nth(SHOWN_CHARS).map_or(text.len(), |(end, _)| end);
        let short = text.get(..end).unwrap_or_default();
        if short.bytes().any(is_escaped) {
            return self.push(&Value::from(short).to_string());
        }
        ["\"", short, "\""].into_iter().for_each(|part| self.push(part));
    }
}

/// Whether JSON writes this byte as an escape (RFC 8259 §7).
fn is_escaped(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// The path of a PATCH operation: what its `value` is the value of.
fn path_of_operation(map: &Map<String, Value>) -> Option<&str> {
    let find = |wanted: &str| map.iter().find(|(key, _)| key.eq_ignore_ascii_case(wanted));
    find("op")?;
    find("path")?.1.as_str()
}

/// A path, which may be a key as well, without what it compares with: of
/// `emails[value eq "anna@example.com"]` the address is not shown, of `members[value eq "7"]` and
/// `emails[type eq "work"]` all is. What is no path is not shown.
fn path_without_values(path: &str) -> Cow<'_, str> {
    if path.bytes().all(is_name_byte) {
        return Cow::Borrowed(path);
    }
    match tokens(path) {
        Ok(tokens) if matches!(tokens.get(1), Some(Token::OpenBracket)) => {
            Cow::Owned(tokens_without_values(tokens))
        }
        _ => Cow::Borrowed("***"),
    }
}

/// Names, URNs, the URIs of Microsoft's schemas and the paths of bulk operations.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"$_-.:/".contains(&byte)
}

fn tokens_without_values(tokens: Vec<Token>) -> String {
    let mut output = String::new();
    let mut head = None;
    let mut before: [Option<String>; 2] = [None, None];
    for token in tokens {
        let is_operand = before[1].as_deref().is_some_and(|word| Operator::parse(word).is_some());
        let shown_operand = is_operand && is_shown_operand(head.as_deref(), before[0].as_deref());
        let text = match token {
            Token::Open => "(".to_owned(),
            Token::Close => ")".to_owned(),
            Token::OpenBracket => "[".to_owned(),
            Token::CloseBracket => "]".to_owned(),
            Token::Word(word) if is_operand == shown_operand && word.bytes().all(is_name_byte) => {
                word
            }
            Token::Quoted(text) if shown_operand => Value::String(text).to_string(),
            Token::Word(_) | Token::Quoted(_) => TEXT.to_owned(),
        };
        let after_word = before[1].as_deref().is_some_and(ends_word);
        if after_word && !text.starts_with('.') && (ends_word(&text) || text == "(") {
            output.push(' ');
        }
        output.push_str(&text);
        head.get_or_insert_with(|| text.clone());
        before = [before[1].take(), Some(text)];
    }
    output
}

fn ends_word(text: &str) -> bool {
    !matches!(text, "(" | "[" | "]" | ")")
}

/// Whether what a comparison in brackets compares with is shown.
fn is_shown_operand(head: Option<&str>, attribute: Option<&str>) -> bool {
    let attribute = attribute.unwrap_or_default();
    let is = |name: &str| attribute.eq_ignore_ascii_case(name);
    let named = is("id") || SHOWN.iter().chain(IDS).any(|name| is(name));
    named || (is("value") && head.is_some_and(|head| Name::of(head).is(IDS)))
}

#[cfg(test)]
mod tests;
