//! The figures, what is wanted of them, and whether it was met.

use super::subjects::Subject;

/// One thing that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    Creates,
    FirstCreates,
    Lookups,
    Patches,
    Pushes,
    PaceP50,
    PaceP99,
    ManyMembers,
    Memory,
    LookupsAmongMany,
    CreatesAmongMany,
    MemoryWithMany,
}

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// So many times the best peer.
    Times {
        sqlite: f64,
        postgres: f64,
    },
    /// At most this.
    AtMost(f64),
    /// At least this share of another figure of the same server.
    ShareOf(Figure, f64),
    Nothing,
}

impl Figure {
    pub const ALL: [Self; 12] = [
        Self::Creates,
        Self::FirstCreates,
        Self::Lookups,
        Self::Patches,
        Self::Pushes,
        Self::PaceP50,
        Self::PaceP99,
        Self::ManyMembers,
        Self::Memory,
        Self::LookupsAmongMany,
        Self::CreatesAmongMany,
        Self::MemoryWithMany,
    ];

    /// Whether a greater number is a better one.
    pub fn more_is_better(self) -> bool {
        matches!(
            self,
            Self::Creates
                | Self::FirstCreates
                | Self::Lookups
                | Self::Patches
                | Self::Pushes
                | Self::LookupsAmongMany
                | Self::CreatesAmongMany
        )
    }

    pub fn target(self) -> Target {
        match self {
            Self::Creates => Target::Times { sqlite: 15.0, postgres: 8.0 },
            Self::Lookups => Target::Times { sqlite: 30.0, postgres: 20.0 },
            Self::PaceP99 => Target::AtMost(25.0),
            Self::ManyMembers => Target::AtMost(1000.0),
            Self::LookupsAmongMany => Target::ShareOf(Self::Lookups, 0.9),
            Self::CreatesAmongMany => Target::ShareOf(Self::Creates, 0.9),
            Self::FirstCreates
            | Self::Patches
            | Self::Pushes
            | Self::PaceP50
            | Self::Memory
            | Self::MemoryWithMany => Target::Nothing,
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// Requests a second, milliseconds or MiB.
    Value(f64),
    /// The server does not have this.
    NotServed,
    /// Not asked of this server.
    NotAsked,
    /// The number would be worth nothing, and why.
    Failed(String),
}

/// What was found of one server.
pub struct Measured {
    pub subject: Subject,
    readings: Vec<(Figure, Reading)>,
}

impl Measured {
    pub fn new(subject: Subject) -> Self {
        Self { subject, readings: Vec::new() }
    }

    pub fn set(&mut self, figure: Figure, reading: Reading) {
        self.readings.push((figure, reading));
    }

    pub fn get(&self, figure: Figure) -> &Reading {
        let found = self.readings.iter().rev().find(|(key, _)| *key == figure);
        found.map_or(&Reading::NotAsked, |(_, reading)| reading)
    }

    fn value(&self, figure: Figure) -> Option<f64> {
        match self.get(figure) {
            Reading::Value(value) => Some(*value),
            _ => None,
        }
    }
}

/// How one of our servers stands against what is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// So many times as good as the best peer.
    pub times_best: Option<f64>,
    /// The share of another figure, where that is what counts.
    pub share: Option<f64>,
    /// Nothing where nothing is wanted or known.
    pub met: Option<bool>,
}

/// Judges a figure of one of our servers.
pub fn judge(figure: Figure, ours: &Measured, all: &[Measured]) -> Verdict {
    let Some(value) = ours.value(figure) else {
        return Verdict { times_best: None, share: None, met: None };
    };
    let times_best = best_peer(figure, all)
        .map(|best| if figure.more_is_better() { value / best } else { best / value });
    let mut share = None;
    let met = match figure.target() {
        Target::Times { sqlite, postgres } => {
            let wanted = if ours.subject == Subject::Sqlite { sqlite } else { postgres };
            times_best.map(|times| times >= wanted)
        }
        Target::AtMost(limit) => Some(value < limit),
        Target::ShareOf(other, wanted) => {
            share = ours.value(other).map(|other| value / other);
            share.map(|share| share >= wanted)
        }
        Target::Nothing => None,
    };
    Verdict { times_best, share, met }
}

fn best_peer(figure: Figure, all: &[Measured]) -> Option<f64> {
    let peers = all.iter().filter(|measured| !measured.subject.is_ours());
    let values = peers.filter_map(|measured| measured.value(figure));
    values.reduce(if figure.more_is_better() { f64::max } else { f64::min })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(subject: Subject, figure: Figure, value: f64) -> Measured {
        let mut measured = Measured::new(subject);
        measured.set(figure, Reading::Value(value));
        measured
    }

    #[test]
    fn a_rate_is_judged_by_the_best_peer() {
        let all = [
            measured(Subject::Sqlite, Figure::Creates, 6_000.0),
            measured(Subject::Postgres, Figure::Creates, 3_000.0),
            measured(Subject::Scim2Server, Figure::Creates, 400.0),
            measured(Subject::Scimmy, Figure::Creates, 300.0),
        ];
        assert_eq!(judge(Figure::Creates, &all[0], &all).times_best, Some(15.0));
        assert_eq!(judge(Figure::Creates, &all[0], &all).met, Some(true));
        assert_eq!(judge(Figure::Creates, &all[1], &all).met, Some(false));
    }

    #[test]
    fn a_duration_is_better_when_it_is_shorter() {
        let all = [
            measured(Subject::Sqlite, Figure::PaceP99, 10.0),
            measured(Subject::Scimmy, Figure::PaceP99, 40.0),
        ];
        let verdict = judge(Figure::PaceP99, &all[0], &all);
        assert_eq!((verdict.times_best, verdict.met), (Some(4.0), Some(true)));
    }

    #[test]
    fn the_rate_among_many_is_a_share_of_the_rate_among_few() {
        let mut ours = measured(Subject::Sqlite, Figure::Lookups, 1_000.0);
        ours.set(Figure::LookupsAmongMany, Reading::Value(890.0));
        let verdict = judge(Figure::LookupsAmongMany, &ours, &[]);
        assert_eq!((verdict.share, verdict.met), (Some(0.89), Some(false)));
    }

    #[test]
    fn what_was_not_measured_is_neither_met_nor_missed() {
        let ours = Measured::new(Subject::Sqlite);
        assert_eq!(judge(Figure::Creates, &ours, &[]).met, None);
    }
}
