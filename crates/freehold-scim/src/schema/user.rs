//! The core schema of users: RFC 7643 §4.1, §8.7.1.

use crate::limits;

use super::{
    Attribute, ENTERPRISE_USER, Extension, Mutability, ResourceType, Returned, Schema, Type,
    Uniqueness, urn,
};

/// Users.
pub static USER: ResourceType = ResourceType {
    name: "User",
    endpoint: "/Users",
    description: "A person of the organization.",
    schema: &USER_SCHEMA,
    extensions: &[Extension::optional(&ENTERPRISE_USER)],
    body_bytes: limits::USER_BODY_BYTES,
};

/// The core schema of users.
pub static USER_SCHEMA: Schema = Schema {
    id: urn::USER,
    name: "User",
    description: "A person of the organization.",
    attributes: ATTRIBUTES,
};

const ATTRIBUTES: &[Attribute] = &[
    Attribute::string(
        "userName",
        "The name the person signs in with; unique in the organization, whatever its case.",
    )
    .required()
    .unique(Uniqueness::Server),
    Attribute::complex("name", "The parts of the person's name.", NAME),
    Attribute::string("displayName", "The name to show."),
    Attribute::string("nickName", "The casual name."),
    Attribute::reference("profileUrl", "A page about the person.", &["external"]),
    Attribute::string("title", "The title, such as Vice President."),
    Attribute::string("userType", "The relation to the organization, such as Employee."),
    Attribute::string("preferredLanguage", "The preferred language, such as en-US."),
    Attribute::string("locale", "The locale for dates, numbers and currency, such as en-US."),
    Attribute::string("timezone", "The time zone, such as America/Los_Angeles."),
    Attribute::string("active", "Whether the person may sign in; so if it is not given.")
        .of(Type::Boolean)
        .absent_means(true),
    // Accepted and dropped: never stored, logged or given back. It stands in /Schemas as RFC 7643
    // §8.7.1 has it, because clients that build their model from there (Canaille) send it.
    Attribute::string("password", "Ignored.")
        .exact()
        .mutable(Mutability::WriteOnly)
        .returned(Returned::Never),
    Attribute::complex("emails", "E-mail addresses.", EMAIL).many(),
    Attribute::complex("phoneNumbers", "Telephone numbers, as they were sent.", PHONE).many(),
    Attribute::complex("ims", "Instant messaging addresses.", IM).many(),
    Attribute::complex("photos", "Pictures of the person.", PHOTO).many(),
    Attribute::complex("addresses", "Postal addresses.", ADDRESS).many(),
    Attribute::complex("groups", "The groups the person belongs to.", GROUPS)
        .many()
        .mutable(Mutability::ReadOnly),
    Attribute::complex("entitlements", "Things the person has.", PLAIN_VALUE).many(),
    Attribute::complex("roles", "Roles of the person.", PLAIN_VALUE).many(),
    Attribute::complex("x509Certificates", "Certificates of the person.", CERTIFICATE).many(),
];

const NAME: &[Attribute] = &[
    Attribute::string("formatted", "The whole name, formatted for display."),
    Attribute::string("familyName", "The family name."),
    Attribute::string("givenName", "The given name."),
    Attribute::string("middleName", "The middle names."),
    Attribute::string("honorificPrefix", "The honorific prefix, such as Ms."),
    Attribute::string("honorificSuffix", "The honorific suffix, such as III."),
];

const DISPLAY: Attribute = Attribute::string("display", "A text to show for the value.");
const TYPE: Attribute = Attribute::string("type", "What the value is for.");
const PRIMARY: Attribute =
    Attribute::string("primary", "Whether this is the preferred value; at most one is.")
        .of(Type::Boolean);

const EMAIL: &[Attribute] = &[
    Attribute::string("value", "The e-mail address."),
    DISPLAY,
    TYPE.suggesting(&["work", "home", "other"]),
    PRIMARY,
];

const PHONE: &[Attribute] = &[
    Attribute::string("value", "The telephone number."),
    DISPLAY,
    TYPE.suggesting(&["work", "home", "mobile", "fax", "pager", "other"]),
    PRIMARY,
];

const IM: &[Attribute] = &[
    Attribute::string("value", "The instant messaging address."),
    DISPLAY,
    TYPE.suggesting(&["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]),
    PRIMARY,
];

const PHOTO: &[Attribute] = &[
    Attribute::reference("value", "The URI of the picture.", &["external"]),
    DISPLAY,
    TYPE.suggesting(&["photo", "thumbnail"]),
    PRIMARY,
];

const ADDRESS: &[Attribute] = &[
    Attribute::string("formatted", "The whole address, formatted for display."),
    Attribute::string("streetAddress", "Street, house number and the like."),
    Attribute::string("locality", "The city."),
    Attribute::string("region", "The state or region."),
    Attribute::string("postalCode", "The postal code."),
    Attribute::string("country", "The country."),
    TYPE.suggesting(&["work", "home", "other"]),
    PRIMARY,
];

const GROUPS: &[Attribute] = &[
    Attribute::string("value", "The id of the group.").exact().mutable(Mutability::ReadOnly),
    Attribute::reference("$ref", "The URI of the group.", &["Group"]).mutable(Mutability::ReadOnly),
    Attribute::string("display", "The name of the group.").mutable(Mutability::ReadOnly),
    Attribute::string("type", "Whether the membership is direct.")
        .mutable(Mutability::ReadOnly)
        .suggesting(&["direct", "indirect"]),
];

const PLAIN_VALUE: &[Attribute] =
    &[Attribute::string("value", "The value."), DISPLAY, TYPE, PRIMARY];

const CERTIFICATE: &[Attribute] = &[
    Attribute::string("value", "The DER-encoded certificate in base64.").of(Type::Binary).exact(),
    DISPLAY,
    TYPE,
    PRIMARY,
];
