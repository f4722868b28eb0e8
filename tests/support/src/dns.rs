//! A DNS server that answers TXT questions over UDP and TCP (RFC 1035 §4).

use std::{
    collections::HashMap,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, UdpSocket},
    sync::{Arc, Mutex},
};

/// What the server says of a name.
#[derive(Clone)]
pub enum Said {
    /// TXT records, each of one string or more.
    Records(Vec<Vec<String>>),
    /// This response code.
    Code(u8),
    /// Nothing.
    Silence,
}

/// A running server; names that nobody spoke of do not exist.
pub struct Dns {
    address: SocketAddr,
    names: Arc<Mutex<HashMap<String, Said>>>,
}

/// What fits into a packet for everybody (RFC 1035 §2.3.4).
const PACKET: usize = 512;

impl Dns {
    /// Starts it on a free port of this machine.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn start() -> Self {
        let (udp, tcp) = (0..50).find_map(|_| bind()).unwrap();
        let address = udp.local_addr().unwrap();
        let names = Arc::<Mutex<HashMap<String, Said>>>::default();
        let known = names.clone();
        std::thread::spawn(move || {
            let mut packet = [0; 1500];
            while let Ok((length, from)) = udp.recv_from(&mut packet) {
                let Some(mut answer) = answer(&packet[..length], &known) else { continue };
                if answer.len() > PACKET {
                    answer[2] |= 2; // TC: ask again over TCP
                    answer[7] = 0; // no answers in here
                    answer.truncate(question_end(&packet));
                }
                let _ = udp.send_to(&answer, from);
            }
        });
        let known = names.clone();
        std::thread::spawn(move || {
            for mut stream in tcp.incoming().flatten() {
                // RFC 1035 §4.2.2: two octets of length before each message.
                let mut length = [0; 2];
                let _ = stream.read_exact(&mut length);
                let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
                let _ = stream.read_exact(&mut question);
                let Some(answer) = answer(&question, &known) else { continue };
                let length = u16::try_from(answer.len()).unwrap().to_be_bytes();
                let _ = stream.write_all(&[&length[..], &answer].concat());
            }
        });
        Self { address, names }
    }

    /// Where it answers.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes what is said of a name.
    ///
    /// # Panics
    /// When the server has panicked.
    pub fn say(&self, name: &str, said: Said) {
        self.names.lock().unwrap().insert(name.to_owned(), said);
    }

    /// One record of one string.
    pub fn publish(&self, name: &str, text: &str) {
        self.say(name, Said::Records(vec![vec![text.to_owned()]]));
    }
}

/// The same port for both, if it is free.
fn bind() -> Option<(UdpSocket, TcpListener)> {
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    let tcp = TcpListener::bind(udp.local_addr().unwrap()).ok()?;
    Some((udp, tcp))
}

/// Where the only question ends: after the header, the labels, a zero, type and class.
fn question_end(message: &[u8]) -> usize {
    let mut at = 12;
    while message[at] != 0 {
        at += usize::from(message[at]) + 1;
    }
    at + 5
}

fn name_in(question: &[u8]) -> String {
    let mut labels = Vec::new();
    let mut at = 12;
    while question[at] != 0 {
        let end = at + 1 + usize::from(question[at]);
        labels.push(String::from_utf8_lossy(&question[at + 1..end]).to_lowercase());
        at = end;
    }
    labels.join(".")
}

fn answer(question: &[u8], names: &Mutex<HashMap<String, Said>>) -> Option<Vec<u8>> {
    const NO_SUCH_NAME: u8 = 3;
    let said = names.lock().unwrap().get(&name_in(question)).cloned();
    let (code, records) = match said.unwrap_or(Said::Code(NO_SUCH_NAME)) {
        Said::Records(records) => (0, records),
        Said::Code(code) => (code, Vec::new()),
        Said::Silence => return None,
    };
    let count = u16::try_from(records.len()).unwrap().to_be_bytes();
    let mut message = question[..2].to_vec();
    message.extend([0x81, 0x80 | code, 0, 1, count[0], count[1], 0, 0, 0, 0]);
    message.extend(&question[12..question_end(question)]);
    for strings in records {
        let text = strings.iter().flat_map(|string| {
            std::iter::once(u8::try_from(string.len()).unwrap()).chain(string.bytes())
        });
        let text: Vec<u8> = text.collect();
        // The name of the question, TXT, IN, a minute.
        message.extend([0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
        message.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
        message.extend(text);
    }
    Some(message)
}
