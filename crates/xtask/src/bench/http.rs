//! A small HTTP client for what wrk cannot do: exact numbers of requests, one at a time, timed.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any answer of a server that is worth measuring.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where a SCIM server is, and how to be let in.
#[derive(Clone)]
pub struct Endpoint {
    pub address: SocketAddr,
    /// The path of the SCIM base URL.
    pub base: &'static str,
    pub token: String,
}

impl Endpoint {
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.base)
    }
}

/// One connection, made anew whenever the server has closed it.
pub struct Client {
    endpoint: Endpoint,
    stream: Option<BufReader<TcpStream>>,
}

pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Answer {
    pub fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body, or an error that shows what came instead.
    pub fn good(self, what: &str) -> Result<String, Error> {
        if self.is_good() {
            return Ok(self.body);
        }
        let begin: String = self.body.chars().take(300).collect();
        Err(Error::other(format!("{what}: answered {} {begin}", self.status)))
    }
}

impl Client {
    pub fn new(endpoint: &Endpoint) -> Self {
        Self { endpoint: endpoint.clone(), stream: None }
    }

    /// Sends a request to a path under the base URL. A connection that turns out to have been closed
    /// while it was idle is replaced, once.
    pub fn send(&mut self, method: &str, path: &str, body: &str) -> Result<Answer, Error> {
        let was_open = self.stream.is_some();
        match self.try_send(method, path, body) {
            Err(error) if was_open && is_closed(&error) => self.try_send(method, path, body),
            other => other,
        }
    }

    fn try_send(&mut self, method: &str, path: &str, body: &str) -> Result<Answer, Error> {
        let Endpoint { address, base, token } = &self.endpoint;
        let request = format!(
            "{method} {base}{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/scim+json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => connect(*address)?,
        };
        stream.get_mut().write_all(request.as_bytes())?;
        let (answer, stays) = read(&mut stream)?;
        if stays {
            self.stream = Some(stream);
        }
        Ok(answer)
    }
}

fn connect(address: SocketAddr) -> Result<BufReader<TcpStream>, Error> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(BufReader::new(stream))
}

fn is_closed(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe
    )
}

/// The answer, and whether the connection can be used again.
fn read(stream: &mut impl BufRead) -> Result<(Answer, bool), Error> {
    let first = line(stream)?;
    let mut words = first.split(' ');
    let mut stays = words.next() == Some("HTTP/1.1");
    let status = words.next().and_then(|word| word.parse().ok()).ok_or_else(|| {
        Error::new(ErrorKind::InvalidData, format!("\"{first}\" is not an answer of HTTP"))
    })?;
    let mut length = None;
    loop {
        let line = line(stream)?;
        let Some((name, value)) = line.split_once(':') else { break };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().ok(),
            "connection" => stays = stays && !value.eq_ignore_ascii_case("close"),
            _ => {}
        }
    }
    let mut body = Vec::new();
    match length {
        Some(length) => {
            stream.take(length).read_to_end(&mut body)?;
        }
        None if matches!(status, 204 | 304) => {}
        None => {
            stays = false;
            stream.read_to_end(&mut body)?;
        }
    }
    let body = String::from_utf8_lossy(&body).into_owned();
    Ok((Answer { status, body }, stays))
}

fn line(stream: &mut impl BufRead) -> Result<String, Error> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}

/// The text of the first `"name": "text"` in JSON; enough for ids, which hold nothing to unescape.
pub fn text_of<'j>(json: &'j str, name: &str) -> Option<&'j str> {
    let (_, after) = json.split_once(&format!("\"{name}\""))?;
    let text = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    text.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> (Answer, bool) {
        read(&mut text.as_bytes()).unwrap()
    }

    #[test]
    fn an_answer_with_a_length_keeps_the_connection() {
        let (answer, stays) = answer("HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1");
        assert_eq!((answer.status, answer.body.as_str(), stays), (201, "{}", true));
    }

    #[test]
    fn an_old_server_closes_and_no_content_has_no_body() {
        assert!(!answer("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").1);
        assert!(!answer("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nrest").1);
        assert!(answer("HTTP/1.1 204 No Content\r\n\r\n").1);
    }

    #[test]
    fn an_id_is_found_with_and_without_spaces() {
        assert_eq!(text_of(r#"{"externalId":"x","id": "7"}"#, "id"), Some("7"));
        assert_eq!(text_of(r#"{"id":"7","meta":{}}"#, "id"), Some("7"));
        assert_eq!(text_of("{}", "id"), None);
    }
}
