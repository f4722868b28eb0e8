-- Refusals among millions of rows, for the admin who looks for them.
CREATE INDEX provisioning_refusals ON provisioning_log (organization_id, id) WHERE status >= 400;
