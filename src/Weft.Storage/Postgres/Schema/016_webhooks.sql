-- Who is told of what, by HTTP. Events are Weft.Core.Webhooks.WebhookEvents' numbers.
CREATE TABLE webhooks (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url           text NOT NULL,
    -- Signs what is sent, so that it must be here as it is.
    secret        bytea NOT NULL,
    events        bigint NOT NULL,
    queues        text NOT NULL,
    group_id      bigint,
    name          text,
    created_at    bigint NOT NULL,
    failing_since bigint,
    last_error    text,
    disabled_at   bigint,
    dropped       bigint NOT NULL DEFAULT 0,
    given_up      bigint NOT NULL DEFAULT 0
);

-- What is to be sent: written by the transaction of which it tells, deleted once it has arrived.
CREATE TABLE webhook_deliveries (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook    bigint NOT NULL,
    body       text NOT NULL,
    created_at bigint NOT NULL,
    attempts   bigint NOT NULL DEFAULT 0,
    -- When it is sent; while it is being sent: when somebody else may.
    due_at     bigint NOT NULL
);

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook, due_at);
