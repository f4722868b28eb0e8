//! `/Bulk`: RFC 7644 §3.7. Each operation is a transaction of its own; `freehold_scim::bulk` decides the order.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use freehold_directory::listing::Members;
use freehold_scim::{
    ScimError,
    bulk::{BulkRequest, Method, Outcome, Plan, Step},
    etag::{self, Condition, Guard},
    limits,
};

use super::{call::Call, command::Command, document, problem::ScimProblem, read_body, resources};
use crate::http::App;

pub(super) async fn carry_out(
    request: HttpRequest,
    payload: web::Payload,
    app: web::Data<App>,
) -> Result<HttpResponse, ScimProblem> {
    let call = Call::of(&request)?;
    // One byte more than the limit is read, so that the refusal names the limit.
    let body = read_body(&request, payload, limits::BULK_BYTES + 1, &app).await?;
    call.authenticate(&app).await?;
    let mut plan = Plan::new(BulkRequest::parse(&body, &app.catalog)?, &app.site.scim_url());
    while let Some(step) = plan.next_step() {
        let index = step.index;
        let outcome = match run(&app, &call, step).await {
            Ok(outcome) => outcome,
            Err(problem) => Outcome::failed(problem.error()),
        };
        plan.done(index, outcome);
    }
    Ok(document(StatusCode::OK, &plan.into_response()))
}

async fn run(app: &App, call: &Call, step: Step) -> Result<Outcome, ScimProblem> {
    let part = call.part(step.method.name(), step.kind, step.id.as_deref());
    let done = match command(step) {
        Ok(command) => resources::execute(app, &part, command).await,
        Err(error) => Err(error.into()),
    };
    if let Err(problem) = &done {
        part.entry_of(problem).into_iter().for_each(|entry| app.recorder.record(entry));
    }
    let done = done?;
    Ok(Outcome {
        status: done.status.as_u16(),
        id: Some(done.id),
        version: done.shown.map(|shown| etag::render(shown.stored.version())),
        ..Outcome::default()
    })
}

fn command(step: Step) -> Result<Command, ScimError> {
    let Step { method, kind, id, version, data, .. } = step;
    let guard = Guard { is: version.as_deref().map(Condition::parse), is_not: None };
    let (id, data) = (id.unwrap_or_default(), data.unwrap_or_default());
    // The answer carries no resources, so that their members need not be read.
    Ok(match method {
        Method::Post => Command::create(kind, data)?.showing_members(Members::No),
        Method::Put => Command::replace(kind, id, data, guard)?.showing_members(Members::No),
        Method::Patch => Command::patch(kind, id, data, guard)?,
        Method::Delete => Command::delete(kind, id, guard),
    })
}
