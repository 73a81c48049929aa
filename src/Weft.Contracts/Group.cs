namespace Weft.Contracts;

/// <param name="Name">Human-readable, up to 128 characters; null for none.</param>
public sealed record GroupRequest(string? Name = null);

/// <summary>Tasks that were submitted together.</summary>
/// <param name="Id">The <c>group</c> of a task.</param>
/// <param name="Name">Human-readable; null for none.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="Counts">Exact, whatever the size.</param>
/// <param name="SealedAt">When the group was sealed and stopped accepting tasks, UTC; null if it wasn't.</param>
public sealed record Group(
    long Id, string? Name, DateTimeOffset CreatedAt, StateCounts Counts, DateTimeOffset? SealedAt = null);

/// <param name="Groups">Newest first.</param>
/// <param name="Next">The <c>after</c> for the next page; null at the end.</param>
public sealed record GroupList(IReadOnlyList<Group> Groups, string? Next);

/// <summary>How many tasks there are in each state.</summary>
public sealed record StateCounts(
    long Scheduled, long Ready, long Leased, long Completed, long Dead, long Cancelled, long Checking = 0)
{
    /// <param name="counts">In the order of <see cref="TaskStates.All"/>.</param>
    public static StateCounts Of(ReadOnlySpan<long> counts) =>
        new(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6]);
}

/// <param name="Cancelled">How many tasks were cancelled.</param>
public sealed record CancelOutcome(int Cancelled);
