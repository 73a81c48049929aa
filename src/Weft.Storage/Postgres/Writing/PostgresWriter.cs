using Weft.Core.Storage;
using Weft.Storage.Engine;

namespace Weft.Storage.Postgres;

/// <summary>
/// A writer's connection and its transactions. When the connection is lost, it answers the affected callers and finds
/// the next primary.
/// </summary>
internal sealed class PostgresWriter(
    PostgresConnections connections, OperationQueue queue, WriterGate gate, SharedLanes lanes, RecentResultCache recent,
    LeaseCache leases, PostgresStoreOptions options) : RemoteWriter(queue, gate, options)
{
    private readonly LaneProvisioner _provisioner = new(lanes, PostgresSql.Own);
    private PostgresSession? _session;

    /// <summary>Called after each commit that changed something for waiters.</summary>
    public Action<CommitNews>? Committed { get; set; }

    public override Exception Unknown(Exception? exception) => PostgresErrorClassifier.Unknown(exception);

    protected override Exception Explain(Exception exception) => PostgresErrorClassifier.Explain(exception);

    protected override async Task<Action> CommitAsync(List<StoreOperation> batch, Action committing)
    {
        if (_session is null)
        {
            _session = await connections.OpenAsync();
            await _provisioner.RereadAsync(_session.NewTrip());
        }

        await _provisioner.EnsureAsync(_session, batch, options.OwnerBounds);
        var transaction = new RemoteWriteTransaction(lanes, options, PostgresSql.Own);
        var plan = new RemoteReadPlan(lanes, leases);
        await new RemoteTransactionExecutor<PostgresRow>(_session, batch, transaction, plan).RunAsync(() =>
        {
            committing();
            _session.WasNotReplicated = false;
        });
        if (_session.WasNotReplicated) throw PostgresErrorClassifier.Unknown();
        foreach (var operation in batch) operation.Finish(transaction);
        transaction.Keep(leases, recent);
        return () => Announce(transaction);
    }

    protected override async Task<FailureKind> RecoverAsync(Exception exception, bool committing)
    {
        var isLost = await LeaveAsync(exception);
        if (committing && PostgresErrorClassifier.IsUnknown(exception)) return FailureKind.OutcomeUnknown;
        if (exception is StaleCacheException || PostgresErrorClassifier.IsConflict(exception))
        {
            return FailureKind.Conflict;
        }

        if (isLost) return FailureKind.ConnectionLost;
        return exception is StoreException ? FailureKind.Store : FailureKind.Operation;
    }

    protected override async Task DropAsync()
    {
        var session = _session;
        _session = null;
        try
        {
            if (session is not null) await session.DisposeAsync();
        }
        catch (Exception)
        {
            // It was already broken; the writer continues with another.
        }
    }

    /// <summary>Ends the failed transaction, or the connection if it is no longer usable. True: it is closed.</summary>
    private async Task<bool> LeaveAsync(Exception exception)
    {
        if (_session is null) return PostgresErrorClassifier.IsLost(exception);
        try
        {
            if (!PostgresErrorClassifier.IsLost(exception) && exception is not StoreException)
            {
                await _session.RollbackAsync();
                if (exception is StaleCacheException) await _provisioner.RefreshAsync(_session.NewTrip());

                return false;
            }
        }
        catch (Exception)
        {
            // The connection can't even be told to roll back: the server does so when it closes.
        }

        await DropAsync();
        return true;
    }

    private void Announce(RemoteWriteTransaction transaction)
    {
        var news = new CommitNews(transaction.Ready(), transaction.Finished, [.. transaction.Freed]);
        if (!news.IsEmpty) Committed?.Invoke(news);
    }
}
