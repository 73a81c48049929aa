using Weft.Core.Tasks;

namespace Weft.Core.Explaining;

/// <summary>Why a task isn't running, or where it is if it is.</summary>
public enum ReasonCode : byte
{
    /// <summary>Its queue is paused.</summary>
    Paused,

    /// <summary>Its time hasn't come.</summary>
    Scheduled,

    /// <summary>Its last attempt failed, and it waits before the next.</summary>
    BackingOff,

    /// <summary>No worker that was seen lately takes tasks from its queue.</summary>
    NoWorkerOnQueue,

    /// <summary>Such workers there are, and none may have it.</summary>
    NoCapableWorker,

    /// <summary>Others are claimed before it, or nobody has claimed since it became the first.</summary>
    Behind,

    /// <summary>A worker has it.</summary>
    Leased,

    /// <summary>The store takes no changes, so that nothing can be claimed.</summary>
    StoreUnready,

    /// <summary>It is completed, dead or cancelled.</summary>
    Finished,

    /// <summary>It has an answer that others check.</summary>
    AwaitingCheck,
}

/// <summary>One reason. What its code has nothing to say about is null.</summary>
/// <param name="Detail">One sentence for people.</param>
public sealed record Reason(ReasonCode Code, string Detail)
{
    /// <summary>Leased: when it was claimed. Finished: when it did.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Scheduled, backing off: when it becomes ready. Leased: when the lease ends.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Leased: who has it. No capable worker: the one that lacks least.</summary>
    public string? WorkerId { get; init; }

    /// <summary>When that worker was last seen; null also where it isn't known any more.</summary>
    public DateTimeOffset? WorkerSeenAt { get; init; }

    /// <summary>No capable worker: the requirements that the one which lacks least doesn't meet.</summary>
    public IReadOnlyList<string>? Missing { get; init; }

    /// <summary>Behind: how many are claimed before it, up to <see cref="Limits.AheadCountMax"/>.</summary>
    public int? Ahead { get; init; }

    /// <summary>Behind: true where there are more than <see cref="Ahead"/> says.</summary>
    public bool? More { get; init; }

    /// <summary>Behind: how long those take that are ahead, if work goes on as of late.</summary>
    public TimeSpan? Estimate { get; init; }
}

/// <summary>Why a task isn't running, the first reason first; at least one.</summary>
public sealed record Explanation(TaskState State, IReadOnlyList<Reason> Reasons);
