using Weft.Storage.Engine;
using Weft.Storage.Statements;

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

    public override string InsertCheckRow => """
        INSERT INTO tasks (id, lane, state, priority, max_attempts, lease_ms, submitted_at, ready_at, finished_at, type,
            payload_bytes)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10)
        """;

    // Primary key and checks_parent: the checks that are not done of tasks that are.
    public override string SelectOpenChecks => $"""
        SELECT k.parent, k.task
        FROM checks k
        JOIN tasks t ON t.id = k.task
        WHERE k.parent = ANY($1) AND t.state IN {StateSql.Unfinished}
        """;

    // Whoever answers an adaptive task is known from then on: two who see a worker first at the same time count both.
    // In one order, as all lock them.
    public override string InsertStandings => """
        INSERT INTO standings (identity, queue, network, is_trusted, answers, checks, faults, is_barred, given, dropped,
            audits_left, seen_at)
        SELECT h.identity, l.queue, h.network, h.is_trusted, 0, 0, 0, 0, 0, 0, 0, 0
        FROM holders h
        JOIN tasks t ON t.id = h.task
        JOIN lanes l ON l.id = t.lane
        JOIN task_modules m ON m.task = coalesce((SELECT k.parent FROM checks k WHERE k.task = h.task), h.task)
        WHERE h.task = ANY($1) AND m.policy LIKE '%"mode":"adaptive"%'
        ORDER BY h.identity, l.queue
        ON CONFLICT DO NOTHING
        """;

    // Primary keys: of those who gave answers to the tasks of which $1 are copies, and of who holds these.
    public override string LockStandings => $"""
        SELECT {StoreSql.StandingColumns}
        FROM standings s
        WHERE (s.identity, s.queue) IN (
            SELECT w.identity, l.queue
            FROM unnest($1::bigint[]) AS c (task)
            JOIN tasks t ON t.id = c.task
            JOIN lanes l ON l.id = t.lane
            LEFT JOIN checks k ON k.task = c.task
            CROSS JOIN LATERAL (
                SELECT a.identity FROM answers a WHERE a.task = coalesce(k.parent, c.task)
                UNION ALL
                SELECT h.identity FROM holders h WHERE h.task = c.task
            ) w
        )
        ORDER BY s.identity, s.queue
        FOR UPDATE
        """;

    public override string SelectPace { get; } = CheckSql.Pace("(SELECT weft_now())");

    // Two claims of one worker at the same time would both find it as far ahead of its checks as it was before.
    public override string LockPaces => """
        SELECT pg_advisory_xact_lock(x'57656678'::int, (u.identity % 2147483647)::int)
        FROM unnest($1::bigint[]) AS u (identity)
        ORDER BY u.identity
        """;

    // A number is given once those before are committed: who follows them misses none.
    public override string InsertCorrection => """
        INSERT INTO corrections (task, group_id, told, body, error, at)
        SELECT $1, $2, $3, $4, $5, $6
        FROM (SELECT pg_advisory_xact_lock(x'57656674'::int, 6)) AS l
        """;

    // tasks_ready, then primary keys. What another transaction is claiming is passed over.
    public override string LockReadyChecks { get; } = $"""
        SELECT {LockedTask.Columns}
        FROM tasks t
        WHERE t.state = {StateSql.Ready} AND t.id = ANY(ARRAY(
            SELECT k.task
            FROM {Windows}
            JOIN lanes n ON n.id = l.lane
            CROSS JOIN LATERAL (
                SELECT id
                FROM {CheckSql.Behind("l.lane", "l.priority", "l.id", "l.most")} w
                ORDER BY priority DESC, id
                LIMIT l.most
            ) f
            JOIN tasks t ON t.id = f.id
            JOIN checks k ON k.task = f.id
            WHERE {CheckSql.MayHave("$5", "$6", "(SELECT weft_now())", "$7", "n.queue")}
        ))
        ORDER BY t.priority DESC, t.id
        LIMIT $8
        FOR UPDATE SKIP LOCKED
        """;

    public override string SelectChecksEnds { get; } = $"""
        SELECT l.lane, e.priority::bigint, e.id
        FROM {Windows}
        CROSS JOIN LATERAL (
            SELECT priority, id
            FROM {CheckSql.Behind("l.lane", "l.priority", "l.id", "l.most")} w
            ORDER BY priority DESC, id
            LIMIT 1 OFFSET l.most - 1
        ) e
        """;

    private const string Windows =
        "unnest($1::int[], $2::int[], $3::bigint[], $4::int[]) AS l (lane, priority, id, most)";
}
