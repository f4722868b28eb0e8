//! `freehold serve`: start, run, stop.

use std::{
    io::{ErrorKind, Write},
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix_web::{App as WebApp, HttpServer, middleware::from_fn, web::Data};
use freehold_store::DatabaseConfig;

use crate::{
    cli::{CliError, open_database},
    config::Config,
    housekeeping,
    http::{self, App, address::Throttle, headers::SecurityHeaders},
    system::SystemClock,
};

/// How long a client may take to send the head of a request.
const HEAD_LIMIT: Duration = Duration::from_secs(10);

/// How long an idle connection is kept.
const IDLE_LIMIT: Duration = Duration::from_secs(75);

/// How long requests under way may take to end after SIGTERM.
const STOP_LIMIT_SECONDS: u64 = 15;

/// Runs the server until it is told to stop.
///
/// # Errors
/// The address is taken, the settings contradict each other, the database cannot be opened.
pub fn run(config: &Config) -> Result<(), CliError> {
    let listener = bind(config.listen)?;
    let bound = listener.local_addr().map_err(|error| CliError::Failed(error.to_string()))?;
    let site = config.site(bound)?;
    let settings = DatabaseConfig::for_url(config.database_url.expose());
    let database = open_database(config, &settings)?;
    let (recorder, rows) = http::scim::Recorder::new();
    let app = Data::new(App {
        catalog: config.scim_catalog()?,
        gate: Arc::new(http::scim::Gate::new(config.scim_rate)),
        recorder,
        database: database.clone(),
        clock: Arc::new(SystemClock),
        site: site.clone(),
        providers: freehold_sso::oidc::Providers::new()
            .map_err(|error| CliError::Failed(format!("cannot make an HTTP client: {error}")))?,
        // A whole office may share one address.
        sign_ins: Throttle::new(240, 4.0),
        answers: Throttle::new(240, 4.0),
        refused_logouts: Throttle::new(30, 0.5),
        // An identity provider asks with the right secret, once an hour.
        token_failures: Throttle::new(30, 0.5),
        proxies: config.trusted_proxies.clone(),
    });
    http::assets::report_missing();
    actix_web::rt::System::new().block_on(async {
        let server = start(listener, app.clone())?;
        let housekeeping =
            actix_web::rt::spawn(housekeeping::run(app.clone(), config.provisioning_log_days));
        actix_web::rt::spawn(rows.run(app.clone()));
        announce(site.origin(), bound);
        let outcome = server.await;
        housekeeping.abort();
        app.recorder.finish().await;
        outcome.map_err(|error| CliError::Failed(format!("the server stopped: {error}")))
    })?;
    // What waits is still written.
    database.close();
    tracing::info!("stopped");
    Ok(())
}

fn start(listener: TcpListener, app: Data<App>) -> Result<actix_web::dev::Server, CliError> {
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
    .keep_alive(IDLE_LIMIT)
    .shutdown_timeout(STOP_LIMIT_SECONDS)
    .listen(listener)
    .map_err(|error| CliError::Failed(format!("cannot listen: {error}")))?;
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
