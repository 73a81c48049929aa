-- Times are milliseconds since 1970 UTC. States are Weft.Core.Tasks.TaskState's numbers.

-- The clock of every coordinator on this database. clock_timestamp, not now(): a transaction may have waited for a lock.
CREATE FUNCTION weft_now() RETURNS bigint LANGUAGE sql VOLATILE
AS 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint';

-- Tasks of one queue with the same requirements wait in one lane: a claim looks only at lanes that its worker can serve.
CREATE TABLE lanes (
    id       int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue    text NOT NULL,
    requires text NOT NULL,
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
CREATE INDEX tasks_due ON tasks (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX tasks_finished ON tasks (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX tasks_group ON tasks (group_id, id) WHERE group_id IS NOT NULL;
CREATE INDEX tasks_group_finish ON tasks (group_id, group_finish) WHERE group_finish IS NOT NULL;

-- What a transition must not rewrite.
CREATE TABLE payloads (
    task    bigint PRIMARY KEY,
    is_json boolean NOT NULL,
    body    bytea NOT NULL,
    -- The idempotency key that the task came with: the key goes with the last of its tasks.
    key     text
);

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
    created_at bigint NOT NULL
);
