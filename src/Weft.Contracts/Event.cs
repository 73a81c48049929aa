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
/// <param name="WorkerId">Who claimed the task last.</param>
/// <param name="WaitMs">Of a claim: how long the task was ready before it.</param>
/// <param name="RunMs">Of a result or a failure: how long the worker had the task.</param>
/// <param name="Reason">Of a reset: <c>gap</c> or <c>rate</c>.</param>
public sealed record EventInfo(
    string? Event = null, string? Cursor = null, DateTimeOffset? At = null, long? Id = null, string? Queue = null,
    string? Type = null, long? Group = null, int? Attempt = null, string? WorkerId = null, long? WaitMs = null,
    long? RunMs = null, string? Reason = null);

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

    /// <summary>Events are missing before this: read anew how things are.</summary>
    public const string Reset = "reset";
}
