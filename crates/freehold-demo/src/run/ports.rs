//! Where things listen.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use super::{DemoError, Options, say};

const FREEHOLD_PORT: u16 = 8080;
const IDP_PORT: u16 = 8180;
/// How many ports are tried, one after the other.
const TRIES: u16 = 20;

/// Where Freehold will listen: as asked, else 8080 or the next free port; any free one for a
/// story that nobody watches.
pub(super) fn for_freehold(options: &Options) -> Result<SocketAddr, DemoError> {
    let listener = choose(options.listen, FREEHOLD_PORT, options.once, "--listen")?;
    // Freehold opens it itself in a moment; should somebody be quicker, it says so.
    listener.local_addr().map_err(DemoError::new)
}

/// A listener for the provider. A folder used before has an issuer already, and then it is that.
pub(super) fn for_idp(options: &Options, issuer: Option<&str>) -> Result<TcpListener, DemoError> {
    let Some(issuer) = issuer else {
        return choose(options.idp_listen, IDP_PORT, options.once, "--idp-listen");
    };
    let known = issuer.strip_prefix("http://").and_then(|address| address.parse().ok());
    let other = options.idp_listen.is_some_and(|asked| Some(asked) != known);
    let Some(known) = known.filter(|_| !other) else {
        return Err(DemoError(format!(
            "The connection in this data folder signs in at {issuer}. Leave --idp-listen out, or \
             give another --data folder."
        )));
    };
    open(known).map_err(|error| {
        DemoError(format!(
            "The connection in this data folder signs in at {issuer}, and {known} cannot be used: \
             {error}. Stop what listens there, or give another --data folder."
        ))
    })
}

fn choose(
    asked: Option<SocketAddr>,
    usual: u16,
    any: bool,
    option: &str,
) -> Result<TcpListener, DemoError> {
    if let Some(address) = asked {
        return open(address).map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => DemoError(format!(
                "{address} is in use. Stop what listens there, or choose another with {option}."
            )),
            _ => DemoError(format!("Cannot listen on {address}: {error}.")),
        });
    }
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    if any {
        return open(SocketAddr::new(loopback, 0)).map_err(DemoError::new);
    }
    for port in usual..usual.saturating_add(TRIES) {
        match open(SocketAddr::new(loopback, port)) {
            Ok(listener) => {
                if port != usual {
                    say(&format!("Port     {usual} is in use; taking {port}"));
                }
                return Ok(listener);
            }
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => return Err(DemoError(format!("Cannot listen on {loopback}: {error}."))),
        }
    }
    Err(DemoError(format!(
        "Ports {usual} to {} are all in use; choose another with {option}.",
        usual + TRIES - 1
    )))
}

/// Opens the address. Browsers ask `localhost` at `::1` first: whoever listens there would be
/// taken for us.
fn open(address: SocketAddr) -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    let taken = address.port() != 0
        && TcpListener::bind((Ipv6Addr::LOCALHOST, address.port()))
            .is_err_and(|error| error.kind() == ErrorKind::AddrInUse);
    if taken && address.ip().is_loopback() && address.is_ipv4() {
        return Err(ErrorKind::AddrInUse.into());
    }
    Ok(listener)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(listen: Option<SocketAddr>) -> Options {
        Options {
            freehold: "freehold".into(),
            data: "data".into(),
            listen: None,
            idp_listen: listen,
            once: false,
        }
    }

    #[test]
    fn an_address_in_use_is_named_with_the_option_that_helps() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = taken.local_addr().expect("an address");
        let error = for_idp(&options(Some(address)), None).expect_err("in use").to_string();
        assert!(error.contains(&address.to_string()) && error.contains("--idp-listen"), "{error}");
    }

    #[test]
    fn the_next_port_is_taken_when_the_usual_one_is_in_use() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
        let usual = taken.local_addr().expect("an address").port();
        let next = choose(None, usual, false, "--listen").expect("another");
        let port = next.local_addr().expect("an address").port();
        assert!((usual + 1..usual + TRIES).contains(&port));
    }

    #[test]
    fn a_folder_with_a_connection_keeps_its_provider_where_it_was() {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = free.local_addr().expect("an address");
        let issuer = format!("http://{address}");
        let error = for_idp(&options(None), Some(&issuer)).expect_err("in use").to_string();
        assert!(error.contains("--data"), "{error}");
        drop(free);
        let listener = for_idp(&options(None), Some(&issuer)).expect("free now");
        assert_eq!(listener.local_addr().expect("an address"), address);
        let elsewhere = "127.0.0.1:1".parse().ok();
        assert!(for_idp(&options(elsewhere), Some(&issuer)).is_err());
    }
}
