using Npgsql;

namespace Weft.Storage.Postgres;

/// <summary>
/// Opens connections to the primary. While none can be opened, further callers fail at once instead of each waiting for
/// a timeout; after a moment, the next caller tries again.
/// </summary>
internal sealed class PostgresConnections : IAsyncDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    private readonly NpgsqlDataSource _alone;
    private readonly NpgsqlDataSource _pooled;
    private readonly TimeProvider _time;
    private (Exception? Failure, long At) _last;

    public PostgresConnections(PostgresStoreOptions options)
    {
        _alone = PostgresDatabase.Open(options.ConnectionString, pooled: false);
        _pooled = PostgresDatabase.Open(options.ConnectionString, pooled: true);
        _time = options.Time;
    }

    /// <summary>A writer's connection. It keeps advisory locks, so it never returns to a pool.</summary>
    public async Task<PostgresSession> OpenAsync() => await PostgresSession.OpenAsync(await OpenAloneAsync());

    /// <summary>A connection that only its owner uses.</summary>
    public Task<NpgsqlConnection> OpenAloneAsync() => ConnectAsync(_alone);

    /// <summary>A connection for a read, from the pool.</summary>
    public Task<NpgsqlConnection> OpenReaderAsync() => ConnectAsync(_pooled);

    public async ValueTask DisposeAsync()
    {
        await _alone.DisposeAsync();
        await _pooled.DisposeAsync();
    }

    private async Task<NpgsqlConnection> ConnectAsync(NpgsqlDataSource source)
    {
        var last = _last;
        if (last.Failure is not null && _time.GetElapsedTime(last.At) < RetryPause) throw last.Failure;
        try
        {
            var connection = await source.OpenConnectionAsync();
            _last = default;
            return connection;
        }
        catch (Exception exception) when (PostgresErrorClassifier.IsLost(exception))
        {
            _last = (exception, _time.GetTimestamp());
            throw;
        }
    }
}
