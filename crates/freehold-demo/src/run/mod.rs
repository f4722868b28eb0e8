//! Everything together: the server, the provider, the people.

mod command_line;
mod folder;
#[cfg(feature = "once")]
mod once;
mod ports;
mod server;

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::Surroundings;
use crate::idp::{Client, Idp, SigningKey};
use crate::people::{COMPANY, PEOPLE, TENANT};
use crate::provision::{self, ProvisionError, Token};
use command_line::CommandLine;
use folder::Folder;
use server::Server;

/// The organization's short name.
const ORGANIZATION: &str = "acme";
/// Our client's id at the provider.
const CLIENT_ID: &str = "freehold-demo";

/// How the demonstration is run.
pub struct Options {
    /// The program `freehold`.
    pub freehold: PathBuf,
    /// The folder that everything is kept in.
    pub data: PathBuf,
    /// Where Freehold listens; port 8080 or the next free one unless given.
    pub listen: Option<SocketAddr>,
    /// Where the provider listens; port 8180 or the next free one unless given.
    pub idp_listen: Option<SocketAddr>,
    /// Play the story in a browser and end.
    pub once: bool,
}

/// The demonstration could not go on: what happened, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct DemoError(pub(crate) String);

impl DemoError {
    pub(crate) fn new(text: impl std::fmt::Display) -> Self {
        Self(text.to_string())
    }
}

impl From<ProvisionError> for DemoError {
    fn from(error: ProvisionError) -> Self {
        Self(format!("Provisioning: {error}"))
    }
}

/// Says one line.
fn say(text: &str) {
    println!("{text}");
}

/// Runs the demonstration until Ctrl-C, or once through the story.
///
/// # Errors
/// Says what went wrong and what to do.
pub async fn run(options: Options) -> Result<(), DemoError> {
    let surroundings = Surroundings::real();
    say("Freehold, the demonstration. Invented people, no passwords; never for production.");
    let folder =
        if options.once { Folder::fresh_in(&options.data)? } else { Folder::open(&options.data)? };
    let once = options.once;
    tokio::select! {
        ended = demonstrate(&options, &folder, surroundings) => ended,
        // What was started ends as the demonstration is dropped, however far it has come.
        () = interruption() => {
            say("");
            say("Ending");
            if once { Err(DemoError::new("Interrupted before the end of the story.")) } else { Ok(()) }
        }
    }
}

async fn demonstrate(
    options: &Options,
    folder: &Folder,
    surroundings: Surroundings,
) -> Result<(), DemoError> {
    let mut stage = Stage::set_up(options, folder, surroundings).await?;
    if options.once {
        return stage.play_once().await;
    }
    stage.invite();
    stage.watch().await
}

/// What runs: the server as a child, the provider in this process.
struct Stage {
    server: Server,
    origin: Url,
    issuer: String,
}

impl Stage {
    async fn set_up(
        options: &Options,
        folder: &Folder,
        surroundings: Surroundings,
    ) -> Result<Self, DemoError> {
        let listen = ports::for_freehold(options)?;
        let origin = format!("http://localhost:{}", listen.port());
        let cli = CommandLine::new(&options.freehold, folder, listen, &origin);
        say(&format!("Data     {}", folder.path().display()));

        if cli.ensure_organization(ORGANIZATION, COMPANY)? {
            say(&format!("Created  organization {ORGANIZATION} ({COMPANY})"));
        }
        let known = cli.issuer_of(ORGANIZATION, CLIENT_ID)?;
        let listener = ports::for_idp(options, known.as_deref())?;
        let issuer = issuer_of(&listener)?;
        let secret = folder.secret("client-secret", || surroundings.make_secret())?;
        if known.is_none() {
            let secret_file = folder.path().join("client-secret");
            cli.add_connection(ORGANIZATION, &issuer, CLIENT_ID, &secret_file, TENANT)?;
            say(&format!("Created  connection to {issuer}"));
        }

        let mut server = Server::start(&cli, folder)?;
        let site = Url::parse(&origin).map_err(DemoError::new)?;
        server.wait_until_ready(listen, &mut say).await?;
        say("Started  Freehold");

        let redirect_uri = format!("{origin}/oidc/callback");
        let client = Client::new(CLIENT_ID, &secret, &redirect_uri).map_err(DemoError::new)?;
        start_idp(&issuer, client, listener, surroundings.clone())?;
        say("Started  the demonstration identity provider");

        let stage = Self { server, origin: site, issuer };
        let scim_url = stage.address("/scim/v2")?;
        provision_people(&cli, folder, &scim_url, &surroundings).await?;
        Ok(stage)
    }

    fn address(&self, path: &str) -> Result<Url, DemoError> {
        self.origin.join(path).map_err(DemoError::new)
    }

    #[cfg(feature = "once")]
    async fn play_once(&self) -> Result<(), DemoError> {
        once::play(self.origin.as_str().trim_end_matches('/')).await
    }

    #[cfg(not(feature = "once"))]
    async fn play_once(&self) -> Result<(), DemoError> {
        Err(DemoError::new("--once needs a freehold-demo built with `--features once`"))
    }

    fn invite(&self) {
        let origin = self.origin.as_str();
        say("");
        say(&format!("Open     {origin}"));
        say("         Pick a person, choose a passphrase, keep the recovery kit: READY.");
        say("");
        for person in &PEOPLE {
            say(&format!("         {:<22} {}", person.user_name, person.display_name));
        }
        say("");
        say(&format!("SCIM     {origin}scim/v2"));
        say(&format!("Sign-in  {} (demonstration, asks for no password)", self.issuer));
        say(&format!("Log      {}", self.server.log().display()));
        say("End      Ctrl-C. Everything stays in the data folder; remove it to begin anew.");
    }

    /// Until the server ends by itself, which it should not.
    async fn watch(&mut self) -> Result<(), DemoError> {
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            self.server.check()?;
        }
    }
}

/// Ctrl-C, or SIGTERM where there is one.
pub async fn interruption() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    // Without a handler there is nothing to wait for: end at once rather than never.
    let _ = tokio::signal::ctrl_c().await;
}

fn issuer_of(listener: &TcpListener) -> Result<String, DemoError> {
    let address = listener.local_addr().map_err(DemoError::new)?;
    Ok(format!("http://{address}"))
}

fn start_idp(
    issuer: &str,
    client: Client,
    listener: TcpListener,
    surroundings: Surroundings,
) -> Result<(), DemoError> {
    let kid = surroundings.make_secret();
    let key = Arc::new(SigningKey::make(&kid).map_err(DemoError::new)?);
    let idp = Idp::new(issuer, TENANT, client, key, surroundings).map_err(DemoError::new)?;
    let server = idp.serve(listener).map_err(DemoError::new)?;
    tokio::spawn(server);
    Ok(())
}

/// Provisions with the token of the folder; with a new one if that is refused, for tokens expire.
async fn provision_people(
    cli: &CommandLine,
    folder: &Folder,
    scim_url: &Url,
    surroundings: &Surroundings,
) -> Result<(), DemoError> {
    say(&format!("Provision by SCIM, as Microsoft Entra does, at {scim_url}"));
    let mut report = |line: &str| say(&format!("  {line}"));
    let kept = folder.read("scim-token")?;
    let first = match &kept {
        Some(text) => {
            let token = Token::parse(text)?;
            provision::cycle(scim_url, &token, surroundings, &mut report).await
        }
        None => Err(ProvisionError::Unauthorized),
    };
    let done = match first {
        Err(ProvisionError::Unauthorized) => {
            let text = cli.make_token(ORGANIZATION)?;
            folder.write("scim-token", &text)?;
            let token = Token::parse(&text)?;
            provision::cycle(scim_url, &token, surroundings, &mut report).await
        }
        other => other,
    }?;
    say(&format!("Done     {} people created, {} found", done.created, done.found));
    Ok(())
}
