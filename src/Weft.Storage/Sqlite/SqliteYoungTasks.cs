using System.Runtime.InteropServices;
using Weft.Core.Tasks;

namespace Weft.Storage.Sqlite;

/// <summary>
/// Unfinished tasks that changed lately, exactly as their rows have them: most are claimed and completed moments after they came,
/// and needn't be read back for it. Bounded: a newer task takes the slot of an older one. The writer's alone.
/// </summary>
internal sealed class SqliteYoungTasks
{
    /// <summary>Larger payloads are read from the database: with all slots full the memory stays under 8 MB.</summary>
    public const int PayloadBytesMax = 1_024;

    /// <summary>A power of two. Tasks get ascending ids, so those that are young together seldom share a slot.</summary>
    public const int Slots = 4_096;

    private readonly (TaskRecord? Task, Payload? Payload)[] _slots = new (TaskRecord?, Payload?)[Slots];

    /// <summary>The task; null: ask the database.</summary>
    public TaskRecord? Find(TaskId id) => SlotOf(id).Task is { } task && task.Id == id ? task : null;

    /// <summary>Its payload; null: ask the database.</summary>
    public Payload? PayloadOf(TaskId id) => Find(id) is null ? null : SlotOf(id).Payload;

    public void Add(TaskRecord task, Payload payload) => Keep(task, IsSmall(payload.Bytes) ? payload : null);

    public void Update(TaskRecord task) => Keep(task, PayloadOf(task.Id));

    public void Clear() => Array.Clear(_slots);

    private void Keep(TaskRecord task, Payload? payload)
    {
        ref var slot = ref SlotOf(task.Id);
        if (!task.State.IsFinal && HasWholeMilliseconds(task)) slot = (task.Error is null ? task : task with { Error = null }, payload);
        else if (slot.Task?.Id == task.Id) slot = default;
    }

    // Others are read back as the database has cut them. Errors, too, are no part of the row.
    private static bool HasWholeMilliseconds(TaskRecord task) =>
        IsWhole(task.LeaseTime.Ticks) && IsWhole(task.RunAt?.Ticks) && IsWhole(task.ExpiresAt?.Ticks) && IsWhole(task.Lease?.ExpiresAt.Ticks);

    private static bool IsWhole(long? ticks) => ticks is not { } known || known % TimeSpan.TicksPerMillisecond == 0;

    // Nor one that is a part of a large body, all of which it would keep.
    private static bool IsSmall(ReadOnlyMemory<byte> bytes) =>
        bytes.Length <= PayloadBytesMax && MemoryMarshal.TryGetArray(bytes, out var part) && part.Array!.Length <= PayloadBytesMax;

    private ref (TaskRecord? Task, Payload? Payload) SlotOf(TaskId id) => ref _slots[id.Value & (Slots - 1)];
}
