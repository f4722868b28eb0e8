//! The demonstration: everything that `freehold-demo` needs, then itself.

use std::path::PathBuf;

use crate::arguments::Arguments;
use crate::command::Task;
use crate::install;
use crate::place::Place;
use crate::problem::Problem;
use crate::steps::Steps;
use crate::wasm;

pub const HELP: &str = "\
Builds Freehold, starts it with a demonstration identity provider, provisions five people by SCIM,
and prints where to click. Ctrl-C ends it. For looking around, never for production.

Usage: cargo xtask demo [--once] [--data FOLDER]

  --once         play the whole first login in headless Chromium, print each step, and end
  --data FOLDER  keep the data there (default: data/demo in the checkout)
";

pub fn run(place: &Place, steps: &Steps, mut arguments: Arguments) -> Result<(), Problem> {
    let once = arguments.flag(&["--once"]);
    let data = arguments.values("--data")?.pop();
    arguments.end()?;
    let data = data.map_or_else(|| place.root.join("data/demo"), PathBuf::from);

    if once {
        install::ensure(place, steps, &[install::BROWSER])?;
    }
    wasm::build(place, steps, false)?;
    // Debug, because dependencies are optimized there too and a release build takes far longer.
    let build = Task::cargo("build the server and the demonstration", place)
        .words(["build", "--package", "freehold-server", "--package", "freehold-demo"])
        .fix("the compiler's message is above");
    let build = if once { build.words(["--features", "freehold-demo/once"]) } else { build };
    build.run(place, steps)?;

    let demo = Task::new("the demonstration", place.program("freehold-demo"), place)
        .words(["run", "--freehold-bin"])
        .words([place.program("freehold")])
        .words(["--data".into(), data]);
    let demo = if once { demo.words(["--once"]) } else { demo };
    steps.say("start the demonstration");
    Err(demo.become_it())
}
