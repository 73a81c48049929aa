namespace Weft.Storage.Postgres;

/// <summary>How an operation is treated when the queue fills up: new work is turned away before finished work is.</summary>
internal enum PostgresUrgency
{
    /// <summary>Brings new work: turned away once the queue is three quarters full.</summary>
    Submit,

    /// <summary>Moves work on: turned away only by a full queue.</summary>
    Settle,
}

/// <summary>The bounded queue between many callers and a few writers. A writer that comes takes all that waits.</summary>
internal sealed class PostgresQueue(int max)
{
    /// <summary>A transaction of so many rows has nothing to gain from more of them: the next writer may take the rest at the same time.</summary>
    public const int RowsEnough = 1_000;

    private readonly Lock _gate = new();
    private readonly Queue<PostgresOperation> _waiting = new();
    private readonly Stack<TaskCompletionSource> _idle = new();
    private bool _closed;

    public bool IsClosed
    {
        get
        {
            lock (_gate) return _closed;
        }
    }

    /// <summary>False when the queue is too full for this urgency, or closed.</summary>
    public bool TryAdd(PostgresOperation operation, PostgresUrgency urgency)
    {
        TaskCompletionSource? idle = null;
        lock (_gate)
        {
            if (_closed || _waiting.Count >= (urgency == PostgresUrgency.Submit ? max - max / 4 : max)) return false;
            _waiting.Enqueue(operation);
            if (_waiting.Count == 1) _idle.TryPop(out idle);
        }

        idle?.TrySetResult();
        return true;
    }

    /// <summary>
    /// Moves operations into <paramref name="batch"/> until it holds <paramref name="most"/> of them or <see cref="RowsEnough"/> rows;
    /// waits for the first. False: closed and empty.
    /// </summary>
    public async ValueTask<bool> TakeAsync(List<PostgresOperation> batch, int most)
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
                // What it leaves would otherwise wait until the queue has been empty once: only then does a newcomer wake anybody.
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
    public void TakeWaiting(List<PostgresOperation> batch, int most)
    {
        lock (_gate) Move(batch, most);
    }

    /// <summary>Takes out what has waited since before <paramref name="time"/>, or all with the largest time.</summary>
    public List<PostgresOperation> TakeOlderThan(long time)
    {
        var old = new List<PostgresOperation>();
        lock (_gate)
        {
            while (_waiting.TryPeek(out var first) && first.QueuedAt < time) old.Add(_waiting.Dequeue());
        }

        return old;
    }

    // Under the gate.
    private void Move(List<PostgresOperation> batch, int most)
    {
        var rows = batch.Sum(static operation => operation.Rows);
        while (batch.Count < most && rows < RowsEnough && _waiting.TryDequeue(out var operation))
        {
            batch.Add(operation);
            rows += operation.Rows;
        }
    }

    /// <summary>Takes nothing more; what waits is still taken out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            while (_idle.TryPop(out var idle)) idle.TrySetResult();
        }
    }
}
