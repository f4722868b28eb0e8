//! A shell that outlives the test program by a moment and stops what it left behind.
//!
//! Destructors do not run for statics, nor when a test is interrupted by Ctrl-C or killed by a
//! time limit. The shell holds the reading end of a pipe whose writing end only this process has:
//! however the process ends, the pipe closes, and the shell stops the processes and removes the
//! folders that were registered and not taken back.

use std::{
    io::Write,
    os::unix::process::CommandExt,
    path::Path,
    process::{ChildStdin, Command, Stdio},
    sync::{Mutex, OnceLock},
};

/// The shell's program. `+pid N`, `-pid N`, `+dir PATH`, `-dir PATH` come in by the pipe.
///
/// A process of a registered folder (its path is in the command line, as a browser's profile is)
/// is stopped with it: browsers are started by their driver, so we never learn their ids.
const PROGRAM: &str = r#"
pids=" " dirs=""
while read -r what name; do
  case $what in
    +pid) pids="$pids$name " ;;
    -pid) pids=$(printf %s "$pids" | sed "s/ $name / /") ;;
    +dir) dirs="$dirs$name
" ;;
    -dir) dirs="$(printf %s "$dirs" | grep -vxF -- "$name")
" ;;
  esac
done
for pid in $pids; do kill -TERM "$pid" 2>/dev/null; done
[ "$pids" = " " ] || sleep 1
for pid in $pids; do kill -KILL "$pid" 2>/dev/null; done
printf %s "$dirs" | while read -r dir; do
  [ -n "$dir" ] || continue
  for line in $(grep -alF -- "$dir" /proc/[0-9]*/cmdline 2>/dev/null); do
    pid=${line#/proc/}; pid=${pid%/cmdline}
    [ "$pid" = "$$" ] || kill -KILL "$pid" 2>/dev/null
  done
  rm -rf -- "$dir"
done
"#;

#[allow(clippy::zombie_processes, reason = "the shell ends after this process, by design")]
fn tell(line: &str) {
    static PIPE: OnceLock<Mutex<ChildStdin>> = OnceLock::new();
    let pipe = PIPE.get_or_init(|| {
        let shell = Command::new("sh")
            .args(["-c", PROGRAM])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C reaches the whole process group of the terminal; this one must survive it.
            .process_group(0)
            .spawn()
            .expect("sh is there on every system the tests run on");
        Mutex::new(shell.stdin.expect("it was piped"))
    });
    let mut pipe = pipe.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    writeln!(pipe, "{line}").expect("the keeper waits until this process ends");
}

/// Stop this process should the test program end before [`forget_process`].
pub fn remember_process(id: u32) {
    tell(&format!("+pid {id}"));
}

/// The process has been stopped and waited for.
pub fn forget_process(id: u32) {
    tell(&format!("-pid {id}"));
}

/// Remove this folder, and stop what runs in it, should the test program end before
/// [`forget_folder`].
pub fn remember_folder(path: &Path) {
    tell(&format!("+dir {}", path.display()));
}

/// The folder has been removed.
pub fn forget_folder(path: &Path) {
    tell(&format!("-dir {}", path.display()));
}

#[cfg(test)]
mod tests {
    use std::{
        io::Write,
        process::{Command, Stdio},
        time::{Duration, Instant},
    };

    use super::PROGRAM;

    #[test]
    fn what_is_left_is_stopped_and_removed_and_what_was_taken_back_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (left, kept) = (folder.path().join("left"), folder.path().join("kept"));
        for made in [&left, &kept] {
            std::fs::create_dir(made).unwrap();
        }
        let mut process = Command::new("sleep").arg("60").spawn().unwrap();
        // As a browser does, this one names its folder, and nobody knows its id.
        let mut browser = Command::new("sh")
            .args(["-c", "sleep 60; true", &left.display().to_string()])
            .spawn()
            .unwrap();
        let mut shell =
            Command::new("sh").args(["-c", PROGRAM]).stdin(Stdio::piped()).spawn().unwrap();
        let mut pipe = shell.stdin.take().unwrap();
        writeln!(pipe, "+pid {}\n+dir {}", process.id(), left.display()).unwrap();
        writeln!(pipe, "+dir {0}\n-dir {0}", kept.display()).unwrap();
        let started = Instant::now();
        drop(pipe);
        assert!(shell.wait().unwrap().success());
        assert!(!process.wait().unwrap().success());
        assert!(!browser.wait().unwrap().success());
        assert!(started.elapsed() < Duration::from_secs(30));
        assert!(!left.exists());
        assert!(kept.exists());
    }
}
