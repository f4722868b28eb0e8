//! `/api/admin/domains`: whose e-mail addresses lead to this organization's sign-in.
//!
//! A domain leads nowhere before its TXT record was seen; 409 `record-not-found` says how many records were there instead;
//! 429 `asked-too-often` that the DNS is not asked once more.

use actix_web::{HttpResponse, web};
use freehold_directory::{
    connections,
    domains::{self, Domain, DomainError, DomainName, DomainState},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::{
    App,
    body::{self, JsonBytes},
    caller::{Failure, SessionCookie, unlocked_owner},
    openapi::Refusal,
    problem::Problem,
    wrong_method,
};
use crate::{dns::TxtResolver, system};

/// Two short fields.
const LIMIT: usize = 4 * 1024;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/domains")
                .route(web::get().to(list))
                .route(web::post().to(add))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/domains/{name}")
                .route(web::delete().to(remove))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/domains/{name}/verify")
                .route(web::post().to(verify))
                .default_service(web::to(wrong_method)),
        );
}

/// The domains of an organization by name.
#[derive(Serialize, ToSchema)]
pub(crate) struct Domains {
    domains: Vec<DomainShown>,
}

/// A domain.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DomainShown {
    name: String,
    /// `unverified`; `verified`; `failing`: verified, and its record is not seen any more, so that it will lapse.
    state: &'static str,
    /// Since when it is so; for an unverified one, when it was added.
    since: u64,
    /// The connection at which its people sign in, if it is a certain one.
    connection: Option<String>,
    /// The name of the TXT record.
    record_name: String,
    /// What the record has to say.
    record_value: String,
    created_at: u64,
}

/// A domain to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDomain {
    name: String,
    /// The name of the connection at which its people sign in; left out, any of the organization's.
    connection: Option<String>,
}

impl DomainShown {
    fn of(domain: &Domain, connections: &[connections::Connection]) -> Self {
        let (state, since) = match domain.state {
            DomainState::Unverified => ("unverified", domain.created_at),
            DomainState::Verified { since, failing_since: None } => ("verified", since),
            DomainState::Verified { failing_since: Some(since), .. } => ("failing", since),
        };
        let named = connections.iter().find(|known| Some(known.id) == domain.connection);
        Self {
            name: domain.name.to_string(),
            state,
            since: since.as_millis(),
            connection: named.map(|known| known.name.to_string()),
            record_name: domain.name.record_name(),
            record_value: domain.challenge.as_str().to_owned(),
            created_at: domain.created_at.as_millis(),
        }
    }
}

fn parse(name: &str) -> Result<DomainName, Failure> {
    DomainName::parse(name)
        .map_err(|error| Problem::unusable("domain-malformed", format!("{error}.")).into())
}

/// All domains.
#[utoipa::path(
    get, path = "/api/admin/domains", tag = "sign-in",
    responses((status = 200, body = Domains), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn list(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let domains = app
        .read_as(cookie, |store, session| {
            let organization = session.admin()?.organization();
            let connections = connections::list(store, organization)?;
            let all = domains::list(store, organization)?;
            Ok(all.iter().map(|domain| DomainShown::of(domain, &connections)).collect())
        })
        .await?;
    Ok(HttpResponse::Ok().json(Domains { domains }))
}

/// Adds a domain, which leads nowhere before it is verified. For an unlocked owner.
#[utoipa::path(
    post, path = "/api/admin/domains", tag = "sign-in", request_body = NewDomain,
    responses((status = 201, body = DomainShown), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn add(
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<LIMIT>,
) -> Result<HttpResponse, Problem> {
    let NewDomain { name, connection } = body::parse(&body.0)?;
    let now = app.now();
    let shown = app
        .write_as(cookie, move |store, session| {
            let mandate = unlocked_owner(session)?.mandate();
            let (name, rng) = (parse(&name)?, &mut system::random());
            let domain = domains::add(store, mandate, name, connection.as_deref(), now, rng)?;
            let connections = connections::list(store, mandate.organization())?;
            Ok(DomainShown::of(&domain, &connections))
        })
        .await?;
    Ok(HttpResponse::Created().json(shown))
}

/// Looks for the record now. For an unlocked owner.
#[utoipa::path(
    post, path = "/api/admin/domains/{name}/verify", tag = "sign-in",
    params(("name" = String, Path)),
    responses((status = 200, body = DomainShown), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn verify(
    name: web::Path<String>,
    app: web::Data<App>,
    asker: SessionCookie,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let (organization, domain) = app
        .read_as(asker, move |store, session| {
            let organization = unlocked_owner(session)?.organization();
            Ok((organization, domains::get(store, organization, &known(&name)?)?))
        })
        .await?;
    app.go_out(organization)?;
    let records = app.dns.txt(&domain.name.record_name()).await.map_err(|error| {
        tracing::info!(%error, "DNS does not answer");
        Problem::conflict("dns-silent", "DNS does not say whether the record is there. Try again.")
    })?;
    let proven = domain.prove(&records).ok_or_else(|| not_found(records.len()))?;
    let now = app.now();
    let shown = app
        .write_as(cookie, move |store, session| {
            let mandate = unlocked_owner(session)?.mandate();
            domains::verify(store, mandate, &proven, now, &mut system::random())?;
            let organization = mandate.organization();
            let domain = domains::get(store, organization, proven.name())?;
            let connections = connections::list(store, organization)?;
            Ok(DomainShown::of(&domain, &connections))
        })
        .await?;
    Ok(HttpResponse::Ok().json(shown))
}

fn not_found(records: usize) -> Problem {
    let detail = match records {
        0 => "No TXT record is there. DNS may take as long as its TTL to show a change.",
        _ => {
            "TXT records are there, none with the value. DNS may take as long as its TTL to show a change."
        }
    };
    Problem::conflict("record-not-found", detail).counting("records", records as u64)
}

/// A name in an address; what cannot be one names nothing.
fn known(name: &str) -> Result<DomainName, Failure> {
    DomainName::parse(name).map_err(|_| Problem::not_found().into())
}

/// Takes a domain away: it leads nowhere from now on. For an unlocked owner.
#[utoipa::path(
    delete, path = "/api/admin/domains/{name}", tag = "sign-in",
    params(("name" = String, Path)),
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn remove(
    name: web::Path<String>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    app.write_as(cookie, move |store, session| {
        let mandate = unlocked_owner(session)?.mandate();
        Ok(domains::remove(store, mandate, &known(&name)?, now, &mut system::random())?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<DomainError> for Failure {
    fn from(error: DomainError) -> Self {
        match error {
            DomainError::Store(error) => return error.into(),
            DomainError::Known => {
                Problem::conflict("domain-known", "The organization has this domain already.")
            }
            DomainError::TooMany => Problem::too_many(domains::MOST),
            DomainError::Taken => Problem::conflict(
                "domain-taken",
                "Another organization has verified this domain. It is free once that organization removes it.",
            ),
            DomainError::UnknownConnection => {
                Problem::bad_request("The organization has no such connection.")
            }
            _ => Problem::not_found(),
        }
        .into()
    }
}
