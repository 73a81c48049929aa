using Weft.Core.Metrics;

namespace Weft.Storage.Engine;

/// <summary>
/// One caller's work in a transaction that it shares with others. An engine that reads all that a batch needs in one
/// round trip first asks what that is (<see cref="Plan"/>); SQLite, which reads on demand, doesn't. It may be retried,
/// so Plan and Decide start over each time. The caller is answered after the commit.
/// </summary>
internal abstract class StoreOperation
{
    private const int AnswersPerWakeUp = 16;

    /// <summary>When it was queued, by the store's stopwatch.</summary>
    public long QueuedAt { get; set; }

    /// <summary>When it was queued, by the meter; 0 while durations aren't recorded.</summary>
    public long MeteredAt { get; set; }

    /// <summary>Its kind in the metrics.</summary>
    public virtual StoreVerb Verb => StoreVerb.Other;

    /// <summary>
    /// The approximate number of rows that it changes, which determines the cost of a large transaction.
    /// </summary>
    public virtual int Rows => 1;

    /// <summary>Whether its caller needs only a moment to use the answer; known once it has decided.</summary>
    public virtual bool IsShort => false;

    /// <summary>
    /// Whether its caller doesn't report it as done, so that its commit needn't be on disk yet: the next synced commit
    /// includes it, and a crash before that loses it.
    /// </summary>
    public virtual bool MayBeLost => false;

    /// <summary>Plans its reads.</summary>
    public virtual void Plan(ReadPlan plan)
    {
    }

    /// <summary>Finds what it must read, by statements that run before any decision.</summary>
    public virtual void Look(IStatements statements)
    {
    }

    /// <summary>Decides, based on what it finds in the transaction.</summary>
    public abstract void Decide(WriteTransaction transaction);

    /// <summary>Completes its answer with data that was read while storing, before any caller is answered.</summary>
    public virtual void Finish(WriteTransaction transaction)
    {
    }

    /// <summary>Answers the caller on the calling thread.</summary>
    public abstract void Succeed();

    public abstract void Fail(Exception exception);

    /// <summary>
    /// Answers callers on the thread pool, several per thread: waking a thread for each would cost more than their
    /// answers.
    /// </summary>
    public static void SucceedOnPool(List<StoreOperation> operations)
    {
        foreach (var answered in operations.Chunk(AnswersPerWakeUp))
        {
            ThreadPool.UnsafeQueueUserWorkItem(static operations =>
            {
                foreach (var operation in operations) operation.Succeed();
            }, answered, preferLocal: false);
        }
    }
}

/// <summary>An operation with an answer.</summary>
internal abstract class StoreOperation<T> : StoreOperation
{
    // Continuations run on the thread that answers.
    private readonly TaskCompletionSource<T> _answer = new();

    public Task<T> Answer => _answer.Task;

    public T Outcome { get; protected set; } = default!;

    public sealed override void Succeed() => _answer.TrySetResult(Outcome);

    public sealed override void Fail(Exception exception) => ThreadPool.UnsafeQueueUserWorkItem(
        static failed => failed.Answer.TrySetException(failed.Exception),
        (Answer: _answer, Exception: exception),
        preferLocal: false);
}
