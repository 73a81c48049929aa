using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>How many tasks there are in each state.</summary>
public readonly record struct StateCounts(long Scheduled, long Ready, long Leased, long Completed, long Dead, long Cancelled)
{
    public long Total => Scheduled + Ready + Leased + Completed + Dead + Cancelled;
    public long Unfinished => Scheduled + Ready + Leased;

    /// <summary>From an array indexed by <see cref="TaskState"/>.</summary>
    public static StateCounts From(ReadOnlySpan<long> counts) => new(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]);

    public static StateCounts operator +(StateCounts a, StateCounts b) => Add(a, b);

    public static StateCounts Add(StateCounts a, StateCounts b) => new(
        a.Scheduled + b.Scheduled, a.Ready + b.Ready, a.Leased + b.Leased, a.Completed + b.Completed, a.Dead + b.Dead, a.Cancelled + b.Cancelled);
}

public sealed record QueueCounts(string Queue, bool Paused, StateCounts Counts);

/// <summary>Tasks that have just become claimable.</summary>
public readonly record struct ReadyTasks(string Queue, Matching.Requirements Requires, int Count);

/// <param name="Owner">Who made it; null: nobody that is known.</param>
public sealed record StoredGroup(GroupId Id, string? Name, DateTimeOffset CreatedAt, StateCounts Counts, TokenId? Owner = null);

public enum ResultOrder : byte
{
    /// <summary>As tasks finish.</summary>
    Finished,

    /// <summary>As tasks were submitted; waits for the oldest unfinished one.</summary>
    Submitted,
}

/// <summary>One finished task of a group.</summary>
/// <param name="Cursor">Resumes after this one.</param>
/// <param name="Id">The task.</param>
/// <param name="State">A final one.</param>
/// <param name="FinishedAt">When it came to that.</param>
/// <param name="Error">Of its last failure; null where there was none.</param>
/// <param name="Result">Valid JSON; null unless completed.</param>
public sealed record GroupResult(long Cursor, TaskId Id, TaskState State, DateTimeOffset FinishedAt, string? Error, ReadOnlyMemory<byte>? Result);

/// <param name="Results">In the order asked for.</param>
/// <param name="AllDelivered">True when every task that the group has now was delivered, with this page the last.</param>
/// <param name="IsFull">True when the page ended because it had as many results, or <see cref="Limits.ResultsPageBytesMax"/> of them, as it may: more may be there already.</param>
public sealed record GroupResultsPage(IReadOnlyList<GroupResult> Results, bool AllDelivered, bool IsFull = false);
