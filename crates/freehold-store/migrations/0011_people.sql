-- What admins look for people by, and how far each of them has come.

-- The last sign-in; when the set-up that is still to be finished was begun; the last sign-in that was refused, and why.
ALTER TABLE users ADD COLUMN signed_in_at BIGINT;
ALTER TABLE users ADD COLUMN setup_begun_at BIGINT;
ALTER TABLE users ADD COLUMN refused_at BIGINT;
ALTER TABLE users ADD COLUMN refusal TEXT;
UPDATE users SET signed_in_at = e.at FROM
    (SELECT user_id, max(at) AS at FROM events WHERE kind IN ('sign-in', 'admin-link.used') GROUP BY user_id) AS e
    WHERE e.user_id = users.id;

-- Who has waited longest; users are made PENDING, so it grows at its end. And those who are READY, by name.
CREATE INDEX users_pending ON users (organization_id, key_state_since, id)
    WHERE key_state = 'PENDING' AND active = 1 AND deleted_at IS NULL;
CREATE INDEX users_ready ON users (organization_id, key_state, user_name_key, id)
    WHERE key_state = 'READY' AND active = 1 AND deleted_at IS NULL;

-- The folded `displayName` from each word on but the first, which an index of users has: what a search begins with
-- stands at the beginning here. Names that differ after 64 characters are one to a search.
CREATE TABLE user_words (
    organization_id TEXT {collate} NOT NULL,
    word_key TEXT {collate} NOT NULL,
    user_id TEXT {collate} NOT NULL REFERENCES users (id),
    PRIMARY KEY (organization_id, word_key, user_id)
) {clustered};
-- The same as `people::words` in the directory.
INSERT INTO user_words (organization_id, word_key, user_id)
    WITH RECURSIVE places (place) AS
        (SELECT CAST(2 AS BIGINT) UNION ALL SELECT place + 1 FROM places WHERE place < 200)
    SELECT DISTINCT u.organization_id, substr(u.display_name_key, CAST(p.place AS INTEGER), 64), u.id
    FROM users u JOIN places p ON p.place <= length(u.display_name_key)
    WHERE u.deleted_at IS NULL
    AND substr(u.display_name_key, CAST(p.place - 1 AS INTEGER), 1) IN (' ', '-', '.', ',', '(', ')', '/', '_', '''')
    AND substr(u.display_name_key, CAST(p.place AS INTEGER), 1) NOT IN (' ', '-', '.', ',', '(', ')', '/', '_', '''');
