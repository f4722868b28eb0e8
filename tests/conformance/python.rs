//! Programs of the Python environment that `cargo xtask test` makes beside the build.

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use freehold_testing::target_folder;

/// A program of the environment, with nothing set that would lead it elsewhere.
pub fn program(name: &str) -> Command {
    let path = path(name);
    assert!(
        path.is_file(),
        "{} is missing: `cargo xtask test --only conformance` installs tests/requirements.txt",
        path.display()
    );
    let mut command = Command::new(path);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"]
    {
        command.env_remove(name);
    }
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

fn path(name: &str) -> PathBuf {
    target_folder().join("venv/bin").join(name)
}

/// Runs it to its end.
pub fn run(mut command: Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// Everything it printed.
pub fn told(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}\n{}", text(&output.stdout), text(&output.stderr))
}
