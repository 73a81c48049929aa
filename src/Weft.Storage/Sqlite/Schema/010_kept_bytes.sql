-- What a task holds besides its payload and result: how its module is run, its checkpoint and its errors. Counted for its
-- owner with every change of these, and taken away with the task.
ALTER TABLE task_owners ADD COLUMN kept_bytes INTEGER NOT NULL DEFAULT 0;

UPDATE task_owners SET kept_bytes =
    coalesce((SELECT length(m.run) FROM task_modules m WHERE m.task = task_owners.task), 0)
    + coalesce((SELECT length(c.body) FROM checkpoints c WHERE c.task = task_owners.task), 0)
    + coalesce((SELECT length(CAST(e.text AS BLOB)) FROM errors e WHERE e.task = task_owners.task), 0)
    + coalesce((SELECT sum(length(CAST(a.error AS BLOB))) FROM attempts a WHERE a.task = task_owners.task), 0);

UPDATE owner_counts SET stored_bytes = stored_bytes
    + coalesce((SELECT sum(o.kept_bytes) FROM task_owners o WHERE o.owner = owner_counts.owner), 0);
