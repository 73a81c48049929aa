namespace Weft.Contracts;

/// <summary>One attempt at a task, from the worker's claim on.</summary>
/// <param name="Attempt">Which claim of the task it was, from 1.</param>
/// <param name="WorkerId">The worker that claimed it.</param>
/// <param name="ClaimedAt">UTC.</param>
/// <param name="EndedAt">UTC; null while it runs.</param>
/// <param name="Outcome">One of <see cref="AttemptOutcomes"/>; null while it runs.</param>
/// <param name="Error">Why it failed, lapsed or expired; null otherwise.</param>
public sealed record AttemptInfo(
    int Attempt, string WorkerId, DateTimeOffset ClaimedAt, DateTimeOffset? EndedAt, string? Outcome, string? Error);

/// <param name="Attempts">First to last; if there are many, the last 100 that have ended.</param>
public sealed record AttemptList(IReadOnlyList<AttemptInfo> Attempts);

/// <summary>The values of <see cref="AttemptInfo.Outcome"/>.</summary>
public static class AttemptOutcomes
{
    /// <summary>Its result was accepted.</summary>
    public const string Completed = "completed";

    /// <summary>The worker reported that it failed.</summary>
    public const string Failed = "failed";

    /// <summary>The lease expired.</summary>
    public const string Lapsed = "lapsed";

    /// <summary>The worker released the task.</summary>
    public const string Released = "released";

    /// <summary>The task was cancelled during the attempt.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The task's own expiry passed during the attempt.</summary>
    public const string Expired = "expired";
}

/// <summary>Why a task isn't running, or where it runs.</summary>
/// <param name="State">As <see cref="TaskInfo.State"/>.</param>
/// <param name="Reasons">At least one; the reason to resolve first comes first.</param>
public sealed record TaskExplanation(string State, IReadOnlyList<TaskReason> Reasons);

/// <summary>One reason. Members that don't apply to its code are null.</summary>
/// <param name="Code">One of <see cref="ReasonCodes"/>.</param>
/// <param name="Detail">One human-readable sentence.</param>
/// <param name="Since">leased: when it was claimed; finished: when it finished. UTC.</param>
/// <param name="Until">scheduled, backing_off: when it becomes ready; leased: when the lease ends. UTC.</param>
/// <param name="WorkerId">leased: the worker that runs it; no_capable_worker: the closest one, for callers that may
/// list workers.</param>
/// <param name="WorkerSeenAt">When that worker was last seen; null if it is no longer known. UTC.</param>
/// <param name="Missing">no_capable_worker: the requirements that the closest worker doesn't meet.</param>
/// <param name="Ahead">behind: tasks in the queue with the same requirements that are claimed before it, at most
/// 10,000.</param>
/// <param name="More">behind: true if there are more than <paramref name="Ahead"/> says.</param>
/// <param name="EstimateSeconds">behind: how long the tasks ahead will take at the recent rate; null if too few
/// finished recently to estimate.</param>
public sealed record TaskReason(
    string Code, string Detail, DateTimeOffset? Since = null, DateTimeOffset? Until = null, string? WorkerId = null,
    DateTimeOffset? WorkerSeenAt = null, IReadOnlyList<string>? Missing = null, int? Ahead = null, bool? More = null,
    double? EstimateSeconds = null);

/// <summary>The values of <see cref="TaskReason.Code"/>.</summary>
public static class ReasonCodes
{
    /// <summary>The queue is paused.</summary>
    public const string Paused = "paused";

    /// <summary>The task is scheduled for later.</summary>
    public const string Scheduled = "scheduled";

    /// <summary>The last attempt failed, and the task waits before the next.</summary>
    public const string BackingOff = "backing_off";

    /// <summary>No worker seen in the last minute claims from the queue.</summary>
    public const string NoWorkerOnQueue = "no_worker_on_queue";

    /// <summary>Workers claim from the queue, but none can run the task.</summary>
    public const string NoCapableWorker = "no_capable_worker";

    /// <summary>Other tasks are claimed before it, or nothing has been claimed since it became the first.</summary>
    public const string Behind = "behind";

    /// <summary>A worker is running it.</summary>
    public const string Leased = "leased";

    /// <summary>The coordinator's store accepts no changes.</summary>
    public const string StoreUnready = "store_unready";

    /// <summary>It has an answer that is being checked.</summary>
    public const string AwaitingCheck = "awaiting_check";

    /// <summary>It is completed, dead or cancelled.</summary>
    public const string Finished = "finished";
}
