//! One SCIM request on its way: who asks, for which resource, and what the provisioning log will say of it.

use std::{cell::RefCell, rc::Rc};

use actix_web::{
    HttpMessage, HttpRequest,
    http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH, USER_AGENT},
    web::Bytes,
};
use freehold_directory::{
    ScimPrincipal, Timestamp, provisioning_log::LogEntry, tokens::RefusedToken,
};
use freehold_scim::{
    ScimError,
    advice::{self, Action, Client, Request},
    etag::Condition,
    schema::ResourceType,
};

use super::{command::Ticket, problem::ScimProblem};
use crate::{http::App, system::Stopwatch};

/// The longest part of a target or an id that is kept.
const TARGET_BYTES: usize = 500;

/// What the middleware and the handler of a request know of it together.
#[derive(Clone)]
pub(super) struct Call(Rc<Inner>);

struct Inner {
    principal: ScimPrincipal,
    arrived_at: Timestamp,
    watch: Stopwatch,
    method: String,
    target: String,
    client: Client,
    notes: RefCell<Notes>,
}

/// What a handler adds.
#[derive(Default)]
struct Notes {
    body: Option<Bytes>,
    resource: Option<String>,
    recorded: bool,
}

impl Call {
    pub(super) fn new(request: &HttpRequest, principal: ScimPrincipal, now: Timestamp) -> Self {
        Self(Rc::new(Inner {
            principal,
            arrived_at: now,
            watch: Stopwatch::start(),
            method: request.method().to_string(),
            target: target(request),
            client: client(request),
            notes: RefCell::default(),
        }))
    }

    /// The call of a request that [`super::auth::with_token`] let through.
    pub(super) fn of(request: &HttpRequest) -> Result<Self, ScimProblem> {
        let call = request.extensions().get::<Self>().cloned();
        call.ok_or_else(|| ScimError::unauthorized().into())
    }

    pub(super) fn principal(&self) -> &ScimPrincipal {
        &self.0.principal
    }

    pub(super) fn now(&self) -> Timestamp {
        self.0.arrived_at
    }

    /// Notes the body, for the log.
    pub(super) fn saw_body(&self, body: &Bytes) {
        self.0.notes.borrow_mut().body = Some(body.clone());
    }

    /// Notes which resource it is about.
    pub(super) fn is_about(&self, id: &str) {
        self.0.notes.borrow_mut().resource = Some(shown(id.to_owned()));
    }

    /// Notes that the log has it already: in the transaction of the write.
    pub(super) fn is_recorded(&self) {
        self.0.notes.borrow_mut().recorded = true;
    }

    /// Whether the log has it already.
    pub(super) fn was_recorded(&self) -> bool {
        self.0.notes.borrow().recorded
    }

    /// The entry of the log, so far.
    pub(super) fn entry(&self, status: u16) -> LogEntry {
        let notes = self.0.notes.borrow();
        LogEntry {
            organization: self.principal().organization(),
            at: self.0.arrived_at,
            token: Some(self.principal().token()),
            method: self.0.method.clone(),
            target: self.0.target.clone(),
            resource: notes.resource.clone(),
            status,
            detail: None,
            fix: None,
            duration_ms: self.0.watch.elapsed_ms(),
            body: notes.body.as_ref().map(|body| freehold_scim::mask::body(body)),
        }
    }

    /// The entry of the log for a refusal, with what to do about it.
    pub(super) fn refusal(&self, error: &ScimError) -> LogEntry {
        let fix = advice::advice(error, self.request());
        LogEntry { detail: Some(error.detail.clone()), fix, ..self.entry(error.status) }
    }

    fn request(&self) -> Request<'_> {
        let path = self.0.target.split(['?', '#']).next().unwrap_or_default();
        let (collection, rest) = path.trim_start_matches('/').split_once('/').unwrap_or((path, ""));
        let kind = match collection.trim_matches('/') {
            "Users" => "User",
            "Groups" => "Group",
            other => other,
        };
        let action = match self.0.method.trim_start_matches("BULK ") {
            "POST" if rest == ".search" => Action::Query,
            "POST" => Action::Create,
            "PUT" | "PATCH" => Action::Change,
            "DELETE" => Action::Delete,
            _ if rest.is_empty() => Action::Query,
            _ => Action::Read,
        };
        Request { client: self.0.client, kind, action }
    }

    /// One operation of a bulk request, which the log shows by itself.
    pub(super) fn part(&self, method: &str, kind: &ResourceType, id: Option<&str>) -> Self {
        let separator = if id.is_some() { "/" } else { "" };
        Self(Rc::new(Inner {
            principal: self.principal().clone(),
            arrived_at: self.0.arrived_at,
            watch: Stopwatch::start(),
            method: format!("BULK {method}"),
            target: shown(format!("{}{separator}{}", kind.endpoint, id.unwrap_or_default())),
            client: self.0.client,
            notes: RefCell::new(Notes {
                resource: id.map(|id| shown(id.to_owned())),
                ..Notes::default()
            }),
        }))
    }

    /// What a command needs of the request.
    pub(super) fn ticket(&self) -> Ticket {
        Ticket {
            principal: self.principal().clone(),
            now: self.now(),
            watch: self.0.watch,
            client: self.0.client,
            entry: self.entry(0),
        }
    }
}

/// The entry of the log for a request whose token is known and not good. The client learns less than the log.
pub(super) fn turned_away(
    request: &HttpRequest,
    refused: &RefusedToken,
    reason: &str,
    error: &ScimError,
    now: Timestamp,
) -> LogEntry {
    let asked = Request { client: client(request), kind: "User", action: Action::Query };
    LogEntry {
        organization: refused.organization(),
        at: now,
        token: Some(refused.token()),
        method: request.method().to_string(),
        target: target(request),
        resource: None,
        status: error.status,
        detail: Some(format!("{}: {reason}", error.detail)),
        fix: advice::advice(error, asked),
        duration_ms: 0,
        body: None,
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
        let (name, value) = if known { (&*name, &*value) } else { ("..", "***") };
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

/// `If-Match`, if the request has it (RFC 7644 §3.14).
pub(super) fn if_match(request: &HttpRequest) -> Option<Condition> {
    condition(request, &IF_MATCH)
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
