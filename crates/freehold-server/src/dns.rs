//! TXT records, by which organizations prove that a domain is theirs.

use std::{net::SocketAddr, time::Duration};

use hickory_resolver::{
    ResolverBuilder, TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig},
    net::{NetError, runtime::TokioRuntimeProvider},
    proto::rr::{RData, rdata::TXT},
};

/// How long a look-up may take, whatever name servers do.
const LIMIT: Duration = Duration::from_secs(5);

/// How long one try waits, so that a lost packet is sent again within the limit.
const TRY_LIMIT: Duration = Duration::from_secs(2);

/// Records that are looked at; more are of no use to anybody.
const MOST_RECORDS: usize = 100;

/// There is no answer: not that there is no record.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NoAnswer(pub String);

/// Who knows TXT records.
pub trait TxtResolver {
    /// The TXT records of this name, each with its strings joined; none when there is no such
    /// name.
    ///
    /// # Errors
    /// No name server answered in time, or one answered that it cannot.
    fn txt(&self, name: &str) -> impl Future<Output = Result<Vec<String>, NoAnswer>>;
}

/// The DNS server of the settings, or what the system asks.
#[derive(Clone, Copy, Debug)]
pub struct Dns(Option<SocketAddr>);

impl Dns {
    /// The server at this address, or the system's.
    #[must_use]
    pub fn new(server: Option<SocketAddr>) -> Self {
        Self(server)
    }

    /// Made for each look-up: nothing is cached, and the system's settings may have changed.
    fn resolver(self) -> Result<TokioResolver, NetError> {
        let mut builder = match self.0 {
            Some(server) => asking(server),
            None => TokioResolver::builder_tokio()?,
        };
        let options = builder.options_mut();
        options.timeout = TRY_LIMIT;
        options.attempts = 1;
        options.use_hosts_file = ResolveHosts::Never;
        builder.build()
    }
}

fn asking(server: SocketAddr) -> ResolverBuilder<TokioRuntimeProvider> {
    // TCP for answers that do not fit into a packet.
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = server.port();
        connection
    });
    let server = NameServerConfig::new(server.ip(), true, connections.into());
    let config = ResolverConfig::from_name_servers(vec![server]);
    TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
}

impl TxtResolver for Dns {
    async fn txt(&self, name: &str) -> Result<Vec<String>, NoAnswer> {
        let no_answer = |error: NetError| NoAnswer(error.to_string());
        let resolver = self.resolver().map_err(no_answer)?;
        // The dot at the end: the system's search list is not for this name.
        let lookup = resolver.txt_lookup(format!("{name}."));
        let answer = match tokio::time::timeout(LIMIT, lookup).await {
            Err(_elapsed) => return Err(NoAnswer("no answer in time".to_owned())),
            Ok(Err(error)) if error.is_no_records_found() => return Ok(Vec::new()),
            Ok(answer) => answer.map_err(no_answer)?,
        };
        let records = answer.answers().iter().filter_map(|record| match &record.data {
            RData::TXT(txt) => Some(joined(txt)),
            _ => None,
        });
        Ok(records.take(MOST_RECORDS).collect())
    }
}

/// RFC 7208 §3.3 and everybody else: the strings of one record are one text, without spaces.
fn joined(txt: &TXT) -> String {
    String::from_utf8_lossy(&txt.txt_data.concat()).into_owned()
}
