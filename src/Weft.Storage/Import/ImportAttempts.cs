using Weft.Storage.Engine;
using Weft.Storage.Postgres;

namespace Weft.Storage.Import;

/// <summary>
/// The attempts of tasks: read from a store with each task, copied into the database, and read back.
/// </summary>
internal static class ImportAttempts
{
    private const int Worker = 2;
    private const int Error = 6;

    private static readonly ImportColumn[] Columns = ImportColumn.Parse(
        "task bigint, attempt int, worker text, claimed_at bigint, ended_at bigint, outcome smallint, error text");

    private static readonly string Copy =
        ImportTable.CopyInto("attempts", Columns.Select(static column => column.Name));

    // Primary key.
    public static readonly string Select = $"""
        SELECT {string.Join(", ", Columns.Select(static column => column.Source))}
        FROM attempts
        WHERE task BETWEEN $1 AND $2
        ORDER BY task, attempt
        """;

    public static long TaskOf(object?[] attempt) => (long)attempt[0]!;

    /// <summary>The approximate bytes of its texts.</summary>
    public static long BytesOf(object?[] attempt) =>
        sizeof(char) * (((string)attempt[Worker]!).Length + ((string?)attempt[Error] ?? "").Length);

    public static object?[] Read<TRow>(TRow row)
        where TRow : IRow
    {
        var attempt = new object?[Columns.Length];
        for (var i = 0; i < attempt.Length; i++) attempt[i] = Columns[i].Read(row, i);
        return attempt;
    }

    public static Task StoreAsync(ImportTarget target, IEnumerable<object?[]> attempts) =>
        PostgresCopy.RunAsync(target.Connection, Copy, attempts, async (copy, attempt) =>
        {
            for (var i = 0; i < Columns.Length; i++) await copy.PutAsync(attempt[i], Columns[i].Type);
        });

    /// <summary>
    /// The attempts that have arrived for the tasks from <paramref name="first"/> to <paramref name="last"/>.
    /// </summary>
    public static async Task<ILookup<long, object?[]>> ReadAsync(ImportTarget target, long first, long last) =>
        (await target.ReadAsync(Select, static row => Read(new PostgresRow(row)), first, last)).ToLookup(TaskOf);
}
