namespace Weft.Storage.Import;

/// <summary>The reads for a copy to another engine: each table once, in the order of its primary key.</summary>
internal static class ImportSourceSql
{
    public const string CountTasks = "SELECT count(*) FROM tasks";
    public const string CountTasksUpTo = "SELECT count(*) FROM tasks WHERE id <= ?";
    public const string SelectTaskCounts = """
        SELECT lane, state, count(*)
        FROM tasks
        GROUP BY lane, state
        ORDER BY lane, state
        """;
    public const string SelectNextModule = """
        SELECT id
        FROM modules
        WHERE hash IS NOT NULL AND id > ?
        ORDER BY id
        LIMIT 1
        """;
    public const string SelectBlobs = "SELECT id FROM modules WHERE kind = 3 AND hash IS NOT NULL ORDER BY id";
    public const string SelectBlobChunks = "SELECT body FROM module_chunks WHERE module = ? ORDER BY number";
    public const string SelectLastToken = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'tokens'), 0)";
    public const string SelectLastWebhook =
        "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'webhooks'), 0)";
    public const string SelectLastDelivery =
        "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'webhook_deliveries'), 0)";
    public const string SelectLastCorrection =
        "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'corrections'), 0)";
    public const string SelectLastAudit =
        "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit'), 0)";
    public const string SelectLastOperation =
        "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'operations'), 0)";

    // Numbers that change with nearly every write: whether the store is still the one that the copy started with.
    public const string SelectMark = """
        SELECT (SELECT group_concat(name || '=' || last, ' ') FROM (SELECT name, last FROM sequences ORDER BY name)),
            (
                SELECT group_concat(lane || '/' || state || '=' || tasks, ' ')
                FROM (SELECT lane, state, tasks FROM counts WHERE tasks <> 0 ORDER BY lane, state)
            ),
            (SELECT max(lease_until) FROM tasks WHERE due_at IS NOT NULL),
            (SELECT min(finished_at) FROM tasks WHERE finished_at IS NOT NULL),
            (SELECT max(finished_at) FROM tasks WHERE finished_at IS NOT NULL)
        """;
}
