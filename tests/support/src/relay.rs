//! A relay between browser and server that writes down every byte, and can change answers.
//!
//! It stands where a hostile network or a hostile server would. It understands just enough of
//! HTTP/1.1 to know where a message ends; what it does not change goes on byte for byte.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use crate::http::{join_chunks, parse_head, parse_headers};

/// A running relay; stops when dropped.
pub struct Relay {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    target: Mutex<Option<SocketAddr>>,
    to_server: Mutex<Vec<u8>>,
    to_browser: Mutex<Vec<u8>>,
    exchanges: Mutex<Vec<Exchange>>,
    change: Mutex<Option<Change>>,
    lost: Mutex<Option<(String, String)>>,
    swallowed: Mutex<Option<String>>,
    stripped: Mutex<Option<String>>,
    stopped: AtomicBool,
    cut: AtomicBool,
}

/// Gives the answer to forge, or nothing to leave the answer as it is.
type Change = Arc<dyn Fn(&Exchange) -> Option<Forged> + Send + Sync>;

/// An answer that the server did not give.
#[derive(Clone, Debug)]
pub struct Forged {
    /// The status code; the server's own unless set.
    pub status: Option<u16>,
    /// The body.
    pub body: Vec<u8>,
    /// Headers in place of the server's own of these names.
    pub headers: Vec<(String, String)>,
}

impl Forged {
    /// Another body under the server's own status.
    #[must_use]
    pub fn body(body: impl Into<Vec<u8>>) -> Self {
        Self { status: None, body: body.into(), headers: Vec::new() }
    }

    /// A success with this body.
    #[must_use]
    pub fn success(body: impl Into<Vec<u8>>) -> Self {
        Self::with_status(200, body)
    }

    /// This body under this status.
    #[must_use]
    pub fn with_status(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status: Some(status), ..Self::body(body) }
    }

    /// Another value of a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// A request and its answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The method.
    pub method: String,
    /// The path with its query.
    pub target: String,
    /// The request's body.
    pub request: Vec<u8>,
    /// The status code of the answer.
    pub status: u16,
    /// The answer's body as the server sent it, without transfer coding.
    pub answer: Vec<u8>,
}

impl Relay {
    /// Starts a relay on a free port of 127.0.0.1; connections wait for [`Self::forward_to`].
    ///
    /// # Panics
    /// When the machine has no free port.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let shared = Arc::new(Shared::default());
        thread::spawn({
            let shared = shared.clone();
            move || {
                for stream in listener.incoming() {
                    if shared.stopped.load(Ordering::SeqCst) {
                        return;
                    }
                    let Ok(stream) = stream else { continue };
                    let shared = shared.clone();
                    // A connection that breaks is the business of its two ends.
                    thread::spawn(move || drop(relay(stream, &shared)));
                }
            }
        });
        Self { port, shared }
    }

    /// The port that browsers connect to.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where the server is.
    pub fn forward_to(&self, target: SocketAddr) {
        *lock(&self.shared.target) = Some(target);
    }

    /// Every byte that came from browsers, connection after connection as they arrived.
    #[must_use]
    pub fn to_server(&self) -> Vec<u8> {
        lock(&self.shared.to_server).clone()
    }

    /// Every byte that the server answered, before any change.
    #[must_use]
    pub fn to_browser(&self) -> Vec<u8> {
        lock(&self.shared.to_browser).clone()
    }

    /// The exchanges so far, oldest first.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        lock(&self.shared.exchanges).clone()
    }

    /// The exchanges so far with targets that begin so, oldest first.
    #[must_use]
    pub fn exchanges_with(&self, target_prefix: &str) -> Vec<Exchange> {
        let exchanges = lock(&self.shared.exchanges);
        let wanted = |exchange: &&Exchange| exchange.target.starts_with(target_prefix);
        exchanges.iter().filter(wanted).cloned().collect()
    }

    /// From now on, answers go through this.
    pub fn change_answers(
        &self,
        change: impl Fn(&Exchange) -> Option<Forged> + Send + Sync + 'static,
    ) {
        *lock(&self.shared.change) = Some(Arc::new(change));
    }

    /// Answers go on as they are again.
    pub fn leave_answers(&self) {
        *lock(&self.shared.change) = None;
    }

    /// From now on, answers to such requests are read from the server and then lost on the way:
    /// the request had its effect, and the browser never learns of it.
    pub fn lose_answers_to(&self, method: &str, target_prefix: &str) {
        *lock(&self.shared.lost) = Some((method.to_owned(), target_prefix.to_owned()));
    }

    /// From now on, requests below this path end here: they are written down among the exchanges,
    /// answered with an empty success, and the server never hears of them.
    pub fn swallow(&self, target_prefix: &str) {
        *lock(&self.shared.swallowed) = Some(target_prefix.to_owned());
    }

    /// From now on, requests arrive without this header, as behind a proxy that does not hand it on.
    pub fn strip(&self, header: &str) {
        *lock(&self.shared.stripped) = Some(header.to_ascii_lowercase());
    }

    /// From now on there is no network: nothing reaches the server, nothing comes back.
    pub fn cut(&self) {
        self.shared.cut.store(true, Ordering::SeqCst);
    }

    /// The network is there again.
    pub fn mend(&self) {
        self.shared.cut.store(false, Ordering::SeqCst);
    }

    /// No answer is lost any more.
    pub fn lose_nothing(&self) {
        *lock(&self.shared.lost) = None;
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the listener, which then ends.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn relay(mut browser: TcpStream, shared: &Shared) -> std::io::Result<()> {
    if shared.cut.load(Ordering::SeqCst) {
        return Ok(());
    }
    let target = loop {
        if let Some(target) = *lock(&shared.target) {
            break target;
        }
        thread::sleep(Duration::from_millis(10));
    };
    let mut server = TcpStream::connect(target)?;
    browser.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let mut from_browser = Vec::new();
    let mut from_server = Vec::new();
    while let Some(request) = read_message(&mut browser, &mut from_browser, None)? {
        if shared.cut.load(Ordering::SeqCst) {
            return Ok(());
        }
        let (method, target) = request.first_line();
        if lock(&shared.swallowed).as_ref().is_some_and(|prefix| target.starts_with(prefix)) {
            let is_last = request.is_last();
            let (request, answer) = (request.body, Vec::new());
            lock(&shared.exchanges).push(Exchange { method, target, request, status: 204, answer });
            browser.write_all(b"HTTP/1.1 204 No Content\r\n\r\n")?;
            if is_last {
                return Ok(());
            }
            continue;
        }
        lock(&shared.to_server).extend_from_slice(&request.raw);
        let changing = lock(&shared.change).clone();
        // A body that is to be changed must not be compressed.
        let stripped = lock(&shared.stripped).clone();
        let sent = match (&stripped, &changing) {
            (Some(header), _) => request.without(header),
            (None, Some(_)) => request.without("accept-encoding"),
            (None, None) => request.raw.clone(),
        };
        server.write_all(&sent)?;
        let answer = read_message(&mut server, &mut from_server, Some(&method))?;
        let Some(answer) = answer else { return Ok(()) };
        lock(&shared.to_browser).extend_from_slice(&answer.raw);
        let exchange = Exchange {
            method,
            target,
            request: request.body.clone(),
            status: answer.status,
            answer: answer.body.clone(),
        };
        let changed = changing.and_then(|change| change(&exchange));
        let is_lost = lock(&shared.lost).as_ref().is_some_and(|(method, prefix)| {
            exchange.method == *method && exchange.target.starts_with(prefix)
        });
        lock(&shared.exchanges).push(exchange);
        if is_lost {
            return Ok(());
        }
        match changed {
            Some(forged) => browser.write_all(&answer.forged(&forged))?,
            None => browser.write_all(&answer.raw)?,
        }
        if request.is_last() || answer.is_last() {
            return Ok(());
        }
    }
    Ok(())
}

/// One HTTP message.
struct Message {
    raw: Vec<u8>,
    head: String,
    status: u16,
    body: Vec<u8>,
}

impl Message {
    fn first_line(&self) -> (String, String) {
        let mut words = self.head.split(' ').map(str::to_owned);
        (words.next().unwrap_or_default(), words.next().unwrap_or_default())
    }

    /// RFC 9112 §9.6: no further message on this connection.
    fn is_last(&self) -> bool {
        self.head.to_ascii_lowercase().contains("\r\nconnection: close")
    }

    fn without(&self, header: &str) -> Vec<u8> {
        let unwanted = format!("{header}:");
        let kept: Vec<&str> = self
            .head
            .split("\r\n")
            .filter(|line| !line.to_ascii_lowercase().starts_with(&unwanted))
            .collect();
        let mut bytes = (kept.join("\r\n") + "\r\n\r\n").into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }

    fn forged(&self, forged: &Forged) -> Vec<u8> {
        let first = match forged.status {
            Some(status) => format!("HTTP/1.1 {status} Forged"),
            None => self.head.split("\r\n").next().unwrap_or_default().to_owned(),
        };
        let kept = self.head.split("\r\n").skip(1).filter(|line| {
            let line = line.to_ascii_lowercase();
            let named = |name: &str| line.starts_with(&format!("{}:", name.to_ascii_lowercase()));
            let is_given = forged.headers.iter().any(|(name, _)| named(name));
            !named("content-length") && !named("transfer-encoding") && !is_given
        });
        let own: String = kept.flat_map(|line| [line, "\r\n"]).collect();
        let given = forged.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        let lines = given.fold(own, |lines, line| lines + line.as_str());
        let length = forged.body.len();
        let mut bytes = format!("{first}\r\n{lines}content-length: {length}\r\n\r\n").into_bytes();
        bytes.extend_from_slice(&forged.body);
        bytes
    }
}

/// Reads one message; `answer_to` is the request's method when it is an answer. Nothing at the end
/// of the stream.
fn read_message(
    stream: &mut TcpStream,
    held: &mut Vec<u8>,
    answer_to: Option<&str>,
) -> std::io::Result<Option<Message>> {
    let head_end = loop {
        if let Some(at) = held.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        if !read_more(stream, held)? {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(held.get(..head_end).unwrap_or_default()).into_owned();
    let headers = parse_headers(head.split("\r\n").skip(1)).unwrap_or_default();
    let status = match answer_to {
        Some(_) => parse_head(held).map_or(0, |(status, _, _)| status),
        None => 0,
    };
    let header = |name: &str| {
        headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    };
    let bodiless = answer_to == Some("HEAD") || matches!(status, 204 | 304);
    let start = head_end + 4;
    let (end, body) = if header("transfer-encoding").is_some() && !bodiless {
        loop {
            // A chunk's data may hold the end mark too, so a hit counts only if all of it parses.
            let rest = held.get(start..).unwrap_or_default();
            let whole = rest.ends_with(b"0\r\n\r\n").then(|| join_chunks(rest)).flatten();
            if let Some(body) = whole {
                break (held.len(), body);
            }
            if !read_more(stream, held)? {
                return Ok(None);
            }
        }
    } else {
        let length = match header("content-length").and_then(|value| value.parse().ok()) {
            Some(length) if !bodiless => length,
            _ => 0,
        };
        while held.len() < start + length {
            if !read_more(stream, held)? {
                return Ok(None);
            }
        }
        let end = start + length;
        (end, held.get(start..end).unwrap_or_default().to_vec())
    };
    let rest = held.split_off(end);
    let raw = std::mem::replace(held, rest);
    Ok(Some(Message { raw, head, status, body }))
}

fn read_more(stream: &mut TcpStream, held: &mut Vec<u8>) -> std::io::Result<bool> {
    let mut bytes = [0; 16 * 1024];
    let count = stream.read(&mut bytes)?;
    held.extend_from_slice(bytes.get(..count).unwrap_or_default());
    Ok(count > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Request;

    /// A server that answers every request with its target, in chunks or not.
    fn echo(chunked: bool) -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut held = Vec::new();
                let request = read_message(&mut stream, &mut held, None).unwrap().unwrap();
                let body = request.first_line().1;
                let answer = if chunked {
                    let size = body.len();
                    format!("transfer-encoding: chunked\r\n\r\n{size:x}\r\n{body}\r\n0\r\n\r\n")
                } else {
                    format!("content-length: {}\r\n\r\n{body}", body.len())
                };
                let _ = stream.write_all(format!("HTTP/1.1 200 OK\r\n{answer}").as_bytes());
            }
        });
        address
    }

    fn through(relay: &Relay) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], relay.port()))
    }

    #[test]
    fn what_goes_through_is_written_down() {
        for chunked in [false, true] {
            let relay = Relay::start();
            relay.forward_to(echo(chunked));
            let request = Request::new("POST", "/path").body("text/plain", "planted secret");
            let answer = request.send(through(&relay)).unwrap();
            assert_eq!(answer.text(), "/path");
            let seen = relay.to_server();
            assert!(seen.windows(14).any(|window| window == b"planted secret"));
            assert_eq!(relay.exchanges()[0].answer, b"/path");
        }
    }

    #[test]
    fn what_is_swallowed_does_not_reach_the_server() {
        let relay = Relay::start();
        relay.forward_to(echo(false));
        relay.swallow("/mine/");
        let request = Request::new("POST", "/mine/1").body("text/plain", "kept here");
        assert_eq!(request.send(through(&relay)).unwrap().status, 204);
        assert_eq!(relay.exchanges()[0].request, b"kept here");
        assert!(relay.to_server().is_empty());
    }

    #[test]
    fn an_answer_can_be_changed_and_lost_and_the_network_cut() {
        for chunked in [false, true] {
            let relay = Relay::start();
            relay.forward_to(echo(chunked));
            relay.change_answers(|exchange| {
                (exchange.target == "/false").then(|| Forged::body("tampered with"))
            });
            let ask = |path| Request::new("GET", path).send(through(&relay));
            assert_eq!(ask("/true").unwrap().text(), "/true");
            assert_eq!(ask("/false").unwrap().text(), "tampered with");
            relay.lose_answers_to("GET", "/tr");
            assert!(ask("/true").is_err());
            relay.lose_nothing();
            assert!(ask("/true").is_ok());
            relay.cut();
            let before = relay.to_server().len();
            assert!(ask("/true").is_err());
            assert_eq!(relay.to_server().len(), before);
            relay.mend();
            assert!(ask("/true").is_ok());
        }
    }
}
