-- Roles, and the links that let an owner in when no identity provider can.

-- What the operator gave; the members of mapped groups are admins without a row here.
CREATE TABLE role_grants (
    user_id TEXT {collate} NOT NULL REFERENCES users (id),
    role TEXT {collate} NOT NULL,
    organization_id TEXT {collate} NOT NULL REFERENCES organizations (id),
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, role)
);
CREATE INDEX role_grants_of_organization ON role_grants (organization_id, role);

-- Every member of such a group is an admin. The group is known by its id: a new one of the same name is another one.
CREATE TABLE role_groups (
    group_id TEXT {collate} NOT NULL PRIMARY KEY REFERENCES scim_groups (id),
    organization_id TEXT {collate} NOT NULL REFERENCES organizations (id),
    mapped_at BIGINT NOT NULL
);
CREATE INDEX role_groups_of_organization ON role_groups (organization_id);

-- The link itself is nowhere: 256 random bits are found again by their SHA-256. It is for a user, or for a person who
-- has no account yet.
CREATE TABLE admin_links (
    hash BYTEA NOT NULL PRIMARY KEY,
    organization_id TEXT {collate} NOT NULL REFERENCES organizations (id),
    user_id TEXT {collate} REFERENCES users (id),
    user_name TEXT,
    user_name_key TEXT {collate},
    further_owner BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX admin_links_of_user ON admin_links (user_id);
CREATE INDEX admin_links_of_name ON admin_links (organization_id, user_name_key);
CREATE INDEX admin_links_by_expires_at ON admin_links (expires_at);
