use proptest::prelude::*;
use time::OffsetDateTime;

use super::{Filter, Literal, Operator, parse};
use crate::error::ScimError;
use crate::limits;
use crate::schema::{AttributeRef, GROUP, Type, USER};

fn printed(text: &str) -> String {
    parse(text, &USER).unwrap_or_else(|error| panic!("{text}: {error}")).to_string()
}

fn refusal(text: &str) -> ScimError {
    let error = parse(text, &USER).expect_err(text);
    assert_eq!((error.status, error.scim_type), (400, Some("invalidFilter")), "{error}");
    error
}

#[test]
fn every_form_of_the_rfc_is_read() {
    // RFC 7644 figure 2, less the examples over attributes of other schemas.
    for (text, expected) in [
        ("userName eq \"bjensen\"", ""),
        ("name.familyName co \"O'Malley\"", ""),
        ("userName sw \"J\"", ""),
        ("urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"J\"", "userName sw \"J\""),
        ("title pr", ""),
        ("meta.lastModified gt \"2011-05-13T04:42:34Z\"", ""),
        ("meta.lastModified le \"2011-05-13T04:42:34+02:00\"", ""),
        ("title pr and userType eq \"Employee\"", ""),
        ("title pr or userType eq \"Intern\"", ""),
        ("schemas eq \"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\"", ""),
        (
            "userType eq \"Employee\" and (emails co \"example.com\" or emails.value co \"e.org\")",
            "userType eq \"Employee\" and (emails.value co \"example.com\" or emails.value co \"e.org\")",
        ),
        (
            "userType ne \"Employee\" and not (emails co \"a\" or emails.value co \"b\")",
            "userType ne \"Employee\" and not (emails.value co \"a\" or emails.value co \"b\")",
        ),
        (
            "userType eq \"Employee\" and (emails.type eq \"work\")",
            "userType eq \"Employee\" and emails.type eq \"work\"",
        ),
        ("emails[type eq \"work\" and value co \"@example.com\"]", ""),
        (
            "emails[type eq \"work\" and value co \"@x\"] or ims[type eq \"xmpp\" and value co \"@y\"]",
            "",
        ),
        ("active eq true", ""),
        ("title eq null", ""),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value ne \"7\"", ""),
    ] {
        let expected = if expected.is_empty() { text } else { expected };
        assert_eq!(printed(text), expected);
        assert_eq!(printed(expected), expected);
    }
}

#[test]
fn and_binds_more_than_or_and_both_are_read_from_left_to_right() {
    assert_eq!(
        printed("title pr or locale pr and timezone pr or (nickName pr or (active pr))"),
        "title pr or (locale pr and timezone pr) or (nickName pr or active pr)"
    );
}

#[test]
fn names_operators_and_keywords_are_read_in_any_case() {
    assert_eq!(
        printed("USERNAME Eq \"A\" AND NOT (Emails[TYPE eq \"work\"] Or title PR)"),
        "userName eq \"A\" and not (emails[type eq \"work\"] or title pr)"
    );
    assert_eq!(printed("active eq TRUE"), "active eq true");
}

#[test]
fn the_deviations_of_entra_and_okta_are_read() {
    for (text, expected) in [
        // Microsoft's documentation forgets the quotes.
        ("externalId eq jyoung", "externalId eq \"jyoung\""),
        ("externalId eq 7fe2-12", "externalId eq \"7fe2-12\""),
        ("externalId eq 0012", "externalId eq \"0012\""),
        ("userName eq anna+x@example.com", "userName eq \"anna+x@example.com\""),
        // A sub-attribute behind the brackets.
        (
            "emails[type eq \"work\"].value eq \"a@x\"",
            "emails[type eq \"work\" and value eq \"a@x\"]",
        ),
        ("emails[type eq \"work\"].value pr", "emails[type eq \"work\" and value pr]"),
        // Booleans as text.
        ("roles[primary eq \"True\"]", "roles[primary eq true]"),
        ("active eq \"False\"", "active eq false"),
        // Entra asks for this before it changes a manager or a member.
        (
            "id eq \"1\" and manager eq \"2\"",
            "id eq \"1\" and urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq \"2\"",
        ),
    ] {
        assert_eq!(printed(text), expected);
    }
    let members = parse("id eq \"1\" and members eq \"2\"", &GROUP).expect("reads");
    assert_eq!(members.to_string(), "id eq \"1\" and members.value eq \"2\"");
}

#[test]
fn a_quoted_text_is_a_json_string() {
    let filter = parse(r#"userName eq "\"a\\ \u00e4 ) ] and""#, &USER).expect("reads");
    let Filter::Compare { value: Literal::Text(text), .. } = &filter else { panic!("{filter}") };
    assert_eq!(text, "\"a\\ ä ) ] and");
    assert_eq!(parse(&filter.to_string(), &USER), Ok(filter));
}

#[test]
fn what_is_no_filter_is_refused() {
    for text in [
        "",
        " ",
        "(",
        ")",
        "()",
        "userName",
        "userName eq",
        "eq \"a\"",
        "userName eq \"a",
        "userName eq \"a\" and",
        "and userName pr",
        "userName pr userName pr",
        "not userName pr",
        "not (userName pr",
        "(userName pr))",
        "userName eq (\"a\")",
        "emails[",
        "emails[]",
        "emails[type eq \"work\"",
        "emails]",
        "emails[type eq \"work\"].",
        "userName pr]",
        "emails[type eq \"work\"].value",
        "emails[value[type pr]]",
        "userName eq \"\\x\"",
        "userName eq \"\\u0000\"",
        "externalId eq a\0b",
        "userName eq \"\\ud800\"",
        "[type eq \"work\"]",
        "userName[value eq \"a\"]",
        "name[familyName eq \"a\"]",
    ] {
        refusal(text);
    }
}

#[test]
fn a_text_in_other_quotes_is_refused_and_does_not_look_for_nobody() {
    for text in [
        "userName eq 'anna'",
        "userName eq `anna`",
        "userName eq \u{201C}anna\u{201D}",
        "userName eq \u{201E}anna\u{201C}",
        "emails[type eq \u{2018}work\u{2019}].value eq \"a@x\"",
        "active eq 'true'",
    ] {
        let error = refusal(text);
        assert!(error.detail.contains("double quotes"), "{text}: {error}");
    }
    assert_eq!(printed("userName eq \"'anna'\""), "userName eq \"'anna'\"");
    assert_eq!(printed("userName eq o'hara"), "userName eq \"o'hara\"");
}

#[test]
fn an_unknown_attribute_or_operator_is_named_in_the_refusal() {
    assert!(refusal("shoeSize eq 1").detail.contains("shoeSize"));
    assert!(refusal("emails[shoe eq \"x\"]").detail.contains("shoe"));
    assert!(refusal("emails[type pr].shoe pr").detail.contains("shoe"));
    assert!(refusal("name.shoe pr").detail.contains("name.shoe"));
    assert!(refusal("userName like \"a\"").detail.contains("like"));
    assert!(refusal(&format!("{} pr", "x".repeat(5_000))).detail.len() < 200);
}

#[test]
fn a_comparison_the_type_does_not_have_is_refused() {
    for text in [
        "active gt true",
        "active co \"t\"",
        "active eq 1",
        "active eq \"yes\"",
        "meta.created eq \"yesterday\"",
        "meta.created co \"2011\"",
        "name eq \"a\"",
        "name co null",
        "name eq \"null\"",
        "userName gt null",
        "title co null",
        "x509Certificates gt \"a\"",
        "addresses eq \"a\"",
    ] {
        refusal(text);
    }
}

#[test]
fn a_password_cannot_be_guessed_by_filters() {
    assert!(refusal("password sw \"a\"").detail.contains("password"));
    refusal("urn:ietf:params:scim:schemas:core:2.0:User:password pr");
}

#[test]
fn a_million_terms_and_deep_nesting_are_refused_without_a_stack_overflow() {
    refusal(&"title pr or ".repeat(1_000_000));
    refusal(&["title pr"; 501].join(" or "));
    printed(&["title pr"; 500].join(" or "));
    for (open, close) in [("(", ")"), ("not (", ")")] {
        let nested =
            |levels: usize| format!("{}title pr{}", open.repeat(levels), close.repeat(levels));
        refusal(&nested(1_000_000));
        refusal(&nested(limits::FILTER_DEPTH + 1));
        printed(&nested(limits::FILTER_DEPTH));
    }
    refusal(&"(".repeat(limits::FILTER_BYTES));
}

fn attributes() -> impl Strategy<Value = AttributeRef> {
    proptest::sample::select(vec![
        "userName",
        "externalId",
        "id",
        "name.familyName",
        "active",
        "emails.value",
        "emails.type",
        "emails.primary",
        "meta.created",
        "photos.value",
        "x509Certificates.value",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.$ref",
    ])
    .prop_map(|name| USER.resolve(name).expect("in the schema"))
}

fn text() -> impl Strategy<Value = String> {
    "\\PC{0,12}|[\"\\\\\\[\\]() a\n\t]{0,8}".prop_map(|text| text.replace('\0', ""))
}

fn comparison(attribute: AttributeRef) -> BoxedStrategy<Filter> {
    use Operator::{Co, Eq, Ew, Ge, Gt, Le, Lt, Ne, Sw};
    let operators = |kind: Type| match kind {
        Type::Boolean => vec![Eq, Ne],
        Type::DateTime => vec![Eq, Ne, Gt, Ge, Lt, Le],
        Type::Binary => vec![Eq, Ne, Co, Sw, Ew],
        _ => vec![Eq, Ne, Co, Sw, Ew, Gt, Ge, Lt, Le],
    };
    let kind = attribute.leaf().kind;
    let value = match kind {
        Type::Boolean => any::<bool>().prop_map(Literal::Boolean).boxed(),
        Type::DateTime => (-62_000_000_000_i64..250_000_000_000)
            .prop_map(|at| OffsetDateTime::from_unix_timestamp(at).expect("in range"))
            .prop_map(Literal::DateTime)
            .boxed(),
        _ => text().prop_map(Literal::Text).boxed(),
    };
    let compare = (proptest::sample::select(operators(kind)), value)
        .prop_map(move |(operator, value)| Filter::Compare { attribute, operator, value });
    let null = proptest::sample::select(vec![Eq, Ne]).prop_map(move |operator| Filter::Compare {
        attribute,
        operator,
        value: Literal::Null,
    });
    prop_oneof![4 => compare, 1 => null, 1 => Just(Filter::Present(attribute))].boxed()
}

fn joined(leaf: BoxedStrategy<Filter>) -> BoxedStrategy<Filter> {
    leaf.prop_recursive(4, 20, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Filter::And),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Filter::Or),
            inner.prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    })
    .boxed()
}

fn filters() -> impl Strategy<Value = Filter> {
    let lists = proptest::sample::select(vec!["emails", "addresses", "roles"]);
    let values = lists.prop_flat_map(|name| {
        let attribute = USER.resolve(name).expect("in the schema");
        let subs =
            proptest::sample::select(attribute.leaf().sub_attributes.iter().collect::<Vec<_>>());
        joined(subs.prop_flat_map(|sub| comparison(AttributeRef::plain(sub))).boxed())
            .prop_map(move |filter| Filter::Values { attribute, filter: Box::new(filter) })
    });
    joined(prop_oneof![3 => attributes().prop_flat_map(comparison), 1 => values].boxed())
}

proptest! {
    #[test]
    fn a_printed_filter_reads_as_the_same_filter(filter in filters()) {
        let text = filter.to_string();
        prop_assert_eq!(parse(&text, &USER), Ok(filter), "{}", text);
    }

    #[test]
    fn no_text_panics(text in "\\PC*") {
        let _ = parse(&text, &USER);
    }

    #[test]
    fn no_heap_of_tokens_panics(words in proptest::collection::vec(
        proptest::sample::select(vec![
            "(", ")", "[", "]", "and", "or", "not", "userName", "emails", ".value", "type", "eq",
            "pr", "\"a\"", "null", "true", "manager", "\"",
        ]), 0..24)) {
        if let Ok(filter) = parse(&words.join(" "), &USER) {
            prop_assert_eq!(parse(&filter.to_string(), &USER), Ok(filter));
        }
    }
}
