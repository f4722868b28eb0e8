//! The program under test: `freehold serve` and its command line.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

use serde_json::Value;

use crate::{
    http::Request,
    process::{Folder, Running, built_program, free_port},
};

/// How long a start may take on a loaded machine.
const START_LIMIT: Duration = Duration::from_secs(30);

/// How a program is started.
#[derive(Default)]
pub struct Settings {
    database_url: Option<String>,
    public_port: Option<u16>,
    binary: Option<PathBuf>,
    variables: Vec<(String, String)>,
}

/// A running server with a data folder of its own, stopped when dropped.
pub struct Program {
    running: Option<Running>,
    binary: PathBuf,
    folder: Folder,
    port: u16,
    public_url: String,
    variables: Vec<(String, String)>,
}

impl Settings {
    /// SQLite in a fresh folder, nothing between browser and server.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Another database.
    #[must_use]
    pub fn database(mut self, url: impl Into<String>) -> Self {
        self.database_url = Some(url.into());
        self
    }

    /// Browsers come by this port (a [`Relay`](crate::Relay)'s), so the public URL names it.
    #[must_use]
    pub fn behind(mut self, port: u16) -> Self {
        self.public_port = Some(port);
        self
    }

    /// Another binary than the one beside the test program.
    #[must_use]
    pub fn binary(mut self, path: impl Into<PathBuf>) -> Self {
        self.binary = Some(path.into());
        self
    }

    /// One more variable of the environment.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Starts the program and waits until it is ready.
    ///
    /// # Panics
    /// When it does not become ready; the message holds its log.
    #[must_use]
    pub fn start(self) -> Program {
        let binary = self.binary.unwrap_or_else(|| built_program("freehold"));
        let port = free_port();
        let public_url = format!("http://localhost:{}", self.public_port.unwrap_or(port));
        let folder = Folder::make();
        let text = |path: &Path| path.display().to_string();
        let mut variables = vec![
            ("FREEHOLD_LISTEN".to_owned(), format!("127.0.0.1:{port}")),
            ("FREEHOLD_PUBLIC_URL".to_owned(), public_url.clone()),
            ("FREEHOLD_DATA".to_owned(), text(&folder.path().join("data"))),
            ("FREEHOLD_LOG".to_owned(), "trace".to_owned()),
            // The identity providers of the stories run on this machine.
            ("FREEHOLD_IDP_NETWORKS".to_owned(), "127.0.0.0/8, ::1".to_owned()),
        ];
        if let Some(url) = self.database_url {
            variables.push(("FREEHOLD_DATABASE_URL".to_owned(), url));
        }
        variables.extend(self.variables);
        let mut program = Program { running: None, binary, folder, port, public_url, variables };
        program.resume();
        program
    }
}

impl Program {
    /// Starts it with SQLite in a fresh folder.
    #[must_use]
    pub fn start() -> Self {
        Settings::new().start()
    }

    /// The URL that browsers use, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.public_url
    }

    /// Where the server listens itself.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    /// Where identity providers send people back to.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        format!("{}/oidc/callback", self.public_url)
    }

    /// The folder with the database.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A path for a file of the test, removed with the program.
    #[must_use]
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Everything it has logged, at trace level.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read(self.log_file())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("freehold.log")
    }

    /// Stops it (SIGTERM); the data stays.
    pub fn stop(&mut self) {
        drop(self.running.take());
    }

    /// Starts it again with the same data, address and settings.
    ///
    /// # Panics
    /// When it does not become ready.
    pub fn resume(&mut self) {
        let mut command = self.command();
        command.arg("serve");
        let mut running = Running::start("freehold serve", command, self.log_file());
        let address = self.address();
        running.wait_until(START_LIMIT, || {
            Request::new("GET", "/readyz").send(address).is_ok_and(|answer| answer.status == 200)
        });
        self.running = Some(running);
    }

    /// Runs a command of the command line beside the server, and gives whatever came of it.
    #[must_use]
    pub fn run(&self, words: &[&str]) -> Output {
        self.command().args(words).output().expect("the binary is there")
    }

    /// Runs a command that must succeed; gives its standard output, trimmed.
    ///
    /// # Panics
    /// When it fails.
    #[must_use]
    pub fn freehold(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert!(
            output.status.success(),
            "freehold {}: {}\n{}",
            words.join(" "),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("it prints UTF-8").trim().to_owned()
    }

    /// Makes an organization.
    pub fn make_organization(&self, slug: &str, name: &str) {
        let _told = self.freehold(&["organization", "create", slug, "--name", name]);
    }

    /// Adds an OpenID connection whose subject is the claim `claim`.
    pub fn add_oidc(&self, slug: &str, issuer: &str, client: &Client, claim: &str) {
        let file = self.scratch(&format!("{}.secret", client.id));
        std::fs::write(&file, &client.secret).expect("the test's folder is writable");
        let file = file.display().to_string();
        let mut words = vec![
            "connection",
            "add-oidc",
            "--organization",
            slug,
            "--issuer",
            issuer,
            "--client-id",
            &client.id,
            "--client-secret-file",
            &file,
            "--subject-claim",
            claim,
        ];
        if let Some(tenant) = &client.tenant {
            words.extend(["--tenant", tenant]);
        }
        let _told = self.freehold(&words);
    }

    /// Adds a SAML connection by its metadata, with further words of the command line.
    pub fn add_saml(&self, slug: &str, name: &str, metadata: &str, words: &[&str]) {
        let own = ["connection", "add-saml", "--organization", slug, "--name", name];
        let _told = self.freehold(&[&own[..], &["--metadata", metadata], words].concat());
    }

    /// Makes a SCIM token of an organization.
    #[must_use]
    pub fn make_token(&self, slug: &str) -> String {
        self.freehold(&["token", "create", "--organization", slug, "--description", "tests"])
    }

    /// Makes a one-time link for a person.
    #[must_use]
    pub fn link(&self, slug: &str, user_name: &str) -> String {
        self.freehold(&["admin", "link", "--organization", slug, "--user-name", user_name])
    }

    /// The users of an organization, as `freehold user list --json` prints them.
    #[must_use]
    pub fn users(&self, slug: &str) -> Vec<Value> {
        let text = self.freehold(&["user", "list", "--organization", slug, "--json"]);
        match serde_json::from_str(&text) {
            Ok(Value::Array(users)) => users,
            other => panic!("`user list --json` printed {other:?}"),
        }
    }

    /// The key state of the user with this name: `PENDING`, `READY`, ...
    #[must_use]
    pub fn state_of(&self, slug: &str, user_name: &str) -> Option<String> {
        let users = self.users(slug);
        let user = users.iter().find(|user| user["userName"] == user_name)?;
        user["state"].as_str().map(str::to_owned)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        // The tests' own environment must not decide anything.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("FREEHOLD_") {
                command.env_remove(name);
            }
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.env("RUST_BACKTRACE", "1").current_dir(self.folder.path());
        command
    }
}

/// What an identity provider knows a server by.
pub struct Client {
    /// Client id.
    pub id: String,
    /// Client secret.
    pub secret: String,
    /// The tenant its sign-ins must come from.
    pub tenant: Option<String>,
}

impl Client {
    /// The client that the tests register everywhere.
    #[must_use]
    pub fn for_tests() -> Self {
        Self { id: "app".to_owned(), secret: "test-only-secret".to_owned(), tenant: None }
    }
}
