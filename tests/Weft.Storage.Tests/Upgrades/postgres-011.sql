-- The newest schema before 0.1.0, as its eleven files made it, with a few rows.
CREATE TABLE weft_schema (version int NOT NULL);

CREATE FUNCTION weft_now() RETURNS bigint LANGUAGE sql VOLATILE
AS 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint';

CREATE TABLE lanes (
    id       int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue    text NOT NULL,
    requires text NOT NULL,
    UNIQUE (queue, requires)
);

CREATE TABLE paused_queues (queue text PRIMARY KEY);

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

CREATE SEQUENCE task_ids;
CREATE SEQUENCE group_ids;
CREATE SEQUENCE group_finishes;

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

CREATE TABLE payloads (
    task    bigint PRIMARY KEY,
    is_json boolean NOT NULL,
    body    bytea NOT NULL,
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
CREATE TABLE tokens (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash       bytea NOT NULL UNIQUE,
    scopes     int NOT NULL,
    queues     text NOT NULL,
    name       text,
    created_at bigint NOT NULL,
    expires_at bigint
);

CREATE TABLE task_owners (
    task  bigint PRIMARY KEY,
    owner bigint NOT NULL
);

CREATE INDEX task_owners_owner ON task_owners (owner, task);

ALTER TABLE groups ADD COLUMN owner bigint;
CREATE TABLE modules (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash       text UNIQUE,
    kind       smallint NOT NULL,
    size       bigint,
    name       text,
    created_at bigint NOT NULL,
    touched_at bigint NOT NULL
);

CREATE TABLE module_chunks (
    module bigint NOT NULL,
    number int NOT NULL,
    body   bytea NOT NULL,
    PRIMARY KEY (module, number)
);

ALTER TABLE module_chunks ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE task_modules (
    task   bigint PRIMARY KEY,
    module bigint NOT NULL,
    run    bytea
);

CREATE INDEX task_modules_module ON task_modules (module);

CREATE TABLE queue_modules (
    queue  text PRIMARY KEY,
    module bigint NOT NULL,
    run    bytea
);
CREATE UNLOGGED TABLE coordinators (
    id      text PRIMARY KEY,
    seen_at bigint NOT NULL
);

CREATE UNLOGGED TABLE workers (
    coordinator text NOT NULL,
    id          text NOT NULL,
    first_seen  bigint NOT NULL,
    last_seen   bigint NOT NULL,
    waits       boolean NOT NULL,
    claimed     bigint NOT NULL,
    completed   bigint NOT NULL,
    failed      bigint NOT NULL,
    PRIMARY KEY (coordinator, id)
) WITH (fillfactor = 50);
CREATE TABLE owner_counts (
    owner         bigint NOT NULL,
    shard         int NOT NULL,
    tasks         bigint NOT NULL,
    payload_bytes bigint NOT NULL,
    PRIMARY KEY (owner, shard)
) WITH (fillfactor = 50);

INSERT INTO owner_counts
SELECT o.owner, 0, count(*), sum(t.payload_bytes) FROM task_owners o JOIN tasks t ON t.id = o.task WHERE t.state <= 2 GROUP BY o.owner;
CREATE TABLE moves (
    mark        text NOT NULL,
    last_task   bigint NOT NULL,
    last_module bigint NOT NULL,
    settled     boolean NOT NULL,
    finished_at bigint
);
ALTER TABLE payloads ADD COLUMN group_id bigint;
UPDATE payloads p SET group_id = t.group_id FROM tasks t WHERE t.id = p.task AND t.group_id IS NOT NULL;
CREATE INDEX payloads_group ON payloads (group_id, task) WHERE group_id IS NOT NULL;
DROP INDEX tasks_group;
CREATE INDEX groups_owner ON groups (owner, id) WHERE owner IS NOT NULL;

CREATE INDEX groups_created ON groups (created_at);
ALTER TABLE owner_counts ADD COLUMN stored_bytes bigint NOT NULL DEFAULT 0;

INSERT INTO owner_counts (owner, shard, tasks, payload_bytes, stored_bytes)
SELECT o.owner, 0, 0, 0, sum(t.payload_bytes + 256 + coalesce(length(r.body), 0))
FROM task_owners o JOIN tasks t ON t.id = o.task LEFT JOIN results r ON r.task = o.task GROUP BY o.owner
ON CONFLICT (owner, shard) DO UPDATE SET stored_bytes = excluded.stored_bytes;

ALTER TABLE lanes ADD COLUMN owner bigint;

CREATE TABLE module_owners (
    module bigint NOT NULL,
    owner  bigint NOT NULL,
    name   text,
    PRIMARY KEY (module, owner)
);

CREATE INDEX module_owners_owner ON module_owners (owner, module);
ALTER TABLE workers ADD COLUMN queues text, ADD COLUMN capabilities text, ADD COLUMN modules_only boolean;
DROP INDEX tasks_due;
CREATE INDEX tasks_due ON tasks (state, due_at) WHERE due_at IS NOT NULL;

INSERT INTO lanes (queue, requires, owner) VALUES ('default', '', 1);
INSERT INTO tasks (id, lane, state, priority, attempt, max_attempts, lease_ms, submitted_at, lease_token, lease_worker, lease_from, lease_until, finished_at, group_id, group_finish, payload_bytes)
VALUES (nextval('task_ids'), 1, 1, 0, 0, 3, 60000, 1000, NULL, NULL, NULL, NULL, NULL, 1, NULL, 5),
       (nextval('task_ids'), 1, 3, 0, 1, 3, 60000, 1000, 7, 'w', 1500, 61500, 2000, 1, nextval('group_finishes'), 5);
INSERT INTO payloads (task, is_json, body, key, group_id) VALUES (1, true, '"one"', 'k', 1), (2, true, '"two"', 'k', 1);
INSERT INTO results VALUES (2, '2');
INSERT INTO counts (lane, shard, scheduled, ready, leased, completed, dead, cancelled) VALUES (1, 0, 0, 1, 0, 1, 0, 0);
INSERT INTO groups (id, name, created_at, owner) VALUES (nextval('group_ids'), 'g', 900, 1);
INSERT INTO group_counts (group_id, shard, scheduled, ready, leased, completed, dead, cancelled) VALUES (1, 0, 0, 1, 0, 1, 0, 0);
INSERT INTO tokens (hash, scopes, queues, name, created_at) VALUES ('\x00', 1, '', 't', 800);
INSERT INTO task_owners (task, owner) VALUES (1, 1), (2, 1);
INSERT INTO owner_counts (owner, shard, tasks, payload_bytes, stored_bytes) VALUES (1, 0, 1, 5, 523);
INSERT INTO idempotency_keys VALUES ('k', '\x01', ARRAY[1, 2]);
INSERT INTO weft_schema SELECT n FROM generate_series(1, 11) n;
