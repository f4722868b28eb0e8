//! PostgreSQL databases, one a test.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use postgres::{Client, NoTls};
use url::Url;

/// Makes an empty database in the tests' cluster and gives its URL.
///
/// # Panics
/// When `TEST_DATABASE_URL` is not set: `cargo xtask test` starts a cluster and sets it.
#[must_use]
pub fn fresh_postgres() -> String {
    make("template1").into()
}

/// Makes a database that holds what `fill` put into another, once for all tests of a program: to bring the schema up to
/// date takes longer than to copy it.
///
/// # Panics
/// When `TEST_DATABASE_URL` is not set, or when `fill` panics.
#[must_use]
pub fn filled_postgres(fill: impl FnOnce(&str)) -> String {
    static FILLED: OnceLock<String> = OnceLock::new();
    let model = FILLED.get_or_init(|| {
        let url = make("template1");
        fill(url.as_str());
        url.path().trim_start_matches('/').to_owned()
    });
    make(model).into()
}

/// Makes a database like another one, and gives its URL.
fn make(model: &str) -> Url {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let url = std::env::var("TEST_DATABASE_URL").unwrap_or_else(|_| {
        panic!(
            "TEST_DATABASE_URL is not set: run the tests with `cargo xtask test`, which starts a \
             PostgreSQL of its own, or set it to the URL of a superuser of a scratch cluster"
        )
    });
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let name = format!("test_{}_{number}", std::process::id());
    let sql = [
        format!("DROP DATABASE IF EXISTS {name}"),
        format!("CREATE DATABASE {name} TEMPLATE {model}"),
    ];
    // The client brings its own runtime, which refuses to start inside another: a thread apart.
    let made = std::thread::spawn({
        let url = url.clone();
        move || {
            let mut client = Client::connect(&url, NoTls)?;
            sql.iter().try_for_each(|sql| client.batch_execute(sql))
        }
    });
    made.join()
        .expect("the thread only talks to PostgreSQL")
        .unwrap_or_else(|error| panic!("no database could be made by TEST_DATABASE_URL: {error}"));
    let mut url = Url::parse(&url).expect("TEST_DATABASE_URL is a URL");
    url.set_path(&name);
    url
}
