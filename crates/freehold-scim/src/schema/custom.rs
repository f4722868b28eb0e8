//! The operator's own schemas and resource types, from a file in the form of RFC 7643 §6 and §7.
//!
//! ```json
//! { "schemas": [ .. ], "resourceTypes": [ .. ] }
//! ```
//!
//! A resource type named `User` or `Group` adds its `schemaExtensions` to that type; any other one
//! is a type of its own. Every fault is named with its place and what to do, for the file is
//! written by hand.

use super::{
    Attribute, Catalog, ENTERPRISE_USER, Extension, GROUP, Mutability, ResourceType, Returned,
    Schema, Type, USER, Uniqueness, named,
};
use crate::{json, limits};

mod node;

use node::{Node, leak};

/// Paths below the base URL that are not free for types.
const RESERVED_ENDPOINTS: &[&str] =
    &["Users", "Groups", "Bulk", "Me", "Schemas", "ResourceTypes", "ServiceProviderConfig"];
/// Names that are not free for types.
const RESERVED_TYPES: &[&str] = &["Schema", "ResourceType", "ServiceProviderConfig"];
/// RFC 7643 §10: these are IANA's to give.
const RESERVED_URN: &str = "urn:ietf:params:scim:";
/// Longest name of a type, a schema or an attribute.
const NAME_BYTES: usize = 200;

/// What is wrong, as a sentence.
type Fault = String;

impl Catalog {
    /// Reads the operator's file, once, when the server starts.
    ///
    /// What it describes is leaked: filters, paths and documents hold references to attributes as
    /// long as they live, which for the schemas of the RFC are static, and one file is read once.
    ///
    /// # Errors
    /// The first fault, as a sentence with its place in the file and what to do.
    pub fn parse(file: &[u8]) -> Result<Self, String> {
        let value =
            json::parse(file).map_err(|error| error.detail.replace("The body", "The file"))?;
        let file = Node::of(&value, "The file".to_owned())?;
        file.only(&["schemas", "resourceTypes"])?;
        let schemas = read_schemas(&file)?;
        let mut catalog = Self::default();
        for node in file.nodes("resourceTypes", "resourceTypes", "name")? {
            add_type(&mut catalog, &node, &schemas)?;
        }
        check_used(&catalog, &schemas)?;
        check_references(&catalog)?;
        Ok(catalog)
    }
}

fn read_schemas(file: &Node<'_>) -> Result<Vec<&'static Schema>, Fault> {
    let mut schemas: Vec<&'static Schema> = Vec::new();
    for node in file.nodes("schemas", "schemas", "id")? {
        let schema = read_schema(&node)?;
        if schemas.iter().any(|other| other.id.eq_ignore_ascii_case(schema.id)) {
            return Err(node.fault("is there twice; remove one of the two"));
        }
        schemas.push(schema);
    }
    Ok(schemas)
}

fn read_schema(node: &Node<'_>) -> Result<&'static Schema, Fault> {
    node.only(&["schemas", "id", "name", "description", "attributes", "meta"])?;
    let id = node.required_text("id")?;
    check_urn(id).map_err(|why| node.fault(&why))?;
    let name = node.text("name")?.unwrap_or_else(|| id.rsplit(':').next().unwrap_or(id));
    let attributes = read_attributes(node, "attributes", None)?;
    if attributes.is_empty() {
        return Err(node.fault("has no attributes; list at least one under \"attributes\""));
    }
    Ok(Box::leak(Box::new(Schema {
        id: leak(id),
        name: leak(name),
        description: leak(node.text("description")?.unwrap_or_default()),
        attributes,
    })))
}

/// RFC 8141 §2, without what a path of RFC 7644 §3.10 cannot hold.
fn check_urn(id: &str) -> Result<(), Fault> {
    let lower = id.to_ascii_lowercase();
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte);
    let parts: Vec<&str> = id.split(':').collect();
    let is_urn = lower.starts_with("urn:")
        && parts.len() >= 3
        && parts.iter().all(|part| !part.is_empty())
        && id.len() <= NAME_BYTES
        && id.bytes().all(allowed);
    if !is_urn {
        return Err("is no URN; use one such as urn:example:params:scim:schemas:badge:2.0:User, \
                    of letters, digits and - . _ between the colons"
            .to_owned());
    }
    if lower.starts_with(RESERVED_URN) {
        return Err(format!(
            "begins with {RESERVED_URN}, which is the RFC's; use a URN of your own"
        ));
    }
    Ok(())
}

/// The attributes under a key; `parent` is the complex attribute they are parts of.
fn read_attributes(
    node: &Node<'_>,
    key: &str,
    parent: Option<&str>,
) -> Result<&'static [Attribute], Fault> {
    let mut attributes: Vec<Attribute> = Vec::new();
    for node in node.nodes(key, &format!("{}.{key}", node.at), "name")? {
        let attribute = read_attribute(&node, parent)?;
        if attributes.iter().any(|other| other.name.eq_ignore_ascii_case(attribute.name)) {
            return Err(node.fault("is there twice, in whatever case; remove one of the two"));
        }
        attributes.push(attribute);
    }
    Ok(Box::leak(attributes.into_boxed_slice()))
}

const ATTRIBUTE_KEYS: &[&str] = &[
    "name",
    "type",
    "multiValued",
    "description",
    "required",
    "canonicalValues",
    "caseExact",
    "mutability",
    "returned",
    "uniqueness",
    "referenceTypes",
    "subAttributes",
];

/// The defaults are those of RFC 7643 §2.2.
fn read_attribute(node: &Node<'_>, parent: Option<&str>) -> Result<Attribute, Fault> {
    node.only(ATTRIBUTE_KEYS)?;
    let name = node.required_text("name")?;
    check_name(name, parent).map_err(|why| node.fault(&why))?;
    let kind = node.keyword("type", Type::ALL, Type::name)?.unwrap_or(Type::String);
    if kind == Type::Complex && parent.is_some() {
        // RFC 7643 §2.3.8.
        return Err(node.fault("is complex inside a complex attribute; use simple sub-attributes"));
    }
    let mutability = node.keyword("mutability", Mutability::ALL, Mutability::name)?;
    let mutability = mutability.unwrap_or(Mutability::ReadWrite);
    // RFC 7643 §2.3.6 and §2.3.7: binaries and references are case-exact.
    let exact = matches!(kind, Type::Binary | Type::Reference);
    let unset =
        if mutability == Mutability::WriteOnly { Returned::Never } else { Returned::Default };
    let attribute = Attribute {
        kind,
        multi_valued: node.flag("multiValued")?.unwrap_or(false),
        required: node.flag("required")?.unwrap_or(false),
        case_exact: exact || node.flag("caseExact")?.unwrap_or(false),
        mutability,
        returned: node.keyword("returned", Returned::ALL, Returned::name)?.unwrap_or(unset),
        uniqueness: node
            .keyword("uniqueness", Uniqueness::ALL, Uniqueness::name)?
            .unwrap_or(Uniqueness::None),
        canonical_values: node.texts("canonicalValues")?,
        reference_types: reference_types(node, kind)?,
        sub_attributes: sub_attributes(node, kind, name)?,
        ..Attribute::string(leak(name), leak(node.text("description")?.unwrap_or_default()))
    };
    check_sense(&attribute, parent).map_err(|why| node.fault(why))?;
    Ok(attribute)
}

/// RFC 7643 §2.1 and figure 1.
fn check_name(name: &str, parent: Option<&str>) -> Result<(), Fault> {
    if parent.is_some() && name == "$ref" {
        return Ok(());
    }
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if !starts || !name.bytes().all(allowed) || name.len() > NAME_BYTES {
        return Err(
            "is no name of an attribute; use a letter, then letters, digits, - and _".into()
        );
    }
    let keyword = |word: &&str| name.eq_ignore_ascii_case(word);
    if ["and", "or", "not", "pr"].iter().any(keyword) {
        return Err("is a word of the filter language; choose another name".into());
    }
    if parent.is_none() && named(super::COMMON, name).is_some() {
        return Err(
            "is an attribute that every resource has (RFC 7643 \u{a7}3.1); choose another \
                    name"
                .into(),
        );
    }
    Ok(())
}

fn reference_types(node: &Node<'_>, kind: Type) -> Result<&'static [&'static str], Fault> {
    let types = node.texts("referenceTypes")?;
    match (kind, types) {
        (Type::Reference, []) => Ok(&["uri"]),
        (Type::Reference, types) => Ok(types),
        (_, []) => Ok(&[]),
        _ => Err(node.fault("has referenceTypes and is no reference; remove them")),
    }
}

fn sub_attributes(node: &Node<'_>, kind: Type, name: &str) -> Result<&'static [Attribute], Fault> {
    let parts = read_attributes(node, "subAttributes", Some(name))?;
    match (kind == Type::Complex, parts.is_empty()) {
        (true, true) => Err(node.fault("is complex; list its parts under \"subAttributes\"")),
        (false, false) => Err(node.fault(
            "has subAttributes and is not complex; set \"type\" to \"complex\" or remove them",
        )),
        _ => Ok(parts),
    }
}

/// Characteristics that contradict each other, or that this server cannot keep.
fn check_sense(attribute: &Attribute, parent: Option<&str>) -> Result<(), &'static str> {
    let simple = parent.is_none() && !attribute.multi_valued;
    let comparable = !matches!(attribute.kind, Type::Complex | Type::Boolean | Type::Binary);
    match attribute {
        Attribute { uniqueness: Uniqueness::Global, .. } => Err(
            "is unique globally, over all organizations, which is not kept; set \"uniqueness\" to \
             \"server\"",
        ),
        Attribute { uniqueness: Uniqueness::Server, .. } if !simple || !comparable => {
            Err("is unique and is not a single text, number, date or reference at the top of its \
             schema; set \"uniqueness\" to \"none\"")
        }
        Attribute { mutability: Mutability::WriteOnly, returned, .. }
            if *returned != Returned::Never =>
        {
            // RFC 7643 §2.2.
            Err("is writeOnly and returned; set \"returned\" to \"never\"")
        }
        Attribute { mutability: Mutability::ReadOnly, required: true, .. } => {
            Err("is required and readOnly, so nobody can set it; remove one of the two")
        }
        Attribute { mutability: Mutability::WriteOnly, required: true, .. } => Err(
            "is required and writeOnly, and what is writeOnly is not stored; use \"readWrite\" with \
             \"returned\": \"never\"",
        ),
        _ => Ok(()),
    }
}

fn add_type(
    catalog: &mut Catalog,
    node: &Node<'_>,
    schemas: &[&'static Schema],
) -> Result<(), Fault> {
    let keys =
        ["schemas", "id", "name", "endpoint", "description", "schema", "schemaExtensions", "meta"];
    node.only(&keys)?;
    let name = node.required_text("name")?;
    let core = match name {
        "User" => &mut catalog.user,
        "Group" => &mut catalog.group,
        _ => {
            let own = own_type(catalog, node, name, schemas)?;
            catalog.others.push(own);
            return Ok(());
        }
    };
    for (key, expected) in [("endpoint", core.endpoint), ("schema", core.schema.id)] {
        if node.text(key)?.is_some_and(|text| !text.eq_ignore_ascii_case(expected)) {
            return Err(node.fault(&format!("keeps its {key}; set it to {expected} or remove it")));
        }
    }
    if **core != USER && **core != GROUP {
        return Err(node.fault("is there twice; put all its schemaExtensions into one"));
    }
    let extensions = read_extensions(node, core.schema, core.extensions, schemas)?;
    *core = Box::leak(Box::new(ResourceType { extensions, ..**core }));
    Ok(())
}

fn own_type(
    catalog: &Catalog,
    node: &Node<'_>,
    name: &str,
    schemas: &[&'static Schema],
) -> Result<&'static ResourceType, Fault> {
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && name.len() <= NAME_BYTES;
    if !is_name {
        return Err(node.fault("is no name of a type; use a letter, then letters and digits"));
    }
    let same = |other: &str| other.eq_ignore_ascii_case(name);
    if RESERVED_TYPES.iter().any(|it| same(it)) || catalog.types().any(|kind| same(kind.name)) {
        return Err(node.fault("has a name that is taken, in whatever case; choose another one"));
    }
    let endpoint = node.required_text("endpoint")?;
    check_endpoint(endpoint, catalog).map_err(|why| node.fault(&why))?;
    let id = node.required_text("schema")?;
    let schema = find(schemas, id).ok_or_else(|| unknown_schema(node, id))?;
    Ok(Box::leak(Box::new(ResourceType {
        name: leak(name),
        endpoint: leak(endpoint),
        description: leak(node.text("description")?.unwrap_or_default()),
        schema,
        extensions: read_extensions(node, schema, &[], schemas)?,
        body_bytes: limits::USER_BODY_BYTES,
    })))
}

fn check_endpoint(endpoint: &str, catalog: &Catalog) -> Result<(), Fault> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let segment = endpoint.strip_prefix('/').unwrap_or_default();
    if segment.is_empty() || segment.len() > NAME_BYTES || !segment.bytes().all(allowed) {
        return Err("has an endpoint that is none; use one such as /Devices".to_owned());
    }
    let taken = RESERVED_ENDPOINTS.iter().any(|it| it.eq_ignore_ascii_case(segment))
        || catalog.types().any(|kind| kind.endpoint.eq_ignore_ascii_case(endpoint));
    if taken {
        return Err(format!("has the endpoint {endpoint}, which is taken; choose another one"));
    }
    Ok(())
}

/// The extensions of a type: those it has, with those of the file. One that it has already may be
/// made required.
fn read_extensions(
    node: &Node<'_>,
    core: &Schema,
    present: &[Extension],
    schemas: &[&'static Schema],
) -> Result<&'static [Extension], Fault> {
    let mut extensions = present.to_vec();
    let mut seen: Vec<&str> = Vec::new();
    let at = format!("{}.schemaExtensions", node.at);
    for node in node.nodes("schemaExtensions", &at, "schema")? {
        node.only(&["schema", "required"])?;
        let id = node.required_text("schema")?;
        let schema = find(schemas, id)
            .or_else(|| find(&[&ENTERPRISE_USER], id))
            .ok_or_else(|| unknown_schema(&node, id))?;
        if schema.id == core.id || seen.contains(&schema.id) {
            return Err(node.fault("is a schema of this type already; remove it"));
        }
        seen.push(schema.id);
        let required = node.flag("required")?.unwrap_or(false);
        match extensions.iter_mut().find(|extension| extension.schema.id == schema.id) {
            Some(known) => known.required = required,
            None => extensions.push(Extension { schema, required }),
        }
    }
    Ok(Box::leak(extensions.into_boxed_slice()))
}

fn find(schemas: &[&'static Schema], id: &str) -> Option<&'static Schema> {
    schemas.iter().copied().find(|schema| schema.id.eq_ignore_ascii_case(id))
}

fn unknown_schema(node: &Node<'_>, id: &str) -> Fault {
    node.fault(&format!("names the schema {id}, which is not in \"schemas\"; add it there"))
}

/// A schema that no type has is most likely a type that was forgotten.
fn check_used(catalog: &Catalog, schemas: &[&'static Schema]) -> Result<(), Fault> {
    let used =
        |id: &str| catalog.types().any(|kind| kind.schema.id == id || kind.extension(id).is_some());
    match schemas.iter().find(|schema| !used(schema.id)) {
        None => Ok(()),
        Some(unused) => Err(format!(
            "The schema {} belongs to no resource type; name it in \"resourceTypes\" or remove it.",
            unused.id
        )),
    }
}

/// RFC 7643 §7: a reference points at a type of this server, at something outside, or at a URI.
fn check_references(catalog: &Catalog) -> Result<(), Fault> {
    let is_known =
        |name: &str| ["external", "uri"].contains(&name) || catalog.by_name(name).is_some();
    let schemas = catalog
        .types()
        .flat_map(|kind| std::iter::once(kind.schema).chain(kind.extension_schemas()));
    for schema in schemas {
        let attributes = schema.attributes.iter();
        let all = attributes.flat_map(|it| std::iter::once(it).chain(it.sub_attributes));
        for attribute in all {
            if let Some(unknown) = attribute.reference_types.iter().find(|it| !is_known(it)) {
                return Err(format!(
                    "The attribute {} of {} refers to {unknown}, which is no resource type; use \
                     the name of one, \"external\" or \"uri\".",
                    attribute.name, schema.id
                ));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
