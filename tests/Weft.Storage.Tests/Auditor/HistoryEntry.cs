using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Tests.Auditor;

/// <summary>
/// What one caller asked and was answered. <paramref name="Start"/> and <paramref name="End"/> are places in one order
/// of all callers: an entry that ended before another started must have happened before it.
/// </summary>
/// <param name="NotBefore">The store's clock when the caller asked.</param>
internal abstract record HistoryEntry(long Start, long End, DateTimeOffset NotBefore)
{
    public sealed record Submitted(long Start, long End, DateTimeOffset NotBefore, Submission Submission,
        SubmitOutcome Outcome) : HistoryEntry(Start, End, NotBefore);

    public sealed record Claimed(long Start, long End, DateTimeOffset NotBefore, ClaimedTask Task)
        : HistoryEntry(Start, End, NotBefore);

    public sealed record Applied(long Start, long End, DateTimeOffset NotBefore, TaskChange Change, Refusal Outcome)
        : HistoryEntry(Start, End, NotBefore);

    public sealed record Read(long Start, long End, DateTimeOffset NotBefore, StoredTask Task)
        : HistoryEntry(Start, End, NotBefore);
}
