using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>The action of a bulk operation on each task. The numbers are stored.</summary>
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

/// <summary>The state of a bulk operation. The numbers are stored.</summary>
public enum BulkState : byte
{
    /// <summary>Queued or running; the background loop continues it.</summary>
    Running = 0,

    /// <summary>All of its tasks have been examined.</summary>
    Finished = 1,

    /// <summary>Somebody stopped it, or its token was revoked or expired. Its changes stay.</summary>
    Stopped = 2,
}

/// <summary>Which tasks: those that match a filter, or those with these ids; one of the two is null.</summary>
public sealed record BulkSelection(TaskFilter? Filter, IReadOnlyList<TaskId>? Ids)
{
    /// <summary>
    /// The filter for an action: one without a state means the states that the action applies to, so that a queue's
    /// finished tasks don't count as refused when its unfinished ones are cancelled.
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
/// <param name="Token">The token; null if none is required.</param>
/// <param name="Name">The token's name at the time; null for none.</param>
public readonly record struct BulkActor(TokenId? Token, string? Name);

/// <summary>An operation to start.</summary>
/// <param name="Priority">With <see cref="BulkAction.Priority"/>: the new priority.</param>
/// <param name="Owner">Only this owner's tasks; null: everybody's.</param>
public sealed record BulkOrder(
    BulkAction Action, BulkSelection Selection, int? Priority, TokenId? Owner, BulkActor Actor);

/// <param name="Looked">Tasks that were examined.</param>
/// <param name="Matched">Tasks of the selection among them.</param>
/// <param name="Changed">Tasks that were changed or deleted.</param>
/// <param name="Refused">Tasks that couldn't be changed because of their state or their owner's limits.</param>
public readonly record struct BulkCounts(long Looked, long Matched, long Changed, long Refused);

/// <summary>A stored operation.</summary>
/// <param name="Last">Only tasks up to this id: the last one when the operation was started.</param>
/// <param name="Cursor">All tasks up to this id have been examined.</param>
public sealed record BulkOperation(
    BulkOperationId Id, BulkOrder Order, BulkState State, BulkCounts Counts, TaskId Last, TaskId Cursor,
    DateTimeOffset StartedAt, DateTimeOffset? FinishedAt)
{
    /// <summary>Why it was stopped; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>How many ids its selection has; null if it has a filter.</summary>
    public int? IdCount { get; init; }

    /// <summary>Which coordinator is running it, and until when it is reserved.</summary>
    public (string? Name, DateTimeOffset? Until) Runner { get; init; }
}

public enum BulkStartStatus : byte
{
    Started,

    /// <summary>The limit of running and queued operations is reached.</summary>
    TooMany,
}

/// <param name="Operation">Null unless it was started.</param>
public readonly record struct BulkStart(BulkStartStatus Status, BulkOperation? Operation);

/// <param name="Count">How many tasks of a selection were found.</param>
/// <param name="Looked">How many tasks were examined.</param>
/// <param name="IsExact">False: tasks that weren't examined may match too.</param>
public readonly record struct BulkMatch(long Count, long Looked, bool IsExact);

/// <param name="Operations">Newest first.</param>
/// <param name="Next">Where the next page starts; null at the end.</param>
public sealed record BulkPage(IReadOnlyList<BulkOperation> Operations, BulkOperationId? Next);
