using Npgsql;
using Weft.Storage.Engine;

namespace Weft.Storage.Postgres;

/// <summary>A writer's connection, with its own shard of the counts for as long as it lives.</summary>
internal sealed class PostgresSession : IRemoteSession<PostgresRow>, IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private PostgresSession(NpgsqlConnection connection)
    {
        _connection = connection;
        connection.Notice += (_, notice) =>
            WasNotReplicated |= PostgresErrorClassifier.SaysNotReplicated(notice.Notice);
    }

    public int Shard { get; private set; }

    /// <summary>
    /// Set when the server reports that it gave up waiting for a standby: commits that it then reports may be lost with
    /// it.
    /// </summary>
    public bool WasNotReplicated { get; set; }

    public static async Task<PostgresSession> OpenAsync(NpgsqlConnection connection)
    {
        var session = new PostgresSession(connection);
        try
        {
            await using var trip = session.NewTrip();
            trip.Query(PostgresSql.TakeShard, row => session.Shard = row.Int(0));
            await trip.SendAsync();
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public RoundTrip<PostgresRow> NewTrip() => new PostgresRoundTrip(_connection);

    public async Task RollbackAsync()
    {
        await using var trip = NewTrip();
        trip.Run(PostgresSql.Rollback);
        await trip.SendAsync();
    }

    /// <summary>Closes it for good: the shard must not stay with a pooled connection.</summary>
    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();
}
