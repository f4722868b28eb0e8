//! The servers that are measured, each started on its own, empty.

use std::ffi::OsStr;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::http::Endpoint;
use crate::command::Task;
use crate::keeper::Keeper;
use crate::place::Place;
use crate::postgres::{self, Cluster};
use crate::problem::Problem;
use crate::python;
use crate::steps::now;

/// A server that can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Sqlite,
    Postgres,
    Scim2Server,
    Scimmy,
}

impl Subject {
    pub const ALL: [Self; 4] = [Self::Sqlite, Self::Postgres, Self::Scim2Server, Self::Scimmy];

    /// Its name for options and for the names of files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Scim2Server => "scim2-server",
            Self::Scimmy => "scimmy",
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "Freehold, SQLite",
            Self::Postgres => "Freehold, PostgreSQL",
            Self::Scim2Server => "scim2-server",
            Self::Scimmy => "SCIMMY",
        }
    }

    pub fn is_ours(self) -> bool {
        matches!(self, Self::Sqlite | Self::Postgres)
    }

    fn base(self) -> &'static str {
        match self {
            Self::Scim2Server => "/v2",
            Self::Sqlite | Self::Postgres | Self::Scimmy => "/scim/v2",
        }
    }
}

/// What servers are made of.
pub struct Yard<'y> {
    pub place: &'y Place,
    /// Absent when PostgreSQL is not to be measured.
    pub cluster: Option<&'y Cluster>,
    /// The binary of the release profile.
    pub freehold: PathBuf,
    /// For data, logs and lists; emptied at the end.
    pub folder: PathBuf,
}

/// A running server; killed when dropped, or when xtask ends in any other way.
pub struct Server {
    pub endpoint: Endpoint,
    pub process: u32,
    child: Child,
    keeper: Option<Keeper>,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.take());
        let _ = self.child.wait();
    }
}

impl Yard<'_> {
    /// Starts a server without any data. `run` tells the runs of one subject apart.
    pub fn start(&self, subject: Subject, run: &str) -> Result<Server, Problem> {
        let port = postgres::free_port()?;
        match subject {
            Subject::Sqlite | Subject::Postgres => self.start_freehold(subject, run, port),
            Subject::Scim2Server => {
                let mut command = Command::new(python::PEER.program(self.place, "scim2-server"));
                command.args(["--port", &port.to_string(), "--bearer-token", TOKEN]);
                self.launch(subject, command, port, TOKEN.to_owned())
            }
            Subject::Scimmy => {
                let mut command = Command::new("node");
                command.arg(self.place.root.join("tests/bench/peers/scimmy.mjs"));
                command.args([&port.to_string(), TOKEN]).env("NODE_ENV", "production");
                self.launch(subject, command, port, TOKEN.to_owned())
            }
        }
    }

    fn start_freehold(&self, subject: Subject, run: &str, port: u16) -> Result<Server, Problem> {
        let data = self.folder.join(format!("{}-{run}", subject.word()));
        std::fs::create_dir_all(&data)?;
        let mut settings = vec![
            ("FREEHOLD_LISTEN", format!("127.0.0.1:{port}")),
            ("FREEHOLD_DATA", data.display().to_string()),
        ];
        if subject == Subject::Postgres {
            let cluster = self.cluster.ok_or_else(|| Problem::new("there is no PostgreSQL"))?;
            let url = cluster.database(self.place, &format!("freehold_{run}"))?;
            settings.push(("FREEHOLD_DATABASE_URL", url));
        }
        self.freehold(&settings, &["organization", "create", "bench", "--name", "Bench"])?;
        let token = ["token", "create", "--organization", "bench", "--description", "bench"];
        let token = self.freehold(&settings, &token)?;
        // The limit of requests per organization is not what is measured.
        if self.freehold(&[], &["serve", "--help"])?.contains(RATE) {
            settings.push((RATE, "0".to_owned()));
        }
        let mut command = without_settings(&self.freehold);
        command.arg("serve").envs(settings);
        self.launch(subject, command, port, token)
    }

    /// What a command of freehold prints.
    fn freehold(&self, settings: &[(&str, String)], words: &[&str]) -> Result<String, Problem> {
        let output = without_settings(&self.freehold)
            .args(words)
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .output()?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Problem::new(format!("freehold {} failed: {said}", words.join(" "))))
    }

    fn launch(
        &self,
        subject: Subject,
        mut command: Command,
        port: u16,
        token: String,
    ) -> Result<Server, Problem> {
        let log = self.folder.join(format!("{}.log", subject.word()));
        let out = File::options().create(true).append(true).open(&log)?;
        let child = command
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .spawn()
            .map_err(|error| Problem::new(format!("{} did not start: {error}", subject.title())))?;
        let process = child.id();
        let keeper = Keeper::start("kill -9 \"$1\"", &[&process.to_string()])?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let endpoint = Endpoint { address, base: subject.base(), token };
        let mut server = Server { endpoint, process, child, keeper: Some(keeper) };
        server.wait_until_ready(subject, &log)?;
        Ok(server)
    }
}

const TOKEN: &str = "bench-token-of-a-peer";
/// Requests a second for each organization, in versions that have such a limit.
const RATE: &str = "FREEHOLD_SCIM_RATE";

impl Server {
    fn wait_until_ready(&mut self, subject: Subject, log: &Path) -> Result<(), Problem> {
        const LIMIT: Duration = Duration::from_secs(60);
        let started = now();
        while started.elapsed() < LIMIT {
            if TcpStream::connect(self.endpoint.address).is_ok() {
                return Ok(());
            }
            if self.child.try_wait()?.is_some() {
                let title = subject.title();
                return Err(Problem::new(format!("{title} ended at its start")).log(log));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err(Problem::new(format!("{} does not answer", subject.title())).log(log))
    }
}

/// Settings of the person who runs the benchmark are not those that are measured.
fn without_settings(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("FREEHOLD_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Builds the binary that is shipped, but for the browser modules, which no request here needs.
pub fn build(place: &Place, steps: &crate::steps::Steps) -> Result<PathBuf, Problem> {
    Task::cargo("build the server, optimized", place)
        .words(["build", "-j2", "--release", "--package", "freehold-server"])
        .fix("the compiler's message is above")
        .run(place, steps)?;
    Ok(place.target.join("release/freehold"))
}
