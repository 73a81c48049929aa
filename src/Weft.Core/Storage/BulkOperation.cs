using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>What a bulk operation does to each task. The numbers are stored.</summary>
public enum BulkAction : byte
{
    /// <summary>Dead tasks run again.</summary>
    Retry = 0,

    /// <summary>Unfinished tasks are cancelled.</summary>
    Cancel = 1,

    /// <summary>Finished tasks are deleted, as retention would delete them.</summary>
    Delete = 2,

    /// <summary>Unfinished tasks get another priority.</summary>
    Priority = 3,
}

/// <summary>Where a bulk operation stands. The numbers are stored.</summary>
public enum BulkState : byte
{
    /// <summary>Waits for its turn, or is at work; the background loop moves it on.</summary>
    Running = 0,

    /// <summary>All of its tasks have been looked at.</summary>
    Finished = 1,

    /// <summary>Somebody stopped it, or its token ended. What it had changed stays changed.</summary>
    Stopped = 2,
}

/// <summary>Which tasks: those that match a filter, or those with these ids; one of the two is null.</summary>
public sealed record BulkSelection(TaskFilter? Filter, IReadOnlyList<TaskId>? Ids)
{
    /// <summary>
    /// The filter for an action: one that names no state means the states that the action is for, so that finished
    /// tasks of a queue don't count as refused when its unfinished ones are cancelled.
    /// </summary>
    public static TaskFilter FilterFor(BulkAction action, TaskFilter filter)
    {
        if (filter.State is not null) return filter;
        return action switch
        {
            BulkAction.Retry => filter with { State = TaskState.Dead },
            BulkAction.Delete => filter with { IsFinished = true },
            _ => filter with { IsFinished = false },
        };
    }
}

/// <summary>Who started an operation.</summary>
/// <param name="Token">The token; null where none was asked for.</param>
/// <param name="Name">The token's name then; null for none.</param>
public readonly record struct BulkActor(TokenId? Token, string? Name);

/// <summary>What is to be done to which tasks.</summary>
/// <param name="Priority">With <see cref="BulkAction.Priority"/>: the new one.</param>
/// <param name="Owner">Whose tasks alone; null: everybody's.</param>
public sealed record BulkOrder(
    BulkAction Action, BulkSelection Selection, int? Priority, TokenId? Owner, BulkActor Actor);

/// <param name="Looked">Tasks that were looked at.</param>
/// <param name="Matched">Tasks of the selection among them.</param>
/// <param name="Changed">Those that were changed or deleted.</param>
/// <param name="Refused">Those whose state, or whose owner's bounds, did not allow it.</param>
public readonly record struct BulkCounts(long Looked, long Matched, long Changed, long Refused);

/// <summary>An operation as it is stored.</summary>
/// <param name="Last">Only tasks up to this id: the last one when the operation was started.</param>
/// <param name="Cursor">All tasks up to this id have been looked at.</param>
public sealed record BulkOperation(
    BulkOperationId Id, BulkOrder Order, BulkState State, BulkCounts Counts, TaskId Last, TaskId Cursor,
    DateTimeOffset StartedAt, DateTimeOffset? FinishedAt)
{
    /// <summary>Why it was stopped; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>How many ids its selection has; null where it has a filter.</summary>
    public int? IdCount { get; init; }

    /// <summary>Which coordinator is at it, and until when no other one may be.</summary>
    public (string? Name, DateTimeOffset? Until) Runner { get; init; }
}

public enum BulkStartStatus : byte
{
    Started,

    /// <summary>As many as there may be are running or wait for their turn.</summary>
    TooMany,
}

/// <param name="Operation">Null unless it was started.</param>
public readonly record struct BulkStart(BulkStartStatus Status, BulkOperation? Operation);

/// <param name="Count">How many tasks of a selection were found.</param>
/// <param name="Looked">How many tasks were looked at for that.</param>
/// <param name="IsExact">False: there may be more past those that were looked at.</param>
public readonly record struct BulkMatch(long Count, long Looked, bool IsExact);

/// <param name="Operations">The newest first.</param>
/// <param name="Next">Where the next page goes on; null at the end.</param>
public sealed record BulkPage(IReadOnlyList<BulkOperation> Operations, BulkOperationId? Next);
