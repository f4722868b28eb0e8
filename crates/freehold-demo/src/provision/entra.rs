//! The bodies that Entra sends, in its own spelling.

use serde_json::{Value, json};

use crate::people::Person;

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// `attribute eq "value"`.
pub(super) fn filter(attribute: &str, value: &str) -> String {
    format!("{attribute} eq \"{value}\"")
}

/// The body of a POST: the enterprise extension always, empty roles, explicit nulls, and
/// `meta.resourceType`, which is the server's to say.
pub(super) fn creation(person: &Person) -> Value {
    json!({
        "schemas": [CORE, ENTERPRISE],
        "externalId": person.object_id,
        "userName": person.user_name,
        "active": true,
        "displayName": person.display_name,
        "emails": [{ "primary": true, "type": "work", "value": person.user_name }],
        "meta": { "resourceType": "User" },
        "name": {
            "formatted": format!("{} {}", person.given_name, person.family_name),
            "familyName": person.family_name,
            "givenName": person.given_name,
        },
        "roles": [],
        "title": null,
        "addresses": null,
        ENTERPRISE: { "employeeNumber": person.employee_number, "manager": null },
    })
}

/// The body of a PATCH in the shape that Entra sends unless `aadOptscim062020` is set: operations
/// with a capital, booleans as text, value paths, URN paths, and one operation without a path
/// whose keys are paths. `manager` is the id that the server gave.
pub(super) fn update(person: &Person, manager: Option<&str>) -> Value {
    let mut operations = vec![
        json!({ "op": "Replace", "path": "active", "value": "True" }),
        json!({ "op": "Replace", "path": "name.familyName", "value": person.family_name }),
        json!({
            "op": "Replace",
            "path": "emails[type eq \"work\"].value",
            "value": person.user_name,
        }),
        json!({
            "op": "Replace",
            "value": {
                "displayName": person.display_name,
                "title": person.title,
                "name.givenName": person.given_name,
                format!("{ENTERPRISE}:department"): person.department,
                format!("{ENTERPRISE}:employeeNumber"): person.employee_number,
            },
        }),
    ];
    if let Some(manager) = manager {
        let path = format!("{ENTERPRISE}:manager");
        operations.push(json!({ "op": "Add", "path": path, "value": manager }));
    }
    json!({ "schemas": [PATCH], "Operations": operations })
}
