//! The table, for the terminal and for docs/BENCHMARKS.md.

use std::fmt::Write as _;

use super::figures::{Figure, Measured, Reading, Target, judge};
use super::machine::Machine;
use super::page;
use super::scim::Scale;
use super::subjects::Subject;

/// A row of texts.
type Row = Vec<String>;

/// The heading and the rows.
pub fn table(all: &[Measured], scale: &Scale) -> Vec<Row> {
    let ours: Vec<&Measured> = all.iter().filter(|measured| measured.subject.is_ours()).collect();
    let mut heading = vec!["figure".to_owned()];
    heading.extend(all.iter().map(|measured| measured.subject.title().to_owned()));
    heading.extend(ours.iter().map(|measured| format!("{} / best", short(measured.subject))));
    heading.push("target".to_owned());
    let mut rows = vec![heading];
    for figure in Figure::ALL {
        let mut row = vec![title(figure, scale)];
        row.extend(all.iter().map(|measured| cell(figure, measured.get(figure))));
        let verdicts: Vec<_> = ours.iter().map(|ours| (ours, judge(figure, ours, all))).collect();
        row.extend(verdicts.iter().map(|(_, verdict)| {
            let share = verdict.share.map(|share| format!("{share:.2} of few"));
            let times = verdict.times_best.map(|times| format!("{times:.1}x"));
            share.or(times).unwrap_or_default()
        }));
        let marks: Vec<String> = verdicts
            .iter()
            .filter_map(|(ours, verdict)| {
                let word = if verdict.met? { "met" } else { "MISSED" };
                Some(format!("{} {word}", short(ours.subject)))
            })
            .collect();
        let (wanted, marks) = (wanted(figure.target()), marks.join(", "));
        row.push(if marks.is_empty() { wanted } else { format!("{wanted}: {marks}") });
        rows.push(row);
    }
    rows
}

fn short(subject: Subject) -> &'static str {
    match subject {
        Subject::Sqlite => "SQLite",
        Subject::Postgres => "PostgreSQL",
        Subject::Scim2Server => "scim2-server",
        Subject::Scimmy => "SCIMMY",
    }
}

fn title(figure: Figure, scale: &Scale) -> String {
    let Scale { first, slice_seconds, few, many, members, pace, .. } = scale;
    match figure {
        Figure::Creates => format!("creates/s, the first {first} users"),
        Figure::FirstCreates => format!("creates/s, the first {slice_seconds} seconds"),
        Figure::Lookups => format!("look-ups/s, {few} users"),
        Figure::Patches => format!("PATCHes/s, {few} users"),
        Figure::Pushes => "group pushes/s".to_owned(),
        Figure::PaceP50 => format!("median at {pace}/s, ms"),
        Figure::PaceP99 => format!("p99 at {pace}/s, ms"),
        Figure::ManyMembers => format!("PATCH of {members} members, ms"),
        Figure::Memory => format!("memory with {members} users, MiB"),
        Figure::LookupsAmongMany => format!("look-ups/s, {many} users"),
        Figure::CreatesAmongMany => format!("creates/s, from {many} users"),
        Figure::MemoryWithMany => format!("memory with {many} users, MiB"),
    }
}

fn cell(figure: Figure, reading: &Reading) -> String {
    match reading {
        Reading::Value(value) if figure.more_is_better() || *value >= 100.0 => thousands(*value),
        Reading::Value(value) => format!("{value:.1}"),
        Reading::NotServed => "not served".to_owned(),
        Reading::NotAsked => "-".to_owned(),
        Reading::Failed(why) => why.clone(),
    }
}

/// 12345.6 is "12,346".
fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn wanted(target: Target) -> String {
    match target {
        Target::Times { sqlite, postgres } => format!("{sqlite:.0}x / {postgres:.0}x"),
        Target::AtMost(limit) => format!("below {limit:.0}"),
        Target::ShareOf(_, share) => format!("{share:.1} of few"),
        Target::Nothing => String::new(),
    }
}

/// For a terminal: columns as wide as they need to be.
pub fn text(rows: &[Row]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            // Numbers stand right, words left. Writing to a String cannot fail.
            let _ = if column == 0 || column + 1 == columns {
                write!(line, "{cell:<width$}  ")
            } else {
                write!(line, "{cell:>width$}  ")
            };
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// The part of docs/BENCHMARKS.md.
pub fn part(rows: &[Row], scale: &Scale, machine: &Machine) -> String {
    let quick = if scale.quick { " --quick" } else { "" };
    let mut text = page::begin("SCIM", &format!("cargo xtask bench scim --write{quick}"), machine);
    for (number, row) in rows.iter().enumerate() {
        let _ = writeln!(text, "| {} |", row.join(" | "));
        if number == 0 {
            let _ = writeln!(text, "|{}", " --- |".repeat(row.len()));
        }
    }
    text.push_str(&method(scale));
    text
}

fn method(scale: &Scale) -> String {
    let Scale { crowds, first, slice_seconds, slices, few, many, pace, .. } = scale;
    let longest = slice_seconds * slices;
    let crowds: Vec<String> = crowds.iter().map(u32::to_string).collect();
    let crowds = crowds.join(" and ");
    format!(
        "\n### How it is measured\n\n\
         - Freehold is the release binary with its default settings (one log line a request, into \
         a file), without the limit of requests per organization. SQLite: write-ahead log, \
         `synchronous = FULL`. PostgreSQL: a cluster of its own with `fsync` and \
         `synchronous_commit` on. An answered write is on the disk.\n\
         - The peers keep everything in memory and write nothing to a disk. scim2-server is \
         started by its own command. SCIMMY runs in `tests/bench/peers/scimmy.mjs` on Express, \
         with the library's own filter; a host that looks names up in an index of its own would \
         be faster at look-ups.\n\
         - All get the same requests from the same scripts (`tests/bench/*.lua`, run by wrk with \
         {crowds} connections, of which each server's better figure counts), shaped as Microsoft \
         Entra sends them. Answers that are no success make a figure void.\n\
         - Creates have the same work for all: an empty server is given users until it has \
         {first} of them, in slices of {slice_seconds} seconds, or until {longest} seconds are \
         over, and the rate is that of the whole time. A server that looks through all its users \
         before each create grows slower on the way; what it does while it is nearly empty is the \
         rate of the first {slice_seconds} seconds. Beginning with {many} users, too, they are \
         counted for {slice_seconds} seconds.\n\
         - Look-ups, PATCHes and pushes run on another, fresh server with {few} users; every other \
         look-up finds nobody, as before a create.\n\
         - The latency is taken at {pace} requests a second in an open loop: each request has its \
         moment and its latency counts from then, so a stall is charged for everything that \
         waited. Of twenty requests thirteen are look-ups, four PATCHes, two creates, one a group \
         push (a read where there are no groups).\n\
         - Pushes: one group a connection, eight connections; each PATCH adds or removes one \
         member.\n\
         - Memory is the most that the server's process had resident (VmHWM) until then; \
         PostgreSQL's own processes are not counted.\n\
         - \"/ best\" compares with the better peer: greater is better for us, for times and \
         memory too.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_separators() {
        assert_eq!(thousands(1_234_567.4), "1,234,567");
        assert_eq!(thousands(999.6), "1,000");
        assert_eq!(thousands(12.0), "12");
    }

    #[test]
    fn every_row_has_as_many_cells_as_the_heading() {
        let mut ours = Measured::new(Subject::Sqlite);
        ours.set(Figure::Creates, Reading::Value(6_600.0));
        let mut peer = Measured::new(Subject::Scimmy);
        peer.set(Figure::Creates, Reading::Value(440.0));
        let rows = table(&[ours, peer], &Scale::full());
        assert!(rows.iter().all(|row| row.len() == rows[0].len()));
        assert_eq!(rows[1][1..], ["6,600", "440", "15.0x", "15x / 8x: SQLite met"]);
        assert!(text(&rows).contains("SQLite met"));
    }
}
