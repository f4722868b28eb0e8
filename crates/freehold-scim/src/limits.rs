//! Every limit of the parsers, in one place, with its reason.

/// Deepest nesting of arrays and objects in a body. A SCIM resource needs five.
pub const JSON_DEPTH: u32 = 32;
/// Most that a body may hold: an object or list counts five with itself, any other value one. A group
/// of [`MEMBERS`] with four parts each is 900,000; in memory that is a hundred megabytes.
pub const JSON_WEIGHT: u32 = 1_000_000;
/// Largest body [`crate::json::parse`] looks at: a group of 100,000 members fits.
pub const BODY_BYTES: usize = 16 * 1024 * 1024;
/// Largest body of a POST, PUT or PATCH of a user.
pub const USER_BODY_BYTES: usize = 512 * 1024;
/// Largest document of a user, of a group without its members, or of another resource, as it is
/// stored.
pub const RESOURCE_BYTES: usize = 256 * 1024;
/// Longest text of one attribute: room for a small photo as a data URI or a certificate.
pub const TEXT_BYTES: usize = 64 * 1024;
/// Longest folded key of an indexed attribute (userName, externalId, displayName of a group,
/// an e-mail address). A PostgreSQL index row ends at 2,704 bytes.
pub const KEY_BYTES: usize = 2_000;
/// Most values of one multi-valued attribute of a user.
pub const VALUES: usize = 500;
/// Most members in one group document or one PATCH operation.
pub const MEMBERS: usize = 100_000;
/// Most operations in one PATCH. Entra removes the members of a group one operation each.
pub const PATCH_OPERATIONS: usize = 10_000;
/// Most changes to anything but members in one PATCH, each attribute of an operation without a
/// path counted: every one of them may look at all [`VALUES`] of an attribute.
pub const PATCH_CHANGES: usize = 1_000;
/// Most bytes of lists that the operations of one PATCH look at, taken together, while other
/// changes wait: 500 operations that add a role each look at most of it.
pub const PATCH_BYTES: usize = 12 * 1024 * 1024;
/// Most times that one PATCH of a group looks at all of its members, while other changes wait:
/// operations side by side that remove by a filter look once.
pub const MEMBER_PASSES: usize = 10;
/// Most operations in one bulk request; `bulk.maxOperations` of the ServiceProviderConfig.
pub const BULK_OPERATIONS: usize = 1_000;
/// Largest bulk request; `bulk.maxPayloadSize` of the ServiceProviderConfig.
pub const BULK_BYTES: usize = 1024 * 1024;
/// Longest filter or PATCH path, in bytes.
pub const FILTER_BYTES: usize = 32 * 1024;
/// Most comparisons in one filter, and in all filters over members of one PATCH.
pub const FILTER_TERMS: usize = 500;
/// Deepest nesting of parentheses and brackets in one filter.
pub const FILTER_DEPTH: usize = 32;
/// Longest cursor, in bytes: a sort key and an id of [`KEY_BYTES`] each fit, and so does the URL.
pub const CURSOR_BYTES: usize = 6_000;
/// How long a cursor leads on, in milliseconds. `cursorTimeout` of the ServiceProviderConfig.
pub const CURSOR_LIFE_MS: u64 = 60 * 60 * 1_000;
/// Resources on a page when the client does not say.
pub const DEFAULT_COUNT: u64 = 100;
/// Most resources on a page; `filter.maxResults` of the ServiceProviderConfig.
pub const MAX_COUNT: u64 = 200;
