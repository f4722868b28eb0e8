//! `cargo xtask bench web`: what somebody waits for who opens a page.

use std::fmt::Write as _;

use super::kdf::{median, weigh};
use super::machine::Machine;
use super::page;
use crate::arguments::Arguments;
use crate::command::Task;
use crate::place::Place;
use crate::problem::Problem;
use crate::steps::Steps;
use crate::{install, node, wasm};

pub const HELP: &str = "\
Measures the pages of a release build in a real Chromium: how soon the set-up page takes a click at
a quarter of the processor's speed, how long deriving keeps the main thread, how soon a request of
an identity provider is on the screen of the live log, and what the set-up page weighs.

Usage: cargo xtask bench web [--write]

  --write  write the part of docs/BENCHMARKS.md

Installed when missing, by name: Chromium (Debian package, as root; otherwise the command is
printed), Node packages (tests/web/package-lock.json).
";

const METHOD: &str = "\
- Release build, SQLite, and Chromium on the same machine. A fresh server and a fresh browser for each figure of the set-up page; its cache is emptied \
before the page is opened again by somebody who is signed in.
- \"Takes a click\": from the beginning of the navigation until the first screen with its button stands, the check for WebAssembly included; \
Chromium slows the processor down by a factor of 4.
- Tasks of the main thread above 50 ms are those that the browser reports (Long Tasks API); 0 means none. From the click to the kit.
- Live log: from before the request is sent, by the clock of the machine, until the row stands in the page. There is no peer to compare with.
";

/// Name, title, the most that is asked for.
const FIGURES: [(&str, &str, f64); 3] = [
    ("interactive-ms", "set-up page takes a click, processor at a quarter", 1_000.0),
    ("longest-task-ms", "longest task of the main thread while deriving", 50.0),
    ("live-ms", "a SCIM request on the screen of the live log", 1_000.0),
];
/// Bytes.
const TARGET_SETUP: f64 = 150_000.0;

pub fn run(place: &Place, steps: &Steps, mut arguments: Arguments) -> Result<(), Problem> {
    let write = arguments.flag(&["--write"]);
    arguments.end()?;
    let machine = Machine::look(place);
    install::ensure(place, steps, &[install::BROWSER])?;
    node::ensure(place, steps, &place.root.join("tests/web"))?;
    wasm::build(place, steps, false)?;
    Task::cargo("build the server", place)
        .words(["build", "-j2", "--release", "--package", "freehold-server"])
        .fix("the compiler's message is above")
        .run(place, steps)?;
    let show = ["test", "-j2", "--quiet", "--package", "freehold-tests", "--test", "show"];
    Task::cargo("build what measures", place)
        .words(show)
        .words(["--no-run"])
        .fix("the compiler's message is above")
        .run(place, steps)?;
    let told = Task::cargo("measure", place)
        .words(show)
        .words(["--", "figures"])
        .words([place.target.join("release/freehold")])
        .output()
        .ok_or_else(|| Problem::new("the measuring failed"))?;
    let report = report(&told, &weigh(place)?);
    println!("\n{report}");
    if write {
        let begun = page::begin("Pages", "cargo xtask bench web --write", &machine);
        page::write(place, &format!("{begun}{report}\n### How it is measured\n\n{METHOD}"))?;
    }
    Ok(())
}

fn report(told: &str, weights: &[(String, f64)]) -> String {
    let mut text = String::from("| | median | most | target |\n| --- | --- | --- | --- |\n");
    for (name, title, target) in FIGURES {
        let mut values: Vec<f64> = told
            .lines()
            .filter_map(|line| line.split_once(' '))
            .filter(|(known, _)| *known == name)
            .filter_map(|(_, value)| value.parse().ok())
            .collect();
        values.sort_by(f64::total_cmp);
        let most = values.last().copied().unwrap_or(f64::NAN);
        let verdict = if most <= target { "met" } else { "MISSED" };
        let _ = writeln!(
            text,
            "| {title}, {} times | {:.0} ms | {most:.0} ms | at most {target:.0} ms: {verdict} |",
            values.len(),
            median(&values),
        );
    }
    // In the heaviest language.
    for (_, bytes) in weights.iter().filter(|(name, _)| name == "setup") {
        let verdict = if *bytes <= TARGET_SETUP { "met" } else { "MISSED" };
        let _ = writeln!(
            text,
            "| the whole set-up page as Brotli sends it | {bytes:.0} bytes | | at most \
             {TARGET_SETUP:.0} bytes: {verdict} |",
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::report;

    #[test]
    fn the_slowest_counts_and_nothing_measured_is_nothing_met() {
        let told = "interactive-ms 700\ninteractive-ms 1200\ninteractive-ms 800\nlive-ms 40";
        let text =
            report(told, &[("setup".to_owned(), 150_001.0), ("setup-in-en".to_owned(), 150_000.0)]);
        assert!(text.contains("3 times | 800 ms | 1200 ms | at most 1000 ms: MISSED"), "{text}");
        assert!(text.contains("1 times | 40 ms | 40 ms | at most 1000 ms: met"), "{text}");
        assert!(text.contains("0 times | NaN ms | NaN ms | at most 50 ms: MISSED"), "{text}");
        assert_eq!(text.matches("bytes: MISSED").count(), 1, "{text}");
    }
}
