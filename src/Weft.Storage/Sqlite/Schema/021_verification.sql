-- Results that are believed only once others have checked them. A task that is not verified writes nothing here.
-- Weft.Core.Verification has the numbers of roles and verdicts.
ALTER TABLE groups ADD COLUMN checking INTEGER NOT NULL DEFAULT 0;

DROP INDEX groups_empty;
CREATE INDEX groups_empty ON groups (created_at)
    WHERE scheduled + ready + leased + completed + dead + cancelled + checking = 0;

-- What a task or a queue asks for, as JSON.
ALTER TABLE task_modules ADD COLUMN policy TEXT;
CREATE TABLE queue_policies (
    queue  TEXT PRIMARY KEY,
    policy TEXT NOT NULL
) WITHOUT ROWID;

-- A check is a task of its own, in a lane that no list shows. One of a parent's is unfinished at most.
CREATE TABLE checks (
    task   INTEGER PRIMARY KEY,
    parent INTEGER NOT NULL,
    role   INTEGER NOT NULL,
    apart  INTEGER NOT NULL
);

CREATE INDEX checks_parent ON checks (parent);

-- Who claimed a verified task, or a check, last.
CREATE TABLE holders (
    task       INTEGER PRIMARY KEY,
    identity   INTEGER NOT NULL,
    network    INTEGER NOT NULL,
    is_trusted INTEGER NOT NULL
);

-- The answers to a task. Equal ones have the same answer_group, which is a hash, too.
CREATE TABLE answers (
    task         INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    identity     INTEGER NOT NULL,
    network      INTEGER NOT NULL,
    is_trusted   INTEGER NOT NULL,
    sha256       BLOB NOT NULL,
    answer_group BLOB NOT NULL,
    at           INTEGER NOT NULL,
    role         INTEGER NOT NULL,
    verdict      INTEGER NOT NULL,
    PRIMARY KEY (task, number)
) WITHOUT ROWID;

-- The first answer of each group while the task is undecided, where hashes alone don't tell what is equal.
CREATE TABLE answer_bodies (
    task   INTEGER NOT NULL,
    number INTEGER NOT NULL,
    body   BLOB NOT NULL,
    PRIMARY KEY (task, number)
);

CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;
