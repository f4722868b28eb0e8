//! Requests at a steady pace, whatever the server does: the open loop that wrk does not have.
//!
//! Each request has its moment, and its latency counts from that moment. A server that stalls is
//! charged for the requests that should have been sent meanwhile.

use std::io::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::http::{Client, Endpoint};
use super::seed::{self, Seeded};
use crate::steps::{Steps, now};

/// Connections that take the requests in turns.
const HANDS: usize = 16;
/// The first requests fill caches and are not counted.
const WARM_UP: Duration = Duration::from_secs(1);
/// A request that is so late counts as failed, unsent: the server has no hope to catch up.
const PATIENCE: Duration = Duration::from_secs(20);

/// The steady mix.
pub struct Mix<'m> {
    pub users: &'m [Seeded],
    /// Groups to push members into; empty where the server has none.
    pub groups: &'m [String],
    pub per_second: u32,
    pub seconds: u32,
}

/// Latencies in milliseconds.
pub struct Latency {
    pub p50: f64,
    pub p99: f64,
    pub failed: usize,
}

pub fn run(steps: &Steps, name: &str, endpoint: &Endpoint, mix: &Mix<'_>) -> Option<Latency> {
    let step = steps.begin(name);
    let total = (mix.per_second * mix.seconds) as usize;
    let next = AtomicUsize::new(0);
    let taken: Mutex<Vec<Option<Duration>>> = Mutex::new(Vec::with_capacity(total));
    let start = now();
    thread::scope(|scope| {
        for _ in 0..HANDS {
            scope.spawn(|| {
                let mut client = Client::new(endpoint);
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= total {
                        return;
                    }
                    let due = Duration::from_secs(1) * number as u32 / mix.per_second;
                    thread::sleep(due.saturating_sub(start.elapsed()));
                    let lost = start.elapsed() > due + PATIENCE;
                    let good = !lost && send(&mut client, mix, number).is_ok_and(|good| good);
                    let latency = start.elapsed().saturating_sub(due);
                    if due >= WARM_UP || !good {
                        let latency = good.then_some(latency);
                        let mut taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
                        taken.push(latency);
                    }
                }
            });
        }
    });
    let taken = taken.into_inner().unwrap_or_else(PoisonError::into_inner);
    let latency = Latency::of(taken);
    match &latency {
        Some(latency) => step.done_with(&format!("p99 {:.1} ms", latency.p99)),
        None => step.failed(),
    }
    latency
}

impl Latency {
    /// Nothing when no request was answered.
    fn of(taken: Vec<Option<Duration>>) -> Option<Self> {
        let asked = taken.len();
        let mut good: Vec<f64> =
            taken.into_iter().flatten().map(|taken| taken.as_secs_f64() * 1e3).collect();
        good.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = (good.len() as f64 * share).ceil() as usize;
            good.get(place.saturating_sub(1)).copied()
        };
        let failed = asked - good.len();
        Some(Self { p50: at(0.5)?, p99: at(0.99)?, failed })
    }
}

/// Of twenty requests: thirteen look-ups, four PATCHes, two creates, one push into a group.
fn send(client: &mut Client, mix: &Mix<'_>, number: usize) -> Result<bool, Error> {
    let pick = |list: &[Seeded]| list.get(number.wrapping_mul(7919) % list.len()).cloned();
    let Some(user) = pick(mix.users) else { return Ok(false) };
    // Interleaved, so that the kinds come evenly.
    let answer = match number.wrapping_mul(7) % 20 {
        0..8 => client.send("GET", &by("externalId", &seed::guid(usize::MAX - number)), "")?,
        8..13 => client.send("GET", &by("userName", &user.name), "")?,
        13..17 => {
            let body = operation(&format!(
                r#"{{"op":"Replace","path":"displayName","value":"Lee Anna {number}"}}"#
            ));
            client.send("PATCH", &format!("/Users/{}", user.id), &body)?
        }
        17..19 => {
            let body = seed::user(
                &format!("pace-{number}@example.com"),
                &seed::guid(usize::MAX / 2 - number),
                number,
            );
            client.send("POST", "/Users", &body)?
        }
        _ => match mix.groups.get(number % mix.groups.len().max(1)) {
            Some(group) => {
                client.send("PATCH", &format!("/Groups/{group}"), &add_members(&[user]))?
            }
            None => client.send("GET", &format!("/Users/{}", user.id), "")?,
        },
    };
    Ok(answer.is_good())
}

fn by(attribute: &str, value: &str) -> String {
    format!("/Users?filter={attribute}+eq+%22{value}%22")
}

fn operation(operation: &str) -> String {
    format!(
        r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{operation}]}}"#
    )
}

/// The PATCH that adds these members, as Microsoft Entra writes it.
pub fn add_members(users: &[Seeded]) -> String {
    let members: Vec<String> =
        users.iter().map(|user| format!(r#"{{"$ref":null,"value":"{}"}}"#, user.id)).collect();
    operation(&format!(r#"{{"op":"Add","path":"members","value":[{}]}}"#, members.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_count_only_what_was_answered() {
        let taken = (1..=100).map(|n| Some(Duration::from_millis(n))).chain([None]).collect();
        let latency = Latency::of(taken).unwrap();
        assert_eq!((latency.p50, latency.p99), (50.0, 99.0));
        assert_eq!(latency.failed, 1);
        assert!(Latency::of(vec![None]).is_none());
    }
}
