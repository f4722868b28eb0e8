//! What an answer of an identity provider costs, whatever somebody posts.

use super::machine::Machine;
use super::page;
use crate::arguments::Arguments;
use crate::command::Task;
use crate::place::Place;
use crate::problem::Problem;
use crate::steps::Steps;

pub const HELP: &str = "\
Measures what verifying a SAML answer costs: the hostile set of the tests, and answers made to be
as dear as the bounds let them be. To reach: below 10 ms and 10 MB for each of them.

Usage: cargo xtask bench sso [--write]

  --write  write the part of docs/BENCHMARKS.md
";

const METHOD: &str = "\
Each document is verified five times, the best counts: what the machine does beside it is not the document's. The dearest ones are shown. Memory is the most \
that the process had resident (VmHWM) above its start, over all of them.";

pub fn run(place: &Place, steps: &Steps, mut arguments: Arguments) -> Result<(), Problem> {
    let write = arguments.flag(&["--write"]);
    arguments.end()?;
    let machine = Machine::look(place);
    let example = ["--package", "freehold-sso", "--features", "saml", "--example", "saml_cost"];
    Task::cargo("build the release example", place)
        .words(["build", "-j2", "--release"])
        .words(example)
        .fix("the compiler's message is above")
        .run(place, steps)?;
    let told = Task::cargo("verify", place)
        .words(["run", "--quiet", "--release"])
        .words(example)
        .output()
        .ok_or_else(|| Problem::new("the example failed"))?;
    println!("{told}");
    if write {
        let begun = page::begin("SAML answers", "cargo xtask bench sso --write", &machine);
        page::write(place, &format!("{begun}```\n{told}\n```\n\n{METHOD}\n"))?;
    }
    Ok(())
}
