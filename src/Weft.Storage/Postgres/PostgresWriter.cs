using Weft.Core.Storage;

namespace Weft.Storage.Postgres;

/// <summary>
/// One connection that writes. Whatever waits when it comes round goes into one transaction, and nobody is answered before
/// its commit. When the connection is lost it answers who is with it and finds the next primary.
/// </summary>
internal sealed class PostgresWriter(
    PostgresConnections connections, PostgresQueue queue, PostgresTurn turn, PostgresLanes lanes, PostgresRecentResults recent,
    PostgresRememberedLeases leases, PostgresStoreOptions options)
{
    private const int TriesMax = 8;
    private const int AnswersPerWakeUp = 16;

    private readonly List<PostgresOperation> _batch = [];
    private PostgresSession? _session;
    private PostgresOperation[] _running = [];
    private int _lastCount;
    private bool _hasTurn;

    /// <summary>Called after each commit that changed something for those who wait.</summary>
    public Action<IReadOnlyList<(PostgresLane Lane, int Count)>, IReadOnlyList<Core.Tasks.TaskId>>? Committed { get; set; }

    /// <summary>What its transaction is about just now.</summary>
    public IReadOnlyList<PostgresOperation> Running => Volatile.Read(ref _running);

    /// <summary>Takes operations until the queue is closed and empty.</summary>
    public async Task RunAsync()
    {
        while (await GatherAsync())
        {
            Volatile.Write(ref _running, [.. _batch]);
            if (!await TryAsync(_batch)) await OneByOneAsync();
            PassTurn();
            Volatile.Write(ref _running, []);
            _batch.Clear();
        }

        await DropAsync();
    }

    /// <summary>
    /// Callers who were just answered are about to bring their next step. Letting them run for a moment makes one commit
    /// of what would be two. A caller who is alone never waits: the batch before was no larger than this one.
    /// </summary>
    /// <returns>False: the queue is closed and empty.</returns>
    private async ValueTask<bool> GatherAsync()
    {
        _hasTurn = await turn.TakeAsync();
        if (!await queue.TakeAsync(_batch, options.CommitMax))
        {
            PassTurn();
            return false;
        }

        if (_batch.Count < _lastCount)
        {
            await Task.Yield();
            queue.TakeWaiting(_batch, options.CommitMax);
        }

        _lastCount = _batch.Count;
        if (_batch.Sum(static operation => operation.Rows) >= PostgresQueue.RowsEnough) PassTurn();
        return true;
    }

    private void PassTurn()
    {
        if (_hasTurn) turn.Pass();
        _hasTurn = false;
    }

    private async Task OneByOneAsync()
    {
        foreach (var operation in _batch) await TryAsync([operation]);
    }

    /// <summary>False: one of several operations failed and nothing was stored; each must be tried by itself.</summary>
    private async Task<bool> TryAsync(List<PostgresOperation> batch)
    {
        var mayReconnect = true;
        for (var tries = 1; ; tries++)
        {
            var committing = false;
            try
            {
                if (_session is null)
                {
                    _session = await connections.OpenAsync();
                    await PostgresLaneBook.RereadAsync(_session.Connection, lanes);
                }

                await PostgresLaneBook.EnsureAsync(_session.Connection, lanes, batch);
                var unit = new PostgresUnit(lanes, options);
                var transaction = Plan(batch, unit);
                await transaction.BeginAsync();
                foreach (var operation in batch) operation.Decide(unit);
                if (unit.LacksLanes) throw new PostgresOutdated();
                await transaction.ClaimAsync();
                committing = true;
                _session.WasNotReplicated = false;
                await transaction.CommitAsync();
                if (_session.WasNotReplicated) throw PostgresTrouble.Unknown();
                Remember(unit);
                foreach (var operation in batch) operation.Finish(unit);
                Answer(batch);
                Announce(unit);
                return true;
            }
            // Whatever it was, it must neither end the writer nor spoil the others.
            catch (Exception exception)
            {
                var lost = await RecoverAsync(exception);
                if (committing && PostgresTrouble.IsUnknown(exception)) exception = PostgresTrouble.Unknown(exception);
                // A connection that had broken unnoticed: before the commit nothing can have happened, so that another may try.
                else if (lost && mayReconnect && !(mayReconnect = false)) continue;
                else if (tries < TriesMax && (exception is PostgresOutdated || PostgresTrouble.IsConflict(exception))) continue;
                else if (batch.Count > 1 && !lost && exception is not StoreException) return false;
                var reason = PostgresTrouble.Explain(exception);
                foreach (var operation in batch) operation.Fail(reason);
                return true;
            }
        }
    }

    private PostgresTransaction Plan(List<PostgresOperation> batch, PostgresUnit unit)
    {
        var questions = new PostgresQuestions();
        foreach (var operation in batch) operation.Ask(questions);
        return new(_session!.Connection, _session.Shard, unit, questions);
    }

    /// <summary>Leaves the failed transaction, or the connection where that is of no more use. True: it is gone.</summary>
    private async Task<bool> RecoverAsync(Exception exception)
    {
        if (_session is null) return PostgresTrouble.IsLost(exception);
        try
        {
            if (!PostgresTrouble.IsLost(exception) && exception is not StoreException)
            {
                await _session.RollbackAsync();
                if (exception is PostgresOutdated) await PostgresLaneBook.RefreshAsync(_session.Connection, lanes);
                return false;
            }
        }
        catch (Exception)
        {
            // The connection can't even be told to forget the transaction: the server forgets it with the connection.
        }

        await DropAsync();
        return true;
    }

    private async Task DropAsync()
    {
        var session = _session;
        _session = null;
        try
        {
            if (session is not null) await session.DisposeAsync();
        }
        catch (Exception)
        {
            // It was broken before; a writer goes on with another.
        }
    }

    /// <summary>Tells the callers, a handful to a pool thread: waking one for each would cost more than their answers.</summary>
    private static void Answer(List<PostgresOperation> batch)
    {
        foreach (var answered in batch.Chunk(AnswersPerWakeUp))
        {
            ThreadPool.UnsafeQueueUserWorkItem(static operations =>
            {
                foreach (var operation in operations) operation.Succeed();
            }, answered, preferLocal: false);
        }
    }

    private void Remember(PostgresUnit unit)
    {
        foreach (var task in unit.Tasks.Values) leases.Add(task);
        foreach (var (task, result) in unit.NewResults) recent.Add(unit.Tasks[task].Record, result);
        foreach (var task in unit.Deleted) recent.Remove(new(task));
    }

    private void Announce(PostgresUnit unit)
    {
        var ready = unit.Ready();
        if (ready.Count > 0 || unit.Finished.Count > 0) Committed?.Invoke(ready, unit.Finished);
    }
}
