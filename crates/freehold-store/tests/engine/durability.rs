//! What was answered is there after the program dies in the middle.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use freehold_store::{Database, DatabaseConfig};

use crate::support::{Place, SCHEMA, names, on_both_engines, put};

on_both_engines! { what_was_answered_survives_a_kill }

const WHERE: &str = "FREEHOLD_TEST_CHILD_DATABASE";

fn what_was_answered_survives_a_kill(place: &Place) {
    drop(place.open());
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "durability::writes_until_killed", "--ignored", "--nocapture"])
        .env(WHERE, &place.config.url)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut answered: Vec<String> = lines.by_ref().filter_map(name_in).take(40).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    answered.extend(lines.filter_map(name_in));

    let kept = names(&place.open());
    let lost: Vec<_> = answered.iter().filter(|name| !kept.contains(name)).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

fn name_in(line: String) -> Option<String> {
    line.strip_prefix("answered ").map(str::to_owned)
}

/// The child: says the name of each thing once its write was answered, and never stops.
#[test]
#[ignore = "started by what_was_answered_survives_a_kill"]
fn writes_until_killed() {
    let Ok(url) = std::env::var(WHERE) else { return };
    let database = Database::open_with(&DatabaseConfig::for_url(&url), SCHEMA).unwrap();
    for number in 0..1_000_000 {
        let name = format!("thing-{number}");
        put(&database, &name, number).unwrap();
        println!("answered {name}");
    }
}
