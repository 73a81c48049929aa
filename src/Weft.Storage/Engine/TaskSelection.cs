using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>Tasks that a statement selects by an index with only those, rather than by their ids.</summary>
/// <param name="Max">Maximum number of rows; fewer are found only if there are no more.</param>
internal abstract record TaskSelection(int Max)
{
    /// <summary>Tasks that time changes: expired leases, scheduled times, expiries.</summary>
    public sealed record Due(int Max) : TaskSelection(Max);

    /// <summary>A queue's ready and scheduled tasks.</summary>
    public sealed record Waiting(string Queue, int Max) : TaskSelection(Max);

    /// <summary>
    /// A group's tasks in the order of their ids, including finished ones: no index has only the unfinished ones.
    /// </summary>
    public sealed record Members(GroupId Group, TaskId After, int Max) : TaskSelection(Max);

    /// <summary>
    /// Tasks that finished at least <paramref name="Age"/> ago; while their group has unfinished tasks,
    /// <paramref name="AgeInGroup"/> ago.
    /// </summary>
    public sealed record Finished(TimeSpan Age, TimeSpan AgeInGroup, int Max) : TaskSelection(Max);
}
