namespace Weft.Storage.Postgres;

/// <summary>
/// One caller's work in a transaction that it shares with others: it says which rows it must see, decides when they are
/// locked and read, and is answered after the commit. It may be tried more than once, so that Ask begins anew.
/// </summary>
internal abstract class PostgresOperation
{
    /// <summary>When it was queued, by the store's stopwatch.</summary>
    public long QueuedAt { get; set; }

    /// <summary>About how many rows it changes: what a transaction costs hangs on that once there are many.</summary>
    public virtual int Rows => 1;

    /// <summary>Says what it must see.</summary>
    public abstract void Ask(PostgresQuestions questions);

    /// <summary>Decides by what was found.</summary>
    public abstract void Decide(PostgresUnit unit);

    /// <summary>Claims, once everybody in the transaction has decided: what they gave back can be claimed at once.</summary>
    public virtual void Claim(PostgresUnit unit)
    {
    }

    /// <summary>Makes its answer of what was stored, before anybody is answered.</summary>
    public virtual void Finish(PostgresUnit unit)
    {
    }

    public abstract void Succeed();

    public abstract void Fail(Exception exception);
}

/// <summary>An operation with an answer.</summary>
internal abstract class PostgresOperation<T> : PostgresOperation
{
    // Continuations run on the thread that answers, which is never a writer's.
    private readonly TaskCompletionSource<T> _answer = new();

    public Task<T> Answer => _answer.Task;

    protected T Outcome { get; set; } = default!;

    public override void Succeed() => _answer.TrySetResult(Outcome);

    public override void Fail(Exception exception) =>
        ThreadPool.UnsafeQueueUserWorkItem(static failed => failed.Answer.TrySetException(failed.Exception), (Answer: _answer, Exception: exception), preferLocal: false);
}
