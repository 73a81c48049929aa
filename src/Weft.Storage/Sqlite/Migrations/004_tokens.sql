-- A token's text is nowhere: hash is its SHA-256. AUTOINCREMENT: a number that tasks remember must never name another token.
CREATE TABLE tokens (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    hash       BLOB NOT NULL UNIQUE,
    scopes     INTEGER NOT NULL,
    queues     TEXT NOT NULL,
    name       TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
);

-- Which token submitted a task. A coordinator that asks for no tokens writes nothing here.
CREATE TABLE task_owners (
    task  INTEGER PRIMARY KEY,
    owner INTEGER NOT NULL
);

CREATE INDEX task_owners_owner ON task_owners (owner, task);

ALTER TABLE groups ADD COLUMN owner INTEGER;
