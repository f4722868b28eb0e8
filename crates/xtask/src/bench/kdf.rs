//! `cargo xtask bench kdf`: what somebody waits for after he typed his passphrase.

use std::fmt::Write as _;

use super::machine::Machine;
use super::page;
use crate::arguments::Arguments;
use crate::command::Task;
use crate::place::Place;
use crate::problem::Problem;
use crate::steps::Steps;
use crate::{install, node, wasm};

pub const HELP: &str = "\
Measures the derivation from a passphrase (Argon2id, t 3, 64 MiB, p 4) in fresh pages of a real
Chromium, from the click, next to hash-wasm, libsodium.js and the native argon2 crate; and what the
set-up page weighs. Nothing else should run meanwhile.

Usage: cargo xtask bench kdf [--rounds N] [--write]

  --rounds N  fresh pages for each, 11 unless told
  --write     write the part of docs/BENCHMARKS.md

Installed when missing, by name: Chromium (Debian package, as root; otherwise the command is
printed), Node packages (tests/bench/kdf/package-lock.json).
";

const METHOD: &str = "\
- A fresh browser with a fresh profile for each figure; the subjects take turns, round by round. Native: a fresh process.
- The figure is the first derivation: from the click to the derived bytes, or in our own page, which runs the shipped Worker, to the message that the \
derivation is over. The whole set-up (keys made, sealed, opened again) is beside it.
- While somebody types, each Worker loads its module and makes one pass over 64 MiB, ours because the product does that, the peers alike.
- hash-wasm computes four lanes as we do; libsodium.js always one, which is as much work.
- \"processor\" is the time that the Worker's thread had a processor: what else the machine does is in it only as far as caches and memory are shared. \
In our page it is read a moment after the derivation, so that some of what follows is in it.
- Of a ratio the best peer's figure stands above ours, or ours above the native one.
";

/// The least that the best peer must take longer, and the most that we may take longer than native.
const TARGET_PEER: f64 = 1.4;
const TARGET_NATIVE: f64 = 1.5;
/// Bytes.
const TARGET_WASM: f64 = 60_000.0;
const TARGET_SETUP: f64 = 150_000.0;

const OURS: &str = "freehold";
const NATIVE: &str = "native";
const SUBJECTS: [(&str, &str); 4] = [
    (OURS, "Freehold"),
    ("hash-wasm", "hash-wasm"),
    ("libsodium", "libsodium.js"),
    (NATIVE, "native `argon2` crate"),
];

/// One line of tests/bench/kdf/run.mjs.
struct Sample {
    subject: String,
    milliseconds: f64,
    processor: f64,
    whole: f64,
    estimated: f64,
}

type Column = fn(&Sample) -> f64;

/// The columns in which subjects are compared.
const COLUMNS: [(&str, Column); 2] =
    [("", |sample| sample.milliseconds), (", processor", |sample| sample.processor)];

pub fn run(place: &Place, steps: &Steps, mut arguments: Arguments) -> Result<(), Problem> {
    let write = arguments.flag(&["--write"]);
    let rounds = match arguments.values("--rounds")?.pop() {
        None => 11,
        Some(word) => word.parse().ok().filter(|rounds| *rounds > 0).ok_or_else(|| {
            Problem::new(format!("--rounds {word} is not a number of rounds")).fix("--rounds 11")
        })?,
    };
    arguments.end()?;
    let machine = Machine::look(place);
    install::ensure(place, steps, &[install::BROWSER])?;
    let folder = place.root.join("tests/bench/kdf");
    node::ensure(place, steps, &folder)?;
    wasm::build(place, steps, false)?;
    let example = ["--package", "freehold-keys", "--example", "derive_cost"];
    Task::cargo("build the native program", place)
        .words(["build", "-j2", "--release"])
        .words(example)
        .fix("the compiler's message is above")
        .run(place, steps)?;
    let samples = measure(place, steps, rounds)?;
    let weights = weigh(place)?;
    let report = report(&samples, &weights);
    println!("\n{report}");
    if write {
        let begun = page::begin("Derivation", "cargo xtask bench kdf --write", &machine);
        page::write(place, &format!("{begun}{report}\n### How it is measured\n\n{METHOD}"))?;
    }
    Ok(())
}

fn measure(place: &Place, steps: &Steps, rounds: u32) -> Result<Vec<Sample>, Problem> {
    steps.say(&format!("{rounds} fresh pages for each: about {} s", rounds * 15));
    let native = place.target.join("release/examples/derive_cost");
    let script = place.root.join("tests/bench/kdf/run.mjs");
    let told = Task::new("measure", "node", place)
        .words([script.into_os_string(), rounds.to_string().into(), native.into_os_string()])
        .output()
        .ok_or_else(|| {
            Problem::new("the measuring failed").fix("node tests/bench/kdf/run.mjs 1 says why")
        })?;
    told.lines().map(sample).collect::<Option<Vec<_>>>().filter(|all| !all.is_empty()).ok_or_else(
        || Problem::new(format!("the measuring told something that cannot be read:\n{told}")),
    )
}

fn sample(line: &str) -> Option<Sample> {
    let mut words = line.split(' ');
    let subject = words.next()?.to_owned();
    let mut number = || words.next()?.parse().ok();
    let (milliseconds, processor) = (number()?, number()?);
    Some(Sample { subject, milliseconds, processor, whole: number()?, estimated: number()? })
}

/// Name and bytes of each line of tests/web/weight.mjs.
pub(super) fn weigh(place: &Place) -> Result<Vec<(String, f64)>, Problem> {
    let script = place.root.join("tests/web/weight.mjs");
    let told = Task::new("weigh", "node", place).words([script]).output();
    let told = told.ok_or_else(|| {
        Problem::new("the weighing failed").fix("node tests/web/weight.mjs says why")
    })?;
    let line = |line: &str| {
        let (name, bytes) = line.split_once(' ')?;
        Some((name.to_owned(), bytes.parse().ok()?))
    };
    told.lines()
        .map(line)
        .collect::<Option<_>>()
        .ok_or_else(|| Problem::new(format!("the weighing told something else:\n{told}")))
}

fn of(samples: &[Sample], subject: &str, column: Column) -> Vec<f64> {
    let mut values: Vec<f64> =
        samples.iter().filter(|sample| sample.subject == subject).map(column).collect();
    values.sort_by(f64::total_cmp);
    values
}

pub(super) fn median(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn least(sorted: &[f64]) -> f64 {
    sorted.first().copied().unwrap_or(f64::NAN)
}

fn report(samples: &[Sample], weights: &[(String, f64)]) -> String {
    let mut text = String::from(
        "| milliseconds | median | least | processor, median | processor, least |\n\
         | --- | --- | --- | --- | --- |\n",
    );
    for (subject, title) in SUBJECTS {
        let _ = write!(text, "| {title} |");
        for (_, column) in COLUMNS {
            let values = of(samples, subject, column);
            let _ = write!(text, " {:.0} | {:.0} |", median(&values), least(&values));
        }
        text.push('\n');
    }
    text.push_str("\n| figure | ratio | target |\n| --- | --- | --- |\n");
    for (name, column) in COLUMNS {
        for (kind, pick) in [("median", median as fn(&[f64]) -> f64), ("least", least)] {
            let figure = |subject: &str| pick(&of(samples, subject, column));
            let peers = SUBJECTS.iter().filter(|(name, _)| ![OURS, NATIVE].contains(name));
            let best = peers.map(|(name, _)| figure(name)).fold(f64::INFINITY, f64::min);
            let (faster, slower) = (best / figure(OURS), figure(OURS) / figure(NATIVE));
            let (fast, native) = (met(faster >= TARGET_PEER), met(slower <= TARGET_NATIVE));
            let _ = writeln!(
                text,
                "| best peer / Freehold, {kind}{name} | {faster:.2} | at least {TARGET_PEER}: \
                 {fast} |\n\
                 | Freehold / native, {kind}{name} | {slower:.2} | at most {TARGET_NATIVE}: \
                 {native} |",
            );
        }
    }
    let whole = median(&of(samples, OURS, |sample| sample.whole));
    let estimated = median(&of(samples, OURS, |sample| sample.estimated));
    let _ = writeln!(
        text,
        "\nThe whole set-up from the click: {whole:.0} ms. What the page expects of the \
         derivation before anything is typed: {estimated:.0} ms (medians).\n\n\
         | bytes, Brotli | | target |\n| --- | --- | --- |",
    );
    for (name, bytes) in weights {
        let (title, target) = match name.as_str() {
            "wasm" => ("the module for set-up and unlock", TARGET_WASM),
            _ => ("the whole set-up page, without the strength meter", TARGET_SETUP),
        };
        let verdict = met(*bytes <= target);
        let _ = writeln!(text, "| {title} | {bytes:.0} | at most {target:.0}: {verdict} |");
    }
    text
}

const fn met(is: bool) -> &'static str {
    if is { "met" } else { "MISSED" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_those_of_the_best_peer_and_of_the_native_crate() {
        let lines = [
            "freehold 100 90 130 120",
            "freehold 110 95 140 120",
            "freehold 300 99 500 120",
            "hash-wasm 400 390 0 0",
            "libsodium 154 150 0 0",
            "native 55 50 0 0",
        ];
        let samples: Vec<Sample> = lines.iter().filter_map(|line| sample(line)).collect();
        assert_eq!(samples.len(), lines.len());
        let weights = [("wasm".to_owned(), 60_001.0), ("setup".to_owned(), 150_000.0)];
        let text = report(&samples, &weights);
        for line in [
            "| Freehold | 110 | 100 | 95 | 90 |",
            "| best peer / Freehold, median | 1.40 | at least 1.4: met |",
            "| Freehold / native, median | 2.00 | at most 1.5: MISSED |",
            "| best peer / Freehold, least, processor | 1.67 | at least 1.4: met |",
            "The whole set-up from the click: 140 ms.",
            "| the module for set-up and unlock | 60001 | at most 60000: MISSED |",
        ] {
            assert!(text.contains(line), "{line} is missing in:\n{text}");
        }
        assert!(sample("freehold 1 2 3").is_none());
    }
}
