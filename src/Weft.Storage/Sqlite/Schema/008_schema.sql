-- The schema of 0.1.0. Times are milliseconds since 1970 UTC. States are Weft.Core.Tasks.TaskState's numbers.

-- Tasks of one queue with the same requirements wait in one lane: a claim looks only at lanes that its worker can serve.
CREATE TABLE lanes (
    id       INTEGER PRIMARY KEY,
    queue    TEXT NOT NULL,
    requires TEXT NOT NULL,
    -- Whose tasks first needed the lane: it counts for that owner until it is empty.
    owner    INTEGER,
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

-- Finds a queue's scheduled tasks when it is purged. Tasks that were never scheduled are not in it, and cost nothing.
CREATE INDEX tasks_scheduled ON tasks (lane, id) WHERE state = 0;

-- By state, too: the leased tasks alone are found without those that wait for their time.
CREATE INDEX tasks_due ON tasks (state, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX tasks_finished ON tasks (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX tasks_group ON tasks (group_id, id) WHERE group_id IS NOT NULL;
CREATE INDEX tasks_group_finish ON tasks (group_id, group_finish) WHERE group_finish IS NOT NULL;

-- Tasks that were submitted for a time of day. Their times stay when somebody sets the wall clock; delays, leases and expiries move.
-- Apart from the tasks: those that were not pay nothing.
CREATE TABLE appointments (task INTEGER PRIMARY KEY);

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
    cancelled  INTEGER NOT NULL DEFAULT 0,
    owner      INTEGER
);

-- Lists an owner's groups.
CREATE INDEX groups_owner ON groups (owner, id) WHERE owner IS NOT NULL;

-- Finds groups without a task, which retention deletes.
CREATE INDEX groups_empty ON groups (created_at) WHERE scheduled + ready + leased + completed + dead + cancelled = 0;

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
    task          INTEGER PRIMARY KEY,
    owner         INTEGER NOT NULL,
    -- A task's end takes as much away as its submission brought, without a look at the payload.
    payload_bytes INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX task_owners_owner ON task_owners (owner, task);

-- What each owner has: unfinished tasks with their payloads' bytes, and the bytes of all that is stored, finished tasks too: payloads,
-- results, and 256 bytes for each task besides. Kept with every change of tasks, in the same transaction.
CREATE TABLE owner_counts (
    owner         INTEGER PRIMARY KEY,
    tasks         INTEGER NOT NULL,
    payload_bytes INTEGER NOT NULL,
    stored_bytes  INTEGER NOT NULL DEFAULT 0
);

-- A module is there once it has its hash; without one its chunks are still coming, or it was given up.
CREATE TABLE modules (
    id         INTEGER PRIMARY KEY,
    hash       TEXT UNIQUE,
    kind       INTEGER NOT NULL,
    size       INTEGER,
    name       TEXT,
    created_at INTEGER NOT NULL
);

CREATE TABLE module_chunks (
    module INTEGER NOT NULL,
    number INTEGER NOT NULL,
    body   BLOB NOT NULL,
    UNIQUE (module, number)
);

-- Who pushed a module, under which name. An upload that isn't sealed yet has its owner here, too.
CREATE TABLE module_owners (
    module INTEGER NOT NULL,
    owner  INTEGER NOT NULL,
    name   TEXT,
    PRIMARY KEY (module, owner)
) WITHOUT ROWID;

CREATE INDEX module_owners_owner ON module_owners (owner, module);

-- Apart from the tasks: those without a module pay nothing.
CREATE TABLE task_modules (
    task   INTEGER PRIMARY KEY,
    module INTEGER NOT NULL,
    run    BLOB
);

-- Says whether a module is in use.
CREATE INDEX task_modules_module ON task_modules (module);

CREATE TABLE queue_modules (
    queue  TEXT PRIMARY KEY,
    module INTEGER NOT NULL,
    run    BLOB
) WITHOUT ROWID;
