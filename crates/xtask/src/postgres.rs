//! A PostgreSQL cluster of our own: temporary folder, private port, no root.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::command::{Task, on_path};
use crate::install::is_root;
use crate::keeper::Keeper;
use crate::place::Place;
use crate::problem::Problem;
use crate::steps::Steps;

/// A running cluster; stopped and removed when dropped, or when xtask ends in any other way.
pub struct Cluster {
    /// For a superuser, without a password: reachable from this machine only.
    pub url: String,
    _keeper: Keeper,
}

/// What becomes of an answered write when the power fails.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    /// It may be lost: quick, for tests.
    Careless,
    /// It has reached the disk, as in production: for benchmarks.
    Durable,
}

impl Disk {
    fn settings(self) -> &'static str {
        match self {
            Self::Careless => "-c fsync=off",
            Self::Durable => "-c fsync=on -c synchronous_commit=on -c full_page_writes=on",
        }
    }
}

impl Cluster {
    /// Makes an empty database; the URL to it.
    pub fn database(&self, place: &Place, name: &str) -> Result<String, Problem> {
        let program = program("createdb")?;
        Task::new(format!("make the database {name}"), program, place)
            .words(["--maintenance-db", &self.url, name])
            .output()
            .ok_or_else(|| Problem::new(format!("the database {name} could not be made")))?;
        let server = self.url.strip_suffix("postgres").unwrap_or(&self.url);
        Ok(format!("{server}{name}"))
    }
}

fn program(name: &str) -> Result<PathBuf, Problem> {
    let folder = programs().ok_or_else(|| {
        Problem::new("PostgreSQL's programs were not found").fix("apt-get install postgresql")
    })?;
    Ok(folder.join(name))
}

/// The folder with initdb and pg_ctl, of the newest version there is.
pub fn programs() -> Option<PathBuf> {
    let mut folders: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, folder)| folder.join("initdb").is_file())
        .collect();
    folders.sort();
    folders
        .pop()
        .map(|(_, folder)| folder)
        .or_else(|| on_path("initdb").and_then(|file| Some(file.parent()?.to_owned())))
}

/// Starts a cluster.
pub fn start(place: &Place, steps: &Steps, disk: Disk) -> Result<Cluster, Problem> {
    let (initdb, pg_ctl) = (program("initdb")?, program("pg_ctl")?);
    let root = is_root(place);
    let folder = Task::new("folder", "mktemp", place)
        .words(["-d", "/tmp/freehold-postgres.XXXXXX"])
        .output()
        .ok_or_else(|| Problem::new("no temporary folder could be made in /tmp"))?;
    let folder = PathBuf::from(folder);
    // First the keeper: whatever fails from here on, nothing stays.
    let keeper = keeper(&pg_ctl, &folder, root)?;
    if root {
        // PostgreSQL refuses to run as root.
        Task::new("give the folder to postgres", "chown", place)
            .words(["postgres".as_ref(), folder.as_os_str()])
            .run(place, steps)?;
    }
    as_postgres("initialize PostgreSQL", &initdb, root, place)
        .words(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync"])
        // The default collation on purpose not C: the SQL must not lean on it.
        .words(["--locale=C.UTF-8", "--pgdata"])
        .words([folder.join("data")])
        .limit(Duration::from_secs(120))
        .run(place, steps)?;
    let port = free_port()?;
    let options = format!(
        "-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories={} \
         -c max_connections=200 {}",
        folder.display(),
        disk.settings()
    );
    as_postgres("start PostgreSQL", &pg_ctl, root, place)
        .words(["start", "--wait", "--options", &options, "--pgdata"])
        .words([folder.join("data")])
        .words(["--log".as_ref(), folder.join("log").as_os_str()])
        .limit(Duration::from_secs(60))
        .run(place, steps)?;
    Ok(Cluster { url: format!("postgres://postgres@127.0.0.1:{port}/postgres"), _keeper: keeper })
}

fn as_postgres(name: &str, program: &Path, root: bool, place: &Place) -> Task {
    let task = if root {
        Task::new(name, "runuser", place).words(["-u", "postgres", "--"]).words([program])
    } else {
        Task::new(name, program, place)
    };
    task.within(Path::new("/tmp"))
}

fn keeper(pg_ctl: &Path, folder: &Path, root: bool) -> Result<Keeper, Problem> {
    let user = if root { "runuser -u postgres -- " } else { "" };
    let cleanup = format!(
        "cd /tmp; {user}\"$1\" stop --mode=immediate --pgdata \"$2/data\"; rm -rf -- \"$2\""
    );
    Keeper::start(&cleanup, &[&pg_ctl.to_string_lossy(), &folder.to_string_lossy()])
}

/// A port of this machine that nobody listens on.
pub fn free_port() -> Result<u16, Problem> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
