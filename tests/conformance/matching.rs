//! Whether an answer is what a story expects: objects may hold more than is asked for, lists may
//! not. README.md in this folder lists the words that stand for values.

use serde_json::{Map, Value};

/// A place where something else was expected, in words.
pub type Difference = String;

/// Texts that stand for a kind of value.
const TEXT_WORDS: [&str; 4] = ["$any", "$absent", "$empty", "$iso-date"];
/// Keys of objects that stand for a condition.
const OBJECT_WORDS: [&str; 4] = ["$contains", "$unordered", "$not", "$starts"];

/// Everything that is not as expected; nothing, when all is well.
pub fn differences(expected: &Value, got: Option<&Value>) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", expected, got, &mut found);
    found
}

/// The first word of an expectation that nobody knows: a typing error in a story.
pub fn unknown_word(expected: &Value) -> Option<String> {
    match expected {
        Value::String(text) => {
            let is_word = text.starts_with('$') && !text.starts_with("${");
            (is_word && !TEXT_WORDS.contains(&text.as_str())).then(|| text.clone())
        }
        Value::Array(list) => list.iter().find_map(unknown_word),
        Value::Object(map) => map.iter().find_map(|(key, value)| {
            // `$ref` is an attribute of SCIM.
            let is_word = key.starts_with('$') && key != "$ref";
            let known = !is_word || (map.len() == 1 && OBJECT_WORDS.contains(&key.as_str()));
            if known { unknown_word(value) } else { Some(key.clone()) }
        }),
        _ => None,
    }
}

fn compare(at: &str, expected: &Value, got: Option<&Value>, found: &mut Vec<Difference>) {
    match (expected, got) {
        (Value::String(word), got) if TEXT_WORDS.contains(&word.as_str()) => {
            if !is_of_kind(word, got) {
                found.push(difference(at, expected, got));
            }
        }
        (expected, None) => found.push(difference(at, expected, None)),
        (Value::Object(map), Some(got)) => match condition(map) {
            Some((word, value)) => {
                if !holds(word, value, got) {
                    found.push(difference(at, expected, Some(got)));
                }
            }
            None => objects(at, map, got, found),
        },
        (Value::Array(list), Some(got)) => lists(at, list, got, found),
        (expected, Some(got)) => {
            if expected != got {
                found.push(difference(at, expected, Some(got)));
            }
        }
    }
}

fn is_of_kind(word: &str, got: Option<&Value>) -> bool {
    match word {
        "$absent" => got.is_none(),
        "$empty" => got.is_none_or(|value| value == ""),
        "$iso-date" => got.and_then(Value::as_str).is_some_and(is_date),
        _ => got.is_some_and(|value| !value.is_null()),
    }
}

/// RFC 7643 §2.3.5: an XSD dateTime with its zone.
fn is_date(text: &str) -> bool {
    let digits = |from: usize, to: usize| {
        text.get(from..to).is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let marks = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")];
    [(0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19)].iter().all(|(a, b)| digits(*a, *b))
        && marks.iter().all(|(place, mark)| text.get(*place..place + 1) == Some(mark))
        && (text.ends_with('Z') || text.get(19..).is_some_and(|zone| zone.contains(['+', '-'])))
}

fn condition(map: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (key, value) = map.iter().next()?;
    (map.len() == 1 && OBJECT_WORDS.contains(&key.as_str())).then_some((key, value))
}

fn holds(word: &str, value: &Value, got: &Value) -> bool {
    match word {
        "$not" => !differences(value, Some(got)).is_empty(),
        "$starts" => match (value.as_str(), got.as_str()) {
            (Some(start), Some(text)) => text.starts_with(start),
            _ => false,
        },
        "$unordered" => pair_up(value, got).is_some_and(|left| left == 0),
        _ => pair_up(value, got).is_some(),
    }
}

/// Finds an element of its own for each one wanted; gives how many are left over.
fn pair_up(wanted: &Value, got: &Value) -> Option<usize> {
    let mut left: Vec<&Value> = got.as_array()?.iter().collect();
    for wanted in wanted.as_array()? {
        let found = left.iter().position(|got| differences(wanted, Some(got)).is_empty())?;
        left.remove(found);
    }
    Some(left.len())
}

fn objects(at: &str, expected: &Map<String, Value>, got: &Value, found: &mut Vec<Difference>) {
    let Value::Object(got) = got else {
        return found.push(difference(at, &Value::Object(expected.clone()), Some(got)));
    };
    for (key, value) in expected {
        compare(&format!("{at}/{key}"), value, got.get(key), found);
    }
}

fn lists(at: &str, expected: &[Value], got: &Value, found: &mut Vec<Difference>) {
    let list = got.as_array().filter(|list| list.len() == expected.len());
    let Some(list) = list else {
        return found.push(difference(at, &Value::from(expected), Some(got)));
    };
    for (index, (expected, got)) in expected.iter().zip(list).enumerate() {
        compare(&format!("{at}/{index}"), expected, Some(got), found);
    }
}

fn difference(at: &str, expected: &Value, got: Option<&Value>) -> Difference {
    let at = if at.is_empty() { "the body" } else { at };
    let got = got.map_or_else(|| "nothing".to_owned(), Value::to_string);
    format!("{at}\n      expected {expected}\n      got      {got}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fits(expected: Value, got: Value) -> bool {
        differences(&expected, Some(&got)).is_empty()
    }

    #[test]
    fn objects_may_hold_more_and_lists_may_not() {
        assert!(fits(json!({"a": 1}), json!({"a": 1, "b": 2})));
        assert!(!fits(json!({"a": 1}), json!({"a": 2})));
        assert!(!fits(json!({"a": 1}), json!({"b": 1})));
        assert!(fits(json!([{"a": 1}]), json!([{"a": 1, "b": 2}])));
        assert!(!fits(json!([1]), json!([1, 2])));
        assert!(!fits(json!([1, 2]), json!([2, 1])));
        assert!(!fits(json!({}), json!([])));
    }

    #[test]
    fn words_stand_for_kinds_of_values() {
        assert!(fits(json!({"a": "$any"}), json!({"a": false})));
        assert!(!fits(json!({"a": "$any"}), json!({"a": null})));
        assert!(!fits(json!({"a": "$any"}), json!({})));
        assert!(fits(json!({"a": "$absent"}), json!({})));
        assert!(!fits(json!({"a": "$absent"}), json!({"a": null})));
        assert!(fits(json!("$iso-date"), json!("2026-11-25T16:24:38Z")));
        assert!(fits(json!("$iso-date"), json!("2026-11-25T16:24:38.123+01:00")));
        assert!(!fits(json!("$iso-date"), json!("2026-11-25")));
        assert!(!fits(json!("$iso-date"), json!("2026-11-25T16:24:38")));
        assert!(differences(&json!("$empty"), None).is_empty());
        assert!(!fits(json!("$empty"), json!({})));
    }

    #[test]
    fn conditions_are_asked_of_lists_and_texts() {
        assert!(fits(json!({"$contains": [{"a": 1}]}), json!([{"a": 2}, {"a": 1}])));
        assert!(!fits(json!({"$contains": [{"a": 1}, {"a": 1}]}), json!([{"a": 2}, {"a": 1}])));
        assert!(fits(json!({"$unordered": [1, 2]}), json!([2, 1])));
        assert!(!fits(json!({"$unordered": [1, 2]}), json!([2, 1, 3])));
        assert!(fits(json!({"$not": {"$contains": [1]}}), json!([2])));
        assert!(!fits(json!({"$not": "x"}), json!("x")));
        assert!(fits(json!({"$starts": "http://h/"}), json!("http://h/1")));
        assert!(!fits(json!({"$starts": "http://h/"}), json!("https://h/1")));
    }

    #[test]
    fn a_difference_names_the_place_and_both_sides() {
        let found = differences(&json!({"a": [{"b": 1}]}), Some(&json!({"a": [{"b": 2}]})));
        assert_eq!(found, ["/a/0/b\n      expected 1\n      got      2"]);
    }

    #[test]
    fn a_typing_error_in_a_word_is_noticed() {
        assert_eq!(unknown_word(&json!({"a": ["$anny"]})).as_deref(), Some("$anny"));
        assert_eq!(unknown_word(&json!({"$contain": []})).as_deref(), Some("$contain"));
        assert_eq!(unknown_word(&json!({"$not": 1, "b": 2})).as_deref(), Some("$not"));
        assert_eq!(unknown_word(&json!({"$ref": "${a}", "b": {"$not": "$any"}})), None);
    }
}
