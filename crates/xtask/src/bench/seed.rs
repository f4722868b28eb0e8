//! The users and groups that are there before something is measured.

use std::fmt::Write as _;
use std::io::Error;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::http::{Client, Endpoint, text_of};
use crate::problem::Problem;
use crate::steps::{Steps, now};

/// Connections that create users side by side.
const HANDS: usize = 32;

/// A user that exists.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seeded {
    pub name: String,
    pub id: String,
    pub external_id: String,
}

/// Creating users ends after this long, however many there are.
const LIMIT: Duration = Duration::from_secs(100);

/// Creates users until there are `wanted`, with names that count on, or until the time is up.
pub fn users(
    steps: &Steps,
    endpoint: &Endpoint,
    there: &mut Vec<Seeded>,
    wanted: usize,
) -> Result<(), Problem> {
    if there.len() >= wanted {
        return Ok(());
    }
    let step = steps.begin(format!("create users up to {wanted}"));
    let began = now();
    let next = AtomicUsize::new(there.len());
    let made: Mutex<Vec<Result<Seeded, Error>>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..HANDS {
            scope.spawn(|| create_some(endpoint, &next, wanted, &made));
        }
        while next.load(Ordering::Relaxed) < wanted {
            step.alive(&format!("{}", next.load(Ordering::Relaxed)));
            thread::sleep(Duration::from_millis(50));
            if began.elapsed() > LIMIT {
                next.store(wanted, Ordering::Relaxed);
            }
        }
    });
    let made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    let made: Result<Vec<Seeded>, Error> = made.into_iter().collect();
    let Ok(mut made) = made.inspect_err(|error| steps.say(&error.to_string())) else {
        step.failed();
        return Err(Problem::new(format!("{} did not take the users", endpoint.url())));
    };
    made.sort();
    there.append(&mut made);
    let short = there.len() < wanted;
    step.done_with(&if short { format!("only {} in time", there.len()) } else { String::new() });
    Ok(())
}

fn create_some(
    endpoint: &Endpoint,
    next: &AtomicUsize,
    wanted: usize,
    made: &Mutex<Vec<Result<Seeded, Error>>>,
) {
    let mut client = Client::new(endpoint);
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= wanted {
            return;
        }
        let seeded = create(&mut client, number);
        let failed = seeded.is_err();
        made.lock().unwrap_or_else(PoisonError::into_inner).push(seeded);
        if failed {
            // One answer is enough to know.
            next.store(wanted, Ordering::Relaxed);
        }
    }
}

fn create(client: &mut Client, number: usize) -> Result<Seeded, Error> {
    let name = format!("seed-{number:06}@example.com");
    let external_id = guid(number);
    let answer = client.send("POST", "/Users", &user(&name, &external_id, number))?;
    let body = answer.good("a create")?;
    let id = text_of(&body, "id").ok_or_else(|| Error::other("a created user has no id"))?;
    Ok(Seeded { name, id: id.to_owned(), external_id })
}

/// A user as Microsoft Entra sends it.
pub fn user(name: &str, external_id: &str, number: usize) -> String {
    format!(
        r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"externalId":"{external_id}","userName":"{name}","active":true,"displayName":"Lee Anna {number}","emails":[{{"primary":true,"type":"work","value":"{name}"}}],"meta":{{"resourceType":"User"}},"name":{{"formatted":"Anna Lee","familyName":"Lee","givenName":"Anna"}},"roles":[],"title":"Engineer","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{{"employeeNumber":"{number}","department":"Research"}}}}"#
    )
}

/// A GUID that looks random and is the same for the same number.
pub fn guid(number: usize) -> String {
    // The finalizer of SplitMix64, twice.
    let mix = |mut x: u64| {
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    };
    let high = mix((number as u64).wrapping_add(0x9e37_79b9_7f4a_7c15));
    let low = mix(high);
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}

/// Writes the users down for the scripts of wrk.
pub fn write(users: &[Seeded], file: &Path) -> Result<(), Problem> {
    let mut text = String::new();
    for Seeded { name, id, external_id } in users {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{id}\t{name}\t{external_id}");
    }
    Ok(std::fs::write(file, text)?)
}

/// Creates empty groups; nothing when the server has none.
pub fn groups(endpoint: &Endpoint, names: &[String]) -> Result<Option<Vec<String>>, Error> {
    let mut client = Client::new(endpoint);
    if matches!(client.send("GET", "/Groups?count=1", "")?.status, 404 | 501) {
        return Ok(None);
    }
    let create = |name: &String| {
        let body = format!(
            r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"{name}","externalId":"{name}","members":[]}}"#
        );
        let body = client.send("POST", "/Groups", &body)?.good("a create of a group")?;
        let id = text_of(&body, "id").ok_or_else(|| Error::other("a created group has no id"))?;
        Ok(id.to_owned())
    };
    names.iter().map(create).collect::<Result<_, Error>>().map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_have_their_form_and_differ() {
        assert_eq!(guid(1).len(), 36);
        assert_eq!(guid(1), guid(1));
        let all: std::collections::HashSet<String> = (0..1000).map(guid).collect();
        assert_eq!(all.len(), 1000);
    }
}
