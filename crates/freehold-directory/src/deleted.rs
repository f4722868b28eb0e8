//! Users that SCIM deleted, until the retention window is over: an operator or an owner may bring one back.
//!
//! For SCIM a DELETE is final. What comes back is the same account with the same id, its keys, items and the link to
//! its person; not its sessions, roles and groups.

use std::time::Duration;

use freehold_scim::fold;
use freehold_scim::schema::ResourceType;
use freehold_wire::{OrganizationId, Timestamp, UserId};
use rand_core::CryptoRng;

use crate::authority::Mandate;
use crate::declared::{self, Holder};
use crate::events::{Event, EventKind};
use crate::resource_error::{ResourceError, Unique};
use crate::store::Store;
use crate::store_error::StoreError;
use crate::users::{IndexedKeys, User, check_unique};

/// Deleted users shown at once.
const SHOWN: u32 = 500;

/// A deleted user whose records are there still.
#[derive(Clone, Debug)]
pub struct DeletedUser {
    /// As it was.
    pub user: User,
    /// When it was deleted.
    pub deleted_at: Timestamp,
}

impl DeletedUser {
    /// Until when it can come back.
    pub fn kept_until(&self, retention: Duration) -> Timestamp {
        self.deleted_at.plus(retention)
    }
}

/// What is left of a deleted user.
#[derive(Clone, Debug)]
pub enum Remains {
    /// Everything but access.
    Kept(Box<DeletedUser>),
    /// The id, so that it is never used again.
    Id,
}

/// Why a deleted user did not come back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// Nobody of this name or id was deleted here.
    #[error("no deleted user has this name or id")]
    Unknown,
    /// Several have had the name: these.
    #[error("several deleted users had this name")]
    Several(Vec<UserId>),
    /// The retention window is over.
    #[error("the retention window is over: keys and items are destroyed, or about to be")]
    TooLate,
    /// Somebody else has a value by now that must be unique.
    #[error("another user has this {} by now", .0.as_str())]
    Taken(Unique),
    /// The person has signed in to another account since.
    #[error("the person has another account by now")]
    PersonTaken,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The organization's deleted users whose records are there still, last deleted first.
///
/// # Errors
/// A failing database.
pub fn list(
    store: &mut dyn Store,
    organization: OrganizationId,
) -> Result<Vec<DeletedUser>, StoreError> {
    store.deleted_users(organization, None, SHOWN)
}

/// Brings a deleted user back, named by id or by `userName`, within `retention` after the deletion.
///
/// # Errors
/// See [`RestoreError`].
pub fn restore(
    store: &mut dyn Store,
    mandate: Mandate,
    kind: &'static ResourceType,
    name_or_id: &str,
    retention: Duration,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<User, RestoreError> {
    let organization = mandate.organization();
    let deleted = find(store, organization, name_or_id)?;
    if deleted.kept_until(retention) <= now {
        return Err(RestoreError::TooLate);
    }
    let user = User {
        version: deleted.user.version + 1,
        last_modified: now.max(deleted.user.last_modified),
        ..deleted.user.clone()
    };
    let keys = IndexedKeys::of(&user.document).map_err(taken)?;
    check_unique(store, &user, &keys).map_err(taken)?;
    let holder = Holder { kind, organization, id: &user.id.to_string() };
    declared::claim(store, holder, user.document.as_value()).map_err(taken)?;
    if !store.bring_user_back(&user, &keys, deleted.deleted_at)? {
        return Err(RestoreError::Unknown);
    }
    if !store.resume_identity_of(user.id, deleted.deleted_at)? {
        return Err(RestoreError::PersonTaken);
    }
    Event::new(EventKind::UserUndeleted, organization)
        .user(user.id)
        .detail(mandate.words())
        .record(store, now, rng)?;
    Ok(user)
}

fn find(
    store: &mut dyn Store,
    organization: OrganizationId,
    name_or_id: &str,
) -> Result<DeletedUser, RestoreError> {
    if let Ok(id) = name_or_id.parse::<UserId>() {
        return match store.deleted_user(organization, id)? {
            Some(Remains::Kept(deleted)) => Ok(*deleted),
            Some(Remains::Id) => Err(RestoreError::TooLate),
            None => Err(RestoreError::Unknown),
        };
    }
    // PostgreSQL cannot even be asked for U+0000, which no name holds.
    if name_or_id.contains('\0') {
        return Err(RestoreError::Unknown);
    }
    let mut named = store.deleted_users(organization, Some(&fold(name_or_id)), SHOWN)?;
    match (named.pop(), named.is_empty()) {
        (None, _) => Err(RestoreError::Unknown),
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            Err(RestoreError::Several(named.iter().chain([&last]).map(|it| it.user.id).collect()))
        }
    }
}

fn taken(error: ResourceError) -> RestoreError {
    match error {
        ResourceError::Taken(unique) => RestoreError::Taken(unique),
        ResourceError::Store(error) => RestoreError::Store(error),
        // The document was stored once, so nothing else is wrong with it.
        other => RestoreError::Store(StoreError::Corrupt(other.to_string())),
    }
}
