// What is done and mapped at Entra and at Okta, as docs/guides/entra.md and okta.md say it: a test compares them (tests/rules/mappings.rs), and reads
// this as JSON. Steps by their menus there; rows by attribute here, and by attribute or expression there. `note` is a key of the texts.

/**
 * @typedef {{ id: string, menu: string[] }} PortalStep
 * @typedef {{ id: string, to: string[], from: string[], note: keyof typeof import('../strings/en.js').en.scim.mapping.notes }} MappingRow
 * @typedef {{ steps: PortalStep[], users: MappingRow[], groups: MappingRow[] }} Mapping
 */

/** @type {{ entra: Mapping, okta: Mapping }} */
export const MAPPINGS = {
  "entra": {
    "steps": [
      { "id": "application", "menu": ["Enterprise applications", "New application", "Create your own application", "Non-gallery"] },
      { "id": "connect", "menu": ["Provisioning", "New configuration"] },
      { "id": "test", "menu": ["Test Connection"] },
      { "id": "map", "menu": ["Attribute mapping (Preview)", "Provision Microsoft Entra ID Users"] },
      { "id": "scope", "menu": ["Settings", "Scope"] },
      { "id": "assign", "menu": ["Users and groups"] },
      { "id": "try", "menu": ["Provision on demand"] },
      { "id": "start", "menu": ["Start provisioning"] }
    ],
    "users": [
      { "id": "external-id", "to": ["externalId"], "from": ["objectId"], "note": "matchFirst" },
      { "id": "user-name", "to": ["userName"], "from": ["userPrincipalName"], "note": "matchSecond" },
      { "id": "active", "to": ["active"], "from": ["Switch([IsSoftDeleted], , \"False\", \"True\", \"True\", \"False\")"], "note": "proposed" },
      { "id": "display-name", "to": ["displayName", "title", "preferredLanguage"], "from": ["displayName", "jobTitle", "preferredLanguage"], "note": "proposed" },
      { "id": "name", "to": ["name.givenName", "name.familyName", "name.formatted"], "from": ["givenName", "surname", "Join(\" \", [givenName], [surname])"], "note": "proposed" },
      { "id": "mail", "to": ["emails[type eq \"work\"].value"], "from": ["mail"], "note": "proposed" },
      { "id": "phone", "to": ["phoneNumbers[type eq \"work\"].value", "mobile", "fax"], "from": ["telephoneNumber", "mobile", "facsimileTelephoneNumber"], "note": "deleteUnneeded" },
      { "id": "address", "to": ["addresses[type eq \"work\"].…"], "from": ["streetAddress", "city", "state", "postalCode", "country"], "note": "deleteUnneeded" },
      { "id": "enterprise", "to": ["urn:…:enterprise:2.0:User:employeeNumber", "department", "manager"], "from": ["employeeId", "department", "manager"], "note": "proposed" },
      { "id": "roles", "to": ["roles"], "from": ["AppRoleAssignmentsComplex([appRoleAssignments])"], "note": "optional" }
    ],
    "groups": [
      { "id": "group-name", "to": ["displayName"], "from": ["displayName"], "note": "match" },
      { "id": "group-external-id", "to": ["externalId"], "from": ["objectId"], "note": "proposed" },
      { "id": "group-members", "to": ["members"], "from": ["members"], "note": "proposed" }
    ]
  },
  "okta": {
    "steps": [
      { "id": "application", "menu": ["Applications", "Create App Integration"] },
      { "id": "scim", "menu": ["General", "App Settings", "Provisioning: SCIM"] },
      { "id": "connect", "menu": ["Provisioning", "Integration", "Edit"] },
      { "id": "test", "menu": ["Test Connector Configuration"] },
      { "id": "enable", "menu": ["Provisioning", "To App", "Edit"] },
      { "id": "map", "menu": ["Provisioning", "To App", "Attribute Mappings"] },
      { "id": "assign", "menu": ["Assignments", "Assign"] },
      { "id": "push", "menu": ["Push Groups", "Find groups by name"] }
    ],
    "users": [
      { "id": "user-name", "to": ["userName"], "from": ["Application username format"], "note": "signOn" },
      { "id": "external-id", "to": ["externalId"], "from": ["user.getInternalProperty(\"id\")"], "note": "preset" },
      { "id": "name", "to": ["name.givenName", "name.familyName"], "from": ["user.firstName", "user.lastName"], "note": "preset" },
      { "id": "mail", "to": ["emails[type eq \"work\"].value"], "from": ["user.email"], "note": "preset" },
      { "id": "more", "to": ["displayName", "title", "nickName", "preferredLanguage", "locale", "timezone"], "from": [], "note": "need" },
      { "id": "phone", "to": ["phoneNumbers", "addresses"], "from": ["user.primaryPhone", "user.streetAddress"], "note": "needDeleteRest" },
      { "id": "enterprise", "to": ["employeeNumber", "costCenter", "department", "manager.value"], "from": ["user.employeeNumber", "user.costCenter", "user.department", "user.managerId"], "note": "need" }
    ],
    "groups": []
  }
};
