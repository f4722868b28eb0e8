-- SAML beside OpenID Connect, and what a session is called.

-- What only OpenID Connect has.
CREATE TABLE oidc_connections (
    connection_id TEXT {collate} NOT NULL PRIMARY KEY REFERENCES connections (id),
    client_id TEXT NOT NULL,
    client_secret TEXT NOT NULL,
    subject_claim TEXT NOT NULL
);
INSERT INTO oidc_connections (connection_id, client_id, client_secret, subject_claim)
    SELECT id, client_id, client_secret, subject_claim FROM connections;
ALTER TABLE connections DROP COLUMN client_id;
ALTER TABLE connections DROP COLUMN client_secret;
ALTER TABLE connections DROP COLUMN subject_claim;
ALTER TABLE connections ADD COLUMN matches_user_name BIGINT NOT NULL DEFAULT 0;

-- Removed ones stay: users and links name them.
ALTER TABLE connections ADD COLUMN removed_at BIGINT;
DROP INDEX connections_name;
CREATE UNIQUE INDEX connections_name ON connections (organization_id, name) WHERE removed_at IS NULL;

-- What only SAML has.
CREATE TABLE saml_connections (
    connection_id TEXT {collate} NOT NULL PRIMARY KEY REFERENCES connections (id),
    sso_url TEXT NOT NULL,
    audience TEXT,
    subject_attribute TEXT,
    metadata_url TEXT,
    fetched_at BIGINT
);
CREATE TABLE saml_certificates (
    connection_id TEXT {collate} NOT NULL REFERENCES connections (id),
    fingerprint TEXT {collate} NOT NULL,
    der BYTEA NOT NULL,
    trust TEXT {collate} NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (connection_id, fingerprint)
);

-- Ids of assertions, responses and logout tokens that were taken once.
CREATE TABLE replays (
    connection_id TEXT {collate} NOT NULL REFERENCES connections (id),
    id TEXT {collate} NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (connection_id, id)
);
CREATE INDEX replays_by_expires_at ON replays (expires_at);

-- Begun logins live ten minutes and sessions half a day: neither is carried over.
DROP TABLE pending_logins;
-- `request_id` is SAML's, `nonce` and `pkce_verifier` are OpenID Connect's. A SAML answer is verified when it is posted,
-- and once more when the browser that began the login asks for it with the hand-over.
CREATE TABLE pending_logins (
    state_hash BYTEA NOT NULL PRIMARY KEY,
    browser_hash BYTEA NOT NULL,
    connection_id TEXT {collate} NOT NULL REFERENCES connections (id),
    nonce TEXT,
    pkce_verifier TEXT,
    request_id TEXT,
    answer TEXT,
    hand_over_hash BYTEA,
    wanted TEXT,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX pending_logins_hand_over ON pending_logins (hand_over_hash)
    WHERE hand_over_hash IS NOT NULL;
CREATE INDEX pending_logins_by_expires_at ON pending_logins (expires_at);

DROP TABLE challenges;
DROP TABLE sessions;
CREATE TABLE sessions (
    hash BYTEA NOT NULL PRIMARY KEY,
    id TEXT {collate} NOT NULL,
    user_id TEXT {collate} NOT NULL REFERENCES users (id),
    connection_id TEXT {collate} REFERENCES connections (id),
    identity_session TEXT,
    address TEXT NOT NULL,
    client TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    sign_in_ends_at BIGINT NOT NULL,
    unlocked_by BIGINT
);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_of_connection ON sessions (connection_id, identity_session);
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
