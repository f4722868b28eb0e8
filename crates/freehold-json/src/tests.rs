use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::{JsonError, read, write};

/// All that messages are made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sample {
    some_text: String,
    number: u64,
    small: u8,
    switch: bool,
    missing: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    left_out: Option<u64>,
    list: Vec<Inner>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Inner {
    words: Vec<String>,
}

fn samples() -> impl Strategy<Value = Sample> {
    let words = proptest::collection::vec(any::<String>(), 0..3);
    let list = proptest::collection::vec(words.prop_map(|words| Inner { words }), 0..3);
    let rest = (any::<Option<String>>(), any::<Option<u64>>(), list);
    (".*|[\0-\u{ff}]*", any::<u64>(), any::<u8>(), any::<bool>(), rest).prop_map(
        |(some_text, number, small, switch, (missing, left_out, list))| Sample {
            some_text,
            number,
            small,
            switch,
            missing,
            left_out,
            list,
        },
    )
}

fn inner(json: &str) -> Result<Inner, JsonError> {
    let ours = read::<Inner>(json);
    assert_eq!(ours.clone().ok(), serde_json::from_str(json).ok(), "{json}");
    ours
}

/// Passed over as a member that is not known.
fn passes(value: &str) -> bool {
    #[derive(Deserialize)]
    struct Empty {}
    let json = format!("{{\"other\":{value}}}");
    let ours = read::<Empty>(&json).is_ok();
    assert_eq!(ours, serde_json::from_str::<Empty>(&json).is_ok(), "{json}");
    ours
}

#[test]
fn a_message_is_read_whatever_its_white_space_and_escapes() {
    let spaced =
        inner(" {\t\"words\" :\r\n[ \"a\" , \"b\\\"\\\\\\/\\b\\f\\n\\r\\t\" ] } ").unwrap();
    assert_eq!(spaced.words, ["a", "b\"\\/\x08\x0c\n\r\t"]);
    let escaped = inner(r#"{"w\u006frds":["\u00e9\uD83D\uDE80"]}"#).unwrap();
    assert_eq!(escaped.words, ["é🚀"]);
}

#[test]
fn what_is_not_json_is_refused() {
    for json in [
        "",
        "{",
        "null",
        r#"{"words":[]"#,
        r#"{"words":[]}}"#,
        r#"{"words":[],}"#,
        r#"{,"words":[]}"#,
        r#"{"words":["a",]}"#,
        r#"{"words":["a" "b"]}"#,
        r#"{"words":[1]}"#,
        r#"{"words":null}"#,
        r#"{"words" []}"#,
        r#"{"words":[],"words":[]}"#,
        r#"{"words":[],"other":1}"#,
        r#"{words:[]}"#,
        "{\"words\":[\"\n\"]}",
        r#"{"words":["\x"]}"#,
        r#"{"words":["\u12"]}"#,
        r#"{"words":["\u+123"]}"#,
        r#"{"words":["\ud83d"]}"#,
        r#"{"words":["\ud83dx"]}"#,
        r#"{"words":["\ud83d\u0041"]}"#,
        r#"{"words":["\ud83d\ue000"]}"#,
        r#"{"words":["\ude80"]}"#,
        r#"{"words":["é\u00é"]}"#,
    ] {
        assert_eq!(inner(json), Err(JsonError), "{json}");
    }
}

#[test]
fn numbers_are_whole_and_have_one_spelling() {
    for (json, number) in [("0", 0), ("18446744073709551615", u64::MAX), (" 7 ", 7)] {
        assert_eq!(read(json), Ok(number));
    }
    for json in ["", "-1", "-0", "01", "1.0", "1e3", "1E3", "18446744073709551616", "\"1\"", "+1"] {
        assert_eq!(read::<u64>(json), Err(JsonError), "{json}");
        assert!(serde_json::from_str::<u64>(json).is_err(), "{json}");
    }
    assert_eq!(read::<u8>("256"), Err(JsonError));
}

#[test]
fn what_is_not_known_is_passed_over_if_it_is_json() {
    let good = r#"0 -0 -12.5e+3 1E9 0.5 true false null "\u00e9" [] {} [1,{"a":[null]}]"#;
    assert!(good.split(' ').all(passes));
    let bad = r#"01 1. .5 1e - +1 nul tru "\u00e [ {] [1,] {"a"} {"a":1,} {1:2} '' NaN"#;
    assert!(!bad.split(' ').any(passes));
    let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
    assert!(passes(&nested(64)));
    let deeper = format!("{{\"words\":[],\"other\":{}}}", nested(65));
    assert_eq!(read::<Inner>(&deeper), Err(JsonError));
}

#[test]
fn an_object_is_not_read_from_an_array() {
    assert_eq!(read::<Inner>("[[]]"), Err(JsonError));
}

/// JSON of what messages are made of and of what they are not, and texts that are nearly JSON.
fn documents() -> impl Strategy<Value = String> {
    let leaf = proptest::sample::select(vec![
        "0",
        "-0",
        "00",
        "1",
        "-",
        "1.",
        ".5",
        "1.5",
        "1e9",
        "1E+09",
        "1e",
        "+1",
        "18446744073709551616",
        "true",
        "false",
        "null",
        "nul",
        "\"\"",
        "\"a\"",
        "\"\\u0000\"",
        "\"\\uD83D\\uDE80\"",
        "\"\\u12\"",
        "\"\\x\"",
        "\"\t\"",
        "\"a",
        "'a'",
        "\u{feff}1",
        "\u{a0}1",
        " 1 ",
        "\r\n[]",
        "NaN",
        "",
    ]);
    let leaf = leaf.prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 4, |inner| {
        let comma = || proptest::sample::select(vec![",", ",", ",", " , ", ",,", "", ";"]);
        let name = proptest::sample::select(vec![
            "\"words\"",
            "\"words\"",
            "\"w\\u006frds\"",
            "\"Words\"",
            "\"other\"",
            "words",
            "1",
        ]);
        let colon = proptest::sample::select(vec![":", ":", ":", " :\n", "", "::", "="]);
        let member = (name, colon, inner.clone())
            .prop_map(|(name, colon, value)| format!("{name}{colon}{value}"));
        let members = (proptest::collection::vec(member, 0..3), comma());
        let items = (proptest::collection::vec(inner, 0..3), comma());
        prop_oneof![
            members.clone().prop_map(|(all, comma)| format!("{{{}}}", all.join(comma))),
            items.clone().prop_map(|(all, comma)| format!("[{}]", all.join(comma))),
            members.prop_map(|(all, comma)| format!("{{{}{comma}}}", all.join(","))),
            items.prop_map(|(all, comma)| format!("[{}{comma}]", all.join(","))),
        ]
    })
}

#[test]
fn half_a_surrogate_pair_is_no_text_even_where_it_is_passed_over() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Empty {}
    let other = |text: &str| format!(r#"{{"other":"{text}"}}"#);
    assert_eq!(read::<Empty>(&other(r"\ud83d\ude80")), Ok(Empty {}));
    assert_eq!(read::<Empty>(&other(r"\ud83d")), Err(JsonError));
    assert!(serde_json::from_str::<Empty>(&other(r"\ud83d")).is_ok(), "it does not look");
}

proptest! {
    #[test]
    fn whatever_is_given_it_is_read_as_serde_json_reads_it(value in documents(), rest in documents()) {
        passes(&value);
        // That it reads an array for an object is the one difference.
        let objects = [value.clone(), format!("{{\"words\":{value}}}"), format!("{{\"words\":[{value},{rest}]}}")];
        for json in objects.into_iter().filter(|json| !json.trim_start().starts_with('[')) {
            let _ = inner(&json);
        }
        prop_assert_eq!(read::<u64>(&value).ok(), serde_json::from_str(&value).ok());
        prop_assert_eq!(read::<Option<bool>>(&value).ok(), serde_json::from_str(&value).ok());
        prop_assert_eq!(read::<Vec<Vec<String>>>(&value).ok(), serde_json::from_str(&value).ok());
        prop_assert_eq!(read::<String>(&value).ok(), serde_json::from_str(&value).ok());
    }

    #[test]
    fn what_is_written_is_what_serde_json_writes_and_is_read_back(sample in samples()) {
        let json = write(&sample).unwrap();
        prop_assert_eq!(&json, &serde_json::to_string(&sample).unwrap());
        prop_assert_eq!(read::<Sample>(&json), Ok(sample.clone()));
        let pretty = serde_json::to_string_pretty(&sample).unwrap();
        prop_assert_eq!(read::<Sample>(&pretty), Ok(sample));
    }

    #[test]
    fn damaged_json_is_refused_where_serde_json_refuses_it(
        sample in samples(), at in any::<prop::sample::Index>(), byte in 0x20_u8..0x7f,
    ) {
        let mut json = write(&sample).unwrap().into_bytes();
        let at = at.index(json.len());
        json[at] = byte;
        if let Ok(json) = std::str::from_utf8(&json) {
            prop_assert_eq!(read::<Sample>(json).ok(), serde_json::from_str(json).ok());
        }
    }
}
