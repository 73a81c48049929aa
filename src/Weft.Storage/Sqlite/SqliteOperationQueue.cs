namespace Weft.Storage.Sqlite;

/// <summary>How an operation is treated when the queue fills up: new work is turned away before finished work is.</summary>
internal enum SqliteUrgency
{
    /// <summary>Brings new work: turned away once the queue is three quarters full.</summary>
    Submit,

    /// <summary>Moves work on: turned away only by a full queue.</summary>
    Settle,
}

/// <summary>The bounded queue between many callers and the one writer. The writer takes all that waits in one step.</summary>
internal sealed class SqliteOperationQueue(int max)
{
    private readonly object _gate = new();
    private readonly Queue<SqliteOperation> _waiting = new();
    private bool _closed;

    public bool IsClosed
    {
        get
        {
            lock (_gate) return _closed;
        }
    }

    /// <summary>False when the queue is too full for this urgency, or closed.</summary>
    public bool TryAdd(SqliteOperation operation, SqliteUrgency urgency)
    {
        lock (_gate)
        {
            if (_closed || _waiting.Count >= (urgency == SqliteUrgency.Submit ? max - max / 4 : max)) return false;
            _waiting.Enqueue(operation);
            if (_waiting.Count == 1) Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Moves up to <paramref name="most"/> operations into <paramref name="batch"/>; waits for the first. False: closed and empty.</summary>
    public bool Take(List<SqliteOperation> batch, int most)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_closed) return false;
                Monitor.Wait(_gate);
            }

            while (batch.Count < most && _waiting.TryDequeue(out var operation)) batch.Add(operation);
            return true;
        }
    }

    /// <summary>Adds what waits by now to <paramref name="batch"/>, up to <paramref name="most"/>; waits for nothing.</summary>
    public void TakeWaiting(List<SqliteOperation> batch, int most)
    {
        lock (_gate)
        {
            while (batch.Count < most && _waiting.TryDequeue(out var operation)) batch.Add(operation);
        }
    }

    /// <summary>Takes nothing more; what waits is still taken out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }
}
