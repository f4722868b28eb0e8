//! Every check and every test, after installing what they need.

use crate::arguments::Arguments;
use crate::command::Task;
use crate::install;
use crate::node;
use crate::place::Place;
use crate::postgres::{self, Cluster, Disk};
use crate::problem::Problem;
use crate::python;
use crate::steps::Steps;
use crate::wasm;

pub const HELP: &str = "\
Installs what the tests need, then runs every check and every test.

Usage: cargo xtask test [FILTER..] [--only PART]..

  FILTER       run only the tests whose names contain one of these words
  --only PART  this part alone; may stand several times

Parts, in the order they run:
  format       rustfmt
  clippy       lints, as errors
  web          type check of web/, its languages against English, what its pages preload
  unit         tests inside the crates, and examples in their documentation
  contract     tests of the crates from outside, on SQLite and PostgreSQL
  rules        licences, dependencies that must not be, and other rules of the house
  interop      the independent checker of the key protocol, in Python
  conformance  SCIM: recorded exchanges, public suites, a client library, on SQLite and PostgreSQL
  e2e          the stories in a real Chromium, and what the server saw of them

Installed when missing, by name: Chromium with its headless shell and its driver, PostgreSQL,
SimpleSAMLphp (Debian packages, as root; otherwise the command is printed), Python packages
(tests/*requirements.txt, into the target folder), Node packages (tests/web/package-lock.json).
";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Format,
    Clippy,
    Web,
    Unit,
    Contract,
    Rules,
    Interop,
    Conformance,
    E2e,
}

const PARTS: [(&str, Part); 9] = [
    ("format", Part::Format),
    ("clippy", Part::Clippy),
    ("web", Part::Web),
    ("unit", Part::Unit),
    ("contract", Part::Contract),
    ("rules", Part::Rules),
    ("interop", Part::Interop),
    ("conformance", Part::Conformance),
    ("e2e", Part::E2e),
];

/// The parts that run the built program.
const USES_PROGRAM: [Part; 2] = [Part::Conformance, Part::E2e];
/// The parts that need PostgreSQL, and the pages for the program that they build.
const USES_DATABASES: [Part; 4] = [Part::Unit, Part::Contract, Part::Conformance, Part::E2e];

/// By it the tests' own programs are told how many of them run side by side.
const THREADS: &str = "RUST_TEST_THREADS";

/// What was asked for.
struct Wanted {
    parts: Vec<Part>,
    filters: Vec<String>,
}

impl Wanted {
    fn parse(mut arguments: Arguments) -> Result<Self, Problem> {
        let mut parts = Vec::new();
        for name in arguments.values("--only")? {
            let part = PARTS.iter().find(|(known, _)| *known == name);
            let Some((_, part)) = part else {
                let names: Vec<&str> = PARTS.iter().map(|(known, _)| *known).collect();
                return Err(Problem::new(format!("there is no part \"{name}\""))
                    .fix(format!("one of: {}", names.join(", "))));
            };
            parts.push(*part);
        }
        let filters = arguments.rest()?;
        if parts.is_empty() {
            parts = PARTS.iter().map(|(_, part)| *part).collect();
            if !filters.is_empty() {
                // Looking for one test: what has no tests is not asked for.
                parts.retain(|part| !matches!(part, Part::Format | Part::Clippy | Part::Web));
            }
        }
        Ok(Self { parts, filters })
    }

    fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    fn any(&self, parts: &[Part]) -> bool {
        parts.iter().any(|part| self.has(*part))
    }
}

pub fn run(place: &Place, steps: &Steps, arguments: Arguments) -> Result<(), Problem> {
    let wanted = Wanted::parse(arguments)?;
    // Installing waits for the network, and the browser modules are linked on one processor; these need neither.
    let (prepared, checked) = std::thread::scope(|scope| {
        let preparing = scope.spawn(|| prepare(place, steps, &wanted));
        let checked = check_rust(place, steps, &wanted);
        (preparing.join().expect("installing does not panic"), checked)
    });
    prepared?;
    checked?;
    if wanted.has(Part::Web) {
        check_web(place, steps)?;
    }
    let cluster = if wanted.any(&USES_DATABASES) {
        Some(postgres::start(place, steps, Disk::Careless)?)
    } else {
        None
    };
    let failures = run_tests(place, steps, &wanted, cluster.as_ref());
    drop(cluster);
    steps.say("stopped PostgreSQL and whatever else was started");
    match failures.as_slice() {
        [] => {
            steps.say("everything passed");
            Ok(())
        }
        failures => {
            for failure in failures {
                eprintln!("{failure}");
            }
            Err(Problem::new(format!("{} of the test runs failed", failures.len()))
                .fix("their output is above; one test again: cargo xtask test NAME"))
        }
    }
}

/// Runs each kind of test, the later ones also after a failure of an earlier one.
fn run_tests(
    place: &Place,
    steps: &Steps,
    wanted: &Wanted,
    cluster: Option<&Cluster>,
) -> Vec<Problem> {
    let mut failures = Vec::new();
    let mut keep = |outcome: Result<(), Problem>| {
        if let Err(problem) = outcome {
            failures.push(problem);
        }
    };
    let task = |name: &str, words: &[&str]| {
        let mut task = Task::cargo(name, place)
            .words(["test", "-j2", "--no-fail-fast", "--workspace"])
            .words(words);
        if let Some(cluster) = cluster {
            task = task.env("TEST_DATABASE_URL", &cluster.url);
        }
        if !wanted.filters.is_empty() {
            task = task.words(["--"]).words(&wanted.filters);
        }
        task
    };
    let cargo_test = |name: &str, words: &[&str]| task(name, words).show(steps);
    // Browsers leave no processor idle; the tests of the crates do.
    let of_crates = |name: &str, words: &[&str]| {
        let task = task(name, &[&["--exclude", "freehold-tests"], words].concat());
        match std::env::var_os(THREADS) {
            Some(_) => task,
            None => task.env(THREADS, side_by_side().to_string()),
        }
    };
    match (wanted.has(Part::Unit), wanted.has(Part::Contract)) {
        (true, true) => keep(of_crates("unit and contract tests", &[]).show(steps)),
        (true, false) => {
            keep(of_crates("unit tests", &["--lib", "--bins"]).show(steps));
            keep(of_crates("examples in the documentation", &["--doc"]).show(steps));
        }
        (false, true) => keep(of_crates("contract tests", &["--test", "*"]).show(steps)),
        (false, false) => {}
    }
    if wanted.has(Part::Contract) {
        // The tests of the server run on SQLite above.
        let again = of_crates("the server's tests on PostgreSQL", &["--test", "server"]);
        keep(again.env("TEST_SERVER_ON", "postgres").show(steps));
    }
    if wanted.has(Part::Rules) {
        keep(cargo_test("rules of the house", &["--test", "rules"]));
    }
    if wanted.has(Part::Interop) {
        keep(interop(place, steps, wanted));
    }
    if wanted.any(&USES_PROGRAM) {
        let built = build_program(place, steps);
        let is_built = built.is_ok();
        keep(built);
        if is_built && wanted.has(Part::Conformance) {
            keep(cargo_test("SCIM conformance", &["--test", "conformance"]));
        }
        if is_built && wanted.has(Part::E2e) {
            let stories = ["--test", "e2e", "--test", "secrecy"];
            keep(cargo_test("stories in the browser", &stories));
        }
    }
    failures
}

/// How many tests run side by side: one more than there are processors, for many of them wait.
fn side_by_side() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from) + 1
}

/// Builds the server alone, with the product's own features: the stories must not run on a binary
/// that carries a feature meant for tests.
pub fn build_program(place: &Place, steps: &Steps) -> Result<(), Problem> {
    Task::cargo("build the server that the stories use", place)
        .words(["build", "-j2", "--package", "freehold-server"])
        .fix("the compiler's message is above")
        .run(place, steps)
}

fn prepare(place: &Place, steps: &Steps, wanted: &Wanted) -> Result<(), Problem> {
    let mut needs = Vec::new();
    if wanted.any(&[Part::Unit, Part::Contract, Part::E2e]) {
        needs.push(install::BROWSER);
    }
    if wanted.has(Part::E2e) {
        needs.push(install::SIMPLESAMLPHP);
    }
    if wanted.any(&USES_DATABASES) {
        needs.push(install::POSTGRESQL);
    }
    let python = wanted.any(&[Part::Interop, Part::Conformance, Part::E2e, Part::Contract]);
    if python {
        needs.push(install::PYTHON);
    }
    install::ensure(place, steps, &needs)?;
    if python {
        python::CHECKS.ensure(place, steps)?;
    }
    if wanted.any(&[Part::E2e]) {
        python::CANAILLE.ensure(place, steps)?;
    }
    if wanted.any(&[Part::Web, Part::E2e]) {
        node::ensure(place, steps, &place.root.join("tests/web"))?;
    }
    if wanted.any(&USES_DATABASES) {
        wasm::build(place, steps, true)?;
    }
    Ok(())
}

fn check_rust(place: &Place, steps: &Steps, wanted: &Wanted) -> Result<(), Problem> {
    if wanted.has(Part::Format) {
        format(place, steps)?;
    }
    if wanted.has(Part::Clippy) {
        clippy(place, steps)?;
    }
    Ok(())
}

fn format(place: &Place, steps: &Steps) -> Result<(), Problem> {
    Task::cargo("format", place)
        .words(["fmt", "--all", "--check"])
        .fix("cargo fmt --all")
        .run(place, steps)
}

fn clippy(place: &Place, steps: &Steps) -> Result<(), Problem> {
    Task::cargo("clippy", place)
        .words(["clippy", "-j2", "--workspace", "--all-targets", "--all-features"])
        .words(["--", "-D", "warnings"])
        .fix("the lints are above; cargo clippy --workspace --all-targets shows them again")
        .run(place, steps)
}

fn check_web(place: &Place, steps: &Steps) -> Result<(), Problem> {
    Task::new("type check of web/, and its languages", "npm", place)
        .words(["run", "--silent", "check"])
        .within(&place.root.join("tests/web"))
        .fix("the errors are above; npm run check in tests/web shows them again")
        .run(place, steps)
}

fn interop(place: &Place, steps: &Steps, wanted: &Wanted) -> Result<(), Problem> {
    let folder = place.root.join("tests/interop");
    if !folder.is_dir() {
        return Ok(());
    }
    let mut task = Task::new(
        "the independent checker in Python",
        python::CHECKS.program(place, "python"),
        place,
    )
    .words(["-m", "pytest", "-p", "no:cacheprovider"])
    .words([&folder])
    .env("PYTHONDONTWRITEBYTECODE", "1");
    if !wanted.filters.is_empty() {
        // pytest's exit code for: no test has such a name.
        task = task.words(["-k", &wanted.filters.join(" or ")]).accept(5);
    }
    task.show(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(text: &str) -> Result<Wanted, Problem> {
        Wanted::parse(Arguments::new(text.split_whitespace().map(str::to_owned)))
    }

    #[test]
    fn without_words_every_part_is_wanted() {
        assert_eq!(wanted("").unwrap().parts.len(), PARTS.len());
    }

    #[test]
    fn a_filter_leaves_out_the_parts_without_tests() {
        let wanted = wanted("two_browsers").unwrap();
        assert!(wanted.has(Part::E2e));
        assert!(!wanted.has(Part::Clippy));
    }

    #[test]
    fn only_names_the_parts_and_an_unknown_one_is_refused() {
        let wanted_parts = wanted("--only unit --only e2e").unwrap();
        assert!(wanted_parts.has(Part::Unit) && wanted_parts.has(Part::E2e));
        assert!(!wanted_parts.has(Part::Contract));
        assert!(wanted("--only everything").is_err());
    }

    #[test]
    fn the_help_names_every_part() {
        for (name, _) in PARTS {
            assert!(HELP.contains(&format!("\n  {name} ")), "{name} is missing in the help");
        }
    }
}
