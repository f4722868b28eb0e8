//! `freehold serve`: start, run, stop.

use std::{
    io::{ErrorKind, Write},
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix_web::{App as WebApp, HttpServer, middleware::from_fn, web::Data};
use freehold_store::{Database, DatabaseConfig};

use crate::{
    cli::{CliError, open_database},
    config::Config,
    dns::Dns,
    domain_checks, housekeeping,
    http::{self, App, headers::SecurityHeaders, throttle::Throttle},
    system::SystemClock,
    tls::{self, Certificates},
};

/// How long a client may take to send the head of a request, and to shake hands before it.
const HEAD_LIMIT: Duration = Duration::from_secs(10);

/// How long an idle connection is kept.
const IDLE_LIMIT: Duration = Duration::from_secs(75);

/// How long requests under way may take to end after SIGTERM.
const STOP_LIMIT_SECONDS: u64 = 15;

/// How long what waits for the database may take to be written after that, in each of two steps.
const LAST_WRITES_LIMIT: Duration = Duration::from_secs(10);

/// Runs the server until it is told to stop.
///
/// # Errors
/// The address is taken, the settings contradict each other, the database cannot be opened.
pub fn run(config: &Config) -> Result<(), CliError> {
    let listener = bind(config.listen)?;
    let bound = listener.local_addr().map_err(|error| CliError::Failed(error.to_string()))?;
    let site = config.site(bound)?;
    config.check_listener(bound, &site)?;
    let certificates = match &config.tls {
        Some(files) => Some(Arc::new(Certificates::load(files, &site)?)),
        None => None,
    };
    let settings = DatabaseConfig::for_url(config.database_url.expose());
    let database = open_database(config, &settings)?;
    let (recorder, rows) = http::scim::Recorder::new();
    let app = Data::new(App {
        catalog: config.scim_catalog()?,
        gate: Arc::new(http::scim::Gate::new(config.scim_rate)),
        recorder,
        live_log: http::LiveLog::default(),
        audit_work: http::audit_work(),
        item_lists: http::item_lists(),
        database: database.clone(),
        clock: Arc::new(SystemClock),
        site: site.clone(),
        providers: freehold_sso::oidc::Providers::new(config.reach())
            .map_err(|error| CliError::Failed(format!("cannot make an HTTP client: {error}")))?,
        // A whole office may share one address.
        sign_ins: Throttle::new(240, Duration::from_millis(250)),
        answers: Throttle::new(240, Duration::from_millis(250)),
        // Whoever begins a sign-in can have it refused, and the audit log forgets nothing.
        recorded_refusals: Throttle::new(100, Duration::from_secs(60)),
        // Whoever has a token that was revoked long ago can go on asking, as fast as he likes.
        logged_refusals: Throttle::new(100, Duration::from_secs(10)),
        refused_logouts: Throttle::new(30, Duration::from_secs(2)),
        // An identity provider asks with the right secret, once an hour.
        token_failures: Throttle::new(30, Duration::from_secs(2)),
        key_changes: http::key_changes(),
        outward: http::outward(),
        trials: Arc::default(),
        retention: config.retention,
        proxies: config.trusted_proxies.clone(),
        dns: Dns::new(config.dns_resolver),
    });
    http::assets::report_missing();
    actix_web::rt::System::new().block_on(async {
        let server = start(listener, app.clone(), certificates.clone())?;
        if let Some(certificates) = certificates {
            let watch = tls::Watch::new(certificates)
                .map_err(|error| CliError::Failed(format!("cannot wait for SIGHUP: {error}")))?;
            actix_web::rt::spawn(watch.run(app.clock.clone()));
        } else if site.is_https() && config.trusted_proxies.is_empty() {
            tracing::warn!(
                "FREEHOLD_TRUSTED_PROXIES does not name the proxy: all clients behind it count as \
                 one address, and share its limits"
            );
        }
        let housekeeping =
            actix_web::rt::spawn(housekeeping::run(app.clone(), config.provisioning_log_days));
        let domain_checks = actix_web::rt::spawn(domain_checks::run(app.clone(), app.dns));
        actix_web::rt::spawn(rows.run(app.clone()));
        let live_log = actix_web::rt::spawn(http::LiveLog::run(app.clone()));
        actix_web::rt::spawn(end_streams(app.clone()));
        announce(site.origin(), bound);
        let outcome = server.await;
        live_log.abort();
        housekeeping.abort();
        domain_checks.abort();
        let rows = tokio::time::timeout(LAST_WRITES_LIMIT, app.recorder.finish()).await;
        if rows.is_err() {
            tracing::warn!("rows of the provisioning log were lost: the database does not answer");
        }
        outcome.map_err(|error| CliError::Failed(format!("the server stopped: {error}")))
    })?;
    close(database, LAST_WRITES_LIMIT);
    tracing::info!("stopped");
    Ok(())
}

/// What waits is still written, unless the database hangs: none of that was answered.
fn close(database: Database, limit: Duration) {
    let (done, closed) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        database.close();
        // Nobody listens once it took too long.
        let _late = done.send(());
    });
    if closed.recv_timeout(limit).is_err() {
        tracing::warn!("the database does not answer; what waited for it was not written");
    }
}

/// Ends the answers that have no end of their own as soon as the server is told to stop, which waits for all answers.
async fn end_streams(app: Data<App>) {
    match told_to_stop().await {
        Ok(()) => app.live_log.close(),
        Err(error) => tracing::warn!(%error, "streams will not end before the server does"),
    }
}

#[cfg(unix)]
async fn told_to_stop() -> std::io::Result<()> {
    use actix_web::rt::signal::unix::{SignalKind, signal};
    signal(SignalKind::terminate())?.recv().await;
    Ok(())
}

/// Elsewhere the server is stopped without waiting.
#[cfg(not(unix))]
async fn told_to_stop() -> std::io::Result<()> {
    std::future::pending().await
}

fn start(
    listener: TcpListener,
    app: Data<App>,
    certificates: Option<Arc<Certificates>>,
) -> Result<actix_web::dev::Server, CliError> {
    let headers = Data::new(SecurityHeaders::new(&app.site));
    let server = HttpServer::new(move || {
        WebApp::new()
            .app_data(app.clone())
            .app_data(headers.clone())
            .wrap(from_fn(http::around))
            .configure(http::configure)
    })
    // An answer goes out at once, whether or not the client has acknowledged the one before.
    .tcp_nodelay(true)
    .client_request_timeout(HEAD_LIMIT)
    .tls_handshake_timeout(HEAD_LIMIT)
    .keep_alive(IDLE_LIMIT)
    .shutdown_timeout(STOP_LIMIT_SECONDS);
    let server = match certificates {
        Some(certificates) => {
            server.listen_rustls_0_23(listener, tls::server_config(certificates)?)
        }
        None => server.listen(listener),
    };
    let server = server.map_err(|error| CliError::Failed(format!("cannot listen: {error}")))?;
    Ok(server.run())
}

/// One line on standard output, for people and for programs that wait for the server.
fn announce(origin: &str, bound: SocketAddr) {
    tracing::info!(%bound, origin, "listening");
    // A closed standard output is no reason to stop.
    let _ignored =
        writeln!(std::io::stdout(), "Freehold is ready at {origin} (listening on {bound})");
}

fn bind(address: SocketAddr) -> Result<TcpListener, CliError> {
    TcpListener::bind(address).map_err(|error| {
        CliError::Failed(match error.kind() {
            ErrorKind::AddrInUse => format!(
                "{address} is in use by another program; stop that one, or set FREEHOLD_LISTEN to \
                 another port"
            ),
            ErrorKind::PermissionDenied => format!(
                "this account may not listen on {address}; set FREEHOLD_LISTEN to a port above 1023"
            ),
            ErrorKind::AddrNotAvailable => format!(
                "this machine has no address {}; set FREEHOLD_LISTEN to one that it has",
                address.ip()
            ),
            _ => format!("cannot listen on {address}: {error}"),
        })
    })
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, time::Duration};

    use freehold_store::{Database, DatabaseConfig, StoreError, Tx};

    use super::close;

    #[test]
    fn a_database_that_hangs_does_not_keep_the_server() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let database = Database::open(&DatabaseConfig::for_url(&url)).unwrap();
        let (begun, has_begun) = mpsc::channel();
        let (_go_on, wait) = mpsc::channel::<()>();
        let job = database.write_tx(move |_: &mut dyn Tx| {
            begun.send(()).unwrap();
            let _ends_with_the_test = wait.recv();
            Ok::<_, StoreError>(())
        });
        has_begun.recv().unwrap();
        let (done, is_done) = mpsc::channel();
        std::thread::spawn(move || {
            close(database, Duration::from_millis(10));
            done.send(()).unwrap();
        });
        is_done.recv_timeout(Duration::from_secs(30)).expect("it does not wait");
        drop(job);
    }
}
