using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>
/// Tasks that were completed here lately, as a reader would find them: who waits for a result asks for it within
/// moments of the commit. They never change again; only retention takes them away.
/// Any thread adds and reads.
/// </summary>
/// <param name="time">Tells how old they are.</param>
/// <param name="ageMax">How long they are found, where another process may delete them.</param>
internal sealed class RecentResultCache(TimeProvider time, TimeSpan? ageMax = null)
{
    /// <summary>Larger results are read from the database: with all slots full the memory stays under 8 MB.</summary>
    public const int ResultBytesMax = 1_024;

    private readonly SlotCache<Entry?> _slots = new(4_096);

    /// <summary>
    /// The task with its result, as it is handed out, so that a read allocates nothing; null: ask the database.
    /// </summary>
    public Task<StoredTask?>? Find(TaskId id) =>
        Volatile.Read(ref _slots[id]) is { } entry && entry.Id == id && !IsOld(entry) ? entry.Answer : null;

    public void Add(StoredTask completed)
    {
        var answer = Task.FromResult<StoredTask?>(completed);
        Volatile.Write(ref _slots[completed.Task.Id], new(completed.Task.Id, answer, time.GetTimestamp()));
    }

    public void Remove(TaskId id)
    {
        if (Find(id) is not null) Volatile.Write(ref _slots[id], null);
    }

    public void Clear() => _slots.Clear();

    private bool IsOld(Entry entry) => ageMax is { } max && time.GetElapsedTime(entry.AddedAt) >= max;

    private sealed record Entry(TaskId Id, Task<StoredTask?> Answer, long AddedAt);
}
