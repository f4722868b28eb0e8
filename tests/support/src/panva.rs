//! The OpenID-certified provider `oidc-provider`, by its sign-in page of one field.

use std::{process::Command, time::Duration};

use serde_json::{Value, json};

use crate::{
    process::{Folder, Running, checkout, free_port},
    program::Client,
};

/// A running provider; stopped when dropped.
pub struct Panva {
    _running: Running,
    _folder: Folder,
    issuer: String,
}

impl Panva {
    /// Starts it for one client. `people` maps a login to further claims of that person; the login
    /// itself is the `sub`.
    ///
    /// # Panics
    /// When it does not start; `cargo xtask test` installs it.
    #[must_use]
    pub fn start(client: &Client, redirect_uri: &str, people: &Value) -> Self {
        let port = free_port();
        let folder = Folder::make();
        let script = checkout().join("tests/web/provider.mjs");
        let settings = json!({
            "port": port,
            "client": {"id": client.id, "secret": client.secret},
            "redirectUri": redirect_uri,
            "people": people,
        });
        let mut command = Command::new("node");
        command.arg("--no-warnings").arg(script).arg(settings.to_string());
        let mut running =
            Running::start("oidc-provider", command, folder.path().join("provider.log"));
        let log = folder.path().join("provider.log");
        running.wait_until(Duration::from_secs(30), || {
            std::fs::read_to_string(&log).is_ok_and(|text| text.lines().any(|line| line == "ready"))
        });
        Self { _running: running, _folder: folder, issuer: format!("http://127.0.0.1:{port}") }
    }

    /// Where people sign out of it.
    #[must_use]
    pub fn sign_out_url(&self) -> String {
        format!("{}/session/end", self.issuer)
    }

    /// Its issuer.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }
}
