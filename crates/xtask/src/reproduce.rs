//! The browser modules, built twice in two places, are the same bytes.

use std::path::{Path, PathBuf};

use crate::arguments::Arguments;
use crate::command::Task;
use crate::place::Place;
use crate::problem::Problem;
use crate::steps::Steps;
use crate::wasm;

pub const HELP: &str = "\
Builds the browser modules twice, from copies of this checkout in two folders, and compares what
comes of it: with each other, and with web/wasm if that is built.

Usage: cargo xtask reproduce [--keep]

  --keep  leaves the copies in target/reproduce

Everything is compiled anew, the standard library too where Debian's packages build it: ten minutes
on two cores. Hashes match only with the compiler that rust-toolchain.toml pins.
";

/// Paths of different lengths: a path that got into the module would change its size.
const FOLDERS: [&str; 2] = ["a", "another-checkout-in-a-longer-path"];

pub fn run(place: &Place, steps: &Steps, mut arguments: Arguments) -> Result<(), Problem> {
    let keep = arguments.flag(&["--keep"]);
    arguments.end()?;
    let all = place.target.join("reproduce");
    if all.exists() {
        std::fs::remove_dir_all(&all)?;
    }
    let mut places = Vec::new();
    for name in FOLDERS {
        let root = all.join(name);
        copy_checkout(place, &root)?;
        let copy = Place { target: root.join("target"), root };
        steps.say(&format!("building in {}", place.short(&copy.root)));
        wasm::build(&copy, steps, false)?;
        places.push(copy);
    }
    let differences = compare(place, &places)?;
    if !keep {
        std::fs::remove_dir_all(&all)?;
    }
    if differences.is_empty() {
        steps.say("both builds are the same bytes");
        Ok(())
    } else {
        Err(Problem::new(format!("these differ: {}", differences.join(", "))))
    }
}

/// Every file that git knows, as it stands now.
fn copy_checkout(place: &Place, to: &Path) -> Result<(), Problem> {
    let listed = Task::new("files", "git", place)
        .words(["ls-files"])
        .output()
        .ok_or_else(|| Problem::new("git cannot list the files of this checkout"))?;
    for name in listed.lines() {
        let from = place.root.join(name);
        if !from.is_file() {
            continue;
        }
        let target = to.join(name);
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::copy(from, target)?;
    }
    Ok(())
}

/// The names of built files that are not the same everywhere.
fn compare(place: &Place, places: &[Place]) -> Result<Vec<String>, Problem> {
    let mut differences = Vec::new();
    let [first, second] = places else { return Ok(differences) };
    for file in built_files(first)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = std::fs::read(&file)?;
        let own = place.web().join("wasm").join(&name);
        let again = std::fs::read(second.web().join("wasm").join(&name)).ok();
        let verdict = if again.as_ref() != Some(&bytes) {
            "DIFFERS in the second place"
        } else if own.exists() && std::fs::read(own)? != bytes {
            "DIFFERS from web/wasm"
        } else {
            "same"
        };
        println!("{name}  {} bytes  {verdict}", bytes.len());
        if verdict != "same" {
            differences.push(name);
        }
    }
    Ok(differences)
}

fn built_files(place: &Place) -> Result<Vec<PathBuf>, Problem> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(place.web().join("wasm"))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|file| file.is_file() && !file.to_string_lossy().ends_with(".gitkeep"))
        .collect();
    files.sort();
    Ok(files)
}
