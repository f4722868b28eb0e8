//! From the body of a bulk request to operations.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::error::ScimError;
use crate::filter::short;
use crate::schema::{Catalog, ResourceType, urn};
use crate::user::check_schemas;
use crate::{json, limits};

/// The operations of a bulk request, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkRequest {
    /// After how many errors to stop; never, if the client does not say.
    pub fail_on_errors: Option<u64>,
    /// What to do.
    pub operations: Vec<BulkOperation>,
}

/// One operation: what the answer repeats of it, and what it does.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkOperation {
    /// The method as it was sent.
    pub method: String,
    /// The client's name for the resource that the operation makes.
    pub bulk_id: Option<String>,
    /// What to do, or why it cannot be read. RFC 7644 §3.7: the other operations are carried out
    /// whatever becomes of this one.
    pub action: Result<Action, ScimError>,
}

/// What an operation does.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// The method.
    pub method: Method,
    /// The type of the resource.
    pub kind: &'static ResourceType,
    /// Which resource.
    pub target: Target,
    /// The version it must have, as in `If-Match`.
    pub version: Option<String>,
    /// The body of a POST, PUT or PATCH.
    pub data: Option<Value>,
}

/// The methods of a bulk operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Create.
    Post,
    /// Replace.
    Put,
    /// Change.
    Patch,
    /// Delete.
    Delete,
}

/// The resource of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A new one.
    New,
    /// The one with this id.
    Id(String),
    /// The one that the operation with this bulkId makes: `/Users/bulkId:qwerty`.
    Made(String),
}

impl Method {
    const ALL: [(&'static str, Self); 4] = [
        ("POST", Self::Post),
        ("PUT", Self::Put),
        ("PATCH", Self::Patch),
        ("DELETE", Self::Delete),
    ];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, it)| *it == self).map_or("", |(name, _)| name)
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, it)| *it)
    }
}

impl BulkRequest {
    /// Reads the body of a bulk request.
    ///
    /// # Errors
    /// 413 naming `maxPayloadSize` or `maxOperations` for a request over that limit,
    /// `invalidSyntax` for what is no BulkRequest and for a bulkId that is given twice. A fault in
    /// one operation is its [`BulkOperation::action`].
    pub fn parse(body: &[u8], catalog: &Catalog) -> Result<Self, ScimError> {
        let limit = limits::BULK_BYTES;
        if body.len() > limit {
            // RFC 7644 §3.7.4: the answer names the limit; this is the RFC's own text.
            return Err(ScimError::too_large(format!(
                "The size of the bulk operation exceeds the maxPayloadSize ({limit})."
            )));
        }
        Self::from_value(json::parse(body)?, catalog)
    }

    fn from_value(value: Value, catalog: &Catalog) -> Result<Self, ScimError> {
        let Value::Object(mut map) = value else {
            return Err(ScimError::invalid_syntax("The body must be a JSON object."));
        };
        check_schemas(&map, urn::BULK_REQUEST)?;
        let Some(Value::Array(list)) = take(&mut map, "Operations") else {
            return Err(ScimError::invalid_syntax("Operations must be a list."));
        };
        check_count(list.len())?;
        let fail_on_errors = fail_on_errors(take(&mut map, "failOnErrors"))?;
        let read = |value| operation(value, catalog);
        let operations = list.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        check_unique(&operations)?;
        Ok(Self { fail_on_errors, operations })
    }
}

/// RFC 7644 §3.7.4.
fn check_count(count: usize) -> Result<(), ScimError> {
    let limit = limits::BULK_OPERATIONS;
    if count <= limit {
        return Ok(());
    }
    Err(ScimError::too_large(format!(
        "The number of operations exceeds the maxOperations ({limit})."
    )))
}

/// RFC 7644 §3.7.2: a bulkId is "unique within a bulk request"; what refers to one of two would
/// mean either.
fn check_unique(operations: &[BulkOperation]) -> Result<(), ScimError> {
    let mut seen = HashSet::new();
    let mut ids = operations.iter().filter_map(|operation| operation.bulk_id.as_deref());
    match ids.find(|id| !seen.insert(*id)) {
        None => Ok(()),
        Some(id) => {
            let id = short(id);
            Err(ScimError::invalid_syntax(format!("The bulkId \"{id}\" is given twice.")))
        }
    }
}

fn fail_on_errors(value: Option<Value>) -> Result<Option<u64>, ScimError> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_u64().map(Some).ok_or_else(|| {
            ScimError::invalid_syntax("failOnErrors must be a whole number, not negative.")
        }),
    }
}

fn operation(value: Value, catalog: &Catalog) -> Result<BulkOperation, ScimError> {
    let Value::Object(mut map) = value else {
        return Err(ScimError::invalid_syntax("Operations must be a list of objects."));
    };
    let method = take_text(&mut map, "method").unwrap_or_default();
    let bulk_id = take_text(&mut map, "bulkId");
    let action = action(&method, bulk_id.as_deref(), map, catalog);
    Ok(BulkOperation { method: short(&method), bulk_id, action })
}

fn action(
    method: &str,
    bulk_id: Option<&str>,
    mut map: Map<String, Value>,
    catalog: &Catalog,
) -> Result<Action, ScimError> {
    let method = Method::parse(method)
        .ok_or_else(|| ScimError::invalid_syntax("method must be POST, PUT, PATCH or DELETE."))?;
    if method == Method::Post && bulk_id.is_none() {
        return Err(ScimError::invalid_syntax("A POST in a bulk request must have a bulkId."));
    }
    let path =
        take_text(&mut map, "path").ok_or_else(|| ScimError::invalid_syntax("path is missing."))?;
    let (kind, target) = target(&path, method, catalog)?;
    let data = take(&mut map, "data").filter(|data| !data.is_null()).map(|data| match data {
        // RFC 7644 §3.7.3 prints the operations of a PATCH by themselves.
        Value::Array(list) if method == Method::Patch => json!({ "Operations": list }),
        data => data,
    });
    if data.is_none() && method != Method::Delete {
        let method = method.name();
        return Err(ScimError::invalid_syntax(format!("A {method} must have data.")));
    }
    Ok(Action { method, kind, target, version: take_text(&mut map, "version"), data })
}

/// RFC 7644 §3.7: the path is that of the type for a POST and that of a resource otherwise.
fn target(
    path: &str,
    method: Method,
    catalog: &Catalog,
) -> Result<(&'static ResourceType, Target), ScimError> {
    let path = path.trim().trim_start_matches('/').trim_end_matches('/');
    let (endpoint, id) = match path.split_once('/') {
        Some((endpoint, id)) => (endpoint, Some(id)),
        None => (path, None),
    };
    let kind = catalog.by_endpoint(&format!("/{endpoint}")).ok_or_else(ScimError::not_found)?;
    let target = match id {
        None => Target::New,
        Some(id) => match id.strip_prefix(super::references::PREFIX) {
            Some(bulk_id) => Target::Made(bulk_id.to_owned()),
            None => Target::Id(id.to_owned()),
        },
    };
    match (method == Method::Post, target == Target::New) {
        (true, false) => Err(ScimError::invalid_syntax("The path of a POST must end in its type.")),
        (false, true) => Err(ScimError::invalid_syntax("The path must name a resource.")),
        _ => Ok((kind, target)),
    }
}

/// RFC 7643 §2.1: attribute names are case-insensitive, those of messages too.
fn take(map: &mut Map<String, Value>, wanted: &str) -> Option<Value> {
    let key = map.keys().find(|key| key.eq_ignore_ascii_case(wanted))?.clone();
    map.remove(&key)
}

fn take_text(map: &mut Map<String, Value>, wanted: &str) -> Option<String> {
    match take(map, wanted)? {
        Value::String(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}
