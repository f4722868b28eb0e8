//! What jobs of one transaction share: answers, and the way of rows that nobody waits for.

use freehold_store::{Database, Insertion, Question, StoreError, Tx};

use crate::support::{
    Occupied, Place, look_up, names, number_of, on_both_engines, put, set_number, wait,
};

on_both_engines! {
    a_shared_answer_is_that_of_the_last_write,
    a_shared_answer_ends_with_its_transaction,
    what_an_undone_job_was_told_is_told_to_no_other,
    a_read_job_is_told_what_was_committed_before_it_was_asked_for,
    a_row_added_later_is_seen_by_every_statement_after_it,
    rows_added_later_by_many_jobs_are_all_kept,
    a_row_added_later_and_refused_is_an_error_of_its_job_alone,
    rows_added_later_by_a_job_that_fails_are_not_kept,
    a_row_added_later_of_another_width_is_an_error,
    of_many_that_add_the_same_row_one_is_told_that_it_did,
    a_vain_hope_of_one_job_costs_no_other_its_write,
    a_hoped_write_is_seen_by_every_statement_after_it,
    what_was_hoped_by_a_job_that_fails_is_not_kept,
    a_write_that_nobody_waits_for_comes_before_what_follows,
    a_foreseen_answer_is_that_of_the_last_write,
}

static THINGS: Insertion = Insertion::new("things", &["name", "number"]);

fn recalled(tx: &mut dyn Tx, name: &str) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT number FROM things WHERE name = $1";
    tx.recall_optional(sql, &[name.into()])?.map(|row| row.integer(0)).transpose()
}

fn add_later(tx: &mut dyn Tx, name: &str, number: i64) -> Result<(), StoreError> {
    tx.insert_later(&THINGS, vec![name.into(), number.into()])
}

fn one_writer(place: &Place) -> Database {
    place.open_with(|config| config.writers = 1)
}

/// Has a job wait for each number until all can run in one transaction.
fn together<F>(
    database: &Database,
    count: i64,
    job: impl Fn(i64) -> F,
) -> Vec<Result<Option<i64>, StoreError>>
where
    F: FnMut(&mut dyn Tx) -> Result<Option<i64>, StoreError> + Send + 'static,
{
    let occupied = Occupied::writer(database);
    let jobs: Vec<_> = (0..count).map(|number| database.write_tx(job(number))).collect();
    occupied.release();
    jobs.into_iter().map(wait).collect()
}

fn a_shared_answer_is_that_of_the_last_write(place: &Place) {
    let database = one_writer(place);
    put(&database, "a", 0).unwrap();
    let told = together(&database, 20, |number| {
        move |tx: &mut dyn Tx| {
            let told = recalled(tx, "a")?;
            // Every other one leaves it to the next.
            if number % 2 == 1 {
                set_number(tx, "a", number)?;
            }
            Ok(told)
        }
    });
    let told: Vec<i64> = told.into_iter().map(|told| told.unwrap().unwrap()).collect();
    let expected: Vec<i64> = (0..20).map(|number| (number / 2 * 2 - 1).max(0)).collect();
    assert_eq!(told, expected);
}

fn a_shared_answer_ends_with_its_transaction(place: &Place) {
    let (database, other) = (one_writer(place), one_writer(place));
    for number in 0..5 {
        match number {
            0 => put(&other, "a", 0).unwrap(),
            _ => other.write_tx_blocking(move |tx| set_number(tx, "a", number)).unwrap(),
        }
        let told: Result<_, StoreError> = database.write_tx_blocking(|tx| recalled(tx, "a"));
        assert_eq!(told.unwrap(), Some(number));
    }
}

fn what_an_undone_job_was_told_is_told_to_no_other(place: &Place) {
    let database = one_writer(place);
    put(&database, "a", 1).unwrap();
    let told = together(&database, 10, |number| {
        move |tx: &mut dyn Tx| {
            if number % 2 == 0 {
                set_number(tx, "a", 2)?;
                assert_eq!(recalled(tx, "a")?, Some(2));
                return Err(StoreError::Other("on purpose".to_owned()));
            }
            recalled(tx, "a")
        }
    });
    for (number, told) in told.into_iter().enumerate() {
        match number % 2 {
            0 => assert!(matches!(told, Err(StoreError::Other(_))), "{told:?}"),
            _ => assert_eq!(told.unwrap(), Some(1)),
        }
    }
}

fn a_read_job_is_told_what_was_committed_before_it_was_asked_for(place: &Place) {
    let database = place.open();
    put(&database, "a", 0).unwrap();
    for number in 1..50 {
        database.write_tx_blocking(move |tx| set_number(tx, "a", number)).unwrap();
        let reads: Vec<_> =
            (0..8).map(|_| database.read_tx(|tx: &mut dyn Tx| recalled(tx, "a"))).collect();
        for read in reads {
            assert_eq!(wait(read).unwrap(), Some(number));
        }
    }
}

fn a_row_added_later_is_seen_by_every_statement_after_it(place: &Place) {
    let database = place.open();
    let seen: Result<_, StoreError> = database.write_tx_blocking(|tx| {
        assert_eq!(recalled(tx, "a")?, None);
        add_later(tx, "a", 1)?;
        assert_eq!(recalled(tx, "a")?, Some(1));
        add_later(tx, "b", 2)?;
        set_number(tx, "b", 3)?;
        add_later(tx, "c", 4)?;
        tx.execute("DELETE FROM things WHERE name = 'c'", &[])?;
        add_later(tx, "d", 5)?;
        number_of(tx, "d")
    });
    assert_eq!(seen.unwrap(), Some(5));
    assert_eq!(names(&database), ["a", "b", "d"]);
    assert_eq!(look_up(&database, "b"), Some(3));
}

fn rows_added_later_by_many_jobs_are_all_kept(place: &Place) {
    let database = one_writer(place);
    let added = together(&database, 50, |number| {
        move |tx: &mut dyn Tx| {
            for part in 0..3 {
                add_later(tx, &format!("{number:02} {part}"), number)?;
            }
            Ok(None)
        }
    });
    assert!(added.iter().all(Result::is_ok), "{added:?}");
    assert_eq!(names(&database).len(), 150);
}

fn a_row_added_later_and_refused_is_an_error_of_its_job_alone(place: &Place) {
    let database = one_writer(place);
    put(&database, "taken", 0).unwrap();
    let added = together(&database, 50, |number| {
        move |tx: &mut dyn Tx| {
            let name = if number == 30 { "taken".to_owned() } else { format!("{number:02}") };
            add_later(tx, &name, number)?;
            Ok(None)
        }
    });
    for (number, added) in added.into_iter().enumerate() {
        match (number, added) {
            (30, Err(StoreError::Conflict { constraint })) => assert_eq!(constraint, "things_pkey"),
            (_, added) => assert!(number != 30 && added.is_ok(), "{number}: {added:?}"),
        }
    }
    assert_eq!(names(&database).len(), 50);
    assert_eq!(look_up(&database, "taken"), Some(0));
}

fn rows_added_later_by_a_job_that_fails_are_not_kept(place: &Place) {
    let database = one_writer(place);
    let added = together(&database, 20, |number| {
        move |tx: &mut dyn Tx| {
            add_later(tx, &format!("{number:02}"), number)?;
            match number {
                7 => Err(StoreError::Other("on purpose".to_owned())),
                _ => Ok(None),
            }
        }
    });
    assert_eq!(added.iter().filter(|added| added.is_err()).count(), 1);
    assert_eq!(names(&database).len(), 19);
    assert_eq!(look_up(&database, "07"), None);
}

fn a_row_added_later_of_another_width_is_an_error(place: &Place) {
    let database = place.open();
    let added =
        database.write_tx_blocking(|tx: &mut dyn Tx| tx.insert_later(&THINGS, vec!["a".into()]));
    assert!(matches!(added, Err(StoreError::Other(_))), "{added:?}");
    assert!(names(&database).is_empty());
}

/// Sets a number that is known to be another one, as a compare-and-set.
fn set_from(tx: &mut dyn Tx, name: &str, from: i64, to: i64) -> Result<bool, StoreError> {
    let sql = "UPDATE things SET number = $3 WHERE name = $1 AND number = $2";
    tx.execute_hopefully(sql, &[name.into(), from.into(), to.into()])
}

fn of_many_that_add_the_same_row_one_is_told_that_it_did(place: &Place) {
    let database = one_writer(place);
    let added = together(&database, 40, |number| {
        move |tx: &mut dyn Tx| {
            let name = format!("{}", number % 4);
            let added = tx.insert_hopefully(&THINGS, vec![name.into(), number.into()])?;
            Ok(Some(i64::from(added)))
        }
    });
    let added: Vec<i64> = added.into_iter().map(|added| added.unwrap().unwrap()).collect();
    let expected: Vec<i64> = (0..40).map(|number| i64::from(number < 4)).collect();
    assert_eq!(added, expected);
    assert_eq!(names(&database), ["0", "1", "2", "3"]);
}

fn a_vain_hope_of_one_job_costs_no_other_its_write(place: &Place) {
    let database = one_writer(place);
    put(&database, "all", 0).unwrap();
    let set = together(&database, 20, |number| {
        move |tx: &mut dyn Tx| {
            let from = if number == 7 { 99 } else { number - i64::from(number > 7) };
            let set = set_from(tx, "all", from, from + 1)?;
            add_later(tx, &format!("{number:02}"), number)?;
            Ok(Some(i64::from(set)))
        }
    });
    for (number, set) in set.into_iter().enumerate() {
        assert_eq!(set.unwrap(), Some(i64::from(number != 7)), "{number}");
    }
    assert_eq!(look_up(&database, "all"), Some(19));
    assert_eq!(names(&database).len(), 21);
}

fn a_hoped_write_is_seen_by_every_statement_after_it(place: &Place) {
    let database = place.open();
    let seen: Result<_, StoreError> = database.write_tx_blocking(|tx| {
        assert_eq!(recalled(tx, "a")?, None);
        assert!(tx.insert_hopefully(&THINGS, vec!["a".into(), 1_i64.into()])?);
        assert_eq!(recalled(tx, "a")?, Some(1));
        assert!(set_from(tx, "a", 1, 2)?);
        assert_eq!(recalled(tx, "a")?, Some(2));
        assert!(!tx.insert_hopefully(&THINGS, vec!["a".into(), 3_i64.into()])?);
        assert!(!set_from(tx, "a", 1, 4)?);
        number_of(tx, "a")
    });
    assert_eq!(seen.unwrap(), Some(2));
}

fn what_was_hoped_by_a_job_that_fails_is_not_kept(place: &Place) {
    let database = one_writer(place);
    put(&database, "all", 0).unwrap();
    let added = together(&database, 20, |number| {
        move |tx: &mut dyn Tx| {
            let name = format!("{number:02}");
            assert!(tx.insert_hopefully(&THINGS, vec![name.into(), number.into()])?);
            match number {
                7 => {
                    set_from(tx, "all", 0, 1)?;
                    Err(StoreError::Other("on purpose".to_owned()))
                }
                _ => Ok(None),
            }
        }
    });
    assert_eq!(added.iter().filter(|added| added.is_err()).count(), 1);
    assert_eq!(names(&database).len(), 20);
    assert_eq!(look_up(&database, "07"), None);
    assert_eq!(look_up(&database, "all"), Some(0));
}

fn a_write_that_nobody_waits_for_comes_before_what_follows(place: &Place) {
    let database = place.open();
    put(&database, "a", 1).unwrap();
    let seen: Result<_, StoreError> = database.write_tx_blocking(|tx| {
        tx.execute_later("DELETE FROM things WHERE name = $1", &["a".into()])?;
        add_later(tx, "a", 2)?;
        tx.execute_later("UPDATE things SET number = 3 WHERE name = $1", &["a".into()])?;
        number_of(tx, "a")
    });
    assert_eq!(seen.unwrap(), Some(3));
    assert_eq!(look_up(&database, "a"), Some(3));
}

fn a_foreseen_answer_is_that_of_the_last_write(place: &Place) {
    let database = place.open();
    put(&database, "a", 1).unwrap();
    put(&database, "b", 2).unwrap();
    for written in [false, true] {
        let (first, second): (Option<i64>, Option<i64>) = database
            .write_tx_blocking(move |tx| {
                let sql = "SELECT number FROM things WHERE name = $1";
                let next = Question { sql, values: &["b".into()] };
                let first = tx.query_foreseeing(sql, &["a".into()], next)?;
                if written {
                    set_number(tx, "b", 3)?;
                }
                let second = tx.query_foreseen(sql, next.values)?;
                let number = |rows: &[freehold_store::Row]| rows.first().map(|row| row.integer(0));
                Ok::<_, StoreError>((number(&first).transpose()?, number(&second).transpose()?))
            })
            .unwrap();
        assert_eq!((first, second), (Some(1), Some(if written { 3 } else { 2 })));
    }
}
