//! The address of a PostgreSQL server, and how much its line is trusted.

use std::{net::IpAddr, path::PathBuf, str::FromStr, time::Duration};

use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::tls;
use crate::{DatabaseConfig, OpenError};

/// Where the server is and how to talk to it.
pub(crate) struct Address {
    /// Everything but the encryption.
    pub(super) config: Config,
    /// How to encrypt; unused where `config` says that the line is in the clear.
    pub(super) tls: MakeRustlsConnect,
    /// Host, port and database for messages, without user and password.
    pub(super) shown: String,
    /// How long a connection may take to be made, with all that is said until it can be used.
    pub(super) connect_limit: Duration,
    /// How long the server may be silent beyond the time that a statement may take.
    pub(super) patience: Duration,
}

/// The parameters of the address that the client library does not know.
#[derive(Default)]
struct TlsWishes {
    mode: Option<String>,
    root_certificate: Option<PathBuf>,
}

impl Address {
    /// Reads the address of `config`.
    pub(crate) fn parse(config: &DatabaseConfig) -> Result<Self, OpenError> {
        let (rest, wishes) = split_off_tls(&config.url);
        let mut client = Config::from_str(&rest).map_err(|error| malformed(&error))?;
        if client.get_hosts().is_empty() {
            return Err(refusal("it names no host"));
        }
        // The client library ends the password at its first @; what follows would be shown as the host.
        if client
            .get_hosts()
            .iter()
            .any(|host| matches!(host, Host::Tcp(name) if name.contains('@')))
        {
            return Err(refusal("it has more than one @; write one in the password as %40"));
        }
        client.ssl_mode(ssl_mode(wishes.mode.as_deref(), client.get_hosts())?);
        if client.get_application_name().is_none() {
            client.application_name(&config.application_name);
        }
        let reach = *client.get_connect_timeout().unwrap_or(&config.connect_timeout);
        client.connect_timeout(reach);
        // A server that vanished without a word is noticed within this time, not in two hours.
        client.tcp_user_timeout(tls::SILENCE).keepalives_idle(tls::SILENCE);
        let roots = wishes.root_certificate.as_deref().or(config.root_certificate.as_deref());
        Ok(Self {
            tls: tls::connector(roots)?,
            shown: shown(&client),
            connect_limit: connect_limit(reach, client.get_hosts().len()) + config.patience,
            patience: config.patience,
            config: client,
        })
    }
}

/// The time to reach one address is the client library's; a name often has two.
fn connect_limit(reach: Duration, hosts: usize) -> Duration {
    reach.saturating_mul(u32::try_from(hosts).unwrap_or(u32::MAX).saturating_mul(2))
}

/// `sslmode` has values and `sslrootcert` is a parameter that the client library refuses, so both
/// are taken out of the address first.
fn split_off_tls(url: &str) -> (String, TlsWishes) {
    let mut wishes = TlsWishes::default();
    let Some((base, query)) = url.split_once('?') else { return (url.to_owned(), wishes) };
    let mut kept = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let decoded = url::form_urlencoded::parse(pair.as_bytes()).next();
        match decoded {
            Some((key, value)) if key == "sslmode" => wishes.mode = Some(value.into_owned()),
            Some((key, value)) if key == "sslrootcert" => {
                wishes.root_certificate = Some(PathBuf::from(value.into_owned()));
            }
            _ => kept.push(pair),
        }
    }
    let separator = if kept.is_empty() { "" } else { "?" };
    (format!("{base}{separator}{}", kept.join("&")), wishes)
}

fn ssl_mode(wish: Option<&str>, hosts: &[Host]) -> Result<SslMode, OpenError> {
    match wish {
        Some("disable") => Ok(SslMode::Disable),
        // Encryption to a peer that nobody has verified stops no attacker on the line.
        Some("require" | "verify-ca" | "verify-full") => Ok(SslMode::Require),
        Some("allow" | "prefer") => Err(refusal(
            "sslmode=allow and sslmode=prefer fall back to an open line without a word; write \
             sslmode=verify-full, or sslmode=disable if the line is safe",
        )),
        Some(_) => Err(refusal("sslmode is disable, require, verify-ca or verify-full")),
        None if hosts.iter().all(is_this_machine) => Ok(SslMode::Disable),
        None => Ok(SslMode::Require),
    }
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

fn shown(config: &Config) -> String {
    let hosts: Vec<String> = config
        .get_hosts()
        .iter()
        .enumerate()
        .map(|(index, host)| {
            let ports = config.get_ports();
            let port = ports.get(index).or(ports.first()).copied().unwrap_or(5432);
            match host {
                Host::Tcp(name) => format!("{name}:{port}"),
                #[cfg(unix)]
                Host::Unix(path) => format!("{}:{port}", path.display()),
            }
        })
        .collect();
    let database = config.get_dbname().or(config.get_user()).unwrap_or("postgres");
    format!("{}/{database}", hosts.join(","))
}

fn malformed(error: &tokio_postgres::Error) -> OpenError {
    use std::error::Error;
    let reason = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    refusal(&format!(
        "{reason}; write it as postgres://user:password@host:port/database, special characters in \
         the password as %XX"
    ))
}

fn refusal(reason: &str) -> OpenError {
    OpenError::Address(reason.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Address, OpenError> {
        Address::parse(&DatabaseConfig::for_url(url))
    }

    fn mode(url: &str) -> Option<SslMode> {
        parse(url).ok().map(|address| address.config.get_ssl_mode())
    }

    #[test]
    fn a_server_elsewhere_is_reached_by_tls_unless_told_otherwise() {
        assert_eq!(mode("postgres://f@db.example.com/f"), Some(SslMode::Require));
        assert_eq!(mode("postgres://f@db.example.com/f?sslmode=disable"), Some(SslMode::Disable));
        assert_eq!(mode("postgres://f@localhost,db.example.com/f"), Some(SslMode::Require));
    }

    #[test]
    fn a_server_on_this_machine_is_reached_in_the_clear_unless_told_otherwise() {
        for host in ["localhost", "127.0.0.1", "[::1]", "%2Fvar%2Frun%2Fpostgresql"] {
            assert_eq!(mode(&format!("postgres://f@{host}/f")), Some(SslMode::Disable), "{host}");
        }
        assert_eq!(mode("postgres://f@localhost/f?sslmode=require"), Some(SslMode::Require));
    }

    #[test]
    fn modes_that_may_fall_back_to_an_open_line_are_refused() {
        for wish in ["prefer", "allow", "maybe"] {
            assert!(mode(&format!("postgres://f@db.example.com/f?sslmode={wish}")).is_none());
        }
    }

    #[test]
    fn the_shown_address_and_the_refusals_hold_no_password() {
        let address = parse("postgres://ada:s3cret@localhost:5433/f?options=-c%20a%3Db").unwrap();
        assert_eq!(address.shown, "localhost:5433/f");
        for url in [
            "postgres://ada:s3cret@/f",
            "postgres://ada:s3cret@host:port/f",
            "postgres://ada:s3cret@h/f?x=1",
            "postgres://ada:@s3cret@host/f",
            "postgres://ada:x@s3cret@localhost:1,localhost/f?sslmode=disable",
        ] {
            let Err(refusal) = parse(url) else { panic!("{url} was accepted") };
            assert!(!refusal.to_string().contains("s3cret"), "{refusal}");
        }
    }
}
