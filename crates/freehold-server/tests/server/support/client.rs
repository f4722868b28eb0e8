//! HTTP/1.1 by hand: the bytes of a request are what the test wrote.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

use super::{described, events::Events};

/// A request that is being put together.
pub struct Request {
    address: String,
    head: String,
    body: Vec<u8>,
    length: bool,
}

impl Request {
    pub fn new(address: &str, method: &str, path: &str) -> Self {
        Self {
            address: address.to_owned(),
            head: format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n"),
            body: Vec::new(),
            length: method != "GET" && method != "HEAD",
        }
    }

    /// Another host than the one that is connected to.
    pub fn host(mut self, host: &str) -> Self {
        let own = format!("Host: {}\r\n", self.address);
        self.head = self.head.replace(&own, &format!("Host: {host}\r\n"));
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.head.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    pub fn cookie(self, name: &str, value: &str) -> Self {
        self.header("Cookie", &format!("{name}={value}"))
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.length = true;
        self
    }

    /// Sends the body in chunks without saying its length first.
    pub fn chunked(mut self, body: &[u8]) -> Self {
        self.length = false;
        self.head.push_str("Transfer-Encoding: chunked\r\n");
        for chunk in body.chunks(8192) {
            self.body.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            self.body.extend_from_slice(chunk);
            self.body.extend_from_slice(b"\r\n");
        }
        self.body.extend_from_slice(b"0\r\n\r\n");
        self
    }

    pub fn json(self, body: &Value) -> Reply {
        self.body(body.to_string()).send()
    }

    /// Sends it and reads the answer to its end.
    pub fn send(self) -> Reply {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let asked = self.head.lines().next().unwrap_or_default().to_owned();
        let reply = self.send_over(&mut stream);
        described::check(&asked, &reply);
        reply
    }

    /// Sends it and reads no more than the head of the answer, which goes on.
    #[track_caller]
    pub fn open(self) -> Events {
        self.try_open().expect("an answer that goes on")
    }

    /// The same; `None` when it is refused.
    pub fn try_open(self) -> Option<Events> {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(format!("{}\r\n", self.head).as_bytes()).unwrap();
        Events::of(stream)
    }

    /// Sends it over a connection that stands already, perhaps inside TLS.
    pub fn send_over(mut self, stream: &mut (impl Read + Write)) -> Reply {
        if self.length {
            self.head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        stream.write_all(format!("{}\r\n", self.head).as_bytes()).unwrap();
        // A server that refuses a long body may close before all of it was sent.
        let _ = stream.write_all(&self.body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        Reply::parse(&answer)
    }
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    fn parse(bytes: &[u8]) -> Self {
        let split = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let split = split.unwrap_or_else(|| panic!("no answer: {:?}", bytes.escape_ascii()));
        let head = String::from_utf8(bytes[..split].to_vec()).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let mut reply = Self { status, headers, body: bytes[split + 4..].to_vec() };
        if reply.header("transfer-encoding") == Some("chunked") {
            reply.body = unchunk(&reply.body);
        }
        reply
    }

    /// The names and values of all headers but the time.
    pub fn headers(&self) -> Vec<(String, String)> {
        self.headers.iter().filter(|(name, _)| name != "date").cloned().collect()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut named = self.headers.iter().filter(|(known, _)| known == name);
        let first = named.next();
        assert!(named.next().is_none() || name == "set-cookie", "{name} came twice");
        first.map(|(_, value)| value.as_str())
    }

    /// The value of a cookie that the answer sets.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let set = self.headers.iter().filter(|(known, _)| known == "set-cookie");
        let prefix = format!("{name}=");
        set.filter_map(|(_, value)| value.strip_prefix(&prefix))
            .map(|rest| rest.split(';').next().unwrap().to_owned())
            .next()
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}: no JSON: {}", self.status, self.text()))
    }

    /// Asserts the status, showing the body when it differs.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body.escape_ascii());
        self
    }

    /// Asserts a problem+json refusal with this status and code.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        let reply = self.is(status);
        assert_eq!(reply.header("content-type"), Some("application/problem+json"));
        let problem = reply.json();
        assert_eq!(problem["code"], code);
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("urn:freehold:problem:{code}"));
        assert_eq!(problem["supportId"].as_str().map(str::len), Some(10));
        problem
    }

    /// Asserts a SCIM refusal with this status and `scimType`.
    #[track_caller]
    pub fn scim_error(self, status: u16, scim_type: Option<&str>) -> Value {
        let reply = self.is(status);
        assert_eq!(reply.header("content-type"), Some("application/scim+json"));
        let error = reply.json();
        assert_eq!(error["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:Error");
        assert_eq!(error["status"], status.to_string());
        assert_eq!(error["scimType"].as_str(), scim_type, "{error}");
        error
    }
}

fn unchunk(mut bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = bytes.windows(2).position(|two| two == b"\r\n").unwrap();
        let length =
            usize::from_str_radix(std::str::from_utf8(&bytes[..end]).unwrap(), 16).unwrap();
        if length == 0 {
            return body;
        }
        body.extend_from_slice(&bytes[end + 2..end + 2 + length]);
        bytes = &bytes[end + 2 + length + 2..];
    }
}
