//! `freehold-demo`: the demonstration's command line.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use freehold_demo::Surroundings;
use freehold_demo::idp::{Client, Idp, SigningKey};
use freehold_demo::people::{PEOPLE, TENANT};
use freehold_demo::provision::{self, Token};
use freehold_demo::run::{self, Options};
use url::Url;

/// The demonstration of Freehold: invented people, no passwords. Never for production
#[derive(Parser)]
#[command(name = "freehold-demo", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start Freehold, a demonstration identity provider and five people, and print where to click
    Run(RunArgs),
    /// Serve the demonstration identity provider alone: pick a person, no password
    Idp(IdpArgs),
    /// Play one Entra-shaped provisioning cycle against a SCIM server
    Provision(ProvisionArgs),
}

#[derive(Args)]
struct RunArgs {
    /// The program `freehold`
    #[arg(long, value_name = "PATH")]
    freehold_bin: PathBuf,
    /// Folder that everything is kept in
    #[arg(long, value_name = "FOLDER", default_value = "data/demo")]
    data: PathBuf,
    /// Where Freehold listens; 127.0.0.1:8080 or the next free port unless given
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Where the provider listens; 127.0.0.1:8180 or the next free port unless given
    #[arg(long, value_name = "ADDRESS")]
    idp_listen: Option<SocketAddr>,
    /// Play the whole first login in headless Chromium, print each step, and end
    #[arg(long)]
    once: bool,
}

#[derive(Args)]
struct IdpArgs {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8180")]
    listen: SocketAddr,
    /// Issuer, when browsers reach it under another address than it listens on
    #[arg(long, value_name = "URL")]
    issuer: Option<Url>,
    /// Id of the one client
    #[arg(long, value_name = "ID")]
    client_id: String,
    /// File with the client's secret
    #[arg(long, value_name = "FILE")]
    client_secret_file: PathBuf,
    /// Where people are sent back to, exactly
    #[arg(long, value_name = "URL")]
    redirect_uri: String,
    /// Tenant id that tokens carry
    #[arg(long, default_value = TENANT)]
    tenant: String,
}

#[derive(Args)]
struct ProvisionArgs {
    /// SCIM base URL, such as http://localhost:8080/scim/v2
    #[arg(long, value_name = "URL")]
    scim_url: Url,
    /// File with the bearer token
    #[arg(long, value_name = "FILE")]
    token_file: PathBuf,
}

// Several threads: a browser that is dropped ends its session by a request that it waits for, and
// that request is carried by another thread.
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Run(args) => run_all(args).await,
        Command::Idp(args) => serve_idp(args).await,
        Command::Provision(args) => play_cycle(args).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

async fn run_all(args: RunArgs) -> Outcome {
    let RunArgs { freehold_bin, data, listen, idp_listen, once } = args;
    run::run(Options { freehold: freehold_bin, data, listen, idp_listen, once }).await?;
    Ok(())
}

async fn serve_idp(args: IdpArgs) -> Outcome {
    let secret = read(&args.client_secret_file)?;
    let client = Client::new(&args.client_id, secret.trim(), &args.redirect_uri)?;
    let listener = TcpListener::bind(args.listen)
        .map_err(|error| format!("Cannot listen on {}: {error}", args.listen))?;
    let issuer = match args.issuer {
        Some(issuer) => issuer.as_str().trim_end_matches('/').to_owned(),
        None => format!("http://{}", listener.local_addr()?),
    };
    let surroundings = Surroundings::real();
    let key = Arc::new(SigningKey::make(&surroundings.make_secret())?);
    let server = Idp::new(&issuer, &args.tenant, client, key, surroundings)?.serve(listener)?;
    println!("Demonstration identity provider: no passwords, never for production.");
    println!("Issuer   {issuer}");
    println!("Tenant   {}", args.tenant);
    println!("Client   {}, back to {}", args.client_id, args.redirect_uri);
    for person in &PEOPLE {
        println!("Person   {}  {:<22} {}", person.object_id, person.user_name, person.display_name);
    }
    println!("End      Ctrl-C");
    let handle = server.handle();
    let serving = tokio::spawn(server);
    run::interruption().await;
    handle.stop(false).await;
    serving.await??;
    Ok(())
}

async fn play_cycle(args: ProvisionArgs) -> Outcome {
    let token = Token::parse(&read(&args.token_file)?)?;
    let mut say = |line: &str| println!("{line}");
    let done = provision::cycle(&args.scim_url, &token, &Surroundings::real(), &mut say).await?;
    println!("{} people created, {} found", done.created, done.found);
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path)
        .map_err(|error| format!("Cannot read {}: {error}", path.display()))
}
