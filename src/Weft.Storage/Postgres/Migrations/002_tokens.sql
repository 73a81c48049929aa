-- A token's text is nowhere: hash is its SHA-256. A number that tasks remember never names another token.
CREATE TABLE tokens (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash       bytea NOT NULL UNIQUE,
    scopes     int NOT NULL,
    queues     text NOT NULL,
    name       text,
    created_at bigint NOT NULL,
    expires_at bigint
);

-- Which token submitted a task. A coordinator that asks for no tokens writes nothing here.
CREATE TABLE task_owners (
    task  bigint PRIMARY KEY,
    owner bigint NOT NULL
);

CREATE INDEX task_owners_owner ON task_owners (owner, task);

ALTER TABLE groups ADD COLUMN owner bigint;
