//! A folder served to browsers, for tests of modules that the product does not serve.

use std::{
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// A running file server; stops when dropped. Its front page is empty.
pub struct Site {
    port: u16,
    stopped: Arc<AtomicBool>,
}

impl Site {
    /// Serves the files of a folder, none of its subfolders.
    ///
    /// # Panics
    /// When the machine has no free port.
    #[must_use]
    pub fn serve(folder: &Path) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let stopped = Arc::new(AtomicBool::new(false));
        thread::spawn({
            let (stopped, folder) = (stopped.clone(), folder.to_owned());
            move || {
                for stream in listener.incoming() {
                    if stopped.load(Ordering::SeqCst) {
                        return;
                    }
                    let (Ok(stream), folder) = (stream, folder.clone()) else { continue };
                    // A browser that goes away is no fault.
                    thread::spawn(move || drop(answer(stream, &folder)));
                }
            }
        });
        Self { port, stopped }
    }

    /// Its front page.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://localhost:{}/", self.port)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the listener, which then ends.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

fn answer(mut stream: TcpStream, folder: &Path) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let name = first.split(' ').nth(1).unwrap_or("/").trim_start_matches('/');
    let (status, kind, body) = match name {
        "" => ("200 OK", "text/html", b"<!doctype html><title>test</title>".to_vec()),
        name => match std::fs::read(folder.join(plain(name))) {
            Ok(body) => ("200 OK", content_type(name), body),
            Err(_) => ("404 Not Found", "text/plain", Vec::new()),
        },
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body)
}

/// The file name alone.
fn plain(name: &str) -> PathBuf {
    PathBuf::from(name).file_name().unwrap_or_default().into()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}
