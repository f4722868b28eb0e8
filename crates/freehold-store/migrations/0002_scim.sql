-- Groups, the operator's own resources, the provisioning log and the brake.
CREATE TABLE scim_groups (
    id TEXT {collate} NOT NULL PRIMARY KEY,
    organization_id TEXT {collate} NOT NULL REFERENCES organizations (id),
    display_name TEXT NOT NULL,
    display_name_key TEXT {collate} NOT NULL,
    external_id TEXT {collate},
    document TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_modified_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX scim_groups_display_name ON scim_groups (organization_id, display_name_key)
    WHERE deleted_at IS NULL;
CREATE INDEX scim_groups_by_id ON scim_groups (organization_id, id) WHERE deleted_at IS NULL;
CREATE INDEX scim_groups_by_external_id ON scim_groups (organization_id, external_id, id)
    WHERE deleted_at IS NULL;
CREATE INDEX scim_groups_by_created_at ON scim_groups (organization_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX scim_groups_by_last_modified_at ON scim_groups (organization_id, last_modified_at, id)
    WHERE deleted_at IS NULL;
CREATE INDEX scim_groups_deleted ON scim_groups (organization_id, deleted_at) WHERE deleted_at IS NOT NULL;

-- One row a member, a user or a group: changes touch only the members that they name.
CREATE TABLE group_members (
    group_id TEXT {collate} NOT NULL REFERENCES scim_groups (id),
    member_id TEXT {collate} NOT NULL,
    organization_id TEXT {collate} NOT NULL,
    kind TEXT {collate} NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (group_id, member_id)
) {clustered};
CREATE INDEX group_members_by_member ON group_members (member_id, group_id);

-- Resources of the types that the operator declares.
CREATE TABLE scim_resources (
    id TEXT {collate} NOT NULL PRIMARY KEY,
    organization_id TEXT {collate} NOT NULL REFERENCES organizations (id),
    kind TEXT {collate} NOT NULL,
    external_id TEXT {collate},
    document TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_modified_at BIGINT NOT NULL
);
CREATE INDEX scim_resources_by_id ON scim_resources (organization_id, kind, id);
CREATE INDEX scim_resources_by_external_id ON scim_resources (organization_id, kind, external_id, id);
-- Values that the operator's schema declares unique, of users and groups too.
CREATE TABLE scim_resource_keys (
    resource_id TEXT {collate} NOT NULL,
    organization_id TEXT {collate} NOT NULL,
    kind TEXT {collate} NOT NULL,
    attribute TEXT {collate} NOT NULL,
    value_key TEXT {collate} NOT NULL,
    PRIMARY KEY (organization_id, kind, attribute, value_key)
);
CREATE INDEX scim_resource_keys_of_resource ON scim_resource_keys (resource_id);

-- What the brake counts.
CREATE INDEX users_deleted ON users (organization_id, deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX users_suspended ON users (organization_id, active_since) WHERE active = 0 AND deleted_at IS NULL;

CREATE TABLE brakes (
    organization_id TEXT {collate} NOT NULL PRIMARY KEY REFERENCES organizations (id),
    creates BIGINT NOT NULL,
    creates_percent BIGINT NOT NULL,
    deletes BIGINT NOT NULL,
    deletes_percent BIGINT NOT NULL,
    deactivations BIGINT NOT NULL,
    deactivations_percent BIGINT NOT NULL,
    window_ms BIGINT NOT NULL,
    confirmed_at BIGINT,
    released_at BIGINT,
    creates_held_at BIGINT,
    deletes_held_at BIGINT,
    alarmed_at BIGINT
);

-- Every SCIM request, for the admin: ids and masked bodies.
CREATE TABLE provisioning_log (
    organization_id TEXT {collate} NOT NULL REFERENCES organizations (id),
    id TEXT {collate} NOT NULL,
    at BIGINT NOT NULL,
    token_id TEXT {collate},
    method TEXT NOT NULL,
    target TEXT NOT NULL,
    resource_id TEXT,
    status BIGINT NOT NULL,
    detail TEXT,
    fix TEXT,
    duration_ms BIGINT NOT NULL,
    body TEXT,
    PRIMARY KEY (organization_id, id)
);
