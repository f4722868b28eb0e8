//! Following a chain, event by event: what is wrong is found at the first event that is.

use super::{Audited, ChainHash, Head};

/// Why a chain is not intact.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// An event is missing, stands twice or in another place.
    #[error(
        "seq {expected} is expected and seq {found} follows: events are missing or out of order"
    )]
    Gap {
        /// The number that comes next.
        expected: u64,
        /// The number that is there.
        found: u64,
    },
    /// The events are of several organizations.
    #[error("seq {seq} is of another organization than the events before it")]
    Organization {
        /// The event.
        seq: u64,
    },
    /// The line names another hash before it than is there.
    #[error("seq {seq} names another previous hash than that of the event before it")]
    Previous {
        /// The event.
        seq: u64,
    },
    /// The content of the event, or its hash, was changed.
    #[error("seq {seq} has another hash than its content and the hash before it give")]
    Hash {
        /// The event.
        seq: u64,
    },
    /// The chain was written anew from an event on, or before it.
    #[error(
        "seq {seq} has another hash than the head that was noted: events up to it were rewritten"
    )]
    Rewritten {
        /// The event whose hash was noted.
        seq: u64,
    },
    /// The event that was noted is not there.
    #[error("the head that was noted is at seq {noted}, and the events end at seq {last}")]
    Missing {
        /// The number noted.
        noted: u64,
        /// Where the events end.
        last: u64,
    },
    /// The head that is kept beside the events is not that of the last event.
    #[error(
        "the head beside the events is at seq {kept} and does not fit the last event, seq {last}"
    )]
    KeptHead {
        /// Its number.
        kept: u64,
        /// Where the events end.
        last: u64,
    },
}

/// A chain that is intact.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Verified {
    /// How many events of the chain were verified.
    pub events: u64,
    /// How many others there were, of which a chain says nothing.
    pub outside: u64,
    /// The head that all of it gives.
    pub head: Head,
}

/// Follows a chain.
pub struct Verifier {
    so_far: Verified,
    organization: Option<String>,
    /// The head that was noted elsewhere, until it is met.
    noted: Option<Head>,
}

impl Verifier {
    /// Begins after `start`; somewhere from there on the chain must meet the head that was noted elsewhere.
    ///
    /// # Errors
    /// [`Fault::Rewritten`]: both are heads at one number and differ.
    pub fn new(start: Head, noted: Option<Head>) -> Result<Self, Fault> {
        let so_far = Verified { events: 0, outside: 0, head: start };
        let mut verifier = Self { so_far, organization: None, noted };
        verifier.meet_noted()?;
        Ok(verifier)
    }

    /// How far it has come.
    pub fn head(&self) -> Head {
        self.so_far.head
    }

    /// The next event. `previous` is the hash before it that a line names.
    ///
    /// # Errors
    /// The [`Fault`] of this event.
    pub fn take(&mut self, event: &Audited, previous: Option<ChainHash>) -> Result<(), Fault> {
        let Some(head) = event.head else {
            self.so_far.outside += 1;
            return Ok(());
        };
        let expected = self.so_far.head.after(&event.entry);
        let seq = head.seq;
        if seq != expected.seq {
            return Err(Fault::Gap { expected: expected.seq, found: seq });
        }
        let organization = &event.entry.organization;
        if self.organization.get_or_insert_with(|| organization.clone()) != organization {
            return Err(Fault::Organization { seq });
        }
        if previous.is_some_and(|previous| previous != self.so_far.head.hash) {
            return Err(Fault::Previous { seq });
        }
        if head != expected {
            return Err(Fault::Hash { seq });
        }
        self.so_far.head = head;
        self.so_far.events += 1;
        self.meet_noted()
    }

    fn meet_noted(&mut self) -> Result<(), Fault> {
        let head = self.so_far.head;
        match self.noted {
            Some(noted) if noted.seq != head.seq => Ok(()),
            Some(noted) if noted != head => Err(Fault::Rewritten { seq: head.seq }),
            _ => {
                self.noted = None;
                Ok(())
            }
        }
    }

    /// The end of an export.
    ///
    /// # Errors
    /// [`Fault::Missing`].
    pub fn finish(self) -> Result<Verified, Fault> {
        match self.noted {
            Some(noted) => Err(Fault::Missing { noted: noted.seq, last: self.so_far.head.seq }),
            None => Ok(self.so_far),
        }
    }

    /// The end of a database, which keeps its head beside the events.
    ///
    /// # Errors
    /// [`Fault::Missing`], [`Fault::KeptHead`].
    pub fn finish_at(self, kept: Head) -> Result<Verified, Fault> {
        let verified = self.finish()?;
        if kept != verified.head {
            return Err(Fault::KeptHead { kept: kept.seq, last: verified.head.seq });
        }
        Ok(verified)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Entry, line};

    type Lines = Vec<(Audited, Option<ChainHash>)>;

    fn entry(number: u64) -> Entry {
        let text = |word: &str| Some(format!("{word} {number}"));
        Entry {
            organization: "acme".to_owned(),
            id: format!("id {number}"),
            at: format!("2026-11-23T22:27:00.00{number}Z"),
            kind: "sign-in".to_owned(),
            user: text("user"),
            token: text("token"),
            client: text("client"),
            connection: text("connection"),
            detail: text("detail"),
        }
    }

    fn chain(count: u64) -> Lines {
        let mut before = Head::START;
        let next = |number| {
            let entry = entry(number);
            let head = before.after(&entry);
            let previous = std::mem::replace(&mut before, head).hash;
            (Audited { entry, head: Some(head) }, Some(previous))
        };
        (1..=count).map(next).collect()
    }

    fn verify_from(start: Head, lines: &Lines, noted: Option<Head>) -> Result<Verified, Fault> {
        let mut verifier = Verifier::new(start, noted)?;
        for (event, previous) in lines {
            verifier.take(event, *previous)?;
        }
        verifier.finish()
    }

    fn verify(lines: &Lines) -> Result<Verified, Fault> {
        verify_from(Head::START, lines, None)
    }

    fn head_of(lines: &Lines, place: usize) -> Head {
        lines[place].0.head.unwrap()
    }

    /// Hashes from this place on as somebody would who can write and knows how.
    fn rehash(lines: &mut Lines, place: usize) {
        let mut before = place.checked_sub(1).map_or(Head::START, |last| head_of(lines, last));
        for (event, previous) in &mut lines[place..] {
            *previous = Some(before.hash);
            before = before.after(&event.entry);
            event.head = Some(before);
        }
    }

    #[test]
    fn an_untouched_chain_is_intact() {
        let lines = chain(5);
        let verified = verify(&lines).unwrap();
        assert_eq!((verified.events, verified.outside), (5, 0));
        assert_eq!(verified.head, head_of(&lines, 4));
        assert_eq!(verify(&Vec::new()).unwrap().head, Head::START);
    }

    #[test]
    fn a_change_of_any_field_is_found_where_it_is() {
        let changes: [fn(&mut Entry); 9] = [
            |entry| entry.organization.push('x'),
            |entry| entry.id.push('x'),
            |entry| entry.at.push('x'),
            |entry| entry.kind.push('x'),
            |entry| entry.user = None,
            |entry| entry.token = None,
            |entry| entry.client = None,
            |entry| entry.connection = None,
            |entry| entry.detail = None,
        ];
        for change in changes {
            let mut lines = chain(1);
            change(&mut lines[0].0.entry);
            assert_eq!(verify(&lines), Err(Fault::Hash { seq: 1 }));
        }
        let mut lines = chain(3);
        lines[1].0.head = Some(Head { seq: 2, hash: ChainHash::START });
        assert_eq!(verify(&lines), Err(Fault::Hash { seq: 2 }));
    }

    #[test]
    fn a_missing_swapped_repeated_or_inserted_event_is_found() {
        let mut missing = chain(4);
        missing.remove(1);
        assert_eq!(verify(&missing), Err(Fault::Gap { expected: 2, found: 3 }));
        let mut swapped = chain(4);
        swapped.swap(1, 2);
        assert_eq!(verify(&swapped), Err(Fault::Gap { expected: 2, found: 3 }));
        let mut repeated = chain(4);
        repeated.insert(2, repeated[1].clone());
        assert_eq!(verify(&repeated), Err(Fault::Gap { expected: 3, found: 2 }));
        let mut headless = chain(4);
        headless.remove(0);
        assert_eq!(verify(&headless), Err(Fault::Gap { expected: 1, found: 2 }));
        let mut inserted = chain(4);
        inserted.insert(1, inserted[0].clone());
        inserted[1].0.entry.kind = "scim.disabled".to_owned();
        for (number, (event, _)) in (1..).zip(&mut inserted) {
            event.head = event.head.map(|head| Head { seq: number, ..head });
        }
        // What follows the first event names and continues its hash, and the inserted one does not.
        assert_eq!(verify(&inserted), Err(Fault::Previous { seq: 2 }));
        inserted[1].1 = Some(head_of(&inserted, 0).hash);
        assert_eq!(verify(&inserted), Err(Fault::Hash { seq: 2 }));
    }

    #[test]
    fn two_events_with_their_numbers_exchanged_are_found_without_the_named_hashes() {
        let mut lines = chain(3);
        let entry = lines[1].0.entry.clone();
        lines[1].0.entry = std::mem::replace(&mut lines[2].0.entry, entry);
        lines.iter_mut().for_each(|(_, previous)| *previous = None);
        assert_eq!(verify(&lines), Err(Fault::Hash { seq: 2 }));
    }

    #[test]
    fn a_line_that_names_another_previous_hash_is_found() {
        let mut lines = chain(3);
        lines[2].1 = lines[1].1;
        assert_eq!(verify(&lines), Err(Fault::Previous { seq: 3 }));
    }

    #[test]
    fn an_event_of_another_organization_is_found_even_when_it_is_chained() {
        let mut lines = chain(3);
        lines[1].0.entry.organization = "other".to_owned();
        rehash(&mut lines, 1);
        assert_eq!(verify(&lines), Err(Fault::Organization { seq: 2 }));
    }

    #[test]
    fn a_rewritten_or_cut_chain_is_found_by_a_head_noted_elsewhere_alone() {
        let honest = chain(4);
        let noted = head_of(&honest, 2);
        assert!(verify_from(Head::START, &honest, Some(noted)).is_ok());
        let mut rewritten = honest.clone();
        rewritten[1].0.entry.detail = None;
        rehash(&mut rewritten, 1);
        assert!(verify(&rewritten).is_ok());
        let found = verify_from(Head::START, &rewritten, Some(noted));
        assert_eq!(found, Err(Fault::Rewritten { seq: 3 }));
        let cut: Lines = honest[..2].to_vec();
        assert!(verify(&cut).is_ok());
        let found = verify_from(Head::START, &cut, Some(noted));
        assert_eq!(found, Err(Fault::Missing { noted: 3, last: 2 }));
    }

    #[test]
    fn a_part_is_verified_from_the_head_before_it() {
        let whole = chain(4);
        let part = whole[2..].to_vec();
        let start = head_of(&whole, 1);
        assert_eq!(verify_from(start, &part, None).unwrap().events, 2);
        assert!(verify_from(start, &part, Some(start)).is_ok());
        let other = Head { hash: ChainHash::START, ..start };
        assert_eq!(verify_from(other, &part, None), Err(Fault::Previous { seq: 3 }));
        assert_eq!(verify_from(other, &part, Some(start)), Err(Fault::Rewritten { seq: 2 }));
    }

    #[test]
    fn a_database_keeps_the_head_of_its_last_event() {
        let lines = chain(3);
        let finish = |kept: Head| {
            let mut verifier = Verifier::new(Head::START, None).unwrap();
            lines.iter().for_each(|(event, _)| verifier.take(event, None).unwrap());
            verifier.finish_at(kept)
        };
        assert!(finish(head_of(&lines, 2)).is_ok());
        let other = Head { hash: ChainHash::START, ..head_of(&lines, 2) };
        for kept in [head_of(&lines, 1), Head::START, other] {
            assert_eq!(finish(kept), Err(Fault::KeptHead { kept: kept.seq, last: 3 }));
        }
    }

    #[test]
    fn events_outside_the_chain_are_counted_and_prove_nothing() {
        let mut lines = chain(2);
        lines.insert(1, (Audited { entry: entry(9), head: None }, None));
        let verified = verify(&lines).unwrap();
        assert_eq!((verified.events, verified.outside), (2, 1));
        // An event cannot be taken out of the chain in this way.
        let mut hidden = chain(3);
        hidden[1] = (Audited { head: None, ..hidden[1].0.clone() }, None);
        assert_eq!(verify(&hidden), Err(Fault::Gap { expected: 2, found: 3 }));
    }

    #[test]
    fn a_line_reads_back_as_the_event_it_was() {
        let mut lines = chain(2);
        lines[0].0.entry.detail = Some("a\"\\\u{2028}b".to_owned());
        lines[1].0.head = None;
        for (event, previous) in &lines {
            let text = line::render(event, previous.unwrap()).unwrap();
            assert!(!text.contains('\n'));
            assert_eq!(line::parse(&text).unwrap(), (event.clone(), event.head.and(*previous)));
        }
    }

    #[test]
    fn a_line_is_whole_and_holds_nothing_else() {
        let (event, previous) = &chain(1)[0];
        let text = line::render(event, previous.unwrap()).unwrap();
        assert!(line::parse(&text).is_ok());
        for (found, put) in [
            ("\"seq\":1", "\"seq\":null"),
            ("\"seq\":1", "\"seq\":-1"),
            ("\"previous\":\"0", "\"previous\":\""),
            ("\"hash\":\"", "\"hash\":\"A"),
            ("{", "{\"more\":1,"),
            ("{", "{\"kind\":\"x\","),
            ("}", "}}"),
        ] {
            assert!(text.contains(found));
            assert!(line::parse(&text.replacen(found, put, 1)).is_err(), "{put}");
        }
    }

    #[test]
    fn the_example_of_the_documentation_is_intact() {
        let text = include_str!("../../../../docs/AUDIT.md");
        let example = text.split("```json\n").nth(1).and_then(|rest| rest.split("```").next());
        let mut verifier = Verifier::new(Head::START, None).unwrap();
        for text in example.unwrap().lines() {
            let (event, previous) = line::parse(text).unwrap();
            verifier.take(&event, previous).unwrap();
            // The example is what this program writes.
            let again = line::render(&event, previous.unwrap_or(ChainHash::START)).unwrap();
            assert_eq!(text, again);
        }
        let verified = verifier.finish().unwrap();
        assert_eq!((verified.events, verified.outside), (2, 1));
        assert!(text.contains(&verified.head.to_string()));
    }
}
