//! `cargo xtask bench scim`: four servers, the same load.

use std::path::PathBuf;

use super::figures::{Figure, Measured, Reading};
use super::http::Client;
use super::machine::{self, Machine};
use super::pace::{self, Mix};
use super::page;
use super::report;
use super::seed::{self, Seeded};
use super::subjects::{self, Server, Subject, Yard};
use super::wrk::{Given, Load, Outcome, Run};
use crate::arguments::Arguments;
use crate::place::Place;
use crate::postgres::{self, Disk};
use crate::problem::Problem;
use crate::steps::{Steps, now};
use crate::{install, node, python};

pub const HELP: &str = "\
Measures SCIM: Freehold on SQLite and on PostgreSQL, and two other open servers, scim2-server and
SCIMMY, under the same load of the same machine. Takes about fifteen minutes after the first build;
nothing else should run meanwhile.

Usage: cargo xtask bench scim [--quick] [--write] [--only SERVER]..

  --quick        a short run, to see that everything works; too short to judge by
  --write        write the part of docs/BENCHMARKS.md
  --only SERVER  sqlite, postgres, scim2-server or scimmy alone; may stand several times

Installed when missing, by name: wrk and PostgreSQL (Debian packages, as root; otherwise the
command is printed), Python packages (tests/bench/peers/requirements.txt, into the target folder),
Node packages (tests/bench/peers/package-lock.json).
";

/// How much is done, and for how long.
pub struct Scale {
    pub quick: bool,
    /// Connections of wrk: few for a server that does one thing at a time, many for one that
    /// brings many writes to the disk together. The better figure of each server counts.
    pub crowds: &'static [u32],
    /// Users that an empty server is given to measure creates.
    pub first: u64,
    /// Seconds of each of the runs in which it is given them ..
    pub slice_seconds: u32,
    /// .. and how many of those there are at most.
    pub slices: u32,
    /// Users for look-ups and PATCHes.
    pub few: usize,
    /// Users to slow us down.
    pub many: usize,
    /// Members in one PATCH.
    pub members: usize,
    /// Requests a second while latencies are taken.
    pub pace: u32,
    /// Seconds of a run of wrk.
    seconds: u32,
    /// Seconds at the steady pace.
    pace_seconds: u32,
}

impl Scale {
    pub fn full() -> Self {
        Self {
            quick: false,
            crowds: &[16, 128],
            first: 10_000,
            slice_seconds: 3,
            slices: 20,
            few: 1_000,
            many: 100_000,
            members: 8_000,
            pace: 100,
            seconds: 6,
            pace_seconds: 21,
        }
    }

    fn quick() -> Self {
        Self {
            quick: true,
            first: 2_000,
            slice_seconds: 1,
            slices: 5,
            few: 200,
            many: 5_000,
            members: 1_000,
            seconds: 2,
            pace_seconds: 4,
            ..Self::full()
        }
    }

    fn loads(&self) -> Vec<Load> {
        let load = |connections: &u32| Load::new(2, *connections, self.seconds);
        self.crowds.iter().map(load).collect()
    }

    /// As long as the slices that begin with an empty server; the many who add most first, while there are no more
    /// users than said.
    fn slices_among_many(&self) -> Vec<Load> {
        let load = |connections: &u32| Load::new(2, *connections, self.slice_seconds);
        self.crowds.iter().rev().map(load).collect()
    }

    /// A thread a connection, because scripts know threads and not connections.
    fn pushes(&self) -> Vec<Load> {
        vec![Load::new(PUSHED_GROUPS, PUSHED_GROUPS, self.seconds)]
    }
}

/// Groups that members are pushed into side by side.
const PUSHED_GROUPS: u32 = 8;

pub fn run(place: &Place, steps: &Steps, mut arguments: Arguments) -> Result<(), Problem> {
    let scale = if arguments.flag(&["--quick"]) { Scale::quick() } else { Scale::full() };
    let write = arguments.flag(&["--write"]);
    let subjects = chosen(&arguments.values("--only")?)?;
    arguments.end()?;
    // Before the builds, which would count as somebody else's load.
    let machine = Machine::look(place);
    prepare(place, steps, &subjects)?;
    let freehold = if subjects.iter().any(|subject| subject.is_ours()) {
        subjects::build(place, steps)?
    } else {
        PathBuf::new()
    };
    let cluster = if subjects.contains(&Subject::Postgres) {
        Some(postgres::start(place, steps, Disk::Durable)?)
    } else {
        None
    };
    let folder = place.scratch().join("bench");
    // What an interrupted run has left.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let yard = Yard { place, cluster: cluster.as_ref(), freehold, folder };
    let started = now();
    let all: Vec<Measured> =
        subjects.iter().map(|subject| Bench::measure(&yard, steps, &scale, *subject)).collect();
    let minutes = started.elapsed().as_secs_f64() / 60.0;
    let rows = report::table(&all, &scale);
    println!("\n{}\nmeasured in {minutes:.1} minutes", report::text(&rows));
    if scale.quick {
        println!("a quick run: too short to judge by");
    }
    if write {
        page::write(place, &report::part(&rows, &scale, &machine))?;
    }
    std::fs::remove_dir_all(&yard.folder)?;
    Ok(())
}

fn chosen(words: &[String]) -> Result<Vec<Subject>, Problem> {
    let names = Subject::ALL.map(Subject::word);
    if let Some(unknown) = words.iter().find(|word| !names.contains(&word.as_str())) {
        return Err(Problem::new(format!("there is no server \"{unknown}\""))
            .fix(format!("one of: {}", names.join(", "))));
    }
    let wanted = |subject: &Subject| words.is_empty() || words.iter().any(|w| w == subject.word());
    Ok(Subject::ALL.into_iter().filter(wanted).collect())
}

fn prepare(place: &Place, steps: &Steps, subjects: &[Subject]) -> Result<(), Problem> {
    let mut needs = vec![install::WRK];
    if subjects.contains(&Subject::Postgres) {
        needs.push(install::POSTGRESQL);
    }
    if subjects.contains(&Subject::Scim2Server) {
        needs.push(install::PYTHON);
    }
    install::ensure(place, steps, &needs)?;
    if subjects.contains(&Subject::Scim2Server) {
        python::PEER.ensure(place, steps)?;
    }
    if subjects.contains(&Subject::Scimmy) {
        node::ensure(place, steps, &place.root.join("tests/bench/peers"))?;
    }
    Ok(())
}

/// The measuring of one server.
struct Bench<'b> {
    yard: &'b Yard<'b>,
    steps: &'b Steps,
    scale: &'b Scale,
    measured: Measured,
}

impl<'b> Bench<'b> {
    /// Measures one server. What goes wrong is told and ends the figures of this server only.
    fn measure(yard: &'b Yard<'b>, steps: &'b Steps, scale: &'b Scale, of: Subject) -> Measured {
        let mut bench = Self { yard, steps, scale, measured: Measured::new(of) };
        let ended = bench.creates().and_then(|()| bench.the_rest());
        if let Err(problem) = ended {
            steps.say(&format!("{}: {problem}", of.title()));
        }
        bench.measured
    }

    /// Every crowd begins with an empty server.
    fn creates(&mut self) -> Result<(), Problem> {
        let (mut all, mut firsts) = (Vec::new(), Vec::new());
        for connections in self.scale.crowds {
            let slices = self.first_users(*connections)?;
            all.extend(Outcome::together(&slices));
            firsts.extend(slices.first().copied());
        }
        self.measured.set(Figure::Creates, better(&all));
        self.measured.set(Figure::FirstCreates, better(&firsts));
        Ok(())
    }

    fn first_users(&self, connections: u32) -> Result<Vec<Outcome>, Problem> {
        let Scale { first, slice_seconds, slices, .. } = *self.scale;
        let server = self.start(&format!("creates_{connections}"))?;
        let users = self.list(&[])?;
        let title = self.measured.subject.title();
        let run = Run {
            place: self.yard.place,
            name: &format!("{title}: the first {first} creates, {connections} connections"),
            script: "creates",
            server: &server,
            load: Load::new(2, connections, slice_seconds),
            given: Given { users: &users, word: "first", groups: &[] },
        };
        run.until(self.steps, first, slices)
    }

    /// The users as a file for the scripts.
    fn list(&self, users: &[Seeded]) -> Result<PathBuf, Problem> {
        let list = self.yard.folder.join("users.tsv");
        seed::write(users, &list)?;
        Ok(list)
    }

    fn the_rest(&mut self) -> Result<(), Problem> {
        let server = self.start("rest")?;
        let mut users = Vec::new();
        seed::users(self.steps, &server.endpoint, &mut users, self.scale.few)?;
        check(&server, &users)?;
        self.rate(Figure::Lookups, "lookups", &server, &users, &[])?;
        self.rate(Figure::Patches, "patches", &server, &users, &[])?;
        let groups = self.pushes(&server, &users)?;
        self.pace(&server, &users, groups.as_deref().unwrap_or_default());
        seed::users(self.steps, &server.endpoint, &mut users, self.scale.members)?;
        self.many_members(&server, &users, groups.is_some())?;
        self.memory(Figure::Memory, &server);
        if self.measured.subject.is_ours() {
            self.among_many(&server, &mut users)?;
        }
        Ok(())
    }

    fn among_many(&mut self, server: &Server, users: &mut Vec<Seeded>) -> Result<(), Problem> {
        seed::users(self.steps, &server.endpoint, users, self.scale.many)?;
        if let Some(few) = too_few(users, self.scale.many) {
            self.measured.set(Figure::LookupsAmongMany, few.clone());
            self.measured.set(Figure::CreatesAmongMany, few.clone());
            self.measured.set(Figure::MemoryWithMany, few);
            return Ok(());
        }
        self.rate(Figure::LookupsAmongMany, "lookups", server, users, &[])?;
        self.rate(Figure::CreatesAmongMany, "creates", server, users, &[])?;
        self.memory(Figure::MemoryWithMany, server);
        Ok(())
    }

    fn start(&self, run: &str) -> Result<Server, Problem> {
        let server = self.yard.start(self.measured.subject, run)?;
        self.steps.say(&format!("{}: started, empty", self.measured.subject.title()));
        Ok(server)
    }

    fn rate(
        &mut self,
        figure: Figure,
        script: &str,
        server: &Server,
        users: &[Seeded],
        groups: &[String],
    ) -> Result<(), Problem> {
        let list = self.list(users)?;
        let loads = match figure {
            Figure::Pushes => self.scale.pushes(),
            Figure::CreatesAmongMany => self.scale.slices_among_many(),
            _ => self.scale.loads(),
        };
        let mut outcomes = Vec::new();
        for load in loads {
            let word = format!("{script}-{}-{}", users.len(), load.connections);
            let title = self.measured.subject.title();
            let name = &format!("{title}: {script}, {} connections", load.connections);
            let given = Given { users: &list, word: &word, groups };
            let run = Run { place: self.yard.place, name, script, server, load, given };
            outcomes.push(run.once(self.steps)?);
        }
        self.measured.set(figure, better(&outcomes));
        Ok(())
    }

    /// The groups that were made, where the server has groups.
    fn pushes(
        &mut self,
        server: &Server,
        users: &[Seeded],
    ) -> Result<Option<Vec<String>>, Problem> {
        let names: Vec<String> = (0..PUSHED_GROUPS).map(|n| format!("Group {n}")).collect();
        let groups = seed::groups(&server.endpoint, &names)?;
        match &groups {
            Some(groups) => self.rate(Figure::Pushes, "pushes", server, users, groups)?,
            None => self.measured.set(Figure::Pushes, Reading::NotServed),
        }
        Ok(groups)
    }

    fn pace(&mut self, server: &Server, users: &[Seeded], groups: &[String]) {
        let (per_second, seconds) = (self.scale.pace, self.scale.pace_seconds);
        let mix = Mix { users, groups, per_second, seconds };
        let name = format!("{}: {per_second} requests/s", self.measured.subject.title());
        let (p50, p99) = match pace::run(self.steps, &name, &server.endpoint, &mix) {
            Some(latency) if latency.failed == 0 => {
                (Reading::Value(latency.p50), Reading::Value(latency.p99))
            }
            Some(latency) => {
                let failed = Reading::Failed(format!("{} failed", latency.failed));
                (failed.clone(), failed)
            }
            None => (Reading::Failed("no answer".to_owned()), Reading::NotAsked),
        };
        self.measured.set(Figure::PaceP50, p50);
        self.measured.set(Figure::PaceP99, p99);
    }

    fn many_members(
        &mut self,
        server: &Server,
        users: &[Seeded],
        has_groups: bool,
    ) -> Result<(), Problem> {
        if !has_groups {
            self.measured.set(Figure::ManyMembers, Reading::NotServed);
            return Ok(());
        }
        if let Some(few) = too_few(users, self.scale.members) {
            self.measured.set(Figure::ManyMembers, few);
            return Ok(());
        }
        let users = users.get(..self.scale.members).unwrap_or(users);
        let step = self.steps.begin(format!("a PATCH of {} members", users.len()));
        let group = seed::groups(&server.endpoint, &["Everybody".to_owned()])?;
        let path = format!("/Groups/{}", group.and_then(|mut ids| ids.pop()).unwrap_or_default());
        let body = pace::add_members(users);
        let mut client = Client::new(&server.endpoint);
        let began = now();
        let answer = client.send("PATCH", &path, &body)?;
        let milliseconds = began.elapsed().as_secs_f64() * 1e3;
        let kept = client.send("GET", &path, "")?.good("a read of a group")?;
        let kept = kept.matches("\"value\"").count();
        let reading = match (answer.is_good(), kept == users.len()) {
            (true, true) => Reading::Value(milliseconds),
            (true, false) => Reading::Failed(format!("{kept} kept")),
            (false, _) => Reading::Failed(format!("answered {}", answer.status)),
        };
        step.done_with(&format!("{milliseconds:.0} ms"));
        self.measured.set(Figure::ManyMembers, reading);
        Ok(())
    }

    fn memory(&mut self, figure: Figure, server: &Server) {
        if let Some(mib) = machine::peak_mib(server.process) {
            self.measured.set(figure, Reading::Value(mib));
        }
    }
}

/// The best rate, unless any answer failed.
fn better(outcomes: &[Outcome]) -> Reading {
    let sum = |count: fn(&Outcome) -> u64| outcomes.iter().map(count).sum::<u64>();
    match (sum(|outcome| outcome.refused), sum(|outcome| outcome.broken)) {
        (0, 0) => Reading::Value(outcomes.iter().map(|outcome| outcome.rate).fold(0.0, f64::max)),
        (0, broken) => Reading::Failed(format!("{broken} broken")),
        (refused, _) => Reading::Failed(format!("{refused} refused")),
    }
}

/// The reading of a figure for which the server did not take enough users in time.
fn too_few(users: &[Seeded], wanted: usize) -> Option<Reading> {
    (users.len() < wanted).then(|| Reading::Failed(format!("only {} users", users.len())))
}

/// A quick look-up of nobody is worth nothing if a look-up of somebody finds nobody too.
fn check(server: &Server, users: &[Seeded]) -> Result<(), Problem> {
    let mut client = Client::new(&server.endpoint);
    let mut total = |filter: String| {
        let answer = client.send("GET", &format!("/Users?filter={filter}"), "")?;
        let body = answer.good("a look-up")?;
        let count = body.split_once("\"totalResults\"").map(|(_, after)| {
            let digits = after.trim_start_matches([':', ' ']);
            digits.chars().take_while(char::is_ascii_digit).collect::<String>()
        });
        Ok::<_, std::io::Error>(count.unwrap_or_default())
    };
    let Some(user) = users.first() else { return Ok(()) };
    let by_name = total(format!("userName+eq+%22{}%22", user.name))?;
    let by_id = total(format!("externalId+eq+%22{}%22", user.external_id))?;
    let nobody = total(format!("externalId+eq+%22{}%22", seed::guid(usize::MAX)))?;
    if (by_name.as_str(), by_id.as_str(), nobody.as_str()) == ("1", "1", "0") {
        return Ok(());
    }
    Err(Problem::new(format!(
        "look-ups of somebody, somebody and nobody found {by_name}, {by_id} and {nobody}"
    )))
}
