//! The database as the rest of the program sees it: jobs in, answers out.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use tokio::sync::oneshot;

use crate::{
    DatabaseConfig, Migration, OpenError, StoreError, Tx,
    config::Target,
    job::{BoxedJob, pack},
    migrations, postgres,
    queue::{Queue, Refusal},
    sqlite,
};

/// An open database. Cheap to clone; the last clone to go closes it.
///
/// A job is a closure that does SQL and nothing else: hash, parse and sign before it, so that no
/// transaction is held open meanwhile. It may run more than once (see [`Tx`]), and it runs to its
/// end even when nobody waits for its answer any more: a dropped request still writes, once.
#[derive(Clone)]
pub struct Database {
    inner: Arc<Inner>,
}

struct Inner {
    lanes: Lanes,
    engine: Engine,
    threads: Mutex<Threads>,
}

enum Engine {
    Sqlite(Arc<sqlite::FileIdentity>),
    Postgres,
}

/// The threads of an engine.
pub(crate) type Threads = Vec<JoinHandle<()>>;

/// Where jobs wait: writes, short reads, and reads that may be long.
pub(crate) struct Lanes {
    pub(crate) write: Arc<Queue<BoxedJob>>,
    pub(crate) read: Arc<Queue<BoxedJob>>,
    pub(crate) scan: Arc<Queue<BoxedJob>>,
}

impl Lanes {
    fn new(capacity: usize) -> Self {
        let queue = || Arc::new(Queue::new(capacity));
        Self { write: queue(), read: queue(), scan: queue() }
    }

    fn close(&self) {
        for queue in [&self.write, &self.read, &self.scan] {
            queue.close();
        }
    }
}

impl Database {
    /// Opens the database and brings its schema up to date. Waits for the disk or the network:
    /// meant for the start of the program.
    ///
    /// # Errors
    /// [`OpenError`], whose message says what to do.
    pub fn open(config: &DatabaseConfig) -> Result<Self, OpenError> {
        Self::open_with(config, migrations::ALL)
    }

    /// As [`Database::open`] with another schema, for tests of the engine.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub fn open_with(config: &DatabaseConfig, steps: &[Migration]) -> Result<Self, OpenError> {
        let lanes = Lanes::new(config.queue);
        let started = match config.target()? {
            Target::Sqlite(path) => sqlite::start(&path, config, steps, &lanes)
                .map(|(threads, file)| (threads, Engine::Sqlite(file))),
            Target::Postgres(address) => postgres::start(*address, config, steps, &lanes)
                .map(|threads| (threads, Engine::Postgres)),
        };
        // Threads that did start end with their lanes.
        let (threads, engine) = started.inspect_err(|_| lanes.close())?;
        Ok(Self { inner: Arc::new(Inner { lanes, engine, threads: Mutex::new(threads) }) })
    }

    /// Runs a job that may write. It waits in the queue from this call on, not from the first poll.
    ///
    /// # Errors
    /// The job's own, after which nothing it wrote is kept; or a [`StoreError`]:
    /// [`StoreError::Busy`] at once when too many wait.
    pub fn write_tx<F, T, E>(
        &self,
        job: F,
    ) -> impl Future<Output = Result<T, E>> + Send + use<F, T, E>
    where
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        wait(submit(&self.inner.lanes.write, job))
    }

    /// Runs a job that only reads, and shortly; a write in it is refused.
    ///
    /// # Errors
    /// The job's own, or a [`StoreError`]: [`StoreError::TimedOut`] after `read_deadline`.
    pub fn read_tx<F, T, E>(
        &self,
        job: F,
    ) -> impl Future<Output = Result<T, E>> + Send + use<F, T, E>
    where
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        wait(submit(&self.inner.lanes.read, job))
    }

    /// Runs a job that reads much (lists, searches), in a lane of its own so that short reads do
    /// not wait behind it.
    ///
    /// # Errors
    /// The job's own, or a [`StoreError`]: [`StoreError::TimedOut`] after `scan_deadline`.
    pub fn scan_tx<F, T, E>(
        &self,
        job: F,
    ) -> impl Future<Output = Result<T, E>> + Send + use<F, T, E>
    where
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        wait(submit(&self.inner.lanes.scan, job))
    }

    /// As [`Database::write_tx`] for a program without an asynchronous runtime.
    ///
    /// # Errors
    /// As [`Database::write_tx`].
    ///
    /// # Panics
    /// When called from asynchronous code.
    pub fn write_tx_blocking<F, T, E>(&self, job: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        wait_blocking(submit(&self.inner.lanes.write, job))
    }

    /// As [`Database::read_tx`] for a program without an asynchronous runtime, with the deadline of
    /// a scan: somebody at a terminal has time.
    ///
    /// # Errors
    /// As [`Database::read_tx`].
    ///
    /// # Panics
    /// When called from asynchronous code.
    pub fn read_tx_blocking<F, T, E>(&self, job: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        wait_blocking(submit(&self.inner.lanes.scan, job))
    }

    /// Whether the database can be read and written right now, for `/readyz`.
    ///
    /// # Errors
    /// The [`StoreError`] that a request would meet.
    pub async fn ready(&self) -> Result<(), StoreError> {
        if let Engine::Sqlite(file) = &self.inner.engine {
            file.check()?;
        }
        let probe = |tx: &mut dyn Tx| tx.query("SELECT 1", &[]).map(drop);
        self.read_tx(probe).await?;
        // An empty write transaction takes the lock and writes nothing.
        self.write_tx(probe).await
    }

    /// What time it is for a PostgreSQL server, in milliseconds since 1970: the one clock that all nodes see. `None` on
    /// SQLite.
    ///
    /// # Errors
    /// A [`StoreError`].
    pub async fn server_time(&self) -> Result<Option<i64>, StoreError> {
        let Engine::Postgres = &self.inner.engine else { return Ok(None) };
        let sql = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";
        let read = self.read_tx(move |tx: &mut dyn Tx| tx.query_one(sql, &[])?.integer(0));
        read.await.map(Some)
    }

    /// Destroys what the database's own log still has of rows that were deleted; call it after
    /// deleting what nobody may read again. On PostgreSQL it does nothing: there it is VACUUM's,
    /// and the archive's keeper's.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when readers were in the way; call it again later.
    pub async fn scrub(&self) -> Result<(), StoreError> {
        let Engine::Sqlite(file) = &self.inner.engine else { return Ok(()) };
        let (file, (answer, scrubbed)) = (Arc::clone(file), oneshot::channel());
        let work = move || drop(answer.send(sqlite::scrub(&file)));
        // It ends by itself, and nobody has to wait for it.
        drop(
            spawn("store-scrub", work)
                .map_err(|error| StoreError::Unavailable(error.to_string()))?,
        );
        scrubbed.await.unwrap_or_else(|_| Err(unanswered()))
    }

    /// Takes no more jobs, serves those that wait, and closes the database. Waits for all that;
    /// jobs given to any clone afterwards answer [`StoreError::Unavailable`].
    pub fn close(&self) {
        self.inner.close();
    }
}

impl Inner {
    fn close(&self) {
        self.lanes.close();
        let threads = {
            let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *threads)
        };
        for thread in threads {
            // The last clone may have lived inside a job: that thread cannot wait for itself.
            if thread.thread().id() != thread::current().id() && thread.join().is_err() {
                tracing::error!("a database thread had panicked");
            }
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

/// Starts an engine thread.
pub(crate) fn spawn(
    name: &str,
    body: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, OpenError> {
    thread::Builder::new().name(name.to_owned()).spawn(body).map_err(|error| {
        StoreError::Unavailable(format!("no thread could be started ({error})")).into()
    })
}

type Answer<T, E> = oneshot::Receiver<Result<T, E>>;

fn submit<F, T, E>(queue: &Queue<BoxedJob>, job: F) -> Result<Answer<T, E>, StoreError>
where
    F: FnMut(&mut dyn Tx) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let (job, answer) = pack(job);
    queue.push(job).map(|()| answer).map_err(|refusal| match refusal {
        Refusal::Full => StoreError::Busy,
        Refusal::Closed => StoreError::Unavailable("it is being closed".to_owned()),
    })
}

async fn wait<T, E: From<StoreError>>(answer: Result<Answer<T, E>, StoreError>) -> Result<T, E> {
    answer?.await.unwrap_or_else(|_| Err(unanswered().into()))
}

fn wait_blocking<T, E: From<StoreError>>(answer: Result<Answer<T, E>, StoreError>) -> Result<T, E> {
    answer?.blocking_recv().unwrap_or_else(|_| Err(unanswered().into()))
}

fn unanswered() -> StoreError {
    StoreError::Unavailable("a database thread ended without an answer".to_owned())
}
