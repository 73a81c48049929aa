using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>Tasks that a statement chooses by an index that leads to those alone, rather than by their ids.</summary>
/// <param name="Max">Rows at most; fewer are found only where there are no more.</param>
internal abstract record TaskSelection(int Max)
{
    /// <summary>What time moves on: lapsed leases, scheduled times, expiries.</summary>
    public sealed record Due(int Max) : TaskSelection(Max);

    /// <summary>A queue's ready and scheduled tasks.</summary>
    public sealed record Waiting(string Queue, int Max) : TaskSelection(Max);

    /// <summary>
    /// A group's tasks in the order of their ids, finished ones too: no index leads to the unfinished ones alone.
    /// </summary>
    public sealed record Members(GroupId Group, TaskId After, int Max) : TaskSelection(Max);

    /// <summary>
    /// What finished <paramref name="Age"/> ago or earlier; while its group has unfinished tasks, <paramref
    /// name="AgeInGroup"/> ago.
    /// </summary>
    public sealed record Finished(TimeSpan Age, TimeSpan AgeInGroup, int Max) : TaskSelection(Max);
}
