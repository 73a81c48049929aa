using Weft.Storage.Engine;

namespace Weft.Storage.Sqlite;

/// <summary>
/// Every statement of the engine, each with the index that serves it. Parameters are bound in order.
/// </summary>
internal sealed partial class SqliteSql : EngineSql
{
    public static readonly SqliteSql Own = new();

    private const string TaskColumns = TaskRow.Columns;

    // The parts of an update, each bound by the method of SqliteTasks with the same name.
    private const string Change = "state = ?, due_at = ?";
    private const string LeaseChange =
        "attempt = ?, lease_token = ?, lease_worker = ?, lease_from = ?, lease_until = ?, progress = ?";
    private const string EndChange = "finished_at = ?, group_finish = ?";
    private const string RestChange = "failures = ?, run_at = ?, expires_at = ?, ready_at = ?";

    // Transactions. IMMEDIATE: the writer never has to upgrade a read, which could fail half-way.
    public const string Begin = "BEGIN IMMEDIATE";
    public const string BeginRead = "BEGIN";
    public const string Commit = "COMMIT";

    // Rows that this connection has changed since it was opened, to detect idle times.
    public const string SelectTotalChanges = "SELECT total_changes()";

    // Tasks, by primary key.
    public static readonly string InsertTask =
        $"INSERT INTO tasks (id, {TaskRow.NewColumns}) VALUES (?, {TaskRow.EachNew(static (_, _, _) => "?")})";
    public const string UpdateTask =
        $"UPDATE tasks SET {Change}, {LeaseChange}, {EndChange}, {RestChange} WHERE id = ?";
    public const string UpdateLease = $"UPDATE tasks SET {Change}, {LeaseChange} WHERE id = ?";
    public const string UpdateEnd = $"UPDATE tasks SET {Change}, {EndChange} WHERE id = ?";
    public const string UpdatePriority = "UPDATE tasks SET priority = ? WHERE id = ?";
    public const string SelectTask = $"SELECT {TaskColumns} FROM tasks t WHERE t.id = ?";
    public const string InsertPayload = "INSERT INTO payloads (task, is_json, body) VALUES (?, ?, ?)";
    public const string SelectPayload = "SELECT is_json, body FROM payloads WHERE task = ?";
    public const string InsertResult = "INSERT INTO results (task, body) VALUES (?, ?)";
    public const string SelectResultBytes = "SELECT length(body) FROM results WHERE task = ?";
    public const string SelectResult = "SELECT body FROM results WHERE task = ?";
    public const string UpsertCheckpoint = """
        INSERT INTO checkpoints (task, body)
        VALUES (?, ?)
        ON CONFLICT (task) DO UPDATE SET body = excluded.body
        """;
    public const string SelectCheckpoint = "SELECT body FROM checkpoints WHERE task = ?";
    public const string SelectCheckpointBytes = "SELECT length(body) FROM checkpoints WHERE task = ?";
    public const string SelectErrorBytes = "SELECT length(CAST(text AS BLOB)) FROM errors WHERE task = ?";
    public const string SelectAttemptBytes = """
        SELECT coalesce(sum(length(CAST(error AS BLOB))), 0)
        FROM attempts
        WHERE task = ? AND attempt BETWEEN ? AND ?
        """;
    public const string SelectError = "SELECT text FROM errors WHERE task = ?";
    public const string SelectHasErrors = "SELECT EXISTS (SELECT 1 FROM errors)";
    public const string UpsertError = """
        INSERT INTO errors (task, text)
        VALUES (?, ?)
        ON CONFLICT (task) DO UPDATE SET text = excluded.text
        """;

    public const string UpsertAttempt = """
        INSERT INTO attempts (task, attempt, worker, claimed_at, ended_at, outcome, error)
        VALUES (
            ? /* task */, ? /* attempt */, ? /* worker */, ? /* claimed_at */, ? /* ended_at */, ? /* outcome */,
                ? /* error */
        )
        ON CONFLICT (task, attempt) DO UPDATE
        SET ended_at = excluded.ended_at, outcome = excluded.outcome, error = excluded.error
        """;
    public const string DeleteAttempts = "DELETE FROM attempts WHERE task = ? AND attempt BETWEEN ? AND ?";

    // Retention, by primary key and idempotency_keys_task. The key of a task's submission, if there was one: its tasks
    // have consecutive ids from first_task on. It is deleted with the last of them; if this task came without a key,
    // the query finds another's, which still has tasks.
    private const string DeleteKey = """
        DELETE FROM idempotency_keys AS k
        WHERE k.first_task = (SELECT max(first_task) FROM idempotency_keys WHERE first_task <= ?)
            AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.id >= k.first_task AND t.id < k.first_task + k.tasks)
        """;

    public static readonly string[] DeleteAllOfTask =
    [
        "DELETE FROM tasks WHERE id = ?",
        .. ((string[])["payloads", "results", "checkpoints", "errors", "attempts", "task_owners"])
            .Select(static table => $"DELETE FROM {table} WHERE task = ?"),
        DeleteKey,
    ];

    // Idempotency keys, by primary key.
    public const string SelectKey = "SELECT fingerprint, first_task, tasks FROM idempotency_keys WHERE key = ?";
    public const string InsertKey = """
        INSERT INTO idempotency_keys (key, fingerprint, first_task, tasks)
        VALUES (? /* key */, ? /* fingerprint */, ? /* first_task */, ? /* tasks */)
        """;
}
