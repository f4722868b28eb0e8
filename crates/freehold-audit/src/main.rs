//! `freehold-audit`: a reviewer's checks, each one command.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use freehold_audit::account::AccountRecords;
use freehold_audit::{database, page};

const HELP: &str = "\
For reviewers: checks an account's records, the test vectors, and the pages that a server serves.

Usage:
  freehold-audit export FILE USER    an account's records out of a copy of an SQLite database, as
                                     JSON on standard output; USER is an id or a userName
  freehold-audit verify FILE         everything about exported records that needs no secret
  freehold-audit vectors FOLDER      runs the protocol's test vectors (tests/vectors/v1)
  freehold-audit page URL MANIFEST   compares what a server serves with a published list of hashes

Exit codes: 0 everything holds, 1 something does not, 2 wrong usage.
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["export", file, user] => export(Path::new(file), user),
        ["verify", file] => verify(Path::new(file)),
        ["vectors", folder] => vectors(Path::new(folder)),
        ["page", url, manifest] => compare(url, Path::new(manifest)),
        ["--help" | "-h" | "help"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn export(file: &Path, user: &str) -> Result<bool, String> {
    let records = database::read(file, user).map_err(|error| error.to_string())?;
    let json = serde_json::to_string_pretty(&records).map_err(|error| error.to_string())?;
    println!("{json}");
    Ok(true)
}

fn verify(file: &Path) -> Result<bool, String> {
    let records: AccountRecords = serde_json::from_slice(&read(file)?)
        .map_err(|error| format!("{}: not an export: {error}", file.display()))?;
    let report = records.verify();
    for sentence in &report.holds {
        println!("holds  {sentence}");
    }
    if let Some(failure) = &report.fails {
        println!("FAILS  {failure}");
    }
    Ok(report.fails.is_none())
}

fn vectors(folder: &Path) -> Result<bool, String> {
    let listed = std::fs::read_dir(folder).map_err(|error| at(folder, &error))?;
    let mut files: Vec<PathBuf> = listed.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    if files.is_empty() {
        return Err(format!("{}: no vectors here", folder.display()));
    }
    let mut right = true;
    for file in files {
        let text = String::from_utf8(read(&file)?).map_err(|error| at(&file, &error))?;
        let report = freehold_vectors::run_file(&text);
        println!("{:>4} cases pass  {}", report.passed, file.display());
        for wrong in &report.wrong {
            println!("FAILS  {}: expected {:?}", wrong.name, wrong.expected);
        }
        right &= report.wrong.is_empty();
    }
    Ok(right)
}

fn compare(url: &str, file: &Path) -> Result<bool, String> {
    let manifest: page::Manifest = serde_json::from_slice(&read(file)?)
        .map_err(|error| format!("{}: not a manifest: {error}", file.display()))?;
    let differences = page::compare(&manifest, |path| page::fetch(url, path));
    for difference in &differences {
        println!("DIFFERS  {} {}", difference.path, difference.what);
    }
    if differences.is_empty() {
        println!("{} files, all as published", manifest.files.len());
    }
    Ok(differences.is_empty())
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| at(file, &error))
}

fn at(file: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {error}", file.display())
}
