//! Jobs behave as if they ran one after another, on both engines and beside a second program.

use std::sync::{Arc, Barrier, mpsc};

use freehold_store::{Database, StoreError, Tx};

use crate::support::{
    Place, insert, look_up, names, number_of, on_both_engines, put, set_number, wait,
};

on_both_engines! {
    no_update_is_lost_between_jobs_that_read_and_then_write,
    two_jobs_that_each_rely_on_what_the_other_changes_do_not_both_succeed,
    a_read_sees_one_moment,
    two_programs_write_to_one_database,
}

fn add_one(tx: &mut dyn Tx) -> Result<(), StoreError> {
    let number = number_of(tx, "counter")?.unwrap_or(0);
    set_number(tx, "counter", number + 1)
}

fn add_from_threads(databases: &[Database], each: i64) {
    std::thread::scope(|scope| {
        for database in databases {
            scope.spawn(move || {
                for _ in 0..each {
                    database.write_tx_blocking(add_one).unwrap();
                }
            });
        }
    });
}

fn no_update_is_lost_between_jobs_that_read_and_then_write(place: &Place) {
    let database = place.open_with(|config| config.writers = 3);
    put(&database, "counter", 0).unwrap();
    add_from_threads(&[database.clone(), database.clone(), database.clone()], 20);
    assert_eq!(look_up(&database, "counter"), Some(60));
}

/// The story behind it: a sign-in reads "active" and writes a session while a deactivation writes
/// "inactive" and deletes the sessions it sees. Were both to succeed, the session would survive.
fn two_jobs_that_each_rely_on_what_the_other_changes_do_not_both_succeed(place: &Place) {
    let database = place.open_with(|config| config.writers = 2);
    put(&database, "active", 1).unwrap();
    for round in 0..10 {
        database.write_tx_blocking(|tx: &mut dyn Tx| set_number(tx, "active", 1)).unwrap();
        let both = Arc::new(Barrier::new(2));
        std::thread::scope(|scope| {
            let (sign_in, deactivate) = (Arc::clone(&both), Arc::clone(&both));
            let database = &database;
            scope.spawn(move || {
                sign_in.wait();
                let session = format!("session {round}");
                let job = move |tx: &mut dyn Tx| match number_of(tx, "active")? {
                    Some(1) => insert(tx, &session, 0),
                    _ => Ok(()),
                };
                database.write_tx_blocking(job).unwrap();
            });
            scope.spawn(move || {
                deactivate.wait();
                let job = |tx: &mut dyn Tx| {
                    let sessions = "SELECT name FROM things WHERE name <> 'active'";
                    for row in tx.query(sessions, &[])? {
                        let name = row.value(0)?.clone();
                        tx.execute("DELETE FROM things WHERE name = $1", &[name])?;
                    }
                    set_number(tx, "active", 0)
                };
                database.write_tx_blocking(job).unwrap();
            });
        });
        assert_eq!(names(&database), ["active"], "a session survived round {round}");
    }
}

fn a_read_sees_one_moment(place: &Place) {
    let database = place.open();
    put(&database, "a", 1).unwrap();
    let (looked, has_looked) = mpsc::channel();
    let (go_on, wait_for) = mpsc::channel::<()>();
    let read = database.read_tx(move |tx: &mut dyn Tx| {
        let before = number_of(tx, "a")?;
        looked.send(()).expect("the test waits");
        wait_for.recv().expect("the test goes on");
        Ok::<_, StoreError>((before, number_of(tx, "a")?))
    });
    has_looked.recv().unwrap();
    database.write_tx_blocking(|tx: &mut dyn Tx| set_number(tx, "a", 2)).unwrap();
    go_on.send(()).unwrap();
    assert_eq!(wait(read).unwrap(), (Some(1), Some(1)));
    assert_eq!(look_up(&database, "a"), Some(2));
}

fn two_programs_write_to_one_database(place: &Place) {
    let (server, command) = (place.open(), place.open());
    put(&server, "counter", 0).unwrap();
    add_from_threads(&[server.clone(), command.clone()], 30);
    assert_eq!(look_up(&server, "counter"), Some(60));
    put(&command, "new", 7).unwrap();
    assert_eq!(look_up(&server, "new"), Some(7));
}
