//! Another parser of the same grammar as a judge: `scim_v2`, which knows no schema.
//!
//! Where the two differ on purpose:
//! - this one reads an operand without quotes (`externalId eq jyoung`), a sub-attribute behind
//!   brackets (`emails[type eq "work"].value eq "x"`) and a filter without spaces around brackets;
//! - this one refuses what no schema has and what a type cannot be compared with.

use proptest::prelude::*;

use super::{Operator, parse};
use crate::schema::USER;

/// Comparisons in the words of RFC 7644 figure 1, all of them right for their attribute.
const TERMS: &[&[&str]] = &[
    &["userName", "eq", "\"bjensen\""],
    &["title", "pr"],
    &["name.familyName", "co", "\"O'Malley\""],
    &["urn:ietf:params:scim:schemas:core:2.0:User:userName", "sw", "\"J\""],
    &["meta.lastModified", "gt", "\"2011-05-13T04:42:34Z\""],
    &["active", "eq", "true"],
    &["active", "ne", "false"],
    &["title", "eq", "null"],
    &["emails.type", "ew", "\"a \\\"b\\\" \\u00e4 ) ] and\""],
    &["id", "le", "\"\""],
    &["emails", "[", "type", "eq", "\"work\"", "and", "value", "co", "\"@\"", "]"],
    &["emails", "[", "not", "(", "primary", "eq", "true", ")", "]"],
];

fn terms() -> impl Strategy<Value = Vec<String>> {
    let term = proptest::sample::select(TERMS)
        .prop_map(|words| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
    term.prop_recursive(3, 12, 3, |inner| {
        let around = |before: &'static [&'static str], after: &'static str| {
            move |words: Vec<String>| {
                let before = before.iter().map(|word| (*word).to_owned());
                before.chain(words).chain([after.to_owned()]).collect::<Vec<_>>()
            }
        };
        let joined =
            (inner.clone(), proptest::sample::select(vec!["and", "or", "AND"]), inner.clone())
                .prop_map(|(left, joiner, right)| [left, vec![joiner.to_owned()], right].concat());
        prop_oneof![
            2 => joined,
            1 => inner.clone().prop_map(around(&["("], ")")),
            1 => inner.prop_map(around(&["not", "("], ")")),
        ]
    })
}

/// One word taken out, doubled, or exchanged for another one.
fn spoiled() -> impl Strategy<Value = Vec<String>> {
    let word = proptest::sample::select(vec![
        "(", ")", "[", "]", "and", "not", "eq", "pr", "\"a\"", "true", "null", "title", "type",
    ]);
    (terms(), any::<proptest::sample::Index>(), 0..3_u8, word).prop_map(
        |(mut words, index, how, word)| {
            let index = index.index(words.len());
            match how {
                0 => {
                    words.remove(index);
                }
                1 => words.insert(index, word.to_owned()),
                _ => words[index] = word.to_owned(),
            }
            words
        },
    )
}

/// As the grammar writes it: one space between words, none inside parentheses and brackets.
fn written(words: &[String]) -> String {
    let mut text = String::new();
    for word in words {
        let tight = text.is_empty()
            || text.ends_with(['(', '['])
            || [")", "[", "]"].contains(&word.as_str());
        if !tight {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

fn judge(text: &str) -> bool {
    text.parse::<scim_v2::filter::Filter>().is_ok()
}

/// An operand without quotes, which only this parser reads.
fn has_bare_operand(words: &[String]) -> bool {
    words.windows(2).any(|pair| {
        let [operator, operand] = pair else { return false };
        Operator::parse(operator).is_some()
            && operand.starts_with(|c: char| c.is_ascii_alphabetic())
            && !["true", "false", "null"].contains(&operand.as_str())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn whatever_the_grammar_makes_is_read_by_both(words in terms()) {
        let text = written(&words);
        prop_assert!(parse(&text, &USER).is_ok(), "not read here: {}", text);
        prop_assert!(judge(&text), "not read by the judge: {}", text);
    }

    #[test]
    fn what_only_one_of_them_reads_is_a_difference_on_purpose(words in spoiled()) {
        let text = written(&words);
        match (parse(&text, &USER), judge(&text)) {
            (Ok(_), false) => prop_assert!(has_bare_operand(&words), "only here: {}", text),
            (Err(error), true) => {
                let meaning = error.fault.is_some() || error.detail.contains("cannot follow it")
                    || error.detail.contains("be compared");
                prop_assert!(meaning, "only by the judge: {}: {}", text, error);
            }
            _ => {}
        }
    }
}
