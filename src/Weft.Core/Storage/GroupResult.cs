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
/// <param name="Cursor">Resumes after this one.</param>
/// <param name="Id">The task.</param>
/// <param name="State">A final one.</param>
/// <param name="FinishedAt">When it came to that.</param>
/// <param name="Error">Of its last failure; null where there was none.</param>
/// <param name="Result">Valid JSON; null unless completed.</param>
/// <param name="Outputs">The files that came with it, as <see cref="Modules.FileSet.Json"/>; null for none.</param>
public sealed record GroupResult(
    long Cursor, TaskId Id, TaskState State, DateTimeOffset FinishedAt, string? Error, ReadOnlyMemory<byte>? Result,
    ReadOnlyMemory<byte>? Outputs = null)
{
    /// <summary>How many answers it rests on; null: it was not verified.</summary>
    public int? Answers { get; init; }

    /// <summary>At most how likely it is wrong, if it was verified.</summary>
    public double Risk { get; init; }

    /// <summary>
    /// How many bytes of JSON its parts of any size are at most: of an error, six for each character.
    /// </summary>
    public int WireBytes => (Result?.Length ?? 0) + (Outputs?.Length ?? 0) + 6 * (Error?.Length ?? 0);
}

/// <param name="Results">In the order asked for.</param>
/// <param name="AllDelivered">
/// True when every task that the group has now was delivered, with this page the last.
/// </param>
/// <param name="IsFull">
/// True when the page ended because it had as many results, or <see cref="Limits.ResultsPageBytesMax"/> of them, as it
/// may: more may be there already.
/// </param>
public sealed record GroupResultsPage(IReadOnlyList<GroupResult> Results, bool AllDelivered, bool IsFull = false);
