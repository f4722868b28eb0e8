//! A client for a thread of its own, which can send statements without waiting for each.
//!
//! What is sent [`later`](Client::later) travels with the next statement that is waited for, in one write to the
//! server, and is carried out before it. Where one of them fails, its error is the answer.

use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    runtime::{Builder, Runtime},
    time::{sleep, timeout},
};
use tokio_postgres::{Error, Row, Socket, Statement, tls::MakeTlsConnect, types::ToSql};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Address, error::ConnectError};
use crate::Value;

type Line =
    tokio_postgres::Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>;

/// A client. Blocks its thread, which must be none of an asynchronous runtime.
pub(super) struct Client {
    client: tokio_postgres::Client,
    /// Gone once the server was silent for too long: then it is as closed by the server.
    line: Option<Line>,
    runtime: Runtime,
    waiting: Vec<Waiting>,
    /// How long an answer may take.
    limit: Duration,
}

/// A statement whose answer nobody needs, unless it is an error.
pub(super) enum Waiting {
    /// One without values.
    Plain(&'static str),
    /// One with values.
    Bound(Statement, Vec<Value>),
    /// One whose values are arrays.
    Columns(Statement, Vec<Vec<Value>>),
}

impl Waiting {
    fn takes_time(&self) -> bool {
        !matches!(self, Self::Plain(_))
    }
}

/// A statement on its way.
type Sent<'s> = Pin<Box<dyn Future<Output = Result<(), Error>> + 's>>;

impl Client {
    /// Connects. Each statement may take `allowed`, which the server is to be told as well: a server that still works
    /// says so itself.
    pub(super) fn connect(address: &Address, allowed: Duration) -> Result<Self, ConnectError> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let connect = address.config.connect(address.tls.clone());
        let connected = runtime.block_on(async { timeout(address.connect_limit, connect).await });
        let (client, line) = connected.map_err(|_| ConnectError::Silence)??;
        let limit = allowed.saturating_add(address.patience);
        Ok(Self { client, line: Some(line), runtime, waiting: Vec::new(), limit })
    }

    /// Whether the connection is known to be dead.
    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Has a statement travel with the next one.
    pub(super) fn later(&mut self, statement: Waiting) {
        self.waiting.push(statement);
    }

    /// Forgets what was to travel with the next statement.
    pub(super) fn forget_waiting(&mut self) {
        self.waiting.clear();
    }

    /// Runs what waits for the next statement, without one.
    pub(super) fn flush(&mut self) -> Result<(), Error> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.send(async |_| Ok(()))
    }

    /// Runs statements without values.
    pub(super) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.send(async |client| client.batch_execute(sql).await)
    }

    /// Prepares a statement. Does not depend on a transaction, so nothing travels with it.
    pub(super) fn prepare(&mut self, sql: &str) -> Result<Statement, Error> {
        let waiting = std::mem::take(&mut self.waiting);
        let prepared = self.send(async |client| client.prepare(sql).await);
        self.waiting = waiting;
        prepared
    }

    /// Runs a write and answers how many rows it touched.
    pub(super) fn execute(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<u64, Error> {
        self.send(async |client| client.execute(statement, &parameters(values)).await)
    }

    /// Runs a statement that gives rows.
    pub(super) fn query(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<Vec<Row>, Error> {
        self.send(async |client| client.query(statement, &parameters(values)).await)
    }

    /// Runs two statements that give rows, on one way to the server and back.
    pub(super) fn query_both(
        &mut self,
        (first, values): (&Statement, &[Value]),
        (second, others): (&Statement, &[Value]),
    ) -> Result<(Vec<Row>, Vec<Row>), Error> {
        self.send(async |client| {
            let (values, others) = (parameters(values), parameters(others));
            tokio::try_join!(client.query(first, &values), client.query(second, &others))
        })
    }

    /// Runs a text without values that gives one row.
    pub(super) fn query_text(&mut self, sql: &str) -> Result<Row, Error> {
        self.send(async |client| client.query_one(sql, &[]).await)
    }

    /// Sends what waits and then `last`, and waits for all their answers.
    fn send<T>(
        &mut self,
        last: impl AsyncFnOnce(&tokio_postgres::Client) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let Self { client, line, runtime, waiting, limit } = self;
        let waiting = std::mem::take(waiting);
        let others = waiting.iter().filter(|statement| statement.takes_time()).count();
        let limit = limit.saturating_mul(u32::try_from(others + 1).unwrap_or(u32::MAX));
        let mut before: VecDeque<Sent<'_>> =
            waiting.iter().map(|statement| sent(client, statement)).collect();
        let mut last = pin!(last(client));
        let mut answer = None;
        let mut is_sent = false;
        let mut poll = |line: &mut Option<Line>, cx: &mut Context<'_>| {
            if !is_sent {
                is_sent = true;
                // The first poll of a request hands it to the line: all of them, before the line moves.
                for request in &mut before {
                    if let Poll::Ready(Err(error)) = request.as_mut().poll(cx) {
                        return Poll::Ready(Err(error));
                    }
                }
                if let Poll::Ready(early) = last.as_mut().poll(cx) {
                    answer = Some(early);
                }
            }
            move_on(line, cx)?;
            while let Some(request) = before.front_mut() {
                ready!(request.as_mut().poll(cx))?;
                before.pop_front();
            }
            answer.take().map_or_else(|| last.as_mut().poll(cx), Poll::Ready)
        };
        runtime.block_on(async {
            let mut over = pin!(sleep(limit));
            poll_fn(|cx| {
                let polled = poll(line, cx);
                if polled.is_pending() && line.is_some() && over.as_mut().poll(cx).is_ready() {
                    tracing::warn!(
                        "the PostgreSQL server does not answer; the connection is given up"
                    );
                    // Whoever waits for an answer learns that the line is closed.
                    *line = None;
                    return poll(line, cx);
                }
                polled
            })
            .await
        })
    }
}

fn sent<'s>(client: &'s tokio_postgres::Client, statement: &'s Waiting) -> Sent<'s> {
    match statement {
        Waiting::Plain(sql) => Box::pin(client.batch_execute(sql)),
        Waiting::Bound(statement, values) => {
            Box::pin(async move { client.execute(statement, &parameters(values)).await.map(drop) })
        }
        Waiting::Columns(statement, columns) => {
            Box::pin(async move { client.execute(statement, &parameters(columns)).await.map(drop) })
        }
    }
}

fn parameters<T: ToSql + Sync>(values: &[T]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

/// Writes what is to be written and takes in what has come, without waiting.
fn move_on(line: &mut Option<Line>, cx: &mut Context<'_>) -> Result<(), Error> {
    let Some(line) = line else { return Ok(()) };
    loop {
        match line.poll_message(cx) {
            // A notice or a notification: nobody asked for one.
            Poll::Ready(Some(Ok(_))) => {}
            Poll::Ready(Some(Err(error))) => return Err(error),
            // Closed: whoever waits for an answer learns it from their request.
            Poll::Ready(None) | Poll::Pending => return Ok(()),
        }
    }
}
