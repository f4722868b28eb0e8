//! One provisioning cycle, in the requests that Microsoft Entra sends: Test Connection, then for
//! each person a search, a creation if nobody was found, and an update in Entra's old PATCH shape.
//!
//! Running it again finds the people and updates them.

mod entra;
mod scim;

use std::collections::HashMap;

use serde_json::Value;
use url::Url;

pub use scim::{ProvisionError, Token};

use crate::Surroundings;
use crate::people::{PEOPLE, Person};
use scim::Client;

/// What a cycle did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// People who were not there before.
    pub created: usize,
    /// People who were found.
    pub found: usize,
}

/// Runs one cycle against the SCIM base URL, and says each request as one line.
///
/// # Errors
/// The server cannot be reached, refuses the token, or answers as no SCIM server does.
pub async fn cycle(
    scim_url: &Url,
    token: &Token,
    surroundings: &Surroundings,
    say: &mut dyn FnMut(&str),
) -> Result<Summary, ProvisionError> {
    let mut client = Client::new(scim_url, token, say)?;
    test_connection(&mut client, surroundings).await?;
    let mut ids = HashMap::new();
    let mut summary = Summary::default();
    for person in &PEOPLE {
        let id = match find(&mut client, person).await? {
            Some(id) => {
                summary.found += 1;
                id
            }
            None => {
                summary.created += 1;
                create(&mut client, person).await?
            }
        };
        let manager = person.manager.and_then(|object_id| ids.get(object_id));
        let update = entra::update(person, manager.map(String::as_str));
        let what = format!("update {}", person.display_name);
        client.send("PATCH", &format!("Users/{id}"), None, Some(&update), &what).await?;
        ids.insert(person.object_id, id);
    }
    Ok(summary)
}

/// Entra's Test Connection: somebody who does not exist, and an empty list for an answer.
async fn test_connection(
    client: &mut Client<'_>,
    surroundings: &Surroundings,
) -> Result<(), ProvisionError> {
    let nobody = surroundings.make_guid();
    let filter = entra::filter("userName", &nobody);
    let answer = client.send("GET", "Users", Some(&filter), None, "test the connection").await?;
    match resources(&answer)?.len() {
        0 => Ok(()),
        _ => Err(ProvisionError::NotScim("it found somebody who does not exist")),
    }
}

/// The person's id, found by the object id, else by the user name.
async fn find(client: &mut Client<'_>, person: &Person) -> Result<Option<String>, ProvisionError> {
    for (attribute, value) in [("externalId", person.object_id), ("userName", person.user_name)] {
        let filter = entra::filter(attribute, value);
        let what = format!("find {}", person.display_name);
        let answer = client.send("GET", "Users", Some(&filter), None, &what).await?;
        if let Some(found) = resources(&answer)?.first() {
            return id_of(found).map(Some);
        }
    }
    Ok(None)
}

async fn create(client: &mut Client<'_>, person: &Person) -> Result<String, ProvisionError> {
    let body = entra::creation(person);
    let what = format!("create {}", person.display_name);
    id_of(&client.send("POST", "Users", None, Some(&body), &what).await?)
}

/// RFC 7644 §3.4.2: `Resources` may be missing when nothing was found.
fn resources(answer: &Value) -> Result<&[Value], ProvisionError> {
    match (answer.get("Resources"), answer.get("totalResults").and_then(Value::as_u64)) {
        (Some(Value::Array(resources)), _) => Ok(resources),
        (None, Some(0)) => Ok(&[]),
        _ => Err(ProvisionError::NotScim("it answered a search with something else than a list")),
    }
}

fn id_of(resource: &Value) -> Result<String, ProvisionError> {
    resource
        .get("id")
        .and_then(Value::as_str)
        .filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        .map(str::to_owned)
        .ok_or(ProvisionError::NotScim("a user has no id that fits into an address"))
}
