using Weft.Core.Metrics;

namespace Weft.Storage.Engine;

/// <summary>
/// One caller's work in a transaction that it shares with others. An engine that reads all that a batch needs in one
/// round trip first asks what that is (<see cref="Plan"/>); SQLite, which reads on demand, doesn't. It may be tried
/// more than once, so
/// Plan and Decide begin anew each time. The caller is answered after the commit.
/// </summary>
internal abstract class StoreOperation
{
    private const int AnswersPerWakeUp = 16;

    /// <summary>When it was queued, by the store's stopwatch.</summary>
    public long QueuedAt { get; set; }

    /// <summary>When it was queued, by the meter; 0 while nobody measures.</summary>
    public long MeteredAt { get; set; }

    /// <summary>What it counts as.</summary>
    public virtual StoreVerb Verb => StoreVerb.Other;

    /// <summary>
    /// About how many rows it changes: the cost of a transaction with many operations depends on that.
    /// </summary>
    public virtual int Rows => 1;

    /// <summary>Whether its caller needs only a moment to use the answer; known once it has decided.</summary>
    public virtual bool IsShort => false;

    /// <summary>
    /// Whether its caller tells nobody that it is done, so that its commit needn't be on the disk yet: the next one
    /// that is brings this one along, and a crash before that takes it.
    /// </summary>
    public virtual bool MayBeLost => false;

    /// <summary>Says what it must see.</summary>
    public virtual void Plan(ReadPlan plan)
    {
    }

    /// <summary>Looks for what it must see, by statements of its own that run before anybody decides.</summary>
    public virtual void Look(IStatements statements)
    {
    }

    /// <summary>Decides, by what it finds in the transaction.</summary>
    public abstract void Decide(WriteTransaction transaction);

    /// <summary>Completes its answer by what was read while storing, before anybody is answered.</summary>
    public virtual void Finish(WriteTransaction transaction)
    {
    }

    /// <summary>Answers the caller on the calling thread.</summary>
    public abstract void Succeed();

    public abstract void Fail(Exception exception);

    /// <summary>
    /// Answers callers on the pool, a handful to a thread: waking a thread for each would cost more than their answers.
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
