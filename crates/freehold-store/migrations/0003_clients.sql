-- SCIM clients: id and secret, exchanged for access tokens, which are SCIM tokens that know their client.

-- The secret itself is nowhere: its SHA-256 is compared.
CREATE TABLE scim_clients (
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
    refused_at BIGINT,
    warned_days BIGINT
);
CREATE INDEX scim_clients_of_organization ON scim_clients (organization_id, id);
CREATE INDEX scim_clients_by_expires_at ON scim_clients (expires_at);

ALTER TABLE scim_tokens ADD COLUMN client_id TEXT {collate} REFERENCES scim_clients (id);
-- The nearest threshold before the end that was warned of, in days.
ALTER TABLE scim_tokens ADD COLUMN warned_days BIGINT;
CREATE INDEX scim_tokens_by_expires_at ON scim_tokens (expires_at) WHERE client_id IS NULL;
CREATE INDEX scim_access_tokens_by_expires_at ON scim_tokens (expires_at) WHERE client_id IS NOT NULL;
CREATE INDEX scim_access_tokens_of_client ON scim_tokens (client_id, id) WHERE client_id IS NOT NULL;

ALTER TABLE events ADD COLUMN client_id TEXT {collate};
