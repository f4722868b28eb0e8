//! What the operator decides: one table of settings, read from a TOML file and the environment.
//!
//! The environment wins over the file, the file over the default. A name that is not in the table
//! is an error that names the nearest one, because a setting that is silently ignored is worse
//! than a server that does not start.

mod networks;
mod parse;
mod site;
mod sources;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use freehold_scim::schema::Catalog;
use freehold_sso::oidc::Reach;

pub use networks::Networks;
pub use parse::LogFormat;
pub use site::Site;
pub use sources::Environment;

/// One setting: its name in the TOML file, its place in the help.
pub struct Setting {
    /// The key in the TOML file; in upper case after `FREEHOLD_` the variable.
    pub name: &'static str,
    /// What it decides, its form and its default.
    pub help: &'static str,
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "listen",
        help: "address and port to listen on; 127.0.0.1:8080 unless set; port 0 takes a free one",
    },
    Setting {
        name: "public_url",
        help: "the URL that browsers use; https, or http for localhost; http://localhost:PORT \
               unless set",
    },
    Setting { name: "data", help: "folder for the SQLite database; ./data unless set" },
    Setting {
        name: "database_url",
        help: "sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME; sqlite in the data folder \
               unless set",
    },
    Setting {
        name: "scim_schemas",
        help: "JSON file with your own SCIM schemas and resource types; none unless set",
    },
    Setting {
        name: "scim_rate",
        help: "SCIM requests a second and organization; 2000 unless set; 0 for any number",
    },
    Setting {
        name: "provisioning_log_days",
        help: "days that the provisioning log is kept, 1 to 3650; 30 unless set",
    },
    Setting {
        name: "retention_days",
        help: "days that keys and secrets of deleted users, and those that a reset put aside, are \
               kept, 1 to 3650; 30 unless set",
    },
    Setting { name: "log", help: "what is logged: info (the default), debug, or a tracing filter" },
    Setting { name: "log_format", help: "text (the default) or json" },
    Setting {
        name: "tls_cert",
        help: "PEM file with the certificate and its chain, to serve https without a proxy; needs \
               tls_key; read again when it changes",
    },
    Setting { name: "tls_key", help: "PEM file with the private key of tls_cert" },
    Setting {
        name: "dns_resolver",
        help: "address, with a port if it is not 53, of the DNS server to ask about domains; the \
               system's unless set",
    },
    Setting {
        name: "trusted_proxies",
        help: "addresses or networks (10.0.0.0/8) of reverse proxies, separated by commas, whose \
               X-Forwarded-For or Forwarded is believed",
    },
    Setting {
        name: "idp_networks",
        help: "addresses or networks (10.0.0.0/8), separated by commas, of identity providers \
               inside your own network; unless set, only public addresses are asked",
    },
];

/// Variables that start with `FREEHOLD_` and are not settings of the server.
const OTHER_VARIABLES: &[&str] = &["FREEHOLD_CONFIG", "FREEHOLD_WASM"];

/// A setting that is missing, unknown or of the wrong form, said so that it can be mended.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// The settings, checked.
#[derive(Debug)]
pub struct Config {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The URL that browsers use, if the operator set one.
    pub public_url: Option<Site>,
    /// Where SQLite keeps its files.
    pub data: PathBuf,
    /// The database: `sqlite://` or `postgres://`. May hold a password: never shown.
    pub database_url: DatabaseUrl,
    /// Where the operator's own SCIM schemas stand.
    pub scim_schemas: Option<PathBuf>,
    /// SCIM requests a second and organization; 0 for any number.
    pub scim_rate: u32,
    /// Days that the provisioning log is kept.
    pub provisioning_log_days: u32,
    /// How long keys and items of deleted users, and those that a reset put aside, are kept.
    pub retention: Duration,
    /// The filter of log events.
    pub log: String,
    /// Whether the operator chose the filter.
    pub log_is_set: bool,
    /// How log events are written.
    pub log_format: LogFormat,
    /// The DNS server to ask, if it is not the system's.
    pub dns_resolver: Option<SocketAddr>,
    /// Certificate and key, if the server itself speaks TLS.
    pub tls: Option<TlsFiles>,
    /// Peers whose `X-Forwarded-For` or `Forwarded` is believed.
    pub trusted_proxies: Networks,
    /// Where identity providers may be asked beside public addresses.
    pub idp_networks: Networks,
}

/// Where the certificate and its key stand.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// PEM: the certificate of this server first, then its chain.
    pub certificate: PathBuf,
    /// PEM: the private key.
    pub key: PathBuf,
}

/// A database URL, which may hold a password and therefore never shows itself.
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The URL, to open the database with.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether this is a SQLite file directly in the folder.
    #[must_use]
    pub fn is_in(&self, folder: &std::path::Path) -> bool {
        let file = self.0.strip_prefix("sqlite://").map(std::path::Path::new);
        file.and_then(std::path::Path::parent) == Some(folder)
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DatabaseUrl(..)")
    }
}

impl Config {
    /// Reads the file, if there is one, and the environment.
    ///
    /// `file` is what `--config` names; without it, `FREEHOLD_CONFIG` is looked at.
    ///
    /// # Errors
    /// The file cannot be read, a name is unknown or given twice, a value has the wrong form.
    pub fn load(file: Option<PathBuf>, environment: &Environment) -> Result<Self, ConfigError> {
        sources::gather(file, environment).and_then(|given| parse::config(&given))
    }

    /// The public site, given the port that the server really has.
    ///
    /// # Errors
    /// The server listens where others can reach it, and no `public_url` says how.
    pub fn site(&self, bound: SocketAddr) -> Result<Site, ConfigError> {
        match &self.public_url {
            Some(site) => Ok(site.clone()),
            None => Site::derived(bound),
        }
    }

    /// Whether what the listener speaks agrees with what the public URL promises.
    ///
    /// # Errors
    /// TLS under an http URL; or an https URL, no TLS, and a listener that others reach past the
    /// proxy.
    pub fn check_listener(&self, bound: SocketAddr, site: &Site) -> Result<(), ConfigError> {
        let open = !bound.ip().is_loopback();
        match (&self.tls, site.is_https()) {
            (Some(_), false) => Err(ConfigError(format!(
                "FREEHOLD_TLS_CERT is set, but the public URL is {}; set FREEHOLD_PUBLIC_URL to \
                 https:// and the name in the certificate",
                site.origin()
            ))),
            (None, true) if open && self.trusted_proxies.is_empty() => Err(ConfigError(format!(
                "FREEHOLD_LISTEN is {bound}, which others can reach without https; listen on \
                 127.0.0.1 behind a proxy on this machine, or name the proxy elsewhere in \
                 FREEHOLD_TRUSTED_PROXIES, or set FREEHOLD_TLS_CERT and FREEHOLD_TLS_KEY"
            ))),
            _ => Ok(()),
        }
    }
}

impl Config {
    /// Which addresses identity providers may have.
    #[must_use]
    pub fn reach(&self) -> Reach {
        let inside = self.idp_networks.clone();
        Reach::allowing(move |address| inside.contains(address))
    }

    /// The types of SCIM resources: users, groups, and what the operator's file declares.
    ///
    /// # Errors
    /// The file cannot be read, or says something that is no schema.
    pub fn scim_catalog(&self) -> Result<Catalog, ConfigError> {
        let Some(path) = &self.scim_schemas else { return Ok(Catalog::default()) };
        let shown = path.display();
        let text = std::fs::read(path).map_err(|error| {
            ConfigError(format!("cannot read the SCIM schemas {shown}: {error}"))
        })?;
        Catalog::parse(&text).map_err(|reason| ConfigError(format!("{shown}: {reason}")))
    }
}

/// The help text on settings, for `--help`.
#[must_use]
pub fn settings_help() -> String {
    let mut text = String::from(
        "Settings, as variable or as key of the TOML file (--config or FREEHOLD_CONFIG); every\n\
         variable also exists as NAME_FILE, which names a file to read the value from:\n",
    );
    for setting in SETTINGS {
        let name = sources::variable(setting.name);
        text.push_str(&format!("  {name:<25} {}\n", setting.help));
    }
    text
}

#[cfg(test)]
mod tests;
