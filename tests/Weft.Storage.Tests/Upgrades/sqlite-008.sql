-- The newest schema before 0.1.0, as its eight files made it, with a few rows.
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA application_id = 1466263156;
BEGIN;

CREATE TABLE lanes (
    id       INTEGER PRIMARY KEY,
    queue    TEXT NOT NULL,
    requires TEXT NOT NULL,
    UNIQUE (queue, requires)
);

CREATE TABLE paused_queues (queue TEXT PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE counts (
    lane  INTEGER NOT NULL,
    state INTEGER NOT NULL,
    tasks INTEGER NOT NULL,
    PRIMARY KEY (lane, state)
) WITHOUT ROWID;

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
CREATE INDEX tasks_scheduled ON tasks (lane, id) WHERE state = 0;

DELETE FROM lanes WHERE NOT EXISTS (SELECT 1 FROM counts WHERE counts.lane = lanes.id AND counts.tasks <> 0);
DELETE FROM counts WHERE lane NOT IN (SELECT id FROM lanes);
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

CREATE TABLE task_modules (
    task   INTEGER PRIMARY KEY,
    module INTEGER NOT NULL,
    run    BLOB
);

CREATE INDEX task_modules_module ON task_modules (module);

CREATE TABLE queue_modules (
    queue  TEXT PRIMARY KEY,
    module INTEGER NOT NULL,
    run    BLOB
) WITHOUT ROWID;
CREATE TABLE tokens (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    hash       BLOB NOT NULL UNIQUE,
    scopes     INTEGER NOT NULL,
    queues     TEXT NOT NULL,
    name       TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
);

CREATE TABLE task_owners (
    task  INTEGER PRIMARY KEY,
    owner INTEGER NOT NULL
);

CREATE INDEX task_owners_owner ON task_owners (owner, task);

ALTER TABLE groups ADD COLUMN owner INTEGER;
CREATE TABLE owner_counts (
    owner         INTEGER PRIMARY KEY,
    tasks         INTEGER NOT NULL,
    payload_bytes INTEGER NOT NULL
);

ALTER TABLE task_owners ADD COLUMN payload_bytes INTEGER NOT NULL DEFAULT 0;
UPDATE task_owners SET payload_bytes = (SELECT length(body) FROM payloads WHERE payloads.task = task_owners.task);

INSERT INTO owner_counts
SELECT o.owner, count(*), sum(o.payload_bytes) FROM task_owners o JOIN tasks t ON t.id = o.task WHERE t.state <= 2 GROUP BY o.owner;
CREATE INDEX groups_owner ON groups (owner, id) WHERE owner IS NOT NULL;

CREATE INDEX groups_empty ON groups (created_at) WHERE scheduled + ready + leased + completed + dead + cancelled = 0;
ALTER TABLE owner_counts ADD COLUMN stored_bytes INTEGER NOT NULL DEFAULT 0;

INSERT INTO owner_counts (owner, tasks, payload_bytes, stored_bytes)
SELECT o.owner, 0, 0, sum(o.payload_bytes + 256 + coalesce((SELECT length(r.body) FROM results r WHERE r.task = o.task), 0))
FROM task_owners o WHERE true GROUP BY o.owner
ON CONFLICT (owner) DO UPDATE SET stored_bytes = excluded.stored_bytes;

ALTER TABLE lanes ADD COLUMN owner INTEGER;

CREATE TABLE module_owners (
    module INTEGER NOT NULL,
    owner  INTEGER NOT NULL,
    name   TEXT,
    PRIMARY KEY (module, owner)
) WITHOUT ROWID;

CREATE INDEX module_owners_owner ON module_owners (owner, module);
CREATE TABLE appointments (task INTEGER PRIMARY KEY);

DROP INDEX tasks_due;
CREATE INDEX tasks_due ON tasks (state, due_at) WHERE due_at IS NOT NULL;

INSERT INTO lanes (id, queue, requires, owner) VALUES (1, 'default', '', 1);
INSERT INTO tasks (id, lane, state, priority, attempt, max_attempts, lease_ms, submitted_at, lease_token, lease_worker, lease_from, lease_until, finished_at, group_id, group_finish)
VALUES (1, 1, 1, 0, 0, 3, 60000, 1000, NULL, NULL, NULL, NULL, NULL, 1, NULL),
       (2, 1, 3, 0, 1, 3, 60000, 1000, 7, 'w', 1500, 61500, 2000, 1, 1);
INSERT INTO payloads VALUES (1, 1, CAST('"one"' AS BLOB)), (2, 1, CAST('"two"' AS BLOB));
INSERT INTO results VALUES (2, CAST('2' AS BLOB));
INSERT INTO counts VALUES (1, 1, 1), (1, 3, 1);
INSERT INTO groups (id, name, created_at, ready, completed, owner) VALUES (1, 'g', 900, 1, 1, 1);
INSERT INTO tokens (id, hash, scopes, queues, name, created_at) VALUES (1, x'00', 1, '', 't', 800);
INSERT INTO task_owners (task, owner, payload_bytes) VALUES (1, 1, 5), (2, 1, 5);
INSERT INTO owner_counts VALUES (1, 1, 5, 523);
INSERT INTO idempotency_keys VALUES ('k', x'01', 1, 2);
INSERT INTO sequences VALUES ('tasks', 2), ('groups', 1), ('lanes', 1), ('group_finishes', 1);
PRAGMA user_version = 8;
COMMIT;
