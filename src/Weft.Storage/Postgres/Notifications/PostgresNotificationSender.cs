using Npgsql;
using Weft.Storage.Engine;

namespace Weft.Storage.Postgres;

/// <summary>
/// Sends the effects of commits to the other coordinators. After the commit and on its own connection: a notification
/// within a transaction would make PostgreSQL serialize the commits of all that notify. While one is being sent, the
/// next one accumulates.
/// </summary>
internal sealed class PostgresNotificationSender : IAsyncDisposable
{
    private const int FinishedMax = 10_000;

    private readonly PostgresConnections _connections;
    private readonly SemaphoreSlim _some = new(0, 1);
    private readonly Lock _gate = new();
    private readonly Task _loop;
    private CommitNotification _news = new();
    private volatile bool _closed;

    public PostgresNotificationSender(PostgresConnections connections)
    {
        _connections = connections;
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>This process's name in its notifications.</summary>
    public string Sender { get; } = Guid.NewGuid().ToString("N");

    /// <summary>False: there are no other listeners, and nothing is sent.</summary>
    public bool HasListeners { get; set; } = true;

    public void Tell(CommitNews news)
    {
        if (!HasListeners) return;
        lock (_gate)
        {
            foreach (var (lane, count) in news.Ready) _news.AddReady(lane.Id, count);
            _news.AddFinished(news.Finished.Select(static id => id.Value), FinishedMax);
            _news.AddFreed(news.Freed.Select(static id => id.Value), FinishedMax);
            if (_some.CurrentCount == 0) _some.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        lock (_gate) if (_some.CurrentCount == 0) _some.Release();
        await _loop;
        _some.Dispose();
    }

    private async Task LoopAsync()
    {
        NpgsqlConnection? connection = null;
        while (!_closed)
        {
            await _some.WaitAsync();
            CommitNotification news;
            lock (_gate) (news, _news) = (_news, new());
            if (news.IsEmpty) continue;
            try
            {
                connection ??= await _connections.OpenAloneAsync();
                await using var trip = new PostgresRoundTrip(connection);
                trip.Select(PostgresSql.Notify).With(news.ToPieces(Sender));
                await trip.SendAsync();
            }
            catch (Exception exception) when (
                PostgresErrorClassifier.IsLost(exception) || exception is PostgresException)
            {
                // Lost: the others' polls find it.
                if (connection is not null) await connection.DisposeAsync();
                connection = null;
            }
        }

        if (connection is not null) await connection.DisposeAsync();
    }
}
