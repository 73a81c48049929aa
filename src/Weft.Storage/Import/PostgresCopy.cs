using Npgsql;
using NpgsqlTypes;

namespace Weft.Storage.Import;

/// <summary>Rows sent into one table by COPY, column by column in the order of its statement.</summary>
internal sealed class PostgresCopy : IAsyncDisposable
{
    private readonly NpgsqlBinaryImporter _rows;

    private PostgresCopy(NpgsqlBinaryImporter rows) => _rows = rows;

    /// <summary>
    /// Copies the output of <paramref name="write"/> for each item; nothing is sent if there are none.
    /// </summary>
    public static async Task RunAsync<T>(
        NpgsqlConnection connection, string sql, IEnumerable<T> items, Func<PostgresCopy, T, Task> write)
    {
        using var each = items.GetEnumerator();
        if (!each.MoveNext()) return;
        var rows = await connection.BeginBinaryImportAsync(sql);
        // No timeout for a large store: no caller waits for a response.
        rows.Timeout = TimeSpan.Zero;
        await using var copy = new PostgresCopy(rows);
        do
        {
            await rows.StartRowAsync();
            await write(copy, each.Current);
        }
        while (each.MoveNext());
        await rows.CompleteAsync();
    }

    public Task PutAsync(object? value, NpgsqlDbType type) => value switch
    {
        null => _rows.WriteNullAsync(),
        long number => _rows.WriteAsync(number, type),
        int number => _rows.WriteAsync(number, type),
        short number => _rows.WriteAsync(number, type),
        bool flag => _rows.WriteAsync(flag, type),
        double number => _rows.WriteAsync(number, type),
        string text => _rows.WriteAsync(text, type),
        byte[] bytes => _rows.WriteAsync(bytes, type),
        long[] numbers => _rows.WriteAsync(numbers, type),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "Unknown type."),
    };

    public ValueTask DisposeAsync() => _rows.DisposeAsync();
}
