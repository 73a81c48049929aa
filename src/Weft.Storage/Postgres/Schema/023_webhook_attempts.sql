-- Whose tasks and groups alone a webhook is told of; NULL: an admin's webhook.
ALTER TABLE webhooks ADD COLUMN owner bigint;

-- The secret before the present one: until then it signs, too.
ALTER TABLE webhooks ADD COLUMN old_secret bytea;
ALTER TABLE webhooks ADD COLUMN old_secret_until bigint;

-- What was sent to each webhook, a row for each attempt: the newest alone are kept.
CREATE TABLE webhook_attempts (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook bigint NOT NULL,
    message text NOT NULL,
    event   text NOT NULL,
    attempt bigint NOT NULL,
    sent_at bigint NOT NULL,
    took_ms bigint NOT NULL,
    status  bigint,
    error   text,
    next_at bigint
);

CREATE INDEX webhook_attempts_webhook ON webhook_attempts (webhook, id);
