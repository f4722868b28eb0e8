-- RESET, and what an organization demands of keys.

-- Requests. The records of an epoch that was put aside stay where they are: what is served is asked for by the epoch of a READY
-- user. When they are destroyed, the hash of the card stays here, for the card of the next epoch names it.
CREATE TABLE resets (
    id TEXT {collate} NOT NULL PRIMARY KEY,
    organization_id TEXT {collate} NOT NULL REFERENCES organizations (id),
    user_id TEXT {collate} NOT NULL REFERENCES users (id),
    epoch BIGINT NOT NULL,
    session_id TEXT {collate} NOT NULL,
    state TEXT {collate} NOT NULL,
    asked_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    settled_at BIGINT,
    destroyed_at BIGINT,
    card_hash BYTEA
);
-- One waits at a time, and an epoch is put aside once.
CREATE UNIQUE INDEX resets_open ON resets (user_id) WHERE state = 'requested';
CREATE UNIQUE INDEX resets_approved ON resets (user_id, epoch) WHERE state = 'approved';
CREATE INDEX resets_of_user ON resets (user_id, id);
CREATE INDEX resets_of_organization ON resets (organization_id, id) WHERE state = 'requested';
CREATE INDEX resets_to_destroy ON resets (settled_at) WHERE state = 'approved' AND destroyed_at IS NULL;
CREATE INDEX resets_by_expires_at ON resets (expires_at) WHERE state <> 'approved';

-- Items of an epoch that was put aside: the keys of no other epoch open them. No quota counts them.
CREATE TABLE items_aside (
    id TEXT {collate} NOT NULL PRIMARY KEY,
    user_id TEXT {collate} NOT NULL REFERENCES users (id),
    epoch BIGINT NOT NULL,
    version BIGINT NOT NULL,
    item_key BYTEA NOT NULL,
    content BYTEA NOT NULL,
    bytes BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX items_aside_of_user ON items_aside (user_id, epoch);

CREATE TABLE policies (
    organization_id TEXT {collate} NOT NULL PRIMARY KEY REFERENCES organizations (id),
    profile_floor BIGINT NOT NULL,
    passkey_required BIGINT NOT NULL,
    recovery_code_required BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
