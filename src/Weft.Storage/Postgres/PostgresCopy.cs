using Npgsql;
using NpgsqlTypes;

namespace Weft.Storage.Postgres;

/// <summary>Rows on their way into one table by COPY, column by column in the order that its statement says.</summary>
internal sealed class PostgresCopy : IAsyncDisposable
{
    private readonly NpgsqlBinaryImporter _rows;

    private PostgresCopy(NpgsqlBinaryImporter rows) => _rows = rows;

    /// <summary>Copies what <paramref name="write"/> writes of each item; nothing is sent when there is none.</summary>
    public static async Task RunAsync<T>(NpgsqlConnection connection, string sql, IEnumerable<T> items, Func<PostgresCopy, T, Task> write)
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

    public Task PutAsync(long value) => _rows.WriteAsync(value, NpgsqlDbType.Bigint);

    public Task PutAsync(int value) => _rows.WriteAsync(value, NpgsqlDbType.Integer);

    public Task PutAsync(short value) => _rows.WriteAsync(value, NpgsqlDbType.Smallint);

    public Task PutAsync(bool value) => _rows.WriteAsync(value, NpgsqlDbType.Boolean);

    public Task PutAsync(ReadOnlyMemory<byte> value) => _rows.WriteAsync(value, NpgsqlDbType.Bytea);

    public Task PutAsync(long[] values) => _rows.WriteAsync(values, NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public Task PutAsync(long? value) => value is { } known ? PutAsync(known) : _rows.WriteNullAsync();

    public Task PutAsync(double? value) => value is { } known ? _rows.WriteAsync(known, NpgsqlDbType.Double) : _rows.WriteNullAsync();

    public Task PutAsync(string? value) => value is null ? _rows.WriteNullAsync() : _rows.WriteAsync(PostgresParameters.Storable(value), NpgsqlDbType.Text);

    public Task PutAsync(ReadOnlyMemory<byte>? value) => value is { } known ? PutAsync(known) : _rows.WriteNullAsync();

    public ValueTask DisposeAsync() => _rows.DisposeAsync();
}
