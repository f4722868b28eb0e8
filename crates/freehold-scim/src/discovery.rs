//! /ServiceProviderConfig, /ResourceTypes and /Schemas: RFC 7643 §5 to §7, RFC 7644 §4.
//!
//! No document holds a null, and the limits of bulk and filter are always there: some clients
//! refuse the one (Entra) or misread the absence of the other (authentik).

use serde_json::{Map, Value, json};

use crate::limits;
use crate::list::list_response;
use crate::schema::{Attribute, Catalog, Extension, ResourceType, SERVICE, Schema, Type, urn};

/// What the server does, and so what it says it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Features {
    /// Whether PATCH is served.
    pub patch: bool,
    /// Whether bulk requests are served, and how large.
    pub bulk: Option<Bulk>,
    /// Whether filters are served, and how many results they give.
    pub filter_max_results: Option<u64>,
    /// Whether lists are paged by cursor, beside paging by index.
    pub cursor: bool,
    /// Whether clients may change passwords.
    pub change_password: bool,
    /// Whether lists are sorted on demand.
    pub sort: bool,
    /// Whether answers carry entity tags and requests are checked by them.
    pub etag: bool,
    /// How clients authenticate; the first is the preferred way.
    pub authentication: &'static [AuthenticationScheme],
}

/// The limits of bulk requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bulk {
    /// Most operations in a request.
    pub max_operations: u64,
    /// Largest body in bytes.
    pub max_payload_size: u64,
}

impl Default for Bulk {
    /// The limits of [`crate::bulk`].
    fn default() -> Self {
        let whole = |limit: usize| u64::try_from(limit).unwrap_or(u64::MAX);
        Self {
            max_operations: whole(limits::BULK_OPERATIONS),
            max_payload_size: whole(limits::BULK_BYTES),
        }
    }
}

/// One way to authenticate (RFC 7643 §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthenticationScheme {
    /// The keyword of the RFC.
    pub kind: &'static str,
    /// A name for people.
    pub name: &'static str,
    /// How it works, for people.
    pub description: &'static str,
    /// Where it is specified.
    pub spec_uri: &'static str,
}

/// The bearer token of RFC 6750.
pub const BEARER_TOKEN: AuthenticationScheme = AuthenticationScheme {
    kind: "oauthbearertoken",
    name: "Bearer token",
    description: "A secret token of the organization in the Authorization header.",
    spec_uri: "https://www.rfc-editor.org/rfc/rfc6750",
};

/// OAuth 2.0, for the client credentials of RFC 6749 §4.4.
pub const OAUTH_CLIENT: AuthenticationScheme = AuthenticationScheme {
    kind: "oauth2",
    name: "OAuth 2.0 client credentials",
    description: "A bearer token for an hour, from /oauth/token for a client id and its secret.",
    spec_uri: "https://www.rfc-editor.org/rfc/rfc6749",
};

impl Default for Features {
    /// PATCH, filters and both ways of paging, by bearer token.
    ///
    /// Entity tags are sent and `If-Match` is honored, but not advertised: once they are, Canaille
    /// (0.3.6) sends its own version as `If-Match` with every PUT, and the 412 that it gets would
    /// keep a deactivation from arriving.
    fn default() -> Self {
        Self {
            patch: true,
            bulk: None,
            filter_max_results: Some(limits::MAX_COUNT),
            cursor: true,
            change_password: false,
            sort: false,
            etag: false,
            authentication: &[BEARER_TOKEN, OAUTH_CLIENT],
        }
    }
}

/// The schemas of all types, each once (an extension may belong to several), and those of the discovery documents.
fn schemas_of(catalog: &Catalog) -> Vec<&'static Schema> {
    let mut found: Vec<&'static Schema> = Vec::new();
    for kind in catalog.types() {
        for schema in std::iter::once(kind.schema).chain(kind.extension_schemas()) {
            if !found.iter().any(|other| other.id == schema.id) {
                found.push(schema);
            }
        }
    }
    found.extend(SERVICE);
    found
}

/// The ServiceProviderConfig (RFC 7643 §5). `base_url` as in [`crate::render::render_user`].
pub fn service_provider_config(features: &Features, base_url: &str) -> Value {
    let supported = |it: bool| json!({ "supported": it });
    let bulk = features.bulk.unwrap_or(Bulk { max_operations: 0, max_payload_size: 0 });
    json!({
        "schemas": [urn::SERVICE_PROVIDER_CONFIG],
        "patch": supported(features.patch),
        "bulk": {
            "supported": features.bulk.is_some(),
            "maxOperations": bulk.max_operations,
            "maxPayloadSize": bulk.max_payload_size,
        },
        "filter": {
            "supported": features.filter_max_results.is_some(),
            "maxResults": features.filter_max_results.unwrap_or(0),
        },
        "changePassword": supported(features.change_password),
        "sort": supported(features.sort),
        "etag": supported(features.etag),
        "pagination": pagination(features),
        "authenticationSchemes": authentication(features),
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": format!("{base_url}/ServiceProviderConfig"),
        },
    })
}

/// RFC 9865 §4. Paging by index stays the default, for every client that knows only RFC 7644
/// (§2.5 of RFC 9865).
fn pagination(features: &Features) -> Value {
    let mut pagination = json!({
        "cursor": features.cursor,
        "index": true,
        "defaultPaginationMethod": "index",
        "defaultPageSize": limits::DEFAULT_COUNT,
        "maxPageSize": limits::MAX_COUNT,
    });
    if let (true, Some(map)) = (features.cursor, pagination.as_object_mut()) {
        map.insert("cursorTimeout".to_owned(), (limits::CURSOR_LIFE_MS / 1_000).into());
    }
    pagination
}

fn authentication(features: &Features) -> Vec<Value> {
    let render = |(index, scheme): (usize, &AuthenticationScheme)| {
        json!({
            "type": scheme.kind,
            "name": scheme.name,
            "description": scheme.description,
            "specUri": scheme.spec_uri,
            "primary": index == 0,
        })
    };
    features.authentication.iter().enumerate().map(render).collect()
}

/// All resource types as a list.
pub fn resource_types(catalog: &Catalog, base_url: &str) -> Value {
    whole_list(catalog.types().map(|kind| render_type(kind, base_url)).collect())
}

/// One resource type by its id, `None` if there is none.
pub fn resource_type(catalog: &Catalog, base_url: &str, id: &str) -> Option<Value> {
    Some(render_type(catalog.by_name(id)?, base_url))
}

fn render_type(kind: &ResourceType, base_url: &str) -> Value {
    let extension = |it: &Extension| json!({ "schema": it.schema.id, "required": it.required });
    json!({
        "schemas": [urn::RESOURCE_TYPE],
        "id": kind.name,
        "name": kind.name,
        "endpoint": kind.endpoint,
        "description": kind.description,
        "schema": kind.schema.id,
        "schemaExtensions": kind.extensions.iter().map(extension).collect::<Vec<_>>(),
        "meta": {
            "resourceType": "ResourceType",
            "location": format!("{base_url}/ResourceTypes/{}", kind.name),
        },
    })
}

/// All schemas as a list.
pub fn schemas(catalog: &Catalog, base_url: &str) -> Value {
    let render = |schema| render_schema(schema, base_url);
    whole_list(schemas_of(catalog).into_iter().map(render).collect())
}

/// One schema by its URN in any case, `None` if there is none.
pub fn schema(catalog: &Catalog, base_url: &str, id: &str) -> Option<Value> {
    let schemas = schemas_of(catalog);
    let schema = schemas.into_iter().find(|schema| schema.id.eq_ignore_ascii_case(id))?;
    Some(render_schema(schema, base_url))
}

fn render_schema(schema: &Schema, base_url: &str) -> Value {
    json!({
        "schemas": [urn::SCHEMA],
        "id": schema.id,
        "name": schema.name,
        "description": schema.description,
        "attributes": schema.attributes.iter().map(render_attribute).collect::<Vec<_>>(),
        "meta": {
            "resourceType": "Schema",
            "location": format!("{base_url}/Schemas/{}", schema.id),
        },
    })
}

fn render_attribute(attribute: &Attribute) -> Value {
    let mut map = Map::new();
    let mut set = |name: &str, value: Value| map.insert(name.to_owned(), value);
    set("name", attribute.name.into());
    set("type", attribute.kind.name().into());
    set("multiValued", attribute.multi_valued.into());
    set("description", attribute.description.into());
    set("required", attribute.required.into());
    set("mutability", attribute.mutability.name().into());
    set("returned", attribute.returned.name().into());
    set("uniqueness", attribute.uniqueness.name().into());
    if attribute.kind == Type::Complex {
        let parts: Vec<Value> = attribute.sub_attributes.iter().map(render_attribute).collect();
        set("subAttributes", parts.into());
    } else {
        set("caseExact", attribute.case_exact.into());
    }
    if !attribute.canonical_values.is_empty() {
        set("canonicalValues", attribute.canonical_values.into());
    }
    if !attribute.reference_types.is_empty() {
        set("referenceTypes", attribute.reference_types.into());
    }
    Value::Object(map)
}

fn whole_list(resources: Vec<Value>) -> Value {
    let total = u64::try_from(resources.len()).unwrap_or(u64::MAX);
    list_response(resources, total, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{ENTERPRISE_USER, GROUP, USER};

    const BASE: &str = "https://keys.example.com/scim/v2";

    static DOOR: ResourceType = ResourceType {
        name: "Door",
        endpoint: "/Doors",
        description: "A door.",
        schema: &Schema { id: "urn:x:Door", name: "Door", description: "A door.", attributes: &[] },
        extensions: &[Extension { schema: &ENTERPRISE_USER, required: true }],
        body_bytes: 1_000,
    };

    fn every_feature() -> Features {
        Features {
            bulk: Some(Bulk { max_operations: 100, max_payload_size: 1_000_000 }),
            sort: true,
            ..Features::default()
        }
    }

    fn has_null(value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Array(list) => list.iter().any(has_null),
            Value::Object(map) => map.values().any(has_null),
            _ => false,
        }
    }

    #[test]
    fn the_configuration_says_what_the_server_does_and_always_has_its_limits() {
        let config = service_provider_config(&Features::default(), BASE);
        for (pointer, expected) in [
            ("/patch/supported", json!(true)),
            ("/bulk", json!({"supported": false, "maxOperations": 0, "maxPayloadSize": 0})),
            ("/filter", json!({"supported": true, "maxResults": limits::MAX_COUNT})),
            ("/changePassword/supported", json!(false)),
            ("/sort/supported", json!(false)),
            ("/etag/supported", json!(false)),
            (
                "/pagination",
                json!({"cursor": true, "index": true, "defaultPaginationMethod": "index",
                       "defaultPageSize": 100, "maxPageSize": 200, "cursorTimeout": 3600}),
            ),
            ("/authenticationSchemes/0/type", json!("oauthbearertoken")),
            ("/authenticationSchemes/0/primary", json!(true)),
            ("/authenticationSchemes/1/type", json!("oauth2")),
            ("/authenticationSchemes/1/primary", json!(false)),
            ("/meta/location", json!(format!("{BASE}/ServiceProviderConfig"))),
        ] {
            assert_eq!(config.pointer(pointer), Some(&expected), "{pointer}");
        }
        let config = service_provider_config(&every_feature(), BASE);
        assert_eq!(config["bulk"]["maxOperations"], 100);
        let by_index = Features { cursor: false, ..Features::default() };
        let pagination = &service_provider_config(&by_index, BASE)["pagination"];
        assert_eq!(pagination["cursor"], false);
        assert!(pagination.get("cursorTimeout").is_none());
    }

    #[test]
    fn no_document_holds_a_null() {
        for features in [Features::default(), every_feature()] {
            assert!(!has_null(&service_provider_config(&features, BASE)));
        }
        assert!(!has_null(&resource_types(&Catalog::default(), BASE)));
        assert!(!has_null(&schemas(&Catalog::default(), BASE)));
    }

    #[test]
    fn every_type_of_the_catalog_is_advertised_with_its_schemas_each_once() {
        let badged_group = ResourceType { extensions: USER.extensions, ..GROUP };
        let badged_group: &'static ResourceType = Box::leak(Box::new(badged_group));
        let catalog = Catalog { group: badged_group, others: vec![&DOOR], ..Catalog::default() };
        assert_eq!(resource_types(&catalog, BASE)["totalResults"], 3);
        assert_eq!(schemas(&catalog, BASE)["totalResults"], 4 + SERVICE.len());
        let door = resource_type(&catalog, BASE, "Door").expect("there");
        assert_eq!(
            door["schemaExtensions"],
            json!([{"schema": urn::ENTERPRISE_USER, "required": true}])
        );
        assert!(schema(&catalog, BASE, DOOR.schema.id).is_some());
        assert!(resource_type(&Catalog::default(), BASE, "Door").is_none());
        assert!(schema(&Catalog::default(), BASE, DOOR.schema.id).is_none());
    }

    /// RFC 7644 §4: /Schemas has all of them, those that the discovery documents name as well. What a document says
    /// of the service stands in its schema.
    #[test]
    fn every_schema_that_a_document_names_is_there_and_has_its_attributes() {
        let catalog = Catalog::default();
        let config = service_provider_config(&every_feature(), BASE);
        let kind = resource_type(&catalog, BASE, "User").expect("there");
        let user = schema(&catalog, BASE, urn::USER).expect("there");
        for document in [config, kind, user] {
            let id = document["schemas"][0].as_str().expect("a URN");
            let told = schema(&catalog, BASE, id).unwrap_or_else(|| panic!("{id} is missing"));
            covers(&told["attributes"], &document);
        }
    }

    /// Every key of an object is an attribute of its schema, and every required attribute a key.
    fn covers(attributes: &Value, object: &Value) {
        let attributes = attributes.as_array().expect("a list");
        let find = |name: &str| attributes.iter().find(|it| it["name"] == name);
        for attribute in attributes.iter().filter(|it| it["required"] == true) {
            let name = attribute["name"].as_str().expect("a name");
            assert!(object.get(name).is_some(), "{name} is missing in {object}");
        }
        for (name, value) in object.as_object().expect("an object") {
            if ["schemas", "meta", "id"].contains(&name.as_str()) {
                continue;
            }
            let attribute = find(name).unwrap_or_else(|| panic!("{name} has no schema"));
            assert_eq!(attribute["multiValued"], value.is_array(), "{name}");
            let one = std::slice::from_ref(value);
            for value in value.as_array().map_or(one, Vec::as_slice) {
                if value.is_object() {
                    covers(&attribute["subAttributes"], value);
                }
            }
        }
    }

    /// Canaille builds its model of users from /Schemas, and fails on what it sends itself when
    /// that is missing there.
    #[test]
    fn the_user_schema_names_what_clients_send_although_it_is_dropped() {
        let user = schema(&Catalog::default(), BASE, urn::USER).expect("there");
        let attributes = user["attributes"].as_array().expect("list");
        let find = |name: &str| attributes.iter().find(|it| it["name"] == name).expect("there");
        assert_eq!(find("password")["mutability"], "writeOnly");
        assert_eq!(find("password")["returned"], "never");
        assert_eq!(find("groups")["mutability"], "readOnly");
    }

    #[test]
    fn a_schema_is_found_by_its_urn_and_describes_attributes_completely() {
        let user = schema(&Catalog::default(), BASE, &urn::USER.to_lowercase()).expect("there");
        let attributes = user["attributes"].as_array().expect("list");
        let user_name = attributes.iter().find(|it| it["name"] == "userName").expect("there");
        assert_eq!(
            *user_name,
            json!({
                "name": "userName", "type": "string", "multiValued": false, "required": true,
                "caseExact": false, "mutability": "readWrite", "returned": "default",
                "uniqueness": "server",
                "description":
                    "The name the person signs in with; unique in the organization, whatever its case.",
            })
        );
        let emails = attributes.iter().find(|it| it["name"] == "emails").expect("there");
        assert_eq!(emails["subAttributes"][2]["canonicalValues"], json!(["work", "home", "other"]));
        assert_eq!(
            resource_type(&Catalog::default(), BASE, "User").expect("there")["schemaExtensions"],
            json!([{"schema": urn::ENTERPRISE_USER, "required": false}])
        );
    }
}
