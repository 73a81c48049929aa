using Weft.Core;
using Weft.Storage.Engine;
using Weft.Storage.Postgres;

namespace Weft.Storage.Import;

/// <summary>Copies another engine's store into an empty database, in bulk.</summary>
internal static class ImportTargetSql
{
    // One of the database's advisory lock numbers: one migration at a time, for as long as its connection lives.
    public const string LockMove = "SELECT pg_try_advisory_lock(x'57656674'::int, 7)";
    public const string SelectMove = "SELECT mark, last_task, last_module, settled, finished_at FROM moves";
    public const string SelectHoldsData = """
        SELECT EXISTS (SELECT 1 FROM tasks) OR EXISTS (SELECT 1 FROM groups) OR EXISTS (SELECT 1 FROM lanes)
            OR EXISTS (SELECT 1 FROM tokens) OR EXISTS (SELECT 1 FROM modules) OR EXISTS (
                SELECT 1
                FROM idempotency_keys
            )
            OR EXISTS (SELECT 1 FROM paused_queues) OR EXISTS (SELECT 1 FROM operations)
            OR EXISTS (SELECT 1 FROM audit) OR EXISTS (SELECT 1 FROM webhooks) OR EXISTS (SELECT 1 FROM moves)
        """;
    public const string InsertMove = """
        INSERT INTO moves (mark, last_task, last_module, settled)
        VALUES ($1, 0, 0, false)
        """;
    public const string UpdateMovedTask = "UPDATE moves SET last_task = $1";
    public const string UpdateMovedModule = "UPDATE moves SET last_module = $1";
    public const string SettleMove = "UPDATE moves SET settled = true";
    public const string FinishMove = "UPDATE moves SET finished_at = weft_now()";

    // Counted from the rows, in shard 0.
    public static readonly string CountMovedTasks = $"""
        INSERT INTO counts (lane, shard, {StateSql.Columns})
        SELECT lane, 0 /* shard */, {StateSql.CountEach}
        FROM tasks
        GROUP BY lane
        """;

    public const string CountMovedKept = $"""
        UPDATE task_owners t
        SET kept_bytes = k.bytes
        FROM (SELECT o.task, {PostgresSql.KeptBytes} AS bytes FROM task_owners o) k
        WHERE k.task = t.task AND k.bytes <> t.kept_bytes
        """;

    public static readonly string CountMovedOwners = $"""
        INSERT INTO owner_counts (owner, shard, tasks, payload_bytes, stored_bytes)
        SELECT o.owner, 0, count(*) FILTER (WHERE t.state IN {StateSql.Unfinished}),
            coalesce(sum(t.payload_bytes) FILTER (WHERE t.state IN {StateSql.Unfinished}), 0),
            sum(t.payload_bytes + {Limits.TaskStoredBytes} + coalesce(length(r.body), 0) + o.kept_bytes)
        FROM task_owners o
        JOIN tasks t ON t.id = o.task
        LEFT JOIN results r ON r.task = o.task
        GROUP BY o.owner
        """;

    // Sequences continue where they were: no number is reused.
    public const string SetSequences = """
        SELECT setval('task_ids', greatest($1, 1), $1 > 0), setval('group_ids', greatest($2, 1), $2 > 0),
            setval('group_finishes', greatest($3, 1), $3 > 0),
            setval(pg_get_serial_sequence('lanes', 'id'), greatest($4, 1), $4 > 0),
            setval(pg_get_serial_sequence('tokens', 'id'), greatest($5, 1), $5 > 0),
            setval(pg_get_serial_sequence('operations', 'id'), greatest($6, 1), $6 > 0),
            setval(pg_get_serial_sequence('audit', 'id'), greatest($7, 1), $7 > 0),
            setval(pg_get_serial_sequence('webhooks', 'id'), greatest($8, 1), $8 > 0),
            setval(pg_get_serial_sequence('webhook_deliveries', 'id'), greatest($9, 1), $9 > 0),
            setval(pg_get_serial_sequence('corrections', 'number'), greatest($10, 1), $10 > 0),
            setval(
                pg_get_serial_sequence('modules', 'id'), greatest((SELECT max(id) FROM modules), 1),
                    EXISTS (SELECT 1 FROM modules)
            )
        """;

    public static readonly string SelectMovedCounts = $"""
        SELECT lane, s.state, s.tasks
        FROM counts, LATERAL (VALUES {StateSql.StatesAndColumns}) AS s (state, tasks)
        WHERE shard = 0 AND s.tasks <> 0
        ORDER BY lane, s.state
        """;
    public const string SelectBlobChunks = """
        SELECT encode(sha256(body), 'hex')
        FROM module_chunks
        WHERE module = $1 AND number <= $2
        ORDER BY number
        """;
    public const string CountBrokenModules = """
        SELECT count(*)
        FROM modules m
        WHERE m.kind <> 3 AND m.hash IS DISTINCT FROM (
            SELECT encode(sha256(string_agg(c.body, ''::bytea ORDER BY c.number)), 'hex')
            FROM module_chunks c
            WHERE c.module = m.id
        )
        """;
}
