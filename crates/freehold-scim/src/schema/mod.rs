//! The schemas as static data: RFC 7643 §2 (characteristics), §3, §4, §7, §8.
//!
//! [`USER`] and [`GROUP`] are what the RFC has. A [`Catalog`] holds the types an operator really
//! serves: the same with further extensions, and types of their own.
//!
//! What is listed here is stored and given back as it was sent, but `password`, which is dropped,
//! and `groups`, which clients cannot set; nothing else is advertised.

mod catalog;
mod custom;
mod enterprise;
mod group;
mod resolve;
mod service;
mod user;

pub use catalog::Catalog;
pub use enterprise::ENTERPRISE_USER;
pub use group::{GROUP, GROUP_SCHEMA};
pub use resolve::AttributeRef;
pub use service::SERVICE;
pub use user::{USER, USER_SCHEMA};

/// The names of schemas and messages.
pub mod urn {
    /// Core schema of users, RFC 7643 §4.1.
    pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
    /// Core schema of groups, RFC 7643 §4.2.
    pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
    /// Enterprise extension of users, RFC 7643 §4.3.
    pub const ENTERPRISE_USER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    /// RFC 7643 §5.
    pub const SERVICE_PROVIDER_CONFIG: &str =
        "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
    /// RFC 7643 §6.
    pub const RESOURCE_TYPE: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
    /// RFC 7643 §7.
    pub const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";
    /// RFC 7644 §3.4.2.
    pub const LIST_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
    /// RFC 7644 §3.4.3.
    pub const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
    /// RFC 7644 §3.5.2.
    pub const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
    /// RFC 7644 §3.7.
    pub const BULK_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
    /// RFC 7644 §3.7.
    pub const BULK_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
    /// RFC 7644 §3.12.
    pub const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
}

/// The data types of RFC 7643 §2.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// UTF-8 text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A number with a fraction.
    Decimal,
    /// A whole number.
    Integer,
    /// xsd:dateTime.
    DateTime,
    /// Base64 text.
    Binary,
    /// A URI.
    Reference,
    /// An object with sub-attributes.
    Complex,
}

impl Type {
    pub(crate) const ALL: &[Self] = &[
        Self::String,
        Self::Boolean,
        Self::Decimal,
        Self::Integer,
        Self::DateTime,
        Self::Binary,
        Self::Reference,
        Self::Complex,
    ];

    /// The name in a schema document.
    pub fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Decimal => "decimal",
            Self::Integer => "integer",
            Self::DateTime => "dateTime",
            Self::Binary => "binary",
            Self::Reference => "reference",
            Self::Complex => "complex",
        }
    }
}

/// Who may change an attribute, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutability {
    /// The server alone.
    ReadOnly,
    /// The client, at any time.
    ReadWrite,
    /// The client, at creation.
    Immutable,
    /// The client; never given back.
    WriteOnly,
}

impl Mutability {
    pub(crate) const ALL: &[Self] =
        &[Self::ReadOnly, Self::ReadWrite, Self::Immutable, Self::WriteOnly];

    /// The name in a schema document.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadOnly => "readOnly",
            Self::ReadWrite => "readWrite",
            Self::Immutable => "immutable",
            Self::WriteOnly => "writeOnly",
        }
    }
}

/// When an attribute is part of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Returned {
    /// In every answer, whatever the projection says.
    Always,
    /// Unless the projection leaves it out.
    Default,
    /// Only when the projection names it.
    Request,
    /// In no answer.
    Never,
}

impl Returned {
    pub(crate) const ALL: &[Self] = &[Self::Always, Self::Default, Self::Request, Self::Never];

    /// The name in a schema document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Default => "default",
            Self::Request => "request",
            Self::Never => "never",
        }
    }
}

/// How far a value must be unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uniqueness {
    /// Not at all.
    None,
    /// Within the organization.
    Server,
    /// Everywhere.
    Global,
}

impl Uniqueness {
    pub(crate) const ALL: &[Self] = &[Self::None, Self::Server, Self::Global];

    /// The name in a schema document.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Server => "server",
            Self::Global => "global",
        }
    }
}

/// One attribute or sub-attribute with all its characteristics (RFC 7643 §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    /// The name in its one spelling; clients may use any case.
    pub name: &'static str,
    /// What it means, for people.
    pub description: &'static str,
    /// The data type.
    pub kind: Type,
    /// Whether the value is a list.
    pub multi_valued: bool,
    /// Whether a resource must have it.
    pub required: bool,
    /// Whether comparisons respect upper and lower case.
    pub case_exact: bool,
    /// Who may change it.
    pub mutability: Mutability,
    /// When it is given back.
    pub returned: Returned,
    /// How far it is unique.
    pub uniqueness: Uniqueness,
    /// Suggested values; others are accepted.
    pub canonical_values: &'static [&'static str],
    /// What a reference points at.
    pub reference_types: &'static [&'static str],
    /// The parts of a complex attribute.
    pub sub_attributes: &'static [Attribute],
    /// For a boolean: what its absence means in a comparison.
    pub absent_means: Option<bool>,
}

impl Attribute {
    /// A single-valued, optional, case-insensitive text that clients may change: the defaults of
    /// RFC 7643 §2.2.
    pub const fn string(name: &'static str, description: &'static str) -> Self {
        Self {
            name,
            description,
            kind: Type::String,
            multi_valued: false,
            required: false,
            case_exact: false,
            mutability: Mutability::ReadWrite,
            returned: Returned::Default,
            uniqueness: Uniqueness::None,
            canonical_values: &[],
            reference_types: &[],
            sub_attributes: &[],
            absent_means: None,
        }
    }

    /// A complex attribute.
    pub const fn complex(
        name: &'static str,
        description: &'static str,
        sub_attributes: &'static [Self],
    ) -> Self {
        Self { kind: Type::Complex, sub_attributes, ..Self::string(name, description) }
    }

    /// A URI that points at one of `types`. References compare exactly (RFC 7643 §2.3.7).
    pub const fn reference(
        name: &'static str,
        description: &'static str,
        types: &'static [&'static str],
    ) -> Self {
        let plain = Self::string(name, description);
        Self { kind: Type::Reference, reference_types: types, case_exact: true, ..plain }
    }

    /// The same attribute with another type.
    pub const fn of(self, kind: Type) -> Self {
        Self { kind, ..self }
    }

    /// The same attribute as a list.
    pub const fn many(self) -> Self {
        Self { multi_valued: true, ..self }
    }

    /// The same attribute, required.
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The same attribute, compared exactly.
    pub const fn exact(self) -> Self {
        Self { case_exact: true, ..self }
    }

    /// The same attribute with another mutability.
    pub const fn mutable(self, mutability: Mutability) -> Self {
        Self { mutability, ..self }
    }

    /// The same attribute with another rule of return.
    pub const fn returned(self, returned: Returned) -> Self {
        Self { returned, ..self }
    }

    /// The same attribute, unique in this scope.
    pub const fn unique(self, uniqueness: Uniqueness) -> Self {
        Self { uniqueness, ..self }
    }

    /// The same attribute with suggested values.
    pub const fn suggesting(self, canonical_values: &'static [&'static str]) -> Self {
        Self { canonical_values, ..self }
    }

    /// The same attribute, whose absence means this value.
    pub const fn absent_means(self, value: bool) -> Self {
        Self { absent_means: Some(value), ..self }
    }

    /// The sub-attribute of this name, in any case.
    pub fn sub_attribute(&self, name: &str) -> Option<&'static Attribute> {
        named(self.sub_attributes, name)
    }

    /// The sub-attribute `value`, which stands for the whole where none is named
    /// (RFC 7643 §2.4).
    pub fn value_attribute(&self) -> Option<&'static Attribute> {
        self.sub_attribute("value")
    }
}

/// Finds an attribute by name. RFC 7643 §2.1: names are case-insensitive.
pub(crate) fn named(attributes: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

/// A named set of attributes (RFC 7643 §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    /// The URN.
    pub id: &'static str,
    /// A name for people.
    pub name: &'static str,
    /// What it describes, for people.
    pub description: &'static str,
    /// Its attributes.
    pub attributes: &'static [Attribute],
}

/// A kind of resource with its endpoint and schemas (RFC 7643 §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceType {
    /// `User`; also the `meta.resourceType` of every resource.
    pub name: &'static str,
    /// The endpoint below the base URL: `/Users`.
    pub endpoint: &'static str,
    /// What it is, for people.
    pub description: &'static str,
    /// The core schema.
    pub schema: &'static Schema,
    /// The extensions its resources may have.
    pub extensions: &'static [Extension],
    /// The largest body of a request about it.
    pub body_bytes: usize,
}

/// An extension of a resource type (RFC 7643 §6, `schemaExtensions`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extension {
    /// Its schema.
    pub schema: &'static Schema,
    /// Whether every resource of the type must have it.
    pub required: bool,
}

impl Extension {
    /// An extension that a resource may have.
    pub const fn optional(schema: &'static Schema) -> Self {
        Self { schema, required: false }
    }
}

/// The attributes every resource has beside its schemas (RFC 7643 §3 and §3.1).
pub const COMMON: &[Attribute] = &[
    Attribute::reference("schemas", "The URNs of the schemas of the resource.", &["uri"])
        .many()
        .required()
        .returned(Returned::Always),
    ID,
    Attribute::string("externalId", "The identifier the provisioning client gave the resource.")
        .exact(),
    Attribute::complex("meta", "Facts about the resource.", META).mutable(Mutability::ReadOnly),
];

static ID: Attribute = Attribute::string("id", "The identifier the server gave the resource.")
    .exact()
    .mutable(Mutability::ReadOnly)
    .returned(Returned::Always)
    .unique(Uniqueness::Server);

const META: &[Attribute] = &[
    Attribute::string("resourceType", "The name of the resource type.")
        .exact()
        .mutable(Mutability::ReadOnly),
    Attribute::string("created", "When the resource was made.")
        .of(Type::DateTime)
        .mutable(Mutability::ReadOnly),
    Attribute::string("lastModified", "When the resource was last changed.")
        .of(Type::DateTime)
        .mutable(Mutability::ReadOnly),
    Attribute::reference("location", "The URI of the resource.", &["uri"])
        .mutable(Mutability::ReadOnly),
    Attribute::string("version", "The entity tag of the resource.")
        .exact()
        .mutable(Mutability::ReadOnly),
];
