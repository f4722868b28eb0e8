//! Child processes, folders and ports.

use std::{
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::keeper;

/// A program that runs until it is dropped, with its output in a file.
pub(crate) struct Running {
    child: Child,
    log: PathBuf,
    name: String,
}

impl Running {
    /// Starts it; standard output and standard error are appended to `log`.
    pub(crate) fn start(name: &str, mut command: Command, log: PathBuf) -> Self {
        let out = File::options().create(true).append(true).open(&log).expect("the log file");
        let child = command
            .stdin(Stdio::null())
            .stdout(out.try_clone().expect("a second handle of the log"))
            .stderr(out)
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{name} ({}) did not start: {error}", command.get_program().display())
            });
        keeper::remember_process(child.id());
        Self { child, log, name: name.to_owned() }
    }

    /// Waits until `ready` says so; panics with the log when the program ends or takes too long.
    pub(crate) fn wait_until(&mut self, limit: Duration, ready: impl FnMut() -> bool) {
        if let Err(status) = self.try_wait_until(limit, ready) {
            panic!("{} ended at once ({status}):\n{}", self.name, self.log());
        }
    }

    /// The same; a program that ends is an error.
    pub(crate) fn try_wait_until(
        &mut self,
        limit: Duration,
        mut ready: impl FnMut() -> bool,
    ) -> Result<(), ExitStatus> {
        let deadline = Instant::now() + limit;
        while !ready() {
            if let Some(status) = self.ended() {
                return Err(status);
            }
            if Instant::now() > deadline {
                panic!("{} was not ready after {limit:?}:\n{}", self.name, self.log());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Whether it has ended by itself.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("the state of a child can be asked for")
    }

    /// What it has written so far.
    pub(crate) fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Asks it to end (SIGTERM) and waits; after `patience` it is killed.
    pub(crate) fn stop(&mut self, patience: Duration) {
        let id = self.child.id();
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            let _ = Command::new("kill").args(["-TERM", &id.to_string()]).status();
            let deadline = Instant::now() + patience;
            while self.child.try_wait().is_ok_and(|status| status.is_none()) {
                if Instant::now() > deadline {
                    let _ = self.child.kill();
                    break;
                }
                thread::sleep(Duration::from_millis(10));
            }
        }
        let _ = self.child.wait();
        keeper::forget_process(id);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop(Duration::from_secs(5));
    }
}

/// A temporary folder that is removed however the test ends.
pub(crate) struct Folder(Option<TempDir>);

impl Folder {
    pub(crate) fn make() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("freehold-test-")
            .tempdir()
            .expect("a folder in the system's place for temporary files");
        keeper::remember_folder(folder.path());
        Self(Some(folder))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.as_ref().expect("it is there until dropped").path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Some(folder) = self.0.take() {
            let path = folder.path().to_owned();
            // A browser that is just ending may still write; the keeper removes it again.
            if folder.close().is_ok() {
                keeper::forget_folder(&path);
            }
        }
    }
}

/// A port on 127.0.0.1 that was free a moment ago.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port on 127.0.0.1");
    listener.local_addr().expect("it is bound").port()
}

/// The folder with the workspace's `Cargo.toml`.
#[must_use]
pub fn checkout() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("this crate is tests/support of the checkout").to_owned()
}

/// The folder that cargo builds into, found from where this test program is.
#[must_use]
pub fn target_folder() -> PathBuf {
    profile_folder().parent().expect("a profile's folder is in the target folder").to_owned()
}

/// `target/debug`, for a program in `target/debug` or `target/debug/deps`.
fn profile_folder() -> PathBuf {
    let program = std::env::current_exe().expect("a program knows where it is");
    program
        .ancestors()
        .skip(1)
        .find(|folder| folder.file_name().is_some_and(|name| name != "deps"))
        .expect("cargo builds into a folder")
        .to_owned()
}

/// A program that cargo built beside this one.
pub(crate) fn built_program(name: &str) -> PathBuf {
    let program = profile_folder().join(name);
    assert!(
        program.is_file(),
        "{} is missing: run the tests with `cargo xtask test`, or build it first with `cargo build \
         -p freehold-server`",
        program.display()
    );
    program
}
