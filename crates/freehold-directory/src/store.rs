//! What the directory asks of storage: one trait a topic, one method a use, all inside the transaction of the caller.
//!
//! Methods that decide (insert, compare-and-set) answer whether they did it; the directory says what that means.

use freehold_scim::filter::Filter;
use freehold_scim::group::Member;
use freehold_scim::list::Sort;
use freehold_scim::render::{RenderedMember, UserGroup};
use freehold_wire::{
    ConnectionId, GroupId, ItemId, MethodKind, OrganizationId, ResourceId, SessionId, Timestamp,
    TokenId, UserId,
};

use crate::audit::{Audited, Head, Told};
use crate::brake::{Brake, Braked};
use crate::change::{CurrentRecords, ProvenChange};
use crate::clients::{Client, ClientId, StoredClient};
use crate::connections::{Connection, StoredCertificate};
use crate::deleted::{DeletedUser, Remains};
use crate::domains::{Domain, DomainName, ProvenDomain, Realm};
use crate::events::{EventId, RecordedEvent};
use crate::expiry::Threshold;
use crate::first_steps;
use crate::groups::{Added, Group, GroupKeys};
use crate::housekeeping::Collected;
use crate::items::{ItemQuota, ItemRevision, StoredItem};
use crate::lifecycle::ShownState;
use crate::links::AdminLink;
use crate::listing::{Shelf, Slice, Stored};
use crate::login::{
    AnsweredLogin, ClaimCandidate, NewAnswer, NewIdentity, NewLogin, PendingLogin, SignInTest,
    StoredLogin, SubjectKey,
};
use crate::organizations::{Organization, OrganizationName};
use crate::people::groups::{GroupSearch, ListedGroup, ListedMember};
use crate::people::{Claim, Found, Listed, Membership, Part, Query, Way};
use crate::policy::Policy;
use crate::provisioning_log::{LogQuery, LoggedEntry};
use crate::renewal::ProvenRenewal;
use crate::resets::{OpenReset, Reset, ResetId, ResetState};
use crate::resources::Resource;
use crate::roles::{Grant, Role, RoleHolder};
use crate::secret::SecretHash;
use crate::sessions::{FoundSession, NewSession, NextSession, Over, SessionOverview};
use crate::setup::{CompletedSetup, NewKeys};
use crate::store_error::StoreError;
use crate::text::Slug;
use crate::tokens::{LastUse, StoredToken, Token};
use crate::unlock::{Challenge, ChallengeOf, KeyRecords, StoredMethod, Tries};
use crate::users::{IndexedKeys, User, UserOverview};

/// What every method answers.
pub type StoreResult<T> = Result<T, StoreError>;

/// Everything the directory asks of storage, inside one open transaction.
pub trait Store:
    Organizations
    + Connections
    + Domains
    + Tokens
    + Listings
    + Clients
    + Users
    + Groups
    + Resources
    + Brakes
    + ProvisioningLog
    + Identities
    + Logins
    + SignInTests
    + Roles
    + AdminLinks
    + Sessions
    + Challenges
    + KeyStore
    + Resets
    + Policies
    + Items
    + Events
    + Housekeeping
    + People
{
}

impl<T> Store for T where
    T: Organizations
        + Connections
        + Domains
        + Domains
        + Tokens
        + Listings
        + Clients
        + Users
        + Groups
        + Resources
        + Brakes
        + ProvisioningLog
        + Identities
        + Logins
        + SignInTests
        + SignInTests
        + Roles
        + AdminLinks
        + Sessions
        + Challenges
        + KeyStore
        + Resets
        + Policies
        + Items
        + Events
        + Housekeeping
        + People
        + ?Sized
{
}

/// Tenants.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Organizations {
    /// Stores a new organization; `false` when the slug is taken.
    fn insert_organization(&mut self, organization: &Organization) -> StoreResult<bool>;
    /// One organization by id.
    fn organization(&mut self, id: OrganizationId) -> StoreResult<Option<Organization>>;
    /// One organization by slug.
    fn organization_by_slug(&mut self, slug: &Slug) -> StoreResult<Option<Organization>>;
    /// The organization, if there is exactly one.
    fn only_organization(&mut self) -> StoreResult<Option<Organization>>;
    /// All organizations by slug.
    fn organizations(&mut self) -> StoreResult<Vec<Organization>>;
    /// Switches SCIM on or off.
    fn set_scim(&mut self, id: OrganizationId, enabled: bool) -> StoreResult<()>;
    /// Gives it another name for people.
    fn rename_organization(
        &mut self,
        id: OrganizationId,
        name: &OrganizationName,
    ) -> StoreResult<()>;
    /// What is there of it at this time.
    fn first_steps(
        &mut self,
        id: OrganizationId,
        now: Timestamp,
    ) -> StoreResult<first_steps::Found>;
}

/// Ways to sign in.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Connections {
    /// Stores a new connection; `false` when the organization has one of this name.
    fn insert_connection(&mut self, connection: &Connection) -> StoreResult<bool>;
    /// One connection.
    fn connection(&mut self, id: ConnectionId) -> StoreResult<Option<Connection>>;
    /// An organization's connections by name.
    fn connections(&mut self, organization: OrganizationId) -> StoreResult<Vec<Connection>>;
    /// The organizations, at most two, that sign in at a SAML identity provider; those that trust a certificate of this
    /// fingerprint, if one is given. The connection is named where there is one alone.
    fn saml_realms(
        &mut self,
        entity_id: &str,
        certificate: Option<&str>,
    ) -> StoreResult<Vec<Realm>>;
    /// The connections with an OpenID provider as this client of it, at most a few.
    fn oidc_connections(&mut self, issuer: &str, client: &str) -> StoreResult<Vec<Connection>>;
    /// Marks a connection removed; `false` when it is already.
    fn tombstone_connection(&mut self, id: ConnectionId, at: Timestamp) -> StoreResult<bool>;
    /// How many live tokens and clients provision for a connection.
    fn count_provisioners(&mut self, id: ConnectionId, now: Timestamp) -> StoreResult<u64>;
    /// Stores a certificate; `false` when the connection has it.
    fn insert_certificate(
        &mut self,
        id: ConnectionId,
        certificate: &StoredCertificate,
    ) -> StoreResult<bool>;
    /// Marks a certificate trusted.
    fn trust_certificate(&mut self, id: ConnectionId, fingerprint: &str) -> StoreResult<()>;
    /// Deletes a certificate.
    fn delete_certificate(&mut self, id: ConnectionId, fingerprint: &str) -> StoreResult<()>;
    /// Notes when metadata was asked for.
    fn note_fetch(&mut self, id: ConnectionId, at: Timestamp) -> StoreResult<()>;
    /// Connections with a metadata address that was last asked before this time, those first that wait longest: at most
    /// `each` of one organization.
    fn connections_fetched_before(
        &mut self,
        before: Timestamp,
        each: u32,
        limit: u32,
    ) -> StoreResult<Vec<Connection>>;
}

/// Domains that lead to a sign-in.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Domains {
    /// Stores a new domain; `false` when the organization has it.
    fn insert_domain(&mut self, domain: &Domain) -> StoreResult<bool>;
    /// A domain of the organization.
    fn domain(
        &mut self,
        organization: OrganizationId,
        name: &DomainName,
    ) -> StoreResult<Option<Domain>>;
    /// An organization's domains by name.
    fn domains(&mut self, organization: OrganizationId) -> StoreResult<Vec<Domain>>;
    /// Deletes a domain; `false` when there is none.
    fn delete_domain(
        &mut self,
        organization: OrganizationId,
        name: &DomainName,
    ) -> StoreResult<bool>;
    /// Which organization has verified this domain.
    fn domain_holder(&mut self, name: &DomainName) -> StoreResult<Option<OrganizationId>>;
    /// Marks a domain verified and well, to be looked up again at `next`; `false` when it is gone or has another
    /// challenge.
    fn confirm_domain(
        &mut self,
        proven: &ProvenDomain,
        at: Timestamp,
        next: Timestamp,
    ) -> StoreResult<bool>;
    /// Puts the next look-up of verified domains whose time has come off until `next`, and answers them.
    fn take_due_domains(
        &mut self,
        now: Timestamp,
        next: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<Domain>>;
    /// Notes since when the record of a verified domain is not seen; `false` when that is noted or the domain changed.
    fn mark_domain_failing(&mut self, domain: &Domain, at: Timestamp) -> StoreResult<bool>;
    /// Marks a domain unverified that is noted as failing; `false` when it is not or the domain changed.
    fn mark_domain_unverified(&mut self, domain: &Domain) -> StoreResult<bool>;
    /// Where the people of a verified domain sign in, if its organization has a connection.
    fn realm_of_domain(&mut self, name: &DomainName) -> StoreResult<Option<Realm>>;
    /// The organization of this short name, if it has a connection.
    fn realm_of_organization(&mut self, slug: &Slug) -> StoreResult<Option<Realm>>;
}

/// SCIM tokens.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Tokens {
    /// Stores a new token, an access token of `token.client` too.
    fn insert_token(&mut self, token: &Token, hash: &SecretHash) -> StoreResult<()>;
    /// The token of a hash, whatever its state.
    fn token_by_hash(&mut self, hash: &SecretHash) -> StoreResult<Option<StoredToken>>;
    /// An organization's tokens, oldest first, without the access tokens of its clients and those of trials.
    fn tokens(&mut self, organization: OrganizationId) -> StoreResult<Vec<Token>>;
    /// What a token of the organization is called; an access token, as its client is.
    fn token_description(
        &mut self,
        organization: OrganizationId,
        token: TokenId,
    ) -> StoreResult<Option<String>>;
    /// Revokes a live token of the organization; `false` when there is none.
    fn revoke_token(
        &mut self,
        organization: OrganizationId,
        token: TokenId,
        at: Timestamp,
    ) -> StoreResult<bool>;
    /// Lets a live token of the organization end earlier, its warnings up to so many days being told; `false` when it
    /// ends by then or is revoked.
    fn shorten_token(
        &mut self,
        organization: OrganizationId,
        token: TokenId,
        expires_at: Timestamp,
        told_days: Option<u16>,
    ) -> StoreResult<bool>;
    /// Deletes the token of a trial; no other one.
    fn delete_trial_token(&mut self, token: TokenId) -> StoreResult<()>;
    /// Writes the last use down.
    fn touch_token(&mut self, token: TokenId, last: &LastUse) -> StoreResult<()>;
    /// Notes a refusal; `false` when one was noted after `not_since` already.
    fn note_token_refusal(
        &mut self,
        token: TokenId,
        at: Timestamp,
        not_since: Timestamp,
    ) -> StoreResult<bool>;
    /// Marks live tokens, no access tokens, that the threshold has reached and none nearer to the end, and answers them.
    fn tokens_to_warn_of(
        &mut self,
        threshold: &Threshold,
        limit: u32,
    ) -> StoreResult<Vec<(OrganizationId, TokenId)>>;
}

/// SCIM clients and their access tokens.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Clients {
    /// Stores a new client.
    fn insert_client(&mut self, client: &Client, hash: &SecretHash) -> StoreResult<()>;
    /// A client by its id, whatever its state.
    fn client(&mut self, id: ClientId) -> StoreResult<Option<StoredClient>>;
    /// An organization's clients, oldest first.
    fn clients(&mut self, organization: OrganizationId) -> StoreResult<Vec<Client>>;
    /// Revokes a live client of the organization; `false` when there is none.
    fn revoke_client(
        &mut self,
        organization: OrganizationId,
        client: ClientId,
        at: Timestamp,
    ) -> StoreResult<bool>;
    /// Writes the last use down.
    fn touch_client(&mut self, client: ClientId, last: &LastUse) -> StoreResult<()>;
    /// Notes a refusal; `false` when one was noted after `not_since` already.
    fn note_client_refusal(
        &mut self,
        client: ClientId,
        at: Timestamp,
        not_since: Timestamp,
    ) -> StoreResult<bool>;
    /// Deletes the client's access tokens but for the `keep` newest.
    fn delete_oldest_access_tokens(&mut self, client: ClientId, keep: u32) -> StoreResult<()>;
    /// Marks live clients that the threshold has reached and none nearer to the end, and answers them.
    fn clients_to_warn_of(
        &mut self,
        threshold: &Threshold,
        limit: u32,
    ) -> StoreResult<Vec<(OrganizationId, ClientId)>>;
}

/// Lists of any kind of resource, deleted ones left out.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Listings {
    /// Whether the job may go on, asked between two resources that are evaluated: a filter of many terms over long
    /// texts takes its time.
    fn on_time(&mut self) -> StoreResult<()>;
    /// Whether the indexes decide this filter without evaluating documents.
    fn decides(&self, shelf: Shelf, filter: &Filter) -> bool;
    /// Whether a column has this order.
    fn orders(&self, shelf: Shelf, sort: &Sort) -> bool;
    /// How many resources match a filter that [`decides`](Listings::decides) accepts.
    fn count_listed(
        &mut self,
        organization: OrganizationId,
        shelf: Shelf,
        filter: Option<&Filter>,
    ) -> StoreResult<u64>;
    /// A part of the resources that may match the filter: none that matches is left out.
    fn slice(
        &mut self,
        organization: OrganizationId,
        slice: &Slice<'_>,
    ) -> StoreResult<Vec<Stored>>;
    /// The resources with these ids, in this order, as far as they are there.
    fn listed(
        &mut self,
        organization: OrganizationId,
        shelf: Shelf,
        ids: &[String],
    ) -> StoreResult<Vec<Stored>>;
}

/// Accounts. Deleted ones are found by none of these.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Users {
    /// Stores a new user; `false` when a unique value is taken.
    fn insert_user(&mut self, user: &User, keys: &IndexedKeys) -> StoreResult<bool>;
    /// A user of the organization.
    fn user(&mut self, organization: OrganizationId, id: UserId) -> StoreResult<Option<User>>;
    /// Stores document, keys, version and times if the version still is `expected`; `false` otherwise. `before` are
    /// the keys of that version.
    fn update_user(
        &mut self,
        user: &User,
        keys: &IndexedKeys,
        before: &IndexedKeys,
        expected: u64,
    ) -> StoreResult<bool>;
    /// Marks a user deleted if the version still is `expected`; `false` otherwise.
    fn tombstone_user(
        &mut self,
        organization: OrganizationId,
        id: UserId,
        expected: u64,
        at: Timestamp,
    ) -> StoreResult<bool>;
    /// Who has this folded `userName`.
    fn user_name_holder(
        &mut self,
        organization: OrganizationId,
        user_name_key: &str,
    ) -> StoreResult<Option<UserId>>;
    /// Who of the users that carry this connection (or, for `None`, no connection) has this `externalId`.
    fn external_id_holder(
        &mut self,
        organization: OrganizationId,
        connection: Option<ConnectionId>,
        external_key: &str,
    ) -> StoreResult<Option<UserId>>;
    /// The next users by id for admins.
    fn user_overviews(
        &mut self,
        organization: OrganizationId,
        state: Option<ShownState>,
        after: Option<UserId>,
        limit: u32,
    ) -> StoreResult<Vec<UserOverview>>;
    /// What is left of a deleted user of the organization.
    fn deleted_user(
        &mut self,
        organization: OrganizationId,
        id: UserId,
    ) -> StoreResult<Option<Remains>>;
    /// Deleted users whose records are there still, last deleted first; with a folded `userName`, those who had it.
    fn deleted_users(
        &mut self,
        organization: OrganizationId,
        user_name_key: Option<&str>,
        limit: u32,
    ) -> StoreResult<Vec<DeletedUser>>;
    /// Marks a user that was deleted at this time as not deleted, with version and time; `false` when it is not there
    /// any more.
    fn bring_user_back(
        &mut self,
        user: &User,
        keys: &IndexedKeys,
        deleted_at: Timestamp,
    ) -> StoreResult<bool>;
    /// Whether the user is active and not deleted. The row stays as it is until the transaction ends.
    fn hold_active_user(&mut self, id: UserId) -> StoreResult<bool>;
}

/// Groups and their members. Deleted ones are found by none of these.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Groups {
    /// Stores a new group; `false` when its name is taken.
    fn insert_group(&mut self, group: &Group, keys: &GroupKeys) -> StoreResult<bool>;
    /// A group of the organization.
    fn group(&mut self, organization: OrganizationId, id: GroupId) -> StoreResult<Option<Group>>;
    /// Stores document, keys, version and time if the version still is `expected`; `false` otherwise.
    fn update_group(&mut self, group: &Group, keys: &GroupKeys, expected: u64)
    -> StoreResult<bool>;
    /// Marks a group deleted if the version still is `expected`; `false` otherwise.
    fn tombstone_group(
        &mut self,
        organization: OrganizationId,
        id: GroupId,
        expected: u64,
        at: Timestamp,
    ) -> StoreResult<bool>;
    /// Which group has this folded `displayName`.
    fn group_name_holder(
        &mut self,
        organization: OrganizationId,
        display_name_key: &str,
    ) -> StoreResult<Option<GroupId>>;
    /// Makes users and groups of the organization members; those who are stay as they are.
    fn add_members(
        &mut self,
        group: &Group,
        members: &[Member],
        at: Timestamp,
    ) -> StoreResult<Added>;
    /// Takes members away by id; answers how many there were.
    fn remove_members(&mut self, group: GroupId, ids: &[String]) -> StoreResult<u64>;
    /// Takes all members away; answers how many there were.
    fn remove_all_members(&mut self, group: GroupId) -> StoreResult<u64>;
    /// The members of a group by id.
    fn members(&mut self, group: GroupId) -> StoreResult<Vec<RenderedMember>>;
    /// How many members a group has.
    fn count_members(&mut self, group: GroupId) -> StoreResult<u64>;
    /// The groups of each of these users, by name.
    fn groups_of(&mut self, users: &[UserId]) -> StoreResult<Vec<(UserId, UserGroup)>>;
    /// Takes a deleted user or group out of every group, whose versions count up.
    fn leave_groups(
        &mut self,
        organization: OrganizationId,
        member: &str,
        at: Timestamp,
    ) -> StoreResult<()>;
}

/// Resources of the operator's own types.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Resources {
    /// Stores a new resource.
    fn insert_resource(&mut self, kind: &str, resource: &Resource) -> StoreResult<()>;
    /// A resource of the organization and type.
    fn resource(
        &mut self,
        organization: OrganizationId,
        kind: &str,
        id: ResourceId,
    ) -> StoreResult<Option<Resource>>;
    /// Stores document, version and time if the version still is `expected`; `false` otherwise.
    fn update_resource(&mut self, resource: &Resource, expected: u64) -> StoreResult<bool>;
    /// Deletes a resource without unique values if the version still is `expected`; `false` otherwise.
    fn delete_resource(
        &mut self,
        organization: OrganizationId,
        id: ResourceId,
        expected: u64,
    ) -> StoreResult<bool>;
    /// Takes a value that the operator's schema declares unique, for a resource of any type; `false` when another one of
    /// the organization and type has it.
    fn insert_unique_value(
        &mut self,
        organization: OrganizationId,
        kind: &str,
        id: &str,
        attribute: &str,
        key: &str,
    ) -> StoreResult<bool>;
    /// Frees the unique values of a resource.
    fn release_unique_values(&mut self, id: &str) -> StoreResult<()>;
}

/// The brake of each organization, and what it counts.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Brakes {
    /// The brake, if it was ever changed.
    fn brake(&mut self, organization: OrganizationId) -> StoreResult<Option<Brake>>;
    /// Stores the brake.
    fn put_brake(&mut self, organization: OrganizationId, brake: &Brake) -> StoreResult<()>;
    /// How many of a kind there were after this time.
    fn count_since(
        &mut self,
        organization: OrganizationId,
        kind: Braked,
        since: Timestamp,
    ) -> StoreResult<u64>;
    /// How many users and groups there are.
    fn count_resources(&mut self, organization: OrganizationId) -> StoreResult<u64>;
}

/// The provisioning log.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait ProvisioningLog {
    /// Writes entries.
    fn insert_log_entries(&mut self, entries: &[LoggedEntry]) -> StoreResult<()>;
    /// Entries of an organization, oldest first.
    fn log_entries(
        &mut self,
        organization: OrganizationId,
        query: &LogQuery,
        limit: u32,
    ) -> StoreResult<Vec<LoggedEntry>>;
    /// Deletes entries written before this time, at most `limit`; answers how many.
    fn delete_log_before(&mut self, before: Timestamp, limit: u32) -> StoreResult<u64>;
    /// Entries of an organization before the one with this id, or the last ones; newest first.
    fn log_entries_before(
        &mut self,
        organization: OrganizationId,
        before: Option<&str>,
        refused: bool,
        limit: u32,
    ) -> StoreResult<Vec<LoggedEntry>>;
    /// The ids of all entries of an organization after this one, in their order.
    fn log_ids_after(
        &mut self,
        organization: OrganizationId,
        after: &str,
    ) -> StoreResult<Vec<String>>;
}

/// Which person of an identity provider an account belongs to.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Identities {
    /// The account of a person.
    fn linked_user(&mut self, person: &SubjectKey) -> StoreResult<Option<UserId>>;
    /// Live users of the organization with this `externalId`, at most a few.
    fn claim_candidates(
        &mut self,
        organization: OrganizationId,
        external_key: &str,
    ) -> StoreResult<Vec<ClaimCandidate>>;
    /// The live user of the organization with this folded `userName`.
    fn claim_candidate_named(
        &mut self,
        organization: OrganizationId,
        user_name_key: &str,
    ) -> StoreResult<Option<ClaimCandidate>>;
    /// A few `externalId`s of live users, to tell an admin what is mapped to them.
    fn some_external_ids(&mut self, organization: OrganizationId) -> StoreResult<Vec<String>>;
    /// Links a person and an account; `false` when either is linked already.
    fn insert_identity(&mut self, identity: &NewIdentity) -> StoreResult<bool>;
    /// Ends the link of an account.
    fn end_identity_of(&mut self, user: UserId, at: Timestamp) -> StoreResult<()>;
    /// Resumes the link of an account that was ended at this time, if one was; `false` when its person is linked to
    /// another account by now.
    fn resume_identity_of(&mut self, user: UserId, ended_at: Timestamp) -> StoreResult<bool>;
}

/// How tests of connections ended.
pub trait SignInTests {
    /// Stores how the last test of a connection ended, in place of the one before.
    fn put_sign_in_test(&mut self, test: &SignInTest) -> StoreResult<()>;
    /// The last test of a connection.
    fn sign_in_test(&mut self, connection: ConnectionId) -> StoreResult<Option<SignInTest>>;
}

/// Sign-ins that have been begun.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Logins {
    /// Stores a begun sign-in.
    fn insert_login(&mut self, login: &NewLogin) -> StoreResult<()>;
    /// Takes a begun sign-in away, if this browser began it and its time is not over.
    fn take_login(
        &mut self,
        state: &SecretHash,
        browser: &SecretHash,
        now: Timestamp,
    ) -> StoreResult<Option<PendingLogin>>;
    /// A begun sign-in, whoever began it.
    fn login(&mut self, state: &SecretHash) -> StoreResult<Option<StoredLogin>>;
    /// Stores the answer of a begun sign-in; `false` when it has one or its time is over.
    fn answer_login(&mut self, answer: &NewAnswer<'_>, now: Timestamp) -> StoreResult<bool>;
    /// Takes an answered sign-in away, if this browser began it and its time is not over.
    fn take_answered(
        &mut self,
        hand_over: &SecretHash,
        browser: &SecretHash,
        now: Timestamp,
    ) -> StoreResult<Option<AnsweredLogin>>;
    /// Deletes a begun sign-in.
    fn delete_login(&mut self, state: &SecretHash) -> StoreResult<()>;
    /// Deletes the begun sign-ins over a connection; answers how many.
    fn delete_logins_over(&mut self, connection: ConnectionId) -> StoreResult<u64>;
    /// Stores an id that is taken once; `false` when the connection has it.
    fn insert_replay(
        &mut self,
        connection: ConnectionId,
        id: &str,
        expires_at: Timestamp,
    ) -> StoreResult<bool>;
}

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

/// Challenges: one a session and purpose, used once.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Challenges {
    /// Stores a challenge in place of the one before it.
    fn put_challenge(&mut self, of: &ChallengeOf, challenge: &Challenge) -> StoreResult<()>;
    /// Takes a challenge away.
    fn take_challenge(&mut self, of: &ChallengeOf) -> StoreResult<Option<Challenge>>;
    /// Takes all challenges of a user away.
    fn delete_challenges_of(&mut self, user: UserId) -> StoreResult<()>;
}

/// Key records: ciphertext and public keys.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait KeyStore {
    /// Moves the user from PENDING to READY and stores the records, if the user is PENDING in the same epoch, active and
    /// not deleted; `false` otherwise.
    fn insert_keys(&mut self, keys: &NewKeys<'_>) -> StoreResult<bool>;
    /// Which request completed the set-up of an epoch.
    fn completed_setup(&mut self, user: UserId, epoch: u64) -> StoreResult<Option<CompletedSetup>>;
    /// The hash of the card of an epoch, also when the rest of that epoch was put aside and destroyed.
    fn card_hash(&mut self, user: UserId, epoch: u64) -> StoreResult<Option<[u8; 32]>>;
    /// Card and latest account state of an epoch.
    fn current_records(&mut self, user: UserId, epoch: u64) -> StoreResult<Option<CurrentRecords>>;
    /// Stores a change if the state that it follows still is the latest of a READY user in this epoch: the new state and
    /// methods in, what they replace out, its tries forgotten; `false` otherwise.
    fn change_keys(&mut self, change: &ProvenChange, now: Timestamp) -> StoreResult<bool>;
    /// Stores a renewal if the state that it follows still is the latest of a READY user in that epoch and its items are
    /// exactly the user's: the new epoch in, the old one out. After `false` the job must fail, for it may have written.
    fn renew_keys(&mut self, renewal: &ProvenRenewal, now: Timestamp) -> StoreResult<bool>;
    /// What the user calls a passkey; `false` when there is no such passkey in the epoch.
    fn name_passkey(
        &mut self,
        user: UserId,
        epoch: u64,
        parameters: &[u8],
        name: &str,
    ) -> StoreResult<bool>;
    /// The methods of an epoch by kind and parameters, without envelopes.
    fn methods(&mut self, user: UserId, epoch: u64) -> StoreResult<Vec<StoredMethod>>;
    /// The envelope of a method, with keyring, card and the states after the remembered one (else the latest).
    fn key_records(
        &mut self,
        user: UserId,
        epoch: u64,
        method: (MethodKind, &[u8]),
        after_sequence: Option<u64>,
    ) -> StoreResult<Option<KeyRecords>>;
    /// The tries of a method.
    fn tries(&mut self, user: UserId, kind: MethodKind) -> StoreResult<Option<Tries>>;
    /// Stores the tries of a method if their version still is `expected`; `false` otherwise.
    fn put_tries(
        &mut self,
        user: UserId,
        kind: MethodKind,
        tries: &Tries,
        expected: u64,
    ) -> StoreResult<bool>;
    /// The failures since the last success over all methods, set back to none.
    fn take_failures(&mut self, user: UserId) -> StoreResult<u64>;
}

/// Requests for a RESET, and what was put aside by one.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Resets {
    /// Stores a request; `false` when one of the user waits.
    fn insert_reset(&mut self, reset: &Reset) -> StoreResult<bool>;
    /// Marks requests of the user expired whose time is over.
    fn expire_resets_of(&mut self, user: UserId, now: Timestamp) -> StoreResult<()>;
    /// When the user asked after this time, oldest first.
    fn resets_asked_since(&mut self, user: UserId, since: Timestamp)
    -> StoreResult<Vec<Timestamp>>;
    /// A request of the organization.
    fn reset(&mut self, organization: OrganizationId, id: ResetId) -> StoreResult<Option<Reset>>;
    /// The user's last request.
    fn last_reset_of(&mut self, user: UserId) -> StoreResult<Option<Reset>>;
    /// The user's request that waits at this time.
    fn open_reset_of(&mut self, user: UserId, now: Timestamp) -> StoreResult<Option<Reset>>;
    /// The requests of users of the organization, active and not deleted, that wait at this time, oldest first.
    fn open_resets(
        &mut self,
        organization: OrganizationId,
        now: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<OpenReset>>;
    /// Moves a request on, if it still is in this state; `false` otherwise.
    fn settle_reset(
        &mut self,
        id: ResetId,
        from: ResetState,
        to: ResetState,
        at: Timestamp,
    ) -> StoreResult<bool>;
    /// Moves the user from READY in the epoch of the request to PENDING in the next one, if the user is so, active and
    /// not deleted;
    /// `false` otherwise. Items are put aside with the records of their epoch, reserved ones go, and tries begin anew.
    fn put_keys_aside(&mut self, reset: &Reset, at: Timestamp) -> StoreResult<bool>;
    /// The approved request whose epoch is the one before that in which the user is PENDING, if what it put aside is
    /// there.
    fn reset_to_undo(
        &mut self,
        organization: OrganizationId,
        user: UserId,
    ) -> StoreResult<Option<Reset>>;
    /// Undoes [`put_keys_aside`](Resets::put_keys_aside), if the user still is PENDING in the next epoch; `false`
    /// otherwise.
    fn bring_keys_back(&mut self, reset: &Reset, at: Timestamp) -> StoreResult<bool>;
    /// Requests approved before this time whose epochs are there still.
    fn resets_to_destroy(&mut self, before: Timestamp, limit: u32) -> StoreResult<Vec<Reset>>;
    /// Destroys what a request put aside, but for the hash of the card; `false` when that has been done, or was undone.
    fn destroy_keys_aside(&mut self, reset: &Reset, at: Timestamp) -> StoreResult<bool>;
}

/// What organizations demand of keys.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Policies {
    /// The policy, if it was ever changed.
    fn policy(&mut self, organization: OrganizationId) -> StoreResult<Option<Policy>>;
    /// Stores the policy.
    fn put_policy(
        &mut self,
        organization: OrganizationId,
        policy: &Policy,
        at: Timestamp,
    ) -> StoreResult<()>;
}

/// Vault items: ciphertext.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Items {
    /// Reserves an id; `false` when the user has as many items as the quota allows.
    fn reserve_item(
        &mut self,
        user: UserId,
        item: ItemId,
        quota: ItemQuota,
        at: Timestamp,
    ) -> StoreResult<bool>;
    /// The version and size of a user's item, reserved ones (version 0) too.
    fn item_revision(&mut self, user: UserId, item: ItemId) -> StoreResult<Option<ItemRevision>>;
    /// Changes the user's total size; `false` when it would exceed the quota.
    fn charge_bytes(
        &mut self,
        user: UserId,
        before: u64,
        after: u64,
        quota: ItemQuota,
    ) -> StoreResult<bool>;
    /// Stores an item if its version still is one less; `false` otherwise.
    fn put_item(&mut self, user: UserId, item: &StoredItem) -> StoreResult<bool>;
    /// A user's items, without reserved ones, by id.
    fn items(&mut self, user: UserId) -> StoreResult<Vec<StoredItem>>;
    /// Deletes an item if its version still is `version`; `false` otherwise.
    fn delete_item(&mut self, user: UserId, item: ItemId, version: u64) -> StoreResult<bool>;
}

/// The audit trail.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Events {
    /// Writes an event; with a head, as the next one of its organization's chain.
    fn insert_event(&mut self, event: &RecordedEvent, head: Option<Head>) -> StoreResult<()>;
    /// The head of an organization's chain; [`Head::START`] when there is none.
    fn audit_head(&mut self, organization: OrganizationId) -> StoreResult<Head>;
    /// The events of an organization's chain after this number, in their order.
    fn chained_events(
        &mut self,
        organization: OrganizationId,
        after: u64,
        limit: u32,
    ) -> StoreResult<Vec<Audited>>;
    /// All events of an organization after the one with this id, by id.
    fn audited_events(
        &mut self,
        organization: OrganizationId,
        after: &str,
        limit: u32,
    ) -> StoreResult<Vec<Audited>>;
    /// Events of an organization before the one with this id, or the last ones, newest first, with names.
    fn told_events(
        &mut self,
        organization: OrganizationId,
        before: Option<&str>,
        limit: u32,
    ) -> StoreResult<Vec<Told>>;
    /// The events of an organization after the given one, oldest first.
    fn events(
        &mut self,
        organization: OrganizationId,
        after: Option<&EventId>,
        limit: u32,
    ) -> StoreResult<Vec<RecordedEvent>>;
}

/// What is done on a timer.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait Housekeeping {
    /// Deletes rows whose time is over, at most `limit` of each kind.
    fn delete_expired(&mut self, now: Timestamp, limit: u32) -> StoreResult<Collected>;
    /// Users deleted before `before` whose records are still there.
    fn users_to_purge(
        &mut self,
        before: Timestamp,
        limit: u32,
    ) -> StoreResult<Vec<(OrganizationId, UserId)>>;
    /// Destroys key records, items, what was put aside, and personal data of a deleted user; the id stays taken.
    fn purge_user(&mut self, user: UserId, at: Timestamp) -> StoreResult<()>;
}

/// People and groups as admins look at them, and how far people have come.
#[expect(clippy::missing_errors_doc, reason = "every method fails as the database does")]
pub trait People {
    /// A part of what one way finds, in its order.
    fn people(&mut self, organization: OrganizationId, part: &Part<'_>) -> StoreResult<Vec<Found>>;
    /// How many people these ways find together, at most `limit`.
    fn count_people(
        &mut self,
        organization: OrganizationId,
        query: &Query,
        ways: &[Way],
        limit: u64,
    ) -> StoreResult<u64>;
    /// A user of the organization, deleted ones too unless they are purged.
    fn listed_person(
        &mut self,
        organization: OrganizationId,
        id: UserId,
    ) -> StoreResult<Option<Listed>>;
    /// To which person of an identity provider an account belongs.
    fn claim_of(&mut self, user: UserId) -> StoreResult<Option<Claim>>;
    /// The roles that were given to a user.
    fn grants_of(&mut self, user: UserId) -> StoreResult<Vec<(Grant, Timestamp)>>;
    /// The groups that a user is a direct member of, by name.
    fn memberships_of(&mut self, user: UserId) -> StoreResult<Vec<Membership>>;
    /// Notes that a user has signed in.
    fn note_sign_in(&mut self, user: UserId, at: Timestamp) -> StoreResult<()>;
    /// Notes that a PENDING user began to set up, unless that is noted of the keys to come.
    fn note_setup_begun(&mut self, user: UserId, at: Timestamp) -> StoreResult<()>;
    /// Notes that a sign-in was refused that concerns a user.
    fn note_refused_sign_in(&mut self, user: UserId, at: Timestamp, code: &str) -> StoreResult<()>;
    /// The groups of the organization by name, after the one with this folded name.
    fn listed_groups(
        &mut self,
        organization: OrganizationId,
        search: Option<&GroupSearch>,
        after: &str,
        limit: u64,
    ) -> StoreResult<Vec<ListedGroup>>;
    /// One group of the organization.
    fn listed_group(
        &mut self,
        organization: OrganizationId,
        id: GroupId,
    ) -> StoreResult<Option<ListedGroup>>;
    /// How many direct members of a group are active users, and how many are groups.
    fn count_kinds_of_members(&mut self, group: GroupId) -> StoreResult<(u64, u64)>;
    /// The direct members of a group by id, after this one.
    fn listed_members(
        &mut self,
        group: GroupId,
        after: &str,
        limit: u64,
    ) -> StoreResult<Vec<ListedMember>>;
}
