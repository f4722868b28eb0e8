//! The client secret of an OpenID connection: providers let it end, and give a new one.

use actix_web::{HttpResponse, web};
use freehold_directory::connections;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    super::super::{
        App,
        body::{self, JsonBytes},
        caller::{SessionCookie, unlocked_owner},
        openapi::Refusal,
        problem::Problem,
    },
    add::{OIDC_LIMIT, SecretText},
    parse,
    refusal::sentence,
};
use crate::system;

/// Another client secret.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct ConnectionSecret {
    /// Never shown again.
    #[schema(value_type = String, write_only)]
    client_secret: SecretText,
}

/// Replaces the client secret of an OpenID connection, from the next sign-in on. For an unlocked owner.
#[utoipa::path(
    put, path = "/api/admin/connections/{id}/secret", tag = "sign-in", request_body = ConnectionSecret,
    params(("id" = String, Path)),
    responses((status = 204), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn replace_secret(
    id: web::Path<String>,
    app: web::Data<App>,
    cookie: SessionCookie,
    body: JsonBytes<OIDC_LIMIT>,
) -> Result<HttpResponse, Problem> {
    let given: ConnectionSecret = body::parse(&body.0)?;
    let now = app.now();
    app.write_as(cookie, move |store, session| {
        let mandate = unlocked_owner(session)?.mandate();
        let (id, rng) = (parse(&id)?, &mut system::random());
        let secret = given.client_secret.0.as_ref();
        let secret = secret.map_err(|error| Problem::bad_request(sentence(error)))?;
        connections::replace_secret(store, mandate, id, secret, now, rng)?;
        tracing::info!(connection = %id, "a client secret was replaced");
        Ok(())
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
