//! Random changes to good answers: each is refused, or means the same person to every reader.

use std::sync::OnceLock;

use freehold_saml::documents::{Expected, all};
use freehold_saml::{ATTACKER, Key, Says, Shape, Signing, both, field};
use proptest::prelude::*;

use crate::world::World;

/// Answers that are accepted.
fn good() -> &'static [String; 3] {
    static GOOD: OnceLock<[String; 3]> = OnceLock::new();
    GOOD.get_or_init(|| {
        let entra = Says::default().render(Shape::Entra);
        let signing = Signing::by(Key::Provider);
        let (assertion, response) =
            (signing.sign(&entra, "_assertion"), signing.sign(&entra, "_response"));
        [both(&entra), assertion, response]
    })
}

/// What hostile ones are made of.
const PIECES: [&str; 24] = [
    "<",
    ">",
    "/>",
    "\"",
    "'",
    "&",
    "&amp;",
    "&#10;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?x?>",
    "</NameID>",
    "<NameID>bbbbbbbb-0000-4000-8000-000000000002</NameID>",
    "</Assertion>",
    "ID=\"_assertion\"",
    " xmlns=\"\"",
    " xmlns:samlp=\"urn:x\"",
    "<Issuer>",
    "\u{feff}",
    "\u{0}",
    "bbbbbbbb",
    " ",
];

#[derive(Clone, Debug)]
enum Change {
    Insert(usize, usize),
    Remove(usize, usize),
    Copy(usize, usize, usize),
    Replace(usize, char),
}

fn change() -> impl Strategy<Value = Change> {
    let at = 0..20_000_usize;
    prop_oneof![
        (at.clone(), 0..PIECES.len()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (at.clone(), 1..200_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        (at.clone(), 1..2000_usize, at.clone())
            .prop_map(|(from, length, to)| Change::Copy(from, length, to)),
        (at, any::<char>()).prop_map(|(at, c)| Change::Replace(at, c)),
    ]
}

fn changed(text: &str, change: &Change) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let size = chars.len();
    match *change {
        Change::Insert(at, piece) => {
            chars.splice(at % size..at % size, PIECES[piece].chars());
        }
        Change::Remove(at, length) => {
            chars.drain(at % size..(at % size + length).min(size));
        }
        Change::Copy(from, length, to) => {
            let copy = chars[from % size..(from % size + length).min(size)].to_vec();
            chars.splice(to % size..to % size, copy);
        }
        Change::Replace(at, c) => chars[at % size] = c,
    }
    chars.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_changed_answer_never_means_another_person(
        which in 0..3_usize,
        changes in prop::collection::vec(change(), 1..4),
    ) {
        let good = good()[which].clone();
        let text = changes.iter().fold(good, |text, change| changed(&text, change));
        if let Ok(answer) = World::new().post(&field(&text)) {
            prop_assert_eq!(answer.assertion.subject(), ATTACKER);
        }
    }
}

#[test]
fn every_accepted_document_means_the_same_to_the_library_alone() {
    let world = World::new();
    for document in all().iter().filter(|d| matches!(d.expected, Expected::Person(_))) {
        let alone = world.library_alone(&document.field.replace("\r\n", ""));
        assert_eq!(alone.as_deref(), Ok("mallory@corp.example"), "{}", document.name);
    }
}
