//! One resource of any type: RFC 7644 §3.3 to §3.6.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use freehold_directory::{
    ResourceError, ScimPrincipal, Store, groups,
    listing::{Members, Shelf, Shown, Stored, With, accompany},
    resources, users,
};
use freehold_scim::{etag, json, projection::Projection, render::location, schema::ResourceType};
use serde_json::Value;

use super::{
    call::{self, Call},
    command::{Command, Done, parse},
    problem::ScimProblem,
    read_body, resource,
};
use crate::http::App;

/// RFC 7644 §3.3.
pub(super) async fn create(
    request: HttpRequest,
    payload: web::Payload,
    app: web::Data<App>,
) -> Result<HttpResponse, ScimProblem> {
    let asked = Asked::of(&request, &app)?;
    let body = asked.body(&request, payload, &app).await?;
    let members = Members::all_if(asked.projection.shows("members"));
    let command = Command::create(asked.kind, body)?.showing_members(members);
    asked.answer(&app, command).await
}

/// RFC 7644 §3.4.1.
pub(super) async fn get(
    request: HttpRequest,
    app: web::Data<App>,
) -> Result<HttpResponse, ScimProblem> {
    let asked = Asked::of(&request, &app)?;
    let (kind, id) = (asked.kind, asked.id(&request));
    let shows = |name| asked.projection.shows(name);
    let with = With { groups: shows("groups"), members: Members::all_if(shows("members")) };
    // A group may have very many members: reading them does not hold up short reads.
    let long = Shelf::of(kind) == Shelf::Groups && with.members != Members::No;
    let job = move |store: &mut dyn Store, principal: &ScimPrincipal| {
        find(store, principal, kind, &id, with)
    };
    let call = &asked.call;
    let found = if long { call.scan(&app, job).await? } else { call.read(&app, job).await? };
    let version = found.stored.version();
    if call::if_none_match(&request).is_some_and(|known| known.matches(version)) {
        let tag = etag::render(version);
        return Ok(HttpResponse::NotModified().insert_header(("ETag", tag)).finish());
    }
    Ok(render(&app, asked.kind, StatusCode::OK, &found, &asked.projection))
}

fn find(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    kind: &'static ResourceType,
    id: &str,
    with: With,
) -> Result<Shown, ResourceError> {
    let stored = match Shelf::of(kind) {
        Shelf::Users => Stored::User(users::get(store, principal, parse(id)?)?),
        Shelf::Groups => Stored::Group(groups::get(store, principal, parse(id)?)?),
        Shelf::Others(_) => Stored::Other(resources::get(store, principal, kind, parse(id)?)?),
    };
    accompany(store, vec![stored], with)?.pop().ok_or(ResourceError::NotFound)
}

/// RFC 7644 §3.5.1.
pub(super) async fn replace(
    request: HttpRequest,
    payload: web::Payload,
    app: web::Data<App>,
) -> Result<HttpResponse, ScimProblem> {
    let asked = Asked::of(&request, &app)?;
    let body = asked.body(&request, payload, &app).await?;
    let (id, guard) = (asked.id(&request), call::guard(&request));
    let members = Members::all_if(asked.projection.shows("members"));
    let command = Command::replace(asked.kind, id, body, guard)?.showing_members(members);
    asked.answer(&app, command).await
}

/// RFC 7644 §3.5.2; answers with the resource, as Entra and Okta expect, but without the members of a large group, unless
/// they are asked for.
pub(super) async fn patch(
    request: HttpRequest,
    payload: web::Payload,
    app: web::Data<App>,
) -> Result<HttpResponse, ScimProblem> {
    let asked = Asked::of(&request, &app)?;
    let body = asked.body(&request, payload, &app).await?;
    let (id, guard) = (asked.id(&request), call::guard(&request));
    let members = match &asked.projection {
        projection if projection.names("members") => Members::All,
        projection if projection.shows("members") => Members::Few,
        _ => Members::No,
    };
    let command = Command::patch(asked.kind, id, body, guard)?.showing_members(members);
    asked.answer(&app, command).await
}

/// RFC 7644 §3.6.
pub(super) async fn delete(
    request: HttpRequest,
    app: web::Data<App>,
) -> Result<HttpResponse, ScimProblem> {
    let asked = Asked::of(&request, &app)?;
    let (id, guard) = (asked.id(&request), call::guard(&request));
    execute(&app, &asked.call, Command::delete(asked.kind, id, guard)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What every one of these requests says.
struct Asked {
    call: Call,
    kind: &'static ResourceType,
    projection: Projection,
}

impl Asked {
    fn of(request: &HttpRequest, app: &App) -> Result<Self, ScimProblem> {
        let (call, kind) = (Call::of(request)?, call::kind(request, app)?);
        let projection = Projection::from_query(request.query_string(), kind)?;
        Ok(Self { call, kind, projection })
    }

    async fn body(
        &self,
        request: &HttpRequest,
        payload: web::Payload,
        app: &App,
    ) -> Result<Value, ScimProblem> {
        let body = read_body(request, payload, self.kind.body_bytes, app).await?;
        let body = json::parse(&body)?;
        self.call.understood_body(&body);
        Ok(body)
    }

    fn id(&self, request: &HttpRequest) -> String {
        let id = call::id(request);
        self.call.is_about(&id);
        id
    }

    async fn answer(self, app: &App, command: Command) -> Result<HttpResponse, ScimProblem> {
        let projection = command.shown_by(self.projection);
        let done = execute(app, &self.call, command).await?;
        let shown = done.shown.ok_or(ResourceError::NotFound)?;
        Ok(render(app, self.kind, done.status, &shown, &projection))
    }
}

/// Carries a command out: it, its events and its row of the log in one transaction.
pub(super) async fn execute(app: &App, call: &Call, command: Command) -> Result<Done, ScimProblem> {
    let (ticket, base_url) = (call.ticket(), app.site.scim_url());
    let outcome = call
        .write(app, move |store, principal| command.carry_out(store, principal, &ticket, &base_url))
        .await?;
    let done = outcome.map_err(ScimProblem::held)?;
    call.is_about(&done.id);
    call.is_recorded();
    Ok(done)
}

fn render(
    app: &App,
    kind: &'static ResourceType,
    status: StatusCode,
    shown: &Shown,
    projection: &Projection,
) -> HttpResponse {
    let base_url = app.site.scim_url();
    let mut value = shown.render(kind, &base_url);
    projection.apply(&mut value);
    let location = location(kind, &shown.stored.id(), &base_url);
    resource(status, &value, &etag::render(shown.stored.version()), &location)
}
