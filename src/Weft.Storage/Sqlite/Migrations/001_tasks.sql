-- Times are milliseconds since 1970 UTC. States are Weft.Core.Tasks.TaskState's numbers.

-- Tasks of one queue with the same requirements wait in one lane: a claim looks only at lanes that its worker can serve.
CREATE TABLE lanes (
    id       INTEGER PRIMARY KEY,
    queue    TEXT NOT NULL,
    requires TEXT NOT NULL,
    UNIQUE (queue, requires)
);

CREATE TABLE paused_queues (queue TEXT PRIMARY KEY) WITHOUT ROWID;

-- Kept with every change of tasks, in the same transaction.
CREATE TABLE counts (
    lane  INTEGER NOT NULL,
    state INTEGER NOT NULL,
    tasks INTEGER NOT NULL,
    PRIMARY KEY (lane, state)
) WITHOUT ROWID;

-- The last numbers given out: they outlive the rows, so that none is given out twice.
CREATE TABLE sequences (
    name TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE tasks (
    id            INTEGER PRIMARY KEY,
    lane          INTEGER NOT NULL,
    state         INTEGER NOT NULL,
    priority      INTEGER NOT NULL,
    attempt       INTEGER NOT NULL DEFAULT 0,
    failures      INTEGER NOT NULL DEFAULT 0,
    max_attempts  INTEGER NOT NULL,
    lease_ms      INTEGER NOT NULL,
    submitted_at  INTEGER NOT NULL,
    run_at        INTEGER,
    expires_at    INTEGER,
    due_at        INTEGER,
    lease_token   INTEGER,
    lease_worker  TEXT,
    lease_from    INTEGER,
    lease_until   INTEGER,
    progress      REAL,
    finished_at   INTEGER,
    group_id      INTEGER,
    group_finish  INTEGER,
    type          TEXT
);

CREATE INDEX tasks_ready ON tasks (lane, priority DESC, id) WHERE state = 1;
CREATE INDEX tasks_due ON tasks (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX tasks_finished ON tasks (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX tasks_group ON tasks (group_id, id) WHERE group_id IS NOT NULL;
CREATE INDEX tasks_group_finish ON tasks (group_id, group_finish) WHERE group_finish IS NOT NULL;

-- What a transition must not rewrite.
CREATE TABLE payloads (
    task    INTEGER PRIMARY KEY,
    is_json INTEGER NOT NULL,
    body    BLOB NOT NULL
);

CREATE TABLE results (
    task INTEGER PRIMARY KEY,
    body BLOB NOT NULL
);

CREATE TABLE checkpoints (
    task INTEGER PRIMARY KEY,
    body BLOB NOT NULL
);

CREATE TABLE errors (
    task INTEGER PRIMARY KEY,
    text TEXT NOT NULL
);

CREATE TABLE idempotency_keys (
    key         TEXT PRIMARY KEY,
    fingerprint BLOB NOT NULL,
    first_task  INTEGER NOT NULL,
    tasks       INTEGER NOT NULL
) WITHOUT ROWID;

-- Finds the keys whose tasks retention has deleted.
CREATE INDEX idempotency_keys_task ON idempotency_keys (first_task);

CREATE TABLE groups (
    id         INTEGER PRIMARY KEY,
    name       TEXT,
    created_at INTEGER NOT NULL,
    scheduled  INTEGER NOT NULL DEFAULT 0,
    ready      INTEGER NOT NULL DEFAULT 0,
    leased     INTEGER NOT NULL DEFAULT 0,
    completed  INTEGER NOT NULL DEFAULT 0,
    dead       INTEGER NOT NULL DEFAULT 0,
    cancelled  INTEGER NOT NULL DEFAULT 0
);
