//! The SQLite engine: one writer thread with group commit, reader threads beside it.
//!
//! Write-ahead log, `synchronous = FULL`: a write is answered after its transaction has reached the
//! disk. Readers see the last commit and never wait for the writer. A second program (the command
//! line) may read and write beside: every lock is waited for, within `lock_timeout`.

mod conflict;
mod error;
mod log;
mod migrate;
mod open;
mod reader;
mod tx;
mod writer;

use std::{path::Path, sync::Arc};

use crate::{
    DatabaseConfig, Migration, OpenError,
    database::{Lanes, Threads, spawn},
    migrate::bring_up_to_date,
};

pub(crate) use log::scrub;
pub(crate) use open::FileIdentity;

/// Opens the file, brings its schema up to date and starts the threads.
pub(crate) fn start(
    path: &Path,
    config: &DatabaseConfig,
    steps: &[Migration],
    lanes: &Lanes,
) -> Result<(Threads, Arc<FileIdentity>), OpenError> {
    open::prepare_file(path)?;
    // Opened first and kept open until every thread has its own: the last connection to close
    // would otherwise fold up the write-ahead log in between.
    let mut migrator = migrate::Migrator::open(path, config)?;
    bring_up_to_date(&mut migrator, steps).map_err(|error| open::explain(error, path))?;

    let mut connection = open::connect(path, open::Purpose::Write, config.lock_timeout)?;
    let file = Arc::new(FileIdentity::of(path)?);
    let (log, copier) = log::look_after(&mut connection, &file, config)?;
    let writer = writer::Writer::new(connection, log);
    let readers = open_readers(path, config, config.readers, config.read_deadline)?;
    let scanners = open_readers(path, config, config.scanners, config.scan_deadline)?;

    let mut threads = Threads::new();
    let queue = Arc::clone(&lanes.write);
    threads.push(spawn("store-write", move || writer.run(&queue))?);
    threads.push(spawn("store-log", move || copier.run())?);
    for (lane, name, group) in
        [(&lanes.read, "store-read", readers), (&lanes.scan, "store-scan", scanners)]
    {
        for reader in group {
            let queue = Arc::clone(lane);
            threads.push(spawn(name, move || reader.run(&queue))?);
        }
    }
    Ok((threads, file))
}

fn open_readers(
    path: &Path,
    config: &DatabaseConfig,
    count: usize,
    allowed: std::time::Duration,
) -> Result<Vec<reader::Reader>, OpenError> {
    (0..count.max(1)).map(|_| reader::Reader::open(path, config, allowed)).collect()
}
