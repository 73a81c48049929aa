namespace Weft.Storage.Engine;

/// <summary>
/// One connection that writes to a database behind a network. Each pass commits everything queued in one transaction,
/// and no caller is answered before its commit.
/// </summary>
internal abstract class RemoteWriter(OperationQueue queue, WriterGate gate, StoreOptions options)
{
    private readonly List<StoreOperation> _batch = [];
    private StoreOperation[] _running = [];
    private int _lastCount;
    private bool _holdsGate;

    /// <summary>The state of its transaction.</summary>
    public IReadOnlyList<StoreOperation> Running => Volatile.Read(ref _running);

    /// <summary>Takes operations until the queue is closed and empty.</summary>
    public async Task RunAsync()
    {
        while (await GatherAsync())
        {
            Volatile.Write(ref _running, [.. _batch]);
            if (!await TryAsync(_batch)) await OneByOneAsync();
            ReleaseGate();
            Volatile.Write(ref _running, []);
            _batch.Clear();
        }

        await DropAsync();
    }

    /// <summary>The error for callers when the outcome of a commit is unknown.</summary>
    public abstract Exception Unknown(Exception? exception);

    /// <summary>Runs a batch in one transaction, up to its commit.</summary>
    /// <param name="batch">The operations.</param>
    /// <param name="committing"> Called once the transaction may have been committed: a later failure has an unknown
    /// outcome.
    /// </param>
    /// <returns>Notifies waiters of the commit, after its callers were answered.</returns>
    protected abstract Task<Action> CommitAsync(List<StoreOperation> batch, Action committing);

    /// <summary>
    /// Ends the failed transaction, or the connection if it is no longer usable, and returns what failed.
    /// </summary>
    protected abstract Task<FailureKind> RecoverAsync(Exception exception, bool committing);

    /// <summary>The error for callers after a failure.</summary>
    protected abstract Exception Explain(Exception exception);

    /// <summary>Releases the connection.</summary>
    protected abstract Task DropAsync();

    /// <summary>
    /// Callers that were just answered are about to send their next operation. Letting them run for a moment combines
    /// two commits into one. A single caller never waits: the previous batch was no larger than this one.
    /// </summary>
    /// <returns>False: the queue is closed and empty.</returns>
    private async ValueTask<bool> GatherAsync()
    {
        _holdsGate = await gate.EnterAsync();
        if (!await queue.TakeAsync(_batch, options.CommitMax))
        {
            ReleaseGate();
            return false;
        }

        if (_batch.Count < _lastCount)
        {
            await Task.Yield();
            queue.TakeWaiting(_batch, options.CommitMax);
        }

        _lastCount = _batch.Count;
        if (queue.IsEnough(_batch)) ReleaseGate();
        return true;
    }

    private void ReleaseGate()
    {
        if (_holdsGate) gate.Release();
        _holdsGate = false;
    }

    private async Task OneByOneAsync()
    {
        foreach (var operation in _batch) await TryAsync([operation]);
    }

    /// <summary>False: one of several operations failed and nothing was stored; each must be tried by itself.</summary>
    private async Task<bool> TryAsync(List<StoreOperation> batch)
    {
        var mayReconnect = true;
        for (var tries = 1; ; tries++)
        {
            var committing = false;
            var began = options.Meter.Now;
            try
            {
                var announce = await CommitAsync(batch, () => committing = true);
                options.Meter.Committed(batch, began);
                StoreOperation.SucceedOnPool(batch);
                announce();
                return true;
            }
            // Any exception must neither end the writer nor affect the other operations.
            catch (Exception exception)
            {
                var kind = await RecoverAsync(exception, committing);
                if (kind == FailureKind.OutcomeUnknown) options.Events.Break();
                var next = RetryLadder.Next(kind, batch.Count, tries, mayReconnect);
                options.Meter.RolledBack(CommitMeasurement.ReasonOf(kind), isRetried: next != BatchRetry.Fail);
                // A connection that had broken unnoticed is replaced once.
                if (kind == FailureKind.ConnectionLost) mayReconnect = false;
                if (next == BatchRetry.Again) continue;
                if (next == BatchRetry.OneByOne) return false;
                var reason = kind == FailureKind.OutcomeUnknown ? Unknown(exception) : Explain(exception);
                foreach (var operation in batch) operation.Fail(reason);
                return true;
            }
        }
    }
}
