//! A small HTTP server in the shape of an OpenID provider; each endpoint answers what it is told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What an endpoint does when it is asked.
#[derive(Clone)]
pub enum Answer {
    Json(u16, Value),
    Body(&'static str, String),
    Redirect(String),
    /// Says nothing at all.
    Hang,
    /// Never stops talking.
    Flood,
    /// Says a little, and then a little more, for ever.
    Drip,
}

/// One request as it came in.
#[derive(Clone)]
pub struct Seen {
    pub path: String,
    pub head: String,
    pub body: String,
}

#[derive(Clone)]
pub struct Provider {
    pub base: String,
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

pub const DISCOVERY: &str = "/.well-known/openid-configuration";
pub const KEYS: &str = "/keys";
pub const TOKEN: &str = "/token";

impl Provider {
    /// An honest one, on a free port of this machine.
    pub async fn start(keys: Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let provider = Self { base, answers: Arc::default(), seen: Arc::default() };
        provider.answer(DISCOVERY, Answer::Json(200, provider.honest_discovery()));
        provider.answer(KEYS, Answer::Json(200, keys));
        let served = provider.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(served.clone().serve(stream));
            }
        });
        provider
    }

    pub fn honest_discovery(&self) -> Value {
        let base = &self.base;
        json!({
            "issuer": base,
            "authorization_endpoint": format!("{base}/authorize"),
            "token_endpoint": format!("{base}{TOKEN}"),
            "jwks_uri": format!("{base}{KEYS}"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "authorization_response_iss_parameter_supported": true,
        })
    }

    pub fn answer(&self, path: &str, answer: Answer) {
        self.answers.lock().expect("answers").insert(path.to_owned(), answer);
    }

    pub fn seen(&self, path: &str) -> Vec<Seen> {
        let seen = self.seen.lock().expect("seen");
        seen.iter().filter(|request| request.path == path).cloned().collect()
    }

    async fn serve(self, mut stream: TcpStream) {
        let Some(request) = read(&mut stream).await else { return };
        let answer = self.answers.lock().expect("answers").get(&request.path).cloned();
        self.seen.lock().expect("seen").push(request);
        // A client that has hung up is no failure of the test.
        let _ = write(&mut stream, answer.unwrap_or(Answer::Json(404, json!({})))).await;
    }
}

async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0);
    while bytes.len() < end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let path = head.split(' ').nth(1)?.split('?').next()?.to_owned();
    Some(Seen { path, head, body: String::from_utf8_lossy(&bytes[end..]).into_owned() })
}

async fn write(stream: &mut TcpStream, answer: Answer) -> std::io::Result<()> {
    let (status, content_type, body) = match answer {
        Answer::Json(status, value) => (status, "application/json", value.to_string()),
        Answer::Body(content_type, body) => (200, content_type, body),
        Answer::Redirect(to) => {
            let head = format!(
                "HTTP/1.1 307 Elsewhere\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            return stream.write_all(head.as_bytes()).await;
        }
        Answer::Hang => return std::future::pending().await,
        Answer::Flood => return pour(stream, &[b' '; 16 * 1024], Duration::ZERO).await,
        Answer::Drip => return pour(stream, b" ", Duration::from_millis(20)).await,
    };
    let head = format!(
        "HTTP/1.1 {status} Said\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await
}

async fn pour(stream: &mut TcpStream, chunk: &[u8], pause: Duration) -> std::io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    loop {
        stream.write_all(chunk).await?;
        tokio::time::sleep(pause).await;
    }
}
