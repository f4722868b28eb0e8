//! Running other programs: quietly with a log, or with their output shown.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::place::Place;
use crate::problem::Problem;
use crate::steps::{Steps, now};

/// A program with its words, run as one step.
pub struct Task {
    name: String,
    command: Command,
    fix: Option<String>,
    limit: Option<Duration>,
    accepted: Vec<i32>,
}

impl Task {
    pub fn new(name: impl Into<String>, program: impl AsRef<OsStr>, place: &Place) -> Self {
        let mut command = Command::new(program);
        command.current_dir(&place.root);
        Self { name: name.into(), command, fix: None, limit: None, accepted: Vec::new() }
    }

    /// Cargo of the toolchain that runs us.
    pub fn cargo(name: impl Into<String>, place: &Place) -> Self {
        let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut task = Self::new(name, program, place);
        // `cargo run` sets these for us; they are about xtask, and would rebuild what reads them.
        for (key, _) in std::env::vars_os() {
            let name = key.to_string_lossy();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                task.command.env_remove(&key);
            }
        }
        task
    }

    pub fn words<W: AsRef<OsStr>>(mut self, words: impl IntoIterator<Item = W>) -> Self {
        self.command.args(words);
        self
    }

    pub fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    pub fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// What the person can do when it fails.
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// An exit code that means success, too, where its output is shown.
    pub fn accept(mut self, code: i32) -> Self {
        self.accepted.push(code);
        self
    }

    /// Stopped after this long.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Runs it as one step; its output goes to a log, the last lines of which are shown on failure.
    pub fn run(self, place: &Place, steps: &Steps) -> Result<(), Problem> {
        let step = steps.begin(self.name.clone());
        let log = log_path(place, &self.name)?;
        let fix = self.fix.clone();
        let name = self.name.clone();
        match self.quietly(&log, |line| step.alive(line)) {
            Ok(status) if status.success() => {
                step.done();
                Ok(())
            }
            Ok(status) => {
                step.failed();
                let problem = Problem::new(format!("{name}: {}", how(status))).log(&log);
                Err(match fix {
                    Some(fix) => problem.fix(fix),
                    None => problem,
                })
            }
            Err(problem) => {
                step.failed();
                Err(match fix {
                    Some(fix) => problem.fix(fix),
                    None => problem,
                })
            }
        }
    }

    /// What it prints, trimmed, when it ends well.
    pub fn output(mut self) -> Option<String> {
        let output = self.command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    }

    /// Runs it with its output shown.
    pub fn show(mut self, steps: &Steps) -> Result<(), Problem> {
        let step = steps.begin_loud(self.name.clone());
        let status = self
            .command
            .stdin(Stdio::null())
            .status()
            .map_err(|error| not_started(&self.command, &error))?;
        if status.success() || status.code().is_some_and(|code| self.accepted.contains(&code)) {
            step.done();
            return Ok(());
        }
        step.failed();
        let problem = Problem::new(format!("{}: {}", self.name, how(status)));
        Err(match self.fix {
            Some(fix) => problem.fix(fix),
            None => problem,
        })
    }

    /// Becomes it: its output, its input, its exit code, and Ctrl-C goes to it alone. Comes back
    /// only when it cannot be started.
    pub fn become_it(mut self) -> Problem {
        let error = self.command.exec();
        not_started(&self.command, &error)
    }

    fn quietly(mut self, log: &Path, alive: impl Fn(&str)) -> Result<ExitStatus, Problem> {
        let out = File::create(log)?;
        let mut reader = File::open(log)?;
        self.command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out);
        let mut child = self.command.spawn().map_err(|error| not_started(&self.command, &error))?;
        let started = now();
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if self.limit.is_some_and(|limit| started.elapsed() > limit) {
                stop(&mut child);
                let seconds = started.elapsed().as_secs();
                return Err(
                    Problem::new(format!("{}: no end after {seconds} s", self.name)).log(log)
                );
            }
            alive(&last_line(&mut reader));
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

fn stop(child: &mut Child) {
    // Already gone is as good as stopped.
    let _ = child.kill();
    let _ = child.wait();
}

fn how(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("ended with exit code {code}"),
        None => "was stopped by a signal".to_owned(),
    }
}

fn not_started(command: &Command, error: &std::io::Error) -> Problem {
    Problem::new(format!("{} did not start: {error}", command.get_program().to_string_lossy()))
}

fn log_path(place: &Place, name: &str) -> Result<PathBuf, Problem> {
    let folder = place.scratch();
    std::fs::create_dir_all(&folder)?;
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    Ok(folder.join(format!("{plain}.log")))
}

/// The last non-empty line of the log so far.
fn last_line(log: &mut File) -> String {
    const WINDOW: u64 = 1024;
    let length = log.metadata().map_or(0, |metadata| metadata.len());
    let mut bytes = Vec::new();
    if log.seek(SeekFrom::Start(length.saturating_sub(WINDOW))).is_err() {
        return String::new();
    }
    if log.take(WINDOW).read_to_end(&mut bytes).is_err() {
        return String::new();
    }
    let text = String::from_utf8_lossy(&bytes);
    text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}

/// A program on the PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}
