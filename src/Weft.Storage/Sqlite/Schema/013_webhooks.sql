-- Who is told of what, by HTTP. Events are Weft.Core.Webhooks.WebhookEvents' numbers. AUTOINCREMENT: a number never
-- names another one.
CREATE TABLE webhooks (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    url           TEXT NOT NULL,
    -- Signs what is sent, so that it must be here as it is.
    secret        BLOB NOT NULL,
    events        INTEGER NOT NULL,
    queues        TEXT NOT NULL,
    group_id      INTEGER,
    name          TEXT,
    created_at    INTEGER NOT NULL,
    failing_since INTEGER,
    last_error    TEXT,
    disabled_at   INTEGER,
    dropped       INTEGER NOT NULL DEFAULT 0,
    given_up      INTEGER NOT NULL DEFAULT 0
);

-- What is to be sent: written by the transaction of which it tells, deleted once it has arrived.
CREATE TABLE webhook_deliveries (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    webhook    INTEGER NOT NULL,
    body       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    -- When it is sent; while it is being sent: when somebody else may.
    due_at     INTEGER NOT NULL
);

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook, due_at);
