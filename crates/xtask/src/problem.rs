//! Why a command stopped, and what to do about it.

use std::fmt;
use std::path::{Path, PathBuf};

/// What went wrong, the next step for the person, and the log that tells more.
#[derive(Debug)]
pub struct Problem {
    what: String,
    fix: Option<String>,
    log: Option<PathBuf>,
}

impl Problem {
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), fix: None, log: None }
    }

    /// What to do about it.
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// The whole output of the step that failed; its end is shown.
    pub fn log(mut self, log: &Path) -> Self {
        self.log = Some(log.to_owned());
        self
    }
}

/// Lines of the log that are repeated in the message.
const TAIL_LINES: usize = 40;

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(log) = &self.log {
            let bytes = std::fs::read(log).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            let lines: Vec<&str> = text.lines().collect();
            for line in lines.iter().skip(lines.len().saturating_sub(TAIL_LINES)) {
                writeln!(f, "    {line}")?;
            }
        }
        write!(f, "error: {}", self.what)?;
        if let Some(fix) = &self.fix {
            write!(f, "\nwhat to do: {fix}")?;
        }
        if let Some(log) = &self.log {
            write!(f, "\nthe whole output: {}", log.display())?;
        }
        Ok(())
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        Self::new(error.to_string())
    }
}
