namespace Weft.Contracts;

/// <summary>
/// An event at the coordinator. Members that don't apply are null. It never contains a payload, a result or an error's
/// text: request the task for these.
/// </summary>
/// <param name="Event">The kind of event, one of <see cref="EventNames"/>.</param>
/// <param name="Cursor">Where to continue after it.</param>
/// <param name="At">When, UTC; null for a reset.</param>
/// <param name="Id">The task.</param>
/// <param name="Queue">The task's queue, or the queue that was paused or resumed.</param>
/// <param name="Type">The kind of work, as the submitter named it.</param>
/// <param name="Group">The task's group, or the group that was sealed.</param>
/// <param name="Attempt">The task's newest attempt, from 1; null before the first.</param>
/// <param name="WorkerId">The worker that claimed the task last, appeared, or fell silent.</param>
/// <param name="WaitMs">Of a claim: how long the task had been ready.</param>
/// <param name="RunMs">Of a result or a failure: how long the worker had the task.</param>
/// <param name="Reason">Of a reset: <c>gap</c> or <c>rate</c>.</param>
/// <param name="Operation">The bulk operation.</param>
/// <param name="Matched">How many matching tasks it has found so far.</param>
/// <param name="Changed">How many of those it has changed or deleted.</param>
/// <param name="Refused">How many it couldn't change because of their state or their owner's limits.</param>
public sealed record EventInfo(
    string? Event = null, string? Cursor = null, DateTimeOffset? At = null, long? Id = null, string? Queue = null,
    string? Type = null, long? Group = null, int? Attempt = null, string? WorkerId = null, long? WaitMs = null,
    long? RunMs = null, string? Reason = null, long? Operation = null, long? Matched = null, long? Changed = null,
    long? Refused = null);

/// <summary>
/// The values of <see cref="EventInfo.Event"/>; a newer coordinator may have more. Each change of a task is one event,
/// named after its new state.
/// </summary>
public static class EventNames
{
    public const string TaskSubmitted = "task.submitted";

    /// <summary>A scheduled task became ready.</summary>
    public const string TaskReady = "task.ready";

    public const string TaskClaimed = "task.claimed";
    public const string TaskCompleted = "task.completed";

    /// <summary>An attempt failed, and another follows.</summary>
    public const string TaskFailed = "task.failed";

    /// <summary>A lease expired, and another attempt follows.</summary>
    public const string TaskLapsed = "task.lapsed";

    /// <summary>A worker released the task.</summary>
    public const string TaskReleased = "task.released";

    public const string TaskDead = "task.dead";
    public const string TaskCancelled = "task.cancelled";

    /// <summary>A dead task was made ready again.</summary>
    public const string TaskRetried = "task.retried";

    public const string GroupSealed = "group.sealed";
    public const string QueuePaused = "queue.paused";
    public const string QueueResumed = "queue.resumed";

    /// <summary>A worker appeared that was unknown or had been silent.</summary>
    public const string WorkerSeen = "worker.seen";

    /// <summary>A worker has been silent for a minute.</summary>
    public const string WorkerSilent = "worker.silent";

    public const string OperationStarted = "operation.started";

    /// <summary>A step is done, and others follow.</summary>
    public const string OperationProgress = "operation.progress";

    public const string OperationDone = "operation.done";

    /// <summary>Somebody stopped it, or its token was revoked or expired.</summary>
    public const string OperationStopped = "operation.stopped";

    /// <summary>Events before this one are missing: reload the current state.</summary>
    public const string Reset = "reset";
}
