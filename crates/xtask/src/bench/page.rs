//! docs/BENCHMARKS.md: one part a benchmark, each replaced by its own next run.

use std::fmt::Write as _;

use super::machine::Machine;
use crate::place::Place;
use crate::problem::Problem;

const PAGE: &str = "docs/BENCHMARKS.md";
const HEAD: &str = "# Benchmarks\n\n";

/// How a part begins: its heading, what wrote it, and what it was taken on.
pub fn begin(title: &str, command: &str, machine: &Machine) -> String {
    let Machine { processor, cores, memory_mib, kernel, date, load } = machine;
    let mut text = format!("## {title}\n\n");
    let _ = write!(
        text,
        "Written by `{command}`; run it again to replace this part.\n\n\
         - Date: {date}\n- Processor: {processor}, {cores} cores (the load comes from the same \
         cores)\n- Memory: {memory_mib} MiB\n- Kernel: {kernel}\n- Load average before the start: \
         {load} (above 1, something else took part of the machine)\n\n",
    );
    text
}

/// Puts a part into the page, in the place of the one with the same heading.
pub fn write(place: &Place, part: &str) -> Result<(), Problem> {
    let page = place.root.join(PAGE);
    let old = std::fs::read_to_string(&page).unwrap_or_default();
    std::fs::write(&page, with(&old, part))?;
    println!("written: {}", place.short(&page));
    Ok(())
}

fn heading(part: &str) -> &str {
    part.lines().next().unwrap_or_default()
}

fn with(old: &str, part: &str) -> String {
    let old = old.strip_prefix(HEAD).unwrap_or_default();
    let starts: Vec<usize> = std::iter::once(0)
        .filter(|_| old.starts_with("## "))
        .chain(old.match_indices("\n## ").map(|(at, _)| at + 1))
        .collect();
    let ends = starts.iter().skip(1).copied().chain([old.len()]);
    let mut parts: Vec<&str> =
        starts.iter().zip(ends).filter_map(|(start, end)| old.get(*start..end)).collect();
    match parts.iter_mut().find(|known| heading(known) == heading(part)) {
        Some(known) => *known = part,
        None => parts.push(part),
    }
    let parts: Vec<&str> = parts.iter().map(|part| part.trim_end()).collect();
    format!("{HEAD}{}\n", parts.join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_takes_the_place_of_its_predecessor_and_leaves_the_others() {
        let first = with("", "## A\n\nold\n\n### How\n\nso\n");
        let both = with(&first, "## B\n\nb\n");
        assert_eq!(both, "# Benchmarks\n\n## A\n\nold\n\n### How\n\nso\n\n## B\n\nb\n");
        let again = with(&both, "## A\n\nnew");
        assert_eq!(again, "# Benchmarks\n\n## A\n\nnew\n\n## B\n\nb\n");
    }
}
