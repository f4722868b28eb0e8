//! The core schema of groups: RFC 7643 §4.2.

use crate::limits;

use super::{Attribute, Mutability, ResourceType, Returned, Schema, Uniqueness, urn};

/// Groups.
pub static GROUP: ResourceType = ResourceType {
    name: "Group",
    endpoint: "/Groups",
    description: "A group of users and groups.",
    schema: &GROUP_SCHEMA,
    extensions: &[],
    body_bytes: limits::BODY_BYTES,
};

/// The core schema of groups.
pub static GROUP_SCHEMA: Schema = Schema {
    id: urn::GROUP,
    name: "Group",
    description: "A group of users and groups.",
    attributes: &[
        // RFC 7643 §8.7.1 prints `required: false` and §4.2 says REQUIRED; the text decides.
        Attribute::string(
            "displayName",
            "The name of the group; unique in the organization, whatever its case.",
        )
        .required()
        .unique(Uniqueness::Server),
        Attribute::complex("members", "The members of the group.", MEMBER).many(),
    ],
};

const MEMBER: &[Attribute] = &[
    Attribute::string("value", "The id of the member.").exact().mutable(Mutability::Immutable),
    Attribute::reference("$ref", "The URI of the member.", &["User", "Group"])
        .mutable(Mutability::Immutable),
    // On request: clients that compare a group with what they sent take it for a change.
    Attribute::string("display", "The name of the member.")
        .mutable(Mutability::ReadOnly)
        .returned(Returned::Request),
    Attribute::string("type", "Whether the member is a user or a group.")
        .mutable(Mutability::Immutable)
        .suggesting(&["User", "Group"]),
];
