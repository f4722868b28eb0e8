//! Figures: how fast, next to other open servers on the same machine.

mod figures;
mod http;
mod kdf;
mod machine;
mod pace;
mod page;
mod report;
mod scim;
mod seed;
mod sso;
mod subjects;
mod web;
mod wrk;

use crate::arguments::Arguments;
use crate::place::Place;
use crate::problem::Problem;
use crate::steps::Steps;

pub const HELP: &str = "\
Measures Freehold, and other open servers beside it.

Usage: cargo xtask bench <name> [options]

  scim   creates, look-ups, PATCHes, group pushes: on SQLite, on PostgreSQL, and two other servers
  sso    verifying SAML answers, the dearest that somebody may post
  kdf    deriving from a passphrase in a browser, beside others; what the page weighs
  web    how soon pages are there and the log is live

Each benchmark explains itself: cargo xtask bench <name> --help
";

/// What a benchmark does.
type Start = fn(&Place, &Steps, Arguments) -> Result<(), Problem>;

/// Every benchmark: its name, its help, itself.
const ALL: [(&str, &str, Start); 4] = [
    ("scim", scim::HELP, scim::run),
    ("sso", sso::HELP, sso::run),
    ("kdf", kdf::HELP, kdf::run),
    ("web", web::HELP, web::run),
];

/// Prints the help of the benchmark that the words name; the words have asked for help.
pub fn help(words: &[String]) {
    let named = ALL.iter().find(|(name, ..)| words.iter().any(|word| word == name));
    print!("{}", named.map_or(HELP, |(_, help, _)| help));
}

pub fn run(place: &Place, steps: &Steps, mut arguments: Arguments) -> Result<(), Problem> {
    let names: Vec<&str> = ALL.iter().map(|(name, ..)| *name).collect();
    let wanted = arguments.word().unwrap_or_default();
    let Some((_, _, start)) = ALL.iter().find(|(name, ..)| *name == wanted) else {
        let what = match wanted.as_str() {
            "" => "which benchmark?".to_owned(),
            other => format!("there is no benchmark \"{other}\""),
        };
        return Err(Problem::new(what).fix(format!("cargo xtask bench {}", names.join(" or "))));
    };
    start(place, steps, arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_benchmark() {
        for (name, ..) in ALL {
            assert!(HELP.contains(&format!("\n  {name} ")), "{name} is missing in the help");
        }
    }
}
