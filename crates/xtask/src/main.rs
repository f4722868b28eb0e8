//! The project's own commands: `cargo xtask demo`, `test`, `mutants`, `bench`, `screenshots`, `build`, `wasm`.
//!
//! It starts at once because it uses the standard library only; whatever is heavy (the bindings
//! generator, the demonstration) is a crate that it builds and runs.

mod arguments;
mod bench;
mod build;
mod command;
mod demo;
mod install;
mod keeper;
mod mutants;
mod node;
mod place;
mod postgres;
mod problem;
mod python;
mod reproduce;
mod screenshots;
mod steps;
mod test;
mod wasm;

use std::process::ExitCode;

use arguments::Arguments;
use place::Place;
use problem::Problem;
use steps::Steps;

const HELP: &str = "\
Freehold's own commands.

Usage: cargo xtask <command> [options]

Commands:
  demo         build, start the server and a demonstration identity provider, and print where to click
  test         install what the tests need, then run every check and every test
  mutants      change the key protocol's code in small ways, and see which change no test notices
  bench        measure, and compare with other open servers
  build        make the release binary, with the web folder and the browser modules inside
  wasm         build the browser modules into web/wasm
  screenshots  walk through every screen and take pictures
  reproduce    build the browser modules twice, in two places, and compare the bytes

Each command explains itself: cargo xtask <command> --help
";

/// What a command does.
type Start = fn(&Place, &Steps, Arguments) -> Result<(), Problem>;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let arguments = Arguments::new(words);
    match run(&command, arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &str, mut arguments: Arguments) -> Result<(), Problem> {
    let (help, start): (&str, Start) = match command {
        "demo" => (demo::HELP, demo::run),
        "test" => (test::HELP, test::run),
        "mutants" => (mutants::HELP, mutants::run),
        "bench" => (bench::HELP, bench::run),
        "build" => (build::HELP, build::run),
        "wasm" => (wasm::HELP, wasm::run),
        "screenshots" => (screenshots::HELP, screenshots::run),
        "reproduce" => (reproduce::HELP, reproduce::run),
        "" | "help" | "-h" | "--help" => {
            print!("{HELP}");
            return Ok(());
        }
        other => {
            return Err(Problem::new(format!("there is no command \"{other}\""))
                .fix("cargo xtask --help lists them"));
        }
    };
    if arguments.flag(&["-h", "--help"]) {
        if command == "bench" {
            bench::help(arguments.words());
        } else {
            print!("{help}");
        }
        return Ok(());
    }
    let place = Place::find()?;
    start(&place, &Steps::start(), arguments)
}
