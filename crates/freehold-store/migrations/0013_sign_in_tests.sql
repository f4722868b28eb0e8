-- An admin tries a connection: the sign-in is verified as a real one and signs nobody in.

-- The session of the admin whose test it is; none of a real sign-in.
ALTER TABLE pending_logins ADD COLUMN tester TEXT {collate};

-- How the last one of each connection ended. What the identity provider said of the person is for the session that
-- asked, and goes after an hour.
CREATE TABLE sign_in_tests (
    connection_id TEXT {collate} NOT NULL PRIMARY KEY REFERENCES connections (id),
    session_id TEXT {collate} NOT NULL,
    tested_at BIGINT NOT NULL,
    verdict TEXT {collate} NOT NULL,
    reason TEXT,
    user_id TEXT {collate} REFERENCES users (id),
    subject TEXT,
    tenant TEXT,
    display TEXT,
    upn TEXT
);
CREATE INDEX sign_in_tests_by_tested_at ON sign_in_tests (tested_at) WHERE subject IS NOT NULL;
