-- Domains of organizations: an e-mail address of a verified one leads to the organization's sign-in, nothing more.

-- `check_at` is when a verified domain is looked up again; `failing_since` is when its record was first missed.
CREATE TABLE domains (
    organization_id TEXT {collate} NOT NULL REFERENCES organizations (id),
    name TEXT {collate} NOT NULL,
    connection_id TEXT {collate} REFERENCES connections (id),
    challenge TEXT {collate} NOT NULL,
    created_at BIGINT NOT NULL,
    verified_at BIGINT,
    check_at BIGINT,
    failing_since BIGINT,
    PRIMARY KEY (organization_id, name)
) {clustered};
-- The first organization that proves control of a domain has it.
CREATE UNIQUE INDEX domains_verified ON domains (name) WHERE verified_at IS NOT NULL;
CREATE INDEX domains_by_check_at ON domains (check_at) WHERE verified_at IS NOT NULL;
