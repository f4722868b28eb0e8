//! What becomes of a job: kept, undone, refused, run to its end.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use freehold_store::{Database, StoreError, Tx};

use crate::support::{Occupied, Place, insert, look_up, names, on_both_engines, put, wait};

on_both_engines! {
    what_was_answered_is_seen_by_the_next_read,
    a_job_that_fails_leaves_nothing_behind,
    a_job_that_panics_is_undone_alone,
    a_dropped_future_still_writes_once,
    a_dropped_read_is_not_run,
    a_full_queue_answers_at_once,
    jobs_that_wait_at_the_end_are_still_served,
    a_reader_cannot_write,
    a_read_over_its_time_is_ended_and_the_reader_goes_on,
    a_scan_does_not_hold_up_a_read,
    readiness_says_whether_jobs_would_be_served,
    the_last_clone_may_go_inside_a_job,
}

/// Counts for ever, on both engines.
const ENDLESS: &str =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n";

fn one_writer(place: &Place) -> Database {
    place.open_with(|config| config.writers = 1)
}

fn what_was_answered_is_seen_by_the_next_read(place: &Place) {
    let database = place.open();
    for number in 0..20 {
        put(&database, &number.to_string(), number).unwrap();
        assert_eq!(look_up(&database, &number.to_string()), Some(number));
    }
}

fn a_job_that_fails_leaves_nothing_behind(place: &Place) {
    #[derive(Debug)]
    enum Refusal {
        Rule,
        Store,
    }
    impl From<StoreError> for Refusal {
        fn from(_: StoreError) -> Self {
            Self::Store
        }
    }
    let database = place.open();
    let outcome = database.write_tx_blocking(|tx: &mut dyn Tx| {
        insert(tx, "a", 1)?;
        Err::<(), Refusal>(Refusal::Rule)
    });
    assert!(matches!(outcome, Err(Refusal::Rule)), "{outcome:?}");
    assert!(names(&database).is_empty());
}

fn a_job_that_panics_is_undone_alone(place: &Place) {
    let database = one_writer(place);
    let occupied = Occupied::writer(&database);
    let before = database.write_tx(|tx: &mut dyn Tx| insert(tx, "before", 1));
    let panicking = database.write_tx(|tx: &mut dyn Tx| -> Result<(), StoreError> {
        insert(tx, "half", 1)?;
        panic!("expected by the test");
    });
    let after = database.write_tx(|tx: &mut dyn Tx| insert(tx, "after", 1));
    occupied.release();
    assert!(wait(before).is_ok());
    assert!(matches!(wait(panicking), Err(StoreError::Other(words)) if words.contains("panicked")));
    assert!(wait(after).is_ok());
    assert_eq!(names(&database), ["after", "before"]);
}

fn a_dropped_future_still_writes_once(place: &Place) {
    let database = one_writer(place);
    let occupied = Occupied::writer(&database);
    drop(database.write_tx(|tx: &mut dyn Tx| insert(tx, "dropped", 1)));
    occupied.release();
    // Behind it in the queue: when this is answered, the dropped one has been served.
    put(&database, "next", 1).unwrap();
    assert_eq!(names(&database), ["dropped", "next"]);
}

fn a_dropped_read_is_not_run(place: &Place) {
    let database = place.open_with(|config| config.scanners = 1);
    let (go_on, wait_for) = std::sync::mpsc::channel::<()>();
    let (started, has_started) = std::sync::mpsc::channel();
    let runs = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&runs);
    let first = database.scan_tx(move |_| {
        let _ = started.send(());
        let _ = wait_for.recv();
        Ok::<(), StoreError>(())
    });
    has_started.recv().unwrap();
    drop(database.scan_tx(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        Ok::<(), StoreError>(())
    }));
    go_on.send(()).unwrap();
    wait(first).unwrap();
    wait(database.scan_tx(|_| Ok::<(), StoreError>(()))).unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 0);
}

fn a_full_queue_answers_at_once(place: &Place) {
    let database = place.open_with(|config| {
        config.writers = 1;
        config.queue = 2;
    });
    let occupied = Occupied::writer(&database);
    let first = database.write_tx(|tx: &mut dyn Tx| insert(tx, "1", 1));
    let second = database.write_tx(|tx: &mut dyn Tx| insert(tx, "2", 1));
    let third = wait(database.write_tx(|tx: &mut dyn Tx| insert(tx, "3", 1)));
    assert!(matches!(third, Err(StoreError::Busy)), "{third:?}");
    occupied.release();
    assert!(wait(first).is_ok() && wait(second).is_ok());
    assert!(put(&database, "4", 1).is_ok());
    assert_eq!(names(&database), ["1", "2", "4"]);
}

fn jobs_that_wait_at_the_end_are_still_served(place: &Place) {
    let database = one_writer(place);
    let occupied = Occupied::writer(&database);
    let waiting: Vec<_> = (0..10)
        .map(|number| database.write_tx(move |tx: &mut dyn Tx| insert(tx, &number.to_string(), 1)))
        .collect();
    let closing = database.clone();
    let closer = std::thread::spawn(move || closing.close());
    occupied.release();
    closer.join().unwrap();
    for job in waiting {
        wait(job).unwrap();
    }
    let late = put(&database, "late", 1);
    assert!(matches!(late, Err(StoreError::Unavailable(_))), "{late:?}");
    assert_eq!(names(&place.open()).len(), 10);
}

fn a_reader_cannot_write(place: &Place) {
    let database = place.open();
    let outcome = wait(database.read_tx(|tx: &mut dyn Tx| insert(tx, "a", 1)));
    assert!(matches!(outcome, Err(StoreError::ReadOnly)), "{outcome:?}");
    assert!(names(&database).is_empty());
}

fn a_read_over_its_time_is_ended_and_the_reader_goes_on(place: &Place) {
    let database = place.open_with(|config| {
        config.readers = 1;
        config.read_deadline = Duration::from_millis(100);
    });
    let outcome = wait(database.read_tx(|tx: &mut dyn Tx| tx.query(ENDLESS, &[])));
    assert!(matches!(outcome, Err(StoreError::TimedOut)), "{outcome:?}");
    let next = wait(database.read_tx(|tx: &mut dyn Tx| tx.query("SELECT 1", &[])));
    assert!(next.is_ok(), "{next:?}");
}

fn a_scan_does_not_hold_up_a_read(place: &Place) {
    let database = place.open_with(|config| config.scan_deadline = Duration::from_secs(2));
    let scans: Vec<_> =
        (0..4).map(|_| database.scan_tx(|tx: &mut dyn Tx| tx.query(ENDLESS, &[]))).collect();
    let read = wait(database.read_tx(|tx: &mut dyn Tx| tx.query("SELECT 1", &[])));
    assert!(read.is_ok(), "{read:?}");
    drop(scans);
}

fn readiness_says_whether_jobs_would_be_served(place: &Place) {
    let database = place.open();
    assert!(wait(database.ready()).is_ok());
    database.close();
    assert!(wait(database.ready()).is_err());
}

fn the_last_clone_may_go_inside_a_job(place: &Place) {
    let database = one_writer(place);
    let occupied = Occupied::writer(&database);
    let held = database.clone();
    let job = database.write_tx(move |tx: &mut dyn Tx| {
        let _ = &held;
        insert(tx, "a", 1)
    });
    drop(database);
    occupied.release();
    assert!(wait(job).is_ok());
    assert_eq!(names(&place.open()), ["a"]);
}
