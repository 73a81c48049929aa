using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>Which unfinished tasks to cancel: a queue's waiting ones, or all of a group.</summary>
public sealed record CancelSelection
{
    private CancelSelection(string? queue, GroupId? group, TaskId after) =>
        (Queue, Group, After) = (queue, group, after);

    public string? Queue { get; }
    public GroupId? Group { get; }

    /// <summary>Only tasks submitted after this one; 0 for all.</summary>
    public TaskId After { get; }

    /// <summary>A queue's scheduled and ready tasks.</summary>
    public static CancelSelection WaitingIn(string queue) => new(queue, null, default);

    /// <summary>All unfinished tasks of a group, including leased ones.</summary>
    public static CancelSelection Of(GroupId group, TaskId after = default) => new(null, group, after);
}

/// <param name="Cancelled">How many tasks were cancelled.</param>
/// <param name="Rest">The part not examined yet; null at the end of the selection.</param>
public readonly record struct CancelProgress(int Cancelled, CancelSelection? Rest);
