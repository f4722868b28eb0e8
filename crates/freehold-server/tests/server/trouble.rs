//! A database that is busy, and a server that stops while somebody waits: a clear answer, and
//! nothing lost.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::mpsc,
    time::Duration,
};

use freehold_store::{Database, DatabaseConfig, StoreError, Tx};

use crate::support::{Installation, World, new_user};

/// Holds SQLite's write lock until the sender is dropped.
fn hold_lock(url: &str) -> (mpsc::Sender<()>, std::thread::JoinHandle<()>) {
    let database = Database::open(&DatabaseConfig::for_command_line(url)).unwrap();
    let (release, wait) = mpsc::channel::<()>();
    let (locked, is_locked) = mpsc::channel();
    let holder = std::thread::spawn(move || {
        let wait = std::sync::Mutex::new(wait);
        let held = database.write_tx_blocking(move |tx: &mut dyn Tx| -> Result<(), StoreError> {
            tx.execute("UPDATE organizations SET name = name", &[])?;
            locked.send(()).unwrap();
            let _released = wait.lock().unwrap().recv_timeout(Duration::from_secs(60));
            Ok(())
        });
        held.unwrap();
        database.close();
    });
    is_locked.recv().unwrap();
    (release, holder)
}

#[test]
fn a_locked_database_is_said_to_be_busy_and_reads_go_on() {
    let world = World::new();
    if !world.installation.database_url().starts_with("sqlite:") {
        return; // Rows of PostgreSQL lock apart.
    }
    let browser = world.signed_in("ann");
    let (release, holder) = hold_lock(&world.installation.database_url());
    let create = || world.server.scim(&world.token, "POST", "/Users").json(&new_user("bob"));
    let reply = create();
    assert!(reply.header("retry-after").is_some());
    reply.scim_error(503, None);
    browser.page("GET", "/api/setup").send().problem(503, "busy");
    browser.get("/api/session").is(200);
    world.server.scim(&world.token, "GET", "/Users").send().is(200);
    drop(release);
    holder.join().unwrap();
    create().is(201);
}

#[test]
fn a_request_under_way_is_answered_before_the_server_stops() {
    let installation = Installation::new();
    let token = installation.acme();
    let server = installation.serve();
    let body = new_user("ann").to_string();
    let (first, rest) = body.split_at(10);
    let mut stream = TcpStream::connect(server.address()).unwrap();
    write!(
        stream,
        "POST /scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{first}",
        body.len()
    )
    .unwrap();
    // Until the head was read, the connection is idle and may be closed at once.
    while server.log().matches("SCIM request arrived").count() == 0 {
        std::thread::sleep(Duration::from_millis(10));
    }
    let stopping = std::thread::spawn(move || server.stop());
    std::thread::sleep(Duration::from_millis(300));
    stream.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert_eq!(stopping.join().unwrap(), 0);
    assert_eq!(installation.list(&["user", "list", "--organization", "acme"]).len(), 1);
}

#[test]
fn sessions_end_by_themselves() {
    let world = World::new();
    let browser = world.signed_in("ann");
    let change = |sql: &'static str| {
        let settings = DatabaseConfig::for_command_line(&world.installation.database_url());
        let database = Database::open(&settings).unwrap();
        let run = move |tx: &mut dyn Tx| tx.execute(sql, &[]).map(drop);
        database.write_tx_blocking::<_, _, StoreError>(run).unwrap();
        database.close();
    };
    browser.get("/api/session").is(200);
    change("UPDATE sessions SET last_seen_at = last_seen_at - 1801000");
    browser.get("/api/session").problem(401, "signed-out");
    let browser = {
        let mut browser = world.browser();
        browser.sign_in("ann", "");
        browser
    };
    change("UPDATE sessions SET last_seen_at = last_seen_at - 1700000");
    browser.get("/api/session").is(200);
    change("UPDATE sessions SET last_seen_at = last_seen_at - 1700000");
    browser.get("/api/session").is(200);
    change("UPDATE sessions SET expires_at = expires_at - 43200000");
    browser.get("/api/session").problem(401, "signed-out");
}
