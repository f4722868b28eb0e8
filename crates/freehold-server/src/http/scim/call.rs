//! One SCIM request on its way: who asks, for which resource, and what the provisioning log will say of it.

use std::{cell::RefCell, rc::Rc};

use actix_web::{
    HttpMessage, HttpRequest,
    http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH, USER_AGENT},
    web::Bytes,
};
use freehold_directory::{
    ResourceError, ScimPrincipal, SecretHash, Store, StoreError, Timestamp,
    provisioning_log::LogEntry,
    tokens::{self, TokenRefusal},
};
use freehold_scim::{
    ScimError,
    advice::{self, Action, Client, Request},
    etag::{Condition, Guard},
    mask,
    schema::ResourceType,
};

use serde_json::Value;

use super::problem::ScimProblem;
use crate::{http::App, system::Stopwatch};

/// The longest part of a target or an id that is kept.
const TARGET_BYTES: usize = 500;

/// What a trial of the connection is told where it would write. It asks in order to hear this: nothing on the way has
/// kept the method back.
pub(in crate::http) const ONLY_READS: &str =
    "This token is there to try the connection, and only reads.";

/// What the middleware and the handler of a request know of it together.
#[derive(Clone)]
pub(super) struct Call(Rc<Inner>);

struct Inner {
    presented: SecretHash,
    asked: Asked,
    client: Client,
    watch: Stopwatch,
    state: RefCell<State>,
    notes: RefCell<Notes>,
}

/// What is known of the token.
enum State {
    /// It was not looked at: no job of the request has run yet.
    Unasked,
    /// It is good.
    Known(ScimPrincipal),
    /// It is not.
    Refused(TokenRefusal),
    /// The database did not say.
    Unanswered,
}

/// What a request asks, as the log shows it.
#[derive(Clone)]
struct Asked {
    at: Timestamp,
    method: String,
    target: String,
}

/// What a handler adds.
#[derive(Default)]
struct Notes {
    body: Option<Body>,
    resource: Option<String>,
    recorded: bool,
}

/// A request body.
enum Body {
    /// As it came.
    Read(Bytes),
    /// As the log shows it.
    Masked(String),
}

impl Body {
    fn masked(&self) -> String {
        match self {
            Self::Read(bytes) => mask::body(bytes),
            Self::Masked(text) => text.clone(),
        }
    }
}

/// Why a job of a request did not do what was asked.
enum Failure {
    /// Its token is not good.
    Refused(TokenRefusal),
    /// It is good, as far as that was found out, and something else is wrong.
    Failed(Option<ScimPrincipal>, Box<ResourceError>),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Failed(None, Box::new(error.into()))
    }
}

/// A job that first looks at the token: whatever it reads or writes, it does for a token that is good in this very
/// transaction.
fn with_token<T>(
    presented: SecretHash,
    now: Timestamp,
    mut job: impl FnMut(&mut dyn Store, &ScimPrincipal) -> Result<T, ResourceError>,
) -> impl FnMut(&mut dyn Store) -> Result<(ScimPrincipal, T), Failure> {
    move |store| {
        let principal = tokens::authenticate(store, &presented, now)?.map_err(Failure::Refused)?;
        match job(store, &principal) {
            Ok(done) => Ok((principal, done)),
            Err(error) => Err(Failure::Failed(Some(principal), Box::new(error))),
        }
    }
}

impl Call {
    pub(super) fn new(request: &HttpRequest, presented: SecretHash, now: Timestamp) -> Self {
        let method = request.method().to_string();
        Self(Rc::new(Inner {
            presented,
            asked: Asked { at: now, method, target: target(request) },
            client: client(request),
            watch: Stopwatch::start(),
            state: RefCell::new(State::Unasked),
            notes: RefCell::default(),
        }))
    }

    /// The call of a request that [`super::auth::with_token`] let through.
    pub(super) fn of(request: &HttpRequest) -> Result<Self, ScimProblem> {
        let call = request.extensions().get::<Self>().cloned();
        call.ok_or_else(|| ScimError::unauthorized().into())
    }

    /// What was presented, by which the gate knows an organization again.
    pub(super) fn presented(&self) -> SecretHash {
        self.0.presented
    }

    pub(super) fn now(&self) -> Timestamp {
        self.0.asked.at
    }

    /// Runs a job that reads shortly, for a good token.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        app: &App,
        job: impl FnMut(&mut dyn Store, &ScimPrincipal) -> Result<T, ResourceError> + Send + 'static,
    ) -> Result<T, ScimProblem> {
        let job = with_token(self.0.presented, self.now(), job);
        self.settle(app.database.read(job).await)
    }

    /// Runs a job that reads much, for a good token, when no other such job of the organization is under way.
    pub(super) async fn scan<T: Send + 'static>(
        &self,
        app: &App,
        job: impl FnMut(&mut dyn Store, &ScimPrincipal) -> Result<T, ResourceError> + Send + 'static,
    ) -> Result<T, ScimProblem> {
        let organization = match app.gate.organization_of(self.0.presented) {
            Some(organization) => organization,
            None => self.read(app, |_, principal| Ok(principal.organization())).await?,
        };
        let _turn = app.gate.turn_for_list(organization, self.now()).await;
        let job = with_token(self.0.presented, self.now(), job);
        self.settle(app.database.scan(job).await)
    }

    /// Runs a job that writes, for a good token that may.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        app: &App,
        mut job: impl FnMut(&mut dyn Store, &ScimPrincipal) -> Result<T, ResourceError> + Send + 'static,
    ) -> Result<T, ScimProblem> {
        let job = with_token(self.0.presented, self.now(), move |store, principal| {
            if principal.is_trial() {
                return Err(ResourceError::Scim(ScimError::forbidden(ONLY_READS)));
            }
            job(store, principal)
        });
        self.settle(app.database.write(job).await)
    }

    /// Looks at the token before anything else, as for a body that is not to be read for nobody.
    pub(super) async fn authenticate(&self, app: &App) -> Result<(), ScimProblem> {
        self.read(app, |_, _| Ok(())).await
    }

    fn settle<T>(&self, answer: Result<(ScimPrincipal, T), Failure>) -> Result<T, ScimProblem> {
        let (state, answer) = match answer {
            Ok((principal, done)) => (State::Known(principal), Ok(done)),
            Err(Failure::Failed(Some(principal), error)) => {
                (State::Known(principal), Err((*error).into()))
            }
            Err(Failure::Failed(None, error)) => (State::Unanswered, Err((*error).into())),
            Err(Failure::Refused(refusal)) => {
                let problem = ScimProblem::refused(&refusal);
                (State::Refused(refusal), Err(problem))
            }
        };
        *self.0.state.borrow_mut() = state;
        answer
    }

    /// Whether no job has looked at the token yet.
    pub(super) fn is_unasked(&self) -> bool {
        matches!(*self.0.state.borrow(), State::Unasked)
    }

    /// Whose token it is, if it is good.
    pub(super) fn principal(&self) -> Option<ScimPrincipal> {
        match &*self.0.state.borrow() {
            State::Known(principal) => Some(principal.clone()),
            _ => None,
        }
    }

    /// Why the token was refused, if it was.
    pub(super) fn refusal(&self) -> Option<TokenRefusal> {
        match &*self.0.state.borrow() {
            State::Refused(refusal) => Some(refusal.clone()),
            _ => None,
        }
    }

    /// Notes the body, for the log.
    pub(super) fn saw_body(&self, body: &Bytes) {
        self.0.notes.borrow_mut().body = Some(Body::Read(body.clone()));
    }

    /// Notes what the body says, so that it is not read a second time for the log.
    pub(super) fn understood_body(&self, body: &Value) {
        self.0.notes.borrow_mut().body = Some(Body::Masked(mask::parsed(body)));
    }

    /// Notes which resource it is about.
    pub(super) fn is_about(&self, id: &str) {
        self.0.notes.borrow_mut().resource = Some(shown(id.to_owned()));
    }

    /// Notes that the log has it already: in the transaction of the write.
    pub(super) fn is_recorded(&self) {
        self.0.notes.borrow_mut().recorded = true;
    }

    /// The entry of the log for an answer that the log does not have yet.
    pub(super) fn entry(&self, status: u16) -> Option<LogEntry> {
        if self.0.notes.borrow().recorded {
            return None;
        }
        let principal = self.principal()?;
        Some(self.ticket().entry(&principal, status))
    }

    /// The same for a refusal, with what to do about it.
    pub(super) fn entry_of(&self, problem: &ScimProblem) -> Option<LogEntry> {
        let (error, fix) = (problem.error(), self.fix(problem));
        let detail = Some(error.detail.clone());
        Some(LogEntry { detail, fix, ..self.entry(error.status)? })
    }

    fn fix(&self, problem: &ScimProblem) -> Option<String> {
        let own = problem.fix().map(str::to_owned);
        own.or_else(|| advice::advice(problem.error(), self.request()))
    }

    /// The entry for a token that is known and not good. The client learns less than the log.
    pub(super) fn turned_away(
        &self,
        refusal: &TokenRefusal,
        problem: &ScimProblem,
    ) -> Option<LogEntry> {
        let (refused, error) = (refusal.refused()?, problem.error());
        Some(LogEntry {
            organization: refused.organization(),
            at: self.now(),
            token: Some(refused.token()),
            method: self.0.asked.method.clone(),
            target: self.0.asked.target.clone(),
            resource: None,
            status: error.status,
            detail: Some(format!("{} ({refusal})", error.detail)),
            fix: self.fix(problem),
            duration_ms: self.0.watch.elapsed_ms(),
            body: None,
        })
    }

    /// One operation of a bulk request, which the log shows by itself.
    pub(super) fn part(&self, method: &str, kind: &ResourceType, id: Option<&str>) -> Self {
        let separator = if id.is_some() { "/" } else { "" };
        let target = shown(format!("{}{separator}{}", kind.endpoint, id.unwrap_or_default()));
        let method = format!("BULK {method}");
        Self(Rc::new(Inner {
            presented: self.0.presented,
            asked: Asked { at: self.now(), method, target },
            client: self.0.client,
            watch: Stopwatch::start(),
            // An operation may be refused before a job looks at the token again.
            state: RefCell::new(self.principal().map_or(State::Unasked, State::Known)),
            notes: RefCell::new(Notes {
                resource: id.map(|id| shown(id.to_owned())),
                ..Notes::default()
            }),
        }))
    }

    /// What a job needs of the request, to write its own row of the log.
    pub(super) fn ticket(&self) -> Ticket {
        let notes = self.0.notes.borrow();
        Ticket {
            now: self.now(),
            client: self.0.client,
            asked: self.0.asked.clone(),
            watch: self.0.watch,
            resource: notes.resource.clone(),
            // Here and not in the job: the thread that writes has enough to do.
            body: notes.body.as_ref().map(Body::masked),
        }
    }

    fn request(&self) -> Request<'_> {
        let path = self.0.asked.target.split(['?', '#']).next().unwrap_or_default();
        let (collection, rest) = path.trim_start_matches('/').split_once('/').unwrap_or((path, ""));
        let kind = match collection.trim_matches('/') {
            "Users" => "User",
            "Groups" => "Group",
            other => other,
        };
        let action = match self.0.asked.method.trim_start_matches("BULK ") {
            "POST" if rest == ".search" => Action::Query,
            "POST" => Action::Create,
            "PUT" | "PATCH" => Action::Change,
            "DELETE" => Action::Delete,
            _ if rest.is_empty() => Action::Query,
            _ => Action::Read,
        };
        Request { client: self.0.client, kind, action }
    }
}

/// What a job needs of a request.
#[derive(Clone)]
pub(super) struct Ticket {
    pub(super) now: Timestamp,
    pub(super) client: Client,
    asked: Asked,
    watch: Stopwatch,
    resource: Option<String>,
    body: Option<String>,
}

impl Ticket {
    /// The row of the log, so far.
    pub(super) fn entry(&self, principal: &ScimPrincipal, status: u16) -> LogEntry {
        LogEntry {
            organization: principal.organization(),
            at: self.now,
            token: Some(principal.token()),
            method: self.asked.method.clone(),
            target: self.asked.target.clone(),
            resource: self.resource.clone(),
            status,
            detail: None,
            fix: None,
            duration_ms: self.watch.elapsed_ms(),
            body: self.body.clone(),
        }
    }
}

/// Whose screens the administrator has in front of them, as far as the client says who it is.
fn client(request: &HttpRequest) -> Client {
    let agent = request.headers().get(USER_AGENT).and_then(|agent| agent.to_str().ok());
    let agent = agent.unwrap_or_default().to_ascii_lowercase();
    if agent.contains("okta") {
        Client::Okta
    } else if ["microsoft", "azure", "entra"].iter().any(|name| agent.contains(name)) {
        Client::Entra
    } else {
        Client::Other
    }
}

/// The path below the base URL and the query, without parameters that SCIM does not have: somebody may have put a
/// secret there (RFC 6750 §2.3).
fn target(request: &HttpRequest) -> String {
    const KNOWN: [&str; 8] = [
        "filter",
        "startIndex",
        "count",
        "cursor",
        "sortBy",
        "sortOrder",
        "attributes",
        "excludedAttributes",
    ];
    let path = request.path();
    let mut target = path.strip_prefix(super::BASE).unwrap_or(path).to_owned();
    let query = url::form_urlencoded::parse(request.query_string().as_bytes());
    for (place, (name, value)) in query.enumerate() {
        let known = KNOWN.iter().any(|known| known.eq_ignore_ascii_case(&name));
        let (name, value) = match known {
            true if name.eq_ignore_ascii_case("filter") => (&*name, mask::filter(&value)),
            true => (&*name, value.into_owned()),
            false => ("..", "***".to_owned()),
        };
        let joiner = if place == 0 { '?' } else { '&' };
        target.push_str(&format!("{joiner}{name}={value}"));
    }
    shown(target)
}

/// A text of the client as the log keeps it: of bounded length, and nothing that moves a cursor.
fn shown(mut text: String) -> String {
    text.retain(|letter| !letter.is_control());
    text.truncate(text.floor_char_boundary(TARGET_BYTES));
    text
}

/// The type of the resources at the endpoint that the address names.
pub(super) fn kind(request: &HttpRequest, app: &App) -> Result<&'static ResourceType, ScimProblem> {
    let name = request.match_info().get("kind").unwrap_or_default();
    let found = app.catalog.by_endpoint(&format!("/{name}"));
    found.ok_or_else(|| ScimError::not_found().into())
}

/// The id in the address.
pub(super) fn id(request: &HttpRequest) -> String {
    request.match_info().get("id").unwrap_or_default().to_owned()
}

/// What a write asks of the version that it meets (RFC 7644 §3.14).
pub(super) fn guard(request: &HttpRequest) -> Guard {
    Guard { is: condition(request, &IF_MATCH), is_not: if_none_match(request) }
}

/// `If-None-Match`, if the request has it.
pub(super) fn if_none_match(request: &HttpRequest) -> Option<Condition> {
    condition(request, &IF_NONE_MATCH)
}

/// Several headers are one list.
fn condition(request: &HttpRequest, name: &HeaderName) -> Option<Condition> {
    let values: Vec<&str> =
        request.headers().get_all(name).map(|value| value.to_str().unwrap_or_default()).collect();
    if values.is_empty() { None } else { Some(Condition::parse(&values.join(","))) }
}
