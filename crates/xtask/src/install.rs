//! Debian packages by name. As root they are installed; else the command is printed.

use std::path::Path;
use std::time::Duration;

use crate::command::{Task, on_path};
use crate::place::Place;
use crate::problem::Problem;
use crate::steps::Steps;

/// Packages and how to see that they are there already.
pub struct Need {
    /// What they are for, in a few words.
    pub purpose: &'static str,
    /// Names in Debian.
    pub packages: &'static [&'static str],
    /// True when nothing has to be installed.
    pub present: fn() -> bool,
}

pub const BROWSER: Need = Need {
    purpose: "a browser for the end-to-end stories",
    packages: &["chromium", "chromium-headless-shell", "chromium-driver"],
    present: || {
        ["chromium", "chromium-headless-shell", "chromedriver"]
            .iter()
            .all(|program| on_path(program).is_some())
    },
};

pub const POSTGRESQL: Need = Need {
    purpose: "PostgreSQL for the store's tests",
    packages: &["postgresql"],
    present: || crate::postgres::programs().is_some(),
};

pub const PYTHON: Need = Need {
    purpose: "Python for the conformance suites and the independent checker",
    packages: &["python3", "python3-venv"],
    present: || on_path("python3").is_some() && crate::python::can_make_environments(),
};

pub const SIMPLESAMLPHP: Need = Need {
    purpose: "SimpleSAMLphp, which signs people in by SAML",
    packages: &["simplesamlphp", "php-cli", "php-xml", "php-mbstring", "php-sqlite3", "openssl"],
    present: || {
        let files = ["/usr/share/simplesamlphp/www", "/usr/share/doc/php-xml"];
        files.iter().all(|file| Path::new(file).exists())
            && ["php", "openssl"].iter().all(|program| on_path(program).is_some())
    },
};

pub const WRK: Need = Need {
    purpose: "wrk, which makes the load of the benchmarks",
    packages: &["wrk"],
    present: || on_path("wrk").is_some(),
};

pub const RUSTC_FOR_THE_WEB: Need = Need {
    purpose: "Debian's compiler for wasm32",
    packages: &["rustc-web", "rust-web-src"],
    present: || Path::new("/usr/bin/rustc").is_file() && crate::wasm::debian_source().is_some(),
};

/// Installs what is missing of these, in one go.
pub fn ensure(place: &Place, steps: &Steps, needs: &[Need]) -> Result<(), Problem> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
    let purposes: Vec<&str> = missing.iter().map(|need| need.purpose).collect();
    let command = format!("apt-get install -y --no-install-recommends {}", packages.join(" "));
    let missing_text = format!("missing: {} ({})", packages.join(", "), purposes.join("; "));
    if on_path("apt-get").is_none() {
        return Err(Problem::new(missing_text).fix(format!(
            "install them with your system's package manager; on Debian: {command}"
        )));
    }
    if !is_root(place) {
        // Never sudo by itself: what changes the machine is the person's decision.
        return Err(Problem::new(missing_text).fix(format!("sudo {command}")));
    }
    let fix = format!("as root: apt-get update && {command}");
    Task::new("refresh the package list", "apt-get", place)
        .words(["update"])
        .limit(Duration::from_secs(180))
        .fix(&fix)
        .run(place, steps)?;
    Task::new(format!("install {}", packages.join(" ")), "apt-get", place)
        .words(["install", "-y", "--no-install-recommends"])
        .words(packages)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .limit(Duration::from_secs(900))
        .fix(&fix)
        .run(place, steps)
}

pub fn is_root(place: &Place) -> bool {
    Task::new("who", "id", place).words(["-u"]).output().as_deref() == Some("0")
}
