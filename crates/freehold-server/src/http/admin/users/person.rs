//! `/api/admin/users/{id}`: one person.

use actix_web::{HttpResponse, web};
use freehold_directory::{
    Timestamp, UserId,
    people::{self, Person},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    super::super::{App, caller::SessionCookie, openapi::Refusal, problem::Problem},
    UserRow, user,
};

/// The attributes that are shown beside names and addresses, and where they stand in the document.
const ATTRIBUTES: [(&str, &str); 5] = [
    ("givenName", "/name/givenName"),
    ("familyName", "/name/familyName"),
    ("title", "/title"),
    ("department", "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/department"),
    (
        "employeeNumber",
        "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/employeeNumber",
    ),
];

/// One person, with everything that tells why the account is as it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    #[serde(flatten)]
    row: UserRow,
    /// Whether it is the admin's own account.
    own: bool,
    created_at: u64,
    last_modified_at: u64,
    /// The e-mail addresses, the preferred one first.
    emails: Vec<String>,
    /// Further attributes, by their SCIM names.
    attributes: Vec<Attribute>,
    /// Since when the account belongs to a person of a connection; null as long as nobody has signed in.
    claimed: Option<Claimed>,
    /// When the person began to set up the keys that are to be made or were made last.
    setup_begun_at: Option<u64>,
    /// Roles that were given to this person; groups give the role of an admin beside.
    grants: Vec<Granted>,
    /// The groups that the person is a direct member of.
    groups: Vec<GroupOf>,
    /// How many browsers are signed in.
    sessions: u64,
    /// The request for new keys that waits.
    reset: Option<Waiting>,
    /// Where people of this organization sign in. It holds no secret.
    sign_in_url: String,
}

/// One attribute.
#[derive(Serialize, ToSchema)]
pub(crate) struct Attribute {
    name: &'static str,
    value: String,
}

/// To whom an account belongs.
#[derive(Serialize, ToSchema)]
pub(crate) struct Claimed {
    /// The name of the connection.
    connection: String,
    at: u64,
}

/// A role that was given.
#[derive(Serialize, ToSchema)]
pub(crate) struct Granted {
    /// `admin` or `owner`.
    role: &'static str,
    at: u64,
}

/// A group of somebody.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupOf {
    id: String,
    name: String,
    /// Whether its members are admins.
    makes_admins: bool,
}

/// A request for new keys that waits; `/api/resets/{id}/approve` and `deny` decide on it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Waiting {
    id: String,
    asked_at: u64,
    expires_at: u64,
}

/// One person, deleted ones too until their records are destroyed.
#[utoipa::path(
    get, path = "/api/admin/users/{id}", tag = "people",
    params(("id" = String, Path, description = "The SCIM id")),
    responses((status = 200, body = User), (status = "4XX", response = Refusal)),
)]
pub(crate) async fn show(
    id: web::Path<String>,
    app: web::Data<App>,
    cookie: SessionCookie,
) -> Result<HttpResponse, Problem> {
    let (now, retention, site) = (app.now(), app.retention, app.site.clone());
    let user = app
        .read_as(cookie, move |store, session| {
            let admin = session.admin()?;
            let person = people::find(store, admin, user(&id)?, now)?;
            let person = person.ok_or_else(Problem::not_found)?;
            let (slug, _) = session.organization_names();
            let sign_in_url = site.url(&format!("/login?organization={slug}"));
            let row = UserRow::of(&person.listed, retention);
            Ok(render(&person, row, admin.user(), sign_in_url))
        })
        .await?;
    Ok(HttpResponse::Ok().json(user))
}

fn render(person: &Person, row: UserRow, admin: UserId, sign_in_url: String) -> User {
    let document = &person.user.document;
    let mut emails: Vec<_> = document.emails().collect();
    emails.sort_by_key(|email| !email.primary);
    let attribute = |(name, place): (&'static str, &str)| {
        let value = document.as_value().pointer(place).and_then(Value::as_str)?;
        Some(Attribute { name, value: value.to_owned() })
    };
    User {
        row,
        own: person.listed.id == admin,
        created_at: person.user.created_at.as_millis(),
        last_modified_at: person.user.last_modified.as_millis(),
        emails: emails.iter().map(|email| email.value.to_owned()).collect(),
        attributes: ATTRIBUTES.into_iter().filter_map(attribute).collect(),
        claimed: person.claim.as_ref().map(|claim| Claimed {
            connection: claim.connection.clone(),
            at: claim.at.as_millis(),
        }),
        setup_begun_at: person.listed.steps.setup_begun_at.map(Timestamp::as_millis),
        grants: person
            .grants
            .iter()
            .map(|(grant, at)| Granted { role: grant.role().as_str(), at: at.as_millis() })
            .collect(),
        groups: person
            .groups
            .iter()
            .map(|group| GroupOf {
                id: group.id.to_string(),
                name: group.name.clone(),
                makes_admins: group.makes_admins,
            })
            .collect(),
        sessions: person.sessions,
        reset: person.reset.as_ref().map(|reset| Waiting {
            id: reset.id.to_string(),
            asked_at: reset.asked_at.as_millis(),
            expires_at: reset.expires_at.as_millis(),
        }),
        sign_in_url,
    }
}
