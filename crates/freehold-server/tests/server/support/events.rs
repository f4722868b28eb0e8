//! Server-sent events as a browser reads them, without going on by itself.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpStream,
};

use serde_json::Value;

/// A stream that is open.
pub struct Events {
    stream: BufReader<TcpStream>,
    head: String,
    text: String,
    whole: bool,
}

/// One event.
#[derive(Debug)]
pub struct Event {
    pub id: Option<String>,
    pub kind: String,
    pub data: Value,
}

impl Events {
    /// Reads the head of an answer; `None` when it is a refusal.
    pub fn of(stream: TcpStream) -> Option<Self> {
        let mut stream = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(stream.read_line(&mut head).unwrap() > 0, "no answer: {head}");
        }
        let answered = head.starts_with("HTTP/1.1 200 ");
        let head = head.to_ascii_lowercase();
        answered.then(|| Self { stream, head, text: String::new(), whole: false })
    }

    /// Whether the answer has this line in its head.
    pub fn has_header(&self, line: &str) -> bool {
        self.head.lines().any(|known| known == line)
    }

    /// The next event; `None` when the stream has ended.
    pub fn next(&mut self) -> Option<Event> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let event = event(block);
                self.text = rest.to_owned();
                if event.is_some() {
                    return event;
                }
            }
            let chunk = self.chunk()?;
            self.text.push_str(&chunk);
        }
    }

    /// The targets of the next entries.
    pub fn targets(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| text(&self.next().unwrap().data, "target")).collect()
    }

    /// Whether the server ended it, and did not cut it off.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// Reads on to the end and gives the events on the way.
    pub fn rest(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.next()).collect()
    }

    fn chunk(&mut self) -> Option<String> {
        let mut size = String::new();
        if self.stream.read_line(&mut size).ok()? == 0 {
            return None;
        }
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        if size == 0 {
            self.whole = true;
            return None;
        }
        let mut bytes = vec![0; size + 2];
        self.stream.read_exact(&mut bytes).ok()?;
        bytes.truncate(size);
        Some(String::from_utf8(bytes).unwrap())
    }
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap().to_owned()
}

/// HTML Standard §9.2.6; comments and times to come back are no events.
fn event(block: &str) -> Option<Event> {
    let field = |name: &str| {
        block
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
            .map(str::to_owned)
    };
    let data = serde_json::from_str(&field("data")?).unwrap();
    Some(Event { id: field("id"), kind: field("event").unwrap_or_default(), data })
}
