using Weft.Core;
using Weft.Storage.Engine;

namespace Weft.Storage.Postgres;

/// <summary>Verified tasks and their checks.</summary>
internal sealed partial class PostgresSql
{
    // Primary keys and checks_parent: the tasks that checks are of, and the checks of tasks that are not done.
    public override string LockFamilies => $"""
        SELECT {LockedTask.Columns}
        FROM tasks t
        WHERE t.id IN (SELECT k.parent FROM checks k WHERE k.task = ANY($1))
            OR (t.state IN {StateSql.Unfinished} AND t.id IN (SELECT k.task FROM checks k WHERE k.parent = ANY($1)))
        ORDER BY t.id
        FOR UPDATE
        """;

    public override string TakeTaskIds => "SELECT nextval('task_ids') FROM generate_series(1, $1)";

    public override string InsertCheckRow => $"""
        INSERT INTO tasks (id, lane, state, priority, max_attempts, lease_ms, submitted_at, ready_at, type,
            payload_bytes)
        VALUES ($1, $2, {StateSql.Ready}, $3, $4, $5, $6, $6, $7, $8)
        """;

    // tasks_ready, then primary keys: checks of tasks that neither this worker has answered nor, unless the policy
    // allows that, its network. What another transaction is claiming is passed over.
    public override string LockReadyChecks { get; } = $"""
        SELECT {LockedTask.Columns}
        FROM tasks t
        WHERE t.state = {StateSql.Ready} AND t.id = ANY(ARRAY(
            SELECT f.id
            FROM unnest($1::int[]) AS l (lane)
            CROSS JOIN LATERAL (
                SELECT id
                FROM tasks
                WHERE lane = l.lane AND state = {StateSql.Ready}
                ORDER BY priority DESC, id
                LIMIT {Limits.ChecksScanMax}
            ) f
            JOIN checks k ON k.task = f.id
            WHERE NOT EXISTS (
                SELECT 1
                FROM answers a
                WHERE a.task = k.parent AND (a.identity = $2 OR (k.apart = 0 AND a.network = $3))
            )
        ))
        ORDER BY t.priority DESC, t.id
        LIMIT $4
        FOR UPDATE SKIP LOCKED
        """;
}
