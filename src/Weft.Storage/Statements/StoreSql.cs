using Weft.Storage.Engine;

namespace Weft.Storage.Statements;

/// <summary>
/// Statements that every engine understands, each with the index that serves it. A parameter's number is its position
/// among the parameters that the text names: SQLite counts them that way, whatever their numbers are.
/// </summary>
internal static partial class StoreSql
{
    /// <summary>Tasks with the texts of their errors; the indexes depend on what follows.</summary>
    public const string SelectTasksWithErrors = $"""
        SELECT {TaskRow.Columns}, e.text
        FROM tasks t
        LEFT JOIN errors e ON e.task = t.id
        """;

    // Primary keys.
    public const string SelectTaskWithOwner = $"""
        SELECT {TaskRow.Columns}, e.text, o.owner
        FROM tasks t
        LEFT JOIN errors e ON e.task = t.id
        LEFT JOIN task_owners o ON o.task = t.id
        WHERE t.id = $1
        """;

    /// <summary>
    /// The task $5 with its payload where $1 is 1, its result with the files that came with it where $2 is, its
    /// checkpoint where $3 is, and its owner where $4 is.
    /// </summary>
    public const string SelectTaskWithParts = $"""
        SELECT {TaskRow.Columns}, e.text, p.is_json, p.body, r.body, f.files, c.body, o.owner
        FROM tasks t
        LEFT JOIN errors e ON e.task = t.id
        LEFT JOIN payloads p ON $1 = 1 AND p.task = t.id
        LEFT JOIN results r ON $2 = 1 AND t.state = {StateSql.Completed} AND r.task = t.id
        LEFT JOIN file_sets f ON f.id = r.outputs
        LEFT JOIN checkpoints c ON $3 = 1 AND c.task = t.id
        LEFT JOIN task_owners o ON $4 = 1 AND o.task = t.id
        WHERE t.id = $5
        """;
    public const string SelectAttempts = $"""
        SELECT {StoreRows.AttemptColumns}
        FROM attempts
        WHERE task = $1
        ORDER BY attempt
        """;

    // tasks_ready, for the higher priorities and for its own.
    public const string CountAhead = $"""
        SELECT count(*)
        FROM (
            SELECT 1
            FROM tasks t
            JOIN tasks a ON a.lane = t.lane AND a.state = {StateSql.Ready} AND a.priority > t.priority
            WHERE t.id = $1 AND t.state = {StateSql.Ready}
            UNION ALL
            SELECT 1
            FROM tasks t
            JOIN tasks a ON a.lane = t.lane AND a.state = {StateSql.Ready} AND a.priority = t.priority AND a.id < t.id
            WHERE t.id = $1 AND t.state = {StateSql.Ready}
            LIMIT $2
        ) r
        """;

    // tasks_ready, two seeks for each priority: within one, the first is the oldest, or nearly.
    public const string SelectOldestReady = $"""
        WITH RECURSIVE firsts (id, priority, ready_at, number) AS (
            SELECT *
            FROM (
                SELECT id, priority, ready_at, 1
                FROM tasks
                WHERE lane = $1 AND state = {StateSql.Ready}
                ORDER BY priority DESC, id
                LIMIT 1
            ) f
            UNION ALL
            SELECT t.id, t.priority, t.ready_at, f.number + 1
            FROM firsts f
            JOIN tasks t ON t.id = (
                SELECT n.id
                FROM tasks n
                WHERE n.lane = $1 AND n.state = {StateSql.Ready} AND n.priority < f.priority
                ORDER BY n.priority DESC, n.id
                LIMIT 1
            )
            WHERE f.number < $2
        )
        SELECT min(ready_at)
        FROM firsts
        """;

    // tasks_finished
    public const string SelectFinishesOfLane = $"""
        SELECT f.finished_at
        FROM (
            SELECT lane, state, finished_at
            FROM tasks
            WHERE finished_at IS NOT NULL
            ORDER BY finished_at DESC
            LIMIT $1
        ) f
        WHERE f.state IN ({StateSql.Completed}, {StateSql.Dead}) AND f.lane = (
            SELECT lane
            FROM tasks
            WHERE id = $2 AND state = {StateSql.Ready}
        )
        ORDER BY f.finished_at DESC
        """;

    // tasks_due
    public const string SelectLeased = $"""
        SELECT id, lease_worker
        FROM tasks t
        WHERE state = {StateSql.Leased} AND due_at IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM checks k WHERE k.task = t.id)
        ORDER BY due_at
        LIMIT $1
        """;

    // tasks_group_finish
    public const string SelectResultsAsFinished = $"""
        SELECT {GroupResultsBuilder.Columns}, t.group_finish
        FROM tasks t
        LEFT JOIN errors e ON e.task = t.id
        LEFT JOIN results r ON r.task = t.id AND t.state = {StateSql.Completed}
        LEFT JOIN file_sets f ON f.id = r.outputs
        WHERE t.group_id = $1 AND t.group_finish > $2
        ORDER BY t.group_finish
        LIMIT $3
        """;

    /// <summary>The bytes of task t.id: only their lengths are read. By primary keys.</summary>
    public const string BytesOfTask = """
        coalesce((SELECT length(body) FROM payloads WHERE task = t.id), 0)
            + coalesce((SELECT length(body) FROM results WHERE task = t.id), 0)
            + coalesce((SELECT length(body) FROM checkpoints WHERE task = t.id), 0)
        """;
    public const string SelectBytesOfTask = 
        $"SELECT t.id, CAST({BytesOfTask} AS bigint) FROM tasks t WHERE t.id = $1";

    // A few rows.
    public const string SelectPausedQueues = "SELECT queue FROM paused_queues ORDER BY queue";
    public const string InsertPausedQueue = "INSERT INTO paused_queues (queue) VALUES ($1) ON CONFLICT DO NOTHING";
    public const string DeletePausedQueue = "DELETE FROM paused_queues WHERE queue = $1";
}
