using Weft.Core.Storage;
using Weft.Core.Tasks;
using Weft.Storage.Engine;

namespace Weft.Storage.Sqlite;

/// <summary>
/// Tasks that were completed lately, as a reader would find them: who waits for a result asks for it within moments of
/// the commit. They never change again; only retention takes them away.
/// The writer fills it, after the commit; any thread reads.
/// </summary>
internal sealed class SqliteRecentResultCache
{
    /// <summary>Larger results are read from the database: with all slots full the memory stays under 8 MB.</summary>
    public const int ResultBytesMax = 1_024;

    // Answers as they are handed out, so that a read allocates nothing.
    private readonly SlotCache<Task<StoredTask?>?> _slots = new(4_096);

    /// <summary>The task with its result; null: ask the database.</summary>
    public Task<StoredTask?>? Find(TaskId id) =>
        Volatile.Read(ref _slots[id]) is { Result: { } kept } answer && kept.Task.Id == id ? answer : null;

    public void Add(StoredTask completed) =>
        Volatile.Write(ref _slots[completed.Task.Id], Task.FromResult<StoredTask?>(completed));

    public void Remove(TaskId id)
    {
        if (Find(id) is not null) Volatile.Write(ref _slots[id], null);
    }

    public void Clear() => _slots.Clear();
}
