-- What each owner has unfinished. Exact, and kept with every change of tasks in the same transaction, by shards as the other counts are.
CREATE TABLE owner_counts (
    owner         bigint NOT NULL,
    shard         int NOT NULL,
    tasks         bigint NOT NULL,
    payload_bytes bigint NOT NULL,
    PRIMARY KEY (owner, shard)
) WITH (fillfactor = 50);

INSERT INTO owner_counts
SELECT o.owner, 0, count(*), sum(t.payload_bytes) FROM task_owners o JOIN tasks t ON t.id = o.task WHERE t.state <= 2 GROUP BY o.owner;
