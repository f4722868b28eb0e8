//! `freehold serve` as a child process.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use openidconnect::reqwest;

use super::DemoError;
use super::command_line::CommandLine;
use super::folder::Folder;

/// How often the server is asked whether it is ready.
const PAUSE: Duration = Duration::from_millis(100);
/// How often it is asked before we give up: a minute.
const TRIES: u32 = 600;
/// How often it is looked at when it was asked to end: ten seconds.
const STOP_TRIES: u32 = 500;
const STOP_PAUSE: Duration = Duration::from_millis(20);
/// How much of the log is shown when it ends by itself, in lines.
const LOG_LINES: usize = 15;

/// The child; ended when dropped.
pub(super) struct Server {
    child: Child,
    log: PathBuf,
}

impl Server {
    /// Starts it with its log in the folder.
    pub(super) fn start(cli: &CommandLine, folder: &Folder) -> Result<Self, DemoError> {
        let log = folder.path().join("freehold.log");
        let out = File::create(&log).map_err(DemoError::new)?;
        let err = out.try_clone().map_err(DemoError::new)?;
        let mut command = cli.command();
        command.arg("serve").stdout(out).stderr(err);
        let child = command
            .spawn()
            .map_err(|error| DemoError(format!("`freehold serve` did not start: {error}")))?;
        Ok(Self { child, log })
    }

    /// Waits until it is ready, with a word every few seconds.
    pub(super) async fn wait_until_ready(
        &mut self,
        listen: SocketAddr,
        say: &mut impl FnMut(&str),
    ) -> Result<(), DemoError> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(2))
            .build()
            .map_err(DemoError::new)?;
        let address = format!("http://{listen}/readyz");
        for tried in 0..TRIES {
            self.check()?;
            let answer = http.get(&address).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            if tried > 0 && tried % 30 == 0 {
                say(&format!("Wait     for Freehold to be ready ({} s)", tried / 10));
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(self.broken("Freehold is not ready after a minute"))
    }

    /// An error when it has ended by itself.
    pub(super) fn check(&mut self) -> Result<(), DemoError> {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => {
                Err(self.broken(&format!("Freehold has ended by itself ({status})")))
            }
            Err(error) => Err(DemoError::new(error)),
        }
    }

    pub(super) fn log(&self) -> &Path {
        &self.log
    }

    /// Asks it to end and waits until it has closed its database; ends it if it does not.
    fn stop(&mut self) {
        // std can only kill.
        if cfg!(unix) && matches!(self.child.try_wait(), Ok(None)) {
            let id = self.child.id().to_string();
            let _ = Command::new("kill").args(["-TERM", &id]).status();
            for _ in 0..STOP_TRIES {
                if !matches!(self.child.try_wait(), Ok(None)) {
                    return;
                }
                std::thread::sleep(STOP_PAUSE);
            }
        }
        // Ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn broken(&self, what: &str) -> DemoError {
        let log = std::fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<_> = log.lines().collect();
        let last = lines.get(lines.len().saturating_sub(LOG_LINES)..).unwrap_or_default();
        DemoError(format!("{what}. Its log ({}) ends:\n{}", self.log.display(), last.join("\n")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}
