using Weft.Core;
using Weft.Core.Tasks;
using Weft.Storage.Engine;
using Weft.Storage.Statements;

namespace Weft.Storage.Postgres;

/// <summary>Queues and lanes, their counts, and the tasks that they lead to.</summary>
internal sealed partial class PostgresSql
{
    // tasks_ready, once for each lane. Rows that another transaction is claiming are skipped.
    public override string LockReady => $"SELECT {LockedTask.Columns} {FromReady}";

    // The same, with the number of the task's files, by the primary key of task_modules.
    public override string LockReadyWithFiles => $"""
        SELECT {LockedTask.Columns}, (SELECT m.files FROM task_modules m WHERE m.task = t.id)
        {FromReady}
        """;

    private const string FromReady = $"""
        FROM unnest($1::int[], $2::int[]) AS l (lane, most)
        CROSS JOIN LATERAL (
            SELECT *
            FROM tasks
            WHERE lane = l.lane AND state = {StateSql.Ready}
            ORDER BY priority DESC, id
            LIMIT l.most
            FOR UPDATE SKIP LOCKED
        ) t
        """;

    // tasks_due, once for each state that time changes. Sweeps of several coordinators share the work.
    public override string LockDue { get; } = $"""
        SELECT {LockedTask.Columns}
        FROM (
            VALUES {string.Join(", ", TaskStates.Due.ToArray().Select(static state => $"({(int)state}::smallint)"))}
        ) AS s (state)
        CROSS JOIN LATERAL (
            SELECT *
            FROM tasks
            WHERE state = s.state AND due_at <= weft_now()
            ORDER BY due_at
            LIMIT $1
            FOR UPDATE SKIP LOCKED
        ) t
        LIMIT $1
        """;

    // tasks_ready and tasks_scheduled. The states are checked again once the rows are locked.
    public override string LockWaitingInQueue => $"""
        SELECT {LockedTask.Columns}
        FROM tasks t
        WHERE t.state IN {StateSql.Waiting}
            AND t.id IN (
                SELECT id
                FROM (
                    SELECT id
                    FROM tasks
                    WHERE lane = ANY($1) AND state = {StateSql.Ready}
                    UNION ALL
                    SELECT id
                    FROM tasks
                    WHERE lane = ANY($1) AND state = {StateSql.Scheduled}
                ) w
                LIMIT $2
            )
        ORDER BY t.id
        FOR UPDATE
        """;

    // payloads_group
    public override string LockGroupMembers => $"""
        SELECT {LockedTask.Columns}
        FROM payloads g
        JOIN tasks t ON t.id = g.task
        WHERE g.group_id = $1 AND g.task > $2
        ORDER BY g.task
        LIMIT $3
        FOR UPDATE OF t
        """;

    // tasks_finished
    public override string LockFinishedBefore { get; } = $"""
        SELECT {LockedTask.Columns}
        FROM tasks t
        WHERE t.id = ANY(ARRAY(
            SELECT o.id
            FROM (
                SELECT t.id, t.bytes, sum(t.bytes) OVER (ORDER BY t.finished_at, t.id) AS all_bytes
                FROM (
                    SELECT t.id, t.finished_at, {StoreSql.BytesOfTask} AS bytes
                    FROM tasks t
                    WHERE t.finished_at <= weft_now() - $1 /* age */
                        AND (
                            t.group_id IS NULL OR t.finished_at <= weft_now() - $3 /* age in a group */
                                OR NOT EXISTS (
                                    SELECT 1
                                    FROM group_counts c
                                    WHERE c.group_id = t.group_id
                                    HAVING sum({StateSql.UnfinishedSum}) > 0
                                )
                        )
                    ORDER BY t.finished_at
                    LIMIT $2
                ) t
            ) o
            WHERE o.all_bytes - o.bytes < {Limits.DeleteBytesMax}
        ))
            AND t.finished_at IS NOT NULL
        FOR UPDATE SKIP LOCKED
        """;

    public override string AddToCounts { get; } = AddToStates("counts", "lane");

    public override string SelectReadyInQueue => """
        SELECT c.lane, sum(c.ready)::bigint
        FROM counts c
        JOIN lanes l ON l.id = c.lane
        WHERE l.queue = $1
        GROUP BY c.lane
        """;

    // Lanes: a handful of rows. New ones are added under a lock, so that their number in a queue stays limited.
    public override string SelectLanesAfter => "SELECT id, queue, requires, owner FROM lanes WHERE id > $1 ORDER BY id";
    public override string LockLanes => "SELECT pg_advisory_xact_lock(x'57656674'::int, 2)";
    public override string SelectLanesInUse => $"SELECT lane FROM counts GROUP BY lane HAVING sum({StateSql.Sum}) <> 0";
    public override string InsertLanes => """
        INSERT INTO lanes (queue, requires, owner)
        SELECT *
        FROM unnest($1::text[], $2::text[], $3::bigint[])
        ON CONFLICT DO NOTHING
        """;

    // Lanes with ready tasks that may be claimed, by tasks_ready.
    public const string SelectReadyLanes = $"""
        SELECT l.id,
            (SELECT count(*) FROM (SELECT 1 FROM tasks WHERE lane = l.id AND state = {StateSql.Ready} LIMIT $1) r)
        FROM lanes l
        WHERE l.queue NOT IN (SELECT queue FROM paused_queues)
        """;

    // tasks_finished
    public const string SelectFinishedSince = """
        SELECT id
        FROM tasks
        WHERE finished_at >= $1
        ORDER BY finished_at DESC
        LIMIT $2
        """;

    private static string AddToStates(string table, string key) => $"""
        INSERT INTO {table} AS c ({key}, shard, {StateSql.Columns})
        SELECT u.id, $1 /* shard */, {StateSql.Each(static (column, _) => $"u.{column}")}
        FROM unnest(
            $2::bigint[], {StateSql.Each(static (_, state) => $"${3 + state}::bigint[]")}
        ) AS u (id, {StateSql.Columns})
        ORDER BY u.id
        ON CONFLICT ({key}, shard) DO UPDATE
        SET {StateSql.Each(static (column, _) => $"{column} = c.{column} + excluded.{column}")}
        """;
}
