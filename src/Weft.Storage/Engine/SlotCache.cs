using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>
/// A direct-mapped cache by task id: bounded, without an LRU list. Ids ascend, so tasks in use at the same time rarely
/// share a slot; a newer one replaces an older one. The caller compares ids and synchronizes threads.
/// </summary>
/// <param name="slots">A power of two.</param>
internal readonly struct SlotCache<T>(int slots)
{
    private readonly T[] _slots = new T[slots];

    /// <summary>The slot of a task; it may hold another task.</summary>
    public ref T this[TaskId id] => ref _slots[id.Value & (_slots.Length - 1)];

    public void Clear() => Array.Clear(_slots);
}
