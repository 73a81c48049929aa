using System.Data;
using Npgsql;
using Weft.Storage.Engine;

namespace Weft.Storage.Postgres;

/// <summary>
/// Statements that go to the database together and come back together: one round trip, however many they are.
/// </summary>
internal sealed class PostgresRoundTrip(NpgsqlConnection connection) : IStatements, IAsyncDisposable
{
    private readonly NpgsqlBatch _batch = new(connection);
    private readonly List<Action<PostgresRow>> _rows = [];

    /// <summary>A statement that gives no rows.</summary>
    public NpgsqlBatchCommand Run(string sql) => _batch.Add(sql);

    /// <summary>A statement that gives rows, and what to do with each.</summary>
    public NpgsqlBatchCommand Query(string sql, Action<PostgresRow> row)
    {
        _rows.Add(row);
        return _batch.Add(sql);
    }

    IParameters IStatements.Run(string sql) => new Parameters(Run(sql));

    IParameters IStatements.QueryUntil(string sql, Func<IRow, bool> isLast)
    {
        // One box for all rows: it reads wherever the reader stands.
        IRow? boxed = null;
        var wantsMore = true;
        return new Parameters(Query(sql, row => wantsMore = wantsMore && !isLast(boxed ??= row)));
    }

    /// <exception cref="NpgsqlException">
    /// The connection is lost; the driver says so in another way where it knew before.
    /// </exception>
    public async Task SendAsync()
    {
        try
        {
            await ReadAsync();
        }
        catch (InvalidOperationException exception) when (connection.State != ConnectionState.Open)
        {
            throw new NpgsqlException("The connection is closed.", exception);
        }
    }

    public ValueTask DisposeAsync() => _batch.DisposeAsync();

    private async Task ReadAsync()
    {
        await using var reader = await _batch.ExecuteReaderAsync();
        foreach (var row in _rows)
        {
            while (await reader.ReadAsync()) row(new(reader));
            await reader.NextResultAsync();
        }

        // To the end: what failed after the last rows is found out only there.
        while (await reader.NextResultAsync())
        {
        }
    }

    private sealed class Parameters(NpgsqlBatchCommand command) : IParameters
    {
        public IParameters With(long? value)
        {
            command.With(value);
            return this;
        }

        public IParameters With(string? value)
        {
            command.With(value);
            return this;
        }

        public IParameters With(ReadOnlyMemory<byte>? value)
        {
            command.With(value);
            return this;
        }
    }
}
