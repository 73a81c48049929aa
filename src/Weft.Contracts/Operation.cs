namespace Weft.Contracts;

/// <summary>The values of <see cref="Operation.Action"/>.</summary>
public static class OperationActions
{
    /// <summary>Dead tasks run again.</summary>
    public const string Retry = "retry";

    /// <summary>Unfinished tasks are cancelled.</summary>
    public const string Cancel = "cancel";

    /// <summary>Finished tasks are deleted.</summary>
    public const string Delete = "delete";

    /// <summary>Unfinished tasks get another priority.</summary>
    public const string Priority = "priority";
}

/// <summary>The values of <see cref="Operation.State"/>.</summary>
public static class OperationStates
{
    /// <summary>Running, or queued behind others.</summary>
    public const string Running = "running";

    /// <summary>All of its tasks were examined. Final.</summary>
    public const string Finished = "finished";

    /// <summary>Somebody stopped it, or its token was revoked or expired. Final.</summary>
    public const string Stopped = "stopped";
}

/// <summary>Which tasks, by the filters of <c>GET /tasks</c>. A null member matches all.</summary>
public sealed record OperationFilter(
    string? State = null, string? Queue = null, long? Group = null, string? Type = null, string? Worker = null,
    int? Priority = null, DateTimeOffset? SubmittedAfter = null, DateTimeOffset? SubmittedBefore = null,
    DateTimeOffset? FinishedAfter = null, DateTimeOffset? FinishedBefore = null, string? Error = null,
    string? Payload = null);

/// <param name="Action">One of <see cref="OperationActions"/>.</param>
/// <param name="Filter">Which tasks; null with <paramref name="Ids"/>.</param>
/// <param name="Ids">1 to 1,000 tasks; null with <paramref name="Filter"/>.</param>
/// <param name="Priority">With the action <c>priority</c>: the new priority, -100 to 100.</param>
/// <param name="DryRun">True: only count; nothing is changed.</param>
public sealed record OperationRequest(
    string Action, OperationFilter? Filter = null, IReadOnlyList<long>? Ids = null, int? Priority = null,
    bool? DryRun = null);

/// <summary>An action that the coordinator runs on many tasks, one after the other.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Action">One of <see cref="OperationActions"/>.</param>
/// <param name="State">One of <see cref="OperationStates"/>.</param>
/// <param name="Filter">Which tasks; null if it has ids.</param>
/// <param name="Ids">How many ids it has; null if it has a filter.</param>
/// <param name="Priority">With the action <c>priority</c>: the new priority.</param>
/// <param name="Looked">How many tasks were examined so far.</param>
/// <param name="Matched">How many of those matched.</param>
/// <param name="Changed">How many of those were changed or deleted.</param>
/// <param name="Refused">How many couldn't be changed because of their state or their owner's limits.</param>
/// <param name="StartedAt">UTC.</param>
/// <param name="FinishedAt">When it ended, UTC; null while it runs.</param>
/// <param name="Actor"> Who started it: the token's name or number, or <c>open</c> if no tokens are required.
/// </param>
/// <param name="TokenId">The token that started it; null if none is required.</param>
/// <param name="Reason"> Why it was stopped: <c>stopped</c> by somebody, <c>token_ended</c> (revoked or expired), or
/// <c>failed</c>, by an internal error that the coordinator has logged; null otherwise.
/// </param>
public sealed record Operation(
    long Id, string Action, string State, OperationFilter? Filter, int? Ids, int? Priority, long Looked, long Matched,
    long Changed, long Refused, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string Actor, long? TokenId,
    string? Reason);

/// <param name="Operations">Newest first.</param>
/// <param name="Next">The <c>after</c> for the next page; null at the end.</param>
public sealed record OperationList(IReadOnlyList<Operation> Operations, string? Next);

/// <param name="Count">How many tasks match.</param>
/// <param name="Exact">False: tasks that weren't examined may match too.</param>
public sealed record OperationMatch(long Count, bool Exact);

/// <summary>The result of a dry run.</summary>
/// <param name="Matched">How many tasks the operation would match.</param>
/// <param name="Looked">How many tasks were examined.</param>
public sealed record OperationDryRun(OperationMatch Matched, long Looked);
