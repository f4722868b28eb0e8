//! A refused write says which rule refused it, alike on both engines.

use freehold_store::{Database, StoreError, Tx, Value};

use crate::support::{Place, insert, names, on_both_engines, put};

on_both_engines! {
    a_conflict_names_the_index_that_refused,
    an_expected_conflict_is_a_count_of_zero,
    a_missing_reference_is_told_apart,
    after_a_failed_statement_the_transaction_is_over,
    a_failed_statement_that_the_job_ignores_is_still_its_answer,
}

struct Person {
    id: &'static str,
    user_name: &'static str,
    external_id: &'static str,
    badge: &'static str,
}

const ADA: Person = Person { id: "1", user_name: "ada", external_id: "x1", badge: "b1" };

fn add(database: &Database, person: &Person) -> Result<u64, StoreError> {
    let values: [Value; 4] =
        [person.id.into(), person.user_name.into(), person.external_id.into(), person.badge.into()];
    database.write_tx_blocking(move |tx: &mut dyn Tx| {
        let sql = "INSERT INTO people (id, organization, user_name, external_id, badge) \
             VALUES ($1, 'acme', $2, $3, $4)";
        tx.execute(sql, &values)
    })
}

fn a_conflict_names_the_index_that_refused(place: &Place) {
    let database = place.open();
    add(&database, &ADA).unwrap();
    let other = Person { id: "2", user_name: "bea", external_id: "x2", badge: "b2" };
    let cases = [
        (Person { user_name: ADA.user_name, ..other }, "people_user_name"),
        (Person { external_id: ADA.external_id, ..other }, "people_external_id"),
        (Person { badge: ADA.badge, ..other }, "people_organization_badge_key"),
        (Person { id: ADA.id, ..other }, "people_pkey"),
    ];
    for (person, expected) in cases {
        match add(&database, &person) {
            Err(StoreError::Conflict { constraint }) => assert_eq!(constraint, expected),
            outcome => panic!("{outcome:?} instead of {expected}"),
        }
    }
}

fn an_expected_conflict_is_a_count_of_zero(place: &Place) {
    let database = place.open();
    put(&database, "a", 1).unwrap();
    let counts = database.write_tx_blocking(|tx: &mut dyn Tx| {
        let sql = "INSERT INTO things (name, number) VALUES ($1, 2) ON CONFLICT DO NOTHING";
        Ok::<_, StoreError>((tx.execute(sql, &["a".into()])?, tx.execute(sql, &["b".into()])?))
    });
    assert_eq!(counts.unwrap(), (0, 1));
}

fn a_missing_reference_is_told_apart(place: &Place) {
    let database = place.open();
    let outcome = database.write_tx_blocking(|tx: &mut dyn Tx| {
        tx.execute("INSERT INTO badges (person) VALUES ($1)", &["nobody".into()])
    });
    assert!(matches!(outcome, Err(StoreError::MissingReference)), "{outcome:?}");
}

fn after_a_failed_statement_the_transaction_is_over(place: &Place) {
    let database = place.open();
    put(&database, "a", 1).unwrap();
    let second = database.write_tx_blocking(|tx: &mut dyn Tx| {
        let first = insert(tx, "a", 2);
        let second = insert(tx, "b", 2);
        Ok::<_, StoreError>((first, second))
    });
    assert!(matches!(second, Err(StoreError::Conflict { .. })), "{second:?}");
    assert_eq!(names(&database), ["a"]);
}

fn a_failed_statement_that_the_job_ignores_is_still_its_answer(place: &Place) {
    let database = place.open();
    put(&database, "a", 1).unwrap();
    let outcome = database.write_tx_blocking(|tx: &mut dyn Tx| {
        insert(tx, "before", 1)?;
        let _ = insert(tx, "a", 2);
        Ok::<_, StoreError>(())
    });
    assert!(matches!(outcome, Err(StoreError::Conflict { .. })), "{outcome:?}");
    assert_eq!(names(&database), ["a"]);
}
