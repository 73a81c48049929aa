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

    /// <summary>The tasks of a queue that no worker has: scheduled and ready.</summary>
    public static CancelSelection WaitingIn(string queue) => new(queue, null, default);

    /// <summary>All unfinished tasks of a group, leased ones too.</summary>
    public static CancelSelection Of(GroupId group, TaskId after = default) => new(null, group, after);
}

/// <param name="Cancelled">How many tasks were cancelled.</param>
/// <param name="Rest">What has not been looked at yet; null when all of the selection has.</param>
public readonly record struct CancelProgress(int Cancelled, CancelSelection? Rest);
