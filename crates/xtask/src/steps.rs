//! One line a step, with the seconds since the start; a sign of life on the long ones.

use std::cell::Cell;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// Between two signs of life when the output is not a terminal.
const QUIET: Duration = Duration::from_secs(15);

/// The report of a run. Of two steps at once each gives its own signs.
pub struct Steps {
    started: Instant,
    terminal: bool,
}

/// One step under way.
pub struct Step<'s> {
    steps: &'s Steps,
    name: String,
    began: Duration,
    last_sign: Cell<Duration>,
}

#[expect(clippy::disallowed_methods, reason = "a build tool reports real seconds")]
pub fn now() -> Instant {
    Instant::now()
}

impl Steps {
    pub fn start() -> Self {
        Self { started: now(), terminal: std::io::stdout().is_terminal() }
    }

    pub fn elapsed(&self) -> Duration {
        now().duration_since(self.started)
    }

    /// A step that took no time worth showing.
    pub fn say(&self, text: &str) {
        self.line(self.elapsed(), text);
    }

    /// Begins a step. The line is printed when it ends.
    pub fn begin(&self, name: impl Into<String>) -> Step<'_> {
        let step = self.step(name.into());
        if self.terminal {
            self.overwrite(&format!("{} ..", step.name));
        }
        step
    }

    /// Begins a step whose own output follows, so the line comes first.
    pub fn begin_loud(&self, name: impl Into<String>) -> Step<'_> {
        let step = self.step(name.into());
        self.line(step.began, &format!("{} ..", step.name));
        step
    }

    fn step(&self, name: String) -> Step<'_> {
        let began = self.elapsed();
        Step { steps: self, name, began, last_sign: Cell::new(began) }
    }

    fn line(&self, at: Duration, text: &str) {
        let clear = if self.terminal { "\r\x1b[2K" } else { "" };
        println!("{clear}[{:>6.1} s] {text}", at.as_secs_f64());
        let _ = std::io::stdout().flush();
    }

    fn overwrite(&self, text: &str) {
        let shown: String = text.chars().take(100).collect();
        print!("\r\x1b[2K[{:>6.1} s] {shown}", self.elapsed().as_secs_f64());
        let _ = std::io::stdout().flush();
    }
}

impl Step<'_> {
    /// A sign of life: on a terminal the line is rewritten, elsewhere a line every 15 seconds.
    pub fn alive(&self, doing: &str) {
        let elapsed = self.steps.elapsed();
        let text = if doing.is_empty() {
            format!("{} ..", self.name)
        } else {
            format!("{} .. {doing}", self.name)
        };
        if self.steps.terminal {
            self.steps.overwrite(&text);
        } else if elapsed.saturating_sub(self.last_sign.get()) >= QUIET {
            self.last_sign.set(elapsed);
            let seconds = elapsed.saturating_sub(self.began).as_secs();
            self.steps.line(elapsed, &format!("{text} ({seconds} s so far)"));
        }
    }

    /// Ends the step well.
    pub fn done(self) {
        self.done_with("");
    }

    /// Ends the step well, with what came of it.
    pub fn done_with(self, outcome: &str) {
        let elapsed = self.steps.elapsed();
        let took = elapsed.saturating_sub(self.began).as_secs_f64();
        let colon = if outcome.is_empty() { "" } else { ": " };
        self.steps.line(elapsed, &format!("{}{colon}{outcome} ({took:.1} s)", self.name));
    }

    /// Ends the step badly; the problem itself is told by whoever handles it.
    pub fn failed(self) {
        self.steps.line(self.steps.elapsed(), &format!("{}: FAILED", self.name));
    }
}
