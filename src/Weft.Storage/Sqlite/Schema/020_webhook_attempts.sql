-- Whose tasks and groups alone a webhook is told of; NULL: an admin's webhook.
ALTER TABLE webhooks ADD COLUMN owner INTEGER;

-- The secret before the present one: until then it signs, too.
ALTER TABLE webhooks ADD COLUMN old_secret BLOB;
ALTER TABLE webhooks ADD COLUMN old_secret_until INTEGER;

-- What was sent to each webhook, a row for each attempt: the newest alone are kept.
CREATE TABLE webhook_attempts (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    webhook INTEGER NOT NULL,
    message TEXT NOT NULL,
    event   TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    took_ms INTEGER NOT NULL,
    status  INTEGER,
    error   TEXT,
    next_at INTEGER
);

CREATE INDEX webhook_attempts_webhook ON webhook_attempts (webhook, id);
