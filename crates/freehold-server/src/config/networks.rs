//! Addresses and networks that the operator names: reverse proxies, identity providers inside the own network.

use std::net::IpAddr;

use ipnet::IpNet;

/// Some networks.
#[derive(Clone, Debug, Default)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Parses addresses and networks, separated by commas: `127.0.0.1, 10.0.0.0/8, fd00::/8`.
    ///
    /// # Errors
    /// A text that says which item is wrong, and how.
    pub fn parse(text: &str) -> Result<Self, String> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        items.map(network).collect::<Result<_, _>>().map(Self)
    }

    /// Whether this address is one of them. A listener on `[::]` sees IPv4 peers as
    /// `::ffff:192.0.2.1`; that is the same address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    let network: IpNet = match text.parse::<IpAddr>() {
        Ok(address) => IpNet::from(address.to_canonical()),
        Err(_) => text.parse().map_err(|_| {
            format!("`{text}` is neither an IP address nor a network such as 10.0.0.0/8")
        })?,
    };
    if network.prefix_len() == 0 {
        return Err(format!("`{text}` is everybody; name addresses of your own"));
    }
    if network.addr() != network.network() {
        return Err(format!("`{text}` has bits beyond its prefix; write {}", network.trunc()));
    }
    Ok(network)
}
