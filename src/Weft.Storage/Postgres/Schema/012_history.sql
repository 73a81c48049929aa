-- When a task last became ready: NULL for one that never was, or not since this column came.
ALTER TABLE tasks ADD COLUMN ready_at bigint;

-- Lists of dead and of cancelled tasks: there are few, and a list must not walk over all that are completed.
CREATE INDEX tasks_dead ON tasks (id) WHERE state = 4;
CREATE INDEX tasks_cancelled ON tasks (id) WHERE state = 5;

-- Attempts that have ended otherwise than by a first complete, which is in the task alone. Outcomes are
-- Weft.Core.Tasks.AttemptOutcome's numbers.
CREATE TABLE attempts (
    task       bigint NOT NULL,
    attempt    int NOT NULL,
    worker     text NOT NULL,
    claimed_at bigint NOT NULL,
    ended_at   bigint NOT NULL,
    outcome    smallint NOT NULL,
    error      text,
    PRIMARY KEY (task, attempt)
);

-- Since when a group takes no more tasks; NULL while it does.
ALTER TABLE groups ADD COLUMN sealed_at bigint;
