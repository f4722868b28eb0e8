//! Python environments inside the target folder, from pinned requirements.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::command::Task;
use crate::place::Place;
use crate::problem::Problem;
use crate::steps::Steps;

/// The environment of the checker and the conformance suites.
pub const CHECKS: Environment = Environment { folder: "venv", requirements: "requirements.txt" };
/// Canaille's, apart because its pins fit no others.
pub const CANAILLE: Environment =
    Environment { folder: "venv-canaille", requirements: "canaille-requirements.txt" };

/// A server to compare with in the benchmarks.
pub const PEER: Environment =
    Environment { folder: "venv-bench", requirements: "bench/peers/requirements.txt" };

/// A virtual environment under the target folder.
pub struct Environment {
    folder: &'static str,
    /// In tests/.
    requirements: &'static str,
}

impl Environment {
    pub fn folder(&self, place: &Place) -> PathBuf {
        place.target.join(self.folder)
    }

    pub fn program(&self, place: &Place, name: &str) -> PathBuf {
        self.folder(place).join("bin").join(name)
    }

    /// Makes it and installs the requirements, unless that is done already.
    pub fn ensure(&self, place: &Place, steps: &Steps) -> Result<(), Problem> {
        let requirements = place.root.join("tests").join(self.requirements);
        let wanted = std::fs::read_to_string(&requirements)?;
        let folder = self.folder(place);
        // A copy of what was installed: a changed file means a new environment.
        let stamp = folder.join("installed.txt");
        if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
            return Ok(());
        }
        Task::new(format!("make the Python environment {}", self.folder), "python3", place)
            .words(["-m", "venv", "--clear"])
            .words([&folder])
            .fix(
                "Python 3.10 or later with venv is needed; on Debian: apt-get install python3-venv",
            )
            .run(place, steps)?;
        Task::new(
            format!("install tests/{} by pip", self.requirements),
            self.program(place, "python"),
            place,
        )
        .words(["-m", "pip", "install", "--progress-bar", "off", "--requirement"])
        .words([&requirements])
        .limit(Duration::from_secs(600))
        .fix("pip must reach PyPI; then run this again")
        .run(place, steps)?;
        std::fs::write(stamp, wanted)?;
        Ok(())
    }
}

/// Debian packs venv apart from Python.
pub fn can_make_environments() -> bool {
    std::process::Command::new("python3")
        .args(["-c", "import venv, ensurepip"])
        .current_dir(Path::new("/"))
        .stderr(std::process::Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
