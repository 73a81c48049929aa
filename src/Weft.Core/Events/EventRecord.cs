using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Core.Events;

/// <summary>
/// One thing that happened, once it is committed. Never a payload, a result or an error's text: whoever may see those
/// asks for them.
/// </summary>
/// <param name="At">When, by the store's clock.</param>
public sealed record EventRecord(EventType Type, DateTimeOffset At)
{
    public TaskId? Task { get; init; }
    public string? Queue { get; init; }

    /// <summary>The submitter's word for what kind of work the task is.</summary>
    public string? TaskType { get; init; }

    public GroupId? Group { get; init; }

    /// <summary>The task's newest attempt; 0 before the first.</summary>
    public int Attempt { get; init; }

    /// <summary>Who claimed the task last, or the worker itself.</summary>
    public string? WorkerId { get; init; }

    /// <summary>Of a claim: how long the task was ready before it.</summary>
    public TimeSpan? Waited { get; init; }

    /// <summary>Of a result or a failure: how long the worker had the task.</summary>
    public TimeSpan? Ran { get; init; }

    /// <summary>The operation on many tasks, and what it has done so far.</summary>
    public (BulkOperationId Id, BulkCounts Counts)? Operation { get; init; }
}
