//! The memory of the process that runs a page, as the operating system has it.
//!
//! Linux only, and only for whoever may read the memory of other processes.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use crate::browser::Browser;

const PAGE: usize = 4096;

/// Larger regions are address space that was set aside, not memory.
const LARGEST_BYTES: u64 = 1 << 30;

impl Browser {
    /// Every page of memory that the processes of this browser's pages have written, Workers
    /// included; what holds only zeros is left out.
    ///
    /// # Errors
    /// The system does not let us.
    pub fn memory_of_the_pages(&self) -> io::Result<Vec<u8>> {
        let mut memory = Vec::new();
        for process in self.renderers()? {
            read_memory(&process, &mut memory)?;
        }
        Ok(memory)
    }

    fn renderers(&self) -> io::Result<Vec<PathBuf>> {
        let profile = self.profile().display().to_string();
        let is_ours = |process: &PathBuf| {
            let line = fs::read(process.join("cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line);
            line.contains("--type=renderer") && line.contains(&profile)
        };
        let processes = fs::read_dir("/proc")?.filter_map(Result::ok).map(|entry| entry.path());
        Ok(processes.filter(is_ours).collect())
    }
}

/// Appends what a process has written.
fn read_memory(process: &Path, memory: &mut Vec<u8>) -> io::Result<()> {
    let maps = fs::read_to_string(process.join("maps"))?;
    let mut file = File::open(process.join("mem"))?;
    for (start, end) in maps.lines().filter_map(writable) {
        let length = end.saturating_sub(start);
        if length > LARGEST_BYTES {
            continue;
        }
        let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
        file.seek(SeekFrom::Start(start))?;
        // A region may go away while we read: the process lives on.
        if file.read_exact(&mut bytes).is_ok() {
            let written = bytes.chunks(PAGE).filter(|page| !is_zero(page));
            written.for_each(|page| memory.extend_from_slice(page));
        }
    }
    Ok(())
}

fn is_zero(page: &[u8]) -> bool {
    const ZEROS: [u8; PAGE] = [0; PAGE];
    ZEROS.starts_with(page)
}

/// "7f00a000-7f00b000 rw-p ..": the bounds of a region that can be written.
fn writable(line: &str) -> Option<(u64, u64)> {
    let (bounds, rest) = line.split_once(' ')?;
    let (start, end) = bounds.split_once('-')?;
    let bounds = (u64::from_str_radix(start, 16).ok()?, u64::from_str_radix(end, 16).ok()?);
    rest.starts_with("rw").then_some(bounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regions_that_can_be_written_are_read() {
        let line = "7f00a000-7f00b000 rw-p 00000000 00:00 0";
        assert_eq!(writable(line), Some((0x7f00_a000, 0x7f00_b000)));
        assert_eq!(writable("7f00a000-7f00b000 r-xp 00000000 00:00 0 /lib/x.so"), None);
    }

    #[test]
    fn a_process_finds_its_own_secret() {
        let planted: Vec<u8> = (0..32_u8).map(|byte| byte.wrapping_mul(37) ^ 0x5a).collect();
        let mut memory = Vec::new();
        read_memory(Path::new("/proc/self"), &mut memory).unwrap();
        assert!(memory.windows(32).any(|window| window == planted));
    }
}
