-- The first schema. One text for both engines: TEXT, BIGINT, BYTEA only; ids are UUID texts, times milliseconds since
-- 1970, flags 0 or 1. `{collate}` makes text compare byte by byte on both.

CREATE TABLE organizations (
    id TEXT {collate} NOT NULL PRIMARY KEY,
    slug TEXT {collate} NOT NULL,
    name TEXT NOT NULL,
    scim_enabled BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX organizations_slug ON organizations (slug);

CREATE TABLE connections (
    id TEXT {collate} NOT NULL PRIMARY KEY,
    organization_id TEXT {collate} NOT NULL REFERENCES organizations (id),
    name TEXT {collate} NOT NULL,
    kind TEXT {collate} NOT NULL,
    issuer TEXT NOT NULL,
    client_id TEXT NOT NULL,
    client_secret TEXT NOT NULL,
    tenant TEXT,
    subject_claim TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX connections_name ON connections (organization_id, name);

-- The token itself is nowhere: 256 random bits are found again by their SHA-256.
CREATE TABLE scim_tokens (
    id TEXT {collate} NOT NULL PRIMARY KEY,
    organization_id TEXT {collate} NOT NULL REFERENCES organizations (id),
    connection_id TEXT {collate} REFERENCES connections (id),
    description TEXT NOT NULL,
    hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    last_used_at BIGINT,
    last_used_address TEXT,
    last_used_client TEXT,
    refused_at BIGINT
);
CREATE UNIQUE INDEX scim_tokens_hash ON scim_tokens (hash);
CREATE INDEX scim_tokens_of_organization ON scim_tokens (organization_id, id);

-- Deleted users stay as tombstones: their ids are never used again, everything unique is free at once.
CREATE TABLE users (
    id TEXT {collate} NOT NULL PRIMARY KEY,
    organization_id TEXT {collate} NOT NULL REFERENCES organizations (id),
    connection_id TEXT {collate} REFERENCES connections (id),
    user_name TEXT NOT NULL,
    user_name_key TEXT {collate} NOT NULL,
    external_id TEXT {collate},
    external_key TEXT {collate},
    display_name TEXT,
    display_name_key TEXT {collate},
    active BIGINT NOT NULL,
    active_since BIGINT NOT NULL,
    document TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_modified_at BIGINT NOT NULL,
    key_state TEXT {collate} NOT NULL,
    key_epoch BIGINT NOT NULL,
    key_state_since BIGINT NOT NULL,
    deleted_at BIGINT,
    purged_at BIGINT
);
CREATE UNIQUE INDEX users_user_name ON users (organization_id, user_name_key)
    WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_external_id ON users (organization_id, connection_id, external_key)
    WHERE deleted_at IS NULL AND external_key IS NOT NULL AND connection_id IS NOT NULL;
CREATE UNIQUE INDEX users_external_id_unconnected ON users (organization_id, external_key)
    WHERE deleted_at IS NULL AND external_key IS NOT NULL AND connection_id IS NULL;
-- No double of the two above: look-ups answer in the order of ids, and SQLite takes an index that has it.
CREATE INDEX users_by_external_key ON users (organization_id, external_key, id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_id ON users (organization_id, id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_display_name ON users (organization_id, display_name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_active ON users (organization_id, active, id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_created_at ON users (organization_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_last_modified_at ON users (organization_id, last_modified_at, id) WHERE deleted_at IS NULL;
CREATE INDEX users_to_purge ON users (deleted_at) WHERE deleted_at IS NOT NULL AND purged_at IS NULL;

-- E-mail addresses for filters on emails.value and emails.type, nothing else. They identify nobody.
CREATE TABLE user_emails (
    user_id TEXT {collate} NOT NULL REFERENCES users (id),
    place BIGINT NOT NULL,
    organization_id TEXT {collate} NOT NULL,
    value_key TEXT {collate} NOT NULL,
    type_key TEXT {collate},
    PRIMARY KEY (user_id, place)
) {clustered};
CREATE INDEX user_emails_by_value ON user_emails (organization_id, value_key);

-- Which person of an identity provider an account belongs to.
CREATE TABLE identities (
    connection_id TEXT {collate} NOT NULL REFERENCES connections (id),
    tenant TEXT {collate} NOT NULL,
    subject TEXT {collate} NOT NULL,
    user_id TEXT {collate} NOT NULL REFERENCES users (id),
    linked_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX identities_person ON identities (connection_id, tenant, subject) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX identities_user ON identities (user_id) WHERE ended_at IS NULL;

CREATE TABLE pending_logins (
    state_hash BYTEA NOT NULL PRIMARY KEY,
    browser_hash BYTEA NOT NULL,
    connection_id TEXT {collate} NOT NULL REFERENCES connections (id),
    nonce TEXT NOT NULL,
    pkce_verifier TEXT NOT NULL,
    wanted TEXT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX pending_logins_by_expires_at ON pending_logins (expires_at);

CREATE TABLE sessions (
    hash BYTEA NOT NULL PRIMARY KEY,
    user_id TEXT {collate} NOT NULL REFERENCES users (id),
    connection_id TEXT {collate} NOT NULL REFERENCES connections (id),
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    sign_in_ends_at BIGINT NOT NULL,
    unlocked_by BIGINT
);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_by_expires_at ON sessions (expires_at);
CREATE INDEX sessions_by_last_seen_at ON sessions (last_seen_at);

-- One a session and purpose: the primary key keeps a second one out.
CREATE TABLE challenges (
    session_hash BYTEA NOT NULL REFERENCES sessions (hash),
    purpose TEXT {collate} NOT NULL,
    user_id TEXT {collate} NOT NULL REFERENCES users (id),
    challenge BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (session_hash, purpose)
);
CREATE INDEX challenges_of_user ON challenges (user_id);
CREATE INDEX challenges_by_expires_at ON challenges (expires_at);

-- Ciphertext and public statements, made by browsers.
CREATE TABLE key_records (
    user_id TEXT {collate} NOT NULL REFERENCES users (id),
    epoch BIGINT NOT NULL,
    card BYTEA NOT NULL,
    card_hash BYTEA NOT NULL,
    keyring BYTEA NOT NULL,
    request_hash BYTEA NOT NULL,
    session_hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, epoch)
);

CREATE TABLE key_methods (
    user_id TEXT {collate} NOT NULL REFERENCES users (id),
    epoch BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    parameters BYTEA NOT NULL,
    unlock_public_key BYTEA NOT NULL,
    envelope BYTEA NOT NULL,
    PRIMARY KEY (user_id, epoch, kind)
);

CREATE TABLE account_states (
    user_id TEXT {collate} NOT NULL REFERENCES users (id),
    epoch BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    state BYTEA NOT NULL,
    state_hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, epoch, seq)
);

-- Times of tries, milliseconds with commas between; compared and set by version.
CREATE TABLE unlock_tries (
    user_id TEXT {collate} NOT NULL REFERENCES users (id),
    kind BIGINT NOT NULL,
    short_times TEXT NOT NULL,
    long_times TEXT NOT NULL,
    since_success BIGINT NOT NULL,
    refused_at BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (user_id, kind)
);

-- Version 0 is a reserved id without content.
CREATE TABLE items (
    id TEXT {collate} NOT NULL PRIMARY KEY,
    user_id TEXT {collate} NOT NULL REFERENCES users (id),
    version BIGINT NOT NULL,
    item_key BYTEA,
    content BYTEA,
    bytes BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX items_of_user ON items (user_id, id);
CREATE INDEX items_reserved ON items (updated_at) WHERE version = 0;

CREATE TABLE item_usage (
    user_id TEXT {collate} NOT NULL PRIMARY KEY REFERENCES users (id),
    items BIGINT NOT NULL,
    bytes BIGINT NOT NULL
);

CREATE TABLE events (
    organization_id TEXT {collate} NOT NULL REFERENCES organizations (id),
    id TEXT {collate} NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT {collate} NOT NULL,
    user_id TEXT {collate},
    token_id TEXT {collate},
    connection_id TEXT {collate},
    detail TEXT,
    PRIMARY KEY (organization_id, id)
) {clustered};
