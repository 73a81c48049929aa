using Weft.Core.Storage;

namespace Weft.Storage.Engine;

/// <summary>
/// The bounded queue between many callers and one or a few writers. A writer takes all waiting operations at once.
/// </summary>
/// <param name="max">Maximum number of waiting operations.</param>
/// <param name="rowsEnough"> A transaction with this many rows gains nothing from more: the next writer may take the
/// rest at the same time.
/// </param>
internal sealed class OperationQueue(int max, int rowsEnough = int.MaxValue)
{
    private readonly object _gate = new();
    private readonly Queue<StoreOperation> _waiting = new();
    private readonly Stack<TaskCompletionSource> _idle = new();
    private bool _closed;

    /// <summary>The number of waiting operations, read without the lock.</summary>
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
                "Too many writes are waiting for the store; try again in a second."));
    }

    /// <summary>False if the queue is too full to admit it, or closed.</summary>
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
    /// the first on the calling thread, which must be the only writer. False: closed and empty.
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

    /// <summary>The same for one of several writers, without blocking a thread while it waits.</summary>
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
                // Wake the next writer for the rest: an addition wakes one only if the queue was empty.
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

    /// <summary>Adds the currently waiting operations, within the same limits, without waiting.</summary>
    public void TakeWaiting(List<StoreOperation> batch, int most)
    {
        lock (_gate) Move(batch, most);
    }

    /// <summary>Removes operations that have been waiting since before <paramref name="time"/>.</summary>
    public List<StoreOperation> TakeOlderThan(long time)
    {
        var old = new List<StoreOperation>();
        lock (_gate)
        {
            while (_waiting.TryPeek(out var first) && first.QueuedAt < time) old.Add(_waiting.Dequeue());
        }

        return old;
    }

    /// <summary>Accepts nothing more; waiting operations can still be taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
            while (_idle.TryPop(out var idle)) idle.TrySetResult();
        }
    }

    // Call only while holding the lock.
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

    /// <summary>Whether a transaction of these operations is as large as is useful.</summary>
    public bool IsEnough(List<StoreOperation> batch) => RowsOf(batch) >= rowsEnough;

    private static int RowsOf(List<StoreOperation> batch) => batch.Sum(static operation => operation.Rows);
}
