//! Mutation tests of the two crates of the key protocol.

use std::collections::BTreeSet;
use std::path::Path;

use crate::arguments::Arguments;
use crate::command::Task;
use crate::place::Place;
use crate::problem::Problem;
use crate::steps::Steps;

pub const HELP: &str = "\
Changes the code of the key protocol in small ways, one at a time, and runs tests: first those of its
crate; for a change that these do not notice, those of the crates that build on it, too. A change
that no test notices is a test that is missing.

Usage: cargo xtask mutants [--package NAME].. [--file GLOB]..

  --package NAME  freehold-wire or freehold-keys; both without it
  --file GLOB     only changes in these files, such as padding.rs

Survivors must stand in tests/mutants/accepted.txt with a reason, or the command fails. What was
changed and what came of it stands in target/mutants/PACKAGE/mutants.out.

cargo-mutants is built into the target folder when it is missing. The whole takes hours.
";

const VERSION: &str = "27.1.0";
/// Each package with those whose tests look at the changes that its own do not notice. Wherever a
/// rule can be tested beside its code, few changes are left for these: they are slow.
const PACKAGES: [(&str, &[&str]); 2] = [
    ("freehold-wire", &["freehold-keys", "freehold-vectors"]),
    ("freehold-keys", &["freehold-vectors"]),
];
/// Exit codes of cargo-mutants: changes survived; tests did not end, which is noticed.
const SURVIVED: i32 = 2;
const ENDLESS: i32 = 3;

/// A package, and what else tests it.
type Package = (&'static str, &'static [&'static str]);

/// What was asked for.
struct Wanted {
    packages: Vec<Package>,
    /// Words for cargo-mutants that leave changes out.
    filters: Vec<String>,
}

impl Wanted {
    fn parse(mut arguments: Arguments) -> Result<Self, Problem> {
        let names = arguments.values("--package")?;
        let mut packages = names.iter().map(|name| package(name)).collect::<Result<Vec<_>, _>>()?;
        if packages.is_empty() {
            packages = PACKAGES.to_vec();
        }
        let files = arguments.values("--file")?;
        let filters = files.into_iter().flat_map(|glob| ["--file".to_owned(), glob]).collect();
        arguments.end()?;
        Ok(Self { packages, filters })
    }
}

fn package(name: &str) -> Result<Package, Problem> {
    PACKAGES.into_iter().find(|(known, _)| *known == name).ok_or_else(|| {
        Problem::new(format!("no mutation tests for \"{name}\""))
            .fix(format!("one of: {}", PACKAGES.map(|(known, _)| known).join(", ")))
    })
}

pub fn run(place: &Place, steps: &Steps, arguments: Arguments) -> Result<(), Problem> {
    let wanted = Wanted::parse(arguments)?;
    let list = std::fs::read_to_string(place.root.join("tests/mutants/accepted.txt"))?;
    let accepted = parse_accepted(&list)?;
    install(place, steps)?;
    let mut survivors = Vec::new();
    for package in &wanted.packages {
        survivors.extend(survivors_of(place, steps, *package, &wanted.filters)?);
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
    (package, others): Package,
    filters: &[String],
) -> Result<Vec<String>, Problem> {
    let out = place.target.join("mutants").join(package);
    std::fs::create_dir_all(&out)?;
    for pass in [Pass::Own, Pass::Others] {
        let name = format!("mutants of {package}, {}", pass.name());
        Task::new(name, program(place), place)
            .words(["mutants", "--package", package, "--jobs", "1", "--minimum-test-timeout", "60"])
            .words(["--annotations", "none", "--output"])
            .words([&out])
            .words(pass.words(package, others))
            .words(filters)
            // Kept from run to run: only what was changed is built again, and without what a debugger needs.
            .env("CARGO_TARGET_DIR", place.target.join("mutants/build"))
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            // A change that is noticed is noticed by one of a few random inputs.
            .env("PROPTEST_CASES", "32")
            .accept(SURVIVED)
            .accept(ENDLESS)
            .show(steps)?;
    }
    lines(&out.join("mutants.out/missed.txt"))
}

/// Whose tests run.
#[derive(Clone, Copy)]
enum Pass {
    /// The package's.
    Own,
    /// Those of others, for what the own did not notice.
    Others,
}

impl Pass {
    const fn name(self) -> &'static str {
        match self {
            Self::Own => "by its own tests",
            Self::Others => "what is left, by those of others",
        }
    }

    fn words(self, package: &str, others: &[&str]) -> Vec<String> {
        let (testing, again): (&[&str], _) = match self {
            Self::Own => (&[package], None),
            // What is noticed is written into the folder for results, and left out from there.
            Self::Others => (others, Some("--iterate")),
        };
        let named = testing.iter().flat_map(|name| ["--test-package", name]);
        named.chain(again).map(str::to_owned).collect()
    }
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
    packages: &[Package],
    accepted: &BTreeSet<String>,
    survivors: &[String],
) {
    let now: BTreeSet<String> = survivors.iter().map(|survivor| place_of(survivor)).collect();
    for gone in accepted.difference(&now) {
        if packages.iter().any(|(package, _)| gone.starts_with(&format!("crates/{package}/"))) {
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
        let one = wanted("--package freehold-keys --file padding.rs --file=card.rs").unwrap();
        assert_eq!(one.packages, [PACKAGES[1]]);
        assert_eq!(one.filters, ["--file", "padding.rs", "--file", "card.rs"]);
        assert!(wanted("--package freehold-scim").is_err());
        assert!(wanted("--fast").is_err());
    }

    #[test]
    fn what_its_own_tests_noticed_is_not_shown_to_those_of_others() {
        let (package, others) = PACKAGES[0];
        assert_eq!(Pass::Own.words(package, others), ["--test-package", "freehold-wire"]);
        assert_eq!(
            Pass::Others.words(package, others).join(" "),
            "--test-package freehold-keys --test-package freehold-vectors --iterate"
        );
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
