//! The PostgreSQL engine: threads with a client each.
//!
//! A client is made, used and dropped on its thread and never seen elsewhere, because it brings a
//! small runtime of its own. Writes are SERIALIZABLE and run again when they collide, reads see
//! one snapshot; so a job means the same as on SQLite.

mod address;
mod analyst;
mod client;
mod connection;
mod error;
mod gathered;
mod migrate;
mod tls;
mod tx;
mod value;
mod worker;

use std::{sync::Arc, thread};

pub(crate) use address::Address;
use connection::{Connection, Purpose};
use worker::{Reader, Writer};

use crate::{
    DatabaseConfig, Migration, OpenError, StoreError,
    database::{Lanes, Threads, spawn},
};

/// Reaches the server, brings the schema up to date and starts the threads. Each of them connects
/// when its first job comes.
pub(crate) fn start(
    address: Address,
    config: &DatabaseConfig,
    steps: &[Migration],
    lanes: &Lanes,
) -> Result<Threads, OpenError> {
    let address = Arc::new(address);
    migrate_on_own_thread(&address, steps)?;

    let (lock_timeout, allowed) = (config.lock_timeout, config.write_deadline);
    let purpose = Purpose::Write { lock_timeout, allowed };
    let (counter, analyst) = analyst::pair(Connection::new(Arc::clone(&address), purpose));
    let counter = Arc::new(counter);
    let mut threads = vec![spawn("store-analyst", move || analyst.run())?];
    for number in 0..config.writers.max(1) {
        let connection = Connection::new(Arc::clone(&address), purpose);
        let (queue, counter) = (Arc::clone(&lanes.write), Arc::clone(&counter));
        let body = move || Writer::new(connection, number, counter).run(&queue);
        threads.push(spawn("store-write", body)?);
    }
    for (lane, name, count, allowed) in [
        (&lanes.read, "store-read", config.readers, config.read_deadline),
        (&lanes.scan, "store-scan", config.scanners, config.scan_deadline),
    ] {
        for number in 0..count.max(1) {
            let connection = Connection::new(Arc::clone(&address), Purpose::Read { allowed });
            let queue = Arc::clone(lane);
            let body = move || Reader::new(connection, number, allowed).run(&queue);
            threads.push(spawn(name, body)?);
        }
    }
    Ok(threads)
}

/// A blocking client must not be used on a thread of an asynchronous runtime, and the caller may
/// well be one.
fn migrate_on_own_thread(address: &Address, steps: &[Migration]) -> Result<(), OpenError> {
    thread::scope(|scope| scope.spawn(|| migrate::run(address, steps)).join()).unwrap_or_else(
        |_| Err(StoreError::Other("the migration thread panicked".to_owned()).into()),
    )
}
