-- Events in a chain of hashes, one chain an organization.

-- NULL where an event stands outside the chain: those of before, and those of mass (`EventKind::is_chained`).
ALTER TABLE events ADD COLUMN seq BIGINT;
ALTER TABLE events ADD COLUMN hash BYTEA;
CREATE UNIQUE INDEX events_in_chain ON events (organization_id, seq) WHERE seq IS NOT NULL;

-- Where each chain ends.
CREATE TABLE audit_heads (
    organization_id TEXT {collate} NOT NULL PRIMARY KEY REFERENCES organizations (id),
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL
);
