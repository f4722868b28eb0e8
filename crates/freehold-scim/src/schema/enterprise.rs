//! The enterprise extension of users: RFC 7643 §4.3.

use super::{Attribute, Mutability, Schema, urn};

/// The enterprise extension of users.
pub static ENTERPRISE_USER: Schema = Schema {
    id: urn::ENTERPRISE_USER,
    name: "EnterpriseUser",
    description: "What an employer knows about a person.",
    attributes: &[
        Attribute::string("employeeNumber", "The number the organization gave the person."),
        Attribute::string("costCenter", "The cost center."),
        Attribute::string("organization", "The organization."),
        Attribute::string("division", "The division."),
        Attribute::string("department", "The department."),
        Attribute::complex("manager", "The person's manager.", MANAGER),
    ],
};

const MANAGER: &[Attribute] = &[
    Attribute::string("value", "The id of the manager.").exact(),
    Attribute::reference("$ref", "The URI of the manager.", &["User"]),
    Attribute::string("displayName", "The name of the manager.").mutable(Mutability::ReadOnly),
];
