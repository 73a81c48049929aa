using Weft.Core.Storage;
using Weft.Core.Tasks;

namespace Weft.Storage.Sqlite;

/// <summary>
/// Tasks that were completed lately, as a reader would find them: who waits for a result asks for it within moments of the
/// commit. They never change again; only retention takes them away. Bounded: a newer task takes the slot of an older one.
/// The writer fills it, after the commit; any thread reads.
/// </summary>
internal sealed class SqliteRecentResults
{
    /// <summary>Larger results are read from the database: with all slots full the memory stays under 8 MB.</summary>
    public const int ResultBytesMax = 1_024;

    // A power of two. Tasks get ascending ids, so those that are young together seldom share a slot.
    private const int Slots = 4_096;

    // Answers as they are handed out, so that a read allocates nothing.
    private readonly Task<StoredTask?>?[] _slots = new Task<StoredTask?>?[Slots];

    /// <summary>The task with its result; null: ask the database.</summary>
    public Task<StoredTask?>? Find(TaskId id) =>
        Volatile.Read(ref SlotOf(id)) is { Result: { } kept } answer && kept.Task.Id == id ? answer : null;

    public void Add(StoredTask completed) => Volatile.Write(ref SlotOf(completed.Task.Id), Task.FromResult<StoredTask?>(completed));

    public void Remove(TaskId id)
    {
        if (Find(id) is not null) Volatile.Write(ref SlotOf(id), null);
    }

    private ref Task<StoredTask?>? SlotOf(TaskId id) => ref _slots[id.Value & (Slots - 1)];
}
