namespace Weft.Storage.Sqlite;

/// <summary>What a move to another engine reads: each table once, in the order of its primary key.</summary>
internal static partial class SqliteSql
{
    // The key of a task by idempotency_keys_task: its tasks have consecutive ids from first_task on.
    public const string SelectMoving =
        "SELECT t.id, t.lane, t.state, t.priority, t.attempt, t.failures, t.max_attempts, t.lease_ms, t.submitted_at, t.run_at, t.expires_at, t.due_at, " +
        "t.lease_token, t.lease_worker, t.lease_from, t.lease_until, t.progress, t.finished_at, t.group_id, t.group_finish, t.type, " +
        "p.is_json, p.body, r.body, c.body, e.text, o.owner, m.module, m.run, " +
        "(SELECT k.key FROM idempotency_keys k WHERE k.first_task = (SELECT max(first_task) FROM idempotency_keys WHERE first_task <= t.id) AND t.id < k.first_task + k.tasks) " +
        "FROM tasks t JOIN payloads p ON p.task = t.id LEFT JOIN results r ON r.task = t.id LEFT JOIN checkpoints c ON c.task = t.id LEFT JOIN errors e ON e.task = t.id " +
        "LEFT JOIN task_owners o ON o.task = t.id LEFT JOIN task_modules m ON m.task = t.id WHERE t.id > ? ORDER BY t.id LIMIT ?";

    public const string CountTasks = "SELECT count(*) FROM tasks";
    public const string CountTasksUpTo = "SELECT count(*) FROM tasks WHERE id <= ?";
    public const string SelectTaskCounts = "SELECT lane, state, count(*) FROM tasks GROUP BY lane, state ORDER BY lane, state";
    public const string SelectModulesAfter = "SELECT id, hash, kind, size, name, created_at FROM modules WHERE hash IS NOT NULL AND id > ? ORDER BY id LIMIT 1";
    public const string SelectModuleChunks = "SELECT number, body FROM module_chunks WHERE module = ? ORDER BY number";
    public const string SelectQueueModuleRows = "SELECT queue, module, run FROM queue_modules ORDER BY queue";
    public const string SelectGroups = "SELECT id, name, created_at, owner, scheduled, ready, leased, completed, dead, cancelled FROM groups ORDER BY id";
    public const string SelectKeys = "SELECT key, fingerprint, first_task, tasks FROM idempotency_keys ORDER BY key";
    public const string SelectLastToken = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'tokens'), 0)";

    // Numbers that change with nearly everything that is done to a store: whether it is still the same one that a move began with.
    public const string SelectMark =
        "SELECT (SELECT group_concat(name || '=' || last, ' ') FROM (SELECT name, last FROM sequences ORDER BY name)), " +
        "(SELECT group_concat(lane || '/' || state || '=' || tasks, ' ') FROM (SELECT lane, state, tasks FROM counts WHERE tasks <> 0 ORDER BY lane, state)), " +
        "(SELECT max(lease_until) FROM tasks WHERE due_at IS NOT NULL), (SELECT min(finished_at) FROM tasks WHERE finished_at IS NOT NULL), (SELECT max(finished_at) FROM tasks WHERE finished_at IS NOT NULL)";
}
