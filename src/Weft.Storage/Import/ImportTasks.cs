using System.Collections.Frozen;
using NpgsqlTypes;
using Weft.Storage.Engine;
using Weft.Storage.Postgres;

namespace Weft.Storage.Import;

/// <summary>
/// Tasks, each with all its data in one row: read from a store, copied into the database, and read back with hashes for
/// bodies. Times are milliseconds since 1970 UTC, states are numbers.
/// </summary>
internal static class ImportTasks
{
    private static readonly ImportColumn[] Columns =
    [
        .. ImportColumn.Parse(TaskRow.Stored).Select(static column => column with { Source = $"t.{column.Name}" }),
        .. ImportColumn.Parse("""
        is_json boolean p.is_json, payload bytea p.body, result bytea r.body,
        checkpoint bytea c.body, error text e.text, owner bigint o.owner,
        module bigint m.module, run bytea m.run, files bigint m.files, policy text m.policy,
        risk bigint m.risk,
        outputs bigint r.outputs,
        payload_bytes int, key text
        """.ReplaceLineEndings(" ")),
    ];

    // Declared after the columns, whose positions it needs.
    private static readonly FrozenDictionary<string, int> Places =
        Columns.Index().ToFrozenDictionary(static column => column.Item.Name, static column => column.Index);

    // By primary keys; the key by idempotency_keys_task: its tasks have consecutive ids from first_task on.
    public static readonly string SelectStored = Select(static column => column.Source, "length(p.body)", """
        (
            SELECT k.key
            FROM idempotency_keys k
            WHERE k.first_task = (SELECT max(first_task) FROM idempotency_keys WHERE first_task <= t.id)
                AND t.id < k.first_task + k.tasks
        )
        """);

    private static readonly string SelectMoved = Select(
        static column => column.Type == NpgsqlDbType.Bytea ? $"sha256({column.Source})" : column.Source,
        "t.payload_bytes", "p.key");

    // A row that has nothing behind its first column isn't there.
    private static readonly (string Sql, int[] Columns)[] Tables =
    [
        Into("tasks", [.. Columns[..Places["is_json"]].Select(static column => column.Name), "payload_bytes"]),
        Into("payloads", ["task=id", "is_json", "body=payload", "key", "group_id"]),
        Into("results", ["task=id", "body=result", "outputs"]),
        Into("checkpoints", ["task=id", "body=checkpoint"]),
        Into("errors", ["task=id", "text=error"]),
        Into("task_owners", ["task=id", "owner"]),
        Into("task_modules", ["task=id", "module", "run", "files", "policy", "risk"]),
    ];

    // After the columns.
    private static readonly int Attempts = Columns.Length;

    public static long IdOf(object?[] task) => (long)task[0]!;

    /// <summary>The bytes of all bodies and of the attempts.</summary>
    public static long BytesOf(object?[] task) =>
        task.OfType<byte[]>().Sum(static body => body.LongLength) + AttemptsOf(task).Sum(ImportAttempts.BytesOf);

    /// <summary>Adds the attempts of a task that was read.</summary>
    public static void AddAttempts(object?[] task, IEnumerable<object?[]> attempts) =>
        task[Attempts] = attempts.ToArray();

    public static object?[] Read<TRow>(TRow row)
        where TRow : IRow
    {
        var task = new object?[Columns.Length + 1];
        for (var i = 0; i < Columns.Length; i++) task[i] = Columns[i].Read(row, i);
        return task;
    }

    /// <summary>Stores tasks and the progress in one transaction.</summary>
    public static Task StoreAsync(ImportTarget target, List<object?[]> tasks) => target.StoreAsync(async () =>
    {
        foreach (var (sql, columns) in Tables)
        {
            var rows = tasks.Where(task => Array.Exists(columns[1..], column => task[column] is not null));
            await PostgresCopy.RunAsync(target.Connection, sql, rows, async (copy, task) =>
            {
                foreach (var column in columns) await copy.PutAsync(task[column], Columns[column].Type);
            });
        }

        await ImportAttempts.StoreAsync(target, tasks.SelectMany(AttemptsOf));
        await target.RunAsync(ImportTargetSql.UpdateMovedTask, IdOf(tasks[^1]));
    });

    /// <summary>The tasks that have arrived after an id, with hashes for bodies.</summary>
    public static async Task<List<object?[]>> ReadAsync(ImportTarget target, long after, int max)
    {
        var tasks = await target.ReadAsync(SelectMoved, static row => Read(new PostgresRow(row)), after, max);
        if (tasks.Count == 0) return tasks;
        var attempts = await ImportAttempts.ReadAsync(target, IdOf(tasks[0]), IdOf(tasks[^1]));
        foreach (var task in tasks) AddAttempts(task, attempts[IdOf(task)]);
        return tasks;
    }

    private static object?[][] AttemptsOf(object?[] task) => (object?[][])task[Attempts]!;

    private static string Select(Func<ImportColumn, string> source, string payloadBytes, string key) => $"""
        SELECT {string.Join(", ", Columns[..^2].Select(source))}, {payloadBytes}, {key}
        FROM tasks t
        JOIN payloads p ON p.task = t.id
        LEFT JOIN results r ON r.task = t.id
        LEFT JOIN checkpoints c ON c.task = t.id
        LEFT JOIN errors e ON e.task = t.id
        LEFT JOIN task_owners o ON o.task = t.id
        LEFT JOIN task_modules m ON m.task = t.id
        WHERE t.id > $1
        ORDER BY t.id
        LIMIT $2
        """;

    /// <param name="table">The target table.</param>
    /// <param name="columns">Its columns; with the source's name if that differs.</param>
    private static (string Sql, int[] Columns) Into(string table, string[] columns) => (
        ImportTable.CopyInto(table, columns.Select(static column => column.Split('=')[0])),
        [.. columns.Select(static column => Places[column.Split('=')[^1]])]);
}
