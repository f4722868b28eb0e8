//! The schema, as numbered steps; `migrate` says how they are run.

use crate::Migration;

/// Every step, oldest first. A step that has been released is never edited: add another.
pub const ALL: &[Migration] = &[
    Migration { version: 1, name: "first", sql: include_str!("../migrations/0001_first.sql") },
    Migration { version: 2, name: "scim", sql: include_str!("../migrations/0002_scim.sql") },
    Migration { version: 3, name: "clients", sql: include_str!("../migrations/0003_clients.sql") },
    Migration { version: 4, name: "sign_in", sql: include_str!("../migrations/0004_sign_in.sql") },
    Migration { version: 5, name: "domains", sql: include_str!("../migrations/0005_domains.sql") },
    Migration { version: 6, name: "audit", sql: include_str!("../migrations/0006_audit.sql") },
    Migration {
        version: 7,
        name: "fewer_indexes",
        sql: include_str!("../migrations/0007_fewer_indexes.sql"),
    },
    Migration { version: 8, name: "roles", sql: include_str!("../migrations/0008_roles.sql") },
    Migration { version: 9, name: "reset", sql: include_str!("../migrations/0009_reset.sql") },
    Migration { version: 10, name: "changes", sql: include_str!("../migrations/0010_changes.sql") },
    Migration { version: 11, name: "people", sql: include_str!("../migrations/0011_people.sql") },
    Migration {
        version: 12,
        name: "refusals",
        sql: include_str!("../migrations/0012_refusals.sql"),
    },
    Migration {
        version: 13,
        name: "sign_in_tests",
        sql: include_str!("../migrations/0013_sign_in_tests.sql"),
    },
];
