//! Canaille: one product that provisions people by SCIM and signs them in by OpenID Connect.

use std::{
    fs::File,
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::json;

use crate::{
    http::Request,
    process::{Folder, Running, free_port, target_folder},
    program::{Client, Program},
};

/// Runs several of its commands in one process: each start costs seconds.
const SEVERAL: &str = "\
import json, sys
from canaille.commands import cli
for words in json.load(sys.stdin):
    cli.main(args=words, prog_name='canaille', standalone_mode=False)
";

/// Makes the key that it signs with, as a TOML inline table.
const KEY: &str = "\
import json
from joserfc.jwk import RSAKey
key = RSAKey.generate_key(2048, auto_kid=True).as_dict(private=True)
print('{' + ', '.join('%s = %s' % (name, json.dumps(value)) for name, value in key.items()) + '}')
";

/// A running Canaille; stopped when dropped.
pub struct Canaille {
    _running: Running,
    folder: Folder,
    port: u16,
}

impl Canaille {
    /// Starts it as the directory of this program's organization: it pushes people to its SCIM
    /// endpoint with `token`, and signs them in for `client`.
    ///
    /// # Panics
    /// When it does not start; `cargo xtask test` installs it.
    #[must_use]
    pub fn start(program: &Program, client: &Client, token: &str) -> Self {
        let port = free_port();
        let folder = Folder::make();
        let configuration = configuration(port, &folder, &python(&folder, KEY, None));
        std::fs::write(folder.path().join("canaille.toml"), configuration)
            .expect("the test's folder is writable");
        commands(
            &folder,
            &[
                vec!["install"],
                vec![
                    "create",
                    "client",
                    "--quiet",
                    "--client-id",
                    &client.id,
                    "--client-secret",
                    &client.secret,
                    "--client-name",
                    "Freehold",
                    // The SCIM base: it must end in a slash.
                    "--client-uri",
                    &format!("{}/scim/v2/", program.url()),
                    "--redirect-uris",
                    &program.redirect_uri(),
                    "--grant-types",
                    "authorization_code",
                    "--response-types",
                    "code",
                    "--scope",
                    "openid profile email",
                    "--token-endpoint-auth-method",
                    "client_secret_basic",
                    "--id-token-signed-response-alg",
                    "RS256",
                ],
                // Without it the ID token's audience is empty.
                vec!["set", "client", &client.id, "--audience", &client.id],
                vec![
                    "create",
                    "token",
                    "--quiet",
                    "--token-id",
                    "scim",
                    "--access-token",
                    token,
                    "--client",
                    &client.id,
                    "--scope",
                    "openid",
                    "--issue-date",
                    "2026-01-01T00:00:00+00:00",
                    "--lifetime",
                    "999999999",
                    "--type",
                    "access_token",
                ],
            ],
        );
        let mut command = command(&folder, "canaille");
        command.args(["run", "--bind", &format!("127.0.0.1:{port}")]);
        let mut running = Running::start("canaille", command, folder.path().join("canaille.log"));
        let address = ([127, 0, 0, 1], port).into();
        running.wait_until(Duration::from_secs(90), || {
            let request = Request::new("GET", "/.well-known/openid-configuration");
            let request = request.header("Host", &format!("127.0.0.1:{port}"));
            request.send(address).is_ok_and(|answer| answer.status == 200)
        });
        Self { _running: running, folder, port }
    }

    /// Its issuer.
    #[must_use]
    pub fn issuer(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The file of its database, for SimpleSAMLphp, which signs the same people in.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("idp.sqlite")
    }

    /// Creates a person; her password is her name and "pass". It is pushed before this returns.
    pub fn create(&self, user_name: &str, full_name: &str) {
        let given = full_name.split(' ').next().unwrap_or_default();
        let family = full_name.split(' ').next_back().unwrap_or_default();
        commands(
            &self.folder,
            &[vec![
                "create",
                "user",
                "--quiet",
                "--user-name",
                user_name,
                "--password",
                &password(user_name),
                "--emails",
                &format!("{user_name}@corp.test"),
                "--given-name",
                given,
                "--family-name",
                family,
                "--formatted-name",
                full_name,
            ]],
        );
    }

    /// Locks a person: pushes `active=false`, and refuses her sign-ins.
    pub fn lock(&self, user_name: &str) {
        commands(
            &self.folder,
            &[vec!["set", "user", user_name, "--lock-date", "2026-01-01T00:00:00+00:00"]],
        );
    }

    /// Deletes a person: pushes a DELETE.
    pub fn delete(&self, user_name: &str) {
        commands(&self.folder, &[vec!["delete", "user", "--noconfirm", "--user-name", user_name]]);
    }
}

/// The password that [`Canaille::create`] gives.
pub(crate) fn password(user_name: &str) -> String {
    format!("{user_name}pass")
}

fn configuration(port: u16, folder: &Folder, key: &str) -> String {
    let database = folder.path().join("idp.sqlite");
    let database = database.display();
    format!(
        r#"
SECRET_KEY = "test-only"
SERVER_NAME = "127.0.0.1:{port}"
PREFERRED_URL_SCHEME = "http"
[CANAILLE]
DATABASE = "sql"
[CANAILLE_SQL]
DATABASE_URI = "sqlite:///{database}"
[CANAILLE_OIDC]
TRUSTED_DOMAINS = "localhost"
ACTIVE_JWKS = [{key}]
[CANAILLE_OIDC.USERINFO_MAPPING]
SUB = "{{{{ user.id }}}}"
[CANAILLE_SCIM]
ENABLE_CLIENT = true
"#
    )
}

fn commands(folder: &Folder, commands: &[Vec<&str>]) {
    let _told = python(folder, SEVERAL, Some(&json!(commands).to_string()));
}

/// Runs a Python text in Canaille's environment and gives what it printed.
fn python(folder: &Folder, text: &str, input: Option<&str>) -> String {
    let given = folder.path().join("input.json");
    std::fs::write(&given, input.unwrap_or_default()).expect("the test's folder is writable");
    let output = command(folder, "python")
        .args(["-c", text])
        .stdin(File::open(given).expect("just written"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .expect("checked to be there");
    assert!(
        output.status.success(),
        "Canaille: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn command(folder: &Folder, program: &str) -> Command {
    let program = target_folder().join("venv-canaille/bin").join(program);
    assert!(
        program.is_file(),
        "{} is missing: run the tests with `cargo xtask test`, which installs it",
        program.display()
    );
    let mut command = Command::new(program);
    command
        .current_dir(folder.path())
        .env("CANAILLE_CONFIG", folder.path().join("canaille.toml"))
        .env("PYTHONDONTWRITEBYTECODE", "1");
    command
}
