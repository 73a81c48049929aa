using System.Data;
using Npgsql;

namespace Weft.Storage.Postgres;

/// <summary>Statements that go to the database together and come back together: one round trip, however many they are.</summary>
internal sealed class PostgresTrip(NpgsqlConnection connection) : IAsyncDisposable
{
    private readonly NpgsqlBatch _batch = new(connection);
    private readonly List<Action<NpgsqlDataReader>> _rows = [];

    /// <summary>A statement that gives no rows.</summary>
    public NpgsqlBatchCommand Run(string sql) => _batch.Add(sql);

    /// <summary>A statement that gives rows, and what to do with each.</summary>
    public NpgsqlBatchCommand Ask(string sql, Action<NpgsqlDataReader> row)
    {
        _rows.Add(row);
        return _batch.Add(sql);
    }

    /// <exception cref="NpgsqlException">The connection is lost; the driver says so in another way where it knew before.</exception>
    public async Task GoAsync()
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
            while (await reader.ReadAsync()) row(reader);
            await reader.NextResultAsync();
        }

        // To the end: what failed after the last rows is found out only there.
        while (await reader.NextResultAsync())
        {
        }
    }
}
