//! Pictures of every screen.

use crate::arguments::Arguments;
use crate::command::Task;
use crate::install;
use crate::node;
use crate::place::Place;
use crate::problem::Problem;
use crate::steps::Steps;
use crate::test::build_program;
use crate::wasm;

pub const HELP: &str = "\
Walks through every screen in a real Chromium and takes pictures: light, dark, 320 pixels wide, and
in Arabic.

Usage: cargo xtask screenshots [--docs]

  --docs  put those that the README and the guides show into docs/pictures

The pictures are in target/screenshots.
";

/// What documents show.
const SHOWN: [&str; 7] = [
    "setup-2-passphrase-light",
    "setup-3-kit-light",
    "vault-light",
    "console-start-light",
    "console-scim-light",
    "console-users-light",
    "console-log-light",
];

pub fn run(place: &Place, steps: &Steps, mut arguments: Arguments) -> Result<(), Problem> {
    let docs = arguments.flag(&["--docs"]);
    arguments.end()?;
    install::ensure(place, steps, &[install::BROWSER])?;
    node::ensure(place, steps, &place.root.join("tests/web"))?;
    wasm::build(place, steps, false)?;
    build_program(place, steps)?;
    let folder = place.target.join("screenshots");
    Task::cargo("take the pictures", place)
        .words(["test", "-j2", "--quiet", "--package", "freehold-tests", "--test", "show"])
        .words(["--", "pictures"])
        .words([&folder])
        .show(steps)?;
    if docs {
        let shown = place.root.join("docs/pictures");
        std::fs::create_dir_all(&shown)?;
        for name in SHOWN {
            let file = format!("{name}.png");
            std::fs::copy(folder.join(&file), shown.join(&file))?;
        }
    }
    println!("{}", folder.display());
    Ok(())
}
