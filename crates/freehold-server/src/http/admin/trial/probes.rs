//! What Entra and Okta ask when their administrators press *Test Connection*, and what follows; and what to make of the
//! answers. Nothing here changes anything: whoever is asked for is nobody, and the token only reads.

use rand_core::CryptoRng;
use serde_json::Value;

use super::{Asker, Outcome, Step, found::Found, way::Heard};
use crate::http::{App, scim};

/// Takes the place of an id that is drawn for each trial: no cache on the way can have an answer ready.
const NOBODY: &str = "NOBODY";

/// An id that nobody has: a random UUID (RFC 9562 §5.4).
pub(super) fn nobody(rng: &mut dyn CryptoRng) -> String {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    let digits = format!("{:032x}", u128::from_be_bytes(bytes));
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!("{}-{}-4{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

/// One request and what the answer has to be.
pub(super) struct Probe {
    name: &'static str,
    client: Asker,
    pub(super) method: &'static str,
    /// Path below the base URL, with its query; [`NOBODY`] stands for somebody who does not exist.
    target: &'static str,
    pub(super) body: Option<&'static str>,
    pub(super) shows_token: bool,
    wants: Wants,
}

enum Wants {
    /// 401 with this server's challenge.
    ToBeAskedForAToken,
    /// The document that this server sends, to the byte.
    TheConfiguration,
    /// A list of nobody: 200, never 404.
    EmptyList,
    /// A list with its numbers.
    List,
    /// The refusal to write, which only this server can give.
    ToHearThatItOnlyReads,
}

const fn get(name: &'static str, client: Asker, target: &'static str, wants: Wants) -> Probe {
    Probe { name, client, method: "GET", target, body: None, shows_token: true, wants }
}

const fn write(
    name: &'static str,
    client: Asker,
    method: &'static str,
    body: Option<&'static str>,
) -> Probe {
    let target = "/Users/NOBODY";
    let wants = Wants::ToHearThatItOnlyReads;
    Probe { name, client, method, target, body, shows_token: true, wants }
}

const PATCH: &str = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"active","value":"True"}]}"#;
const PUT: &str = r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"nobody","active":true}"#;

/// In this order; the first two decide whether the rest is asked.
pub(super) const PROBES: &[Probe] = &[
    Probe {
        name: "reach",
        client: Asker::Every,
        method: "GET",
        target: "/ServiceProviderConfig",
        body: None,
        shows_token: false,
        wants: Wants::ToBeAskedForAToken,
    },
    get("token", Asker::Every, "/ServiceProviderConfig", Wants::TheConfiguration),
    get(
        "user-by-user-name",
        Asker::Entra,
        "/Users?filter=userName+eq+%22NOBODY%22",
        Wants::EmptyList,
    ),
    get(
        "user-by-external-id",
        Asker::Entra,
        "/Users?filter=externalId+eq+%22NOBODY%22",
        Wants::EmptyList,
    ),
    get(
        "user-by-mail",
        Asker::Entra,
        "/Users?filter=emails%5Btype+eq+%22work%22%5D.value+eq+%22NOBODY%22",
        Wants::EmptyList,
    ),
    get(
        "group-by-name",
        Asker::Entra,
        "/Groups?excludedAttributes=members&filter=displayName+eq+%22NOBODY%22",
        Wants::EmptyList,
    ),
    get("schemas", Asker::Entra, "/Schemas", Wants::List),
    write("change", Asker::Entra, "PATCH", Some(PATCH)),
    write("delete", Asker::Entra, "DELETE", None),
    get(
        "user-by-user-name",
        Asker::Okta,
        "/Users?filter=userName%20eq%20%22NOBODY%22&startIndex=1&count=100",
        Wants::EmptyList,
    ),
    get("import", Asker::Okta, "/Users?startIndex=1&count=1", Wants::List),
    get(
        "group-by-name",
        Asker::Okta,
        "/Groups?filter=displayName%20eq%20%22NOBODY%22&startIndex=1&count=100",
        Wants::EmptyList,
    ),
    write("replace", Asker::Okta, "PUT", Some(PUT)),
];

impl Probe {
    /// Whether nothing else needs to be asked when this is not green.
    pub(super) fn is_decisive(&self) -> bool {
        self.client == Asker::Every
    }

    /// Path below the base URL, with its query, in a trial in which this is nobody.
    pub(super) fn target(&self, nobody: &str) -> String {
        self.target.replace(NOBODY, nobody)
    }

    /// The step of the report for an answer, if one came.
    pub(super) fn step(&self, target: &str, found: Found, heard: Option<&Heard>) -> Step {
        let outcome = match found {
            Found::AsExpected => Outcome::Green,
            Found::NotAsked => Outcome::Skipped,
            _ => Outcome::Failed,
        };
        let request = format!("{} {}{target}", self.method, scim::BASE);
        let (name, client) = (self.name, self.client);
        let status = heard.map(|heard| heard.status);
        let detail = heard.and_then(|heard| heard.detail(found));
        Step { name, client, request, outcome, found, status, detail }
    }

    /// What an answer means.
    pub(super) fn judge(&self, heard: &Heard, app: &App) -> Found {
        if self.is_met(heard, app) {
            return Found::AsExpected;
        }
        let is_ours = is_scim(heard);
        match heard.status {
            300..=399 => Found::Redirected,
            401 if !is_ours => Found::OtherLogin,
            // Nothing was shown, and yet the challenge is another one.
            401 if !self.shows_token => Found::BodyChanged,
            401 if heard.challenge.contains("invalid_token") => Found::OtherInstallation,
            401 => Found::AuthorizationStripped,
            403 if is_ours && says(heard, scim::OFF) => Found::ScimOff,
            404 => Found::PathRewritten,
            405 | 501 => Found::MethodRefused,
            429 => Found::TooOften,
            502..=504 => Found::Unavailable,
            500..=599 => Found::ServerError,
            400..=499 => Found::KeptBack,
            200..=299 if is_ours => Found::BodyChanged,
            _ => Found::NotScim,
        }
    }

    fn is_met(&self, heard: &Heard, app: &App) -> bool {
        if !is_scim(heard) {
            return false;
        }
        match self.wants {
            Wants::ToBeAskedForAToken => heard.status == 401 && heard.challenge == scim::NO_TOKEN,
            Wants::TheConfiguration => {
                heard.status == 200 && heard.body == scim::configuration(app).into_bytes()
            }
            Wants::EmptyList => heard.status == 200 && total(heard) == Some(0),
            Wants::List => heard.status == 200 && total(heard).is_some(),
            Wants::ToHearThatItOnlyReads => heard.status == 403 && says(heard, scim::ONLY_READS),
        }
    }
}

fn is_scim(heard: &Heard) -> bool {
    let kind = heard.content_type.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/scim+json")
}

fn says(heard: &Heard, detail: &str) -> bool {
    let error: Option<Value> = serde_json::from_slice(&heard.body).ok();
    error.as_ref().and_then(|error| error.get("detail")).and_then(Value::as_str) == Some(detail)
}

/// The number of results of a list (RFC 7644 §3.4.2), if it is one.
fn total(heard: &Heard) -> Option<u64> {
    const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
    let list: Value = serde_json::from_slice(&heard.body).ok()?;
    let schemas = list.get("schemas")?.as_array()?;
    schemas.iter().any(|schema| schema == LIST).then_some(())?;
    list.get("totalResults")?.as_u64()
}
