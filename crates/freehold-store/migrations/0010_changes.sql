-- Several passkeys for one account; what people call them. And the old key's word for a new epoch.

CREATE TABLE key_methods_new (
    user_id TEXT {collate} NOT NULL REFERENCES users (id),
    epoch BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    parameters BYTEA NOT NULL,
    unlock_public_key BYTEA NOT NULL,
    envelope BYTEA NOT NULL,
    name TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, epoch, kind, parameters)
);
INSERT INTO key_methods_new (user_id, epoch, kind, parameters, unlock_public_key, envelope, created_at)
    SELECT m.user_id, m.epoch, m.kind, m.parameters, m.unlock_public_key, m.envelope, r.created_at
    FROM key_methods m JOIN key_records r ON r.user_id = m.user_id AND r.epoch = m.epoch;
DROP TABLE key_methods;
ALTER TABLE key_methods_new RENAME TO key_methods;

CREATE TABLE handovers (
    user_id TEXT {collate} NOT NULL REFERENCES users (id),
    epoch BIGINT NOT NULL,
    old_card BYTEA NOT NULL,
    handover BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, epoch)
);
