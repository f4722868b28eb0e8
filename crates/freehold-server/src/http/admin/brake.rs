//! `/api/admin/brake`: what a sync that goes wrong is held back from, and letting it pass.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use freehold_directory::{
    OrganizationId, Store, StoreError, Timestamp,
    authority::Mandate,
    brake::{self, Brake, Braked, Limit},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::{
    App,
    body::{self, JsonBytes},
    caller::{SessionCookie, unlocked_admin},
    openapi::Refusal,
    problem::Problem,
    wrong_method,
};
use crate::system;

/// Seven numbers.
const LIMIT: usize = 1024;
/// Nothing.
const EMPTY: usize = 64;
/// The largest number of a limit.
const MOST: u64 = 10_000_000;

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/brake")
                .route(web::get().to(show))
                .route(web::put().to(set))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/brake/held")
                .route(web::get().to(held))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/brake/release")
                .route(web::post().to(release))
                .default_service(web::to(wrong_method)),
        )
        .service(
            web::resource("/brake/confirm")
                .route(web::post().to(confirm))
                .default_service(web::to(wrong_method)),
        );
}

/// How many of a kind a window admits: the larger of a number and a share of all users and groups.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct LimitSpoken {
    /// So many at least.
    count: u64,
    /// So many of a hundred.
    percent: u64,
}

/// A limit, and how much of it is used up.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LimitShown {
    count: u64,
    percent: u64,
    /// So many a window admits in an organization of this size.
    admitted: u64,
    /// So many were counted in the window that ends now.
    counted: u64,
}

/// Since when what is held back.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Held {
    /// Since when creates are held back.
    creates_held_at: Option<u64>,
    /// Since when deletes are held back.
    deletes_held_at: Option<u64>,
}

/// The brake.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BrakeShown {
    /// Counted once the first cycle is confirmed.
    creates: LimitShown,
    deletes: LimitShown,
    /// Never held back; more of them raise an alarm.
    deactivations: LimitShown,
    /// The window in which is counted.
    window_seconds: u64,
    /// When an admin confirmed that the first provisioning cycle did what was meant.
    confirmed_at: Option<u64>,
    /// When it was last released; nothing before counts.
    released_at: Option<u64>,
    #[serde(flatten)]
    held: Held,
    /// When many users were last switched off at once.
    alarmed_at: Option<u64>,
}

/// New limits.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Limits {
    creates: LimitSpoken,
    deletes: LimitSpoken,
    deactivations: LimitSpoken,
    /// A minute to a week.
    window_seconds: u64,
}

/// A change that needs no words.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

fn millis(at: Option<Timestamp>) -> Option<u64> {
    at.map(Timestamp::as_millis)
}

impl From<&Brake> for Held {
    fn from(brake: &Brake) -> Self {
        let at = |kind| millis(brake.held_at(kind));
        Self { creates_held_at: at(Braked::Creates), deletes_held_at: at(Braked::Deletes) }
    }
}

impl BrakeShown {
    fn of(
        store: &mut dyn Store,
        organization: OrganizationId,
        brake: &Brake,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let mut shown = |kind| {
            let Limit { count, percent } = brake.limit(kind);
            let brake::Gauge { counted, admitted } =
                brake::gauge(store, organization, brake, kind, now)?;
            Ok::<_, StoreError>(LimitShown { count, percent, admitted, counted })
        };
        Ok(Self {
            creates: shown(Braked::Creates)?,
            deletes: shown(Braked::Deletes)?,
            deactivations: shown(Braked::Deactivations)?,
            window_seconds: brake.window.as_secs(),
            confirmed_at: millis(brake.confirmed_at),
            released_at: millis(brake.released_at),
            held: Held::from(brake),
            alarmed_at: millis(brake.alarmed_at),
        })
    }
}

impl LimitSpoken {
    fn parse(self) -> Result<Limit, Problem> {
        if self.percent > 100 {
            return Err(Problem::bad_request("A share is 0 to 100 percent."));
        }
        if self.count > MOST {
            return Err(Problem::bad_request(format!("A limit is {MOST} at most.")));
        }
        Ok(Limit { count: self.count, percent: self.percent })
    }
}

/// The brake as it stands, and how much of its limits is used up.
#[utoipa::path(
    get, path = "/api/admin/brake", tag = "provisioning",
    responses((status = 200, body = BrakeShown), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn show(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let shown = app
        .read_as(cookie, move |store, session| {
            let organization = session.admin()?.organization();
            let brake = brake::status(store, organization)?;
            Ok(BrakeShown::of(store, organization, &brake, now)?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(shown))
}

/// What is held back: cheap enough to be asked on every page.
#[utoipa::path(
    get, path = "/api/admin/brake/held", tag = "provisioning",
    responses((status = 200, body = Held), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn held(
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let held = app
        .read_as(cookie, |store, session| {
            Ok(Held::from(&brake::status(store, session.admin()?.organization())?))
        })
        .await?;
    Ok(HttpResponse::Ok().json(held))
}

/// Lets what is held back pass; counting begins anew. For an unlocked admin.
#[utoipa::path(
    post, path = "/api/admin/brake/release", tag = "provisioning", request_body = Nothing,
    responses((status = 200, body = BrakeShown), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn release(
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<EMPTY>,
) -> Result<HttpResponse, Problem> {
    let Nothing {} = body::parse(&body.0)?;
    change(&app, cookie, "released", |store, mandate, now| {
        brake::release(store, mandate, now, &mut system::random())
    })
    .await
}

/// Confirms that the first provisioning cycle did what was meant: creates are counted from now on. For an unlocked
/// admin.
#[utoipa::path(
    post, path = "/api/admin/brake/confirm", tag = "provisioning", request_body = Nothing,
    responses((status = 200, body = BrakeShown), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn confirm(
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<EMPTY>,
) -> Result<HttpResponse, Problem> {
    let Nothing {} = body::parse(&body.0)?;
    change(&app, cookie, "confirmed", |store, mandate, now| {
        brake::confirm(store, mandate, now, &mut system::random())
    })
    .await
}

/// Sets the limits; what is held back stays so until it is released. For an unlocked admin.
#[utoipa::path(
    put, path = "/api/admin/brake", tag = "provisioning", request_body = Limits,
    responses((status = 200, body = BrakeShown), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn set(
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<LIMIT>,
) -> Result<HttpResponse, Problem> {
    let limits: Limits = body::parse(&body.0)?;
    let window = Duration::from_secs(limits.window_seconds);
    if !brake::WINDOWS.contains(&window) {
        return Err(Problem::bad_request("The window is a minute to a week."));
    }
    let (creates, deletes) = (limits.creates.parse()?, limits.deletes.parse()?);
    let deactivations = limits.deactivations.parse()?;
    change(&app, cookie, "configured", move |store, mandate, now| {
        let set = |brake: &mut Brake| {
            (brake.creates, brake.deletes) = (creates, deletes);
            (brake.deactivations, brake.window) = (deactivations, window);
        };
        brake::configure(store, mandate, set, now, &mut system::random())
    })
    .await
}

async fn change(
    app: &App,
    cookie: SessionCookie,
    what: &'static str,
    mut work: impl FnMut(&mut dyn Store, Mandate, Timestamp) -> Result<Brake, StoreError>
    + Send
    + 'static,
) -> Result<HttpResponse, Problem> {
    let now = app.now();
    let shown = app
        .write_as(cookie, move |store, session| {
            let mandate = unlocked_admin(session)?.mandate();
            let brake = work(store, mandate, now)?;
            Ok(BrakeShown::of(store, mandate.organization(), &brake, now)?)
        })
        .await?;
    tracing::info!(what, "the brake was changed");
    Ok(HttpResponse::Ok().json(shown))
}
