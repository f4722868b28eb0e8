//! Verified domains are looked up once a day: whoever loses a domain does not keep its sign-in.

use std::time::Duration;

use actix_web::web::Data;
use freehold_directory::{
    StoreError, Timestamp,
    domains::{self, Checked, Domain},
};
use freehold_store::Database;

use crate::{dns::TxtResolver, http::App, system};

/// How often the server looks whether a domain's day is over. A round takes a few domains, one
/// after the other, so that many of them spread over the day.
const EVERY: Duration = Duration::from_secs(5 * 60);

/// Runs until the server stops.
pub async fn run(app: Data<App>, resolver: impl TxtResolver) {
    let mut rounds = tokio::time::interval(EVERY);
    loop {
        rounds.tick().await;
        if let Err(error) = round(&app.database, &resolver, app.now()).await {
            tracing::warn!(%error, "domains were not checked; it is tried again later");
        }
    }
}

async fn round(
    database: &Database,
    resolver: &impl TxtResolver,
    now: Timestamp,
) -> Result<(), StoreError> {
    let due = database.write(move |store| domains::take_due(store, now)).await?;
    for domain in due {
        check(database, resolver, domain, now).await?;
    }
    Ok(())
}

async fn check(
    database: &Database,
    resolver: &impl TxtResolver,
    domain: Domain,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (organization, name) = (domain.organization, domain.name.clone());
    let found = match resolver.txt(&name.record_name()).await {
        Ok(records) => domain.prove(&records),
        Err(error) => {
            tracing::warn!(%organization, domain = %name, %error, "DNS does not answer");
            None
        }
    };
    let outcome = database
        .write(move |store| {
            domains::checked(store, &domain, found.as_ref(), now, &mut system::random())
        })
        .await?;
    match outcome {
        Checked::Well => {}
        Checked::Failing => tracing::warn!(
            %organization, domain = %name, "the record of a verified domain was not found"
        ),
        Checked::Lapsed => tracing::error!(
            %organization, domain = %name,
            "the record of a domain was not found for a week: it is unverified from now on"
        ),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, time::Duration};

    use freehold_directory::{
        OrganizationId, Slug, StoreError, Timestamp,
        authority::Mandate,
        domains::{self, Domain, DomainName, DomainState},
        events::{self, EventKind},
        organizations::{self, OrganizationName},
    };
    use freehold_store::{Database, DatabaseConfig};

    use super::round;
    use crate::{
        dns::{NoAnswer, TxtResolver},
        system,
    };

    const HOUR: Duration = Duration::from_secs(3_600);
    const START: Timestamp = Timestamp::from_millis(1_795_000_000_000);

    /// A resolver that says what the test says, and counts.
    #[derive(Default)]
    struct Said {
        records: RefCell<Option<Vec<String>>>,
        asked: RefCell<usize>,
    }

    impl TxtResolver for Said {
        async fn txt(&self, name: &str) -> Result<Vec<String>, NoAnswer> {
            assert_eq!(name, "_freehold-challenge.acme.test");
            *self.asked.borrow_mut() += 1;
            self.records.borrow().clone().ok_or_else(|| NoAnswer("silence".to_owned()))
        }
    }

    /// A verified domain in a database of its own.
    struct World {
        database: Database,
        organization: OrganizationId,
        record: String,
        resolver: Said,
        _folder: tempfile::TempDir,
    }

    impl World {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}", folder.path().join("x.db").display());
            let database = Database::open(&DatabaseConfig::for_url(&url)).unwrap();
            let domain = database
                .write_blocking(|store| {
                    let rng = &mut system::random();
                    let name = OrganizationName::parse("Acme").unwrap();
                    let slug = Slug::parse("acme").unwrap();
                    let acme = organizations::create(store, slug, name, START, rng).unwrap();
                    let mandate = Mandate::operator(acme.id);
                    let name = DomainName::parse("acme.test").unwrap();
                    let domain = domains::add(store, mandate, name, None, START, rng).unwrap();
                    let proven = domain.prove(&[domain.challenge.as_str().to_owned()]).unwrap();
                    domains::verify(store, mandate, &proven, START, rng).unwrap();
                    Ok::<_, StoreError>(domain)
                })
                .unwrap();
            Self {
                database,
                organization: domain.organization,
                record: domain.challenge.as_str().to_owned(),
                resolver: Said::default(),
                _folder: folder,
            }
        }

        /// Hourly rounds from hour to hour after the start; gives how often DNS was asked.
        fn rounds(&self, hours: std::ops::Range<u32>) -> usize {
            let before = *self.resolver.asked.borrow();
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            for hour in hours {
                let now = START.plus(HOUR * hour);
                runtime.block_on(round(&self.database, &self.resolver, now)).unwrap();
            }
            *self.resolver.asked.borrow() - before
        }

        fn domain(&self) -> Domain {
            let id = self.organization;
            let all = self.database.read_blocking(move |store| domains::list(store, id));
            all.unwrap().remove(0)
        }

        fn is_verified(&self) -> bool {
            self.domain().state != DomainState::Unverified
        }

        fn told(&self) -> Vec<EventKind> {
            let id = self.organization;
            let all = self.database.read_blocking(move |store| events::list(store, id, None, 100));
            all.unwrap().into_iter().skip(3).map(|recorded| recorded.event.kind).collect()
        }
    }

    #[test]
    fn a_verified_domain_is_looked_up_once_a_day() {
        let world = World::new();
        *world.resolver.records.borrow_mut() = Some(vec![world.record.clone()]);
        assert_eq!(world.rounds(0..24), 0);
        assert_eq!(world.rounds(24..24 * 30), 29);
        assert!(world.is_verified());
        assert_eq!(world.told(), []);
    }

    #[test]
    fn a_domain_without_its_record_is_unverified_after_a_week_and_not_before() {
        for said in [None, Some(vec!["another record".to_owned()]), Some(Vec::new())] {
            let world = World::new();
            *world.resolver.records.borrow_mut() = said;
            world.rounds(0..24 * 8);
            assert!(world.is_verified());
            assert_eq!(world.told(), [EventKind::DomainFailing]);
            world.rounds(24 * 8..24 * 9);
            assert!(!world.is_verified());
            assert_eq!(world.told(), [EventKind::DomainFailing, EventKind::DomainLapsed]);
            assert_eq!(world.rounds(24 * 9..24 * 30), 0, "nobody looks any more");
        }
    }

    #[test]
    fn an_outage_that_ends_within_the_week_is_forgotten() {
        let world = World::new();
        world.rounds(0..24 * 7);
        *world.resolver.records.borrow_mut() = Some(vec![world.record.clone()]);
        world.rounds(24 * 7..24 * 9);
        let DomainState::Verified { since, failing_since } = world.domain().state else {
            panic!("it is verified");
        };
        assert_eq!((since, failing_since), (START, None));
        *world.resolver.records.borrow_mut() = None;
        world.rounds(24 * 9..24 * 15);
        assert!(world.is_verified(), "the next outage has a week of its own");
    }
}
