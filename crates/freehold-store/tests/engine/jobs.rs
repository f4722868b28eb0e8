//! What becomes of a job: kept, undone, refused, run to its end.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use freehold_store::{Database, StoreError, Tx};

use crate::support::{
    Occupied, Place, insert, look_up, names, number_of, on_both_engines, put, set_number, wait,
};

on_both_engines! {
    what_was_answered_is_seen_by_the_next_read,
    a_job_that_fails_leaves_nothing_behind,
    a_job_that_panics_is_undone_alone,
    a_job_that_fails_among_a_hundred_harms_none_of_them,
    jobs_that_fail_and_panic_here_and_there_are_undone_alone,
    a_refusal_that_changed_nothing_makes_nobody_run_again,
    what_a_job_saw_of_an_undone_one_does_not_count,
    a_read_that_waited_sees_what_was_answered_before_it_was_asked_for,
    a_read_that_fails_harms_none_that_waited_with_it,
    a_dropped_future_still_writes_once,
    a_dropped_read_is_not_run,
    a_full_queue_answers_at_once,
    jobs_that_wait_at_the_end_are_still_served,
    a_reader_cannot_write,
    a_read_over_its_time_is_ended_and_the_reader_goes_on,
    a_read_that_works_between_its_statements_is_told_when_its_time_is_over,
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

/// What the hundred jobs of a group do.
#[derive(Clone, Copy, PartialEq)]
enum Deed {
    Succeed,
    WriteAndRefuse,
    WriteAndPanic,
    Collide,
}

/// Runs a hundred jobs that all wait before the first of them begins, and looks at what each answered and left.
fn run_a_hundred(place: &Place, deed: impl Fn(u32) -> Deed) {
    let database = one_writer(place);
    put(&database, "taken", 0).unwrap();
    let occupied = Occupied::writer(&database);
    let jobs: Vec<_> = (0..100)
        .map(|number| {
            let (deed, name) = (deed(number), format!("job {number:02}"));
            let job = database.write_tx(move |tx: &mut dyn Tx| {
                insert(tx, &name, 1)?;
                match deed {
                    Deed::Succeed => Ok(()),
                    Deed::WriteAndRefuse => Err(StoreError::Other("refused".to_owned())),
                    Deed::WriteAndPanic => panic!("expected by the test"),
                    Deed::Collide => insert(tx, "taken", 2),
                }
            });
            (number, deed, job)
        })
        .collect();
    occupied.release();
    let mut expected = Vec::new();
    for (number, deed, job) in jobs {
        let outcome = wait(job);
        let is_right = match deed {
            Deed::Succeed => outcome.is_ok(),
            Deed::WriteAndRefuse => {
                matches!(&outcome, Err(StoreError::Other(words)) if words == "refused")
            }
            Deed::WriteAndPanic => {
                matches!(&outcome, Err(StoreError::Other(words)) if words.contains("panicked"))
            }
            Deed::Collide => matches!(&outcome, Err(StoreError::Conflict { .. })),
        };
        assert!(is_right, "{number}: {outcome:?}");
        if deed == Deed::Succeed {
            expected.push(format!("job {number:02}"));
        }
    }
    expected.push("taken".to_owned());
    assert_eq!(names(&database), expected);
}

fn a_job_that_fails_among_a_hundred_harms_none_of_them(place: &Place) {
    run_a_hundred(place, |number| if number == 50 { Deed::WriteAndRefuse } else { Deed::Succeed });
}

fn jobs_that_fail_and_panic_here_and_there_are_undone_alone(place: &Place) {
    run_a_hundred(place, |number| match number {
        7 | 8 | 63 | 99 => Deed::WriteAndRefuse,
        20 | 64 => Deed::WriteAndPanic,
        0 | 40 => Deed::Collide,
        _ => Deed::Succeed,
    });
}

fn a_refusal_that_changed_nothing_makes_nobody_run_again(place: &Place) {
    let database = one_writer(place);
    put(&database, "a", 1).unwrap();
    let occupied = Occupied::writer(&database);
    let runs = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&runs);
    let before = database.write_tx(move |tx: &mut dyn Tx| {
        count.fetch_add(1, Ordering::Relaxed);
        insert(tx, "before", 1)
    });
    let refused = database.write_tx(|tx: &mut dyn Tx| {
        let sql = "INSERT INTO things (name, number) VALUES ('a', 2) ON CONFLICT DO NOTHING";
        match tx.execute(sql, &[])? {
            0 => Err(StoreError::Other("refused".to_owned())),
            _ => Ok(()),
        }
    });
    let after = database.write_tx(|tx: &mut dyn Tx| insert(tx, "after", 1));
    occupied.release();
    assert!(matches!(wait(refused), Err(StoreError::Other(words)) if words == "refused"));
    assert!(wait(before).is_ok() && wait(after).is_ok());
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    assert_eq!(names(&database), ["a", "after", "before"]);
}

/// The second job succeeds only where it finds what the first one leaves behind, and that is nothing.
fn what_a_job_saw_of_an_undone_one_does_not_count(place: &Place) {
    let database = one_writer(place);
    let occupied = Occupied::writer(&database);
    let neighbor = database.write_tx(|tx: &mut dyn Tx| insert(tx, "neighbor", 1));
    let undone = database.write_tx(|tx: &mut dyn Tx| {
        insert(tx, "half", 1)?;
        Err::<(), _>(StoreError::Other("refused".to_owned()))
    });
    let looking = database.write_tx(|tx: &mut dyn Tx| number_of(tx, "half"));
    occupied.release();
    assert!(wait(neighbor).is_ok() && wait(undone).is_err());
    assert_eq!(wait(looking).unwrap(), None);
}

/// The reader is held in a job; what waits behind it is served from one moment, which must be late enough for all.
fn a_read_that_waited_sees_what_was_answered_before_it_was_asked_for(place: &Place) {
    let database = place.open_with(|config| config.readers = 1);
    put(&database, "a", 1).unwrap();
    let (go_on, wait_for) = std::sync::mpsc::channel::<()>();
    let (started, has_started) = std::sync::mpsc::channel();
    let first = database.read_tx(move |tx: &mut dyn Tx| {
        let number = number_of(tx, "a")?;
        let _ = started.send(());
        let _ = wait_for.recv();
        Ok::<_, StoreError>(number)
    });
    has_started.recv().unwrap();
    let mut reads = Vec::new();
    for number in 2..12 {
        database.write_tx_blocking(move |tx: &mut dyn Tx| set_number(tx, "a", number)).unwrap();
        let read = database.read_tx(|tx: &mut dyn Tx| number_of(tx, "a"));
        reads.push((number, read));
    }
    go_on.send(()).unwrap();
    assert_eq!(wait(first).unwrap(), Some(1));
    for (number, read) in reads {
        let seen = wait(read).unwrap();
        assert!(seen >= Some(number), "{seen:?} after {number} was answered");
    }
}

fn a_read_that_fails_harms_none_that_waited_with_it(place: &Place) {
    let database = place.open_with(|config| config.readers = 1);
    put(&database, "a", 1).unwrap();
    let (go_on, wait_for) = std::sync::mpsc::channel::<()>();
    let first = database.read_tx(move |_| {
        let _ = wait_for.recv();
        Ok::<(), StoreError>(())
    });
    let look = || database.read_tx(|tx: &mut dyn Tx| number_of(tx, "a"));
    let (one, two, three, four) = (
        look(),
        database.read_tx(|tx: &mut dyn Tx| tx.query("SELECT nothing FROM nowhere", &[])),
        look(),
        database.read_tx(|_| -> Result<(), StoreError> { panic!("expected by the test") }),
    );
    let five = look();
    go_on.send(()).unwrap();
    wait(first).unwrap();
    assert!(wait(two).is_err() && wait(four).is_err());
    for read in [one, three, five] {
        assert_eq!(wait(read).unwrap(), Some(1));
    }
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

fn a_read_that_works_between_its_statements_is_told_when_its_time_is_over(place: &Place) {
    let database = place.open_with(|config| {
        config.readers = 1;
        config.read_deadline = Duration::from_millis(100);
    });
    let outcome: Result<(), StoreError> = wait(database.read_tx(|tx: &mut dyn Tx| {
        tx.query("SELECT 1", &[])?;
        while tx.on_time().is_ok() {}
        // It is over, whatever the job makes of that.
        Ok(())
    }));
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
