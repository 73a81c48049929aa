using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>A command and the task that it is for.</summary>
public readonly record struct TaskChange(TaskId Id, TaskCommand Command)
{
    /// <summary>A task of any other queue counts as absent; null: no queue does.</summary>
    public IReadOnlyList<string>? Queues { get; init; }
}

/// <summary>What became of changes, and what was claimed after them.</summary>
/// <param name="Refusals">One for each change, in order.</param>
public readonly record struct SettleOutcome(IReadOnlyList<Refusal> Refusals, IReadOnlyList<ClaimedTask> Claimed);

/// <summary>Which unfinished tasks to cancel: a queue's waiting ones, or all of a group.</summary>
public sealed record CancelSelection
{
    private CancelSelection(string? queue, GroupId? group) => (Queue, Group) = (queue, group);

    public string? Queue { get; }
    public GroupId? Group { get; }

    /// <summary>The tasks of a queue that no worker has: scheduled and ready.</summary>
    public static CancelSelection WaitingIn(string queue) => new(queue, null);

    /// <summary>All unfinished tasks of a group, leased ones too.</summary>
    public static CancelSelection Of(GroupId group) => new(null, group);
}
