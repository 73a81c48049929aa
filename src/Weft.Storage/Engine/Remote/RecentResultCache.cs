using Weft.Core;
using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>
/// Tasks that were completed here lately, as a reader would find them: who waits for a result asks for it within
/// moments of the commit. They never change again. Another coordinator may delete them, so that they are kept for a
/// moment only.
/// Any thread adds and reads.
/// </summary>
internal sealed class RecentResultCache(TimeProvider time)
{
    /// <summary>Larger results are read from the database: with all slots full the memory stays under 8 MB.</summary>
    public const int ResultBytesMax = 1_024;

    private static readonly TimeSpan AgeMax = TimeSpan.FromSeconds(2);

    private readonly SlotCache<Entry?> _slots = new(4_096);

    /// <summary>
    /// The task with its result, as it is handed out, so that a read allocates nothing; null: ask the database.
    /// </summary>
    public Task<StoredTask?>? Find(TaskId id) =>
        Volatile.Read(ref _slots[id]) is { } entry && entry.Id == id && time.GetElapsedTime(entry.AddedAt) < AgeMax
            ? entry.Answer
            : null;

    /// <summary>
    /// Keeps a completion that is committed, when it is small and nothing but its row and its result belongs to it.
    /// </summary>
    public void Add(TaskRecord completed, ReadOnlyMemory<byte> result)
    {
        if (result.Length > ResultBytesMax || MayHaveFailed(completed)) return;
        // Copied: what was given may be a small part of a large body.
        var answer = Task.FromResult<StoredTask?>(new(completed) { Result = result.ToArray() });
        Volatile.Write(ref _slots[completed.Id], new(completed.Id, answer, time.GetTimestamp()));
    }

    public void Remove(TaskId id)
    {
        if (Find(id) is not null) Volatile.Write(ref _slots[id], null);
    }

    // An earlier failure left a text, which is not at hand here. Within the shortest lease after the first claim there
    // was none.
    private static bool MayHaveFailed(TaskRecord task) =>
        task.Attempt > 1 || task.Failures > 0
            || (task.Lease is { } lease && !(task.FinishedAt - lease.ClaimedAt < Limits.LeaseTimeMin));

    private sealed record Entry(TaskId Id, Task<StoredTask?> Answer, long AddedAt);
}
