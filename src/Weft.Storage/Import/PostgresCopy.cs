using Npgsql;
using NpgsqlTypes;

namespace Weft.Storage.Import;

/// <summary>Rows on their way into one table by COPY, column by column in the order that its statement says.</summary>
internal sealed class PostgresCopy : IAsyncDisposable
{
    private readonly NpgsqlBinaryImporter _rows;

    private PostgresCopy(NpgsqlBinaryImporter rows) => _rows = rows;

    /// <summary>Copies what <paramref name="write"/> writes of each item; nothing is sent when there is none.</summary>
    public static async Task RunAsync<T>(
        NpgsqlConnection connection, string sql, IEnumerable<T> items, Func<PostgresCopy, T, Task> write)
    {
        using var each = items.GetEnumerator();
        if (!each.MoveNext()) return;
        var rows = await connection.BeginBinaryImportAsync(sql);
        // However long a server takes for the rows of a large store: nobody waits for an answer.
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
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "This type is not known."),
    };

    public ValueTask DisposeAsync() => _rows.DisposeAsync();
}
