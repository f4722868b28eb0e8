//! `freehold user list --deleted` and `freehold user restore`.

use std::time::Duration;

use freehold_directory::authority::Mandate;
use freehold_directory::deleted::{self, DeletedUser, RestoreError};
use freehold_scim::schema::ResourceType;
use serde_json::{Value, json};

use super::{
    CliError, Context,
    args::{Format, InOrganization, Restored},
    find, output,
};
use crate::system;

pub(super) fn list(
    context: &Context,
    of: &InOrganization,
    format: &Format,
    retention: Duration,
) -> Result<(), CliError> {
    let name = of.organization.clone();
    let all = context.database.read_blocking(move |store| {
        let organization = find(store, &name)?;
        Ok::<_, CliError>(deleted::list(store, organization.id)?)
    })?;
    if format.json {
        return output::json(&all.iter().map(|it| as_json(it, retention)).collect());
    }
    let rows: Vec<_> = all.iter().map(|it| as_row(it, retention)).collect();
    let heading = ["user name", "deleted", "kept until", "external id", "id"];
    output::table("Nobody was deleted lately", &heading, &rows)
}

fn as_json(deleted: &DeletedUser, retention: Duration) -> Value {
    json!({
        "id": deleted.user.id,
        "userName": deleted.user.document.user_name(),
        "externalId": deleted.user.document.external_id(),
        "deletedAt": output::time(deleted.deleted_at),
        "keptUntil": output::time(deleted.kept_until(retention)),
    })
}

fn as_row(deleted: &DeletedUser, retention: Duration) -> Vec<String> {
    vec![
        deleted.user.document.user_name().to_owned(),
        output::time(deleted.deleted_at),
        output::time(deleted.kept_until(retention)),
        deleted.user.document.external_id().unwrap_or("-").to_owned(),
        deleted.user.id.to_string(),
    ]
}

pub(super) fn restore(
    context: &Context,
    of: Restored,
    kind: &'static ResourceType,
    retention: Duration,
) -> Result<(), CliError> {
    let now = context.now();
    let slug = of.organization.organization.clone();
    let user = context.database.write_blocking(move |store| {
        let organization = find(store, &of.organization.organization)?;
        let (named, rng) = (&of.user, &mut system::random());
        let mandate = Mandate::operator(organization.id);
        deleted::restore(store, mandate, kind, named, retention, now, rng)
            .map_err(|error| refused(error, &slug))
    })?;
    let active = if user.document.active() { "" } else { " It is suspended, as it was." };
    output::say(&format!(
        "Restored with its id, keys and secrets. Roles and groups were not: give them \
         again.{active}"
    ));
    output::line(&user.id.to_string())
}

fn refused(error: RestoreError, organization: &str) -> CliError {
    CliError::Failed(match error {
        RestoreError::Unknown => format!(
            "no deleted user has this name or id; `freehold user list --organization \
             {organization} --deleted` shows all"
        ),
        RestoreError::Several(ids) => {
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            format!("several deleted users had this name; say one's id: {}", ids.join(", "))
        }
        RestoreError::TooLate => {
            "the retention window is over; the keys and secrets are destroyed and nobody can \
             bring them back"
                .to_owned()
        }
        RestoreError::Taken(unique) => format!(
            "another user has this {} by now; change or delete that one at the identity \
             provider first",
            unique.as_str()
        ),
        RestoreError::PersonTaken => {
            "the person has signed in to another account since; delete that one at the identity \
             provider first"
                .to_owned()
        }
        other => other.to_string(),
    })
}
