//! What the figures were taken on, and what a process used.

use crate::command::Task;
use crate::place::Place;

/// A machine, in words.
pub struct Machine {
    pub processor: String,
    pub cores: usize,
    pub memory_mib: u64,
    pub kernel: String,
    pub date: String,
    /// Of one minute, when it was looked at.
    pub load: String,
}

impl Machine {
    pub fn look(place: &Place) -> Self {
        let unknown = || "unknown".to_owned();
        let word = |program: &str, words: &[&str]| {
            Task::new(program, program, place).words(words).output().unwrap_or_else(unknown)
        };
        let first_word = |text: String| text.split(' ').next().unwrap_or_default().to_owned();
        Self {
            processor: field("/proc/cpuinfo", "model name").unwrap_or_else(unknown),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_mib: field("/proc/meminfo", "MemTotal").and_then(kibibytes).unwrap_or(0) / 1024,
            kernel: word("uname", &["-sr"]),
            date: word("date", &["-u", "+%Y-%m-%d"]),
            load: std::fs::read_to_string("/proc/loadavg").map_or_else(|_| unknown(), first_word),
        }
    }
}

/// The most memory that a process has had resident, in MiB.
pub fn peak_mib(process: u32) -> Option<f64> {
    let kibibytes = field(&format!("/proc/{process}/status"), "VmHWM").and_then(kibibytes)?;
    Some(kibibytes as f64 / 1024.0)
}

/// The processor time that a process has used so far, in seconds.
pub fn processor_seconds(process: u32) -> Option<f64> {
    // proc(5): the name in brackets may hold spaces; utime and stime are fields 14 and 15, in
    // hundredths of a second on every Linux.
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, after) = text.rsplit_once(") ")?;
    let mut ticks = after.split(' ').skip(11).map(|word| word.parse::<u64>().ok());
    Some((ticks.next()?? + ticks.next()??) as f64 / 100.0)
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let mut pairs = text.lines().filter_map(|line| line.split_once(':'));
    pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim().to_owned())
}

/// "16 kB" is 16.
fn kibibytes(text: String) -> Option<u64> {
    text.strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_memory_and_processor_time_are_read() {
        assert!(peak_mib(std::process::id()).is_some_and(|mib| mib > 0.1));
        assert!(peak_mib(u32::MAX).is_none());
        assert!(processor_seconds(std::process::id()).is_some_and(|seconds| seconds < 3600.0));
    }
}
