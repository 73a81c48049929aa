using Npgsql;
using Weft.Core.Tasks;
using Weft.Core.Verification;
using Weft.Storage.Engine;

namespace Weft.Storage.Postgres;

/// <summary>
/// Receives the effects of other coordinators' commits. Also polls slowly, since a notification can be lost with the
/// process that was to send it, or while this connection was broken.
/// </summary>
internal sealed class PostgresListener : IAsyncDisposable
{
    private const int ReadyMax = 1_000;
    private const int FinishedMax = 1_000;
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromMilliseconds(300);

    private readonly PostgresConnections _connections;
    private readonly SharedLanes _lanes;
    private readonly LaneProvisioner _provisioner;
    private readonly PostgresNotificationSender _sender;
    private readonly PostgresStoreOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<CommitNotification> _heard = [];
    private readonly Task _loop;
    private long _finishedSince;

    public PostgresListener(
        PostgresConnections connections, SharedLanes lanes, PostgresNotificationSender sender,
        PostgresStoreOptions options)
    {
        _connections = connections;
        _lanes = lanes;
        _provisioner = new(lanes, PostgresSql.Own);
        _sender = sender;
        _options = options;
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Called with the effects of other coordinators' commits.</summary>
    public Action<CommitNews>? Heard { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _connections.OpenAloneAsync();
                connection.Notification += (_, notification) => Hear(notification.Payload);
                await ListenAsync(connection);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
            }
            catch (Exception exception) when (
                PostgresErrorClassifier.IsLost(exception) || exception is PostgresException)
            {
                await Task.Delay(ReconnectPause, _options.Time, _stop.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(NpgsqlConnection connection)
    {
        await using (var trip = new PostgresRoundTrip(connection))
        {
            trip.Run(PostgresSql.Listen);
            trip.Select(PostgresSql.JoinListeners);
            // A coordinator that assumed it was the only one finds out that it isn't.
            trip.Select(PostgresSql.Notify).With([_sender.Sender]);
            await trip.SendAsync();
        }

        for (long? polled = null; ;)
        {
            var left = polled is { } last ? _options.PollInterval - _options.Time.GetElapsedTime(last) : TimeSpan.Zero;
            if (_options.PollInterval == Timeout.InfiniteTimeSpan)
            {
                await connection.WaitAsync(_stop.Token);
            }
            else if (left <= TimeSpan.Zero)
            {
                await PollAsync(connection);
                polled = _options.Time.GetTimestamp();
            }
            else
            {
                await connection.WaitAsync(left, _stop.Token);
            }

            await TellAsync(connection);
        }
    }

    private void Hear(string payload)
    {
        if (CommitNotification.Parse(payload, _sender.Sender) is not { } news) return;
        _sender.HasListeners = true;
        if (!news.IsEmpty) _heard.Add(news);
    }

    private async Task TellAsync(NpgsqlConnection connection)
    {
        if (_heard.Count == 0) return;
        CommitNotification[] heard = [.. _heard];
        _heard.Clear();
        if (heard.Any(news => news.Ready.Any(ready => _lanes.Find(ready.Key) is null)))
        {
            await _provisioner.RefreshAsync(new PostgresRoundTrip(connection));
        }

        foreach (var news in heard) Tell(news);
    }

    private void Tell(CommitNotification news) => Heard?.Invoke(new(
        [
            .. news.Ready.Where(ready => _lanes.Find(ready.Key) is not null)
                .Select(ready => (_lanes.Find(ready.Key)!, ready.Value)),
        ],
        [.. news.Finished.Select(static id => new TaskId(id))],
        [.. news.Freed.Select(static id => new IdentityId(id))]));

    /// <summary>
    /// Queries claimable tasks, tasks that finished since the last poll, and whether there are other listeners.
    /// </summary>
    private async Task PollAsync(NpgsqlConnection connection)
    {
        await _provisioner.RefreshAsync(new PostgresRoundTrip(connection));
        var news = new CommitNotification();
        var (since, now, listeners) = (_finishedSince, 0L, 0L);
        await using var trip = new PostgresRoundTrip(connection);
        trip.Query(PostgresSql.Own.SelectNow, row => now = row.Long(0));
        trip.Query(PostgresSql.CountListeners, row => listeners = row.Long(0));
        trip.Query(PostgresSql.SelectReadyLanes, row =>
        {
            if (row.Long(1) > 0) news.AddReady(row.Int(0), (int)row.Long(1));
        }).With(ReadyMax);
        if (since > 0) trip.Query(PostgresSql.SelectFinishedSince, row => news.AddFinished([row.Long(0)], FinishedMax))
            .With(since)
            .With(FinishedMax);
        await trip.SendAsync();
        // A transaction that was open at the last poll may have finished tasks at a time before it.
        _finishedSince = now - (long)_options.OperationTimeMax.TotalMilliseconds;
        _sender.HasListeners = listeners > 1;
        if (!news.IsEmpty) Tell(news);
    }
}
