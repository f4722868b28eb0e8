//! The command line of Freehold, as an operator would type it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::DemoError;
use super::folder::Folder;

/// The program with the settings of this demonstration.
pub(super) struct CommandLine {
    program: PathBuf,
    variables: [(&'static str, String); 4],
    folder: PathBuf,
}

impl CommandLine {
    pub(super) fn new(program: &Path, folder: &Folder, listen: SocketAddr, origin: &str) -> Self {
        let data = folder.path().join("freehold");
        Self {
            // It is started in another folder.
            program: program.canonicalize().unwrap_or_else(|_| program.to_owned()),
            variables: [
                ("FREEHOLD_LISTEN", listen.to_string()),
                ("FREEHOLD_PUBLIC_URL", origin.to_owned()),
                ("FREEHOLD_DATA", data.display().to_string()),
                // The demo's own identity provider runs on this machine.
                ("FREEHOLD_IDP_NETWORKS", "127.0.0.0/8, ::1".to_owned()),
            ],
            folder: folder.path().to_owned(),
        }
    }

    /// The program with its settings and no others: variables of the shell decide nothing.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("FREEHOLD_") {
                command.env_remove(name);
            }
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.current_dir(&self.folder).stdin(Stdio::null());
        command
    }

    /// Makes the organization if it is not there; says whether it did.
    pub(super) fn ensure_organization(&self, slug: &str, name: &str) -> Result<bool, DemoError> {
        let all = self.list(&["organization", "list", "--json"])?;
        let is_there =
            all.iter().any(|one| one.get("shortName").and_then(Value::as_str) == Some(slug));
        if !is_there {
            self.run(&["organization", "create", slug, "--name", name])?;
        }
        Ok(!is_there)
    }

    /// The issuer of the connection with this client id, if there is one.
    pub(super) fn issuer_of(&self, slug: &str, client: &str) -> Result<Option<String>, DemoError> {
        let all = self.list(&["connection", "list", "--organization", slug, "--json"])?;
        let ours =
            all.iter().find(|one| one.get("clientId").and_then(Value::as_str) == Some(client));
        Ok(ours.and_then(|one| one.get("issuer")).and_then(Value::as_str).map(str::to_owned))
    }

    /// Adds the connection: people are found by `oid`, as at Entra.
    pub(super) fn add_connection(
        &self,
        slug: &str,
        issuer: &str,
        client: &str,
        secret_file: &Path,
        tenant: &str,
    ) -> Result<(), DemoError> {
        let secret_file = secret_file.display().to_string();
        let words = [
            "connection",
            "add-oidc",
            "--organization",
            slug,
            "--issuer",
            issuer,
            "--client-id",
            client,
            "--client-secret-file",
            &secret_file,
            "--tenant",
            tenant,
            "--subject-claim",
            "oid",
        ];
        self.run(&words).map(drop)
    }

    /// Makes a token for SCIM.
    pub(super) fn make_token(&self, slug: &str) -> Result<String, DemoError> {
        self.run(&["token", "create", "--organization", slug, "--description", "demonstration"])
    }

    fn list(&self, words: &[&str]) -> Result<Vec<Value>, DemoError> {
        serde_json::from_str(&self.run(words)?).map_err(|error| {
            DemoError(format!("`freehold {}` printed no list: {error}", words.join(" ")))
        })
    }

    /// Runs a command that must succeed; gives its standard output without the line end.
    fn run(&self, words: &[&str]) -> Result<String, DemoError> {
        let output = self.command().args(words).output().map_err(|error| {
            DemoError(format!("{} did not start: {error}", self.program.display()))
        })?;
        if !output.status.success() {
            return Err(DemoError(format!(
                "`freehold {}` failed ({}):\n{}",
                words.join(" "),
                output.status,
                String::from_utf8_lossy(&output.stderr).trim_end()
            )));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}
