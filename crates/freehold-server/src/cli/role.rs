//! `freehold role`.

use freehold_directory::authority::Mandate;
use freehold_directory::roles::{self, Grant, Holder, LastOwner, RoleError, RoleHolder};
use serde_json::{Value, json};

use super::{
    CliError, Context,
    args::{Format, InOrganization, OfGroup, OfUser, RoleArgument, RoleCommand},
    find, find_user, output,
};
use crate::system;

pub(super) fn run(context: &Context, command: RoleCommand) -> Result<(), CliError> {
    match command {
        RoleCommand::Grant { of, role: RoleArgument::Admin } => grant(context, of),
        RoleCommand::Grant { of, role: RoleArgument::Owner } => Err(only_by_link(&of)),
        RoleCommand::Revoke { of, role, last_owner } => {
            let last = if last_owner { LastOwner::MayGo } else { LastOwner::Keep };
            revoke(context, of, role, last)
        }
        RoleCommand::Map { group, role: RoleArgument::Admin } => map(context, group),
        RoleCommand::Map { role: RoleArgument::Owner, .. } => Err(CliError::failed(
            "no group makes owners: who manages the group at the identity provider would be one \
             too; `freehold admin link` lets an owner in",
        )),
        RoleCommand::Unmap(group) => unmap(context, group),
        RoleCommand::List { organization, format } => list(context, &organization, &format),
    }
}

fn only_by_link(of: &OfUser) -> CliError {
    CliError::Failed(format!(
        "an owner is made by a link that the person uses: freehold admin link --organization {} \
         --user-name {} --owner",
        output::shown(&of.organization.organization),
        output::shown(&of.user)
    ))
}

fn grant(context: &Context, of: OfUser) -> Result<(), CliError> {
    let now = context.now();
    let new = context.database.write_blocking(move |store| {
        let organization = find(store, &of.organization.organization)?;
        let user = find_user(store, &organization, &of.user)?;
        let rng = &mut system::random();
        let mandate = Mandate::operator(organization.id);
        roles::grant_admin(store, mandate, user, now, rng).map_err(refused)
    })?;
    output::say(if new {
        "The user is an admin from the next request on."
    } else {
        "The user is an admin already; nothing was changed."
    });
    Ok(())
}

fn revoke(
    context: &Context,
    of: OfUser,
    role: RoleArgument,
    last: LastOwner,
) -> Result<(), CliError> {
    let now = context.now();
    let grant = match role {
        RoleArgument::Admin => Grant::Admin,
        RoleArgument::Owner => Grant::Owner,
    };
    let left = context.database.write_blocking(move |store| {
        let organization = find(store, &of.organization.organization)?;
        let user = find_user(store, &organization, &of.user)?;
        let rng = &mut system::random();
        let mandate = Mandate::operator(organization.id);
        roles::revoke(store, mandate, user, grant, last, now, rng).map_err(refused)?;
        Ok::<_, CliError>(roles::of(store, user)?)
    })?;
    output::say(&format!("Taken; from the next request on the user's role is {}.", left.as_str()));
    Ok(())
}

fn refused(error: RoleError) -> CliError {
    CliError::failed(match error {
        RoleError::NotGranted => {
            "the user was not given this role; a role by group ends with the membership or with \
             `freehold role unmap`"
        }
        RoleError::LastOwner => {
            "the user is the last active owner; make another one first (`freehold admin link \
             --owner`), or say with --last-owner that the organization shall have none"
        }
        RoleError::UnknownGroup => {
            "the organization has no group of this name; the identity provider creates groups by \
             SCIM, and `freehold role list` shows those that are mapped"
        }
        RoleError::NotMapped => {
            "the group is not mapped; `freehold role list` shows those that are"
        }
        other => return CliError::failed(other),
    })
}

fn map(context: &Context, of: OfGroup) -> Result<(), CliError> {
    let now = context.now();
    context.database.write_blocking(move |store| {
        let organization = find(store, &of.organization.organization)?;
        let group = roles::group_named(store, organization.id, &of.group).map_err(refused)?;
        let mandate = Mandate::operator(organization.id);
        roles::map(store, mandate, group, now, &mut system::random()).map_err(refused)
    })?;
    output::say("Every direct member of the group is an admin from the next request on.");
    Ok(())
}

fn unmap(context: &Context, of: OfGroup) -> Result<(), CliError> {
    let now = context.now();
    context.database.write_blocking(move |store| {
        let organization = find(store, &of.organization.organization)?;
        let group = roles::group_named(store, organization.id, &of.group).map_err(refused)?;
        let mandate = Mandate::operator(organization.id);
        roles::unmap(store, mandate, group, now, &mut system::random()).map_err(refused)
    })?;
    output::say("The group makes no admins any more.");
    Ok(())
}

fn list(context: &Context, of: &InOrganization, format: &Format) -> Result<(), CliError> {
    let name = of.organization.clone();
    let all = context.database.read_blocking(move |store| {
        let organization = find(store, &name)?;
        Ok::<_, CliError>(roles::holders(store, organization.id)?)
    })?;
    if format.json {
        return output::json(&all.iter().map(as_json).collect());
    }
    let rows: Vec<_> = all.iter().map(as_row).collect();
    let nothing = "Nobody has a role yet: freehold admin link --help";
    output::table(nothing, &["role", "by", "name", "id"], &rows)
}

fn holder(holder: &Holder) -> (&'static str, String) {
    match holder {
        Holder::User(id) => ("user", id.to_string()),
        Holder::Group(id) => ("group", id.to_string()),
    }
}

fn as_json(held: &RoleHolder) -> Value {
    let (kind, id) = holder(&held.holder);
    json!({ "role": held.role.as_str(), "by": kind, "name": held.name, "id": id })
}

fn as_row(held: &RoleHolder) -> Vec<String> {
    let (kind, id) = holder(&held.holder);
    vec![held.role.as_str().to_owned(), kind.to_owned(), held.name.clone(), id]
}
