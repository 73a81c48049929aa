-- Results that are believed only once others have checked them. A task that is not verified writes nothing here.
-- Weft.Core.Verification has the numbers of roles and verdicts.
ALTER TABLE counts ADD COLUMN checking bigint NOT NULL DEFAULT 0;
ALTER TABLE group_counts ADD COLUMN checking bigint NOT NULL DEFAULT 0;

-- What a task or a queue asks for, as JSON.
ALTER TABLE task_modules ADD COLUMN policy text;
CREATE TABLE queue_policies (
    queue  text PRIMARY KEY,
    policy text NOT NULL
);

-- A check is a task of its own, in a lane that no list shows. One of a parent's is unfinished at most.
CREATE TABLE checks (
    task   bigint PRIMARY KEY,
    parent bigint NOT NULL,
    role   bigint NOT NULL,
    apart  bigint NOT NULL
);

CREATE INDEX checks_parent ON checks (parent);

-- Who claimed a verified task, or a check, last.
CREATE TABLE holders (
    task       bigint PRIMARY KEY,
    identity   bigint NOT NULL,
    network    bigint NOT NULL,
    is_trusted bigint NOT NULL
);

-- The answers to a task. Equal ones have the same answer_group, which is a hash, too.
CREATE TABLE answers (
    task         bigint NOT NULL,
    number       bigint NOT NULL,
    identity     bigint NOT NULL,
    network      bigint NOT NULL,
    is_trusted   bigint NOT NULL,
    sha256       bytea NOT NULL,
    answer_group bytea NOT NULL,
    at           bigint NOT NULL,
    role         bigint NOT NULL,
    verdict      bigint NOT NULL,
    PRIMARY KEY (task, number)
);

-- The first answer of each group while the task is undecided, where hashes alone don't tell what is equal.
CREATE TABLE answer_bodies (
    task   bigint NOT NULL,
    number bigint NOT NULL,
    body   bytea NOT NULL,
    PRIMARY KEY (task, number)
);

CREATE TABLE secrets (
    name  text PRIMARY KEY,
    value bytea NOT NULL
);

-- Where a worker asks from; NULL: it hasn't proven who it is.
ALTER TABLE workers ADD COLUMN network bigint;
