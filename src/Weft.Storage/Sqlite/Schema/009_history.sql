-- When a task last became ready: NULL for one that never was, or not since this column came.
ALTER TABLE tasks ADD COLUMN ready_at INTEGER;

-- Lists of dead and of cancelled tasks: there are few, and a list must not walk over all that are completed.
CREATE INDEX tasks_dead ON tasks (id) WHERE state = 4;
CREATE INDEX tasks_cancelled ON tasks (id) WHERE state = 5;

-- Attempts that have ended otherwise than by a first complete, which is in the task alone. Outcomes are
-- Weft.Core.Tasks.AttemptOutcome's numbers.
CREATE TABLE attempts (
    task       INTEGER NOT NULL,
    attempt    INTEGER NOT NULL,
    worker     TEXT NOT NULL,
    claimed_at INTEGER NOT NULL,
    ended_at   INTEGER NOT NULL,
    outcome    INTEGER NOT NULL,
    error      TEXT,
    PRIMARY KEY (task, attempt)
) WITHOUT ROWID;

-- Since when a group takes no more tasks; NULL while it does.
ALTER TABLE groups ADD COLUMN sealed_at INTEGER;
