-- What each owner has unfinished. Kept with every change of tasks, in the same transaction.
CREATE TABLE owner_counts (
    owner         INTEGER PRIMARY KEY,
    tasks         INTEGER NOT NULL,
    payload_bytes INTEGER NOT NULL
);

-- A task's end takes as much away as its submission brought, without a look at the payload.
ALTER TABLE task_owners ADD COLUMN payload_bytes INTEGER NOT NULL DEFAULT 0;
UPDATE task_owners SET payload_bytes = (SELECT length(body) FROM payloads WHERE payloads.task = task_owners.task);

INSERT INTO owner_counts
SELECT o.owner, count(*), sum(o.payload_bytes) FROM task_owners o JOIN tasks t ON t.id = o.task WHERE t.state <= 2 GROUP BY o.owner;
