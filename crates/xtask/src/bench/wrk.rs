//! Running wrk with one of the scripts in tests/bench.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::machine;
use super::subjects::Server;
use crate::command::Task;
use crate::place::Place;
use crate::problem::Problem;
use crate::steps::Steps;

/// How much load, and for how long.
#[derive(Clone, Copy)]
pub struct Load {
    pub threads: u32,
    pub connections: u32,
    pub seconds: u32,
}

impl Load {
    pub fn new(threads: u32, connections: u32, seconds: u32) -> Self {
        Self { threads, connections, seconds }
    }
}

/// What a script is given beside the server.
pub struct Given<'g> {
    /// The file of users that [`super::seed`] wrote.
    pub users: &'g Path,
    /// Makes new names differ from those of other runs.
    pub word: &'g str,
    pub groups: &'g [String],
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Good answers a second.
    pub rate: f64,
    /// Answers of any kind.
    pub requests: u64,
    /// Answers that were no success.
    pub refused: u64,
    /// Connections that broke, answers that never came.
    pub broken: u64,
}

/// Runs a script of tests/bench as one step.
pub fn run(
    place: &Place,
    steps: &Steps,
    name: &str,
    script: &str,
    server: &Server,
    load: Load,
    given: &Given<'_>,
) -> Result<Outcome, Problem> {
    let step = steps.begin(name);
    let endpoint = &server.endpoint;
    let used_before = machine::processor_seconds(server.process);
    let words = [
        format!("-t{}", load.threads),
        format!("-c{}", load.connections),
        format!("-d{}s", load.seconds),
        // A slow answer is an answer; wrk would count it as an error after two seconds.
        "--timeout=30s".to_owned(),
        format!("--script={script}.lua"),
        endpoint.url(),
        "--".to_owned(),
        endpoint.token.clone(),
        given.users.display().to_string(),
        given.word.to_owned(),
        given.groups.join(","),
    ];
    let output = Task::new(name, "wrk", place)
        .words(words)
        .within(&scripts(place))
        .limit(Duration::from_secs(u64::from(load.seconds) + 60))
        .output();
    let Some(outcome) = output.as_deref().and_then(parse) else {
        step.failed();
        return Err(Problem::new(format!("wrk did not end well with {script}.lua")).fix(format!(
            "try it by hand in tests/bench: wrk -s {script}.lua URL -- TOKEN USERS"
        )));
    };
    let used = machine::processor_seconds(server.process)
        .zip(used_before)
        .map(|(after, before)| (after - before) * 1e6 / outcome.requests.max(1) as f64);
    // Steadier than the rate on a machine that does something else too.
    let used = used.map_or_else(String::new, |used| format!(", {used:.0} µs of processor each"));
    step.done_with(&format!("{:.0}/s{used}", outcome.rate));
    Ok(outcome)
}

fn scripts(place: &Place) -> PathBuf {
    place.root.join("tests/bench")
}

/// Reads the line that `common.lua` prints.
fn parse(output: &str) -> Option<Outcome> {
    let line = output.lines().find_map(|line| line.strip_prefix("figures "))?;
    let number = |name: &str| {
        let mut pairs = line.split(' ').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name)?.1.parse::<u64>().ok()
    };
    let (requests, refused) = (number("requests")?, number("refused")?);
    let seconds = number("microseconds")? as f64 / 1e6;
    let rate = requests.saturating_sub(refused) as f64 / seconds;
    Some(Outcome { rate, requests, refused, broken: number("broken")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_requests_do_not_count_for_the_rate() {
        let output = "Running 2s test\nfigures requests=110 microseconds=2000000 refused=10 \
                      broken=1 p50=1 p99=2\n";
        assert_eq!(
            parse(output),
            Some(Outcome { rate: 50.0, requests: 110, refused: 10, broken: 1 })
        );
        assert_eq!(parse("unable to connect"), None);
    }
}
