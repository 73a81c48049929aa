namespace Weft.Contracts;

/// <summary>The words of <see cref="Operation.Action"/>.</summary>
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

/// <summary>The words of <see cref="Operation.State"/>.</summary>
public static class OperationStates
{
    /// <summary>At work, or behind others.</summary>
    public const string Running = "running";

    /// <summary>All of its tasks were looked at. Final.</summary>
    public const string Finished = "finished";

    /// <summary>Somebody stopped it, or its token ended. Final.</summary>
    public const string Stopped = "stopped";
}

/// <summary>Which tasks: as <c>GET /tasks</c> filters them. What is null is not asked for.</summary>
public sealed record OperationFilter(
    string? State = null, string? Queue = null, long? Group = null, string? Type = null, string? Worker = null,
    int? Priority = null, DateTimeOffset? SubmittedAfter = null, DateTimeOffset? SubmittedBefore = null,
    DateTimeOffset? FinishedAfter = null, DateTimeOffset? FinishedBefore = null, string? Error = null,
    string? Payload = null);

/// <param name="Action">One of <see cref="OperationActions"/>.</param>
/// <param name="Filter">Which tasks; null with <paramref name="Ids"/>.</param>
/// <param name="Ids">1 to 1,000 tasks; null with <paramref name="Filter"/>.</param>
/// <param name="Priority">With the action <c>priority</c>: the new one, -100 to 100.</param>
/// <param name="DryRun">True: nothing is changed, only counted.</param>
public sealed record OperationRequest(
    string Action, OperationFilter? Filter = null, IReadOnlyList<long>? Ids = null, int? Priority = null,
    bool? DryRun = null);

/// <summary>Something that is done to many tasks, one after the other, by the coordinator.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Action">One of <see cref="OperationActions"/>.</param>
/// <param name="State">One of <see cref="OperationStates"/>.</param>
/// <param name="Filter">Which tasks; null where it has ids.</param>
/// <param name="Ids">How many ids it has; null where it has a filter.</param>
/// <param name="Priority">With the action <c>priority</c>: the new one.</param>
/// <param name="Looked">How many tasks were looked at so far.</param>
/// <param name="Matched">How many of those were meant.</param>
/// <param name="Changed">How many of those were changed, or deleted.</param>
/// <param name="Refused">How many their state, or their owner's limits, kept from it.</param>
/// <param name="StartedAt">UTC.</param>
/// <param name="FinishedAt">Since when it is over, UTC; null while it isn't.</param>
/// <param name="Actor">
/// Who started it: the token's name or number, or <c>open</c> where no tokens are asked for.
/// </param>
/// <param name="TokenId">The token that started it; null where none was asked for.</param>
/// <param name="Reason">
/// Why it was stopped: <c>stopped</c> by somebody, <c>token_ended</c>, revoked or expired, or <c>failed</c>, by a fault
/// of the coordinator's that its log has; null otherwise.
/// </param>
public sealed record Operation(
    long Id, string Action, string State, OperationFilter? Filter, int? Ids, int? Priority, long Looked, long Matched,
    long Changed, long Refused, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string Actor, long? TokenId,
    string? Reason);

/// <param name="Operations">The newest first.</param>
/// <param name="Next">What <c>after</c> of the next page is; null at the end.</param>
public sealed record OperationList(IReadOnlyList<Operation> Operations, string? Next);

/// <param name="Count">How many tasks match.</param>
/// <param name="Exact">False: there may be more past those that were looked at.</param>
public sealed record OperationMatch(long Count, bool Exact);

/// <summary>What a dry run found.</summary>
/// <param name="Matched">The tasks that an operation would find.</param>
/// <param name="Looked">How many tasks were looked at for that.</param>
public sealed record OperationDryRun(OperationMatch Matched, long Looked);
