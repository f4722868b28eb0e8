//! A server of one's own for each test, a command line beside it, and a client that sends exactly
//! the bytes it is told to.

pub mod client;
mod described;
pub mod events;
pub mod identity;
pub mod person;
pub mod provider;
pub mod saml;

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

pub use client::{Reply, Request};
use freehold_store::{Database, DatabaseConfig, Tx};
pub use person::World;
pub use provider::Provider;
use serde_json::Value;
use tempfile::TempDir;

/// The program under test.
pub const FREEHOLD: &str = env!("CARGO_BIN_EXE_freehold");

/// A folder with the settings of one installation.
pub struct Installation {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Installation {
    /// A new one: SQLite in a folder of its own, or a fresh database on PostgreSQL when
    /// `TEST_SERVER_ON=postgres` (with `TEST_DATABASE_URL`).
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut variables = vec![
            ("FREEHOLD_DATA".to_owned(), path_text(&folder.path().join("data"))),
            ("FREEHOLD_LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
            ("FREEHOLD_LOG".to_owned(), "trace".to_owned()),
            // The identity providers of the tests run on this machine.
            ("FREEHOLD_IDP_NETWORKS".to_owned(), "127.0.0.0/8, ::1".to_owned()),
        ];
        if std::env::var("TEST_SERVER_ON").as_deref() == Ok("postgres") {
            let url = freehold_testing::filled_postgres(|url| {
                drop(Database::open(&DatabaseConfig::for_url(url)).unwrap());
            });
            variables.push(("FREEHOLD_DATABASE_URL".to_owned(), url));
        }
        Self { folder, variables }
    }

    /// The settings of another node on the same database.
    pub fn another(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, variables: self.variables.clone() }
    }

    /// Changes the database past the program.
    pub fn sql(&self, statements: &[&str]) {
        let database = Database::open(&DatabaseConfig::for_url(&self.database_url())).unwrap();
        for statement in statements {
            let statement = (*statement).to_owned();
            let job = move |tx: &mut dyn Tx| tx.execute(&statement, &[]);
            database.write_tx_blocking(job).unwrap();
        }
    }

    /// Takes a variable away.
    pub fn unset(&mut self, name: &str) {
        self.variables.retain(|(known, _)| known != name);
    }

    /// Sets or replaces a variable.
    pub fn set(&mut self, name: &str, value: &str) {
        self.unset(name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The database of this installation.
    pub fn database_url(&self) -> String {
        let set = self.variables.iter().find(|(name, _)| name == "FREEHOLD_DATABASE_URL");
        set.map_or_else(
            || format!("sqlite://{}", path_text(&self.folder().join("data/freehold.db"))),
            |(_, url)| url.clone(),
        )
    }

    /// The program with the variables of this installation and no others.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(FREEHOLD);
        command.args(arguments).env_clear().envs(self.variables.iter().cloned());
        command.current_dir(self.folder());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must succeed and gives its standard output, without the line end.
    pub fn must(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout).trim_end().to_owned()
    }

    /// Runs a command that must be refused and gives its exit code and standard error.
    pub fn refused(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?} must be refused");
        assert!(output.stdout.is_empty(), "{arguments:?} printed {}", text(&output.stdout));
        (output.status.code().unwrap(), text(&output.stderr))
    }

    /// A list that a command prints with `--json`.
    pub fn list(&self, arguments: &[&str]) -> Vec<Value> {
        let mut arguments = arguments.to_vec();
        arguments.push("--json");
        serde_json::from_str(&self.must(&arguments)).unwrap()
    }

    /// Creates an organization `acme` and a token for it.
    pub fn acme(&self) -> String {
        self.must(&["organization", "create", "acme", "--name", "Acme Ltd"]);
        self.token("acme")
    }

    /// Creates a token.
    pub fn token(&self, organization: &str) -> String {
        self.must(&["token", "create", "--organization", organization, "--description", "test"])
    }

    /// Makes a one-time link for a person and gives its secret.
    pub fn link(&self, user_name: &str, more: &[&str]) -> String {
        let command = ["admin", "link", "--organization", "acme", "--user-name", user_name];
        let printed = self.must(&[&command, more].concat());
        let (_, secret) = printed.split_once("/enter/#").unwrap();
        secret.to_owned()
    }

    /// Adds a provider as the connection of an organization.
    pub fn connect(&self, organization: &str, provider: &Provider) {
        std::fs::write(self.folder().join("secret"), provider::CLIENT_SECRET).unwrap();
        self.must(&[
            "connection",
            "add-oidc",
            "--organization",
            organization,
            "--issuer",
            &provider.issuer,
            "--client-id",
            "freehold",
            "--client-secret-file",
            "secret",
        ]);
    }

    /// Starts the server.
    pub fn serve(&self) -> Server {
        Server::start(self)
    }

    /// Starts a server that needs no preparation and keeps its folder.
    pub fn serve_new(self) -> Server {
        let mut server = self.serve();
        server.folder = Some(self.folder);
        server
    }
}

/// A running server; it ends with this value.
pub struct Server {
    child: Child,
    origin: String,
    address: String,
    log: PathBuf,
    folder: Option<TempDir>,
}

impl Server {
    fn start(installation: &Installation) -> Self {
        let log = installation.folder().join("log");
        let mut child = installation
            .command(&["serve"])
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready = line.trim().strip_prefix("Freehold is ready at ");
        let ready = ready.and_then(|rest| rest.strip_suffix(')')?.split_once(" (listening on "));
        let Some((origin, address)) = ready else {
            let _ = child.wait();
            panic!("the server did not start: {}", std::fs::read_to_string(&log).unwrap());
        };
        Self { origin: origin.to_owned(), address: address.to_owned(), child, log, folder: None }
    }

    /// The public origin.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Host and port to connect to.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The most memory that the process has held so far, in KiB.
    pub fn peak_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Everything that was logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Waits until the log says this.
    #[track_caller]
    pub fn wait_for_log(&self, text: &str) {
        let patience = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while !self.log().contains(text) {
            assert!(std::time::Instant::now() < patience, "`{text}` is not in:\n{}", self.log());
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }

    /// Sends a signal, by the name that `kill` knows it by.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    /// A request without anything but a host.
    pub fn request(&self, method: &str, path: &str) -> Request {
        Request::new(self.address(), method, path)
    }

    /// A request as a page of the server sends it.
    pub fn page(&self, method: &str, path: &str) -> Request {
        let request = self.request(method, path).header("Sec-Fetch-Site", "same-origin");
        if method == "GET" { request } else { request.header("Content-Type", "application/json") }
    }

    /// A request as an identity provider sends it.
    pub fn scim(&self, token: &str, method: &str, path: &str) -> Request {
        let request = self
            .request(method, &format!("/scim/v2{path}"))
            .header("Authorization", &format!("Bearer {token}"));
        let has_body = matches!(method, "POST" | "PUT" | "PATCH");
        if has_body { request.header("Content-Type", "application/scim+json") } else { request }
    }

    /// Asks the server to stop and waits for its end.
    pub fn stop(mut self) -> i32 {
        self.signal("-TERM");
        self.child.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server with one organization, as its identity provider sees it.
pub struct Acme {
    pub installation: Installation,
    pub server: Server,
    pub token: String,
}

impl Acme {
    pub fn new() -> Self {
        Self::with(Installation::new())
    }

    pub fn with(installation: Installation) -> Self {
        let token = installation.acme();
        Self { server: installation.serve(), token, installation }
    }

    /// The token of another organization.
    pub fn stranger(&self) -> String {
        self.installation.must(&["organization", "create", "other", "--name", "Other"]);
        self.installation.token("other")
    }

    pub fn scim(&self, method: &str, path: &str) -> Request {
        self.server.scim(&self.token, method, path)
    }

    /// A new user: its path and what the server says of it.
    pub fn create(&self, name: &str) -> (String, Value) {
        let user = self.scim("POST", "/Users").json(&new_user(name)).is(201).json();
        (format!("/Users/{}", id(&user)), user)
    }

    /// A new group of users and groups with these ids.
    pub fn group(&self, name: &str, members: &[&str]) -> String {
        let group = self.scim("POST", "/Groups").json(&new_group(name, members)).is(201).json();
        format!("/Groups/{}", id(&group))
    }

    pub fn patch(&self, path: &str, operations: &Value) -> Reply {
        self.scim("PATCH", path).json(&patch(operations))
    }

    /// The ids of the members of a group, in their order.
    pub fn members(&self, path: &str) -> Vec<String> {
        let group = self.scim("GET", path).send().is(200).json();
        let members = group["members"].as_array().cloned().unwrap_or_default();
        members.iter().map(|member| member["value"].as_str().unwrap().to_owned()).collect()
    }
}

/// The body of a PATCH.
pub fn patch(operations: &Value) -> Value {
    serde_json::json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    })
}

/// The id of a resource.
pub fn id(resource: &Value) -> &str {
    resource["id"].as_str().unwrap()
}

/// A text as it stands in a query.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A body that creates a group.
pub fn new_group(name: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members.iter().map(|id| serde_json::json!({ "value": id })).collect();
    serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": name,
        "members": members,
    })
}

/// Runs a function on many threads that start together; answers what they answered.
pub fn in_parallel<T: Send>(count: usize, act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let gate = std::sync::Barrier::new(count);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|n| {
                let (gate, act) = (&gate, &act);
                scope.spawn(move || {
                    gate.wait();
                    act(n)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// A body that creates a user.
pub fn new_user(user_name: &str) -> Value {
    serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": user_name,
        "externalId": format!("external-{user_name}"),
        "active": true,
    })
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub fn path_text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
