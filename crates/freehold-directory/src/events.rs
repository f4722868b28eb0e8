//! The audit trail: what happened, told by ids, never by names or secrets.

use freehold_wire::ids::{ConnectionId, OrganizationId, TokenId, UserId};
use freehold_wire::time::Timestamp;
use rand_core::CryptoRng;

use crate::audit::Entry;
use crate::authority::Mandate;
use crate::clients::ClientId;
use crate::store::Store;
use crate::store_error::StoreError;

/// An event's id: a UUIDv7 text, so that ids sort by time.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct EventId(String);

impl EventId {
    fn make(now: Timestamp, rng: &mut dyn CryptoRng) -> Self {
        let mut random = [0u8; 10];
        rng.fill_bytes(&mut random);
        let uuid = uuid::Builder::from_unix_timestamp_millis(now.as_millis(), &random).into_uuid();
        Self(uuid.to_string())
    }

    /// Takes an id as the database holds it.
    pub fn from_text(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! kinds {
    ($($(#[$meta:meta])* $name:ident = $text:literal,)*) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        #[non_exhaustive]
        pub enum EventKind { $($(#[$meta])* $name,)* }

        impl EventKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable name, as stored and exported.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The kind of a stable name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

kinds! {
    /// An organization was made.
    OrganizationCreated = "organization.created",
    /// An owner gave an organization another name for people.
    OrganizationRenamed = "organization.renamed",
    /// SCIM was switched on.
    ScimEnabled = "scim.enabled",
    /// SCIM was switched off.
    ScimDisabled = "scim.disabled",
    /// An admin tried the connection for SCIM, with a token of a minute that can only read.
    ScimTried = "scim.tried",
    /// A way to sign in was configured.
    ConnectionAdded = "connection.added",
    /// An admin gave an OpenID connection another client secret.
    ConnectionSecretReplaced = "connection.secret-replaced",
    /// A domain was added; the detail is its name.
    DomainAdded = "domain.added",
    /// Control of a domain was proven; the detail is its name.
    DomainVerified = "domain.verified",
    /// The record of a verified domain was not seen at a check; the detail is its name.
    DomainFailing = "domain.failing",
    /// The record was not seen for so long that the domain is unverified; the detail is its name.
    DomainLapsed = "domain.lapsed",
    /// A domain was removed; the detail is its name.
    DomainRemoved = "domain.removed",
    /// A way to sign in was removed.
    ConnectionRemoved = "connection.removed",
    /// An identity provider's metadata has a new certificate, which does not count yet; the detail is its fingerprint.
    CertificateProposed = "certificate.proposed",
    /// An admin trusts a certificate; the detail is its fingerprint.
    CertificateTrusted = "certificate.trusted",
    /// An admin removed a certificate; the detail is its fingerprint.
    CertificateRemoved = "certificate.removed",
    /// An identity provider ended sessions; the detail says how many.
    LoggedOut = "session.ended-by-provider",
    /// A SCIM token was made.
    TokenCreated = "token.created",
    /// A SCIM token was replaced and ends sooner; the detail is the id of the new one.
    TokenRotated = "token.rotated",
    /// A SCIM token was revoked.
    TokenRevoked = "token.revoked",
    /// A known SCIM token was refused; the detail says why.
    TokenRefused = "token.refused",
    /// A live SCIM token comes near its end; the detail says how near.
    TokenExpiring = "token.expiring",
    /// A SCIM client was made.
    ClientCreated = "client.created",
    /// A SCIM client was revoked.
    ClientRevoked = "client.revoked",
    /// A SCIM client that showed its secret was refused; the detail says why.
    ClientRefused = "client.refused",
    /// A live SCIM client comes near its end; the detail says how near.
    ClientExpiring = "client.expiring",
    /// A user was created by SCIM.
    UserProvisioned = "user.provisioned",
    /// A user signed in for the first time: the account belongs to this person of the identity provider from now on.
    UserClaimed = "user.claimed",
    /// A verified person matched no user; the detail says why.
    ClaimRefused = "user.claim-refused",
    /// A role was given to a user; the detail says which, and by whom.
    RoleGranted = "role.granted",
    /// A role was taken from a user; the detail says which, and by whom.
    RoleRevoked = "role.revoked",
    /// The members of a group are admins from now on; the detail is its id, the user is the owner who did it.
    RoleMapped = "role.mapped",
    /// The members of a group are no admins by it any more; the detail is its id, the user is the owner who did it.
    RoleUnmapped = "role.unmapped",
    /// The operator made a one-time link; without a user, it is for a person who has no account yet.
    AdminLinkCreated = "admin-link.created",
    /// A user came in by a one-time link.
    AdminLinkUsed = "admin-link.used",
    /// A one-time link admitted nobody; the detail says why.
    AdminLinkRefused = "admin-link.refused",
    /// A session began; the detail is its id. Without a connection, it began by a one-time link.
    SessionBegun = "session.begun",
    /// Sessions ended before their time; the detail says which, and by whom.
    SessionEnded = "session.ended",
    /// A person signed in.
    SignedIn = "sign-in",
    /// The identity provider's answer to a sign-in that was begun here did not verify; the detail says why.
    SignInRefused = "sign-in.refused",
    /// An admin tried a connection, which signed nobody in; the detail says how it ended.
    SignInTested = "sign-in.tested",
    /// A user's keys were set up.
    UserReady = "user.ready",
    /// A user's ways to unlock were changed; the detail says which by their types.
    KeysChanged = "keys.changed",
    /// A user made new keys because a secret may be known to others; the detail is the new epoch.
    KeysRenewed = "keys.renewed",
    /// The `externalId` of a user without keys was replaced or removed: the account is no longer for the same person of the
    /// identity provider.
    UserReassigned = "user.reassigned",
    /// A user was set inactive.
    UserSuspended = "user.suspended",
    /// A user was set active again.
    UserRestored = "user.restored",
    /// A user was deleted by SCIM.
    UserDeleted = "user.deleted",
    /// A group was created by SCIM; the detail is its id.
    GroupCreated = "group.created",
    /// A group was deleted by SCIM; the detail is its id.
    GroupDeleted = "group.deleted",
    /// Creates or deletes are held back from now on; the detail says which.
    BrakeEngaged = "brake.engaged",
    /// Many users were set inactive at once.
    BrakeAlarm = "brake.alarm",
    /// An admin let what was held back pass.
    BrakeReleased = "brake.released",
    /// An admin confirmed the first provisioning cycle.
    BrakeConfirmed = "brake.confirmed",
    /// An admin changed the limits; the detail says what they are now.
    BrakeConfigured = "brake.configured",
    /// An unlock was refused because too many tries had failed.
    UnlockRefused = "unlock.refused",
    /// The key material of a deleted user was destroyed after the retention time.
    KeysPurged = "keys.purged",
    /// A deleted user was brought back; the detail says by whom.
    UserUndeleted = "user.undeleted",
    /// A user who lost every way in asked for new keys; the detail is the id of the request.
    ResetRequested = "reset.requested",
    /// The keys of a user were put aside; the detail says by which request, and who approved it.
    ResetApproved = "reset.approved",
    /// A request for new keys was denied; the detail says which, and by whom.
    ResetDenied = "reset.denied",
    /// A request for new keys ended undecided; the detail says which, and by what.
    ResetCancelled = "reset.cancelled",
    /// The keys that were put aside are back; the detail says by which request they were.
    ResetUndone = "reset.undone",
    /// The keys that were put aside were destroyed after the retention time; the detail is the id of the request.
    ResetDestroyed = "reset.destroyed",
    /// What the organization demands of keys was changed; the detail is what it demands now, the user is the owner who
    /// did it.
    PolicyChanged = "policy.changed",
}

impl EventKind {
    /// Whether events of this kind stand in the organization's chain (`docs/decisions/0012-the-audit-chain.md`).
    ///
    /// All do but the one that comes by the ten thousand: a chain has one end, so everything that is chained waits for
    /// everything else. Creates do not, and the provisioning log has a row of each.
    pub fn is_chained(self) -> bool {
        self != Self::UserProvisioned
    }
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// What.
    pub kind: EventKind,
    /// In which organization.
    pub organization: OrganizationId,
    /// To whom.
    pub user: Option<UserId>,
    /// With which token.
    pub token: Option<TokenId>,
    /// With which client.
    pub client: Option<ClientId>,
    /// Over which connection.
    pub connection: Option<ConnectionId>,
    /// A reason, a number or a DNS name, never a person's name or a secret.
    pub detail: Option<String>,
}

impl Event {
    pub(crate) fn new(kind: EventKind, organization: OrganizationId) -> Self {
        Self {
            kind,
            organization,
            user: None,
            token: None,
            client: None,
            connection: None,
            detail: None,
        }
    }

    pub(crate) fn user(mut self, user: UserId) -> Self {
        self.user = Some(user);
        self
    }

    /// For what changes settings and concerns no other person: who did it.
    pub(crate) fn by(mut self, mandate: Mandate) -> Self {
        self.user = mandate.by();
        self
    }

    pub(crate) fn token(mut self, token: TokenId) -> Self {
        self.token = Some(token);
        self
    }

    pub(crate) fn client(mut self, client: ClientId) -> Self {
        self.client = Some(client);
        self
    }

    pub(crate) fn connection(mut self, connection: ConnectionId) -> Self {
        self.connection = Some(connection);
        self
    }

    pub(crate) fn detail(mut self, detail: impl AsRef<str>) -> Self {
        self.detail = Some(shown(detail.as_ref()));
        self
    }

    /// Writes the event in the transaction of what it tells.
    pub(crate) fn record(
        self,
        store: &mut dyn Store,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<(), StoreError> {
        let recorded = RecordedEvent { id: EventId::make(now, rng), at: now, event: self };
        let head = if recorded.event.kind.is_chained() {
            Some(store.audit_head(recorded.event.organization)?.after(&Entry::of(&recorded)))
        } else {
            None
        };
        store.insert_event(&recorded, head)
    }
}

/// The longest detail.
const LONGEST_DETAIL: usize = 300;

/// A reason may quote what a stranger chose: it stays on one line, printable and short.
fn shown(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '?' };
    text.chars().take(LONGEST_DETAIL).map(plain).collect()
}

/// An event with its id and time.
#[derive(Clone, Debug)]
pub struct RecordedEvent {
    /// Its id; ids sort by time.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
}

/// The events of an organization after the given one, oldest first, at most `limit`.
///
/// # Errors
/// A failing database.
pub fn list(
    store: &mut dyn Store,
    organization: OrganizationId,
    after: Option<&EventId>,
    limit: u32,
) -> Result<Vec<RecordedEvent>, StoreError> {
    store.events(organization, after, limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stranger_chose_stays_on_one_short_line() {
        let event = |text: &str| {
            Event::new(EventKind::SignInRefused, OrganizationId::from_bytes([1; 16])).detail(text)
        };
        let forged = "x\r\n{\"kind\":\"sign-in\"}\0\u{1b}[2J\u{202e}\u{2028}";
        let detail = event(forged).detail.unwrap();
        assert_eq!(detail, "x??{\"kind\":\"sign-in\"}??[2J??");
        assert_eq!(event(&"é".repeat(10_000)).detail.unwrap(), "?".repeat(300));
    }
}
