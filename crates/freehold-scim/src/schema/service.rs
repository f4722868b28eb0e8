//! The schemas of what describes the service itself: RFC 7643 §5 to §7, as §8.7.2 has them.

use super::{Attribute, Mutability, Schema, Type, urn};

/// The schemas of the discovery documents: /Schemas has every schema that an answer names.
pub static SERVICE: [&Schema; 3] = [&SERVICE_PROVIDER_CONFIG, &RESOURCE_TYPE, &SCHEMA];

static SERVICE_PROVIDER_CONFIG: Schema = Schema {
    id: urn::SERVICE_PROVIDER_CONFIG,
    name: "ServiceProviderConfig",
    description: "What the service can do.",
    attributes: &[
        fixed(Attribute::reference("documentationUri", "Where help for people is.", &["external"])),
        complex("patch", "Whether PATCH is served.", SUPPORTED),
        complex("bulk", "Whether bulk requests are served, and how large.", BULK),
        complex("filter", "Whether filters are served.", FILTER),
        complex("changePassword", "Whether clients may change passwords.", SUPPORTED),
        complex("sort", "Whether lists are sorted on demand.", SUPPORTED),
        complex("etag", "Whether answers carry entity tags.", SUPPORTED),
        fixed(Attribute::complex("pagination", "How lists are paged (RFC 9865).", PAGINATION)),
        complex("authenticationSchemes", "How clients authenticate.", AUTHENTICATION).many(),
    ],
};

static RESOURCE_TYPE: Schema = Schema {
    id: urn::RESOURCE_TYPE,
    name: "ResourceType",
    description: "A kind of resource.",
    attributes: &[
        text("id", "The same as the name."),
        required(text("name", "The name of the kind.")),
        text("description", "What it is, for people."),
        required(uri("endpoint", "The address below the base URL.")),
        required(uri("schema", "The URN of the core schema.")).exact(),
        fixed(Attribute::complex(
            "schemaExtensions",
            "The extensions that its resources may have.",
            EXTENSION,
        ))
        .many(),
    ],
};

static SCHEMA: Schema = Schema {
    id: urn::SCHEMA,
    name: "Schema",
    description: "A named set of attributes.",
    attributes: &[
        required(text("id", "The URN.")),
        text("name", "A name for people."),
        text("description", "What it describes, for people."),
        complex("attributes", "Its attributes.", ATTRIBUTE).many(),
    ],
};

/// What only the service decides.
const fn fixed(attribute: Attribute) -> Attribute {
    attribute.mutable(Mutability::ReadOnly)
}

const fn required(attribute: Attribute) -> Attribute {
    attribute.required()
}

const fn text(name: &'static str, description: &'static str) -> Attribute {
    fixed(Attribute::string(name, description))
}

const fn uri(name: &'static str, description: &'static str) -> Attribute {
    fixed(Attribute::reference(name, description, &["uri"]))
}

const fn flag(name: &'static str, description: &'static str) -> Attribute {
    text(name, description).of(Type::Boolean)
}

const fn number(name: &'static str, description: &'static str) -> Attribute {
    text(name, description).of(Type::Integer)
}

const fn complex(
    name: &'static str,
    description: &'static str,
    parts: &'static [Attribute],
) -> Attribute {
    required(fixed(Attribute::complex(name, description, parts)))
}

const SUPPORTED: &[Attribute] = &[required(flag("supported", "Whether it is."))];

const BULK: &[Attribute] = &[
    required(flag("supported", "Whether they are.")),
    required(number("maxOperations", "Most operations in a request.")),
    required(number("maxPayloadSize", "Largest body, in bytes.")),
];

const FILTER: &[Attribute] = &[
    required(flag("supported", "Whether they are.")),
    required(number("maxResults", "Most results of an answer.")),
];

const PAGINATION: &[Attribute] = &[
    required(flag("cursor", "Whether by cursor.")),
    required(flag("index", "Whether by index.")),
    text("defaultPaginationMethod", "How, where a request does not say."),
    number("defaultPageSize", "How many results, where a request does not say."),
    number("maxPageSize", "Most results of a page."),
    number("cursorTimeout", "How long a cursor lives, in seconds."),
];

const AUTHENTICATION: &[Attribute] = &[
    required(text("type", "The keyword of the way.")).suggesting(&[
        "oauth",
        "oauth2",
        "oauthbearertoken",
        "httpbasic",
        "httpdigest",
    ]),
    required(text("name", "A name for people.")),
    required(text("description", "How it works, for people.")),
    fixed(Attribute::reference("specUri", "Where it is specified.", &["external"])),
    fixed(Attribute::reference("documentationUri", "Where help for people is.", &["external"])),
    flag("primary", "Whether it is the preferred way."),
];

const EXTENSION: &[Attribute] = &[
    required(uri("schema", "The URN of the extension.")).exact(),
    required(flag("required", "Whether every resource must have it.")),
];

/// What attributes and sub-attributes have, and more.
macro_rules! characteristics {
    ($($more:expr)?) => {
        &[
            required(text("name", "Its name.")).exact(),
            required(text("type", "Its type.")).suggesting(TYPES),
            required(flag("multiValued", "Whether it is a list.")),
            text("description", "What it is, for people."),
            flag("required", "Whether it must have a value."),
            text("canonicalValues", "Suggested values.").many().exact(),
            flag("caseExact", "Whether case counts in comparisons."),
            text("mutability", "Who may change it.").suggesting(MUTABILITIES).exact(),
            text("returned", "When it is given back.").suggesting(RETURNS).exact(),
            text("uniqueness", "How far it is unique.").suggesting(UNIQUENESSES).exact(),
            text("referenceTypes", "What a reference points at.").many().exact(),
            $($more,)?
        ]
    };
}

const SUB_ATTRIBUTE: &[Attribute] = characteristics!();

const ATTRIBUTE: &[Attribute] = characteristics!(
    fixed(Attribute::complex("subAttributes", "The parts of a complex one.", SUB_ATTRIBUTE)).many()
);

const TYPES: &[&str] =
    &["string", "complex", "boolean", "decimal", "integer", "dateTime", "reference", "binary"];
const MUTABILITIES: &[&str] = &["readOnly", "readWrite", "immutable", "writeOnly"];
const RETURNS: &[&str] = &["always", "never", "default", "request"];
const UNIQUENESSES: &[&str] = &["none", "server", "global"];
