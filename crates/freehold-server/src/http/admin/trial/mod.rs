//! `/api/admin/scim/test`: the server asks itself, over its public URL, what Entra and Okta will ask.
//!
//! What is asked is fixed, and so is whom: the origin that the operator configured, and where nobody is led on from
//! there. The token of a trial lives for a minute, ends with it, and only reads
//! (`freehold_directory::tokens::begin_trial`). A trial goes on when the page that began it has gone, so that the token
//! is ended in any case.

mod found;
mod pace;
mod probes;
mod way;

use std::{sync::Arc, time::Duration};

use actix_web::{HttpResponse, web};
use freehold_directory::{TokenSecret, tokens};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::pace::Trials;
use self::{found::Found, pace::Running, probes::PROBES, way::Way};
use super::super::{
    App,
    body::{self, JsonBytes},
    caller::{SessionCookie, unlocked_admin},
    openapi::Refusal,
    problem::Problem,
    wrong_method,
};
use crate::system::{self, Stopwatch};

/// Nothing but braces.
const LIMIT: usize = 256;

/// How long a whole trial may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Adds the route.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/scim/test")
            .route(web::post().to(carry_out))
            .default_service(web::to(wrong_method)),
    );
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = ScimTestOutcome)]
pub(super) enum Outcome {
    /// As the identity provider wants it.
    Green,
    /// Not so.
    Failed,
    /// Not asked, because an earlier step failed or the time was over.
    Skipped,
}

/// Who asks this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = ScimTestAsker)]
pub(super) enum Asker {
    /// Everybody.
    Every,
    /// Microsoft Entra ID.
    Entra,
    /// Okta.
    Okta,
}

/// One request of a trial.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ScimTestStep)]
pub(crate) struct Step {
    /// What it is about.
    name: &'static str,
    client: Asker,
    /// Method, path and query.
    request: String,
    outcome: Outcome,
    /// What came of it; each value has its own remedy.
    found: Found,
    /// The status of the answer, if one came.
    status: Option<u16>,
    /// The media type of the answer, or where it would lead to; short and printable, and chosen by whoever answered.
    detail: Option<String>,
}

/// What no server can see from inside.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = ScimTestUnseen)]
pub(super) enum Unseen {
    /// Whether the name resolves on the internet, and to the same address.
    PublicDns,
    /// Whether TLS is the same from outside: another proxy, another chain of certificates.
    TlsFromOutside,
    /// Whether a firewall lets the identity provider's addresses in.
    Firewall,
    /// What is entered and mapped at the identity provider.
    ProviderSettings,
}

/// What a trial found.
#[derive(Serialize, ToSchema)]
#[schema(as = ScimTestReport)]
pub(crate) struct Report {
    /// Whether every step is green.
    green: bool,
    /// The base URL that was asked.
    url: String,
    steps: Vec<Step>,
    /// What was not tried, because it cannot be seen from here.
    unseen: Vec<Unseen>,
}

/// A trial takes no arguments.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoArguments {}

/// Asks, over the public URL, what Entra and Okta will ask, within ten seconds. One trial at a time, and a few in a minute:
/// 429 `test-too-often`. For an unlocked admin.
#[utoipa::path(
    post, path = "/api/admin/scim/test", tag = "provisioning",
    request_body = NoArguments,
    responses((status = 200, body = Report), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn carry_out(
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<LIMIT>,
) -> Result<HttpResponse, Problem> {
    let NoArguments {} = body::parse(&body.0)?;
    let (now, trials) = (app.now(), Arc::clone(&app.trials));
    // The job may run again; it is one trial all the same.
    let mut held: Option<Arc<Running>> = None;
    let (running, token, secret) = app
        .write_as(cookie, move |store, session| {
            let mandate = unlocked_admin(session)?.mandate();
            let running = match &held {
                Some(running) => Arc::clone(running),
                None => {
                    trials.begin(mandate.organization(), now).map_err(Problem::test_too_often)?
                }
            };
            held = Some(Arc::clone(&running));
            let (token, secret) = tokens::begin_trial(store, mandate, now, &mut system::random())?;
            Ok((running, token, secret))
        })
        .await?;
    let trial = actix_web::rt::spawn(async move {
        let report = report(&app, &secret).await;
        let ended = app.database.write(move |store| tokens::end_trial(store, token)).await;
        if let Err(error) = ended {
            tracing::warn!(%error, %token, "the token of a trial was not ended; it expires");
        }
        drop(running);
        report
    });
    let report = trial.await.map_err(|_| Problem::internal())??;
    Ok(HttpResponse::Ok().json(report))
}

async fn report(app: &App, token: &TokenSecret) -> Result<Report, Problem> {
    let way = Way::new(&app.site).ok_or_else(Problem::internal)?;
    let watch = Stopwatch::start();
    let nobody = probes::nobody(&mut system::random());
    let mut steps = Vec::with_capacity(PROBES.len());
    let mut goes_on = true;
    for probe in PROBES {
        let target = probe.target(&nobody);
        let left = PATIENCE.saturating_sub(Duration::from_millis(watch.elapsed_ms()));
        let step = if goes_on && !left.is_zero() {
            match way.ask(probe, &target, token, left).await {
                Ok(heard) => probe.step(&target, probe.judge(&heard, app), Some(&heard)),
                Err(found) => probe.step(&target, found, None),
            }
        } else {
            probe.step(&target, Found::NotAsked, None)
        };
        goes_on = goes_on && (step.outcome == Outcome::Green || !probe.is_decisive());
        steps.push(step);
    }
    let green = steps.iter().all(|step| step.outcome == Outcome::Green);
    tracing::info!(green, "the connection for SCIM was tried");
    let unseen =
        vec![Unseen::PublicDns, Unseen::TlsFromOutside, Unseen::Firewall, Unseen::ProviderSettings];
    Ok(Report { green, url: app.site.scim_url(), steps, unseen })
}
