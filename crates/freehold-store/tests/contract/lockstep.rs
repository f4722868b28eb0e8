//! SQLite, PostgreSQL and a model of a hundred lines run the same random commands in lock step: the same verdicts, the
//! same versions, the same lists.
//!
//! A failure names its seed; `LOCKSTEP_SEED=.. cargo test -p freehold-store lockstep` runs it again.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use freehold_directory::groups::{self, Group};
use freehold_directory::listing::{self, ListRequest, Members, With};
use freehold_directory::users::{self, User};
use freehold_directory::{GroupId, ResourceError, ScimPrincipal, Store, Timestamp, UserId};
use freehold_scim::cursor::Cursor;
use freehold_scim::evaluate;
use freehold_scim::filter;
use freehold_scim::fold;
use freehold_scim::list::{Page, Sort};
use freehold_scim::render::{RenderedMember, UserGroup, render_group, render_user};
use freehold_scim::schema::{GROUP, ResourceType, USER};
use freehold_scim::sort::sort_key;
use rand_core::Rng as _;
use serde_json::{Map, Value as Json, json};

use crate::groups::{group_document, group_patch};
use crate::support::{BASE, TestRng, World, document, if_match, patch_request};

const STEPS: u64 = 220;

#[test]
fn both_engines_and_the_model_agree_on_a_known_course_of_events() {
    run(20_261_125);
}

#[test]
fn both_engines_and_the_model_agree_on_a_random_course_of_events() {
    let seed = std::env::var("LOCKSTEP_SEED").ok().and_then(|seed| seed.parse().ok());
    run(seed.unwrap_or_else(|| getrandom::u64().expect("the system has randomness")));
}

fn run(seed: u64) {
    let mut story = Story { seed, step: 0, command: String::new() };
    let mut choice = TestRng::seeded(seed);
    let mut model = Model::default();
    let engines = [World::on_sqlite(), World::on_postgres()].map(Engine::new);
    let mut now = engines[0].world.now();
    for step in 0..STEPS {
        let command = Command::random(&mut choice, &model);
        story.step = step;
        story.command = format!("{command:?}");
        let passed = Duration::from_millis(u64::from(choice.next_u32() % 3));
        now = now.plus(passed);
        let draws = seed ^ (step << 32);
        let expected = model.carry_out(&command, now, draws);
        for engine in &engines {
            engine.world.pass(passed);
            assert_eq!(engine.carry_out(&command, draws), expected, "{}", engine.name());
        }
    }
    assert!(model.users.len() + model.groups.len() > 5, "something is left to look at");
}

/// Says where it ended when it ended badly.
struct Story {
    seed: u64,
    step: u64,
    command: String,
}

impl Drop for Story {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("LOCKSTEP_SEED={} fails at step {}: {}", self.seed, self.step, self.command);
        }
    }
}

#[derive(Clone, Debug)]
enum Command {
    CreateUser(Json),
    ReplaceUser(String, Json, Option<u64>),
    PatchUser(String, Vec<(&'static str, Option<Json>)>, Option<u64>),
    DeleteUser(String, Option<u64>),
    CreateGroup(Json, Vec<String>),
    ReplaceGroup(String, Json, Option<Vec<String>>, Option<u64>),
    PatchGroup(String, Option<String>, Vec<Membership>, Option<u64>),
    DeleteGroup(String, Option<u64>),
    List(Query),
}

#[derive(Clone, Debug)]
enum Membership {
    Add(Vec<String>),
    Remove(Vec<String>),
    Replace(Vec<String>),
    Clear,
}

#[derive(Clone, Debug)]
struct Query {
    kind: &'static ResourceType,
    filter: Option<String>,
    sort: Option<(&'static str, bool)>,
    /// `None`: all pages by cursor.
    start_index: Option<u64>,
    count: u64,
}

/// What a command comes to.
#[derive(Debug, PartialEq)]
enum Verdict {
    Saved { id: String, version: u64, modified: u64, unknown: Vec<String> },
    Deleted,
    Refused(String),
    Listed { total: u64, resources: Vec<Json> },
}

fn refused(error: ResourceError) -> Verdict {
    Verdict::Refused(match error {
        ResourceError::NotFound => "not found".to_owned(),
        ResourceError::VersionMismatch => "version".to_owned(),
        ResourceError::Taken(attribute) => format!("taken {}", attribute.as_str()),
        other => format!("{other}"),
    })
}

// ---- What happens ----

const NAMES: &[&str] =
    &["ann", "ANN", "Bob", "änne", "Ä\u{308}NNE", "straße", "STRASSE", "zoë", "%", "\u{1F511}"];
const TITLES: &[&str] = &["boss", "Boss", "öz", "b"];
const OPERATORS: &[&str] = &["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];
const NOBODY: &str = "01890000-0000-7000-8000-000000000000";

fn pick<'a, T>(rng: &mut TestRng, from: &'a [T]) -> &'a T {
    &from[rng.next_u32() as usize % from.len()]
}

fn one_in(rng: &mut TestRng, count: u32) -> bool {
    rng.next_u32().is_multiple_of(count)
}

impl Command {
    fn random(rng: &mut TestRng, model: &Model) -> Self {
        let user = some_id(rng, &model.users);
        let group = some_id(rng, &model.groups);
        let version =
            |all: &BTreeMap<String, Record>, id: &str| all.get(id).map_or(1, |it| it.version);
        let user_version = version(&model.users, &user);
        let group_version = version(&model.groups, &group);
        let guard = |rng: &mut TestRng, version: u64| {
            (one_in(rng, 4)).then(|| if one_in(rng, 3) { version + 1 } else { version })
        };
        match rng.next_u32() % 20 {
            0..=3 => Self::CreateUser(user_body(rng)),
            4 => Self::ReplaceUser(user, user_body(rng), guard(rng, user_version)),
            5..=7 => Self::PatchUser(user, user_changes(rng), guard(rng, user_version)),
            8 => Self::DeleteUser(user, guard(rng, user_version)),
            9..=10 => Self::CreateGroup(group_body(rng), some_members(rng, model)),
            11 => {
                let members = (!one_in(rng, 3)).then(|| some_members(rng, model));
                Self::ReplaceGroup(group, group_body(rng), members, guard(rng, group_version))
            }
            12..=14 => {
                let name = one_in(rng, 3).then(|| (*pick(rng, NAMES)).to_owned());
                let changes = (0..rng.next_u32() % 5).map(|_| membership(rng, model)).collect();
                Self::PatchGroup(group, name, changes, guard(rng, group_version))
            }
            15 if one_in(rng, 2) => Self::DeleteGroup(group, guard(rng, group_version)),
            _ => Self::List(query(rng, model)),
        }
    }
}

fn some_id(rng: &mut TestRng, from: &BTreeMap<String, Record>) -> String {
    let all: Vec<&String> = from.keys().collect();
    if all.is_empty() || one_in(rng, 10) { NOBODY.to_owned() } else { (*pick(rng, &all)).clone() }
}

fn some_members(rng: &mut TestRng, model: &Model) -> Vec<String> {
    (0..rng.next_u32() % 4)
        .map(|_| {
            let from = if one_in(rng, 4) { &model.groups } else { &model.users };
            some_id(rng, from)
        })
        .collect()
}

fn membership(rng: &mut TestRng, model: &Model) -> Membership {
    let members = some_members(rng, model);
    match rng.next_u32() % 8 {
        0..=3 => Membership::Add(members),
        4..=5 => Membership::Remove(members),
        6 => Membership::Replace(members),
        _ => Membership::Clear,
    }
}

fn user_body(rng: &mut TestRng) -> Json {
    let mut body = json!({ "userName": pick(rng, NAMES), "active": !one_in(rng, 4) });
    let map = body.as_object_mut().expect("an object");
    for (name, _) in user_changes(rng).into_iter().zip(0..4) {
        if let (attribute @ ("displayName" | "externalId" | "title"), Some(value)) = name {
            map.insert(attribute.to_owned(), value);
        }
    }
    if one_in(rng, 3) {
        let value = format!("{}@x.test", pick(rng, TITLES));
        map.insert("emails".to_owned(), json!([{ "value": value, "type": "work" }]));
    }
    body
}

fn user_changes(rng: &mut TestRng) -> Vec<(&'static str, Option<Json>)> {
    (0..rng.next_u32() % 3)
        .map(|_| match rng.next_u32() % 5 {
            0 => ("userName", Some(json!(pick(rng, NAMES)))),
            1 => ("active", Some(json!(one_in(rng, 2)))),
            2 => ("displayName", one_in(rng, 2).then(|| json!(pick(rng, NAMES)))),
            3 => ("externalId", one_in(rng, 2).then(|| json!(pick(rng, TITLES)))),
            _ => ("title", one_in(rng, 2).then(|| json!(pick(rng, TITLES)))),
        })
        .collect()
}

fn group_body(rng: &mut TestRng) -> Json {
    let mut body = json!({ "displayName": pick(rng, NAMES) });
    if one_in(rng, 2) {
        body["externalId"] = json!(pick(rng, TITLES));
    }
    body
}

fn query(rng: &mut TestRng, model: &Model) -> Query {
    let kind = *pick(rng, &[&USER, &GROUP]);
    let sorts: &[&str] = if kind.name == "User" {
        &[
            "userName",
            "displayName",
            "externalId",
            "active",
            "title",
            "emails.value",
            "meta.created",
            "id",
        ]
    } else {
        &["displayName", "externalId", "members.value", "meta.lastModified", "id"]
    };
    Query {
        kind,
        filter: (!one_in(rng, 4)).then(|| random_filter(rng, model, kind, 2)),
        sort: one_in(rng, 2).then(|| (*pick(rng, sorts), one_in(rng, 2))),
        start_index: one_in(rng, 2).then(|| u64::from(rng.next_u32() % 6)),
        count: u64::from(rng.next_u32() % 5) + 1,
    }
}

fn random_filter(
    rng: &mut TestRng,
    model: &Model,
    kind: &'static ResourceType,
    depth: u32,
) -> String {
    if depth > 0 && one_in(rng, 2) {
        let left = random_filter(rng, model, kind, depth - 1);
        let right = random_filter(rng, model, kind, depth - 1);
        return match rng.next_u32() % 3 {
            0 => format!("({left} and {right})"),
            1 => format!("({left} or {right})"),
            _ => format!("not ({left})"),
        };
    }
    let (of_users, of_groups) = (
        ["userName", "displayName", "externalId", "title", "emails.value", "groups.display"],
        ["displayName", "externalId", "members.display"],
    );
    let is_user = kind.name == "User";
    let attribute = if is_user { pick(rng, &of_users) } else { pick(rng, &of_groups) };
    match rng.next_u32() % 6 {
        0 if is_user => format!("active eq {}", one_in(rng, 2)),
        0 => format!(r#"members.value eq "{}""#, some_id(rng, &model.users)),
        1 if is_user => format!(r#"groups.value eq "{}""#, some_id(rng, &model.groups)),
        1 => r#"members[type eq "Group"]"#.to_owned(),
        2 => format!("{attribute} pr"),
        _ => {
            let words = if one_in(rng, 2) { NAMES } else { TITLES };
            format!(r#"{attribute} {} "{}""#, pick(rng, OPERATORS), pick(rng, words))
        }
    }
}

// ---- The model ----

#[derive(Clone, Debug)]
struct Record {
    document: Json,
    version: u64,
    created: u64,
    modified: u64,
    members: BTreeSet<String>,
}

#[derive(Default)]
struct Model {
    users: BTreeMap<String, Record>,
    groups: BTreeMap<String, Record>,
}

fn text<'a>(document: &'a Json, name: &str) -> Option<&'a str> {
    document.get(name).and_then(Json::as_str)
}

impl Model {
    fn carry_out(&mut self, command: &Command, now: Timestamp, draws: u64) -> Verdict {
        let at = now.as_millis();
        let rng = &mut TestRng::seeded(draws);
        let result = match command {
            Command::CreateUser(body) => {
                let id = UserId::make(now, rng).to_string();
                self.store_user(&id, fresh(body.clone(), at), at)
            }
            Command::ReplaceUser(id, body, guard) => {
                guarded(&self.users, id, *guard).and_then(|it| {
                    let mut document = body.clone();
                    if document.get("active").is_none() {
                        document["active"] = it.document["active"].clone();
                    }
                    self.store_user(id, Record { document, ..it }, at)
                })
            }
            Command::PatchUser(id, changes, guard) => {
                guarded(&self.users, id, *guard).and_then(|it| {
                    let mut document = it.document.clone();
                    for (name, value) in changes {
                        set(&mut document, name, value.as_ref());
                    }
                    self.store_user(id, Record { document, ..it }, at)
                })
            }
            Command::DeleteUser(id, guard) => guarded(&self.users, id, *guard).map(|_| {
                self.users.remove(id);
                self.leave(id, at);
                Verdict::Deleted
            }),
            Command::CreateGroup(body, members) => {
                let id = GroupId::make(now, rng).to_string();
                let adds = [Membership::Add(members.clone())];
                self.store_group(&id, fresh(body.clone(), at), &adds, at)
            }
            Command::ReplaceGroup(id, body, members, guard) => guarded(&self.groups, id, *guard)
                .and_then(|it| {
                    let changes: Vec<_> =
                        members.iter().map(|them| Membership::Replace(them.clone())).collect();
                    self.store_group(id, Record { document: body.clone(), ..it }, &changes, at)
                }),
            Command::PatchGroup(id, name, changes, guard) => guarded(&self.groups, id, *guard)
                .and_then(|mut it| {
                    if let Some(name) = name {
                        set(&mut it.document, "displayName", Some(&json!(name)));
                    }
                    self.store_group(id, it, changes, at)
                }),
            Command::DeleteGroup(id, guard) => guarded(&self.groups, id, *guard).map(|_| {
                self.groups.remove(id);
                self.leave(id, at);
                Verdict::Deleted
            }),
            Command::List(query) => Ok(self.list(query)),
        };
        result.unwrap_or_else(|why| Verdict::Refused(why.to_owned()))
    }

    fn store_user(&mut self, id: &str, next: Record, at: u64) -> Result<Verdict, &'static str> {
        let same = |name: &'static str, fold: fn(&str) -> String| {
            let own = text(&next.document, name).map(fold);
            let mut others = self.users.iter().filter(|(other, _)| other.as_str() != id);
            own.is_some() && others.any(|(_, it)| text(&it.document, name).map(fold) == own)
        };
        if self.users.get(id).is_none_or(|before| before.document != next.document) {
            if same("userName", fold) {
                return Err("taken userName");
            }
            if same("externalId", str::to_owned) {
                return Err("taken externalId");
            }
        }
        Ok(keep(&mut self.users, id, next, at, Vec::new()))
    }

    fn store_group(
        &mut self,
        id: &str,
        mut next: Record,
        changes: &[Membership],
        at: u64,
    ) -> Result<Verdict, &'static str> {
        let name = |record: &Record| text(&record.document, "displayName").map(fold);
        let mut others = self.groups.iter().filter(|(other, _)| other.as_str() != id);
        if others.any(|(_, it)| name(it) == name(&next)) {
            return Err("taken displayName");
        }
        let (mut unknown, mut touched) = (Vec::new(), false);
        for change in changes {
            let before = next.members.clone();
            let mut add = |members: &mut BTreeSet<String>, ids: &[String]| {
                let mut seen = BTreeSet::new();
                for member in ids.iter().filter(|it| seen.insert(it.as_str())) {
                    let known = self.users.contains_key(member)
                        || (self.groups.contains_key(member) && member != id);
                    if known {
                        members.insert(member.clone());
                    } else {
                        unknown.push(member.clone());
                    }
                }
            };
            match change {
                Membership::Add(ids) => add(&mut next.members, ids),
                Membership::Remove(ids) => next.members.retain(|member| !ids.contains(member)),
                Membership::Clear => next.members.clear(),
                Membership::Replace(ids) => {
                    next.members.retain(|member| ids.contains(member));
                    add(&mut next.members, ids);
                }
            }
            touched |= next.members != before;
        }
        // There and back again is a change too: the rows of the members are new ones.
        if touched && let Some(before) = self.groups.get_mut(id) {
            before.document = Json::Null;
        }
        Ok(keep(&mut self.groups, id, next, at, unknown))
    }

    fn leave(&mut self, id: &str, at: u64) {
        for group in self.groups.values_mut().filter(|group| group.members.contains(id)) {
            group.members.remove(id);
            group.version += 1;
            group.modified = at;
        }
    }

    fn rendered(&self, kind: &'static ResourceType) -> Vec<Json> {
        if kind.name == "User" {
            self.users.iter().map(|(id, user)| self.render_user(id, user)).collect()
        } else {
            self.groups.iter().map(|(id, group)| self.render_group(id, group)).collect()
        }
    }

    fn render_user(&self, id: &str, user: &Record) -> Json {
        let of = self.groups.iter().filter(|(_, group)| group.members.contains(id));
        let groups: Vec<UserGroup> = of
            .map(|(id, group)| UserGroup {
                id: id.clone(),
                display: text(&group.document, "displayName").unwrap_or_default().to_owned(),
            })
            .collect();
        let (document, times) = (document(user.document.clone()), [user.created, user.modified]);
        render_user(&document, &USER, id, &groups, times, user.version, BASE)
    }

    fn render_group(&self, id: &str, group: &Record) -> Json {
        let display = |id: &str| {
            let user = self.users.get(id).map(|it| &it.document);
            let named =
                user.and_then(|it| text(it, "displayName").or_else(|| text(it, "userName")));
            let group = self.groups.get(id).and_then(|it| text(&it.document, "displayName"));
            named.or(group).map(str::to_owned)
        };
        let kind = |id: &str| if self.users.contains_key(id) { "User" } else { "Group" };
        let members: Vec<RenderedMember> = group
            .members
            .iter()
            .map(|id| RenderedMember {
                value: id.clone(),
                kind: Some(kind(id).to_owned()),
                display: display(id),
            })
            .collect();
        let (document, _) = group_document(group.document.clone());
        let times = [group.created, group.modified];
        render_group(&document, &GROUP, id, Some(&members), times, group.version, BASE)
    }

    fn list(&self, query: &Query) -> Verdict {
        let mut all = self.rendered(query.kind);
        if let Some(text) = &query.filter {
            let filter = filter::parse(text, query.kind).expect("a filter");
            all.retain(|resource| evaluate::matches(&filter, resource));
        }
        if let Some((name, descending)) = query.sort {
            let by = query.kind.resolve(name).expect("an attribute");
            all.sort_by_key(|it| (sort_key(it, by), it["id"].to_string()));
            if descending {
                all.reverse();
            }
        }
        let total = all.len() as u64;
        if let Some(start) = query.start_index {
            let (skipped, count) = (start.max(1) - 1, query.count);
            let page = all.into_iter().skip(skipped as usize).take(count as usize);
            all = page.collect();
        }
        Verdict::Listed { total, resources: all }
    }
}

fn fresh(document: Json, at: u64) -> Record {
    Record { document, version: 0, created: at, modified: at, members: BTreeSet::new() }
}

fn set(document: &mut Json, name: &str, value: Option<&Json>) {
    let map: &mut Map<String, Json> = document.as_object_mut().expect("an object");
    match value {
        Some(value) => drop(map.insert(name.to_owned(), value.clone())),
        None => drop(map.remove(name)),
    }
}

fn guarded(
    all: &BTreeMap<String, Record>,
    id: &str,
    guard: Option<u64>,
) -> Result<Record, &'static str> {
    let found = all.get(id).ok_or("not found")?;
    match guard {
        Some(version) if version != found.version => Err("version"),
        _ => Ok(found.clone()),
    }
}

fn keep(
    all: &mut BTreeMap<String, Record>,
    id: &str,
    mut next: Record,
    at: u64,
    unknown: Vec<String>,
) -> Verdict {
    let changed = all.get(id).is_none_or(|before| before.document != next.document);
    if changed {
        next.version += 1;
        next.modified = at;
    }
    let (version, modified) = (next.version, next.modified);
    all.insert(id.to_owned(), next);
    Verdict::Saved { id: id.to_owned(), version, modified, unknown }
}

// ---- An engine ----

struct Engine {
    principal: ScimPrincipal,
    world: World,
}

fn listed(ids: &[String]) -> Json {
    ids.iter().map(|id| json!({ "value": id })).collect()
}

impl Engine {
    fn new(world: World) -> Self {
        Self { principal: world.acme().principal, world }
    }

    fn name(&self) -> &'static str {
        if self.world.is_sqlite() { "SQLite" } else { "PostgreSQL" }
    }

    fn run<T: Send + 'static>(
        &self,
        draws: u64,
        mut work: impl FnMut(
            &mut dyn Store,
            &ScimPrincipal,
            Timestamp,
            &mut TestRng,
        ) -> Result<T, ResourceError>
        + Send
        + 'static,
    ) -> Result<T, ResourceError> {
        let (principal, now) = (self.principal.clone(), self.world.now());
        // A job may run more than once; it draws the same every time.
        self.world
            .database
            .write_blocking(move |store| work(store, &principal, now, &mut TestRng::seeded(draws)))
    }

    fn carry_out(&self, command: &Command, draws: u64) -> Verdict {
        self.try_carry_out(command, draws).unwrap_or_else(refused)
    }

    fn try_carry_out(&self, command: &Command, draws: u64) -> Result<Verdict, ResourceError> {
        match command.clone() {
            Command::CreateUser(body) => {
                let body = document(body);
                self.run(draws, move |store, who, now, rng| {
                    users::create(store, who, &USER, &body, now, rng)
                })
                .map(saved_user)
            }
            Command::ReplaceUser(id, body, guard) => {
                let (id, body, guard) =
                    (id.parse().expect("an id"), document(body), if_match(guard));
                self.run(draws, move |store, who, now, rng| {
                    users::replace(store, who, &USER, id, &body, &guard, now, rng)
                })
                .map(saved_user)
            }
            Command::PatchUser(id, changes, guard) => {
                let operations = changes.into_iter().map(|(path, value)| match value {
                    Some(value) => json!({ "op": "replace", "path": path, "value": value }),
                    None => json!({ "op": "remove", "path": path }),
                });
                let request = patch_request(operations.collect());
                let (id, guard) = (id.parse().expect("an id"), if_match(guard));
                self.run(draws, move |store, who, now, rng| {
                    users::patch(store, who, id, &request, &guard, now, rng)
                })
                .map(saved_user)
            }
            Command::DeleteUser(id, guard) => {
                let (id, guard) = (id.parse().expect("an id"), if_match(guard));
                self.run(draws, move |store, who, now, rng| {
                    users::delete(store, who, id, &guard, now, rng)
                })
                .map(|()| Verdict::Deleted)
            }
            Command::CreateGroup(mut body, members) => {
                body["members"] = listed(&members);
                let (body, members) = group_document(body);
                self.run(draws, move |store, who, now, rng| {
                    let members = members.as_deref().unwrap_or_default();
                    groups::create(store, who, &GROUP, &body, members, now, rng)
                })
                .map(saved_group)
            }
            Command::ReplaceGroup(id, mut body, members, guard) => {
                if let Some(members) = members {
                    body["members"] = listed(&members);
                }
                let (body, members) = group_document(body);
                let (id, guard) = (id.parse().expect("an id"), if_match(guard));
                self.run(draws, move |store, who, now, rng| {
                    let body = (&body, members.as_deref());
                    groups::replace(store, who, &GROUP, id, body, &guard, now, rng)
                })
                .map(saved_group)
            }
            Command::PatchGroup(id, name, changes, guard) => {
                let rename =
                    |name| json!({ "op": "replace", "path": "displayName", "value": name });
                let mut operations: Vec<Json> = name.map(rename).into_iter().collect();
                operations.extend(changes.iter().map(membership_operation));
                let request = group_patch(operations.into());
                let (id, guard) = (id.parse().expect("an id"), if_match(guard));
                self.run(draws, move |store, who, now, rng| {
                    groups::patch(store, who, id, &request, &guard, BASE, now, rng)
                })
                .map(saved_group)
            }
            Command::DeleteGroup(id, guard) => {
                let (id, guard) = (id.parse().expect("an id"), if_match(guard));
                self.run(draws, move |store, who, now, rng| {
                    groups::delete(store, who, id, &guard, now, rng)
                })
                .map(|()| Verdict::Deleted)
            }
            Command::List(query) => self.list(query),
        }
    }

    fn list(&self, query: Query) -> Result<Verdict, ResourceError> {
        let mut page = match query.start_index {
            Some(start_index) => Page::Index { start_index },
            None => Page::Cursor(None),
        };
        let mut resources = Vec::new();
        loop {
            let (total, found, next) = self.page(&query, page)?;
            resources.extend(found);
            match next {
                Some(cursor) => page = Page::Cursor(Some(cursor)),
                None => return Ok(Verdict::Listed { total, resources }),
            }
        }
    }

    fn page(
        &self,
        query: &Query,
        page: Page,
    ) -> Result<(u64, Vec<Json>, Option<Cursor>), ResourceError> {
        let Query { kind, count, .. } = *query;
        let filter = query.filter.as_deref().map(|it| filter::parse(it, kind).expect("a filter"));
        let by = |name| kind.resolve(name).expect("an attribute");
        let sort = query.sort.map(|(name, descending)| Sort { by: by(name), descending });
        let listed = self.run(0, move |store, who, now, _| {
            let with = With { groups: true, members: Members::All };
            let (filter, page) = (filter.as_ref(), &page);
            let base_url = BASE;
            let request = ListRequest { kind, filter, sort, page, count, with, base_url };
            listing::list(store, who, &request, now)
        })?;
        let shown = listed.resources.iter().map(|shown| shown.render(kind, BASE)).collect();
        Ok((listed.total, shown, listed.next))
    }
}

fn saved_user(user: User) -> Verdict {
    let (id, version, modified) =
        (user.id.to_string(), user.version, user.last_modified.as_millis());
    Verdict::Saved { id, version, modified, unknown: Vec::new() }
}

fn saved_group(saved: groups::Saved) -> Verdict {
    let Group { id, version, last_modified, .. } = saved.group;
    let (id, modified) = (id.to_string(), last_modified.as_millis());
    Verdict::Saved { id, version, modified, unknown: saved.unknown_members }
}

fn membership_operation(change: &Membership) -> Json {
    match change {
        Membership::Add(ids) => json!({ "op": "add", "path": "members", "value": listed(ids) }),
        Membership::Remove(ids) => {
            json!({ "op": "remove", "path": "members", "value": listed(ids) })
        }
        Membership::Replace(ids) => {
            json!({ "op": "replace", "path": "members", "value": listed(ids) })
        }
        Membership::Clear => json!({ "op": "remove", "path": "members" }),
    }
}
