//! A PostgreSQL server that is there and says nothing: hung, or behind something that hangs.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, mpsc},
    time::Duration,
};

use freehold_store::{Database, DatabaseConfig, StoreError, Tx};

use crate::support::{Place, SCHEMA, insert, names, put};

/// What stands between the program and the server, and passes nothing on while it is held.
struct Relay {
    address: String,
    held: Arc<(Mutex<bool>, Condvar)>,
}

impl Relay {
    fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let relay = Self { address, held: Arc::default() };
        let (server, held) = (server.to_owned(), Arc::clone(&relay.held));
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let far = TcpStream::connect(&server).unwrap();
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let held = Arc::clone(&held);
                    std::thread::spawn(move || pass_on(from, to, &held));
                }
            }
        });
        relay
    }

    fn hold(&self, held: bool) {
        *self.held.0.lock().unwrap() = held;
        self.held.1.notify_all();
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, held: &(Mutex<bool>, Condvar)) {
    let mut bytes = [0; 4_096];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        drop(held.1.wait_while(held.0.lock().unwrap(), |held| *held).unwrap());
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    // One end is gone: so is the other.
    let _ = to.shutdown(Shutdown::Both);
}

fn config_by(relay: &Relay, place: &Place) -> DatabaseConfig {
    let short = Duration::from_millis(200);
    DatabaseConfig {
        url: place.config.url.replace(server_of(place), &relay.address),
        connect_timeout: short,
        patience: short,
        read_deadline: short,
        scan_deadline: short,
        write_deadline: short,
        ..place.config.clone()
    }
}

fn server_of(place: &Place) -> &str {
    let (_, rest) = place.config.url.split_once('@').unwrap();
    rest.split_once('/').unwrap().0
}

/// Does what may take for ever, and fails then.
fn in_time<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || drop(sender.send(act())));
    receiver.recv_timeout(Duration::from_secs(30)).expect("an answer")
}

#[test]
fn a_server_that_falls_silent_is_an_error_for_each_job_until_it_speaks_again() {
    let place = Place::postgres();
    let relay = Relay::to(server_of(&place));
    let database = Database::open_with(&config_by(&relay, &place), SCHEMA).unwrap();
    put(&database, "before", 1).unwrap();
    assert_eq!(names(&database), ["before"]);
    relay.hold(true);
    let (one, other) = (database.clone(), database.clone());
    let refused = in_time(move || put(&one, "lost", 1));
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    let refused = in_time(move || {
        other.read_tx_blocking(|tx: &mut dyn Tx| tx.query("SELECT 1", &[]).map(drop))
    });
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    relay.hold(false);
    let back = database.clone();
    // For a moment after a try in vain nobody tries again.
    in_time(move || while put(&back, "after", 1).is_err() {});
    let seen = database.clone();
    let names = in_time(move || {
        loop {
            let read = seen.read_tx_blocking(|tx: &mut dyn Tx| {
                let rows = tx.query("SELECT name FROM things ORDER BY name", &[])?;
                rows.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()
            });
            if let Ok(names) = read {
                return names;
            }
        }
    });
    assert_eq!(names, ["after", "before"]);
    in_time(move || database.close());
}

/// Nobody can know what a server that fell silent has kept.
#[test]
fn silence_during_a_commit_is_an_error_and_not_a_second_run() {
    let place = Place::postgres();
    let relay = Arc::new(Relay::to(server_of(&place)));
    let database = Database::open_with(&config_by(&relay, &place), SCHEMA).unwrap();
    let held = Arc::clone(&relay);
    let outcome: Result<(), StoreError> = in_time(move || {
        database.write_tx_blocking(move |tx: &mut dyn Tx| {
            insert(tx, "a", 1)?;
            tx.query("SELECT name FROM things", &[])?;
            held.hold(true);
            Ok(())
        })
    });
    assert!(
        matches!(&outcome, Err(StoreError::Unavailable(words)) if words.contains("unknown")),
        "{outcome:?}"
    );
}

#[test]
fn a_server_that_takes_connections_and_says_nothing_is_refused_at_the_start() {
    let place = Place::postgres();
    let relay = Relay::to(server_of(&place));
    relay.hold(true);
    let config = config_by(&relay, &place);
    let refusal = in_time(move || Database::open_with(&config, SCHEMA).err()).unwrap().to_string();
    assert!(refusal.contains("does not answer"), "{refusal}");
}
