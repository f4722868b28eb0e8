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

impl Outcome {
    /// Of runs of the same length, one after another.
    pub fn together(runs: &[Self]) -> Option<Self> {
        let sum = |count: fn(&Self) -> u64| runs.iter().map(count).sum();
        let rates: f64 = runs.iter().map(|run| run.rate).sum();
        (!runs.is_empty()).then(|| Self {
            rate: rates / runs.len() as f64,
            requests: sum(|run| run.requests),
            refused: sum(|run| run.refused),
            broken: sum(|run| run.broken),
        })
    }
}

/// A script of tests/bench and the server that it is for.
pub struct Run<'r> {
    pub place: &'r Place,
    pub name: &'r str,
    pub script: &'r str,
    pub server: &'r Server,
    pub load: Load,
    pub given: Given<'r>,
}

impl Run<'_> {
    /// Runs the script once, as one step.
    pub fn once(&self, steps: &Steps) -> Result<Outcome, Problem> {
        let step = steps.begin(self.name);
        let used_before = self.used();
        let outcome = self.slice(self.given.word);
        let Ok(outcome) = outcome else {
            step.failed();
            return outcome;
        };
        let used = self.used_each(used_before, outcome.requests);
        step.done_with(&format!("{:.0}/s{used}", outcome.rate));
        Ok(outcome)
    }

    /// Runs the script again and again until so many answers were good, so often at most, as one step.
    pub fn until(&self, steps: &Steps, wanted: u64, most: u32) -> Result<Vec<Outcome>, Problem> {
        let step = steps.begin(self.name);
        let used_before = self.used();
        let mut slices = Vec::new();
        let mut good = 0;
        while good < wanted && (slices.len() as u32) < most {
            let word = format!("{}-{}", self.given.word, slices.len());
            match self.slice(&word) {
                Ok(slice) => slices.push(slice),
                Err(problem) => {
                    step.failed();
                    return Err(problem);
                }
            }
            good = slices.iter().map(|slice| slice.requests - slice.refused).sum();
            step.alive(&format!("{good}"));
        }
        let seconds = slices.len() as u32 * self.load.seconds;
        let used = self.used_each(used_before, good);
        step.done_with(&format!("{good} in {seconds} s{used}"));
        Ok(slices)
    }

    fn used(&self) -> Option<f64> {
        machine::processor_seconds(self.server.process)
    }

    /// Steadier than the rate on a machine that does something else too.
    fn used_each(&self, before: Option<f64>, requests: u64) -> String {
        let used = self.used().zip(before).map(|(after, before)| after - before);
        used.map_or_else(String::new, |used| {
            format!(", {:.0} µs of processor each", used * 1e6 / requests.max(1) as f64)
        })
    }

    fn slice(&self, word: &str) -> Result<Outcome, Problem> {
        let Self { load, script, .. } = self;
        let output = Task::new(self.name, "wrk", self.place)
            .words(self.words(word))
            .within(&scripts(self.place))
            .limit(Duration::from_secs(u64::from(load.seconds) + 60))
            .output();
        output.as_deref().and_then(parse).ok_or_else(|| {
            Problem::new(format!("wrk did not end well with {script}.lua")).fix(format!(
                "try it by hand in tests/bench: wrk -s {script}.lua URL -- TOKEN USERS"
            ))
        })
    }

    fn words(&self, word: &str) -> [String; 11] {
        let Self { load, script, given, server: Server { endpoint, .. }, .. } = self;
        [
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
            word.to_owned(),
            given.groups.join(","),
        ]
    }
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

    #[test]
    fn the_rate_of_several_runs_is_that_of_the_whole_time() {
        let run = |rate| Outcome { rate, requests: 10, refused: 0, broken: 1 };
        let both = Outcome { rate: 20.0, requests: 20, refused: 0, broken: 2 };
        assert_eq!(Outcome::together(&[run(10.0), run(30.0)]), Some(both));
        assert_eq!(Outcome::together(&[]), None);
    }
}
