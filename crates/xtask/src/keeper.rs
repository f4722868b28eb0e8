//! A shell that waits for our end, however it comes, and then cleans up.
//!
//! It holds the reading end of a pipe whose writing end only we hold. When we end (also by
//! Ctrl-C, which it does not get in its own process group, or by a kill that nothing can catch)
//! the pipe closes, the shell goes on and does what it was told.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use crate::problem::Problem;

/// Runs a shell text when dropped, or when this program ends without dropping it.
pub struct Keeper {
    shell: Child,
}

impl Keeper {
    /// `cleanup` is shell text; `words` are its `$1`, `$2`, ...
    pub fn start(cleanup: &str, words: &[&str]) -> Result<Self, Problem> {
        let text = format!("read -r _; {cleanup}");
        let shell = Command::new("sh")
            .arg("-c")
            .arg(text)
            .arg("keeper")
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        Ok(Self { shell })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // Closing the pipe is the sign to clean up.
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleaning_up_happens_at_the_drop_and_is_waited_for() {
        let file = std::env::temp_dir().join(format!("freehold-keeper-{}", std::process::id()));
        let keeper = Keeper::start("echo done > \"$1\"", &[file.to_str().unwrap()]).unwrap();
        assert!(!file.exists());
        drop(keeper);
        assert!(file.exists());
        std::fs::remove_file(file).unwrap();
    }
}
