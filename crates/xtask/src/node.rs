//! Node packages from lock files, for tests and benchmarks only.

use std::path::Path;
use std::time::Duration;

use crate::command::{Task, on_path};
use crate::place::Place;
use crate::problem::Problem;
use crate::steps::Steps;

/// The oldest Node that will do.
const NODE: u32 = 20;

/// `npm ci` in a folder when what is installed there is not what its lock file says.
pub fn ensure(place: &Place, steps: &Steps, folder: &Path) -> Result<(), Problem> {
    let wanted = std::fs::read_to_string(folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.freehold-lock.json");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if on_path("npm").is_none() || version(place).is_none_or(|version| version < NODE) {
        return Err(Problem::new(format!(
            "Node {NODE} or later with npm is needed for {} (not for running Freehold)",
            place.short(folder)
        ))
        .fix("install it with your system's package manager"));
    }
    Task::new(format!("install {} by npm", place.short(folder)), "npm", place)
        .words(["ci", "--no-audit", "--no-fund"])
        .within(folder)
        .limit(Duration::from_secs(300))
        .fix("npm must reach its registry; then run this again")
        .run(place, steps)?;
    std::fs::write(stamp, wanted)?;
    Ok(())
}

/// "v20.1.2" is 20.
fn version(place: &Place) -> Option<u32> {
    let version = Task::new("version", "node", place).words(["--version"]).output()?;
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}
