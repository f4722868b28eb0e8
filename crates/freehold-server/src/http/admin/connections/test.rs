//! `/api/admin/connections/{id}/test`: a sign-in that is verified as a real one and signs nobody in.

use actix_web::{HttpRequest, HttpResponse, web};
use freehold_directory::{connections, login};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::super::{
        App,
        caller::{SessionCookie, unlocked_admin},
        login::{NoWay, begin_test as begin},
        openapi::Refusal,
        problem::Problem,
    },
    parse,
    refusal::sentence,
};

/// Where to send the browser.
#[derive(Serialize, ToSchema)]
pub(crate) struct Begun {
    /// At the identity provider.
    location: String,
}

/// The last test of a connection.
#[derive(Serialize, ToSchema)]
pub(crate) struct LastTest {
    /// None, when it was never tested.
    test: Option<TestShown>,
}

/// How a test ended.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TestShown {
    at: u64,
    /// `linked`: the person is somebody here; `would-link`: becomes the user at the first sign-in; `no-user`: nobody was
    /// provisioned for the person; `not-admitted`: the answer is good, and the person would be refused; `refused`: the
    /// answer did not verify.
    verdict: &'static str,
    /// Why, in English.
    reason: Option<String>,
    /// The user name of the user that the person is or would be. Like `person`, for an hour and for the session that
    /// tested.
    user_name: Option<String>,
    /// What the identity provider said.
    person: Option<PersonShown>,
}

/// What the identity provider said of a person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PersonShown {
    /// What has to equal a user's externalId.
    subject: String,
    tenant: Option<String>,
    display_name: Option<String>,
    /// The user principal name or preferred user name.
    upn: Option<String>,
}

/// How the last test of a connection ended.
#[utoipa::path(
    get, path = "/api/admin/connections/{id}/test", tag = "sign-in",
    params(("id" = String, Path)),
    responses((status = 200, body = LastTest), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn last_test(
    id: web::Path<String>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let last = app
        .read_as(cookie, move |store, session| {
            session.admin()?;
            let last = login::last_test(store, session, parse(&id)?, now)?;
            Ok(LastTest { test: last.map(TestShown::of) })
        })
        .await?;
    Ok(HttpResponse::Ok().json(last))
}

impl TestShown {
    fn of(last: login::LastTest) -> Self {
        let test = last.test;
        Self {
            at: test.at.as_millis(),
            verdict: test.verdict.as_str(),
            reason: test.reason.as_ref().map(sentence),
            user_name: last.user_name,
            person: test.person.map(|person| PersonShown {
                subject: person.subject,
                tenant: person.tenant,
                display_name: person.display,
                upn: person.upn,
            }),
        }
    }
}

/// Begins a test: the browser goes to the identity provider and comes back to the console. For an unlocked admin.
#[utoipa::path(
    post, path = "/api/admin/connections/{id}/test", tag = "sign-in",
    params(("id" = String, Path)),
    responses((status = 200, body = Begun), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn begin_test(
    request: HttpRequest,
    id: web::Path<String>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let (organization, connection, tester) = app
        .read_as(cookie, move |store, session| {
            let organization = unlocked_admin(session)?.organization();
            let connection = connections::of(store, organization, parse(&id)?)?;
            Ok((organization, connection, session.id()))
        })
        .await?;
    app.go_out(organization)?;
    match begin(&request, &app, connection, tester).await {
        Ok(way) => {
            Ok(HttpResponse::Ok().insert_header(way.cookie).json(Begun { location: way.location }))
        }
        Err(NoWay::Provider) => Err(Problem::unusable(
            "provider-unreachable",
            "The identity provider cannot be used just now; the server's log says why.",
        )),
        Err(NoWay::Store(error)) => Err(error.into()),
    }
}
