using Weft.Core;

namespace Weft.Storage.Postgres;

/// <summary>The owners' amounts: their tasks, counted by shards, and their groups.</summary>
internal sealed partial class PostgresSql
{
    // A submission's key is inserted with the ids of its tasks. A key that another transaction has just used breaks the
    // batch: it is retried.
    public override string InsertTasksWithKeysAndOwners { get; } = $"""
        {NewTasks(others: 6)},
        {InsertNewOwners},
        {InsertNewKeys}
        {SelectNewTasks}
        """;

    // The direct additions, tasks that finished or became unfinished, new results, and the tasks that are about to be
    // deleted.
    public override string AddToOwnerCounts { get; } = $"""
        INSERT INTO owner_counts AS c (owner, shard, tasks, payload_bytes, stored_bytes)
        SELECT n.owner, $1 /* shard */, sum(n.tasks)::bigint, sum(n.bytes)::bigint, sum(n.stored)::bigint
        FROM (
            SELECT *
            FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) AS a (owner, tasks, bytes, stored)
            UNION ALL
            SELECT o.owner, m.change, m.change * t.payload_bytes, 0
            FROM unnest($6::bigint[], $7::bigint[]) AS m (task, change)
            JOIN task_owners o ON o.task = m.task
            JOIN tasks t ON t.id = m.task
            UNION ALL
            SELECT o.owner, 0, 0, u.bytes
            FROM unnest($8::bigint[], $9::bigint[]) AS u (task, bytes)
            JOIN task_owners o ON o.task = u.task
            UNION ALL
            SELECT o.owner, 0, 0,
                -(t.payload_bytes + {Limits.TaskStoredBytes} + coalesce(length(r.body), 0) + o.kept_bytes)
            FROM unnest($10::bigint[]) AS d (task)
            JOIN task_owners o ON o.task = d.task
            JOIN tasks t ON t.id = d.task
            LEFT JOIN results r ON r.task = d.task
        ) n
        GROUP BY n.owner
        ORDER BY n.owner
        ON CONFLICT (owner, shard) DO UPDATE SET tasks = c.tasks + excluded.tasks,
            payload_bytes = c.payload_bytes + excluded.payload_bytes,
            stored_bytes = c.stored_bytes + excluded.stored_bytes
        """;

    // The bytes of tasks besides payload and result, once stored; octet_length reads no body. By primary keys.
    public override string CountKept => $"""
        WITH kept AS (
            SELECT o.task, o.owner, o.kept_bytes AS before, {KeptBytes} AS bytes
            FROM task_owners o
            WHERE o.task = ANY($2 /* tasks */)
        ),
        changed AS (
            UPDATE task_owners o
            SET kept_bytes = k.bytes
            FROM kept k
            WHERE o.task = k.task AND k.bytes <> k.before
        )
        INSERT INTO owner_counts AS c (owner, shard, tasks, payload_bytes, stored_bytes)
        SELECT owner, $1 /* shard */, 0, 0, sum(bytes - before)::bigint
        FROM kept
        WHERE bytes <> before
        GROUP BY owner
        ORDER BY owner
        ON CONFLICT (owner, shard) DO UPDATE SET stored_bytes = c.stored_bytes + excluded.stored_bytes
        """;

    /// <summary>Of a row of task_owners, o.</summary>
    public const string KeptBytes = """
        (
            coalesce((SELECT octet_length(m.run) FROM task_modules m WHERE m.task = o.task), 0)
                + coalesce((SELECT octet_length(c.body) FROM checkpoints c WHERE c.task = o.task), 0)
                + coalesce((SELECT octet_length(e.text) FROM errors e WHERE e.task = o.task), 0)
                + coalesce((SELECT sum(octet_length(a.error)) FROM attempts a WHERE a.task = o.task), 0)
        )
        """;

    // Rows of deleted tokens that have nothing left. A simultaneous change to such a row is put back.
    public override string DeleteIdleOwners => """
        WITH gone AS (
            DELETE FROM owner_counts WHERE owner IN (
                SELECT owner
                FROM owner_counts c
                WHERE owner <> 0 AND NOT EXISTS (SELECT 1 FROM tokens t WHERE t.id = c.owner)
                GROUP BY owner HAVING sum(tasks) = 0 AND sum(payload_bytes) = 0 AND sum(stored_bytes) = 0)
            RETURNING owner, shard, tasks, payload_bytes, stored_bytes)
        INSERT INTO owner_counts (owner, shard, tasks, payload_bytes, stored_bytes)
        SELECT owner, min(shard), sum(tasks)::bigint, sum(payload_bytes)::bigint, sum(stored_bytes)::bigint FROM gone
        GROUP BY owner HAVING sum(tasks) <> 0 OR sum(payload_bytes) <> 0 OR sum(stored_bytes) <> 0
        """;

    // Adding an owner's tasks locks that owner's counts until the commit, so that two transactions can't fill the same
    // space. Far below the limit this isn't necessary: up to half of it, everyone may add a share that all possible
    // writers could add at once. It is checked twice: the second check sees what was committed while the first waited.
    public override string LockOwners => """
        SELECT CASE WHEN u.tasks <= $5 / 2 / 1024 AND u.bytes <= $6 / 2 / 1024 AND u.stored <= $7 / 2 / 1024
            AND coalesce(s.tasks, 0) <= $5 / 2 AND coalesce(s.bytes, 0) <= $6 / 2 AND coalesce(s.stored, 0) <= $7 / 2
            THEN pg_advisory_xact_lock_shared(x'57656676'::int, (u.owner % 2147483647)::int)
            ELSE pg_advisory_xact_lock(x'57656676'::int, (u.owner % 2147483647)::int) END
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS u (owner, tasks, bytes, stored)
        LEFT JOIN LATERAL (
            SELECT sum(tasks) AS tasks, sum(payload_bytes) AS bytes, sum(stored_bytes) AS stored
            FROM owner_counts
            WHERE owner = u.owner
        ) s ON true
        ORDER BY u.owner
        """;
    public override string SelectOwnerCounts => """
        SELECT owner, sum(tasks)::bigint, sum(payload_bytes)::bigint, sum(stored_bytes)::bigint
        FROM owner_counts
        WHERE owner = ANY($1)
        GROUP BY owner
        """;

    // Creating groups for an owner takes a lock; they are counted by groups_owner.
    public override string LockGroupsOfOwner => """
        SELECT pg_advisory_xact_lock(x'57656677'::int, ($1::bigint % 2147483647)::int)
        """;
    public override string CountGroupsOfOwner => """
        SELECT count(*)
        FROM (SELECT 1 FROM groups WHERE owner = $1 LIMIT $2) g
        """;

    private const string InsertNewOwners =
        "new_owners AS (INSERT INTO task_owners (task, owner) SELECT id, owner FROM new WHERE owner IS NOT NULL)";

    private const string InsertNewOwnersWithRuns = """
        new_owners AS (
            INSERT INTO task_owners (task, owner, kept_bytes)
            SELECT id, owner, coalesce(length(run), 0)
            FROM new
            WHERE owner IS NOT NULL)
        """;
}
