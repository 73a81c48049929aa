using Weft.Core.Access;
using Weft.Core.Tasks;

namespace Weft.Core.Storage;

/// <summary>Which tasks to list; null members match all.</summary>
/// <param name="NewestFirst">False: in order of submission.</param>
/// <param name="Owner">The tasks' owner; only the store knows it.</param>
public sealed record TaskFilter(
    TaskState? State = null, string? Queue = null, GroupId? Group = null, bool NewestFirst = false,
    TokenId? Owner = null)
{
    public string? Type { get; init; }

    /// <summary>The worker that claimed it last.</summary>
    public string? WorkerId { get; init; }

    public int? Priority { get; init; }

    /// <summary>Submitted at or after this time.</summary>
    public DateTimeOffset? SubmittedAfter { get; init; }

    /// <summary>Submitted before this time.</summary>
    public DateTimeOffset? SubmittedBefore { get; init; }

    /// <summary>Finished at or after this time; unfinished tasks don't match.</summary>
    public DateTimeOffset? FinishedAfter { get; init; }

    /// <summary>Finished before this time.</summary>
    public DateTimeOffset? FinishedBefore { get; init; }

    /// <summary>A text that the error contains, case-sensitive.</summary>
    public string? ErrorText { get; init; }

    /// <summary>A text that the payload contains, byte for byte as it was submitted; only the store knows it.</summary>
    public string? PayloadText { get; init; }

    /// <summary>True: only completed, dead and cancelled tasks; false: only the others.</summary>
    public bool? IsFinished { get; init; }

    /// <summary>Whether it searches texts, which takes time proportional to their length.</summary>
    public bool IsSearch => ErrorText is not null || PayloadText is not null;

    /// <summary>Whether a task matches, as far as its record shows.</summary>
    public bool Matches(TaskRecord task) =>
        (State is null || task.State == State) && (IsFinished is null || task.State.IsFinal == IsFinished)
        && (Queue is null || task.Queue == Queue)
        && (Group is null || task.Group == Group) && (Type is null || task.Type == Type)
        && (WorkerId is null || task.WorkerId == WorkerId) && (Priority is null || task.Priority == Priority)
        && (SubmittedAfter is null || task.SubmittedAt >= SubmittedAfter)
        && (SubmittedBefore is null || task.SubmittedAt < SubmittedBefore)
        && (FinishedAfter is null || task.FinishedAt >= FinishedAfter)
        && (FinishedBefore is null || task.FinishedAt < FinishedBefore)
        && (ErrorText is null || task.Error?.Contains(ErrorText, StringComparison.Ordinal) == true);
}
