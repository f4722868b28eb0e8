//! Log events: one a request, on standard error, with ids and never with bodies or secrets.

use std::io::IsTerminal;

use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::{Config, LogFormat};

/// Crates that log what they carry when they are asked for detail: statements with their values,
/// bytes on the wire, request heads. Their detail stays off, whatever the filter says, so that a
/// log at trace level holds no secret either.
const QUIET: &[&str] = &[
    "actix_http=info",
    "actix_web=info",
    "h2=info",
    "hyper=info",
    "hyper_util=info",
    "oauth2=info",
    "openidconnect=info",
    "postgres=warn",
    "reqwest=info",
    "rustls=info",
    "tokio_postgres=info",
];

/// Sends log events to standard error. Only the first call of a process has an effect.
pub fn start(config: &Config) {
    let format = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let registry = tracing_subscriber::registry().with(filter(&config.log));
    // A second start, as in tests, keeps the first one's settings.
    let _already_started = match config.log_format {
        LogFormat::Text => registry.with(format).try_init(),
        LogFormat::Json => registry.with(format.json()).try_init(),
    };
}

/// The operator's filter with the quiet crates kept quiet.
fn filter(text: &str) -> EnvFilter {
    QUIET
        .iter()
        .filter_map(|directive| directive.parse().ok())
        .fold(EnvFilter::new(text), EnvFilter::add_directive)
}

#[cfg(test)]
mod tests {
    use super::{QUIET, filter};

    #[test]
    fn detail_of_crates_that_log_what_they_carry_stays_off() {
        let filter = filter("trace,tokio_postgres=trace").to_string();
        assert!(filter.contains("tokio_postgres=info"), "{filter}");
        assert!(!filter.contains("tokio_postgres=trace"), "{filter}");
        for directive in QUIET {
            assert!(filter.contains(directive), "{directive} in {filter}");
        }
    }
}
