namespace Weft.Contracts;

/// <summary>
/// One thing that happened at the coordinator. What it has nothing to say about is null. Never a payload, a result or
/// an error's text: ask for the task.
/// </summary>
/// <param name="Event">What happened, as <see cref="EventNames"/> has it.</param>
/// <param name="Cursor">Where to go on after it.</param>
/// <param name="At">When. UTC; null for a reset.</param>
/// <param name="Id">The task.</param>
/// <param name="Queue">The task's, or the queue that was paused or resumed.</param>
/// <param name="Type">The submitter's word for what kind of work the task is.</param>
/// <param name="Group">The task's, or the group that was sealed.</param>
/// <param name="Attempt">The task's newest attempt, from 1; null before the first.</param>
/// <param name="WorkerId">Who claimed the task last; or the worker that came, or fell silent.</param>
/// <param name="WaitMs">Of a claim: how long the task was ready before it.</param>
/// <param name="RunMs">Of a result or a failure: how long the worker had the task.</param>
/// <param name="Reason">Of a reset: <c>gap</c> or <c>rate</c>.</param>
/// <param name="Operation">The operation on many tasks.</param>
/// <param name="Matched">How many tasks it has met so far that were meant.</param>
/// <param name="Changed">How many of those it has changed, or deleted.</param>
/// <param name="Refused">How many their state, or their owner's limits, kept from it.</param>
public sealed record EventInfo(
    string? Event = null, string? Cursor = null, DateTimeOffset? At = null, long? Id = null, string? Queue = null,
    string? Type = null, long? Group = null, int? Attempt = null, string? WorkerId = null, long? WaitMs = null,
    long? RunMs = null, string? Reason = null, long? Operation = null, long? Matched = null, long? Changed = null,
    long? Refused = null);

/// <summary>
/// The words of <see cref="EventInfo.Event"/>; a newer coordinator may have more. Each change of a task is one event:
/// the one that says where the task is now.
/// </summary>
public static class EventNames
{
    public const string TaskSubmitted = "task.submitted";

    /// <summary>A scheduled task's time has come.</summary>
    public const string TaskReady = "task.ready";

    public const string TaskClaimed = "task.claimed";
    public const string TaskCompleted = "task.completed";

    /// <summary>An attempt failed, and another follows.</summary>
    public const string TaskFailed = "task.failed";

    /// <summary>A lease ran out, and another attempt follows.</summary>
    public const string TaskLapsed = "task.lapsed";

    /// <summary>A worker gave the task back undone.</summary>
    public const string TaskReleased = "task.released";

    public const string TaskDead = "task.dead";
    public const string TaskCancelled = "task.cancelled";

    /// <summary>A dead task was made ready again.</summary>
    public const string TaskRetried = "task.retried";

    public const string GroupSealed = "group.sealed";
    public const string QueuePaused = "queue.paused";
    public const string QueueResumed = "queue.resumed";

    /// <summary>A worker came that the coordinator didn't know, or one that was silent.</summary>
    public const string WorkerSeen = "worker.seen";

    /// <summary>A worker has not been heard of for a minute.</summary>
    public const string WorkerSilent = "worker.silent";

    public const string OperationStarted = "operation.started";

    /// <summary>A step of it is done, and others follow.</summary>
    public const string OperationProgress = "operation.progress";

    public const string OperationDone = "operation.done";

    /// <summary>Somebody stopped it, or its token ended.</summary>
    public const string OperationStopped = "operation.stopped";

    /// <summary>Events are missing before this: read anew how things are.</summary>
    public const string Reset = "reset";
}
