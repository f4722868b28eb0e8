//! The SAML signer `samlp`, by its sign-in page of one field: a second opinion on how answers look.

use std::{process::Command, time::Duration};

use serde_json::{Value, json};

use crate::{
    certificate,
    process::{Folder, Running, checkout, free_port},
    program::Program,
};

/// A running identity provider; stopped when dropped.
pub struct Samlp {
    _running: Running,
    _folder: Folder,
    port: u16,
}

impl Samlp {
    /// Starts it for this program as `entity_id`. `people` maps a login to the attributes of that person.
    ///
    /// # Panics
    /// When it does not start; `cargo xtask test` installs it.
    #[must_use]
    pub fn start(program: &Program, entity_id: &str, people: &Value) -> Self {
        let (port, folder) = (free_port(), Folder::make());
        certificate::make(folder.path(), "idp");
        let settings = json!({
            "port": port,
            "entityId": entity_id,
            "acs": format!("{}/saml/acs", program.url()),
            "key": folder.path().join("idp.pem"),
            "certificate": folder.path().join("idp.crt"),
            "people": people,
        });
        let log = folder.path().join("provider.log");
        let mut command = Command::new("node");
        let script = checkout().join("tests/web/saml-provider.mjs");
        command.arg("--no-warnings").arg(script).arg(settings.to_string());
        let mut running = Running::start("samlp", command, log.clone());
        running.wait_until(Duration::from_secs(30), || {
            std::fs::read_to_string(&log).is_ok_and(|text| text.lines().any(|line| line == "ready"))
        });
        Self { _running: running, _folder: folder, port }
    }

    /// What the tile of a portal does for this person: an answer that nobody asked for.
    #[must_use]
    pub fn tile_url(&self, login: &str) -> String {
        format!("http://127.0.0.1:{}/tile?login={login}", self.port)
    }

    /// Where its metadata is.
    #[must_use]
    pub fn metadata_url(&self) -> String {
        format!("http://127.0.0.1:{}/metadata", self.port)
    }
}
