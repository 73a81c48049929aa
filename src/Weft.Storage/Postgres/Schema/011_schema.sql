-- The schema of 0.1.0. Times are milliseconds since 1970 UTC. States are Weft.Core.Tasks.TaskState's numbers.

-- The clock of every coordinator on this database. clock_timestamp, not now(): a transaction may have waited for a lock.
CREATE FUNCTION weft_now() RETURNS bigint LANGUAGE sql VOLATILE
AS 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint';

-- Tasks of one queue with the same requirements wait in one lane: a claim looks only at lanes that its worker can serve.
CREATE TABLE lanes (
    id       int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue    text NOT NULL,
    requires text NOT NULL,
    -- Whose tasks first needed the lane: while it holds tasks it counts for that owner.
    owner    bigint,
    UNIQUE (queue, requires)
);

CREATE TABLE paused_queues (queue text PRIMARY KEY);

-- Exact, and kept with every change of tasks in the same transaction. Each writing connection has a shard of its own,
-- so that no two transactions want the same row; a reader adds them up.
CREATE TABLE counts (
    lane      int NOT NULL,
    shard     int NOT NULL,
    scheduled bigint NOT NULL,
    ready     bigint NOT NULL,
    leased    bigint NOT NULL,
    completed bigint NOT NULL,
    dead      bigint NOT NULL,
    cancelled bigint NOT NULL,
    PRIMARY KEY (lane, shard)
) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

CREATE TABLE group_counts (
    group_id  bigint NOT NULL,
    shard     int NOT NULL,
    scheduled bigint NOT NULL,
    ready     bigint NOT NULL,
    leased    bigint NOT NULL,
    completed bigint NOT NULL,
    dead      bigint NOT NULL,
    cancelled bigint NOT NULL,
    PRIMARY KEY (group_id, shard)
) WITH (fillfactor = 50);

-- Ids ascend from 1; a transaction that is rolled back leaves a gap.
CREATE SEQUENCE task_ids;
CREATE SEQUENCE group_ids;
CREATE SEQUENCE group_finishes;

-- Hot and narrow. Every change moves a row between the partial indexes, so that its new version needs room on its page
-- and its old one an early vacuum.
CREATE TABLE tasks (
    id            bigint PRIMARY KEY,
    submitted_at  bigint NOT NULL,
    run_at        bigint,
    expires_at    bigint,
    due_at        bigint,
    lease_token   bigint,
    lease_from    bigint,
    lease_until   bigint,
    finished_at   bigint,
    group_id      bigint,
    group_finish  bigint,
    progress      float8,
    lane          int NOT NULL,
    lease_ms      int NOT NULL,
    payload_bytes int NOT NULL,
    attempt       int NOT NULL DEFAULT 0,
    failures      int NOT NULL DEFAULT 0,
    max_attempts  int NOT NULL,
    priority      smallint NOT NULL,
    state         smallint NOT NULL,
    lease_worker  text,
    type          text
) WITH (fillfactor = 70, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_scale_factor = 0.02,
        autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_threshold = 5000, autovacuum_analyze_scale_factor = 0.1);

CREATE INDEX tasks_ready ON tasks (lane, priority DESC, id) WHERE state = 1;
CREATE INDEX tasks_scheduled ON tasks (lane, id) WHERE state = 0;

-- By state, too: the leased tasks alone are found without those that wait for their time.
CREATE INDEX tasks_due ON tasks (state, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX tasks_finished ON tasks (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX tasks_group_finish ON tasks (group_id, group_finish) WHERE group_finish IS NOT NULL;

-- What a transition must not rewrite.
CREATE TABLE payloads (
    task     bigint PRIMARY KEY,
    is_json  boolean NOT NULL,
    body     bytea NOT NULL,
    -- The idempotency key that the task came with: the key goes with the last of its tasks.
    key      text,
    -- A group's members are found by rows that never change: an index on tasks gets an entry with each change of a task.
    group_id bigint
);

CREATE INDEX payloads_group ON payloads (group_id, task) WHERE group_id IS NOT NULL;

CREATE TABLE results (
    task bigint PRIMARY KEY,
    body bytea NOT NULL
);

CREATE TABLE checkpoints (
    task bigint PRIMARY KEY,
    body bytea NOT NULL
);

CREATE TABLE errors (
    task bigint PRIMARY KEY,
    text text NOT NULL
);

CREATE TABLE idempotency_keys (
    key         text PRIMARY KEY,
    fingerprint bytea NOT NULL,
    tasks       bigint[] NOT NULL
);

CREATE TABLE groups (
    id         bigint PRIMARY KEY,
    name       text,
    created_at bigint NOT NULL,
    owner      bigint
);

-- Lists an owner's groups.
CREATE INDEX groups_owner ON groups (owner, id) WHERE owner IS NOT NULL;

-- Finds old groups, of which retention deletes those without a task.
CREATE INDEX groups_created ON groups (created_at);

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

-- What each owner has: unfinished tasks with their payloads' bytes, and the bytes of all that is stored, finished tasks too: payloads,
-- results, and 256 bytes for each task besides. Exact, kept with every change of tasks, and by shards as the other counts are.
CREATE TABLE owner_counts (
    owner         bigint NOT NULL,
    shard         int NOT NULL,
    tasks         bigint NOT NULL,
    payload_bytes bigint NOT NULL,
    stored_bytes  bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (owner, shard)
) WITH (fillfactor = 50);

-- A module is there once it has its hash; without one its chunks are still coming, or it was given up.
CREATE TABLE modules (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash       text UNIQUE,
    kind       smallint NOT NULL,
    size       bigint,
    name       text,
    created_at bigint NOT NULL,
    -- When the last chunk came: an upload that was given up is told by that, whichever coordinator took it in.
    touched_at bigint NOT NULL
);

CREATE TABLE module_chunks (
    module bigint NOT NULL,
    number int NOT NULL,
    body   bytea NOT NULL,
    PRIMARY KEY (module, number)
);

-- Squeezing a program would cost its every reader more than it saves.
ALTER TABLE module_chunks ALTER COLUMN body SET STORAGE EXTERNAL;

-- Who pushed a module, under which name. An upload that isn't sealed yet has its owner here, too.
CREATE TABLE module_owners (
    module bigint NOT NULL,
    owner  bigint NOT NULL,
    name   text,
    PRIMARY KEY (module, owner)
);

CREATE INDEX module_owners_owner ON module_owners (owner, module);

-- Apart from the tasks: those without a module pay nothing.
CREATE TABLE task_modules (
    task   bigint PRIMARY KEY,
    module bigint NOT NULL,
    run    bytea
);

-- Says whether a module is in use.
CREATE INDEX task_modules_module ON task_modules (module);

CREATE TABLE queue_modules (
    queue  text PRIMARY KEY,
    module bigint NOT NULL,
    run    bytea
);

-- Who sees which workers. Not logged: no commit waits for it, no standby copies it, and what a crash empties is told anew
-- within seconds.
CREATE UNLOGGED TABLE coordinators (
    id      text PRIMARY KEY,
    seen_at bigint NOT NULL
);

CREATE UNLOGGED TABLE workers (
    coordinator  text NOT NULL,
    id           text NOT NULL,
    first_seen   bigint NOT NULL,
    last_seen    bigint NOT NULL,
    waits        boolean NOT NULL,
    claimed      bigint NOT NULL,
    completed    bigint NOT NULL,
    failed       bigint NOT NULL,
    -- What the worker asked for last, with blanks between. NULL: it has asked for nothing.
    queues       text,
    capabilities text,
    modules_only boolean,
    PRIMARY KEY (coordinator, id)
) WITH (fillfactor = 50);

-- A store that 'weft migrate' carries over into this database: how far it has come. No coordinator starts before it has finished.
CREATE TABLE moves (
    -- Tells whether it is still the same store.
    mark        text NOT NULL,
    last_task   bigint NOT NULL,
    last_module bigint NOT NULL,
    -- Whether all that is not a task or a module is there too.
    settled     boolean NOT NULL,
    finished_at bigint
);
