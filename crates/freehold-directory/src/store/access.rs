//! Who may do what here, and in which sessions.

use freehold_wire::{
    ConnectionId, GroupId, MethodKind, OrganizationId, SessionId, Timestamp, UserId,
};

use super::StoreResult;
use crate::links::AdminLink;
use crate::roles::{Grant, Role, RoleHolder};
use crate::secret::SecretHash;
use crate::sessions::{FoundSession, NewSession, NextSession, Over, SessionOverview};

/// Roles: what was granted to users, and the groups whose members are admins.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Roles {
    /// The highest role of a user, by grant or by group.
    fn role_of(&mut self, user: UserId) -> StoreResult<Role>;
    /// The highest role of a user by grant alone.
    fn granted_role(&mut self, user: UserId) -> StoreResult<Role>;
    /// Users with this role by grant, or a higher one, who are active and READY, by `userName`.
    fn appointed_with_keys(
        &mut self,
        organization: OrganizationId,
        least: Grant,
    ) -> StoreResult<Vec<(UserId, String)>>;
    /// Stores a grant; `false` when the user has it already.
    fn insert_grant(
        &mut self,
        organization: OrganizationId,
        user: UserId,
        grant: Grant,
        at: Timestamp,
    ) -> StoreResult<bool>;
    /// Takes a grant away; `false` when there is none.
    fn delete_grant(&mut self, user: UserId, grant: Grant) -> StoreResult<bool>;
    /// Takes all grants of a user away.
    fn delete_grants_of(&mut self, user: UserId) -> StoreResult<()>;
    /// The owners that are active and not deleted, by `userName`.
    fn active_owners(&mut self, organization: OrganizationId)
    -> StoreResult<Vec<(UserId, String)>>;
    /// Makes the members of a group admins; `false` when they are already.
    fn map_group(
        &mut self,
        organization: OrganizationId,
        group: GroupId,
        at: Timestamp,
    ) -> StoreResult<bool>;
    /// Whether the members of a group are admins.
    fn is_mapped(&mut self, group: GroupId) -> StoreResult<bool>;
    /// Ends that; `false` when there was nothing to end.
    fn unmap_group(&mut self, group: GroupId) -> StoreResult<bool>;
    /// Who has a role: users by grant, then mapped groups, each by name.
    fn role_holders(&mut self, organization: OrganizationId) -> StoreResult<Vec<RoleHolder>>;
}

/// One-time links.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait AdminLinks {
    /// Stores a new link.
    fn insert_admin_link(&mut self, hash: &SecretHash, link: &AdminLink) -> StoreResult<()>;
    /// Takes a link away, if its time is not over. Of two that ask at once one gets it.
    fn take_admin_link(
        &mut self,
        hash: &SecretHash,
        now: Timestamp,
    ) -> StoreResult<Option<AdminLink>>;
    /// Takes all links of a user away, also those made for the user's name before there was the user.
    fn delete_admin_links_of(&mut self, user: UserId) -> StoreResult<()>;
}

/// Sessions.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Sessions {
    /// Stores a new session.
    fn insert_session(&mut self, session: &NewSession) -> StoreResult<()>;
    /// Stores a session in place of another one, which stays; it ends when the sign-in of that one does.
    fn continue_session(&mut self, before: &SecretHash, next: &NextSession) -> StoreResult<()>;
    /// A session with its user, who is active and not deleted.
    fn session(&mut self, hash: &SecretHash) -> StoreResult<Option<FoundSession>>;
    /// Notes that a session was used.
    fn touch_session(&mut self, hash: &SecretHash, at: Timestamp) -> StoreResult<()>;
    /// Marks a session unlocked; `false` when it is gone.
    fn unlock_session(&mut self, hash: &SecretHash, kind: MethodKind) -> StoreResult<bool>;
    /// Marks a session locked.
    fn lock_session(&mut self, hash: &SecretHash) -> StoreResult<()>;
    /// Locks a user's sessions but one.
    fn lock_other_sessions(&mut self, user: UserId, but: &SecretHash) -> StoreResult<()>;
    /// Ends a session at `expires_at`, if it would not end before.
    fn limit_session(&mut self, hash: &SecretHash, expires_at: Timestamp) -> StoreResult<()>;
    /// Ends a session and its challenges; `false` when it is gone.
    fn delete_session(&mut self, hash: &SecretHash) -> StoreResult<bool>;
    /// Ends all sessions of a user, with their challenges; answers how many.
    fn delete_sessions_of(&mut self, user: UserId) -> StoreResult<u64>;
    /// Ends sessions over a connection, with their challenges; answers how many.
    fn delete_sessions_over(
        &mut self,
        connection: ConnectionId,
        over: Over<'_>,
    ) -> StoreResult<u64>;
    /// A user's sessions, those past their end too, last begun first.
    fn sessions_of(&mut self, user: UserId) -> StoreResult<Vec<SessionOverview>>;
    /// The session of a user with this name in lists.
    fn session_named(&mut self, user: UserId, id: SessionId) -> StoreResult<Option<SecretHash>>;
}
