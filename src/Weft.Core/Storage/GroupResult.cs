using Weft.Core.Tasks;

namespace Weft.Core.Storage;

public enum ResultOrder : byte
{
    /// <summary>As tasks finish.</summary>
    Finished,

    /// <summary>As tasks were submitted; waits for the oldest unfinished one.</summary>
    Submitted,
}

/// <summary>One finished task of a group.</summary>
/// <param name="Cursor">Where to continue after this one.</param>
/// <param name="Id">The task.</param>
/// <param name="State">A final one.</param>
/// <param name="FinishedAt">When it reached that state.</param>
/// <param name="Error">The error of its last failure; null for none.</param>
/// <param name="Result">Valid JSON; null unless completed.</param>
/// <param name="Outputs">Its output files, as <see cref="Modules.FileSet.Json"/>; null for none.</param>
public sealed record GroupResult(
    long Cursor, TaskId Id, TaskState State, DateTimeOffset FinishedAt, string? Error, ReadOnlyMemory<byte>? Result,
    ReadOnlyMemory<byte>? Outputs = null)
{
    /// <summary>How many answers it rests on; null: it was not verified.</summary>
    public int? Answers { get; init; }

    /// <summary>The upper bound of the probability that it is wrong, if it was verified.</summary>
    public double Risk { get; init; }

    /// <summary>
    /// The maximum size as JSON of its parts of variable size; for an error, six bytes per character.
    /// </summary>
    public int WireBytes => (Result?.Length ?? 0) + (Outputs?.Length ?? 0) + 6 * (Error?.Length ?? 0);
}

/// <param name="Results">In the order asked for.</param>
/// <param name="AllDelivered"> True if every current task of the group has been delivered with this page.
/// </param>
/// <param name="IsFull"> True if the page ended because it reached its limit of results or
/// <see cref="Limits.ResultsPageBytesMax"/>: more may be available.
/// </param>
public sealed record GroupResultsPage(IReadOnlyList<GroupResult> Results, bool AllDelivered, bool IsFull = false);
