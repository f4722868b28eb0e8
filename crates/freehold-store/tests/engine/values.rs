//! What goes in comes out, alike on both engines.

use freehold_store::{StoreError, Tx, Value};

use crate::support::{Place, insert, names, on_both_engines, put};

on_both_engines! {
    every_kind_of_value_comes_back_as_it_went_in,
    parameters_bind_by_their_number_in_any_order_and_repeated,
    a_wrong_number_of_values_is_refused,
    a_text_with_u_0000_is_refused,
    a_number_that_is_none_is_refused,
    text_is_ordered_by_its_bytes,
    comparisons_and_counts_are_integers,
    a_returning_clause_gives_rows_and_execute_gives_counts,
}

fn every_kind_of_value_comes_back_as_it_went_in(place: &Place) {
    let database = place.open();
    let samples: [[Value; 4]; 4] = [
        ["plain".into(), Value::Integer(0), 0.5.into(), vec![0_u8, 255].into()],
        ["".into(), i64::MIN.into(), (-1.0e300).into(), Vec::new().into()],
        [
            "ÄNNE 日本 \u{1F511} ' \" $1 \\".into(),
            i64::MAX.into(),
            1.0e-300.into(),
            vec![0; 3].into(),
        ],
        ["nothing".into(), Value::Null, Value::Null, Value::Null],
    ];
    for sample in samples {
        let given = sample.clone();
        let found = database.write_tx_blocking(move |tx: &mut dyn Tx| {
            let sql = "INSERT INTO things (name, number, ratio, bytes) VALUES ($1, $2, $3, $4)";
            tx.execute(sql, &given)?;
            let sql = "SELECT name, number, ratio, bytes FROM things WHERE name = $1";
            let row = tx.query_one(sql, &given[..1])?;
            (0..4).map(|index| row.value(index).cloned()).collect::<Result<Vec<_>, StoreError>>()
        });
        assert_eq!(found.unwrap(), sample);
    }
}

fn parameters_bind_by_their_number_in_any_order_and_repeated(place: &Place) {
    let database = place.open();
    let row = database.write_tx_blocking(|tx: &mut dyn Tx| {
        let sql = "INSERT INTO things (number, name) VALUES ($2, $1)";
        tx.execute(sql, &["first".into(), Value::Integer(2)])?;
        let sql = "SELECT name, number FROM things WHERE number = $2 AND name = $1 AND $2 = number";
        tx.query_one(sql, &["first".into(), Value::Integer(2)])
    });
    let row = row.unwrap();
    assert_eq!((row.text(0).unwrap(), row.integer(1).unwrap()), ("first".to_owned(), 2));
}

fn a_wrong_number_of_values_is_refused(place: &Place) {
    let database = place.open();
    for values in [vec![], vec!["a".into(), "b".into()]] {
        let outcome = database.read_tx_blocking(move |tx: &mut dyn Tx| {
            tx.query("SELECT number FROM things WHERE name = $1", &values)
        });
        assert!(matches!(outcome, Err(StoreError::Other(_))), "{outcome:?}");
    }
}

fn a_text_with_u_0000_is_refused(place: &Place) {
    let database = place.open();
    let outcome = put(&database, "a\0b", 1);
    assert!(matches!(&outcome, Err(StoreError::Other(words)) if words.contains("U+0000")));
    assert!(names(&database).is_empty());
}

fn a_number_that_is_none_is_refused(place: &Place) {
    let database = place.open();
    let outcome = database.write_tx_blocking(|tx: &mut dyn Tx| {
        let sql = "INSERT INTO things (name, ratio) VALUES ('a', $1)";
        tx.execute(sql, &[f64::NAN.into()])
    });
    assert!(matches!(&outcome, Err(StoreError::Other(words)) if words.contains("NaN")));
}

fn text_is_ordered_by_its_bytes(place: &Place) {
    let database = place.open();
    for name in ["b", "a", "B", "ä", "_", "aa"] {
        put(&database, name, 1).unwrap();
    }
    assert_eq!(names(&database), ["B", "_", "a", "aa", "b", "ä"]);
}

fn comparisons_and_counts_are_integers(place: &Place) {
    let database = place.open();
    put(&database, "a", 3).unwrap();
    let row = database.read_tx_blocking(|tx: &mut dyn Tx| {
        let sql = "SELECT count(*), CAST(sum(number) AS BIGINT), \
             EXISTS (SELECT 1 FROM things WHERE number = 3), number > 3 FROM things GROUP BY number";
        tx.query_one(sql, &[])
    });
    let row = row.unwrap();
    assert_eq!((row.integer(0).unwrap(), row.integer(1).unwrap()), (1, 3));
    assert_eq!((row.flag(2).unwrap(), row.flag(3).unwrap()), (true, false));
}

fn a_returning_clause_gives_rows_and_execute_gives_counts(place: &Place) {
    let database = place.open();
    let (returned, touched, untouched) = database
        .write_tx_blocking(|tx: &mut dyn Tx| {
            insert(tx, "a", 1)?;
            insert(tx, "b", 1)?;
            let sql = "UPDATE things SET number = number + 1 RETURNING name";
            let returned = tx.query(sql, &[])?.len();
            let touched = tx.execute("UPDATE things SET number = 2 WHERE number = 2", &[])?;
            let untouched = tx.execute("DELETE FROM things WHERE number = 9", &[])?;
            Ok::<_, StoreError>((returned, touched, untouched))
        })
        .unwrap();
    assert_eq!((returned, touched, untouched), (2, 2, 0));
}
