//! What a person may do for the organization, as values: who lacks one cannot ask.
//!
//! A role alone is the word of the operator, or of a group at the identity provider. Where something of others may be
//! lost, the session must be unlocked as well: then a person's own secret has been proved, and no sign-in alone can do
//! it.

use freehold_wire::{OrganizationId, UserId};

use crate::roles::Role;
use crate::sessions::{SessionUser, Unlocked};

/// The person's role does not reach so far.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the person's role does not allow this")]
pub struct NotAllowed;

/// Proof that the person of a session administers the organization at this moment.
#[derive(Clone, Copy, Debug)]
pub struct Admin<'a> {
    session: &'a SessionUser,
}

impl Admin<'_> {
    /// The person.
    pub fn user(&self) -> UserId {
        self.session.user()
    }

    /// The organization, and no other one.
    pub fn organization(&self) -> OrganizationId {
        self.session.organization()
    }
}

/// Proof that an admin's session is unlocked too.
#[derive(Clone, Copy, Debug)]
pub struct UnlockedAdmin<'a> {
    session: &'a SessionUser,
}

/// Proof that somebody may change settings of an organization: the operator on the server's command line, or a person in
/// the pages whose session is unlocked. Events name the person.
#[derive(Clone, Copy, Debug)]
pub struct Mandate {
    organization: OrganizationId,
    by: Option<UserId>,
}

impl Mandate {
    /// The operator's: whoever can use the server's command line has the database anyway.
    pub fn operator(organization: OrganizationId) -> Self {
        Self { organization, by: None }
    }

    /// The organization, and no other one.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The person, if it is one.
    pub fn by(&self) -> Option<UserId> {
        self.by
    }

    /// For the detail of an event that concerns another person: by whom.
    pub(crate) fn words(&self) -> String {
        match self.by {
            Some(user) => format!("by {user}"),
            None => "by the operator".to_owned(),
        }
    }
}

impl UnlockedAdmin<'_> {
    /// What the admin may change.
    pub fn mandate(&self) -> Mandate {
        Mandate { organization: self.organization(), by: Some(self.user()) }
    }

    /// The person.
    pub fn user(&self) -> UserId {
        self.session.user()
    }

    /// The organization, and no other one.
    pub fn organization(&self) -> OrganizationId {
        self.session.organization()
    }
}

/// Proof that an owner's session is unlocked.
#[derive(Clone, Copy, Debug)]
pub struct UnlockedOwner<'a> {
    session: &'a SessionUser,
}

impl UnlockedOwner<'_> {
    /// What the owner may change.
    pub fn mandate(&self) -> Mandate {
        Mandate { organization: self.organization(), by: Some(self.user()) }
    }

    /// The person.
    pub fn user(&self) -> UserId {
        self.session.user()
    }

    /// The organization, and no other one.
    pub fn organization(&self) -> OrganizationId {
        self.session.organization()
    }
}

fn at_least(session: &SessionUser, role: Role) -> Result<&SessionUser, NotAllowed> {
    if session.role() >= role { Ok(session) } else { Err(NotAllowed) }
}

impl SessionUser {
    /// Proof that the person is an admin or owner.
    ///
    /// # Errors
    /// [`NotAllowed`].
    pub fn admin(&self) -> Result<Admin<'_>, NotAllowed> {
        at_least(self, Role::Admin).map(|session| Admin { session })
    }

    /// Whether the person is an owner; what an owner may do takes [`Unlocked::owner`].
    ///
    /// # Errors
    /// [`NotAllowed`].
    pub fn owner(&self) -> Result<(), NotAllowed> {
        at_least(self, Role::Owner).map(drop)
    }
}

impl<'a> Unlocked<'a> {
    /// Proof that the person is an admin or owner.
    ///
    /// # Errors
    /// [`NotAllowed`].
    pub fn admin(self) -> Result<UnlockedAdmin<'a>, NotAllowed> {
        at_least(self.session(), Role::Admin).map(|session| UnlockedAdmin { session })
    }

    /// Proof that the person is an owner.
    ///
    /// # Errors
    /// [`NotAllowed`].
    pub fn owner(self) -> Result<UnlockedOwner<'a>, NotAllowed> {
        at_least(self.session(), Role::Owner).map(|session| UnlockedOwner { session })
    }
}
