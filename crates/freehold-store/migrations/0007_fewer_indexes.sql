-- One index where there were three: unique for the connection, and the way to an `externalId` in whichever connection.
-- No id of a connection is empty.
DROP INDEX users_external_id;
DROP INDEX users_external_id_unconnected;
DROP INDEX users_by_external_key;
CREATE UNIQUE INDEX users_external_id ON users (organization_id, external_key, (coalesce(connection_id, '')))
    WHERE deleted_at IS NULL AND external_key IS NOT NULL;
