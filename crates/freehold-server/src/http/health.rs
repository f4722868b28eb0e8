//! `/healthz`: the process answers. `/readyz`: the database answers too.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use freehold_directory::StoreError;

use super::{App, page};

/// How long the database may take to count as ready.
const READY_LIMIT: Duration = Duration::from_secs(3);

/// Adds the routes.
pub fn configure(config: &mut web::ServiceConfig) {
    let wrong_method = || web::to(|| async { page::method_not_allowed() });
    config
        .service(
            web::resource("/healthz")
                .route(web::get().to(healthy))
                .route(web::head().to(healthy))
                .default_service(wrong_method()),
        )
        .service(
            web::resource("/readyz")
                .route(web::get().to(ready))
                .route(web::head().to(ready))
                .default_service(wrong_method()),
        );
}

async fn healthy() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

async fn ready(app: web::Data<App>) -> HttpResponse {
    let outcome = match tokio::time::timeout(READY_LIMIT, app.database.ready()).await {
        Ok(outcome) => outcome,
        Err(_elapsed) => Err(StoreError::TimedOut),
    };
    match outcome {
        Ok(()) => HttpResponse::Ok().json(serde_json::json!({ "database": "ready" })),
        Err(error) => {
            tracing::error!(%error, "not ready");
            HttpResponse::ServiceUnavailable().json(serde_json::json!({ "database": "away" }))
        }
    }
}
