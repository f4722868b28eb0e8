//! What a client wants changed, for resources of every type: read once, then carried out in one transaction.

use actix_web::http::StatusCode;
use freehold_directory::{
    ResourceError, ScimPrincipal, Store, StoreError, Timestamp,
    brake::{self, Braked, Held},
    groups::{self, Saved},
    listing::{Members, Shelf, Shown, Stored, With, accompany},
    provisioning_log::{self, LogEntry},
    resources, users,
};
use freehold_scim::{
    ScimError,
    advice::unknown_members,
    etag::Guard,
    group::{GroupDocument, Member},
    patch::PatchRequest,
    projection::Projection,
    resource::ResourceDocument,
    schema::ResourceType,
    user::UserDocument,
};
use rand_core::CryptoRng;
use serde_json::Value;

use super::call::Ticket;
use crate::system;

/// A change to one resource.
pub(super) struct Command {
    kind: &'static ResourceType,
    action: Action,
    /// Whether the answer shows the members of a group.
    members: Members,
}

enum Action {
    Create(Body),
    Replace(String, Body, Guard),
    Patch(String, PatchRequest, Guard),
    Delete(String, Guard),
}

enum Body {
    User(UserDocument),
    Group(GroupDocument, Option<Vec<Member>>),
    Other(ResourceDocument),
}

impl Body {
    fn read(value: Value, kind: &'static ResourceType) -> Result<Self, ScimError> {
        Ok(match Shelf::of(kind) {
            Shelf::Users => Self::User(UserDocument::from_value(value, kind)?),
            Shelf::Groups => {
                let (group, members) = GroupDocument::from_value(value, kind)?;
                Self::Group(group, members)
            }
            Shelf::Others(_) => Self::Other(ResourceDocument::from_value(value, kind)?),
        })
    }

    /// A body that makes something new.
    fn of_new(value: Value, kind: &'static ResourceType) -> Result<Self, ScimError> {
        let mut body = Self::read(value, kind)?;
        if let Self::User(user) = &mut body {
            user.be_active_by_default();
        }
        Ok(body)
    }

    /// With its text, so that the job only binds it.
    fn written(self) -> Self {
        if let Self::User(user) = &self {
            user.as_text();
        }
        self
    }

    fn as_value(&self) -> &Value {
        match self {
            Self::User(user) => user.as_value(),
            Self::Group(group, _) => group.as_value(),
            Self::Other(document) => document.as_value(),
        }
    }
}

/// What came of a command.
pub(super) struct Done {
    pub(super) status: StatusCode,
    pub(super) id: String,
    /// The resource; none after a DELETE.
    pub(super) shown: Option<Shown>,
    /// Ids of members that belong to nobody.
    pub(super) unknown_members: Vec<String>,
}

impl Done {
    fn entry(&self, ticket: &Ticket, principal: &ScimPrincipal) -> LogEntry {
        let unknown = &self.unknown_members;
        let advise = |count| unknown_members(count, ticket.client);
        LogEntry {
            resource: Some(self.id.clone()),
            detail: passed_over(unknown),
            fix: Some(unknown.len()).filter(|count| *count > 0).map(advise),
            ..ticket.entry(principal, self.status.as_u16())
        }
    }
}

impl Command {
    /// A POST of a new resource.
    pub(super) fn create(kind: &'static ResourceType, body: Value) -> Result<Self, ScimError> {
        let action = Action::Create(Body::of_new(body, kind)?.written());
        Ok(Self { kind, action, members: Members::All })
    }

    /// A PUT.
    pub(super) fn replace(
        kind: &'static ResourceType,
        id: String,
        body: Value,
        guard: Guard,
    ) -> Result<Self, ScimError> {
        let action = Action::Replace(id, Body::read(body, kind)?.written(), guard);
        Ok(Self { kind, action, members: Members::All })
    }

    /// A PATCH.
    pub(super) fn patch(
        kind: &'static ResourceType,
        id: String,
        body: Value,
        guard: Guard,
    ) -> Result<Self, ScimError> {
        let action = Action::Patch(id, PatchRequest::from_value(body, kind)?, guard);
        Ok(Self { kind, action, members: Members::No })
    }

    /// A DELETE.
    pub(super) fn delete(kind: &'static ResourceType, id: String, guard: Guard) -> Self {
        Self { kind, action: Action::Delete(id, guard), members: Members::No }
    }

    /// Whether the answer shows the members of a group.
    pub(super) fn showing_members(self, members: Members) -> Self {
        Self { members, ..self }
    }

    /// What the answer shows: RFC 7643 §7 has attributes that are returned on request returned when they were sent.
    pub(super) fn shown_by(&self, projection: Projection) -> Projection {
        match &self.action {
            Action::Create(body) | Action::Replace(_, body, _) => {
                projection.with_sent(body.as_value())
            }
            Action::Patch(_, request, _) => projection.with_changed(request),
            Action::Delete(..) => projection,
        }
    }

    /// Carries the command out and writes the log, in the transaction of the caller. `base_url` is where resources are
    /// shown.
    ///
    /// # Errors
    /// The outer one: it failed, and nothing of it is kept. The inner one: the brake holds it back.
    pub(super) fn carry_out(
        &self,
        store: &mut dyn Store,
        principal: &ScimPrincipal,
        ticket: &Ticket,
        base_url: &str,
    ) -> Result<Result<Done, Held>, ResourceError> {
        let (now, rng) = (ticket.now, &mut system::random());
        if let Some(braked) = self.braked()
            && self.is_about_something(store, principal)?
            && let Err(held) = brake::pass(store, principal.organization(), braked, now, rng)?
        {
            return Ok(Err(held));
        }
        let done = self.run(store, principal, base_url, now, rng)?;
        let entry = done.entry(ticket, principal);
        provisioning_log::record(store, [entry], now, rng)?;
        Ok(Ok(done))
    }

    /// What the brake counts: the operator's own resources hold nobody's keys.
    fn braked(&self) -> Option<Braked> {
        match (&self.action, Shelf::of(self.kind)) {
            (_, Shelf::Others(_)) => None,
            (Action::Create(_), _) => Some(Braked::Creates),
            (Action::Delete(..), _) => Some(Braked::Deletes),
            (Action::Replace(..) | Action::Patch(..), _) => None,
        }
    }

    /// Whether there is something to delete: what is not there needs no brake.
    fn is_about_something(
        &self,
        store: &mut dyn Store,
        principal: &ScimPrincipal,
    ) -> Result<bool, StoreError> {
        let Action::Delete(id, _) = &self.action else { return Ok(true) };
        let ids = std::slice::from_ref(id);
        Ok(!store.listed(principal.organization(), Shelf::of(self.kind), ids)?.is_empty())
    }

    fn run(
        &self,
        store: &mut dyn Store,
        principal: &ScimPrincipal,
        base_url: &str,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<Done, ResourceError> {
        match &self.action {
            Action::Create(body) => {
                let (stored, unknown) = match body {
                    Body::User(user) => (
                        Stored::User(users::create(store, principal, self.kind, user, now, rng)?),
                        Vec::new(),
                    ),
                    Body::Group(group, members) => {
                        let members = members.as_deref().unwrap_or_default();
                        saved(groups::create(
                            store, principal, self.kind, group, members, now, rng,
                        )?)
                    }
                    Body::Other(document) => {
                        let kind = self.kind;
                        let made = resources::create(store, principal, kind, document, now, rng)?;
                        (Stored::Other(made), Vec::new())
                    }
                };
                self.done(store, StatusCode::CREATED, stored, unknown)
            }
            Action::Replace(id, body, guard) => {
                let (stored, unknown) =
                    self.replaced(store, principal, (id, guard), body, now, rng)?;
                self.done(store, StatusCode::OK, stored, unknown)
            }
            Action::Patch(id, request, guard) => {
                let change = (id.as_str(), guard, request);
                let (stored, unknown) =
                    self.patched(store, principal, change, base_url, now, rng)?;
                self.done(store, StatusCode::OK, stored, unknown)
            }
            Action::Delete(id, guard) => {
                self.deleted(store, principal, (id, guard), now, rng)?;
                let status = StatusCode::NO_CONTENT;
                Ok(Done { status, id: id.clone(), shown: None, unknown_members: Vec::new() })
            }
        }
    }

    fn replaced(
        &self,
        store: &mut dyn Store,
        principal: &ScimPrincipal,
        (id, guard): (&str, &Guard),
        body: &Body,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<(Stored, Vec<String>), ResourceError> {
        Ok(match body {
            Body::User(user) => {
                let (kind, id) = (self.kind, parse(id)?);
                let user = users::replace(store, principal, kind, id, user, guard, now, rng)?;
                (Stored::User(user), Vec::new())
            }
            Body::Group(group, members) => {
                let (kind, id, body) = (self.kind, parse(id)?, (group, members.as_deref()));
                saved(groups::replace(store, principal, kind, id, body, guard, now, rng)?)
            }
            Body::Other(document) => {
                let (kind, id) = (self.kind, parse(id)?);
                let found = resources::replace(store, principal, kind, id, document, guard, now)?;
                (Stored::Other(found), Vec::new())
            }
        })
    }

    fn patched(
        &self,
        store: &mut dyn Store,
        principal: &ScimPrincipal,
        (id, guard, request): (&str, &Guard, &PatchRequest),
        base_url: &str,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<(Stored, Vec<String>), ResourceError> {
        Ok(match Shelf::of(self.kind) {
            Shelf::Users => {
                let user = users::patch(store, principal, parse(id)?, request, guard, now, rng)?;
                (Stored::User(user), Vec::new())
            }
            Shelf::Groups => {
                let id = parse(id)?;
                saved(groups::patch(store, principal, id, request, guard, base_url, now, rng)?)
            }
            Shelf::Others(_) => {
                let (kind, id) = (self.kind, parse(id)?);
                let found = resources::patch(store, principal, kind, id, request, guard, now)?;
                (Stored::Other(found), Vec::new())
            }
        })
    }

    fn deleted(
        &self,
        store: &mut dyn Store,
        principal: &ScimPrincipal,
        (id, guard): (&str, &Guard),
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<(), ResourceError> {
        match Shelf::of(self.kind) {
            Shelf::Users => users::delete(store, principal, parse(id)?, guard, now, rng),
            Shelf::Groups => groups::delete(store, principal, parse(id)?, guard, now, rng),
            Shelf::Others(_) => resources::delete(store, principal, self.kind, parse(id)?, guard),
        }
    }

    fn done(
        &self,
        store: &mut dyn Store,
        status: StatusCode,
        stored: Stored,
        unknown_members: Vec<String>,
    ) -> Result<Done, ResourceError> {
        let id = stored.id();
        // A new user belongs to no group.
        let with = With { groups: status != StatusCode::CREATED, members: self.members };
        let shown = accompany(store, vec![stored], with)?.pop();
        Ok(Done { status, id, shown, unknown_members })
    }
}

fn saved(saved: Saved) -> (Stored, Vec<String>) {
    (Stored::Group(saved.group), saved.unknown_members)
}

/// An id that is no id of ours is the id of nothing.
pub(super) fn parse<T: std::str::FromStr>(id: &str) -> Result<T, ResourceError> {
    id.parse().map_err(|_| ResourceError::NotFound)
}

/// What the log says of members that belong to nobody.
fn passed_over(members: &[String]) -> Option<String> {
    let first = members.first()?;
    Some(match members.len() - 1 {
        0 => format!("The member {first} belongs to nobody and was passed over."),
        more => {
            format!("The member {first} and {more} more belong to nobody and were passed over.")
        }
    })
}
