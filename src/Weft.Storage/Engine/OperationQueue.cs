using Weft.Core.Storage;

namespace Weft.Storage.Engine;

/// <summary>
/// The bounded queue between many callers and a writer, or a few. A writer that comes takes all that waits.
/// </summary>
/// <param name="max">Operations that may wait.</param>
/// <param name="rowsEnough">
/// A transaction of so many rows has nothing to gain from more of them: the next writer may take the rest at the same
/// time.
/// </param>
internal sealed class OperationQueue(int max, int rowsEnough = int.MaxValue)
{
    private readonly object _gate = new();
    private readonly Queue<StoreOperation> _waiting = new();
    private readonly Stack<TaskCompletionSource> _idle = new();
    private bool _closed;

    /// <summary>How many operations wait, as seen without the lock.</summary>
    public int Count => _waiting.Count;

    public bool IsClosed
    {
        get
        {
            lock (_gate) return _closed;
        }
    }

    /// <summary>Runs the operation in one of the next transactions; completes when that is committed.</summary>
    public Task<T> RunAsync<T>(StoreOperation<T> operation, Admission admission)
    {
        if (TryAdd(operation, admission)) return operation.Answer;
        return Task.FromException<T>(IsClosed
            ? new StoreException(StoreErrorKind.Unavailable, "The store is closed.")
            : new StoreException(
                StoreErrorKind.Overloaded,
                "More work is waiting to be stored than the coordinator takes on; try again in a second."));
    }

    /// <summary>False when the queue is too full to admit it, or closed.</summary>
    public bool TryAdd(StoreOperation operation, Admission admission)
    {
        TaskCompletionSource? idle = null;
        lock (_gate)
        {
            if (_closed || _waiting.Count >= admission.LimitOf(max)) return false;
            _waiting.Enqueue(operation);
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_gate);
                _idle.TryPop(out idle);
            }
        }

        idle?.TrySetResult();
        return true;
    }

    /// <summary>
    /// Moves operations into <paramref name="batch"/>, up to <paramref name="most"/> of them or enough rows; waits for
    /// the first on the calling thread, which is the only writer then. False: closed and empty.
    /// </summary>
    public bool Take(List<StoreOperation> batch, int most)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_closed) return false;
                Monitor.Wait(_gate);
            }

            Move(batch, most);
            return true;
        }
    }

    /// <summary>The same for one of several writers, which holds no thread while it waits.</summary>
    public async ValueTask<bool> TakeAsync(List<StoreOperation> batch, int most)
    {
        for (; ; )
        {
            TaskCompletionSource? next = null;
            TaskCompletionSource? woken = null;
            lock (_gate)
            {
                Move(batch, most);
                if (batch.Count == 0)
                {
                    if (_closed) return false;
                    _idle.Push(woken = new(TaskCreationOptions.RunContinuationsAsynchronously));
                }
                // Wake the next writer for what is left: an addition wakes one only when the queue was empty.
                else if (_waiting.Count > 0)
                {
                    _idle.TryPop(out next);
                }
            }

            next?.TrySetResult();
            if (woken is null) return true;
            await woken.Task;
        }
    }

    /// <summary>Adds what waits by now, within the same bounds; waits for nothing.</summary>
    public void TakeWaiting(List<StoreOperation> batch, int most)
    {
        lock (_gate) Move(batch, most);
    }

    /// <summary>Takes out what has waited since before <paramref name="time"/>.</summary>
    public List<StoreOperation> TakeOlderThan(long time)
    {
        var old = new List<StoreOperation>();
        lock (_gate)
        {
            while (_waiting.TryPeek(out var first) && first.QueuedAt < time) old.Add(_waiting.Dequeue());
        }

        return old;
    }

    /// <summary>Takes nothing more; what waits is still taken out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
            while (_idle.TryPop(out var idle)) idle.TrySetResult();
        }
    }

    // Under the gate.
    private void Move(List<StoreOperation> batch, int most)
    {
        if (rowsEnough == int.MaxValue)
        {
            while (batch.Count < most && _waiting.TryDequeue(out var operation)) batch.Add(operation);
            return;
        }

        var rows = RowsOf(batch);
        while (batch.Count < most && rows < rowsEnough && _waiting.TryDequeue(out var operation))
        {
            batch.Add(operation);
            rows += operation.Rows;
        }
    }

    /// <summary>Whether a transaction of these operations is as large as pays.</summary>
    public bool IsEnough(List<StoreOperation> batch) => RowsOf(batch) >= rowsEnough;

    private static int RowsOf(List<StoreOperation> batch) => batch.Sum(static operation => operation.Rows);
}
