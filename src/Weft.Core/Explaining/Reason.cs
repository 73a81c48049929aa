using Weft.Core.Tasks;

namespace Weft.Core.Explaining;

/// <summary>Why a task isn't running, or where it runs.</summary>
public enum ReasonCode : byte
{
    /// <summary>Its queue is paused.</summary>
    Paused,

    /// <summary>It is scheduled for later.</summary>
    Scheduled,

    /// <summary>Its last attempt failed, and it waits before the next.</summary>
    BackingOff,

    /// <summary>No recently seen worker claims from its queue.</summary>
    NoWorkerOnQueue,

    /// <summary>Workers claim from the queue, but none can run the task.</summary>
    NoCapableWorker,

    /// <summary>Other tasks are claimed before it, or nothing has been claimed since it became the first.</summary>
    Behind,

    /// <summary>A worker is running it.</summary>
    Leased,

    /// <summary>The store accepts no changes, so nothing can be claimed.</summary>
    StoreUnready,

    /// <summary>It is completed, dead or cancelled.</summary>
    Finished,

    /// <summary>It has an answer that is being checked.</summary>
    AwaitingCheck,
}

/// <summary>One reason. Members that don't apply to its code are null.</summary>
/// <param name="Detail">One human-readable sentence.</param>
public sealed record Reason(ReasonCode Code, string Detail)
{
    /// <summary>Leased: when it was claimed. Finished: when it finished.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Scheduled, backing off: when it becomes ready. Leased: when the lease ends.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Leased: the worker that runs it. No capable worker: the closest one.</summary>
    public string? WorkerId { get; init; }

    /// <summary>When that worker was last seen; null if it is no longer known.</summary>
    public DateTimeOffset? WorkerSeenAt { get; init; }

    /// <summary>No capable worker: the requirements that the closest worker doesn't meet.</summary>
    public IReadOnlyList<string>? Missing { get; init; }

    /// <summary>Behind: how many are claimed before it, up to <see cref="Limits.AheadCountMax"/>.</summary>
    public int? Ahead { get; init; }

    /// <summary>Behind: true if there are more than <see cref="Ahead"/> says.</summary>
    public bool? More { get; init; }

    /// <summary>Behind: how long the tasks ahead will take at the recent rate.</summary>
    public TimeSpan? Estimate { get; init; }
}

/// <summary>Why a task isn't running; the reason to resolve first comes first; at least one.</summary>
public sealed record Explanation(TaskState State, IReadOnlyList<Reason> Reasons);
