//! From given texts to checked settings.

use std::{
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
    path::PathBuf,
    time::Duration,
};

use freehold_directory::housekeeping::RETENTION;

use super::{Config, ConfigError, DatabaseUrl, Networks, Site, TlsFiles, sources::AllGiven};

/// How log events are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One readable line an event.
    Text,
    /// One JSON object an event.
    Json,
}

pub(super) fn config(given: &AllGiven) -> Result<Config, ConfigError> {
    let data = value(given, "data", folder)?.unwrap_or_else(|| PathBuf::from("./data"));
    Ok(Config {
        listen: value(given, "listen", listen)?
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
        public_url: value(given, "public_url", Site::parse)?,
        database_url: value(given, "database_url", database_url)?
            .unwrap_or_else(|| DatabaseUrl(sqlite_in(&data))),
        scim_schemas: text(given, "scim_schemas").map(PathBuf::from),
        scim_rate: value(given, "scim_rate", whole(0..=1_000_000))?.unwrap_or(2_000),
        provisioning_log_days: value(given, "provisioning_log_days", whole(1..=3_650))?
            .unwrap_or(30),
        retention: value(given, "retention_days", whole(1..=3_650))?
            .map_or(RETENTION, |days| Duration::from_secs(u64::from(days) * 86_400)),
        log: value(given, "log", log_filter)?.unwrap_or_else(|| "info".to_owned()),
        log_is_set: given.contains_key("log"),
        log_format: value(given, "log_format", log_format)?.unwrap_or(LogFormat::Text),
        dns_resolver: value(given, "dns_resolver", dns_resolver)?,
        tls: tls_files(given)?,
        trusted_proxies: value(given, "trusted_proxies", Networks::parse)?.unwrap_or_default(),
        idp_networks: value(given, "idp_networks", Networks::parse)?.unwrap_or_default(),
        data,
    })
}

fn folder(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() {
        return Err("write the path of a folder, or leave it out for ./data".to_owned());
    }
    Ok(PathBuf::from(text))
}

/// The database file that is used when no URL is given.
fn sqlite_in(data: &std::path::Path) -> String {
    format!("sqlite://{}", data.join("freehold.db").display())
}

fn text<'a>(given: &'a AllGiven, name: &str) -> Option<&'a str> {
    given.get(name).map(|given| given.value.as_str())
}

fn value<T>(
    given: &AllGiven,
    name: &str,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, ConfigError> {
    let Some(given) = given.get(name) else { return Ok(None) };
    parse(given.value.trim())
        .map(Some)
        .map_err(|reason| ConfigError(format!("{}: {reason}", given.source)))
}

fn listen(text: &str) -> Result<SocketAddr, String> {
    let numeric = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    numeric.as_deref().unwrap_or(text).parse().map_err(|_| {
        format!("`{text}` is not an address and a port; example: 127.0.0.1:8080 or [::1]:8080")
    })
}

fn dns_resolver(text: &str) -> Result<SocketAddr, String> {
    let bare = text.parse().map(|address: IpAddr| SocketAddr::new(address, 53));
    bare.or_else(|_| text.parse()).map_err(|_| {
        format!(
            "`{text}` is not the address of a DNS server; example: 192.0.2.53 or 127.0.0.1:5353"
        )
    })
}

fn whole(range: RangeInclusive<u32>) -> impl Fn(&str) -> Result<u32, String> {
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        let (first, last) = (range.start(), range.end());
        number.ok_or_else(|| format!("`{text}` is no whole number from {first} to {last}"))
    }
}

/// The text is not repeated in errors: it may hold a password.
fn database_url(text: &str) -> Result<DatabaseUrl, String> {
    let known = ["sqlite://", "postgres://", "postgresql://"];
    if known.iter().any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty())) {
        Ok(DatabaseUrl(text.to_owned()))
    } else {
        Err("not a database URL; write sqlite://PATH or postgres://USER@HOST/NAME".to_owned())
    }
}

fn log_filter(text: &str) -> Result<String, String> {
    tracing_subscriber::EnvFilter::try_new(text)
        .map(|_| text.to_owned())
        .map_err(|error| format!("not a log filter ({error}); write info, debug or trace"))
}

fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("`{text}` is not a log format; write text or json")),
    }
}

fn tls_files(given: &AllGiven) -> Result<Option<TlsFiles>, ConfigError> {
    let certificate = value(given, "tls_cert", pem_file)?;
    match (certificate, value(given, "tls_key", pem_file)?) {
        (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(half("FREEHOLD_TLS_CERT", "FREEHOLD_TLS_KEY")),
        (None, Some(_)) => Err(half("FREEHOLD_TLS_KEY", "FREEHOLD_TLS_CERT")),
    }
}

fn half(given: &str, missing: &str) -> ConfigError {
    ConfigError(format!("{given} is set and {missing} is not; set both, or neither"))
}

/// The text is not repeated in errors: it may be a key.
fn pem_file(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() || text.contains("-----BEGIN") {
        return Err("write the path of a PEM file; the file itself is read, and read again when \
                    it changes"
            .to_owned());
    }
    Ok(PathBuf::from(text))
}
