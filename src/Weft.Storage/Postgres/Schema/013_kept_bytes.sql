-- What a task holds besides its payload and result: how its module is run, its checkpoint and its errors. Counted for its
-- owner with every change of these, and taken away with the task.
ALTER TABLE task_owners ADD COLUMN kept_bytes bigint NOT NULL DEFAULT 0;

UPDATE task_owners o SET kept_bytes = k.bytes
FROM (
    SELECT u.task, coalesce((SELECT octet_length(m.run) FROM task_modules m WHERE m.task = u.task), 0)
        + coalesce((SELECT octet_length(c.body) FROM checkpoints c WHERE c.task = u.task), 0)
        + coalesce((SELECT octet_length(e.text) FROM errors e WHERE e.task = u.task), 0)
        + coalesce((SELECT sum(octet_length(a.error)) FROM attempts a WHERE a.task = u.task), 0) AS bytes
    FROM task_owners u
) k
WHERE k.task = o.task AND k.bytes > 0;

INSERT INTO owner_counts AS c (owner, shard, tasks, payload_bytes, stored_bytes)
SELECT owner, 0, 0, 0, sum(kept_bytes)::bigint
FROM task_owners
GROUP BY owner
HAVING sum(kept_bytes) > 0
ON CONFLICT (owner, shard) DO UPDATE SET stored_bytes = c.stored_bytes + excluded.stored_bytes;
