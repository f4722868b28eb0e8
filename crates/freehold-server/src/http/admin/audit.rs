//! `/api/admin/audit`: the audit log read, verified and exported (`docs/AUDIT.md`).

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use freehold_directory::{
    OrganizationId,
    audit::{self, Audited, Export, Fault, Head, Told, Verifier},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    super::{
        App,
        body::{self, JsonBytes},
        caller::{Failure, SessionCookie},
        chunks::{self, Pieces},
        openapi::Refusal,
        problem::Problem,
        turns::{Turn, Turns},
        wrong_method,
    },
    page,
};

/// Events read at a time.
const BATCH: u32 = 500;
/// Events that one request verifies at most; the answer says from where to go on.
const VERIFIED_AT_ONCE: u64 = 20_000;
/// Two heads.
const LIMIT: usize = 512;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/audit")
                .route(web::get().to(list))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/audit/verify")
                .route(web::post().to(verify))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/audit/export")
                .route(web::get().to(export))
                .default_service(web::to(wrong_method)),
        );
}

/// The organizations whose logs are being worked through: each of them once at a time.
#[must_use]
pub fn audit_work() -> Arc<Turns<OrganizationId>> {
    Turns::new(1)
}

/// Proof that nobody else works through the log.
fn alone(app: &App, organization: OrganizationId) -> Result<Turn<OrganizationId>, Problem> {
    app.audit_work.take(organization).ok_or_else(Problem::busy)
}

/// One event.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventItem {
    /// Ids sort by time.
    id: String,
    /// When, in RFC 3339 as the chain has it.
    at: String,
    /// What happened, such as `token.created`.
    kind: String,
    /// Its number in the chain; none for what stands outside.
    seq: Option<u64>,
    user: Option<String>,
    user_name: Option<String>,
    token: Option<String>,
    client: Option<String>,
    /// What the token or client is called.
    credential: Option<String>,
    connection: Option<String>,
    connection_name: Option<String>,
    /// A reason, a number or a name of the domain name system.
    detail: Option<String>,
}

impl From<Told> for EventItem {
    fn from(told: Told) -> Self {
        let Told { event: Audited { entry, head }, user_name, credential, connection } = told;
        Self {
            id: entry.id,
            at: entry.at,
            kind: entry.kind,
            seq: head.map(|head| head.seq),
            user: entry.user,
            user_name,
            token: entry.token,
            client: entry.client,
            credential,
            connection: entry.connection,
            connection_name: connection,
            detail: entry.detail,
        }
    }
}

/// A page of the log, newest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventPage {
    events: Vec<EventItem>,
    /// The cursor of the next page; null when this is the last.
    next: Option<String>,
    /// Where the chain ends, `SEQ:HASH`: to be kept elsewhere.
    head: String,
}

/// Which part of the log.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct EventPart {
    cursor: Option<String>,
    limit: Option<u32>,
}

/// The audit log, newest first.
#[utoipa::path(
    get, path = "/api/admin/audit", tag = "audit",
    params(
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u32>, Query, description = "1 to 200; 50 without it"),
    ),
    responses((status = 200, body = EventPage), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn list(
    request: HttpRequest,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let part: EventPart = page::parameters(request.query_string())?;
    let before = page::entry(part.cursor.as_deref())?;
    let limit = page::limit(part.limit)?;
    let events = app
        .read_as(cookie, move |store, session| {
            let organization = session.admin()?.organization();
            let mut told = audit::newest(store, organization, before.as_deref(), limit + 1)?;
            let next = page::cut(&mut told, limit, |last| last.event.entry.id.clone());
            let head = audit::head(store, organization)?.to_string();
            Ok(EventPage { events: told.into_iter().map(EventItem::from).collect(), next, head })
        })
        .await?;
    Ok(HttpResponse::Ok().json(events))
}

/// From where to verify, and against what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct VerifyRequest {
    /// The head of the answer before, to go on from there; from the beginning without it.
    after: Option<String>,
    /// A head that was kept elsewhere, which the chain must meet after `after`.
    noted: Option<String>,
}

/// What the events of the chain give.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VerifyAnswer {
    /// Whether everything that was looked at is intact.
    verified: bool,
    /// Whether the end of the chain was reached. If not, ask again with `after` the `head`.
    complete: bool,
    /// How many events this request verified.
    events: u64,
    /// The head up to which the chain is intact, `SEQ:HASH`.
    head: String,
    /// What is wrong, and where.
    fault: Option<FaultShown>,
}

/// The first thing that is wrong.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FaultShown {
    /// `gap`, `organization`, `previous`, `hash`, `rewritten`, `missing` or `kept-head`.
    code: &'static str,
    /// The number of the event.
    seq: u64,
    /// What `freehold audit verify` says.
    text: String,
}

impl From<Fault> for FaultShown {
    fn from(fault: Fault) -> Self {
        let text = fault.to_string();
        let (code, seq) = match fault {
            Fault::Gap { expected, .. } => ("gap", expected),
            Fault::Organization { seq } => ("organization", seq),
            Fault::Previous { seq } => ("previous", seq),
            Fault::Hash { seq } => ("hash", seq),
            Fault::Rewritten { seq } => ("rewritten", seq),
            Fault::Missing { noted, .. } => ("missing", noted),
            Fault::KeptHead { last, .. } => ("kept-head", last),
            // The enum grows with the format; an unknown fault is one all the same.
            _ => ("other", 0),
        };
        Self { code, seq, text }
    }
}

fn parse_head(text: &str) -> Result<Head, Problem> {
    text.parse().map_err(|error| Problem::bad_request(format!("That is no head: {error}.")))
}

/// Follows the chain of hashes, a bounded part of it at a time.
#[utoipa::path(
    post, path = "/api/admin/audit/verify", tag = "audit", request_body = VerifyRequest,
    responses((status = 200, body = VerifyAnswer), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn verify(
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<LIMIT>,
) -> Result<HttpResponse, Problem> {
    let VerifyRequest { after, noted } = body::parse(&body.0)?;
    let after = after.as_deref().map_or(Ok(Head::START), parse_head)?;
    let noted = noted.as_deref().map(parse_head).transpose()?;
    let organization =
        app.read_as(cookie, |_, session| Ok(session.admin()?.organization())).await?;
    let _alone = alone(&app, organization)?;
    let answer = follow(&app, organization, after, noted).await?;
    if let Some(fault) = &answer.fault {
        tracing::error!(organization = %organization, fault = fault.text, "an audit chain is not intact");
    }
    Ok(HttpResponse::Ok().json(answer))
}

async fn follow(
    app: &App,
    organization: OrganizationId,
    after: Head,
    noted: Option<Head>,
) -> Result<VerifyAnswer, Problem> {
    let mut verifier = match Verifier::new(after, noted) {
        Ok(verifier) => verifier,
        Err(fault) => return Ok(VerifyAnswer::broken(after, 0, fault)),
    };
    loop {
        let head = verifier.head();
        let events = head.seq.saturating_sub(after.seq);
        if events >= VERIFIED_AT_ONCE {
            return Ok(VerifyAnswer::intact(head, events, false));
        }
        let page = app
            .database
            .scan(move |store| audit::page(store, organization, head.seq, BATCH))
            .await?;
        for event in &page.events {
            if let Err(fault) = verifier.take(event, None) {
                let head = verifier.head();
                let events = head.seq.saturating_sub(after.seq);
                return Ok(VerifyAnswer::broken(head, events, fault));
            }
        }
        if page.events.len() < BATCH as usize {
            let head = verifier.head();
            let events = head.seq.saturating_sub(after.seq);
            return Ok(match verifier.finish_at(page.head) {
                Ok(_) => VerifyAnswer::intact(head, events, true),
                Err(fault) => VerifyAnswer::broken(head, events, fault),
            });
        }
    }
}

impl VerifyAnswer {
    fn intact(head: Head, events: u64, complete: bool) -> Self {
        Self { verified: true, complete, events, head: head.to_string(), fault: None }
    }

    fn broken(head: Head, events: u64, fault: Fault) -> Self {
        let fault = Some(fault.into());
        Self { verified: false, complete: true, events, head: head.to_string(), fault }
    }
}

/// The whole log as JSON lines, as `freehold audit export` writes it.
#[utoipa::path(
    get, path = "/api/admin/audit/export", tag = "audit",
    responses(
        (status = 200, content_type = "application/jsonl", body = String,
         description = "One event a line, see docs/AUDIT.md"),
        (status = "4XX", response = Refusal),
    ),
)]
pub(crate) async fn export(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let cookie = Arc::new(cookie);
    let (organization, name) = app
        .watch_as(&cookie, |_, session| {
            let organization = session.admin()?.organization();
            Ok((organization, session.organization_names().0.to_owned()))
        })
        .await?;
    let alone = alone(&app, organization)?;
    let file = format!("attachment; filename=\"{name}-audit.jsonl\"");
    let mut head = HttpResponse::Ok();
    head.content_type("application/jsonl").insert_header((header::CONTENT_DISPOSITION, file));
    Ok(chunks::answer(head, alone, |pieces| write_out(app, cookie, pieces)))
}

/// Each batch is read as the person of the session: an export ends with it, and the browser is told that it is not whole.
async fn write_out(app: web::Data<App>, cookie: Arc<SessionCookie>, pieces: Pieces) {
    let mut export = Export::of_all();
    while export.finished().is_none() {
        let step = export.clone();
        let read = app.watch_as(&cookie, move |store, session| {
            let organization = session.admin()?.organization();
            step.next(store, organization, BATCH).map_err(|error| match error {
                audit::ExportError::Store(error) => Failure::Store(error),
                audit::ExportError::Line(_) => Problem::internal().into(),
            })
        });
        match read.await {
            Ok((lines, next)) => {
                export = next;
                if !lines.is_empty() && !pieces.send(lines).await {
                    return;
                }
            }
            Err(problem) => {
                tracing::warn!(code = problem.code(), "an export was cut off");
                return pieces.cut_off();
            }
        }
    }
}
