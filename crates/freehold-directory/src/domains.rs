//! Domains of an organization: whoever types an e-mail address of one is led to the organization's sign-in.
//!
//! A domain only chooses where to sign in, and only once the organization has proven by a DNS record that it is its own.
//! It never matches an account: who signs in is what the connection's provider says, by subject ([`crate::login`]).

use std::fmt;
use std::time::Duration;

use freehold_wire::ids::{ConnectionId, OrganizationId};
use freehold_wire::time::Timestamp;
use rand_core::CryptoRng;
use url::Host;

use crate::authority::Mandate;
use crate::connections::{self, ConnectionError};
use crate::events::{Event, EventKind};
use crate::store::Store;
use crate::store_error::StoreError;
use crate::text::{Slug, TextError};

/// How often a verified domain is looked up again.
pub const CHECK_EVERY: Duration = Duration::from_secs(86_400);
/// How long those look-ups may fail before the domain counts as unverified: an outage of DNS locks nobody out.
pub const GRACE: Duration = Duration::from_secs(7 * 86_400);
/// Domains to look up in one round.
const BATCH: u32 = 50;
/// Most domains of one organization: every verified one is looked up once a day, by one server for all organizations.
pub const MOST: usize = 100;
/// Where the record stands, below the domain.
const LABEL: &str = "_freehold-challenge";
/// What the record begins with.
const PREFIX: &str = "freehold-domain-verification=";
/// RFC 1035 §2.3.4: a name has 255 octets, which are 253 characters; the label and its dot stand before ours.
const LONGEST_NAME: usize = 253 - LABEL.len() - 1;
/// Longer texts are not looked at.
const LONGEST_TYPED: usize = 1_000;

/// A DNS name in the form that is compared: ASCII, small letters, two labels or more.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DomainName(String);

impl DomainName {
    /// Parses a name as people type it; other alphabets become ASCII (UTS #46).
    ///
    /// # Errors
    /// Addresses of machines, single labels, anything that is no host name or too long for the record below it.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let refuse = |rule| Err(TextError::new("the domain", rule));
        if text.is_empty() || text.len() > LONGEST_TYPED {
            return refuse("must have 1 to 233 characters");
        }
        // `Host` decodes escapes, as stand in URLs; a domain has none.
        let name = match (text.contains('%'), Host::parse(text)) {
            (false, Ok(Host::Domain(name))) => name,
            (false, Ok(Host::Ipv4(_) | Host::Ipv6(_))) => return refuse("is an IP address"),
            (true, _) | (false, Err(_)) => return refuse("is not a domain name"),
        };
        if name.len() > LONGEST_NAME {
            return refuse("must have 1 to 233 characters");
        }
        if !name.contains('.') {
            return refuse("has no dot; write it in full, as in acme.example");
        }
        if !name.split('.').all(|label| Slug::parse(label).is_ok()) {
            return refuse("is not a domain name");
        }
        Ok(Self(name))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the record that proves control.
    pub fn record_name(&self) -> String {
        format!("{LABEL}.{self}")
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the record has to say: 160 random bits, so that no other record says it by chance. No secret: it is published.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Challenge(String);

impl Challenge {
    fn make(rng: &mut dyn CryptoRng) -> Self {
        let mut random = [0u8; 20];
        rng.fill_bytes(&mut random);
        let digits = random.iter().map(|byte| format!("{byte:02x}"));
        Self(format!("{PREFIX}{}", digits.collect::<String>()))
    }

    /// Takes a challenge as the database holds it.
    pub fn from_text(text: String) -> Self {
        Self(text)
    }

    /// The text of the record.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a domain leads anywhere.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DomainState {
    /// Its record was not seen yet, or is gone for long.
    Unverified,
    /// Its record was seen.
    Verified {
        /// When first.
        since: Timestamp,
        /// Since when it is not seen any more.
        failing_since: Option<Timestamp>,
    },
}

/// A domain of an organization.
#[derive(Clone, Debug)]
pub struct Domain {
    /// Whose it is.
    pub organization: OrganizationId,
    /// The domain.
    pub name: DomainName,
    /// Where its people sign in; without one, where the organization's people do.
    pub connection: Option<ConnectionId>,
    /// What its record has to say.
    pub challenge: Challenge,
    /// When it was added.
    pub created_at: Timestamp,
    /// Whether it leads anywhere.
    pub state: DomainState,
}

impl Domain {
    /// The proof of control, if one of these TXT records below the domain is the one that was asked for.
    pub fn prove(&self, records: &[String]) -> Option<ProvenDomain> {
        records.contains(&self.challenge.0).then(|| ProvenDomain {
            organization: self.organization,
            name: self.name.clone(),
            challenge: self.challenge.clone(),
        })
    }
}

/// A domain whose record was seen: only [`Domain::prove`] makes one.
#[derive(Clone, Debug)]
pub struct ProvenDomain {
    organization: OrganizationId,
    name: DomainName,
    challenge: Challenge,
}

impl ProvenDomain {
    /// Whose it is.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The domain.
    pub fn name(&self) -> &DomainName {
        &self.name
    }

    /// What the record said.
    pub fn challenge(&self) -> &Challenge {
        &self.challenge
    }
}

/// Why a command on a domain was not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DomainError {
    /// The organization has as many domains as it may have.
    #[error("the organization has {MOST} domains, and more are not possible; remove one first")]
    TooMany,
    /// The organization has this domain.
    #[error("the organization has this domain already")]
    Known,
    /// The organization does not have this domain.
    #[error("the organization has no such domain")]
    Unknown,
    /// Another organization has proven control of it before.
    #[error("another organization has verified this domain")]
    Taken,
    /// The connection that was named is not there.
    #[error("the organization has no such connection")]
    UnknownConnection,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds a domain, which leads nowhere before it is verified.
///
/// # Errors
/// [`DomainError::Known`], [`DomainError::TooMany`], [`DomainError::UnknownConnection`].
pub fn add(
    store: &mut dyn Store,
    mandate: Mandate,
    name: DomainName,
    connection: Option<&str>,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Domain, DomainError> {
    let organization = mandate.organization();
    let connection = match connection {
        Some(name) => Some(connection_named(store, organization, name)?),
        None => None,
    };
    if store.domains(organization)?.len() >= MOST {
        return Err(DomainError::TooMany);
    }
    let challenge = Challenge::make(rng);
    let state = DomainState::Unverified;
    let domain = Domain { organization, name, connection, challenge, created_at: now, state };
    if !store.insert_domain(&domain)? {
        return Err(DomainError::Known);
    }
    tell(EventKind::DomainAdded, organization, &domain.name).by(mandate).record(store, now, rng)?;
    Ok(domain)
}

fn connection_named(
    store: &mut dyn Store,
    organization: OrganizationId,
    name: &str,
) -> Result<ConnectionId, DomainError> {
    match connections::choose(store, organization, Some(name)) {
        Ok(connection) => Ok(connection.id),
        Err(ConnectionError::Store(error)) => Err(error.into()),
        Err(_) => Err(DomainError::UnknownConnection),
    }
}

/// The name of a domain is in DNS for all to see: it may stand in the audit trail.
fn tell(kind: EventKind, organization: OrganizationId, name: &DomainName) -> Event {
    Event::new(kind, organization).detail(name.as_str())
}

/// A domain of the organization.
///
/// # Errors
/// [`DomainError::Unknown`].
pub fn get(
    store: &mut dyn Store,
    organization: OrganizationId,
    name: &DomainName,
) -> Result<Domain, DomainError> {
    store.domain(organization, name)?.ok_or(DomainError::Unknown)
}

/// The domains of an organization by name.
///
/// # Errors
/// A failing database.
pub fn list(
    store: &mut dyn Store,
    organization: OrganizationId,
) -> Result<Vec<Domain>, StoreError> {
    store.domains(organization)
}

/// Takes a domain away: it leads nowhere from now on, and another organization may verify it.
///
/// # Errors
/// [`DomainError::Unknown`].
pub fn remove(
    store: &mut dyn Store,
    mandate: Mandate,
    name: &DomainName,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), DomainError> {
    let organization = mandate.organization();
    if !store.delete_domain(organization, name)? {
        return Err(DomainError::Unknown);
    }
    Ok(tell(EventKind::DomainRemoved, organization, name).by(mandate).record(store, now, rng)?)
}

/// Marks a domain verified. The first organization that proves control has it.
///
/// # Errors
/// [`DomainError::Taken`]; [`DomainError::Unknown`] when it was removed meanwhile.
pub fn verify(
    store: &mut dyn Store,
    mandate: Mandate,
    proven: &ProvenDomain,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), DomainError> {
    let before = get(store, mandate.organization(), &proven.name)?;
    if before.organization != proven.organization {
        return Err(DomainError::Unknown);
    }
    if store.domain_holder(&proven.name)?.is_some_and(|holder| holder != proven.organization) {
        return Err(DomainError::Taken);
    }
    let confirmed = store.confirm_domain(proven, now, now.plus(CHECK_EVERY));
    if !confirmed.map_err(taken_meanwhile)? {
        return Err(DomainError::Unknown);
    }
    if before.state == DomainState::Unverified {
        tell(EventKind::DomainVerified, proven.organization, &proven.name)
            .by(mandate)
            .record(store, now, rng)?;
    }
    Ok(())
}

/// The index has the last word when two organizations verify at once.
fn taken_meanwhile(error: StoreError) -> DomainError {
    match error {
        StoreError::Conflict { .. } => DomainError::Taken,
        other => other.into(),
    }
}

/// Takes the verified domains that are to be looked up again, some at a time. Nobody else gets them for a day.
///
/// # Errors
/// A failing database.
pub fn take_due(store: &mut dyn Store, now: Timestamp) -> Result<Vec<Domain>, StoreError> {
    store.take_due_domains(now, now.plus(CHECK_EVERY), BATCH)
}

/// What became of a domain that was looked up again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Checked {
    /// Its record is there, or the domain was changed meanwhile.
    Well,
    /// Its record was not seen; the domain still leads on.
    Failing,
    /// It was not seen for so long that the domain is unverified from now on.
    Lapsed,
}

/// Keeps a domain whose record is there; notes one whose record is not, and marks it unverified in the end. `found` is
/// what [`Domain::prove`] says; a look-up without an answer proves nothing either.
///
/// # Errors
/// A failing database.
pub fn checked(
    store: &mut dyn Store,
    domain: &Domain,
    found: Option<&ProvenDomain>,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<Checked, StoreError> {
    let DomainState::Verified { failing_since, .. } = domain.state else {
        return Ok(Checked::Well);
    };
    let (kind, outcome, done) = match (found, failing_since) {
        (Some(_), None) => return Ok(Checked::Well),
        (Some(proven), Some(_)) => {
            store.confirm_domain(proven, now, now.plus(CHECK_EVERY))?;
            return Ok(Checked::Well);
        }
        (None, None) => {
            (EventKind::DomainFailing, Checked::Failing, store.mark_domain_failing(domain, now)?)
        }
        (None, Some(since)) if since.plus(GRACE) <= now => {
            (EventKind::DomainLapsed, Checked::Lapsed, store.mark_domain_unverified(domain)?)
        }
        (None, Some(_)) => return Ok(Checked::Failing),
    };
    if !done {
        return Ok(Checked::Well);
    }
    tell(kind, domain.organization, &domain.name).record(store, now, rng)?;
    Ok(outcome)
}

/// Where somebody signs in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Realm {
    /// The organization, which has a connection.
    pub organization: Slug,
    /// The connection, where the domain names one.
    pub connection: Option<Slug>,
}

/// Where somebody signs in who types this: an e-mail address of a verified domain, the domain, or the short name of an
/// organization. All that leads nowhere takes the same single look-up.
///
/// # Errors
/// A failing database.
pub fn realm(store: &mut dyn Store, typed: &str) -> Result<Option<Realm>, StoreError> {
    let typed = typed.trim();
    // RFC 5321 §4.1.2: a local part in quotes may hold an @ too; the domain follows the last.
    let (is_domain, name) = match typed.rsplit_once('@') {
        Some((_, domain)) => (true, domain),
        None => (typed.contains('.'), typed),
    };
    if is_domain {
        return match DomainName::parse(name) {
            Ok(domain) => store.realm_of_domain(&domain),
            Err(_) => Ok(None),
        };
    }
    match Slug::parse(&name.to_lowercase()) {
        Ok(slug) => store.realm_of_organization(&slug),
        Err(_) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::Counter;

    #[test]
    fn a_domain_is_compared_in_small_ascii_letters() {
        for (typed, name) in [
            ("acme.test", "acme.test"),
            ("ACME.Test", "acme.test"),
            ("mail.acme-2.test", "mail.acme-2.test"),
            ("Bücher.example", "xn--bcher-kva.example"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("ａｃｍｅ。test", "acme.test"),
        ] {
            assert_eq!(DomainName::parse(typed).unwrap().as_str(), name, "{typed}");
        }
    }

    #[test]
    fn what_is_no_domain_of_two_labels_is_refused() {
        let long_label = format!("{}.test", "a".repeat(64));
        let long = format!("{}test", "a.".repeat(115)); // 234 characters
        let very_long = "a.".repeat(10_000);
        for bad in [
            "",
            "acme",
            "localhost",
            ".test",
            "acme.",
            "acme.test.",
            "acme..test",
            "192.0.2.1",
            "0x7f.1",
            "[2001:db8::1]",
            "2001:db8::1",
            "acme test",
            "acme.test/x",
            "acme.test:80",
            "ann@acme.test",
            "acme%2etest",
            "_dmarc.acme.test",
            "-acme.test",
            "*.acme.test",
            "acme.te\u{0}st",
            "xn--\u{80}.test",
            &long_label,
            &long,
            &very_long,
        ] {
            assert!(DomainName::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_longest_domain_leaves_room_for_its_record() {
        let longest = format!("{}tests", "a.".repeat(114));
        assert_eq!(DomainName::parse(&longest).unwrap().record_name().len(), 253);
    }

    #[test]
    fn only_the_very_record_proves_control() {
        let mut rng = Counter::new(1);
        let at = Timestamp::from_millis(1);
        let domain = |rng: &mut Counter| Domain {
            organization: OrganizationId::make(at, rng),
            name: DomainName::parse("acme.test").unwrap(),
            connection: None,
            challenge: Challenge::make(rng),
            created_at: at,
            state: DomainState::Unverified,
        };
        let (ours, other) = (domain(&mut rng), domain(&mut rng));
        let text = ours.challenge.as_str();
        assert_eq!(text.len(), PREFIX.len() + 40);
        assert_eq!(ours.name.record_name(), "_freehold-challenge.acme.test");
        let among_others = [String::from("v=spf1 -all"), text.to_owned()];
        assert!(ours.prove(&among_others).is_some());
        assert!(other.prove(&among_others).is_none());
        for near in ["", PREFIX, &text.to_uppercase(), &format!("{text} "), &text[1..]] {
            assert!(ours.prove(&[near.to_owned()]).is_none(), "{near:?}");
        }
    }
}
