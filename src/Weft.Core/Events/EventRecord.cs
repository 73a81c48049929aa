using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Core.Events;

/// <summary>
/// An event, once it is committed. Never with a payload, a result or an error's text: callers that may see those
/// request them.
/// </summary>
/// <param name="At">The time, by the store's clock.</param>
public sealed record EventRecord(EventType Type, DateTimeOffset At)
{
    public TaskId? Task { get; init; }
    public string? Queue { get; init; }

    /// <summary>The kind of work, as the submitter named it.</summary>
    public string? TaskType { get; init; }

    public GroupId? Group { get; init; }

    /// <summary>The task's newest attempt; 0 before the first.</summary>
    public int Attempt { get; init; }

    /// <summary>The worker that claimed the task last, or the worker itself.</summary>
    public string? WorkerId { get; init; }

    /// <summary>Of a claim: how long the task had been ready.</summary>
    public TimeSpan? Waited { get; init; }

    /// <summary>Of a result or a failure: how long the worker had the task.</summary>
    public TimeSpan? Ran { get; init; }

    /// <summary>The bulk operation, and what it has done so far.</summary>
    public (BulkOperationId Id, BulkCounts Counts)? Operation { get; init; }
}
