//! SCIM users: what an identity provider may do with accounts. It may take access away, never grant it.

use freehold_scim::etag::Guard;
use freehold_scim::patch::{self, PatchRequest};
use freehold_scim::render::{UserGroup, render_user};
use freehold_scim::schema::ResourceType;
use freehold_scim::user::UserDocument;
use freehold_scim::{fold, limits};
use freehold_wire::{ConnectionId, OrganizationId, Timestamp, UserId};
use rand_core::CryptoRng;

use crate::brake;
use crate::declared::{self, Holder};
use crate::events::{Event, EventKind};
use crate::identity::comparable;
use crate::lifecycle::{KeyState, ShownState};
use crate::resets::{self, CancelledBy};
use crate::resource_error::{ResourceError, Unique, check_guard};
use crate::roles::Role;
use crate::sessions::{self, EndedBy};
use crate::store::Store;
use crate::store_error::StoreError;
use crate::tokens::ScimPrincipal;

/// A live account.
#[derive(Clone, Debug)]
pub struct User {
    /// Its id, which is also its SCIM `id`: never reused.
    pub id: UserId,
    /// Its organization.
    pub organization: OrganizationId,
    /// The connection its person signs in over, when the token that created it named one.
    pub connection: Option<ConnectionId>,
    /// What the identity provider said, without `id` and `meta`.
    pub document: UserDocument,
    /// Counts changes; the ETag.
    pub version: u64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub last_modified: Timestamp,
    /// Since when it has been active, or not.
    pub active_since: Timestamp,
    /// How far its keys are.
    pub key_state: KeyState,
}

impl User {
    /// The state that an admin sees.
    pub fn shown_state(&self) -> ShownState {
        ShownState::of(&self.key_state, self.document.active())
    }

    /// The SCIM resource, with the groups the user belongs to.
    pub fn render(
        &self,
        kind: &ResourceType,
        groups: &[UserGroup],
        base_url: &str,
    ) -> serde_json::Value {
        let times = [self.created_at.as_millis(), self.last_modified.as_millis()];
        let id = self.id.to_string();
        render_user(&self.document, kind, &id, groups, times, self.version, base_url)
    }
}

/// The attributes that the database searches by, in comparable form.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IndexedKeys {
    /// Folded `userName`: unique in the organization.
    pub user_name: String,
    /// `externalId` as sent.
    pub external_id: Option<String>,
    /// `externalId` as it is compared with a subject: unique for the connection.
    pub external_key: Option<String>,
    /// Folded `displayName`.
    pub display_name: Option<String>,
    /// The e-mail addresses.
    pub emails: Vec<EmailKey>,
}

/// One e-mail address in comparable form.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EmailKey {
    /// Folded `value`.
    pub value: String,
    /// Folded `type`.
    pub kind: Option<String>,
}

impl IndexedKeys {
    /// The keys of a document.
    ///
    /// # Errors
    /// An attribute too long to be indexed, or with U+0000, which PostgreSQL cannot hold.
    pub fn of(document: &UserDocument) -> Result<Self, ResourceError> {
        let emails = document.emails().map(|email| {
            let value = key("emails.value", fold(email.value))?;
            let kind = email.kind.map(|kind| key("emails.type", fold(kind))).transpose()?;
            Ok(EmailKey { value, kind })
        });
        let external_id = document.external_id();
        Ok(Self {
            user_name: key("userName", fold(document.user_name()))?,
            external_id: external_id.map(|id| key("externalId", id.to_owned())).transpose()?,
            external_key: external_id.map(comparable),
            display_name: document
                .display_name()
                .map(|name| key("displayName", fold(name)))
                .transpose()?,
            emails: emails.collect::<Result<_, ResourceError>>()?,
        })
    }

    /// Whether what has to be unique is what it was before: then nobody else can have it.
    fn are_held_by(&self, before: &Self) -> bool {
        self.user_name == before.user_name && self.external_key == before.external_key
    }
}

pub(crate) fn key(attribute: &'static str, key: String) -> Result<String, ResourceError> {
    // PostgreSQL's index rows end near 2,700 bytes.
    if key.len() > limits::KEY_BYTES {
        return Err(ResourceError::Invalid { attribute, rule: "is too long" });
    }
    if key.contains('\0') {
        return Err(ResourceError::Invalid { attribute, rule: "holds the character U+0000" });
    }
    Ok(key)
}

/// Creates a PENDING user that carries the token's connection.
///
/// # Errors
/// [`ResourceError::Taken`], [`ResourceError::Invalid`].
pub fn create(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    kind: &'static ResourceType,
    document: &UserDocument,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<User, ResourceError> {
    let keys = IndexedKeys::of(document)?;
    let user = User {
        id: UserId::make(now, rng),
        organization: principal.organization(),
        connection: principal.connection(),
        document: document.clone(),
        version: 1,
        created_at: now,
        last_modified: now,
        active_since: now,
        key_state: KeyState::new(now),
    };
    if !store.insert_user(&user, &keys)? {
        check_unique(store, &user, &keys)?;
        return Err(ResourceError::Taken(Unique::UserName));
    }
    let holder = Holder { kind, organization: user.organization, id: &user.id.to_string() };
    declared::claim(store, holder, document.as_value())?;
    Event::new(EventKind::UserProvisioned, user.organization)
        .user(user.id)
        .token(principal.token())
        .record(store, now, rng)?;
    Ok(user)
}

/// Creates the PENDING user of a link: without connection and `externalId`, which SCIM may add later. `None` when the name
/// is taken.
pub(crate) fn create_for_link(
    store: &mut dyn Store,
    organization: OrganizationId,
    document: &UserDocument,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Option<UserId>, StoreError> {
    let Ok(keys) = IndexedKeys::of(document) else {
        return Err(StoreError::Corrupt("a link is for a name that no user can have".to_owned()));
    };
    let user = User {
        id: UserId::make(now, rng),
        organization,
        connection: None,
        document: document.clone(),
        version: 1,
        created_at: now,
        last_modified: now,
        active_since: now,
        key_state: KeyState::new(now),
    };
    Ok(store.insert_user(&user, &keys)?.then_some(user.id))
}

pub(crate) fn check_unique(
    store: &mut dyn Store,
    user: &User,
    keys: &IndexedKeys,
) -> Result<(), ResourceError> {
    let organization = user.organization;
    if let Some(holder) = store.user_name_holder(organization, &keys.user_name)?
        && holder != user.id
    {
        return Err(ResourceError::Taken(Unique::UserName));
    }
    if let Some(external) = &keys.external_key
        && let Some(holder) = store.external_id_holder(organization, user.connection, external)?
        && holder != user.id
    {
        return Err(ResourceError::Taken(Unique::ExternalId));
    }
    Ok(())
}

/// A user by id.
///
/// # Errors
/// [`ResourceError::NotFound`], for another organization's user too.
pub fn get(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    id: UserId,
) -> Result<User, ResourceError> {
    store.user(principal.organization(), id)?.ok_or(ResourceError::NotFound)
}

/// Replaces a user's document (PUT); a document without `active` leaves that as it is.
///
/// # Errors
/// See [`ResourceError`].
#[expect(clippy::too_many_arguments, reason = "a PUT has a type, a body and a precondition")]
pub fn replace(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    kind: &'static ResourceType,
    id: UserId,
    document: &UserDocument,
    guard: &Guard,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<User, ResourceError> {
    let user = guarded(store, principal, id, guard)?;
    let mut document = document.clone();
    document.keep_active_of(&user.document);
    document.keep_immutable_of(&user.document, kind)?;
    save(store, principal, kind, user, document, now, rng)
}

/// Changes a user (PATCH). What changes nothing leaves version and time alone; an `active` that is empty or null leaves
/// that as it is.
///
/// # Errors
/// See [`ResourceError`].
pub fn patch(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    id: UserId,
    request: &PatchRequest,
    guard: &Guard,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<User, ResourceError> {
    let user = guarded(store, principal, id, guard)?;
    let mut document = user.document.clone();
    if !patch::apply(request, &mut document)? {
        return Ok(user);
    }
    if !request.removes_active() {
        document.keep_active_of(&user.document);
    }
    save(store, principal, request.resource_type(), user, document, now, rng)
}

fn guarded(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    id: UserId,
    guard: &Guard,
) -> Result<User, ResourceError> {
    let user = get(store, principal, id)?;
    check_guard(guard, user.version)?;
    Ok(user)
}

fn save(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    kind: &'static ResourceType,
    before: User,
    document: UserDocument,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<User, ResourceError> {
    if document.as_value() == before.document.as_value() {
        return Ok(before);
    }
    let (keys, keys_before) = (IndexedKeys::of(&document)?, IndexedKeys::of(&before.document)?);
    if !keys.are_held_by(&keys_before) {
        check_unique(store, &before, &keys)?;
    }
    let flipped = document.active() != before.document.active();
    let reassigned = is_reassigned(&before.key_state, &keys_before, &keys);
    let holder = Holder { kind, organization: before.organization, id: &before.id.to_string() };
    declared::claim_changed(store, holder, before.document.as_value(), document.as_value())?;
    let user = User {
        version: before.version + 1,
        last_modified: now.max(before.last_modified),
        active_since: if flipped { now } else { before.active_since },
        document,
        ..before
    };
    let saved = store.update_user(&user, &keys, &keys_before, before.version).map_err(taken)?;
    if !saved {
        return Err(ResourceError::VersionMismatch);
    }
    if reassigned {
        let event = Event::new(EventKind::UserReassigned, user.organization).user(user.id);
        event.token(principal.token()).record(store, now, rng)?;
    }
    if flipped {
        note_flip(store, principal, &user, now, rng)?;
    }
    Ok(user)
}

/// Whether an account that nobody has made keys for is another person's now. With keys, `externalId` decides nothing any more.
fn is_reassigned(state: &KeyState, before: &IndexedKeys, after: &IndexedKeys) -> bool {
    let was_somebodys = before.external_key.is_some();
    matches!(state, KeyState::Pending(_))
        && was_somebodys
        && before.external_key != after.external_key
}

/// A rival on PostgreSQL may take a name between the check and the update; the index then has the last word.
fn taken(error: StoreError) -> ResourceError {
    match error {
        StoreError::Conflict { constraint } if constraint.starts_with("users_external") => {
            ResourceError::Taken(Unique::ExternalId)
        }
        StoreError::Conflict { .. } => ResourceError::Taken(Unique::UserName),
        other => other.into(),
    }
}

fn note_flip(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    user: &User,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    let kind = if user.document.active() {
        EventKind::UserRestored
    } else {
        end_access(store, user, now, rng)?;
        EventKind::UserSuspended
    };
    Event::new(kind, user.organization)
        .user(user.id)
        .token(principal.token())
        .record(store, now, rng)?;
    match kind {
        EventKind::UserSuspended => brake::note_deactivation(store, user.organization, now, rng),
        _ => Ok(()),
    }
}

/// Ends everything that could still act for the user, in the transaction of the caller: when SCIM has its answer,
/// nothing of it is left.
fn end_access(
    store: &mut dyn Store,
    user: &User,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), StoreError> {
    let whose = (user.organization, user.id);
    sessions::end_all_of(store, whose, EndedBy::Provisioning, now, rng)?;
    store.delete_admin_links_of(user.id)?;
    resets::cancel_of(store, whose, CancelledBy::Provisioning, now, rng).map(drop)
}

/// Deletes a user for SCIM: not found from now on, name free, keys put aside until the retention time is over.
///
/// # Errors
/// See [`ResourceError`].
pub fn delete(
    store: &mut dyn Store,
    principal: &ScimPrincipal,
    id: UserId,
    guard: &Guard,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), ResourceError> {
    let user = guarded(store, principal, id, guard)?;
    if !store.tombstone_user(user.organization, id, user.version, now)? {
        return Err(ResourceError::VersionMismatch);
    }
    store.release_unique_values(&id.to_string())?;
    end_access(store, &user, now, rng)?;
    store.delete_grants_of(id)?;
    store.end_identity_of(id, now)?;
    store.leave_groups(user.organization, &id.to_string(), now)?;
    Event::new(EventKind::UserDeleted, user.organization)
        .user(id)
        .token(principal.token())
        .record(store, now, rng)?;
    Ok(())
}

/// Who has a `userName`, in any case.
///
/// # Errors
/// A failing database.
pub fn find(
    store: &mut dyn Store,
    organization: OrganizationId,
    user_name: &str,
) -> Result<Option<UserId>, StoreError> {
    // PostgreSQL cannot even be asked for U+0000, which no name holds.
    if user_name.contains('\0') {
        return Ok(None);
    }
    store.user_name_holder(organization, &fold(user_name))
}

/// One line of a listing for admins.
#[derive(Clone, Debug)]
pub struct UserOverview {
    /// The id.
    pub id: UserId,
    /// The name.
    pub user_name: String,
    /// The identity provider's id.
    pub external_id: Option<String>,
    /// The name of the connection it carries.
    pub connection: Option<String>,
    /// The state.
    pub state: ShownState,
    /// Since when it has been in this state.
    pub since: Timestamp,
    /// Whether a person has signed in to it.
    pub claimed: bool,
    /// The role.
    pub role: Role,
}

/// An organization's users for admins, in the order of creation, at most `limit` after the given one.
///
/// # Errors
/// A failing database.
pub fn by_state(
    store: &mut dyn Store,
    organization: OrganizationId,
    state: Option<ShownState>,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<UserOverview>, StoreError> {
    store.user_overviews(organization, state, after, limit)
}
