//! What only PostgreSQL can get wrong.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Barrier,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    time::Duration,
};

use freehold_store::{Database, DatabaseConfig, OpenError, StoreError, Tx};

use crate::support::{
    Occupied, Place, SCHEMA, insert, look_up, names, number_of, put, set_number, wait,
};

/// Ends every connection to the place.
fn cut_all_lines(place: &Place) {
    let sql = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1";
    place.admin().execute(sql, &[&place.database_name()]).unwrap();
}

#[test]
fn a_connection_lost_between_jobs_is_made_anew() {
    let place = Place::postgres();
    let database = place.open();
    for round in 0..3 {
        put(&database, &format!("before {round}"), 1).unwrap();
        assert_eq!(names(&database).len(), round * 2 + 1);
        cut_all_lines(&place);
        put(&database, &format!("after {round}"), 1).unwrap();
        cut_all_lines(&place);
        assert_eq!(names(&database).len(), round * 2 + 2);
    }
}

#[test]
fn a_connection_lost_within_a_job_runs_it_again_from_the_start() {
    let place = Arc::new(Place::postgres());
    let database = place.open();
    let runs = Arc::new(AtomicU32::new(0));
    let (count, cut) = (Arc::clone(&runs), Arc::clone(&place));
    let job = move |tx: &mut dyn Tx| {
        insert(tx, "first", 1)?;
        if count.fetch_add(1, Ordering::Relaxed) == 0 {
            cut_all_lines(&cut);
        }
        insert(tx, "second", 1)
    };
    let outcome: Result<(), StoreError> = database.write_tx_blocking(job);
    outcome.unwrap();
    assert_eq!(runs.load(Ordering::Relaxed), 2);
    assert_eq!(names(&database), ["first", "second"]);
}

/// Nobody can know whether the commit was kept, so running it again might do it twice.
#[test]
fn a_connection_lost_during_the_commit_is_an_error_and_not_a_second_run() {
    let place = Place::postgres();
    let database = place.open();
    place
        .client()
        .batch_execute(
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
             CREATE CONSTRAINT TRIGGER die AFTER INSERT ON things
                 DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die();",
        )
        .unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&runs);
    let outcome = database.write_tx_blocking(move |tx: &mut dyn Tx| {
        count.fetch_add(1, Ordering::Relaxed);
        insert(tx, "a", 1)
    });
    assert!(
        matches!(&outcome, Err(StoreError::Unavailable(words)) if words.contains("unknown")),
        "{outcome:?}"
    );
    assert_eq!(runs.load(Ordering::Relaxed), 1);
}

#[test]
fn a_deadlock_is_resolved_by_running_one_of_the_two_again() {
    let place = Place::postgres();
    let database = place.open();
    put(&database, "a", 0).unwrap();
    put(&database, "b", 0).unwrap();
    let both_hold_one = Arc::new(Barrier::new(2));
    let crossing = |first: &'static str, second: &'static str, number| {
        let barrier = Arc::clone(&both_hold_one);
        let mut is_first_run = true;
        move |tx: &mut dyn Tx| {
            set_number(tx, first, number)?;
            if std::mem::take(&mut is_first_run) {
                barrier.wait();
            }
            set_number(tx, second, number)
        }
    };
    let one = database.write_tx(crossing("a", "b", 1));
    let other = database.write_tx(crossing("b", "a", 2));
    wait(one).unwrap();
    wait(other).unwrap();
    assert_eq!(look_up(&database, "a"), look_up(&database, "b"));
}

/// Queues a hundred jobs behind one that holds the writer, and answers what they answered.
fn a_group_of<F>(database: &Database, job: impl Fn(i64) -> F) -> Vec<Result<i64, StoreError>>
where
    F: FnMut(&mut dyn Tx) -> Result<i64, StoreError> + Send + 'static,
{
    let occupied = Occupied::writer(database);
    let jobs: Vec<_> = (0..100).map(|number| database.write_tx(job(number))).collect();
    occupied.release();
    jobs.into_iter().map(wait).collect()
}

fn one_writer(place: &Place) -> Database {
    place.open_with(|config| config.writers = 1)
}

fn add_one(tx: &mut dyn Tx) -> Result<i64, StoreError> {
    let number = number_of(tx, "counter")?.unwrap_or(0) + 1;
    set_number(tx, "counter", number)?;
    Ok(number)
}

#[test]
fn jobs_that_wait_together_are_committed_together_and_then_answered() {
    let place = Place::postgres();
    let database = one_writer(&place);
    put(&database, "counter", 0).unwrap();
    let numbers = a_group_of(&database, |_| {
        |tx: &mut dyn Tx| {
            add_one(tx)?;
            tx.query_one("SELECT txid_current()", &[])?.integer(0)
        }
    });
    let sql = "SELECT number FROM things WHERE name = 'counter'";
    let committed: i64 = place.client().query_one(sql, &[]).unwrap().get(0);
    assert_eq!(committed, 100, "an answer came before its commit");
    let transactions: BTreeSet<i64> = numbers.into_iter().map(Result::unwrap).collect();
    assert!(transactions.len() < 5, "{transactions:?}");
}

/// A token made by the command line is used at once, a revoked one never again: whatever was committed before a job
/// was asked for is seen by it, also when a transaction of the writer was open all the time.
#[test]
fn a_job_sees_what_another_program_committed_before_it_was_asked_for() {
    let place = Place::postgres();
    let database = one_writer(&place);
    let (go_on, wait_for) = mpsc::channel();
    let (started, has_started) = mpsc::channel();
    let slow = database.write_tx(move |tx: &mut dyn Tx| {
        // The snapshot of this transaction is taken here.
        number_of(tx, "token")?;
        started.send(()).expect("the test waits");
        let _ = wait_for.recv_timeout(Duration::from_secs(30));
        Ok::<(), StoreError>(())
    });
    has_started.recv().unwrap();
    let sql = "INSERT INTO things (name, number) VALUES ('token', 7)";
    place.client().execute(sql, &[]).unwrap();
    let later = database.write_tx(|tx: &mut dyn Tx| number_of(tx, "token"));
    go_on.send(()).unwrap();
    wait(slow).unwrap();
    assert_eq!(wait(later).unwrap(), Some(7));
}

#[test]
fn a_group_that_another_program_gets_in_the_way_of_runs_again() {
    let place = Arc::new(Place::postgres());
    let database = one_writer(&place);
    put(&database, "counter", 0).unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let numbers = a_group_of(&database, |number| {
        let (place, runs) = (Arc::clone(&place), Arc::clone(&runs));
        move |tx: &mut dyn Tx| {
            if number == 30 && runs.fetch_add(1, Ordering::Relaxed) == 0 {
                // The group has written other rows by now, and read this one.
                number_of(tx, "counter")?;
                let sql = "UPDATE things SET number = 1000 WHERE name = 'counter'";
                place.client().execute(sql, &[]).expect("the other program writes");
                return add_one(tx);
            }
            match number {
                30 => add_one(tx),
                _ => insert(tx, &format!("{number:02}"), number).map(|()| number),
            }
        }
    });
    let numbers: Vec<i64> = numbers.into_iter().map(Result::unwrap).collect();
    assert_eq!(numbers[30], 1001);
    assert!(runs.load(Ordering::Relaxed) >= 2);
    assert_eq!(look_up(&database, "counter"), Some(1001));
    assert_eq!(names(&database).len(), 100);
}

#[test]
fn a_row_that_another_program_keeps_locked_is_an_error_for_its_job_alone() {
    let place = Place::postgres();
    let database = place.open_with(|config| {
        config.writers = 1;
        config.lock_timeout = Duration::from_millis(100);
    });
    put(&database, "locked", 0).unwrap();
    let mut other = place.client();
    other.batch_execute("BEGIN; UPDATE things SET number = 1 WHERE name = 'locked'").unwrap();
    let outcomes = a_group_of(&database, |number| {
        move |tx: &mut dyn Tx| {
            let name = if number == 30 { "locked".to_owned() } else { format!("{number:02}") };
            match number {
                30 => set_number(tx, &name, 2).map(|()| number),
                _ => insert(tx, &name, number).map(|()| number),
            }
        }
    });
    other.batch_execute("ROLLBACK").unwrap();
    for (number, outcome) in outcomes.into_iter().enumerate() {
        match number {
            30 => assert!(matches!(outcome, Err(StoreError::Busy)), "{outcome:?}"),
            _ => assert!(outcome.is_ok(), "{outcome:?}"),
        }
    }
    assert_eq!(names(&database).len(), 100);
}

#[test]
fn groups_of_two_programs_lose_no_update() {
    let place = Place::postgres();
    let (one, other) = (one_writer(&place), one_writer(&place));
    put(&one, "counter", 0).unwrap();
    std::thread::scope(|scope| {
        for database in [&one, &other] {
            scope.spawn(move || {
                let jobs: Vec<_> = (0..100).map(|_| database.write_tx(add_one)).collect();
                for job in jobs {
                    wait(job).unwrap();
                }
            });
        }
    });
    assert_eq!(look_up(&one, "counter"), Some(200));
}

#[test]
fn a_connection_lost_within_a_group_loses_none_of_its_jobs() {
    let place = Arc::new(Place::postgres());
    let database = one_writer(&place);
    let runs = Arc::new(AtomicU32::new(0));
    let numbers = a_group_of(&database, |number| {
        let (place, runs) = (Arc::clone(&place), Arc::clone(&runs));
        move |tx: &mut dyn Tx| {
            if number == 30 && runs.fetch_add(1, Ordering::Relaxed) == 0 {
                cut_all_lines(&place);
            }
            insert(tx, &format!("{number:02}"), number).map(|()| number)
        }
    });
    assert!(numbers.iter().all(Result::is_ok), "{numbers:?}");
    assert_eq!(names(&database).len(), 100);
}

#[test]
fn a_connection_lost_during_the_commit_of_a_group_is_an_error_for_all_of_it() {
    let place = Place::postgres();
    let database = one_writer(&place);
    place
        .client()
        .batch_execute(
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
             CREATE CONSTRAINT TRIGGER die AFTER INSERT ON things
                 DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die();",
        )
        .unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let outcomes = a_group_of(&database, |number| {
        let runs = Arc::clone(&runs);
        move |tx: &mut dyn Tx| {
            runs.fetch_add(1, Ordering::Relaxed);
            insert(tx, &format!("{number:02}"), number).map(|()| number)
        }
    });
    for outcome in outcomes {
        assert!(
            matches!(&outcome, Err(StoreError::Unavailable(words)) if words.contains("unknown")),
            "{outcome:?}"
        );
    }
    assert_eq!(runs.load(Ordering::Relaxed), 100, "no job ran twice");
}

/// Without statistics every index that begins with the organization looks as good as the right one.
#[test]
fn tables_are_analyzed_after_the_first_writes() {
    let place = Place::postgres();
    let database = one_writer(&place);
    let mut client = place.client();
    let mut known = || -> i64 {
        let sql = "SELECT count(*) FROM pg_stats WHERE tablename = 'things'";
        client.query_one(sql, &[]).unwrap().get(0)
    };
    for number in 0..250 {
        put(&database, &number.to_string(), number).unwrap();
    }
    assert_eq!(known(), 0);
    for number in 250..260 {
        put(&database, &number.to_string(), number).unwrap();
    }
    database.close();
    assert!(known() > 0);
}

#[test]
fn no_write_waits_for_an_analysis() {
    let place = Place::postgres();
    let database = one_writer(&place);
    // Lets rows be added, and keeps statistics out until it ends.
    let mut holder = place.client();
    holder.batch_execute("BEGIN; LOCK TABLE things IN SHARE UPDATE EXCLUSIVE MODE").unwrap();
    for number in 0..256 {
        put(&database, &number.to_string(), number).unwrap();
    }
    let mut client = place.client();
    let mut waiting = || -> i64 {
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
             AND wait_event_type = 'Lock' AND query LIKE '%ANALYZE%'";
        client.query_one(sql, &[]).unwrap().get(0)
    };
    assert!((0..100_000).any(|_| waiting() == 1), "nothing is analyzed");
    put(&database, "meanwhile", 1).unwrap();
    assert_eq!(waiting(), 1);
}

#[test]
fn a_schema_that_changes_under_prepared_statements_is_not_an_error() {
    let place = Place::postgres();
    let database = place.open_with(|config| (config.writers, config.scanners) = (1, 1));
    put(&database, "a", 1).unwrap();
    let all = |tx: &mut dyn Tx| tx.query("SELECT * FROM things", &[]);
    assert_eq!(database.read_tx_blocking(all).unwrap().len(), 1);
    assert_eq!(database.write_tx_blocking(all).unwrap().len(), 1);
    place.client().batch_execute("ALTER TABLE things ADD COLUMN more TEXT").unwrap();
    assert_eq!(database.read_tx_blocking(all).unwrap().len(), 1);
    assert_eq!(database.write_tx_blocking(all).unwrap().len(), 1);
}

#[test]
fn an_answered_write_is_on_the_disk_whatever_the_default_of_the_server_is() {
    let place = Place::postgres();
    let sql = format!("ALTER DATABASE {} SET synchronous_commit = off", place.database_name());
    place.admin().batch_execute(&sql).unwrap();
    let database = place.open();
    let row = database
        .write_tx_blocking(|tx: &mut dyn Tx| tx.query_one("SHOW synchronous_commit", &[]))
        .unwrap();
    assert_eq!(row.text(0).unwrap(), "on");
}

#[test]
fn the_clock_of_the_server_can_be_read() {
    let place = Place::postgres();
    let database = place.open();
    let mut client = place.client();
    let mut now = || -> i64 {
        let sql = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";
        client.query_one(sql, &[]).unwrap().get(0)
    };
    let before = now();
    let read = wait(database.server_time()).unwrap().unwrap();
    assert!((before..=now()).contains(&read));
    assert_eq!(wait(Place::sqlite().open().server_time()).unwrap(), None);
}

#[test]
fn the_program_is_named_in_the_list_of_connections() {
    let place = Place::postgres();
    let database = place.open();
    put(&database, "a", 1).unwrap();
    let sql = "SELECT count(*) FROM pg_stat_activity \
         WHERE datname = current_database() AND application_name = 'freehold'";
    let count: i64 = place.client().query_one(sql, &[]).unwrap().get(0);
    assert_eq!(count, 1, "one writer has had a job so far");
}

fn refusal_of(url: &str) -> String {
    match Database::open_with(&DatabaseConfig::for_url(url), SCHEMA) {
        Err(refusal @ OpenError::Server { .. }) => refusal.to_string(),
        Err(other) => panic!("another error: {other}"),
        Ok(_) => panic!("it was opened"),
    }
}

#[test]
fn a_server_that_cannot_be_used_is_refused_with_what_to_do_and_without_the_password() {
    let place = Place::postgres();
    let missing = format!("{}_missing", place.config.url);
    assert!(refusal_of(&missing).contains("CREATE DATABASE"));
    assert!(refusal_of("postgres://ada:s3cret@127.0.0.1:1/f").contains("check host and port"));
    assert!(!refusal_of("postgres://ada:s3cret@127.0.0.1:1/f").contains("s3cret"));
    assert!(refusal_of(&format!("{}?sslmode=require", place.config.url)).contains("TLS"));
}

/// Connects as a user of a name that no other test has, whom the server owner gives these rights.
fn as_user(place: &Place, rights: &str) -> String {
    let name = format!("user_of_{}", place.database_name());
    let mut client = place.client();
    client
        .batch_execute(&format!("CREATE ROLE {name} LOGIN; {}", rights.replace("USER", &name)))
        .unwrap();
    let (_, rest) = place.config.url.split_once('@').unwrap();
    format!("postgres://{name}@{rest}")
}

/// Roles are the server's, and outlive a database.
fn drop_user(place: &Place) {
    let name = format!("user_of_{}", place.database_name());
    place.client().batch_execute(&format!("DROP OWNED BY {name}; DROP ROLE {name}")).unwrap();
}

#[test]
fn a_user_who_may_make_no_tables_serves_once_another_has_made_them() {
    let place = Place::postgres();
    drop(place.open());
    let url = as_user(
        &place,
        "REVOKE CREATE ON SCHEMA public FROM public; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO USER",
    );
    let database = Database::open_with(&DatabaseConfig::for_url(&url), SCHEMA).unwrap();
    put(&database, "a", 1).unwrap();
    assert_eq!(names(&database), ["a"]);
    drop(database);
    drop_user(&place);
}

#[test]
fn a_user_who_lacks_rights_is_told_which() {
    let place = Place::postgres();
    let url = as_user(&place, "REVOKE CREATE ON SCHEMA public FROM public");
    let refusal = refusal_of(&url);
    drop_user(&place);
    assert!(refusal.contains("own the database") && refusal.contains("INSERT"), "{refusal}");
}

#[test]
fn too_many_connections_are_told_with_how_many_there_will_be() {
    let place = Place::postgres();
    let url = as_user(&place, "ALTER ROLE USER CONNECTION LIMIT 0");
    let refusal = refusal_of(&url);
    drop_user(&place);
    assert!(refusal.contains("takes eight") && refusal.contains("CONNECTION LIMIT"), "{refusal}");
}

#[test]
fn a_server_that_is_away_is_an_error_for_each_job_until_it_is_back() {
    let place = Place::postgres();
    let database = place.open();
    put(&database, "a", 1).unwrap();
    let name = place.database_name();
    let allow = |allowed: bool| {
        let sql = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}");
        place.admin().batch_execute(&sql).unwrap();
    };
    allow(false);
    cut_all_lines(&place);
    for _ in 0..3 {
        let refused = put(&database, "b", 1);
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    }
    assert!(wait(database.ready()).is_err());
    allow(true);
    assert!(put(&database, "c", 1).is_ok());
    assert_eq!(names(&database), ["a", "c"]);
}

#[test]
fn a_database_of_another_encoding_is_refused() {
    let place = Place::postgres();
    let mut client = place.admin();
    let latin = format!("{}_latin", place.database_name());
    client
        .batch_execute(&format!(
            "CREATE DATABASE {latin} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
        ))
        .unwrap();
    let refusal = refusal_of(&format!("{}_latin", place.config.url));
    client.batch_execute(&format!("DROP DATABASE {latin} WITH (FORCE)")).unwrap();
    assert!(refusal.contains("ENCODING 'UTF8'"), "{refusal}");
}
