using System.Runtime.InteropServices;
using Weft.Core.Tasks;
using Weft.Storage.Engine;

namespace Weft.Storage.Sqlite;

/// <summary>
/// Recently changed unfinished tasks, exactly as their rows have them: most are claimed and completed moments after
/// they were submitted, and needn't be read back. Used only by the writer.
/// </summary>
internal sealed class SqliteRecentTaskCache
{
    /// <summary>Larger payloads are read from the database: with all slots full the memory stays under 8 MB.</summary>
    public const int PayloadBytesMax = 1_024;

    public const int Slots = 4_096;

    private readonly SlotCache<(TaskRecord? Task, Payload? Payload)> _slots = new(Slots);

    /// <summary>The task; null: query the database.</summary>
    public TaskRecord? Find(TaskId id) => _slots[id].Task is { } task && task.Id == id ? task : null;

    /// <summary>Its payload; null: query the database.</summary>
    public Payload? PayloadOf(TaskId id) => Find(id) is null ? null : _slots[id].Payload;

    public void Add(TaskRecord task, Payload payload) => Keep(task, IsSmall(payload.Bytes) ? payload : null);

    public void Update(TaskRecord task) => Keep(task, PayloadOf(task.Id));

    public void Clear() => _slots.Clear();

    private void Keep(TaskRecord task, Payload? payload)
    {
        ref var slot = ref _slots[task.Id];
        if (!task.State.IsFinal && HasWholeMilliseconds(task))
        {
            slot = (task.Error is null ? task : task with { Error = null }, payload);
        }
        else if (slot.Task?.Id == task.Id) slot = default;
    }

    // Other times are read back as the database has truncated them. Errors aren't part of the row either.
    private static bool HasWholeMilliseconds(TaskRecord task) =>
        IsWhole(task.LeaseTime.Ticks) && IsWhole(task.RunAt?.Ticks) && IsWhole(task.ExpiresAt?.Ticks)
            && IsWhole(task.Lease?.ExpiresAt.Ticks);

    private static bool IsWhole(long? ticks) => ticks is not { } known || known % TimeSpan.TicksPerMillisecond == 0;

    // Nor a payload that is a part of a large body, all of which it would keep in memory.
    private static bool IsSmall(ReadOnlyMemory<byte> bytes) =>
        bytes.Length <= PayloadBytesMax && MemoryMarshal.TryGetArray(bytes, out var part)
            && part.Array!.Length <= PayloadBytesMax;
}
