//! Mutation tests of the two crates of the key protocol.

use std::collections::BTreeSet;
use std::path::Path;

use crate::arguments::Arguments;
use crate::command::Task;
use crate::place::Place;
use crate::problem::Problem;
use crate::steps::Steps;

pub const HELP: &str = "\
Changes the code of the key protocol in small ways, one at a time, and runs the tests of its crate,
and of the crate that makes the messages which it checks: a change that no test notices is a test
that is missing.

Usage: cargo xtask mutants [--package NAME].. [--file GLOB].. [--shard K/N]

  --package NAME  freehold-wire or freehold-keys; both without it
  --file GLOB     only changes in these files, such as padding.rs
  --shard K/N     only one of N parts, K from 0

Survivors must stand in tests/mutants/accepted.txt with a reason, or the command fails. What was
changed and what came of it stands in target/mutants/PACKAGE/mutants.out.

cargo-mutants is built into the target folder when it is missing. The whole takes hours.
";

const VERSION: &str = "27.1.0";
const PACKAGES: [&str; 2] = ["freehold-wire", "freehold-keys"];
/// What has tests of both.
const TESTED: &str = "freehold-keys";
/// Exit codes of cargo-mutants: changes survived; tests did not end, which is noticed.
const SURVIVED: i32 = 2;
const ENDLESS: i32 = 3;

/// What was asked for.
struct Wanted {
    packages: Vec<String>,
    /// Words for cargo-mutants that leave changes out.
    filters: Vec<String>,
}

impl Wanted {
    fn parse(mut arguments: Arguments) -> Result<Self, Problem> {
        let mut packages = arguments.values("--package")?;
        if let Some(other) = packages.iter().find(|name| !PACKAGES.contains(&name.as_str())) {
            return Err(Problem::new(format!("no mutation tests for \"{other}\""))
                .fix(format!("one of: {}", PACKAGES.join(", "))));
        }
        if packages.is_empty() {
            packages = PACKAGES.map(str::to_owned).to_vec();
        }
        let mut filters = Vec::new();
        for name in ["--file", "--shard"] {
            for value in arguments.values(name)? {
                filters.extend([name.to_owned(), value]);
            }
        }
        arguments.end()?;
        Ok(Self { packages, filters })
    }
}

pub fn run(place: &Place, steps: &Steps, arguments: Arguments) -> Result<(), Problem> {
    let wanted = Wanted::parse(arguments)?;
    let list = std::fs::read_to_string(place.root.join("tests/mutants/accepted.txt"))?;
    let accepted = parse_accepted(&list)?;
    install(place, steps)?;
    let mut survivors = Vec::new();
    for package in &wanted.packages {
        survivors.extend(survivors_of(place, steps, package, &wanted.filters)?);
    }
    let unlisted: Vec<&String> =
        survivors.iter().filter(|survivor| !accepted.contains(&place_of(survivor))).collect();
    steps.say(&format!("{} survived, {} of them not accepted", survivors.len(), unlisted.len()));
    if wanted.filters.is_empty() {
        tell_gone(steps, &wanted.packages, &accepted, &survivors);
    }
    if unlisted.is_empty() {
        return Ok(());
    }
    for survivor in &unlisted {
        eprintln!("survived: {survivor}");
    }
    Err(Problem::new(format!("no test notices {} changes", unlisted.len()))
        .fix("write the tests; a change that changes nothing goes into tests/mutants/accepted.txt"))
}

fn install(place: &Place, steps: &Steps) -> Result<(), Problem> {
    let version =
        Task::new("version", program(place), place).words(["mutants", "--version"]).output();
    if version.as_deref() == Some(&format!("cargo-mutants {VERSION}")) {
        return Ok(());
    }
    let tools = place.target.join("tools");
    Task::cargo("install cargo-mutants", place)
        .words(["install", "cargo-mutants", "--locked", "--version", VERSION, "--root"])
        .words([&tools])
        .words(["--target-dir".as_ref(), tools.join("build").as_os_str()])
        .fix("it comes from the package registry: is there a network?")
        .run(place, steps)
}

fn program(place: &Place) -> std::path::PathBuf {
    place.target.join("tools/bin/cargo-mutants")
}

/// Runs one package; gives the changes that no test noticed.
fn survivors_of(
    place: &Place,
    steps: &Steps,
    package: &str,
    filters: &[String],
) -> Result<Vec<String>, Problem> {
    let out = place.target.join("mutants").join(package);
    std::fs::create_dir_all(&out)?;
    Task::new(format!("mutants of {package}"), program(place), place)
        .words(["mutants", "--package", package, "--jobs", "1", "--minimum-test-timeout", "60"])
        .words(["--test-package", package, "--test-package", TESTED])
        .words(["--annotations", "none", "--output"])
        .words([&out])
        .words(filters)
        // Kept from run to run: only what was changed is built again, and without what a debugger needs.
        .env("CARGO_TARGET_DIR", place.target.join("mutants/build"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        // A change that is noticed is noticed by one of a few random inputs.
        .env("PROPTEST_CASES", "32")
        .accept(SURVIVED)
        .accept(ENDLESS)
        .show(steps)?;
    lines(&out.join("mutants.out/missed.txt"))
}

fn lines(file: &Path) -> Result<Vec<String>, Problem> {
    Ok(std::fs::read_to_string(file)?.lines().map(str::to_owned).collect())
}

/// "FILE: CHANGE", without line and column, which other changes move.
fn place_of(survivor: &str) -> String {
    let mut parts = survivor.splitn(4, ':');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(file), Some(_), Some(_), Some(change)) => format!("{file}:{change}"),
        _ => survivor.to_owned(),
    }
}

/// Lines "FILE: CHANGE  # REASON"; lines that begin with # are comments.
fn parse_accepted(text: &str) -> Result<BTreeSet<String>, Problem> {
    text.lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|line| match line.split_once("  # ") {
            Some((survivor, reason)) if !reason.trim().is_empty() => Ok(survivor.trim().to_owned()),
            _ => Err(Problem::new(format!(
                "tests/mutants/accepted.txt: no reason stands behind \"{line}\""
            ))),
        })
        .collect()
}

/// Accepted changes of these packages that are noticed now, or are no longer possible.
fn tell_gone(
    steps: &Steps,
    packages: &[String],
    accepted: &BTreeSet<String>,
    survivors: &[String],
) {
    let now: BTreeSet<String> = survivors.iter().map(|survivor| place_of(survivor)).collect();
    for gone in accepted.difference(&now) {
        if packages.iter().any(|package| gone.starts_with(&format!("crates/{package}/"))) {
            steps.say(&format!("accepted, but no longer survives: {gone}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(text: &str) -> Result<Wanted, Problem> {
        Wanted::parse(Arguments::new(text.split_whitespace().map(str::to_owned)))
    }

    #[test]
    fn both_crates_are_wanted_unless_one_is_named() {
        assert_eq!(wanted("").unwrap().packages, PACKAGES);
        let one = wanted("--package freehold-keys --file padding.rs --shard=0/4").unwrap();
        assert_eq!(one.packages, ["freehold-keys"]);
        assert_eq!(one.filters, ["--file", "padding.rs", "--shard", "0/4"]);
        assert!(wanted("--package freehold-scim").is_err());
        assert!(wanted("--fast").is_err());
    }

    #[test]
    fn a_survivor_is_known_by_file_and_change_wherever_it_stands_in_the_file() {
        let survivor = "crates/freehold-wire/src/cbor.rs:77:37: replace | with ^ in Writer::head";
        assert_eq!(
            place_of(survivor),
            "crates/freehold-wire/src/cbor.rs: replace | with ^ in Writer::head"
        );
    }

    #[test]
    fn what_is_accepted_has_a_reason() {
        let good = "# why\n\na.rs: replace x with y  # it is the same\n";
        assert_eq!(
            parse_accepted(good).unwrap(),
            BTreeSet::from(["a.rs: replace x with y".into()])
        );
        assert!(parse_accepted("a.rs: replace x with y\n").is_err());
        let list = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/mutants/accepted.txt");
        assert!(parse_accepted(&std::fs::read_to_string(list).unwrap()).is_ok());
    }
}
