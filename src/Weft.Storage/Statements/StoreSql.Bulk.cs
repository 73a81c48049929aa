namespace Weft.Storage.Statements;

/// <summary>Bulk operations: at most about a thousand rows, by primary key and operations_running.</summary>
internal static partial class StoreSql
{
    // Unless too many are unfinished, in total or of this token.
    public const string InsertBulkOperation = """
        INSERT INTO operations (
            action, state, filter, ids, id_count, priority, owner, token, token_name, started_at, last_task, cursor,
            looked, matched, changed, refused
        )
        SELECT $1, 0, $2, $3, $4, $5, $6, $7, $8, $9, (SELECT coalesce(max(id), 0) FROM tasks), 0, 0, 0, 0, 0
        WHERE (SELECT count(*) FROM operations WHERE state = 0) < $10
            AND (SELECT count(*) FROM operations WHERE state = 0 AND token = $7) < $11
        RETURNING id, last_task
        """;

    // Parameters: state, cursor, looked, matched, changed, refused, end, reason, runner, until, id. One that was
    // stopped in the same transaction stays stopped.
    public const string UpdateBulkOperation = """
        UPDATE operations
        SET state = CASE WHEN state = 0 THEN $1 ELSE state END, cursor = $2, looked = $3, matched = $4, changed = $5,
            refused = $6, finished_at = coalesce(finished_at, $7), reason = coalesce(reason, $8), runner = $9,
            runner_until = $10
        WHERE id = $11
        """;
    public const string StopBulkOperation = """
        UPDATE operations
        SET state = 2, reason = $1, finished_at = $2
        WHERE id = $3 AND state = 0
        RETURNING looked, matched, changed, refused
        """;
    public const string DeleteOldBulkOperations = """
        DELETE FROM operations
        WHERE state <> 0
            AND (finished_at <= $1 OR id NOT IN (SELECT id FROM operations ORDER BY id DESC LIMIT $2))
        RETURNING id
        """;
    public const string SelectTokenEnd = "SELECT expires_at FROM tokens WHERE id = $1";

    // Reads.
    public const string SelectBulkOperation = $"SELECT {BulkColumns}, ids FROM operations WHERE id = $1";

    // Of those that are this coordinator's, or no longer reserved, the one whose last step is the longest ago.
    public const string SelectRunningBulkOperation = $"""
        SELECT {BulkColumns}, ids
        FROM operations
        WHERE state = 0 AND (runner IS NULL OR runner = $1 OR runner_until <= $2)
        ORDER BY coalesce(runner_until, 0), id
        LIMIT 1
        """;
    public const string SelectBulkOperations = $"""
        SELECT {BulkColumns}, NULL
        FROM operations
        WHERE id < $1
        ORDER BY id DESC
        LIMIT $2
        """;
    public const string SelectBulkOperationsOfToken = $"""
        SELECT {BulkColumns}, NULL
        FROM operations
        WHERE token = $1 AND id < $2
        ORDER BY id DESC
        LIMIT $3
        """;

    // By primary key, for each task of a step.
    public const string SelectTaskOwner = "SELECT task, owner FROM task_owners WHERE task = $1";

    // A check isn't a submitted task.
    public const string SelectTaskIdWithOwner = """
        SELECT t.id, o.owner
        FROM tasks t
        LEFT JOIN task_owners o ON o.task = t.id
        WHERE t.id = $1 AND NOT EXISTS (SELECT 1 FROM checks k WHERE k.task = t.id)
        """;

    private const string BulkColumns = """
        id, action, state, filter, id_count, priority, owner, token, token_name, last_task, cursor, looked, matched,
            changed, refused, started_at, finished_at, reason, runner, runner_until
        """;
}
