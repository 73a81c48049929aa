namespace Weft.Contracts;

/// <summary>One attempt at a task, from a worker's claim on.</summary>
/// <param name="Attempt">From 1: which claim of the task it was.</param>
/// <param name="WorkerId">Who claimed.</param>
/// <param name="ClaimedAt">UTC.</param>
/// <param name="EndedAt">UTC; null while it runs.</param>
/// <param name="Outcome">One of <see cref="AttemptOutcomes"/>; null while it runs.</param>
/// <param name="Error">Why it failed, lapsed or expired; null otherwise.</param>
public sealed record AttemptInfo(
    int Attempt, string WorkerId, DateTimeOffset ClaimedAt, DateTimeOffset? EndedAt, string? Outcome, string? Error);

/// <param name="Attempts">The first first; of many, the last 100 that have ended.</param>
public sealed record AttemptList(IReadOnlyList<AttemptInfo> Attempts);

/// <summary>The words of <see cref="AttemptInfo.Outcome"/>.</summary>
public static class AttemptOutcomes
{
    /// <summary>Its result was accepted.</summary>
    public const string Completed = "completed";

    /// <summary>The worker said that it failed.</summary>
    public const string Failed = "failed";

    /// <summary>The lease ran out.</summary>
    public const string Lapsed = "lapsed";

    /// <summary>The worker gave the task back undone.</summary>
    public const string Released = "released";

    /// <summary>The task was cancelled in the worker's hands.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The task's own expiry passed while the worker had it.</summary>
    public const string Expired = "expired";
}

/// <summary>Why a task isn't running, or where it is if it is.</summary>
/// <param name="State">As <see cref="TaskInfo.State"/>.</param>
/// <param name="Reasons">The first reason first; at least one.</param>
public sealed record TaskExplanation(string State, IReadOnlyList<TaskReason> Reasons);

/// <summary>One reason. What its code has nothing to say about is null.</summary>
/// <param name="Code">One of <see cref="ReasonCodes"/>.</param>
/// <param name="Detail">One sentence for people.</param>
/// <param name="Since">leased: when it was claimed; finished: when it did. UTC.</param>
/// <param name="Until">scheduled, backing_off: when it becomes ready; leased: when the lease ends. UTC.</param>
/// <param name="WorkerId">leased: who has it; no_capable_worker: the one that lacks least, for those who may list
/// workers.</param>
/// <param name="WorkerSeenAt">When that worker was last seen; null where it isn't known any more. UTC.</param>
/// <param name="Missing">no_capable_worker: what the one that lacks least doesn't meet.</param>
/// <param name="Ahead">behind: tasks of the queue with the same requirements that are claimed before it, at most
/// 10,000.</param>
/// <param name="More">behind: true where there are more than <paramref name="Ahead"/> says.</param>
/// <param name="EstimateSeconds">behind: how long those take that are ahead, if work goes on as of late; null where
/// too few finished lately to tell.</param>
public sealed record TaskReason(
    string Code, string Detail, DateTimeOffset? Since = null, DateTimeOffset? Until = null, string? WorkerId = null,
    DateTimeOffset? WorkerSeenAt = null, IReadOnlyList<string>? Missing = null, int? Ahead = null, bool? More = null,
    double? EstimateSeconds = null);

/// <summary>The words of <see cref="TaskReason.Code"/>.</summary>
public static class ReasonCodes
{
    /// <summary>The queue is paused.</summary>
    public const string Paused = "paused";

    /// <summary>The task's time hasn't come.</summary>
    public const string Scheduled = "scheduled";

    /// <summary>The last attempt failed, and the task waits before the next.</summary>
    public const string BackingOff = "backing_off";

    /// <summary>No worker that was seen in the last minute takes tasks from the queue.</summary>
    public const string NoWorkerOnQueue = "no_worker_on_queue";

    /// <summary>Such workers there are, and none may have the task.</summary>
    public const string NoCapableWorker = "no_capable_worker";

    /// <summary>Others are claimed before it, or nobody has claimed since it became the first.</summary>
    public const string Behind = "behind";

    /// <summary>A worker has it.</summary>
    public const string Leased = "leased";

    /// <summary>The coordinator's store takes no changes.</summary>
    public const string StoreUnready = "store_unready";

    /// <summary>It has an answer that others check.</summary>
    public const string AwaitingCheck = "awaiting_check";

    /// <summary>It is completed, dead or cancelled.</summary>
    public const string Finished = "finished";
}
