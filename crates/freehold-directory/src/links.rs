//! One-time links: how the first owner comes in, and an owner when the identity provider cannot be reached.
//!
//! Whoever may run the command line on the server may make one. It signs in and does nothing more: it unlocks nothing,
//! for that takes the owner's own passphrase.

use std::time::Duration;

use freehold_scim::fold;
use freehold_scim::schema::USER;
use freehold_scim::user::UserDocument;
use freehold_wire::{OrganizationId, Timestamp, UserId};
use rand_core::CryptoRng;
use serde_json::json;

use crate::events::{Event, EventKind};
use crate::roles::{self, Grant, Role};
use crate::secret::{AdminLinkSecret, SessionSecret};
use crate::sessions::{self, EndedBy, Visit};
use crate::store::Store;
use crate::store_error::StoreError;
use crate::text::{self, TextError};
use crate::users;

/// How long a link waits.
pub const LINK_LIFE: Duration = Duration::from_secs(15 * 60);

/// The `userName` of a person who gets an account.
#[derive(Clone, Debug)]
pub struct PersonName(UserDocument);

impl PersonName {
    /// Parses a name of 1 to 200 bytes on one line.
    ///
    /// # Errors
    /// An empty or longer text, or one with characters that cannot be seen.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        const WHAT: &str = "the user name";
        let name = text::line(WHAT, text, 200)?;
        let user = json!({ "schemas": [USER.schema.id], "userName": name, "active": true });
        let document = UserDocument::from_value(user, &USER);
        document.map(Self).map_err(|_| TextError::new(WHAT, "cannot be the name of a user"))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.user_name()
    }

    /// The text in comparable form.
    pub fn key(&self) -> String {
        fold(self.as_str())
    }
}

/// Whom a link admits.
#[derive(Clone, Debug)]
pub enum Admitted {
    /// This user.
    User(UserId),
    /// A person whose account is made when the link is used.
    New(PersonName),
}

/// A link to store.
#[derive(Clone, Debug)]
pub struct AdminLink {
    /// The organization.
    pub organization: OrganizationId,
    /// Whom it admits.
    pub admitted: Admitted,
    /// Whether it makes an owner beside those that there are.
    pub further_owner: bool,
    /// When it is over.
    pub expires_at: Timestamp,
}

/// A link that was made just now.
pub struct MadeLink {
    /// The secret, for the one place that prints it.
    pub secret: AdminLinkSecret,
    /// The `userName` of the person.
    pub user_name: String,
    /// Whether using it makes an account.
    pub new_account: bool,
    /// Whether using it makes an owner.
    pub makes_owner: bool,
    /// When it is over.
    pub expires_at: Timestamp,
}

/// Why no link was made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// Nobody was named, and there is no owner to make it for.
    #[error("the organization has no active owner yet")]
    NobodyNamed,
    /// Nobody was named, and there are several owners: these.
    #[error("the organization has several owners: {0}")]
    SeveralOwners(String),
    /// The name cannot be one.
    #[error(transparent)]
    Name(#[from] TextError),
    /// The user is not active.
    #[error("the user is not active")]
    Inactive,
    /// The person is no owner, while there are these.
    #[error("the organization has an owner already: {0}")]
    OwnerThere(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a link for the person of this name, or for the only owner.
///
/// # Errors
/// See [`LinkError`].
pub fn create(
    store: &mut dyn Store,
    organization: OrganizationId,
    user_name: Option<&str>,
    further_owner: bool,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<MadeLink, LinkError> {
    let owners = store.active_owners(organization)?;
    let (user, user_name) = match (user_name, owners.as_slice()) {
        (Some(name), _) => (users::find(store, organization, name)?, name.to_owned()),
        (None, [(only, name)]) => (Some(*only), name.clone()),
        (None, []) => return Err(LinkError::NobodyNamed),
        (None, several) => return Err(LinkError::SeveralOwners(names(several))),
    };
    if let Some(user) = user
        && !store.hold_active_user(user)?
    {
        return Err(LinkError::Inactive);
    }
    let makes_owner = !owners.iter().any(|(owner, _)| Some(*owner) == user);
    if makes_owner && !owners.is_empty() && !further_owner {
        return Err(LinkError::OwnerThere(names(&owners)));
    }
    let admitted = match user {
        Some(user) => Admitted::User(user),
        None => Admitted::New(PersonName::parse(&user_name)?),
    };
    let (secret, expires_at) = (AdminLinkSecret::make(rng), now.plus(LINK_LIFE));
    let link = AdminLink { organization, admitted, further_owner, expires_at };
    store.insert_admin_link(&secret.hash(), &link)?;
    let mut event = Event::new(EventKind::AdminLinkCreated, organization);
    event.user = user;
    event.record(store, now, rng)?;
    let new_account = user.is_none();
    Ok(MadeLink { secret, user_name, new_account, makes_owner, expires_at })
}

fn names(owners: &[(UserId, String)]) -> String {
    let names: Vec<&str> = owners.iter().map(|(_, name)| name.as_str()).collect();
    names.join(", ")
}

/// Somebody who came in by a link.
pub struct Entered {
    /// The account.
    pub user: UserId,
    /// Its organization.
    pub organization: OrganizationId,
    /// The new session's cookie.
    pub session: SessionSecret,
}

/// Why a link admitted nobody: for the log. The person sees one fixed text.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LinkRefusal {
    /// It was used, is over, or never was.
    #[error("there is no such link, or it was used, or its time is over")]
    Gone,
    /// The user is not active.
    #[error("the user is not active")]
    Inactive,
    /// Another user got the name after the link was made.
    #[error("the name that the link was made for is taken meanwhile")]
    NameTaken,
    /// Another person became owner after the link was made.
    #[error("the organization has another owner meanwhile")]
    OwnerThere,
}

/// Uses a link up, whatever the verdict, and begins a session of the person that it admits, who is an owner from now on.
/// `before` is the browser's session: it ends.
///
/// # Errors
/// The outer one: a failing database. The inner one: the refusal, which is recorded.
pub fn enter(
    store: &mut dyn Store,
    secret: &AdminLinkSecret,
    visit: &Visit,
    before: Option<&SessionSecret>,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Result<Entered, LinkRefusal>, StoreError> {
    let Some(link) = store.take_admin_link(&secret.hash(), now)? else {
        return Ok(Err(LinkRefusal::Gone));
    };
    let organization = link.organization;
    let user = match admit(store, &link, now, rng)? {
        Ok(user) => user,
        Err(refusal) => {
            Event::new(EventKind::AdminLinkRefused, organization)
                .detail(refusal.to_string())
                .record(store, now, rng)?;
            return Ok(Err(refusal));
        }
    };
    Event::new(EventKind::AdminLinkUsed, organization).user(user).record(store, now, rng)?;
    roles::grant(store, organization, user, Grant::Owner, "by a link", now, rng)?;
    store.note_sign_in(user, now)?;
    if let Some(before) = before {
        sessions::end(store, before, EndedBy::SignIn, now, rng)?;
    }
    let session = sessions::begin(store, (organization, user), None, visit, now, rng)?;
    Ok(Ok(Entered { user, organization, session }))
}

/// The user that a link admits, whose account may be made for it.
fn admit(
    store: &mut dyn Store,
    link: &AdminLink,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Result<UserId, LinkRefusal>, StoreError> {
    let user = match &link.admitted {
        Admitted::User(user) => Some(*user),
        Admitted::New(_) => None,
    };
    if let Some(user) = user
        && !store.hold_active_user(user)?
    {
        return Ok(Err(LinkRefusal::Inactive));
    }
    let owner = match user {
        Some(user) => store.role_of(user)? == Role::Owner,
        None => false,
    };
    if !owner && !link.further_owner && !store.active_owners(link.organization)?.is_empty() {
        return Ok(Err(LinkRefusal::OwnerThere));
    }
    match &link.admitted {
        Admitted::User(user) => Ok(Ok(*user)),
        Admitted::New(name) => {
            let made = users::create_for_link(store, link.organization, &name.0, now, rng)?;
            Ok(made.ok_or(LinkRefusal::NameTaken))
        }
    }
}
