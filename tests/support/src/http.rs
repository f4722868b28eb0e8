//! A small HTTP client that sends exactly what a test says, also what no browser would.
//!
//! One request a connection, to 127.0.0.1; the answer is read to its end.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::Value;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A request under construction.
pub struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Names in lower case, in the order of arrival.
    pub headers: Headers,
    /// The body, without transfer coding.
    pub body: Vec<u8>,
}

impl Request {
    /// A request without body; `target` is the path with its query.
    #[must_use]
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the body and its content type.
    #[must_use]
    pub fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..self.header("Content-Type", content_type) }
    }

    /// Sends it.
    ///
    /// # Errors
    /// The server cannot be reached, or does not answer in HTTP.
    pub fn send(&self, to: SocketAddr) -> std::io::Result<Answer> {
        let mut stream = TcpStream::connect_timeout(&to, Duration::from_secs(5))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        if !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            head.push_str(&format!("Host: localhost:{}\r\n", to.port()));
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.body.is_empty() || self.method != "GET" {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        head.push_str("Connection: close\r\n\r\n");
        stream.write_all(head.as_bytes())?;
        // A server may refuse by the head alone and close: its answer counts, not our write.
        let _ = stream.write_all(&self.body);
        let bytes = read_answer(&mut stream)?;
        Answer::parse(&bytes).ok_or_else(|| std::io::Error::other("the answer is not HTTP"))
    }
}

impl Answer {
    /// The first header of this name (in lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is something else.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("not JSON ({error}), status {}: {}", self.status, self.text())
        })
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (status, headers, length) = parse_head(bytes)?;
        let rest = bytes.get(length..)?;
        let chunked = headers.iter().any(|(name, value)| {
            name == "transfer-encoding" && value.eq_ignore_ascii_case("chunked")
        });
        let body = if chunked { join_chunks(rest)? } else { rest.to_vec() };
        Some(Self { status, headers, body })
    }
}

/// Reads until the answer is whole or the server closes, whichever comes first: not every server
/// closes when it is asked to.
fn read_answer(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut part = [0; 16 * 1024];
    loop {
        if let Some(length) = announced_length(&bytes)
            && bytes.len() >= length
        {
            return Ok(bytes);
        }
        match stream.read(&mut part) {
            Ok(0) => return Ok(bytes),
            Ok(count) => bytes.extend_from_slice(&part[..count]),
            // A reset after the answer does not undo it.
            Err(_) if !bytes.is_empty() => return Ok(bytes),
            Err(error) => return Err(error),
        }
    }
}

/// Head and body together, when the head is there and says how long the body is.
fn announced_length(bytes: &[u8]) -> Option<usize> {
    let (_, headers, head) = parse_head(bytes)?;
    let (_, length) = headers.iter().find(|(name, _)| name == "content-length")?;
    Some(head + length.parse::<usize>().ok()?)
}

/// Names in lower case, with their values.
pub type Headers = Vec<(String, String)>;

/// Status, headers, and the length of the head.
pub(crate) fn parse_head(bytes: &[u8]) -> Option<(u16, Headers, usize)> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let text = std::str::from_utf8(bytes.get(..end)?).ok()?;
    let mut lines = text.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    Some((status, parse_headers(lines)?, end + 4))
}

/// Header lines, names in lower case.
pub(crate) fn parse_headers<'l>(lines: impl Iterator<Item = &'l str>) -> Option<Headers> {
    lines
        .map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        })
        .collect()
}

/// RFC 9112 §7.1, without trailers.
pub(crate) fn join_chunks(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(rest.get(..end)?).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        let start = end + 2;
        body.extend_from_slice(rest.get(start..start + size)?);
        rest = rest.get(start + size + 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunked_answer_is_put_together() {
        let bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
            4\r\n{\"a\"\r\n3;x=y\r\n:1}\r\n0\r\n\r\n";
        let answer = Answer::parse(bytes).unwrap();
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json(), serde_json::json!({"a": 1}));
    }
}
