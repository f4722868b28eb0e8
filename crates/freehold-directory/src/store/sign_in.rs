//! How people are signed in: by which connection, from which domain, who they are there, and what is under way.

use freehold_wire::{ConnectionId, OrganizationId, Timestamp, UserId};

use super::StoreResult;
use crate::connections::{ClientSecret, Connection, StoredCertificate};
use crate::domains::{Domain, DomainName, ProvenDomain, Realm};
use crate::login::{
    AnsweredLogin, ClaimCandidate, NewAnswer, NewIdentity, NewLogin, PendingLogin, SignInTest,
    StoredLogin, SubjectKey,
};
use crate::secret::SecretHash;
use crate::text::Slug;

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
    /// Replaces the client secret of a connection of the organization; `false` when it has no such OpenID connection.
    fn replace_client_secret(
        &mut self,
        organization: OrganizationId,
        id: ConnectionId,
        secret: &ClientSecret,
    ) -> StoreResult<bool>;
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
