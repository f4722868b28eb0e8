//! The binary that is shipped.

use crate::arguments::Arguments;
use crate::command::{Task, on_path};
use crate::place::Place;
use crate::problem::Problem;
use crate::steps::Steps;
use crate::wasm;

pub const HELP: &str = "\
Makes the binary `freehold`, with the web folder and the browser modules inside.

Usage: cargo xtask build [--debug]

  --debug  a quicker build, which reads the web folder from the checkout

Prints the path, the size, and the SHA-256 of the browser modules.
";

pub fn run(place: &Place, steps: &Steps, mut arguments: Arguments) -> Result<(), Problem> {
    let debug = arguments.flag(&["--debug"]);
    let _ = arguments.flag(&["--release"]);
    arguments.end()?;
    wasm::build(place, steps, false)?;
    let (profile, folder) = if debug { ("dev", "debug") } else { ("release", "release") };
    Task::cargo("build the server", place)
        .words(["build", "--package", "freehold-server", "--profile", profile])
        .fix("the compiler's message is above")
        .run(place, steps)?;
    let binary = place.target.join(folder).join("freehold");
    let bytes = binary.metadata()?.len();
    let mebibytes = bytes as f64 / f64::from(1 << 20);
    println!("\n{}  {mebibytes:.1} MiB ({bytes} bytes)", binary.display());
    for file in wasm::product_files(place) {
        println!("sha256 {}  {}", sha256(place, &file)?, place.short(&file));
    }
    Ok(())
}

fn sha256(place: &Place, file: &std::path::Path) -> Result<String, Problem> {
    let task = if on_path("sha256sum").is_some() {
        Task::new("hash", "sha256sum", place)
    } else {
        Task::new("hash", "shasum", place).words(["-a", "256"])
    };
    let line = task.words([file]).output();
    line.and_then(|line| line.split_whitespace().next().map(str::to_owned)).ok_or_else(|| {
        Problem::new(format!("no SHA-256 of {}", file.display()))
            .fix("sha256sum or shasum must be on the PATH")
    })
}
