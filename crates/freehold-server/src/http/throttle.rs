//! How often somebody may ask something that costs, or that is a guess. Each server counts for itself.

use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use freehold_directory::Timestamp;

/// A bucket for each who asks: `burst` requests at once, then one every `each`.
pub struct Throttle<K = Customer> {
    burst: u32,
    each: Duration,
    buckets: Mutex<HashMap<K, Bucket>>,
}

struct Bucket {
    /// Time saved up, of which each request takes `each`.
    saved: Duration,
    at: Timestamp,
}

/// Buckets to remember before full ones are forgotten.
const REMEMBERED: usize = 50_000;

impl<K: Eq + Hash> Throttle<K> {
    /// A throttle with full buckets.
    #[must_use]
    pub fn new(burst: u32, each: Duration) -> Self {
        Self { burst, each, buckets: Mutex::default() }
    }

    /// Takes one request from a bucket; false when it is empty.
    pub fn admits(&self, who: impl Into<K>, now: Timestamp) -> bool {
        self.take(who, now).is_ok()
    }

    /// Takes one request from a bucket, or says how long to wait for one.
    ///
    /// # Errors
    /// The bucket is empty.
    pub fn take(&self, who: impl Into<K>, now: Timestamp) -> Result<(), Duration> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= REMEMBERED {
            buckets.retain(|_, bucket| self.saved(bucket, now) < self.full());
        }
        if buckets.len() >= REMEMBERED {
            // Far more at once than there are people: the throttle would only cost memory.
            return Err(self.each);
        }
        let bucket = buckets.entry(who.into()).or_insert(Bucket { saved: self.full(), at: now });
        (bucket.saved, bucket.at) = (self.saved(bucket, now), now);
        let left = bucket.saved.checked_sub(self.each);
        bucket.saved = left.ok_or(self.each.saturating_sub(bucket.saved))?;
        Ok(())
    }

    /// Puts a request back: it was one that does not count.
    pub fn give_back(&self, who: impl Into<K>) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(&who.into()) {
            bucket.saved = bucket.saved.saturating_add(self.each).min(self.full());
        }
    }

    fn full(&self) -> Duration {
        self.each.saturating_mul(self.burst)
    }

    fn saved(&self, bucket: &Bucket, now: Timestamp) -> Duration {
        bucket.saved.saturating_add(now.since(bucket.at)).min(self.full())
    }
}

/// Whom an address belongs to: one customer of IPv6 has a whole /64.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Customer(IpAddr);

impl From<IpAddr> for Customer {
    fn from(address: IpAddr) -> Self {
        Self(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::{net::IpAddr, time::Duration};

    use freehold_directory::Timestamp;

    use super::{REMEMBERED, Throttle};

    const SECOND: Duration = Duration::from_secs(1);

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn who_asks_too_often_waits_and_others_do_not() {
        let throttle: Throttle = Throttle::new(2, SECOND);
        let start = Timestamp::from_millis(1_000_000);
        let one = ip("192.0.2.1");
        assert!(throttle.admits(one, start) && throttle.admits(one, start));
        assert!(!throttle.admits(one, start));
        assert!(throttle.admits(ip("192.0.2.2"), start));
        assert!(throttle.admits(one, start.plus(SECOND)));
        assert!(!throttle.admits(one, start.plus(SECOND)));
    }

    #[test]
    fn who_has_waited_as_long_as_told_may_ask() {
        let throttle: Throttle = Throttle::new(1, SECOND);
        let start = Timestamp::from_millis(1_000_000);
        let one = ip("192.0.2.1");
        assert_eq!(throttle.take(one, start), Ok(()));
        assert_eq!(throttle.take(one, start), Err(SECOND));
        let later = start.plus(Duration::from_millis(400));
        let left = Duration::from_millis(600);
        assert_eq!(throttle.take(one, later), Err(left));
        assert_eq!(throttle.take(one, later.plus(left)), Ok(()));
    }

    #[test]
    fn what_is_given_back_can_be_taken_again_and_no_more() {
        let throttle: Throttle = Throttle::new(1, SECOND);
        let (now, one) = (Timestamp::from_millis(0), ip("192.0.2.1"));
        for _ in 0..3 {
            assert!(throttle.admits(one, now));
            throttle.give_back(one);
            throttle.give_back(one);
        }
        assert!(throttle.admits(one, now) && !throttle.admits(one, now));
    }

    #[test]
    fn of_very_many_at_once_one_more_waits_until_others_are_forgotten() {
        let throttle: Throttle<usize> = Throttle::new(1, SECOND);
        let now = Timestamp::from_millis(0);
        assert!((0..REMEMBERED).all(|who| throttle.admits(who, now)));
        assert_eq!(throttle.take(REMEMBERED, now), Err(SECOND));
        assert!(throttle.admits(REMEMBERED, now.plus(SECOND)));
    }

    #[test]
    fn a_network_of_ipv6_is_one_customer() {
        let throttle: Throttle = Throttle::new(1, SECOND);
        let now = Timestamp::from_millis(0);
        assert!(throttle.admits(ip("2001:db8::1"), now));
        assert!(!throttle.admits(ip("2001:db8::2"), now));
        assert!(throttle.admits(ip("2001:db8:0:1::1"), now));
    }
}
