using Weft.Core.Tasks;

namespace Weft.Storage.Engine;

/// <summary>
/// A direct-mapped cache by task id: bounded, without a list of what was used last. Ids ascend, so tasks that are in
/// use at the same time seldom share a slot; a newer one takes the slot of an older one. The caller compares ids and
/// chooses how threads share.
/// </summary>
/// <param name="slots">A power of two.</param>
internal readonly struct SlotCache<T>(int slots)
{
    private readonly T[] _slots = new T[slots];

    /// <summary>The slot of a task; another task may be in it.</summary>
    public ref T this[TaskId id] => ref _slots[id.Value & (_slots.Length - 1)];

    public void Clear() => Array.Clear(_slots);
}
